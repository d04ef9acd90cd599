"""The portal is down, slow, wrong or half there while an application is filed or a number is taken."""

from __future__ import annotations

from typing import Annotated

import pytest
from pydantic import Field

from kiosk.flow.events import Back, Begin, Choose, Forward, Toggle
from kiosk.flow.model import Place
from kiosk.flow.results import Trouble
from kiosk.sandbox import applications, bodies
from kiosk.sandbox.faults import Mode
from kiosk.store import Sending
from tests.faults.office import BUSINESS, Office, said
from tests.journeys.conducted import conducted
from tests.journeys.test_real_devices import work_off

FILED = "/v1/applications"
NUMBERS = "/v1/queue/tickets"
BROKEN: tuple[Mode, ...] = ("slow", "gone", "lost", "http500", "garbage", "half_answer", "busy")


async def states(visit) -> dict[str, int]:
    rows = await visit.tools.store.do(
        lambda store: store.connection.execute("SELECT state, count(*) FROM outbox GROUP BY state").fetchall()
    )
    return dict(rows)


@pytest.mark.parametrize("mode", BROKEN)
async def test_an_application_in_a_bad_hour_is_kept_and_filed_once(office: Office, mode: Mode):
    before, faults = office.count("applications"), office.portal.sandbox.faults
    faults.slow_ms = 900
    async with conducted(office.tools()) as visit:
        await office.to_review(visit)
        faults.set(mode, paths=(FILED,))
        number = await office.sent(visit)
        submitted = visit.apply.submitted
        assert submitted is not None
        assert submitted.provisional
        assert number.startswith(office.settings.kiosk.id)
        assert submitted.url == ""  # a link that leads nowhere yet is not shown
        said("saved_title", "sent")
        assert (await states(visit)) == {Sending.WAITING: 1}
        # What still works: a number for the counter, as the sentence says.
        visit.do(Choose("menu"), Choose("queue"), Choose("perizinan"))
        await visit.until(lambda state: state.place is Place.TICKET, "a number")
    faults.clear()
    assert await work_off(office.settings) == ["application"]
    assert office.count("applications") == before + 1
    assert await work_off(office.settings) == []
    filed = office.portal.sandbox.tables.all("applications", "session != ''", order="urut DESC")[0]
    assert filed["nama_perseroan"] == BUSINESS


@pytest.mark.parametrize("mode", ["lost", "half_answer", "gone", "http500", "garbage"])
async def test_one_bad_moment_is_not_even_noticed(office: Office, mode: Mode):
    before = office.count("applications"), office.count("tickets")
    faults = office.portal.sandbox.faults
    async with conducted(office.tools()) as visit:
        await office.to_review(visit)
        faults.set("ok", script=[mode], paths=(FILED,))
        number = await office.sent(visit)
        assert office.portal.sandbox.tables.count("applications", "nomor = ?", number) == 1
        faults.set("ok", script=[mode], paths=(NUMBERS,))
        visit.do(Choose("menu"), Choose("queue"), Choose("perizinan"))
        await visit.until(lambda state: state.place is Place.TICKET, "a number")
        assert visit.queue.ticket is not None
        assert not visit.queue.ticket.provisional
    assert (office.count("applications"), office.count("tickets")) == (before[0] + 1, before[1] + 1)
    assert await work_off(office.settings) == []


