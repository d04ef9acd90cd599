"""Straight edges in a small picture of a desk, and how well each stretch of them is supported.

Everything here works on a copy of a few hundred pixels. Lines are kept as normal angle and distance from the picture's
middle; along a line, position runs in pixels in the direction of the normal turned by +90°.
"""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# (OpenCV's stubs leave array element types open.)

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from hardware.camera.geometry import Corners, Picture

Floats = NDArray[np.floating[Any]]
Ints = NDArray[np.intp]

STROKE: Final = 7
"""Dark strokes thinner than this (print, rules) are closed away before the search for the paper's own edge."""
ANGLES: Final = 180
SPREAD: Final = 2
"""A pixel votes for angles this many degrees around its gradient."""
STEP_LINES: Final = 20
FINE_LINES: Final = 14
MOST_EDGES: Final = 6000
MOST_FITTED: Final = 3000
SAMPLE: Final = 2.0
"""Pixels between two samples along a line."""
REACH: Final = 6
"""Pixels to either side of a line at which the colours are compared."""


@dataclass(frozen=True, slots=True)
class Layers:
    """Gradients and colours of the small picture; all arrays have its shape (plus a channel axis where said).

    `colour` (height, width, 3) is Lab without print, chroma doubled so that a step counts alike in all three; `step`
    is the gradient (2, height, width) of its strongest channel; `fine` that of the lightness with print; in levels a
    pixel.
    """

    colour: Floats
    step: Floats
    fine: Floats
    step_floor: float
    fine_floor: float
    ink: Floats
    """How much darker than the paper around it each pixel is, 0 to 1."""

    @property
    def size(self) -> tuple[int, int]:
        """Height and width."""
        return self.colour.shape[0], self.colour.shape[1]


def layers(small: Picture) -> Layers:
    """Prepare a small BGR picture."""
    lab = cv2.cvtColor(small, cv2.COLOR_BGR2Lab)
    light, a, b = cv2.split(lab)
    square = np.ones((STROKE, STROKE), np.uint8)
    plain = cv2.morphologyEx(light, cv2.MORPH_CLOSE, square)
    ink = cv2.subtract(plain, light).astype(np.float32) / np.maximum(plain, 32).astype(np.float32)
    plain = cv2.morphologyEx(plain, cv2.MORPH_OPEN, np.ones((5, 5), np.uint8))
    merged = cv2.merge([plain, cv2.medianBlur(a, 5), cv2.medianBlur(b, 5)])
    soft = cv2.GaussianBlur(merged, (5, 5), 1.0).astype(np.float32)
    soft[:, :, 1:] *= 2.0
    step = _strongest(soft)
    fine_light = cv2.GaussianBlur(light, (3, 3), 0.7).astype(np.float32)
    fine = np.stack([_slope(fine_light, 1, 0), _slope(fine_light, 0, 1)])
    return Layers(soft, step, fine, _floor(step), _floor(fine), ink)


def _slope(channel: Floats, dx: int, dy: int) -> Floats:
    return np.asarray(cv2.Sobel(channel, cv2.CV_32F, dx, dy, ksize=3, scale=1 / 8), np.float32)


def _strongest(colour: Floats) -> Floats:
    """Gradient of the channel that changes most at each pixel."""
    across = cv2.Sobel(colour, cv2.CV_32F, 1, 0, ksize=3, scale=1 / 8)
    down = cv2.Sobel(colour, cv2.CV_32F, 0, 1, ksize=3, scale=1 / 8)
    power = across * across + down * down
    dx, dy, best = across[:, :, 0], down[:, :, 0], power[:, :, 0]
    for channel in (1, 2):
        better = power[:, :, channel] > best
        dx = np.where(better, across[:, :, channel], dx)
        dy = np.where(better, down[:, :, channel], dy)
        best = np.maximum(best, power[:, :, channel])
    return np.stack([dx, dy])


def _floor(gradient: Floats) -> float:
    """The slope above which a pixel stands out from the picture's own texture."""
    strength = np.abs(gradient[0, ::3, ::3]) + np.abs(gradient[1, ::3, ::3])
    return float(np.clip(1.6 * np.median(strength), 0.7, 5.0))


@dataclass(frozen=True, slots=True)
class Lines:
    """`count` lines: `normal` (count, 2), `offset` (count,); `border` (count,) marks the picture's own borders."""

    normal: Floats
    offset: Floats
    border: NDArray[np.bool_]

    @property
    def count(self) -> int:
        return len(self.offset)


def search(prepared: Layers, contrast: float = 1.0) -> Lines:
    """The strongest straight edges of both kinds, then the four borders (left, top, right, bottom).

    With a higher `contrast` only edges that stand out as much more are heard: a small page on a desk of long planks.
    """
    high, wide = prepared.size
    found = _vote(prepared.step, prepared.step_floor * contrast, STEP_LINES)
    fine = _vote(prepared.fine, prepared.fine_floor * contrast, FINE_LINES)
    normal = np.concatenate([found[0], fine[0]])
    offset = np.concatenate([found[1], fine[1]])
    keep = _distinct(normal, offset, max(high, wide))
    x, y = wide / 2, high / 2
    borders = np.array([[1, 0], [0, 1], [1, 0], [0, 1]], np.float32)
    return Lines(
        np.concatenate([normal[keep], borders]).astype(np.float32),
        np.concatenate([offset[keep], np.array([-x, -y, x - 1, y - 1])]).astype(np.float32),
        np.arange(len(keep) + 4) >= len(keep),
    )


