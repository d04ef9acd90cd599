"""The camera that loads its libraries late: what it answers before, and the order of open and close."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading

from hardware.camera import build
from hardware.camera.late import LateCamera
from hardware.camera.port import CameraFault, CameraTrouble, Frame, Page
from hardware.health import Condition, Health
from hardware.world import MemoryWorld

UNOPENED = """
import asyncio, sys
from hardware.camera import build
from hardware.world import MemoryWorld
async def look():
    for camera in (build("opencv", address="/dev/video97"), build("simulated", world=MemoryWorld())):
        print((await camera.health()).condition.value, camera.latest(), camera.codes())
asyncio.run(look())
print(sorted({"cv2", "numpy"} & set(sys.modules)))
"""


def test_an_unopened_camera_is_known_without_the_image_libraries() -> None:
    seen = subprocess.run([sys.executable, "-c", UNOPENED], capture_output=True, text=True, check=True)
    assert seen.stdout.splitlines() == ["absent None ()", "ready None ()", "[]"]


async def test_plugged_or_not_is_told_before_and_after_the_first_opening() -> None:
    world = MemoryWorld()
    camera = build("simulated", world=world)
    assert (await camera.health()).condition is Condition.READY
    world.change("camera", plugged=False)
    assert (await camera.health()).condition is Condition.ABSENT
    assert isinstance(await camera.open(), CameraFault)
    assert (await camera.health()).condition is Condition.ABSENT
    await camera.close()


class _Slow:
    """A camera that takes note of what is done to it."""

    def __init__(self, notes: list[str]) -> None:
        self.notes = notes

    async def open(self) -> CameraFault | None:
        self.notes.append("open")
        return None

    async def close(self) -> None:
        self.notes.append("close")

    async def health(self) -> Health:
        return Health("camera", Condition.READY)

    def latest(self) -> Frame | CameraFault | None:
        return None

    def codes(self) -> tuple[str, ...]:
        return ()

    async def photograph(self) -> bytes | CameraFault:
        return CameraFault(CameraTrouble.GONE)

    async def capture(self) -> Page | CameraFault:
        raise AssertionError


async def test_a_close_while_the_libraries_load_leaves_the_camera_closed() -> None:
    notes: list[str] = []
    loaded = threading.Event()

    def make() -> _Slow:
        loaded.wait(5)
        return _Slow(notes)

    camera = LateCamera(make, lambda: Health("camera", Condition.READY))
    opening = asyncio.create_task(camera.open())
    await asyncio.sleep(0.01)
    closing = asyncio.create_task(camera.close())
    await asyncio.sleep(0.01)
    loaded.set()
    await asyncio.gather(opening, closing)
    assert notes == ["open", "close"]


async def test_a_picture_before_the_first_opening_is_refused() -> None:
    camera = build("opencv", address="/dev/video97")
    assert isinstance(await camera.capture(), CameraFault)
