"""How every device says how it is.

One small vocabulary for card reader, camera and printer, so that the supervisor, `kiosk doctor`, the staff screen
and the fleet agent can speak about all of them in one way.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Condition(StrEnum):
    """What a device can do for the next visitor."""

    READY = "ready"
    DEGRADED = "degraded"
    """Works, but a person should look soon (paper low, slow reader)."""
    ABSENT = "absent"
    """Not plugged in, or its service is not running."""
    FAILED = "failed"
    """Plugged in and not usable."""
    UNKNOWN = "unknown"
    """It does not answer; never treated as ready."""


@dataclass(frozen=True, slots=True)
class Health:
    """State of one device.

    `detail` is a short machine word ("paper_out", "service_down", …) that the kiosk turns into a sentence;
    `hint` is an English line for IT staff: what to do. Neither carries anything about a visitor.
    """

    device: str
    condition: Condition
    detail: str = ""
    hint: str = ""

    @property
    def usable(self) -> bool:
        return self.condition in (Condition.READY, Condition.DEGRADED)
