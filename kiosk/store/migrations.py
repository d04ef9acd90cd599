"""The shape of the store, as numbered steps that only add.

A release that is rolled back must still open the store, so no step drops or renames; what is no longer used is taken
out a release later. sqlite-utils' `alter=True`, `ignore=True` and the like do not work on sqlcipher3 (they catch the
standard module's errors), so each step says exactly what it makes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kiosk.store.connection import Connection, writing
from kiosk.store.errors import typed

Database = Any


def _first(db: Database) -> None:
    db["meta"].create({"name": str, "value": str}, pk="name", not_null={"value"})
    # Sealed bytes stand apart from the rows that describe them, so whoever reads states never loads payload pages.
    db["parcels"].create({"id": int, "sealed": bytes}, pk="id", not_null={"sealed"})
    db["spool"].create(
        {
            "id": int,
            "state": str,
            "kind": str,
            "attempts": int,
            "next_try": float,
            "owner": str,
            "parcel": int,
            "copy_of": int,
            "officer": str,
            "made": float,
            "changed": float,
        },
        pk="id",
        not_null={"state", "kind", "made", "changed"},
        defaults={"attempts": 0, "next_try": 0, "owner": "", "officer": ""},
        foreign_keys=[("parcel", "parcels", "id"), ("copy_of", "spool", "id")],
    )
    db["spool"].create_index(["state"])
    db["outbox"].create(
        {
            "id": int,
            "state": str,
            "kind": str,
            "attempts": int,
            "next_try": float,
            "owner": str,
            "parcel": int,
            "answer": int,
            "after": int,
            "key": str,
            "upload_url": str,
            "offset": int,
            "word": str,
            "made": float,
            "changed": float,
        },
        pk="id",
        not_null={"state", "kind", "key", "made", "changed"},
        defaults={"attempts": 0, "next_try": 0, "owner": "", "upload_url": "", "offset": 0, "word": ""},
        foreign_keys=[("parcel", "parcels", "id"), ("answer", "parcels", "id"), ("after", "outbox", "id")],
    )
    db["outbox"].create_index(["state", "next_try"])
    db["outbox"].create_index(["key"], unique=True)
    # Of the first release only: drafts lie in the outbox until the portal keeps them. To be taken out a release later.
    db["drafts"].create(
        {"id": bytes, "sealed": bytes, "expires": float}, pk="id", not_null={"sealed", "expires"}
    )
    db["drafts"].create_index(["expires"])
    db["events"].create(
        # `chain` is room for the hash that will tie each event to the one before it.
        {"id": int, "at": float, "session": str, "kind": str, "data": str, "chain": bytes},
        pk="id",
        not_null={"at", "kind", "data"},
        defaults={"session": ""},
    )
    db["events"].create_index(["kind", "at"])
    for change in ("UPDATE", "DELETE"):
        db.conn.execute(
            f"CREATE TRIGGER events_no_{change.lower()} BEFORE {change} ON events "
            "BEGIN SELECT RAISE(ABORT, 'events are only added'); END"
        )
    db["numbers"].create(
        {"id": int, "day": str, "service": str, "number": int, "official": str, "made": float},
        pk="id",
        not_null={"day", "service", "number", "made"},
        defaults={"official": ""},
    )
    db["numbers"].create_index(["day", "service", "number"], unique=True)


def _officers(db: Database) -> None:
    """Counters of PIN tries, and the clock they are measured by."""
    db["officer_tries"].create(
        {"account": str, "failed": int, "day": str, "step": int},
        pk="account",
        not_null={"failed", "day", "step"},
        defaults={"failed": 0, "day": "[]", "step": 0},
    )
    db["on_time"].create(
        {"id": int, "boot": str, "seen": float, "total": float}, pk="id", not_null={"boot", "seen", "total"}
    )


def _questions(db: Database) -> None:
    """What the kiosk could not answer. No visit and no time of day: a row must not lead to who asked."""
    db["questions"].create(
        {"id": int, "day": str, "about": str, "why": str, "language": str, "parcel": int},
        pk="id",
        not_null={"day", "about", "why", "language", "parcel"},
        foreign_keys=[("parcel", "parcels", "id")],
    )
    db["questions"].create_index(["day"])


def _pot(db: Database) -> None:
    """Surveys on their way into the event log: ordered by a random name, not by when they came."""
    db.execute(
        "CREATE TABLE pot (id TEXT PRIMARY KEY, kind TEXT NOT NULL, data TEXT NOT NULL, day TEXT NOT NULL) "
        "WITHOUT ROWID"
    )


STEPS: tuple[Callable[[Database], None], ...] = (_first, _officers, _questions, _pot)
"""Step n brings the store from version n to n + 1. Only ever append."""
LATEST = len(STEPS)


def version(connection: Connection) -> int:
    """How many steps the store has had."""
    with typed():
        return int(connection.execute("PRAGMA user_version").fetchone()[0])


def migrate(connection: Connection) -> int:
    """Take the steps that are missing, each in one transaction; returns how many.

    A store from a later release (more steps than we know) is left as it is: steps only add.
    """
    taken = 0
    while version(connection) < LATEST:
        import sqlite_utils  # heavy (0.4 s), and needed on the first start of a release only

        with writing(connection):
            at = version(connection)
            if at < LATEST:
                STEPS[at](sqlite_utils.Database(_Quiet(connection)))  # pyright: ignore[reportArgumentType]
                connection.execute(f"PRAGMA user_version = {at + 1}")
                taken += 1
    return taken


class _Quiet:
    """The connection as sqlite-utils wants it, but the transaction stays ours: its `with conn:` must not commit."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def __enter__(self) -> _Quiet:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def commit(self) -> None:
        """Left to `writing`."""
