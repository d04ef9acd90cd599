"""Follow the page through the preview: outline, steadiness and quality, a few times a second."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from hardware.camera import geometry, judge, page_finder
from hardware.camera.geometry import Corners, Picture
from hardware.camera.port import Quad, Quality, Remark

LOOK_WIDTH: Final = 640
GLANCE: Final = (160, 160)
"""A picture this small tells whether anything moved: sensor noise is averaged away in it."""
CHANGED: Final = 3
"""Grey levels by which a place of a glance (3 × 3 of its pixels) must differ to be looked at anew."""
SEARCH_EVERY: Final = 1.0
"""Seconds between two searches for a second page beside one that is followed."""
LOOK_AGAIN: Final = 1.0
"""Seconds after which even an unchanged picture is looked at in full."""
STILL_SECONDS: Final = 0.6
MOVED: Final = 0.012
"""A corner that wandered further than this part of the long side has moved; detection jitter stays below it."""
TREMBLE: Final = 0.2
"""Within this part of `MOVED` a corner is taken to tremble and is smoothed; beyond it is followed at once."""
SMOOTHING: Final = 0.5
FORGIVEN: Final = 2
"""Looks in a row that may miss a page seen before, so that the outline does not flicker."""
JUDGE_SIDE: Final = 900


@dataclass(frozen=True, slots=True)
class Sight:
    """What one look saw; without outline and remarks nobody has looked yet.

    `outline` is in parts of the picture (0 to 1), so it fits the preview at any size.
    """

    outline: Quad | None = None
    steady: bool = False
    quality: Quality = field(default_factory=Quality)

    def outline_in(self, width: int, height: int) -> Quad | None:
        """The outline in pixels of a `width` × `height` picture."""
        if self.outline is None:
            return None
        a, b, c, d = ((x * width, y * height) for x, y in self.outline)
        return (a, b, c, d)


class Follower:
    """Remembers the page from look to look. Not thread-safe: one thread looks.

    `view_mm` is the calibrated span of the picture's long side (see `geometry.measure`); `still_gain` is how many times
    wider a captured still is than the pictures looked at, so that the resolution promised is that of the still.
    """

    def __init__(self, view_mm: float | None = None, still_gain: float = 1.0) -> None:
        self._view_mm = view_mm
        self.still_gain = still_gain
        self._shown: Corners | None = None
        self._anchor: Corners | None = None
        self._since = 0.0
        self._missed = 0
        self._last = Sight()
        self._glanced: NDArray[np.uint8] | None = None
        self._looked_at = 0.0
        self._others: tuple[Quad, ...] = ()
        self._searched_at = float("-inf")

    def look(self, picture: Picture, now: float) -> Sight:
        """Analyse one BGR picture taken at `now` (seconds, monotonic).

        Where nothing moved since the last full look, its answer stands: the outline cannot tremble with the noise, and
        a page that lies still costs next to nothing.
        """
        small, factor = geometry.fit(picture, LOOK_WIDTH, LOOK_WIDTH)
        if not self._changed(small, now):
            return self._unmoved(now)
        near = self._shown * factor if self._shown is not None else None
        found = page_finder.track(small, near)
        if found is None:
            return self._lost(picture)
        self._missed = 0
        found = replace(found, others=self._beside(small, found, now))
        high, wide = picture.shape[:2]
        scale = np.array([wide / small.shape[1], high / small.shape[0]])
        corners = geometry.as_corners(found.quad) * scale
        steady = self._hold(corners, max(high, wide) * MOVED, now)
        quality = self._judge(picture, corners, found, steady)
        shown = self._shown if self._shown is not None else corners
        outline = geometry.as_quad(shown / np.array([wide, high]))
        self._last = Sight(outline, steady, quality)
        return self._last

    def _beside(self, small: Picture, found: page_finder.Found, now: float) -> tuple[Quad, ...]:
        """Further pages. Following a known page does not see them, so they are searched for once a second."""
        if found.others:
            self._others, self._searched_at = found.others, now
        elif now - self._searched_at >= SEARCH_EVERY:
            whole = page_finder.find(small, page_finder.TRACK_SIDE)
            self._others, self._searched_at = whole.others if whole is not None else (), now
        return self._others

    def _changed(self, small: Picture, now: float) -> bool:
        glance = np.asarray(cv2.cvtColor(geometry.fit(small, *GLANCE)[0], cv2.COLOR_BGR2GRAY), dtype=np.uint8)
        before = self._glanced
        settled = self._missed == 0 or self._shown is None
        comparable = (
            before is not None and before.shape == glance.shape and now - self._looked_at < LOOK_AGAIN
        )
        if before is not None and comparable and settled:
            differs = int(cv2.blur(cv2.absdiff(glance, before), (3, 3)).max())
            if differs < CHANGED:
                return False
        self._glanced, self._looked_at = glance, now
        return True

    def _unmoved(self, now: float) -> Sight:
        last = self._last
        if last.outline is not None and not last.steady and now - self._since >= STILL_SECONDS:
            remarks = tuple(remark for remark in last.quality.remarks if remark is not Remark.MOVING)
            self._last = Sight(last.outline, steady=True, quality=replace(last.quality, remarks=remarks))
        return self._last

    def _lost(self, picture: Picture) -> Sight:
        self._missed += 1
        if self._shown is not None and self._missed <= FORGIVEN:
            self._anchor = None
            return replace(self._last, steady=False)
        self._shown = self._anchor = None
        self._last = Sight(quality=Quality(light=judge.lightness(picture), remarks=(Remark.NO_PAGE,)))
        return self._last

    def _hold(self, corners: Corners, tolerance: float, now: float) -> bool:
        """Smooth what is shown while the page lies still, and tell whether it has lain long enough."""
        anchor = self._anchor
        if anchor is None or float(np.abs(corners - anchor).max()) > tolerance:
            self._anchor, self._since, self._shown = corners, now, corners
            return False
        assert self._shown is not None  # noqa: S101 - set together with the anchor
        away = corners - self._shown
        self._shown = (
            self._shown + (SMOOTHING if float(np.abs(away).max()) < tolerance * TREMBLE else 1.0) * away
        )
        return now - self._since >= STILL_SECONDS

    def _judge(self, picture: Picture, corners: Corners, found: page_finder.Found, steady: bool) -> Quality:
        high, wide = picture.shape[:2]
        shape = geometry.measure(corners, wide, high, self._view_mm)
        reduce = min(1.0, JUDGE_SIDE / max(shape.width, shape.height))
        size = (max(16, round(shape.width * reduce)), max(16, round(shape.height * reduce)))
        grey = np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), dtype=np.uint8)
        flat = geometry.rectify(grey, corners, *size)
        in_picture = page_finder.Found(geometry.as_quad(corners), found.confidence, found.cut, found.others)
        quality = judge.judge(flat, in_picture, wide, high, round(shape.dpi * reduce))
        dpi = round(shape.dpi * self.still_gain)
        remarks = [remark for remark in quality.remarks if remark is not Remark.LOW_RESOLUTION]
        if dpi and dpi < judge.LEAST_DPI:
            remarks.append(Remark.LOW_RESOLUTION)
        if not steady:
            remarks.append(Remark.MOVING)
        return replace(quality, dpi=dpi, remarks=tuple(remarks))
