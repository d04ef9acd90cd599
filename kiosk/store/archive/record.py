"""What the archive hands out and takes. Names and texts stay out of `repr`."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class State(StrEnum):
    OPEN = "open"
    """Pages are still being added; a power cut leaves it so, and the officer goes on with it."""
    CAPTURED = "captured"
    """All pages are there; number and holder are missing."""
    QUEUED = "queued"
    SENT = "sent"
    """All bytes are at the portal, which has not said yet that it keeps them."""
    CONFIRMED = "confirmed"
    """The portal keeps a file with this sha256. Pages and file are erased here; index and text stay for a time."""
    REFUSED = "refused"
    """The portal said no for good; an officer looks."""


UNDER_WAY = (State.QUEUED, State.SENT)
INDEXED = (State.QUEUED, State.SENT, State.CONFIRMED, State.REFUSED)


@dataclass(frozen=True, slots=True)
class Index:
    """What the officer typed. `year` four digits, `kbli` five or "" (older permits have none)."""

    number: str = field(repr=False)
    year: str = field(repr=False)
    holder: str = field(repr=False)
    kbli: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page: JPEG files, its true dpi (0: unknown) and its 64-bit fingerprint (0: none)."""

    jpeg: bytes = field(repr=False)
    thumbnail: bytes = field(repr=False)
    dpi: int
    fingerprint: int = field(default=0, repr=False)
    remark: str = ""
    """Worst remark of the camera, "" when the page is good."""
    id: int = 0


@dataclass(frozen=True, slots=True)
class Made:
    """The finished archive file of a document."""

    pdf: bytes = field(repr=False)
    sha256: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Record:
    """One document. Times are Unix seconds."""

    id: int
    ref: str
    """Random name of 32 hex digits: idempotency key at the portal and key of the outbox row."""
    state: State
    index: Index
    pages: int
    sha256: str
    remote: str
    """The portal's name for it, once it was told of."""
    token: str = field(repr=False)
    """Adds the file to that record at the portal; reads nothing."""
    word: str
    """Why it is not sent, as one word."""
    made: float


@dataclass(frozen=True, slots=True)
class Found:
    """A row of a search. `excerpt` is the text around the first hit, hits between « and »; "" without text."""

    id: int
    number: str = field(repr=False)
    year: str = field(repr=False)
    holder: str = field(repr=False)
    kbli: str
    pages: int
    state: State
    excerpt: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Counts:
    """How far the work is. `seconds_left` is None until a document has shown how long a page takes."""

    unindexed: int
    waiting: int
    sent: int
    refused: int
    open_pages: int
    seconds_left: int | None
    word: str = ""
    """Why the oldest waiting one did not go at its last try ("offline"); "" when it was not tried or is under way."""
