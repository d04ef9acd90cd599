"""Plane geometry of a page seen by a camera: corner order, true aspect ratio, paper formats, rectification.

Coordinates are pixels, x to the right and y down, of the picture at hand; quads are clockwise from the top left.
"""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# (OpenCV's stubs leave array element types open.)

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from hardware.camera.port import Point, Quad

Picture = NDArray[np.uint8]
"""BGR picture, shape (height, width, 3)."""
Corners = NDArray[np.float64]
"""Corners of a quad, shape (4, 2)."""

MM_PER_INCH: Final = 25.4
TYPICAL_FOCAL: Final = 1.15
"""Focal length of document cameras and phones, in units of the picture's long side (about 47° across)."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A sheet format: name and size in millimetres, short side first."""

    name: str
    short: float
    long: float

    @property
    def ratio(self) -> float:
        """Long side over short side."""
        return self.long / self.short


CARD: Final = Paper("ID-1", 53.98, 85.6)
"""ISO/IEC 7810 ID-1: e-KTP, NPWP and bank cards."""
SHEETS: Final = (
    Paper("A4", 210.0, 297.0),
    Paper("F4", 215.0, 330.0),
    Paper("Letter", 215.9, 279.4),
    Paper("Legal", 215.9, 355.6),
)
SNAP: Final = 0.025
"""A measured ratio this near (relative) to a known format is taken as that format."""
CARD_SPAN: Final = 0.4
"""Without a calibrated table, a card-shaped page whose long side spans less than this part of the view is a card."""


def as_corners(quad: Quad) -> Corners:
    """The quad as an array of shape (4, 2)."""
    return np.array(quad, dtype=np.float64)


def as_quad(corners: Corners | Sequence[Sequence[float]]) -> Quad:
    """Four points as plain tuples, in the order given."""
    a, b, c, d = ((float(x), float(y)) for x, y in corners)
    return (a, b, c, d)


def clockwise(corners: Corners) -> Corners:
    """Order four points clockwise on the screen, beginning with the top-left one (the least x + y)."""
    centre = corners.mean(axis=0)
    angles = np.arctan2(corners[:, 1] - centre[1], corners[:, 0] - centre[0])
    ordered = corners[np.argsort(angles)]
    first = int(np.argmin(ordered.sum(axis=1)))
    return np.roll(ordered, -first, axis=0)


def area(corners: Corners) -> float:
    """Area in square pixels; positive for clockwise order on the screen."""
    x, y = corners[:, 0], corners[:, 1]
    return float(0.5 * np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y))


def sides(corners: Corners) -> NDArray[np.float64]:
    """Lengths of top, right, bottom and left side."""
    return np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1)


def convex(corners: Corners, least_angle: float = 35.0) -> bool:
    """Whether the quad is convex with every inner angle between `least_angle` and 180° - `least_angle`."""
    ahead = np.roll(corners, -1, axis=0) - corners
    behind = np.roll(corners, 1, axis=0) - corners
    norm = np.linalg.norm(ahead, axis=1) * np.linalg.norm(behind, axis=1)
    if float(norm.min()) < 1e-6:
        return False
    cross = ahead[:, 0] * behind[:, 1] - ahead[:, 1] * behind[:, 0]
    cosine = np.abs((ahead * behind).sum(axis=1)) / norm
    same_turn = bool(np.all(cross > 0) or np.all(cross < 0))
    return same_turn and float(cosine.max()) <= math.cos(math.radians(least_angle))


def overlap(one: Corners, two: Corners) -> float:
    """Jaccard index of two convex quads, 0 to 1."""
    shared, _ = cv2.intersectConvexConvex(one.astype(np.float32), two.astype(np.float32))
    whole = abs(area(one)) + abs(area(two)) - shared
    return float(shared / whole) if whole > 0 else 0.0


