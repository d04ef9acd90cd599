"""Officers: who they are, what each role may open, and how their credentials are written down.

An officer is asked for two things: the officer card and a PIN, or, where there is no card, a PIN and a one-time code.
What is kept of them is what checks those two (argon2id hash, public key, code secret), a short number they type, and
the name their own half of the screen shows. The event log knows an officer by `alias` alone: eight random letters.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import pairwise
from typing import cast

FORMAT = 1
NUMBER = re.compile(r"\d{2,4}")
"""What an officer types to say who they are. It is no secret and no NIP."""
ALIAS = re.compile(r"[a-z]{8}")
PIN_DIGITS = range(6, 13)
POINT_BYTES = 65
"""An uncompressed P-256 point: 04, x, y (SEC 1, section 2.3.3)."""


class Role(StrEnum):
    OFFICER = "officer"
    SUPERVISOR = "supervisor"
    IT = "it"


class Duty(StrEnum):
    """What can be opened with officer credentials."""

    ASSIST = "assist"
    """The assisted mode beside a visitor."""
    DESK = "desk"
    """The desk page: calls, kiosks, stuck steps."""
    ARCHIVE = "archive"
    """Batch capture of the paper archive, and looking things up in it."""
    MACHINE = "machine"
    """Diagnostics of this kiosk: no visitor, no document."""


MAY: dict[Role, frozenset[Duty]] = {
    Role.OFFICER: frozenset({Duty.ASSIST, Duty.DESK, Duty.ARCHIVE}),
    Role.SUPERVISOR: frozenset({Duty.ASSIST, Duty.DESK, Duty.ARCHIVE, Duty.MACHINE}),
    Role.IT: frozenset({Duty.MACHINE}),
}
"""The one table of it. IT mends machines and stands beside no visitor."""


@dataclass(frozen=True, slots=True)
class Officer:
    number: str
    alias: str
    name: str = field(repr=False)
    """As colleagues say it ("Bu Sari"); shown on the officer's half only."""
    role: Role = Role.OFFICER
    counter: str = ""
    """"Loket 2", beside the name."""
    pin: str = field(default="", repr=False)
    """An argon2id hash in PHC form, parameters included."""
    card: bytes = field(default=b"", repr=False)
    """Public key of the officer card as an uncompressed P-256 point; empty: no card."""
    code: str = field(default="", repr=False)
    """Secret of the one-time code, base32; empty: no code."""
    locked: bool = False
    """Locked by hand (`kiosk officer lock`): nothing opens, whatever is typed."""

    def may(self, duty: Duty) -> bool:
        return not self.locked and duty in MAY[self.role]


class OfficersError(ValueError):
    """An officers file that cannot be used; says why in one line and never repeats a secret."""


def to_text(officers: Iterable[Officer]) -> str:
    """The officers file: JSON, one entry an officer, by number."""
    entries = [
        {
            "number": one.number,
            "alias": one.alias,
            "name": one.name,
            "role": one.role.value,
            "counter": one.counter,
            "pin": one.pin,
            "card": one.card.hex(),
            "code": one.code,
            "locked": one.locked,
        }
        for one in sorted(officers, key=lambda one: one.number)
    ]
    return json.dumps({"format": FORMAT, "officers": entries}, ensure_ascii=False, indent=1) + "\n"


def from_text(text: str) -> tuple[Officer, ...]:
    """Read an officers file. Raises `OfficersError`."""
    try:
        whole: object = json.loads(text)
    except json.JSONDecodeError as error:
        raise OfficersError(f"not JSON: {error.msg} in line {error.lineno}") from None
    head = cast("dict[str, object]", whole) if isinstance(whole, dict) else {}
    entries = head.get("officers")
    if head.get("format") != FORMAT or not isinstance(entries, list):
        raise OfficersError(f"not an officers file of format {FORMAT}")
    officers = tuple(_officer(place, entry) for place, entry in enumerate(cast("list[object]", entries), 1))
    for name in ("number", "alias", "card"):
        seen = [getattr(one, name) for one in officers if getattr(one, name)]
        if len(set(seen)) != len(seen):
            raise OfficersError(f"two officers with the same {name}")
    return officers


def _officer(place: int, entry: object) -> Officer:
    row = cast("dict[str, object]", entry) if isinstance(entry, dict) else {}

    def word(name: str, pattern: str, *, default: str | None = None) -> str:
        value = row.get(name, default)
        if not isinstance(value, str) or re.fullmatch(pattern, value) is None:
            raise OfficersError(f"officer {place}: {name} does not fit")
        return value

    return Officer(
        number=word("number", NUMBER.pattern),
        alias=word("alias", ALIAS.pattern),
        name=word("name", r".{1,60}"),
        role=Role(word("role", "|".join(Role))),
        counter=word("counter", r".{0,40}", default=""),
        pin=word("pin", r"\$argon2id\$.{20,200}"),
        card=bytes.fromhex(word("card", r"(04[0-9a-f]{128})?", default="")),
        code=word("code", r"[A-Z2-7]{0,64}", default=""),
        locked=row.get("locked") is True,
    )


def pin_doubt(pin: str) -> str:
    """Why a new PIN is refused: "length", "digits" or "simple"; "" when it will do.

    "simple" is one digit repeated, a run up or down, or a pair or triple repeated: what is tried first.
    """
    if not pin.isascii() or not pin.isdigit():
        return "digits"
    if len(pin) not in PIN_DIGITS:
        return "length"
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    if len(steps) == 1 and steps <= {0, 1, 9}:
        return "simple"
    if any(pin == (pin[:size] * len(pin))[: len(pin)] for size in (2, 3)):
        return "simple"
    return ""


def with_officer(officers: Iterable[Officer], fresh: Officer) -> tuple[Officer, ...]:
    """`officers` with `fresh` added, or put in the place of the one with its number."""
    return (*(one for one in officers if one.number != fresh.number), fresh)


def set_locked(officers: Iterable[Officer], number: str, locked: bool) -> tuple[Officer, ...]:
    """The same, with one officer locked or opened again. Raises `OfficersError` for an unknown number."""
    known = tuple(officers)
    if all(one.number != number for one in known):
        raise OfficersError(f"no officer {number}")
    return tuple(replace(one, locked=locked) if one.number == number else one for one in known)
