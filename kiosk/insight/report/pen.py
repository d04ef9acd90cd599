"""What the pages are drawn with: a few marks in CSS pixels on A4, whatever they end up in.

`Pen` holds the measures, colours and wrapping; `pdf.PdfPen` and `html.SvgPen` put the marks down. Coordinates: x to the
right, y down, 1 px = 0.75 pt, text is placed by its baseline.
"""

from __future__ import annotations

import itertools
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Literal

from kiosk.insight import figures

WIDTH, HEIGHT = 793.7, 1122.52
LEFT, RIGHT = 60.0, 733.0
FONTS = Path(__file__).parents[2] / "assets" / "fonts"
Weight = Literal["Medium", "SemiBold", "Bold", "ExtraBold"]
Anchor = Literal["start", "middle", "end"]
Point = tuple[float, float]

SAMUDRA, INK, INK2, LINE, WHITE = "#0A4D5C", "#0B2930", "#37525A", "#CBD8D8", "#FFFFFF"
SURYA, SAWIT = "#F7B23B", "#1B6338"
"""Names as in the design's tokens. The sun is the only colour that may be lost in a photocopy."""

NARROW_EM = 115.0
"""Width of the narrow space, 1/1000 em."""
HATCH_LINE, HATCH_PITCH, HATCH_EDGE = 2.2, 7.0, 1.5
"""Hatch at 45° as the design gives it, px."""


@cache
def _face(weight: Weight) -> dict[int, float]:
    """Advance widths of a font, 1/1000 em by code point."""
    from reportlab.pdfbase.ttfonts import TTFontFile

    return dict(TTFontFile(str(FONTS / f"PlusJakartaSans-{weight}.ttf")).charWidths)


