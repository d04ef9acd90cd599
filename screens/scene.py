"""A screen of the visit: a `KioskScreen` that draws a state and sends touches, and nothing else.

A scene is drawn once in `build` from `self.visit`. What may change while it is shown (typed digits, a countdown, a
preview) is changed in `update`, which must be cheap; what changes the layout goes into `key`, and another key draws the
scene anew. Texts come from `self.say(key)`; touches leave through `self.send(event)`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from kiosk import i18n
from kiosk.flow.events import Touch
from kiosk.flow.model import Visit
from kiosk.flow.officer_events import OfficerTouch
from screens.frame import KioskScreen
from screens.theme.look import Look

if TYPE_CHECKING:
    from hardware.camera.port import CameraFault, Frame

T = TypeVar("T")
Send = Callable[[Touch | OfficerTouch], None]
OfficerSend = Callable[[OfficerTouch], None]
"""All that the officer's half is given: it cannot send a visitor's touch."""


@dataclass(frozen=True, slots=True)
class Office:
    """What every screen says about the place it stands in; from the settings."""

    name: str = "DPMPTSP"
    regency: str = "Kabupaten Mukomuko"
    kiosk: str = "K-01"
    reader_side: str = "right"
    counters: str = "Loket 1 dan 2"
    counters_way: str = ""
    practice: bool = False
    """The demo: sample data, nothing is really sent."""


@dataclass(frozen=True, slots=True)
class Sources:
    """Pictures that never enter the state: the camera's newest frame, and a captured page's thumbnail (JPEG)."""

    frame: Callable[[], Frame | CameraFault | None] = lambda: None
    thumbnail: Callable[[str], bytes] = lambda _page: b""


class Sends(Generic[T]):
    """An action that sends one touch. It can be asked which, so that a guide or a test finds the way without words."""

    __slots__ = ("_send", "event")

    def __init__(self, send: Callable[[T], None], event: T) -> None:
        self._send = send
        self.event = event

    def __call__(self) -> None:
        self._send(self.event)


class Scene(KioskScreen):
    def __init__(self, look: Look, visit: Visit, send: Send, office: Office, sources: Sources) -> None:
        self.visit = visit
        self.send = send
        self.office = office
        self.sources = sources
        super().__init__(look)

    @classmethod
    def key(cls, visit: Visit) -> Hashable:
        """Everything in the state that changes the layout of this scene."""
        return None

    def update(self, visit: Visit) -> None:
        """The state changed and `key` did not. `self.visit` is still the state before."""

    def sends(self, event: Touch | OfficerTouch) -> Sends[Touch | OfficerTouch]:
        """The action of a part: `Button(…, on_tap=self.sends(Forward()))`."""
        return Sends(self.send, event)

    def say(self, key: str, **values: object) -> str:
        """The text of `key` in the visitor's language."""
        return i18n.say(self.visit.language, key, **values)
