"""Page 4: would what was left out change the conclusion? And the charts of page 2 as tables."""

# ruff: noqa: E501 -- whole sentences in two languages

from __future__ import annotations

from fractions import Fraction

from kiosk.insight import skm
from kiosk.insight.kpi import Trial, trials
from kiosk.insight.report import frame, words
from kiosk.insight.report.pen import INK, INK2, LEFT, RIGHT, Pen
from kiosk.insight.report.words import Context

_TRIALS = {
    "open": ("Izin yang masih berjalan ikut dihitung dengan umurnya sampai akhir masa (paling sedikit selama itu)",
             "Permits still open counted with their age at the end of the period (they take at least that)"),
    "median": ("Median dipakai sebagai ganti rata-rata", "The median instead of the mean"),
    "visitor": ("Yang menurut pemohon diisi petugas tidak dihitung mandiri", "Not mandiri where the visitor said an officer filled it in"),
    "unsent": ("Kunjungan yang tidak selesai dihitung tidak mandiri", "Unfinished visits counted as not mandiri"),
    "each": ("Biaya per permohonan, bukan per bulan", "Cost per application instead of per month"),
}  # fmt: skip

Table = tuple[str, list[str], list[list[str]]]
"""Title, column names, rows; the first column is words, the others numbers."""


def trial_words(c: Context, trial: Trial) -> list[str]:
    """A row: what was done, formula, result, n, verdict."""
    say = c.say
    name = _TRIALS[trial.name][0 if say.language == "id" else 1]
    value = say.percent(trial.value)
    verdict = say("tetap", "holds") if trial.holds else say("BERUBAH", "CHANGES")
    return [name, str(trial.formula), value, say.number(trial.n), verdict]


def tables(c: Context) -> list[Table]:
    """Everything page 2 draws, as numbers."""
    say, f = c.say, c.figures
    n = say.number
    months = [
        [words.month_name(month, say), n(row.mandiri), n(row.berbantuan), n(row.bergerak), n(row.total), say.percent(row.rate) if row.rate is not None else "–"]
        for month, row in f.by_month.items()
    ]  # fmt: skip
    stages = [
        [f"{stage + 1}. {names[0 if say.language == 'id' else 1]}", n(f.reached[stage]), words.counted(f.stops[stage], say),
         say.percent(Fraction(f.stops[stage], f.reached[stage])) if f.reached[stage] and not 0 < f.stops[stage] < words.FEW else "–"]
        for stage, names in enumerate(words.STAGES)
    ]  # fmt: skip
    names = skm.pack()["elements"]
    means = (
        (element, f.survey.mean(number), f.survey.counts[number])
        for number, element in enumerate(skm.ELEMENTS)
    )
    elements = [
        [
            f"{element.upper()} {names[element][say.language]}",
            n(mean, 2) if mean is not None else "–",
            n(count),
        ]
        for element, mean, count in means
    ]
    spread = [
        [str(day), n(f.digital.counts.get(day, 0)), n(f.manual.counts.get(day, 0))]
        for day in sorted(f.digital.counts.keys() | f.manual.counts.keys())
    ]
    levels = [[n(level), n(f.levels.get(level, 0))] for level in range(5)]
    return [
        (say("Terkirim menurut bulan", "Sent by month"), [say("Bulan", "Month"), "Mandiri", say("Berbantuan", "Assisted"), say("Bergerak", "Mobile"), "n", "%"], months),
        (say("Langkah pengajuan", "Steps of an application"), [say("Langkah", "Step"), say("Sampai", "Reached"), say("Berhenti", "Stopped"), say("Bagian", "Share")], stages),
        ("SKM", [say("Unsur", "Element"), say("Rata-rata", "Mean"), "n"], elements),
        (say("Lama proses, izin", "Processing time, permits"), [say("Hari kerja", "Working days"), "Digital", "Manual"], spread),
        (say("Tingkat bantuan, permohonan terkirim", "Help level, applications sent"), [say("Tingkat", "Level"), "n"], levels),
        (say("Kertas dan perangkat", "Paper and devices"), [say("Kejadian", "Event"), "n"], [
            [say("Halaman dipindai, permohonan terkirim", "Pages scanned, applications sent"), n(f.pages)],
            [say("Lembar yang tidak dicetak", "Sheets not printed"), n(f.spared)],
            [say("Karcis gagal keluar", "Tickets that failed to print"), n(f.not_printed)],
            [say("Perangkat terganggu", "Device failures"), n(f.device_downs)],
            [say("Wajah senyum (bukan SKM)", "Smiles given (no SKM)"), n(f.smiles.total())],
        ]),
    ]  # fmt: skip


