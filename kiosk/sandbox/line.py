"""The reference portal as the device bench sees it: a line to break, and codes to read out."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from kiosk.sandbox.bench.port import Line, NetworkView, SentCode
from kiosk.sandbox.faults import Mode
from kiosk.sandbox.state import Sandbox

_MODES: dict[Line, Mode] = {"good": "ok", "slow": "slow", "lost": "gone", "portal_dead": "http500"}
SLOW_MS = 6_000.0
"""Slow enough to see, and still answered before the kiosk's usual time-out."""


class PortalLine:
    """`NetworkSwitch` of the bench. `waiting`: how many sendings wait in the kiosk's outbox, when somebody knows."""

    def __init__(self, sandbox: Sandbox, waiting: Callable[[], int | None] = lambda: None) -> None:
        self._sandbox = sandbox
        self._waiting = waiting
        self._line: Line = "good"

    @property
    def view(self) -> NetworkView:
        return NetworkView(self._line, self._sandbox.answered_ms, self._waiting())

    def set(self, line: Line) -> None:
        self._line = line
        self._sandbox.faults.slow_ms = SLOW_MS
        self._sandbox.faults.set(_MODES[line])


def sent_codes(sandbox: Sandbox) -> Callable[[], Sequence[SentCode]]:
    """`Codes` of the bench. Numbers come masked already."""

    def codes() -> Sequence[SentCode]:
        return [
            SentCode(one.code, one.to, one.at.timestamp(), one.expires_at.timestamp())
            for one in list(sandbox.outbox)
        ]

    return codes
