"""Put lines together to quads, and measure what speaks for each being the page."""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# (NumPy's stubs leave array element types open in places.)

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hardware.camera.geometry import Corners, area
from hardware.camera.lines import Floats, Ints, Layers, Lines, Support

LEAST_AREA: Final = 0.012
"""Of the picture: a card under a camera that looks at the whole desk."""
LEAST_SIDE: Final = 0.06
OUTSIDE: Final = 0.05
"""Part of the long side by which a corner may lie outside the picture."""
BORDER_WORTH: Final = 0.45
"""Support a picture border counts for, where the page may run on beyond it."""
FINE_WORTH: Final = 0.75
"""An edge seen only in the print's own layer, as a thin shadow around white paper is, counts this much."""
BORDER_COST: Final = 0.25
MEASURED: Final = 500
END_PART: Final = 0.22
EXTENSION: Final = 0.16
FIRST_CUT: Final = 36
RING: Final = (5.0, 9.0)
"""Distances in pixels at which the rings inside and outside a quad are looked at."""
SURROUND: Final = 4.0
"""Pixels by which a quad may stick out of another and still lie inside it."""
AROUND: Final = 16

FEATURES: Final = (
    "mean_support",
    "least_support",
    "overshoot",
    "size",
    "apart",
    "least_apart",
    "sign",
    "mixed",
    "even",
    "evenness_gain",
    "borders",
    "more_borders",
    "bright",
    "corner",
    "fine_only",
    "squareness",
    "dark_inside",
    "enclosed",
    "ends",
    "dull",
)


@dataclass(frozen=True, slots=True)
class Candidates:
    """Quads in pixels of the small picture, shape (n, 4, 2) clockwise; which lines made them; their features (n, f)."""

    corners: Floats
    lines: Ints
    border: NDArray[np.bool_]
    features: Floats


def assemble(prepared: Layers, lines: Lines, measured: Support) -> Candidates:
    """All plausible quads of two pairs of facing lines, cut down to the best supported and measured in full."""
    corners, quads, first, columns = _enumerate(prepared, lines, measured)
    best = np.argsort(first)[::-1][: FIRST_CUT * 5]
    best = _apart(corners, best, prepared)
    corners, quads = corners[best], quads[best]
    columns = {key: value[best] for key, value in columns.items()}
    return Candidates(corners, quads, lines.border[quads], _features(prepared, corners, columns))


def weigh(prepared: Layers, lines: Lines, measured: Support, corners: Corners) -> Candidates:
    """Measure one known quad; `lines` holds its sides first, in order (`lines.through`), `corners` its pixels."""
    high, wide = prepared.size
    placed = (corners - [wide / 2, high / 2]).astype(np.float32)[None]
    sides = np.arange(4, dtype=np.intp)[None]
    along = np.stack([-lines.normal[:4, 1], lines.normal[:4, 0]], axis=1)
    begin = (placed[0] * along).sum(axis=1)
    end = (np.roll(placed[0], -1, axis=0) * along).sum(axis=1)
    ends = np.stack([begin, end], axis=1)[None]
    columns = _sides(lines, measured, sides, ends, np.abs(ends[:, :, 1] - ends[:, :, 0]), placed)
    columns["size"] = np.sqrt([abs(area(corners)) / (high * wide)]).astype(np.float32)
    return Candidates(placed, sides, lines.border[sides], _features(prepared, placed, columns))