class Pen:
    """Marks common to every medium. Subclasses put down `text`, `line`, `rect`, `polygon`, `curve` and `circle`."""

    def width(self, text: str, size: float, weight: Weight = "Medium", track: float = 0) -> float:
        """Width of `text` in px; `track` is extra space between letters in px."""
        face = _face(weight)
        wide = sum(NARROW_EM if char == figures.NARROW else face.get(ord(char), 500.0) for char in text)
        return wide * size / 1000 + track * max(0, len(text) - 1)

    def text(
        self, x: float, y: float, text: str, size: float = 13, weight: Weight = "Medium", color: str = INK,
        anchor: Anchor = "start", track: float = 0,
    ) -> None:  # fmt: skip
        """One line of text. The narrow space before % is no glyph of the font, so it is made by moving on."""
        if anchor != "start":
            wide = self.width(text, size, weight, track)
            x -= wide if anchor == "end" else wide / 2
        for piece in text.split(figures.NARROW):
            if piece:
                self.glyphs(x, y, piece, size, weight, color, track)
            x += self.width(piece, size, weight, track) + NARROW_EM * size / 1000

    def glyphs(
        self, x: float, y: float, text: str, size: float, weight: Weight, color: str, track: float
    ) -> None:
        raise NotImplementedError

    def line(
        self, a: Point, b: Point, color: str = INK, width: float = 1, dash: tuple[float, float] | None = None,
        *, round_ends: bool = False,
    ) -> None:  # fmt: skip
        raise NotImplementedError

    def rect(
        self, x: float, y: float, w: float, h: float, fill: str | None = None, stroke: str | None = None,
        width: float = 1, radius: float = 0, dash: tuple[float, float] | None = None,
    ) -> None:  # fmt: skip
        raise NotImplementedError

    def polygon(
        self, points: Sequence[Point], fill: str | None, stroke: str | None = None, width: float = 1
    ) -> None:
        raise NotImplementedError

    def circle(
        self,
        x: float,
        y: float,
        r: float,
        fill: str | None = None,
        stroke: str | None = None,
        width: float = 1,
    ) -> None:
        raise NotImplementedError

    def page(self) -> None:
        """Begin a page."""
        raise NotImplementedError

    @contextmanager
    def clip(self, x: float, y: float, w: float, h: float) -> Generator[None]:
        """What is drawn inside stays within the rectangle."""
        yield

    @contextmanager
    def tag(self, role: str, alt: str = "") -> Generator[None]:
        """What is drawn inside is one thing for a reader who does not see: H1, H2, P, Figure (with `alt`)."""
        yield

    # --- marks made of these ---

    def hatch(self, x: float, y: float, w: float, h: float, *, edge: bool = True) -> None:
        """A bar of 45° lines with an outline: before, or the others."""
        if w <= 0 or h <= 0:
            return
        step = HATCH_PITCH * 2**0.5
        with self.clip(x, y, w, h):
            start = x - h - step
            while start < x + w + step:
                self.line((start, y + h + 2), (start + h + 4, y - 2), SAMUDRA, HATCH_LINE)
                start += step
        if edge:
            inset = HATCH_EDGE / 2
            self.rect(
                x + inset,
                y + inset,
                max(0.1, w - 2 * inset),
                max(0.1, h - 2 * inset),
                None,
                SAMUDRA,
                HATCH_EDGE,
            )

    def arrow(self, x: float, y: float, up: bool, size: float = 13) -> None:
        """A straight arrow whose middle is at x, standing on baseline y."""
        top, bottom = y - size, y
        tip, tail = (top, bottom) if up else (bottom, top)
        back = tip + (size * 0.4 if up else -size * 0.4)
        self.line((x, tail), (x, tip), INK, 2, round_ends=True)
        self.line((x - size * 0.38, back), (x, tip), INK, 2, round_ends=True)
        self.line((x + size * 0.38, back), (x, tip), INK, 2, round_ends=True)

    def wrap(
        self, text: str, limit: float, size: float, weight: Weight = "Medium", track: float = 0
    ) -> list[str]:
        """`text` broken at spaces into lines no wider than `limit` px."""
        lines: list[str] = []
        current = ""
        for word in text.split(" "):
            joined = f"{current} {word}" if current else word
            if current and self.width(joined, size, weight, track) > limit:
                lines.append(current)
                current = word
            else:
                current = joined
        return [*lines, current] if current else lines

    def paragraph(
        self, x: float, y: float, text: str, limit: float, size: float = 13, leading: float = 18,
        weight: Weight = "Medium", color: str = INK,
    ) -> float:  # fmt: skip
        """Wrapped text from baseline y on; returns the next baseline."""
        for row in self.wrap(text, limit, size, weight):
            self.text(x, y, row, size, weight, color)
            y += leading
        return y

    def fit(self, text: str, limit: float, size: float, weight: Weight, track: float = 0) -> float:
        """The size at which `text` is no wider than `limit`, at most `size`."""
        wide = self.width(text, size, weight, track)
        return size if wide <= limit else size * limit / wide

    def crest(self, x: float, y: float) -> None:
        """The placeholder shield, 36 × 40 px; the office's own crest takes its place once approved."""
        outline = _curve([((0, 3), (8, 3), (14, 2), (18, 0)), ((18, 0), (22, 2), (28, 3), (36, 3)),
                          ((36, 3), (36, 10), (36, 15), (36, 20)), ((36, 20), (36, 30), (28, 36), (18, 40)),
                          ((18, 40), (8, 36), (0, 30), (0, 20))])  # fmt: skip
        self.polygon([(x + a, y + b) for a, b in outline], SAWIT)
        sea = [(a, max(b, 18.5)) for a, b in outline if b >= 10]
        self.polygon([(x + a, y + b) for a, b in sea], SAMUDRA)
        self.polygon([(x + a, y + b) for a, b in _half_disc(18, 18.5, 7)], SURYA)
        for low in (23.0, 28.5, 34.0):
            reach = 14.5 if low < 27 else 12.5 if low < 31 else 7.0
            left, right, near, far = 18 - reach, 18 + reach, reach * 0.25, reach * 0.75
            down = ((left, low), (18 - far, low + 3), (18 - near, low + 3), (18.0, low))
            up = ((18.0, low), (18 + near, low - 3), (18 + far, low - 3), (right, low))
            wave = _curve([down, up])
            for a, b in itertools.pairwise(wave):
                self.line((x + a[0], y + a[1]), (x + b[0], y + b[1]), WHITE, 1.7, round_ends=True)

    def sun(self, x: float, y: float, r: float = 45, halo: float = 62) -> None:
        """The half sun on the horizon with its dotted halo."""
        disc = _half_disc(x, y, r)
        self.polygon(disc, SURYA, SAMUDRA, 2)
        from math import cos, pi, sin

        dots = 24
        for number in range(dots + 1):
            angle = pi * number / dots
            self.circle(x - halo * cos(angle), y - halo * sin(angle), 1.35, SAMUDRA)


def _half_disc(x: float, y: float, r: float) -> list[Point]:
    from math import cos, pi, sin

    return [(x - r * cos(pi * step / 48), y - r * sin(pi * step / 48)) for step in range(49)]


def _curve(pieces: Sequence[tuple[Point, Point, Point, Point]], steps: int = 12) -> list[Point]:
    """Cubic Bézier pieces as points."""
    points: list[Point] = []
    for a, b, c, d in pieces:
        for step in range(steps + 1):
            t = step / steps
            u = 1 - t
            points.append(
                (
                    u**3 * a[0] + 3 * u * u * t * b[0] + 3 * u * t * t * c[0] + t**3 * d[0],
                    u**3 * a[1] + 3 * u * u * t * b[1] + 3 * u * t * t * c[1] + t**3 * d[1],
                )
            )
    return points


class Say:
    """Chooses the language, and prints numbers in its manner."""

    def __init__(self, language: figures.Language) -> None:
        self.language: figures.Language = language

    def __call__(self, id: str, en: str) -> str:
        return id if self.language == "id" else en

    def number(self, value: figures.Number, places: int = 0) -> str:
        return figures.number(value, places, self.language)

    def percent(self, share: figures.Number) -> str:
        return figures.percent(share, self.language)

    def points(self, difference: figures.Number) -> str:
        return figures.points(difference, self.language)

    def rupiah(self, value: figures.Number) -> str:
        return figures.rupiah(value, self.language)

    def days(self, value: figures.Number, places: int = 1) -> str:
        return f"{self.number(value, places)} {self('hari kerja', 'working days')}"

    def word(self, value: int) -> str:
        return figures.word(value, self.language)
