"""From the wish for a ticket to its bytes at the printer, on loopback. `python -m tests.bench.bench_printer`.

Three times a ticket: layout and encoding, the first byte of the job at the emulator, and the proof that it is printed
(the emulator's head takes no time). Reach: bytes out within 150 ms of the tap.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from datetime import UTC, datetime
from datetime import time as clock_time

from hardware.printer import build
from hardware.printer.port import PrintOutcome
from kiosk.tickets import QueueTicket, Stamp, lay_out, warm
from tests.hardware.printer.emulator import PrinterEmulator

ROUNDS = 30


async def measure() -> list[tuple[float, float, float]]:
    """(drawn, first byte, proved) in milliseconds after the wish, one row a ticket."""
    rows: list[tuple[float, float, float]] = []
    with PrinterEmulator() as emulator:
        printer = build("network", host="127.0.0.1", port=emulator.port)
        await printer.open()
        for number in range(ROUNDS):
            ticket = QueueTicket(
                f"A-{number:03}",
                "Loket Perizinan",
                number,
                clock_time(9, 45),
                f"https://portal.example/q/{number:010}",
            )
            begin = time.perf_counter()
            job = printer.encode(lay_out(ticket, Stamp(datetime.now(UTC), "K-01")))
            drawn = time.perf_counter()
            result = await printer.print(job)
            done = time.perf_counter()
            if result.outcome is not PrintOutcome.PRINTED:
                raise RuntimeError(result.detail)
            rows.append(tuple(1000 * (at - begin) for at in (drawn, emulator.first_byte_at, done)))  # type: ignore[arg-type]
        await printer.close()
    return rows


def main() -> None:
    begin = time.perf_counter()
    warm()
    print(f"warm-up of fonts and layout, once: {1000 * (time.perf_counter() - begin):.0f} ms")
    rows = asyncio.run(measure())
    print(f"{'after the wish, ms':<28}{'median':>8}{'worst':>8}   ({ROUNDS} tickets)")
    for name, column in zip(
        ("drawn and encoded", "first byte out", "proved printed"), zip(*rows, strict=True), strict=True
    ):
        print(f"{name:<28}{statistics.median(column):>8.1f}{max(column):>8.1f}")


if __name__ == "__main__":
    main()
