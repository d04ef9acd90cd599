"""The simulated printer: the same driver, so the same words; and a picture read from the job's own bytes."""

from __future__ import annotations

import asyncio
import io

import pytest
from PIL import Image, ImageChops

from hardware.health import Condition
from hardware.printer import build
from hardware.printer.port import PrintOutcome, Raster, Text
from hardware.printer.simulated import SimulatedPrinter
from hardware.world.memory import MemoryWorld
from tests.hardware.printer.decode import decode


@pytest.fixture
def table() -> MemoryWorld:
    return MemoryWorld()


def words(table: MemoryWorld) -> list[str]:
    return [noted.happening.word for noted in table.happenings()]


async def test_prints_what_was_sent(table: MemoryWorld):
    printer = SimulatedPrinter(table, rows_per_second=0)
    job = printer.encode([Raster(bytes(range(72)) * 300, 300), Text("Layanan ini gratis.", bold=True)])
    result = await printer.print(job)
    assert result.outcome is PrintOutcome.PRINTED
    (happening,) = (noted.happening for noted in table.happenings())
    assert happening.word == "printer.ticket"
    picture = Image.open(io.BytesIO(happening.picture))
    expected = decode(job).image
    assert picture.size == expected.size
    top = (0, 0, 576, 300)
    difference = ImageChops.difference(picture.crop(top).convert("L"), expected.crop(top).convert("L"))
    assert difference.getbbox() is None
    assert picture.crop((0, 300, 576, 330)).convert("L").getextrema() == (0, 255)
    assert table.state.printer.hanging
    await printer.close()


@pytest.mark.parametrize(
    ("fields", "word", "condition"),
    [
        ({"roll": "out"}, "paper_out", Condition.FAILED),
        ({"cover_open": True}, "cover_open", Condition.FAILED),
        ({"mute": True}, "silent", Condition.UNKNOWN),
        ({"plugged": False}, "not_connected", Condition.ABSENT),
    ],
)
async def test_troubles(table: MemoryWorld, job: bytes, fields: dict, word: str, condition: Condition):
    printer = build("simulated", world=table)
    await printer.open()
    table.change("printer", **fields)
    health = await printer.health()
    assert (health.condition, health.detail) == (condition, word)
    assert (await printer.print(job)).outcome is PrintOutcome.NOT_STARTED
    table.change("printer", roll="full", cover_open=False, mute=False, plugged=True)
    assert (await printer.health()).condition is Condition.READY
    assert "printer.ticket" not in words(table)
    await printer.close()


async def test_low_roll_still_prints(table: MemoryWorld, job: bytes):
    table.change("printer", roll="low")
    printer = SimulatedPrinter(table, rows_per_second=0)
    assert (await printer.print(job)).outcome is PrintOutcome.PRINTED
    assert (await printer.health()).detail == "paper_low"
    await printer.close()


@pytest.mark.parametrize(
    "fields", [{"roll": "out"}, {"cover_open": True}, {"plugged": False}, {"mute": True}]
)
async def test_trouble_within_the_ticket_is_unknown(table: MemoryWorld, job: bytes, fields: dict):
    printer = SimulatedPrinter(table, rows_per_second=600)
    await printer.open()
    printing = asyncio.create_task(printer.print(job, deadline=1.5))
    await asyncio.sleep(0.2)
    table.change("printer", **fields)
    assert (await printing).outcome is PrintOutcome.UNKNOWN
    await printer.close()


async def test_paper_pulled_out_while_printing(table: MemoryWorld):
    table.change("printer", pull_while_printing=True)
    printer = SimulatedPrinter(table, rows_per_second=0)
    job = printer.encode([Raster(bytes(72 * 600), 600)])
    result = await printer.print(job)
    assert (result.outcome, result.detail) == (PrintOutcome.UNKNOWN, "printer_error")
    assert words(table) == ["printer.pulled"]
    assert (await printer.health()).detail == "printer_error"
    table.change("printer", pull_while_printing=False)
    assert (await printer.print(job)).outcome is PrintOutcome.PRINTED
    await printer.close()
