"""Page 3 proves: each formula with its numbers, the way from visits to figures, sources, what is not measured, the chain.

Page 4, the appendix, tests the conclusion with what was left out and repeats the charts as tables.
"""

# ruff: noqa: E501 -- whole sentences in two languages

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from kiosk.insight.figures import NARROW
from kiosk.insight.report import frame, words
from kiosk.insight.report.pen import INK, INK2, LEFT, RIGHT, SAMUDRA, Pen
from kiosk.insight.report.words import Context

_FORMULA, _FORMULA_WIDE = 207.5, 462.0


@dataclass(frozen=True, slots=True)
class Formula:
    number: str
    name: str
    formula: str
    numbers: str
    result: str


def formulas(c: Context) -> list[Formula]:
    """Every formula with what was put in. A figure that cannot be said has the result "–"."""
    say, f = c.say, c.figures
    n = say.number
    found: list[Formula] = []

    def add(number: str, name: str, formula: str, numbers: str, value: str | None) -> None:
        found.append(Formula(number, name, formula, numbers, value or "–"))

    costs = f.costs
    before, after, saved = costs.before, costs.after, f.cost_change
    if before is not None and after is not None and saved is not None:
        side = 0 if say.language == "id" else 1
        then = ", ".join(
            f"{item.name[side]} {n(Fraction(item.before, item.before_months))}" for item in costs.items
        )
        now = ", ".join(
            f"{item.name[side]} {n(Fraction(item.after, item.after_months))}" for item in costs.items
        )
        each = ""
        if f.before and f.before.total and f.sent and not costs.missing_months:
            one = Fraction(sum(item.before for item in costs.items), f.before.total)
            two = Fraction(sum(item.after for item in costs.items), f.sent)
            each = say(
                f" Per permohonan: {say.rupiah(one)} menjadi {say.rupiah(two)}.",
                f" Per application: {say.rupiah(one)} to {say.rupiah(two)}.",
            )
        numbers = f"({n(before)} − {n(after)}) ÷ {n(before)}. {say('Sebelum', 'Before')}: {then}. {say('Sesudah', 'After')}: {now}.{each}"
        result = say.percent(saved)
    else:
        numbers, result = (
            say(
                "Biaya sebelum atau sesudah tidak ada dalam berkas kantor.",
                "The office's file has no costs before or after.",
            ),
            None,
        )
    add(
        "1",
        say("Turunnya biaya", "Fall of cost"),
        say(
            "(sebelum − sesudah) ÷ sebelum × 100, rata-rata per bulan",
            "(before − after) ÷ before × 100, monthly means",
        ),
        numbers,
        result,
    )

    manual, digital = f.manual, f.digital
    if manual.mean is not None and digital.mean is not None and f.time_change is not None:
        numbers = say(
            f"({n(manual.mean, 1)} − {n(digital.mean, 1)}) ÷ {n(manual.mean, 1)}, dari nilai tepat. Rata-rata: {n(manual.total)} hari ÷ {n(manual.n)} izin, dan {n(digital.total)} hari ÷ {n(digital.n)} izin. Median dan persentil: peringkat terdekat.",
            f"({n(manual.mean, 1)} − {n(digital.mean, 1)}) ÷ {n(manual.mean, 1)}, from exact values. Means: {n(manual.total)} days ÷ {n(manual.n)} permits, and {n(digital.total)} days ÷ {n(digital.n)} permits. Median and percentiles: nearest rank.",
        )
        result = say.percent(f.time_change)
    else:
        numbers, result = (
            say(
                f"n manual {n(manual.n)}, n digital {n(digital.n)}.",
                f"n manual {n(manual.n)}, n digital {n(digital.n)}.",
            ),
            None,
        )
    add(
        "2",
        say("Turunnya waktu proses", "Fall of processing time"),
        say(
            "(rata-rata manual − rata-rata digital) ÷ rata-rata manual × 100",
            "(manual mean − digital mean) ÷ manual mean × 100",
        ),
        numbers,
        result,
    )
    found.append(
        Formula(
            "", say("Jam layanan", "Service clock"),
            say("Hari mulai, lanjut, atau ulang = hari ke-0. Tiap hari kerja sesudahnya dihitung bila jam berjalan pukul 16.00 WIB.",
                "The day it starts, resumes or restarts = day 0. Each later working day counts if the clock runs at 16:00 WIB."),
            say("Status OSS: 41 berhenti, 42 lanjut, 43 berhenti dan kembali nol, 44 mulai dari nol; 50, 57, 90, 93 selesai. Libur nasional dan cuti bersama tidak dihitung.",
                "OSS status: 41 stops, 42 resumes, 43 stops and resets, 44 restarts; 50, 57, 90, 93 end. Public holidays and joint leave do not count."),
            "",
        )
    )  # fmt: skip
    now = f.now
    rate = now.rate
    earlier = (
        say(
            f"; sebelum {n(f.before.mandiri)} ÷ {n(f.before.total)}",
            f"; before {n(f.before.mandiri)} ÷ {n(f.before.total)}",
        )
        if f.before
        else ""
    )
    add(
        "3", "Mandiri",
        say("mandiri ÷ (mandiri + berbantuan + bergerak) × 100, hanya yang terkirim", "mandiri ÷ (mandiri + assisted + mobile) × 100, sent only"),
        f"{n(now.mandiri)} ÷ ({n(now.mandiri)} + {n(now.berbantuan)} + {n(now.bergerak)}) = {n(now.mandiri)} ÷ {n(now.total)}{earlier}. "
        + say("Mandiri = tingkat bantuan tertinggi 0 atau 1 (petunjuk lisan). Selisih dalam poin persen.", "Mandiri = highest help level 0 or 1 (spoken hint). Differences in percentage points."),
        say.percent(rate) if rate is not None else None,
    )  # fmt: skip
    done = f.completion.value
    stops = " + ".join(n(count) for count in [*f.stops, *([f.stops_unseen] if f.stops_unseen else [])])
    add(
        "4", say("Selesai mengirim", "Completion"),
        say("kunjungan yang mengirim ÷ kunjungan yang mulai mengajukan × 100", "visits that sent ÷ visits that began an application × 100"),
        f"{n(f.sent_visits)} ÷ {n(f.started)}; {say('berhenti', 'stopped')} {stops} = {n(f.not_sent)}.",
        say.percent(done) if done is not None else None,
    )  # fmt: skip
    survey = f.survey
    same = len(set(survey.counts)) == 1
    nine = (
        f"{say('Jumlah nilai', 'Sum of scores')} {n(sum(survey.sums))} ÷ (9 × {n(survey.counts[0])}) × 25"
        if same and survey.counts[0]
        else f"{n(sum(survey.sums))} {say('nilai dari', 'points in')} {n(sum(survey.counts))} {say('jawaban, rata-rata tiap unsur dari yang menjawab', 'answers, each mean over those who answered')}"
    )
    least = (
        say(
            f" Sampel minimum Krejcie–Morgan untuk {n(f.visits)} kunjungan: {n(f.required)}.",
            f" Krejcie–Morgan minimum for {n(f.visits)} visits: {n(f.required)}.",
        )
        if f.required
        else ""
    )
    variant = survey.ikm_weight_011
    other = (
        say(
            f" Dengan bobot terpotong 0,11: {n(variant, 2)}.",
            f" With the truncated weight 0.11: {n(variant, 2)}.",
        )
        if variant is not None
        else ""
    )
    add(
        "5", "IKM",
        say("rata-rata sembilan unsur × 25, bobot tepat 1/9, dibulatkan dua desimal sebelum mutu", "mean of nine elements × 25, exact weight 1/9, rounded to two decimals before grading"),
        f"{nine}. {say('Mutu', 'Grades')} A 88,31–100; B 76,61–88,30; C 65,00–76,60; D 25,00–64,99.{least}{other}" if say.language == "id"
        else f"{nine}. Grades A 88.31–100; B 76.61–88.30; C 65.00–76.60; D 25.00–64.99.{least}{other}",
        n(survey.ikm, 2) if survey.ikm is not None else None,
    )  # fmt: skip
    good = f.success.value
    add(
        "6", say("Berhasil", "Success"),
        say("disetujui tanpa status 11, 90, 93 ÷ terkirim × 100", "approved without status 11, 90, 93 ÷ sent × 100"),
        f"{n(f.success.part)} ÷ {n(f.success.whole)}. "
        + say(f"Disetujui {n(f.approved)} ({n(f.automatic)} fiktif positif), ditolak {n(f.refused)}.", f"Approved {n(f.approved)} ({n(f.automatic)} automatically), refused {n(f.refused)}."),
        say.percent(good) if good is not None else None,
    )  # fmt: skip
    if f.take_up.value is not None:
        add("7", say("Lewat kios", "Take-up"), say("terkirim lewat kios ÷ semua permohonan yang diterima kantor × 100", "sent at kiosks ÷ all applications the office received × 100"),
            f"{n(f.take_up.part)} ÷ {n(f.take_up.whole)}. {c.baseline.after.document}", say.percent(f.take_up.value))  # fmt: skip
    if f.hours_saved is not None and c.baseline.hours is not None:
        hours = c.baseline.hours
        add("8", say("Jam petugas", "Officers' hours"), say("(menit sebelum − menit sesudah) × permohonan ÷ 60", "(minutes before − minutes after) × applications ÷ 60"),
            f"({n(hours.minutes_before)} − {n(hours.minutes_after)}) × {n(f.sent)} ÷ 60. {hours.document}",
            say(f"{n(f.hours_saved)} jam", f"{n(f.hours_saved)} hours"))  # fmt: skip
    return found


