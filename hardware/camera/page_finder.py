"""Find the page in a picture of a desk.

Straight edges of a small copy are put together to quads (`lines`, `quads`); a linear rule weighs what speaks for each,
against "there is none"; the winner's sides are then drawn tight in the full picture (`refine`). Nothing is searched by
brightness alone, so white paper on a white desk, clutter and glare cost support on one side and not the page.
"""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# (OpenCV's stubs leave array element types open.)

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from hardware.camera import lines, quads, refine
from hardware.camera.geometry import Corners, Picture, area, as_quad, clockwise, convex, fit, overlap
from hardware.camera.port import Quad

WORK_SIDE: Final = 400
TRACK_SIDE: Final = 320

WEIGHTS: Final = {
    "mean_support": 3.598,
    "least_support": 3.455,
    "overshoot": -4.018,
    "size": 6.061,
    "apart": 1.221,
    "least_apart": 1.597,
    "sign": 1.244,
    "mixed": 0.106,
    "even": -0.101,
    "evenness_gain": 2.474,
    "borders": -1.483,
    "more_borders": -0.413,
    "bright": 0.519,
    "corner": 0.345,
    "fine_only": -3.951,
    "squareness": 0.870,
    "dark_inside": -1.824,
    "enclosed": -2.004,
    "ends": 4.201,
    "dull": -1.575,
}
"""A softmax choice among an image's quads and "none", fitted to 913 desks drawn in tests/hardware/camera,
never to the photographs the result is measured on."""
BIAS: Final = -16.289
ACCEPT: Final = 0.8
"""Advantage over "none" at which a quad is a page; of 380 empty desks the highest had -0.03 in cross-validation."""
SECOND_CONTRAST: Final = 3.0
"""A second search hears only edges this much stronger; else the planks of a desk outshout a card on it."""
ACCEPT_OTHER: Final = 1.2
YIELD: Final = 1.5
"""Advantage a quad gives up to one that surrounds it."""
REACH: Final = 2.5
"""Pixels of the small copy around a side in which its true edge is sought."""
FULL_CELLS: Final = 8
LETTERS: Final = 120
"""Separate strokes a page without edges must show, so that tiles and grain are no page."""
LONG_STROKE: Final = 0.2


@dataclass(frozen=True, slots=True)
class Found:
    """The main page: corners in pixels of the picture given, clockwise from its top left.

    `confidence` is 0 to 1. `cut` says that a side of the page lies outside the picture; `others` are further pages
    in view.
    """

    quad: Quad
    confidence: float
    cut: bool = False
    others: tuple[Quad, ...] = ()


def find(picture: Picture, side: int = WORK_SIDE) -> Found | None:
    """The main page in a BGR picture of any size, or None when there is none; `side` is the long side searched on."""
    small, factor = fit(picture, side, side)
    prepared = lines.layers(small)
    for contrast in (1.0, SECOND_CONTRAST):
        straight = lines.search(prepared, contrast)
        candidates = quads.assemble(prepared, straight, lines.support(prepared, straight))
        scores = score(candidates)
        if len(scores) and float(scores.max()) >= ACCEPT:
            break
    else:
        return _all_page(picture, prepared)
    best = _outermost(candidates.corners, scores)
    middle = np.array([small.shape[1], small.shape[0]]) / 2
    corners, border = ordered(candidates.corners[best].astype(np.float64) + middle, candidates.border[best])
    tight = _tighten(picture, corners / factor, REACH / factor, border)
    others = _others(candidates, scores, corners, middle, factor)
    return Found(as_quad(tight), _confidence(float(scores[best])), _runs_out(tight, border, picture), others)


def track(picture: Picture, near: Corners | None) -> Found | None:
    """Like `find`, for a preview of 640 px or less; `near` is where the page was a moment ago, in its pixels.

    A page that still lies there is recognised by its own four sides, without a new search.
    """
    if near is not None and convex(near):
        small, factor = fit(picture, TRACK_SIDE, TRACK_SIDE)
        prepared = lines.layers(small)
        high, wide = small.shape[:2]
        moved = refine.refine(picture, near, REACH / factor, _on_border(near, picture), brief=True)
        sides = lines.through(moved * factor, wide, high)
        candidates = quads.weigh(prepared, sides, lines.support(prepared, sides), moved * factor)
        scores = score(candidates)
        if len(scores) and float(scores[0]) > ACCEPT and convex(moved):
            border = _on_border(moved, picture)
            return Found(as_quad(moved), _confidence(float(scores[0])), _runs_out(moved, border, picture))
    return find(picture, TRACK_SIDE)


def score(candidates: quads.Candidates) -> NDArray[np.float64]:
    """Advantage of each candidate over "there is no page"."""
    weights = np.array([WEIGHTS[name] for name in quads.FEATURES])
    return candidates.features.astype(np.float64) @ weights + BIAS


