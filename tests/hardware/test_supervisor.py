"""The watch over the devices: changes are said once, nothing a driver does ends it, order holds."""

from __future__ import annotations

import asyncio

import pytest

from hardware.health import Condition, Health
from hardware.printer.escpos import EscposPrinter
from hardware.printer.transport import NetworkTransport
from hardware.supervisor import LASTING_SECONDS, Lasting, Standing, Supervisor, judge
from tests.hardware.printer.emulator import PrinterEmulator, eventually


class Scripted:
    """A device that does what a test says."""

    def __init__(self, name: str, diary: list[str]) -> None:
        self.name, self.diary = name, diary
        self.condition, self.detail = Condition.READY, ""
        self.asked = 0
        self.raises = False
        self.hangs = False

    async def open(self) -> None:
        self.diary.append(f"open {self.name}")
        if self.raises:
            raise OSError

    async def close(self) -> None:
        self.diary.append(f"close {self.name}")
        if self.raises:
            raise OSError

    async def health(self) -> Health:
        self.asked += 1
        if self.raises:
            raise RuntimeError
        if self.hangs:
            await asyncio.sleep(60)
        return Health(self.name, self.condition, self.detail)


class Watched:
    def __init__(self) -> None:
        self.diary: list[str] = []
        self.devices = {name: Scripted(name, self.diary) for name in ("card", "camera", "printer")}
        self.said: list[Standing] = []
        self.supervisor = Supervisor(
            self.devices,
            self.said.append,
            healthy_seconds=0.02,
            first_pause=0.01,
            longest_pause=0.04,
            ask_seconds=0.1,
        )

    async def until(self, device: str, condition: Condition) -> Standing:
        async with asyncio.timeout(5):
            while True:
                for standing in reversed(self.said):
                    if standing.health.device == device:
                        if standing.health.condition is condition:
                            return standing
                        break
                await asyncio.sleep(0.005)


@pytest.fixture
async def watched():
    watched = Watched()
    await watched.supervisor.start()
    yield watched
    await watched.supervisor.stop()


async def test_opens_in_order_and_closes_in_reverse():
    watched = Watched()
    await watched.supervisor.start()
    assert set(watched.supervisor.standings) == {"card", "camera", "printer"}
    await watched.supervisor.stop()
    await watched.supervisor.stop()
    names = [f"close {name}" for name in ("printer", "camera", "card")]
    assert watched.diary == ["open card", "open camera", "open printer", *names, *names]


async def test_a_change_is_said_once(watched: Watched):
    assert [s.health.device for s in watched.said] == ["card", "camera", "printer"]
    printer = watched.devices["printer"]
    printer.condition, printer.detail = Condition.FAILED, "paper_out"
    standing = await watched.until("printer", Condition.FAILED)
    assert standing.lasting is Lasting.PERMANENT
    asked = printer.asked
    await eventually(lambda: printer.asked >= asked + 3)
    assert len(watched.said) == 4
    printer.condition, printer.detail = Condition.READY, ""
    assert (await watched.until("printer", Condition.READY)).lasting is Lasting.FINE
    assert len(watched.said) == 5


async def test_an_absent_device_is_opened_again(watched: Watched):
    card = watched.devices["card"]
    card.condition = Condition.ABSENT
    assert (await watched.until("card", Condition.ABSENT)).lasting is Lasting.TEMPORARY
    await eventually(lambda: watched.diary.count("open card") >= 3)
    assert watched.diary.count("open camera") == 1


@pytest.mark.parametrize("fault", ["raises", "hangs"])
async def test_a_bad_driver_is_unknown_and_harms_no_other(watched: Watched, fault: str):
    setattr(watched.devices["camera"], fault, True)
    await watched.until("camera", Condition.UNKNOWN)
    watched.devices["card"].condition = Condition.DEGRADED
    await watched.until("card", Condition.DEGRADED)
    setattr(watched.devices["camera"], fault, False)
    await watched.until("camera", Condition.READY)


async def test_a_listener_that_raises_is_survived():
    device = Scripted("card", [])

    def listener(standing: Standing) -> None:
        raise ValueError

    supervisor = Supervisor({"card": device}, listener, healthy_seconds=0.01)
    await supervisor.start()
    await eventually(lambda: device.asked >= 3)
    await supervisor.stop()


async def test_nudge_looks_at_once():
    device = Scripted("card", [])
    said: list[Standing] = []
    supervisor = Supervisor({"card": device}, said.append, healthy_seconds=600)
    await supervisor.start()
    device.condition = Condition.ABSENT
    supervisor.nudge("nothing of that name")
    supervisor.nudge("card")
    await eventually(lambda: len(said) >= 2)
    await supervisor.stop()


def test_permanent_or_temporary():
    silent = Health("printer", Condition.UNKNOWN, "silent")
    assert judge(silent, 1.0) is Lasting.TEMPORARY
    assert judge(silent, LASTING_SECONDS) is Lasting.PERMANENT
    assert judge(Health("printer", Condition.FAILED, "cover_open"), 0.0) is Lasting.PERMANENT
    assert judge(Health("printer", Condition.DEGRADED, "paper_low"), 0.0) is Lasting.FINE


async def test_real_printer_goes_and_comes():
    with PrinterEmulator() as emulator:
        printer = EscposPrinter(NetworkTransport("127.0.0.1", emulator.port), answer_seconds=0.1)
        words: list[str] = []
        supervisor = Supervisor(
            {"printer": printer}, lambda standing: words.append(standing.health.detail), healthy_seconds=0.05
        )
        await supervisor.start()
        emulator.paper = "out"
        await eventually(lambda: words[-1:] == ["paper_out"])
        emulator.paper = "ok"
        await eventually(lambda: words[-1:] == [""])
        await supervisor.stop()
    assert words == ["", "paper_out", ""]
