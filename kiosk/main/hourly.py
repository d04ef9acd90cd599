"""A process of a second, once an hour: pours the surveys into the event log, counts where people stopped this week for
the officers' desk, asks what OSS says of the applications filed here, lodges the log's head at the portal, and erases
what is past its time in the office's archive.

A log is sound in itself after its tail is cut or all of it is rewritten; against a head hash that lies elsewhere it is
not (`kiosk log verify --anchor`). Nothing waits for a line: the next hour's head stands for this one's too.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from datetime import datetime, time
from zoneinfo import ZoneInfo

from kiosk.insight import week
from kiosk.main.children import hired
from kiosk.main.pipe import Stuck
from kiosk.main.statuses import follow
from kiosk.settings import SecretTroubleError, Settings, from_json
from kiosk.store import Opener, Store, StoreError
from kiosk.store.archive import purge


async def lodge(store: Store, settings: Settings) -> str:
    """Lodge the newest event's hash. Returns "lodged", "empty" (no event yet), or the trouble's words; of these only
    "refused anchor-changed …" means that the log, or another kiosk of the same name, wants looking into."""
    from kiosk.portal.client import PortalClient
    from kiosk.portal.trouble import PortalTrouble

    head = store.events.head()
    if not head.id or not head.chain:
        return "empty"
    async with PortalClient.from_settings(settings.portal) as portal:
        try:
            await portal.lodge_anchor(head.id, head.chain)
        except PortalTrouble as trouble:
            return str(trouble)
    return "lodged"


def stopped(store: Store, now: datetime) -> list[tuple[str, int]]:
    """("", 0), then (step, people who left or fell silent there since Monday), most first."""
    since, until = week.span(now.date())
    begin = datetime.combine(since, time(), now.tzinfo).timestamp()
    found = week.weekly(
        store.events.rows(store.events.before(begin)), (), since, until, now.tzinfo or ZoneInfo("UTC")
    )
    counts = [(one.place, one.left + one.timeout) for one in found.stuck]
    return [("", 0), *sorted((one for one in counts if one[1]), key=lambda one: -one[1])]


def main(argv: Sequence[str] | None = None) -> int:
    """Exit code 0 when the head is lodged or there is none, 1 otherwise (the reason is on stderr)."""
    end, work = hired(argv)
    if work is None:
        return 1
    settings = from_json(work.settings)
    try:
        store = Store.open(settings, work.run)
        zone = ZoneInfo(settings.hours.timezone)
        store.pot.pour(store.events, datetime.now(zone).date(), zone)
        if settings.desk.via in ("direct", "broker"):
            for place, people in stopped(store, datetime.now(zone)):
                end.send(Stuck(place, people))
        asyncio.run(follow(store, settings, Opener(settings)))
        said = asyncio.run(lodge(store, settings))
        store.close()
        purge(settings, datetime.now(zone).timestamp())
    except (StoreError, SecretTroubleError) as error:
        said = type(error).__name__
    if said in ("lodged", "empty"):
        return 0
    os.write(2, f"event log: head not lodged at the portal: {said}\n".encode())
    return 1


if __name__ == "__main__":
    raise SystemExit(main())
