"""The numbers a visitor types: NIK, NIB, phone, one-time code.

A NIK is PPKKCC DDMMYY NNNN, with 40 added to the day for women; it has no check digit and the century is not in it.
The region is the one at issue, so a region this kiosk does not know is worth a warning and never a refusal.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Container
from dataclasses import dataclass
from enum import StrEnum

NIK_DIGITS = 16
NIB_DIGITS = 13
CODE_DIGITS = 6
PHONE_DIGITS = range(10, 14)

_DAYS_IN_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class Doubt(StrEnum):
    """What is wrong or odd about a number. `SHORT`, `LONG`, `DATE` and `SHAPE` block; `REGION` only warns."""

    SHORT = "short"
    LONG = "long"
    SHAPE = "shape"
    DATE = "date"
    REGION = "region"

    @property
    def blocks(self) -> bool:
        return self is not Doubt.REGION


@dataclass(frozen=True, slots=True)
class Verdict:
    """`digits` are plain ASCII. `doubt` is None when the number has the right form; the form proves nothing."""

    digits: str
    doubt: Doubt | None = None

    @property
    def acceptable(self) -> bool:
        return self.doubt is None or not self.doubt.blocks

    def __repr__(self) -> str:
        return f"Verdict({len(self.digits)} digits, {self.doubt})"


def plain_digits(text: str) -> str:
    """The digits of `text` as ASCII; full-width and other decimal digits count, everything else is left out."""
    return "".join(
        str(unicodedata.decimal(char)) for char in text if unicodedata.decimal(char, None) is not None
    )


def _length(digits: str, wanted: range) -> Doubt | None:
    if len(digits) < wanted.start:
        return Doubt.SHORT
    return Doubt.LONG if len(digits) >= wanted.stop else None


def check_nik(text: str, regions: Container[str] = ()) -> Verdict:
    """Judge a NIK. `regions` holds the known six-digit district codes; left empty, regions are not judged."""
    digits = plain_digits(text)
    if doubt := _length(digits, range(NIK_DIGITS, NIK_DIGITS + 1)):
        return Verdict(digits, doubt)
    day, month = int(digits[6:8]), int(digits[8:10])
    if day > 40:
        day -= 40
    if (
        not 1 <= month <= 12
        or not 1 <= day <= _DAYS_IN_MONTH[month - 1]
        or ((day, month) == (29, 2) and _never_leap(digits))
    ):
        return Verdict(digits, Doubt.DATE)
    if digits[12:] == "0000":
        return Verdict(digits, Doubt.SHAPE)
    if regions != () and digits[:6] not in regions:
        return Verdict(digits, Doubt.REGION)
    return Verdict(digits)


def _never_leap(digits: str) -> bool:
    """29 February needs a leap year in either century the two digits may mean (1900 itself was none)."""
    year = int(digits[10:12])
    return year % 4 != 0


def check_nib(text: str) -> Verdict:
    """Judge a NIB: 13 digits."""
    digits = plain_digits(text)
    return Verdict(digits, _length(digits, range(NIB_DIGITS, NIB_DIGITS + 1)))


def check_phone(text: str) -> Verdict:
    """Judge an Indonesian mobile number; +62 and 62 become 0. 10 to 13 digits beginning with 08."""
    digits = plain_digits(text)
    if digits.startswith("62"):
        digits = "0" + digits[2:]
    doubt = _length(digits, PHONE_DIGITS)
    if doubt is None and not digits.startswith("08"):
        doubt = Doubt.SHAPE
    return Verdict(digits, doubt)


def check_code(text: str) -> Verdict:
    """Judge the form of a one-time code: six digits."""
    digits = plain_digits(text)
    return Verdict(digits, _length(digits, range(CODE_DIGITS, CODE_DIGITS + 1)))


def mask_phone(digits: str) -> str:
    """ "081234564821" → "08•• •••• 4821"."""
    return f"{digits[:2]}•• •••• {digits[-4:]}" if len(digits) >= 8 else "••••"