def funnel(c: Context) -> list[tuple[str, int, bool]]:
    """From visits to the base of each formula: (words, count, is a base); subtractions are negative."""
    say, f = c.say, c.figures
    more = f.sent - f.sent_visits
    last = f.period.last
    day = f"{last.day} {words.month_name(f'{last:%Y-%m}', say)}"
    rows: list[tuple[str, int, bool]] = [
        (say("Kunjungan di kios", "Visits at kiosks"), f.visits, False),
        (say("Tidak mengajukan (antrean, cek status, tanya)", "No application (queue, status, questions)"), f.started - f.visits, False),
        (say("Mulai mengajukan", "Began an application"), f.started, True),
        (say("Tidak selesai", "Not finished"), -f.not_sent, False),
    ]  # fmt: skip
    if more:
        rows += [
            (
                say("Kunjungan yang mengirim, dasar rumus 4", "Visits that sent, base of formula 4"),
                f.sent_visits,
                True,
            ),
            (say("Permohonan kedua dalam satu kunjungan", "Second applications in one visit"), more, False),
            (say("Terkirim, dasar rumus 3", "Sent, base of formula 3"), f.sent, True),
        ]
    else:
        rows.append((say("Terkirim, dasar rumus 3 dan 4", "Sent, base of formulas 3 and 4"), f.sent, True))
    return [
        *rows,
        (say(f"Masih berjalan pada {day}", f"Still open on {day}"), -f.waiting, False),
        (say("Urutan status tidak lengkap", "Status history incomplete"), -f.gaps, False),
        (say("Selesai, dasar rumus 2", "Finished, base of formula 2"), f.digital.n, True),
    ]


