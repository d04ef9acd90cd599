"""A picture of the screen small enough for one message over a bad line."""

from __future__ import annotations

import io

LONG_SIDE = 960
MOST_BYTES = 34_000
"""Its base64 fits into an agent's answer."""


def small_jpeg(rgb: bytes, width: int, height: int) -> bytes:
    """JPEG of RGB rows that start at the lower edge, at most `MOST_BYTES`: softer first, then smaller."""
    from PIL import Image

    picture = Image.frombytes("RGB", (width, height), rgb).transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    side = LONG_SIDE
    while True:
        picture.thumbnail((side, side))
        for quality in (80, 65, 50, 35):
            out = io.BytesIO()
            picture.save(out, "JPEG", quality=quality)
            if out.tell() <= MOST_BYTES:
                return out.getvalue()
        side = side * 3 // 4