async def test_refused_fields_are_shown_at_their_question_and_mended(
    office: Office, monkeypatch: pytest.MonkeyPatch
):
    """An office whose portal takes shorter names than the form does: 422 with the field's name."""

    class ShortNames(bodies.NewApplication):
        isian: dict[str, Annotated[str, Field(max_length=len(BUSINESS) - 1)]]

    before = office.count("applications")
    async with conducted(office.tools()) as visit:
        await office.to_review(visit)
        answers = dict(visit.apply.answers)
        with monkeypatch.context() as patch:
            patch.setattr(applications, "NewApplication", ShortNames)
            visit.do(Forward())
            await visit.until(lambda _: not visit.apply.waiting, "the portal's no")
        assert visit.visit.place is Place.FORM
        assert visit.apply.trouble is Trouble.INVALID
        said(Trouble.INVALID)
        assert "business_name" in [question.id for question in visit.apply.questions()]
        doubts = dict(visit.apply.doubts)
        assert "business_name" in doubts
        assert doubts["business_name"].get("en") != doubts["business_name"].get("id")
        assert dict(visit.apply.answers) == answers
        assert office.count("applications") == before
        assert await states(visit) == {}
        visit.do(Forward())
        await visit.at(Place.REVIEW)
        assert visit.apply.trouble is None
        if not visit.apply.declared:
            visit.do(Toggle("declare"))
        await office.sent(visit)
    assert office.count("applications") == before + 1


async def test_a_refusal_that_names_no_field_stays_at_the_review(office: Office):
    before = office.count("applications")
    async with conducted(office.tools()) as visit:
        await office.to_review(visit)
        office.portal.sandbox.faults.set("http422", paths=(FILED,))
        visit.do(Forward())
        await visit.until(lambda _: not visit.apply.waiting, "the portal's no")
        assert (visit.visit.place, visit.apply.trouble) == (Place.REVIEW, Trouble.INVALID)
        assert await states(visit) == {}
        office.portal.sandbox.faults.clear()
        await office.sent(visit)
    assert office.count("applications") == before + 1


@pytest.mark.parametrize("mode", BROKEN)
async def test_a_number_in_a_bad_hour_is_the_kiosks_own_and_reported_once(office: Office, mode: Mode):
    before, faults = office.count("tickets"), office.portal.sandbox.faults
    faults.slow_ms = 900
    async with conducted(office.tools()) as visit:
        visit.do(Begin(), Choose("none"))
        await visit.at(Place.MENU)
        faults.set(mode, paths=(NUMBERS,))
        visit.do(Choose("queue"), Choose("perizinan"))
        await visit.until(lambda state: state.place is Place.TICKET, "a number", seconds=30)
        ticket = visit.queue.ticket
        assert ticket is not None
        assert ticket.provisional
        assert ticket.about == ""
        said("provisional", "ticket")
    faults.clear()
    assert await work_off(office.settings) == ["number"]
    assert office.count("tickets") == before + 1
    # The QR on the paper leads to the number the office calls.
    assert office.row("tickets", "kode = ?", ticket.url.rpartition("/")[2])["keadaan"] == "menunggu"


async def test_a_number_taken_twice_in_one_visit_is_one_number(office: Office):
    before = office.count("tickets")
    async with conducted(office.tools()) as visit:
        visit.do(Begin(), Choose("none"))
        await visit.at(Place.MENU)
        numbers: set[str] = set()
        for _ in range(2):
            visit.do(Choose("queue"), Choose("perizinan"))
            await visit.until(lambda state: state.place is Place.TICKET, "a number")
            assert visit.queue.ticket is not None
            numbers.add(visit.queue.ticket.number)
            visit.do(Choose("menu"))
        assert len(numbers) == 1
    assert office.count("tickets") == before + 1


async def test_everything_down_still_answers_what_the_kiosk_knows(office: Office):
    """No portal at all: KBLI, risk and a number work; the way in says so and leaves the anonymous way."""
    office.portal.sandbox.faults.set("gone")
    async with conducted(office.tools()) as visit:
        visit.do(Begin(), Choose("phone"))
        visit.type("081299990009")
        office.secrets.add("081299990009")
        visit.do(Forward())
        await visit.until(lambda state: state.trouble is not None, "the trouble")
        assert visit.visit.trouble is Trouble.OFFLINE
        await visit.until(lambda state: not state.online, "the line's lamp")
        visit.do(Back(), Choose("none"))
        await visit.at(Place.MENU)
        await visit.find_business("kedai minuman", "56304")
        assert visit.apply.sheet is not None
        office.portal.sandbox.faults.clear()
        await visit.until(lambda state: state.online, "the line back")
