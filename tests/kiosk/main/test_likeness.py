"""A picture for far away always fits into one message, whatever is on the screen."""

from __future__ import annotations

import io
import os

from PIL import Image

from kiosk.main.likeness import MOST_BYTES, small_jpeg


def test_noise_fits_too_and_up_is_up() -> None:
    width, height = 1080, 1920
    noise = small_jpeg(os.urandom(width * height * 3), width, height)
    assert len(noise) <= MOST_BYTES
    assert Image.open(io.BytesIO(noise)).size[1] >= 200
    # OpenGL's rows begin at the lower edge: the red half is below.
    halves = b"\xff\x00\x00" * (width * height // 2) + b"\x00\x00\xff" * (width * height // 2)
    seen = Image.open(io.BytesIO(small_jpeg(halves, width, height))).convert("RGB")
    upper, lower = seen.getpixel((100, 100)), seen.getpixel((100, seen.height - 100))
    assert isinstance(upper, tuple)
    assert isinstance(lower, tuple)
    assert upper[2] > 200 > 60 > upper[0]
    assert lower[0] > 200 > 60 > lower[2]
