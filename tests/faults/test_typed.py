"""Odd numbers, unknown words, empty forms: what a finger can do."""

from __future__ import annotations

import pytest

from kiosk.flow.events import Back, Backspace, Choose, ClearField, Forward
from kiosk.flow.model import Place
from tests.faults.office import Office, fill_screen, said
from tests.journeys.conducted import conducted

FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


@pytest.mark.parametrize(
    ("means", "digits", "doubt"),
    [
        ("nik", "9971027102900002", "date"),  # 71 February: a woman born on the 31st
        ("nik", "9971023002900002", "date"),  # 30 February
        ("nik", "9971021513900002", "date"),  # month 13
        ("nik", "9971022902910002", "date"),  # 29 February of a year that had none
        ("nik", "9971024502900000", "shape"),
        ("nik", "99710245029", "short"),
        ("nik", "", "short"),
        ("nib", "990000000001", "short"),
        ("phone", "0812", "short"),
        ("phone", "0911999900012", "shape"),
    ],
)
async def test_an_odd_number_is_said_and_not_sent(office: Office, means: str, digits: str, doubt: str):
    async with conducted(office.tools()) as visit:
        await office.to_number(visit, means, digits)
        visit.do(Forward())
        assert visit.visit.place is Place.NUMBER
        assert visit.visit.entry.doubt == doubt
        said(f"{means}_{doubt}", "number")
        assert not visit.visit.busy
        assert office.codes_sent == 0
        assert office.count("challenges") == 0
        # The number stays to be mended, and the sentence goes with the first key.
        assert visit.visit.entry.digits == digits
        visit.do(Backspace())
        assert visit.visit.entry.doubt == ""
        visit.do(ClearField())
        person = office.portal.sandbox.tables.all("people")[0]
        visit.type(person["hp"] if means == "phone" else person[means].split()[0])
        visit.do(Forward())
        await visit.past_region()
        await visit.at(Place.CODE)
        await office.enter(visit)
        assert visit.visit.person.name == person["nama"]


@pytest.mark.parametrize("nik", ["0071024502900002", "9971024502900002"])
async def test_a_region_nobody_knows_does_not_block(office: Office, nik: str):
    async with conducted(office.tools()) as visit:
        await office.to_number(visit, "nik", nik)
        visit.do(Forward())
        await visit.until(lambda state: state.entry.doubt != "", "the warning")
        assert (visit.visit.place, visit.visit.entry.doubt) == (Place.NUMBER, "region")
        said("nik_region", "number")
        assert office.count("challenges") == 0
        visit.do(Forward())
        await visit.at(Place.CODE)
        assert visit.visit.trouble is None
        # Known or not, the same screen: only one of the two reached a phone.
        assert office.codes_sent == (1 if nik.startswith("99") else 0)
        visit.do(Choose("phone"))
        assert visit.visit.place is Place.NUMBER


async def test_full_width_digits_are_digits(office: Office):
    person = office.portal.sandbox.tables.all("people")[0]
    async with conducted(office.tools()) as visit:
        await office.to_code(visit, "nik", person["nik"].translate(FULL_WIDTH))
        visit.type(office.code.translate(FULL_WIDTH))
        await visit.at(Place.CONSENT)
        assert visit.visit.person.name == person["nama"]


async def test_a_business_nobody_can_find_keeps_the_way_open(office: Office):
    async with conducted(office.tools()) as visit:
        await office.to_menu(visit)
        visit.do(Choose("apply"))
        for query in ("qzxwvk", "'\"; DROP TABLE kbli; --*", "((((", "AND OR NOT NEAR", "💥🦀"):
            visit.do(ClearField())
            visit.type(query)
            expected = visit.apply.query
            await visit.until(lambda _, typed=expected: visit.apply.found_for == typed, "an answer")
            assert visit.apply.trouble is None
            visit.do(Forward(), Choose("00000")) if not visit.apply.matches else None
            assert visit.visit.place is Place.SEARCH
        said("none_help", "search")
        visit.do(ClearField())
        visit.do(Forward())
        assert visit.visit.place is Place.SEARCH
        visit.type("kedai minuman")
        await visit.until(lambda _: "56304" in [one.code for one in visit.apply.matches], "the business")


async def test_an_empty_form_says_what_is_missing_on_each_screen(office: Office):
    before = office.count("applications")
    async with conducted(office.tools()) as visit:
        await office.to_menu(visit)
        await visit.find_business("kedai minuman", "56304")
        visit.do(Forward())
        screens = 0
        while visit.visit.place is Place.FORM:
            screens += 1
            assert screens < 20
            here = visit.apply.screen
            visit.do(Forward())
            assert (visit.visit.place, visit.apply.screen) == (Place.FORM, here)
            asked = {question.id for question in visit.apply.questions()}
            doubts = dict(visit.apply.doubts)
            assert doubts
            assert set(doubts) <= asked
            for words in doubts.values():
                assert words.get("id")
                assert words.get("en")
                assert words.get("id") != words.get("en")
            fill_screen(visit, tenure="own")
        assert screens == len(visit.apply.screens)
        await office.skip_papers(visit)
        visit.do(Forward())
        assert visit.visit.place is Place.REVIEW  # nothing is sent before it is declared true
        assert not visit.apply.waiting
    assert office.count("applications") == before


async def test_a_region_that_is_known_is_not_warned_about(office: Office):
    """District 17.06.01 with an invented birth date and number."""
    async with conducted(office.tools()) as visit:
        await office.to_number(visit, "nik", "1706014502900002")
        visit.do(Forward())
        await visit.at(Place.CODE)
        assert visit.visit.entry.doubt == ""


async def test_the_warning_comes_once_and_gives_way_to_a_trouble(office: Office):
    faults = office.portal.sandbox.faults
    async with conducted(office.tools()) as visit:
        await office.to_number(visit, "nik", "9971024502900002")
        visit.do(Forward())
        await visit.until(lambda state: state.entry.doubt == "region", "the warning")
        faults.set("http500")
        visit.do(Forward())
        await visit.until(lambda state: state.trouble is not None, "the trouble")
        faults.clear()
        visit.do(Forward())
        await visit.at(Place.CODE)
        visit.do(Back(), Backspace())
        assert visit.visit.entry.doubt == ""
