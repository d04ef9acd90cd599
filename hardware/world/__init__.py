"""The simulated table and the link to it. The bench changes it, the simulated drivers look at it."""

from __future__ import annotations

from hardware.world.link import LinkedWorld, WorldServer
from hardware.world.memory import MemoryWorld
from hardware.world.port import Happening, Noted, WatchedWorld, World, WorldState

__all__ = [
    "Happening",
    "LinkedWorld",
    "MemoryWorld",
    "Noted",
    "WatchedWorld",
    "World",
    "WorldServer",
    "WorldState",
]