def ordered(corners: Corners, border: NDArray[np.bool_]) -> tuple[Corners, NDArray[np.bool_]]:
    """Corners clockwise from the top left, and the flags of their sides (side k runs from corner k) with them."""
    if area(corners) < 0:
        corners, border = corners[[0, 3, 2, 1]], border[[3, 2, 1, 0]]
    first = int(np.argmin(corners.sum(axis=1)))
    return np.roll(corners, -first, axis=0), np.roll(border, -first)


def _outermost(corners: lines.Floats, scores: NDArray[np.float64]) -> int:
    """The best quad, or one nearly as good around it: half of a two-coloured sheet looks like a sheet itself."""
    best = int(np.argmax(scores))
    inner = clockwise(corners[best].astype(np.float64))
    for index in np.argsort(scores)[::-1]:
        if scores[index] < max(ACCEPT, scores[best] - YIELD):
            break
        outer = clockwise(corners[index].astype(np.float64))
        larger = area(outer) / area(inner)
        # Wholly around it when the shared part is all of the inner one.
        if larger > 1.2 and overlap(inner, outer) * (1 + larger) / (1 + overlap(inner, outer)) > 0.96:
            return int(index)
    return best


def _tighten(picture: Picture, corners: Corners, reach: float, border: NDArray[np.bool_]) -> Corners:
    tight = refine.refine(picture, corners, reach, border)
    return tight if convex(tight, 25.0) else corners


def _confidence(advantage: float) -> float:
    return float(1 / (1 + np.exp(-advantage)))


def _on_border(corners: Corners, picture: Picture) -> NDArray[np.bool_]:
    """Which sides lie on the picture's border."""
    high, wide = picture.shape[:2]
    slack = 0.004 * max(high, wide)
    following = np.roll(corners, -1, axis=0)
    near = np.zeros(4, bool)
    for axis, end in ((0, wide - 1), (1, high - 1)):
        for edge in (0, end):
            near |= (np.abs(corners[:, axis] - edge) < slack) & (np.abs(following[:, axis] - edge) < slack)
    return near


def _runs_out(corners: Corners, border: NDArray[np.bool_], picture: Picture) -> bool:
    high, wide = picture.shape[:2]
    slack = 0.006 * max(high, wide)
    x, y = corners[:, 0], corners[:, 1]
    beyond = bool(x.min() < -slack or y.min() < -slack or x.max() > wide + slack or y.max() > high + slack)
    return beyond or bool(border.any())


def _others(
    candidates: quads.Candidates,
    scores: NDArray[np.float64],
    main: Corners,
    middle: NDArray[np.float64],
    factor: float,
) -> tuple[Quad, ...]:
    """Further pages: well supported quads that share nothing with the main one or each other."""
    kept: list[Corners] = []
    for index in np.argsort(scores)[::-1]:
        if scores[index] < ACCEPT_OTHER or len(kept) == 3:
            break
        quad = clockwise(candidates.corners[index].astype(np.float64) + middle)
        if area(quad) > 0.12 * area(main) and all(overlap(quad, other) < 0.02 for other in (main, *kept)):
            kept.append(quad)
    return tuple(as_quad(quad / factor) for quad in kept)


def _all_page(picture: Picture, prepared: lines.Layers) -> Found | None:
    """The whole picture, when print covers all of it and the ground between is even: a page larger than the view."""
    ink = prepared.ink
    if float(np.mean(ink < 0.06)) < 0.55 or float(np.median(prepared.colour[:, :, 0])) < 90:
        return None
    high, wide = ink.shape
    rows = np.minimum(np.arange(high) * FULL_CELLS // high, FULL_CELLS - 1)
    columns = np.minimum(np.arange(wide) * FULL_CELLS // wide, FULL_CELLS - 1)
    cell = rows[:, None] * FULL_CELLS + columns[None, :]
    strokes = np.bincount(cell.ravel(), (ink > 0.25).ravel().astype(np.float64), FULL_CELLS**2)
    share = strokes / np.bincount(cell.ravel(), minlength=FULL_CELLS**2)
    if float(np.mean(share > 0.02)) < 0.7:
        return None
    if not _written(ink):
        return None
    tall, broad = picture.shape[:2]
    frame = np.array([[0, 0], [broad - 1, 0], [broad - 1, tall - 1], [0, tall - 1]], np.float64)
    return Found(as_quad(frame), 0.5, cut=True)


def _written(ink: lines.Floats) -> bool:
    """Many short strokes, few long ones: writing, and not the joints of tiles or the grain of wood."""
    _, _, stats, _ = cv2.connectedComponentsWithStats((ink > 0.2).astype(np.uint8))
    extent = stats[1:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1)
    mass = stats[1:, cv2.CC_STAT_AREA]
    long = extent > LONG_STROKE * max(ink.shape)
    return int(np.count_nonzero(mass >= 3)) >= LETTERS and float(mass[long].sum()) < 0.3 * float(mass.sum())
