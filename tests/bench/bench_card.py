"""From a card laid on the reader to its claim, on a real pcscd with a virtual card. `python -m tests.bench.bench_card`.

pcscd looks at the virtual reader every 0.4 s; a USB reader tells at once. Reach: card in to claim within 1.0 s.
"""

from __future__ import annotations

import asyncio
import statistics
import time

from hardware.card import apdu, build
from hardware.card.port import CardClaim
from hardware.card.winscard import Context
from tests.hardware.card.pcscd import READER_PATTERN, running_pcscd
from tests.hardware.card.virtual_card import VirtualKtp, photo_of

ROUNDS = 12
PHOTO = 2500
"""Bytes: a third of the 8 KB chip. How long real photos are was not measured."""
EXCHANGES = 500


async def insertions() -> tuple[list[float], list[float], list[float]]:
    """Milliseconds of each round: laid → seen, the read alone, laid → claim."""
    seen: list[float] = []
    read: list[float] = []
    whole: list[float] = []
    with running_pcscd() as service:
        reader = build("pcsc", contactless_reader=READER_PATTERN)
        await reader.open()
        watch = reader.watch()
        await anext(watch)
        for number in range(ROUNDS):
            # Out of step with pcscd's look, as a visitor is.
            await asyncio.sleep(0.05 + 0.4 * number / ROUNDS)
            begin = time.perf_counter()
            service.slot.insert(VirtualKtp(number, photo=photo_of(number, PHOTO)))
            while not (presence := await anext(watch)).present:
                pass
            there = time.perf_counter()
            claim = await reader.read(insertion=presence.insertion)
            done = time.perf_counter()
            assert isinstance(claim, CardClaim), claim
            seen.append(1000 * (there - begin))
            read.append(1000 * (done - there))
            whole.append(1000 * (done - begin))
            service.slot.remove()
            while (await anext(watch)).present:
                pass
        await reader.close()
    return seen, read, whole


def exchanges() -> list[float]:
    """Milliseconds of each command and its answer, GET_UID to the virtual card and back."""
    taken: list[float] = []
    with running_pcscd() as service:
        service.slot.insert(VirtualKtp())
        context = Context()
        name = f"{service.reader} 00 00"
        while not context.state(name).present:
            time.sleep(0.02)
        card = context.connect(name)
        card.begin()
        for _ in range(EXCHANGES):
            begin = time.perf_counter()
            card.transmit(apdu.GET_UID)
            taken.append(1000 * (time.perf_counter() - begin))
        card.end()
        context.release()
    return taken


def rows() -> list[tuple[str, str]]:
    """(what, "median / worst" in ms), one row a figure."""
    seen, read, whole = asyncio.run(insertions())
    return [
        ("card in → claim", _figure(whole)),
        ("  of it: card in → seen", _figure(seen)),
        (f"  of it: read, photo {PHOTO} B", _figure(read)),
        ("APDU round trip", _figure(exchanges(), 3)),
    ]


def _figure(values: list[float], digits: int = 1) -> str:
    return f"{statistics.median(values):>10.{digits}f}{max(values):>10.{digits}f}"


def main() -> None:
    print(f"{'card, ms':<32}{'median':>10}{'worst':>10}   ({ROUNDS} cards, {EXCHANGES} exchanges)")
    for what, figure in rows():
        print(f"{what:<32}{figure}")


if __name__ == "__main__":
    main()
