"""From an application's history to the words and days a visitor reads.

Codes and their meaning: OSS integration guide, Lampiran 10. The service clock: 41 stops it, 42 lets it run on, 43 stops
it and sets it back to nothing, 44 starts it anew; 50, 52, 57, 90 and 93 end it. Days are working days: Monday to Friday
without the holidays of the settings, the day of acceptance being the first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

Plain = dict[str, object]

WIB = timezone(timedelta(hours=7), "WIB")

URAIAN: dict[str, str] = {
    "05": "Proses Penapisan",
    "09": "Telah Melengkapi Persyaratan",
    "10": "Dokumen Lengkap",
    "11": "Dokumen Belum Lengkap",
    "12": "Pemenuhan Komitmen",
    "20": "Validasi",
    "30": "Verifikasi Pembayaran",
    "31": "Konfirmasi Pembayaran",
    "32": "Menunggu Verifikasi Bukti Bayar PNBP",
    "33": "Persetujuan Pembayaran",
    "34": "Perbaikan Konfirmasi Pembayaran",
    "40": "Inspeksi",
    "41": "Konfirmasi Persyaratan",
    "42": "Data Konfirmasi Persyaratan",
    "43": "Re-Konfirmasi Persyaratan",
    "44": "Data Re-Konfirmasi Persyaratan",
    "45": "Persyaratan terverifikasi",
    "49": "Pengambilan Nomor",
    "50": "Disetujui",
    "52": "Terbit Sementara",
    "57": "Disetujui secara otomatis (fiktif positif)",
    "60": "Peringatan",
    "70": "Penghentian Sementara Kegiatan Berusaha",
    "80": "Pengenaan Denda Administratif",
    "90": "Ditolak",
    "93": "Penolakan Persyaratan",
}

_TITLES: dict[str, tuple[str, str]] = {
    "09": ("Permohonan diterima", "Application received"),
    "10": ("Berkas lengkap", "Documents complete"),
    "11": ("Perlu perbaikan", "Needs correction"),
    "20": ("Sedang diperiksa dinas teknis", "Being checked by the technical agencies"),
    "40": ("Pemeriksaan lapangan", "Site inspection"),
    "41": ("Waktu layanan dihentikan sementara", "Service clock paused"),
    "42": ("Sedang diperiksa dinas teknis", "Being checked by the technical agencies"),
    "43": ("Waktu layanan dihentikan sementara", "Service clock paused"),
    "44": ("Sedang diperiksa dinas teknis", "Being checked by the technical agencies"),
    "45": ("Menunggu tanda tangan", "Waiting for the signature"),
    "50": ("Izin disetujui", "Approved"),
    "57": ("Disetujui otomatis oleh OSS", "Approved automatically by OSS"),
    "90": ("Permohonan ditolak", "Application refused"),
    "93": ("Persyaratan ditolak", "Requirements refused"),
}
_ENDS = {"50", "52", "57", "90", "93"}
_STOPS = {"41", "43"}
_COMPLETE = {"10", "20", "40", "41", "42", "43", "44", "45", "49", *_ENDS}
_SIGNED = {"50", "52", "57"}
_DAYS_ID = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
_MONTHS_ID = ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des")


@dataclass(frozen=True, slots=True)
class Entry:
    kd_status: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Approval:
    """A technical agency's part. `days` 0: no limit given."""

    agency: str
    detail_id: str
    detail_en: str
    began: datetime
    ended: datetime | None
    days: int


def words(id_: str, en: str) -> Plain:
    return {"id": id_, "en": en}


def is_working(day: date, holidays: frozenset[date]) -> bool:
    return day.weekday() < 5 and day not in holidays


def working_days(first: date, last: date, holidays: frozenset[date]) -> set[date]:
    """All working days from first to last, both counted."""
    span = (last - first).days
    return {day for n in range(span + 1) if is_working(day := first + timedelta(n), holidays)}


def add_working_days(first: date, days: int, holidays: frozenset[date]) -> date:
    """The `days`-th working day from `first` on, which is the first when it is one itself."""
    day, left = first, days
    while True:
        left -= is_working(day, holidays)
        if left <= 0:
            return day
        day += timedelta(1)


def service_days(history: Sequence[Entry], now: datetime, holidays: frozenset[date]) -> tuple[int, str]:
    """(working days counted by the service clock, "berjalan" | "berhenti" | "selesai")."""
    counted: set[date] = set()
    since: date | None = None
    clock = "berjalan"
    for entry in history:
        day = entry.at.astimezone(WIB).date()
        if since is None and clock == "berjalan":
            since = day
        elif entry.kd_status in _STOPS | _ENDS and since is not None:
            counted |= working_days(since, day, holidays)
            since = None
        if entry.kd_status in _STOPS:
            clock = "berhenti"
        if entry.kd_status in ("43", "44"):
            counted = set()
        if entry.kd_status in ("42", "44"):
            since, clock = day, "berjalan"
        if entry.kd_status in _ENDS:
            return len(counted), "selesai"
    if since is not None:
        counted |= working_days(since, now.astimezone(WIB).date(), holidays)
    return len(counted), clock


