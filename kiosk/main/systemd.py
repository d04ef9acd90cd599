"""Speaking to systemd: readiness, watchdog and status (sd_notify(3)); silent when nobody listens."""

from __future__ import annotations

import contextlib
import os
import socket


def notify(state: str) -> bool:
    """Send e.g. "READY=1" to `NOTIFY_SOCKET`. False when there is none or it does not take it."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return False
    if address.startswith("@"):
        address = "\0" + address[1:]
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as link:
        link.settimeout(0.2)
        link.sendto(state.encode(), address)
        return True
    return False


def watchdog_seconds() -> float | None:
    """How often to send "WATCHDOG=1": half of what systemd allows; None when it does not watch us."""
    for_us = os.environ.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
    micros = os.environ.get("WATCHDOG_USEC", "")
    return int(micros) / 2_000_000 if for_us and micros.isdigit() and int(micros) > 0 else None