def _enumerate(
    prepared: Layers, lines: Lines, measured: Support
) -> tuple[Floats, Ints, Floats, dict[str, Floats]]:
    high, wide = prepared.size
    long = max(high, wide)
    n, o = lines.normal.astype(np.float64), lines.offset.astype(np.float64)
    cross = n[:, None, 0] * n[None, :, 1] - n[:, None, 1] * n[None, :, 0]
    safe = np.where(np.abs(cross) < 0.3, np.nan, cross)
    x = (o[:, None] * n[None, :, 1] - o[None, :] * n[:, None, 1]) / safe
    y = (o[None, :] * n[:, None, 0] - o[:, None] * n[None, :, 0]) / safe
    meet = np.stack([x, y], axis=2)
    position = -x * n[:, None, 1] + y * n[:, None, 0]
    slack = OUTSIDE * long
    valid = (np.abs(x) < wide / 2 + slack) & (np.abs(y) < high / 2 + slack)
    i, j = np.triu_indices(lines.count, 1)
    # Facing lines do not meet inside the picture, run roughly alike, and lie apart.
    alike = np.abs(cross[i, j]) < 0.62
    inside_meeting = valid[i, j]
    cosine = (n[i] * n[j]).sum(axis=1)
    apart = np.abs(o[i] - np.sign(cosine) * o[j]) > 0.05 * long
    facing = alike & ~inside_meeting & apart
    i, j = i[facing], j[facing]
    a, b = np.triu_indices(len(i), 1)
    top, bottom, left, right = i[a], j[a], i[b], j[b]
    fits = valid[top, left] & valid[top, right] & valid[bottom, right] & valid[bottom, left]
    top, bottom, left, right = top[fits], bottom[fits], left[fits], right[fits]
    if len(top) == 0:
        return np.zeros((0, 4, 2), np.float32), np.zeros((0, 4), np.intp), np.zeros(0, np.float32), {}
    corners = np.stack([meet[top, left], meet[top, right], meet[bottom, right], meet[bottom, left]], axis=1)
    quads = np.stack([top, right, bottom, left], axis=1)
    ends = np.stack(
        [
            np.stack([position[top, left], position[top, right]], 1),
            np.stack([position[right, top], position[right, bottom]], 1),
            np.stack([position[bottom, right], position[bottom, left]], 1),
            np.stack([position[left, bottom], position[left, top]], 1),
        ],
        axis=1,
    )
    turn = np.roll(corners, -1, 1) - corners
    back = np.roll(corners, 1, 1) - corners
    winding = turn[:, :, 0] * back[:, :, 1] - turn[:, :, 1] * back[:, :, 0]
    surface = 0.5 * np.abs(
        (
            corners[:, :, 0] * np.roll(corners[:, :, 1], -1, 1)
            - np.roll(corners[:, :, 0], -1, 1) * corners[:, :, 1]
        ).sum(1)
    )
    length = np.abs(ends[:, :, 1] - ends[:, :, 0])
    sound = (np.all(winding > 0, 1) | np.all(winding < 0, 1)) & (surface > LEAST_AREA * high * wide)
    sound &= length.min(axis=1) > LEAST_SIDE * long
    size = np.sqrt(surface / (high * wide)).astype(np.float32)
    chosen = np.flatnonzero(sound)
    if len(chosen) > MEASURED:
        held = _held(lines, measured, quads[chosen], ends[chosen])
        worth = held.mean(axis=1) + 0.8 * held.min(axis=1) + 0.5 * size[chosen]
        chosen = chosen[np.argpartition(worth, -MEASURED)[-MEASURED:]]
    corners, quads, ends, length = corners[chosen], quads[chosen], ends[chosen], length[chosen]
    columns = _sides(lines, measured, quads, ends, length, corners)
    columns["size"] = size[chosen]
    first = (
        columns["mean_support"]
        + 0.8 * columns["least_support"]
        - 0.5 * columns["overshoot"]
        + 0.5 * columns["size"]
        + 0.4 * columns["apart"]
        - BORDER_COST * columns["borders"]
    )
    return corners.astype(np.float32), quads, first.astype(np.float32), columns


def _held(lines: Lines, measured: Support, quads: Ints, ends: Floats) -> Floats:
    """Support of every side, shape (n, 4); a picture border holds a fixed part."""
    step = measured.mean("step", quads, ends[:, :, 0], ends[:, :, 1])
    fine = measured.mean("fine", quads, ends[:, :, 0], ends[:, :, 1])
    return np.where(lines.border[quads], BORDER_WORTH, np.maximum(step, FINE_WORTH * fine))


