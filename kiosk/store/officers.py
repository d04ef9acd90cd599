"""Checking an officer's PIN and second proof, with a counter that is on disk before the check begins.

    book = Officers(settings, connection)        # or store.officers
    asked = book.open(Duty.DESK, number, pin, code=code)                 # PIN and one-time code
    asked = book.open(Duty.ASSIST, number, pin, card=public_key)         # PIN, card already proved by challenge
    if isinstance(asked, Opened): asked.officer.name …
    else: asked.word, asked.seconds, asked.left

Every try, right or wrong, is in the event log under the officer's alias; no PIN, number or name ever is. An unknown
number is refused like a wrong PIN, as slowly, and counted on one account that all unknown numbers share.

Blocks for one commit to disk and one argon2id (some 0.1 s and 64 MB): call it from a thread.
"""

from __future__ import annotations

import hmac
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from kiosk.folders import make_private
from kiosk.identity import one_time
from kiosk.identity.officers import Duty, Officer, OfficersError, from_text, to_text
from kiosk.identity.tries import Tries, counted, left, opened, pause
from kiosk.settings import SecretTroubleError, Settings, find_secret, read_secret
from kiosk.settings.places import store_folder
from kiosk.store.connection import Connection, writing
from kiosk.store.errors import typed
from kiosk.store.ontime import Source, look, machine
from kiosk.store.tables import Table

Word = Literal["wrong", "wait", "locked", "role", "no_officers"]
UNKNOWN = "unknown"
"""The account that numbers of nobody share; no officer can have it for a number."""
CREDENTIAL = "officers"


@dataclass(frozen=True, slots=True)
class Opened:
    officer: Officer
    failed: int
    """Wrong tries since the officer's last right one: told to them, they know whether it was them."""


@dataclass(frozen=True, slots=True)
class Refused:
    word: Word
    """"wrong" never says which of the two proofs was; "locked" and "role" are said only after both were right."""
    seconds: float = 0.0
    """Until the next try may be made."""
    left: int = 0
    """Tries without a pause that are left."""


def officers_file(settings: Settings) -> Path:
    given = settings.officers.file
    return Path(given).expanduser() if given else store_folder(settings) / "officers.json"


def known_officers(settings: Settings) -> tuple[Officer, ...]:
    """All officers; none when there is no file. Raises `OfficersError`, `SecretTroubleError`."""
    file = officers_file(settings)
    if find_secret(CREDENTIAL, file) is None:
        return ()
    try:
        return from_text(read_secret(CREDENTIAL, file).text)
    except UnicodeDecodeError:
        raise OfficersError("not UTF-8") from None


def keep_officers(settings: Settings, officers: Iterable[Officer]) -> None:
    """Replace the officers file: 0600, whole or not at all. Raises OSError, `OfficersError`."""
    text = to_text(officers)
    from_text(text)  # what we write we can read
    file = officers_file(settings)
    if find_secret(CREDENTIAL, file) not in (None, file):
        raise OfficersError("the officers come from a systemd credential; change them where that is made")
    make_private(file.parent)
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=".officers-")  # 0600 from its first moment
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as fresh:
            fresh.write(text)
            fresh.flush()
            os.fsync(fresh.fileno())
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def hash_pin(pin: str) -> str:
    """argon2id with 64 MB, 3 passes, 4 lanes (RFC 9106, section 4, second choice), as PHC text."""
    from argon2 import PasswordHasher

    return PasswordHasher().hash(pin)


def _right_pin(kept: str, pin: str) -> bool:
    from argon2 import PasswordHasher
    from argon2.exceptions import Argon2Error, InvalidHashError

    try:
        return PasswordHasher().verify(kept, pin)
    except (Argon2Error, InvalidHashError):
        return False


_NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$bm9ib2R5bm9ib2R5bm9ibw$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
"""A hash no PIN has: what is checked for an unknown number, so that it takes as long."""


