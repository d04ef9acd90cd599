"""The visit's end of the process that reads the face of an e-KTP."""

from __future__ import annotations

import asyncio
import contextlib
import json
import subprocess
from asyncio.subprocess import Process
from typing import Any, cast

from hardware.camera.port import CardFace, FaceField, FaceTrouble
from kiosk.main.face_reader import READY
from kiosk.main.spawn import python

START_SECONDS = 30.0
READ_SECONDS = 30.0


class FaceProcess:
    """`kiosk.effects.tools.FaceReader` by `kiosk.main.face_reader`, one process at a time."""

    def __init__(self, *, inspectable: bool = False, command: list[str] | None = None) -> None:
        self._command = command or python("kiosk.main.face_reader")
        self._extra = ["inspect"] if inspectable else []
        self._process: Process | None = None
        self._ready: asyncio.Task[bool] | None = None
        self._turn = asyncio.Lock()

    async def start(self) -> None:
        """See FaceReader. Returns once the process exists; loading goes on."""
        if self._process is not None and self._process.returncode is None:
            return
        with contextlib.suppress(OSError):
            self._process = await asyncio.create_subprocess_exec(
                *self._command, *self._extra, stdin=subprocess.PIPE, stdout=subprocess.PIPE
            )
            self._ready = asyncio.ensure_future(self._loaded(self._process))

    async def read(self, jpeg: bytes) -> CardFace | FaceTrouble:
        """See FaceReader. A process that hangs or breaks is ended; the next try starts another."""
        async with self._turn:
            await self.start()
            process, ready = self._process, self._ready
            if process is None or ready is None or not await asyncio.shield(ready):
                await self.stop()
                return FaceTrouble.READER_MISSING
            try:
                async with asyncio.timeout(READ_SECONDS):
                    said = await _ask(process, jpeg)
            except (TimeoutError, OSError, ValueError):
                await self.stop()
                return FaceTrouble.NO_NUMBER
            return _face(said)

    async def stop(self) -> None:
        """See FaceReader."""
        process, self._process = self._process, None
        ready, self._ready = self._ready, None
        if ready is not None:
            ready.cancel()
        if process is not None and process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    async def _loaded(self, process: Process) -> bool:
        assert process.stdout is not None  # noqa: S101 - asked for above
        try:
            async with asyncio.timeout(START_SECONDS):
                return await process.stdout.readline() == READY
        except (TimeoutError, OSError, ValueError):
            return False


async def _ask(process: Process, jpeg: bytes) -> dict[str, Any]:
    assert process.stdin is not None  # noqa: S101 - asked for when it was started
    assert process.stdout is not None  # noqa: S101
    process.stdin.write(len(jpeg).to_bytes(4, "big") + jpeg)
    await process.stdin.drain()
    said = cast("object", json.loads(await process.stdout.readline()))
    if not isinstance(said, dict):
        raise ValueError("not an answer")  # noqa: TRY004 - one kind of error for all that is not one
    return cast("dict[str, Any]", said)


def _face(said: dict[str, Any]) -> CardFace | FaceTrouble:
    try:
        if "trouble" in said:
            return FaceTrouble(said["trouble"])
        first, second = said["numbers"]
        parts = {
            name: FaceField(str(said[name]["text"]), bool(said[name]["sure"]))
            for name in ("name", "birth", "address")
        }
        return CardFace((str(first), str(second)), **parts)
    except (KeyError, TypeError, ValueError):
        return FaceTrouble.NO_NUMBER
