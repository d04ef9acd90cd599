"""A strip of paper to draw on: 576 dots wide, black and white, growing downwards."""

from __future__ import annotations

import math
from functools import cache
from typing import Final

import segno
from PIL import Image, ImageChops, ImageDraw, ImageFont

from hardware.printer.port import WIDTH_DOTS, Raster
from kiosk.assets import Weight, plus_jakarta_sans
from kiosk.tickets.guard import assert_public

LEFT: Final = 24
RIGHT: Final = WIDTH_DOTS - 24
CENTRE: Final = WIDTH_DOTS // 2
SMALLEST: Final = 24
"""No text below 24 dots (3 mm): a thermal head and old eyes both need it."""
_TALLEST: Final = 6000
"""75 cm of paper."""
_BLACK: Final = 0
_WHITE: Final = 255

QUIET_MODULES: Final = 4


@cache
def font(size: int, weight: Weight) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(plus_jakarta_sans(weight), size)


class Canvas:
    """Every string that is drawn, also into a QR, passes `assert_public` first."""

    def __init__(self) -> None:
        # Drawn in grey and cut at half: smoother curves than Pillow's own 1-bit text.
        self._image = Image.new("L", (WIDTH_DOTS, _TALLEST), _WHITE)
        self._draw = ImageDraw.Draw(self._image)

    def text(
        self,
        at: tuple[float, float],
        words: str,
        size: int,
        weight: Weight,
        *,
        anchor: str = "ms",
        widest: int = RIGHT - LEFT,
        tracking: int = 0,
        white: bool = False,
    ) -> None:
        """One line at a baseline point. Wider than `widest` dots it is set smaller, never below 24;
        `tracking` adds dots between letters (a negative number brings them closer)."""
        assert_public([words])
        while size > SMALLEST and _width(words, size, weight, tracking) > widest:
            size -= 1
        ink = _WHITE if white else _BLACK
        if not tracking:
            self._draw.text(at, words, fill=ink, font=font(size, weight), anchor=anchor)
            return
        left = at[0] - _width(words, size, weight, tracking) / 2
        for letter in words:
            self._draw.text((left, at[1]), letter, fill=ink, font=font(size, weight), anchor="ls")
            left += font(size, weight).getlength(letter) + tracking

    def paragraph(
        self, top_left: tuple[int, int], words: str, size: int, weight: Weight, pitch: int, right: int = RIGHT
    ) -> int:
        """Left-aligned lines, the first baseline at `top_left[1]`. Gives back the last baseline."""
        baseline = top_left[1]
        for index, line in enumerate(wrap(words, size, weight, right - top_left[0])):
            baseline = top_left[1] + index * pitch
            self.text((top_left[0], baseline), line, size, weight, anchor="ls", widest=right - top_left[0])
        return baseline

    def centred_lines(self, baseline: int, words: str, size: int, weight: Weight, pitch: int) -> int:
        """Centred lines from `baseline`. Gives back the last baseline."""
        lines = wrap(words, size, weight, RIGHT - LEFT)
        for index, line in enumerate(lines):
            self.text((CENTRE, baseline + index * pitch), line, size, weight)
        return baseline + (len(lines) - 1) * pitch

    def dashes(self, top: int) -> None:
        """A rule of 6-dot dashes, 3 dots high."""
        for left in range(LEFT, RIGHT, 9):
            self._draw.rectangle((left, top, min(left + 5, RIGHT - 1), top + 2), fill=_BLACK)

    def bar(self, top: int, words: str) -> int:
        """White words on a black bar across the paper. Gives back the bar's lower edge."""
        self._draw.rectangle((LEFT, top, RIGHT - 1, top + 51), fill=_BLACK)
        self.text((CENTRE, top + 38), words, 34, 800, widest=RIGHT - LEFT - 24, white=True)
        return top + 52

    def frame(self, top: int, words: str) -> int:
        """Words in a thick frame across the paper. Gives back the frame's lower edge."""
        self._draw.rectangle((LEFT, top, RIGHT - 1, top + 51), outline=_BLACK, width=4)
        self.text((CENTRE, top + 38), words, 34, 800, widest=RIGHT - LEFT - 24)
        return top + 52

    def box(self, left: int, top: int, side: int = 26) -> None:
        """An empty box to tick by hand."""
        self._draw.rectangle((left, top, left + side - 1, top + side - 1), outline=_BLACK, width=3)

    def qr(self, left: int | None, top: int, content: str, smallest: int = 184) -> tuple[int, int]:
        """A QR of error level M whose code is at least `smallest` dots wide; `left` None centres it.

        The code, not its quiet zone, starts at (`left`, `top`); four white modules around it are the caller's
        to keep. Gives back (right edge of the quiet zone, lower edge of the code).
        """
        assert_public([content])
        code = segno.make_qr(content, error="m", boost_error=False)
        modules = len(code.matrix)
        scale = max(math.ceil(smallest / modules), math.ceil(200 / (modules + 2 * QUIET_MODULES)))
        side = modules * scale
        if left is None:
            left = (WIDTH_DOTS - side) // 2
        for y, row in enumerate(code.matrix):
            for x, dark in enumerate(row):
                if dark:
                    corner = (left + x * scale, top + y * scale)
                    self._draw.rectangle((*corner, corner[0] + scale - 1, corner[1] + scale - 1), fill=_BLACK)
        return left + side + QUIET_MODULES * scale, top + side

    def waves(self, top: int) -> None:
        """The ornament *itik pulang petang*, ducks walking home in line, 40 dots high."""
        strip = _waves()
        self._image.paste(strip, (LEFT, top))

    def finish(self, height: int) -> Raster:
        """Cut at half grey and give back the first `height` rows. ValueError above 6000 rows, where drawing ended."""
        if height > _TALLEST:
            raise ValueError("too long for a ticket")
        picture = self._image.crop((0, 0, WIDTH_DOTS, height)).point(_threshold, "1")
        return Raster(ImageChops.invert(picture).tobytes(), height)


