"""What a visitor, another visit or a stolen number may see at the portal: asked with real tokens, over the wire."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

import pytest

from kiosk.flow.events import Begin, Choose, Forward
from kiosk.flow.model import Place
from kiosk.flow.results import Trouble
from kiosk.journeys.status import Track
from kiosk.portal.client import PortalClient
from kiosk.portal.trouble import PortalTrouble
from tests.faults.office import Office, said
from tests.journeys.conducted import Conducted, conducted


@pytest.fixture
async def visitor(office: Office) -> AsyncIterator[PortalClient]:
    """Visitor A, who proved to be the first of the portal's people."""
    async with office.client(visit_id="visit-of-a-visit") as client:
        await client.identify("nik", office.portal.sandbox.tables.all("people")[0]["nik"])
        await client.send_code()
        await client.check_code(office.code)
        yield client


def applications_of(office: Office, who: int) -> list[str]:
    people = office.portal.sandbox.tables.all("people")
    rows = office.portal.sandbox.tables.all("applications", "subject = ?", people[who]["id"])
    return [row["nomor"] for row in rows]


def somebody_else(office: Office) -> str:
    for who in (1, 2):
        if numbers := applications_of(office, who):
            return numbers[0]
    raise AssertionError("the practice portal has applications of one person only")


def track(visit: Conducted) -> Track:
    assert isinstance(visit.visit.journey, Track)
    return visit.visit.journey


@pytest.mark.parametrize("call", ["see", "correct", "receipt"])
async def test_a_token_opens_nothing_of_another_visitor(office: Office, visitor: PortalClient, call: str):
    theirs = somebody_else(office)
    own = applications_of(office, 0)
    assert theirs not in own
    assert {one.number for one in await visitor.my_applications()} == set(own)
    isian = office.row("applications", "nomor = ?", theirs)["isian"]
    with pytest.raises(PortalTrouble) as refused:
        match call:
            case "see":
                await visitor.application(theirs)
            case "correct":
                await visitor.correct_application(theirs, (("business_name", "X"),))
            case _:
                await visitor.send_receipt(theirs, key="receipt-of-a-stranger")
    assert refused.value.kind in ("gone", "forbidden")
    # Not even whether there is such an application.
    with pytest.raises(PortalTrouble) as nothing:
        await visitor.application(theirs[:-1] + ("0" if theirs[-1] != "0" else "1"))
    if call == "see":
        assert (nothing.value.kind, nothing.value.word) == (refused.value.kind, refused.value.word)
    assert office.row("applications", "nomor = ?", theirs)["isian"] == isian
    assert office.portal.sandbox.messages == []


async def test_a_token_is_worth_nothing_in_another_visit_or_after_its_own(
    office: Office, visitor: PortalClient
):
    (own, *_) = applications_of(office, 0)
    assert visitor.rights is not None
    async with office.client(visit_id="visit-of-b-visit") as other:
        other._rights = visitor.rights  # a stolen token
        with pytest.raises(PortalTrouble) as refused:
            await other.application(own)
        assert refused.value.kind == "forbidden"
    stolen = visitor.rights
    assert (await visitor.application(own)).number == own
    await visitor.forget()
    visitor._rights, visitor._visit = stolen, "visit-of-a-visit"
    with pytest.raises(PortalTrouble) as refused:
        await visitor.application(own)
    assert refused.value.kind == "forbidden"


async def test_without_the_kiosks_own_credential_nobody_is_let_in(office: Office):
    async with office.client("no-such-kiosk") as stranger:
        with pytest.raises(PortalTrouble) as refused:
            await stranger.identify("phone", "081200004821")
    assert refused.value.status == 401


async def test_a_number_alone_gives_words_and_days_and_no_name(office: Office):
    number = somebody_else(office)
    row = office.row("applications", "nomor = ?", number)
    async with office.client() as anybody:
        found = await anybody.public_status(number)
    told = repr(found) + json.dumps(row["nomor"])
    personal = {row["nama_perseroan"], *json.loads(row["isian"]).values()} | office.secrets
    assert not [word for word in personal if len(word) > 4 and word in told]
    async with conducted(office.tools()) as visit:
        visit.do(Begin(), Choose("none"))
        await visit.at(Place.MENU)
        visit.do(Choose("status"))
        visit.type(number)
        visit.do(Forward())
        await visit.at(Place.STATUS)
        shown = track(visit).shown
        assert shown is not None
        assert shown.number == number
        assert shown.title == ""
        assert shown.headline_id
        assert shown.headline_en


async def test_a_number_nobody_has_says_so_and_another_can_be_tried(office: Office):
    async with conducted(office.tools()) as visit:
        visit.do(Begin(), Choose("none"))
        await visit.at(Place.MENU)
        visit.do(Choose("status"))
        visit.type("MKM-2026-9999-ZZZZZZZZ")
        visit.do(Forward())
        await visit.until(lambda _: track(visit).trouble is not None, "the answer")
        assert track(visit).trouble is Trouble.NOT_FOUND
        said(Trouble.NOT_FOUND)
