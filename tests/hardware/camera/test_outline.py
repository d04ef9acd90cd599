"""The outline of the preview lies still on a page that lies still, and moves with one that moves."""

from __future__ import annotations

import numpy as np
import pytest

from hardware.camera import geometry, page_finder
from hardware.camera.analysis import LOOK_WIDTH, STILL_SECONDS, Follower, Sight
from hardware.camera.geometry import Corners, Picture
from hardware.camera.port import Remark
from hardware.camera.simulated import draw, place
from hardware.world.port import CameraTable

SIZE = (1280, 720)
EVERY = 0.12
TABLE = CameraTable(paper="lease", present=True)
RANDOM = np.random.default_rng(44)


def noisy(picture: Picture, sigma: float = 4.0) -> Picture:
    """As a dim sensor sees it: normal noise in every value, another one in every picture."""
    noise = RANDOM.standard_normal(picture.shape, dtype=np.float32) * np.float32(sigma)
    return np.clip(picture + noise, 0, 255).astype(np.uint8)


def corners(sight: Sight) -> Corners:
    outline = sight.outline_in(*SIZE)
    assert outline is not None
    return np.array(outline)


def tremble(found: list[Corners]) -> float:
    """The furthest any corner strays from where it is on average, in pixels of the preview."""
    return float(np.abs(np.array(found) - np.mean(found, axis=0)).max())


def test_the_outline_trembles_less_than_what_is_found():
    still = draw(TABLE, *SIZE)
    follower = Follower()
    shown: list[Corners] = []
    found: list[Corners] = []
    for number in range(40):
        picture = noisy(still, 16.0)
        shown.append(corners(follower.look(picture, number * EVERY)))
        small, factor = geometry.fit(picture, LOOK_WIDTH, LOOK_WIDTH)
        raw = page_finder.track(small, None)
        assert raw is not None
        found.append(geometry.as_corners(raw.quad) / factor)
    after = round(STILL_SECONDS / EVERY) + 1
    assert tremble(shown[after:]) <= 0.25
    assert tremble(shown[after:]) < 0.7 * tremble(found[after:])
    assert float(np.abs(shown[-1] - place(TABLE, *SIZE)).max()) < 4.0


def test_it_is_steady_after_a_moment_and_says_so_without_a_new_search(monkeypatch: pytest.MonkeyPatch):
    still = draw(TABLE, *SIZE)
    follower = Follower()
    first = follower.look(noisy(still), 0.0)
    assert not first.steady
    assert Remark.MOVING in first.quality.remarks

    def searched(*_: object) -> None:
        raise AssertionError("nothing moved, so there is nothing to search")

    monkeypatch.setattr(page_finder, "track", searched)
    last = first
    for number in range(1, 8):
        last = follower.look(noisy(still), number * EVERY)
    assert last.steady
    assert Remark.MOVING not in last.quality.remarks


@pytest.mark.parametrize("step", [1.0, 6.0])
def test_a_page_that_slides_is_followed(step: float):
    """Slowly too: a drift too small to see from look to look is seen against the last full look."""
    follower = Follower()
    around = draw(CameraTable(present=False), *SIZE)
    page = draw(TABLE, *SIZE)
    for number in range(20):
        shift = round(number * step)
        picture = around.copy()
        picture[:, shift:] = page[:, : SIZE[0] - shift]
        sight = follower.look(noisy(picture, 1.5), number * EVERY)
        truth = place(TABLE, *SIZE) + np.array([shift, 0])
        assert float(np.abs(corners(sight) - truth).max()) < 8.0


def test_a_page_taken_away_is_gone_and_one_laid_down_is_found():
    follower = Follower()
    bare = draw(CameraTable(present=False), *SIZE)
    with_page = draw(TABLE, *SIZE)
    number = 0
    sight = Sight()
    for picture, seen in ((bare, False), (with_page, True), (bare, False), (with_page, True)):
        for _ in range(4):
            number += 1
            sight = follower.look(noisy(picture), number * EVERY)
        assert (sight.outline is not None) is seen


def test_one_look_without_the_page_does_not_make_the_outline_flicker():
    follower = Follower()
    still = draw(TABLE, *SIZE)
    for number in range(5):
        follower.look(noisy(still), number * EVERY)
    hand = still.copy()
    hand[60:700, 300:1000] = (60, 90, 140)
    assert follower.look(noisy(hand), 5 * EVERY).outline is not None
    assert follower.look(noisy(still), 6 * EVERY).outline is not None