_threshold: Final = [0] * 128 + [255] * 128


def _width(words: str, size: int, weight: Weight, tracking: int) -> float:
    if not tracking:
        return font(size, weight).getlength(words)
    return sum(font(size, weight).getlength(letter) + tracking for letter in words) - tracking


def wrap(words: str, size: int, weight: Weight, widest: int) -> list[str]:
    """Lines of at most `widest` dots; a single word that is wider stays on its own line."""
    lines: list[str] = []
    line = ""
    for word in words.split():
        longer = f"{line} {word}".strip()
        if line and font(size, weight).getlength(longer) > widest:
            lines.append(line)
            line = word
        else:
            line = longer
    return [*lines, line] if line else lines or [""]


Point = tuple[float, float]

_TILE: Final = 72
_DUCK: Final[tuple[Point, ...]] = (
    (2.7, 33.5), (22, 33.5), (27, 3.6), (51, 3.6),
    (60, 3.6), (66.6, 9.5), (66.6, 16.5),
    (66.6, 22), (61.5, 24.8), (56.5, 24.8),
    (52, 24.8), (48.8, 22), (48.8, 18.3),
    (48.8, 14.5), (51, 12.2), (54.6, 12.2),
)  # fmt: skip
"""One duck as Bézier curves: back, head, and the curl of its neck."""


@cache
def _waves() -> Image.Image:
    fine = 4
    strip = Image.new("L", ((RIGHT - LEFT) * fine, 40 * fine), _WHITE)
    pen = ImageDraw.Draw(strip)
    radius = 2.7 * fine
    for left in range(-10, RIGHT - LEFT, _TILE):
        for start in range(0, len(_DUCK) - 1, 3):
            for step in range(65):
                x, y = _bezier(_DUCK[start : start + 4], step / 64)
                x, y = (x + left) * fine, y * fine
                pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=_BLACK)
    return strip.resize((RIGHT - LEFT, 40), Image.Resampling.BOX)


def _bezier(points: tuple[Point, ...], t: float) -> Point:
    u = 1 - t
    factors = (u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t)
    x = sum(factor * point[0] for factor, point in zip(factors, points, strict=True))
    y = sum(factor * point[1] for factor, point in zip(factors, points, strict=True))
    return x, y
