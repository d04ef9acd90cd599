"""Business scale from capital or yearly sales. The limits are in `packs/scale.toml` (PP 7/2021 art. 35)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from kiosk.knowledge.packs import Bilingual, Head, Model, SourceRow, load
from kiosk.knowledge.texts import Source, Text


class Scale(StrEnum):
    """The four scales, by the word OSS and the KBLI tables use."""

    MICRO = "mikro"
    SMALL = "kecil"
    MEDIUM = "menengah"
    LARGE = "besar"


class _Row(Model):
    scale: Scale
    oss_code: str
    label: Bilingual
    range: Bilingual
    sales_range: Bilingual
    capital_up_to: int | None = None
    sales_up_to: int | None = None


class ScalePack(Model):
    """`packs/scale.toml`."""

    pack: Head
    source: SourceRow
    tier: tuple[_Row, ...]


@dataclass(frozen=True, slots=True)
class Tier:
    """One scale: its OSS code ("01"–"04"), name, ranges of capital and yearly sales in words, and inclusive upper
    limits in rupiah (None: no limit). Capital is counted without land and buildings."""

    scale: Scale
    oss_code: str
    label: Text
    range: Text
    sales_range: Text
    capital_up_to: int | None
    sales_up_to: int | None
    source: Source


@cache
def tiers() -> tuple[Tier, ...]:
    """The four scales, smallest first."""
    pack = load("scale", ScalePack)
    source = pack.source.resolve(pack.pack)
    return tuple(
        Tier(
            r.scale,
            r.oss_code,
            r.label.text(),
            r.range.text(),
            r.sales_range.text(),
            r.capital_up_to,
            r.sales_up_to,
            source,
        )
        for r in pack.tier
    )


def tier(scale: Scale | str) -> Tier:
    """The tier of a scale ("mikro" …) or of an OSS code ("01" …). Raises KeyError for anything else."""
    for candidate in tiers():
        if scale in (candidate.scale, candidate.oss_code):
            return candidate
    raise KeyError(scale)


def from_capital(rupiah: int) -> Scale:
    """The scale of a business with this capital in rupiah, without land and buildings. Raises
    ValueError below 0.
    """
    return _place(rupiah, [t.capital_up_to for t in tiers()])


def from_sales(rupiah: int) -> Scale:
    """The scale of a business with these yearly sales in rupiah. Raises ValueError below 0."""
    return _place(rupiah, [t.sales_up_to for t in tiers()])


def _place(rupiah: int, limits: list[int | None]) -> Scale:
    if rupiah < 0:
        raise ValueError("an amount of rupiah cannot be negative")
    for candidate, limit in zip(tiers(), limits, strict=True):
        if limit is None or rupiah <= limit:
            return candidate.scale
    raise ValueError("the scale pack has no open last tier")
