"""A camera that loads its image libraries when it is first opened.

OpenCV and NumPy are some 40 MB and a quarter of a second: a visitor who only takes a queue number pays neither.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from hardware.camera.port import CameraFault, CameraTrouble, DocumentCamera, Frame, Page
from hardware.health import Health


class LateCamera:
    """`DocumentCamera` in front of the one that `make` builds. `make` and `probe` run in a thread and may block;
    `probe` answers for the device until it is first opened."""

    def __init__(self, make: Callable[[], DocumentCamera], probe: Callable[[], Health]) -> None:
        self._make = make
        self._probe = probe
        self._camera: DocumentCamera | None = None
        self._making = asyncio.Lock()

    async def open(self) -> CameraFault | None:
        async with self._making:
            if self._camera is None:
                self._camera = await asyncio.to_thread(self._make)
        return await self._camera.open()

    async def close(self) -> None:
        # In its turn: a close that came while the libraries load must not be overtaken by the opening before it.
        async with self._making:
            camera = self._camera
        if camera is not None:
            await camera.close()

    async def health(self) -> Health:
        if self._camera is not None:
            return await self._camera.health()
        return await asyncio.to_thread(self._probe)

    def latest(self) -> Frame | CameraFault | None:
        return self._camera.latest() if self._camera is not None else None

    def codes(self) -> tuple[str, ...]:
        return self._camera.codes() if self._camera is not None else ()

    async def photograph(self) -> bytes | CameraFault:
        if self._camera is None:
            return CameraFault(CameraTrouble.GONE, "closed")
        return await self._camera.photograph()

    async def capture(self) -> Page | CameraFault:
        if self._camera is None:
            return CameraFault(CameraTrouble.GONE, "closed")
        return await self._camera.capture()
