"""Readiness and watchdog, said to systemd (sd_notify(3)). The agent may not import `kiosk.main`, which has its own."""

from __future__ import annotations

import contextlib
import os
import socket


def notify(state: str) -> None:
    """Send to `NOTIFY_SOCKET`; nothing when nobody listens."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as link:
        link.settimeout(0.2)
        link.sendto(state.encode(), "\0" + address[1:] if address.startswith("@") else address)
