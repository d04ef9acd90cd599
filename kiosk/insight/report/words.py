"""Every sentence of the report, built by rule from the figures: titles, rows, findings, caveats.

No number is typed in. Sentences stand whole on their lines, in both languages, so that they can be read.
"""

# ruff: noqa: E501 -- whole sentences

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from typing import TYPE_CHECKING

from kiosk.insight import figures as print_
from kiosk.insight import skm
from kiosk.insight.clock import WIB
from kiosk.insight.figures import half_up
from kiosk.insight.kpi import ENOUGH, Figures, Period, Spread
from kiosk.insight.report.pen import Say
from kiosk.insight.whole import KioskLog

if TYPE_CHECKING:
    from kiosk.insight.baseline import Baseline

STAGES = (
    ("Kenali diri dan persetujuan", "Identity and consent"),
    ("Cari KBLI dan risiko", "Business code and risk"),
    ("Isi data usaha", "Business data"),
    ("Foto dokumen", "Photographing documents"),
    ("Tinjau dan kirim", "Review and send"),
)
"""Names of `kiosk.insight.stream.STAGES`."""


@dataclass(frozen=True, slots=True)
class Row:
    """One of the three measures on page 1. Values None: not measured."""

    name: str
    definition: str
    before: Fraction | None
    after: Fraction | None
    before_text: str
    after_text: str
    change: str
    """"turun 42,9 %" …"""
    up: bool | None
    """Direction of the arrow; None: no arrow."""
    better: bool | None
    meaning: str


@dataclass
class Context:
    """What the pages are written from."""

    say: Say
    figures: Figures
    baseline: Baseline
    logs: list[KioskLog]
    events: int
    doubles: int
    unreadable: int
    odd: int
    made: datetime
    """When the report was made, WIB."""
    anchored: bool = False
    fingerprint: str = ""
    """First hex digits of the SHA-256 of the events file."""
    marks: list[str] = field(default_factory=list[str])

    def __post_init__(self) -> None:
        say = self.say
        if self.broken is not None:
            self.marks.append(say("DATA TIDAK UTUH", "DATA NOT WHOLE"))
        if self.figures.unfinished:
            self.marks.append(say("SEMENTARA", "PROVISIONAL"))
        if self.baseline.office.sample:
            self.marks.append(say("CONTOH", "SAMPLE"))

    @property
    def broken(self) -> KioskLog | None:
        return next((log for log in self.logs if log.trouble), None)

    @property
    def mark_note(self) -> str:
        say = self.say
        if self.broken is not None:
            return say("lihat halaman metode", "see the method page")
        if self.figures.unfinished:
            return say("masa belum berakhir", "the period is not over")
        return say("semua angka rekaan", "all figures invented")

    @property
    def empty(self) -> bool:
        return self.figures.started == 0


def month_name(month: str, say: Say, *, short: bool = False) -> str:
    names = (print_.SHORT_MONTHS if short else print_.MONTHS)[say.language]
    return names[int(month[5:]) - 1]


def span(first: date, last: date, say: Say) -> str:
    """ "1 Mei–31 Oktober 2026"."""
    names = print_.MONTHS[say.language]
    end = f"{last.day} {names[last.month - 1]} {last.year}"
    if first.year != last.year:
        return f"{print_.day(first, say.language, long=True)}–{end}"
    if first.month == last.month:
        return f"{first.day}–{end}"
    return f"{first.day} {names[first.month - 1]}–{end}"


def months_span(period: Period, say: Say) -> str:
    """ "Mei–Oktober 2026"."""
    names = print_.MONTHS[say.language]
    first, last = names[period.first.month - 1], names[period.last.month - 1]
    if period.first.year != period.last.year:
        return f"{first} {period.first.year}–{last} {period.last.year}"
    return f"{last} {period.last.year}" if first == last else f"{first}–{last} {period.last.year}"


def before_span(c: Context) -> str:
    """The months the office's earlier costs cover; "" when none are given."""
    months = sorted({month for cost in c.baseline.cost for month in cost.before})
    return span(*_edges(months), c.say) if months else ""