def _sides(
    lines: Lines, measured: Support, quads: Ints, ends: Floats, length: Floats, corners: Floats
) -> dict[str, Floats]:
    """Features of the sides; picture borders are counted apart and left out of every mean."""
    begin, end = ends[:, :, 0], ends[:, :, 1]
    real = ~lines.border[quads]
    step = measured.mean("step", quads, begin, end)
    fine = FINE_WORTH * measured.mean("fine", quads, begin, end)
    held = np.maximum(step, fine)
    # Beyond its corner a page's edge ends; a plank, a table edge or a ruled line runs on.
    onward = np.sign(end - begin) * EXTENSION * length
    gap = np.sign(end - begin) * 3.0
    over = 0.5 * (
        measured.mean("step", quads, begin - gap - onward, begin - gap)
        + measured.mean("step", quads, end + gap, end + gap + onward)
    )
    apart = measured.mean("apart", quads, begin, end)
    centre = corners.mean(axis=1)
    inward = np.sign((lines.normal[quads] * centre[:, None]).sum(axis=2) - lines.offset[quads])
    rise = measured.mean("sign", quads, begin, end) * inward
    share = np.where(real, length, 0)
    share = share / np.maximum(share.sum(axis=1, keepdims=True), 1e-6)
    borders = (~real).sum(axis=1).astype(np.float32)
    return {
        "mean_support": (held * share).sum(axis=1),
        "least_support": _least(held, real),
        "overshoot": (over * share).sum(axis=1),
        "apart": (apart * share).sum(axis=1),
        "least_apart": _least(apart, real),
        "sign": (rise * share).sum(axis=1),
        "mixed": (np.abs(rise) * share).sum(axis=1) - np.abs((rise * share).sum(axis=1)),
        "fine_only": (np.maximum(fine - step, 0) * share).sum(axis=1),
        "borders": borders,
        "ends": _least(np.minimum(*_ends(measured, quads, begin, end)), real),
        "more_borders": np.maximum(borders - 1, 0),
    }


def _ends(measured: Support, quads: Ints, begin: Floats, end: Floats) -> tuple[Floats, Floats]:
    """Support close to both ends of each side: the tangents of a cup touch it in their middle only."""
    part = END_PART * (end - begin)
    found: list[Floats] = []
    for one, two in ((begin + 0.04 * (end - begin), begin + part), (end - part, end - 0.04 * (end - begin))):
        step = measured.mean("step", quads, one, two)
        found.append(np.maximum(step, FINE_WORTH * measured.mean("fine", quads, one, two)))
    return found[0], found[1]


def _least(values: Floats, real: NDArray[np.bool_]) -> Floats:
    return np.where(real.any(axis=1), np.where(real, values, 1.0).min(axis=1), 0.0)


def _apart(corners: Floats, order: Ints, prepared: Layers) -> Ints:
    """The best quads that differ from each other visibly."""
    near = 0.012 * max(prepared.size)
    placed = _sorted(corners[order]).reshape(len(order), 8)
    keep: list[int] = []
    open_ = np.ones(len(order), bool)
    for index in range(len(order)):
        if not open_[index]:
            continue
        keep.append(index)
        if len(keep) >= FIRST_CUT:
            break
        open_ &= np.abs(placed - placed[index]).max(axis=1) >= near
    return order[np.array(keep, np.intp)]


def _sorted(corners: Floats) -> Floats:
    """Corners clockwise from the least x + y, for many quads at once."""
    middle = corners.mean(axis=1, keepdims=True)
    angle = np.arctan2(corners[:, :, 1] - middle[:, :, 1], corners[:, :, 0] - middle[:, :, 0])
    order = np.argsort(angle, axis=1)
    turned = np.take_along_axis(corners, order[:, :, None], axis=1)
    start = np.argmin(turned.sum(axis=2), axis=1)
    index = (start[:, None] + np.arange(4)) % 4
    return np.take_along_axis(turned, index[:, :, None], axis=1)


def _features(prepared: Layers, corners: Floats, columns: dict[str, Floats]) -> Floats:
    if len(corners) == 0:
        return np.zeros((0, len(FEATURES)), np.float32)
    high, wide = prepared.size
    middle = np.array([wide / 2, high / 2], np.float32)
    placed = corners + middle
    inner, inner_seen = _ring(prepared, placed, -RING[0])
    inner_deep, _ = _ring(prepared, placed, -RING[1])
    outer, outer_seen = _ring(prepared, placed, RING[0])
    both = (inner_seen & outer_seen)[:, :, :, None]
    typical = np.median(np.concatenate([inner, inner_deep], axis=2).reshape(len(corners), -1, 3), axis=1)
    inner_off = np.sqrt(((inner_deep - typical[:, None, None]) ** 2).sum(axis=3))
    outer_off = np.sqrt((np.where(both, outer - typical[:, None, None], 0) ** 2).sum(axis=3))
    even = np.clip(inner_off / 20, 0, 1).mean(axis=(1, 2))
    away = np.clip(outer_off / 20, 0, 1).mean(axis=(1, 2))
    measures = {
        **columns,
        "even": even,
        "evenness_gain": away - even,
        "bright": typical[:, 0] / max(float(np.percentile(prepared.colour[::4, ::4, 0], 95)), 1.0),
        "corner": _corner(prepared, placed, typical),
        "enclosed": _enclosed(corners, columns),
        "squareness": _squareness(corners),
        "dull": _dull(typical, columns["sign"]),
        "dark_inside": (typical[:, 0] < 70).astype(np.float32),
    }
    return np.stack([np.asarray(measures[name], np.float32) for name in FEATURES], axis=1)


