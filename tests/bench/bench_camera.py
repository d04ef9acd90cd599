"""Page finding against a plain baseline, on drawn desks and labelled photographs. `python -m tests.bench.bench_camera`.

Photographs are not part of the project: name a folder with pictures and a labels.json (corners_tl_tr_br_bl a file) in
ANJUNGAN_PHOTOS or as the first argument; else left out. Reach: mean Jaccard ≥ .98, every photo > .90;
a still within 56 ms; preview tracking within 15 ms a 720p frame; no page found on 50 bare desks; capture within 1.0 s.
"""

from __future__ import annotations

import itertools
import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from hardware.camera import geometry, judge, page_finder, still
from hardware.camera.analysis import Follower
from hardware.camera.geometry import Corners, Picture
from hardware.camera.simulated import draw
from hardware.world.port import CameraTable
from tests.hardware.camera.drawn import empty_desk, photograph
from tests.hardware.camera.test_judge import DPI, auc, scores, shone_on

Finder = Callable[[Picture], Corners | None]
SCENES = 52
DESKS = 50
JUDGED = 48


def canny_and_largest_quad(picture: Picture) -> Corners | None:
    """The dozen lines most tutorials end at."""
    factor = 500 / picture.shape[0]
    small = cv2.resize(picture, None, fx=factor, fy=factor)
    grey = cv2.GaussianBlur(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), (5, 5), 0)
    outlines, _ = cv2.findContours(cv2.Canny(grey, 75, 200), cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    for outline in sorted(outlines, key=cv2.contourArea, reverse=True)[:5]:
        shape = cv2.approxPolyDP(outline, 0.02 * cv2.arcLength(outline, True), True)
        if len(shape) == 4:
            return shape.reshape(4, 2) / factor
    return None


def ours(picture: Picture) -> Corners | None:
    found = page_finder.find(picture)
    return geometry.as_corners(found.quad) if found else None


def photos(folder: Path) -> Iterable[tuple[Picture, Corners]]:
    for entry in json.loads((folder / "labels.json").read_text())["images"]:
        picture = still.read(folder / entry["file"])
        if isinstance(picture, np.ndarray):
            yield picture, np.array(entry["corners_tl_tr_br_bl"])


def drawn() -> Iterable[tuple[Picture, Corners]]:
    for seed in range(20_000, 20_000 + SCENES):
        scene = photograph(seed)
        if scene.corners is not None:
            yield scene.picture, scene.corners


def measure(finder: Finder, scenes: list[tuple[Picture, Corners]]) -> tuple[float, float, float]:
    """Mean and least Jaccard of what the picture shows of the page, and the median milliseconds a picture."""
    scores: list[float] = []
    took: list[float] = []
    for picture, truth in scenes:
        begun = time.perf_counter()
        found = finder(picture)
        took.append((time.perf_counter() - begun) * 1000)
        scores.append(0.0 if found is None else _jaccard(found, truth, picture))
    return statistics.fmean(scores), min(scores), statistics.median(took)


def _jaccard(found: Corners, truth: Corners, picture: Picture) -> float:
    high, wide = picture.shape[:2]
    frame = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)
    parts = [
        cv2.intersectConvexConvex(cv2.convexHull(geometry.clockwise(quad).astype(np.float32)), frame)[1]
        for quad in (found, truth)
    ]
    if parts[0] is None or parts[1] is None:
        return 0.0
    shared, _ = cv2.intersectConvexConvex(parts[0], parts[1])
    return float(shared / (cv2.contourArea(parts[0]) + cv2.contourArea(parts[1]) - shared))


def timed(work: Callable[[], object], turns: int) -> str:
    """Median milliseconds by the clock, and of this thread on a processor (a busy machine lengthens only the first)."""
    wall: list[float] = []
    processor: list[float] = []
    for _ in range(turns):
        begun, busy = time.perf_counter(), time.thread_time()
        work()
        processor.append((time.thread_time() - busy) * 1000)
        wall.append((time.perf_counter() - begun) * 1000)
    return f"{statistics.median(wall):7.1f} ms, {statistics.median(processor):5.1f} ms of a processor"


def tracking() -> str:
    """Finding a page again in a 720p preview frame, judgement left out."""
    frame, _ = geometry.fit(draw(CameraTable(present=True), 1280, 720), 640, 640)
    near: list[Corners | None] = [ours(frame)]

    def again() -> None:
        found = page_finder.track(frame, near[0])
        assert found is not None
        near[0] = geometry.as_corners(found.quad)

    again()
    return timed(again, 40)


