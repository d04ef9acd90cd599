"""Events, provisional queue numbers and named values: small tables without payloads."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kiosk.insight import chain
from kiosk.insight.vocabulary import safe
from kiosk.store.connection import writing
from kiosk.store.errors import NotFoundError, typed
from kiosk.store.tables import Table

Fact = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Event:
    id: int
    at: float
    session: str
    kind: str
    data: Mapping[str, Fact]


class Events(Table):
    """What happened at the kiosk, for reports. Only ever added to (the database itself refuses else). No identity."""

    def append(self, kind: str, data: Mapping[str, Fact] | None = None, *, session: str = "") -> int:
        """Add one; returns its number. `data` holds words, numbers and durations, nothing that names a person.

        Words and fields: `kiosk.insight.vocabulary`. Each event is tied to the one before it, `kiosk.insight.chain`.
        """
        with writing(self._db):
            return self.add(kind, data or {}, session=session, at=time.time())

    def add(self, kind: str, data: Mapping[str, Fact], *, at: float, session: str = "") -> int:
        """As `append`, within a transaction that is already open; `at` in Unix seconds."""
        text = json.dumps(safe(data), separators=(",", ":"))
        at = round(at, 3)
        number, previous = self._last()
        number += 1
        tied = chain.link(previous, chain.body(number, at, session, kind, text))
        self._db.execute(
            "INSERT INTO events (id, at, session, kind, data, chain) VALUES (?, ?, ?, ?, ?, ?)",
            (number, at, session, kind, text, tied),
        )
        return number

    def device(self, name: str, state: str, detail: str = "") -> bool:
        """A device's state, written only when it differs from the last one written. True when it was."""
        with typed():
            row = self._db.execute(
                "SELECT data FROM events WHERE kind='device' AND json_extract(data, '$.device')=? "
                "ORDER BY id DESC LIMIT 1",
                (name,),
            ).fetchone()
        before = json.loads(row[0])["state"] if row else "ready"
        if before == state:
            return False
        self.append("device", {"device": name, "state": state, **({"detail": detail} if detail else {})})
        return True

    def statuses(self) -> dict[str, str]:
        """Application's random name → the OSS status heard last."""
        with typed():
            rows = self._db.execute("SELECT data FROM events WHERE kind='oss_status' ORDER BY id").fetchall()
        return {str(data["case"]): str(data["status"]) for data in (json.loads(row[0]) for row in rows)}

    def _last(self) -> tuple[int, bytes]:
        row = self._db.execute("SELECT id, chain FROM events ORDER BY id DESC LIMIT 1").fetchone()
        return (int(row[0]), bytes(row[1] or chain.START)) if row else (0, chain.START)

    def head(self) -> chain.Anchor:
        """Number and hash of the last event, to be lodged elsewhere; id 0 while there is none."""
        with typed():
            number, tied = self._last()
        return chain.Anchor(self._settings.kiosk.id, number, tied.hex(), round(time.time(), 3))

    def before(self, at: float) -> int:
        """Number of the last event older than Unix time `at`; 0 when there is none."""
        with typed():
            return int(
                self._db.execute("SELECT coalesce(max(id), 0) FROM events WHERE at<?", (at,)).fetchone()[0]
            )

    def rows(self, after: int = 0, batch: int = 5000) -> Iterator[chain.Row]:
        """Every event after number `after` as it is stored, for checking and export; read in batches."""
        while True:
            with typed():
                found = self._db.execute(
                    "SELECT id, at, session, kind, data, chain FROM events WHERE id>? ORDER BY id LIMIT ?",
                    (after, batch),
                ).fetchall()
            for row in found:
                yield tuple(row)
            if len(found) < batch:
                return
            after = int(found[-1][0])

    def since(self, number: int = 0, limit: int = 1000) -> list[Event]:
        """Events after `number`, oldest first."""
        with typed():
            rows = self._db.execute(
                "SELECT id, at, session, kind, data FROM events WHERE id>? ORDER BY id LIMIT ?",
                (number, limit),
            ).fetchall()
        return [Event(*row[:4], data=json.loads(row[4])) for row in rows]


class Numbers(Table):
    """Queue numbers given out while the portal could not: provisional until it confirms."""

    def draw(self, service: str, day: str) -> tuple[int, int]:
        """The next number of a service on a day (ISO date): (row id, number from 1). Never given twice."""
        with writing(self._db) as db:
            last = db.execute(
                "SELECT coalesce(max(number), 0) FROM numbers WHERE service=? AND day=?", (service, day)
            ).fetchone()[0]
            done = db.execute(
                "INSERT INTO numbers (day, service, number, made) VALUES (?, ?, ?, ?)",
                (day, service, int(last) + 1, time.time()),
            )
        return int(done.lastrowid), int(last) + 1

    def confirm(self, row: int, official: str) -> None:
        """The portal's own number for it. Raises `NotFoundError`."""
        with writing(self._db) as db:
            if db.execute("UPDATE numbers SET official=? WHERE id=?", (official, row)).rowcount != 1:
                raise NotFoundError("no such number")

    def unconfirmed(self) -> list[tuple[int, str, str, int]]:
        """(row id, day, service, number) the portal does not know yet."""
        with typed():
            query = "SELECT id, day, service, number FROM numbers WHERE official='' ORDER BY id"
            return [tuple(row) for row in self._db.execute(query).fetchall()]


class Meta(Table):
    """Named values of the machine, as JSON."""

    def get(self, name: str) -> object:
        """None when it was never set."""
        with typed():
            row = self._db.execute("SELECT value FROM meta WHERE name=?", (name,)).fetchone()
        return json.loads(row[0]) if row else None

    def set(self, name: str, value: object) -> None:
        with writing(self._db) as db:
            db.execute("INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)", (name, json.dumps(value)))

    def clear(self, name: str) -> None:
        with writing(self._db) as db:
            db.execute("DELETE FROM meta WHERE name=?", (name,))
