"""The engine of a live camera, whatever its pictures come from: threads, preview, stills, troubles, reconnecting."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from concurrent.futures import Future, InvalidStateError
from dataclasses import dataclass
from typing import Final, Protocol

import cv2

from hardware.camera import codes, geometry, still
from hardware.camera.analysis import Follower, Sight
from hardware.camera.geometry import Picture
from hardware.camera.port import CameraFault, CameraTrouble, Frame, Page
from hardware.health import Condition, Health

PREVIEW: Final = (1280, 720)
LOOK_EVERY: Final = 0.12
"""Seconds between two looks for the page: eight a second; where nothing moved a look costs less than a millisecond."""
FIRST_WAIT: Final = 0.25
LONGEST_WAIT: Final = 4.0
STILL_DEADLINE: Final = 6.0
CODES_WANTED: Final = 1.0
"""Seconds after the last question for codes during which the analyst keeps looking for them."""
STALE: Final = 3.0
"""Seconds without a frame after which a stream that neither ends nor delivers counts as gone."""


class Source(Protocol):
    """Where pictures come from. One thread makes all calls but `probe` and `still_gain`; they may block up to ~2 s."""

    def open(self) -> CameraFault | None: ...

    def read(self) -> Picture | CameraFault:
        """The next preview picture, BGR of any size; paces itself to the camera's rate."""
        ...

    def still(self) -> Picture | CameraFault:
        """A picture at full resolution, exposed after the call."""
        ...

    def close(self) -> None: ...

    def probe(self) -> Health:
        """How the device is while nobody has it open."""
        ...

    @property
    def still_gain(self) -> float:
        """Width of a still over width of a preview picture."""
        ...


@dataclass(frozen=True, slots=True)
class _Newest:
    """The newest picture for the analyst."""

    number: int
    picture: Picture
    at: float


