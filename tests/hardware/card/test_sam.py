"""The SAM client against its simulator, in this process and as a process of its own."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from hardware.card import build
from hardware.card.port import Assurance, CardClaim, CardFault, CardTrouble
from hardware.card.sam import SamCardReader, SamClient, SamError
from hardware.card.sam_simulator import CARD, PEOPLE, SamSimulator, Table
from hardware.card.simulated import SimulatedCardReader
from hardware.health import Condition
from hardware.world.memory import MemoryWorld

OTHER_UID = bytes.fromhex("04999999999999")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "sam.sock"


@pytest.fixture
async def simulator(path: Path) -> AsyncIterator[SamSimulator]:
    simulator = SamSimulator(path)
    await simulator.open()
    yield simulator
    await simulator.close()


@pytest.fixture
async def inner() -> AsyncIterator[SimulatedCardReader]:
    world = MemoryWorld()
    reader = SimulatedCardReader(world)
    await reader.open()
    world.change("card", present=True)
    yield reader
    await reader.close()


async def test_a_finger_that_matches_is_the_highest_claim(
    simulator: SamSimulator, inner: SimulatedCardReader, path: Path
):
    reader = SamCardReader(inner, SamClient(path), finger=True)
    claim = await reader.read(insertion=1)
    assert isinstance(claim, CardClaim)
    assert claim.assurance is Assurance.SAM_FINGERPRINT
    assert (claim.nik, claim.name, claim.sex) == (PEOPLE[0]["nik"], "CONTOH BENGKEL", "L")
    assert claim.uid == CARD
    assert claim.photo
    assert claim.nik not in repr(claim)
    assert "CONTOH" not in repr(claim)


@pytest.mark.parametrize(
    ("finger", "matches", "asked"), [(False, True, True), (True, False, True), (True, True, False)]
)
async def test_without_a_matching_finger_it_is_a_sam_claim(
    simulator: SamSimulator, inner: SimulatedCardReader, path: Path, finger: bool, matches: bool, asked: bool
):
    simulator.table.finger, simulator.table.finger_matches = finger, matches
    claim = await SamCardReader(inner, SamClient(path), finger=asked).read(deadline=1.5)
    assert isinstance(claim, CardClaim)
    assert claim.assurance is Assurance.SAM
    assert claim.nik == PEOPLE[0]["nik"]


async def test_another_card_on_the_sam_is_never_joined(
    simulator: SamSimulator, inner: SimulatedCardReader, path: Path
):
    simulator.table.cards[OTHER_UID] = PEOPLE[1]
    simulator.table.present = OTHER_UID
    fault = await SamCardReader(inner, SamClient(path)).read()
    assert isinstance(fault, CardFault)
    assert fault.trouble is CardTrouble.REMOVED
    with pytest.raises(SamError) as caught:
        await SamClient(path).verify(CARD, finger=False, seconds=1)
    assert caught.value.trouble is CardTrouble.REMOVED


@pytest.mark.parametrize("required", [False, True])
@pytest.mark.parametrize("fault", ["", "sam_missing", "garbage", "mute", "stranger"])
async def test_a_sam_that_does_not_work(inner: SimulatedCardReader, path: Path, fault: str, required: bool):
    simulator = SamSimulator(path, Table(fault=fault))
    if fault:
        await simulator.open()
    owners = frozenset({4242}) if fault == "stranger" else None
    reader = SamCardReader(inner, SamClient(path, owners), required=required)
    outcome = await reader.read(deadline=0.8)
    if required:
        assert isinstance(outcome, CardFault)
        assert outcome.trouble is (CardTrouble.BUSY if fault == "mute" else CardTrouble.SAM_MISSING)
    else:
        assert isinstance(outcome, CardClaim)
        assert (outcome.assurance, outcome.nik) == (Assurance.CARD, "")
    if fault != "mute":
        health = await reader.health()
        assert health.condition is (Condition.FAILED if required else Condition.DEGRADED)
        assert health.detail == "sam_missing"
    await simulator.close()


async def test_cancel_ends_a_waiting_finger(simulator: SamSimulator, path: Path):
    simulator.table.finger = False
    client = SamClient(path)
    scan = asyncio.create_task(client.scan_finger(5))
    await asyncio.sleep(0.1)
    await client.cancel()
    assert await asyncio.wait_for(scan, 2) is False


@pytest.mark.parametrize(
    "line",
    [b"\n", b"[]\n", b"{}\n", b'{"id": 1}\n', b"\xff\xfe\n", b'{"id"', b"", b"x" * 70000 + b"\n"],
    ids=["empty", "list", "object", "wrong-id", "not-text", "half", "nothing", "endless"],
)
async def test_any_nonsense_is_typed(path: Path, line: bytes):
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.write(line)
        writer.close()

    server = await asyncio.start_unix_server(serve, path)
    with pytest.raises(SamError) as caught:
        await SamClient(path).tag()
    assert caught.value.trouble is CardTrouble.SAM_MISSING
    server.close()


@pytest.fixture
def process(path: Path) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "hardware.card.sam_simulator", str(path)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "listening\n"
    yield process
    process.kill()
    process.wait(10)


async def test_as_a_process_of_its_own(
    process: subprocess.Popen[str], inner: SimulatedCardReader, path: Path
):
    reader = SamCardReader(inner, SamClient(path), finger=True, required=True)
    claim = await reader.read()
    assert isinstance(claim, CardClaim)
    assert claim.assurance is Assurance.SAM_FINGERPRINT
    process.terminate()
    assert await asyncio.to_thread(process.wait, 10) == 0
    fault = await reader.read()
    assert isinstance(fault, CardFault)
    assert fault.trouble is CardTrouble.SAM_MISSING


def test_invented_people_only():
    assert all(person["nik"].startswith("99") and "CONTOH" in person["name"] for person in PEOPLE)
    assert "CONTOH" not in repr(Table())


def test_the_factory_joins_them(path: Path):
    assert isinstance(build("simulated", world=MemoryWorld(), sam_socket=path), SamCardReader)