def through(corners: Corners, width: int, height: int) -> Lines:
    """The four sides of a known quad (pixels of the small picture) as lines, in the quad's order."""
    placed = corners - [width / 2, height / 2]
    following = np.roll(placed, -1, axis=0)
    direction = (following - placed) / np.maximum(
        np.linalg.norm(following - placed, axis=1, keepdims=True), 1e-6
    )
    normal = np.stack([direction[:, 1], -direction[:, 0]], axis=1)
    middle = np.array([width / 2, height / 2])
    edge = (
        (np.abs(placed) > middle - 2)
        & (np.abs(following) > middle - 2)
        & (np.sign(placed) == np.sign(following))
    )
    return Lines(
        normal.astype(np.float32), (normal * placed).sum(axis=1).astype(np.float32), edge.any(axis=1)
    )


def _vote(gradient: Floats, floor: float, count: int) -> tuple[Floats, Floats]:
    """Hough lines of thinned edges, each voting around its own gradient only, then drawn tight by least squares."""
    scaled = np.clip(gradient * 64, -32000, 32000).astype(np.int16)
    thin = cv2.Canny(scaled[0], scaled[1], 64 * floor, 128 * floor, L2gradient=False)
    y, x = np.nonzero(thin)
    if len(x) > MOST_EDGES:
        pick = np.linspace(0, len(x) - 1, MOST_EDGES).astype(np.intp)
        x, y = x[pick], y[pick]
    if len(x) < 20:
        return np.zeros((0, 2), np.float32), np.zeros(0, np.float32)
    high, wide = gradient.shape[1:]
    dx, dy = gradient[0, y, x], gradient[1, y, x]
    weight = np.minimum(np.hypot(dx, dy) / floor, 4.0) ** 0.5
    px, py = x - wide / 2, y - high / 2
    angle = np.degrees(np.arctan2(dy, dx)) % 180
    half = int(np.hypot(high, wide) / 2) + 2
    span = 2 * half + 1
    pad = 8
    votes = np.zeros((ANGLES + 2 * pad) * span)
    turns = np.radians(np.arange(-pad, ANGLES + pad))
    cosine, sine = np.cos(turns), np.sin(turns)
    nearest = np.rint(angle).astype(np.intp) + pad
    for shift in range(-SPREAD, SPREAD + 1):
        bin_ = nearest + shift
        rho = (px * cosine[bin_] + py * sine[bin_] + (half + 0.5)).astype(np.intp)
        votes += np.bincount(bin_ * span + rho, weight * (1 - 0.2 * abs(shift)), len(votes))
    table = votes.astype(np.float32).reshape(-1, span)
    # An angle beyond 180° is the same line seen from the other side.
    table[pad : 2 * pad] += table[pad + ANGLES :, ::-1][:pad]
    table[pad + ANGLES - pad : pad + ANGLES] += table[:pad, ::-1]
    table = cv2.GaussianBlur(table[pad : pad + ANGLES], (3, 3), 0.8)
    around = cv2.copyMakeBorder(table, 4, 4, 0, 0, cv2.BORDER_CONSTANT)
    around[:4], around[-4:] = table[-4:, ::-1], table[:4, ::-1]
    peak = (cv2.dilate(around, np.ones((7, 7), np.uint8))[4:-4] <= table) & (table > 0)
    rows, columns = np.nonzero(peak)
    best = np.argsort(table[rows, columns])[::-1][:count]
    theta = np.radians(rows[best])
    normal = np.stack([np.cos(theta), np.sin(theta)], axis=1)
    offset = (columns[best] - half).astype(np.float64)
    few = slice(None, None, 1 + len(px) // MOST_FITTED)
    points = np.stack([px[few], py[few]], 1).astype(np.float32)
    return _tighten(normal, offset, points, np.stack([dx[few], dy[few]], 1), weight[few].astype(np.float32))


def _tighten(
    normal: NDArray[np.float64],
    offset: NDArray[np.float64],
    points: Floats,
    slopes: Floats,
    weight: Floats,
) -> tuple[Floats, Floats]:
    unit = slopes / np.maximum(np.linalg.norm(slopes, axis=1, keepdims=True), 1e-6)
    for reach in (3.5, 2.2):
        across = normal.T.astype(np.float32)
        near = (np.abs(points @ across - offset.astype(np.float32)) < reach) & (np.abs(unit @ across) > 0.93)
        mass = near * weight[:, None]
        total = np.maximum(mass.sum(axis=0), 1e-6)
        mean = (mass.T @ points) / total[:, None]
        xx = (mass.T @ (points[:, 0] ** 2)) / total - mean[:, 0] ** 2
        yy = (mass.T @ (points[:, 1] ** 2)) / total - mean[:, 1] ** 2
        xy = (mass.T @ (points[:, 0] * points[:, 1])) / total - mean[:, 0] * mean[:, 1]
        along = 0.5 * np.arctan2(2 * xy, xx - yy)
        fitted = np.stack([-np.sin(along), np.cos(along)], axis=1)
        fitted *= np.sign((fitted * normal).sum(axis=1, keepdims=True) + 1e-12)
        sound = (total > 8) & ((fitted * normal).sum(axis=1) > 0.99)
        normal = np.where(sound[:, None], fitted, normal)
        offset = np.where(sound, (normal * mean).sum(axis=1), offset)
    return normal.astype(np.float32), offset.astype(np.float32)


def _distinct(normal: Floats, offset: Floats, long: int) -> Ints:
    """Indices of lines that do not repeat an earlier one."""
    keep: list[int] = []
    for index in range(len(offset)):
        same = False
        for other in keep:
            cosine = float(normal[index] @ normal[other])
            sign = 1.0 if cosine >= 0 else -1.0
            if (
                abs(cosine) > 0.9994
                and abs(float(offset[index]) - sign * float(offset[other])) < 0.006 * long
            ):
                same = True
                break
        if not same:
            keep.append(index)
    return np.array(keep, np.intp)


@dataclass(frozen=True, slots=True)
class Support:
    """Running sums along every line, so that the mean over any stretch costs two look-ups.

    Arrays have shape (lines, samples + 1); `origin` is the position of sample 0 along a line.
    """

    origin: float
    sums: dict[str, Floats]

    def mean(self, key: str, line: Ints, begin: Floats, end: Floats) -> Floats:
        """Mean of a quantity on each `line` from position `begin` to `end` (any order)."""
        table = self.sums[key]
        last = table.shape[1] - 1
        one = np.clip((np.minimum(begin, end) - self.origin) / SAMPLE, 0, last).astype(np.intp)
        two = np.clip((np.maximum(begin, end) - self.origin) / SAMPLE + 1, 0, last).astype(np.intp)
        return (table[line, two] - table[line, one]) / np.maximum(two - one, 1)


def support(prepared: Layers, lines: Lines) -> Support:
    """Measure every line at every position.

    `step` and `fine`: an edge of that kind lies here, 0 to 1; `sign`: lightness rises along the normal (+) or falls;
    `apart`: colour difference between the two sides, 0 to 1; `seen`: the position lies in the picture.
    """
    high, wide = prepared.size
    reach = float(np.hypot(high, wide)) / 2
    at = np.arange(-reach, reach, SAMPLE, dtype=np.float32)
    n, o = lines.normal, lines.offset
    along = np.stack([-n[:, 1], n[:, 0]], axis=1)
    x = wide / 2 + n[:, :1] * o[:, None] + along[:, :1] * at
    y = high / 2 + n[:, 1:] * o[:, None] + along[:, 1:] * at
    seen = (x > 0.5) & (x < wide - 1.5) & (y > 0.5) & (y < high - 1.5)
    step = np.zeros(x.shape, np.float32)
    fine = np.zeros(x.shape, np.float32)
    for shift in (-2, -1, 0, 1, 2):
        xi = np.clip(np.rint(x + shift * n[:, :1]), 0, wide - 1).astype(np.intp)
        yi = np.clip(np.rint(y + shift * n[:, 1:]), 0, high - 1).astype(np.intp)
        step = np.maximum(step, _across(prepared.step, xi, yi, n))
        fine = np.maximum(fine, _across(prepared.fine, xi, yi, n))
    sides: list[Floats] = []
    for shift in (-REACH, REACH):
        xi = np.clip(np.rint(x + shift * n[:, :1]), 0, wide - 1).astype(np.intp)
        yi = np.clip(np.rint(y + shift * n[:, 1:]), 0, high - 1).astype(np.intp)
        sides.append(prepared.colour[yi, xi])
    difference = sides[1] - sides[0]
    apart = np.sqrt((difference**2).sum(axis=2))
    quantities = {
        "step": np.clip(step / (2 * prepared.step_floor) - 0.25, 0, 1),
        "fine": np.clip(fine / (2 * prepared.fine_floor) - 0.25, 0, 1),
        "sign": np.clip(difference[:, :, 0] / 10, -1, 1),
        "apart": np.clip(apart / 24, 0, 1),
        "seen": np.ones(x.shape, np.float32),
    }
    sums: dict[str, Floats] = {}
    for key, values in quantities.items():
        running = np.cumsum(np.where(seen, values, 0), axis=1, dtype=np.float32)
        sums[key] = np.pad(running, ((0, 0), (1, 0)))
    return Support(-reach, sums)


def _across(gradient: Floats, x: Ints, y: Ints, normal: Floats) -> Floats:
    """Slope across the line, nothing where the edge runs another way."""
    dx, dy = gradient[0][y, x], gradient[1][y, x]
    along = np.abs(dx * normal[:, :1] + dy * normal[:, 1:])
    return np.where(along > 0.8 * np.sqrt(dx * dx + dy * dy), along, 0).astype(np.float32)
