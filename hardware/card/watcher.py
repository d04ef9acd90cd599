"""The thread that watches the reader and outlives the card service.

It waits in SCardGetStatusChange, so an idle reader costs nothing. When the service dies under it, it says so, tries
again with growing pauses, connects anew and looks at everything afresh.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from hardware.card.ledger import Ledger, Sight
from hardware.card.port import Presence
from hardware.card.winscard import PLUG_AND_PLAY, Context, PcscError, ReaderState

HEARTBEAT: Final = 5.0
"""Seconds a wait lasts at most: only a belt, for a service that would die without closing its socket."""
FIRST_PAUSE: Final = 0.1
LONGEST_PAUSE: Final = 2.0
NO_READER_PAUSE: Final = 0.5


@dataclass(frozen=True, slots=True)
class Roles:
    """Which PC/SC reader is which, by regular expressions searched in its name (never by index: the order changes
    with the USB port). An empty `contactless` takes any reader that is not the SAM's; an empty `sam` means none.

    Raises ValueError for an expression that does not compile.
    """

    contactless: str = ""
    sam: str = "(?i)sam"

    def __post_init__(self) -> None:
        for pattern in (self.contactless, self.sam):
            try:
                re.compile(pattern)
            except re.error as error:
                raise ValueError(f"not a regular expression: {pattern!r} ({error})") from None

    def contactless_among(self, names: list[str]) -> list[str]:
        return [
            name
            for name in names
            if re.search(self.contactless, name) and not (self.sam and re.search(self.sam, name))
        ]

    def sam_among(self, names: list[str]) -> list[str]:
        return [name for name in names if self.sam and re.search(self.sam, name)]


class Line(StrEnum):
    """How far the watcher has got."""

    STARTING = "starting"
    SERVICE_DOWN = "service_down"
    REFUSED = "refused"
    """The service runs and will not speak to this user."""
    NO_READER = "no_reader"
    WATCHING = "watching"


class Session:
    """One life of the card service: a context for the watcher, one for reads, both of the same epoch.

    A read may hang in its context; so whoever comes last, the read or the watcher, releases it.
    """

    def __init__(self, epoch: int) -> None:
        """Raises PcscError when the service does not run."""
        self.epoch = epoch
        self.watching = Context()
        try:
            self.reading = Context()
        except PcscError:
            self.watching.release()
            raise
        self._lock = threading.Lock()
        self._readers = 0
        self._over = False

    def enter(self) -> bool:
        """A read begins to use `reading`; False when the session is over."""
        with self._lock:
            if self._over:
                return False
            self._readers += 1
            return True

    def leave(self) -> None:
        with self._lock:
            self._readers -= 1
            last = self._over and self._readers == 0
        if last:
            self.reading.release()

    def retire(self) -> None:
        with self._lock:
            self._over = True
            idle = self._readers == 0
        self.watching.release()
        if idle:
            self.reading.release()

    def look(self, context: Context, reader: str) -> Sight | None:
        """The reader now, through one of the two contexts; None when it is gone. Raises PcscError."""
        state = context.state(reader)
        return None if state.gone else self.sight(state)

    def sight(self, state: ReaderState) -> Sight:
        return Sight(self.epoch, state.reader, state.present, state.counter)


class Watcher:
    """`changed` hears each new presence, `settled` that a look is done; both from the watcher's thread."""

    def __init__(
        self, roles: Roles, changed: Callable[[Presence], None], settled: Callable[[], None] = lambda: None
    ) -> None:
        self.roles = roles
        self.ledger = Ledger(changed)
        self.line = Line.STARTING
        self.names: list[str] = []
        """All readers the service lists."""
        self._settled = settled
        self._session: Session | None = None
        self._epoch = 0
        self._stop = threading.Event()
        # A daemon, so that a driver that never returns cannot keep a visit's process from ending.
        self._thread = threading.Thread(target=self._run, name="card-watcher", daemon=True)

    @property
    def session(self) -> Session | None:
        return self._session

    def start(self) -> None:
        self._thread.start()

    def stop(self, timeout: float = 2.0) -> None:
        """End the thread; waits `timeout` seconds at most. Blocks: not for the event loop."""
        self._stop.set()
        # A cancel that falls just between two waits is lost, hence again until the thread has gone.
        for _ in range(max(1, int(timeout / 0.05))):
            if (session := self._session) is not None:
                session.watching.cancel()
            self._thread.join(0.05)
            if not self._thread.is_alive():
                return

    def _run(self) -> None:
        pause = FIRST_PAUSE
        while not self._stop.is_set():
            try:
                self._epoch += 1
                session = self._session = Session(self._epoch)
            except PcscError as error:
                self._say(Line.REFUSED if error.refused else Line.SERVICE_DOWN)
            else:
                try:
                    pause = FIRST_PAUSE
                    self._follow(session)
                except PcscError:
                    # Which code a dying service leaves behind is not to be relied on: begin again, whatever it was.
                    pass
                finally:
                    self._session = None
                    session.retire()
                if not self._stop.is_set():
                    self._say(Line.SERVICE_DOWN)
            self._stop.wait(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    def _follow(self, session: Session) -> None:
        """Watch until told to stop; raises PcscError when the service is lost."""
        context = session.watching
        while not self._stop.is_set():
            self.names = context.readers()
            found = self.roles.contactless_among(self.names)
            if not found:
                self._say(Line.NO_READER)
                self._wait_for_readers(context)
                continue
            self._watch(session, found[0])

    def _watch(self, session: Session, reader: str) -> None:
        """Watch one reader until it goes, or until the list of readers changes."""
        known = [session.watching.state(reader), ReaderState(PLUG_AND_PLAY, 0)]
        while not self._stop.is_set():
            if known[0].gone:
                return
            self.line = Line.WATCHING
            self.ledger.see(session.sight(known[0]))
            self._settled()
            try:
                news = session.watching.wait(known, int(HEARTBEAT * 1000))
            except PcscError as error:
                if error.reader_lost:
                    return
                raise
            if news is None:
                continue
            listed = news[1].raw != known[1].raw
            known = news
            if listed and session.watching.readers() != self.names:
                return

    def _wait_for_readers(self, context: Context) -> None:
        try:
            news = context.wait([ReaderState(PLUG_AND_PLAY, 0)], int(NO_READER_PAUSE * 1000))
        except PcscError as error:
            if not error.reader_lost:
                raise
            news = []
        if news is not None:
            # The pseudo reader may answer at once, again and again, on services that only half know it.
            self._stop.wait(NO_READER_PAUSE / 5)

    def _say(self, line: Line) -> None:
        self.line = line
        if line is not Line.NO_READER:
            self.names = []
        self.ledger.lose()
        self._settled()
