"""Page 1 answers: the conclusion, three measures before and after, what still needs care, room for the signature."""

# ruff: noqa: E501 -- whole sentences in two languages

from __future__ import annotations

from kiosk.insight import figures as print_
from kiosk.insight.report import frame, words
from kiosk.insight.report.pen import INK, INK2, LEFT, RIGHT, SAMUDRA, Pen
from kiosk.insight.report.words import Context, Row

_BAR, _BAR_MOST = 170.0, 430.5
_PITCH = 182.6


def draw(pen: Pen, c: Context, pages: int) -> None:
    say = c.say
    frame.begin(pen, c)
    addressee = c.baseline.office.addressee
    with pen.tag("P"):
        kicker = say("Laporan efisiensi layanan digital", "Efficiency report on digital service")
        to = say(f"kepada Yth. {addressee}", f"to the {addressee}")
        pen.text(LEFT, 131, f"{kicker}  ·  {to}", 13.3, "Bold", SAMUDRA, track=-0.1)
    _title(pen, c)
    if c.broken is None and not c.empty:
        for number, row in enumerate(words.rows(c)):
            _row(pen, c, number, row)
    _attention(pen, c)
    _signature(pen, c)
    frame.end(pen, c, 1, pages)


def _title(pen: Pen, c: Context) -> None:
    say, text = c.say, words.title(c)
    size, leading = 34.0, 38.6
    lines = pen.wrap(text, 430, size, "ExtraBold", -0.9)
    while len(lines) > 3 and size > 22:
        size, leading = size - 1, leading - 1.1
        lines = pen.wrap(text, 560 if size < 30 else 470, size, "ExtraBold", -0.9)
    y = max(172.0, 254.5 - leading * (len(lines) - 1))
    with pen.tag("H1"):
        for line in lines:
            pen.text(LEFT, y, line, size, "ExtraBold", INK, track=-0.9)
            y += leading
    with pen.tag("P"):
        after = words.span(c.figures.period.first, c.figures.period.last, say)
        text = f"{say('Sesudah', 'After')}: {after}."
        earlier = words.before_span(c)
        if earlier:
            text += f" {say('Sebelum', 'Before')}: {earlier}."
        pen.text(LEFT, 284.5, text, 13.5, "Medium", INK2)
    pen.sun(649.5, 300)
    frame.rule(pen, 300, width=3)


def _row(pen: Pen, c: Context, number: int, row: Row) -> None:
    say, top = c.say, 300 + _PITCH * number
    with pen.tag("H2"):
        pen.text(LEFT, top + 36, str(number + 1), 17, "ExtraBold", SAMUDRA)
        limit = 480 if row.before is None else 505
        pen.text(93.6, top + 34.5, row.name, pen.fit(row.name, limit, 16.5, "Bold", -0.2), "Bold", track=-0.2)
    with pen.tag("P"):
        pen.text(93.6, top + 52.5, row.definition, 12, "Medium", INK2)
    wide = pen.width(row.change, 19, "Bold", -0.3)
    with pen.tag("P"):
        pen.text(RIGHT, top + 40.5, row.change, 19, "Bold", INK, "end", -0.3)
    if row.up is not None:
        pen.arrow(RIGHT - wide - 17, top + 41, row.up, 13.5)
    if row.before is not None and row.after is not None:
        most = max(row.before, row.after) or 1
        alt = f"{row.name}: {say('sebelum', 'before')} {row.before_text}, {say('sesudah', 'after')} {row.after_text}, {row.change}"
        with pen.tag("Figure", alt):
            reach = _BAR_MOST - max(
                0.0,
                *(
                    _BAR + _BAR_MOST * float(value / most) + 10 + pen.width(text, size, "Bold") - RIGHT
                    for value, text, size in (
                        (row.before, row.before_text, 19.5),
                        (row.after, row.after_text, 31),
                    )
                ),
            )
            before, after = (reach * float(value / most) for value in (row.before, row.after))
            pen.text(93.6, top + 86.5, say("Sebelum", "Before"), 12.8, "Medium", INK2)
            pen.hatch(_BAR, top + 71.5, before, 23)
            pen.text(_BAR + before + 10.5, top + 89.5, row.before_text, 19.5, "SemiBold", INK2, track=-0.2)
            pen.text(93.6, top + 126.5, say("Sesudah", "After"), 12.8, "Bold")
            pen.rect(_BAR, top + 104.5, after, 34, SAMUDRA)
            pen.text(_BAR + after + 12, top + 132.5, row.after_text, 31, "ExtraBold", INK, track=-0.6)
    with pen.tag("P"):
        pen.text(93.6, top + 162, row.meaning, pen.fit(row.meaning, RIGHT - 93.6, 13.5, "Medium"), "Medium")
    frame.thin(pen, top + 183)


def _attention(pen: Pen, c: Context) -> None:
    say, y = c.say, 880.0
    with pen.tag("H2"):
        pen.text(LEFT, y, say("Yang masih perlu perhatian", "Still needs attention"), 15, "Bold", track=-0.1)
    y += 22.5
    broken = c.broken
    items = (
        [
            say(
                "Angka tidak ditampilkan sampai catatan kejadian diperiksa.",
                "No figures are shown until the event log has been examined.",
            )
        ]
        if broken is not None
        else words.attention(c)
    )
    for item in items:
        pen.circle(LEFT + 5, y - 1.5, 4.4, None, SAMUDRA, 2.2)
        with pen.tag("P"):
            y = pen.paragraph(77.5, y, item, 330, 13, 17.9)
        y += 5.6


def _signature(pen: Pen, c: Context) -> None:
    say, office, left = c.say, c.baseline.office, 483.0
    day = print_.day(c.made.date(), say.language, long=True)
    with pen.tag("P"):
        pen.text(left, 879, f"{office.city}, {day}" if office.city else day, 13)
        pen.text(left, 896, office.signer, pen.fit(office.signer, RIGHT - left, 13, "Medium"), "Medium")
    pen.rect(left, 910, RIGHT - left, 71, None, INK2, 1.2, 8, (3.2, 2.6))
    with pen.tag("P"):
        middle = (left + RIGHT) / 2
        pen.text(
            middle,
            941,
            say("Tempat tanda tangan elektronik", "Room for the electronic signature"),
            12.3,
            "Medium",
            INK2,
            "middle",
        )
        pen.text(middle, 957, "(BSrE)", 12.3, "Medium", INK2, "middle")
        pen.text(left, 1003, say("(nama pejabat)", "(name of the official)"), 13, "Bold")
        pen.text(left, 1020, say("NIP (nomor induk pegawai)", "NIP (civil servant number)"), 13)
