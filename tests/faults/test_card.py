"""Cards that go, change and are not what they seem, on a real pcscd."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import asynccontextmanager

import pytest

from hardware.card import build
from kiosk.flow.events import Begin, Choose, Forward
from kiosk.flow.model import Person, Place
from kiosk.flow.results import Trouble
from tests.faults.office import STRANGER, Office, said
from tests.hardware.card.pcscd import READER_PATTERN, Pcscd, running_pcscd
from tests.hardware.card.virtual_card import Act, GarbageCard, OtherCard, VirtualKtp
from tests.journeys.conducted import Conducted, conducted

pytestmark = pytest.mark.real


@pytest.fixture
def service() -> Iterator[Pcscd]:
    with running_pcscd() as running:
        yield running


def belongs(office: Office, card: VirtualKtp, who: int = 0) -> str:
    """Make `card` the card of one of the portal's people; returns the name."""
    person = office.portal.sandbox.tables.all("people")[who]
    office.portal.sandbox.tables.change("people", person["id"], uid=card.uid.hex())
    office.secrets |= {card.uid.hex(), card.uid.hex().upper()}
    return person["nama"]


@asynccontextmanager
async def at_the_reader(office: Office):
    tools = office.tools(card=build("pcsc", contactless_reader=READER_PATTERN))
    async with conducted(tools) as visit:
        visit.do(Begin())
        await visit.at(Place.IDENTIFY)
        yield visit


async def known_as(visit: Conducted, office: Office, name: str) -> None:
    await visit.at(Place.CODE)
    await office.enter(visit)
    assert visit.visit.person.name == name


@pytest.mark.parametrize("apdu", [0, 2, 4])
async def test_a_card_lifted_while_it_is_read_is_laid_down_again(office: Office, service: Pcscd, apdu: int):
    card = VirtualKtp()
    name = belongs(office, card)
    async with at_the_reader(office) as visit:
        service.slot.insert(card, {apdu: Act(vanish=True)})
        await visit.until(lambda state: state.trouble is not None, "the lifted card")
        assert (visit.visit.place, visit.visit.trouble) == (Place.IDENTIFY, Trouble.REMOVED)
        said(Trouble.REMOVED)
        assert office.count("challenges") == 0
        assert visit.visit.claim == ""
        await visit.until(lambda state: not state.card_present, "an empty reader")
        service.slot.insert(card)
        await known_as(visit, office, name)
    assert office.codes_sent == 1


async def test_cards_swapped_while_read_never_mix(office: Office, service: Pcscd):
    """A goes at the last moment of its read and B lies there: whoever is named is B, whole, or nobody."""
    first, second = VirtualKtp(1), VirtualKtp(2)
    belongs(office, first, 0)
    name = belongs(office, second, 1)
    async with at_the_reader(office) as visit:
        service.slot.insert(first, {4: Act(vanish=True, then=lambda: service.slot.insert(second))})
        # The second card lies on the reader and needs no other touch.
        await known_as(visit, office, name)
    assert office.codes_sent == 1


@pytest.mark.parametrize(
    ("card", "trouble"), [(OtherCard, Trouble.NOT_KTP), (GarbageCard, Trouble.UNREADABLE)]
)
async def test_a_card_that_is_none_leaves_every_other_way(
    office: Office, service: Pcscd, card: type[VirtualKtp], trouble: Trouble
):
    laid = card()
    office.secrets.add(laid.uid.hex())
    async with at_the_reader(office) as visit:
        service.slot.insert(laid)
        await visit.until(lambda state: state.trouble is not None, "the trouble")
        assert visit.visit.trouble is trouble
        said(trouble)
        assert office.count("challenges") == 0
        visit.do(Choose("phone"))
        visit.type(STRANGER)
        visit.do(Forward())
        await visit.at(Place.CODE)
        await office.enter(visit)


async def test_a_card_service_that_stops_and_comes_back(office: Office, service: Pcscd):
    """pcscd is down when the visitor comes; another way works, and the card does as soon as pcscd is back."""
    card = VirtualKtp()
    name = belongs(office, card)
    service.kill()
    reader = build("pcsc", contactless_reader=READER_PATTERN)
    async with conducted(office.tools(card=reader)) as visit:
        visit.do(Begin())
        health = await reader.health()
        visit.conductor.senses.device("card", usable=False, detail=health.detail)
        assert visit.visit.down("card") == "service_down"
        said("down", "identify")
        said(Trouble.SERVICE_DOWN)
        visit.do(Choose("phone"))
        visit.type(STRANGER)
        visit.do(Forward())
        await visit.at(Place.CODE)
        await office.enter(visit)
        visit.do(Choose("other_person"))
        await visit.at(Place.IDENTIFY)
        assert visit.visit.person == Person()
        service.start()
        service.slot.insert(card)
        visit.conductor.senses.device("card", usable=True, detail="")
        await known_as(visit, office, name)


async def test_a_card_service_killed_in_the_middle_of_a_read(office: Office, service: Pcscd):
    card = VirtualKtp()
    name = belongs(office, card)
    async with at_the_reader(office) as visit:
        service.slot.insert(card, {3: Act(vanish=True, then=service.kill)})
        await visit.until(lambda state: state.trouble is not None, "the trouble")
        assert visit.visit.trouble in (Trouble.REMOVED, Trouble.SERVICE_DOWN, Trouble.NO_READER)
        said(visit.visit.trouble)
        await visit.until(lambda state: not state.card_present, "an empty reader")
        service.start()
        service.slot.insert(card)
        await known_as(visit, office, name)
    assert office.codes_sent == 1
