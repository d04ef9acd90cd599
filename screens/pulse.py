"""The frame loop: sleeps until there is something to do, then does it at once.

Kivy's own loop looks for input once a tick of its clock: at 60 fps a tap waits up to 16 ms before it is
read and as long
again before it is drawn, and the loop runs 60 times a second for nobody. Here the loop sleeps in asyncio until

* the window system's connection has bytes (the X11 socket, or the evdev files under KMSDRM: SDL's own file descriptors,
  found under /proc/self/fd and watched with ``add_reader``),
* a widget asked for a frame (``screens.widgets.wake``), or a movement is due,
* one of Kivy's own timers is due, or half a second passed (a safety net, and the place where a lost wake-up heals).

A frame is drawn only when the canvas changed, and where the driver keeps the last picture (Mesa's software
renderers on X11)
only the boxes that changed are drawn and copied to the screen: a pressed button costs 1 ms instead of 30,
and the ticking
clock of a visit does not redraw two million pixels a second. A real GPU draws the whole window, which costs it nothing.
"""

from __future__ import annotations

import asyncio
import ctypes
import os
import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import Any

from screens.widgets import wake
from screens.widgets.wake import Box, Movement

LONGEST_SLEEP = 0.5
FRAME = 1 / 60
MOST_BOXES = 6
MOST_SHARE = 0.8
"""A larger part of the window is drawn as a whole: one clear and one swap instead of a copy a box."""


def input_descriptors() -> list[int]:
    """File descriptors SDL reads input from: its X11 connections and evdev files. Linux only (/proc)."""
    found: list[int] = []
    for entry in Path("/proc/self/fd").iterdir():
        number = int(entry.name)
        try:
            target = str(entry.readlink())
        except OSError:  # closed while we looked
            continue
        if target.startswith("/dev/input/event"):
            found.append(number)
        elif target.startswith("socket:"):
            try:
                with socket.socket(fileno=os.dup(number)) as probe:
                    if probe.family == socket.AF_UNIX and "X11-unix" in _text(probe.getpeername()):
                        found.append(number)
            except OSError:
                continue
    return found


def _text(address: Any) -> str:
    return address.decode(errors="replace") if isinstance(address, bytes) else str(address)


def region_copier() -> Callable[[int, int, int, int], None] | None:
    """A function that copies a box (pixels from the lower left) of the finished picture to the screen, or None.

    Only for Mesa's llvmpipe and softpipe over GLX: after a copy or swap their back buffer still holds the
    picture. With a
    GPU it is undefined, so there the whole window is drawn. Source: the extension GLX_MESA_copy_sub_buffer.
    """
    if os.environ.get("SDL_VIDEODRIVER") != "x11" or os.environ.get("ANJUNGAN_WHOLE_FRAMES"):
        return None
    try:
        gl = ctypes.CDLL("libGL.so.1")
        x11 = ctypes.CDLL("libX11.so.6")
    except OSError:
        return None
    gl.glGetString.restype = ctypes.c_char_p
    gl.glXGetCurrentDisplay.restype = ctypes.c_void_p
    gl.glXGetCurrentDrawable.restype = ctypes.c_ulong
    gl.glXQueryExtensionsString.restype = ctypes.c_char_p
    gl.glXQueryExtensionsString.argtypes = [ctypes.c_void_p, ctypes.c_int]
    gl.glXGetProcAddressARB.restype = ctypes.c_void_p
    gl.glXGetProcAddressARB.argtypes = [ctypes.c_char_p]
    x11.XFlush.argtypes = [ctypes.c_void_p]
    display = gl.glXGetCurrentDisplay()
    if not display:  # the context is EGL's
        return None
    renderer = gl.glGetString(0x1F01) or b""
    extensions = gl.glXQueryExtensionsString(display, 0) or b""
    if (
        not (b"llvmpipe" in renderer or b"softpipe" in renderer)
        or b"GLX_MESA_copy_sub_buffer" not in extensions
    ):
        return None
    address = gl.glXGetProcAddressARB(b"glXCopySubBufferMESA")
    if not address:
        return None
    kind = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_ulong, *[ctypes.c_int] * 4)
    copy = kind(address)
    drawable = gl.glXGetCurrentDrawable()

    def copy_box(x: int, y: int, width: int, height: int) -> None:
        copy(display, drawable, x, y, width, height)
        x11.XFlush(display)

    return copy_box


def merged(boxes: list[Box], width: int, height: int) -> list[Box] | None:
    """Boxes cut to the window and joined where they touch; None when drawing the whole window is cheaper."""
    left: list[Box] = []
    for x, y, w, h in boxes:
        x2, y2 = min(x + w, width), min(y + h, height)
        x, y = max(0, x), max(0, y)
        if x2 <= x or y2 <= y:
            continue
        joined = (x, y, x2 - x, y2 - y)
        again = True
        while again:
            again = False
            for other in left:
                if _touch(joined, other):
                    left.remove(other)
                    joined = _join(joined, other)
                    again = True
                    break
        left.append(joined)
    if len(left) > MOST_BOXES or sum(w * h for _, _, w, h in left) > width * height * MOST_SHARE:
        return None
    return left


