"""A disk without room, and a machine that thinks it is 1970."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from hardware.printer import build
from kiosk import i18n
from kiosk.flow.events import Begin, Choose, Forward
from kiosk.flow.model import Place
from kiosk.flow.results import Trouble
from kiosk.store import DiskFullError, Store
from kiosk.store.ledger import Ledger
from tests.faults.office import Office, in_hand, said
from tests.hardware.printer.decode import decode
from tests.hardware.printer.emulator import PrinterEmulator
from tests.journeys.conducted import conducted
from tests.journeys.test_real_devices import work_off


def fill(store: Store) -> list[int]:
    """Take all the room there is, to the last line; the rows that hold it."""
    pages = store.connection.execute("PRAGMA page_count").fetchone()[0]
    store.connection.execute(f"PRAGMA max_page_count = {pages}")
    rows: list[int] = []
    for size in (20_000, 3000, 1000, 300, 100, 20):
        for number in range(200):
            try:
                rows.append(store.outbox.add("filler", b"x" * size, key=f"filler-{size}-{number}"))
            except DiskFullError:
                break
    return rows


def make_room(store: Store) -> None:
    store.connection.execute("PRAGMA max_page_count = 1000000")
    store.connection.execute("UPDATE outbox SET state='done' WHERE kind='filler'")


async def test_an_application_meets_a_full_disk(office: Office):
    before = office.count("applications")
    async with conducted(office.tools()) as visit:
        await office.to_review(visit)
        await visit.tools.store.do(fill)
        visit.do(Forward())
        await visit.until(lambda _: not visit.apply.waiting, "an answer")
        assert (visit.visit.place, visit.apply.trouble) == (Place.REVIEW, Trouble.DISK_FULL)
        said(Trouble.DISK_FULL)
        assert office.count("applications") == before  # nothing leaves that could not be kept
        await visit.tools.store.do(make_room)
        number = await office.sent(visit)
        assert office.portal.sandbox.tables.count("applications", "nomor = ?", number) == 1
    assert office.count("applications") == before + 1
    assert await work_off(office.settings) == []


async def test_a_disk_that_fills_up_while_sending_does_not_hide_the_number(office: Office):
    before = office.count("applications")
    async with conducted(office.tools()) as visit:
        await office.to_review(visit)
        office.portal.sandbox.faults.latency_ms = 300
        visit.do(Forward())
        await in_hand(visit)
        await visit.tools.store.do(fill)
        await visit.at(Place.SENT)
        assert visit.apply.submitted is not None
        assert not visit.apply.submitted.provisional
        await visit.tools.store.do(make_room)
    # The row could not be marked: it waits again when this process is gone, and files nothing a second time.
    office.portal.sandbox.faults.clear()
    ledger = Ledger.open(office.settings)
    assert ledger.orphaned(f"test/{os.getpid()}") == 1
    ledger.close()
    assert await work_off(office.settings) == ["application"]
    assert office.count("applications") == before + 1


async def test_numbers_meet_a_full_disk(office: Office):
    """The portal's number needs no room; this kiosk's own does, and is not given out twice."""
    before = office.count("tickets")
    faults = office.portal.sandbox.faults
    with PrinterEmulator() as paper:
        async with conducted(
            office.tools(printer=build("network", host="127.0.0.1", port=paper.port))
        ) as visit:
            visit.do(Begin(), Choose("none"))
            await visit.at(Place.MENU)
            await visit.tools.store.do(fill)
            visit.do(Choose("queue"), Choose("perizinan"))
            await visit.until(lambda _: visit.queue.paper not in ("", "printing"), "the printer")
            assert visit.visit.place is Place.TICKET
            assert visit.queue.paper == Trouble.DISK_FULL
            said("no_paper", "ticket")
            assert (
                b"\x1b@" not in paper.received
            )  # asked how it is, given nothing: a spool that cannot remember might print twice
            visit.do(Choose("menu"), Choose("queue"))
            faults.set("gone")
            visit.do(Choose("informasi"))
            await visit.until(lambda _: visit.queue.trouble is not None, "the full disk")
            assert (visit.visit.place, visit.queue.trouble) == (Place.SERVICES, Trouble.DISK_FULL)
            await visit.tools.store.do(make_room)
            visit.do(Choose("informasi"))
            await visit.until(lambda _: visit.queue.paper == "printed", "a number of our own, on paper")
            assert visit.queue.ticket is not None
            assert visit.queue.ticket.provisional
    faults.clear()
    assert len(paper.tickets) == 1
    assert await work_off(office.settings) == ["number"]
    assert office.count("tickets") == before + 2


@pytest.fixture
def long_ago() -> Callable[[], datetime]:
    return lambda: datetime(1970, 1, 1, 0, 5, tzinfo=UTC).astimezone(ZoneInfo("Asia/Jakarta"))


async def test_a_clock_in_1970_is_never_shown_as_true(office: Office, long_ago: Callable[[], datetime]):
    before = office.count("tickets"), office.count("applications")
    with PrinterEmulator() as paper:
        tools = office.tools(printer=build("network", host="127.0.0.1", port=paper.port))
        tools.now = long_ago
        async with conducted(tools) as visit:
            await visit.until(lambda state: state.hour is not None, "the hour")
            assert visit.visit.hour is not None
            assert not visit.visit.hour.trusted
            await office.to_review(visit)
            number = await office.sent(visit)
            submitted = visit.apply.submitted
            assert submitted is not None
            assert not submitted.at.startswith("07.0")  # the portal's hour, not ours
            assert office.portal.sandbox.tables.count("applications", "nomor = ?", number) == 1
            office.portal.sandbox.faults.set("gone")
            visit.do(Choose("menu"), Choose("queue"), Choose("perizinan"))
            await visit.until(
                lambda state: state.place is Place.TICKET and visit.queue.paper != "printing",
                "a number",
                seconds=30,
            )
            assert visit.queue.paper == "printed"
            await visit.until(lambda state: not state.online, "the line's lamp")
            assert visit.visit.offline_since == ""
    office.portal.sandbox.faults.clear()
    assert await work_off(office.settings) == ["number"]
    assert (office.count("tickets"), office.count("applications")) == (before[0] + 1, before[1] + 1)
    assert len(paper.tickets) == 1


async def test_a_provisional_receipt_bears_no_hour_of_a_wrong_clock(
    office: Office, long_ago: Callable[[], datetime]
):
    tools = office.tools()
    tools.now = long_ago
    async with conducted(tools) as visit:
        await office.to_review(visit)
        office.portal.sandbox.faults.set("gone")
        await office.sent(visit)
        assert visit.apply.submitted is not None
        assert visit.apply.submitted.provisional
        assert visit.apply.submitted.at == ""
        assert i18n.both("sent.saved_step_no_hour")


async def test_a_ticket_bears_no_date_of_a_wrong_clock(office: Office, long_ago: Callable[[], datetime]):
    with PrinterEmulator() as paper:
        tools = office.tools(printer=build("network", host="127.0.0.1", port=paper.port))
        tools.now = long_ago
        async with conducted(tools) as visit:
            visit.do(Begin(), Choose("none"))
            await visit.at(Place.MENU)
            visit.do(Choose("queue"), Choose("perizinan"))
            await visit.until(
                lambda state: state.place is Place.TICKET and visit.queue.paper == "printed", "paper"
            )
    lines = decode(paper.tickets[0]).lines
    assert any(office.settings.kiosk.id in line for line in lines)
    assert not [line for line in lines if re.search(r"1970|Jan|\d{2}[.:]\d{2}", line)]
