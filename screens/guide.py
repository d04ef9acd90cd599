"""Where on the screen a touch has its place: for the demo's autopilot and for tests, which tap like a finger.

Nothing of what a visitor typed or owns is told, only which touches the screen offers and where, in pixels.
"""

from __future__ import annotations

from typing import TypedDict

from screens.frame import Stage
from screens.scene import Sends
from screens.widgets.keys import Keys
from screens.widgets.part import Part


class Spot(TypedDict):
    """`touch` is the event's repr without personal content, or "key:<sign>"; x, y are window pixels from top left."""

    touch: str
    x: int
    y: int


def spots(stage: Stage) -> list[Spot]:
    """Everything a finger can do now."""
    unit, tall = stage.look.unit, stage.look.tall
    found: list[Spot] = []
    for root in (stage.dialog or stage.screen, stage.help_bar, None if stage.dialog else stage.half):
        if root is None:
            continue
        lower = tall - root.look.tall  # a screen under the officer's half
        for part in root.walk():
            found += [
                Spot(touch=name, x=round(x * unit), y=round((y + lower) * unit)) for name, x, y in _of(part)
            ]
    return found


def _of(part: Part) -> list[tuple[str, float, float]]:
    if isinstance(part, Keys):
        return [(f"key:{key.sends}", *part.place_of(key.sends)) for key in part.keys]
    action = getattr(part, "on_tap", None)
    if isinstance(action, Sends) and getattr(part, "enabled", True) and not getattr(part, "busy", False):
        return [(repr(action.event), part.x + part.w / 2, part.y + part.h / 2)]
    return []
