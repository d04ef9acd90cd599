"""Answers to the archive's orders. Numbers, names and texts stay out of `repr`."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Board:
    """How far the office's archive on this kiosk is. `seconds_left` is None while nothing tells how long a page takes;
    `word` says why the oldest waiting document did not go ("offline"), "" when it is under way."""

    unindexed: int = 0
    waiting: int = 0
    sent: int = 0
    refused: int = 0
    open_pages: int = 0
    seconds_left: int | None = None
    word: str = ""


@dataclass(frozen=True, slots=True)
class SheetKept:
    """A page is on disk. `sheet` names its small picture; `repeats`: the same page is in the archive already."""

    sheet: str
    number: int
    """Of the page in its document, from 1."""
    remarks: tuple[str, ...] = ()
    repeats: bool = False
    full: bool = False
    """The document has as many pages as one may have."""


@dataclass(frozen=True, slots=True)
class Separated:
    """The separator sheet lay there, or a tap: a new document begins. `closed` False: the last one had no page."""

    closed: bool
    by_sheet: bool = False


@dataclass(frozen=True, slots=True)
class ToIndex:
    """The oldest document that waits for its fields; `document` 0: none. `left` counts it and those behind it."""

    document: int = 0
    pages: int = 0
    left: int = 0
    picture: str = ""
    """Names the picture of its first page, large enough to be read."""


@dataclass(frozen=True, slots=True)
class KnownAlready:
    """A document of this number and year is in the archive."""

    holder: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Row:
    """A document that was found. `state` as in `kiosk.store.archive.State`; `here` False: the portal holds it, this
    kiosk no longer does."""

    name: str
    """Names its small picture."""
    number: str = field(repr=False)
    year: str = field(repr=False)
    holder: str = field(repr=False)
    kbli: str = ""
    pages: int = 0
    state: str = "confirmed"
    excerpt: str = field(default="", repr=False)
    here: bool = True


@dataclass(frozen=True, slots=True)
class FoundInArchive:
    query: str = field(repr=False)
    rows: tuple[Row, ...] = field(repr=False)
    more: bool = False
    portal: bool = False
    """The portal was asked as well."""


ArchiveResult = Board | SheetKept | Separated | ToIndex | KnownAlready | FoundInArchive
