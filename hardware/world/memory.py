"""The world itself, held by one process: the demo's sandbox, or a test."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final, TypeVar

from hardware.world.codec import Device, changed
from hardware.world.port import Happening, Noted, WorldState
from hardware.world.words import WORDS

# A driver that lifts the card in mid-read changes the table and then says why: the reason replaces the fact.
_REPLACES: Final = {"card.lifted_while_reading": "card.lifted", "printer.pulled": "printer.torn"}

_FLAGS: Final[tuple[tuple[Device, str], ...]] = (
    ("card", "mute"),
    ("camera", "glare"),
    ("camera", "tilted"),
    ("camera", "dark"),
    ("camera", "cut_off"),
    ("printer", "mute"),
)


_L = TypeVar("_L")


class MemoryWorld:
    """The table, safe to use from any thread.

    Listeners are called one after another in the order of the changes, from the thread that made the change,
    and must not wait for another thread that changes the world. `keep` is how many happenings are remembered;
    `clock` gives seconds since the epoch.
    """

    def __init__(
        self, state: WorldState | None = None, *, keep: int = 100, clock: Callable[[], float] = time.time
    ) -> None:
        self._state = state or WorldState()
        self._clock = clock
        self._lock = threading.RLock()
        self._followers: list[Callable[[WorldState], None]] = []
        self._hearers: list[Callable[[Noted], None]] = []
        self._noted: deque[Noted] = deque(maxlen=keep)
        self._number = 0
        self._news: deque[WorldState | Noted] = deque()
        self._telling = False

    @property
    def state(self) -> WorldState:
        return self._state

    def change(self, device: Device, **fields: object) -> WorldState:
        """As in `World.change`. Raises ValueError for an unknown device, field or value."""
        with self._lock:
            old = self._state
            new = changed(old, device, fields)
            if new == old:
                return old
            self._state = new
            self._news.append(new)
            for word in _said_by(old, new):
                self._note(Happening(word))
            self._tell()
            return new

    def follow(self, listener: Callable[[WorldState], None]) -> Callable[[], None]:
        return self._add(self._followers, listener)

    def report(self, happening: Happening) -> None:
        """Note what a device did. Raises ValueError for a word not in `hardware.world.words.WORDS`."""
        if happening.word not in WORDS:
            raise ValueError("a happening's word must come from the fixed list")
        with self._lock:
            self._note(happening)
            self._tell()

    def happenings(self) -> tuple[Noted, ...]:
        with self._lock:
            return tuple(self._noted)

    def hear(self, listener: Callable[[Noted], None]) -> Callable[[], None]:
        return self._add(self._hearers, listener)

    def _add(self, listeners: list[_L], listener: _L) -> Callable[[], None]:
        with self._lock:
            listeners.append(listener)

        def stop() -> None:
            with self._lock:
                if listener in listeners:
                    listeners.remove(listener)

        return stop

    def _note(self, happening: Happening) -> None:
        if self._noted and self._noted[-1].happening.word == _REPLACES.get(happening.word):
            self._noted.pop()
        if happening.picture:
            # One ticket hangs at a time; older pictures have no reader and only take room.
            for place, noted in enumerate(self._noted):
                if noted.happening.picture:
                    self._noted[place] = replace(noted, happening=replace(noted.happening, picture=b""))
        self._number += 1
        noted = Noted(self._number, self._clock(), happening)
        self._noted.append(noted)
        self._news.append(noted)

    def _tell(self) -> None:
        # A listener may change the world itself. Its news waits its turn, else later listeners would hear
        # the newer state first and keep the older one.
        if self._telling:
            return
        self._telling = True
        try:
            while self._news:
                news = self._news.popleft()
                if isinstance(news, WorldState):
                    for follower in tuple(self._followers):
                        follower(news)
                else:
                    for hearer in tuple(self._hearers):
                        hearer(news)
        finally:
            self._telling = False


def _said_by(old: WorldState, new: WorldState) -> Iterator[str]:
    """The words a change of the table says by itself."""
    if new.card.insertion != old.card.insertion and new.card.present:
        yield "card.laid"
    elif old.card.present and not new.card.present:
        yield "card.lifted"
    if new.camera.present != old.camera.present:
        yield "camera.laid" if new.camera.present else "camera.taken"
    if new.camera.page != old.camera.page:
        yield "camera.page_turned"
    if old.printer.hanging and not new.printer.hanging:
        yield "printer.torn"
    if new.printer.roll != old.printer.roll:
        yield f"printer.roll_{new.printer.roll}"
    if new.printer.cover_open != old.printer.cover_open:
        yield "printer.cover_open" if new.printer.cover_open else "printer.cover_closed"
    for device in ("card", "camera", "printer"):
        plugged = getattr(new, device).plugged
        if plugged != getattr(old, device).plugged:
            yield f"{device}.plugged" if plugged else f"{device}.unplugged"
    for device, flag in _FLAGS:
        if getattr(getattr(new, device), flag) and not getattr(getattr(old, device), flag):
            yield f"{device}.{flag}"