def sources(c: Context) -> list[tuple[str, str]]:
    """Where the earlier figures come from: (sentence, document)."""
    say, b, f = c.say, c.baseline, c.figures
    found: list[tuple[str, str]] = []
    time, classes = b.before.time, b.before.classes
    if time is not None:
        total = f.manual.n + f.manual_excluded
        left_out = (
            say(
                f" Dikeluarkan {say.number(f.manual_excluded)} {time.excluded_why.id}; tersisa {say.number(f.manual.n)} untuk waktu proses.",
                f" {say.number(f.manual_excluded)} {time.excluded_why.en} left out; {say.number(f.manual.n)} remain for processing time.",
            )
            if f.manual_excluded
            else ""
        )
        found.append(
            (
                f"{time.source.in_(say.language)}: {say.number(total)} {say('permohonan', 'applications')}.{left_out}",
                time.document,
            )
        )
    documents: dict[str, list[str]] = {}
    side = 0 if say.language == "id" else 1
    for item in f.costs.items:
        for document in dict.fromkeys((item.before_document, item.after_document)):
            if document:
                documents.setdefault(document, []).append(item.name[side])
    pairs: dict[str, list[str]] = {}
    for document, names in documents.items():
        pairs.setdefault(words.joined(list(dict.fromkeys(names)), say), []).append(document)
    for names, listed in pairs.items():
        found.append(
            (
                say(f"Biaya {names} tiap bulan, seluruh kantor.", f"Cost of {names} by month, whole office."),
                "; ".join(listed),
            )
        )
    if classes is not None:
        found.append((f"{classes.source.in_(say.language)}.", classes.document))
    return found


