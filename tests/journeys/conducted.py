"""A whole visit without a screen: the real flow, effects, store and drivers, with a test as the visitor.

`Conducted` is the visit process minus Kivy: what a screen would send, the test sends; what a screen would draw, the
test waits for.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from kiosk.effects.tools import Tools
from kiosk.flow.events import Choose, Event, Focus, Forward, Key
from kiosk.flow.model import Place, Visit
from kiosk.journeys.apply import Apply
from kiosk.journeys.queue import Queue
from kiosk.main.conductor import Conductor
from kiosk.settings import Settings
from kiosk.settings.model import Camera as CameraSettings
from kiosk.settings.model import Devices, Portal, Store

PATIENCE = 15.0


class Conducted:
    def __init__(self, tools: Tools) -> None:
        self.tools = tools
        self.ended: list[str] = []
        self.places: list[Place] = []
        self._changed = asyncio.Event()
        self.conductor = Conductor(tools, self._draw, self.ended.append)

    def _draw(self, visit: Visit) -> None:
        if not self.places or self.places[-1] is not visit.place:
            self.places.append(visit.place)
        self._changed.set()

    @property
    def visit(self) -> Visit:
        return self.conductor.visit

    @property
    def apply(self) -> Apply:
        assert isinstance(self.visit.journey, Apply)
        return self.visit.journey

    @property
    def queue(self) -> Queue:
        assert isinstance(self.visit.journey, Queue)
        return self.visit.journey

    def do(self, *events: Event) -> None:
        for event in events:
            self.conductor.send(event)

    def type(self, text: str) -> None:
        self.do(*(Key(sign) for sign in text))

    async def until(
        self, wanted: Callable[[Visit], bool], what: str = "", seconds: float = PATIENCE
    ) -> Visit:
        limit = time.monotonic() + seconds
        while not wanted(self.visit):
            left = limit - time.monotonic()
            journey_trouble = getattr(self.visit.journey, "trouble", None)
            assert left > 0, (
                f"waited for {what}: at {self.visit.place}, {self.visit.trouble}, {journey_trouble}"
            )
            self._changed.clear()
            try:
                async with asyncio.timeout(min(left, 0.2)):
                    await self._changed.wait()
            except TimeoutError:
                continue
        return self.visit

    async def at(self, place: Place, seconds: float = PATIENCE) -> Visit:
        return await self.until(lambda visit: visit.place is place and not visit.busy, place.value, seconds)

    async def past_region(self) -> None:
        """Lanjut once more when the typed NIK's region is one the kiosk does not know, as all invented ones are."""
        await self.until(
            lambda visit: not any(entry.kind == "KnowRegion" for entry in visit.pending), "the region"
        )
        if self.visit.entry.doubt == "region":
            self.do(Forward())

    async def find_business(self, query: str, code: str) -> None:
        """From the menu to the risk screen."""
        self.do(Choose("apply"))
        self.type(query)
        await self.until(lambda _: self.apply.found_for == query, "search")
        assert code in [match.code for match in self.apply.matches]
        self.do(Choose(code))
        await self.until(lambda _: bool(self.apply.bands), "bands")
        self.do(Choose("mikro"), Choose("new"))
        await self.at(Place.RISK)

    def fill_form(self, **answers: str) -> None:
        """Every question of every form screen, until the form is left."""
        for _ in range(20):
            if self.visit.place is not Place.FORM:
                return
            for question in self.apply.questions():
                self.do(Focus(question.id))
                wanted = answers.get(question.id, "")
                if question.kind == "choice":
                    self.do(Choose(wanted or question.choices[0].value))
                else:
                    self.type(wanted or ("Contoh Jalan Satu" if question.kind == "text" else "12"))
            self.do(Forward())
        raise AssertionError("the form does not end")


def settings_for(folder: Path, portal_url: str, token: str, *, auto_capture: bool = False) -> Settings:
    """Settings of a test kiosk whose files lie in `folder`; pages take themselves only with `auto_capture`."""
    token_file = folder / "portal-token"
    token_file.write_text(token)
    token_file.chmod(0o600)
    store = folder / "store"
    store.mkdir(mode=0o700, exist_ok=True)
    return replace(
        Settings(devices=Devices(camera=CameraSettings(auto_capture=auto_capture))),
        portal=Portal(url=portal_url, token_file=token_file, connect_seconds=1.0, read_seconds=2.0),
        store=Store(folder=str(store)),
    )


@asynccontextmanager
async def conducted(tools: Tools, session: str = "abcdefghijklmnop") -> AsyncIterator[Conducted]:
    """A visit at the welcome screen with its senses open; everything is closed at the end."""
    one = Conducted(tools)
    one.conductor.show(session)
    one.conductor.live()
    try:
        yield one
    finally:
        await one.conductor.close()
