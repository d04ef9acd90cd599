"""Between the canvas and the pulse: who is told that something changed, and what moves.

Widgets call ``ask`` and ``play``; the pulse registers itself with ``listen``. Without a pulse (a still
picture in a test)
nothing is asked of anybody and a movement is at its end at once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

Step = Callable[[float], None]
"""Called with the share of the movement that has passed, 0–1 (1 is always called at the end)."""


class Movement:
    """Something that moves for ``seconds``, once or in a loop, redrawn at most ``fps`` times a second."""

    def __init__(
        self, seconds: float, step: Step, done: Callable[[], None] | None, *, loop: bool, fps: float
    ) -> None:
        self.seconds, self.step, self.done, self.loop = seconds, step, done, loop
        self.gap = 1.0 / fps
        self.start: float | None = None
        self.next = 0.0
        self.alive = True

    def stop(self) -> None:
        """Stop where it is; ``done`` is not called."""
        self.alive = False

    def advance(self, now: float) -> None:
        """Take the step that belongs to ``now`` (seconds of any steady clock)."""
        if self.start is None:
            self.start = now
        if now < self.next or not self.alive:
            return
        share = (now - self.start) / self.seconds
        if self.loop:
            share %= 1.0
        elif share >= 1.0:
            self.alive = False
            self.step(1.0)
            if self.done is not None:
                self.done()
            return
        # The next step is counted from when this one was due, so that a late frame does not slow the loop down.
        self.next = max(self.next + self.gap, now + self.gap / 2)
        self.step(share)


class Listener(Protocol):
    """What the pulse offers."""

    def ask(self) -> None:
        """Draw soon."""
        ...

    def play(self, movement: Movement) -> None:
        """Advance the movement with each frame until it is over."""
        ...


Box = tuple[int, int, int, int]
"""x, y, width, height in pixels of the window, from its lower left corner."""

_listener: Listener | None = None
_dirty: list[Box] = []
_whole = True


def listen(listener: Listener | None) -> None:
    """Make ``listener`` the one that is asked for frames; None for nobody."""
    global _listener
    _listener = listener


def ask(box: Box | None = None) -> None:
    """Ask for a frame soon: of one box if only that changed, of the whole window without one. Cheap."""
    global _whole
    if box is None:
        _whole = True
    elif not _whole and box not in _dirty:
        _dirty.append(box)
    if _listener is not None:
        _listener.ask()


def take() -> list[Box] | None:
    """What changed since the last ``take``: boxes, or None for the whole window."""
    global _whole
    boxes = None if _whole else list(_dirty)
    _dirty.clear()
    _whole = False
    return boxes


def play(
    seconds: float,
    step: Step,
    done: Callable[[], None] | None = None,
    *,
    loop: bool = False,
    fps: float = 60.0,
) -> Movement:
    """Start a movement. With ``seconds`` 0 (reduced movement) or no pulse it is at its end at once; a loop
    then rests at 0."""
    movement = Movement(seconds, step, done, loop=loop, fps=fps)
    if _listener is None or seconds <= 0:
        movement.alive = False
        step(0.0 if loop else 1.0)
        if done is not None and not loop:
            done()
    else:
        _listener.play(movement)
    return movement


def ease_out(share: float) -> float:
    """Ease-out cubic."""
    return 1 - (1 - share) ** 3
