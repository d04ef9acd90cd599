"""Make sure there is a store that opens: keys, file, schema; an unreadable one is set aside, never thrown away."""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Generator
from contextlib import contextmanager

from kiosk.folders import make_private
from kiosk.settings import SecretTroubleError, Settings
from kiosk.settings.places import store_folder
from kiosk.store.connection import Connection, connect, database_file, truncate_log, writing
from kiosk.store.errors import DamagedError, WrongKeyError
from kiosk.store.keys import make_keys
from kiosk.store.migrations import LATEST, migrate, version
from kiosk.store.purge import erase_old

NOTICE = "notice"
"""Name in `meta` of what officers and IT must know; see `Store.notice`."""


def opened(settings: Settings, *, wait: float = 5.0) -> Connection:
    """A connection to a store that is there and up to date. Raises `StoreError` or `SecretTroubleError`."""
    try:
        connection = connect(settings, wait=wait)
    except (WrongKeyError, DamagedError, SecretTroubleError):
        return _made(settings, wait)
    if version(connection) >= LATEST:
        return connection
    connection.close()
    return _made(settings, wait)


def prepared(settings: Settings, *, wait: float = 20.0) -> Connection:
    """As `opened`, and makes sure first that workers can open what is sealed from now on.

    A lost private key cannot be got back: what was sealed to it will be refused, and `Store.notice` says so.
    """
    with _alone(settings):
        new_pair = make_keys(settings)
    connection = opened(settings, wait=wait)
    if new_pair:
        _note(connection, {"word": "workers_key_replaced", "at": time.time()})
    return connection


def _made(settings: Settings, wait: float) -> Connection:
    with _alone(settings):  # another process may have done it in the meantime: everything below looks again
        make_keys(settings)
        aside = ""
        try:
            connection = connect(settings, wait=wait, create=True)
        except WrongKeyError:
            aside = _set_aside(settings)
            connection = connect(settings, wait=wait, create=True)
        migrate(connection)
        if aside:
            _note(connection, {"word": "store_set_aside", "file": aside, "at": time.time()})
        return connection


def _note(connection: Connection, note: dict[str, object]) -> None:
    with writing(connection):
        connection.execute(
            "INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)", (NOTICE, json.dumps(note))
        )


def _set_aside(settings: Settings) -> str:
    """Rename the store and its side files; returns the new name of the file."""
    file = database_file(settings)
    stem = f"{file.name}.aside-{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}"
    for ending in ("", "-wal", "-shm"):
        part = file.with_name(file.name + ending)
        if part.exists():
            part.rename(file.with_name(stem + ending))
    os.write(2, f"store: does not open with this key; kept as {stem}, a fresh one is used\n".encode())
    return stem


def tidy(settings: Settings, connection: Connection, run: str, now: float) -> None:
    """What a start does once: rows in the hand of an earlier run, old rows and sets-aside, the log emptied."""
    with writing(connection):
        mine = f"{run}/%"
        connection.execute(
            "UPDATE spool SET state='unknown', owner='', changed=? WHERE state='sending' AND owner NOT LIKE ?",
            (now, mine),
        )
        connection.execute(
            "UPDATE outbox SET state='waiting', owner='', changed=? WHERE state='working' AND owner NOT LIKE ?",
            (now, mine),
        )
        erase_old(settings, connection, now)
    truncate_log(connection)
    limit = now - settings.store.keep_aside_days * 86400
    for old in store_folder(settings).glob(f"{database_file(settings).name}.aside-*"):
        if old.stat().st_mtime < limit:
            old.unlink(missing_ok=True)


@contextmanager
def _alone(settings: Settings) -> Generator[None]:
    """One process at a time makes or migrates the store."""
    folder = make_private(store_folder(settings))
    handle = os.open(folder / "making.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
