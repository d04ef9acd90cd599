"""QR codes in a picture (ISO/IEC 18004), read by zxing-cpp."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from hardware.camera.geometry import Picture, fit

LOOK_SIDE: Final = 1920
"""Longest side looked at: a 25 mm code on an A4 view still has about 4 pixels a module."""
LONGEST: Final = 512
"""Characters; a longer text is nothing the kiosk asks for and is left out."""


def read(picture: Picture) -> tuple[str, ...]:
    """Texts of all readable QR codes in a BGR picture of any size; empty when there are none. Takes some
    milliseconds to tens of them: not for the thread that draws."""
    import zxingcpp  # here: most visits never look for a code

    small, _ = fit(picture, LOOK_SIDE, LOOK_SIDE)
    found = zxingcpp.read_barcodes(
        cv2.cvtColor(small, cv2.COLOR_BGR2GRAY),
        formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode),
    )
    return tuple(code.text for code in found if code.text and len(code.text) <= LONGEST)


def read_jpeg(jpeg: bytes) -> tuple[str, ...]:
    """The same of a JPEG file; empty when it cannot be decoded."""
    picture = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR) if jpeg else None
    return () if picture is None else read(np.asarray(picture, dtype=np.uint8))
