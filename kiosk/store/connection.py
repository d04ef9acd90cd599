"""One way to open the encrypted database, used by everyone who touches it."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kiosk.settings import Settings
from kiosk.settings.places import store_folder
from kiosk.store.engine import engine
from kiosk.store.errors import typed
from kiosk.store.keys import database_key

NAME = "anjungan.db"
Connection = Any
"""A `sqlcipher3.dbapi2.Connection`; the package ships no types."""


def database_file(settings: Settings) -> Path:
    return store_folder(settings) / NAME


def connect(settings: Settings, *, wait: float = 5.0, create: bool = False) -> Connection:
    """Open the database in autocommit mode; `wait` seconds for another writer.

    Raises `WrongKeyError`, `BusyError`, `DamagedError` or `SecretTroubleError`. WAL with synchronous=FULL: a row
    that was committed survives a power cut.
    """
    return connect_to(database_file(settings), database_key(settings), wait=wait, create=create)


def connect_to(file: Path, key: str, *, wait: float = 5.0, create: bool = False) -> Connection:
    """The same for any encrypted file of ours; `key` is 64 hex digits."""
    mode = "rwc" if create else "rw"
    with typed():
        connection: Connection = engine().connect(
            f"file:{file}?mode={mode}",
            uri=True,
            timeout=wait,
            isolation_level=None,
            check_same_thread=False,
        )
        try:
            connection.execute(f"PRAGMA key = \"x'{key}'\"")
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA secure_delete = ON")
            connection.execute("PRAGMA temp_store = MEMORY")
            connection.execute("PRAGMA foreign_keys = ON")
        except BaseException:
            connection.close()
            raise
    return connection


@contextmanager
def writing(connection: Connection) -> Generator[Connection]:
    """One transaction: all of it is on disk when the block is left, or none of it. Raises the typed errors."""
    with typed():
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


def truncate_log(connection: Connection) -> bool:
    """Empty the write-ahead log, where deleted text would stay otherwise. False: someone reads, try again later."""
    with typed():
        busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy
