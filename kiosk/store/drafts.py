"""Drafts a visitor takes along as a QR: a random 128-bit handle that is both the name and the key.

The store keeps only a hash of the handle, and the payload is locked with a key made from it, so nobody without the QR
can open a draft: no worker, no officer, no thief of the machine. A lost QR is a lost draft.
"""

from __future__ import annotations

import base64
import os
import time
from hashlib import blake2b

from kiosk.store.connection import truncate_log, writing
from kiosk.store.errors import SealError, typed
from kiosk.store.tables import Table


def new_handle() -> bytes:
    """16 random bytes."""
    return os.urandom(16)


def handle_text(handle: bytes) -> str:
    """As 26 letters and digits (base32), for a QR."""
    return base64.b32encode(handle).decode().rstrip("=")


def handle_from(text: str) -> bytes | None:
    """The handle in a QR's text, None if it is not one."""
    try:
        handle = base64.b32decode(text.strip().upper() + "======")
    except ValueError:
        return None
    return handle if len(handle) == 16 else None


class Drafts(Table):
    def save(self, handle: bytes, payload: bytes) -> float:
        """Store or replace a draft; returns when it expires (Unix time, `session.draft_days` from now)."""
        from nacl.secret import SecretBox

        expires = time.time() + self._settings.session.draft_days * 86400
        sealed = SecretBox(_key(handle)).encrypt(payload)
        with writing(self._db) as db:
            db.execute(
                "INSERT INTO drafts (id, sealed, expires) VALUES (?, ?, ?) "
                "ON CONFLICT (id) DO UPDATE SET sealed=excluded.sealed, expires=excluded.expires",
                (_id(handle), bytes(sealed), expires),
            )
        truncate_log(self._db)
        return expires

    def load(self, handle: bytes) -> bytes | None:
        """The draft; None if there is none or it has expired. Raises `SealError` if it was changed."""
        from nacl.exceptions import CryptoError
        from nacl.secret import SecretBox

        with typed():
            row = self._db.execute(
                "SELECT sealed FROM drafts WHERE id=? AND expires>?", (_id(handle), time.time())
            ).fetchone()
        if row is None:
            return None
        try:
            return SecretBox(_key(handle)).decrypt(bytes(row[0]))
        except CryptoError:
            raise SealError("draft was changed") from None

    def erase(self, handle: bytes) -> bool:
        """Erase a draft; False if there was none."""
        with writing(self._db) as db:
            done = db.execute("DELETE FROM drafts WHERE id=?", (_id(handle),))
        truncate_log(self._db)
        return done.rowcount == 1

    def purge(self) -> int:
        """Erase what has expired; returns how many."""
        with writing(self._db) as db:
            done = db.execute("DELETE FROM drafts WHERE expires<=?", (time.time(),))
        if done.rowcount:
            truncate_log(self._db)
        return int(done.rowcount)


def _id(handle: bytes) -> bytes:
    return blake2b(handle, digest_size=16, person=b"draft-id").digest()


def _key(handle: bytes) -> bytes:
    return blake2b(handle, digest_size=32, person=b"draft-key").digest()
