"""Draw a page's sides tight: find each edge to a fraction of a pixel in the full picture and fit straight lines."""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# (OpenCV's stubs leave array element types open.)

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from hardware.camera.geometry import Corners, Picture

POINTS: Final = 72
"""Profiles taken across each side."""
ENDS: Final = 0.05
"""Part of a side left out at each corner, where a page may be torn, folded or round."""
ROUNDS: Final = ((1.0, 33), (0.4, 25))
"""Reach of the profiles as a part of `reach`, and samples in one."""


def refine(
    picture: Picture, corners: Corners, reach: float, fixed: NDArray[np.bool_], *, brief: bool = False
) -> Corners:
    """Corners (clockwise, pixels of `picture`) moved onto the page's edges, looked for within ± `reach` pixels.

    Sides marked in `fixed` (shape (4,), side k runs from corner k to k + 1) are the picture's border and stay.
    `brief` takes half the profiles once, for a preview that looks again in a moment.
    """
    current = corners.astype(np.float64)
    for share, samples in ROUNDS[:1] if brief else ROUNDS:
        points = POINTS // 2 if brief else POINTS
        fitted = _sides(picture, current, reach * share, (points, samples), fixed)
        moved = _meet(fitted)
        if moved is None or float(np.abs(moved - current).max()) > 3 * reach:
            return current
        current = moved
    return current


def _sides(
    picture: Picture, corners: Corners, reach: float, grid: tuple[int, int], fixed: NDArray[np.bool_]
) -> list[tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """A point and direction for each side; `grid` is profiles a side and samples a profile."""
    points, samples = grid
    following = np.roll(corners, -1, axis=0)
    direction = following - corners
    length = np.maximum(np.linalg.norm(direction, axis=1, keepdims=True), 1e-6)
    unit = direction / length
    normal = np.stack([unit[:, 1], -unit[:, 0]], axis=1)
    part = np.linspace(ENDS, 1 - ENDS, points)
    base = corners[:, None] + part[None, :, None] * direction[:, None]
    shift = np.linspace(-reach, reach, samples)
    places = base[:, :, None] + shift[None, None, :, None] * normal[:, None, None]
    flat = places.reshape(4 * points, samples, 2).astype(np.float32)
    profile = cv2.remap(
        picture, flat[:, :, 0], flat[:, :, 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    profile = profile.reshape(4, points, samples, 3).astype(np.float32)
    result: list[tuple[NDArray[np.float64], NDArray[np.float64]]] = []
    high, wide = picture.shape[:2]
    for side in range(4):
        if fixed[side]:
            result.append((corners[side], unit[side]))
            continue
        seen = (
            (base[side, :, 0] > 1)
            & (base[side, :, 0] < wide - 2)
            & (base[side, :, 1] > 1)
            & (base[side, :, 1] < high - 2)
        )
        found = _edge(profile[side], shift)
        result.append(_fit(base[side], normal[side], unit[side], found, seen, reach))
    return result


def _edge(
    profile: NDArray[np.float32], shift: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Where each profile (points, samples, 3) is steepest, and how clearly; neighbours along the side lend support."""
    smooth = cv2.blur(profile.reshape(profile.shape[0], -1), (1, 5)).reshape(profile.shape)
    slope = smooth[:, 2:] - smooth[:, :-2]
    # Print runs across the edge in every direction; the paper's own step has one sign all along the side.
    trend = np.median(slope, axis=0)
    strength = np.abs(slope).sum(axis=2)
    agreeing = np.maximum((slope * np.sign(trend)[None]).sum(axis=2), 0)
    weight = agreeing + 0.25 * strength
    weight *= np.exp(-0.5 * (shift[1:-1] / (0.6 * shift[-1])) ** 2)[None]
    peak = np.argmax(weight, axis=1)
    row = np.arange(len(peak))
    inner = np.clip(peak, 1, weight.shape[1] - 2)
    left, middle, right = weight[row, inner - 1], weight[row, inner], weight[row, inner + 1]
    bend = left - 2 * middle + right
    offset = np.where(np.abs(bend) > 1e-6, 0.5 * (left - right) / np.where(np.abs(bend) > 1e-6, bend, 1), 0)
    step = shift[1] - shift[0]
    at = shift[1:-1][inner] + np.clip(offset, -0.5, 0.5) * step
    clear = weight[row, peak] - np.median(weight, axis=1)
    return at, np.maximum(clear, 0.0)


def _fit(
    base: NDArray[np.float64],
    normal: NDArray[np.float64],
    unit: NDArray[np.float64],
    found: tuple[NDArray[np.float64], NDArray[np.float64]],
    seen: NDArray[np.bool_],
    reach: float,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """A straight line through the found edge points, outliers left aside."""
    at, clear = found
    weight = np.minimum(clear, 3 * float(np.median(clear)) + 1e-6) * seen
    along = (base - base[0]) @ unit
    if float(weight.sum()) < 1e-3 or int(np.count_nonzero(seen)) < 8:
        return base[0], unit
    slope, level = _sample_consensus(along, at, weight, reach)
    scale = max(0.06 * reach, 0.35)
    for _ in range(4):
        off = at - (slope * along + level)
        robust = weight / (1 + (off / scale) ** 2) ** 2
        total = float(robust.sum())
        if total < 1e-6:
            break
        mean_x, mean_y = float((robust * along).sum()) / total, float((robust * at).sum()) / total
        spread = float((robust * (along - mean_x) ** 2).sum())
        if spread < 1e-6:
            break
        slope = float((robust * (along - mean_x) * (at - mean_y)).sum()) / spread
        level = mean_y - slope * mean_x
    start = base[0] + level * normal
    direction = unit + slope * normal
    return start, direction / np.linalg.norm(direction)


def _sample_consensus(
    along: NDArray[np.float64], at: NDArray[np.float64], weight: NDArray[np.float64], reach: float
) -> tuple[float, float]:
    """The line through two of the points that most of the weight agrees with; every spaced pair is tried."""
    picks = np.arange(0, len(along), 4)
    i, j = np.triu_indices(len(picks), 4)
    first, second = picks[i], picks[j]
    slope = (at[second] - at[first]) / (along[second] - along[first])
    level = at[first] - slope * along[first]
    off = at[None, :] - (slope[:, None] * along[None, :] + level[:, None])
    agree = (weight[None, :] / (1 + (off / (0.09 * reach + 0.4)) ** 2)).sum(axis=1)
    best = int(np.argmax(agree))
    return float(slope[best]), float(level[best])


def _meet(fitted: list[tuple[NDArray[np.float64], NDArray[np.float64]]]) -> Corners | None:
    """Corners where neighbouring sides cross; None when two of them hardly do."""
    corners: list[NDArray[np.float64]] = []
    for side in range(4):
        (p, u), (q, v) = fitted[side - 1], fitted[side]
        cross = u[0] * v[1] - u[1] * v[0]
        if abs(cross) < 0.2:
            return None
        gap = q - p
        corners.append(p + u * (gap[0] * v[1] - gap[1] * v[0]) / cross)
    return np.array(corners)