def before_year(c: Context) -> str:
    months = sorted({month[:4] for cost in c.baseline.cost for month in cost.before})
    return "–".join(dict.fromkeys((months[0], months[-1]))) if months else c.say("sebelum", "before")


def _edges(months: list[str]) -> tuple[date, date]:
    period = Period.of(f"{months[0]}..{months[-1]}")
    return period.first, period.last


FEW = 5
"""A count below this, for one place, is not printed as such."""


def counted(count: int, say: Say) -> str:
    """A count of people at one place: too few to be told apart are "kurang dari 5"."""
    return say(f"kurang dari {FEW}", f"fewer than {FEW}") if 0 < count < FEW else say.number(count)


def joined(parts: list[str], say: Say) -> str:
    """ "kertas, tinta, dan kurir"."""
    if len(parts) < 3:
        return say(" dan ", " and ").join(parts)
    return ", ".join(parts[:-1]) + say(", dan ", " and ") + parts[-1]


# --- page 1 ---------------------------------------------------------------------------------------------------------


def title(c: Context) -> str:
    """The conclusion as a sentence. A worse figure is said first; too little data says so."""
    say, f, broken = c.say, c.figures, c.broken
    if broken is not None:
        return say(
            f"Catatan {broken.kiosk} tidak utuh pada kejadian {say.number(broken.place)}.",
            f"The log of {broken.kiosk} is not whole at event {say.number(broken.place)}.",
        )
    if c.empty:
        return say("Tidak ada permohonan pada masa ini.", "No applications in this period.")
    cost, time, alone = f.cost_change, f.time_change, f.self_change
    if not f.enough or cost is None or time is None or alone is None:
        return say("Data belum cukup untuk menyimpulkan.", "Not enough data to conclude.")
    faster = _faster(f, say)
    by_themselves = _by_themselves(f, say)
    if cost > 0 and time > 0 and alone > 0:
        return say(
            f"Izin selesai {faster}, dan {by_themselves}.", f"Permits are done {faster}, and {by_themselves}."
        )
    worse, better = list[str](), list[str]()
    (better if cost > 0 else worse).append(
        say("biaya turun", "costs are down") if cost > 0 else say("biaya belum turun", "costs are not down")
    )
    (better if time > 0 else worse).append(
        say(f"izin selesai {faster}", f"permits are done {faster}")
        if time > 0
        else say("izin belum lebih cepat", "permits are no faster")
    )
    (better if alone > 0 else worse).append(
        by_themselves
        if alone > 0
        else say("yang mengurus sendiri belum bertambah", "no more people do it themselves")
    )
    text = joined(worse, say) + (say(", tetapi ", ", but ") + joined(better, say) if better else "")
    return text[0].upper() + text[1:] + "."


def _faster(f: Figures, say: Say) -> str:
    gain = (f.manual.mean or Fraction(0)) - (f.digital.mean or Fraction(0))
    shown = half_up(gain, 1)
    amount = say.word(int(shown)) if shown.denominator == 1 else say.number(gain, 1)
    return say(f"{amount} hari kerja lebih cepat", f"{amount} working days sooner")


def _by_themselves(f: Figures, say: Say) -> str:
    rate = f.now.rate or Fraction(0)
    if rate > Fraction(1, 2):
        return say("lebih dari separuh diurus sendiri", "more than half were done by people themselves")
    return say(f"{say.percent(rate)} diurus sendiri", f"{say.percent(rate)} were done by people themselves")


def rows(c: Context) -> list[Row]:
    """The three measures of page 1."""
    return [_cost(c), _time(c), _self(c)]


def _none(c: Context, name: str, definition: str, why: str) -> Row:
    nothing = c.say("tidak diukur", "not measured")
    return Row(name, definition, None, None, nothing, nothing, nothing, None, None, why)


