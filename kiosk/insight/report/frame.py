"""What every page carries: crest and office, the mark for samples and unfinished data, horizon and footer."""

# ruff: noqa: E501 -- whole sentences in two languages

from __future__ import annotations

from kiosk.insight.report.pen import INK, INK2, LEFT, LINE, RIGHT, SAMUDRA, Pen
from kiosk.insight.report.words import Context, months_span

FOOTER = 1067.0
"""Where the footer's rule is, px."""
BOTTOM = 1050.0
"""Lowest a page's content may reach, px."""


def begin(pen: Pen, c: Context) -> None:
    """A new page with its head: office left, mark right."""
    pen.page()
    office = c.baseline.office
    pen.crest(LEFT + 4, 53)
    with pen.tag("P"):
        pen.text(116, 69, office.name, 14.5, "Bold")
        if office.government:
            pen.text(116, 86, office.government, 13, "Medium", INK2)
    if c.marks:
        _mark(pen, c)


def _mark(pen: Pen, c: Context) -> None:
    word = " · ".join(c.marks)
    note = c.mark_note
    inner = max(pen.width(word, 17, "ExtraBold", 1.4), pen.width(note, 12, "SemiBold"), 112)
    left = RIGHT - inner - 29
    pen.rect(left + 1, 48, RIGHT - left - 2, 48, None, INK, 2, 6)
    with pen.tag("P"):
        pen.text(RIGHT - 14, 70, word, 17, "ExtraBold", INK, "end", 1.4)
        pen.text(RIGHT - 14, 86.5, note, 12, "SemiBold", INK, "end")


def end(pen: Pen, c: Context, number: int, pages: int) -> None:
    """The footer."""
    say = c.say
    pen.line((LEFT, FOOTER), (RIGHT, FOOTER), LINE, 1.2)
    name = f"{say('Laporan efisiensi layanan digital', 'Efficiency report, digital service')}, {months_span(c.figures.period, say)}"
    pen.text(LEFT, 1088, name, 12, "Medium", INK2)
    if c.marks:
        x = LEFT + pen.width(name, 12) + 7
        pen.text(x, 1088, "·", 12, "Bold")
        pen.text(x + 9, 1088, " · ".join(c.marks), 12, "Bold")
    pen.text(
        RIGHT,
        1088,
        say(f"Halaman {number} dari {pages}", f"Page {number} of {pages}"),
        12,
        "Medium",
        INK2,
        "end",
    )


def rule(pen: Pen, y: float, left: float = LEFT, right: float = RIGHT, width: float = 2) -> None:
    pen.line((left, y), (right, y), SAMUDRA, width)


def thin(pen: Pen, y: float, left: float = LEFT, right: float = RIGHT) -> None:
    pen.line((left, y), (right, y), LINE, 1.2)


def heading(pen: Pen, x: float, y: float, text: str, limit: float, sub: str = "") -> None:
    """A finding, fitted to one line, and what it is measured in."""
    with pen.tag("H2"):
        size = pen.fit(text, limit, 16.5, "Bold", -0.25)
        pen.text(x, y, text, size, "Bold", INK, track=-0.25)
    if sub:
        with pen.tag("P"):
            pen.text(x, y + 19.5, sub, pen.fit(sub, limit, 12, "Medium"), "Medium", INK2)
