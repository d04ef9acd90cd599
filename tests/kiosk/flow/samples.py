"""Answers as the world would give them, with the real packs behind them and invented people."""

from __future__ import annotations

from kiosk.flow.results import Assessed, Band, Bands, CardRead, CodeSent, Matches, Proved
from kiosk.knowledge import form, kbli, office, risk, scale

PERSON = Proved(known=True, name="CONTOH RAHMAT", sex="L", phone_masked="08•• •••• 4821")
STRANGER = Proved(known=False, phone_masked="08•• •••• 4821")
SENT = CodeSent(masked_phone="08•• •••• 4821", lives_seconds=300, sends_left=2)
CARD = CardRead(insertion=1, assurance=2, handle="claim-1")


def bands() -> Bands:
    return Bands(tuple(Band(tier.scale.value, tier.label, tier.range, tier.range) for tier in scale.tiers()))


def matches(query: str) -> Matches:
    return Matches(query, tuple(kbli.search(query)), kbli.guide(query))


def assessed(code: str, size: str = "mikro") -> Assessed:
    requirements = risk.requirements(code, size)
    return Assessed(code, requirements.title, size, requirements, form.screens(code, size), office.papers())
