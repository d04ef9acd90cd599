"""Desks with and without pages, drawn from a seed: a broad, reproducible set with known corners.

Nothing here looks at how pages are found; the drawing follows what people lay under cameras: wood, stone, cloth and
white desks, lamps and shadows, pens, cups and cables, torn and folded corners, pages that run out of the picture.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from hardware.camera.geometry import Corners, Picture

Float = NDArray[Any]
FORMATS = {
    "A4": (210, 297),
    "F4": (215, 330),
    "landscape": (297, 210),
    "card": (85.6, 54),
    "receipt": (80, 190),
}


@dataclass
class Scene:
    """A drawn photograph: BGR picture, corners of the main page (None: no page), and words for what is special."""

    picture: Picture
    corners: Corners | None
    words: list[str] = field(default_factory=list)


def _smooth(
    random: np.random.Generator, high: int, wide: int, cells: tuple[int, int], amount: float
) -> Float:
    grid = random.normal(0, amount, cells).astype(np.float32)
    return np.asarray(cv2.resize(grid, (wide, high), interpolation=cv2.INTER_CUBIC), np.float32)


def desk(random: np.random.Generator, high: int, wide: int, kind: str) -> Float:
    """An empty desk as float BGR."""
    if kind == "white":
        level = random.uniform(195, 238)
        tint = random.normal(0, 4, 3)
        plain = np.full((high, wide), level, np.float32) + _smooth(random, high, wide, (5, 5), 2.0)
        return np.asarray(plain[:, :, None] + tint, np.float32)
    if kind == "wood":
        base = np.array([[60, 100, 150], [40, 66, 100], [26, 40, 62], [110, 160, 200]])[random.integers(4)]
        grain = _smooth(random, high, wide, (4, int(random.integers(60, 240))), random.uniform(4, 12))
        grain += _smooth(random, high, wide, (14, 90), random.uniform(1, 5))
        planks = int(random.integers(0, 7))
        for x in random.integers(0, wide, planks):
            grain[:, max(0, x - 2) : x + 2] -= random.uniform(15, 45)
        if random.random() < 0.5:
            grain = np.ascontiguousarray(cv2.resize(grain.T, (wide, high)))
        return np.asarray(base + grain[:, :, None] * np.array([0.6, 0.85, 1.0]), np.float32)
    if kind == "cloth":
        base = random.uniform(30, 170, 3)
        weave = random.normal(0, random.uniform(6, 22), (high // 3 + 1, wide // 3 + 1)).astype(np.float32)
        pattern = cv2.resize(weave, (wide, high), interpolation=cv2.INTER_LINEAR)
        return np.asarray(base + pattern[:, :, None], np.float32)
    if kind == "tiles":
        base = random.uniform(120, 215) + random.normal(0, 7, 3)
        plain = np.zeros((high, wide), np.float32) + _smooth(random, high, wide, (9, 9), 3.0)
        step = int(random.uniform(0.2, 0.45) * wide)
        for at in range(int(random.integers(20, step)), max(high, wide), step):
            plain[at : at + 4] -= 50
            plain[:, at : at + 4] -= 50
        return np.asarray(base + plain[:, :, None], np.float32)
    base = random.uniform(18, 150) + random.normal(0, 12, 3)
    return np.asarray(base + _smooth(random, high, wide, (6, 6), 6.0)[:, :, None], np.float32)


def paper(
    random: np.random.Generator, shape: tuple[float, float], look: str, dots_per_mm: float = 4.0
) -> Float:
    """A flat sheet as float BGR, `dots_per_mm` fine."""
    wide, high = (round(side * dots_per_mm) for side in shape)
    white = random.uniform(225, 250)
    sheet = np.empty((high, wide, 3), np.uint8)
    sheet[:] = np.clip(white + random.normal(0, 3, 3), 0, 255)
    if look == "colour":
        sheet[:] = random.uniform(70, 235, 3)
    if look == "blank":
        return sheet.astype(np.float32)
    ink = random.uniform(10, 90) if look != "colour" else 25.0
    margin = int(random.uniform(0.05, 0.13) * wide)
    if look == "frame":
        cv2.rectangle(
            sheet, (margin // 2, margin // 2), (wide - margin // 2, high - margin // 2), (ink,) * 3, 3
        )
    if look == "table":
        for y in range(high // 3, 2 * high // 3, max(18, high // 24)):
            cv2.line(sheet, (margin, y), (wide - margin, y), (ink,) * 3, 2)
        for x in np.linspace(margin, wide - margin, 5):
            cv2.line(sheet, (int(x), high // 3), (int(x), 2 * high // 3), (ink,) * 3, 2)
    if look == "picture":
        body = random.uniform(0, 255, (7, 7, 3)).astype(np.float32)
        top, bottom = int(high * 0.12), int(high * random.uniform(0.5, 0.9))
        size = (wide - 2 * margin, bottom - top)
        sheet[top:bottom, margin : wide - margin] = np.clip(
            cv2.resize(body, size, interpolation=cv2.INTER_CUBIC), 0, 255
        )
    if look == "banner":  # a letterhead or a notebook's cover: colour to the very edge
        part = int(high * random.uniform(0.12, 0.45))
        first, last = (0, part) if random.random() < 0.5 else (high - part, high)
        sheet[first:last] = random.uniform(20, 235, 3)
    letters = random.uniform(2.2, 3.6) * dots_per_mm if min(shape) > 70 else 1.8 * dots_per_mm
    y = margin * 1.2
    end = high - margin * random.uniform(1.0, 4.0)
    scale = letters / 22
    colour = (ink, ink, ink) if random.random() < 0.8 else (150, 40, 30)
    while y < end:
        if random.random() < 0.82 and not (look in ("table", "picture") and high * 0.1 < y < high * 0.68):
            count = int(random.uniform(0.35, 1.0) * (wide - 2 * margin) / (20 * scale))
            words = "".join(random.choice(list("abcdefghijklmnopqrstuvwxyzAEKMPST      "), max(count, 1)))
            where = (margin, int(y))
            cv2.putText(
                sheet,
                words,
                where,
                cv2.FONT_HERSHEY_SIMPLEX,
                scale,
                colour,
                max(1, round(scale * 2)),
                cv2.LINE_AA,
            )
        y += letters * 1.7
    return sheet.astype(np.float32)


def _placed(
    random: np.random.Generator, high: int, wide: int, shape: tuple[float, float], fill: float, turn: float
) -> Corners:
    """Corners of a sheet seen by a slanted camera, its bounding box `fill` of the picture."""
    w, h = shape
    flat = np.array([[-w, -h, 0], [w, -h, 0], [w, h, 0], [-w, h, 0]], np.float64) / (2 * max(w, h))
    c, s = math.cos(turn), math.sin(turn)
    flat = flat @ np.array([[c, s, 0], [-s, c, 0], [0, 0, 1]])
    a, b = random.uniform(-0.42, 0.42), random.uniform(-0.3, 0.3)
    tip = np.array([[1, 0, 0], [0, math.cos(a), math.sin(a)], [0, -math.sin(a), math.cos(a)]])
    lean = np.array([[math.cos(b), 0, math.sin(b)], [0, 1, 0], [-math.sin(b), 0, math.cos(b)]])
    seen = flat @ tip @ lean
    points = seen[:, :2] / (1 + seen[:, 2:3] / random.uniform(1.3, 2.6))
    extent = np.ptp(points, axis=0)
    points *= fill * min(wide / extent[0], high / extent[1])
    room = np.array([wide, high]) - np.ptp(points, axis=0)
    offset = -points.min(axis=0) + room * random.uniform(0.15, 0.85, 2)
    return points + offset


def _blend(scene: Float, layer: Float, mask: Float) -> None:
    scene += (layer - scene) * mask[:, :, None]


def lay(random: np.random.Generator, scene: Float, sheet: Float, corners: Corners, words: list[str]) -> None:
    """Put a sheet on the desk with its shadow; "torn" and "folded" take a corner off."""
    high, wide = scene.shape[:2]
    rows, columns = sheet.shape[:2]
    mask = np.full((rows, columns), 1.0, np.float32)
    bite = int(random.uniform(0.06, 0.13) * columns)
    if "torn" in words:
        edge = np.array([[0, 0], [bite, 0], [int(bite * 0.7), bite // 3], [bite // 3, bite // 2], [0, bite]])
        cv2.fillPoly(mask, [edge], 0.0)
    if "folded" in words:
        cv2.fillPoly(mask, [np.array([[columns, rows], [columns - bite, rows], [columns, rows - bite]])], 0.0)
        flap = np.array([[columns - bite, rows - bite], [columns - bite, rows], [columns, rows - bite]])
        shade = float(random.uniform(0.80, 0.93))
        cv2.fillPoly(sheet, [flap], [float(v) * shade for v in sheet[rows // 2, columns // 2]])
    source = np.array([[0, 0], [columns, 0], [columns, rows], [0, rows]], np.float32) - np.float32(0.5)
    matrix = cv2.getPerspectiveTransform(source, corners.astype(np.float32))
    flags = cv2.INTER_AREA if columns > 2 * np.linalg.norm(corners[1] - corners[0]) else cv2.INTER_LINEAR
    layer = cv2.warpPerspective(sheet, matrix, (wide, high), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    cover = cv2.warpPerspective(mask, matrix, (wide, high), flags=cv2.INTER_LINEAR)
    drop = random.uniform(0.001, 0.008) * wide
    shift = np.array([[1, 0, random.uniform(-1, 1) * drop], [0, 1, random.uniform(-1, 1) * drop]], np.float32)
    shadow = cv2.GaussianBlur(cv2.warpAffine(cover, shift, (wide, high)), (0, 0), max(0.8, drop))
    scene *= (1 - random.uniform(0.1, 0.5) * shadow)[:, :, None]
    _blend(scene, np.asarray(layer, np.float32), np.asarray(cover, np.float32))


def clutter(random: np.random.Generator, scene: Float, count: int, clear_of: Corners | None) -> None:
    """Pens, cups, phones, cables and coins beside the page (or anywhere when there is none)."""
    high, wide = scene.shape[:2]
    layer = scene.copy()
    for _ in range(count):
        kind = random.choice(["pen", "cup", "phone", "cable", "coin", "keys"])
        at = random.uniform(0, 1, 2) * [wide, high]
        tone = tuple(
            float(v) for v in random.uniform(10, 90) + random.uniform(0, 130, 3) * (random.random() < 0.5)
        )
        x, y = int(at[0]), int(at[1])
        turn = random.uniform(0, math.pi)
        ahead = np.array([math.cos(turn), math.sin(turn)])
        if kind == "pen":
            tip = at + ahead * 0.28 * wide
            cv2.line(layer, (x, y), (int(tip[0]), int(tip[1])), tone, int(0.012 * wide), cv2.LINE_AA)
        elif kind == "cup":
            cv2.circle(layer, (x, y), int(0.11 * wide), tone, -1, cv2.LINE_AA)
            cv2.circle(layer, (x, y), int(0.09 * wide), (30, 45, 70), -1, cv2.LINE_AA)
        elif kind == "phone":
            box = cv2.boxPoints(((x, y), (0.17 * wide, 0.34 * wide), math.degrees(turn)))
            cv2.fillPoly(layer, [box.astype(np.int32)], (22, 20, 20), cv2.LINE_AA)
        elif kind == "cable":
            bend = random.normal(0, 0.06 * wide, (8, 2)).cumsum(axis=0) + at
            cv2.polylines(layer, [bend.astype(np.int32)], False, tone, 6, cv2.LINE_AA)
        elif kind == "coin":
            cv2.circle(layer, (x, y), int(0.025 * wide), (110, 160, 180), -1, cv2.LINE_AA)
        else:
            for step in range(5):
                key = at + np.array([step * 0.03 * wide, 0])
                cv2.rectangle(
                    layer, key.astype(int).tolist(), (key + 0.024 * wide).astype(int).tolist(), tone, -1
                )
    if clear_of is not None:
        page = np.zeros((high, wide), np.uint8)
        cv2.fillConvexPoly(page, clear_of.astype(np.int32), 255)
        page = cv2.dilate(page, np.ones((9, 9), np.uint8))
        layer[page > 0] = scene[page > 0]
    scene[:] = layer


def expose(random: np.random.Generator, scene: Float, glare_at: tuple[float, float] | None = None) -> Picture:
    """Light falls on the scene and the camera takes it: gradient, shadow, glare, softness, noise, JPEG."""
    high, wide = scene.shape[:2]
    light = 1 + _smooth(random, high, wide, (3, 3), random.uniform(0.02, 0.13))
    if random.random() < 0.25:  # somebody's arm or head throws a soft shadow
        shade = np.zeros((high, wide), np.float32)
        spot = (int(random.uniform(0, wide)), int(random.uniform(0, high)))
        cv2.ellipse(shade, spot, (wide // 3, high // 4), float(random.uniform(0, 180)), 0, 360, 0.35, -1)
        light -= cv2.GaussianBlur(shade, (0, 0), 0.05 * wide)
    scene = scene * np.clip(light, 0.2, 1.4)[:, :, None] * random.uniform(0.62, 1.02)
    if glare_at is not None:
        y, x = np.ogrid[:high, :wide]
        size = random.uniform(0.05, 0.11) * wide
        far = ((x - glare_at[0]) / size) ** 2 + ((y - glare_at[1]) / (size * random.uniform(0.6, 1.4))) ** 2
        scene = scene + (random.uniform(150, 330) * np.exp(-far)).astype(np.float32)[:, :, None]
    scene = cv2.GaussianBlur(scene, (0, 0), random.uniform(0.4, 1.1))
    scene = scene + random.normal(0, random.uniform(0.8, 4.0), scene.shape)
    picture = np.clip(scene, 0, 255).astype(np.uint8)
    data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, int(random.integers(72, 95))])[1]
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)


def photograph(seed: int, kind: str | None = None, long_side: int = 1600) -> Scene:
    """A desk with a page, its case chosen by the seed (or `kind`)."""
    random = np.random.default_rng(seed)
    kinds = [
        "plain",
        "white",
        "clutter",
        "glare",
        "full",
        "torn",
        "folded",
        "cut",
        "turned",
        "card",
        "receipt",
        "two",
        "tiles",
    ]
    kind = kind or kinds[seed % len(kinds)]
    high, wide = (long_side, long_side * 3 // 4) if random.random() < 0.6 else (long_side * 3 // 4, long_side)
    surface = (
        "white"
        if kind == "white"
        else "tiles"
        if kind == "tiles"
        else random.choice(["wood", "cloth", "plain", "wood"])
    )
    scene = desk(random, high, wide, surface)
    name = kind if kind in FORMATS else ("landscape" if wide > high else random.choice(["A4", "F4"]))
    fill = {"full": 0.985, "card": random.uniform(0.22, 0.5), "cut": 0.9}.get(
        kind, random.uniform(0.55, 0.93)
    )
    turn = random.normal(0, 0.07)
    if kind == "turned":
        turn = random.uniform(-math.pi / 2, math.pi / 2)
    corners = _placed(random, high, wide, FORMATS[name], fill, turn)
    if kind == "full":
        corners = (corners - [wide / 2, high / 2]) * random.uniform(0.99, 1.03) + [wide / 2, high / 2]
    if kind == "cut":
        side = int(random.integers(4))
        way = np.array([[0, -1], [1, 0], [0, 1], [-1, 0]])[side] * random.uniform(0.12, 0.3)
        corners = corners + way * [wide, high]
    look = random.choice(["text", "text", "frame", "table", "picture", "colour", "blank", "banner"])
    if kind == "white" and look == "colour":
        look = "text"
    words = [kind, str(surface), str(look)]
    if kind == "two":
        other = paper(random, FORMATS["A4"], "text")
        lay(random, scene, other, corners * 0.5 + random.uniform(-0.35, 0.1, 2) * [wide, high], ["second"])
    if kind in ("clutter", "tiles") or random.random() < 0.3:
        clutter(random, scene, int(random.integers(2, 7)), corners)
    lay(random, scene, paper(random, FORMATS[name], look), corners, words)
    glare_at = None
    if kind == "glare":
        inside = corners.mean(axis=0) + (
            corners[int(random.integers(4))] - corners.mean(axis=0)
        ) * random.uniform(0, 1)
        glare_at = (float(inside[0]), float(inside[1]))
    return Scene(expose(random, scene, glare_at), corners, words)


def empty_desk(seed: int, long_side: int = 1600) -> Scene:
    """A desk without a page: bare, grained, tiled, or strewn with things that are no paper."""
    random = np.random.default_rng(90_000 + seed)
    high, wide = (long_side, long_side * 3 // 4) if random.random() < 0.5 else (long_side * 3 // 4, long_side)
    surface = ["white", "wood", "cloth", "tiles", "plain"][seed % 5]
    scene = desk(random, high, wide, surface)
    if seed % 2:
        clutter(random, scene, int(random.integers(1, 8)), None)
    glare_at = (
        (wide * random.uniform(0.2, 0.8), high * random.uniform(0.2, 0.8)) if random.random() < 0.2 else None
    )
    return Scene(expose(random, scene, glare_at), None, ["empty", surface])
