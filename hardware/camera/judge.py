"""Is this picture of a page good enough to keep, and if not, why."""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# (OpenCV's stubs leave array element types open.)

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from hardware.camera.geometry import Picture, as_corners, inside
from hardware.camera.page_finder import Found
from hardware.camera.port import Edge, Quality, Remark

GOOD: Final = 0.5
"""A score below this is a remark."""
LEAST_DPI: Final = 100
"""Under this, eight-point print is not safely readable by eye or OCR."""
WORK_DPI: Final = 150
BLUR_SPAN: Final = (0.5, 1.85)
"""Blur (Gaussian σ, pixels at 150 dpi) that scores 1 and 0."""
GRID_BLUR: Final = 0.97
"""Blur that `blur` reads from perfectly crisp print: the pixel grid's own and that of its first smoothing."""
LEAST_JUDGED_DPI: Final = 120
"""Below this a pixel is wider than the blur in question, and blur is judged by what the pixels show."""
LEAST_EDGE: Final = 14.0
"""Grey levels an edge must have to be judged; the noise of a dim picture stays below."""
LEAST_EDGES: Final = 30
BURNT_SHARE: Final = 0.008
"""Burnt-out part of a page that scores 0 for glare."""
LEAST_INK: Final = 0.0006
"""Part of a page that strokes must cover for it not to be blank."""
ASSUMED_INCH: Final = 11.7
"""Long side taken for a page of unknown format: A4's."""


def lightness(picture: Picture) -> float:
    """Light on the brightest quarter of a picture: 0 at level 40, 1 from level 140 up."""
    return float(np.clip((level(_grey(picture[::4, ::4]), 75) - 40) / 100, 0, 1))


def level(grey: NDArray[np.uint8], percent: float) -> float:
    """The grey level (0 to 255) that `percent` of the pixels do not exceed: a histogram, where sorting is dear."""
    counted = np.cumsum(cv2.calcHist([np.ascontiguousarray(grey)], [0], None, [256], [0, 256]).ravel())
    return float(np.searchsorted(counted, percent / 100 * counted[-1]))


def sharpness(grey: NDArray[np.uint8], dpi: int) -> float:
    """1 when edges are crisp, 0 when blurred; 1 as well when there is no edge to judge.

    Judged at 150 dpi, or at `dpi` where that is less: what the pixel grid itself blurs is taken off first, so that a
    crisp preview is not called blurred for being small.
    """
    dpi = dpi or round(max(grey.shape) / ASSUMED_INCH)
    # The paper's own edge says nothing of the print, and a sliver of desk may show beside it.
    edge_y, edge_x = grey.shape[0] // 40, grey.shape[1] // 40
    grey = grey[edge_y : grey.shape[0] - edge_y, edge_x : grey.shape[1] - edge_x]
    if dpi > WORK_DPI:
        factor = WORK_DPI / dpi
        grey = np.asarray(
            cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA), dtype=np.uint8
        )
        dpi = WORK_DPI
    sigma = blur(grey)
    if sigma is None:
        return 0.0 if _has_soft_print(grey) else 1.0
    excess = np.sqrt(max(0.0, sigma**2 - GRID_BLUR**2)) * WORK_DPI / max(dpi, LEAST_JUDGED_DPI)
    low, high = BLUR_SPAN
    return float(np.clip((high - excess) / (high - low), 0, 1))


def _has_soft_print(grey: NDArray[np.uint8]) -> bool:
    """Whether there is writing so blurred that no edge is left of it: detail of the size of words, not of shadows."""
    small = _at_most(grey, 500)
    words = cv2.GaussianBlur(small, (0, 0), 2.0).astype(np.float32) - cv2.GaussianBlur(small, (0, 0), 7.0)
    return float(np.std(words)) > 0.9


def blur(grey: NDArray[np.uint8]) -> float | None:
    """Blur of the clearest edges as a Gaussian σ in pixels; None when the picture has no clear edge.

    The width of an edge is its height in grey levels over its steepest slope: for a Gaussian blur of σ pixels that is
    σ·√(2π) whatever the contrast. The median over the clearest edges counts.
    """
    soft = cv2.GaussianBlur(grey, (3, 3), 0.6)
    across = cv2.Scharr(soft, cv2.CV_32F, 1, 0, scale=1 / 32)
    down = cv2.Scharr(soft, cv2.CV_32F, 0, 1, scale=1 / 32)
    slope = cv2.magnitude(across, down)
    window = np.ones((9, 9), np.uint8)
    height = cv2.subtract(cv2.dilate(soft, window), cv2.erode(soft, window))
    # The steepest place across an edge, not the level ground beside it.
    ridge = (slope >= cv2.dilate(slope, np.ones((3, 3), np.uint8))) & (
        slope >= 0.6 * cv2.dilate(slope, window)
    )
    clear = ridge & (height >= max(LEAST_EDGE, 0.5 * level(np.asarray(height[::2, ::2], np.uint8), 99.8)))
    if int(np.count_nonzero(clear)) < LEAST_EDGES:
        return None
    return float(
        np.median(height[clear].astype(np.float32) / np.maximum(slope[clear], 0.5)) / np.sqrt(2 * np.pi)
    )