class Officers(Table):
    """Credentials and their counters over one connection. `wall` and `on_time` are for tests."""

    def __init__(
        self,
        settings: Settings,
        connection: Connection,
        owner: str = "hand",
        *,
        wall: Callable[[], float] = time.time,
        on_time: Source = machine,
    ) -> None:
        super().__init__(settings, connection, owner)
        self._wall = wall
        self._on_time = on_time

    def all(self) -> tuple[Officer, ...]:
        """Raises `OfficersError`, `SecretTroubleError`."""
        return known_officers(self._settings)

    def by_card(self, point: bytes) -> Officer | None:
        """Whose card has this public key."""
        return next((one for one in self.all() if point and hmac.compare_digest(one.card, point)), None)

    def pause(self, number: str) -> float:
        """Seconds until `number` may be tried again; looks only. The same for every number of nobody."""
        with typed():
            now = look(self._db, self._on_time, keep=False)
            return pause(self._tries(self._account(number)), now)

    def open(
        self, duty: Duty, number: str, pin: str, *, code: str = "", card: bytes = b"", session: str = ""
    ) -> Opened | Refused:
        """One try. `card` is the public key (uncompressed point) of a card that has just signed our challenge, else
        `code` is needed. The count is durable before anything is compared. Raises `StoreError`.
        """
        try:
            officers = self.all()
        except (OfficersError, SecretTroubleError):
            officers = ()
        if not officers:
            return Refused("no_officers")
        officer = next((one for one in officers if one.number == number), None)
        account = officer.number if officer is not None else UNKNOWN
        alias = officer.alias if officer is not None else ""
        with writing(self._db) as db:
            now = look(db, self._on_time, keep=True)
            before = self._tries(account)
            wait = pause(before, now)
            tries = before if wait else counted(before, now)
            self._keep(account, tries)
        if wait:
            self._note("unlock_refused", duty, alias, "wait", session)
            return Refused("wait", wait)
        step, right = self._compare(officer, pin, code, card, tries.step)
        if officer is None or not right:
            self._note("unlock_refused", duty, alias, "wrong", session)
            return Refused("wrong", pause(tries, now), left(tries))
        with writing(self._db):
            latest = self._tries(account)
            spent = 0 < step <= latest.step  # the same code, taken by someone else a moment ago
            if not spent:
                self._keep(account, opened(latest, step))
        if spent:
            self._note("unlock_refused", duty, alias, "wrong", session)
            return Refused("wrong", pause(tries, now), left(tries))
        if not officer.may(duty):
            word: Word = "locked" if officer.locked else "role"
            self._note("unlock_refused", duty, alias, word, session)
            return Refused(word)
        self._note("unlock", duty, alias, "card" if card else "code", session, role=officer.role.value)
        return Opened(officer, before.row)

    def forgive(self, number: str) -> None:
        """Begin to count anew for one officer: only from the command line of the machine."""
        with writing(self._db) as db:
            look(db, self._on_time, keep=True)
            self._keep(number, Tries(step=self._tries(number).step))

    def _compare(
        self, officer: Officer | None, pin: str, code: str, card: bytes, spent: int
    ) -> tuple[int, bool]:
        """(time step of the code, whether both proofs are right); as much work whatever is wrong."""
        known = officer is not None and officer.pin
        pin_right = _right_pin(officer.pin if officer is not None and known else _NOBODY, pin)
        step = 0
        if card:
            second = officer is not None and bool(officer.card) and hmac.compare_digest(officer.card, card)
        else:
            if officer is not None and officer.code:
                step = one_time.step_of(officer.code, code, self._wall(), spent)
            second = step > 0
        return step, bool(known and pin_right and second)

    def _account(self, number: str) -> str:
        try:
            return number if any(one.number == number for one in self.all()) else UNKNOWN
        except (OfficersError, SecretTroubleError):
            return UNKNOWN

    def _tries(self, account: str) -> Tries:
        row = self._db.execute(
            "SELECT failed, day, step FROM officer_tries WHERE account = ?", (account,)
        ).fetchone()
        if row is None:
            return Tries()
        return Tries(int(row[0]), tuple(float(at) for at in json.loads(row[1])), int(row[2]))

    def _keep(self, account: str, tries: Tries) -> None:
        self._db.execute(
            "INSERT OR REPLACE INTO officer_tries (account, failed, day, step) VALUES (?, ?, ?, ?)",
            (account, tries.row, json.dumps(tries.day), tries.step),
        )

    def _note(self, kind: str, duty: Duty, alias: str, how: str, session: str, role: str = "") -> None:
        from kiosk.store.records import Events

        facts = {"duty": duty.value, "officer": alias, "detail": how, "role": role}
        Events(self._settings, self._db, self._owner).append(
            kind, {name: word for name, word in facts.items() if word}, session=session
        )
