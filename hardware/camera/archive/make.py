"""Captured pages to one searchable PDF/A file."""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# (OpenCV's stubs leave array element types open.)

from __future__ import annotations

import asyncio
import hashlib
import io
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import cv2
import numpy as np
import pikepdf
from numpy.typing import NDArray
from pikepdf import Array, Dictionary, Name, String
from PIL import Image

from hardware.camera.archive import icc, layer
from hardware.camera.archive.facts import Facts, PageFacts, Standard, info, xmp
from hardware.camera.archive.size import Scan, fitted
from hardware.camera.pdf import FALLBACK_DPI, MAX_BYTES, PdfBadPage, PdfTooLarge, binding_dpi, pages_to_pdf
from hardware.camera.still import JPEG_QUALITY
from hardware.camera.tesseract import LANGUAGES, ReadTrouble, Word, read

READ_DPI: Final = 200
"""Print is read at about this resolution: finer costs time and finds no more words."""
MOST_ENLARGED: Final = 1.6
FRAME: Final = 12_000
"""Room kept for profile, font and metadata when a size is aimed at, in bytes."""


@dataclass(frozen=True, slots=True)
class Rules:
    """How the office wants its archive files."""

    standard: Standard = "1b"
    languages: str = LANGUAGES
    """Languages to read, joined by "+"; empty: no text layer."""
    target: int = 0
    """Bytes the file should have at most; 0: no target."""
    page_seconds: float = 20.0
    """A page that takes longer to read goes without text."""
    at_once: int = 1
    """Pages read at the same time."""


@dataclass(frozen=True, slots=True)
class Archive:
    """The finished file. `words` are the words of each page, empty where none could be read."""

    pdf: bytes = field(repr=False)
    words: tuple[tuple[Word, ...], ...] = field(repr=False)
    dpis: tuple[int, ...]
    trouble: ReadTrouble | None
    """Why a page could not be read, the worst of all pages."""
    fits: bool
    """The target was kept."""


async def make(
    pages: Sequence[Scan], facts: Facts, rules: Rules | None = None, *, limit: int = MAX_BYTES
) -> Archive:
    """Read the pages, shrink them if asked to, and bind them. Cancelling ends the reading.

    Every page is as large as its true resolution says. Reading that fails costs the text, never the file. Raises
    ValueError without pages, PdfTooLarge beyond `limit` bytes, PdfBadPage for data that is no JPEG.
    """
    rules = rules or Rules()
    if not pages:
        raise ValueError("no pages")
    if sum(len(page.jpeg) for page in pages) > limit and not rules.target:
        raise PdfTooLarge(sum(len(page.jpeg) for page in pages), limit)
    plain = [_plain(page, number) for number, page in enumerate(pages, 1)]
    turn = asyncio.Semaphore(rules.at_once)

    async def one(page: _Plain) -> list[Word] | ReadTrouble:
        async with turn:
            return await _read(page, rules)

    said = await asyncio.gather(*(one(page) for page in plain)) if rules.languages else [[] for _ in plain]
    words = [() if isinstance(page, ReadTrouble) else tuple(page) for page in said]
    texts = [page.text_layer(found) for page, found in zip(plain, words, strict=True)]
    overhead = FRAME + sum(len(zlib.compress(text)) for text in texts)
    scans = [page.scan for page in plain]
    room = max(1, rules.target - overhead) if rules.target else 0
    scans, fits = await asyncio.to_thread(fitted, scans, room)
    pdf = await asyncio.to_thread(_bind, scans, texts, facts, rules.standard, limit)
    return Archive(
        pdf=pdf,
        words=tuple(words),
        dpis=tuple(scan.dpi for scan in scans),
        trouble=next((page for page in said if isinstance(page, ReadTrouble)), None),
        fits=fits and (not rules.target or len(pdf) <= rules.target),
    )


