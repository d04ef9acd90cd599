"""The report as one HTML file: the same pages drawn as SVG, and below them everything again as text and tables.

Self-contained (fonts inside), no script. Who does not see reads the text part; the drawings are hidden from readers.
"""

# ruff: noqa: E501 -- whole sentences in two languages

from __future__ import annotations

import base64
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from html import escape
from pathlib import Path
from typing import get_args

from kiosk.insight.report import appendix, proof, words
from kiosk.insight.report.pen import FONTS, HEIGHT, INK, WIDTH, Pen, Point, Weight
from kiosk.insight.report.words import Context

_CSS_WEIGHT: dict[Weight, int] = {"Medium": 500, "SemiBold": 600, "Bold": 700, "ExtraBold": 800}


class SvgPen(Pen):
    """Draws pages as SVG text."""

    def __init__(self) -> None:
        self.pages: list[list[str]] = []
        self._clips = 0

    def page(self) -> None:
        self.pages.append([])

    def _put(self, mark: str) -> None:
        self.pages[-1].append(mark)

    def glyphs(
        self, x: float, y: float, text: str, size: float, weight: Weight, color: str, track: float
    ) -> None:
        space = f' letter-spacing="{track:.2f}"' if track else ""
        self._put(
            f'<text x="{x:.2f}" y="{y:.2f}" font-size="{size:.2f}" font-weight="{_CSS_WEIGHT[weight]}" '
            f'fill="{color}"{space} xml:space="preserve">{escape(text)}</text>'
        )

    def line(
        self, a: Point, b: Point, color: str = INK, width: float = 1, dash: tuple[float, float] | None = None,
        *, round_ends: bool = False,
    ) -> None:  # fmt: skip
        more = f' stroke-dasharray="{dash[0]} {dash[1]}"' if dash else ""
        more += ' stroke-linecap="round"' if round_ends else ""
        self._put(
            f'<line x1="{a[0]:.2f}" y1="{a[1]:.2f}" x2="{b[0]:.2f}" y2="{b[1]:.2f}" '
            f'stroke="{color}" stroke-width="{width:.2f}"{more}/>'
        )

    def rect(
        self, x: float, y: float, w: float, h: float, fill: str | None = None, stroke: str | None = None,
        width: float = 1, radius: float = 0, dash: tuple[float, float] | None = None,
    ) -> None:  # fmt: skip
        more = f' rx="{radius}"' if radius else ""
        more += f' stroke-dasharray="{dash[0]} {dash[1]}"' if dash else ""
        size = f'width="{max(0, w):.2f}" height="{max(0, h):.2f}"'
        self._put(f'<rect x="{x:.2f}" y="{y:.2f}" {size}{more}{_paint(fill, stroke, width)}/>')

    def polygon(
        self, points: Sequence[Point], fill: str | None, stroke: str | None = None, width: float = 1
    ) -> None:
        listed = " ".join(f"{x:.2f},{y:.2f}" for x, y in points)
        self._put(f'<polygon points="{listed}"{_paint(fill, stroke, width)}/>')

    def circle(
        self,
        x: float,
        y: float,
        r: float,
        fill: str | None = None,
        stroke: str | None = None,
        width: float = 1,
    ) -> None:
        self._put(f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{r:.2f}"{_paint(fill, stroke, width)}/>')

    @contextmanager
    def clip(self, x: float, y: float, w: float, h: float) -> Generator[None]:
        self._clips += 1
        name = f"c{self._clips}"
        box = f'<rect x="{x:.2f}" y="{y:.2f}" width="{w:.2f}" height="{h:.2f}"/>'
        self._put(f'<clipPath id="{name}">{box}</clipPath><g clip-path="url(#{name})">')
        yield
        self._put("</g>")


def _paint(fill: str | None, stroke: str | None, width: float) -> str:
    line = f' stroke="{stroke}" stroke-width="{width:.2f}"' if stroke else ""
    return f' fill="{fill or "none"}"{line}'


def write(file: Path, pen: SvgPen, c: Context) -> None:
    """Write the drawn pages with their text. Raises OSError."""
    say = c.say
    faces = "".join(
        f"@font-face{{font-family:Jakarta;font-weight:{_CSS_WEIGHT[weight]};"
        f"src:url(data:font/ttf;base64,{base64.b64encode((FONTS / f'PlusJakartaSans-{weight}.ttf').read_bytes()).decode()})}}"
        for weight in get_args(Weight)
    )
    pages = "".join(
        f'<svg class="sheet" aria-hidden="true" viewBox="0 0 {WIDTH} {HEIGHT}">{"".join(marks)}</svg>'
        for marks in pen.pages
    )
    title = escape(words.title(c))
    file.write_text(
        f'<!doctype html><html lang="{say.language}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title><style>{faces}{_CSS}</style>'
        f"</head><body><main>{pages}<article>{_text(c)}</article></main></body></html>\n",
        encoding="utf-8",
    )


_CSS = (
    "body{margin:0;background:#E2EBEB;color:#0B2930;font:500 16px/1.5 Jakarta,sans-serif}"
    "main{max-width:860px;margin:0 auto;padding:16px}"
    ".sheet{display:block;width:100%;height:auto;background:#fff;margin:0 0 16px;font-family:Jakarta,sans-serif}"
    "article{background:#fff;padding:32px 7%}h1,h2{line-height:1.2}h2{margin-top:2em}"
    "table{border-collapse:collapse;width:100%}th,td{text-align:right;padding:4px 6px;border-bottom:1px solid #CBD8D8}"
    "th,td{vertical-align:top}th:first-child,td:first-child,.w{text-align:left}"
    "@page{size:A4;margin:0}@media print{body{background:#fff}main{max-width:none;padding:0}"
    ".sheet{margin:0;width:210mm;height:297mm;break-after:page}article{break-before:page}}"
)


def _text(c: Context) -> str:
    """Everything the pages say, as headings, paragraphs and tables."""
    say = c.say
    parts = [f"<p>{escape(' · '.join(c.marks))}</p>" if c.marks else "", f"<h1>{escape(words.title(c))}</h1>"]
    if c.broken is None and not c.empty:
        body = [[row.name, row.before_text, row.after_text, row.change, row.meaning] for row in words.rows(c)]
        heads = [say("Ukuran", "Measure"), say("Sebelum", "Before"), say("Sesudah", "After"), say("Perubahan", "Change"), say("Artinya", "Meaning")]  # fmt: skip
        parts.append(_table(say("Ringkasan", "Summary"), heads, body))
    if c.broken is None:
        parts.append(_list(say("Yang masih perlu perhatian", "Still needs attention"), words.attention(c)))
    heads = [
        "",
        say("Angka", "Figure"),
        say("Rumus", "Formula"),
        say("Isinya", "Numbers"),
        say("Hasil", "Result"),
    ]
    rows = [[row.number, row.name, row.formula, row.numbers, row.result] for row in proof.formulas(c)]
    parts.append(_table(say("Cara menghitung", "How it was calculated"), heads, rows))
    steps = [[name, say.number(count)] for name, count, _ in proof.funnel(c)]
    parts.append(_table(say("Dari kunjungan ke angka", "From visits to figures"), ["", "n"], steps))
    trials = [appendix.trial_words(c, trial) for trial in appendix.trials(c.figures)]
    heads = [
        say("Uji", "Test"),
        say("Rumus", "Formula"),
        say("Hasil", "Result"),
        "n",
        say("Simpulan", "Conclusion"),
    ]
    parts.append(_table(say("Uji atas yang dikeluarkan", "Tests of what is left out"), heads, trials))
    if c.broken is None and not c.empty:
        parts += [_table(*table) for table in appendix.tables(c)]
    sources = [" ".join(pair) for pair in proof.sources(c)]
    parts.append(_list(say("Asal data sebelum", "Sources of the earlier data"), sources))
    parts.append(_list(say("Yang tidak diukur", "Not measured"), proof.not_measured(c)))
    parts.append(f"<p>{escape(''.join(proof.chain_words(c)).replace(chr(0), ''))}</p>")
    return "".join(parts)


def _list(title: str, items: list[str]) -> str:
    return f"<h2>{escape(title)}</h2><ul>{''.join(f'<li>{escape(item)}</li>' for item in items)}</ul>"


def _table(title: str, heads: list[str], rows: list[list[str]]) -> str:
    """Columns of sentences read from the left, columns of numbers from the right."""
    prose = [
        any(len(row[column]) > 24 for row in rows) or heads[column] == "" for column in range(len(heads))
    ]
    classes = [' class="w"' if one else "" for one in prose]
    top = "".join(
        f'<th scope="col"{mark}>{escape(head)}</th>' for mark, head in zip(classes, heads, strict=True)
    )
    body = "".join(
        "<tr>"
        + "".join(f"<td{mark}>{escape(cell)}</td>" for mark, cell in zip(classes, row, strict=True))
        + "</tr>"
        for row in rows
    )
    return f"<h2>{escape(title)}</h2><table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"
