"""Where the typefaces are."""

from __future__ import annotations

from functools import cache
from typing import Literal

from kiosk import assets
from screens.theme.tokens import Weight

Face = Weight | Literal["icon", "icon-fill"]


@cache
def path(face: Face) -> str:
    """The TTF file of a weight of Plus Jakarta Sans, or of an icon face."""
    if face == "icon":
        return str(assets.PHOSPHOR_BOLD)
    if face == "icon-fill":
        return str(assets.PHOSPHOR_FILL)
    return str(assets.plus_jakarta_sans(face))