def _ring(prepared: Layers, corners: Floats, distance: float) -> tuple[Floats, NDArray[np.bool_]]:
    """Colours on a quad's sides moved outward by `distance`; shapes (n, 4, AROUND, 3) and (n, 4, AROUND)."""
    high, wide = prepared.size
    following = np.roll(corners, -1, axis=1)
    direction = following - corners
    outward = np.stack([direction[:, :, 1], -direction[:, :, 0]], axis=2)
    outward /= np.maximum(np.linalg.norm(outward, axis=2, keepdims=True), 1e-6)
    flip = np.sign(((corners - corners.mean(axis=1, keepdims=True)) * outward).sum(axis=2, keepdims=True))
    part = np.linspace(0.06, 0.94, AROUND, dtype=np.float32)[None, None, :, None]
    points = corners[:, :, None] + part * direction[:, :, None] + distance * (outward * flip)[:, :, None]
    x, y = np.rint(points[..., 0]).astype(np.intp), np.rint(points[..., 1]).astype(np.intp)
    seen = (x >= 0) & (x < wide) & (y >= 0) & (y < high)
    colours = prepared.colour[np.clip(y, 0, high - 1), np.clip(x, 0, wide - 1)]
    return colours, seen


def _corner(prepared: Layers, corners: Floats, typical: Floats) -> Floats:
    """Share of corners where paper lies just inside and something else just outside."""
    high, wide = prepared.size
    middle = corners.mean(axis=1, keepdims=True)
    ray = corners - middle
    ray /= np.maximum(np.linalg.norm(ray, axis=2, keepdims=True), 1e-6)
    inside, outside = corners - 9 * ray, corners + 7 * ray
    offs: list[Floats] = []
    for points in (inside, outside):
        x = np.clip(np.rint(points[..., 0]), 0, wide - 1).astype(np.intp)
        y = np.clip(np.rint(points[..., 1]), 0, high - 1).astype(np.intp)
        offs.append(np.sqrt(((prepared.colour[y, x] - typical[:, None]) ** 2).sum(axis=2)))
    score = (np.clip(offs[1] / 16, 0, 1) - np.clip(offs[0] / 16, 0, 1)).mean(axis=1)
    return score.astype(np.float32)


def _dull(typical: Floats, sign: Floats) -> Floats:
    """1 for something dark, colourless and darker than what it lies on: a phone, a bag, a shadow, but no paper."""
    chroma = np.hypot(typical[:, 1] - 256, typical[:, 2] - 256)
    return ((chroma < 44) & (typical[:, 0] < 110) & (sign < -0.15)).astype(np.float32)


def _enclosed(corners: Floats, columns: dict[str, Floats]) -> Floats:
    """Support of the best quad that surrounds this one: print, pictures and colour fields lie inside a page's edge."""
    turned = _sorted(corners)
    edge = np.roll(turned, -1, axis=1) - turned
    outward = np.stack([edge[:, :, 1], -edge[:, :, 0]], axis=2)
    outward /= np.maximum(np.linalg.norm(outward, axis=2, keepdims=True), 1e-6)
    reach = (turned * outward).sum(axis=2)
    beyond = np.einsum("ick,jsk->ijcs", turned, outward) - reach[None, :, None, :]
    within = beyond.max(axis=(2, 3)) < SURROUND
    size = columns["size"]
    larger = size[None, :] > 1.04 * size[:, None]
    firm = np.where(columns["borders"] == 0, np.clip(2 * columns["least_support"] - 1, 0, 1), 0)
    return np.where(within & larger, firm[None, :], 0).max(axis=1)


def _squareness(corners: Floats) -> Floats:
    """1 for right angles, falling with the worst corner."""
    ahead = np.roll(corners, -1, 1) - corners
    behind = np.roll(corners, 1, 1) - corners
    norm = np.linalg.norm(ahead, axis=2) * np.linalg.norm(behind, axis=2)
    cosine = np.abs((ahead * behind).sum(axis=2)) / np.maximum(norm, 1e-6)
    return (1 - cosine.max(axis=1)).astype(np.float32)
