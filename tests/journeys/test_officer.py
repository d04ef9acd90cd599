"""An officer unlocks a real visit: real pcscd with virtual cards, real store, real argon2id; then helps and goes."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from hardware.card.pcsc import PcscCardReader
from hardware.card.watcher import Roles
from kiosk.effects.tools import Tools
from kiosk.flow.events import Answer, Begin, Choose, Leave
from kiosk.flow.model import Place, Visit
from kiosk.flow.officer_events import AskToFill, DoorKey, DoorOn, MarkLevel, OpenDoor, PointOn
from kiosk.identity import one_time
from kiosk.identity.officers import Officer, Role
from kiosk.insight import chain
from kiosk.insight.vocabulary import faults
from kiosk.settings import Settings
from kiosk.settings.model import Store as StoreSettings
from kiosk.store import Event
from kiosk.store.officers import hash_pin, keep_officers
from tests.hardware.card.pcscd import READER_PATTERN, Pcscd, running_pcscd
from tests.hardware.card.virtual_card import VirtualKtp
from tests.hardware.card.virtual_officer import ReplayingCard, VirtualOfficerCard, VirtualPivCard
from tests.journeys.conducted import Conducted, conducted

pytestmark = pytest.mark.real

PIN, SECRET = "739154", one_time.secret_text(bytes(range(20)))
SARI, BUDI, DANI = VirtualOfficerCard(7), VirtualPivCard(8), VirtualOfficerCard(9)


@pytest.fixture(scope="module")
def hashed() -> str:
    return hash_pin(PIN)


@pytest.fixture
def settings(tmp_path: Path, hashed: str) -> Settings:
    made = replace(Settings(), store=StoreSettings(folder=str(tmp_path / "store")))
    keep_officers(
        made,
        [
            Officer("07", "abcdefgh", "Bu Sari", Role.OFFICER, "Loket 2", hashed, SARI.point, SECRET),
            Officer("08", "ijklmnop", "Pak Budi", Role.SUPERVISOR, "", hashed, BUDI.point),
            Officer("99", "qrstuvwx", "Pak Dani", Role.IT, "", hashed, DANI.point),
        ],
    )
    return made


@asynccontextmanager
async def visiting(settings: Settings, *, reader: bool = True) -> AsyncIterator[Conducted]:
    tools = Tools(settings, "run")
    if reader:
        tools.card = PcscCardReader(Roles(READER_PATTERN))
    async with conducted(tools) as one:
        if reader:
            await one.until(lambda _: tools.card_watched, "the reader")
        one.do(Begin(), Choose("none"))
        yield one


@pytest.fixture
def pcscd():
    with running_pcscd() as service:
        yield service


def digits(one: Conducted, text: str) -> None:
    one.do(*(DoorKey(digit) for digit in text))


def typed_code(one: Conducted, pin: str = PIN, code: str = "") -> None:
    one.do(OpenDoor())
    digits(one, "07")
    one.do(DoorOn())
    digits(one, pin)
    one.do(DoorOn())
    digits(one, code or one_time.code_at(SECRET, int(time.time() // 30)))


def word(visit: Visit) -> str:
    return visit.officer.door.word if visit.officer.door is not None else ""


def open_at(visit: Visit) -> str:
    door = visit.officer.door
    return door.stage if door is not None and not door.busy else ""


async def events(one: Conducted) -> list[Event]:
    return await one.tools.store.do(lambda store: store.events.since())


def told(found: list[Event], kind: str) -> list[dict[str, object]]:
    return [dict(event.data) for event in found if event.kind == kind]


@pytest.mark.parametrize(("card", "alias"), [(SARI, "abcdefgh"), (BUDI, "ijklmnop")], ids=["applet", "piv"])
async def test_card_and_pin_open_the_assisted_mode(
    settings: Settings, pcscd: Pcscd, card: VirtualOfficerCard, alias: str
) -> None:
    async with visiting(settings) as one:
        pcscd.slot.insert(card)
        await one.until(lambda visit: open_at(visit) == "pin", "the door")
        digits(one, "739155")
        one.do(DoorOn())
        await one.until(lambda visit: word(visit) == "wrong", "the refusal")
        digits(one, PIN)
        one.do(DoorOn())
        visit = await one.until(lambda visit: visit.officer.assist is not None, "assisted")
        assert visit.officer.assist is not None
        assert (visit.officer.assist.alias, visit.officer.assist.failed) == (alias, 1)
        found = await events(one)
        assert told(found, "unlock_refused") == [{"duty": "assist", "officer": alias, "detail": "wrong"}]
        assert told(found, "unlock")[0]["detail"] == "card"


async def test_a_card_lifted_midway_opens_nothing(settings: Settings, pcscd: Pcscd) -> None:
    async with visiting(settings) as one:
        pcscd.slot.insert(SARI)
        await one.until(lambda visit: open_at(visit) == "pin", "the door")
        digits(one, PIN[:4])
        pcscd.slot.remove()
        await one.until(lambda visit: word(visit) == "lifted", "lifted")
        pcscd.slot.insert(SARI)
        await one.until(lambda visit: open_at(visit) == "pin", "the door again")
        digits(one, PIN)
        # Lifted in the moment in which the PIN is sent off: the card is asked again, and is not there.
        pcscd.slot.remove()
        one.do(DoorOn())
        await one.until(lambda visit: open_at(visit) == "number", "begun anew")
        assert one.visit.officer.assist is None
        assert told(await events(one), "unlock") == []


async def test_a_swapped_or_replaying_or_strange_card_opens_nothing(settings: Settings, pcscd: Pcscd) -> None:
    overheard = SARI.signature(os.urandom(32))
    async with visiting(settings) as one:
        for card in (ReplayingCard(SARI.point, overheard), VirtualOfficerCard(77), VirtualKtp(3)):
            before = one.visit.insertion
            pcscd.slot.insert(card)
            await one.until(lambda visit, before=before: visit.insertion > before, "the card")
            await one.until(lambda visit: not visit.officer.reading, "the proof")
            assert one.visit.place is Place.MENU
            pcscd.slot.remove()
            await one.until(lambda visit: not visit.card_present, "lifted")
        # The officer's own card first, another one in its place when the PIN is checked.
        pcscd.slot.insert(SARI)
        await one.until(lambda visit: open_at(visit) == "pin", "the door")
        digits(one, PIN)
        pcscd.slot.swap(VirtualOfficerCard(77))
        one.do(DoorOn())
        await one.until(lambda visit: bool(word(visit)) or open_at(visit) == "number", "refused")
        assert one.visit.officer.assist is None
        assert told(await events(one), "unlock") == []


async def test_the_wrong_role_is_told_so_and_opens_nothing(settings: Settings, pcscd: Pcscd) -> None:
    async with visiting(settings) as one:
        pcscd.slot.insert(DANI)
        await one.until(lambda visit: open_at(visit) == "pin", "the door")
        digits(one, PIN)
        one.do(DoorOn())
        await one.until(lambda visit: word(visit) == "role", "the refusal")
        assert told(await events(one), "unlock_refused")[0]["detail"] == "role"


async def test_number_pin_and_code_open_where_there_is_no_card_and_no_reader(settings: Settings) -> None:
    async with visiting(settings, reader=False) as one:
        code = one_time.code_at(SECRET, int(time.time() // 30))
        typed_code(one, code=code)
        await one.until(lambda visit: visit.officer.assist is not None, "assisted")
        one.do(Choose("apply"), PointOn(), AskToFill(), Answer(False))
        assert one.visit.officer.assist is not None
        assert one.visit.officer.assist.filling
        one.do(Choose("resume"), Leave(), Answer(False))
        await one.until(lambda visit: visit.stage is Place.FAREWELL, "the end")
        await asyncio.sleep(0.2)
        found = await events(one)
        assert told(found, "lock") == [{"duty": "assist", "officer": "abcdefgh", "detail": "over"}]
        assert told(found, "fill_consent") == [{"place": "search", "detail": "yes"}]
        assert told(found, "help_level") == [{"place": "search", "level": 3, "by": "kiosk"}]
        assert not any(faults(event.kind, event.data) for event in found)
        rows = await one.tools.store.do(lambda store: list(store.events.rows()))
        assert chain.verify(rows).whole
        text = repr([(event.session, event.kind, event.data) for event in found])
        for secret in (PIN, code, "Sari", SECRET):
            assert secret not in text


async def test_a_code_that_was_used_opens_no_second_time(settings: Settings) -> None:
    async with visiting(settings, reader=False) as one:
        code = one_time.code_at(SECRET, int(time.time() // 30))
        typed_code(one, code=code)
        await one.until(lambda visit: visit.officer.assist is not None, "assisted")
    async with visiting(settings, reader=False) as two:
        typed_code(two, code=code)
        await two.until(lambda visit: word(visit) == "wrong", "refused")


async def test_level_zero_is_written_as_a_number(settings: Settings) -> None:
    async with visiting(settings, reader=False) as one:
        typed_code(one)
        await one.until(lambda visit: visit.officer.assist is not None, "assisted")
        one.do(Choose("queue"))
        await one.at(Place.SERVICES)
        from kiosk.flow.events import Back

        one.do(Back(), MarkLevel(0))
        await asyncio.sleep(0.2)
        assert told(await events(one), "help_level") == [{"place": "services", "level": 0, "by": "officer"}]


async def test_the_command_enrols_the_card_that_lies_on_the_reader(
    tmp_path: Path, pcscd: Pcscd, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import io
    import sys

    from kiosk.main.cli import main
    from kiosk.settings.load import load
    from kiosk.store.officers import known_officers

    file = tmp_path / "kiosk.toml"
    file.write_text(
        f'[store]\nfolder = "{tmp_path / "store"}"\n[devices.card]\nkind = "real"\nreader = \'{READER_PATTERN}\'\n'
    )

    def add() -> int:
        monkeypatch.setattr(sys, "stdin", io.StringIO(PIN + "\n"))
        words = ["add", "07", "--name", "Bu Sari", "--card", "--pin-stdin"]
        return main(["officer", "--settings", str(file), *words])

    pcscd.slot.insert(VirtualKtp(3))
    assert await asyncio.to_thread(add) == 1
    assert "not_officer" in capsys.readouterr().err
    pcscd.slot.remove()
    await asyncio.sleep(1)
    pcscd.slot.insert(BUDI)
    assert await asyncio.to_thread(add) == 0
    assert known_officers(load(file))[0].card == BUDI.point
