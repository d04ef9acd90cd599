"""CONTOH: invented people and applications, so that there is something to look at. No line here is about anybody.

The region 99 of their NIKs does not exist; names and businesses say CONTOH.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta

from hardware.world.port import GOOD_UID
from kiosk.sandbox.queue import call_next, today
from kiosk.sandbox.state import Sandbox
from kiosk.sandbox.tables import Row
from kiosk.sandbox.timeline import WIB, is_working

PEOPLE: tuple[Row, ...] = (
    {
        "id": "contoh-1",
        "nik": "9971024502900002",
        "nama": "CONTOH PENYEWA",
        "jenis_kelamin": "P",
        "hp": "081200004821",
        "uid": "04c0ffee990001",
        "nib": "9900000000017",
    },
    {
        "id": "contoh-2",
        "nik": "9971010101700001",
        "nama": "CONTOH PEMILIK",
        "jenis_kelamin": "L",
        "hp": "081200001704",
        "uid": "04c0ffee990002",
        "nib": "9900000000025",
    },
    {
        "id": "contoh-3",
        "nik": "9971031203850003",
        "nama": "CONTOH BENGKEL",
        "jenis_kelamin": "L",
        "hp": "081200003088",
        "uid": GOOD_UID,
        "nib": "9900000000033 9900000000041",
    },
)
HALL = (("perizinan", 46, 39), ("informasi", 12, 11), ("pengaduan", 4, 4))
"""(service, numbers given today, of them called)."""


def seed(sandbox: Sandbox) -> None:
    """Fill an empty portal. Dates count back from now, so that days run as on the drawn screen."""
    with sandbox.lock:
        if sandbox.tables.count("people") == 0:
            sandbox.tables.db.table("people").insert_all(list(PEOPLE))
            _applications(sandbox)
        if sandbox.tables.count("tickets", "hari = ?", today(sandbox)) == 0:
            _hall(sandbox)


def _working_back(sandbox: Sandbox, days: int, hour: int = 9) -> str:
    """The time `hour` on the working day `days` before today (0: today or the last working day)."""
    day: date = sandbox.now().astimezone(WIB).date()
    left = days
    while not is_working(day, sandbox.settings.holidays) or left > 0:
        left -= is_working(day, sandbox.settings.holidays)
        day -= timedelta(1)
    return datetime.combine(day, time(hour), WIB).astimezone(UTC).isoformat()


def _applications(sandbox: Sandbox) -> None:
    def at(days: int, hour: int = 9) -> str:
        return _working_back(sandbox, days, hour)

    _add(
        sandbox,
        388,
        "contoh-3",
        at(6),
        "25920",
        "CONTOH Bengkel Las Jaya",
        [("09", at(6), "Pemohon"), ("10", at(5), "DPMPTSP"), ("20", at(4), "DPMPTSP")],
        [
            ("Dinas PU", "Tata ruang: disetujui", "Spatial plan: approved", at(4), at(2), 7),
            ("Lingkungan Hidup (DLH)", "Memeriksa UKL-UPL", "Checking the UKL-UPL", at(4), "", 7),
            ("Pemadam Kebakaran", "Menjadwalkan kunjungan", "Scheduling a visit", at(4), "", 7),
        ],
    )
    _add(
        sandbox,
        402,
        "contoh-1",
        at(3),
        "56303",
        "CONTOH Warung Kopi Bahari",
        [("09", at(3), "Pemohon"), ("11", at(1), "DPMPTSP")],
        [],
    )
    _add(
        sandbox,
        371,
        "contoh-1",
        at(12),
        "47112",
        "CONTOH Toko Kelontong",
        [
            ("09", at(12), "Pemohon"),
            ("10", at(11), "DPMPTSP"),
            ("20", at(11, 10), "DPMPTSP"),
            ("45", at(7), "DPMPTSP"),
            ("50", at(6), "DPMPTSP"),
        ],
        [("Dinas PU", "Tata ruang: disetujui", "Spatial plan: approved", at(11), at(8), 7)],
    )
    _add(
        sandbox,
        416,
        "contoh-2",
        at(8),
        "55130",
        "CONTOH Penginapan Pantai",
        [
            ("09", at(8), "Pemohon"),
            ("10", at(7), "DPMPTSP"),
            ("20", at(6), "DPMPTSP"),
            ("41", at(4), "DPMPTSP"),
        ],
        [("Lingkungan Hidup (DLH)", "Menunggu data dari pemohon", "Waiting for your data", at(6), "", 7)],
    )


def _add(
    sandbox: Sandbox,
    urut: int,
    subject: str,
    received: str,
    kbli: str,
    name: str,
    history: list[tuple[str, str, str]],
    approvals: list[tuple[str, str, str, str, str, int]],
) -> None:
    year = sandbox.now().astimezone(WIB).year
    nomor = f"{sandbox.settings.prefix}-{year}-{urut:04d}-{sandbox.random_part(8)}"
    sandbox.tables.put(
        "applications",
        {
            "nomor": nomor,
            "urut": urut,
            "subject": subject,
            "session": "",
            "device": "",
            "diterima": received,
            "kbli": kbli,
            "kbli_versi": "2025",
            "skala_usaha": "01",
            "kd_resiko": "MT",
            "kd_daerah": "1706000000",
            "versi_syarat": "contoh",
            "nama_perseroan": name,
            "nib": "",
            "isian": json.dumps({"business_name": name}),
            "dokumen": "[]",
            "persetujuan": json.dumps({"versi": "contoh", "whatsapp": False}),
            "dari_hari": sandbox.settings.service_days,
        },
    )
    for kd_status, at, instansi in history:
        sandbox.tables.put(
            "history", {"nomor": nomor, "kd_status": kd_status, "tgl_status": at, "instansi": instansi}
        )
    for instansi, words_id, words_en, began, ended, days in approvals:
        sandbox.tables.put(
            "approvals",
            {
                "nomor": nomor,
                "instansi": instansi,
                "rincian_id": words_id,
                "rincian_en": words_en,
                "mulai": began,
                "selesai": ended,
                "dari_hari": days,
            },
        )


def _hall(sandbox: Sandbox) -> None:
    prefixes = {"perizinan": "A", "informasi": "B", "pengaduan": "C"}
    now, day = sandbox.now(), today(sandbox)
    rows: list[Row] = []
    for service, given, called in HALL:
        for urut in range(1, given + 1):
            done = urut <= called
            when = (now - timedelta(minutes=6 * (called - urut) + 6)).isoformat() if done else ""
            rows.append(
                {
                    "kode": sandbox.random_part(16),
                    "nomor": f"{prefixes[service]}-{urut:03d}",
                    "sementara": "",
                    "layanan": service,
                    "hari": day,
                    "urut": urut,
                    "prioritas": 0,
                    "keadaan": "selesai" if done else "menunggu",
                    "diambil": (now - timedelta(minutes=6 * (given - urut) + 30)).isoformat(),
                    "dipanggil": when,
                    "device": "",
                }
            )
    sandbox.tables.db.table("tickets").insert_all(rows)
    call_next(sandbox, "perizinan")
