"""Page 2 shows: classes by month, where people stopped, satisfaction by element, days of processing before and after.

Solid is now, ours, mandiri; hatch is before, or the others; white with an outline is the third. Everything must survive
a photocopy, so marks carry their own labels and no colour carries meaning.
"""

# ruff: noqa: E501 -- whole sentences in two languages

from __future__ import annotations

from fractions import Fraction

from kiosk.insight import skm
from kiosk.insight.kpi import ENOUGH, Classes, Spread
from kiosk.insight.report import frame, words
from kiosk.insight.report.pen import INK, INK2, LEFT, LINE, RIGHT, SAMUDRA, WHITE, Pen
from kiosk.insight.report.words import Context

MOST_MONTHS = 12
MOST_DAYS = 17
_MIDDLE = 377.5
_SECOND = 415.7


def draw(pen: Pen, c: Context, pages: int) -> None:
    frame.begin(pen, c)
    _months(pen, c)
    _stops(pen, c)
    _survey(pen, c)
    _days(pen, c)
    frame.end(pen, c, 2, pages)


# --- classes by month -------------------------------------------------------------------------------------------------


def _months(pen: Pen, c: Context) -> None:
    say = c.say
    frame.rule(pen, 112.5)
    finding = words.months_finding(c)
    sub = say("Permohonan terkirim menurut kelas layanan PP 6/2021, bagian dari tiap bulan (persen)",
              "Applications sent by class of service (PP 6/2021), share of each month (per cent)")  # fmt: skip
    frame.heading(pen, LEFT, 138.5, finding, RIGHT - LEFT, sub)
    shown = list(c.figures.by_month.items())[-MOST_MONTHS:]
    pitch = min(88.0, 526.0 / max(1, len(shown)))
    wide, top, bottom = pitch * 0.746, 192.5, 332.5
    alt = finding + ". " + "; ".join(
        f"{words.month_name(month, say)}: n = {classes.total}" + (f", mandiri {say.percent(classes.rate)}" if classes.rate is not None else "")
        for month, classes in shown
    )  # fmt: skip
    with pen.tag("Figure", alt):
        last_x, last = LEFT, Classes()
        for number, (month, classes) in enumerate(shown):
            x = LEFT + pitch * number
            open_ended = c.figures.unfinished and number == len(shown) - 1
            _month(pen, c, x, wide, top, bottom, classes, provisional=open_ended)
            middle = x + wide / 2
            small = 13 if pitch > 60 else 11
            pen.text(
                middle, bottom + 18, words.month_name(month, say, short=True), small, "Bold", INK, "middle"
            )
            pen.text(
                middle, bottom + 34.5, f"n = {say.number(classes.total)}", small - 1, "Medium", INK2, "middle"
            )
            if classes.total:
                last_x, last = x, classes
        if last.total:
            _class_labels(pen, c, last_x + wide, top, bottom, last)


def _month(
    pen: Pen,
    c: Context,
    x: float,
    wide: float,
    top: float,
    bottom: float,
    classes: Classes,
    *,
    provisional: bool,
) -> None:
    say, tall = c.say, bottom - top
    if not classes.total:
        pen.text(x + wide / 2, bottom - 6, say("tidak ada", "none"), 11, "Medium", INK2, "middle")
        pen.line((x, bottom), (x + wide, bottom), LINE, 1.5)
        return
    if classes.total < ENOUGH:
        _dots(pen, x, wide, bottom, classes)
        return
    solid = tall * classes.mandiri / classes.total
    hatched = tall * classes.berbantuan / classes.total
    pen.rect(x + 0.75, top, wide - 1.5, tall, WHITE, SAMUDRA, 1.5)
    if provisional:  # the month is not over: outlines only
        for y in (bottom - solid, bottom - solid - hatched):
            pen.line((x, y), (x + wide, y), SAMUDRA, 1.5)
    else:
        pen.hatch(x, bottom - solid - hatched, wide, hatched)
        pen.rect(x, bottom - solid, wide, solid, SAMUDRA)
    label = say.number(Fraction(100 * classes.mandiri, classes.total), 1)
    size = 13.3 if wide > 45 else 10.5
    if solid >= 24:
        ink = INK if provisional else WHITE
        pen.text(x + wide / 2, bottom - solid + 19, label, size, "ExtraBold", ink, "middle")
    else:
        pen.rect(x + wide / 2 - 17, bottom - solid - 21, 34, 17, WHITE)
        pen.text(x + wide / 2, bottom - solid - 8, label, size, "ExtraBold", INK, "middle")


