"""Exact numbers into printed ones: half up, once, at the very end, in the manner of id-ID or English.

Figures stay `Fraction` until they are printed, so 7 → 4 days is 42.857142… % and prints as 42,9 %, and a value on the
edge of a band is judged as the number that people see.
"""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction
from typing import Literal

Language = Literal["id", "en"]
Number = int | Fraction
MINUS = "−"
NARROW = "\u202f"
"""Narrow no-break space; stands before % in Indonesian."""

MONTHS: dict[Language, tuple[str, ...]] = {
    "id": (
        "Januari",
        "Februari",
        "Maret",
        "April",
        "Mei",
        "Juni",
        "Juli",
        "Agustus",
        "September",
        "Oktober",
        "November",
        "Desember",
    ),
    "en": (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
}
SHORT_MONTHS: dict[Language, tuple[str, ...]] = {
    "id": ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}
SHORT_DAYS = ("Sen", "Sel", "Rab", "Kam", "Jum", "Sab", "Min")


def half_up(value: Number, places: int) -> Fraction:
    """`value` rounded to `places` decimals, halves away from zero. Exact."""
    scale = 10**places
    whole = int(abs(value) * scale + Fraction(1, 2))
    return Fraction(-whole if value < 0 else whole, scale)


def plain(value: Number, places: int) -> str:
    """With a decimal point and no grouping, for machines: "91.48"."""
    scale = 10**places
    whole = int(abs(half_up(value, places)) * scale)
    sign = "-" if value < 0 and whole else ""
    return f"{sign}{whole // scale}.{whole % scale:0{places}d}" if places else f"{sign}{whole}"


def number(value: Number, places: int = 0, language: Language = "id") -> str:
    """Grouped for reading: 1.020 and 89,67 in Indonesian, 1,020 and 89.67 in English; a true minus sign."""
    text = plain(abs(value), places)
    whole, _, rest = text.partition(".")
    grouped = f"{int(whole):,}"
    minus = f"{MINUS}{NARROW}" if value < 0 and text.strip("0.") else ""
    if language == "id":
        return minus + grouped.replace(",", ".") + ("," + rest if rest else "")
    return minus + grouped + ("." + rest if rest else "")


def percent(share: Number, language: Language = "id", places: int = 1) -> str:
    """A share (0–1) as per cent: "42,9 %" with a narrow space, "42.9%"."""
    return number(share * 100, places, language) + (f"{NARROW}%" if language == "id" else "%")


def points(difference: Number, language: Language = "id") -> str:
    """The size of a difference of two shares, in percentage points: "36,4 poin"."""
    return f"{number(abs(difference) * 100, 1, language)} {'poin' if language == 'id' else 'points'}"


def rupiah(value: Number, language: Language = "id") -> str:
    """ "Rp4.250.000" or "IDR 4,250,000"; whole rupiah."""
    return f"Rp{number(value, 0, 'id')}" if language == "id" else f"IDR {number(value, 0, 'en')}"


def day(value: date, language: Language = "id", *, long: bool = False) -> str:
    """ "24 Nov 2026", or "24 November 2026" when `long`."""
    names = (MONTHS if long else SHORT_MONTHS)[language]
    return f"{value.day} {names[value.month - 1]} {value.year}"


def moment(value: datetime, language: Language = "id") -> str:
    """ "24 Nov 2026, 09.24 WIB" or "24 Nov 2026, 09:24". `value` must already be in WIB."""
    sign = "." if language == "id" else ":"
    clock = f"{value.hour:02d}{sign}{value.minute:02d}"
    return f"{day(value, language)}, {clock}{' WIB' if language == 'id' else ''}"


_ONES: dict[Language, tuple[str, ...]] = {
    "id": (
        "nol",
        "satu",
        "dua",
        "tiga",
        "empat",
        "lima",
        "enam",
        "tujuh",
        "delapan",
        "sembilan",
        "sepuluh",
        "sebelas",
        "dua_belas",
    ),
    "en": (
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
    ),
}


def word(value: int, language: Language = "id") -> str:
    """Small whole numbers in words (0–12), as titles say them; larger ones in figures."""
    return _ONES[language][value].replace("_", " ") if 0 <= value <= 12 else number(value, 0, language)
