"""The print spool: `queued → sending → printed | unknown`, each step on disk before the world is touched.

A visit or worker calls `begin` before the first byte goes to the printer and `finish` after the last answer. If it dies
in between nobody knows what is on the paper: the row becomes `unknown` and is never printed again by itself.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from kiosk.store.connection import truncate_log, writing
from kiosk.store.errors import NotFoundError, typed
from kiosk.store.tables import Printing, Table


@dataclass(frozen=True, slots=True)
class Job:
    id: int
    state: Printing
    kind: str
    attempts: int
    copy_of: int | None
    """Set on a reprint: the paper must say SALINAN and bear the same number."""
    made: float
    sealed: bytes = field(repr=False)
    """The payload, for `Opener.open`; b"" once it is gone."""


class Spool(Table):
    def add(self, kind: str, payload: bytes) -> int:
        """Queue a job; returns its id once it is on disk. The payload is sealed and dropped when it is printed."""
        return self._insert(kind, payload, Printing.QUEUED)

    def start(self, kind: str, payload: bytes) -> int:
        """Queue a job and take it in hand in one commit, for somebody who waits at the printer; then as after `begin`.
        Should this process die before the first byte, the row becomes unknown instead of being queued: on the safe
        side, and the number is on the screen."""
        return self._insert(kind, payload, Printing.SENDING)

    def _insert(self, kind: str, payload: bytes, state: Printing) -> int:
        now = time.time()
        owner, attempts = (self._owner, 1) if state is Printing.SENDING else ("", 0)
        with writing(self._db) as db:
            parcel = self._put(payload)
            done = db.execute(
                "INSERT INTO spool (state, kind, parcel, owner, attempts, made, changed) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (state, kind, parcel, owner, attempts, now, now),
            )
        return int(done.lastrowid)

    def restart(self, job: int, payload: bytes) -> bool:
        """Take a job that surely never began in hand again, with the payload of this try. False: it is not queued."""
        with writing(self._db) as db:
            row = db.execute(
                "SELECT parcel FROM spool WHERE id=? AND state=?", (job, Printing.QUEUED)
            ).fetchone()
            if row is None:
                return False
            db.execute(
                "UPDATE spool SET state=?, owner=?, attempts=attempts+1, parcel=?, changed=? WHERE id=?",
                (Printing.SENDING, self._owner, self._put(payload), time.time(), job),
            )
            db.execute("DELETE FROM parcels WHERE id=?", (row[0],))
        return True

    def begin(self, job: int) -> bool:
        """Take a queued job in hand, on disk before the first byte. False: it is not (any more) queued."""
        with writing(self._db) as db:
            done = db.execute(
                "UPDATE spool SET state=?, owner=?, attempts=attempts+1, changed=? WHERE id=? AND state=?",
                (Printing.SENDING, self._owner, time.time(), job, Printing.QUEUED),
            )
        return done.rowcount == 1

    def finish(self, job: int, outcome: str) -> Printing:
        """Record a `hardware.printer.port.PrintOutcome` value: "printed", "not_started" or "unknown".

        Raises `NotFoundError` if this process does not hold the job, `ValueError` for another word.
        """
        state = {
            "printed": Printing.PRINTED,
            "not_started": Printing.QUEUED,
            "unknown": Printing.UNKNOWN,
        }.get(outcome)
        if state is None:
            raise ValueError("no such outcome")
        with writing(self._db) as db:
            done = db.execute(
                "UPDATE spool SET state=?, owner='', changed=? WHERE id=? AND state=? AND owner=?",
                (state, time.time(), job, Printing.SENDING, self._owner),
            )
            if done.rowcount != 1:
                raise NotFoundError("job is not in this process's hand")
            if state is Printing.PRINTED:
                self._drop(job)
        if state is Printing.PRINTED:
            truncate_log(self._db)
        return state

    def reprint(self, job: int, officer: str) -> int:
        """Queue an unknown job again as a copy, on an officer's word; returns the new id. Raises `NotFoundError`."""
        if not officer:
            raise ValueError("only an officer prints again")
        now = time.time()
        with writing(self._db) as db:
            row = db.execute(
                "SELECT kind, parcel, coalesce(copy_of, id) FROM spool WHERE id=? AND state=?",
                (job, Printing.UNKNOWN),
            ).fetchone()
            if row is None or row[1] is None:
                raise NotFoundError("no unknown job of that id")
            # The parcel moves on to the copy.
            db.execute(
                "UPDATE spool SET state=?, parcel=NULL, officer=?, changed=? WHERE id=?",
                (Printing.SETTLED, officer, now, job),
            )
            done = db.execute(
                "INSERT INTO spool (state, kind, parcel, copy_of, officer, made, changed) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (Printing.QUEUED, row[0], row[1], row[2], officer, now, now),
            )
        return int(done.lastrowid)

    def settle(self, job: int, officer: str) -> None:
        """An officer saw the paper: the unknown job needs nothing more. Raises `NotFoundError`."""
        with writing(self._db) as db:
            done = db.execute(
                "UPDATE spool SET state=?, officer=?, changed=? WHERE id=? AND state=?",
                (Printing.SETTLED, officer, time.time(), job, Printing.UNKNOWN),
            )
            if done.rowcount != 1:
                raise NotFoundError("no unknown job of that id")
            self._drop(job)
        truncate_log(self._db)

    def job(self, job: int) -> Job:
        """Raises `NotFoundError`."""
        with typed():
            row = self._db.execute(
                "SELECT id, state, kind, attempts, copy_of, made, parcel FROM spool WHERE id=?", (job,)
            ).fetchone()
            if row is None:
                raise NotFoundError("no such job")
            return Job(row[0], Printing(row[1]), *row[2:6], sealed=self._take(row[6]))

    def ids(self, state: Printing) -> list[int]:
        """Jobs in a state, oldest first."""
        with typed():
            rows = self._db.execute("SELECT id FROM spool WHERE state=? ORDER BY id", (state,)).fetchall()
        return [int(row[0]) for row in rows]

    def _drop(self, job: int) -> None:
        parcel = self._db.execute("SELECT parcel FROM spool WHERE id=?", (job,)).fetchone()[0]
        self._db.execute("UPDATE spool SET parcel=NULL WHERE id=?", (job,))
        self._db.execute("DELETE FROM parcels WHERE id=?", (parcel,))
