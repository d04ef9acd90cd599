"""The shape of the archive's file, in numbered steps that only add, and how it is opened.

Plain SQL: an officer's visit opens it, and sqlite-utils takes 0.4 s to import.
"""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path

from kiosk.folders import make_private
from kiosk.settings import Settings
from kiosk.settings.places import store_folder
from kiosk.store.connection import Connection, connect_to, writing
from kiosk.store.errors import DamagedError, WrongKeyError, typed
from kiosk.store.keys import archive_key, make_keys

NAME = "archive.db"

_FIRST = (
    "CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
    """CREATE TABLE documents (
        id INTEGER PRIMARY KEY, ref TEXT NOT NULL UNIQUE, state TEXT NOT NULL,
        number TEXT NOT NULL DEFAULT '', year TEXT NOT NULL DEFAULT '', holder TEXT NOT NULL DEFAULT '',
        kbli TEXT NOT NULL DEFAULT '', pages INTEGER NOT NULL DEFAULT 0, sha256 TEXT NOT NULL DEFAULT '',
        remote TEXT NOT NULL DEFAULT '', token TEXT NOT NULL DEFAULT '', word TEXT NOT NULL DEFAULT '',
        work_seconds REAL NOT NULL DEFAULT 0, thumbnail BLOB,
        made REAL NOT NULL, changed REAL NOT NULL)""",
    "CREATE INDEX documents_state ON documents (state, id)",
    "CREATE INDEX documents_number ON documents (number, year)",
    # Pictures stand apart from what is listed, so that a search loads none of them.
    """CREATE TABLE sheets (
        id INTEGER PRIMARY KEY, document INTEGER NOT NULL REFERENCES documents (id), jpeg BLOB, thumbnail BLOB,
        dpi INTEGER NOT NULL, fingerprint INTEGER NOT NULL, remark TEXT NOT NULL DEFAULT '')""",
    "CREATE INDEX sheets_document ON sheets (document, id)",
    "CREATE TABLE files (document INTEGER PRIMARY KEY REFERENCES documents (id), pdf BLOB NOT NULL)",
    """CREATE VIRTUAL TABLE words USING fts5(
        number, year, holder, kbli, body, tokenize = "unicode61 remove_diacritics 2")""",
    # An erased document's words must leave the index at once, not with some later merge.
    "INSERT INTO words (words, rank) VALUES ('secure-delete', 1)",
)
STEPS: tuple[tuple[str, ...], ...] = (_FIRST,)
"""Step n brings the file from version n to n + 1. Only ever append."""


def archive_file(settings: Settings) -> Path:
    return store_folder(settings) / NAME


def opened(settings: Settings, *, wait: float = 5.0) -> Connection:
    """A connection to an archive that is there and up to date. Raises `StoreError` or `SecretTroubleError`.

    A file that does not open with this key is set aside, never thrown away, and a fresh one made.
    """
    file = archive_file(settings)
    if file.exists():
        try:
            connection = connect_to(file, archive_key(settings), wait=wait)
        except (WrongKeyError, DamagedError):
            return _made(settings, wait)
        if _version(connection) >= len(STEPS):
            return connection
        connection.close()
    return _made(settings, wait)


def _version(connection: Connection) -> int:
    with typed():
        return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _made(settings: Settings, wait: float) -> Connection:
    folder = make_private(store_folder(settings))
    lock = os.open(folder / "archive.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)  # another process may have done it meanwhile: look again
        make_keys(settings)
        file, key = archive_file(settings), archive_key(settings)
        aside = ""
        try:
            connection = connect_to(file, key, wait=wait, create=True)
        except WrongKeyError:
            aside = _set_aside(file)
            connection = connect_to(file, key, wait=wait, create=True)
        while (at := _version(connection)) < len(STEPS):
            with writing(connection) as db:
                for statement in STEPS[at]:
                    db.execute(statement)
                db.execute(f"PRAGMA user_version = {at + 1}")
        if aside:
            with writing(connection) as db:
                db.execute("INSERT OR REPLACE INTO meta (name, value) VALUES ('set_aside', ?)", (aside,))
        return connection
    finally:
        os.close(lock)


def _set_aside(file: Path) -> str:
    stem = f"{file.name}.aside-{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}"
    for ending in ("", "-wal", "-shm"):
        part = file.with_name(file.name + ending)
        if part.exists():
            part.rename(file.with_name(stem + ending))
    os.write(2, f"archive: does not open with this key; kept as {stem}, a fresh one is used\n".encode())
    return stem
