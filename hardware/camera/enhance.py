"""Make a rectified page good to read and to keep: even light, straight lines, stamps and signatures in their colour."""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# (OpenCV's stubs leave array element types open.)

from __future__ import annotations

import cv2
import numpy as np

from hardware.camera.geometry import Picture


def flatten_light(page: Picture) -> Picture:
    """Divide out the light that fell on the paper, alike in all three colours.

    The paper's brightness is estimated on a small copy as the upper envelope over a neighbourhood wider than any letter
    or stamp; every channel is divided by the same map, so hues (blue stamps, red seals, signatures) stay as they are.
    A page that is mostly picture (no paper showing) is left alone.
    """
    high, wide = page.shape[:2]
    factor = 256 / max(high, wide)
    size = (max(8, round(wide * factor)), max(8, round(high * factor)))
    small = cv2.cvtColor(cv2.resize(page, size, interpolation=cv2.INTER_AREA), cv2.COLOR_BGR2GRAY)
    envelope = cv2.morphologyEx(
        small, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (27, 27))
    )
    paper_shows = float(np.mean(small > 0.8 * envelope.astype(np.float32)))
    if paper_shows < 0.5:
        return page
    light = cv2.GaussianBlur(cv2.medianBlur(envelope, 21), (0, 0), 9).astype(np.float32)
    light = np.maximum(light, 0.35 * float(np.percentile(light, 90)))
    gain = cv2.resize(
        np.minimum(245.0 / np.maximum(light, 1.0), 4.0), (wide, high), interpolation=cv2.INTER_LINEAR
    )
    return np.asarray(cv2.multiply(page, cv2.merge([gain, gain, gain]), dtype=cv2.CV_8U), dtype=np.uint8)


def upright(page: Picture) -> Picture:
    """The page turned so that it can be read."""
    return page
