"""Two sheets, sheets that overlap, and a sheet that runs out of the picture: said so, and which way to move it."""

from __future__ import annotations

import numpy as np
import pytest

from hardware.camera import geometry, judge, page_finder
from hardware.camera.analysis import Follower
from hardware.camera.geometry import Corners, Picture
from hardware.camera.port import Edge, Remark
from tests.hardware.camera.drawn import FORMATS, desk, expose, lay, paper

WIDE, HIGH = 1280, 960
A4: Corners = np.array([[0, 0], [440, -6], [446, 622], [-4, 628]], np.float64)


def scene(*sheets: Corners, seed: int = 11) -> Picture:
    random = np.random.default_rng(seed)
    picture = desk(random, HIGH, WIDE, "wood")
    for corners in sheets:
        lay(random, picture, paper(random, FORMATS["A4"], "text"), corners, [])
    return expose(random, picture)


@pytest.mark.parametrize(
    ("shift", "edge"),
    [((-140, 160), "left"), ((960, 160), "right"), ((400, -160), "top"), ((400, 520), "bottom")],
)
def test_a_page_cut_off_on_one_side_is_told_by_that_side(shift: tuple[int, int], edge: Edge):
    corners = A4 + np.array(shift)
    found = page_finder.find(scene(corners))
    assert found is not None
    assert found.cut
    assert judge.beyond(found, WIDE, HIGH) == edge
    seen = Follower().look(scene(corners), 0.0)
    assert seen.quality.beyond == edge
    assert seen.quality.remarks[0] is Remark.CUT_OFF


def test_a_whole_page_and_one_too_large_have_no_side():
    whole = page_finder.find(scene(A4 + np.array([400, 160])))
    assert whole is not None
    assert judge.beyond(whole, WIDE, HIGH) is None
    frame = ((0.0, 0.0), (WIDE - 1.0, 0.0), (WIDE - 1.0, HIGH - 1.0), (0.0, HIGH - 1.0))
    assert judge.beyond(page_finder.Found(frame, 0.5, cut=True), WIDE, HIGH) is None


def test_a_second_sheet_laid_beside_a_followed_one_is_said_and_the_first_stays_the_main_page():
    first = A4 + np.array([120, 160])
    one, two = scene(first), scene(first, A4 + np.array([700, 190]))
    follower = Follower()
    assert Remark.TWO_PAGES not in follower.look(one, 0.0).quality.remarks
    for number in range(1, 12):
        seen = follower.look(two, number * 0.12)
        assert seen.outline is not None
        outline = np.array(seen.outline_in(WIDE, HIGH))
        assert geometry.overlap(outline, first) > 0.95
    assert Remark.TWO_PAGES in follower.look(two, 1.6).quality.remarks
    assert Remark.TWO_PAGES in follower.look(two, 2.8).quality.remarks
    seen = Follower().look(one, 0.0)
    for number in range(30, 44):
        seen = follower.look(one, number * 0.12)
    assert Remark.TWO_PAGES not in seen.quality.remarks


@pytest.mark.parametrize("seed", [11, 13, 14, 22])
def test_of_two_that_overlap_one_is_the_page_or_none_but_never_a_mixture(seed: int):
    lower, upper = A4 + np.array([240, 130]), A4 + np.array([430, 190])
    found = page_finder.find(scene(lower, upper, seed=seed))
    if found is not None:
        quad = geometry.as_corners(found.quad)
        assert max(geometry.overlap(quad, upper), geometry.overlap(quad, lower)) > 0.9