def _changed(c: Context, saved: Fraction, *, in_points: bool = False) -> tuple[str, bool | None]:
    """ "turun 42,9 %" and the arrow, of a share saved (or won, in points)."""
    say = c.say
    size = say.points(saved) if in_points else say.percent(abs(saved))
    if half_up(saved * 100, 1) == 0:
        return say("tetap", "unchanged"), None
    up = saved > 0 if in_points else saved < 0
    return f"{say('naik', 'up') if up else say('turun', 'down')} {size}", up


def cost_name(c: Context) -> str:
    """ "Biaya kertas dan tinta": what was paid for before."""
    side = 0 if c.say.language == "id" else 1
    names = [item.name[side] for item in c.figures.costs.items if item.before]
    if not names or len(names) > 4:
        return c.say("Biaya kertas, cetak, kurir, dan perjalanan", "Paper, printing, courier and travel")
    return c.say("Biaya ", "Cost of ") + joined(names, c.say)


def _cost(c: Context) -> Row:
    say, costs = c.say, c.figures.costs
    name = cost_name(c)
    definition = say(
        "Rata-rata per bulan, seluruh kantor  ·  Rumus 1, hlm. 3",
        "Monthly mean, whole office  ·  Formula 1, p. 3",
    )
    before, after, saved = costs.before, costs.after, c.figures.cost_change
    if before is None or after is None or saved is None:
        return _none(
            c,
            name,
            definition,
            say(
                "Berkas kantor belum memuat biaya masa ini.",
                "The office's file has no costs for this period yet.",
            ),
        )
    gain = before - after
    months = costs.items[0].after_months
    over = say(f"selama {say.word(months)} bulan", f"over {say.word(months)} months")
    total = gain * months
    if gain >= 0:
        meaning = say(
            f"Kantor menghemat {say.rupiah(gain)} setiap bulan",
            f"The office saves {say.rupiah(gain)} a month",
        )
        meaning += (
            say(f", atau {say.rupiah(total)} {over}.", f", or {say.rupiah(total)} {over}.")
            if months > 1
            else "."
        )
    else:
        meaning = say(
            f"Kantor mengeluarkan {say.rupiah(-gain)} lebih banyak setiap bulan.",
            f"The office spends {say.rupiah(-gain)} more a month.",
        )
    change, up = _changed(c, saved)
    return Row(
        name, definition, before, after, say.rupiah(before), say.rupiah(after), change, up, saved > 0, meaning
    )


def _time(c: Context) -> Row:
    say, f = c.say, c.figures
    name = say("Waktu proses rata-rata", "Mean processing time")
    definition = say(
        "Hari kerja menurut jam layanan, tanpa waktu menunggu pemohon  ·  Rumus 2, hlm. 3",
        "Working days by the service clock, without waiting for the applicant  ·  Formula 2, p. 3",
    )
    before, after, saved = f.manual.mean, f.digital.mean, f.time_change
    if before is None or after is None or saved is None:
        return _none(
            c,
            name,
            definition,
            say(
                "Belum ada izin selesai, atau waktu sebelumnya tidak diketahui.",
                "No finished permits yet, or the earlier time is not known.",
            ),
        )
    limit = int(half_up(after, 0))
    now, then = f.digital.at_most(limit).value or Fraction(0), f.manual.at_most(limit).value or Fraction(0)
    meaning = say(
        f"Kini {say.percent(now)} izin selesai dalam {say.word(limit)} hari kerja atau kurang; sebelumnya {say.percent(then)}.",
        f"Now {say.percent(now)} of permits take {say.word(limit)} working days or fewer; before it was {say.percent(then)}.",
    )
    change, up = _changed(c, saved)
    return Row(
        name, definition, before, after, say.days(before), say.days(after), change, up, saved > 0, meaning
    )


