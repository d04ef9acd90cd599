"""A real document camera: V4L2 device, network stream or film file through OpenCV's VideoCapture."""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# (OpenCV's stubs leave array element types open.)

from __future__ import annotations

import os
import time
from typing import Final

import cv2
import numpy as np

from hardware.camera.address import CameraAddress
from hardware.camera.geometry import Picture
from hardware.camera.live import LiveCamera
from hardware.camera.port import CameraFault, CameraTrouble
from hardware.health import Health

OPEN_TIMEOUT_MS: Final = 3000
READ_TIMEOUT_MS: Final = 2000
SETTLE_FRAMES: Final = 4
"""Frames thrown away after a change of mode, while exposure and focus settle."""
TOP_RATE: Final = 30.0


class VideoSource:
    """A Source on cv2.VideoCapture.

    `address` is as `CameraAddress` takes it; a film plays in a loop. `preview` and `still` are the modes asked of a
    device as (width, height); a stream and a film have the size they have, and their still is simply a later frame.
    """

    def __init__(
        self, address: int | str, preview: tuple[int, int] = (1280, 720), still: tuple[int, int] | None = None
    ) -> None:
        self._at = CameraAddress(address)
        self._preview = preview
        self._still = still
        self._capture: cv2.VideoCapture | None = None
        self._gain = 1.0
        self._due = 0.0

    @property
    def still_gain(self) -> float:
        return self._gain

    def open(self) -> CameraFault | None:
        self.close()
        if not self._at.stream and not self._at.node.exists():
            return CameraFault(CameraTrouble.NO_CAMERA, "absent")
        if self._at.device is not None:
            capture = self._open_device(self._at.device)
        else:
            timeouts = [
                cv2.CAP_PROP_OPEN_TIMEOUT_MSEC,
                OPEN_TIMEOUT_MS,
                cv2.CAP_PROP_READ_TIMEOUT_MSEC,
                READ_TIMEOUT_MS,
            ]
            # One decoder thread: each further one holds a frame back.
            options = [*timeouts, cv2.CAP_PROP_N_THREADS, 1]
            capture = cv2.VideoCapture(str(self._at.text), cv2.CAP_FFMPEG, options)
        if not capture.isOpened():
            capture.release()
            if self._at.stream:
                return CameraFault(CameraTrouble.NO_CAMERA, "no_answer")
            # The node is there and may be read, so another program has it.
            busy = self._at.device is not None and os.access(self._at.node, os.R_OK | os.W_OK)
            return CameraFault(CameraTrouble.BUSY if busy else CameraTrouble.NO_CAMERA, "not_opened")
        self._capture = capture
        return None

    def _open_device(self, device: int | str) -> cv2.VideoCapture:
        capture = cv2.VideoCapture(device, cv2.CAP_V4L2, [cv2.CAP_PROP_READ_TIMEOUT_MSEC, READ_TIMEOUT_MS])
        if capture.isOpened():
            # USB 2 carries large pictures at a live rate only as JPEG.
            capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
            capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)
            self._set_mode(capture, self._preview)
            if self._still:
                got = capture.get(cv2.CAP_PROP_FRAME_WIDTH) or self._preview[0]
                self._gain = max(1.0, self._still[0] / got)
        return capture

    @staticmethod
    def _set_mode(capture: cv2.VideoCapture, mode: tuple[int, int]) -> None:
        capture.set(cv2.CAP_PROP_FRAME_WIDTH, mode[0])
        capture.set(cv2.CAP_PROP_FRAME_HEIGHT, mode[1])

    def read(self) -> Picture | CameraFault:
        capture = self._capture
        if capture is None:
            return CameraFault(CameraTrouble.GONE, "closed")
        if self._at.film:
            self._pace(capture)
        alive, picture = capture.read()
        if not alive and self._at.film:
            capture.set(cv2.CAP_PROP_POS_FRAMES, 0)
            alive, picture = capture.read()
        if not alive:
            return CameraFault(CameraTrouble.GONE, "stream_ended")
        if picture.ndim == 2:
            picture = cv2.cvtColor(picture, cv2.COLOR_GRAY2BGR)
        return np.asarray(picture, dtype=np.uint8)

    def _pace(self, capture: cv2.VideoCapture) -> None:
        rate = capture.get(cv2.CAP_PROP_FPS)
        step = 1 / min(rate, TOP_RATE) if rate > 1 else 1 / TOP_RATE
        now = time.monotonic()
        if self._due > now:
            time.sleep(self._due - now)
        self._due = max(now, self._due) + step

    def still(self) -> Picture | CameraFault:
        capture = self._capture
        if capture is None or self._at.device is None or not self._still or self._still == self._preview:
            # The frame under way was exposed before the wish; the one after it was not.
            first = self.read()
            return first if isinstance(first, CameraFault) else self.read()
        self._set_mode(capture, self._still)
        picture: Picture | CameraFault = CameraFault(CameraTrouble.GONE, "no_still")
        try:
            for _ in range(SETTLE_FRAMES):
                picture = self.read()
                if isinstance(picture, CameraFault):
                    break
        finally:
            self._set_mode(capture, self._preview)
        return picture

    def close(self) -> None:
        if self._capture is not None:
            self._capture.release()
            self._capture = None
        self._due = 0.0

    def probe(self) -> Health:
        return self._at.probe()


class OpenCVCamera(LiveCamera):
    """DocumentCamera on cv2.VideoCapture; see VideoSource for the arguments and LiveCamera for the behaviour.

    `view_mm` is how many millimetres of the table the picture's long side spans, if the mount was calibrated.
    """

    def __init__(
        self,
        address: int | str,
        *,
        preview: tuple[int, int] = (1280, 720),
        still: tuple[int, int] | None = None,
        view_mm: float | None = None,
    ) -> None:
        super().__init__(VideoSource(address, preview, still), view_mm=view_mm)
