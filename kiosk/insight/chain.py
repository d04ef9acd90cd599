"""The event log's hash chain: every event carries the SHA-256 of the one before it together with its own content.

    chain(n) = SHA-256(chain(n-1) ‖ body(n)),  body = {"id":…,"at":…,"session":…,"kind":…,"data":{…}}

as compact JSON in UTF-8, `chain(0)` 32 zero bytes. An exported line is the body with `kiosk` put before it and
`chain` after it, so a file can be checked byte by byte without being understood. A changed, removed or inserted event
breaks every link after it. Cutting the tail, or rewriting everything, leaves a chain that is sound in itself: those are
found against an `Anchor`, the head hash that was lodged elsewhere (hourly, at the portal).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import cast

START = bytes(32)
Row = tuple[int, float, str, str, str, bytes | None]
"""id, at (Unix seconds), session, kind, data (compact JSON text), chain (None: written before there was a chain)."""


class AnchorError(ValueError):
    """An anchor file that cannot be read; says why in one line."""


def body(number: int, at: float, session: str, kind: str, data: str) -> str:
    """The text that is hashed; `data` is already compact JSON. `at` is written as Python's shortest exact decimal."""
    return f'{{"id":{number},"at":{at!r},"session":{json.dumps(session)},"kind":{json.dumps(kind)},"data":{data}}}'


def link(previous: bytes, text: str) -> bytes:
    """The 32 bytes that tie `text` (a body) to the event before it."""
    return sha256(previous + text.encode()).digest()


def line(text: str, kiosk: str, chain: bytes | None) -> str:
    """One line of an export, without its line end."""
    tied = "null" if chain is None else f'"{chain.hex()}"'
    return f'{{"kiosk":{json.dumps(kiosk)},{text[1:-1]},"chain":{tied}}}'


@dataclass(frozen=True, slots=True)
class Anchor:
    """A head hash lodged elsewhere: event `id` of `kiosk` had this chain value."""

    kiosk: str
    id: int
    chain: str
    """64 hex digits."""
    at: float = 0.0
    """When it was lodged, Unix seconds."""

    def as_json(self) -> str:
        return json.dumps({"kiosk": self.kiosk, "id": self.id, "chain": self.chain, "at": self.at})


def anchors(text: str) -> list[Anchor]:
    """Anchors from one JSON object, a list of them, or one a line. Raises `AnchorError`."""
    try:
        whole: object = json.loads(text)
        entries = cast("list[object]", whole) if isinstance(whole, list) else [whole]
    except json.JSONDecodeError:
        try:
            entries = [json.loads(row) for row in text.splitlines() if row.strip()]
        except json.JSONDecodeError as error:
            raise AnchorError(f"not JSON: {error.msg}") from None
    return [_anchor(entry) for entry in entries]


def _anchor(entry: object) -> Anchor:
    if not isinstance(entry, dict):
        raise AnchorError("an anchor must be an object with kiosk, id and chain")
    row = cast("dict[str, object]", entry)
    kiosk, number, chain, at = row.get("kiosk", ""), row.get("id"), row.get("chain"), row.get("at", 0)
    if not isinstance(kiosk, str) or not isinstance(number, int) or not isinstance(chain, str):
        raise AnchorError("an anchor must be an object with kiosk, id and chain")
    if len(chain) != 64 or not set(chain.lower()) <= set("0123456789abcdef"):
        raise AnchorError("chain must be 64 hex digits")
    return Anchor(kiosk, number, chain.lower(), float(at) if isinstance(at, int | float) else 0.0)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What checking a log found. `trouble` is "" when it is whole."""

    count: int
    first: int
    last: int
    head: str
    """Chain value of the last event, hex; "" when there is none."""
    unchained: int
    """Events at the beginning from before there was a chain: nothing can be said about them."""
    anchored: int
    """How many anchors were compared."""
    trouble: str = ""
    """"changed", "missing", "unchained", "cut" or "rewritten"."""
    place: int = 0
    """The number of the event where the trouble is."""

    @property
    def whole(self) -> bool:
        return not self.trouble


def verify(rows: Iterable[Row], lodged: Iterable[Anchor] = ()) -> Verdict:
    """Walk a log from its first event. Stops at the first break.

    "changed": an event, or its place, is not what was hashed; "missing": numbers were left out; "unchained": an event
    without hash after ones that have it; "cut": an anchored event is beyond the end; "rewritten": the chain is sound
    but is not the one that was anchored.
    """
    wanted: dict[int, set[str]] = {}
    for anchor in lodged:
        wanted.setdefault(anchor.id, set()).add(anchor.chain)
    previous, first, last, count, unchained, met = START, 0, 0, 0, 0, 0

    def verdict(trouble: str = "", place: int = 0) -> Verdict:
        head = previous.hex() if count > unchained else ""
        return Verdict(count, first, last, head, unchained, met, trouble, place)

    for number, at, session, kind, data, chain in rows:
        if not count:
            first = number
            if number != 1:
                return verdict("missing", 1)
        elif number != last + 1:
            return verdict("missing", last + 1)
        if chain is None:
            if count > unchained:
                return verdict("unchained", number)
            unchained += 1
        else:
            if bytes(chain) != link(previous, body(number, at, session, kind, data)):
                return verdict("changed", number)
            previous = bytes(chain)
        count, last = count + 1, number
        for lodged_chain in wanted.pop(number, ()):
            met += 1
            if chain is None or lodged_chain != previous.hex():
                return verdict("rewritten", number)
    if wanted:
        return verdict("cut", min(wanted))
    return verdict()


def parse_line(text: str) -> tuple[str, Row]:
    """The kiosk and the row in one exported line, whatever its spacing. Raises ValueError when it is none."""
    whole: object = json.loads(text)
    row = cast("dict[str, object]", whole) if isinstance(whole, dict) else {}
    number, at, kind, data = row.get("id"), row.get("at"), row.get("kind"), row.get("data", {})
    session, chain, kiosk = row.get("session", ""), row.get("chain"), row.get("kiosk", "")
    if (
        isinstance(number, int)
        and isinstance(at, int | float)
        and isinstance(kind, str)
        and isinstance(data, dict)
        and isinstance(session, str)
        and isinstance(kiosk, str)
    ):
        tied = bytes.fromhex(chain) if isinstance(chain, str) else None
        return kiosk, (number, float(at), session, kind, json.dumps(data, separators=(",", ":")), tied)
    raise ValueError("not an event")


def rows_of(lines: Iterable[str], kiosk: str = "") -> Iterator[Row]:
    """Rows of an exported file, of one kiosk when named. Raises ValueError with the line's number."""
    for number, text in enumerate(lines, 1):
        if not text.strip():
            continue
        try:
            whose, row = parse_line(text)
        except ValueError:
            raise ValueError(f"line {number} is no event") from None
        if not kiosk or whose == kiosk:
            yield row
