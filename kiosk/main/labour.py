"""The keeper's side of the outbox: which row is due, and one short-lived worker for it. Sees ids and states only."""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from collections.abc import Callable

from kiosk.main.children import Child
from kiosk.main.pipe import Message, Quit, Stuck, Work, Worked
from kiosk.main.spawn import python
from kiosk.settings import SecretTroubleError, Settings, to_json
from kiosk.store.errors import StoreError
from kiosk.store.ledger import Ledger

WORKER = python("kiosk.main.worker")
PREPARE = python("kiosk.main.prepare")
PURGE_EVERY = 3600.0
"""Seconds between two looks for rows past their time."""
HOURLY = python("kiosk.main.hourly")
FIRST_HOURLY = 60.0
"""Seconds after the start until the first hourly work."""
OPEN_AGAIN = 60.0
"""Seconds until a store that could not be made ready is tried again; IT may have mended its keys."""


class Labour:
    """Starts workers, one at a time, one for an item.

    Nothing happens before `begin`: the first visit's picture comes first.
    """

    def __init__(self, settings: Settings, run: str, *, command: list[str] | None = None) -> None:
        self._settings = settings
        self._run = run
        self._command = command or WORKER
        self._begun = asyncio.Event()
        self._wake = asyncio.Event()
        self._ended = asyncio.Event()
        self._ledger: Ledger | None = None
        self._child: Child | None = None
        self._child_gone = asyncio.Event()
        self._orphans: set[int] = set()
        self.stuck: Callable[[str, int], None] | None = None
        """Told where people stopped this week, hourly: (step, people), "" first."""
        self._waiting = -1
        self._last_code = 0
        self._hourly_at = time.monotonic() + min(FIRST_HOURLY, settings.keeper.anchor_every)
        self._purge_at = time.monotonic() + PURGE_EVERY  # the start itself has just done it

    def begin(self) -> None:
        self._begun.set()

    def wake(self) -> None:
        """A row was added."""
        self._wake.set()

    def orphaned(self, pid: int) -> None:
        """A process of ours is gone: what it had in hand is in nobody's hand."""
        self._orphans.add(pid)
        self._wake.set()

    async def run(self, told: Callable[[int], None]) -> None:
        """Work until `close`; `told` is called with the number of waiting rows when it changes."""
        await self._first_of(self._begun)
        while not self._ended.is_set() and not await self._open():
            await self._first_of(self._ended, timeout=OPEN_AGAIN)
        if self._ledger is not None:
            try:
                await self._look_after(self._ledger, told)
            finally:
                self._ledger.close()

    async def _look_after(self, ledger: Ledger, told: Callable[[int], None]) -> None:
        while not self._ended.is_set():
            self._wake.clear()
            with contextlib.suppress(StoreError):  # busy or full now: the next look may succeed
                for pid in sorted(self._orphans):
                    ledger.orphaned(f"{self._run}/{pid}")
                    self._orphans.discard(pid)
                for row in ledger.due(time.time()):
                    if self._ended.is_set():
                        return
                    await self._work(row.id)
                    if row.kind == "archive" and self._last_code == 0:
                        self._wake.set()  # what a visitor left meanwhile comes before the next of these
                        break
                waiting = ledger.waiting()
                if waiting != self._waiting:
                    self._waiting = waiting
                    told(waiting)
                if time.monotonic() >= self._purge_at:
                    ledger.purge(time.time())
                    self._purge_at = time.monotonic() + PURGE_EVERY
            await self._hourly()
            await self._first_of(self._wake, timeout=self._settings.keeper.work_every)

    async def _hourly(self) -> None:
        every = self._settings.keeper.anchor_every
        if self._ended.is_set() or time.monotonic() < self._hourly_at:
            return
        self._hourly_at = time.monotonic() + every
        await self._hire(HOURLY, 0)

    async def close(self) -> None:
        """Let the worker put its item down, then end."""
        self._ended.set()
        self._begun.set()
        self._wake.set()
        if self._child is not None:
            self._child.send(Quit())
            await self._first_of(self._child_gone, timeout=self._settings.keeper.end_seconds, always=True)
            self._kill()
            await self._child_gone.wait()

    def _kill(self) -> None:
        if self._child is not None:
            self._child.kill()

    def heard(self, child: Child, message: Message) -> None:
        """What a worker says; the row itself already has it."""
        if isinstance(message, Stuck) and self.stuck is not None:
            self.stuck(message.place, message.people)
        if isinstance(message, Worked):
            os.write(2, f"worker: row {message.row} {message.state}\n".encode())

    def gone(self, child: Child, code: int) -> None:
        self._orphans.add(child.pid)
        self._last_code = code
        self._child = None
        self._child_gone.set()

    async def _open(self) -> bool:
        """Have the store made and migrated by a process that may import sqlite-utils, then open our narrow view."""
        made = Child(PREPARE)
        self._take(made)
        made.send(Work(0, to_json(self._settings), self._run))
        await self._child_gone.wait()
        if made.exit_code != 0:
            os.write(2, b"keeper: the store is not usable; see kiosk doctor\n")
            return False
        try:
            self._ledger = Ledger.open(self._settings)
        except (StoreError, SecretTroubleError):
            return False
        return True

    async def _work(self, row: int) -> None:
        await self._hire(self._command, row)

    async def _hire(self, command: list[str], row: int) -> None:
        """One process for one piece of work, ended when it takes longer than an item may."""
        try:
            child = Child(command)
        except OSError:
            return
        self._take(child)
        child.send(Work(row, to_json(self._settings), self._run))
        limit = self._settings.portal.item_seconds
        await self._first_of(self._child_gone, timeout=limit, always=True)
        if self._child is child and not self._ended.is_set():
            child.kill()
            await self._child_gone.wait()

    def _take(self, child: Child) -> None:
        self._child_gone.clear()
        self._child = child
        child.attach(self)
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, child.pid, 10)  # the visitor's screen comes first

    async def _first_of(
        self, event: asyncio.Event, *, timeout: float | None = None, always: bool = False
    ) -> None:
        """Wait for `event` or, unless `always`, for the end; at most `timeout` seconds."""
        waits = [asyncio.ensure_future(event.wait())]
        if not always:
            waits.append(asyncio.ensure_future(self._ended.wait()))
        await asyncio.wait(waits, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()
