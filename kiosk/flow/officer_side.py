"""The officer's side of a visit: the door where they unlock, and the assisted mode beside the visitor.

It stands apart from the visitor's side on purpose. `Turn` is all that the officer's half can change: its own state, the
language of the screen, a question to the visitor, lines for the log, and a check of the officer's own credentials.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from kiosk.flow.officer_events import Explained, Language, Level
from kiosk.flow.orders import Note, ProveOfficer, Unlock

NUMBER_DIGITS = range(2, 5)
PIN_DIGITS = range(6, 13)
CODE_DIGITS = 6

Stage = Literal["number", "pin", "code"]
Duty = Literal["assist", "archive"]
"""What the door leads to: beside a visitor, or, where nobody is, to the office's archive."""
OfficerOrder = Note | ProveOfficer | Unlock
"""The only orders the officer's half gives."""


@dataclass(frozen=True, slots=True)
class Door:
    """An officer is about to unlock. Digits never show in `repr`, and the screen shows them as dots at once."""

    stage: Stage = "number"
    duty: Duty = "assist"
    insertion: int = 0
    """The officer card that answered our challenge; 0: none, so number and code are typed."""
    number: str = field(default="", repr=False)
    pin: str = field(default="", repr=False)
    code: str = field(default="", repr=False)
    busy: bool = False
    word: str = ""
    """Why the last try failed: wrong, wait, locked, role, no_officers, unknown_card, lifted, trouble."""
    seconds: int = 0
    """Until the next try may be made."""
    left: int = 0
    """Tries without a pause that are left, after "wrong"."""
    idle: int = 0

    @property
    def typed(self) -> str:
        return {"number": self.number, "pin": self.pin, "code": self.code}[self.stage]

    @property
    def complete(self) -> bool:
        """What stands there is long enough to go on."""
        limits = {"number": NUMBER_DIGITS, "pin": PIN_DIGITS, "code": range(CODE_DIGITS, CODE_DIGITS + 1)}
        return len(self.typed) in limits[self.stage]


@dataclass(frozen=True, slots=True)
class Ended:
    """A step that is over and waits for the officer to mark how much help it took."""

    place: str
    suggested: Level
    filled: bool
    """The visitor had agreed that it may be done for them: only then 3 or 4 can be marked."""

    @property
    def choices(self) -> tuple[Level, ...]:
        return (3, 4) if self.filled else (0, 1, 2)


@dataclass(frozen=True, slots=True)
class Assist:
    """The assisted mode, while it is open."""

    alias: str
    name: str = field(default="", repr=False)
    counter: str = ""
    failed: int = 0
    """Wrong tries at this officer's account before this one: told to them."""
    idle: int = 0
    """Seconds since the officer's last touch."""
    place: str = ""
    """The step the account below is of."""
    explained: Explained = ""
    hint: int = 0
    """Which of the step's hints is shown; counts on and wraps where they are read."""
    hinted: bool = False
    point: int = 0
    """How often "Tunjukkan" was touched on this screen: the outline goes from control to control, then out."""
    pointed: bool = False
    lesson: bool = False
    card: int = 0
    taught: bool = False
    asking: bool = False
    """The visitor is being asked whether this step may be done for them."""
    filling: bool = False
    """They said yes."""
    ended: Ended | None = None

    @property
    def suggested(self) -> Level:
        """How much help this step took, by what was touched."""
        if self.filling:
            return 3
        if self.pointed:
            return 2
        return 1 if self.hinted or self.taught or self.explained else 0


@dataclass(frozen=True, slots=True)
class Side:
    """All of it. `ever`: an officer was beside the visitor at some time in this visit."""

    door: Door | None = None
    assist: Assist | None = None
    ever: bool = False
    reading: bool = False
    """A card was laid down and is asked whether it is an officer's, with no door open yet."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What one touch on the officer's half leads to. There is no field for anything of the visitor's."""

    side: Side
    orders: tuple[OfficerOrder, ...] = ()
    language: Language | None = None
    ask_to_fill: bool = False
    opens_archive: str = ""
    """Alias of the officer for whom the archive opens, in a visit that has no visitor."""


COUNTED = frozenset(
    {
        "identify", "number", "code", "consent", "search", "scale", "risk", "form", "camera", "pages", "review",
        "scan", "services", "find_status",
    }
)  # fmt: skip
"""Steps whose help is marked; the others show something and ask nothing."""
