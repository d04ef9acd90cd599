"""What the tables have in common: states as words, and how a visit or worker signs the rows it holds."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from kiosk.settings import Settings
from kiosk.store.connection import Connection
from kiosk.store.keys import seal


class Printing(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"
    PRINTED = "printed"
    UNKNOWN = "unknown"
    """Bytes went out without proof. Only an officer prints it again, marked SALINAN."""
    SETTLED = "settled"
    """Was unknown; an officer has looked at it."""


class Sending(StrEnum):
    WAITING = "waiting"
    WORKING = "working"
    DONE = "done"
    REFUSED = "refused"
    """The portal said no for good, or the payload does not open; an officer looks."""


class Table:
    """A table seen by one process. `owner` is "<run>/<pid>", see `Ledger.orphaned`."""

    def __init__(self, settings: Settings, connection: Connection, owner: str) -> None:
        self._settings = settings
        self._db = connection
        self._owner = owner

    def _put(self, payload: bytes) -> int:
        """Seal and store a payload within the running transaction; returns the parcel's id."""
        sealed = seal(self._settings, payload)
        return int(self._db.execute("INSERT INTO parcels (sealed) VALUES (?)", (sealed,)).lastrowid)

    def _take(self, parcel: int | None) -> bytes:
        """The sealed bytes; b"" when there are none."""
        if parcel is None:
            return b""
        row: Any = self._db.execute("SELECT sealed FROM parcels WHERE id = ?", (parcel,)).fetchone()
        return bytes(row[0]) if row else b""