def not_measured(c: Context) -> list[str]:
    """What the report cannot say, by rule from what is missing."""
    say, b, f = c.say, c.baseline, c.figures
    found: list[str] = []
    time = b.before.time
    if time is not None and not time.pauses_recorded:
        year = words.before_year(c)
        found.append(
            say(
                f"Jeda pada {year} tidak tercatat; waktu manual mungkin terhitung lebih lama daripada sebenarnya.",
                f"Pauses in {year} were not recorded; manual time may be counted longer than it was.",
            )
        )
    found.append(
        say(
            "Izin yang masih berjalan tidak masuk rata-rata; kasus lama bisa tertinggal. Lihat uji di lampiran.",
            "Permits still open are not in the mean; long cases may be missed. See the tests in the appendix.",
        )
    )
    kinds = {cost.kind for cost in b.cost if cost.who == "applicant"}
    travel = "" if "travel" in kinds else say(", ongkos perjalanan pemohon", ", applicants' travel")
    found.append(
        say(
            f"Waktu di OSS pusat{travel}, dan harga kios.",
            f"Time at central OSS{travel}, and the price of kiosks.",
        )
    )
    if f.costs.missing_months:
        found.append(
            say(
                f"Biaya {f.costs.missing_months} bulan dalam masa ini belum ada.",
                f"Costs of {f.costs.missing_months} months of this period are missing.",
            )
        )
    found.append(
        say(
            "Penyebab. Dua masa dibandingkan tanpa kelompok pembanding.",
            "Causes. Two periods are compared without a control group.",
        )
    )
    found.append(
        say("Permohonan langsung di oss.go.id tanpa kios.", "Applications made at oss.go.id without a kiosk.")
    )
    found.append(
        say(
            "Pengisi survei bersedia sendiri; yang kecewa bisa tidak mengisi.",
            "People chose to answer the survey; the disappointed may not have.",
        )
    )
    found.append(
        say(
            "Wajah senyum satu ketukan bukan SKM dan tidak ikut dihitung.",
            "The one-touch smile is no SKM and is not counted.",
        )
    )
    if f.unmarked:
        found.append(
            say(
                f"Tingkat bantuan {say.number(f.unmarked)} permohonan tidak dicatat petugas; dihitung berbantuan.",
                f"Officers marked no help level for {say.number(f.unmarked)} applications; counted as assisted.",
            )
        )
    return found


def chain_words(c: Context) -> tuple[str, str, str]:
    """The last box: how many events, what the chain says (the word that matters by itself), what was not used."""
    say = c.say
    head = f"{say.number(c.events)} {say('kejadian', 'events')}"
    kiosks = say(
        f" dari {len(c.logs)} kios, tanpa nama dan NIK. Rantai catatan diperiksa {words.made_at(c)}: ",
        f" from {len(c.logs)} kiosks, without names or NIK. Log chain checked {words.made_at(c)}: ",
    )
    broken, loose = c.broken, sum(log.unchained for log in c.logs)
    if broken is not None:
        state = say(
            f"TIDAK UTUH, {broken.kiosk} kejadian {say.number(broken.place)}",
            f"NOT WHOLE, {broken.kiosk} event {say.number(broken.place)}",
        )
    elif loose:
        state = say(f"utuh, {say.number(loose)} tanpa rantai", f"whole, {say.number(loose)} without chain")
    else:
        state = say("utuh", "whole")
    loosely = (
        ""
        if broken is not None or c.anchored
        else say(" (tanpa pembanding di portal)", " (not compared with the portal)")
    )
    rest = loosely + say(
        f". Tidak terbaca: {say.number(c.unreadable)}  ·  ganda dibuang: {say.number(c.doubles)}  ·  di luar kosakata: {say.number(c.odd)}",
        f". Unreadable: {say.number(c.unreadable)}  ·  doubles dropped: {say.number(c.doubles)}  ·  outside the vocabulary: {say.number(c.odd)}",
    )
    if c.fingerprint:
        rest += f"  ·  {say('sidik berkas', 'file fingerprint')} {c.fingerprint[:4]} {c.fingerprint[4:8]} {c.fingerprint[8:12]}"
    return head, kiosks + "\x00" + state, rest


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
        with pen.tag("H2"):
            pen.text(
                LEFT, y, say("Dari kunjungan ke angka", "From visits to figures"), 15.5, "Bold", track=-0.2
            )
        y += 6 * k
        rows = funnel(self._c)
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


__all__ = ["Formula", "chain_words", "draw", "formulas", "funnel", "not_measured", "sources"]
