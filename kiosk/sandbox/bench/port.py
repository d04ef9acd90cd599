"""What the bench needs besides the table: the line to the portal, and the codes that were sent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

Line = Literal["good", "slow", "lost", "portal_dead"]
"""`lost`: nothing gets through. `portal_dead`: the line is there, the portal does not answer as it should."""


@dataclass(frozen=True, slots=True)
class NetworkView:
    line: Line = "good"
    answered_ms: float | None = None
    """How long the practice portal took for its last answer; None before the first."""
    waiting: int | None = None
    """Sendings that wait in the kiosk's outbox; None when the holder of the switch cannot know."""


class NetworkSwitch(Protocol):
    """The line between kiosk and practice portal. Safe to call from the event loop: no call blocks."""

    @property
    def view(self) -> NetworkView: ...

    def set(self, line: Line) -> None: ...


@dataclass(frozen=True, slots=True)
class SentCode:
    """A one-time code the practice portal "sent". Times are seconds since the epoch.

    `to` is the phone number; the bench shows its last four digits only, however it comes.
    """

    code: str = field(repr=False)
    to: str = field(repr=False)
    at: float
    expires_at: float


Codes = Callable[[], Sequence[SentCode]]
"""The codes sent so far, in any order. Called often: must be cheap and must not block."""
