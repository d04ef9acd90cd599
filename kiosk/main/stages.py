"""A visit's process as the keeper sees it: how far it is, when it was last heard of, what it said it is doing."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from enum import Enum, auto

from kiosk.main.children import Child


class Stage(Enum):
    STARTING = auto()
    WARM = auto()
    SHOWING = auto()
    """Told to show; its first frame is not on screen yet."""
    SHOWN = auto()
    ENDED = auto()
    """Over and wiped; stays on screen until the next one is."""
    LEAVING = auto()


@dataclass(slots=True, eq=False)
class Visit:
    child: Child
    stage: Stage = Stage.STARTING
    session: str = ""
    resting: bool = False
    doing: str = ""
    """Its own word of what it is doing; "" until it has said one."""
    beat: float = field(default_factory=time.monotonic)
    """When it was last heard of, by the monotonic clock."""
    since: float = field(default_factory=time.monotonic)
    """When its stage began."""

    def to(self, stage: Stage) -> None:
        self.stage = stage
        self.since = time.monotonic()