def looking(*, moved: bool) -> str:
    """A whole look (tracking and judgement) at a 720p frame, of which some eight a second are taken."""
    frame = draw(CameraTable(present=True), 1280, 720)
    follower = Follower()
    follower.look(frame, 0.0)
    times = itertools.count(2.0, 2.0 if moved else 0.01)  # after a second it is looked at as if it had moved
    return timed(lambda: follower.look(frame, next(times)), 20)


def developing() -> float:
    """Median milliseconds from an 8-megapixel still to the finished page."""
    picture = draw(CameraTable(present=True), 3840, 2160)
    took: list[float] = []
    for _ in range(5):
        begun = time.perf_counter()
        still.develop(picture)
        took.append((time.perf_counter() - begun) * 1000)
    return statistics.median(took)


def plain_sharpness(grey: NDArray[np.uint8]) -> float:
    """The one-line measure of most tutorials: variance of the Laplacian."""
    return float(cv2.Laplacian(grey, cv2.CV_64F).var())


def plain_glare(grey: NDArray[np.uint8]) -> float:
    """How little of the page is white."""
    return 1 - float(np.mean(grey >= 250))


def judging() -> Iterable[tuple[str, float, float]]:
    """What is judged, AUC of the plain measure, AUC of ours: the sets that the tests draw, from other seeds."""
    seeds = range(500, 500 + JUDGED)
    blurred = (
        lambda random, flat: cv2.GaussianBlur(flat, (0, 0), random.uniform(2, 5)),
        (plain_sharpness, lambda grey: judge.sharpness(grey, DPI)),
    )
    glaring = (shone_on, (plain_glare, judge.glare))
    for name, (spoil, measures) in (("blurred, σ ≥ 2 px at 150 dpi", blurred), ("glare", glaring)):
        plain, own = (auc(*scores(measure, spoil, seeds)) for measure in measures)
        yield name, plain, own
    found: dict[str, list[list[float]]] = {"plain": [[], []], "cut": [[], []]}
    for kind, (plain_scores, own_scores) in found.items():
        for seed in range(40_000, 40_000 + JUDGED // 2):
            picture = photograph(seed, kind, long_side=1000).picture
            high, wide = picture.shape[:2]
            quad = canny_and_largest_quad(picture)
            edge = np.array([5, 5]), np.array([wide - 6, high - 6])
            plain_scores.append(
                float(quad is not None and bool((quad > edge[0]).all() and (quad < edge[1]).all()))
            )
            page = page_finder.find(picture)
            own_scores.append(judge.wholeness(page, wide, high) if page else 0.0)
    plain, own = (auc(found["plain"][n], found["cut"][n]) for n in (0, 1))
    yield "cut off", plain, own


def main() -> None:
    cv2.setNumThreads(1)
    sets = {f"{SCENES} drawn desks": list(drawn())}
    named = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("ANJUNGAN_PHOTOS", "")
    if named:
        sets["photographs"] = list(photos(Path(named)))
    print(f"{'set':18} {'finder':24} {'mean J':>7} {'least J':>8} {'ms':>7}")
    for name, scenes in sets.items():
        ours(scenes[0][0])
        for label, finder in (("Canny + largest quad", canny_and_largest_quad), ("kiosk", ours)):
            mean, least, took = measure(finder, scenes)
            print(f"{name:18} {label:24} {mean:7.4f} {least:8.4f} {took:7.1f}")
    if not named:
        print("photographs        left out: ANJUNGAN_PHOTOS names no folder")
    for label, finder in (("Canny + largest quad", canny_and_largest_quad), ("kiosk", ours)):
        right = sum(finder(empty_desk(seed).picture) is None for seed in range(30_000, 30_000 + DESKS))
        print(f"bare desks         {label:24} none found on {right} of {DESKS}")
    for name, plain, own in judging():
        print(f"AUC, {name:32} plain measure {plain:.3f}, kiosk {own:.3f}   (reach .99)")
    print(f"tracking, 720p frame                         {tracking()}   (reach 15)")
    print(f"tracking and judging, 720p frame             {looking(moved=True)}")
    print(f"  the same where nothing moved               {looking(moved=False)}")
    print(f"8-megapixel still to finished page           {developing():7.1f} ms   (reach 1000)")


if __name__ == "__main__":
    main()
