"""Page 3 proves: each formula with its numbers, the way from visits to figures, sources, what is not measured, the chain."""

# ruff: noqa: E501 -- whole sentences in two languages

from __future__ import annotations

from kiosk.insight.figures import NARROW
from kiosk.insight.report import frame, words
from kiosk.insight.report.pen import INK, INK2, LEFT, RIGHT, SAMUDRA, Pen
from kiosk.insight.report.proof import Formula, chain_words, formulas, funnel, not_measured, sources
from kiosk.insight.report.words import Context

_FORMULA, _FORMULA_WIDE = 207.5, 462.0


def draw(pen: Pen, c: Context, pages: int, *, number: int = 3) -> None:
    """Page 3; line heights give way before anything is left out."""
    frame.begin(pen, c)
    for squeeze in (1.0, 0.97, 0.94, 0.91, 0.88, 0.85, 0.82, 0.79):
        low = _Page(pen, c, squeeze, dry=True).draw()
        if low <= frame.BOTTOM:
            break
    _Page(pen, c, squeeze, max(0.0, min(12.0, (frame.BOTTOM - low) / 3)), dry=False).draw()
    frame.end(pen, c, number, pages)


class _Page:
    def __init__(self, pen: Pen, c: Context, squeeze: float, gap: float = 0, *, dry: bool) -> None:
        self._gap = gap
        self._pen = _Measure(pen) if dry else pen
        self._c = c
        self._k = squeeze

    def draw(self) -> float:
        """Returns the lowest y."""
        pen, say, k = self._pen, self._c.say, self._k
        with pen.tag("H1"):
            pen.text(
                LEFT, 133, say("Cara menghitung", "How it was calculated"), 25, "ExtraBold", INK, track=-0.5
            )
        with pen.tag("P"):
            pen.text(
                LEFT,
                153.5,
                say(
                    "Setiap angka dihitung dari catatan kejadian atau berkas kantor. Dibulatkan setengah ke atas.",
                    "Every figure is computed from the event log or the office's file. Rounded half up.",
                ),
                12.8,
                "Medium",
                INK2,
            )
        frame.rule(pen, 167.5)
        y = 167.5 + 20 * k
        with pen.tag("P"):
            pen.text(80, y, say("Angka", "Figure"), 11.8, "Medium", INK2)
            pen.text(_FORMULA, y, say("Rumus dan isinya", "Formula and what is in it"), 11.8, "Medium", INK2)
            pen.text(RIGHT, y, say("Hasil", "Result"), 11.8, "Medium", INK2, "end")
        y += 9 * k
        frame.rule(pen, y, width=1.2)
        for row in formulas(self._c):
            y = self._formula(row, y)
        top = y + 26 * k + self._gap
        left = self._funnel(top)
        right = self._sources(top)
        y = max(left, right) + 24 * k + self._gap
        y = self._not_measured(y)
        return self._box(y + self._gap * 0.6)

    def _formula(self, row: Formula, y: float) -> float:
        pen, k = self._pen, self._k
        size, lead = 12.3 * (k + 1) / 2, 15.2 * k
        base = y + 16.5 * k
        with pen.tag("P"):
            if row.number:
                pen.text(LEFT, base, row.number, 13, "ExtraBold", SAMUDRA)
            low = pen.paragraph(80, base, row.name, 118, size, lead, "Bold")
        with pen.tag("P"):
            at = pen.paragraph(_FORMULA, base, row.formula, _FORMULA_WIDE, size, lead)
            at = pen.paragraph(
                _FORMULA, at, row.numbers, _FORMULA_WIDE, 11.6 * (k + 1) / 2, lead, "Medium", INK2
            )
        with pen.tag("P"):
            pen.text(RIGHT, base, row.result, 13.6, "ExtraBold", INK, "end", -0.1)
        y = max(low, at) - lead + 8.5 * k
        frame.thin(pen, y)
        return y

    def _funnel(self, y: float) -> float:
        pen, say, k = self._pen, self._c.say, self._k
        right = 377.5
        rows = funnel(self._c)
        if not rows:
            return y
        with pen.tag("H2"):
            pen.text(
                LEFT, y, say("Dari kunjungan ke angka", "From visits to figures"), 15.5, "Bold", track=-0.2
            )
        y += 6 * k
        for number, (name, count, base) in enumerate(rows):
            y += 23.2 * k
            weight = "Bold" if base else "Medium"
            with pen.tag("P"):
                pen.text(LEFT, y - 6 * k, name, pen.fit(name, right - LEFT - 50, 12.3, weight), weight)
                minus = number and not base and count <= 0
                text = (
                    f"−{NARROW}{say.number(-count)}"
                    if minus
                    else ("+" + NARROW if number and not base else "") + say.number(count)
                )
                pen.text(right, y - 6 * k, text, 12.6, "Bold", INK, "end")
            (frame.rule if base else frame.thin)(pen, y, LEFT, right, *((1.6,) if base else ()))
        return y

    def _sources(self, y: float) -> float:
        pen, k, left = self._pen, self._k, 414.0
        say = self._c.say
        with pen.tag("H2"):
            year = words.before_year(self._c)
            pen.text(
                left,
                y,
                say(f"Asal data sebelum ({year})", f"Sources of the earlier data ({year})"),
                15.5,
                "Bold",
                track=-0.2,
            )
        y += 21 * k
        for sentence, document in sources(self._c):
            with pen.tag("P"):
                pen.text(left, y, "–", 12.3, "Bold", SAMUDRA)
                y = pen.paragraph(left + 14, y, sentence, RIGHT - left - 14, 12.3, 16 * k)
                y = pen.paragraph(left + 14, y, document, RIGHT - left - 14, 11.6, 16 * k, "Medium", INK2)
            y += 4 * k
        return y - 12 * k

    def _not_measured(self, y: float) -> float:
        pen, say, k = self._pen, self._c.say, self._k
        with pen.tag("H2"):
            pen.text(LEFT, y, say("Yang tidak diukur", "Not measured"), 15.5, "Bold", track=-0.2)
        items = not_measured(self._c)
        half = (len(items) + 1) // 2
        low = y
        for column, part in enumerate((items[:half], items[half:])):
            left, limit = (LEFT, 303.0) if column == 0 else (414.0, 303.0)
            at = y + 20.5 * k
            for item in part:
                pen.text(left, at, "–", 12.3, "Bold", SAMUDRA)
                with pen.tag("P"):
                    at = pen.paragraph(left + 14, at, item, limit, 12, 15.5 * k)
                at += 3 * k
            low = max(low, at)
        return low - 6 * k

    def _box(self, y: float) -> float:
        pen = self._pen
        head, middle, rest = chain_words(self._c)
        before, _, state = middle.partition("\x00")
        words_: list[tuple[str, bool]] = [(word, True) for word in head.split(" ")]
        words_ += [(word, False) for word in before.strip().split(" ")]
        words_ += [(word, True) for word in state.split(" ")]
        first, _, others = rest.partition(" ")
        words_[-1] = (words_[-1][0] + first, True)
        words_ += [(word, False) for word in others.split(" ")]
        words_ = [pair for pair in words_ if pair[0]]
        lines: list[list[tuple[str, bool]]] = [[]]
        x, limit, size = 0.0, RIGHT - LEFT - 30, 12.2
        for word, bold in words_:
            wide = pen.width(word + " ", size, "Bold" if bold else "Medium")
            if x + wide > limit:
                lines.append([])
                x = 0.0
            lines[-1].append((word, bold))
            x += wide
        tall = 17.5 * len(lines) + 16
        pen.rect(LEFT + 0.6, y, RIGHT - LEFT - 1.2, tall, None, SAMUDRA, 1.3, 8)
        at = y + 20.5
        with pen.tag("P"):
            for line in lines:
                x = LEFT + 15
                for word, bold in line:
                    pen.text(x, at, word, size, "Bold" if bold else "Medium")
                    x += pen.width(word + " ", size, "Bold" if bold else "Medium")
                at += 17.5
        return y + tall


class _Measure(Pen):
    """Puts nothing down: to learn how tall a page would be."""

    def __init__(self, pen: Pen) -> None:
        self._pen = pen

    def glyphs(self, *_: object) -> None: ...  # type: ignore[override]
    def line(self, *_: object, **__: object) -> None: ...  # type: ignore[override]
    def rect(self, *_: object, **__: object) -> None: ...  # type: ignore[override]
    def polygon(self, *_: object, **__: object) -> None: ...  # type: ignore[override]
    def circle(self, *_: object, **__: object) -> None: ...  # type: ignore[override]