def aspect_ratio(corners: Corners, width: int, height: int) -> float:
    """True width over height of the flat rectangle whose picture is `corners`.

    `width` and `height` are the picture's; the optical centre is taken to be its middle. Source: Z. Zhang and L.-W. He,
    "Whiteboard scanning and image enhancement" (2007), section 3. Their estimate of the focal length is ill-conditioned
    for pages seen almost from above, so it is used only where plausible, else a typical one.
    """
    centre = np.array([width / 2, height / 2])
    long = float(max(width, height))
    (m1, m2, m4, m3) = (np.append((corner - centre) / long, 1.0) for corner in corners)
    across_top = np.cross(m1, m4)
    below = np.dot(np.cross(m2, m4), m3)
    beside = np.dot(np.cross(m3, m4), m2)
    if abs(below) < 1e-12 or abs(beside) < 1e-12:
        return _plain_ratio(corners)
    k2 = np.dot(across_top, m3) / below
    k3 = np.dot(across_top, m2) / beside
    n2, n3 = k2 * m2 - m1, k3 * m3 - m1
    square = TYPICAL_FOCAL**2
    if abs(n2[2] * n3[2]) > 2e-3:
        estimate = -(n2[0] * n3[0] + n2[1] * n3[1]) / (n2[2] * n3[2])
        if 0.5 < estimate < 6.0:
            square = estimate
    stretch = np.array([1 / square, 1 / square, 1.0])
    denominator = float(np.sum(n3 * n3 * stretch))
    if denominator <= 0:
        return _plain_ratio(corners)
    return math.sqrt(float(np.sum(n2 * n2 * stretch)) / denominator)


def _plain_ratio(corners: Corners) -> float:
    top, right, bottom, left = sides(corners)
    return float((top + bottom) / max(right + left, 1e-6))


@dataclass(frozen=True, slots=True)
class Shape:
    """What a quad is in the world: output size in pixels, paper (None when no format fits) and true dpi (0 unknown)."""

    width: int
    height: int
    dpi: int
    paper: Paper | None


def measure(corners: Corners, width: int, height: int, view_mm: float | None = None) -> Shape:
    """Size of the rectified page for a quad in a `width` × `height` picture.

    The output has the quad's own area, so that it holds as many pixels as the camera saw of the page and no more.
    `view_mm` is how many millimetres of the table the picture's long side spans, when the mount was calibrated; without
    it the format is judged by the ratio, and the smaller span tells a card from a sheet of nearly its shape.
    """
    ratio = aspect_ratio(corners, width, height)
    long_over_short = max(ratio, 1 / ratio)
    pixels = max(abs(area(corners)), 1.0)
    long_pixels = math.sqrt(pixels * long_over_short)
    span = long_pixels / max(width, height)
    paper = _format(long_over_short, span, view_mm)
    if paper is not None:
        long_over_short = paper.ratio
        long_pixels = math.sqrt(pixels * long_over_short)
    short_pixels = long_pixels / long_over_short
    out = (long_pixels, short_pixels) if ratio > 1 else (short_pixels, long_pixels)
    if paper is not None:
        dpi = round(long_pixels / (paper.long / MM_PER_INCH))
    elif view_mm is not None:
        dpi = round(max(width, height) / (view_mm / MM_PER_INCH))
    else:
        dpi = 0
    return Shape(max(1, round(out[0])), max(1, round(out[1])), dpi, paper)


def _format(ratio: float, span: float, view_mm: float | None) -> Paper | None:
    if view_mm is not None:
        candidates = [p for p in (CARD, *SHEETS) if abs(p.long / (span * view_mm) - 1) < 0.12]
    elif span < CARD_SPAN:
        candidates = [CARD]
    else:
        candidates = [*SHEETS]
    if not candidates:
        return None
    nearest = min(candidates, key=lambda paper: abs(paper.ratio / ratio - 1))
    tolerance = 0.06 if nearest is CARD or view_mm is not None else SNAP
    return nearest if abs(nearest.ratio / ratio - 1) <= tolerance else None


def rectify(picture: Picture, corners: Corners, width: int, height: int) -> Picture:
    """The page seen straight from above, `width` × `height` pixels; outside the picture the border is repeated."""
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32) - np.float32(0.5)
    matrix = cv2.getPerspectiveTransform(corners.astype(np.float32), target)
    return np.asarray(
        cv2.warpPerspective(
            picture, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        ),
        dtype=np.uint8,
    )


def fit(picture: Picture, width: int, height: int) -> tuple[Picture, float]:
    """The picture made small enough for `width` × `height`, never larger, and the factor it was scaled by."""
    high, wide = picture.shape[:2]
    factor = min(1.0, width / wide, height / high)
    if factor == 1.0:
        return picture, 1.0
    size = (max(1, round(wide * factor)), max(1, round(high * factor)))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), dtype=np.uint8), factor


def inside(point: Point, width: int, height: int, margin: float = 0.0) -> bool:
    """Whether a point lies in the picture, `margin` pixels from its border or more."""
    x, y = point
    return margin <= x <= width - 1 - margin and margin <= y <= height - 1 - margin
