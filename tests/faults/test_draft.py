"""A draft to take along while the line is down: kept here, brought to the portal later, in dots until the code."""

from __future__ import annotations

from datetime import datetime

import pytest

from kiosk.effects import drafts
from kiosk.effects.parcel import unpack
from kiosk.flow.events import Answer, Begin, Choose, Forward, Leave, SaveAndLeave, Tick
from kiosk.flow.model import Place
from kiosk.flow.orders import LoadDraft
from kiosk.flow.results import DraftFound, DraftSaved, Failed, Trouble
from kiosk.journeys.resume import DOTS
from kiosk.sandbox.faults import Mode
from kiosk.store import DiskFullError, Opener, Sending, Store
from kiosk.store.connection import database_file
from tests.faults.office import BUSINESS, STRANGER, Office, eventually
from tests.journeys.conducted import Conducted, conducted
from tests.journeys.test_real_devices import work_off


async def prepared(visit: Conducted, office: Office) -> None:
    """An unknown visitor in the middle of an application."""
    visit.do(Begin(), Choose("none"))
    await visit.at(Place.MENU)
    await visit.find_business("kedai minuman", "56304")
    visit.do(Forward())
    if visit.visit.place is Place.CONSENT:
        visit.do(Forward(), Forward())
    visit.fill_form(tenure="rent", business_name=BUSINESS)


async def kept(visit: Conducted, office: Office) -> DraftSaved:
    visit.do(SaveAndLeave())
    await visit.at(Place.DRAFT, seconds=30)
    saved = visit.apply.saved
    assert saved is not None
    office.secrets.add(handle(saved))
    return saved


def handle(saved: DraftSaved) -> str:
    return saved.url.rpartition("/d/")[2]


async def load(visit: Conducted, name: str) -> object:
    return await drafts.HANDLERS[LoadDraft](visit.tools, "session", LoadDraft(name))


@pytest.mark.parametrize("mode", ["gone", "slow", "lost", "http500", "half_answer"])
async def test_a_dead_line_keeps_the_draft_and_brings_it_later(office: Office, mode: Mode):
    faults = office.portal.sandbox.faults
    faults.slow_ms = 900
    async with conducted(office.tools()) as visit:
        await prepared(visit, office)
        answers = dict(visit.apply.answers)
        assert answers["business_name"] == BUSINESS
        faults.set(mode)
        saved = await kept(visit, office)
        assert saved.waiting
        assert len(handle(saved)) == 22  # 128 bits
        file = database_file(office.settings).read_bytes()
        assert BUSINESS.encode() not in file
        assert handle(saved).encode() not in file
        visit.do(Forward())
        assert visit.visit.place is Place.FAREWELL
    faults.clear()
    assert await work_off(office.settings) == ["draft"]
    assert office.count("drafts") == 1
    assert await work_off(office.settings) == []
    async with conducted(office.tools(), "secondsecondseco") as visit:
        found = await load(visit, handle(saved))
        assert isinstance(found, DraftFound)
        assert found.masked
        assert {text for _, text in found.answers} == {DOTS}
        assert {name for name, _ in found.answers} == set(answers)
        assert found.until >= saved.until
        portal = visit.tools.portal
        assert portal is not None
        await portal.identify("draft", handle(saved), phone=STRANGER)
        await portal.send_code()
        await portal.check_code(office.code)
        whole = await load(visit, handle(saved))
        assert isinstance(whole, DraftFound)
        assert not whole.masked
        assert dict(whole.answers) == answers


async def test_a_draft_still_here_is_not_called_unknown(office: Office):
    """Scanned again when the line is back, before a worker brought it."""
    woken: list[str] = []
    tools = office.tools()
    tools.wake_worker = woken.append
    async with conducted(tools) as visit:
        await prepared(visit, office)
        office.portal.sandbox.faults.set("gone")
        saved = await kept(visit, office)
        office.portal.sandbox.faults.clear()
        assert await load(visit, handle(saved)) == Failed(Trouble.SLOW)
        assert "draft" in woken
        assert await load(visit, "A" * 22) == Failed(Trouble.NOT_FOUND)
        await work_off(office.settings)
        assert isinstance(await load(visit, handle(saved)), DraftFound)


