"""A world held in memory, and patience for live cameras."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Literal

import numpy as np

from hardware.camera.geometry import Picture
from hardware.camera.port import CameraFault, DocumentCamera, Frame
from hardware.world.port import Happening, WorldState


class TableWorld:
    """The world without a socket; follows the World protocol."""

    def __init__(self) -> None:
        self._state = WorldState()
        self.happenings: list[Happening] = []
        self._listeners: list[Callable[[WorldState], None]] = []

    @property
    def state(self) -> WorldState:
        return self._state

    def change(self, device: Literal["card", "camera", "printer"], **fields: Any) -> WorldState:
        self._state = replace(self._state, **{device: replace(getattr(self._state, device), **fields)})
        for listener in self._listeners:
            listener(self._state)
        return self._state

    def follow(self, listener: Callable[[WorldState], None]) -> Callable[[], None]:
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def report(self, happening: Happening) -> None:
        self.happenings.append(happening)

    @property
    def words(self) -> list[str]:
        return [happening.word for happening in self.happenings]


async def frame_when(
    camera: DocumentCamera, holds: Callable[[Frame], bool] = lambda _: True, within: float = 8.0
) -> Frame:
    """The first preview frame for which `holds` is true."""
    end = time.monotonic() + within
    latest = None
    while time.monotonic() < end:
        latest = camera.latest()
        if isinstance(latest, Frame) and holds(latest):
            return latest
        await asyncio.sleep(0.02)
    raise AssertionError(f"no such frame within {within} s; last was {latest}")


async def fault_when(camera: DocumentCamera, within: float = 8.0) -> CameraFault:
    """The first fault shown in the preview."""
    end = time.monotonic() + within
    while time.monotonic() < end:
        latest = camera.latest()
        if isinstance(latest, CameraFault):
            return latest
        await asyncio.sleep(0.02)
    raise AssertionError(f"no fault within {within} s")


def pixels(frame: Frame) -> Picture:
    """The frame's picture as a BGR array."""
    return np.frombuffer(frame.pixels, np.uint8).reshape(frame.height, frame.width, 4)[:, :, :3]
