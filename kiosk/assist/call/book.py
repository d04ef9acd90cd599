"""The kiosk's own account of itself and of its call. The kiosk decides who comes: the first take it hears wins.

So two officers, or two desks on one broker, can never both be told that they won, and a desk that restarts learns how
things stand from the kiosk. Pure but for the clock that is handed in: seconds that only go forward.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from kiosk.assist.call.wire import Call, Do, Doing, Said, State


@dataclass(slots=True)
class _Ring:
    id: str
    place: str
    since: float
    step_since: float
    quiet: float
    """Since when nobody has taken it."""
    taker: str = ""
    minutes: int = 0
    heard: bool = False
    """It rings at a desk. Another desk where nobody listens changes nothing then."""
    told: bool = False
    """The visitor was told that nobody answers."""


@dataclass(slots=True)
class Book:
    """`new_name` makes 16 random letters, `clock` is monotonic, `wall` Unix time."""

    kiosk: str
    spot: str
    new_name: Callable[[], str]
    clock: Callable[[], float]
    wall: Callable[[], float]
    answer_seconds: float = 180.0
    """A call nobody takes for so long is said to be unheard."""
    doing: Doing = "idle"
    place: str = "welcome"
    language: Literal["id", "en"] = "id"
    stuck: tuple[tuple[str, int], ...] | None = None
    _since: float = field(init=False)
    _down: dict[str, str] = field(default_factory=dict[str, str])
    _ring: _Ring | None = None

    def __post_init__(self) -> None:
        self._since = self.clock()

    # -- the visit

    def at(self, doing: Doing, place: str) -> None:
        if (doing, place) != (self.doing, self.place):
            self.doing, self.place, self._since = doing, place, self.clock()

    def device(self, name: str, why: str) -> None:
        """`why` empty: it works."""
        if why:
            self._down[name] = why
        else:
            self._down.pop(name, None)

    def call(self, language: Literal["id", "en"]) -> str:
        """Somebody calls; a second call while one is open is the same. Returns its name."""
        self.language = language
        if self._ring is None:
            now = self.clock()
            self._ring = _Ring(self.new_name(), self.place, now, self._since, now)
        return self._ring.id

    def over(self) -> None:
        """The visitor cancelled, or the visit is over."""
        self._ring = None

    # -- the desk

    def heard(self, do: Do) -> Said | None:
        """What the desk says, and what the visitor is told of it. None: nothing changes for the visitor."""
        ring = self._ring
        if ring is None or do.call != ring.id:
            return None
        match do.verb:
            case "take" if not ring.taker:
                ring.taker, ring.minutes, ring.told = do.by, do.minutes, False
                return Said("coming", ring.minutes)
            case "release" if ring.taker and do.by == ring.taker:
                ring.taker, ring.minutes, ring.quiet, ring.heard = "", 0, self.clock(), False
                return Said("ringing")
            case "done" if ring.taker and do.by == ring.taker:
                self._ring = None
                return Said("over")
            case "heard" if not ring.taker:
                news = ring.told and not ring.heard and not self._late(ring)
                ring.heard = True
                if news:
                    ring.told = False
                return Said("ringing") if news else None
            case "nobody" if not ring.heard:
                return self.unreached()
            case _:
                return None

    def unreached(self) -> Said | None:
        """The desk cannot be reached. The call stays open and rings when it can."""
        ring = self._ring
        if ring is None or ring.taker or ring.told:
            return None
        ring.told = True
        return Said("unheard")

    def tick(self) -> Said | None:
        """Call about once a second."""
        ring = self._ring
        return self.unreached() if ring is not None and self._late(ring) else None

    def _late(self, ring: _Ring) -> bool:
        return self.clock() - ring.quiet >= self.answer_seconds

    # -- the state

    def state(self) -> State:
        now, ring = self.clock(), self._ring
        call = None
        if ring is not None:
            call = Call(
                ring.id,
                ring.place,
                int(now - ring.since),
                int(now - ring.step_since),
                ring.taker,
                ring.minutes,
            )
        return State(
            self.kiosk, self.spot, round(self.wall(), 3), self.doing, self.place, min(int(now - self._since), 604800),
            self.language, tuple(sorted(self._down.items())), call, self.stuck,
        )  # fmt: skip
