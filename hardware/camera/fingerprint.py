"""A 64-bit perceptual hash, to notice that the same page was laid down twice."""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# (OpenCV's stubs leave array element types open.)

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from hardware.camera.geometry import Picture

SAME_PAGE: Final = 9
"""Captures of one drawn page differed in at most 7 bits, different pages in 13 or more (tests/hardware/camera)."""
GRID: Final = 128
WAVES: Final = (32, 2)
"""Frequencies kept, down and across: lines and paragraphs tell pages of one document apart, columns hardly do."""


def fingerprint(page: Picture) -> int:
    """Hash of a rectified page, stable under light, small shifts and JPEG; 0 for a page with nothing on it.

    The paper's own level is taken out first, so that shadows count for nothing; the signs of 64 low frequencies of the
    print's density make the bits.
    """
    grey = cv2.cvtColor(page, cv2.COLOR_BGR2GRAY)
    small = cv2.resize(grey, (GRID, GRID), interpolation=cv2.INTER_AREA).astype(np.float32)
    paper = cv2.GaussianBlur(cv2.dilate(small, np.ones((11, 11), np.uint8)), (0, 0), 8)
    ink = np.clip(1.0 - small / np.maximum(paper, 1.0), 0, 1)
    edge = GRID // 24
    ink[:edge], ink[-edge:], ink[:, :edge], ink[:, -edge:] = 0, 0, 0, 0
    if float(ink.mean()) < 0.004:
        return 0
    down, across = WAVES
    bits = cv2.dct(ink)[1 : down + 1, :across].flatten() > 0
    return int.from_bytes(np.packbits(bits).tobytes(), "big")


def distance(one: int, two: int) -> int:
    """Number of differing bits, 0 to 64."""
    return (one ^ two).bit_count()


def same(one: int, two: int) -> bool:
    """Whether two fingerprints show the same page; pages with nothing on them are never called the same."""
    return one != 0 and two != 0 and distance(one, two) <= SAME_PAGE
