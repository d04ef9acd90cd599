"""Provinces, regencies and districts by their Kemendagri code, as written: "17", "17.06", "17.06.02"."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.knowledge.database import knowledge

MUKOMUKO = "17.06"


@dataclass(frozen=True, slots=True)
class Region:
    """A place. `level` is "provinsi", "kabkota" or "kecamatan"; `parent` is "" for a province."""

    code: str
    level: str
    name: str
    parent: str


def get(code: str) -> Region | None:
    """The region with this code, dotted ("17.06.02") or not ("170602"); None when there is none."""
    if "." not in code:
        code = ".".join(part for part in (code[:2], code[2:4], code[4:6]) if part)
    row = (
        knowledge().execute("SELECT code, level, name, parent FROM region WHERE code = ?", (code,)).fetchone()
    )
    return Region(*row) if row else None


def children(code: str) -> tuple[Region, ...]:
    """Everything directly under `code`, in code order; "" gives the provinces."""
    found = knowledge().execute(
        "SELECT code, level, name, parent FROM region WHERE parent = ? ORDER BY code", (code,)
    )
    return tuple(Region(*row) for row in found)


def districts(regency: str = MUKOMUKO) -> tuple[Region, ...]:
    """The districts (kecamatan) of a regency, in code order."""
    return children(regency)
