"""What the desk knows: the kiosks as they last spoke, their calls, and who of us took which. Lives in memory only.

Whoever wants to be told of changes is called on the loop. Takes are decided by the kiosk (`kiosk.assist.call.book`);
the desk asks and waits for the kiosk's own state to say who won.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from kiosk.assist.call.wire import SILENT_SECONDS, Call, Do, State

TAKE_SECONDS = 5.0
"""How long a kiosk may take to say who won."""

Outcome = Literal["won", "lost", "over", "unreachable"]
Send = Callable[[Do], None]


@dataclass(slots=True)
class Kiosk:
    """A kiosk as it last spoke. `heard` is by our monotonic clock; what a broker kept is aged by the wall clock."""

    state: State
    heard: float
    online: bool
    lost: float = 0.0
    """When it was lost, Unix time; 0 while it is there."""


@dataclass(frozen=True, slots=True)
class Ended:
    """The last call that is over."""

    kiosk: str
    at: float
    """Unix time of its end."""
    minutes: int


@dataclass(slots=True)
class _Take:
    name: str
    officer: str
    """The officer's number; never leaves the desk."""


@dataclass(slots=True)
class Room:
    """`new_name` makes 16 random letters. All methods on one loop."""

    new_name: Callable[[], str]
    clock: Callable[[], float] = time.monotonic
    wall: Callable[[], float] = time.time
    kiosks: dict[str, Kiosk] = field(default_factory=dict[str, Kiosk])
    last: Ended | None = None
    _up: set[str] = field(default_factory=set[str])
    """Kiosks whose line is up."""
    _lines: dict[str, Send] = field(default_factory=dict[str, Send])
    _takes: dict[str, _Take] = field(default_factory=dict[str, _Take])
    """Call → the take of ours that won or is asked for."""
    _began: dict[str, float] = field(default_factory=dict[str, float])
    """Call → when it began, Unix time."""
    _followers: set[Callable[[], None]] = field(default_factory=set[Callable[[], None]])
    _listeners: int = 0

    # -- the kiosks

    def line(self, kiosk: str, send: Send) -> Callable[[], None]:
        """`kiosk` can be spoken to by `send` until the returned function is called."""
        self._lines[kiosk] = send

        def close() -> None:
            if self._lines.get(kiosk) is send:
                del self._lines[kiosk]
                self.linked(kiosk, False)

        return close

    def spoke(self, state: State, *, kept: bool = False) -> None:
        """A kiosk said its state; `kept` when a broker kept it from earlier."""
        before = self.kiosks.get(state.kiosk)
        age = max(0.0, self.wall() - state.at) if kept else 0.0
        online = not kept or state.kiosk in self._up
        self.kiosks[state.kiosk] = Kiosk(state, self.clock() - age, online, 0.0 if online else state.at)
        old = before.state.call if before is not None else None
        call = state.call
        if old is not None and (call is None or call.id != old.id):
            self._over(state.kiosk, old)
        if call is not None:
            self._began.setdefault(call.id, self.wall() - age - call.age)
            if online and not call.taker and (old is None or old.id != call.id or old.taker):
                self._acknowledge(state.kiosk, call)
        self.tell()

    def linked(self, kiosk: str, online: bool) -> None:
        """A kiosk's line came up or broke."""
        (self._up.add if online else self._up.discard)(kiosk)
        known = self.kiosks.get(kiosk)
        if known is None or known.online == online:
            return
        known.online = online
        known.lost = 0.0 if online else self.wall()
        if online and known.state.call is not None and not known.state.call.taker:
            self._acknowledge(kiosk, known.state.call)
        self.tell()

    def look(self) -> None:
        """Call about once a second: a kiosk that fell silent is lost, whatever its line says."""
        for known in self.kiosks.values():
            if known.online and self.clock() - known.heard > SILENT_SECONDS:
                known.online, known.lost = False, self.wall() - (self.clock() - known.heard)
                self.tell()

    def age(self, kiosk: str) -> float:
        """Seconds since it spoke."""
        return self.clock() - self.kiosks[kiosk].heard

    def calls(self) -> list[tuple[Kiosk, Call, float]]:
        """Open calls of kiosks that are there, with their age in seconds, oldest first."""
        found = [
            (known, known.state.call, known.state.call.age + self.clock() - known.heard)
            for known in self.kiosks.values()
            if known.state.call is not None and known.online
        ]
        return sorted(found, key=lambda one: -one[2])

    # -- the officers

    def listen(self, officer: object) -> Callable[[], None]:
        """A page of an officer is open, until the returned function is called: calls that nobody heard ring now."""
        del officer
        self._listeners += 1
        if self._listeners == 1:
            for known, call, _ in self.calls():
                if not call.taker:
                    self._acknowledge(known.state.kiosk, call)

        def stop() -> None:
            self._listeners -= 1

        return stop

    def taker(self, call: Call) -> str:
        """Number of the officer of this desk who has the call; "" for nobody, or for one of another desk."""
        take = self._takes.get(call.id)
        return take.officer if take is not None and call.taker and take.name == call.taker else ""

    async def take(self, kiosk: str, call: str, officer: str, minutes: int) -> Outcome:
        """Ask for a call; who wins is the kiosk's to say."""
        take = _Take(self.new_name(), officer)
        if not self._say(kiosk, Do("take", call, take.name, minutes)):
            return "unreachable"

        def decided() -> Outcome | None:
            known = self.kiosks.get(kiosk)
            current = known.state.call if known is not None else None
            if current is None or current.id != call:
                return "over"
            if not current.taker:
                return None
            return "won" if current.taker == take.name else "lost"

        outcome = await self._until(decided)
        if outcome == "won":
            self._takes[call] = take
            self.tell()
        return outcome

    async def give_back(self, kiosk: str, call: str) -> Outcome:
        """The call rings again. By whoever took it, or for one whose desk is gone."""
        return await self._settle(kiosk, call, "release")

    async def finish(self, kiosk: str, call: str) -> Outcome:
        """The call is over."""
        return await self._settle(kiosk, call, "done")

    async def _settle(self, kiosk: str, call: str, verb: Literal["release", "done"]) -> Outcome:
        known = self.kiosks.get(kiosk)
        current = known.state.call if known is not None else None
        if current is None or current.id != call or not current.taker:
            return "over"
        taker = current.taker
        if not self._say(kiosk, Do(verb, call, taker)):
            return "unreachable"

        def decided() -> Outcome | None:
            now = self.kiosks[kiosk].state.call
            return "won" if now is None or now.id != call or now.taker != taker else None

        return await self._until(decided)

    # -- being told

    def follow(self, told: Callable[[], None]) -> Callable[[], None]:
        """`told` is called after every change, until the returned function is."""
        self._followers.add(told)
        return lambda: self._followers.discard(told)

    async def _until(self, decided: Callable[[], Outcome | None]) -> Outcome:
        changed = asyncio.Event()
        stop = self.follow(changed.set)
        try:
            async with asyncio.timeout(TAKE_SECONDS):
                while (outcome := decided()) is None:
                    changed.clear()
                    await changed.wait()
                return outcome
        except TimeoutError:
            return "unreachable"
        finally:
            stop()

    def _acknowledge(self, kiosk: str, call: Call) -> None:
        self._say(kiosk, Do("heard" if self._listeners else "nobody", call.id))

    def _say(self, kiosk: str, do: Do) -> bool:
        send = self._lines.get(kiosk)
        if send is None:
            return False
        send(do)
        return True

    def _over(self, kiosk: str, call: Call) -> None:
        self._takes.pop(call.id, None)
        began = self._began.pop(call.id, self.wall())
        if call.taker:
            self.last = Ended(kiosk, self.wall(), max(1, round((self.wall() - began) / 60)))

    def tell(self) -> None:
        """Tell everyone who follows."""
        for told in list(self._followers):
            told()
