"""The simulated reader, and the factory."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator

import pytest

from hardware.card import build
from hardware.card.port import Assurance, CardClaim, CardFault, CardTrouble, Presence
from hardware.card.simulated import READER, SimulatedCardReader
from hardware.health import Condition
from hardware.world.memory import MemoryWorld


@pytest.fixture
def world() -> MemoryWorld:
    return MemoryWorld()


@pytest.fixture
async def reader(world: MemoryWorld) -> AsyncIterator[SimulatedCardReader]:
    reader = SimulatedCardReader(world)
    await reader.open()
    yield reader
    await reader.close()


def words(world: MemoryWorld) -> list[str]:
    return [noted.happening.word for noted in world.happenings()]


async def test_a_good_card_reads_like_the_real_one(world: MemoryWorld, reader: SimulatedCardReader):
    watch = reader.watch()
    assert await anext(watch) == Presence(False, 0, READER)
    assert await reader.read() == CardFault(CardTrouble.NO_CARD)
    world.change("card", present=True)
    assert await anext(watch) == Presence(True, 1, READER)
    claim = await reader.read(insertion=1)
    assert isinstance(claim, CardClaim)
    assert (claim.assurance, claim.nik, claim.name) == (Assurance.CARD, "", "")
    assert claim.photo.startswith(b"\xff\xd8")
    assert claim.photo.endswith(b"\xff\xd9")
    world.change("card", present=False)
    assert await anext(watch) == Presence(False, 1, READER)
    assert words(world) == ["card.laid", "card.read", "card.lifted"]
    assert world.happenings()[1].happening.took_ms > 0


@pytest.mark.parametrize(
    ("kind", "trouble", "word"),
    [
        ("broken", CardTrouble.UNREADABLE, "card.unreadable"),
        ("foreign", CardTrouble.NOT_KTP, "card.not_ktp"),
        ("not_ktp", CardTrouble.NOT_KTP, "card.not_ktp"),
    ],
)
async def test_other_cards(
    world: MemoryWorld, reader: SimulatedCardReader, kind: str, trouble: CardTrouble, word: str
):
    world.change("card", kind=kind, present=True)
    fault = await reader.read(insertion=1)
    assert isinstance(fault, CardFault)
    assert (fault.trouble, fault.insertion) == (trouble, 1)
    assert words(world)[-1] == word


async def test_lifted_while_reading(world: MemoryWorld, reader: SimulatedCardReader):
    world.change("card", present=True, lift_while_reading=True)
    fault = await reader.read(insertion=1)
    assert isinstance(fault, CardFault)
    assert fault.trouble is CardTrouble.REMOVED
    assert not world.state.card.present
    assert words(world) == ["card.laid", "card.lifted_while_reading"]


async def test_swapped_while_reading(world: MemoryWorld, reader: SimulatedCardReader):
    world.change("card", present=True)
    read = asyncio.create_task(reader.read(insertion=1))
    await asyncio.sleep(0.1)
    world.change("card", present=False)
    world.change("card", present=True)
    assert (await read).trouble is CardTrouble.REMOVED  # type: ignore[union-attr]
    assert isinstance(await reader.read(insertion=2), CardClaim)


async def test_mute_is_busy_until_it_speaks_again(world: MemoryWorld, reader: SimulatedCardReader):
    world.change("card", present=True, mute=True)
    assert (await reader.read(deadline=0.2)).trouble is CardTrouble.BUSY  # type: ignore[union-attr]
    assert await reader.read() == CardFault(CardTrouble.BUSY, 0, "earlier_read")
    assert (await reader.health()).condition is Condition.UNKNOWN
    assert words(world)[-1] == "card.no_answer"
    world.change("card", mute=False)
    await asyncio.sleep(0.15)
    assert isinstance(await reader.read(), CardClaim)


async def test_unplugged(world: MemoryWorld, reader: SimulatedCardReader):
    watch = reader.watch()
    await anext(watch)
    world.change("card", present=True)
    await anext(watch)
    world.change("card", plugged=False)
    assert await anext(watch) == Presence(False, 1, "")
    assert (await reader.read()).trouble is CardTrouble.NO_READER  # type: ignore[union-attr]
    assert (await reader.health()).condition is Condition.ABSENT


async def test_a_card_that_lay_there_before_is_not_fresh(world: MemoryWorld):
    world.change("card", present=True)
    reader = build("simulated", world=world)
    await reader.open()
    assert await anext(reader.watch()) == Presence(True, 0, READER)
    world.change("card", present=False)
    world.change("card", present=True)
    claim = await reader.read(insertion=1)
    assert isinstance(claim, CardClaim)
    await reader.close()
    assert [presence async for presence in reader.watch()] == []


def test_the_factory_refuses_what_cannot_work():
    with pytest.raises(ValueError):
        build("simulated")
    with pytest.raises(ValueError):
        build("pcsc", contactless_reader="(")


def test_the_port_and_the_simulator_load_no_engine():
    code = (
        "import sys, hardware.card, hardware.card.port, hardware.card.simulated, hardware.card.sam;"
        "from hardware.world.memory import MemoryWorld; hardware.card.build('simulated', world=MemoryWorld());"
        "sys.exit(any(name.split('.')[0] == 'smartcard' for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
