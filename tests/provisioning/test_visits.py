"""An update, a restart, a reboot: never while somebody uses the kiosk.

Real: the updater, its agent's judgement, the keeper as a process of its own, the files between them. Played: systemd
(who answers what the process really is) and the visitor.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from provisioning.agent.machine import SystemdMachine, free, withheld
from provisioning.agent.ports import Health
from provisioning.simulation import Kiosk, issue, make_kiosk
from tests.kiosk.main.conftest import KeeperUnderTest

from .conftest import Fleet, publish
from .test_updates import want

ACTIVE = {"ActiveState": "active", "SubState": "running", "MainPID": "7"}
FREE = {"busy": False, "held": True, "pid": 7}


@pytest.mark.parametrize(
    ("unit", "said", "may"),
    [
        (ACTIVE, FREE, True),
        (ACTIVE, {**FREE, "busy": True, "held": False}, False),
        (ACTIVE, {**FREE, "held": False}, False),  # free, but somebody may touch it the next moment
        (ACTIVE, {}, False),  # old or missing: not known is in use
        (ACTIVE, {**FREE, "pid": 6}, False),  # left by an earlier keeper
        (ACTIVE, {"busy": None, "held": True, "pid": 7}, False),
        ({**ACTIVE, "ActiveState": "activating"}, {}, True),  # reports before its first picture, and has not
        ({**ACTIVE, "ActiveState": "activating"}, {**FREE, "busy": True}, False),
        ({**ACTIVE, "ActiveState": "deactivating"}, {}, False),
        ({"ActiveState": "failed", "MainPID": "0"}, {}, True),
        ({"ActiveState": "activating", "MainPID": "0"}, {}, True),  # between two starts of a crash loop
        ({"ActiveState": "deactivating", "MainPID": "0"}, {}, False),
        ({}, {}, False),
    ],
)
def test_who_counts_as_using_it(unit: dict[str, str], said: dict[str, object], may: bool) -> None:
    assert free(unit, said) is may


class Host(SystemdMachine):
    """Systemd is played: it says what the keeper's process is and starts it again."""

    def __init__(self, keeper: KeeperUnderTest, folder: Path) -> None:
        self.private, self.public, hold = folder / "run/anjungan", folder / "public", folder / "hold"
        for path in (self.private, self.public, hold):
            path.mkdir(parents=True)
        super().__init__(Path("/nowhere"), "update", self.public / "health.json", hold)
        self.keeper, self.hold_folder = keeper, hold
        self.restarts = 0

    def start(self) -> None:
        self.keeper.start(RUNTIME_DIRECTORY=f"{self.private}:{self.public}", KIOSK_HOLD=str(self.hold_folder))

    async def _unit(self) -> dict[str, str]:
        process = self.keeper.process
        if process is None or process.poll() is not None:
            return {"ActiveState": "failed", "MainPID": "0"}
        return {**ACTIVE, "MainPID": str(process.pid)}

    async def health(self) -> Health:
        return Health(True, 60.0)

    async def restart_kiosk(self) -> None:
        self.restarts += 1
        await asyncio.to_thread(self.keeper.stop)
        self.start()

    async def until(self, word: str) -> None:
        await asyncio.to_thread(self.keeper.wait, lambda: word in self.keeper.words())


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Host]:
    keeper = KeeperUnderTest(tmp_path)
    yield Host(keeper, tmp_path)
    keeper.clean()


@pytest.fixture
def kiosk(served: Fleet, host: Host, tmp_path: Path) -> Kiosk:
    identity = issue(served.home, served.book, "K-01", tmp_path / "K-01/identity")
    kiosk = make_kiosk(served.home, served.plan, identity, served.url)
    kiosk.update.machine = host
    kiosk.update.rules = replace(kiosk.update.rules, busy_wait=1.0, gate_seconds=0.0)
    publish(served, "1.0.0")
    want(served, "1.0.0")
    return kiosk


async def test_an_update_waits_for_a_visit_and_goes_on_after_it(host: Host, kiosk: Kiosk) -> None:
    host.keeper.order("busy")
    host.start()
    await host.until("shown")
    result = await kiosk.update.run()
    assert (result.stage, kiosk.update.slots.version, host.restarts) == ("waiting", "", 0)
    assert "ended" not in host.keeper.words()
    assert not list(host.hold_folder.iterdir()), "a kiosk is not kept closed by a run that gave up"
    kiosk.update.rules = replace(kiosk.update.rules, busy_wait=20.0)
    run = asyncio.create_task(kiosk.update.run())
    await asyncio.sleep(0.3)
    host.keeper.order("finish")
    result = await run
    assert (result.stage, kiosk.update.slots.version, host.restarts) == ("idle", "1.0.0", 1)
    words = host.keeper.words()
    assert words.index("ended") < words.index("keeper gone" if "keeper gone" in words else "quit")
    await asyncio.to_thread(host.keeper.stop)


async def test_an_update_of_a_free_kiosk_closes_it_first(host: Host, kiosk: Kiosk) -> None:
    host.start()
    await host.until("shown")
    kiosk.update.rules = replace(kiosk.update.rules, busy_wait=20.0)
    result = await kiosk.update.run()
    assert (result.stage, kiosk.update.slots.version, host.restarts) == ("idle", "1.0.0", 1)
    assert "rest" in host.keeper.words()
    assert not list(host.hold_folder.iterdir())
    await asyncio.to_thread(host.keeper.stop)


async def test_a_dead_kiosk_is_updated_at_once(host: Host, kiosk: Kiosk) -> None:
    host.keeper.order("busy")
    host.start()
    await host.until("shown")
    assert host.keeper.process is not None
    host.keeper.process.kill()
    host.keeper.process.wait()
    assert json.loads((host.public / "health.json").read_text())["busy"], "its last word, nobody's word now"
    host.keeper.order()
    result = await kiosk.update.run()
    assert (result.stage, kiosk.update.slots.version, host.restarts) == ("idle", "1.0.0", 1)
    await asyncio.to_thread(host.keeper.stop)


async def test_a_kiosk_that_does_not_report_is_in_use(host: Host, kiosk: Kiosk) -> None:
    host.start()
    await host.until("shown")
    host._health_file = host.public / "elsewhere.json"
    result = await kiosk.update.run()
    assert (result.stage, host.restarts) == ("waiting", 0)
    assert (await host.vitals()).busy is None
    await asyncio.to_thread(host.keeper.stop)


@pytest.mark.parametrize(
    ("line", "safe"),
    [
        ("2026-11-24T20:58:40+0000 K-01 kiosk[412]: keeper: visit ended: erased", True),
        ("restart of kiosk.service took 1200000 us", True),
        ("NIK 9971010101900001", False),
        ("9971 0101 0190 0001", False),
        ("0812-3456-7890", False),
        ("081234567890", False),
    ],
)
def test_no_number_of_a_person_leaves_with_the_logs(line: str, safe: bool) -> None:
    assert (withheld(line) == line) is safe
    assert not any(part in withheld(line) for part in ("9971", "3456"))
