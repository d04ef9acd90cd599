"""What page 3 proves with, as words and numbers: formulas, the way from visits to figures, sources, limits, the chain."""

# ruff: noqa: E501 -- whole sentences in two languages

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from kiosk.insight.report import words
from kiosk.insight.report.words import Context


@dataclass(frozen=True, slots=True)
class Formula:
    number: str
    name: str
    formula: str
    numbers: str
    result: str


def formulas(c: Context) -> list[Formula]:
    """Every formula with what was put in. A figure that cannot be said has the result "–".

    Of a log that is not whole only the formulas are shown.
    """
    rows = _formulas(c)
    if c.broken is None:
        return rows
    why = c.say("Tidak dihitung: catatan kejadian tidak utuh.", "Not computed: the event log is not whole.")
    return [replace(row, numbers=why, result="–") if row.number else row for row in rows]


def _formulas(c: Context) -> list[Formula]:
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
    each = [*f.stops, *([f.stops_unseen] if f.stops_unseen else [])]
    few = any(0 < count < words.FEW for count in each)
    stops = say("menurut langkah", "by step") if few else " + ".join(map(n, each))
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
    if c.broken is not None:
        return []
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
