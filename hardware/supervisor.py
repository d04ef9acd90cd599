"""Hot-plug and health of the kiosk's devices: opens them in order, watches them, says what changed, never
raises.

    supervisor = Supervisor({"card": card, "camera": camera, "printer": printer}, on_change=tell)
    await supervisor.start()
    …
    await supervisor.stop()

A healthy device is asked every few seconds. A device in trouble is asked at once again, then with growing
pauses, so that a printer that gets its paper back is ready within a second or two, and one that is gone for
the day costs nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from hardware.health import Condition, Health

log = logging.getLogger(__name__)

HEALTHY_SECONDS: Final = 3.0
FIRST_PAUSE: Final = 0.5
LONGEST_PAUSE: Final = 15.0
ASK_SECONDS: Final = 10.0
"""A device that does not even say how it is within this time is UNKNOWN."""
LASTING_SECONDS: Final = 60.0
"""Trouble that stays this long is no hiccup: a person must come."""

_NEEDS_A_PERSON: Final = frozenset(
    {
        "paper_out",
        "cover_open",
        "printer_error",
        "sam_missing",
        "driver_missing",
        "no_permission",
        "not_configured",
    }
)


class Device(Protocol):
    """What the three ports have in common."""

    async def open(self) -> None: ...

    async def close(self) -> None: ...

    async def health(self) -> Health: ...


class Lasting(StrEnum):
    """Will it come back by itself?"""

    FINE = "fine"
    TEMPORARY = "temporary"
    """Likely to pass: a cable moved, a service restarting. Worth waiting a moment."""
    PERMANENT = "permanent"
    """Only a person changes this: paper, cover, a missing part, or trouble for a minute on end."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a device is and for how long. `since` is `time.monotonic()` of the last change of condition or
    detail."""

    health: Health
    lasting: Lasting
    since: float
    failures: int = 0
    """Bad answers in a row."""


def judge(health: Health, bad_seconds: float) -> Lasting:
    """Permanent or temporary, from what the device says and how long (seconds) it has been unusable."""
    if health.usable:
        return Lasting.FINE
    if health.detail in _NEEDS_A_PERSON or bad_seconds >= LASTING_SECONDS:
        return Lasting.PERMANENT
    return Lasting.TEMPORARY


class Supervisor:
    """Owns the opening and closing of the devices it was given; one watching task a device."""

    def __init__(
        self,
        devices: Mapping[str, Device],
        on_change: Callable[[Standing], None],
        *,
        healthy_seconds: float = HEALTHY_SECONDS,
        first_pause: float = FIRST_PAUSE,
        longest_pause: float = LONGEST_PAUSE,
        ask_seconds: float = ASK_SECONDS,
    ) -> None:
        """`devices` in the order they are opened; they are closed in reverse. `on_change` runs on the loop,
        whenever condition, detail or lasting changes; what it raises is logged and forgotten."""
        self._devices = dict(devices)
        self._on_change = on_change
        self._healthy_seconds = healthy_seconds
        self._first_pause = first_pause
        self._longest_pause = longest_pause
        self._ask_seconds = ask_seconds
        self._standings: dict[str, Standing] = {}
        self._bad_since: dict[str, float] = {}
        self._nudges: dict[str, asyncio.Event] = {}
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def standings(self) -> Mapping[str, Standing]:
        """The last word on each device that was asked at least once."""
        return dict(self._standings)

    async def start(self) -> None:
        """Open every device in order and ask each once, so that `standings` is complete on return; then
        watch."""
        for name in self._devices:
            await self._open(name)
            await self._ask(name)
        self._nudges = {name: asyncio.Event() for name in self._devices}
        self._tasks = [asyncio.create_task(self._watch(name), name=f"watch-{name}") for name in self._devices]

    async def stop(self) -> None:
        """Stop watching and close the devices in reverse order. Safe to call twice, or without start."""
        tasks, self._tasks = self._tasks, []
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for name in reversed(self._devices):
            await self._bounded(name, "close", self._devices[name].close)

    def nudge(self, name: str = "") -> None:
        """Look now: something was plugged in or out. All devices when `name` is empty; unknown names are
        ignored."""
        for each, event in self._nudges.items():
            if name in ("", each):
                event.set()

    async def _watch(self, name: str) -> None:
        pause = self._first_pause
        while True:
            standing = self._standings.get(name)
            if standing is not None and standing.health.usable:
                pause = self._first_pause
                wait = self._healthy_seconds
            else:
                # Devices that died together should not all be retried in the same instant.
                wait = pause * random.uniform(0.9, 1.1)  # noqa: S311 - no secret
                pause = min(pause * 2, self._longest_pause)
            nudge = self._nudges[name]
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(nudge.wait(), wait)
                pause = self._first_pause
            nudge.clear()
            await self._ask(name)
            after = self._standings[name].health
            if after.condition in (Condition.ABSENT, Condition.UNKNOWN):
                await self._open(name)

    async def _open(self, name: str) -> None:
        await self._bounded(name, "open", self._devices[name].open)

    async def _ask(self, name: str) -> None:
        health = Health(name, Condition.UNKNOWN, "silent", "The device's driver gives no answer.")
        try:
            async with asyncio.timeout(self._ask_seconds):
                health = await self._devices[name].health()
        except TimeoutError:
            pass
        except Exception as error:  # noqa: BLE001 - a driver's fault must not end the watch over the others
            log.warning("%s: health failed: %s", name, type(error).__name__)
        self._note(name, health)

    async def _bounded(self, name: str, what: str, call: Callable[[], Awaitable[None]]) -> None:
        """Run an async method of a device; time-outs and errors are logged by type, never raised."""
        try:
            async with asyncio.timeout(self._ask_seconds):
                await call()
        except Exception as error:  # noqa: BLE001 - as above
            log.warning("%s: %s failed: %s", name, what, type(error).__name__)

    def _note(self, name: str, health: Health) -> None:
        now = time.monotonic()
        if health.usable:
            self._bad_since.pop(name, None)
        bad_seconds = now - self._bad_since.setdefault(name, now) if not health.usable else 0.0
        before = self._standings.get(name)
        same = before is not None and (before.health.condition, before.health.detail) == (
            health.condition,
            health.detail,
        )
        standing = Standing(
            health,
            judge(health, bad_seconds),
            before.since if before is not None and same else now,
            0 if health.usable else (before.failures if before is not None else 0) + 1,
        )
        self._standings[name] = standing
        if before is None or not same or before.lasting is not standing.lasting:
            try:
                self._on_change(standing)
            except Exception as error:  # noqa: BLE001 - a listener's fault must not end the watch
                log.warning("%s: listener failed: %s", name, type(error).__name__)
