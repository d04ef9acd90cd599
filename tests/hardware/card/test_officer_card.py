"""Officer cards on a real pcscd: both sorts sign, others are named, nothing half done passes for a proof."""

from __future__ import annotations

import asyncio
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.card.chip import ChipError
from hardware.card.officer_card import sign
from hardware.card.pcsc import PcscCardReader
from hardware.card.port import CardClaim, CardFault, CardProof, CardTrouble
from hardware.card.simulated import SimulatedCardReader, officer_point
from hardware.world.memory import MemoryWorld
from tests.hardware.card.pcscd import Pcscd
from tests.hardware.card.test_pcsc import until
from tests.hardware.card.virtual_card import Act, GarbageCard, OtherCard, VirtualKtp
from tests.hardware.card.virtual_officer import (
    ReplayingCard,
    VirtualOfficerCard,
    VirtualPivCard,
    believes,
)

COMMANDS = 3
"""SELECT, GET PUBLIC KEY, INTERNAL AUTHENTICATE."""


async def lay(
    pcscd: Pcscd, reader: PcscCardReader, card: VirtualKtp, acts: dict[int, Act] | None = None
) -> int:
    pcscd.slot.remove()
    watch = reader.watch()
    before = await until(watch, False)
    pcscd.slot.insert(card, acts)
    return (await until(watch, True, before.insertion)).insertion


@pytest.mark.real
@pytest.mark.parametrize("card", [VirtualOfficerCard(), VirtualPivCard()], ids=["applet", "piv"])
async def test_an_officer_card_signs_each_challenge(
    pcscd: Pcscd, reader: PcscCardReader, card: VirtualOfficerCard
) -> None:
    number = await lay(pcscd, reader, card)
    for _ in range(2):
        challenge = os.urandom(32)
        proof = await reader.sign(challenge, insertion=number)
        assert isinstance(proof, CardProof)
        assert (proof.insertion, proof.point) == (number, card.point)
        assert believes(card.point, challenge, proof.signature)
        assert not believes(card.point, os.urandom(32), proof.signature)
        assert proof.signature.hex() not in repr(proof)


@pytest.mark.real
async def test_other_cards_are_no_officer_cards(pcscd: Pcscd, reader: PcscCardReader) -> None:
    for card, trouble in (
        (VirtualKtp(3), CardTrouble.NOT_OFFICER),
        (OtherCard(3), CardTrouble.NOT_OFFICER),
        (GarbageCard(3), CardTrouble.UNREADABLE),
        (VirtualPivCard(packed=True), CardTrouble.UNREADABLE),
    ):
        number = await lay(pcscd, reader, card)
        fault = await reader.sign(os.urandom(32), insertion=number)
        assert isinstance(fault, CardFault)
        assert fault.trouble is trouble
    number = await lay(pcscd, reader, VirtualOfficerCard())
    assert (await reader.read(insertion=number)).trouble is CardTrouble.NOT_KTP  # type: ignore[union-attr]
    number = await lay(pcscd, reader, VirtualKtp(4))
    assert isinstance(await reader.read(insertion=number), CardClaim)


@pytest.mark.real
async def test_a_card_lifted_at_any_command_proves_nothing(pcscd: Pcscd, reader: PcscCardReader) -> None:
    for at in range(COMMANDS):
        number = await lay(pcscd, reader, VirtualOfficerCard(), {at: Act(vanish=True)})
        fault = await reader.sign(os.urandom(32), insertion=number)
        assert isinstance(fault, CardFault)
        assert fault.trouble is CardTrouble.REMOVED
    number = await lay(pcscd, reader, VirtualOfficerCard())
    assert (await reader.sign(os.urandom(32), insertion=number - 1)).trouble is CardTrouble.REMOVED  # type: ignore[union-attr]
    pcscd.slot.remove()
    await until(reader.watch(), False)
    assert (await reader.sign(os.urandom(32))).trouble is CardTrouble.NO_CARD  # type: ignore[union-attr]


@pytest.mark.real
async def test_a_replayed_signature_does_not_fit_the_next_challenge(
    pcscd: Pcscd, reader: PcscCardReader
) -> None:
    real = VirtualOfficerCard()
    overheard = real.signature(os.urandom(32))
    number = await lay(pcscd, reader, ReplayingCard(real.point, overheard))
    challenge = os.urandom(32)
    proof = await reader.sign(challenge, insertion=number)
    assert isinstance(proof, CardProof)
    assert proof.point == real.point  # it claims to be the officer's
    assert not believes(proof.point, challenge, proof.signature)


@given(st.binary(max_size=300), st.binary(max_size=300))
def test_any_answer_of_a_card_is_a_value_or_a_named_trouble(first: bytes, second: bytes) -> None:
    answers = iter([b"\x90\x00", first, second])
    trouble, point = "", b""
    try:
        point = sign(lambda _command: next(answers, b"\x90\x00"), bytes(32)).point
    except ChipError as error:
        trouble = error.trouble
    assert trouble in (CardTrouble.NOT_OFFICER, CardTrouble.UNREADABLE) or len(point) == 65


@given(st.binary(max_size=400))
def test_any_certificate_is_a_key_or_a_named_trouble(content: bytes) -> None:
    answers = iter([b"\x6a\x82", b"\x90\x00", content + b"\x90\x00"])
    with pytest.raises(ChipError):
        sign(lambda _command: next(answers, b"\x6f\x00"), bytes(32))


async def test_the_simulated_card_signs_and_can_be_lifted() -> None:
    world = MemoryWorld()
    reader = SimulatedCardReader(world)
    await reader.open()
    world.change("card", kind="good", present=True)
    assert (await reader.sign(bytes(32))).trouble is CardTrouble.NOT_OFFICER  # type: ignore[union-attr]
    world.change("card", present=False)
    world.change("card", kind="officer", present=True)
    challenge = os.urandom(32)
    proof = await reader.sign(challenge)
    assert isinstance(proof, CardProof)
    assert proof.point == officer_point()
    assert believes(proof.point, challenge, proof.signature)
    assert (await reader.read()).trouble is CardTrouble.NOT_KTP  # type: ignore[union-attr]
    asking = asyncio.ensure_future(reader.sign(challenge, insertion=2))
    await asyncio.sleep(0.05)
    world.change("card", present=False)
    assert (await asking).trouble is CardTrouble.REMOVED  # type: ignore[union-attr]
    await reader.close()
