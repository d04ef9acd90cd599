"""The driver against the TCP emulator: every trouble has its outcome, and PRINTED is never said without
proof."""

from __future__ import annotations

import asyncio
import time

import pytest

from hardware.health import Condition
from hardware.printer import build
from hardware.printer.escpos import EscposPrinter
from hardware.printer.port import Paper, PrintOutcome
from hardware.printer.transport import FileTransport, NetworkTransport, SerialTransport
from tests.hardware.printer.decode import decode
from tests.hardware.printer.emulator import PrinterEmulator, eventually, on_pseudo_terminal


async def test_prints_and_proves(printer: EscposPrinter, emulator: PrinterEmulator, job: bytes):
    for _ in range(3):
        result = await printer.print(job)
        assert result.outcome is PrintOutcome.PRINTED
        assert result.status.ready
    assert emulator.tickets == [job] * 3
    assert emulator.connections == 1
    assert (await printer.health()).condition is Condition.READY


async def test_process_id_is_proof(emulator: PrinterEmulator, job: bytes):
    driver = EscposPrinter(NetworkTransport("127.0.0.1", emulator.port), proof="process_id")
    assert (await driver.print(job)).outcome is PrintOutcome.PRINTED
    emulator.process_id = False
    result = await driver.print(job, deadline=1.0)
    assert (result.outcome, result.detail) == (PrintOutcome.UNKNOWN, "no proof in time")
    await driver.close()


async def test_a_model_without_the_fence(emulator: PrinterEmulator, job: bytes):
    emulator.knows_fence = False
    driver = EscposPrinter(NetworkTransport("127.0.0.1", emulator.port), proof="fence")
    assert (await driver.print(job, deadline=1.0)).outcome is PrintOutcome.UNKNOWN
    await driver.close()
    driver = EscposPrinter(NetworkTransport("127.0.0.1", emulator.port), proof="status")
    assert (await driver.print(job)).outcome is PrintOutcome.PRINTED
    await driver.close()


@pytest.mark.parametrize(
    ("trouble", "word", "condition"),
    [
        ({"paper": "out"}, "paper_out", Condition.FAILED),
        ({"cover_open": True}, "cover_open", Condition.FAILED),
        ({"error": True}, "printer_error", Condition.FAILED),
        ({"mute": True}, "silent", Condition.UNKNOWN),
        ({"garbage": b"\xff\xfe"}, "silent", Condition.UNKNOWN),
        ({"garbage": b"\x14\x00\x00\x0f"}, "silent", Condition.UNKNOWN),
        ({"garbage": b"\x12\x12"}, "silent", Condition.UNKNOWN),
        ({"garbage": b"\x00"}, "silent", Condition.UNKNOWN),
    ],
)
async def test_trouble_before_the_job(
    printer: EscposPrinter,
    emulator: PrinterEmulator,
    job: bytes,
    trouble: dict,
    word: str,
    condition: Condition,
):
    for name, value in trouble.items():
        setattr(emulator, name, value)
    result = await printer.print(job)
    assert (result.outcome, result.detail) == (PrintOutcome.NOT_STARTED, word)
    assert b"\x1b@" not in emulator.received
    health = await printer.health()
    assert (health.condition, health.detail) == (condition, word)
    assert health.hint


async def test_low_paper_prints_and_is_said(printer: EscposPrinter, emulator: PrinterEmulator, job: bytes):
    emulator.paper = "low"
    result = await printer.print(job)
    assert result.outcome is PrintOutcome.PRINTED
    assert result.status.paper is Paper.LOW
    assert (await printer.health()).detail == "paper_low"


async def test_unasked_frames_do_not_disturb(emulator: PrinterEmulator, job: bytes):
    emulator.greeting = b"\x14\x00\x00\x0f\x11"
    driver = EscposPrinter(NetworkTransport("127.0.0.1", emulator.port))
    assert (await driver.print(job)).outcome is PrintOutcome.PRINTED
    await driver.close()


@pytest.mark.parametrize("stale", [b"\x12", b"\x12\x12\x12\x12", b"\x00", b"7\x22ab", b"\x14\x00"])
async def test_old_answers_are_drained(printer: EscposPrinter, emulator: PrinterEmulator, stale: bytes):
    emulator.cover_open = True
    emulator.say(stale)
    await asyncio.sleep(0.05)
    status = await printer.status()
    assert status.answered
    assert status.cover_open
    assert emulator.connections == 1


async def test_paper_ends_within_the_ticket(printer: EscposPrinter, emulator: PrinterEmulator, job: bytes):
    emulator.paper_out_after = len(job) // 2
    result = await printer.print(job)
    assert (result.outcome, result.detail) == (PrintOutcome.UNKNOWN, "paper_out")
    assert emulator.tickets == []
    # The rest of the lost job must not run into the next one.
    emulator.paper = "ok"
    assert (await printer.print(job)).outcome is PrintOutcome.PRINTED
    assert emulator.tickets == [job]
    assert emulator.connections == 2


