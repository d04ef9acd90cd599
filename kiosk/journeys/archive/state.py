"""The state of an officer's work on the office's own archive. No visitor is in it: it begins at the welcome screen
behind the officer unlock, and there is no way from here to a visitor's data or back."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal, get_args

from kiosk.flow.archive_results import Board, Row, SheetKept, ToIndex
from kiosk.flow.model import Dialog, Place, Plain
from kiosk.flow.results import Trouble

Field = Literal["number", "year", "holder", "kbli"]
FIELDS: tuple[Field, ...] = get_args(Field)
LIMITS: dict[Field, int] = {"number": 80, "year": 4, "holder": 120, "kbli": 5}
DIGITS_ONLY = frozenset({"year", "kbli"})
ROWS = 20
"""Rows fetched at a time; how many stand on a screen is the screen's affair."""


NOTHING = ToIndex()


@dataclass(frozen=True, slots=True)
class Archive(Plain):
    place: Place = Place.ARCHIVE
    waiting: str = ""
    """Class name of the order the screen waits for, or ""."""
    trouble: Trouble | None = None
    board: Board | None = None
    sheet: SheetKept | None = None
    """The page kept last in this document."""
    begun: bool = False
    """A new document began just now."""
    pages: int = 0
    """In the document being captured."""
    lamp: bool = False
    counting: int = 0
    """Seconds until the page takes itself; 0: it does not."""
    by_hand: bool = False
    """The officer stopped it: from then on each page is taken by a touch."""
    taken: bool = False
    """The page that lies there is kept: it takes itself again only after it was moved."""
    task: ToIndex = NOTHING
    typed: tuple[tuple[Field, str], ...] = field(default=(), repr=False)
    focus: Field = "number"
    doubts: tuple[tuple[Field, str], ...] = ()
    """(field, "missing", "year", "kbli" or "nik") of what was refused."""
    known_holder: str = field(default="", repr=False)
    own_dialog: Dialog | None = None
    query: str = field(default="", repr=False)
    found_for: str | None = field(default=None, repr=False)
    rows: tuple[Row, ...] = field(default=(), repr=False)
    more: bool = False
    portal: bool = False
    page: int = 0
    printed: str = ""
    """Separator sheet: "", "printing", "printed" or a trouble's word."""

    @property
    def service(self) -> str:
        return "archive"

    @property
    def dialog(self) -> Dialog | None:
        return self.own_dialog

    def value(self, name: Field) -> str:
        return dict(self.typed).get(name, "")

    def with_value(self, name: Field, value: str) -> Archive:
        values = {**dict(self.typed), name: value}
        return replace(
            self,
            typed=tuple(values.items()),
            doubts=tuple(entry for entry in self.doubts if entry[0] != name),
            trouble=None,
        )

    def doubt(self, name: Field) -> str:
        return dict(self.doubts).get(name, "")
