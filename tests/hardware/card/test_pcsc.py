"""The driver on a real pcscd with virtual cards."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator

import pytest

from hardware.card.pcsc import PcscCardReader
from hardware.card.port import Assurance, CardClaim, CardFault, CardTrouble, Presence
from hardware.card.watcher import Roles
from hardware.health import Condition
from tests.hardware.card.pcscd import READER_PATTERN, SECOND_PATTERN, Pcscd, running_pcscd
from tests.hardware.card.virtual_card import Act, GarbageCard, OtherCard, VirtualKtp, VirtualSlot, photo_of

pytestmark = pytest.mark.real

PHOTO = 300
COMMANDS = 8
"""UID, two SELECT, the head, two pieces, the head again, UID: what a read of a photo of PHOTO bytes takes."""


def ktp(seed: int) -> VirtualKtp:
    return VirtualKtp(seed, photo=photo_of(seed, PHOTO))


async def until(watch: AsyncIterator[Presence], present: bool, beyond: int = -1) -> Presence:
    """The next presence of that kind, with an insertion number above `beyond`."""
    async with asyncio.timeout(10):
        async for presence in watch:
            if presence.present is present and presence.insertion > beyond:
                return presence
    raise AssertionError("the watch ended")


async def until_health(reader: PcscCardReader, detail: str) -> None:
    async with asyncio.timeout(10):
        while (await reader.health()).detail != detail:  # noqa: ASYNC110 -- health is asked, it tells nothing
            await asyncio.sleep(0.05)


def test_a_whole_read_has_the_commands_this_file_counts_on():
    from hardware.card.chip import read_chip

    sent: list[bytes] = []
    card = ktp(1)
    read_chip(lambda command: (sent.append(command), card.answer(command))[1])
    assert len(sent) == COMMANDS


async def test_a_card_is_seen_and_read_as_often_as_asked(pcscd: Pcscd, reader: PcscCardReader):
    watch = reader.watch()
    assert await anext(watch) == Presence(False, 0, "Anjungan Virtual PCD 00 00")
    assert await reader.read() == CardFault(CardTrouble.NO_CARD)
    assert (await reader.health()).condition is Condition.READY
    card = VirtualKtp(4)
    pcscd.slot.insert(card)
    assert (await until(watch, True)).insertion == 1
    for _ in range(3):
        claim = await reader.read(insertion=1)
        assert isinstance(claim, CardClaim)
        assert (claim.uid, claim.photo) == (card.uid, card.photo)
        assert (claim.insertion, claim.assurance) == (1, Assurance.CARD)
        assert (claim.nik, claim.name) == ("", "")
        assert claim.took_ms > 0
    pcscd.slot.remove()
    await until(watch, False)
    assert (await reader.read(insertion=1)).trouble is CardTrouble.REMOVED  # type: ignore[union-attr]
    pcscd.slot.insert(VirtualKtp(5, type_b=True))
    assert (await until(watch, True)).insertion == 2
    assert (await reader.read(insertion=1)).trouble is CardTrouble.REMOVED  # type: ignore[union-attr]
    claim = await reader.read(insertion=2)
    assert isinstance(claim, CardClaim)
    assert claim.uid == VirtualKtp(5).uid


async def test_a_card_that_lay_there_before_is_not_a_fresh_one(pcscd: Pcscd):
    reader = PcscCardReader(Roles(READER_PATTERN))
    await reader.open()
    pcscd.slot.insert(ktp(1))
    await until(reader.watch(), True)
    await reader.close()
    await reader.open()
    assert await anext(reader.watch()) == Presence(True, 0, "Anjungan Virtual PCD 00 00")
    claim = await reader.read()
    assert isinstance(claim, CardClaim)
    assert claim.insertion == 0
    await reader.close()
    assert [presence async for presence in reader.watch()] == []
    assert await reader.read() == CardFault(CardTrouble.NO_READER, 0, "not_open")


async def test_wrong_cards_and_garbage(pcscd: Pcscd, reader: PcscCardReader):
    watch = reader.watch()
    insertion = 0
    for card, trouble in (
        (OtherCard(3), CardTrouble.NOT_KTP),
        (GarbageCard(3), CardTrouble.UNREADABLE),
        (VirtualKtp(3, photo=b""), CardTrouble.UNREADABLE),
    ):
        pcscd.slot.insert(card)
        insertion = (await until(watch, True, insertion)).insertion
        fault = await reader.read(insertion=insertion)
        assert isinstance(fault, CardFault)
        assert fault.trouble is trouble
        assert fault.insertion == insertion
        pcscd.slot.remove()
        await until(watch, False)


async def test_removal_at_every_command(pcscd: Pcscd, reader: PcscCardReader):
    watch = reader.watch()
    insertion = 0
    for at in range(COMMANDS):
        pcscd.slot.insert(ktp(1), {at: Act(vanish=True)})
        insertion = (await until(watch, True, insertion)).insertion
        fault = await reader.read(insertion=insertion)
        assert isinstance(fault, CardFault), at
        assert (fault.trouble, fault.insertion) == (CardTrouble.REMOVED, insertion), (at, fault)
        await until(watch, False)
    # Nothing is left over: the next card reads.
    pcscd.slot.insert(ktp(2))
    insertion = (await until(watch, True, insertion)).insertion
    assert isinstance(await reader.read(insertion=insertion), CardClaim)


async def test_swap_at_every_command_never_mixes(pcscd: Pcscd):
    """A is lifted at each command in turn, before or after its answer, and B lies there 30 ms later, or at once.

    On two readers side by side, only to save time.
    """
    await asyncio.gather(
        _swap_at_every_command(pcscd.slot, READER_PATTERN, gap=0.03, answer_first=False),
        _swap_at_every_command(pcscd.second, SECOND_PATTERN, gap=0.0, answer_first=True),
    )


async def _swap_at_every_command(slot: VirtualSlot, pattern: str, *, gap: float, answer_first: bool) -> None:
    reader = PcscCardReader(Roles(pattern))
    await reader.open()
    watch = reader.watch()
    first, second = ktp(1), ktp(2)

    def lay_second() -> None:
        time.sleep(gap)
        slot.insert(second)

    insertion = 0
    for at in range(COMMANDS):
        slot.insert(first, {at: Act(vanish=True, answer_first=answer_first, then=lay_second)})
        insertion = (await until(watch, True, insertion)).insertion
        outcome = await reader.read(insertion=insertion)
        unnoticed = False
        if isinstance(outcome, CardClaim):
            # Only where A had said everything before it left; and then it is A's whole.
            assert (at, answer_first) == (COMMANDS - 1, True)
            assert (outcome.uid, outcome.photo) == (first.uid, first.photo)
        elif (at, answer_first) == (0, False):
            # A said nothing yet: if pcscd's look missed the swap too, there is no A to tell B from.
            assert outcome.trouble in (CardTrouble.REMOVED, CardTrouble.UNREADABLE)
            unnoticed = outcome.trouble is CardTrouble.UNREADABLE
        else:
            assert outcome.trouble is CardTrouble.REMOVED, (at, outcome)
            assert outcome.insertion == insertion
        # B has a number of its own, whether pcscd noticed the swap or the read did, and reads as itself.
        if not unnoticed:
            old, insertion = insertion, (await until(watch, True, insertion)).insertion
            assert (await reader.read(insertion=old)).trouble is CardTrouble.REMOVED  # type: ignore[union-attr]
        claim = await reader.read(insertion=insertion)
        assert isinstance(claim, CardClaim), (at, claim)
        assert (claim.uid, claim.photo) == (second.uid, second.photo)
        slot.remove()
        await until(watch, False, insertion - 1)
    await reader.close()


async def test_pcscd_killed_and_restarted_while_watching(pcscd: Pcscd, reader: PcscCardReader):
    watch = reader.watch()
    insertion = 0
    for seed in (1, 2):
        pcscd.slot.insert(ktp(seed))
        insertion = (await until(watch, True, insertion)).insertion
        assert isinstance(await reader.read(insertion=insertion), CardClaim)
        pcscd.kill()
        assert (await until(watch, False)).reader == ""
        health = await reader.health()
        assert (health.condition, health.detail) == (Condition.ABSENT, "service_down")
        assert (await reader.read()).trouble is CardTrouble.SERVICE_DOWN  # type: ignore[union-attr]
        pcscd.slot.remove()
        pcscd.start()
    pcscd.slot.insert(ktp(3))
    insertion = (await until(watch, True, insertion)).insertion
    claim = await reader.read(insertion=insertion)
    assert isinstance(claim, CardClaim)
    assert claim.uid == ktp(3).uid


async def test_pcscd_killed_in_the_middle_of_a_read(pcscd: Pcscd, reader: PcscCardReader):
    watch = reader.watch()
    pcscd.slot.insert(ktp(1), {4: Act(hang=1.0)})
    await until(watch, True)
    read = asyncio.create_task(reader.read(insertion=1))
    await asyncio.sleep(0.3)
    pcscd.kill()
    fault = await read
    assert isinstance(fault, CardFault)
    assert fault.trouble is CardTrouble.SERVICE_DOWN
    pcscd.slot.remove()
    pcscd.start()
    pcscd.slot.insert(ktp(2))
    insertion = (await until(watch, True, 1)).insertion
    assert isinstance(await reader.read(insertion=insertion), CardClaim)


async def test_a_card_that_hangs_gives_busy_while_the_loop_lives(pcscd: Pcscd, reader: PcscCardReader):
    watch = reader.watch()
    pcscd.slot.insert(ktp(1), {3: Act(hang=2.5)})
    await until(watch, True)
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            ticks += 1
            await asyncio.sleep(0.01)

    ticker = asyncio.create_task(tick())
    fault = await reader.read(insertion=1, deadline=0.6)
    assert fault == CardFault(CardTrouble.BUSY, 1, "deadline")
    # A loop that stood still for the 0.6 s would have ticked once or twice.
    assert ticks > 15
    ticker.cancel()
    assert await reader.read(insertion=1) == CardFault(CardTrouble.BUSY, 1, "earlier_read")
    health = await reader.health()
    assert (health.condition, health.detail) == (Condition.UNKNOWN, "busy")
    await until_health(reader, "")
    assert isinstance(await reader.read(insertion=1), CardClaim)


async def test_closing_does_not_wait_for_a_card_that_hangs(pcscd: Pcscd):
    reader = PcscCardReader(Roles(READER_PATTERN))
    await reader.open()
    pcscd.slot.insert(ktp(1), {3: Act(hang=1.5)})
    await until(reader.watch(), True)
    assert (await reader.read(deadline=0.2)).trouble is CardTrouble.BUSY  # type: ignore[union-attr]
    await reader.close()
    assert await reader.read() == CardFault(CardTrouble.NO_READER, 0, "not_open")
    await reader.open()
    # The driver still holds it, for this reader object and for any other program.
    assert (await reader.read()).trouble is CardTrouble.BUSY  # type: ignore[union-attr]
    other = PcscCardReader(Roles(READER_PATTERN))
    await other.open()
    assert (await other.read(deadline=0.3)).trouble is CardTrouble.BUSY  # type: ignore[union-attr]
    await other.close()
    await reader.close()


async def test_a_cancelled_read_frees_the_reader(pcscd: Pcscd, reader: PcscCardReader):
    pcscd.slot.insert(ktp(1), {3: Act(hang=0.5)})
    await until(reader.watch(), True)
    read = asyncio.create_task(reader.read())
    await asyncio.sleep(0.2)
    read.cancel()
    with pytest.raises(asyncio.CancelledError):
        await read
    async with asyncio.timeout(10):
        while isinstance(claim := await reader.read(), CardFault):
            assert claim.trouble is CardTrouble.BUSY
            await asyncio.sleep(0.05)


async def test_no_reader_then_plugged_then_unplugged():
    with running_pcscd(reader=False) as service:
        reader = PcscCardReader(Roles(READER_PATTERN))
        assert (await reader.health()).detail == "no_reader"
        await reader.open()
        watch = reader.watch()
        assert (await reader.read()).trouble is CardTrouble.NO_READER  # type: ignore[union-attr]
        service.kill()
        service.start(reader=True)
        await until_health(reader, "")
        service.slot.insert(ktp(1))
        insertion = (await until(watch, True)).insertion
        assert isinstance(await reader.read(insertion=insertion), CardClaim)
        service.kill()
        service.start(reader=False)
        await until_health(reader, "no_reader")
        assert (await reader.read()).trouble is CardTrouble.NO_READER  # type: ignore[union-attr]
        await reader.close()


async def test_a_pattern_that_fits_no_reader_or_several(pcscd: Pcscd):
    for pattern, detail in (("^Other", "no_reader"), ("Virtual", "several_readers")):
        reader = PcscCardReader(Roles(pattern))
        await reader.open()
        assert (await reader.health()).detail == detail
        await reader.close()
    with pytest.raises(ValueError):
        Roles("(")


async def test_no_service_at_all():
    with running_pcscd() as service:
        service.kill()
        reader = PcscCardReader(Roles(READER_PATTERN))
        assert (await reader.health()).detail == "service_down"
        await reader.open()
        assert (await reader.read()).trouble is CardTrouble.SERVICE_DOWN  # type: ignore[union-attr]
        service.start()
        service.slot.insert(ktp(1))
        presence = await until(reader.watch(), True)
        # Nobody saw it being laid down, or it came just after the first look.
        assert presence.insertion in (0, 1)
        await reader.close()


async def test_nothing_of_the_card_in_logs_or_reprs(
    pcscd: Pcscd, reader: PcscCardReader, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
):
    caplog.set_level(logging.DEBUG)
    watch = reader.watch()
    pcscd.slot.insert(ktp(1))
    await until(watch, True)
    claim = await reader.read()
    assert isinstance(claim, CardClaim)
    pcscd.slot.remove()
    await until(watch, False)
    pcscd.slot.insert(ktp(2), {5: Act(vanish=True)})
    await until(watch, True)
    fault = await reader.read()
    out, err = capfd.readouterr()
    said = " ".join(
        [caplog.text, out, err, repr(claim), repr(fault), repr(await reader.health()), pcscd.log]
    ).lower()
    for card in (ktp(1), ktp(2)):
        for form in (card.uid.hex(), card.uid.hex(" "), repr(card.uid)[2:-1].lower(), card.photo[:8].hex()):
            assert form not in said
