"""Events that must not say which visit they came from: kept apart, and added to the log later, several at a time.

The log is a chain in the order of writing. A survey written to it at once would stand behind the last step of the very
visit that gave it. In the pot a row has a random name and a day, no time; it is poured into the log in the order of
the names once others have joined it or its day is over, under the noon of its day.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from datetime import date, datetime, time, tzinfo
from typing import Final

from kiosk.store.connection import truncate_log, writing
from kiosk.store.records import Events, Fact
from kiosk.store.tables import Table

CROWD: Final = 8
"""This many of one day are poured together before the day is over."""


class Pot(Table):
    def put(self, kind: str, data: Mapping[str, Fact], day: date) -> None:
        """Keep one event; on disk when this returns."""
        row = (secrets.token_hex(16), kind, json.dumps(dict(data), separators=(",", ":")), day.isoformat())
        with writing(self._db) as db:
            db.execute("INSERT INTO pot (id, kind, data, day) VALUES (?, ?, ?, ?)", row)

    def pour(self, events: Events, today: date, zone: tzinfo) -> int:
        """Add to the log what is ripe: all of earlier days, and today's when they are a crowd. Returns how many.

        All or nothing: a cut in between neither loses nor doubles one.
        """
        with writing(self._db) as db:
            ripe = db.execute(
                "SELECT id, kind, data, day FROM pot WHERE day < ? OR (SELECT count(*) FROM pot WHERE day = ?) >= ? "
                "ORDER BY day, id",
                (today.isoformat(), today.isoformat(), CROWD),
            ).fetchall()
            for name, kind, data, day in ripe:
                noon = datetime.combine(date.fromisoformat(day), time(12), zone)
                events.add(kind, json.loads(data), at=noon.timestamp())
                db.execute("DELETE FROM pot WHERE id = ?", (name,))
        if ripe:
            truncate_log(self._db)
        return len(ripe)
