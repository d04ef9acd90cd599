"""The ticket printer as the kiosk sees it. A ticket never carries a NIK or a name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from hardware.health import Health

WIDTH_DOTS = 576
"""Printable width of an 80 mm roll at 203 dpi."""


class Paper(StrEnum):
    OK = "ok"
    LOW = "low"
    OUT = "out"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class PrinterStatus:
    """Read from DLE EOT 1-4. `answered` is False when the printer stayed silent or spoke nonsense: then nothing else
    holds and the printer counts as unknown, never as ready."""

    answered: bool
    online: bool = False
    cover_open: bool = False
    paper: Paper = Paper.UNKNOWN
    error: bool = False

    @property
    def ready(self) -> bool:
        return (
            self.answered
            and self.online
            and not self.cover_open
            and not self.error
            and self.paper in (Paper.OK, Paper.LOW)
        )


@dataclass(frozen=True, slots=True)
class Raster:
    """A 1-bit picture, `WIDTH_DOTS` wide, rows of `WIDTH_DOTS // 8` bytes from the top, bit 1 = black."""

    rows: bytes = field(repr=False)
    height: int


@dataclass(frozen=True, slots=True)
class Text:
    """One line in the printer's own font; ASCII only, at most 48 characters."""

    line: str
    centred: bool = True
    bold: bool = False


Part = Raster | Text


class PrintOutcome(StrEnum):
    PRINTED = "printed"
    """Proved: the printer confirmed the job, or was online with paper and without error after the cut."""
    NOT_STARTED = "not_started"
    """Nothing was sent; the job can be tried again."""
    UNKNOWN = "unknown"
    """Bytes went out and no proof came back. Never printed again automatically."""


@dataclass(frozen=True, slots=True)
class PrintResult:
    outcome: PrintOutcome
    status: PrinterStatus
    detail: str = ""


class TicketPrinter(Protocol):
    async def open(self) -> None: ...

    async def close(self) -> None: ...

    async def health(self) -> Health: ...

    async def status(self) -> PrinterStatus: ...

    def encode(self, parts: Sequence[Part]) -> bytes:
        """The job as ESC/POS bytes: initialise, the parts in order, feed, cut."""
        ...

    async def print(self, job: bytes, *, deadline: float = 15.0) -> PrintResult:
        """Send a job and prove it. `deadline` in seconds. Troubles are values."""
        ...
