"""Opens the packaged read-only databases. Only the standard library: a command must answer within 0.3 s."""

from __future__ import annotations

import sqlite3
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"


def open_readonly(path: Path) -> sqlite3.Connection:
    """A connection to `path` that can never write or lock (immutable=1), usable from any thread that
    takes turns.

    Raises sqlite3.OperationalError when the file is missing.
    """
    uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
    return sqlite3.connect(uri, uri=True, check_same_thread=False)


@cache
def knowledge() -> sqlite3.Connection:
    """The packaged KBLI, crosswalk and regions (`data/kbli.sqlite`), opened once a process."""
    return open_readonly(DATA / "kbli.sqlite")


@cache
def meta(key: str) -> str:
    """A fact about the data file: "kbli_source", "kbli_date", "regions_source", "built_from".
    KeyError when absent.
    """
    row = knowledge().execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    if row is None:
        raise KeyError(key)
    return str(row[0])
