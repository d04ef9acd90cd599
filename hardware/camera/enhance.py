"""Make a rectified page good to read and to keep: even light, straight lines, stamps and signatures in their colour."""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# (OpenCV's stubs leave array element types open.)

from __future__ import annotations

from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from hardware.camera.geometry import Picture, fit

Floats = NDArray[np.floating[Any]]

PAD: Final = 30
INK_SIDE: Final = 1400
LEAST_PRINT: Final = 0.004
SIDEWAYS: Final = 1.35
"""How much stronger the rhythm of lines must be along the other axis before a page is turned."""
SURE_RISE: Final = 0.12
LEAST_LINES: Final = 4
MOST_SKEW: Final = 3.0


def flatten_light(page: Picture) -> Picture:
    """Divide out the light that fell on the paper, alike in all three colours.

    The paper's brightness is estimated on a small copy as the upper envelope over a neighbourhood wider than any letter
    or stamp; every channel is divided by the same map, so hues (blue stamps, red seals, signatures) stay as they are.
    A page that is mostly picture (no paper showing) is left alone.
    """
    high, wide = page.shape[:2]
    factor = 256 / max(high, wide)
    size = (max(PAD + 2, round(wide * factor)), max(PAD + 2, round(high * factor)))
    small = cv2.cvtColor(cv2.resize(page, size, interpolation=cv2.INTER_AREA), cv2.COLOR_BGR2GRAY)
    # Going on past the edge in the same slope, or the envelope would be too bright on the page's dim side.
    around = np.pad(small.astype(np.int16), PAD, mode="reflect", reflect_type="odd")
    envelope = cv2.morphologyEx(
        np.clip(around, 0, 255).astype(np.uint8),
        cv2.MORPH_CLOSE,
        cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (27, 27)),
    )
    inner = np.s_[PAD:-PAD, PAD:-PAD]
    paper_shows = float(np.mean(small > 0.8 * envelope[inner].astype(np.float32)))
    if paper_shows < 0.5:
        return page
    light = cv2.GaussianBlur(cv2.medianBlur(envelope, 21), (0, 0), 9)[inner].astype(np.float32)
    light = np.maximum(light, 0.35 * float(np.percentile(light, 90)))
    gain = cv2.resize(
        np.minimum(245.0 / np.maximum(light, 1.0), 4.0), (wide, high), interpolation=cv2.INTER_LINEAR
    )
    return np.asarray(cv2.multiply(page, cv2.merge([gain, gain, gain]), dtype=cv2.CV_8U), dtype=np.uint8)


def upright(page: Picture) -> Picture:
    """The page turned by quarter turns so that its print can be read, then set straight.

    Which way lines run is told by the print's profile across them; which way is up by letters that rise above their
    line (b, d, h, k, l, t, capitals) being commoner in Latin print than letters that hang below it. A page without
    enough print to tell stays as it lies.
    """
    ink = _ink(page)
    if ink is None:
        return page
    along, across = _rhythm(ink), _rhythm(np.rot90(ink))
    turned = across > SIDEWAYS * along
    if turned:
        page, ink = _quarter(page, 1), np.ascontiguousarray(np.rot90(ink))
    angle = _skew(ink)
    if angle:
        ink = _turned(ink, angle)
        page = _straightened(page, angle)
    rise = _rise(ink)
    if rise < -SURE_RISE:
        return _quarter(page, 2)
    return page


def _quarter(page: Picture, times: int) -> Picture:
    return np.ascontiguousarray(np.rot90(page, times))


def _ink(page: Picture) -> Floats | None:
    """Print on a copy of `INK_SIDE` pixels, 0 to 1; None when there is too little of it."""
    small, _ = fit(page, INK_SIDE, INK_SIDE)
    grey = cv2.cvtColor(small, cv2.COLOR_BGR2GRAY)
    paper = cv2.morphologyEx(grey, cv2.MORPH_CLOSE, np.ones((19, 19), np.uint8))
    ink = np.clip((paper.astype(np.float32) - grey) / np.maximum(paper, 32) - 0.08, 0, 0.6)
    high, wide = ink.shape
    ink[: high // 40], ink[-high // 40 :], ink[:, : wide // 40], ink[:, -wide // 40 :] = 0, 0, 0, 0
    return ink if float(np.mean(ink > 0.1)) > LEAST_PRINT else None


def _rhythm(ink: Floats) -> float:
    """How strongly the print's density changes from row to row, against how much there is."""
    profile = ink.mean(axis=1)
    return float(np.std(np.diff(profile)) / max(float(profile.mean()), 1e-6))


def _turned(ink: Floats, degrees: float) -> Floats:
    high, wide = ink.shape[:2]
    matrix = cv2.getRotationMatrix2D((wide / 2, high / 2), degrees, 1.0)
    return np.asarray(cv2.warpAffine(ink, matrix, (wide, high)), np.float32)


def _skew(ink: Floats) -> float:
    """Degrees the page must be turned for its lines to lie level; 0 when it is not worth it."""
    small = np.asarray(cv2.resize(ink, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.float32)
    level = _rhythm(small)
    best, angle = level, 0.0
    for degrees in np.arange(-MOST_SKEW, MOST_SKEW + 0.01, 0.5):
        rhythm = _rhythm(_turned(small, float(degrees)))
        if rhythm > best:
            best, angle = rhythm, float(degrees)
    return angle if best > 1.12 * level else 0.0


def _straightened(page: Picture, degrees: float) -> Picture:
    high, wide = page.shape[:2]
    matrix = cv2.getRotationMatrix2D((wide / 2, high / 2), degrees, 1.0)
    return np.asarray(cv2.warpAffine(page, matrix, (wide, high), borderMode=cv2.BORDER_REPLICATE), np.uint8)


def _rise(ink: Floats) -> float:
    """Ink above the letters' bodies less ink below them, over all lines, as a part of the ink of both; -1 to 1."""
    profile = ink.mean(axis=1)
    floor = 0.12 * float(np.percentile(profile, 95))
    inked = np.concatenate([[False], profile > floor, [False]])
    change = np.flatnonzero(np.diff(inked.astype(np.int8)))
    above = below = 0.0
    lines = 0
    for top, bottom in zip(change[::2], change[1::2], strict=True):
        if not 6 <= bottom - top <= 60:
            continue
        rows = profile[max(0, top - 2) : bottom + 2]
        body = np.flatnonzero(rows > 0.55 * rows.max())
        above += float(rows[: body[0]].sum())
        below += float(rows[body[-1] + 1 :].sum())
        lines += 1
    if lines < LEAST_LINES or above + below <= 0:
        return 0.0
    return (above - below) / (above + below)
