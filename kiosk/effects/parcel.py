"""What lies in an outbox row: a head of plain values and, behind it, a file. Sealed by the store as one piece."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import cast

Head = dict[str, object]


@dataclass(frozen=True, slots=True)
class Parcel:
    head: Head = field(repr=False)
    body: bytes = field(default=b"", repr=False)

    def pack(self) -> bytes:
        return json.dumps(self.head, ensure_ascii=False, separators=(",", ":")).encode() + b"\n" + self.body

    def text(self, name: str) -> str:
        value = self.head.get(name, "")
        return value if isinstance(value, str) else ""

    def count(self, name: str) -> int:
        value = self.head.get(name, 0)
        return value if isinstance(value, int) else 0


def unpack(packed: bytes) -> Parcel:
    """The parcel of a row. Raises ValueError when it is none."""
    head, _, body = packed.partition(b"\n")
    value = cast("object", json.loads(head))
    if not isinstance(value, dict):
        raise ValueError("not a parcel")  # noqa: TRY004 -- one kind of error for a row that cannot be read
    return Parcel(cast("Head", value), body)
