"""Is a page judged as a person would: sharp, whole, free of glare, written on, the right way up, seen before."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import cv2
import numpy as np
import pytest

from hardware.camera import enhance, geometry, judge, page_finder, papers, still
from hardware.camera.fingerprint import distance, same
from hardware.camera.geometry import Picture
from hardware.camera.port import Remark
from hardware.camera.simulated import draw
from hardware.world.port import CameraTable, PaperKind
from tests.hardware.camera.drawn import FORMATS, paper, photograph

DPI = 150
LOOKS = ("text", "frame", "table", "picture", "colour", "banner")
COUNT = 24


def auc(good: Sequence[float], bad: Sequence[float]) -> float:
    """Probability that a good page scores above a bad one."""
    one, two = np.array(good)[:, None], np.array(bad)[None]
    return float(np.mean((one > two) + 0.5 * (one == two)))


def sheet(seed: int) -> tuple[np.random.Generator, np.ndarray]:
    """A scanned-looking page at 150 dpi as float, crisp, dimmed a little."""
    random = np.random.default_rng(seed)
    form = ("A4", "card", "receipt", "card", "receipt")[seed % 5]
    flat = paper(random, FORMATS[form], LOOKS[seed % len(LOOKS)], DPI / 25.4)
    return random, cv2.GaussianBlur(flat, (0, 0), random.uniform(0.3, 0.7)) * random.uniform(0.6, 0.95)


def taken(random: np.random.Generator, flat: np.ndarray) -> np.ndarray:
    noisy = np.clip(flat + random.normal(0, random.uniform(1, 4), flat.shape), 0, 255).astype(np.uint8)
    return np.asarray(cv2.cvtColor(noisy, cv2.COLOR_BGR2GRAY), np.uint8)


def shone_on(random: np.random.Generator, flat: np.ndarray) -> np.ndarray:
    """A lamp mirrored in the page, burning out its middle."""
    high, wide = flat.shape[:2]
    y, x = np.ogrid[:high, :wide]
    at, size = random.uniform(0.15, 0.85, 2), random.uniform(0.07, 0.15) * wide
    far = ((x - at[0] * wide) / size) ** 2 + ((y - at[1] * high) / (size * random.uniform(0.6, 1.4))) ** 2
    return flat + (random.uniform(280, 380) * np.exp(-far))[:, :, None]


def scores(
    measure: Callable[[np.ndarray], float],
    spoil: Callable[[np.random.Generator, np.ndarray], np.ndarray],
    seeds: Sequence[int] = range(COUNT),
) -> tuple[list[float], list[float]]:
    good: list[float] = []
    bad: list[float] = []
    for seed in seeds:
        random, flat = sheet(seed)
        good.append(measure(taken(random, flat)))
        bad.append(measure(taken(random, spoil(random, flat))))
    return good, bad


def test_blur_is_told_from_sharp() -> None:
    good, bad = scores(
        lambda grey: judge.sharpness(grey, DPI),
        lambda random, flat: cv2.GaussianBlur(flat, (0, 0), random.uniform(2, 5)),
    )
    assert auc(good, bad) >= 0.99
    assert min(good) > judge.GOOD
    assert sorted(bad)[-2] < judge.GOOD


def test_glare_is_told_from_even_light() -> None:
    good, bad = scores(judge.glare, shone_on)
    assert auc(good, bad) >= 0.99
    assert min(good) > judge.GOOD


def test_cut_off_is_told_from_whole() -> None:
    whole: list[float] = []
    cut: list[float] = []
    for seed in range(7100, 7112):
        for kind, kept in (("plain", whole), ("cut", cut)):
            scene = photograph(seed, kind, long_side=800)
            found = page_finder.find(scene.picture)
            high, wide = scene.picture.shape[:2]
            # No page seen is no whole page either.
            kept.append(judge.wholeness(found, wide, high) if found else 0.0)
    assert auc(whole, cut) >= 0.99


def test_light() -> None:
    bright = draw(CameraTable(present=True), 1280, 720)
    dark = draw(CameraTable(present=True, dark=True), 1280, 720)
    assert still.develop(bright).quality.light > judge.GOOD
    assert Remark.DARK in still.develop(dark).quality.remarks


@pytest.mark.parametrize(
    ("kind", "is_blank"), [("blank", True), ("lease", False), ("other", False), ("npwp", False)]
)
def test_blank(kind: PaperKind, is_blank: bool) -> None:
    page = still.develop(draw(CameraTable(present=True, paper=kind), 2560, 1440))
    assert (Remark.BLANK in page.quality.remarks) is is_blank


def level(kind: PaperKind, number: int) -> Picture:
    random = np.random.default_rng(number)
    flat = cv2.resize(
        papers.sheet(kind, number).picture, None, fx=0.75, fy=0.75, interpolation=cv2.INTER_AREA
    )
    return np.clip(flat + random.normal(0, 3, flat.shape), 0, 255).astype(np.uint8)


@pytest.mark.parametrize(("kind", "number"), [("lease", 0), ("lease", 1), ("lease", 2), ("npwp", 0)])
@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_pages_are_turned_the_right_way_up(kind: PaperKind, number: int, quarters: int) -> None:
    right = level(kind, number)
    turned = enhance.upright(np.ascontiguousarray(np.rot90(right, quarters)))
    assert turned.shape == right.shape
    assert float(np.abs(turned.astype(int) - right).mean()) < 6


def test_a_page_that_says_nothing_is_not_turned() -> None:
    blank = level("blank", 0)
    assert enhance.upright(blank) is blank


def test_crooked_lines_are_set_straight() -> None:
    right = level("lease", 1)
    high, wide = right.shape[:2]
    crooked = cv2.warpAffine(
        right,
        cv2.getRotationMatrix2D((wide / 2, high / 2), 2.0, 1),
        (wide, high),
        borderMode=cv2.BORDER_REPLICATE,
    )
    straight = enhance.upright(np.asarray(crooked, np.uint8))
    inner = np.s_[200:-200, 200:-200]
    before = np.abs(crooked[inner].astype(int) - right[inner]).mean()
    after = np.abs(straight[inner].astype(int) - right[inner]).mean()
    assert after < 0.6 * before


def test_light_is_flattened_and_colours_stay() -> None:
    page = np.full((1100, 800, 3), 235, np.uint8)
    cv2.circle(page, (250, 800), 90, (170, 60, 50), 14)
    cv2.putText(page, "ttd", (450, 820), cv2.FONT_HERSHEY_SCRIPT_SIMPLEX, 4, (60, 40, 180), 6)
    shade = np.linspace(1.0, 0.45, 800, dtype=np.float32)[None, :, None]
    flat = enhance.flatten_light((page * shade).astype(np.uint8))
    margins = flat[40:1060, [30, 400, 770]].astype(int)
    assert np.ptp(margins.mean(axis=(0, 2))) < 8
    assert margins.mean() > 235
    for y, x in ((800, 160), (800, 340)):
        before = cv2.cvtColor(page[y : y + 1, x : x + 1], cv2.COLOR_BGR2HSV)[0, 0]
        after = cv2.cvtColor(flat[y : y + 1, x : x + 1], cv2.COLOR_BGR2HSV)[0, 0]
        assert abs(int(before[0]) - int(after[0])) <= 4
        assert int(after[1]) > 120


def test_the_same_page_twice_is_noticed_and_two_pages_are_not_one() -> None:
    prints: dict[tuple[int, bool], int] = {}
    for number in range(3):
        for tilted in (False, True):
            table = CameraTable(present=True, page=number, tilted=tilted)
            prints[number, tilted] = still.develop(draw(table, 2560, 1440)).fingerprint
    for (number, tilted), one in prints.items():
        for (other, also), two in prints.items():
            if (number, tilted) != (other, also):
                assert same(one, two) is (number == other), distance(one, two)
    assert not same(0, 0)


def test_no_resolution_is_claimed_that_the_camera_did_not_see() -> None:
    page = still.develop(draw(CameraTable(present=True), 1280, 720))
    corners = geometry.as_corners(page_finder.find(draw(CameraTable(present=True), 1280, 720)).quad)  # type: ignore[union-attr]
    assert page.width * page.height == pytest.approx(abs(geometry.area(corners)), rel=0.01)
    assert page.dpi == pytest.approx(page.height / (297 / 25.4), abs=1)
