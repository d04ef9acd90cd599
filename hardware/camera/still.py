"""From a picture file or a full-resolution frame to a finished page."""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# (OpenCV's and Pillow's stubs leave array element types open.)

from __future__ import annotations

import io
import time
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
from PIL import Image, ImageOps

from hardware.camera import enhance, geometry, judge, page_finder
from hardware.camera.fingerprint import fingerprint
from hardware.camera.geometry import Picture
from hardware.camera.port import CameraFault, CameraTrouble, Page, Quality, Remark

MAX_BYTES: Final = 48 * 1024 * 1024
MAX_SIDE: Final = 12_000
MAX_PIXELS: Final = 50_000_000
"""About 150 MB once decoded: a 48-megapixel phone photo still passes."""
FORMATS: Final = ("JPEG", "PNG", "WEBP", "TIFF", "BMP")
JPEG_QUALITY: Final = 88
THUMBNAIL_WIDTH: Final = 325


@dataclass(frozen=True, slots=True)
class Limits:
    """What a picture may be at most; anything beyond is refused before it is decoded."""

    bytes: int = MAX_BYTES
    side: int = MAX_SIDE
    pixels: int = MAX_PIXELS


def within(width: int, height: int, limits: Limits | None = None) -> bool:
    """Whether a picture of this size may be handled."""
    limits = limits or Limits()
    return min(width, height) >= 16 and max(width, height) <= limits.side and width * height <= limits.pixels


def decode(data: bytes, limits: Limits | None = None) -> Picture | CameraFault:
    """Decode a picture file to BGR, turned as its EXIF orientation says. CMYK, grey and alpha become BGR.

    Empty, truncated, animated, oversized or foreign files are CameraFault UNREADABLE with a one-word `detail`; size is
    read from the header first, so a decompression bomb costs no memory. Never raises on bad input.
    """
    limits = limits or Limits()
    if not data:
        return CameraFault(CameraTrouble.UNREADABLE, "empty")
    if len(data) > limits.bytes:
        return CameraFault(CameraTrouble.UNREADABLE, "too_large")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of bombs; the limits below decide
            with Image.open(io.BytesIO(data), formats=FORMATS) as image:
                if not within(image.width, image.height, limits):
                    return CameraFault(CameraTrouble.UNREADABLE, "dimensions")
                if getattr(image, "n_frames", 1) != 1:
                    return CameraFault(CameraTrouble.UNREADABLE, "animated")
                upright = ImageOps.exif_transpose(image)
                if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
                    layer = upright.convert("RGBA")
                    upright = Image.new("RGB", layer.size, "white")
                    upright.paste(layer, mask=layer.getchannel("A"))
                rgb = np.asarray(upright.convert("RGB"), dtype=np.uint8)
    except Image.DecompressionBombError:
        return CameraFault(CameraTrouble.UNREADABLE, "dimensions")
    except Exception:  # noqa: BLE001 - decoders raise a dozen types on hostile files; each means the same here
        return CameraFault(CameraTrouble.UNREADABLE, "damaged")
    return np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR), dtype=np.uint8)


def read(path: str | Path, limits: Limits | None = None) -> Picture | CameraFault:
    """Decode a picture file from disk; a missing or unreadable file is CameraFault UNREADABLE, detail "missing"."""
    limits = limits or Limits()
    try:
        with Path(path).open("rb") as file:
            data = file.read(limits.bytes + 1)
    except OSError:
        return CameraFault(CameraTrouble.UNREADABLE, "missing")
    return decode(data, limits)


def encode(picture: Picture, dpi: int = 0, quality: int = JPEG_QUALITY) -> bytes:
    """A baseline JPEG whose header names the resolution when `dpi` is known."""
    options = [cv2.IMWRITE_JPEG_QUALITY, quality, cv2.IMWRITE_JPEG_OPTIMIZE, 1]
    _, data = cv2.imencode(".jpg", picture, options)
    jpeg = bytearray(data.tobytes())
    # JFIF keeps its density at a fixed place: unit (1 = per inch), then x and y as 16-bit numbers.
    if dpi and jpeg.startswith(b"JFIF\0", 6):
        jpeg[13:18] = bytes([1]) + dpi.to_bytes(2, "big") * 2
    return bytes(jpeg)


def develop(picture: Picture, *, view_mm: float | None = None, clean: bool = True) -> Page:
    """Find, rectify, turn upright, enhance and judge the page in a full-resolution frame.

    Without a page in view the whole picture is handed back with Remark.NO_PAGE and dpi 0: nothing is cut on a guess.
    `view_mm` is the calibrated span of the picture's long side (see `geometry.measure`); `clean` flattens illumination.
    """
    high, wide = picture.shape[:2]
    found = page_finder.find(picture)
    if found is None:
        quality = Quality(light=judge.lightness(picture), remarks=(Remark.NO_PAGE,))
        return _page(picture, 0, quality)
    corners = geometry.as_corners(found.quad)
    shape = geometry.measure(corners, wide, high, view_mm)
    flat = geometry.rectify(picture, corners, shape.width, shape.height)
    quality = judge.judge(flat, found, wide, high, shape.dpi)
    flat = enhance.upright(flat)
    if clean:
        flat = enhance.flatten_light(flat)
    return _page(flat, shape.dpi, quality)


def _page(picture: Picture, dpi: int, quality: Quality) -> Page:
    high, wide = picture.shape[:2]
    small, _ = geometry.fit(picture, THUMBNAIL_WIDTH, 4 * THUMBNAIL_WIDTH)
    return Page(
        jpeg=encode(picture, dpi),
        thumbnail=encode(small, quality=82),
        width=wide,
        height=high,
        dpi=dpi,
        quality=quality,
        fingerprint=fingerprint(picture),
    )


def corners(path: str | Path) -> dict[str, Any]:
    """The object `kiosk corners` prints for one file: file, corners, quality, ms.

    `corners` is [[x, y] × 4] in pixels of the upright picture, clockwise from the top left, or None only when no page
    is in it. `ms` is the time from pixels to corners. A file that cannot be read has corners None and an `error`.
    """
    picture = read(path)
    if isinstance(picture, CameraFault):
        return {"file": str(path), "corners": None, "quality": None, "ms": 0.0, "error": picture.detail}
    high, wide = picture.shape[:2]
    begun = time.perf_counter()
    found = page_finder.find(picture)
    took = round((time.perf_counter() - begun) * 1000, 1)
    if found is None:
        quality = Quality(light=judge.lightness(picture), remarks=(Remark.NO_PAGE,))
        return {"file": str(path), "corners": None, "quality": _as_json(quality), "ms": took}
    points = geometry.as_corners(found.quad)
    shape = geometry.measure(points, wide, high)
    flat = geometry.rectify(picture, points, shape.width, shape.height)
    quality = judge.judge(flat, found, wide, high, shape.dpi)
    rounded = [[round(x, 1), round(y, 1)] for x, y in found.quad]
    return {"file": str(path), "corners": rounded, "quality": _as_json(quality), "ms": took}


def _as_json(quality: Quality) -> dict[str, Any]:
    return {
        "sharp": round(quality.sharp, 3),
        "whole": round(quality.whole, 3),
        "free_of_glare": round(quality.free_of_glare, 3),
        "light": round(quality.light, 3),
        "dpi": quality.dpi,
        "remarks": [remark.value for remark in quality.remarks],
    }
