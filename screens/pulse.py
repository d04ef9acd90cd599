"""The frame loop: sleeps until there is something to do, then does it at once.

Kivy's own loop looks for input once a tick of its clock: at 60 fps a tap waits up to 16 ms before it is read and as long
again before it is drawn, and the loop runs 60 times a second for nobody. Here the loop sleeps in asyncio until

* the window system's connection has bytes (the X11 socket, or the evdev files under KMSDRM: SDL's own file descriptors,
  found under /proc/self/fd and watched with ``add_reader``),
* a widget asked for a frame (``screens.widgets.wake``), or a movement is due,
* one of Kivy's own timers is due, or half a second passed (a safety net, and the place where a lost wake-up heals).

A frame is drawn only when the canvas changed.
"""

from __future__ import annotations

import asyncio
import os
import socket
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import Any

from screens.widgets import wake
from screens.widgets.wake import Movement

LONGEST_SLEEP = 0.5
FRAME = 1 / 60


def input_descriptors() -> list[int]:
    """File descriptors SDL reads input from: its X11 connections and evdev files. Linux only (/proc)."""
    found: list[int] = []
    for entry in Path("/proc/self/fd").iterdir():
        number = int(entry.name)
        try:
            target = os.readlink(entry)
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


class Pulse:
    """Runs the window's frames in an asyncio loop. Make it after the window is open; ``run`` until ``stop``.

    Counters for the bench: ``frames`` drawn, ``turns`` of the loop.
    """

    def __init__(self, window: Any) -> None:
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
        self.frames = 0
        self.turns = 0

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
        wake.listen(self)
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
        # Give other tasks a turn even when the next frame is due.
        if pause <= 0:
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
        self._window.mainloop()
        self._events.dispatch_input()

    def draw(self) -> None:
        """Draw and show one frame now."""
        self._window.dispatch("on_draw")
        self._window.dispatch("on_flip")
        self._drawn_at = monotonic()
        self.frames += 1
