"""The one-time code: too many, wrong, late, and answers that never came."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kiosk.flow.events import Back, Begin, Choose, Forward
from kiosk.flow.model import Person, Place
from kiosk.flow.results import Trouble
from kiosk.identity.rights import Standing
from kiosk.sandbox.faults import MODES, Mode
from tests.faults.office import STRANGER, Office, eventually, said
from tests.journeys.conducted import conducted


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


async def test_a_fourth_code_is_not_sent_and_another_way_is_open(office: Office):
    person = office.portal.sandbox.tables.all("people")[0]
    async with conducted(office.tools()) as visit:
        await office.to_code(visit)
        for sends in (2, 3):
            visit.do(Choose("resend"))
            await visit.until(lambda state, sends=sends: state.entry.sends_left == 3 - sends, "another code")
            assert office.codes_sent == sends
        visit.do(Choose("resend"))
        assert not visit.visit.busy
        # Typing the same number again does not help either: the portal counts, not the kiosk.
        visit.do(Back(), Forward())
        await visit.until(lambda state: state.trouble is not None, "the limit")
        assert (visit.visit.place, visit.visit.trouble) == (Place.NUMBER, Trouble.TOO_MANY)
        said(Trouble.TOO_MANY)
        assert office.codes_sent == 3
        visit.do(Back(), Choose("nik"))
        visit.type(person["nik"])
        visit.do(Forward())
        await visit.past_region()
        await visit.at(Place.CODE)
        assert office.codes_sent == 4
        await office.enter(visit)
        assert visit.visit.person.name == person["nama"]


async def test_five_wrong_codes_spend_the_code_and_a_new_one_works(office: Office):
    async with conducted(office.tools()) as visit:
        await office.to_code(visit)
        code = office.code
        for left in (4, 3, 2, 1, 0):
            visit.type(wrong(code))
            await visit.until(lambda state: state.trouble is not None and not state.busy, "a refusal")
            assert visit.visit.trouble is Trouble.WRONG_CODE
            assert (visit.visit.entry.tries_left, visit.visit.entry.code) == (left, "")
        said(Trouble.WRONG_CODE)
        visit.type(code)  # right, and too late
        await visit.until(lambda state: state.trouble is not None and not state.busy, "a refusal")
        assert visit.visit.trouble is Trouble.CODE_EXPIRED
        said(Trouble.CODE_EXPIRED)
        assert visit.visit.person == Person()
        visit.do(Choose("resend"))
        await visit.until(lambda state: state.entry.tries_left == 5 and not state.busy, "a new code")
        await office.enter(visit)


async def test_a_code_that_lived_its_time_is_no_use_and_a_new_one_works(office: Office):
    async with conducted(office.tools()) as visit:
        await office.to_code(visit)
        office.clock.ahead += timedelta(minutes=5, seconds=1)
        visit.type(office.code)
        await visit.until(lambda state: state.trouble is not None and not state.busy, "a refusal")
        assert (visit.visit.place, visit.visit.trouble) == (Place.CODE, Trouble.CODE_EXPIRED)
        visit.do(Choose("resend"))
        await visit.until(lambda _: office.codes_sent == 2, "a new code")
        await visit.at(Place.CODE)
        await office.enter(visit)


EXPECTED: dict[Mode, Trouble] = {
    "slow": Trouble.SLOW,
    "gone": Trouble.OFFLINE,
    "lost": Trouble.OFFLINE,
    "http500": Trouble.SERVER,
    "http422": Trouble.INVALID,
    "garbage": Trouble.SERVER,
    "half_answer": Trouble.SERVER,
    "busy": Trouble.SERVER,
}


def test_every_mode_of_the_portal_is_tried():
    assert set(EXPECTED) == set(MODES) - {"ok"}


@pytest.mark.parametrize("mode", EXPECTED)
async def test_a_portal_in_trouble_leaves_the_visitor_where_they_are(office: Office, mode: Mode):
    """At the number, then at the code; each time the same touch works once the portal does."""
    faults = office.portal.sandbox.faults
    faults.slow_ms, faults.retry_after = 900, 4
    async with conducted(office.tools()) as visit:
        await office.to_number(visit, "phone", STRANGER)
        faults.set(mode, paths=("/v1/identity",))
        visit.do(Forward())
        await visit.until(lambda state: state.trouble is not None, "the trouble")
        assert (visit.visit.place, visit.visit.trouble) == (Place.NUMBER, EXPECTED[mode])
        said(EXPECTED[mode])
        assert visit.visit.entry.digits == STRANGER
        faults.clear()
        visit.do(Forward())
        await visit.at(Place.CODE)
        code = office.code
        faults.set(mode, paths=("/v1/identity",))
        visit.type(code)
        await visit.until(lambda state: state.trouble is not None, "the trouble", seconds=30)
        assert (visit.visit.place, visit.visit.trouble) == (Place.CODE, EXPECTED[mode])
        faults.clear()
        # Typed again, also where the portal had taken it and only its answer was lost, it is the same try.
        visit.type(code)
        await visit.at(Place.CONSENT)
    assert office.count("sessions") == 1


async def test_one_lost_answer_at_the_code_is_asked_for_again_by_itself(office: Office):
    async with conducted(office.tools()) as visit:
        await office.to_code(visit)
        office.portal.sandbox.faults.set("ok", script=["lost"], paths=("/v1/identity",))
        visit.type(office.code)
        await visit.at(Place.CONSENT)
        assert visit.visit.trouble is None
    assert office.count("sessions") == 1


async def test_an_answer_for_a_visit_that_ended_is_nobodys(office: Office):
    """Visitor A asks, goes, and B stands there when the answer comes."""
    person = office.portal.sandbox.tables.all("people")[0]
    async with conducted(office.tools(), "visitor-a-visitor-a") as visit:
        await office.to_code(visit, "phone", person["hp"])
        office.portal.sandbox.faults.latency_ms = 400
        visit.type(office.code)
        await eventually(lambda: visit.visit.busy, "the question under way")
        visit.conductor.show("visitor-b-visitor-b")
        visit.do(Begin())
        await eventually(lambda: office.count("sessions") == 1, "the portal's answer")
        await visit.until(lambda _: not visit.conductor.runner._tasks, "every answer in")
        assert visit.visit.session == "visitor-b-visitor-b"
        assert visit.visit.place is Place.IDENTIFY
        assert visit.visit.person == Person()
        assert visit.visit.standing == Standing()
