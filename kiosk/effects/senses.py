"""What the world tells a visit unasked: card on the reader, time passing, the line, the hall, the officer on the way.

Each sense is a loop of its own that turns one source into signals and survives its failures: a kiosk whose portal is
down for a day still ticks and still notices cards.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TYPE_CHECKING

from kiosk.effects.still_page import POLL, StillPage
from kiosk.effects.tools import Tools
from kiosk.flow.events import (
    CardPresence,
    DeviceChanged,
    Event,
    HallState,
    Hour,
    NetworkChanged,
    OfficerComing,
    PageRests,
    Tick,
)

if TYPE_CHECKING:
    from kiosk.settings.model import OpeningHours

log = logging.getLogger("kiosk.effects")

_DAYS_ID = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
_DAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS_ID = ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des")
_MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

EARLIEST = datetime(2026, 11, 1)
"""No honest clock is before the day this was built; such a clock is never shown or printed as true."""

HALL_SECONDS = 5.0
HELP_SECONDS = 1.0


def hour_of(now: datetime) -> Hour:
    """The wall clock in words: "09.24", "Selasa, 24 Nov 2026"."""
    day = now.weekday()
    return Hour(
        hour=now.hour,
        text=f"{now:%H.%M}",
        date_id=f"{_DAYS_ID[day]}, {now.day} {_MONTHS_ID[now.month - 1]} {now.year}",
        date_en=f"{_DAYS_EN[day]}, {now.day} {_MONTHS_EN[now.month - 1]} {now.year}",
        trusted=trustworthy(now),
    )


def trustworthy(now: datetime) -> bool:
    """False while the machine's clock is known to be wrong; nothing it says is then shown or printed."""
    return now.replace(tzinfo=None) >= EARLIEST


def clock_words(now: datetime) -> str:
    """ "09.24" for a screen or paper; nothing while the clock is known to be wrong."""
    return hour_of(now).text if trustworthy(now) else ""


def opening(hours: OpeningHours, now: datetime) -> tuple[bool, str]:
    """Whether the office is open at `now` by its own hours, and until when ("12:00"; "" while closed)."""
    days = (
        hours.monday, hours.tuesday, hours.wednesday, hours.thursday, hours.friday, hours.saturday, hours.sunday
    )  # fmt: skip
    time = f"{now:%H:%M}"
    for span in days[now.weekday()]:
        start, _, end = span.partition("-")
        if start <= time < end:
            return True, end
    return False, ""


class Senses:
    """Starts and stops the loops. `emit` takes signals on the same loop; `help_wanted` says whether a call rings."""

    def __init__(self, tools: Tools, emit: Callable[[Event], None], help_wanted: Callable[[], bool]) -> None:
        self._tools = tools
        self._emit = emit
        self._help_wanted = help_wanted
        self._tasks: list[asyncio.Task[None]] = []
        self._online = True
        self._help_minutes = 0

    def start(self) -> None:
        loops = (self._tick, self._clock, self._card, self._hall, self._help, self._paper)
        self._tasks = [asyncio.ensure_future(self._for_ever(loop)) for loop in loops]

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []

    def hour(self) -> Hour:
        """The wall clock now, for the first picture."""
        return hour_of(self._tools.now())

    def device(self, name: str, usable: bool, detail: str) -> None:
        """The keeper or a driver said how a device is."""
        self._emit(DeviceChanged(name, usable, detail))

    async def _for_ever(self, sense: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await sense()
            except asyncio.CancelledError:
                raise
            except Exception as error:  # noqa: BLE001 -- a sense may fail, the visit goes on
                log.warning("%s: %s", sense.__name__, type(error).__name__)
                await asyncio.sleep(2.0)

    async def _tick(self) -> None:
        """Whole seconds that really passed: a busy moment is caught up, a suspended machine counts as time too."""
        loop = asyncio.get_running_loop()
        last = loop.time()
        while True:
            await asyncio.sleep(1.0)
            seconds = int(loop.time() - last)
            if seconds > 0:
                last += seconds
                self._emit(Tick(seconds))

    async def _clock(self) -> None:
        said = ""
        while True:
            now = self._tools.now()
            hour = hour_of(now)
            if hour.text != said:
                said = hour.text
                self._emit(hour)
            await asyncio.sleep(max(0.2, 60.05 - now.second - now.microsecond / 1e6))

    async def _card(self) -> None:
        """A card that lay on the reader before the visit began counts as insertion 0: it was not laid down now."""
        card = self._tools.card
        if card is None:
            await asyncio.Event().wait()
            return
        await card.open()
        lain_before = 0
        first = True
        async for presence in card.watch():
            if first:
                first = False
                lain_before = presence.insertion if presence.present else 0
            insertion = 0 if presence.insertion <= lain_before else presence.insertion
            self._tools.card_present = presence.present
            self._tools.card_watched = True
            self._emit(CardPresence(presence.present, insertion))

    async def _paper(self) -> None:
        """A page that lies still under the open camera; looks on while the camera is closed, which costs nothing."""
        camera = self._tools.camera
        if camera is None or not self._tools.settings.devices.camera.auto_capture:
            await asyncio.Event().wait()
            return
        still = StillPage()
        loop = asyncio.get_running_loop()
        while True:
            shown = camera.latest()
            for left in still.see(shown, loop.time()):
                self._emit(PageRests(left))
            await asyncio.sleep(POLL if shown is not None else 5 * POLL)

    async def _hall(self) -> None:
        from kiosk.portal.trouble import PortalTrouble

        portal = self._tools.portal
        if portal is None:
            await asyncio.Event().wait()
            return
        while True:
            try:
                state = await portal.queue_state()
            except PortalTrouble as trouble:
                if trouble.kind in ("offline", "slow", "server", "garbage"):
                    self._line(False)
            else:
                self._line(True)
                is_open, until = self._open_now(state.is_open, state.open_until)
                self._emit(
                    HallState(
                        calling=state.now_calling,
                        counter=state.counter,
                        waiting=state.waiting,
                        minutes=state.estimated_minutes,
                        open_until=until,
                        is_open=is_open,
                    )
                )
            await asyncio.sleep(HALL_SECONDS)

    def _open_now(self, said: bool, until: str) -> tuple[bool, str]:
        """By the office's own hours; the portal may close it on top (a holiday, an early end). By the portal alone
        while the clock is known to be wrong."""
        now = self._tools.now()
        if not trustworthy(now):
            return said, until
        ours, end = opening(self._tools.settings.hours, now)
        return (True, end) if ours and said else (False, "")

    def _line(self, online: bool) -> None:
        if online != self._online:
            self._online = online
            self._emit(NetworkChanged(online, clock_words(self._tools.now())))

    async def _help(self) -> None:
        from kiosk.portal.trouble import PortalTrouble

        portal = self._tools.portal
        if portal is None or self._tools.calls is not None:
            await asyncio.Event().wait()
            return
        while True:
            await asyncio.sleep(HELP_SECONDS)
            if not self._help_wanted():
                self._help_minutes = 0
                continue
            try:
                minutes = await portal.help_minutes()
            except PortalTrouble:
                continue
            if minutes != self._help_minutes:
                self._help_minutes = minutes
                self._emit(OfficerComing(minutes))