def _dots(pen: Pen, x: float, wide: float, bottom: float, classes: Classes) -> None:
    """Fewer than 30: one dot an application, solid mandiri, ring with a dot berbantuan, ring bergerak."""
    across = 4
    step = min(15.0, wide / across)
    marks = ["solid"] * classes.mandiri + ["half"] * classes.berbantuan + ["open"] * classes.bergerak
    for number, mark in enumerate(marks):
        px = x + wide / 2 + (number % across - (across - 1) / 2) * step
        _dot(pen, px, bottom - 8 - (number // across) * step, mark)


def _dot(pen: Pen, x: float, y: float, mark: str) -> None:
    pen.circle(x, y, 4.6, SAMUDRA if mark == "solid" else WHITE, SAMUDRA, 1.5)
    if mark == "half":
        pen.circle(x, y, 1.8, SAMUDRA)


def _class_labels(pen: Pen, c: Context, x: float, top: float, bottom: float, classes: Classes) -> None:
    """Names beside the last column, with leader lines where they had to move apart."""
    say, tall = c.say, bottom - top
    solid, hatched = classes.mandiri / classes.total, classes.berbantuan / classes.total
    parts = [
        (1 - (1 - solid - hatched) / 2, classes.bergerak, say("Bergerak", "Mobile"), say("layanan keliling", "travelling service")),
        (solid + hatched / 2, classes.berbantuan, say("Berbantuan", "Assisted"), say("dibantu petugas di kantor", "helped by officers")),
        (solid / 2, classes.mandiri, "Mandiri", say("dikirim sendiri", "sent by themselves")),
    ]  # fmt: skip
    places = [bottom - tall * share for share, *_ in parts]
    for number in (1, 2):
        places[number] = max(places[number], places[number - 1] + 32)
    lift = max(0.0, places[-1] - (bottom - 10))
    places = [place - lift for place in places]
    dots = classes.total < ENOUGH
    for (share, count, name, meaning), y, mark in zip(parts, places, ("open", "half", "solid"), strict=True):
        if dots:
            _dot(pen, x + 6, y - 4.5, mark)
        else:
            pen.line((x + 2, bottom - tall * share), (x + 12, y - 1), SAMUDRA, 1.5)
        label = f"{name} {say.percent(Fraction(count, classes.total))}"
        pen.text(x + 17, y, label, 13, "Bold", track=-0.1)
        pen.text(x + 17, y + 15, meaning, 11.7, "Medium", INK2)


# --- where people stopped --------------------------------------------------------------------------------------------


def _stops(pen: Pen, c: Context) -> None:
    say, f = c.say, c.figures
    frame.rule(pen, 391, LEFT, _MIDDLE)
    base = say(f"{say.number(f.not_sent)} kunjungan tidak selesai, menurut langkah terakhir",
               f"{say.number(f.not_sent)} unfinished visits, by last step")  # fmt: skip
    finding = words.stops_finding(c)
    frame.heading(pen, LEFT, 417.5, finding, _MIDDLE - LEFT, base)
    with pen.tag("P"):
        pen.text(LEFT, 467, say("Mulai mengajukan", "Began an application"), 12.5, "Medium", INK2)
        pen.text(
            _MIDDLE,
            467,
            say(f"{say.number(f.started)} kunjungan", f"{say.number(f.started)} visits"),
            12.8,
            "Bold",
            INK,
            "end",
            -0.1,
        )
    most = max([*f.stops, 1])
    worst = f.stops.index(max(f.stops))
    alt = finding + ". " + "; ".join(
        f"{words.STAGES[stage][0 if say.language == 'id' else 1]}: {words.counted(count, say)}" for stage, count in enumerate(f.stops)
    )  # fmt: skip
    with pen.tag("Figure", alt):
        for stage, count in enumerate(f.stops):
            y = 495.5 + 42 * stage
            name = f"{stage + 1}. {words.STAGES[stage][0 if say.language == 'id' else 1]}"
            stressed = stage == worst and count > 0
            pen.text(LEFT, y, name, 12.8, "Bold" if stressed else "Medium", track=-0.1 if stressed else 0)
            long = 197 * count / most
            if stressed:
                pen.rect(LEFT, y + 7, long, 13, SAMUDRA)
            else:
                pen.hatch(LEFT, y + 7, long, 13)
            x = LEFT + long + 7.5
            if 0 < count < words.FEW:
                pen.text(x, y + 18, words.counted(count, say), 12.5, "Medium", INK2)
                continue
            shown = say.number(count)
            pen.text(x, y + 18, shown, 12.8, "Bold")
            if f.not_sent:
                share = f"({say.percent(Fraction(count, f.not_sent))})"
                pen.text(x + pen.width(shown, 12.8, "Bold") + 3.5, y + 18, share, 12.8, "Medium", INK2)
    frame.rule(pen, 694.5, LEFT, _MIDDLE, 1.8)
    with pen.tag("P"):
        pen.text(LEFT, 712.5, say("Terkirim", "Sent"), 12.5, "Medium", INK2)
        share = f" ({say.percent(f.completion.value)})" if f.completion.value is not None else ""
        pen.text(_MIDDLE, 712.5, f"{say.number(f.sent_visits)}{share}", 12.8, "Bold", INK, "end", -0.1)


# --- satisfaction -----------------------------------------------------------------------------------------------------


def _survey(pen: Pen, c: Context) -> None:
    say, f = c.say, c.figures
    survey, pack = f.survey, skm.pack()
    frame.rule(pen, 391, _SECOND, RIGHT)
    finding = words.survey_finding(c)
    frame.heading(pen, _SECOND, 417.5, finding, RIGHT - _SECOND)
    ikm = survey.ikm
    big = say.number(ikm, 2) if ikm is not None else "–"
    with pen.tag("P"):
        pen.text(_SECOND, 459, big, 37, "ExtraBold", INK, track=-0.9)
        x = _SECOND + pen.width(big, 37, "ExtraBold", -0.9) + 13
        grade = (
            say(
                f"IKM, mutu {skm.band(ikm)} ({words.band_label(c)})",
                f"IKM, grade {skm.band(ikm)} ({words.band_label(c)})",
            )
            if ikm is not None
            else say("IKM belum ada", "no IKM yet")
        )
        pen.text(x, 441.5, grade, pen.fit(grade, RIGHT - x, 12.8, "Bold"), "Bold")
        least = (
            say(f", minimum {say.number(f.required)}", f", minimum {say.number(f.required)}")
            if f.required
            else ""
        )
        base = f"n = {say.number(survey.respondents)}{least}  ·  {say('skala 1–4', 'scale 1–4')}"
        if not words.enough_answers(f):
            base = f"n = {say.number(survey.respondents)}{least}  ·  {say('sampel belum cukup', 'sample too small')}"
        pen.text(x, 458, base, pen.fit(base, RIGHT - x, 11.8, "Medium"), "Medium", INK2)
    means = [survey.mean(element) for element in range(9)]
    known = [mean for mean in means if mean is not None]
    floor = 3 if not known or min(known) >= 3 else 2 if min(known) >= 2 else 1
    left, right = 583.3, 690.7
    low = words.lowest(f) if known else -1
    scale = (right - left) / (4 - floor)
    alt = finding + ". " + "; ".join(
        f"{name.upper()} {say.number(mean, 2)}" for name, mean in zip(skm.ELEMENTS, means, strict=True) if mean is not None
    )  # fmt: skip
    with pen.tag("Figure", alt):
        for at, value in ((left, floor), (right, 4)):
            pen.text(at, 485, str(value), 12, "Medium", INK2, "middle")
            pen.line((at, 492), (at, 697), LINE, 1.8)
        mark = Fraction(pack["band"][0]["from"]) / 25
        at = left + float(mark - floor) * scale
        pen.line((at, 492), (at, 699), SAMUDRA, 1.4, (4.4, 3))
        for element, mean in enumerate(means):
            y = 509.2 + 22.45 * element
            stressed = element == low
            name = f"U{element + 1} {pack['elements'][skm.ELEMENTS[element]][say.language]}"
            pen.text(
                _SECOND,
                y,
                name,
                pen.fit(name, left - _SECOND - 6, 12.8, "Bold" if stressed else "Medium"),
                "Bold" if stressed else "Medium",
                track=-0.1 if stressed else 0,
            )
            if mean is None:
                pen.text(RIGHT, y, say("tidak ada", "none"), 11.5, "Medium", INK2, "end")
                continue
            px = left + float(mean - floor) * scale
            pen.circle(
                px,
                y - 4.4,
                4.6 if stressed else 5.2,
                WHITE if stressed else SAMUDRA,
                SAMUDRA,
                2.8 if stressed else 0.6,
            )
            pen.text(RIGHT, y, say.number(mean, 2), 12.8, "Bold", INK, "end")
        caption = say(f"setara mutu A ({say.number(mark, 2)})", f"equals grade A ({say.number(mark, 2)})")
        half = pen.width(caption, 11.5) / 2
        pen.text(min(at, RIGHT - half), 712, caption, 11.5, "Medium", INK2, "middle")


# --- days of processing -----------------------------------------------------------------------------------------------


def _days(pen: Pen, c: Context) -> None:
    say, f = c.say, c.figures
    frame.rule(pen, 744)
    sub = say("Persen izin menurut lama proses, dihitung dengan jam layanan. Atas dan bawah berskala sama.",
              "Per cent of permits by processing time, by the service clock. Above and below share one scale.")  # fmt: skip
    finding = words.days_finding(c)
    frame.heading(pen, LEFT, 770, finding, RIGHT - LEFT, sub)
    both = f.digital.counts + f.manual.counts
    first = 0 if both.get(0) else 1
    last = min(max(both, default=1), first + MOST_DAYS - 1)
    bins = list(range(first, last + 1))
    most = (
        max((_share(spread, day, last) for spread in (f.digital, f.manual) for day in bins), default=0.0)
        or 1.0
    )
    pitch = min(30.5, 518.0 / len(bins))
    x0, upper, lower, tall = 164.0, 909.5, 933.5, 88.5
    alt = finding + ". " + "; ".join(
        f"{name}: n = {spread.n}, {' '.join(words.spread_words(spread, say)).replace(chr(0), '')}"
        for name, spread in (("Digital", f.digital), ("Manual", f.manual)) if spread.n
    )  # fmt: skip
    with pen.tag("Figure", alt):
        stressed = {f.digital.rank(50), f.manual.rank(50)}
        for number, day in enumerate(bins):
            x = x0 + pitch * number
            up, down = (tall * _share(spread, day, last) / most for spread in (f.digital, f.manual))
            if f.digital.n < ENOUGH:
                _single(pen, f.digital, day, last, x + pitch / 2, upper, -1, SAMUDRA)
            else:
                pen.rect(x + pitch * 0.075, upper - up, pitch * 0.85, up, SAMUDRA)
            if f.manual.n < ENOUGH:
                _single(pen, f.manual, day, last, x + pitch / 2, lower, 1, WHITE)
            else:
                pen.hatch(x + pitch * 0.075, lower, pitch * 0.85, down)
            more = "+" if day == last and max(both, default=0) > last else ""
            bold = day in stressed
            pen.text(
                x + pitch / 2, 926, f"{day}{more}", 12.5, "ExtraBold" if bold else "Medium", INK, "middle"
            )
        end = x0 + pitch * len(bins)
        pen.line((x0, upper), (end, upper), SAMUDRA, 1.6)
        pen.line((x0, lower), (end, lower), SAMUDRA, 1.6)
        pen.text(LEFT, 926, say("hari kerja", "working days"), 12.3, "Medium", INK2)
        year = str(c.figures.period.last.year)
        _side(pen, c, f.digital, "Digital", year, 855, x0, pitch, bins, most, upper - 6, up=True)
        _side(
            pen,
            c,
            f.manual,
            "Manual",
            words.before_year(c),
            972.5,
            x0,
            pitch,
            bins,
            most,
            lower + 14.5,
            up=False,
        )


def _count(spread: Spread, day: int, last: int) -> int:
    """Permits of this day; the last bin holds the longer ones too."""
    return spread.counts.get(day, 0) if day < last else sum(n for d, n in spread.counts.items() if d >= last)


def _share(spread: Spread, day: int, last: int) -> float:
    return _count(spread, day, last) / spread.n if spread.n else 0.0


def _single(pen: Pen, spread: Spread, day: int, last: int, x: float, y: float, way: int, fill: str) -> None:
    """Fewer than 30: one dot a permit, growing away from the axis."""
    most = max(spread.counts.values(), default=1)
    step = min(9.5, 86.0 / most)
    for number in range(_count(spread, day, last)):
        pen.circle(x, y + way * (step * number + step / 2 + 1), min(3.6, step * 0.42), fill, SAMUDRA, 1.3)


def _side(
    pen: Pen, c: Context, spread: Spread, name: str, year: str, y: float, x0: float, pitch: float, bins: list[int],
    most: float, label_y: float, *, up: bool,
) -> None:  # fmt: skip
    """One half of the mirrored histogram: its name and n, its highest column's value, its measures in words."""
    say = c.say
    pen.text(LEFT, y, name, 13.8, "Bold")
    pen.text(LEFT, y + 17.5, f"{year}, n = {say.number(spread.n)}", 12, "Medium", INK2)
    right = 450.0
    if not spread.n:
        pen.text(right, y, say("tidak ada", "none"), 12.5, "Medium", INK2)
        return
    peak = max(bins, key=lambda day: _share(spread, day, bins[-1]))
    share = _share(spread, peak, bins[-1])
    tall = 88.5 * share / most
    at = label_y - tall if up else label_y + tall
    if spread.n >= ENOUGH:
        shown = say.percent(Fraction(_count(spread, peak, bins[-1]), spread.n))
        pen.text(x0 + pitch * (peak - bins[0] + 0.5), at, shown, 12.8, "Bold", INK, "middle")
    middle, outer = words.spread_words(spread, say)
    mean, _, rest = middle.partition("\x00")
    base = y - 4 if up else y + 30
    pen.text(right, base, mean, 13.2, "Bold", track=-0.1)
    pen.text(right + pen.width(mean, 13.2, "Bold", -0.1), base, rest, 13.2, "Medium")
    pen.text(right, base + 17.5, outer, pen.fit(outer, RIGHT - right, 12.2, "Medium"), "Medium", INK2)
