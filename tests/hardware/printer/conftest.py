from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from hardware.printer.encode import encode
from hardware.printer.escpos import EscposPrinter
from hardware.printer.port import Raster, Text
from hardware.printer.transport import NetworkTransport
from tests.hardware.printer.emulator import PrinterEmulator


@pytest.fixture
def emulator() -> Iterator[PrinterEmulator]:
    with PrinterEmulator() as running:
        yield running


@pytest.fixture
async def printer(emulator: PrinterEmulator) -> AsyncIterator[EscposPrinter]:
    driver = EscposPrinter(NetworkTransport("127.0.0.1", emulator.port), answer_seconds=0.2)
    await driver.open()
    yield driver
    await driver.close()


@pytest.fixture(scope="session")
def job() -> bytes:
    return encode([Raster(bytes(range(72)) * 300, 300), Text("Layanan ini gratis. Tolak pungutan liar.")])
