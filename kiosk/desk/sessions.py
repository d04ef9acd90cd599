"""Officers' sessions at the desk, and how often one may try to get one. In memory: a restart signs everyone out."""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field

COOKIE = "__Host-meja"
"""The prefix makes browsers insist on Secure, Path=/ and no Domain (RFC 6265bis)."""
LONGEST_HOURS = 12
"""However busy: a new working day begins with a new sign-in."""


@dataclass(slots=True)
class Session:
    number: str
    name: str = field(repr=False)
    role: str
    csrf: str = field(repr=False)
    born: float
    touched: float
    passed: set[str] = field(default_factory=set[str])
    """Calls this officer passed on."""
    over: bool = False


class Sessions:
    """`idle_seconds`: without a touch for so long it ends. `clock` is monotonic."""

    def __init__(self, idle_seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._idle = idle_seconds
        self._clock = clock
        self._known: dict[bytes, Session] = {}

    def begin(self, number: str, name: str, role: str) -> tuple[str, Session]:
        """The secret for the cookie, and the session."""
        secret = secrets.token_urlsafe(32)
        now = self._clock()
        session = Session(number, name, role, secrets.token_urlsafe(24), now, now)
        self._known[_digest(secret)] = session
        return secret, session

    def find(self, secret: str) -> Session | None:
        """The session while it lasts. Looking at it is no touch."""
        session = self._known.get(_digest(secret)) if secret else None
        if session is None or session.over or self.left(session) <= 0:
            self.end(secret)
            return None
        return session

    def touch(self, session: Session) -> None:
        """The officer did something."""
        session.touched = self._clock()

    def left(self, session: Session) -> float:
        """Seconds until it ends by itself."""
        now = self._clock()
        return min(session.touched + self._idle - now, session.born + LONGEST_HOURS * 3600 - now)

    def end(self, secret: str) -> None:
        session = self._known.pop(_digest(secret), None) if secret else None
        if session is not None:
            session.over = True

    def sweep(self) -> None:
        """Forget those that ended."""
        for key, session in list(self._known.items()):
            if session.over or self.left(session) <= 0:
                session.over = True
                del self._known[key]

    def names(self) -> dict[str, str]:
        """Names of those signed in, by number."""
        return {session.number: session.name for session in self._known.values()}


class Rate:
    """At most `most` tries a minute from one address; more than `everyone` a minute from all together are refused.

    The officers' own counters (`kiosk.store.officers`) stand behind this; it keeps a flood from costing 64 MB each.
    """

    def __init__(
        self, most: int = 10, everyone: int = 60, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._most = most
        self._everyone = everyone
        self._clock = clock
        self._tries: list[tuple[float, str]] = []

    def wait(self, address: str) -> float:
        """Counts a try. Seconds to wait; 0: go on."""
        now = self._clock()
        self._tries = [one for one in self._tries if now - one[0] < 60]
        mine = [at for at, who in self._tries if who == address]
        if len(mine) >= self._most:
            return 60 - (now - mine[-self._most])
        if len(self._tries) >= self._everyone:
            return 60 - (now - self._tries[-self._everyone][0])
        self._tries.append((now, address))
        return 0.0


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
