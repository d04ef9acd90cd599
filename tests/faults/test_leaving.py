"""Visitors who go, time that runs out and processes that die while something is under way."""

from __future__ import annotations

import asyncio
import os

import pytest

from kiosk.effects.parcel import unpack
from kiosk.flow.events import Answer, Choose, Forward, Leave, SaveAndLeave, Tick
from kiosk.flow.model import Person, Place
from kiosk.main.doctor import examine
from kiosk.main.labour import Labour
from kiosk.portal.models import VisitRights
from kiosk.portal.trouble import PortalTrouble
from kiosk.sandbox.faults import Mode
from kiosk.store import Opener, Sending, Store
from kiosk.store.connection import database_file
from kiosk.store.ledger import Ledger
from tests.faults.office import BUSINESS, Office, eventually, in_hand
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


async def test_an_application_refused_after_its_visitor_left_is_not_lost(
    office: Office, caplog: pytest.LogCaptureFixture
):
    """Nobody is there to correct it: it stays, sealed, with the portal's word for the reason, and the doctor tells."""
    before = office.count("applications")
    async with conducted(office.tools()) as visit:
        await office.to_review(visit)
        await sending(visit, office, "http422")
        visit.do(Leave(), Answer(yes=False))
        await ended(visit)
    assert "refused after the visitor left: invalid" in caplog.text
    office.portal.sandbox.faults.clear()
    assert await work_off(office.settings) == []
    store = Store.open(office.settings, "officer")
    ((row, kind, state, word),) = store.connection.execute(
        "SELECT id, kind, state, word FROM outbox WHERE kind='application'"
    ).fetchall()
    assert (state, word) == (Sending.REFUSED, "invalid")
    head = unpack(Opener(office.settings).open(store.outbox.item(row).sealed)).head
    assert BUSINESS in str(head["application"])
    store.close()
    (told,) = [finding for finding in await examine(office.settings) if finding.part == "outbox"]
    assert told.word == "refused"
    assert f"application {row}: invalid" in told.about
    assert office.count("applications") == before
    assert kind == "application"


async def test_a_refusal_the_visitor_saw_leaves_nothing_behind(office: Office):
    """They were told at the review, with everything on the screen, and chose to go."""
    async with conducted(office.tools()) as visit:
        await office.to_review(visit)
        office.portal.sandbox.faults.set("http422", paths=(FILED,))
        visit.do(Forward())
        await visit.until(lambda _: not visit.apply.waiting, "the portal's no")
        visit.do(Leave(), Answer(yes=False))
        await ended(visit)
    store = Store.open(office.settings, "officer")
    query = "SELECT count(*) FROM outbox WHERE kind='application'"
    assert store.connection.execute(query).fetchone() == (0,)
    store.close()


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


VISIT_TOKENS = "/v1/visit"


async def seen_with(office: Office, rights: VisitRights, visit_id: str) -> bool:
    """Whether the portal still shows something for this token, asked by the kiosk it was given to."""
    async with office.client(visit_id=visit_id) as thief:
        thief._rights = rights
        try:
            await thief.my_applications()
        except PortalTrouble as trouble:
            if (trouble.status, trouble.word) != (403, "visit"):
                raise
            return False
        return True


async def known(visit: Conducted, office: Office) -> tuple[VisitRights, str]:
    """A visitor the portal knows, in the menu; what opens their records."""
    await office.to_menu(visit, "nik", office.portal.sandbox.tables.all("people")[0]["nik"])
    portal = visit.tools.portal
    assert portal is not None
    assert portal.rights is not None
    office.secrets |= {portal.rights.token, portal.rights.grant}
    return portal.rights, portal._visit


@pytest.mark.parametrize("way", ["leaves", "time-out"])
async def test_the_visits_token_opens_nothing_once_it_has_ended(office: Office, way: str):
    async with conducted(office.tools()) as visit:
        rights, name = await known(visit, office)
        assert await seen_with(office, rights, name)
        visit.do(Leave() if way == "leaves" else Tick(visit.visit.settings.session_seconds))
        assert visit.visit.place is Place.FAREWELL
        sessions = office.portal.sandbox.tables
        await eventually(lambda: sessions.count("sessions", "ended = 0") == 0, "the end at the portal")
        assert not await seen_with(office, rights, name)
        assert visit.tools.portal is not None
        assert visit.tools.portal.rights is None
    assert await work_off(office.settings) == []


async def test_a_dead_line_delays_nobody_and_the_token_is_taken_back_later(office: Office):
    faults = office.portal.sandbox.faults
    async with conducted(office.tools()) as visit:
        rights, name = await known(visit, office)
        faults.set("slow", paths=(VISIT_TOKENS,))
        faults.slow_ms = 60_000
        visit.do(Leave(), Forward())
        await eventually(lambda: visit.ended == ["done"], "the end", seconds=3.0)
    ledger = Ledger.open(office.settings)
    assert ledger.orphaned(f"test/{os.getpid()}") == 1
    ledger.close()
    file = database_file(office.settings)
    store = Store.open(office.settings, "after")
    (sealed,) = [row[0] for row in store.connection.execute("SELECT sealed FROM parcels")]
    store.close()
    plain = Opener(office.settings).open(sealed)
    for secret in (rights.token.encode(), rights.grant.encode()):
        assert secret not in plain
        assert secret not in file.read_bytes()
    assert await seen_with(office, rights, name)
    faults.clear()
    assert await work_off(office.settings) == ["end_visit"]
    assert not await seen_with(office, rights, name)


async def test_a_late_end_takes_nothing_from_the_next_person(office: Office):
    """ "Bukan saya" on a bad line: the first one's token is taken back while the second one is known already."""
    faults = office.portal.sandbox.faults
    async with conducted(office.tools()) as visit:
        rights, name = await known(visit, office)
        faults.set("lost", paths=(VISIT_TOKENS,))
        visit.do(Choose("other_person"))
        await visit.at(Place.IDENTIFY)
        visit.do(Choose("nik"))
        visit.type(office.portal.sandbox.tables.all("people")[1]["nik"])
        visit.do(Forward())
        await visit.past_region()
        await visit.at(Place.CODE)
        await office.enter(visit)
        assert visit.tools.portal is not None
        mine = visit.tools.portal.rights
        assert mine is not None
        sessions = office.portal.sandbox.tables
        await eventually(lambda: sessions.count("sessions", "ended = 1") == 1, "the first one's end")
        faults.clear()
        assert not await seen_with(office, rights, name)
        assert await seen_with(office, mine, visit.tools.portal._visit)
        await work_off(office.settings)
        assert await seen_with(office, mine, visit.tools.portal._visit)