async def test_a_draft_kept_at_the_time_out_reaches_its_owner(office: Office):
    """Nobody sees its QR: it must belong to who proved to be there, although their token is gone by then."""
    person = office.portal.sandbox.tables.all("people")[0]
    faults = office.portal.sandbox.faults
    async with conducted(office.tools()) as visit:
        await office.to_papers(visit, "nik", person["nik"])
        faults.set("gone")
        visit.do(Tick(visit.visit.settings.session_seconds * 2), Tick(visit.visit.settings.session_seconds))
        assert visit.visit.place is Place.FAREWELL
        store = Store.open(office.settings, "watch")
        query = "SELECT kind, state FROM outbox WHERE attempts > 0 ORDER BY kind"
        both = [("draft", Sending.WAITING), ("end_visit", Sending.WAITING)]
        await eventually(lambda: store.connection.execute(query).fetchall() == both, "both to be kept")
        store.close()
    faults.clear()
    assert sorted(await work_off(office.settings)) == ["draft", "end_visit"]
    (row,) = office.portal.sandbox.tables.all("drafts")
    assert (row["subject"], row["hp"]) == (person["id"], person["hp"])
    assert BUSINESS in row["body"]


async def test_two_drafts_of_one_visit_are_two(office: Office):
    async with conducted(office.tools()) as visit:
        await prepared(visit, office)
        first = await kept(visit, office)
        visit.do(Choose("menu"))
        await visit.at(Place.MENU)
        await visit.find_business("kedai minuman", "56304")
        visit.do(Forward())
        visit.fill_form(tenure="own", business_name="Warung Contoh Lain")
        second = await kept(visit, office)
        assert first.url != second.url
        assert not first.waiting
        bodies = [row["body"] for row in office.portal.sandbox.tables.all("drafts")]
        assert [BUSINESS in body for body in bodies].count(True) == 1
    assert await work_off(office.settings) == []


async def test_a_full_disk_keeps_no_draft_and_says_so(office: Office, monkeypatch: pytest.MonkeyPatch):
    def full(*_: object, **__: object) -> int:
        raise DiskFullError("full")

    async with conducted(office.tools()) as visit:
        await prepared(visit, office)
        await visit.tools.store.do(lambda store: monkeypatch.setattr(store.outbox, "add", full))
        office.portal.sandbox.faults.set("gone")
        visit.do(SaveAndLeave())
        await visit.until(lambda _: not visit.apply.waiting, "an answer")
        assert visit.apply.trouble is Trouble.DISK_FULL
        assert visit.visit.place is not Place.DRAFT
        assert dict(visit.apply.answers)["business_name"] == BUSINESS


async def test_a_clock_that_is_wrong_promises_no_day(office: Office):
    tools = office.tools()
    zone = tools.now().tzinfo
    tools.now = lambda: datetime(1970, 1, 1, tzinfo=zone)
    async with conducted(tools) as visit:
        await prepared(visit, office)
        office.portal.sandbox.faults.set("gone")
        assert (await kept(visit, office)).until == ""


async def test_a_draft_refused_after_its_visitor_left_stays_for_an_officer(office: Office):
    person = office.portal.sandbox.tables.all("people")[0]
    faults = office.portal.sandbox.faults
    async with conducted(office.tools()) as visit:
        await office.to_papers(visit, "nik", person["nik"])
        faults.set("http422", paths=("/v1/drafts",))
        faults.latency_ms = 300
        visit.do(SaveAndLeave(), Leave())
        if visit.visit.dialog is not None:
            visit.do(Answer(yes=False))
        assert visit.visit.place is Place.FAREWELL
        visit.do(Forward())
        await eventually(lambda: visit.ended == ["done"], "the end")
    store = Store.open(office.settings, "officer")
    ((row, state, word),) = store.connection.execute(
        "SELECT id, state, word FROM outbox WHERE kind='draft'"
    ).fetchall()
    sealed = store.outbox.item(row).sealed
    store.close()
    assert (state, word) == (Sending.REFUSED, "invalid")
    assert BUSINESS in str(unpack(Opener(office.settings).open(sealed)).head)
