"""An outbox row as it is handed to whoever carries it out, and the three ways that can end.

The types lie here so that the room that knows the portal can offer executors without importing the worker process.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from kiosk.settings import Settings


@dataclass(frozen=True, slots=True)
class Errand:
    """One row, opened. Personal content never shows in `repr`."""

    row: int
    kind: str
    attempts: int
    key: str
    """Idempotency key: the same at every try of this row."""
    upload_url: str
    offset: int
    payload: bytes = field(repr=False)
    answer_before: bytes = field(repr=False)
    """What `Done.answer` said for the row this one follows; b"" when it follows none."""
    progress: Callable[[str, int], None] = field(repr=False)
    """Call with (upload address, bytes confirmed) before going on: it is on disk when it returns (`StoreError`)."""
    keep: Callable[[bytes], None] | None = field(default=None, repr=False)
    """Call with what the payload has become: every later try starts from it (`StoreError`)."""


@dataclass(frozen=True, slots=True)
class Done:
    answer: bytes = field(default=b"", repr=False)
    """For rows that follow; sealed in the store."""


@dataclass(frozen=True, slots=True)
class Later:
    word: str
    """Why, as one word ("offline", "status_503")."""
    wait: float | None = None
    """Seconds, when the portal said (Retry-After); None: exponential with jitter."""


@dataclass(frozen=True, slots=True)
class Never:
    word: str
    """Why it can never work ("status_422")."""


Outcome = Done | Later | Never


class Executor(Protocol):
    """Carries an errand to the portal. May be cancelled at any await; an exception counts as `Later`."""

    async def __call__(self, errand: Errand, settings: Settings) -> Outcome: ...
