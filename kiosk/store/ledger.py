"""The keeper's narrow view of the store: ids, states, kinds and counts. Never a payload, not even a sealed one."""

from __future__ import annotations

import time
from dataclasses import dataclass

from kiosk.settings import Settings
from kiosk.store.connection import Connection, connect, truncate_log, writing
from kiosk.store.errors import typed
from kiosk.store.purge import erase_old


@dataclass(frozen=True, slots=True)
class Row:
    id: int
    state: str
    kind: str
    attempts: int
    next_try: float
    """Unix time."""


class Ledger:
    """Opened by the keeper once the store is there. Imports neither sqlite-utils nor nacl."""

    def __init__(self, settings: Settings, connection: Connection) -> None:
        self._connection = connection
        self._settings = settings
        self._most = settings.portal.retry_most
        self._first = settings.portal.retry_first

    @classmethod
    def open(cls, settings: Settings) -> Ledger:
        """Raises `StoreError`. Waits for other writers a quarter of a second only: the keeper must stay awake."""
        return cls(settings, connect(settings, wait=0.25))

    def due(self, now: float, limit: int = 20) -> list[Row]:
        """Outbox rows to be tried now, oldest first. Raises `StoreError`.

        A row that follows another waits for it. Documents of the office's archive come after everything of visitors: a
        batch of a hundred must hold nobody's application up. A time implausibly far ahead comes from a clock that was
        wrong and counts as due.
        """
        with typed():
            rows = self._connection.execute(
                "SELECT o.id, o.state, o.kind, o.attempts, o.next_try FROM outbox o "
                "LEFT JOIN outbox p ON p.id = o.after "
                "WHERE o.state = 'waiting' AND (o.next_try <= ? OR o.next_try > ?) "
                "AND (o.after IS NULL OR p.id IS NULL OR p.state IN ('done', 'refused')) "
                "ORDER BY o.kind = 'archive', o.id LIMIT ?",
                (now, now + 2 * self._most, limit),
            ).fetchall()
        return [Row(*row) for row in rows]

    def waiting(self) -> int:
        """How many rows are still to be sent."""
        with typed():
            query = "SELECT count(*) FROM outbox WHERE state IN ('waiting', 'working')"
            return int(self._connection.execute(query).fetchone()[0])

    def unknown_prints(self) -> int:
        """How many tickets an officer has to look at."""
        with typed():
            query = "SELECT count(*) FROM spool WHERE state = 'unknown'"
            return int(self._connection.execute(query).fetchone()[0])

    def orphaned(self, owner: str) -> int:
        """A process is gone: what it was printing is unknown, what it was sending waits again. Returns rows changed."""
        now = time.time()
        with writing(self._connection) as db:
            prints = db.execute(
                "UPDATE spool SET state='unknown', owner='', changed=? WHERE state='sending' AND owner=?",
                (now, owner),
            ).rowcount
            sends = db.execute(
                "UPDATE outbox SET state='waiting', owner='', word='interrupted', attempts=attempts+1, changed=?, "
                "next_try=? + min(?, ? * (1 << min(attempts, 20))) WHERE state='working' AND owner=?",
                (now, now, self._most, self._first, owner),
            ).rowcount
        truncate_log(self._connection)
        return prints + sends

    def purge(self, now: float) -> None:
        """Erase rows past their time, as a start does: a kiosk may run for months. Raises `StoreError`."""
        with writing(self._connection):
            erase_old(self._settings, self._connection, now)
        truncate_log(self._connection)

    def close(self) -> None:
        with typed():
            self._connection.close()
