"""Small drawings of what one brings: an identity card, a phone, a sheet with a seal; drawn for this project.

Each is drawn on a field of 64 by 64 with a few boxes, discs and lines, so that it stays sharp at every size and follows
the palette. A paper without a drawing of its own keeps its icon.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from screens.theme.look import Look
from screens.widgets.pen import Pen

FIELD = 64.0


class Sketch:
    """A pen on the field: places are 0 to 64 from the upper left corner of the drawing."""

    def __init__(self, look: Look, pen: Pen, x: float, y: float, size: float) -> None:
        palette = look.palette
        self.ink = palette.icon
        self.paper = palette.surface
        self.shade = palette.surface if look.contrast else palette.tones["tint"].ground
        self.accent = palette.icon if look.contrast else palette.sun
        self.good = palette.tones["green"].icon
        self._pen, self._x, self._y, self._scale = pen, x, y, size / FIELD

    def _at(self, x: float, y: float) -> tuple[float, float]:
        return self._x + x * self._scale, self._y + y * self._scale

    def box(
        self, x: float, y: float, w: float, h: float, *, r: float = 4, face: str = "", edge: bool = True
    ) -> None:
        k = self._scale
        left, top = self._at(x, y)
        shape = self._pen.shape(
            r * k, face or self.paper, border=4 * k if edge else 0, border_colour=self.ink
        )
        self._pen.box(shape, left, top, w * k, h * k)

    def disc(self, x: float, y: float, d: float, code: str = "") -> None:
        left, top = self._at(x, y)
        self._pen.disc(code or self.ink, left, top, d * self._scale)

    def bar(self, x: float, y: float, w: float, h: float = 4, code: str = "") -> None:
        left, top = self._at(x, y)
        self._pen.rect(code or self.ink, left, top, w * self._scale, h * self._scale)

    def line(
        self, *points: tuple[float, float], width: float = 4, close: bool = False, code: str = ""
    ) -> None:
        flat = [self._at(*point) for point in points]
        self._pen.line(code or self.ink, flat, width * self._scale, close=close)


def _sheet(s: Sketch, x: float = 12, y: float = 4, w: float = 40, h: float = 56, lines: int = 3) -> None:
    s.box(x, y, w, h)
    for number in range(lines):
        s.bar(x + 8, y + 12 + number * 9, w - (16 if number % 2 == 0 else 24), 3)


def _ktp(s: Sketch) -> None:
    s.box(2, 12, 60, 40, r=6, face=s.shade)
    s.disc(12, 20, 12)
    s.box(9, 32, 18, 11, r=5, face=s.ink, edge=False)
    for number, wide in enumerate((22, 22, 14)):
        s.bar(33, 22 + number * 9, wide)


def _contact(s: Sketch) -> None:
    s.box(6, 4, 30, 56, r=6)
    s.bar(16, 51, 10)
    s.box(24, 18, 38, 26, r=4, face=s.shade)
    s.line((26, 21), (43, 34), (60, 21))


def _npwp(s: Sketch) -> None:
    s.box(2, 12, 60, 40, r=6, face=s.shade)
    s.bar(10, 20, 30, 5)
    for left in (10, 22, 34, 46):
        s.bar(left, 32, 8, 5)
    s.bar(10, 42, 24, 3)
    s.disc(45, 18, 10, s.accent)


def _place(s: Sketch) -> None:
    s.line((4, 46), (32, 36), (60, 46), (32, 58), close=True)
    s.disc(19, 6, 26)
    s.line((22, 26), (32, 46), (42, 26), width=6)
    s.disc(26, 13, 12, s.accent)


def _capital(s: Sketch) -> None:
    s.box(4, 14, 48, 26, r=4, face=s.shade)
    s.disc(21, 20, 14)
    for number in range(3):
        s.box(34, 46 - number * 7, 26, 9, r=4, face=s.accent)


def _coordinates(s: Sketch) -> None:
    s.box(6, 6, 52, 52, r=4, face=s.shade)
    for at in (23, 40):
        s.bar(at, 8, 2, 48)
        s.bar(8, at, 48, 2)
    s.disc(21, 21, 22)
    s.disc(26, 26, 12, s.accent)


def _building(s: Sketch) -> None:
    s.line((4, 30), (28, 8), (52, 30), width=5)
    s.box(9, 28, 38, 30, r=2, face=s.shade)
    s.box(22, 40, 12, 18, r=2, face=s.ink, edge=False)
    s.disc(38, 34, 24, s.good)
    s.line((44, 46), (49, 51), (57, 41), code=s.paper)


def _proof(s: Sketch) -> None:
    _sheet(s, 8, 4, 40, 52)
    s.disc(34, 34, 26, s.good)
    s.line((41, 47), (46, 52), (54, 42), code=s.paper)


def _stack(s: Sketch) -> None:
    s.box(18, 4, 38, 48, face=s.shade)
    _sheet(s, 8, 12, 38, 48)


def _deed(s: Sketch) -> None:
    _sheet(s, 8, 4, 44, 48, lines=2)
    s.line((38, 44), (34, 62), (42, 56), (50, 62), (46, 44), width=5, code=s.accent)
    s.disc(31, 28, 22)
    s.disc(36, 33, 12, s.accent)


def _land(s: Sketch) -> None:
    _sheet(s, 8, 4, 40, 56, lines=2)
    s.line((16, 50), (24, 38), (32, 46), (40, 34), width=4, code=s.good)
    s.box(36, 34, 24, 22, r=2, face=s.shade)
    s.line((32, 38), (48, 24), (63, 38), width=5)


DRAWINGS: Final[dict[str, Callable[[Sketch], None]]] = {
    "ktp": _ktp,
    "contact": _contact,
    "npwp": _npwp,
    "place": _place,
    "capital": _capital,
    "coordinates": _coordinates,
    "building_papers": _building,
    "standard_proof": _proof,
    "permit_papers": _stack,
    "deed": _deed,
    "lease": _land,
    "owner_letter": _land,
    "npwp_card": _npwp,
}
"""Paper of the packs (its id) → its drawing."""


def draw(look: Look, pen: Pen, paper: str, x: float, y: float, size: float) -> bool:
    """Draw the picture of a paper in a square; False when there is none for this id."""
    drawing = DRAWINGS.get(paper)
    if drawing is None:
        return False
    drawing(Sketch(look, pen, x, y, size))
    return True
