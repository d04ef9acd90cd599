"""Whether what was read from the face of an e-KTP is believed. Anything doubtful is asked, never guessed.

Two readers must have seen the same sixteen digits, the digits must hold a possible date of birth, and where the card's
own line with the birth date was read, it must be the date in the number.
"""

from __future__ import annotations

import re

from kiosk.identity.numbers import check_nik

_DATE = re.compile(r"(\d{2})\s?[-./]\s?(\d{2})\s?[-./]\s?(\d{4})(?!\d)")


def believed(numbers: tuple[str, ...], birth: str = "") -> str:
    """The NIK that all readers agree on, or "" when it must be asked. `birth` is "TOWN, 05-02-1990" as read."""
    if len(numbers) < 2 or len(set(numbers)) != 1:
        return ""
    verdict = check_nik(numbers[0])
    if not verdict.acceptable or verdict.digits != numbers[0]:
        return ""
    return verdict.digits if _same_birth(verdict.digits, birth) else ""


def _same_birth(nik: str, birth: str) -> bool:
    """False only when a whole date was read and is another one. A line that was not read speaks neither way."""
    found = _DATE.search(birth)
    if found is None:
        return True
    day, month, year = found[1], found[2], found[3][2:]
    return int(day) <= 31 and nik[6:12] in (f"{day}{month}{year}", f"{int(day) + 40:02d}{month}{year}")
