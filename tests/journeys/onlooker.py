"""Looks at the screen while one visit follows another, fast enough to see a single wrong frame."""

from __future__ import annotations

import itertools
import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tests.bench.bench_screen import Eye

STRIPS = ((14, 0, 2, 1340), (1060, 0, 2, 1340), (0, 268, 1080, 2), (0, 1800, 1080, 2))
"""Left, top, width, height in pixels: both edges, the welcome screen's title, the help bar. The breathing sun is left
out, and so are the figures of the queue, which come when the portal has answered. Each takes a fraction of a
millisecond to read."""
DARK = 24
"""Brightness, of 255, up to which a pixel counts as black. The house's darkest ground has 60 in its blue."""
SOME = 0.02
"""Share of the pixels that makes an area: less is a moving sun or a clock's digit."""

Pixels = NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Change:
    """What was seen of a change from one picture to another. Times in milliseconds after the finger left."""

    done: float
    """From then on every picture was the next visit's."""
    pictures: int
    dark: int
    """Pictures with an area that is black and was so neither before nor after."""
    strange: int
    """Pictures with an area that is neither the old picture nor the new one."""
    slowest: float
    """The longest time between two looks: a wrong frame shorter than this could have been missed."""


def look(eye: Eye) -> Pixels:
    """Strips of the screen: one row a pixel, blue, green, red."""
    raw = b"".join(eye.grab(*strip) for strip in STRIPS)
    return np.frombuffer(raw, np.uint8).reshape(-1, 4)[:, :3].astype(np.int16)


def watch_change(eye: Eye, x: int, y: int, *, seconds: float = 1.2) -> Change:
    """Tap the screen at x, y (pixels) and watch it change for good. The old picture is the one with the button down."""
    eye.move(x, y)
    time.sleep(0.2)
    eye.button(True)
    time.sleep(0.2)
    before = look(eye)
    seen: list[tuple[float, Pixels]] = []
    began = time.perf_counter()
    eye.button(False)
    while (at := time.perf_counter() - began) < seconds:
        seen.append((at, look(eye)))
        time.sleep(0.001)
    after = seen[-1][1]
    if not _area(_differs(before, after)):
        raise AssertionError("the picture did not change")
    known_dark = _dark(before) | _dark(after)
    dark = strange = 0
    done = 0.0
    for at, picture in seen:
        new = _differs(picture, after)
        if _area(new):
            done = at
        dark += _area(_dark(picture) & ~known_dark)
        strange += _area(new & _differs(picture, before))
    gaps = [1000 * (later[0] - one[0]) for one, later in itertools.pairwise(seen)]
    after_done = next((at for at, _ in seen if at > done), done)
    return Change(1000 * after_done, len(seen), dark, strange, max(gaps))


def _differs(one: Pixels, other: Pixels) -> NDArray[np.bool_]:
    return np.abs(one - other).max(axis=1) > 12


def _dark(picture: Pixels) -> NDArray[np.bool_]:
    return picture.max(axis=1) < DARK


def _area(mask: NDArray[np.bool_]) -> bool:
    return float(mask.mean()) > SOME
