"""What `fleet serve` heard last, in a small SQLite file, so that `fleet status` need not ask the broker for all of it.

A cache and nothing more: it may be deleted at any time. It counts only while `fleet serve` runs, is connected and has
heard everything the broker keeps; else readers ask the broker themselves.
"""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from provisioning.live import Seen, View
from provisioning.state import State

STALE = 10.0
"""Seconds without a sign of life of `fleet serve` after which its file is not believed."""
SCHEMA = """
create table if not exists kiosk(
  device text primary key, state text not null, online integer not null, heard real, since real) without rowid;
create table if not exists sign(one integer primary key, boot text, at real, started real);
"""


class Last:
    """The file. Writing: `fleet serve` alone. Times are of the machine's monotonic clock, which all processes share."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def begin(self) -> None:
        """A new connection to the broker: nothing heard before counts."""
        with self._open() as db:
            db.executescript(SCHEMA)
            db.execute("delete from kiosk")
            db.execute("delete from sign")

    def write(self, view: View, changed: Iterable[str]) -> None:
        """Keep what changed, and say that all of it is as of now."""
        rows = [
            (name, seen.state.to_bytes().decode() if seen.state else "", seen.online, seen.heard, seen.since)
            for name in changed
            if (seen := view.devices.get(name)) is not None
        ]
        with self._open() as db:
            db.executemany("insert or replace into kiosk values(?,?,?,?,?)", rows)
            db.execute(
                "insert or replace into sign values(1,?,?,?)", (_boot(), time.monotonic(), view.started)
            )

    def read(self) -> View | None:
        """The whole fleet, or None when that file is not to be believed now."""
        if not self._path.exists():
            return None
        try:
            with self._open() as db:
                sign = db.execute("select boot, at, started from sign").fetchone()
                if sign is None or sign[0] != _boot() or not 0 <= time.monotonic() - sign[1] < STALE:
                    return None
                rows = db.execute("select device, state, online, heard, since from kiosk").fetchall()
        except sqlite3.Error:
            return None
        return View(
            {
                name: Seen(State.from_bytes(text.encode()) if text else None, bool(online), heard, since)
                for name, text, online, heard, since in rows
            },
            sign[2],
        )

    @contextlib.contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        db = sqlite3.connect(self._path, timeout=5)
        try:
            db.execute("pragma journal_mode=wal")
            # A cache: a power cut may take it.
            db.execute("pragma synchronous=off")
            with db:
                yield db
        finally:
            db.close()


def _boot() -> str:
    return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
