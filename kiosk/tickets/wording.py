"""The words on paper, Indonesian and English, and dates as people write them."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime, time, timedelta
from typing import Final

from hardware.printer.port import Text
from kiosk.tickets.model import Language, Stamp

WORDS: Final[dict[str, tuple[str, str]]] = {
    "your_number": ("Nomor antrean Anda", "Your queue number"),
    "ahead": ("Di depan Anda", "Ahead of you"),
    "called": ("Kira-kira dipanggil", "Called at about"),
    "scan_queue": ("Pindai untuk pantau dari HP.", "Scan to follow your turn."),
    "copy": ("SALINAN", "COPY"),
    "provisional": ("NOMOR SEMENTARA", "TEMPORARY NUMBER"),
    "show_officer": (
        "Jaringan sedang terputus. Tunjukkan karcis ini kepada petugas.",
        "The line is down. Please show this ticket to an officer.",
    ),
    "receipt": ("Permohonan terkirim", "Application sent"),
    "status": ("Status permohonan", "Application status"),
    "receipt_waiting": (
        "Tersimpan di anjungan, dikirim saat jaringan kembali.",
        "Saved at the kiosk; it is sent when the line is back.",
    ),
    "application_number": ("Nomor permohonan", "Application number"),
    "sent_at": ("Dikirim", "Sent"),
    "saved_at": ("Disimpan", "Saved"),
    "day": ("Hari layanan", "Service day"),
    "scan_status": ("Pindai untuk lihat status dari HP.", "Scan to see its status on your phone."),
    "scan_more": ("Pindai untuk baca di HP.", "Scan to read it on your phone."),
    "keep": ("Simpan karcis ini. Bukan izin usaha.", "Keep this ticket. It is not a licence."),
    "bring": ("Yang perlu dibawa", "What to bring"),
    "indicative": ("Indikatif, ditetapkan OSS", "Indicative; OSS decides"),
    "source": ("Sumber", "Source"),
    "checked": ("Diperiksa", "Checked"),
    "draft": ("Draf permohonan", "Draft application"),
    "scan_draft": (
        "Pindai di anjungan untuk melanjutkan.",
        "Scan at the kiosk to continue.",
    ),
    "valid": ("Berlaku 7 hari, sampai", "Valid for 7 days, until"),
    "valid_until": ("Berlaku sampai", "Valid until"),
    "keep_private": (
        "Jangan berikan kepada orang lain: QR ini membuka draf Anda.",
        "Do not hand it to others: this QR opens your draft.",
    ),
    "separator": ("Lembar pemisah arsip", "Archive separator"),
    "separator_use": (
        "Letakkan di antara dua dokumen. Halaman berikutnya menjadi dokumen baru.",
        "Put between two documents. The next page begins a new one.",
    ),
    "free": ("Layanan ini gratis. Tolak pungutan liar.", "This service is free. Refuse illegal fees."),
}

_DAYS: Final = (
    ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"),
    ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
)
_MONTHS: Final = (
    ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"),
    ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)
_ZONES: Final = {timedelta(hours=7): "WIB", timedelta(hours=8): "WITA", timedelta(hours=9): "WIT"}


def say(key: str, language: Language) -> str:
    """One fixed phrase. KeyError for an unknown key."""
    return WORDS[key][language == "en"]


def day(when: date, language: Language, *, weekday: bool = False) -> str:
    """ "24 Nov 2026", with `weekday` "Selasa, 24 Nov 2026"."""
    english = language == "en"
    words = f"{when.day} {_MONTHS[english][when.month - 1]} {when.year}"
    return f"{_DAYS[english][when.weekday()]}, {words}" if weekday else words


def clock(when: time, language: Language) -> str:
    """ "09.45" in Indonesian, "09:45" in English."""
    return f"{when:%H}{'.' if language == 'id' else ':'}{when:%M}"


def called_about(when: time, language: Language) -> str:
    return f"pukul {clock(when, language)}" if language == "id" else clock(when, language)


def people(count: int, language: Language) -> str:
    """ "6 orang"; nobody ahead is said in words."""
    if language == "id":
        return f"{count} orang" if count else "tidak ada"
    if count == 1:
        return "1 person"
    return f"{count} people" if count else "nobody"


def moment(when: datetime, language: Language) -> str:
    """ "Selasa, 24 Nov 2026, 09.27 WIB"."""
    zone = _ZONES.get(when.utcoffset() or timedelta(), "")
    return f"{day(when, language, weekday=True)}, {clock(when.timetz(), language)} {zone}".strip()


def foot(stamp: Stamp) -> list[Text]:
    """The last lines, in the printer's own font; without the moment when the stamp has none."""
    when = f"{moment(stamp.issued_at, stamp.language)}  " if stamp.issued_at else ""
    return [
        Text(ascii_line(f"{when}{stamp.kiosk}")),
        Text(ascii_line(say("free", stamp.language))),
    ]


def ascii_line(words: str) -> str:
    """At most 48 ASCII characters: accents are dropped, other signs become a question mark."""
    plain = unicodedata.normalize("NFKD", words.replace("–", "-").replace("—", "-"))
    kept = "".join(char for char in plain if not unicodedata.combining(char))
    return kept.encode("ascii", "replace").decode("ascii")[:48]