class LiveCamera:
    """A DocumentCamera over a Source.

    A grabber thread reads, a second one analyses; both are joined by `close`. `open` answers with the fault when the
    camera cannot be opened and leaves nothing running. While open, a stream that vanishes shows as CameraFault GONE in
    `latest` and is opened again with growing waits (0.25 s to 4 s) until it is back.
    """

    def __init__(self, source: Source, *, view_mm: float | None = None) -> None:
        self._source = source
        self._view_mm = view_mm
        self._latest: Frame | CameraFault | None = None
        self._sight = Sight()
        self._newest: _Newest | None = None
        self._fresh = threading.Condition()
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []
        self._wanted: Future[Picture | CameraFault] | None = None
        self._wanting = threading.Lock()
        self._capturing = asyncio.Lock()
        # Opening waits for a closing under way: two grabbers on one capture crash its driver.
        self._turning = asyncio.Lock()
        self._touched = 0.0
        self._codes: tuple[str, ...] = ()
        self._codes_asked = float("-inf")

    async def open(self) -> CameraFault | None:
        """Start the stream; None once it runs, else the fault and nothing is left open. Open twice is harmless."""
        async with self._turning:
            return None if self._threads else await self._open()

    async def _open(self) -> CameraFault | None:
        # The visit draws and answers on the same two cores: OpenCV must not spread over them.
        cv2.setNumThreads(1)
        self._stop.clear()
        self._latest, self._newest, self._sight = None, None, Sight()
        self._codes, self._codes_asked = (), float("-inf")
        opened: Future[CameraFault | None] = Future()
        grabber = threading.Thread(target=self._grab, args=(opened,), name="camera-grabber", daemon=True)
        analyst = threading.Thread(target=self._analyse, name="camera-analyst", daemon=True)
        self._threads = [grabber, analyst]
        grabber.start()
        analyst.start()
        try:
            fault = await asyncio.wrap_future(opened)
        except asyncio.CancelledError:
            await asyncio.shield(self._close())
            raise
        if fault is not None:
            await self._close()
        return fault

    async def close(self) -> None:
        """Stop and join both threads and forget every picture. Harmless when closed."""
        async with self._turning:
            await asyncio.shield(self._close())

    async def _close(self) -> None:
        threads, self._threads = self._threads, []
        self._stop.set()
        with self._fresh:
            self._fresh.notify_all()
        for thread in threads:
            await asyncio.to_thread(thread.join)
        self._answer(CameraFault(CameraTrouble.GONE, "closed"))
        self._latest, self._newest, self._sight = None, None, Sight()
        self._codes, self._codes_asked = (), float("-inf")

    async def health(self) -> Health:
        """The state of the open stream, or what can be told of the device without opening it."""
        if not self._threads:
            return await asyncio.to_thread(self._source.probe)
        shown = self.latest()
        if isinstance(shown, CameraFault):
            hint = "check the camera's cable; the kiosk keeps trying to open it"
            absent = shown.trouble in (CameraTrouble.GONE, CameraTrouble.NO_CAMERA)
            return Health(
                "camera", Condition.ABSENT if absent else Condition.FAILED, shown.trouble.value, hint
            )
        if shown is None:
            return Health("camera", Condition.UNKNOWN, "no_frame_yet")
        return Health("camera", Condition.READY)

    def latest(self) -> Frame | CameraFault | None:
        """See DocumentCamera; a stream silent for 3 s counts as gone even before its driver says so."""
        shown = self._latest
        if isinstance(shown, Frame) and time.monotonic() - self._touched > STALE:
            return CameraFault(CameraTrouble.GONE, "silent")
        return shown

    def codes(self) -> tuple[str, ...]:
        """See DocumentCamera; decoded by the analyst, and only while somebody asks."""
        if not self._threads:
            return ()
        now = time.monotonic()
        if now - self._codes_asked > CODES_WANTED:
            self._codes = ()  # nobody looked since: what lay there then is not what lies there now
        self._codes_asked = now
        return self._codes if isinstance(self.latest(), Frame) else ()

    async def capture(self) -> Page | CameraFault:
        """See DocumentCamera. One capture at a time; a closed or vanished camera answers with its fault."""
        picture = await self._still()
        if isinstance(picture, CameraFault):
            return picture
        return await asyncio.to_thread(still.develop, picture, view_mm=self._view_mm)

    async def photograph(self) -> bytes | CameraFault:
        """See DocumentCamera."""
        picture = await self._still()
        if isinstance(picture, CameraFault):
            return picture
        return await asyncio.to_thread(still.encode, picture, quality=95)

    async def _still(self) -> Picture | CameraFault:
        async with self._capturing:
            if not self._threads:
                return CameraFault(CameraTrouble.NO_CAMERA, "closed")
            shown = self.latest()
            if isinstance(shown, CameraFault):
                return shown
            wanted: Future[Picture | CameraFault] = Future()
            with self._wanting:
                self._wanted = wanted
            try:
                picture = await asyncio.wait_for(asyncio.wrap_future(wanted), STILL_DEADLINE)
            except TimeoutError:
                return CameraFault(CameraTrouble.GONE, "no_still")
            finally:
                with self._wanting:
                    self._wanted = None
            return picture

    # The grabber thread

    def _grab(self, opened: Future[CameraFault | None]) -> None:
        fault = self._guarded_open()
        opened.set_result(fault)
        if fault is not None:
            return
        number, wait = 0, FIRST_WAIT
        try:
            while not self._stop.is_set():
                picture = self._next()
                if isinstance(picture, CameraFault):
                    self._lose(picture)
                    wait = self._reconnect(wait)
                    continue
                wait = FIRST_WAIT
                number += 1
                self._publish(number, picture)
        finally:
            self._source.close()

    def _guarded_open(self) -> CameraFault | None:
        try:
            return self._source.open()
        except Exception as error:  # noqa: BLE001 - a driver's surprise must become a value, not a dead thread
            return CameraFault(CameraTrouble.NO_CAMERA, type(error).__name__)

    def _next(self) -> Picture | CameraFault:
        """Read on, answering a wish for a still in between."""
        with self._wanting:
            wanted = self._wanted is not None
        try:
            if wanted:
                taken = self._checked(self._source.still())
                self._answer(taken)
                if isinstance(taken, CameraFault) and taken.trouble is not CameraTrouble.UNREADABLE:
                    return taken
            return self._checked(self._source.read())
        except Exception as error:  # noqa: BLE001 - as above
            return CameraFault(CameraTrouble.GONE, type(error).__name__)

    def _checked(self, got: Picture | CameraFault) -> Picture | CameraFault:
        if isinstance(got, CameraFault):
            return got
        if got.ndim != 3 or got.shape[2] != 3 or not still.within(got.shape[1], got.shape[0]):
            return CameraFault(CameraTrouble.UNREADABLE, "dimensions")
        return got

    def _answer(self, taken: Picture | CameraFault) -> None:
        with self._wanting:
            wanted, self._wanted = self._wanted, None
        if wanted is not None:
            with contextlib.suppress(InvalidStateError):  # the caller may have given up at its deadline
                wanted.set_result(taken)

    def _lose(self, fault: CameraFault) -> None:
        self._answer(fault)
        self._newest, self._sight, self._codes = None, Sight(), ()
        self._latest = fault
        self._source.close()

    def _reconnect(self, wait: float) -> float:
        """Wait, try once to open; returns how long to wait after the next loss."""
        while not self._stop.wait(wait):
            wait = min(wait * 2, LONGEST_WAIT)
            if self._guarded_open() is None:
                break
        return wait

    def _publish(self, number: int, picture: Picture) -> None:
        now = time.monotonic()
        with self._fresh:
            self._newest = _Newest(number, picture, now)
            self._fresh.notify()
        shown, _ = geometry.fit(picture, *PREVIEW)
        high, wide = shown.shape[:2]
        sight = self._sight
        self._touched = now
        self._latest = Frame(
            number=number,
            width=wide,
            height=high,
            pixels=cv2.cvtColor(shown, cv2.COLOR_BGR2BGRA).reshape(-1).data,
            outline=sight.outline_in(wide, high),
            steady=sight.steady,
            quality=sight.quality,
        )

    # The analyst thread

    def _analyse(self) -> None:
        follower = Follower(self._view_mm)
        seen = 0
        while not self._stop.is_set():
            with self._fresh:
                newest = self._newest
                if newest is None or newest.number == seen:
                    if newest is None:
                        follower = Follower(self._view_mm)
                    self._fresh.wait(0.5)
                    continue
            begun = time.monotonic()
            seen = newest.number
            follower.still_gain = self._source.still_gain
            sight = follower.look(newest.picture, newest.at)
            wanted = begun - self._codes_asked < CODES_WANTED
            texts = codes.read(newest.picture) if wanted else ()
            if self._newest is not None:
                self._sight, self._codes = sight, texts
            self._stop.wait(max(0.0, LOOK_EVERY - (time.monotonic() - begun)))
