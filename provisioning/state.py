"""What a kiosk reports, and the topics it travels on. Both ends import this; nothing in it can name a person."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace
from typing import Any

FORMAT = 1
NUDGE = "fleet/all/nudge"
"""Something new is published: look soon. Carries the serial, for people to read; the repository decides."""
VERBS = ("restart", "reboot", "logs", "doctor", "screenshot", "update")
"""All a kiosk can be asked. No shell; no picture while somebody uses it."""


def state_topic(device: str) -> str:
    return f"fleet/d/{device}/state"


def link_topic(device: str) -> str:
    """ "1" while connected, "0" by the broker's own word when the line breaks. Retained."""
    return f"fleet/d/{device}/link"


def do_topic(device: str) -> str:
    return f"fleet/d/{device}/do"


def kpi_topic(device: str) -> str:
    """Hours of the event log, kiosk to fleet; `got_topic` says which have arrived."""
    return f"fleet/d/{device}/kpi"


def got_topic(device: str) -> str:
    return f"fleet/d/{device}/got"


def reply_topic(device: str) -> str:
    return f"fleet/d/{device}/reply"


@dataclass(frozen=True, slots=True)
class State:
    """One report. Durations in seconds are of the kiosk's monotonic clock; `at` is its own idea of the time (Unix)."""

    id: str
    site: str
    at: float
    version: str = ""
    settings: str = ""
    """Fingerprint of the settings in force."""
    serving: bool = True
    healthy: float = 0.0
    busy: bool | None = None
    stage: str = "idle"
    to: str = ""
    percent: int = 0
    failed: str = ""
    why: str = ""
    trouble: str = ""
    paper: str | None = None
    """ "ok", "low" or "out"."""
    disk: int | None = None
    queue: int | None = None
    notes: tuple[str, ...] = ()
    certificate_days: int | None = None
    beat: float = 30.0
    format: int = field(default=FORMAT)

    def to_bytes(self) -> bytes:
        return json.dumps(asdict(self), separators=(",", ":")).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> State | None:
        """None for anything that is not a report: an old agent or a broken one must not stop the others' table."""
        try:
            values: dict[str, Any] = json.loads(data)
            known = {name: values[name] for name in cls.__dataclass_fields__ if name in values}
            known["notes"] = tuple(str(note)[:120] for note in known.get("notes", ()))
            state = cls(**known)
            if state.paper not in ("ok", "low", "out"):
                state = replace(state, paper=None)
            float(state.at)
            float(state.healthy)
        except (ValueError, TypeError, KeyError, AttributeError):
            return None
        return state
