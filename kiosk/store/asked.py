"""Questions the kiosk could not answer, for the office's weekly list.

What was asked is cleaned before it comes here (`kiosk.knowledge.anonymous`) and is sealed all the same: a visit can add
a question and never read one. A row has a day and no time of day, and belongs to no visit.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from kiosk.store.connection import truncate_log, writing
from kiosk.store.errors import SealError, typed
from kiosk.store.keys import Opener
from kiosk.store.tables import Table

KEPT_DAYS = 56
"""Eight weekly lists; after that a question is erased, whether anybody looked or not."""
MOST = 5000
"""Rows at most: somebody who types for fun must not fill the disk."""


@dataclass(frozen=True, slots=True)
class Asked:
    """`about` is "faq" or "kbli", `why` "unknown", "stale" or "nothing_found", `words` the cleaned question."""

    day: date
    about: str
    why: str
    language: str
    words: str = field(repr=False)


class Questions(Table):
    def add(self, day: date, about: str, why: str, language: str, words: str) -> bool:
        """Seal and keep one. False when there is no room for more. Erases what is too old."""
        oldest = (day - timedelta(days=KEPT_DAYS)).isoformat()
        with writing(self._db) as db:
            gone = db.execute("SELECT id, parcel FROM questions WHERE day<?", (oldest,)).fetchall()
            for row, parcel in gone:
                db.execute("DELETE FROM questions WHERE id=?", (row,))
                db.execute("DELETE FROM parcels WHERE id=?", (parcel,))
            if int(db.execute("SELECT count(*) FROM questions").fetchone()[0]) >= MOST:
                return False
            parcel = self._put(words.encode())
            db.execute(
                "INSERT INTO questions (day, about, why, language, parcel) VALUES (?, ?, ?, ?, ?)",
                (day.isoformat(), about, why, language, parcel),
            )
        if gone:
            truncate_log(self._db)
        return True

    def read(self, since: date, until: date, opener: Opener) -> list[Asked]:
        """The questions of the days `since` to `until`, both included, oldest first.

        One that does not open (it was sealed to keys that are gone) is left out.
        """
        with typed():
            rows = self._db.execute(
                "SELECT day, about, why, language, parcel FROM questions WHERE day BETWEEN ? AND ? ORDER BY id",
                (since.isoformat(), until.isoformat()),
            ).fetchall()
        found: list[Asked] = []
        for day, about, why, language, parcel in rows:
            try:
                words = opener.open(self._take(parcel)).decode()
            except (SealError, UnicodeDecodeError):
                continue
            found.append(Asked(date.fromisoformat(day), about, why, language, words))
        return found