def _self(c: Context) -> Row:
    say, f = c.say, c.figures
    name = say("Permohonan yang diurus sendiri (mandiri)", "Applications people did themselves (mandiri)")
    definition = say(
        "Bagian dari semua permohonan yang terkirim  ·  Rumus 3, hlm. 3",
        "Share of all applications sent  ·  Formula 3, p. 3",
    )
    before, after, gain = f.before.rate if f.before else None, f.now.rate, f.self_change
    if before is None or after is None or gain is None:
        return _none(
            c,
            name,
            definition,
            say(
                "Kelas layanan sebelumnya tidak diketahui, atau belum ada yang terkirim.",
                "The earlier classes are not known, or nothing was sent yet.",
            ),
        )
    meaning = say(
        f"{say.number(f.now.mandiri)} dari {say.number(f.now.total)} permohonan dikirim sendiri oleh pelaku usaha; petugas mengajari, tidak mengisikan.",
        f"{say.number(f.now.mandiri)} of {say.number(f.now.total)} applications were sent by investors themselves; officers taught, they did not fill in.",
    )
    change, up = _changed(c, gain, in_points=True)
    return Row(
        name,
        definition,
        before,
        after,
        say.percent(before),
        say.percent(after),
        change,
        up,
        gain > 0,
        meaning,
    )


def attention(c: Context) -> list[str]:
    """What still needs care: worst step, lowest element, biggest caveat. Never empty."""
    say, f = c.say, c.figures
    found: list[str] = []
    if f.not_sent:
        worst = max(range(len(f.stops)), key=lambda stage: f.stops[stage])
        where = STAGES[worst][0 if say.language == "id" else 1].lower().replace("kbli", "KBLI")
        found.append(
            say(
                f"{counted(f.stops[worst], say).capitalize()} dari {say.number(f.not_sent)} kunjungan yang tidak selesai berhenti di {where}.",
                f"{counted(f.stops[worst], say).capitalize()} of {say.number(f.not_sent)} unfinished visits stopped at {where}.",
            )
        )
    ikm = f.survey.ikm
    if ikm is None:
        found.append(
            say(
                "Kepuasan belum dapat dihitung: survei belum lengkap.",
                "Satisfaction cannot be computed yet: the survey is incomplete.",
            )
        )
    else:
        low = lowest(f)
        name = skm.pack()["elements"][skm.ELEMENTS[low]][say.language].lower()
        mean = say.number(f.survey.mean(low) or 0, 2)
        short = "" if enough_answers(f) else say(" Sampel belum cukup.", " The sample is too small.")
        found.append(
            say(
                f"Kepuasan (IKM) {say.number(ikm, 2)}, mutu {skm.band(ikm)}. Nilai terendah: {name}, {mean} dari 4.{short}",
                f"Satisfaction (IKM) {say.number(ikm, 2)}, grade {skm.band(ikm)}. Lowest: {name}, {mean} of 4.{short}",
            )
        )
    found.append(caveat(c))
    return found[:3]


def caveat(c: Context) -> str:
    say, f = c.say, c.figures
    alone = say(
        "Dua masa dibandingkan tanpa kelompok pembanding.",
        "Two periods are compared without a control group.",
    )
    if f.unfinished:
        return say(
            "Masa ini belum berakhir, jadi semua angka masih sementara.",
            "This period is not over, so all figures are provisional.",
        )
    time = c.baseline.before.time
    if time is not None and not time.pauses_recorded:
        year = before_year(c)
        return say(
            f"Jeda pada {year} tidak tercatat, jadi waktu sebelum bisa terhitung lebih lama. {alone}",
            f"Pauses in {year} were not recorded, so the earlier time may be counted too long. {alone}",
        )
    return alone


def lowest(f: Figures) -> int:
    return min(range(9), key=lambda element: f.survey.mean(element) or Fraction(9))


def enough_answers(f: Figures) -> bool:
    return f.required is not None and f.survey.respondents >= f.required


# --- page 2 ---------------------------------------------------------------------------------------------------------


