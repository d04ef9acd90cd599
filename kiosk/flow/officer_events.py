"""What the officer's half of the screen can say. A family of its own, beside the visitor's touches.

None of these reaches a journey, and none has a field that a visitor's datum could travel in: digits go to the door and
nowhere else, all other fields are words from a fixed list (`WORDS`) or small numbers. `kiosk.flow.assisting` answers
them with a `Turn` that has no room for a visitor's data either.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, get_args

Explained = Literal["", "explained", "tried", "alone"]
"""How far the officer has got with teaching this step: told, tried together, the visitor can do it."""
Level = Literal[0, 1, 2, 3, 4]
"""0 none, 1 hint, 2 pointed, 3 did one step, 4 typed."""
Language = Literal["id", "en"]


class OfficerTouch:
    """Base of everything the officer's half can cause."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class OpenDoor(OfficerTouch):
    """The crest was held: an officer wants to unlock without, or before, the card."""


@dataclass(frozen=True, slots=True)
class CloseDoor(OfficerTouch):
    """Leave the door shut: the visitor's screen comes back as it was."""


@dataclass(frozen=True, slots=True)
class DoorKey(OfficerTouch):
    """One digit of the officer's number, PIN or code, "" to take the last one back. Heard at the door only."""

    digit: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class DoorOn(OfficerTouch):
    """The filled button of the door: this entry is complete."""


@dataclass(frozen=True, slots=True)
class Explain(OfficerTouch):
    how: Explained


@dataclass(frozen=True, slots=True)
class NextHint(OfficerTouch):
    """Another question to ask, another common mistake."""


@dataclass(frozen=True, slots=True)
class PointOn(OfficerTouch):
    """Let the outline glow on the next control of the visitor's half; after the last one, on none."""


@dataclass(frozen=True, slots=True)
class OpenLesson(OfficerTouch):
    """The lesson of the step the visitor is at."""


@dataclass(frozen=True, slots=True)
class TurnCard(OfficerTouch):
    by: Literal[-1, 1]


@dataclass(frozen=True, slots=True)
class CloseLesson(OfficerTouch):
    pass


@dataclass(frozen=True, slots=True)
class MarkLevel(OfficerTouch):
    """How much help the step that ended took."""

    level: Level


@dataclass(frozen=True, slots=True)
class AskToFill(OfficerTouch):
    """Ask the visitor, on their half, whether this step may be done for them."""


@dataclass(frozen=True, slots=True)
class OfficerLanguage(OfficerTouch):
    """The whole screen in another language."""

    language: Language


@dataclass(frozen=True, slots=True)
class LeaveAssist(OfficerTouch):
    """The officer goes."""


KINDS: tuple[type[OfficerTouch], ...] = (
    OpenDoor, CloseDoor, DoorKey, DoorOn, Explain, NextHint, PointOn, OpenLesson, TurnCard, CloseLesson, MarkLevel,
    AskToFill, OfficerLanguage, LeaveAssist,
)  # fmt: skip
"""All there is. The tests hold it complete, and hold every field to a digit or to `WORDS`."""
WORDS: dict[str, tuple[object, ...]] = {
    "how": get_args(Explained),
    "by": (-1, 1),
    "level": get_args(Level),
    "language": get_args(Language),
}
"""Field → every value it may have."""
