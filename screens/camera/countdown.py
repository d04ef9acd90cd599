"""A page that takes itself: the seconds left in a ring, and a button that stops it (over the foot of the live view)."""

from __future__ import annotations

from math import cos, pi, sin

from kiosk import i18n
from kiosk.flow.events import Choose
from screens.scene import Sends
from screens.theme.look import Look
from screens.theme.tokens import CAMERA_OK, SAMUDRA_DD, WHITE
from screens.widgets import text
from screens.widgets.buttons import Button
from screens.widgets.part import Part
from screens.widgets.pen import LineHandle

RING = 116.0
ARCS = 3
"""The ring has an arc for each second: it loses one at a time and nothing else moves."""
PAD = 20.0


class Countdown(Part):
    """A dark plate with the ring, what happens, and the button. ``y``: its lower edge; ``stop``: what a touch sends."""

    def __init__(self, look: Look, x: float, y: float, w: float, words: tuple[str, str], stop: Sends) -> None:
        said, button = words
        label = min(w - RING - 4 * PAD, text.width_of(look, button, "tile_small") + 150)
        high = max(RING, 108.0 + text.height_of(look, said, "tile_small", label) + 12)
        wide, tall = RING + label + 3 * PAD, high + 2 * PAD
        super().__init__(look, x + (w - wide) / 2, y - tall, wide, tall)
        border = 3 if look.contrast else 0
        self.pen.box(
            self.pen.shape(24, SAMUDRA_DD, border=border, border_colour=WHITE), self.x, self.y, wide, tall
        )
        left, top = self.x + PAD, self.y + (tall - RING) / 2
        self._centre = (left + RING / 2, top + RING / 2)
        self._arcs = [self._arc(number) for number in range(ARCS)]
        middle = top + (RING - text.height_of(look, "3", "figure")) / 2
        self._number = self.pen.text(
            "", "figure", left, middle, RING, code=WHITE, align="center", tabular=True, keep=True
        )
        left += RING + PAD
        self.pen.text(said, "tile_small", left, self.y + PAD, label, code=WHITE, keep=True)
        self.add(
            Button(look, left, self.y + tall - PAD - 104, label, 104, button, stop, icon="hand-palm", icon_at="left",
                   role="tile_small", pad=10)
        )  # fmt: skip

    def _arc(self, number: int) -> LineHandle:
        part = 2 * pi / ARCS
        begin, end = number * part + 0.08, (number + 1) * part - 0.08
        steps = [begin + (end - begin) * step / 14 for step in range(15)]
        (x, y), radius = self._centre, RING / 2 - 6
        points = [(x + radius * sin(turn), y - radius * cos(turn)) for turn in steps]
        return self.pen.line(CAMERA_OK, points, 9)

    def tell(self, seconds: int) -> None:
        """So many seconds are left."""
        self._number.say(str(seconds))
        for number, arc in enumerate(self._arcs):
            arc.tint(alpha=1.0 if number < seconds else 0.25)


def countdown(look: Look, x: float, y: float, w: float, language: i18n.Language, send: Sends) -> Countdown:
    """The plate in the visitor's language."""
    words = i18n.say(language, "camera.self"), i18n.say(language, "camera.by_hand")
    return Countdown(look, x, y, w, words, send)


STOP = Choose("by_hand")
