"""The fixed list of words a happening may use. Closed on purpose: a word can never smuggle in an identity."""

from __future__ import annotations

from typing import Final

DERIVED: Final = frozenset(
    {
        "card.laid",
        "card.lifted",
        "card.plugged",
        "card.unplugged",
        "card.mute",
        "camera.laid",
        "camera.taken",
        "camera.plugged",
        "camera.unplugged",
        "camera.glare",
        "camera.tilted",
        "camera.dark",
        "camera.cut_off",
        "camera.page_turned",
        "printer.torn",
        "printer.plugged",
        "printer.unplugged",
        "printer.mute",
        "printer.roll_full",
        "printer.roll_low",
        "printer.roll_out",
        "printer.cover_open",
        "printer.cover_closed",
    }
)
"""Said by the world itself when its state changes; drivers need not repeat them."""

REPORTED: Final = frozenset(
    {
        "card.reading",
        "card.read",
        "card.unreadable",
        "card.not_ktp",
        "card.lifted_while_reading",
        "card.no_answer",
        "camera.opened",
        "camera.closed",
        "camera.page_stored",
        "camera.page_doubtful",
        "camera.no_page",
        "camera.fault",
        "printer.ticket",
        "printer.pulled",
        "network.good",
        "network.slow",
        "network.lost",
        "network.portal_dead",
    }
)
"""Said by the simulated drivers, and by the bench for the network, through `World.report`."""

WORDS: Final = DERIVED | REPORTED
