"""The base of everything on a screen: plain Python objects that own a group of canvas instructions.

They are not Kivy widgets: a screen of thirty parts would be a hundred Kivy properties and bindings to
make, and touches would
be offered to each. A part is placed once, in design units from the upper left corner; the stage finds the
part under the
finger by arithmetic.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import monotonic
from typing import TypeVar

from kivy.graphics import InstructionGroup

from screens.theme.look import Look
from screens.theme.tokens import MIN_TARGET
from screens.widgets import raster, wake
from screens.widgets.pen import BoxHandle, Pen

Action = Callable[[], None]
P = TypeVar("P", bound="Part")


class Part:
    """Something drawn in a rectangle of design units. Subclasses draw in ``__init__`` and keep handles to change."""

    touchable = False

    def __init__(self, look: Look, x: float, y: float, w: float, h: float) -> None:
        self.look = look
        self.x, self.y, self.w, self.h = x, y, w, h
        self.group = InstructionGroup()
        self.pen = Pen(look, self.group)
        self.parts: list[Part] = []

    @property
    def bottom(self) -> float:
        """The y just under it."""
        return self.y + self.h

    def add(self, part: P) -> P:
        """Put a part on top of what is drawn so far."""
        self.group.add(part.group)
        self.parts.append(part)
        wake.ask()
        return part

    def remove(self, part: Part) -> None:
        """Take a part away. ValueError when it is not here."""
        self.parts.remove(part)
        self.group.remove(part.group)
        part.gone()
        wake.ask()

    def gone(self) -> None:
        """Called when it leaves the screen; stop what moves."""
        for part in self.parts:
            part.gone()

    def shown(self) -> None:
        """Called when it comes on the screen; start what moves."""
        for part in self.parts:
            part.shown()

    def holds(self, x: float, y: float) -> bool:
        """Is the point inside?"""
        return self.x <= x < self.x + self.w and self.y <= y < self.y + self.h

    def at(self, x: float, y: float) -> Part | None:
        """The topmost touchable part at a point."""
        for part in reversed(self.parts):
            found = part.at(x, y)
            if found is not None:
                return found
        return self if self.touchable and self.holds(x, y) else None

    def walk(self) -> Iterator[Part]:
        """It and all parts in it, in drawing order."""
        yield self
        for part in self.parts:
            yield from part.walk()

    # What the stage calls on a touchable part. Coordinates are design units.
    def press(self, x: float, y: float) -> None:
        """The finger came down on it."""

    def slide(self, x: float, y: float) -> None:
        """The finger moves, maybe off it."""

    def release(self, x: float, y: float) -> None:
        """The finger left the glass."""

    def cancel(self) -> None:
        """The touch is void: a dialog came up, the screen changes."""

    def focus(self, *, on: bool) -> None:
        """Keyboard or switch focus came or went."""

    def fire(self) -> None:
        """Do what a tap does (keyboard, switch, tests)."""


@dataclass(frozen=True, slots=True)
class Target:
    """The rectangle a finger may hit, for the tests of size: a part, or a key of a keyboard."""

    name: str
    w: float
    h: float


class Touchable(Part):
    """A part with a lip: rest, pressed, focus, busy, disabled. Fires on release inside; sliding off cancels.

    A second touch within 400 ms is ignored, and so is any touch while busy or disabled. When the slide comes back, the
    touch counts again, as on any button of the trade.
    """

    touchable = True
    #: The clock for the debounce; the tests replace it.
    now: Callable[[], float]

    def __init__(self, look: Look, x: float, y: float, w: float, h: float, on_tap: Action | None) -> None:
        super().__init__(look, x, y, w, h)
        self.now = monotonic
        self.on_tap = on_tap
        self.enabled = True
        self.busy = False
        self.pressed = False
        self._down = False
        self._fired_at = -1.0
        self._ring: BoxHandle | None = None

    def targets(self) -> list[Target]:
        """What the finger has to hit."""
        return [Target(type(self).__name__, self.w, self.h)]

    @property
    def big_enough(self) -> bool:
        """Does every target keep the smallest size?"""
        return all(t.w >= MIN_TARGET and t.h >= MIN_TARGET for t in self.targets())

    def sink(self, *, down: bool) -> None:
        """Draw it pressed or at rest. Subclasses draw."""

    def press(self, x: float, y: float) -> None:
        self._down = self.enabled and not self.busy
        if self._down:
            self.pressed = True
            self.sink(down=True)

    def slide(self, x: float, y: float) -> None:
        inside = self._down and self.holds(x, y)
        if inside != self.pressed:
            self.pressed = inside
            self.sink(down=inside)

    def release(self, x: float, y: float) -> None:
        was = self.pressed and self._down and self.holds(x, y)
        self.cancel()
        if was:
            self.fire()

    def cancel(self) -> None:
        self._down = False
        if self.pressed:
            self.pressed = False
            self.sink(down=False)

    def fire(self) -> None:
        moment = self.now()
        if not self.enabled or self.busy or 0 <= self._fired_at > moment - self.look.motion.debounce:
            return
        self._fired_at = moment
        if self.on_tap is not None:
            self.on_tap()

    def focus(self, *, on: bool) -> None:
        if on and self._ring is None:
            self._ring = self.pen.box(self.ring_shape(), self.x - 10, self.y - 10, self.w + 20, self.h + 20)
        if self._ring is not None:
            self._ring.alpha(1.0 if on else 0.0)

    def ring_shape(self) -> raster.Box:
        """The focus ring: 6 px of ink, 4 px away."""
        return self.pen.shape(32, None, border=6, border_colour=self.look.palette.focus)
