"""The terminal's words, Indonesian and English, and numbers as each writes them. Commands and options are English."""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import dataclass
from zoneinfo import ZoneInfo

DAYS_ID = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
MONTHS_ID = ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des")
ZONES = {"Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}
NARROW = "\u202f"

WORDS: dict[str, tuple[str, str]] = {
    "kiosk": ("kios", "kiosks"),
    "healthy": ("sehat", "healthy"),
    "busy": ("dipakai", "in use"),
    "updating": ("memperbarui", "updating"),
    "look": ("periksa", "check"),
    "lost": ("terputus", "offline"),
    "Kiosk": ("Kios", "Kiosk"),
    "Place": ("Tempat", "Place"),
    "State": ("Keadaan", "State"),
    "Version": ("Versi", "Version"),
    "Set": ("Set", "Set"),
    "Seen": ("Terlihat", "Seen"),
    "Paper": ("Kertas", "Paper"),
    "Disk": ("Disk", "Disk"),
    "Queue": ("Antre", "Queue"),
    "Note": ("Catatan", "Note"),
    "paper ok": ("cukup", "enough"),
    "paper low": ("menipis", "low"),
    "paper out": ("habis", "out"),
    "no paper": ("kertas habis", "paper is out"),
    "mute": ("tidak memberi tahu apakah dipakai", "does not say whether it is in use"),
    "since": ("sejak {}", "since {}"),
    "disk full": ("disk {} %", "disk {} %"),
    "settings differ": ("setelan berbeda", "settings differ"),
    "never": ("belum pernah", "never"),
    "clock": ("jam salah {}", "clock wrong by {}"),
    "certificate": ("sertifikat {} hari", "certificate {} days"),
    "failed": ("{} gagal: {}", "{} failed: {}"),
    "down": ("tidak melayani", "not serving"),
    "silent": ("tersambung tetapi diam", "connected but silent"),
    "slow line": ("{} kiriman menunggu", "{} deliveries waiting"),
    "download": ("mengunduh {} %", "downloading {} %"),
    "unpack": ("memasang", "installing"),
    "waiting": ("menunggu kunjungan selesai", "waiting for the visit to end"),
    "proving": ("membuktikan sehat", "proving health"),
    "of minutes": ("sehat {} dari {} menit", "healthy {} of {} minutes"),
    "hidden": ("{} kios sehat lainnya tidak ditampilkan.", "{} more healthy kiosks are not shown."),
    "legend": ("Setelan: {} sama, {} berbeda", "Settings: {} same, {} differ"),
    "none": ("Belum ada kios.", "No kiosks yet."),
    "s": ("dtk", "s"),
    "min": ("mnt", "min"),
    "h": ("jam", "h"),
    "d": ("hari", "d"),
    "Release": ("Rilis", "Release"),
    "signed": ("ditandatangani, {} dari {} kunci", "signed, {} of {} keys"),
    "started": ("mulai {}", "started {}"),
    "rule": ("sehat = {} menit tanpa gangguan", "healthy = {} minutes without trouble"),
    "Wave": ("Gelombang", "Wave"),
    "Progress": ("Kemajuan", "Progress"),
    "Healthy": ("Sehat", "Healthy"),
    "Running": ("Jalan", "Running"),
    "Pending": ("Tunda", "Pending"),
    "Failed": ("Gagal", "Failed"),
    "canary": ("kenari", "canary"),
    "All": ("Semua", "All"),
    "finished": ("selesai {}", "done {}"),
    "under way": ("berjalan", "under way"),
    "wait for": ("menunggu {}", "waits for {}"),
    "n waiting": ("{} menunggu", "{} waiting"),
    "pending": ("tunda", "pending"),
    "pending text": (
        "{} terputus. Menyusul sendiri saat tersambung; tidak menahan gelombang.",
        "{} offline. Catches up when connected; does not hold the wave.",
    ),
    "halted title": ("{} Rilis {} dihentikan", "{} Release {} halted"),
    "halted in": ("Dihentikan di gelombang {}, {}.", "Halted in wave {}, {}."),
    "others": ("{} kios lain menerima rilis ini.", "{} other kiosks received this release."),
    "sticky": ("Tidak berlanjut sendiri.", "It does not go on by itself."),
    "see": ("Lihat", "See"),
    "then": ("lalu", "then"),
    "no rollout": ("Belum ada rilis yang dibagikan.", "No release is on its way."),
}

SIGNS = {
    "ok": "✓",
    "up": "↑",
    "look": "▲",
    "lost": "×",
    "same": "=",
    "differ": "≠",
    "arrow": "→",
    "dash": "–",
}
ASCII = {
    "ok": "ok",
    "up": "^",
    "look": "!",
    "lost": "x",
    "same": "=",
    "differ": "#",
    "arrow": ">",
    "dash": "-",
}
BARS = {"healthy": "━", "running": "╍", "pending": "┄", "failed": "✕", "waiting": "·"}
ASCII_BARS = {"healthy": "=", "running": "+", "pending": "-", "failed": "x", "waiting": "."}


@dataclass(frozen=True, slots=True)
class Voice:
    """A language and a set of signs."""

    english: bool = False
    ascii: bool = False
    timezone: str = "Asia/Jakarta"

    def __call__(self, key: str, *values: object) -> str:
        return WORDS[key][1 if self.english else 0].format(*values)

    def sign(self, name: str) -> str:
        return (ASCII if self.ascii else SIGNS)[name]

    def bar(self, name: str) -> str:
        return (ASCII_BARS if self.ascii else BARS)[name]

    def percent(self, value: int | None) -> str:
        space = " " if self.ascii else NARROW
        return self.sign("dash") if value is None else f"{value}%" if self.english else f"{value}{space}%"

    def age(self, seconds: float) -> str:
        """ "6 dtk", "41 mnt", "5 jam", "2 hari": one number, cut, never rounded up."""
        if seconds > 1e11:
            return self.sign("dash")
        for limit, unit, word in ((60, 1, "s"), (3600, 60, "min"), (86400, 3600, "h")):
            if seconds < limit:
                return f"{int(seconds // unit)} {self(word)}"
        return f"{int(seconds // 86400)} {self('d')}"

    def clock(self, at: dt.datetime, *, day: bool = False, weekday: bool = False) -> str:
        """ "09.12", "22 Nov 09.12" or "Rabu 25 Nov 09.58" in the office's zone."""
        local = at.astimezone(ZoneInfo(self.timezone))
        month = local.strftime("%b") if self.english else MONTHS_ID[local.month - 1]
        name = local.strftime("%A") if self.english else DAYS_ID[local.weekday()]
        time = f"{local:%H:%M}" if self.english else f"{local:%H.%M}"
        return f"{name + ' ' if weekday else ''}{f'{local.day} {month} ' if day or weekday else ''}{time}"

    def now(self, at: dt.datetime) -> str:
        local = at.astimezone(ZoneInfo(self.timezone))
        zone = ZONES.get(self.timezone, local.strftime("%Z"))
        if self.english:
            return f"{local:%A}, {local.day} {local:%b %Y, %H:%M:%S} {zone}"
        day, month = DAYS_ID[local.weekday()], MONTHS_ID[local.month - 1]
        return f"{day}, {local.day} {month} {local.year}, {local:%H.%M.%S} {zone}"


def voice(*, ascii_only: bool = False, timezone: str = "Asia/Jakarta") -> Voice:
    """By `LC_ALL`, `LC_MESSAGES`, `LANG`; Indonesian unless they say English."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if os.environ.get(name):
            return Voice(os.environ[name].lower().startswith("en"), ascii_only, timezone)
    return Voice(False, ascii_only, timezone)
