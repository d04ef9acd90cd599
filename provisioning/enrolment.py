"""Who may become a kiosk: one-time tokens, certificates given out, revocation.

The database keeps hashes of tokens, never tokens. Everything that must happen once is one conditional UPDATE, so two
requests with one token cannot both win.
"""

from __future__ import annotations

import datetime as dt
import secrets
import sqlite3
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization

from provisioning.errors import FleetError
from provisioning.pki import DEVICE_DAYS, DEVICE_NAME, GRACE_DAYS, Authority, now, public_digest, read_request

SCHEMA = """
create table if not exists token(
  hash text primary key, site text not null, device text not null, approve integer not null,
  expires text not null, used text not null default '', made text not null);
create table if not exists request(
  device text primary key, site text not null, csr blob not null, key_digest text not null, at text not null);
create table if not exists certificate(
  serial text primary key, device text not null, site text not null, key_digest text not null,
  issued text not null, expires text not null, revoked text not null default '');
create index if not exists by_device on certificate(device);
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One device as enrolment sees it. `state`: waiting (for approval), valid, expired, revoked."""

    device: str
    site: str
    state: str
    expires: str
    key_digest: str


class Enrolment:
    """The enrolment book of one fleet. Safe for several threads and processes (SQLite locks)."""

    def __init__(self, path: Path, authority: Authority) -> None:
        self._path = path
        self._authority = authority
        with self._open() as db:
            db.executescript(SCHEMA)

    def new_token(self, site: str, *, device: str = "", hours: float = 72, approve: bool = False) -> str:
        """A token to type or to put on an image: 24 characters, shown once. Bound to `site`, and to `device` if given.

        `approve`: a person must let the kiosk in after it has asked.
        """
        token = secrets.token_urlsafe(18)
        with self._open() as db:
            db.execute(
                "insert into token(hash, site, device, approve, expires, made) values(?,?,?,?,?,?)",
                (_hash(token), site, device, approve, _iso(now() + dt.timedelta(hours=hours)), _iso(now())),
            )
        return token

    def enrol(self, token: str, device: str, csr_pem: bytes) -> bytes | None:
        """Use a token up. Returns the certificate (PEM), or None when a person must approve first.

        Raises `FleetError`: wrong, used or expired token, another device's token, a name in use, a bad request.
        """
        csr = read_request(csr_pem)
        if not DEVICE_NAME.fullmatch(device):
            raise FleetError("A kiosk is named like K-01.")
        at = _iso(now())
        with self._open() as db:
            db.execute("begin immediate")
            row = db.execute(
                "select site, device, approve, expires, used from token where hash=?", (_hash(token),)
            ).fetchone()
            if row is None:
                raise FleetError("This token is not known. Ask for a new one: fleet enrol token")
            site, bound, approve, expires, used = row
            if used and self._same_key(db, device, public_digest(csr), at):
                # The answer to its first request was lost on the way; the request is signed with the key it named then.
                waits = db.execute("select 1 from request where device=?", (device,)).fetchone()
                return None if waits else self._issue(db, csr, device, site)
            if used:
                raise FleetError("This token was used already. Ask for a new one: fleet enrol token")
            if expires <= at:
                raise FleetError("This token has expired. Ask for a new one: fleet enrol token")
            if bound and bound != device:
                raise FleetError("This token is for another kiosk.")
            if self._living(db, device, at):
                raise FleetError(f"{device} is enrolled. To replace the machine: fleet enrol revoke {device}")
            done = db.execute("update token set used=? where hash=? and used=''", (at, _hash(token)))
            if done.rowcount != 1:
                raise FleetError("This token was used already. Ask for a new one: fleet enrol token")
            if approve:
                db.execute(
                    "insert or replace into request values(?,?,?,?,?)",
                    (device, site, csr_pem, public_digest(csr), at),
                )
                return None
            return self._issue(db, csr, device, site)

    def approve(self, device: str) -> None:
        """Let a waiting kiosk in; it fetches its certificate by its key. Raises `FleetError` when none waits."""
        with self._open() as db:
            db.execute("begin immediate")
            row = db.execute("select site, csr from request where device=?", (device,)).fetchone()
            if row is None:
                raise FleetError(f"{device} does not wait for approval.")
            self._issue(db, read_request(row[1]), device, row[0])
            db.execute("delete from request where device=?", (device,))

    def renew(self, csr_pem: bytes, device: str) -> bytes | None:
        """A new certificate for a key this fleet knows; None while approval is waited for.

        The request's signature proves the key; the certificate may have ended up to `GRACE_DAYS` ago. A revoked one, an
        unknown key and a longer absence raise `FleetError`.
        """
        csr = read_request(csr_pem)
        digest = public_digest(csr)
        with self._open() as db:
            db.execute("begin immediate")
            if db.execute(
                "select 1 from request where device=? and key_digest=?", (device, digest)
            ).fetchone():
                return None
            row = db.execute(
                "select site, expires, revoked from certificate where device=? and key_digest=? "
                "order by issued desc, rowid desc",
                (device, digest),
            ).fetchone()
            if row is None:
                raise FleetError("This key is not known for this kiosk. Enrol it with a token.")
            site, expires, revoked = row
            if revoked:
                raise FleetError("This kiosk was revoked. Enrol it with a new token if that was a mistake.")
            if expires < _iso(now() - dt.timedelta(days=GRACE_DAYS)):
                raise FleetError(
                    f"The certificate ended more than {GRACE_DAYS} days ago. Enrol with a token."
                )
            return self._issue(db, csr, device, site)

    def revoke(self, device: str) -> int:
        """Revoke every certificate of a device and write the revocation list; returns how many."""
        with self._open() as db:
            done = db.execute(
                "update certificate set revoked=? where device=? and revoked=''", (_iso(now()), device)
            )
            db.execute("delete from request where device=?", (device,))
            rows = db.execute(
                "select serial, revoked from certificate where revoked<>'' and expires>?", (_iso(now()),)
            ).fetchall()
        self._authority.write_revoked({int(serial, 16): dt.datetime.fromisoformat(at) for serial, at in rows})
        return done.rowcount

    def revoked(self, serial: int) -> bool:
        with self._open() as db:
            row = db.execute("select revoked from certificate where serial=?", (f"{serial:x}",)).fetchone()
        return row is None or bool(row[0])

    def rows(self) -> list[Row]:
        """Every device once, by name."""
        at = _iso(now())
        found: dict[str, Row] = {}
        with self._open() as db:
            for device, site, digest, expires, revoked in db.execute(
                "select device, site, key_digest, expires, revoked from certificate order by issued, rowid"
            ):
                state = "revoked" if revoked else "expired" if expires <= at else "valid"
                found[device] = Row(device, site, state, expires, digest)
            for device, site, digest in db.execute("select device, site, key_digest from request"):
                found[device] = Row(device, site, "waiting", "", digest)
        return [found[name] for name in sorted(found)]

    def _same_key(self, db: sqlite3.Connection, device: str, digest: str, at: str) -> bool:
        query = "select 1 from certificate where device=? and key_digest=? and revoked='' and expires>?"
        waiting = "select 1 from request where device=? and key_digest=?"
        return bool(
            db.execute(query, (device, digest, at)).fetchone()
            or db.execute(waiting, (device, digest)).fetchone()
        )

    def _living(self, db: sqlite3.Connection, device: str, at: str) -> bool:
        query = "select 1 from certificate where device=? and revoked='' and expires>?"
        waiting = db.execute("select 1 from request where device=?", (device,)).fetchone()
        return bool(waiting or db.execute(query, (device, at)).fetchone())

    def _issue(
        self, db: sqlite3.Connection, csr: x509.CertificateSigningRequest, device: str, site: str
    ) -> bytes:
        certificate = self._authority.issue_device(csr, device, DEVICE_DAYS)
        db.execute(
            "insert into certificate(serial, device, site, key_digest, issued, expires) values(?,?,?,?,?,?)",
            (
                f"{certificate.serial_number:x}",
                device,
                site,
                public_digest(csr),
                _iso(now()),
                _iso(certificate.not_valid_after_utc),
            ),
        )
        return certificate.public_bytes(serialization.Encoding.PEM)

    def _open(self) -> _Closing:
        return _Closing(self._path)


class _Closing:
    """A connection that commits or rolls back, and closes, at the end of `with`."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, timeout=10, isolation_level=None)
        self._db.execute("pragma synchronous=full")

    def __enter__(self) -> sqlite3.Connection:
        return self._db

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if self._db.in_transaction:
            self._db.execute("rollback" if kind else "commit")
        self._db.close()


def _hash(token: str) -> str:
    # 144 random bits: a plain hash is enough, there is nothing to guess.
    return sha256(token.strip().encode()).hexdigest()


def _iso(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).isoformat(timespec="seconds")
