"""How the page finder's weights come about: ``python -m tests.bench.fit_finder [desks] [--check]``.

Draws desks of every kind (tests/hardware/camera/drawn.py) and bare ones, lets the finder put its quads together, and
fits the linear rule that chooses among them and "there is none": a softmax over a picture's quads, where all quads
close to the page are right, and none is right on a bare desk. No photograph is used; the photographs are for measuring.
Prints the weights in the form of `page_finder.WEIGHTS`; ``--check`` compares the ones in use with the fitted ones on
desks drawn from other seeds.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from hardware.camera import geometry, lines, page_finder, quads
from tests.hardware.camera.drawn import Scene, empty_desk, photograph

SIDE = 800
DESKS = 600
BARE = 0.4
"""Bare desks for each desk with a page."""
RIGHT = 0.93
"""Jaccard index from which a quad is the page before its sides are drawn tight."""
PULL = 2e-3
"""Weight decay: features that say nearly the same share what they say."""
STEPS = 3000
RATE = 0.03

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Case:
    """Features of one picture's quads, shape (n, f), and which of them are the page (none on a bare desk)."""

    features: Values
    right: NDArray[np.bool_]
    bare: bool


def case(scene: Scene, contrast: float = 1.0) -> Case:
    """What the finder has to choose from in a picture."""
    small, factor = geometry.fit(scene.picture, page_finder.WORK_SIDE, page_finder.WORK_SIDE)
    prepared = lines.layers(small)
    straight = lines.search(prepared, contrast)
    found = quads.assemble(prepared, straight, lines.support(prepared, straight))
    right = np.zeros(len(found.corners), bool)
    if scene.corners is not None:
        high, wide = small.shape[:2]
        middle = np.array([wide, high]) / 2
        frame = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)
        truth = cv2.intersectConvexConvex(
            geometry.clockwise(scene.corners * factor).astype(np.float32), frame
        )[1]
        for index, corners in enumerate(found.corners):
            quad = geometry.clockwise(corners.astype(np.float64) + middle).astype(np.float32)
            part = cv2.intersectConvexConvex(quad, frame)[1]
            if truth is None or part is None:
                continue
            shared, _ = cv2.intersectConvexConvex(part, truth)
            right[index] = shared / (cv2.contourArea(part) + cv2.contourArea(truth) - shared) > RIGHT
    return Case(found.features.astype(np.float64), right, scene.corners is None)


def cases(first: int, desks: int) -> list[Case]:
    """Desks with a page from seed `first` on, and bare ones. A page that no quad is close to teaches nothing."""
    some = [case(photograph(seed, long_side=SIDE)) for seed in range(first, first + desks)]
    some += [case(empty_desk(seed, long_side=SIDE)) for seed in range(first, first + round(BARE * desks))]
    return [one for one in some if len(one.features) and (one.bare or one.right.any())]


def fit(data: list[Case]) -> tuple[Values, float]:
    """Weights and bias by Adam on the mean of -log P(right)."""
    most = max(len(one.features) for one in data)
    count = len(quads.FEATURES)
    features = np.zeros((len(data), most, count))
    there = np.zeros((len(data), most), bool)
    right = np.zeros((len(data), most + 1), bool)
    for index, one in enumerate(data):
        features[index, : len(one.features)] = one.features
        there[index, : len(one.features)] = True
        right[index, : len(one.right)] = one.right
        right[index, most] = one.bare
    weights = np.zeros(count + 1)
    first, second = np.zeros(count + 1), np.zeros(count + 1)
    for step in range(1, STEPS + 1):
        score = np.where(there, features @ weights[:-1] + weights[-1], -np.inf)
        score = np.concatenate([score, np.zeros((len(data), 1))], axis=1)
        share = np.exp(score - score.max(axis=1, keepdims=True))
        share /= share.sum(axis=1, keepdims=True)
        good = np.where(right, share, 0)
        good /= np.maximum(good.sum(axis=1, keepdims=True), 1e-12)
        pull = (share - good)[:, :most]
        slope = np.append(np.einsum("ij,ijk->k", pull, features), pull.sum()) / len(data)
        slope[:-1] += PULL * weights[:-1]
        first, second = 0.9 * first + 0.1 * slope, 0.999 * second + 0.001 * slope**2
        weights -= RATE * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-9)
    return weights[:-1], float(weights[-1])


def judged(data: list[Case], weights: Values, bias: float) -> str:
    """Pages chosen right, and bare desks on which nothing reaches `page_finder.ACCEPT`."""
    pages = bare = hit = none = 0
    highest = -np.inf
    for one in data:
        score = one.features @ weights + bias
        best = int(np.argmax(score))
        if one.bare:
            bare += 1
            none += score[best] < page_finder.ACCEPT
            highest = max(highest, float(score[best]))
        else:
            pages += 1
            hit += bool(one.right[best]) and score[best] >= page_finder.ACCEPT
    return f"pages {hit} of {pages}, bare desks left bare {none} of {bare} (highest there {highest:+.2f})"


def main() -> None:
    cv2.setNumThreads(1)
    numbers = [int(word) for word in sys.argv[1:] if word.isdigit()]
    desks = numbers[0] if numbers else DESKS
    data = cases(100_000, desks)
    weights, bias = fit(data)
    print(f"fitted on {len(data)} desks: {judged(data, weights, bias)}")
    for name, value in zip(quads.FEATURES, weights, strict=True):
        print(f'    "{name}": {value:.3f},')
    print(f"BIAS = {bias:.3f}")
    if "--check" in sys.argv:
        other = cases(200_000, max(50, desks // 4))
        used = np.array([page_finder.WEIGHTS[name] for name in quads.FEATURES])
        print(f"on others, in use: {judged(other, used, page_finder.BIAS)}")
        print(f"on others, fitted: {judged(other, weights, bias)}")


if __name__ == "__main__":
    main()