def glare(grey: NDArray[np.uint8]) -> float:
    """1 without burnt-out patches, 0 when `BURNT_SHARE` of the page is burnt out above the paper's level."""
    paper = level(grey, 60)
    small = _at_most(grey, 1200)
    burnt = cv2.blur(small, (5, 5)) >= max(250.0, min(253.0, paper + 12))
    if paper >= 252:  # all of it is white: too much light everywhere, and no patch to tell
        return 1.0
    return float(np.clip(1 - float(np.mean(burnt)) / BURNT_SHARE, 0, 1))


def wholeness(found: Found, width: int, height: int) -> float:
    """1 when all corners lie well inside the picture, 0 when the page runs out of it."""
    margin = 0.004 * max(width, height)
    if found.cut:
        return 0.0
    return 1.0 if all(inside(corner, width, height, margin) for corner in found.quad) else 0.3


def beyond(found: Found, width: int, height: int) -> Edge | None:
    """The edge over which a page runs out of the picture, when it is only one: towards the other it must be moved."""
    margin = 0.006 * max(width, height)
    corners = as_corners(found.quad)
    x, y = corners[:, 0], corners[:, 1]
    over: dict[Edge, NDArray[np.bool_]] = {
        "left": x < margin,
        "top": y < margin,
        "right": x > width - 1 - margin,
        "bottom": y > height - 1 - margin,
    }
    edges: list[Edge] = [edge for edge, corner in over.items() if bool(corner.any())]
    return edges[0] if len(edges) == 1 else None


def blank(grey: NDArray[np.uint8]) -> bool:
    """Whether nothing is written on the page: no strokes darker than the paper around them."""
    high, wide = grey.shape
    edge_y, edge_x = high // 20, wide // 20
    middle = grey[edge_y : high - edge_y, edge_x : wide - edge_x]
    # Print is seen against the mean around it already; only a page with hardly any needs the slow median.
    if float(np.mean(cv2.subtract(cv2.blur(middle, (31, 31)), middle) > 28)) > 10 * LEAST_INK:
        return False
    paper = cv2.medianBlur(middle, 31)
    ink = cv2.subtract(paper, middle) > 28
    plain = cv2.resize(paper, (24, 24), interpolation=cv2.INTER_AREA)
    even = float(np.percentile(plain, 95) - np.percentile(plain, 5)) < 0.3 * float(np.percentile(plain, 95))
    return even and float(np.mean(ink)) < LEAST_INK


def judge(page: Picture, found: Found, width: int, height: int, dpi: int) -> Quality:
    """Judge a rectified page (`page`, BGR or grey) found in a `width` × `height` picture.

    `dpi` is its true resolution or 0. Scores are 0 to 1; below 0.5 a remark is made, the worst first.
    """
    grey = _grey(page)
    scores = {
        Remark.CUT_OFF: wholeness(found, width, height),
        Remark.BLURRED: sharpness(grey, dpi),
        Remark.GLARE: glare(grey),
        Remark.DARK: lightness(page),
    }
    bad = sorted((score, remark) for remark, score in scores.items() if score < GOOD)
    remarks = [remark for _, remark in bad]
    if found.others:
        remarks.append(Remark.TWO_PAGES)
    if dpi and dpi < LEAST_DPI:
        remarks.append(Remark.LOW_RESOLUTION)
    if Remark.BLURRED not in remarks and Remark.DARK not in remarks and blank(_at_most(grey, 1200)):
        remarks.append(Remark.BLANK)
    return Quality(
        sharp=scores[Remark.BLURRED],
        whole=scores[Remark.CUT_OFF],
        free_of_glare=scores[Remark.GLARE],
        light=scores[Remark.DARK],
        dpi=dpi,
        remarks=tuple(remarks),
        beyond=beyond(found, width, height) if Remark.CUT_OFF in remarks else None,
    )


def _grey(picture: Picture) -> NDArray[np.uint8]:
    if picture.ndim == 2:
        return picture
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), dtype=np.uint8)


def _at_most(grey: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    factor = side / max(grey.shape)
    if factor >= 1:
        return grey
    return np.asarray(
        cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA), dtype=np.uint8
    )