def _touch(one: Box, two: Box) -> bool:
    return (
        one[0] <= two[0] + two[2]
        and two[0] <= one[0] + one[2]
        and one[1] <= two[1] + two[3]
        and two[1] <= one[1] + one[3]
    )


def _join(one: Box, two: Box) -> Box:
    x, y = min(one[0], two[0]), min(one[1], two[1])
    return (x, y, max(one[0] + one[2], two[0] + two[2]) - x, max(one[1] + one[3], two[1] + two[3]) - y)


class Pulse:
    """Runs the window's frames in an asyncio loop. Make it after the window is open; ``run`` until ``stop``.

    ``clip`` is ``Stage.clip``; without it every frame is whole. Counters for the bench: ``frames`` drawn,
    ``turns`` of the loop.
    """

    def __init__(self, window: Any, clip: Any = None) -> None:
        from kivy.base import EventLoop
        from kivy.clock import Clock

        self._window = window
        self._events = EventLoop
        self._clock: Any = Clock
        self._wake = asyncio.Event()
        self._movements: list[Movement] = []
        self._stopping = False
        self._watched: list[int] = []
        self._visible = True
        self._drawn_at = 0.0
        self._clip = clip
        self._copy = region_copier() if clip is not None else None
        self.frames = 0
        self.boxes = 0
        self.turns = 0
        wake.listen(self)

    # ---- what widgets call
    def ask(self) -> None:
        """Draw soon."""
        self._wake.set()

    def play(self, movement: Movement) -> None:
        """Advance a movement with the frames until it is over."""
        self._movements.append(movement)
        self._wake.set()

    def stop(self) -> None:
        """End ``run`` after the present turn. May be called from a signal handler of the loop."""
        self._stopping = True
        self._wake.set()

    def set_visible(self, visible: bool) -> None:
        """A hidden window draws nothing and moves nothing; it still answers the window system."""
        self._visible = visible
        if visible:
            self._window.canvas.ask_update()
        self._wake.set()

    # ---- the loop
    async def run(self) -> None:
        """Frames until ``stop``. Exceptions of widgets and screens come out of here."""
        loop = asyncio.get_running_loop()
        self._clock._max_fps = 0  # Kivy's clock must never sleep by itself: the sleeping is done here
        self._watched = input_descriptors()
        for number in self._watched:
            loop.add_reader(number, self._wake.set)
        self._events.status = "started" if self._events.status == "idle" else self._events.status
        try:
            while not self._stopping and not self._events.quit:
                self._wake.clear()
                self.turn()
                await self._sleep()
        finally:
            for number in self._watched:
                loop.remove_reader(number)
            wake.listen(None)

    async def _sleep(self) -> None:
        pause = self._until_due()
        # Give other tasks a turn even when the next frame is due: waiting for an event that is set does not yield, and
        # a live picture that takes longer to draw than to arrive would starve the visit's other work for ever.
        if pause <= 0 or self._wake.is_set():
            await asyncio.sleep(0)
            return
        with suppress(asyncio.TimeoutError):
            async with asyncio.timeout(pause):
                await self._wake.wait()

    def _until_due(self) -> float:
        now = monotonic()
        due = now + LONGEST_SLEEP
        if self._visible:
            for movement in self._movements:
                due = min(due, max(movement.next, self._drawn_at + FRAME))
        timeout = self._clock.get_min_timeout()  # seconds from the clock's last tick
        if timeout >= 0:
            due = min(due, now + max(0.0, timeout))
        return due - now

    def turn(self) -> None:
        """One turn: input, timers, movements, and a frame if the canvas changed."""
        self.turns += 1
        self._poll()
        now = monotonic()
        if self._movements and self._visible:
            for movement in self._movements:
                movement.advance(now)
            self._movements = [m for m in self._movements if m.alive]
        self._clock.tick()
        self._clock.tick_draw()
        if self._visible and self._window.canvas.needs_redraw:
            self.draw()
            # Drawing talks to the X server: input may have been read into SDL's queue with the answers, and the
            # descriptor then stays silent. Look again before sleeping.
            self._poll()
            if self._window.canvas.needs_redraw:
                self._wake.set()

    def _poll(self) -> None:
        before = self._window.canvas.needs_redraw
        self._window.mainloop()
        if self._window.canvas.needs_redraw and not before:
            wake.ask()  # the window system uncovered the window or changed its size
        self._events.dispatch_input()

    def draw(self, *, whole: bool = False) -> None:
        """Draw and show what changed, or the whole window."""
        dirty = wake.take()
        width, height = (int(v) for v in self._window.size)
        boxes = None if whole or not dirty or self._copy is None else merged(dirty, width, height)
        if boxes is None or self._copy is None:
            self._narrow((0, 0, width, height))
            self._window.dispatch("on_draw")
            self._window.dispatch("on_flip")
        else:
            for box in boxes:
                self._narrow(box)
                # Not ``on_draw``: that would clear the window first, and everything in the box is opaque anyway.
                self._window.render_context.draw()
                self._copy(*box)
            self.boxes += len(boxes)
        self._drawn_at = monotonic()
        self.frames += 1

    def _narrow(self, box: Box) -> None:
        clip = self._clip
        if clip is not None and (clip.x, clip.y, clip.width, clip.height) != box:
            clip.x, clip.y, clip.width, clip.height = box
