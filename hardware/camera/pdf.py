"""Bind captured pages to a PDF without touching their pixels."""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false, reportMissingTypeStubs=false
# (img2pdf is untyped, Pillow partly.)

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Final

import img2pdf
import pikepdf
from PIL import Image

MAX_BYTES: Final = 20 * 1024 * 1024
"""The portal's upload limit unless the office sets another."""
FALLBACK_DPI: Final = 150
"""Used for the page size only when the true resolution is unknown."""
LONGEST_INCH: Final = 40.0


class PdfTooLarge(ValueError):
    """The pages together exceed the limit; `size` and `limit` are bytes."""

    def __init__(self, size: int, limit: int) -> None:
        super().__init__(f"PDF would have {size} bytes, limit is {limit}")
        self.size = size
        self.limit = limit


class PdfBadPage(ValueError):
    """A page is not a JPEG this binder takes; `number` counts from 1."""

    def __init__(self, number: int) -> None:
        super().__init__(f"page {number} is not a usable JPEG")
        self.number = number


def pages_to_pdf(jpegs: Sequence[bytes], dpis: Sequence[int], *, limit: int = MAX_BYTES) -> bytes:
    """One PDF page per JPEG, each as large as its true resolution says; the JPEG data goes in unchanged.

    `dpis` runs beside `jpegs`, 0 where unknown. The file carries no title, author, producer or time of its own making.
    Raises ValueError without pages or with lists of different length, PdfTooLarge beyond `limit` bytes (checked before
    and after binding), PdfBadPage for data img2pdf refuses.
    """
    if not jpegs or len(jpegs) != len(dpis):
        raise ValueError("as many resolutions as pages, and at least one page")
    total = sum(len(jpeg) for jpeg in jpegs)
    if total > limit:
        raise PdfTooLarge(total, limit)
    for number, jpeg in enumerate(jpegs, 1):
        if not _is_jpeg(jpeg):
            raise PdfBadPage(number)
    made = _bind(jpegs, dpis)
    if len(made) > limit:
        raise PdfTooLarge(len(made), limit)
    return made


def _is_jpeg(data: bytes) -> bool:
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG",)) as image:
            return image.width > 0
    except Exception:  # noqa: BLE001 - Pillow raises many types on rubbish
        return False


def binding_dpi(width: int, height: int, dpi: int) -> float:
    """Resolution a page of this many pixels is laid out with; `dpi` is its true one, 0 when unknown."""
    # A page of metres would mean a wrong resolution, and PDF viewers stop at 200 inches.
    return max(dpi or FALLBACK_DPI, max(width, height) / LONGEST_INCH)


def _bind(jpegs: Sequence[bytes], dpis: Sequence[int]) -> bytes:
    number = 0

    def layout(width: int, height: int, _ndpi: tuple[float, float]) -> tuple[float, float, float, float]:
        """Page and picture size in points; img2pdf asks once a page, in order."""
        nonlocal number
        number += 1
        dpi = binding_dpi(width, height, dpis[number - 1])
        points = (width * 72 / dpi, height * 72 / dpi)
        return (*points, *points)

    try:
        made = img2pdf.convert(
            list(jpegs), layout_fun=layout, nodate=True, producer=None, engine=img2pdf.Engine.internal
        )
    except Exception as error:  # img2pdf raises its own types and Pillow's
        raise PdfBadPage(max(number, 1)) from error
    return bytes(made or b"")


def pages_of(pdf: bytes) -> list[tuple[bytes, int]]:
    """(JPEG file, true dpi or 0) of each page of a PDF that `pages_to_pdf` made, unchanged.

    The resolution is what the JPEG itself says of it. Raises PdfBadPage for a page that is not one JPEG picture.
    """
    found: list[tuple[bytes, int]] = []
    try:
        with pikepdf.open(io.BytesIO(pdf)) as file:
            for page in file.pages:
                (picture,) = page.get_images().values()
                if picture.get("/Filter") not in ("/DCTDecode", ["/DCTDecode"]):
                    raise PdfBadPage(len(found) + 1)
                jpeg = picture.read_raw_bytes()
                found.append((jpeg, _density(jpeg)))
    except (pikepdf.PdfError, ValueError) as error:
        raise PdfBadPage(len(found) + 1) from error
    return found


def _density(jpeg: bytes) -> int:
    """Dots per inch in the JFIF header; 0 when it names none."""
    inches = jpeg[6:11] == b"JFIF\0" and jpeg[13:14] == b"\1"
    return int.from_bytes(jpeg[14:16], "big") if inches else 0
