"""Paints the illustrations in ``screens/theme/art`` with Pillow: ``python -m screens.theme.paint``.

They ship as PNG at twice the design size, because a textured rectangle is the cheapest thing a small GPU
draws and keeps its
soft edges when it turns. The crest is a placeholder until the regency's own lambang is put in its place (setting
``crest``); the wave is the motif *itik pulang petang*, to be confirmed by the local adat and culture office.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from math import cos, pi, sin
from pathlib import Path

from PIL import Image, ImageDraw

from screens.theme import tokens as t

ART = Path(__file__).parent / "art"
_SCALE = 2
_FINE = 8  # drawn eight times as large, then averaged down: that is the antialiasing

Points = list[tuple[float, float]]
Painter = Callable[["Canvas"], None]


class Canvas:
    """A drawing surface in design units."""

    def __init__(self, w: float, h: float) -> None:
        self.w, self.h = w, h
        self.image = Image.new("RGBA", (round(w * _FINE), round(h * _FINE)), (0, 0, 0, 0))
        self.draw = ImageDraw.Draw(self.image)

    def _flat(self, points: Points) -> list[tuple[float, float]]:
        return [(x * _FINE, y * _FINE) for x, y in points]

    def polygon(self, points: Points, code: str) -> None:
        """A filled polygon."""
        self.draw.polygon(self._flat(points), fill=code)

    def round(self, x: float, y: float, w: float, h: float, radius: float, code: str) -> None:
        """A rounded rectangle."""
        self.draw.rounded_rectangle(
            (x * _FINE, y * _FINE, (x + w) * _FINE - 1, (y + h) * _FINE - 1), radius * _FINE, fill=code
        )

    def disc(self, cx: float, cy: float, radius: float, code: str) -> None:
        """A filled circle."""
        self.draw.ellipse(
            ((cx - radius) * _FINE, (cy - radius) * _FINE, (cx + radius) * _FINE, (cy + radius) * _FINE),
            fill=code,
        )

    def stroke(self, points: Points, width: float, code: str) -> None:
        """A line with round joints and ends."""
        self.draw.line(self._flat(points), fill=code, width=round(width * _FINE), joint="curve")
        for x, y in points:
            self.disc(x, y, width / 2, code)

    def save(self, name: str) -> None:
        """Average down and write."""
        size = (round(self.w * _SCALE), round(self.h * _SCALE))
        self.image.resize(size, Image.Resampling.LANCZOS).save(ART / name, optimize=True)


def _bezier(
    a: tuple[float, float], b: tuple[float, float], c: tuple[float, float], d: tuple[float, float]
) -> Points:
    points: Points = []
    for i in range(33):
        u = i / 32
        v = 1 - u
        points.append(
            (
                v**3 * a[0] + 3 * v * v * u * b[0] + 3 * v * u * u * c[0] + u**3 * d[0],
                v**3 * a[1] + 3 * v * v * u * b[1] + 3 * v * u * u * c[1] + u**3 * d[1],
            )
        )
    return points


def _shield(grow: float) -> Points:
    cx, w = 36.0, 31.0 + grow
    top, mid, foot = 9.0 - grow, 44.0, 76.0 + grow * 1.15
    right: Points = [
        (cx, 3 - grow),
        *_bezier((cx, 3 - grow), (cx + 10, top), (cx + w - 8, top + 1), (cx + w, top + 2)),
    ]
    right += _bezier((cx + w, top + 2), (cx + w, mid), (cx + w - 2, foot - 14), (cx, foot))
    return right + [(2 * cx - x, y) for x, y in reversed(right)]


def _wave_line(y: float, x0: float, x1: float, high: float, period: float) -> Points:
    count = 48
    return [
        (x0 + (x1 - x0) * i / count, y + high * sin(2 * pi * (x1 - x0) * i / count / period))
        for i in range(count + 1)
    ]


def crest(canvas: Canvas) -> None:
    """The placeholder shield: palm green sky, sun, three waves of the sea."""
    canvas.polygon(_shield(1.5), t.WHITE)
    inner = Canvas(canvas.w, canvas.h)
    inner.polygon([(0, 0), (72, 0), (72, 43), (0, 43)], t.SAWIT)
    inner.polygon([(0, 39), (72, 39), (72, 80), (0, 80)], t.SAMUDRA)
    inner.disc(36, 38, 12.5, t.SURYA)
    inner.polygon([(0, 39), (72, 39), (72, 80), (0, 80)], t.SAMUDRA)
    for index in range(3):
        inner.stroke(_wave_line(47 + index * 10, 4, 68, 2.6, 21.3), 3.2, t.WHITE)
    mask = Image.new("L", canvas.image.size, 0)
    ImageDraw.Draw(mask).polygon([(x * _FINE, y * _FINE) for x, y in _shield(-3.5)], fill=255)
    canvas.image.paste(inner.image, (0, 0), mask)


def wave(canvas: Canvas) -> None:
    """One duck of the row: a wave that rises and curls. Tiles 72 x 40, white, to be tinted."""
    rise = _bezier((-4, 36), (22, 36), (26, 5), (46, 5))
    curl: Points = []
    for i in range(64):
        u = i / 63
        angle = -pi / 2 + u * 2 * pi * 1.12
        radius = 13.0 - 8.2 * u
        curl.append((46 + radius * cos(angle), 18 + radius * sin(angle)))
    tail = _bezier((curl[-1][0], curl[-1][1]), (curl[-1][0], curl[-1][1]), curl[-1], curl[-1])
    canvas.stroke([*rise, *curl, tail[-1]], 4, t.WHITE)
    canvas.stroke(_bezier((-26, 5), (-10, 5), (-10, 5), (-26, 5)), 0.1, t.WHITE)


def id_card(canvas: Canvas) -> None:
    """An ID card without anybody: lines for words, a head for the photo. The lower edge is its thickness."""
    canvas.round(4, 12, 380, 240, 26, "#5DA3B4")
    canvas.round(4, 4, 380, 238, 26, "#D1E7ED")
    canvas.round(36, 34, 210, 16, 8, t.SAMUDRA)
    for index, (y, w) in enumerate(((66, 150), (106, 190), (130, 166), (154, 190), (178, 120))):
        canvas.round(36, y - index % 1, w, 12, 6, "#5F93A0")
    canvas.round(262, 56, 96, 122, 14, "#A03632")
    inner = Canvas(canvas.w, canvas.h)
    inner.round(262, 56, 96, 122, 14, "#A03632")
    inner.disc(310, 96, 25, "#F4D8C2")
    inner.round(270, 130, 80, 90, 40, t.BUIH)
    mask = Image.new("L", canvas.image.size, 0)
    ImageDraw.Draw(mask).rounded_rectangle(
        (262 * _FINE, 56 * _FINE, 358 * _FINE, 178 * _FINE), 14 * _FINE, fill=255
    )
    canvas.image.paste(inner.image, (0, 0), mask)


def _face(fill: str, mouth: Callable[[Canvas], None]) -> Painter:
    def paint(canvas: Canvas) -> None:
        canvas.disc(92, 92, 90, t.INK)
        canvas.disc(92, 92, 83, fill)
        canvas.disc(63, 75, 11.5, t.INK)
        canvas.disc(121, 75, 11.5, t.INK)
        mouth(canvas)

    return paint


def _sad(canvas: Canvas) -> None:
    canvas.stroke(_bezier((55, 133), (74, 109), (110, 109), (129, 133)), 9, t.INK)


def _flat(canvas: Canvas) -> None:
    canvas.stroke([(59, 126), (125, 126)], 9, t.INK)


def _smile(canvas: Canvas) -> None:
    canvas.stroke(_bezier((55, 116), (74, 141), (110, 141), (129, 116)), 9, t.INK)


def _laugh(canvas: Canvas) -> None:
    lower = _bezier((46, 108), (48, 172), (136, 172), (138, 108))
    canvas.polygon([(46, 106), *lower, (138, 106)], t.INK)
    canvas.round(45, 103, 94, 10, 5, t.INK)


def boat(canvas: Canvas) -> None:
    """A small sailing boat: we wait for the wind (no internet)."""
    canvas.polygon([(82, 4), (156, 96), (82, 96)], t.WHITE)
    canvas.polygon([(70, 28), (70, 96), (18, 96)], "#BEE0E3")
    canvas.polygon([(2, 102), (172, 102), (142, 146), (32, 146)], t.SURYA)


def printer(canvas: Canvas) -> None:
    """The ticket slot without paper: the missing strip is dotted."""
    canvas.round(0, 30, 480, 222, 34, "#16707C")
    canvas.round(0, 0, 480, 230, 34, "#BEE0E3")
    canvas.round(60, 52, 360, 26, 13, t.SAMUDRA_D)
    dots: Points = []
    x = 120.0
    while x <= 362:
        dots.append((x, 65))
        x += 22
    for px, py in dots:
        canvas.round(px - 6, py - 3, 12, 6, 3, t.SAMUDRA)
    for side in (120.0, 362.0):
        for y in (88.0, 112.0, 134.0):
            canvas.round(side - 3.5, y - 6, 7, 12, 3.5, t.SAMUDRA)
    zig = [(120 + i * 20, 128 + (10 if i % 2 == 0 else 0)) for i in range(13)]
    for (ax, ay), (bx, by) in pairwise(zig):
        mx, my = (ax + bx) / 2, (ay + by) / 2
        canvas.stroke([(mx - 4, my - (by - ay) * 0.2), (mx + 4, my + (by - ay) * 0.2)], 7, t.SAMUDRA)
    canvas.disc(420, 182, 18, t.SURYA)


PICTURES: dict[str, tuple[float, float, Painter]] = {
    "crest.png": (72, 80, crest),
    "wave.png": (72, 40, wave),
    "card.png": (388, 256, id_card),
    "face-1.png": (184, 184, _face("#D6DEE0", _sad)),
    "face-2.png": (184, 184, _face("#E7E2CB", _flat)),
    "face-3.png": (184, 184, _face("#FFDC97", _smile)),
    "face-4.png": (184, 184, _face(t.SURYA, _laugh)),
    "boat.png": (174, 148, boat),
    "printer.png": (480, 252, printer),
}


def main() -> None:
    """Paint them all."""
    ART.mkdir(exist_ok=True)
    for name, (w, h, painter) in PICTURES.items():
        canvas = Canvas(w, h)
        painter(canvas)
        canvas.save(name)


if __name__ == "__main__":
    main()
