"""When a page under the camera takes itself: still, sharp and whole, and laid there freshly."""

from __future__ import annotations

from math import ceil

from hardware.camera.port import CameraFault, Frame, Quad, Remark

SECONDS = 3
"""How long the visitor sees it coming."""
POLL = 0.1
BEYOND_THE_VISITOR = frozenset({Remark.LOW_RESOLUTION})
"""A camera that sees no more dots will not see them by waiting; the look at what was taken says so."""
MOVED = 0.03
"""A page that lies this part of the picture's width elsewhere was laid down anew."""


class StillPage:
    """Counts down to a picture. `see` is given what the camera shows now, and the time in seconds of any steady clock.

    A page that was taken stays on the desk while its picture is looked at, and still lies there when the camera opens
    again: it is not taken a second time before it was lifted, moved or changed for a page that lies elsewhere.
    """

    def __init__(self, seconds: int = SECONDS) -> None:
        self._seconds = seconds
        self._since: float | None = None
        self._told: int | None = None
        self._taken: Quad | None = None

    def see(self, shown: Frame | CameraFault | None, now: float) -> list[int | None]:
        """What to tell: seconds left (0: take it), None: no longer. Empty while nothing changed."""
        if not isinstance(shown, Frame):
            return self._break_off()
        if (
            Remark.NO_PAGE in shown.quality.remarks
        ):  # looked for and not there; just opened, nobody has looked yet
            self._taken = None
        wrong = [remark for remark in shown.quality.remarks if remark not in BEYOND_THE_VISITOR]
        if shown.outline is None or not shown.steady or wrong:
            return self._break_off()
        if self._taken is not None:
            if _apart(shown.outline, self._taken) < MOVED * shown.width:
                return self._break_off()
            self._taken = None
        if self._since is None:
            self._since = now
        left = max(0, ceil(self._seconds - (now - self._since) - 1e-9))
        if left == self._told:
            return []
        self._told = left
        if left == 0:
            self._since, self._told, self._taken = None, None, shown.outline
        return [left]

    def _break_off(self) -> list[int | None]:
        was, self._since, self._told = self._told, None, None
        return [None] if was is not None else []


def _apart(one: Quad, two: Quad) -> float:
    """How far the furthest corner lies from where it was, in pixels."""
    return max(abs(a - b) for p, q in zip(one, two, strict=True) for a, b in zip(p, q, strict=True))
