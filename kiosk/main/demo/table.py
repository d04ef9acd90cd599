"""The autopilot's hands: what a person does at the device bench, done in the same process."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, cast

from kiosk.main.demo.finger import LostError

if TYPE_CHECKING:
    from kiosk.main.demo.host import Host


class HostTable:
    """`kiosk.main.demo.visitor.Table` over the demo's host."""

    def __init__(self, host: Host) -> None:
        self._host = host

    def card(self, *, present: bool) -> None:
        self._host.world.change("card", kind="good", present=present)

    def paper(self, kind: str, page: int, *, present: bool) -> None:
        # Out of sight for a moment, as a hand that changes the paper would have it.
        self._host.world.change("camera", present=False)
        if present:
            time.sleep(0.25)
            self._host.world.change("camera", paper=kind, page=page, present=True)

    def codes_sent(self) -> int:
        return len(self._host.portal.sandbox.outbox)

    def code(self, before: int) -> str:
        """The code that was sent after `before` others, as the visitor would read it on the phone."""
        until = time.monotonic() + 15
        outbox = cast("Any", self._host.portal.sandbox.outbox)
        while time.monotonic() < until:
            sent = list(outbox)
            if len(sent) > before:
                return str(sent[-1].code)
            time.sleep(0.05)
        raise LostError("no code was sent")
