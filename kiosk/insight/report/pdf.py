"""The report as a PDF: ReportLab draws, pikepdf adds what makes it last (PDF/A-2 parts, tags, title, language).

The file carries embedded font subsets, an sRGB output intent, XMP metadata that says the same as the document's own, a
structure tree in reading order and text for every chart. It asks for the visible signature later, so nothing is locked.
"""

# pikepdf and ReportLab ship partial types.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportMissingTypeStubs=false, reportUnknownParameterType=false

from __future__ import annotations

import io
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, get_args

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from kiosk.insight.report.pen import FONTS, HEIGHT, INK, WIDTH, Pen, Point, Weight

PT = 0.75


def _font(weight: str) -> str:
    name = f"PlusJakartaSans-{weight}"
    if name not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont(name, str(FONTS / f"{name}.ttf")))
    return name


class PdfPen(Pen):
    """Draws on a ReportLab canvas. Everything outside of a `tag` is marked as decoration."""

    def __init__(self) -> None:
        for weight in get_args(Weight):
            _font(weight)
        self._out = io.BytesIO()
        make: Any = Canvas
        self._canvas = make(
            self._out, (WIDTH * PT, HEIGHT * PT), pageCompression=1, invariant=1,
            initialFontName=_font("Medium"), initialFontSize=10,
        )  # fmt: skip
        self._pages = 0
        self.tags: list[list[tuple[str, str]]] = []
        """Page by page: (role, alt) of each marked piece, in order."""

    def page(self) -> None:
        if self._pages:
            self._finish_page()
        self._pages += 1
        self.tags.append([])
        self._emit("/Artifact BMC")

    def _finish_page(self) -> None:
        self._emit("EMC")
        self._canvas.showPage()

    def _emit(self, operators: str) -> None:
        self._canvas._code.append(operators)

    @contextmanager
    def clip(self, x: float, y: float, w: float, h: float) -> Generator[None]:
        self._canvas.saveState()
        path = self._canvas.beginPath()
        path.rect(x * PT, (HEIGHT - y - h) * PT, w * PT, h * PT)
        self._canvas.clipPath(path, stroke=0, fill=0)
        yield
        self._canvas.restoreState()

    @contextmanager
    def tag(self, role: str, alt: str = "") -> Generator[None]:
        number = len(self.tags[-1])
        self.tags[-1].append((role, alt))
        self._emit(f"EMC /{role} <</MCID {number}>> BDC")
        yield
        self._emit("EMC /Artifact BMC")

    def glyphs(
        self, x: float, y: float, text: str, size: float, weight: Weight, color: str, track: float
    ) -> None:
        self._canvas.setFillColor(color)
        self._canvas.setFont(_font(weight), size * PT)
        self._canvas.drawString(x * PT, (HEIGHT - y) * PT, text, charSpace=track * PT)

    def line(
        self, a: Point, b: Point, color: str = INK, width: float = 1, dash: tuple[float, float] | None = None,
        *, round_ends: bool = False,
    ) -> None:  # fmt: skip
        self._stroke(color, width, dash)
        self._canvas.setLineCap(1 if round_ends else 0)
        self._canvas.line(a[0] * PT, (HEIGHT - a[1]) * PT, b[0] * PT, (HEIGHT - b[1]) * PT)

    def rect(
        self, x: float, y: float, w: float, h: float, fill: str | None = None, stroke: str | None = None,
        width: float = 1, radius: float = 0, dash: tuple[float, float] | None = None,
    ) -> None:  # fmt: skip
        self._stroke(stroke, width, dash)
        if fill:
            self._canvas.setFillColor(fill)
        box = (x * PT, (HEIGHT - y - h) * PT, w * PT, h * PT)
        if radius:
            self._canvas.roundRect(*box, radius * PT, stroke=int(bool(stroke)), fill=int(bool(fill)))
        else:
            self._canvas.rect(*box, stroke=int(bool(stroke)), fill=int(bool(fill)))

    def polygon(
        self, points: Sequence[Point], fill: str | None, stroke: str | None = None, width: float = 1
    ) -> None:
        self._stroke(stroke, width, None)
        if fill:
            self._canvas.setFillColor(fill)
        path = self._canvas.beginPath()
        path.moveTo(points[0][0] * PT, (HEIGHT - points[0][1]) * PT)
        for x, y in points[1:]:
            path.lineTo(x * PT, (HEIGHT - y) * PT)
        path.close()
        self._canvas.drawPath(path, stroke=int(bool(stroke)), fill=int(bool(fill)))

    def circle(
        self,
        x: float,
        y: float,
        r: float,
        fill: str | None = None,
        stroke: str | None = None,
        width: float = 1,
    ) -> None:
        self._stroke(stroke, width, None)
        if fill:
            self._canvas.setFillColor(fill)
        self._canvas.circle(x * PT, (HEIGHT - y) * PT, r * PT, stroke=int(bool(stroke)), fill=int(bool(fill)))

    def _stroke(self, color: str | None, width: float, dash: tuple[float, float] | None) -> None:
        if color:
            self._canvas.setStrokeColor(color)
            self._canvas.setLineWidth(width * PT)
            self._canvas.setDash([part * PT for part in dash] if dash else [])

    def finish(self) -> bytes:
        self._finish_page()
        self._canvas.save()
        return self._out.getvalue()


