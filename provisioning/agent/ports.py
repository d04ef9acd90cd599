"""What the agent needs from the machine it is on, so that a simulation can stand in for systemd and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

Sync = Callable[[Path], None]


@dataclass(frozen=True, slots=True)
class Health:
    """How the kiosk service is. `seconds`: how long it has served without a restart, by the monotonic clock."""

    serving: bool
    seconds: float
    why: str = ""


@dataclass(frozen=True, slots=True)
class Vitals:
    """What a kiosk tells about itself; nothing in it names a person. None: not known."""

    busy: bool | None = None
    paper: str | None = None
    """ "ok", "low" or "out": what a printer's sensors can know."""
    disk: int | None = None
    """Per cent used."""
    queue: int | None = None
    """Deliveries waiting for the line."""
    notes: tuple[str, ...] = ()


class Machine(Protocol):
    """systemd on a kiosk; a simulated one in tests. Every call may raise `FleetError` with a sentence."""

    async def health(self) -> Health: ...

    async def vitals(self) -> Vitals: ...

    async def hold(self) -> bool:
        """Ask the kiosk to take no new visitor. True once nobody uses it and nobody can begin; False means wait.

        Not knowing is False. A hold ends by itself after half a minute: ask again while waiting.
        """
        ...

    async def let_go(self) -> None:
        """Take the hold back."""
        ...

    async def restart_kiosk(self) -> None:
        """Restart it now and take the hold back once the old process is gone."""
        ...

    async def reload_settings(self) -> None: ...

    async def act(self, verb: str) -> str:
        """A verb of the fixed list; returns text for the person who asked."""
        ...
