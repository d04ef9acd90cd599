"""A card that hangs half a minute on a real pcscd, in a process of its own beside the other card tests.

    python -m tests.hardware.card.hang SECONDS

A visitor lays it down, is told that the reader is busy, and goes on without it; all the while a loop counts how often
it gets its turn. Prints one JSON object; `test_thirty_seconds` reads it.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from pathlib import Path

from hardware.card import build
from hardware.card.port import CardClaim
from kiosk.effects.tools import Tools
from kiosk.flow.events import Begin, Choose
from kiosk.flow.model import Place
from tests.hardware.card.pcscd import READER_PATTERN, Pcscd, running_pcscd
from tests.hardware.card.virtual_card import Act, VirtualKtp
from tests.journeys.conducted import conducted, settings_for

PAUSE = 0.02


async def hang(service: Pcscd, folder: Path, seconds: float) -> dict[str, object]:
    told: dict[str, object] = {}
    card = VirtualKtp(1)
    reader = build("pcsc", contactless_reader=READER_PATTERN)
    tools = Tools(settings_for(folder, "http://127.0.0.1:1", "nobody-answers"), "hang", card=reader)
    clock = asyncio.get_running_loop().time
    turns = 0

    async def turn() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(PAUSE)

    async with conducted(tools) as visit:
        visit.do(Begin())
        await visit.at(Place.IDENTIFY)
        service.slot.insert(card, {3: Act(hang=seconds)})
        await visit.until(lambda state: state.busy, "the read")
        began, ticker = clock(), asyncio.create_task(turn())
        await visit.until(lambda state: state.trouble is not None, "the trouble", seconds)
        told["trouble"], told["told_after"] = str(visit.visit.trouble), clock() - began
        visit.do(Choose("none"))
        await visit.at(Place.MENU)
        await visit.find_business("kedai minuman", "56304")
        told["went_on_to"], told["went_on_after"] = visit.visit.place.value, clock() - began
        told["health"] = (await reader.health()).detail
        while (await reader.health()).detail == "busy":  # noqa: ASYNC110 -- health is asked, it tells nothing
            await asyncio.sleep(0.05)
        told["lasted"], told["turns"] = clock() - began, turns
        ticker.cancel()
        claim = await reader.read(insertion=visit.visit.insertion)
        told["read_afterwards"] = isinstance(claim, CardClaim) and claim.uid == card.uid
    return told


def main() -> int:
    with running_pcscd() as service, tempfile.TemporaryDirectory(prefix="anjungan-hang-") as folder:
        print(json.dumps(asyncio.run(hang(service, Path(folder), float(sys.argv[1])))))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