def draw(pen: Pen, c: Context, pages: int) -> None:
    say = c.say
    frame.begin(pen, c)
    with pen.tag("H1"):
        pen.text(
            LEFT,
            133,
            say("Lampiran: uji dan tabel", "Appendix: tests and tables"),
            25,
            "ExtraBold",
            INK,
            track=-0.5,
        )
    with pen.tag("P"):
        pen.text(
            LEFT,
            153.5,
            say(
                "Apakah simpulan berubah bila yang dikeluarkan dihitung juga?",
                "Would the conclusion change if what was left out were counted too?",
            ),
            12.8,
            "Medium",
            INK2,
        )
    frame.rule(pen, 167.5)
    y = _trials(pen, c, 167.5) + 34
    first, steps, survey, days, levels, paper = tables(c)
    left = _table(pen, first, LEFT, 377.5, y)
    left = _table(pen, steps, LEFT, 377.5, left + 32)
    left = _table(pen, levels, LEFT, 377.5, left + 32)
    _table(pen, paper, LEFT, 377.5, left + 32)
    right = _table(pen, survey, 415.7, RIGHT, y)
    room = int((frame.BOTTOM - right - 32 - 45) / 19)
    _table(pen, _shortened(days, max(4, room), say("lebih", "more")), 415.7, RIGHT, right + 32)
    frame.end(pen, c, 4, pages)


def _shortened(table: Table, most: int, more: str) -> Table:
    """A long list of days, its tail put together."""
    title, columns, rows = table
    if len(rows) <= most:
        return table
    tail = rows[most - 1 :]
    total = [
        str(sum(int(row[column].replace(".", "").replace(",", "")) for row in tail)) for column in (1, 2)
    ]
    return title, columns, [*rows[: most - 1], [f"{tail[0][0]} {more}", *total]]


def _trials(pen: Pen, c: Context, y: float) -> float:
    say = c.say
    done = trials(c.figures)
    if not done:
        with pen.tag("P"):
            pen.text(LEFT, y + 20, say("Belum ada yang dapat diuji.", "Nothing can be tested yet."), 12.3)
        return y + 26
    places = (470.0, 560.0, 630.0, RIGHT)
    heads = (say("Rumus", "Formula"), say("Hasil", "Result"), "n", say("Simpulan", "Conclusion"))
    with pen.tag("P"):
        pen.text(LEFT, y + 20, say("Cara lain", "Other way"), 11.8, "Medium", INK2)
        for x, head in zip(places, heads, strict=True):
            pen.text(x, y + 20, head, 11.8, "Medium", INK2, "end")
    y += 29
    frame.rule(pen, y, width=1.2)
    for trial in done:
        cells = trial_words(c, trial)
        with pen.tag("P"):
            low = pen.paragraph(LEFT, y + 17, cells[0], 360, 12.3, 15.5)
            for x, cell in zip(places, cells[1:], strict=True):
                pen.text(x, y + 17, cell, 12.6, "Bold", INK, "end")
        y = low - 15.5 + 8.5
        frame.thin(pen, y)
    return y


def _table(pen: Pen, table: Table, left: float, right: float, y: float) -> float:
    title, columns, rows = table
    with pen.tag("H2"):
        pen.text(left, y, title, 14, "Bold", track=-0.1)
    y += 19
    numbers = len(columns) - 1
    first = 0.2 if numbers > 4 else 0.52 if numbers > 2 else 0.62
    step = (right - left) * (1 - first) / numbers
    places = [right - step * (numbers - 1 - number) for number in range(numbers)]
    with pen.tag("P"):
        size = min(pen.fit(name, step - 6, 11, "Medium") for name in columns[1:])
        pen.text(left, y, columns[0], size, "Medium", INK2)
        for x, name in zip(places, columns[1:], strict=True):
            pen.text(x, y, name, size, "Medium", INK2, "end")
    y += 7
    frame.rule(pen, y, left, right, 1.2)
    for row in rows:
        with pen.tag("P"):
            pen.text(
                left, y + 14, row[0], pen.fit(row[0], (right - left) * first + 4, 11.6, "Medium"), "Medium"
            )
            for x, cell in zip(places, row[1:], strict=True):
                pen.text(x, y + 14, cell, 11.6, "SemiBold", INK, "end")
        y += 19
        frame.thin(pen, y, left, right)
    return y
