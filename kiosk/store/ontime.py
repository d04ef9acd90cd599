"""A clock nobody can set: how long this machine has been switched on since the store was made.

The wall clock of a kiosk can be put back, by hand or by a flat battery, so no pause may hang on it. The kernel's
CLOCK_BOOTTIME cannot be set, but begins anew with each start; here the parts are added up. What runs between the last
look and a power cut is not counted, so the clock is never ahead of the truth.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

Source = Callable[[], tuple[str, float]]
"""(name of this start of the machine, seconds since it)."""

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


def machine() -> tuple[str, float]:
    """This machine's own. Without /proc (a container that hides it) all starts have one name."""
    try:
        name = _BOOT_ID.read_text().strip()
    except OSError:
        name = ""
    return name, time.clock_gettime(time.CLOCK_BOOTTIME)


def look(db: Any, source: Source, *, keep: bool) -> float:
    """On-time in seconds; with `keep` within a running transaction, and written down there."""
    name, since = source()
    row = db.execute("SELECT boot, seen, total FROM on_time WHERE id = 1").fetchone()
    if row is None:
        total = since
    elif row[0] == name and since >= row[1]:
        total = float(row[2]) + since - float(row[1])
    else:  # another start: all of it was time switched on
        total = float(row[2]) + since
    if keep:
        db.execute(
            "INSERT OR REPLACE INTO on_time (id, boot, seen, total) VALUES (1, ?, ?, ?)", (name, since, total)
        )
    return total