@pytest.mark.parametrize("proof", ["fence", "process_id", "status"])
async def test_goes_mute_within_the_ticket(emulator: PrinterEmulator, job: bytes, proof):
    driver = EscposPrinter(NetworkTransport("127.0.0.1", emulator.port), proof=proof, answer_seconds=0.1)
    assert (await driver.status()).ready
    emulator.seconds_per_command = 0.05
    printing = asyncio.create_task(driver.print(job, deadline=1.5))
    await emulator.job_begun()
    emulator.mute = True
    assert (await printing).outcome is PrintOutcome.UNKNOWN
    await driver.close()


async def test_slow_printer_is_waited_for(printer: EscposPrinter, emulator: PrinterEmulator, job: bytes):
    emulator.seconds_per_command = 0.02
    assert (await printer.print(job)).outcome is PrintOutcome.PRINTED
    assert emulator.tickets == [job]


async def test_too_slow_is_unknown(printer: EscposPrinter, emulator: PrinterEmulator, job: bytes):
    emulator.seconds_per_command = 0.2
    result = await printer.print(job, deadline=1.0)
    assert (result.outcome, result.detail) == (PrintOutcome.UNKNOWN, "no proof in time")


async def test_cut_off_at_many_offsets_is_never_printed(job: bytes):
    with PrinterEmulator() as emulator:
        questions = 12
        # Up to and with the receipt after the cut: the last offset leaves one question of the proof
        # unanswered.
        offsets = sorted({*range(0, 40), *range(40, len(job), 997), *range(len(job) - 20, len(job) + 15)})
        seen = set()
        for offset in offsets:
            emulator.gone_after = offset + questions
            driver = EscposPrinter(
                NetworkTransport("127.0.0.1", emulator.port), connect_seconds=0.5, answer_seconds=0.1
            )
            result = await driver.print(job, deadline=1.0)
            assert result.outcome is not PrintOutcome.PRINTED, offset
            seen.add(result.outcome)
            await driver.close()
    assert PrintOutcome.UNKNOWN in seen


async def test_reconnects_after_the_printer_was_switched_off(job: bytes):
    with PrinterEmulator() as emulator:
        driver = EscposPrinter(NetworkTransport("127.0.0.1", emulator.port))
        emulator.gone_after = 12
        assert (await driver.status()).ready
        await eventually(lambda: not emulator.connected)
        emulator.gone_after = None
        result = await driver.print(job)
        assert result.outcome is PrintOutcome.PRINTED
        assert emulator.connections == 2
    assert (await driver.health()).condition is Condition.ABSENT
    assert (await driver.print(job)).outcome is PrintOutcome.NOT_STARTED
    await driver.close()


async def test_nobody_listens(job: bytes):
    driver = build("network", host="127.0.0.1", port=9)
    await driver.open()
    assert (await driver.health()).detail == "not_connected"
    assert (await driver.print(job)).outcome is PrintOutcome.NOT_STARTED
    await driver.close()


async def test_health_does_not_wait_for_a_job(printer: EscposPrinter, emulator: PrinterEmulator, job: bytes):
    emulator.seconds_per_command = 0.05
    printing = asyncio.create_task(printer.print(job))
    await emulator.job_begun()
    assert (await printer.health()).condition is Condition.READY
    assert not printing.done()
    assert (await printing).outcome is PrintOutcome.PRINTED


@pytest.mark.parametrize("kind", [SerialTransport, FileTransport])
async def test_serial_line_and_device_file(kind, job: bytes):
    import os

    with PrinterEmulator() as emulator:
        path, master, slave = on_pseudo_terminal(emulator)
        driver = EscposPrinter(kind(path))
        assert (await driver.print(job)).outcome is PrintOutcome.PRINTED
        assert emulator.tickets == [job]
        emulator.paper = "out"
        assert (await driver.print(job)).outcome is PrintOutcome.NOT_STARTED
        await driver.close()
        os.close(slave)
        os.close(master)


async def test_plain_file_can_never_prove(tmp_path, job: bytes):
    target = tmp_path / "tickets.bin"
    driver = build("file", path=str(target))
    result = await driver.print(job)
    assert (result.outcome, result.detail) == (PrintOutcome.UNKNOWN, "no back channel")
    assert decode(target.read_bytes()).cuts == 1
    assert (await driver.health()).detail == "one_way"
    await driver.close()


async def test_a_hung_line_leaves_the_loop_alive(job: bytes):
    class Hung(NetworkTransport):
        def open(self, timeout: float) -> None:
            time.sleep(2.0)

    driver = EscposPrinter(Hung("127.0.0.1", 9), connect_seconds=0.0)
    driver_status = asyncio.create_task(driver.status())
    ticks = 0
    while not driver_status.done() and ticks < 1000:
        await asyncio.sleep(0.01)
        ticks += 1
    assert ticks > 20
    assert (await driver_status).answered is False


@pytest.mark.parametrize("kind", ["network", "usb", "serial", "file", "simulated"])
def test_missing_settings_are_said_at_once(kind):
    with pytest.raises(ValueError):
        build(kind)
