"""Icon names of this design and their glyphs in Phosphor Bold or Fill.

Screens may use any Phosphor name; the few below are the names the design speaks in.
"""

from __future__ import annotations

from typing import Final

from kiosk import assets

ALIASES: Final = {
    "back": "arrow-left",
    "forward": "arrow-right",
    "leave": "x",
    "close": "x",
    "exit": "sign-out",
    "save": "floppy-disk",
    "help": "hand-waving",
    "contrast": "circle-half",
    "next": "caret-right",
    "more": "caret-down",
    "done": "check-circle",
    "tick": "check",
    "late": "warning",
    "wait": "hourglass",
    "business": "storefront",
    "resume": "tray-arrow-up",
    "search": "magnifying-glass",
    "ticket": "ticket",
    "kbli": "tree-structure",
    "verify": "seal-check",
    "pay": "wallet",
    "report": "chart-bar",
    "video": "video-camera",
    "survey": "smiley",
    "nib": "identification-badge",
    "phone": "device-mobile",
    "anonymous": "user-circle-dashed",
    "ektp": "identification-card",
    "edit": "pencil-simple",
    "send": "paper-plane-tilt",
    "print": "printer",
    "whatsapp": "whatsapp-logo",
    "touch": "hand-tap",
    "hint": "lightbulb",
    "bin": "trash",
    "add": "plus-circle",
    "menu": "squares-four",
}


def glyph(name: str) -> str:
    """The character of an icon, by the design's name or Phosphor's. KeyError when neither knows it."""
    return assets.icon(ALIASES.get(name, name))
