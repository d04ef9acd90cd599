"""Questions the kiosk answers by itself, without network: KBLI, scale, risk, requirements."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from kiosk.effects.senses import trustworthy
from kiosk.effects.tools import Tools
from kiosk.flow.orders import AssessRisk, KnowRegion, LoadBands, LoadLessons, LoadLkpm, Order, SearchKbli
from kiosk.flow.results import (
    Assessed,
    Band,
    Bands,
    Failed,
    LessonsLoaded,
    LkpmTold,
    Matches,
    RegionKnown,
    Result,
    Trouble,
)
from kiosk.settings.places import store_folder

SEARCH_LIMIT = 12


async def _search(_tools: Tools, _session: str, order: Order) -> Result:
    from kiosk.knowledge import kbli

    assert isinstance(order, SearchKbli)  # noqa: S101 -- the table pairs them
    # A few milliseconds at most, on a read-only file: cheaper here than the way to a thread and back.
    return Matches(order.query, tuple(kbli.search(order.query, SEARCH_LIMIT)), kbli.guide(order.query))


async def _region(_tools: Tools, _session: str, order: Order) -> Result:
    from kiosk.knowledge import regions

    assert isinstance(order, KnowRegion)  # noqa: S101 -- the table pairs them
    return RegionKnown(regions.get(order.district) is not None)


async def _bands(_tools: Tools, _session: str, _order: Order) -> Result:
    from kiosk.knowledge import scale

    tiers = await asyncio.to_thread(scale.tiers)
    return Bands(tuple(Band(tier.scale.value, tier.label, tier.range, tier.sales_range) for tier in tiers))


async def _assess(tools: Tools, _session: str, order: Order) -> Result:
    from kiosk.knowledge import form, office, risk

    assert isinstance(order, AssessRisk)  # noqa: S101 -- the table pairs them
    try:
        overrides = risk.load_overrides(overrides_file(tools))
        requirements = risk.requirements(order.code, order.scale, overrides)
    except KeyError:
        return Failed(Trouble.NOT_FOUND)
    screens = form.screens(order.code, order.scale)
    return Assessed(order.code, requirements.title, order.scale, requirements, screens, office.papers())


async def _lkpm(tools: Tools, _session: str, order: Order) -> Result:
    from kiosk.knowledge import lkpm

    assert isinstance(order, LoadLkpm)  # noqa: S101 -- the table pairs them
    now = tools.now()
    dated = trustworthy(now)
    due = await asyncio.to_thread(lkpm.next_due, order.scale, now.date()) if dated else None
    reminder = (lkpm.reminder(due, "id"), lkpm.reminder(due, "en")) if due else ("", "")
    return LkpmTold(
        order.scale, lkpm.who(order.scale), lkpm.asked(), lkpm.source(), due, dated=dated, reminder=reminder
    )


async def _lessons(_tools: Tools, _session: str, _order: Order) -> Result:
    from kiosk.knowledge import lessons

    return LessonsLoaded(await asyncio.to_thread(lessons.lessons))


def overrides_file(tools: Tools) -> Path:
    """The office's own word on codes, beside the store; see `kiosk.knowledge.risk.Override`."""
    return store_folder(tools.settings) / "overrides.toml"


HANDLERS: dict[type[Order], Callable[[Tools, str, Order], Awaitable[Result | None]]] = {
    SearchKbli: _search,
    KnowRegion: _region,
    LoadBands: _bands,
    LoadLessons: _lessons,
    LoadLkpm: _lkpm,
    AssessRisk: _assess,
}