def write(file: Path, pen: PdfPen, *, title: str, author: str, language: str, made: datetime) -> None:
    """Complete the drawn document and write it. `made` is aware."""
    import pikepdf
    from pikepdf import Array, Dictionary, Name, String
    from PIL import ImageCms

    with pikepdf.open(io.BytesIO(pen.finish())) as document:
        root = document.Root
        root.Lang = String(language)
        root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
        root.MarkInfo = Dictionary(Marked=True)
        _structure(document, pen.tags)
        profile = document.make_stream(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
        profile.N = 3
        root.OutputIntents = Array([
            document.make_indirect(Dictionary(
                Type=Name.OutputIntent, S=Name.GTS_PDFA1, OutputConditionIdentifier=String("sRGB"),
                Info=String("sRGB IEC61966-2.1"), DestOutputProfile=profile,
            ))
        ])  # fmt: skip
        stamp = made.isoformat(timespec="seconds")
        for name in list(document.docinfo.keys()):
            del document.docinfo[name]
        with document.open_metadata(set_pikepdf_as_editor=False) as meta:
            meta["dc:title"] = title
            meta["dc:creator"] = [author]
            meta["dc:language"] = [language]
            meta["pdf:Producer"] = "Anjungan"
            meta["xmp:CreatorTool"] = "kiosk report"
            meta["xmp:CreateDate"] = stamp
            meta["xmp:ModifyDate"] = stamp
            meta["pdfaid:part"] = "2"
            meta["pdfaid:conformance"] = "B"
        document.save(file, linearize=False, deterministic_id=True)


def _structure(document: Any, tags: list[list[tuple[str, str]]]) -> None:
    """One element a marked piece, in drawing order, under one Document."""
    from pikepdf import Array, Dictionary, Name, String

    tree = document.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    whole = document.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Document, P=tree))
    kids: list[Any] = []
    parents: list[Any] = []
    for number, (page, marked) in enumerate(zip(document.pages, tags, strict=True)):
        page.obj.StructParents = number
        page.obj.Tabs = Name.S
        mine: list[Any] = []
        for mcid, (role, alt) in enumerate(marked):
            element = Dictionary(Type=Name.StructElem, S=Name("/" + role), P=whole, Pg=page.obj, K=mcid)
            if alt:
                element.Alt = String(alt)
            mine.append(document.make_indirect(element))
        kids += mine
        parents += [number, document.make_indirect(Array(mine))]
    whole.K = Array(kids)
    tree.K = Array([whole])
    tree.ParentTree = document.make_indirect(Dictionary(Nums=Array(parents)))
    tree.ParentTreeNextKey = len(tags)
    document.Root.StructTreeRoot = tree
