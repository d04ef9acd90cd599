"""Visitors who go, time that runs out and processes that die while something is under way."""

from __future__ import annotations

import asyncio
import os

import pytest

from kiosk.flow.events import Answer, Forward, Leave, SaveAndLeave, Tick
from kiosk.flow.model import Person, Place
from kiosk.main.labour import Labour
from kiosk.sandbox.faults import Mode
from kiosk.store import Sending, Store
from kiosk.store.ledger import Ledger
from tests.faults.office import Office, eventually, in_hand
from tests.journeys.conducted import Conducted, conducted
from tests.journeys.test_real_devices import work_off

FILED = "/v1/applications"


async def sending(visit: Conducted, office: Office, mode: Mode) -> None:
    """At the review, the application under way and its answer not there yet."""
    faults = office.portal.sandbox.faults
    faults.set(mode, paths=(FILED,))
    faults.latency_ms = 300
    visit.do(Forward())
    await in_hand(visit)


async def ended(visit: Conducted) -> None:
    await visit.until(lambda state: state.place is Place.FAREWELL, "the farewell")
    assert visit.visit.person == Person()
    assert visit.visit.journey is None
    visit.do(Tick(60))
    await eventually(lambda: bool(visit.ended), "the end of the process")


@pytest.mark.parametrize("mode", ["ok", "gone", "lost"])
@pytest.mark.parametrize("way", ["leaves", "time-out"])
async def test_going_while_it_is_sent_files_it_once(office: Office, way: str, mode: Mode):
    before = office.count("applications")
    drafts = office.count("drafts")
    async with conducted(office.tools()) as visit:
        await office.to_review(visit)
        await sending(visit, office, mode)
        if way == "leaves":
            visit.do(Leave())
            if visit.visit.dialog is not None:
                visit.do(Answer(yes=False))
        else:
            visit.do(Tick(visit.visit.settings.session_seconds - 1))
            assert visit.visit.place is Place.REVIEW
            visit.do(Tick(2))
        await ended(visit)
    office.portal.sandbox.faults.clear()
    await work_off(office.settings)
    assert await work_off(office.settings) == []
    assert office.count("applications") == before + 1
    assert office.count("drafts") == drafts  # what is being filed is not kept a second time as a draft


async def test_saving_a_draft_while_it_is_sent_does_not_double_it(office: Office):
    before, drafts = office.count("applications"), office.count("drafts")
    async with conducted(office.tools()) as visit:
        await office.to_review(visit)
        await sending(visit, office, "ok")
        visit.do(SaveAndLeave())
        await ended(visit)
    assert office.count("drafts") == drafts
    office.portal.sandbox.faults.clear()
    await work_off(office.settings)
    assert office.count("applications") == before + 1


async def test_time_out_in_the_form_keeps_a_draft_and_no_application(office: Office):
    before, drafts = office.count("applications"), office.count("drafts")
    async with conducted(office.tools()) as visit:
        await office.to_review(visit)
        visit.do(Tick(visit.visit.settings.session_seconds))
        await ended(visit)
    assert office.count("drafts") == drafts + 1
    assert office.count("applications") == before


@pytest.mark.parametrize("mode", ["slow", "lost"])
async def test_a_visit_killed_while_sending_is_taken_up_by_the_keeper(office: Office, mode: Mode):
    before = office.count("applications")
    office.portal.sandbox.faults.slow_ms = 800
    async with conducted(office.tools()) as visit:
        await office.to_review(visit)
        await sending(visit, office, mode)
    store = Store.open(office.settings, "after")
    rows = store.connection.execute("SELECT state FROM outbox").fetchall()
    assert rows == [(Sending.WORKING,)]
    ledger = Ledger.open(office.settings)
    assert ledger.orphaned(f"test/{os.getpid()}") == 1
    ledger.close()
    store.close()
    office.portal.sandbox.faults.clear()
    assert await work_off(office.settings) == ["application"]
    assert office.count("applications") == before + 1


async def test_the_keepers_workers_file_it_when_the_portal_is_back(office: Office):
    """The real keeper's labour with real worker processes."""
    before, faults = office.count("applications"), office.portal.sandbox.faults
    async with conducted(office.tools()) as visit:
        await office.to_review(visit)
        faults.set("gone")
        await office.sent(visit)
    store = Store.open(office.settings, "watch")
    (row,) = [one for (one,) in store.connection.execute("SELECT id FROM outbox")]
    labour = Labour(office.settings, "keeper")
    task = asyncio.create_task(labour.run(lambda _waiting: None))
    try:
        labour.begin()
        for _ in range(600):
            if store.outbox.item(row).attempts > 1:
                break
            labour.wake()
            await asyncio.sleep(0.05)
        assert store.outbox.item(row).attempts > 1
        assert office.count("applications") == before
        faults.clear()
        for _ in range(600):
            if store.outbox.item(row).state is Sending.DONE:
                break
            labour.wake()
            await asyncio.sleep(0.05)
        assert store.outbox.item(row).state is Sending.DONE
        assert store.outbox.item(row).sealed == b""
    finally:
        await labour.close()
        await task
        store.close()
    assert office.count("applications") == before + 1
