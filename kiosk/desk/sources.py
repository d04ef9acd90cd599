"""What the desk shows beside calls: today's queue from the portal, this week's stuck steps from the kiosks."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from kiosk.desk.room import Room
from kiosk.portal.trouble import PortalTrouble
from kiosk.settings import SecretTroubleError, Settings

if TYPE_CHECKING:
    from kiosk.portal.models import QueueState

EVERY_SECONDS = 5.0
STALE_SECONDS = 30.0
"""Older numbers are not shown as current."""
ASKED_SECONDS = 600.0
FEWEST = 5
"""Fewer people in the whole week say nothing, and could be recognised."""


@dataclass(slots=True)
class Queue:
    """The portal's queue as last heard."""

    state: QueueState | None = None
    heard: float = 0.0
    """Monotonic."""

    def fresh(self, now: float) -> bool:
        return self.state is not None and now - self.heard <= STALE_SECONDS


async def follow_queue(settings: Settings, queue: Queue, changed: Callable[[], None]) -> None:
    """Until cancelled. A portal out of reach leaves the last state, which grows stale."""
    from kiosk.portal.client import PortalClient

    try:
        client = PortalClient.from_settings(settings.portal)
    except SecretTroubleError:
        return
    try:
        while True:
            before = queue.state
            try:
                queue.state = await client.queue_state()
                queue.heard = time.monotonic()
            except PortalTrouble:
                before = None
            if queue.state != before:
                changed()
            await asyncio.sleep(EVERY_SECONDS)
    finally:
        await client.close()


@dataclass(slots=True)
class Asked:
    """Questions of this week that no kiosk could answer, (cleaned words, times). None: they lie on another machine."""

    open: tuple[tuple[str, int], ...] | None = None


async def follow_asked(settings: Settings, asked: Asked, changed: Callable[[], None]) -> None:
    """Until cancelled. Questions never travel: they are listed where desk, store and their key are on one machine."""
    while True:
        asked.open = await asyncio.to_thread(_open_questions, settings)
        changed()
        await asyncio.sleep(ASKED_SECONDS)


def _open_questions(settings: Settings) -> tuple[tuple[str, int], ...] | None:
    from kiosk.insight import week
    from kiosk.settings.places import store_folder
    from kiosk.store import Opener, Store, StoreError
    from kiosk.store.connection import NAME

    zone = ZoneInfo(settings.hours.timezone)
    since, until = week.span(datetime.now(zone).date())
    try:
        # Opening would make a store; the desk of another machine has no business making one.
        if not (store_folder(settings) / NAME).exists():
            return None
        opener = Opener(settings)
        store = Store.open(settings, "desk")
        try:
            kept = store.questions.read(since, until, opener)
        finally:
            store.close()
    except (StoreError, SecretTroubleError, OSError):
        return None
    return tuple((one.words, one.times) for one in week.weekly((), kept, since, until, zone).open)


def stuck(room: Room) -> list[tuple[str, int]] | None:
    """(step, people) of the last seven days over all kiosks, most first; [] when too few, None when none has said."""
    total: Counter[str] = Counter()
    said = False
    for known in room.kiosks.values():
        if known.state.stuck is not None:
            said = True
            total.update(dict(known.state.stuck))
    if not said:
        return None
    return total.most_common() if total.total() >= FEWEST else []
