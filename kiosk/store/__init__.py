"""What outlives a visit: an encrypted SQLite file with payloads sealed a second time.

`Store.open(settings, run)` is for visits, workers and commands; the keeper uses `kiosk.store.ledger.Ledger` only.
Calls take a few milliseconds (one commit to disk) and block: call them from a thread where a screen waits.
A `Store` may be handed to one other thread at a time.
"""

from __future__ import annotations

import os
from typing import cast

from kiosk.settings import Settings
from kiosk.store.asked import Asked, Questions
from kiosk.store.connection import Connection
from kiosk.store.ensure import NOTICE, opened
from kiosk.store.errors import (
    BusyError,
    DamagedError,
    DiskFullError,
    NotFoundError,
    SealError,
    StoreError,
    WrongKeyError,
    typed,
)
from kiosk.store.keys import Opener
from kiosk.store.officers import Officers, Opened, Refused
from kiosk.store.outbox import Item, Outbox, backoff
from kiosk.store.pot import Pot
from kiosk.store.records import Event, Events, Meta, Numbers
from kiosk.store.spool import Job, Spool
from kiosk.store.tables import Printing, Sending


class Store:
    """All tables over one connection."""

    def __init__(self, settings: Settings, connection: Connection, run: str) -> None:
        owner = f"{run}/{os.getpid()}"
        self.connection = connection
        self.spool = Spool(settings, connection, owner)
        self.outbox = Outbox(settings, connection, owner)
        self.events = Events(settings, connection, owner)
        self.pot = Pot(settings, connection, owner)
        self.numbers = Numbers(settings, connection, owner)
        self.questions = Questions(settings, connection, owner)
        self.meta = Meta(settings, connection, owner)
        self.officers = Officers(settings, connection, owner)

    @classmethod
    def open(cls, settings: Settings, run: str = "hand") -> Store:
        """Open, and make or migrate it first where needed. `run` is the keeper's (from the pipe's `Prepare`).

        Raises `StoreError`, or `SecretTroubleError` when a key is there and cannot be used. A store that no longer
        opens is set aside and a fresh one made; `notice` tells.
        """
        return cls(settings, opened(settings), run)

    @property
    def notice(self) -> dict[str, object] | None:
        """What officers and IT must know, e.g. `{"word": "store_set_aside", "file": …, "at": …}`; None: nothing."""
        return cast("dict[str, object] | None", self.meta.get(NOTICE))

    def close(self) -> None:
        with typed():
            self.connection.close()


__all__ = [
    "Asked",
    "BusyError",
    "DamagedError",
    "DiskFullError",
    "Event",
    "Item",
    "Job",
    "NotFoundError",
    "Officers",
    "Opened",
    "Opener",
    "Printing",
    "Refused",
    "SealError",
    "Sending",
    "Store",
    "StoreError",
    "WrongKeyError",
    "backoff",
]
