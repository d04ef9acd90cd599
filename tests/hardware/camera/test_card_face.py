"""The face of drawn e-KTPs, read by the real readers. Few cards here; `tests/bench/bench_ktp.py` reads 200."""

from __future__ import annotations

import asyncio
from pathlib import Path

import numpy as np
import pytest

from hardware.camera import digits
from hardware.camera.card_face import Lines, line_reader, read_face
from hardware.camera.port import CardFace, FaceTrouble
from kiosk.identity.face import believed
from tests.hardware.camera.drawn import empty_desk
from tests.hardware.camera.drawn_cards import photograph


@pytest.fixture(scope="module")
def lines() -> Lines:
    return line_reader()


def test_drawn_cards_are_read_right_or_asked_and_never_wrong(lines: Lines) -> None:
    right = 0
    for seed in (7001, 7002, 7003, 7004):
        scene = photograph(seed)
        seen = asyncio.run(read_face(scene.picture, lines))
        if isinstance(seen, CardFace):
            said = believed(seen.numbers, seen.birth.text)
            assert said in ("", scene.face.nik)
            right += bool(said)
    assert right >= 3


def test_a_card_that_lies_upside_down(lines: Lines) -> None:
    scene = photograph(7006, upside_down=True)
    seen = asyncio.run(read_face(scene.picture, lines))
    assert isinstance(seen, CardFace)
    assert seen.numbers[0] == scene.face.nik
    assert seen.numbers[1] in ("", scene.face.nik)
    assert scene.face.nik not in repr(seen)


def test_a_number_under_glare_is_not_made_up(lines: Lines) -> None:
    scene = photograph(7001)
    spoilt = scene.picture.copy()
    wide = spoilt.shape[1]
    spoilt[:] = np.where(np.arange(wide)[None, :, None] > 0.47 * wide, 255, spoilt)
    seen = asyncio.run(read_face(spoilt, lines))
    assert not isinstance(seen, CardFace) or believed(seen.numbers, seen.birth.text) in ("", scene.face.nik)


def test_a_desk_without_a_card(lines: Lines) -> None:
    seen = asyncio.run(read_face(empty_desk(30_001).picture, lines))
    assert seen in (FaceTrouble.NO_CARD, FaceTrouble.NO_NUMBER)


def test_without_tesseract_nothing_is_believed(lines: Lines, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert asyncio.run(read_face(photograph(7006).picture, lines)) is FaceTrouble.READER_MISSING


def test_the_model_of_the_digits_is_shipped() -> None:
    assert (Path(digits.FOLDER) / f"{digits.MODEL}.traineddata").stat().st_size > 50_000
