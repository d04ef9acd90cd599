"""The simulated table: what the simulated devices look at and what the device bench changes.

One process (the demo's sandbox, or a test) holds the world; drivers in other processes follow it over a local
socket.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, Protocol

GOOD_UID = "0499c0117099a1"
"""UID of the simulated good card, hex: the shape of a type-A UID, and of no real card. The practice portal knows it."""

CardKind = Literal["good", "broken", "foreign", "not_ktp", "officer"]
PaperKind = Literal["lease", "npwp", "ektp", "blank", "other", "permit", "separator"]
Roll = Literal["full", "low", "out"]


@dataclass(frozen=True, slots=True)
class CardTable:
    kind: CardKind = "good"
    present: bool = False
    insertion: int = 0
    """Grows by one each time a card is laid down."""
    plugged: bool = True
    lift_while_reading: bool = False
    mute: bool = False


@dataclass(frozen=True, slots=True)
class CameraTable:
    paper: PaperKind = "lease"
    present: bool = False
    plugged: bool = True
    glare: bool = False
    tilted: bool = False
    dark: bool = False
    cut_off: bool = False
    page: int = 0
    """Which page of the paper lies on top; lets the bench turn the leaf."""


@dataclass(frozen=True, slots=True)
class PrinterTable:
    roll: Roll = "full"
    cover_open: bool = False
    plugged: bool = True
    pull_while_printing: bool = False
    mute: bool = False
    hanging: bool = False
    """A ticket hangs from the slot and has not been torn off."""


@dataclass(frozen=True, slots=True)
class WorldState:
    card: CardTable = field(default_factory=CardTable)
    camera: CameraTable = field(default_factory=CameraTable)
    printer: PrinterTable = field(default_factory=PrinterTable)


@dataclass(frozen=True, slots=True)
class Happening:
    """What a device did, for the bench's event list. `word` is from a fixed list, never identity.

    `picture` is a PNG of the printed ticket when `word` is "printer.ticket", else empty.
    """

    word: str
    took_ms: float = 0.0
    picture: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Noted:
    """A happening with its number (from 1, growing) and its time (seconds since the epoch)."""

    number: int
    at: float
    happening: Happening


class World(Protocol):
    @property
    def state(self) -> WorldState:
        """The table now. Cheap: drivers ask at each step."""
        ...

    def change(self, device: Literal["card", "camera", "printer"], **fields: object) -> WorldState:
        """Set fields of one device; `present=True` on the card also raises its insertion number."""
        ...

    def follow(self, listener: Callable[[WorldState], None]) -> Callable[[], None]:
        """Call `listener` on every change, from any thread; returns a function that stops it."""
        ...

    def report(self, happening: Happening) -> None: ...


class WatchedWorld(World, Protocol):
    """The world as the bench sees it: also what happened at the table."""

    def happenings(self) -> tuple[Noted, ...]:
        """The last happenings, oldest first. Only the newest ticket keeps its picture."""
        ...

    def hear(self, listener: Callable[[Noted], None]) -> Callable[[], None]:
        """Call `listener` on every happening, from any thread; returns a function that stops it."""
        ...
