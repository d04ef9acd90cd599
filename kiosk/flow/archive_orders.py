"""What the archive journey asks of the world. Only an officer's unlock lets the effects room carry these out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from kiosk.flow.orders import Order


@dataclass(frozen=True, slots=True)
class OpenArchive(Order):
    """Open the archive for the officer of this visit and say how far it is; what lost its way is queued again."""

    officer: str


@dataclass(frozen=True, slots=True)
class WatchArchive(Order):
    """How far it is, once something has changed or a few seconds have passed."""

    seen: object = None
    """The `Board` that is on the screen."""


@dataclass(frozen=True, slots=True)
class KeepSheet(Order):
    """Take a picture: a page is on disk before the answer, a separator sheet begins a new document instead."""


@dataclass(frozen=True, slots=True)
class DropSheet(Order):
    """Take the last page out again."""

    sheet: str


@dataclass(frozen=True, slots=True)
class EndDocument(Order):
    """The document being captured is whole; it waits for its fields."""


@dataclass(frozen=True, slots=True)
class NextToIndex(Order):
    """The oldest document without fields."""


@dataclass(frozen=True, slots=True)
class IndexDocument(Order):
    """Give a document its fields and send it. `sure`: also when its number and year are known already."""

    document: int
    number: str = field(repr=False)
    year: str = field(repr=False)
    holder: str = field(repr=False)
    kbli: str = ""
    sure: bool = False


@dataclass(frozen=True, slots=True)
class DiscardDocument(Order):
    """Erase a document that has no fields yet."""

    document: int


@dataclass(frozen=True, slots=True)
class SendAgain(Order):
    """Send anew what the portal refused."""


@dataclass(frozen=True, slots=True)
class FindInArchive(Order):
    """Documents with all these words; with `portal` also those this kiosk filed and holds no longer."""

    query: str = field(repr=False)
    skip: int = 0
    portal: bool = False


@dataclass(frozen=True, slots=True)
class LockArchive(Order):
    """The officer has gone: nothing of the archive can be asked any more."""

    answers: ClassVar[bool] = False
