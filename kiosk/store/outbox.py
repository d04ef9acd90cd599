"""The outbox: what must reach the portal although the visit is over. One worker process does one row.

A row keeps its idempotency key and, for an upload, the address and offset the portal gave, so a try that was cut off
is carried on and never doubles anything.
"""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, field

from kiosk.store.connection import truncate_log, writing
from kiosk.store.errors import NotFoundError, typed
from kiosk.store.tables import Sending, Table


@dataclass(frozen=True, slots=True)
class Item:
    """One row as a worker sees it; `sealed` and `answer_before` go through `Opener.open`."""

    id: int
    kind: str
    attempts: int
    key: str
    """Idempotency key, the same at every try."""
    upload_url: str
    offset: int
    """Bytes the portal has confirmed."""
    state: Sending
    word: str
    sealed: bytes = field(repr=False)
    answer: bytes = field(repr=False)
    """Sealed answer of the portal, once done."""
    before: Sending | None
    """State of the row this one follows."""
    answer_before: bytes = field(repr=False)
    """Sealed answer of the row this one follows, e.g. the application the document belongs to."""


def backoff(attempts: int, first: float, most: float) -> float:
    """Seconds to wait after the `attempts`-th failure (from 1): doubling, capped, half of it at random.

    The random half keeps all kiosks of an office from calling at the same moment after an outage.
    """
    whole = min(most, first * 2 ** min(attempts - 1, 30))
    return whole * random.uniform(0.5, 1.0)  # noqa: S311 - spreads load, guards nothing


