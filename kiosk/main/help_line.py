"""The keeper's part of calling an officer: it outlives visits, so the line to the desk stays up between them.

It knows the step on the screen and whether somebody calls, nothing of who. What comes in from the desk can become one
of four words for the visitor, and nothing else.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from kiosk.assist.call.book import Book
from kiosk.insight.vocabulary import PLACES
from kiosk.main.pipe import DeviceHealth, new_name
from kiosk.settings import Settings

if TYPE_CHECKING:
    from kiosk.assist.call.wire import Do, Said

REACH_SECONDS = 1.5
"""A desk that is not reached by then: the visitor is told, and the call rings as soon as it is."""

Tell = Callable[[str, int], None]


class HelpLine:
    """`tell` gets (word, minutes) for the visit that calls. Call everything from the loop."""

    def __init__(self, settings: Settings, tell: Tell) -> None:
        from kiosk.assist.call.links import Linked, line

        self._tell = tell
        kiosk = settings.kiosk
        self.book = Book(
            kiosk.id,
            kiosk.spot,
            new_name,
            time.monotonic,
            time.time,
            answer_seconds=settings.desk.answer_seconds,
        )
        way = line(settings)
        if way is None:
            raise ValueError("the settings name no line to the desk")
        self._linked = Linked(way, self.book.state, self._heard)
        self._reach: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Until cancelled."""
        watch = asyncio.ensure_future(self._watch())
        try:
            await self._linked.run()
        finally:
            watch.cancel()
            if self._reach is not None:
                self._reach.cancel()

    @property
    def linked(self) -> bool:
        """Whether the desk can be reached now."""
        return self._linked.up.is_set()

    # -- what the keeper notices

    def shown(self, *, resting: bool) -> None:
        """A fresh visit is on the screen; whatever the last one asked for is over."""
        self.book.over()
        self.at("resting" if resting else "welcome")

    def at(self, place: str) -> None:
        if place in PLACES:
            doing = "idle" if place == "welcome" else "resting" if place == "resting" else "visit"
            self.book.at(doing, place)
            self._linked.changed()

    def device(self, health: DeviceHealth) -> None:
        well = health.condition == "ready" or (health.condition == "degraded" and not health.detail)
        if health.device in ("card", "camera", "printer"):
            self.book.device(health.device, "" if well else health.detail or health.condition)
            self._linked.changed()

    def ring(self, language: str) -> None:
        spoken: Literal["id", "en"] = "en" if language == "en" else "id"
        self.book.call(spoken)
        self._linked.changed()
        if self._reach is None or self._reach.done():
            self._reach = asyncio.ensure_future(self._reached())

    def stuck(self, place: str, people: int) -> None:
        """Where people stopped this week, one step a call; "" begins anew."""
        if not place:
            self.book.stuck = ()
        elif place in PLACES and people > 0:
            self.book.stuck = (*(self.book.stuck or ()), (place, people))
        self._linked.changed()

    def stop(self) -> None:
        self.book.over()
        self._linked.changed()

    # -- what the desk says

    def _heard(self, do: Do) -> None:
        self._say(self.book.heard(do))
        if do.verb not in ("heard", "nobody"):
            self._linked.changed()

    def _say(self, said: Said | None) -> None:
        if said is not None:
            self._tell(said.word, said.minutes)

    async def _reached(self) -> None:
        try:
            async with asyncio.timeout(REACH_SECONDS):
                await self._linked.up.wait()
        except TimeoutError:
            self._say(self.book.unreached())

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(1.0)
            self._say(self.book.tick())
