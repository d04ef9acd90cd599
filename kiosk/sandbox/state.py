"""The reference portal as an object: its records, what it "sent", and what an officer would do at a desk."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple, cast

from kiosk.sandbox.faults import Connections, Faults
from kiosk.sandbox.problems import Problem
from kiosk.sandbox.settings import SandboxSettings
from kiosk.sandbox.tables import Row, Tables

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's: nothing that a person could misread."""


class Sent(NamedTuple):
    """A code that was "sent". `to` is masked."""

    to: str
    code: str
    at: datetime
    expires_at: datetime

    def __repr__(self) -> str:
        return f"Sent(to={self.to!r})"


@dataclass(frozen=True, slots=True)
class Message:
    """A receipt that was "sent"."""

    to: str
    text: str = field(repr=False)
    at: datetime


def mask_phone(hp: str) -> str:
    """08•• •••• 4821."""
    return f"08•• •••• {hp[-4:]}" if hp else "08•• •••• ••••"


def normal_phone(hp: str) -> str:
    return "0" + hp[2:] if hp.startswith("62") else hp


class Sandbox:
    def __init__(self, settings: SandboxSettings) -> None:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        self.settings = settings
        self.faults = Faults()
        self.connections = Connections()
        self.tables = Tables(settings.data_dir / "portal.sqlite")
        self.files = settings.data_dir / "files"
        self.files.mkdir(exist_ok=True)
        self.lock = threading.RLock()
        self.outbox: list[Sent] = []
        self.messages: list[Message] = []
        self.answered_ms: float | None = None
        """How long the last answer took, for the device bench."""
        self._listeners: list[Callable[[Sent], None]] = []
        self._secret = _secret(settings.data_dir / "secret")
        self._misses: dict[str, deque[datetime]] = {}

    def close(self) -> None:
        with self.lock:
            self.tables.close()

    def now(self) -> datetime:
        return self.settings.now()

    # --- secrets -----------------------------------------------------------------------------------------------

    def digest(self, *parts: str) -> str:
        """A keyed hash: what is stored instead of codes, tokens, handles and typed identities."""
        return hmac.new(self._secret, "\0".join(parts).encode(), hashlib.sha256).hexdigest()

    def token(self, purpose: str, name: str) -> str:
        """The token for one record. Made anew when needed, so that an answer can be repeated and nothing is stored."""
        return self.digest("token", purpose, name)[:48]

    def same(self, left: str, right: str) -> bool:
        return hmac.compare_digest(left.encode(), right.encode())

    @staticmethod
    def random_part(length: int) -> str:
        return "".join(secrets.choice(ALPHABET) for _ in range(length))

    # --- codes and receipts ------------------------------------------------------------------------------------

    def on_sent(self, listener: Callable[[Sent], None]) -> Callable[[], None]:
        """Call `listener` for every code that is "sent"; returns a function that stops it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def send_code(self, hp: str, code: str, until: datetime) -> None:
        sent = Sent(mask_phone(hp), code, self.now(), until)
        self.outbox.append(sent)
        del self.outbox[:-50]
        for listener in list(self._listeners):
            listener(sent)

    def send_message(self, hp: str, text: str) -> None:
        self.messages.append(Message(mask_phone(hp), text, self.now()))

    # --- guessing ----------------------------------------------------------------------------------------------

    def missed(self, who: str) -> Problem:
        """A number that does not exist was asked for: 404, and 429 for whoever keeps guessing."""
        now = self.now()
        times = self._misses.setdefault(who, deque())
        while times and now - times[0] > timedelta(minutes=10):
            times.popleft()
        times.append(now)
        if len(times) > self.settings.misses:
            return Problem(429, "too-many", headers={"Retry-After": "600"})
        return Problem(404, "not-found")

    def refuse_guessers(self, who: str) -> None:
        """Whoever has guessed too often is not answered at all for a while, right numbers included."""
        times = self._misses.get(who, deque())
        recent = [at for at in times if self.now() - at <= timedelta(minutes=10)]
        if len(recent) > self.settings.misses:
            raise Problem(429, "too-many", headers={"Retry-After": "600"})

    # --- repeating ---------------------------------------------------------------------------------------------

    def done_before(self, device: str, route: str, key: str, body: object) -> str | None:
        """What a repeated key made the first time (the record's name), or None. 409 for another body."""
        row = self.tables.one("idempotency", "key = ?", self.digest("idem", device, route, key))
        if row is None:
            return None
        if not self.same(row["body_hash"], self._body_hash(body)):
            raise Problem(409, "idempotency-mismatch")
        return cast("str", row["ref"])

    def remember(self, device: str, route: str, key: str, body: object, ref: str) -> None:
        self.tables.put(
            "idempotency",
            {
                "key": self.digest("idem", device, route, key),
                "body_hash": self._body_hash(body),
                "ref": ref,
                "at": self.now().isoformat(),
            },
        )

    def _body_hash(self, body: object) -> str:
        return self.digest("body", json.dumps(body, sort_keys=True))

    # --- what an officer does ----------------------------------------------------------------------------------

    def set_status(self, nomor: str, kd_status: str, instansi: str = "DPMPTSP") -> None:
        """The next entry of an application's history."""
        with self.lock:
            self.tables.put(
                "history",
                {
                    "nomor": nomor,
                    "kd_status": kd_status,
                    "tgl_status": self.now().isoformat(),
                    "instansi": instansi,
                },
            )

    def answer_call(self, call: str = "", minutes: int = 2) -> bool:
        """An officer takes the call (the oldest ringing one when none is named)."""
        return self._change_call(call, ("memanggil",), keadaan="datang", menit=minutes)

    def end_call(self, call: str = "") -> bool:
        return self._change_call(call, ("memanggil", "datang"), keadaan="selesai", menit=0)

    def _change_call(self, call: str, states: tuple[str, ...], **values: object) -> bool:
        with self.lock:
            rows = self.tables.all("help", "id = ? OR ? = ''", call, call, order="sejak")
            for row in rows:
                if row["keadaan"] in states:
                    self.tables.change("help", row["id"], **values)
                    return True
            return False

    def document_path(self, document: str) -> Path:
        """Where the bytes of an uploaded document lie. Raises KeyError for one that is not there, whole."""
        with self.lock:
            row = self.tables.one("files", "id = ? AND done = 1", document)
        if row is None:
            raise KeyError("no such document")
        return self.files / (row["same_as"] or row["id"])

    def documents_of(self, induk: str) -> list[Row]:
        """Finished documents of an application, or of a draft by its hash, without doubles."""
        return self.tables.all("files", "induk = ? AND done = 1 AND same_as = ''", induk, order="rowid")


def _secret(path: Path) -> bytes:
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_bytes()
    with os.fdopen(handle, "wb") as file:
        value = os.urandom(32)
        file.write(value)
    return value