class Outbox(Table):
    def add(self, kind: str, payload: bytes, *, key: str = "", after: int | None = None) -> int:
        """Store an item to be sent; returns its id once it is on disk.

        `key` is the idempotency key a first direct try may have used already (else a random one); adding the same key
        twice returns the first row's id. `after` is a row that has to be done before.
        """
        import os

        key = key or os.urandom(16).hex()
        now = time.time()
        with writing(self._db) as db:
            known = db.execute("SELECT id FROM outbox WHERE key=?", (key,)).fetchone()
            if known:
                return int(known[0])
            done = db.execute(
                "INSERT INTO outbox (state, kind, parcel, after, key, made, changed) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (Sending.WAITING, kind, self._put(payload), after, key, now, now),
            )
        return int(done.lastrowid)

    def unsent(self, start: str) -> bool:
        """Whether a row whose key begins so has still to be sent. `start` is letters, digits and "-" only."""
        with typed():
            found = self._db.execute(
                "SELECT 1 FROM outbox WHERE key LIKE ? AND state IN (?, ?)",
                (f"{start}%", Sending.WAITING, Sending.WORKING),
            ).fetchone()
        return found is not None

    def reasons(self, most: int) -> list[str]:
        """What was refused for good and the portal's word for it, newest first: "application 12: invalid"."""
        with typed():
            rows = self._db.execute(
                "SELECT kind, id, word FROM outbox WHERE state=? ORDER BY id DESC LIMIT ?",
                (Sending.REFUSED, most),
            ).fetchall()
        return [f"{kind} {row}: {word}" for kind, row, word in rows]

    def answered(self, kind: str) -> list[tuple[str, bytes]]:
        """(key, sealed answer) of every row of a kind that is done and was answered, oldest first."""
        with typed():
            return [
                (str(key), bytes(sealed))
                for key, sealed in self._db.execute(
                    "SELECT o.key, p.sealed FROM outbox o JOIN parcels p ON p.id = o.answer "
                    "WHERE o.kind=? AND o.state=? ORDER BY o.id",
                    (kind, Sending.DONE),
                ).fetchall()
            ]

    def claim(self, row: int) -> bool:
        """Take a waiting row in hand. False: it is not (any more) waiting."""
        with writing(self._db) as db:
            done = db.execute(
                "UPDATE outbox SET state=?, owner=?, changed=? WHERE id=? AND state=?",
                (Sending.WORKING, self._owner, time.time(), row, Sending.WAITING),
            )
        return done.rowcount == 1

    def item(self, row: int) -> Item:
        """Raises `NotFoundError`."""
        with typed():
            got = self._db.execute(
                "SELECT o.id, o.kind, o.attempts, o.key, o.upload_url, o.offset, o.state, o.word, o.parcel, o.answer, "
                "p.state, p.answer FROM outbox o LEFT JOIN outbox p ON p.id = o.after WHERE o.id=?",
                (row,),
            ).fetchone()
            if got is None:
                raise NotFoundError("no such row")
            return Item(
                *got[:6],
                state=Sending(got[6]),
                word=got[7],
                sealed=self._take(got[8]),
                answer=self._take(got[9]),
                before=Sending(got[10]) if got[10] else None,
                answer_before=self._take(got[11]),
            )

    def progress(self, row: int, upload_url: str, offset: int) -> None:
        """Remember where an upload stands; on disk before the next piece is sent."""
        self._mine(row, "upload_url=?, offset=?", upload_url, offset)

    def keep(self, row: int, payload: bytes) -> None:
        """Put another payload in the place of the row's own: work that need not be done again at the next try."""
        with writing(self._db):
            before = self._db.execute("SELECT parcel FROM outbox WHERE id=?", (row,)).fetchone()
            self._change(row, "parcel=?", self._put(payload))
            self._db.execute("DELETE FROM parcels WHERE id=?", (before[0],))
        truncate_log(self._db)

    def done(self, row: int, answer: bytes = b"") -> None:
        """The portal has it. The payload is erased; `answer` is sealed for rows that follow."""
        with writing(self._db):
            parcel = self._put(answer) if answer else None
            self._change(row, "state=?, owner='', word='', answer=?", Sending.DONE, parcel)
            self._drop(row)
        truncate_log(self._db)

    def again(self, row: int, word: str, *, wait: float | None = None) -> float:
        """It did not work this time; `word` says why. Returns the wait in seconds (`wait`, else exponential)."""
        rules = self._settings.portal
        with writing(self._db) as db:
            attempts = int(db.execute("SELECT attempts FROM outbox WHERE id=?", (row,)).fetchone()[0]) + 1
            pause = backoff(attempts, rules.retry_first, rules.retry_most) if wait is None else wait
            self._change(
                row,
                "state=?, owner='', word=?, attempts=?, next_try=?",
                Sending.WAITING,
                word,
                attempts,
                time.time() + pause,
            )
        return pause

    def refused(self, row: int, word: str) -> None:
        """It will never work; an officer looks. The sealed payload stays until `erase`."""
        self._mine(row, "state=?, owner='', word=?", Sending.REFUSED, word)

    def erase(self, row: int) -> None:
        """Take back a row and all that follow it (the visitor withdrew, or corrects what was refused).

        Raises `NotFoundError` if there is no such row, or another process is at work on one of them.
        """
        with writing(self._db) as db:
            rows = db.execute(
                "WITH RECURSIVE line (id) AS (SELECT id FROM outbox WHERE id=? "
                "UNION SELECT o.id FROM outbox o JOIN line ON o.after = line.id) "
                "SELECT o.id, o.state = ? AND o.owner != ?, o.parcel, o.answer FROM outbox o JOIN line USING (id) "
                "ORDER BY o.id DESC",
                (row, Sending.WORKING, self._owner),
            ).fetchall()
            if not rows or any(others for _, others, _, _ in rows):
                raise NotFoundError("no such row, or it is being sent")
            # Followers have the higher ids, so nobody is left pointing at what is gone.
            for each, _, parcel, answer in rows:
                db.execute("DELETE FROM outbox WHERE id=?", (each,))
                db.execute("DELETE FROM parcels WHERE id IN (?, ?)", (parcel, answer))
        truncate_log(self._db)

    def _mine(self, row: int, what: str, *values: object) -> None:
        with writing(self._db):
            self._change(row, what, *values)

    def _change(self, row: int, what: str, *values: object) -> None:
        done = self._db.execute(
            f"UPDATE outbox SET {what}, changed=? WHERE id=? AND state=? AND owner=?",  # noqa: S608 - `what` is ours
            (*values, time.time(), row, Sending.WORKING, self._owner),
        )
        if done.rowcount != 1:
            raise NotFoundError("row is not in this process's hand")

    def _drop(self, row: int) -> None:
        parcel = self._db.execute("SELECT parcel FROM outbox WHERE id=?", (row,)).fetchone()[0]
        self._db.execute("UPDATE outbox SET parcel=NULL WHERE id=?", (row,))
        self._db.execute("DELETE FROM parcels WHERE id=?", (parcel,))