@dataclass(frozen=True, slots=True)
class _Plain:
    """A page as PDF/A can carry it: grey or RGB."""

    scan: Scan
    width: int
    height: int
    enlarged: float
    """Pixels of the picture that is read, for one pixel of the page."""

    def text_layer(self, words: Sequence[Word]) -> bytes:
        points = 72 / binding_dpi(self.width, self.height, self.scan.dpi)
        return layer.content(words, points / self.enlarged, self.height * points)


def _plain(page: Scan, number: int) -> _Plain:
    """Check a page; one in the colours of print (CMYK) becomes RGB, as our output intent says."""
    try:
        with Image.open(io.BytesIO(page.jpeg), formats=("JPEG",)) as image:
            width, height = image.size
            jpeg = page.jpeg
            if image.mode not in ("RGB", "L"):
                copy = io.BytesIO()
                image.convert("RGB").save(copy, "JPEG", quality=JPEG_QUALITY)
                jpeg = copy.getvalue()
    except Exception as error:  # Pillow raises many types on rubbish
        raise PdfBadPage(number) from error
    dpi = page.dpi or FALLBACK_DPI
    enlarged = min(MOST_ENLARGED, READ_DPI / dpi)
    return _Plain(Scan(jpeg, page.dpi), width, height, enlarged)


async def _read(page: _Plain, rules: Rules) -> list[Word] | ReadTrouble:
    def grey() -> NDArray[Any] | None:
        picture = cv2.imdecode(np.frombuffer(page.scan.jpeg, np.uint8), cv2.IMREAD_GRAYSCALE)
        if picture is None or page.enlarged == 1:
            return picture
        how = cv2.INTER_AREA if page.enlarged < 1 else cv2.INTER_CUBIC
        return cv2.resize(picture, None, fx=page.enlarged, fy=page.enlarged, interpolation=how)

    picture = await asyncio.to_thread(grey)
    if picture is None:
        return ReadTrouble.FAILED
    dpi = round((page.scan.dpi or FALLBACK_DPI) * page.enlarged)
    return await read(picture, dpi=dpi, wanted=rules.languages, seconds=rules.page_seconds)


def _bind(
    scans: Sequence[Scan], texts: Sequence[bytes], facts: Facts, standard: Standard, limit: int
) -> bytes:
    plain = pages_to_pdf([scan.jpeg for scan in scans], [scan.dpi for scan in scans], limit=limit)
    with pikepdf.open(io.BytesIO(plain)) as pdf:
        if any(texts):
            font = layer.embed_font(pdf)
            for page, text in zip(pdf.pages, texts, strict=True):
                if text:
                    page.add_resource(font, Name.Font, layer.FONT)
                    page.contents_add(b"q\n" + text + b"\nQ")
        described = [
            PageFacts(scan.dpi, hashlib.sha256(scan.jpeg).hexdigest(), bool(text))
            for scan, text in zip(scans, texts, strict=True)
        ]
        pdf.Root.Metadata = pdf.make_stream(
            xmp(facts, described, standard), Type=Name.Metadata, Subtype=Name.XML
        )
        pdf.trailer.Info = pdf.make_indirect(info(facts))
        profile = pdf.make_stream(icc.srgb(), N=3)
        intent = Dictionary(
            Type=Name.OutputIntent,
            S=Name.GTS_PDFA1,
            OutputConditionIdentifier=String(icc.NAME),
            Info=String(icc.NAME),
            DestOutputProfile=profile,
        )
        pdf.Root.OutputIntents = Array([intent])
        pdf.Root.Lang = String("id")
        made = io.BytesIO()
        pdf.save(
            made,
            force_version="1.4" if standard == "1b" else "1.7",
            object_stream_mode=pikepdf.ObjectStreamMode.disable,  # PDF/A-1 knows none
            deterministic_id=True,
        )
    if made.tell() > limit:
        raise PdfTooLarge(made.tell(), limit)
    return made.getvalue()
