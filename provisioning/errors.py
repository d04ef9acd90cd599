"""What `fleet` and the agent say when something cannot be done: one sentence, and what to do."""

from __future__ import annotations


class FleetError(Exception):
    """A reason a person can act on. `code` is the exit code: 1 needs a look, 2 halted or wrong use."""

    def __init__(self, message: str, *, code: int = 1) -> None:
        super().__init__(message)
        self.code = code
