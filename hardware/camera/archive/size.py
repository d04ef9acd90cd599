"""Pages made small enough for an upload: softer JPEG first, then fewer dots, whose number is then told as it is."""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# (OpenCV's stubs leave array element types open.)

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import cv2
import numpy as np

from hardware.camera.geometry import Picture
from hardware.camera.still import encode

STEPS: Final = ((0, 80), (0, 70), (0, 60), (200, 70), (200, 55), (150, 60), (150, 45), (150, 35))
"""(dots per inch at most, 0: as taken; JPEG quality). Print of 9 points can still be read at 150 dpi, not below."""


@dataclass(frozen=True, slots=True)
class Scan:
    """A page's JPEG file and its true resolution, 0 when unknown."""

    jpeg: bytes = field(repr=False)
    dpi: int


def fitted(pages: Sequence[Scan], target: int) -> tuple[list[Scan], bool]:
    """The pages in at most `target` bytes together, and whether that could be done.

    0: no target. All pages take the same step, the first that is enough; a page that would grow stays as it is. Beyond
    the last step print could not be read any more: the pages then come as small as that step makes them.
    """
    made = list(pages)
    if not target or _total(made) <= target:
        return made, True
    pictures = [_decoded(page.jpeg) for page in pages]
    for dpi, quality in STEPS:
        made = [
            page if picture is None else _smaller(page, picture, dpi, quality)
            for page, picture in zip(pages, pictures, strict=True)
        ]
        if _total(made) <= target:
            return made, True
    return made, False


def _total(pages: Sequence[Scan]) -> int:
    return sum(len(page.jpeg) for page in pages)


def _decoded(jpeg: bytes) -> Picture | None:
    picture = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    return None if picture is None else np.asarray(picture, dtype=np.uint8)


def _smaller(page: Scan, picture: Picture, most: int, quality: int) -> Scan:
    dpi = page.dpi
    if most and dpi > most:
        # Both sides by the same whole resolution, so that page size and resolution still agree.
        size = (max(1, round(picture.shape[1] * most / dpi)), max(1, round(picture.shape[0] * most / dpi)))
        picture = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
        dpi = most
    jpeg = encode(picture, dpi, quality)
    return Scan(jpeg, dpi) if len(jpeg) < len(page.jpeg) else page
