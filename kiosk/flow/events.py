"""Everything that can happen to a visit.

Four families: what the visitor touches (`Touch`), what an officer touches on their own half (`OfficerTouch`, in a
module of its own), what the world reports by itself (`Signal`), and answers to effects (`Reply`). Screens create
touches and nothing else. Touches are few and general on purpose: the place the visitor is at gives them meaning, so a
keyboard, a number pad and a test speak the same words.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from kiosk.flow.officer_events import OfficerTouch
from kiosk.flow.results import Result

Language = Literal["id", "en"]


class Touch:
    """Base of everything a finger can cause. Each one refills the session clock."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Begin(Touch):
    """The sun on the welcome screen."""


@dataclass(frozen=True, slots=True)
class Rest(Touch):
    """A touch on nothing in particular: somebody is there."""


@dataclass(frozen=True, slots=True)
class Back(Touch):
    """Kembali: one step, nothing lost."""


@dataclass(frozen=True, slots=True)
class Forward(Touch):
    """The one filled button of the screen (Lanjut, Saya setuju, Ajukan izin, Kirim …)."""


@dataclass(frozen=True, slots=True)
class Leave(Touch):
    """Keluar, Selesai & keluar: asks first when something would be lost."""


@dataclass(frozen=True, slots=True)
class SaveAndLeave(Touch):
    """Simpan & keluar: keep a draft, then show how to get it back."""


@dataclass(frozen=True, slots=True)
class Answer(Touch):
    """A button of the open dialog; `yes` is the safe, filled one."""

    yes: bool


@dataclass(frozen=True, slots=True)
class Choose(Touch):
    """A tile or list row, by its id (a service, a KBLI code, a scale band, a document …)."""

    what: str


@dataclass(frozen=True, slots=True)
class Key(Touch):
    """One character from the keyboard or number pad."""

    char: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Backspace(Touch):
    pass


@dataclass(frozen=True, slots=True)
class ClearField(Touch):
    pass


@dataclass(frozen=True, slots=True)
class Focus(Touch):
    """A field of the form was touched."""

    field_id: str


@dataclass(frozen=True, slots=True)
class Toggle(Touch):
    """A switch or a tick box, by its id."""

    what: str


@dataclass(frozen=True, slots=True)
class TurnPage(Touch):
    """ "3 lagi": the next page of a list; wraps round."""


@dataclass(frozen=True, slots=True)
class SetLanguage(Touch):
    language: Language


@dataclass(frozen=True, slots=True)
class ChangeTextSize(Touch):
    """Aa: three steps, then back to the first."""


@dataclass(frozen=True, slots=True)
class ChangeContrast(Touch):
    pass


@dataclass(frozen=True, slots=True)
class CallOfficer(Touch):
    pass


@dataclass(frozen=True, slots=True)
class CancelCall(Touch):
    pass


@dataclass(frozen=True, slots=True)
class SendOfficerAway(Touch):
    """Tanpa petugas: the visitor ends the assisted mode."""


class Signal:
    """Base of what the world reports unasked."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Tick(Signal):
    """Time passed, in whole seconds. The flow has no clock of its own."""

    seconds: int = 1


@dataclass(frozen=True, slots=True)
class Hour(Signal):
    """The wall clock, for greetings and the welcome screen. `hour` 0-23, `text` "09.24", `date` already in words per
    language; `trusted` is False while the machine's clock is known to be wrong."""

    hour: int
    text: str
    date_id: str = ""
    date_en: str = ""
    trusted: bool = True


@dataclass(frozen=True, slots=True)
class CardPresence(Signal):
    """A card was laid down or lifted. `insertion` counts from the opening of the reader in this visit."""

    present: bool
    insertion: int


@dataclass(frozen=True, slots=True)
class NetworkChanged(Signal):
    online: bool
    since: str = ""
    """"09.31", when the line was lost."""


@dataclass(frozen=True, slots=True)
class DeviceChanged(Signal):
    """Health of "card", "camera" or "printer" changed; `detail` as in `hardware.health.Health`."""

    device: str
    usable: bool
    detail: str = ""


@dataclass(frozen=True, slots=True)
class PageRests(Signal):
    """The page under the camera lies still, sharp and whole: it takes itself in `seconds` (0: now). None: it does not,
    or no longer."""

    seconds: int | None


@dataclass(frozen=True, slots=True)
class HallState(Signal):
    """The queue as the portal sees it, for the welcome screen."""

    calling: str = ""
    counter: str = ""
    waiting: int = 0
    minutes: int = 0
    open_until: str = ""
    is_open: bool = True


@dataclass(frozen=True, slots=True)
class OfficerComing(Signal):
    """An officer took the call; `minutes` as promised on the desk. 0 ends the call."""

    minutes: int


@dataclass(frozen=True, slots=True)
class CallRings(Signal):
    """The call rings at the desk (again): it was heard late, or the officer who took it passed it back."""


@dataclass(frozen=True, slots=True)
class CallUnheard(Signal):
    """The desk cannot be reached, nobody listens there, or nobody took the call for long."""


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to an effect. Dropped unless session and request are still waited for."""

    session: str
    request: int
    result: Result


Event = Touch | OfficerTouch | Signal | Reply