def months_finding(c: Context) -> str:
    say = c.say
    have = [(month, classes) for month, classes in c.figures.by_month.items() if classes.total]
    if not have:
        return say("Belum ada permohonan terkirim", "No applications sent yet")
    (first, before), (last, after) = have[0], have[-1]
    low, high = before.rate or Fraction(0), after.rate or Fraction(0)
    if first == last:
        return say(
            f"{say.percent(high)} mengurus sendiri pada {month_name(last, say)}",
            f"{say.percent(high)} did it themselves in {month_name(last, say)}",
        )
    tail = say(
        f": dari {say.percent(low)} pada {month_name(first, say)} ke {say.percent(high)} pada {month_name(last, say)}",
        f": from {say.percent(low)} in {month_name(first, say)} to {say.percent(high)} in {month_name(last, say)}",
    )
    if high > low:
        return say("Makin banyak yang mengurus sendiri", "More and more do it themselves") + tail
    if high < low:
        return say("Makin sedikit yang mengurus sendiri", "Fewer do it themselves") + tail
    return say("Yang mengurus sendiri tetap", "As many do it themselves as before") + tail


def stops_finding(c: Context) -> str:
    say, f = c.say, c.figures
    if not f.not_sent:
        return say("Tidak ada yang berhenti", "Nobody stopped")
    worst = max(range(len(f.stops)), key=lambda stage: f.stops[stage])
    where = STAGES[worst][0 if say.language == "id" else 1].lower().replace("kbli", "KBLI")
    return say(f"Paling banyak berhenti di {where}", f"Most stopped at {where}")


def survey_finding(c: Context) -> str:
    say, f = c.say, c.figures
    ikm = f.survey.ikm
    if ikm is None:
        return say("Kepuasan belum dapat dihitung", "Satisfaction not known yet")
    low = skm.pack()["short"][skm.ELEMENTS[lowest(f)]][say.language]
    label = band_label(c)
    return say(f"Kepuasan {label}, {low} terendah", f"Satisfaction {label}, {low} lowest")


def band_label(c: Context) -> str:
    ikm = c.figures.survey.ikm
    letter = skm.band(ikm) if ikm is not None else ""
    return next(
        (str(row["label"][c.say.language]) for row in skm.pack()["band"] if row["letter"] == letter), ""
    )


def days_finding(c: Context) -> str:
    say, f = c.say, c.figures
    before, after = f.manual.mean, f.digital.mean
    if before is None or after is None:
        return say("Waktu proses belum dapat dibandingkan", "Processing times cannot be compared yet")
    then_days, now_days = _pair(before, after, say)
    limit = 2 * int(half_up(after, 0)) or 1
    now = 1 - (f.digital.at_most(limit).value or Fraction(0))
    then = 1 - (f.manual.at_most(limit).value or Fraction(0))
    return say(
        f"Dari {then_days} ke {now_days} hari kerja; lebih dari {say.word(limit)} hari kini {say.percent(now)}, dulu {say.percent(then)}",
        f"From {then_days} to {now_days} working days; more than {say.word(limit)} days: now {say.percent(now)}, then {say.percent(then)}",
    )


def _pair(before: Fraction, after: Fraction, say: Say) -> tuple[str, str]:
    """Two means in words when both print as whole, else both in figures."""
    shown = half_up(before, 1), half_up(after, 1)
    if all(mean.denominator == 1 for mean in shown):
        return say.word(int(shown[0])), say.word(int(shown[1]))
    return say.number(before, 1), say.number(after, 1)


def spread_words(spread: Spread, say: Say) -> tuple[str, str]:
    """ "Rata-rata 4,0 · median 4" and the middle half with the ninetieth percentile."""
    mean = say.number(spread.mean or 0, 1)
    return (
        say(f"Rata-rata {mean}", f"Mean {mean}") + f"\x00  ·  median {spread.rank(50)}",
        say(
            f"Separuh di antara {spread.rank(25)} dan {spread.rank(75)} hari; 90{print_.NARROW}% paling lama {spread.rank(90)}",
            f"Half between {spread.rank(25)} and {spread.rank(75)} days; 90% at most {spread.rank(90)}",
        ),
    )


def made_at(c: Context) -> str:
    return print_.moment(c.made.astimezone(WIB), c.say.language)


__all__ = ["ENOUGH", "STAGES", "Context", "Row"]
