"""Find the page in a picture of a desk."""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# (OpenCV's stubs leave array element types open.)

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from hardware.camera.geometry import Corners, Picture, area, as_quad, clockwise, convex, fit
from hardware.camera.port import Quad

WORK_SIDE: Final = 480


@dataclass(frozen=True, slots=True)
class Found:
    """The main page: corners in pixels of the picture given, clockwise from its top left.

    `cut` says that a side of the page lies outside the picture; `others` are further pages in view.
    """

    quad: Quad
    confidence: float
    cut: bool = False
    others: tuple[Quad, ...] = ()


def find(picture: Picture) -> Found | None:
    """The main page in a BGR picture, or None when there is none."""
    small, factor = fit(picture, WORK_SIDE, WORK_SIDE)
    grey = cv2.GaussianBlur(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), (5, 5), 0)
    otsu, _ = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    for level in (otsu, 1.7 * float(np.median(grey))):
        light, dark = grey[grey > level], grey[grey <= level]
        if light.size and dark.size and light.mean() > 1.35 * dark.mean():
            found = _brightest(grey > level, factor)
            if found is not None:
                return found
    return None


def _brightest(mask: NDArray[np.bool_], factor: float) -> Found | None:
    high, wide = mask.shape
    bright = cv2.morphologyEx(mask.astype(np.uint8) * 255, cv2.MORPH_CLOSE, np.ones((15, 15), np.uint8))
    outlines, _ = cv2.findContours(bright, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    for outline in sorted(outlines, key=cv2.contourArea, reverse=True)[:3]:
        hull = cv2.convexHull(outline)
        shape = cv2.approxPolyDP(hull, 0.03 * cv2.arcLength(hull, True), True)
        if len(shape) != 4 or cv2.contourArea(shape) < 0.015 * high * wide:
            continue
        corners = clockwise(shape.reshape(4, 2).astype(np.float64))
        if convex(corners) and cv2.contourArea(outline) > 0.85 * area(corners):
            x, y = corners[:, 0], corners[:, 1]
            cut = bool(min(x.min(), y.min()) < 2 or x.max() > wide - 3 or y.max() > high - 3)
            return Found(as_quad(corners / factor), 0.5, cut)
    return None


def track(picture: Picture, near: Corners | None) -> Found | None:
    """Like `find`, for a preview of 640 px or less; `near` is where the page was a moment ago, in its pixels."""
    return find(picture)
