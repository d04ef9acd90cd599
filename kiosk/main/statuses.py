"""The hour's look at what OSS says of the applications filed here: new statuses go into the event log, for the clock.

Asked by the application's number alone, as anyone with the number may ask; the number is opened from the sealed answer
of the outbox by this short-lived process, and the event carries the application's random name. The portal tells the
status now and not since when, so the event's own time is that of the look: up to an hour late.
"""

from __future__ import annotations

from typing import Final

from kiosk.effects.parcel import unpack
from kiosk.settings import Settings
from kiosk.store import Opener, SealError, Store
from kiosk.store.keys import case_name

MOST: Final = 200
"""Applications asked about in one hour; the rest come in the next ones."""
ENDED: Final = frozenset({"50", "52", "57", "90", "93"})
"""Statuses after which nothing more is asked (`kiosk.insight.clock`)."""


async def follow(store: Store, settings: Settings, opener: Opener) -> int:
    """Ask about every open application; returns how many new statuses were written. Raises `StoreError`."""
    from kiosk.portal.client import PortalClient
    from kiosk.portal.trouble import PortalTrouble

    heard = store.events.statuses()
    fresh, asked = 0, 0
    async with PortalClient.from_settings(settings.portal) as portal:
        for key, sealed in store.outbox.answered("application"):
            case = case_name(settings, key)
            if heard.get(case) in ENDED or asked >= MOST:
                continue
            try:
                number = unpack(opener.open(sealed)).text("number")
            except (SealError, ValueError, KeyError):
                continue
            asked += 1
            try:
                found = (await portal.public_status(number)).application
            except PortalTrouble as trouble:
                if trouble.passing:
                    break  # the line is down: the next hour asks again
                continue
            if found is not None and found.kd_status and found.kd_status != heard.get(case):
                store.events.append("oss_status", {"case": case, "status": found.kd_status})
                fresh += 1
    return fresh
