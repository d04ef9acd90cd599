"""Where a camera is, and whether something is there, told without loading an image library."""

from __future__ import annotations

import os
import re
import socket
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from hardware.health import Condition, Health
from hardware.world.port import World

SCHEMES: Final = ("http", "https", "rtsp", "rtsps")


class CameraAddress:
    """A device number, a device path ("/dev/video0", "/dev/v4l/by-id/…"), a stream address (http, https, rtsp) or a
    film file. `device` is what V4L2 is given, None for a stream or film."""

    def __init__(self, address: int | str) -> None:
        self.text = str(address)
        number = re.fullmatch(r"(?:/dev/video)?(\d+)", self.text)
        self.device: int | str | None = None
        if number:
            self.device = int(number[1])
        elif self.text.startswith("/dev/"):
            self.device = self.text
        self.stream = urlsplit(self.text).scheme.lower() in SCHEMES
        self.film = self.device is None and not self.stream

    @property
    def node(self) -> Path:
        return Path(f"/dev/video{self.device}" if isinstance(self.device, int) else self.text)

    def probe(self) -> Health:
        """READY when the device node, file or server is there; nothing is opened, so BUSY cannot be told. Blocks for
        at most a second (a stream's server)."""
        if self.stream:
            return self._probe_server()
        if not self.node.exists():
            return Health(
                "camera", Condition.ABSENT, "no_camera", f"{self.node} is missing: plug the camera in"
            )
        if not os.access(self.node, os.R_OK):
            hint = f"{self.node} may not be read: add the kiosk's user to the group video"
            return Health("camera", Condition.FAILED, "not_permitted", hint)
        return Health("camera", Condition.READY)

    def _probe_server(self) -> Health:
        parts = urlsplit(self.text)
        try:
            port = parts.port or {"http": 80, "https": 443}.get(parts.scheme, 554)
            socket.create_connection((parts.hostname or "", port), timeout=1.0).close()
        except (OSError, ValueError):
            return Health("camera", Condition.ABSENT, "no_camera", "the camera's server does not answer")
        return Health("camera", Condition.READY)


def probe_table(world: World) -> Health:
    """The same of the simulated camera."""
    if world.state.camera.plugged:
        return Health("camera", Condition.READY, "simulated")
    return Health(
        "camera", Condition.ABSENT, "no_camera", "simulated: plug the camera in on the device bench"
    )