def _date_id(at: datetime) -> str:
    day = at.astimezone(WIB)
    return f"{_DAYS_ID[day.weekday()]}, {day.day} {_MONTHS_ID[day.month - 1]} {day.year}"


def _date_en(at: datetime) -> str:
    day = at.astimezone(WIB)
    return f"{day:%A}, {day.day} {day:%b} {day.year}"


def _step(
    title: tuple[str, str],
    detail: tuple[str, str],
    state: str,
    *,
    agency: str = "",
    parallel: bool = False,
    day: int = 0,
    days: int = 0,
    at: datetime | None = None,
) -> Plain:
    return {
        "judul": words(*title),
        "rincian": words(*detail),
        "keadaan": state,
        "sejajar": parallel,
        "instansi": agency,
        "hari_ke": day,
        "dari_hari": days,
        "tanggal": at.astimezone(WIB).date().isoformat() if at else "",
    }


def status_words(
    history: Sequence[Entry],
    approvals: Sequence[Approval],
    *,
    days: int,
    now: datetime,
    holidays: frozenset[date] = frozenset(),
) -> Plain:
    """`StatusWords` of the contract. `history` is in order and not empty; `days` is the service standard."""
    last = history[-1].kd_status
    day, clock = service_days(history, now, holidays)
    title = _TITLES.get(last, (URAIAN.get(last, last), URAIAN.get(last, last)))
    return {
        "kd_status": last,
        "uraian_status": URAIAN.get(last, last),
        "judul": words(*title),
        "hari_ke": day,
        "dari_hari": days,
        "jam_layanan": clock,
        "langkah": _steps(history, approvals, now, holidays),
    }


def _steps(
    history: Sequence[Entry], approvals: Sequence[Approval], now: datetime, holidays: frozenset[date]
) -> list[Plain]:
    codes = {entry.kd_status for entry in history}
    last = history[-1].kd_status
    first = history[0].at
    began = first.astimezone(WIB).date()
    steps = [
        _step(
            ("Permohonan diterima", "Application received"),
            (_date_id(first), _date_en(first)),
            "done",
            day=1,
            at=first,
        )
    ]
    complete = next((entry.at for entry in history if entry.kd_status in _COMPLETE), None)
    if last == "11":
        detail = (
            "Perbaiki isian atau berkas, lalu kirim lagi",
            "Correct answers or documents and send again",
        )
        steps.append(_step(("Perlu perbaikan", "Needs correction"), detail, "now", agency="DPMPTSP"))
    else:
        taken = len(working_days(began, (complete or now).astimezone(WIB).date(), holidays))
        steps.append(
            _step(
                ("Berkas lengkap", "Documents complete"),
                ("Diperiksa petugas DPMPTSP", "Checked by DPMPTSP's officers"),
                "done" if complete else "now",
                agency="DPMPTSP",
                day=max(1, taken) if complete is None else max(1, taken - 1),
                at=complete,
            )
        )
    steps += [_approval(one, now, holidays) for one in approvals]
    if last in ("90", "93"):
        at = history[-1].at
        steps.append(_step(_TITLES[last], (_date_id(at), _date_en(at)), "done", at=at))
        return steps
    signed = next((entry.at for entry in history if entry.kd_status in _SIGNED), None)
    waiting = "now" if last in ("45", "49") else "ahead"
    steps.append(
        _step(
            ("Tanda tangan Kepala Dinas", "Signature of the head of office"),
            ("Tanda tangan elektronik", "Electronic signature"),
            "done" if codes & _SIGNED else waiting,
            agency="DPMPTSP",
            days=2,
            at=signed,
        )
    )
    steps.append(
        _step(
            ("Izin terbit", "Permit issued"),
            ("Dikirim ke HP dan surel Anda", "Sent to your phone and e-mail"),
            "done" if codes & _SIGNED else "ahead",
            at=signed,
        )
    )
    return steps


def _approval(one: Approval, now: datetime, holidays: frozenset[date]) -> Plain:
    last = (one.ended or now).astimezone(WIB).date()
    taken = len(working_days(one.began.astimezone(WIB).date(), last, holidays))
    late = one.ended is None and one.days and taken > one.days
    return _step(
        (one.agency, one.agency),
        (one.detail_id, one.detail_en),
        "done" if one.ended else "late" if late else "now",
        agency=one.agency,
        parallel=True,
        day=taken,
        days=one.days,
        at=one.ended,
    )
