"""A visit without a window: speaks the pipe, writes what it does to a log file, and misbehaves when told to.

Its orders come from the file named by FAKE_ORDERS, read at each step, one word a line:
die_warm, die_shown, hang, deaf (ignores Quit), end (ends after 0.2 s), wait_end (1.5 s)
never_warm, write (adds an outbox row), busy (somebody is using it until "finish" is ordered), printer (has paper low),
mute (never says what it is doing).
"""

from __future__ import annotations

import asyncio
import os
import signal
import time
from pathlib import Path

from kiosk.main.children import child_end
from kiosk.main.pipe import (
    DeviceHealth,
    Doing,
    Ended,
    Heartbeat,
    Prepare,
    Quit,
    Show,
    Shown,
    WakeWorker,
    Warm,
)


def orders() -> set[str]:
    return set(Path(os.environ["FAKE_ORDERS"]).read_text().split())


def say(word: str) -> None:
    with Path(os.environ["FAKE_LOG"]).open("a") as log:
        log.write(f"{time.monotonic():.4f} {os.getpid()} {word}\n")


async def main() -> None:
    end = child_end()
    say("start")
    if "deaf" in orders():
        signal.signal(signal.SIGTERM, signal.SIG_IGN)

    async def beats() -> None:
        while True:
            end.send(Heartbeat())
            await asyncio.sleep(0.05)

    async def finish(seconds: float) -> None:
        await asyncio.sleep(seconds)
        say("ended")
        end.send(Ended("erased"))

    async def used() -> None:
        while "finish" not in orders():  # noqa: ASYNC110 - told by a file
            await asyncio.sleep(0.02)
        Path(os.environ["FAKE_ORDERS"]).write_text("")
        await finish(0)

    keep = asyncio.create_task(beats())
    ending: asyncio.Task[None] | None = None
    shown = busy = False
    async for message in end.messages():
        match message:
            case Prepare():
                if "die_warm" in orders():
                    os._exit(3)
                if "never_warm" not in orders():
                    say("warm")
                    end.send(Warm())
            case Show(session=session, rest=rest):
                say("rest" if rest else "show")
                if not busy and "mute" not in orders():
                    end.send(Doing("resting" if rest else "free"))
                if shown:
                    continue
                if "die_shown" in orders():
                    os._exit(4)
                await asyncio.sleep(0.03)
                say("shown")
                shown = True
                end.send(Shown(session))
                if "write" in orders():
                    end.send(WakeWorker("note"))
                if "printer" in orders():
                    end.send(DeviceHealth("printer", "degraded", "paper_low"))
                if "busy" in orders() and not rest:
                    busy = True
                    end.send(Doing("busy"))
                    ending = asyncio.create_task(used())
                if "hang" in orders():
                    Path(os.environ["FAKE_ORDERS"]).write_text("")
                    time.sleep(60)  # noqa: ASYNC251 - a hung screen is what this plays
                if "wait_end" in orders():  # as a real visitor: long after the next visit is warm
                    Path(os.environ["FAKE_ORDERS"]).write_text("")
                    ending = asyncio.create_task(finish(1.5))
                if "end" in orders():
                    Path(os.environ["FAKE_ORDERS"]).write_text(" ".join(orders() - {"end"}))
                    ending = asyncio.create_task(finish(0.2))
            case Quit():
                say("quit")
                if "deaf" not in orders():
                    return
            case _:
                say(type(message).__name__)
    say("keeper gone")
    keep.cancel()
    if ending:
        ending.cancel()


if __name__ == "__main__":
    asyncio.run(main())
