"""Executors and a worker program for the tests: what a worker does is written to the file named by FAKE_LOG."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

from kiosk.main.worker import main
from kiosk.settings import Settings
from kiosk.store.errands import Done, Errand, Later, Never, Outcome


def say(text: str) -> None:
    with Path(os.environ["FAKE_LOG"]).open("a") as log:
        log.write(f"{text}\n")


async def note(errand: Errand, settings: Settings) -> Outcome:
    """Does what its payload says."""
    before = errand.answer_before.decode() or "-"
    say(f"do {errand.row} {errand.key} {errand.offset} {errand.upload_url or '-'} {before}")
    match errand.payload.decode().split():
        case ["later", *_]:
            return Later("offline", wait=0.0)
        case ["never", *_]:
            return Never("status_422")
        case ["break", *_]:
            raise RuntimeError(errand.payload.decode())
        case ["upload", *_]:
            errand.progress("http://portal/files/9", errand.offset + 100)
            if errand.offset + 100 < 300:
                os._exit(9)  # dies in the middle of an upload
            return Done(b"file 9")
        case ["slow", *_]:
            await asyncio.sleep(60)
            return Done()
        case _:
            return Done(b"ok")


EXECUTORS = {"note": "tests.kiosk.main.executors:note", "gone": "tests.kiosk.main.executors:no_such"}

if __name__ == "__main__":
    raise SystemExit(main(executors=EXECUTORS))
