"""Fonts and icons that ship with the kiosk. Paths and code points only: nothing here opens a font."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Final, Literal, cast

FONTS: Final = Path(__file__).parent / "fonts"

Weight = Literal[500, 600, 700, 800]

_WEIGHTS: Final[dict[int, str]] = {500: "Medium", 600: "SemiBold", 700: "Bold", 800: "ExtraBold"}

PHOSPHOR_BOLD: Final = FONTS / "Phosphor-Bold.ttf"
PHOSPHOR_FILL: Final = FONTS / "Phosphor-Fill.ttf"
CREST: Final = Path(__file__).parent / "crest.svg"
"""The invented crest, for web pages."""


def plus_jakarta_sans(weight: Weight) -> Path:
    """The static TTF of one weight of Plus Jakarta Sans."""
    return FONTS / f"PlusJakartaSans-{_WEIGHTS[weight]}.ttf"


@cache
def icons() -> dict[str, str]:
    """Every Phosphor icon name ("queue", "arrow-left", …) with its one character.

    The character is the same in the Bold and the Fill file. Source: the style sheets of @phosphor-icons/web 2.1.2.
    """
    table = cast("dict[str, str]", json.loads((FONTS / "icons.json").read_text(encoding="ascii")))
    return {name: chr(int(point, 16)) for name, point in table.items()}


def icon(name: str) -> str:
    """The character of one icon. KeyError when Phosphor has no icon of that name."""
    return icons()[name]
