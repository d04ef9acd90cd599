"""Who is calling and what they may see: the portal's own side of the table in `kiosk.identity.rights`.

It is checked here again because a kiosk can be stolen: what a kiosk claims about a visitor's rights counts for nothing.
"""

from __future__ import annotations

import re
from datetime import datetime

from starlette.requests import Request

from kiosk.sandbox.problems import Problem
from kiosk.sandbox.state import Sandbox
from kiosk.sandbox.tables import Row

_VISIT_ID = re.compile(r"[A-Za-z0-9_-]{8,64}", re.ASCII)
_KEY = re.compile(r"[A-Za-z0-9._:-]{8,128}", re.ASCII)


def portal(request: Request) -> Sandbox:
    return request.app.state.sandbox


def device(request: Request) -> str:
    """Name of the calling kiosk, by its certificate or its bearer token. 401 for anybody else."""
    sandbox = portal(request)
    peer = (request.client.host, request.client.port) if request.client else None
    certified = sandbox.connections.certified(peer)
    if certified and certified in sandbox.settings.devices.values():
        return certified
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        for known, name in sandbox.settings.devices.items():
            if sandbox.same(known, token.strip()):
                return name
    raise Problem(401, "device", headers={"WWW-Authenticate": "Bearer"})


def visit_id(request: Request) -> str:
    value = request.headers.get("visit-id", "")
    if not _VISIT_ID.fullmatch(value):
        raise Problem(422, "invalid", fields=("Visit-Id",))
    return value


def idempotency_key(request: Request) -> str:
    value = request.headers.get("idempotency-key", "")
    if not _KEY.fullmatch(value):
        raise Problem(422, "invalid", fields=("Idempotency-Key",))
    return value


def session(request: Request, name: str) -> Row:
    """The rights behind the visit token. 403 unless this kiosk got it in this very visit and it still holds."""
    sandbox = portal(request)
    token = request.headers.get("visit-token", "")
    row = (
        sandbox.tables.one("sessions", "token_hash = ?", sandbox.digest("visit-token", token))
        if token
        else None
    )
    if row is None or row["device"] != name or row["ended"]:
        raise Problem(403, "visit")
    if row["visit"] != request.headers.get("visit-id", "") or _past(sandbox, row["until"]):
        raise Problem(403, "visit")
    return row


def session_or_none(request: Request, name: str) -> Row | None:
    return session(request, name) if request.headers.get("visit-token") else None


def keeping_session(request: Request, name: str) -> Row | None:
    """The rights to keep a draft for somebody, also after their visit; None for a draft that is nobody's yet."""
    if request.headers.get("submit-grant"):
        return filing_session(request, name)
    return session_or_none(request, name)


def filing_session(request: Request, name: str) -> Row:
    """The same for filing, where a grant outlives the visit."""
    grant = request.headers.get("submit-grant", "")
    if not grant:
        return session(request, name)
    sandbox = portal(request)
    row = sandbox.tables.one("sessions", "grant_hash = ?", sandbox.digest("submit-grant", grant))
    if row is None or row["device"] != name or _past(sandbox, row["grant_until"]):
        raise Problem(403, "visit")
    return row


def may_see(row: Row, application: Row) -> bool:
    """`own`: the owner's, old ones too. `new` and `draft`: what this session filed, nothing older."""
    if row["lingkup"] == "own" and application["subject"] == row["subject"] != "":
        return True
    return row["lingkup"] in ("own", "new", "draft") and application["session"] == row["id"]


def visible(sandbox: Sandbox, row: Row, nomor: str) -> Row:
    """One application this session may see; 404 for any other, whether it exists or not."""
    found = sandbox.tables.one("applications", "nomor = ?", nomor)
    if found is None or not may_see(row, found):
        raise sandbox.missed(row["device"])
    return found


def may_write(request: Request, ref: str) -> bool:
    """Whether the record token given belongs to this application number or draft hash."""
    token = request.headers.get("record-token", "")
    sandbox = portal(request)
    return bool(token) and sandbox.same(token, sandbox.token("record", ref))


def caller(request: Request) -> str:
    """Whom guesses are counted against where no credential is needed."""
    return request.client.host if request.client else "?"


def _past(sandbox: Sandbox, until: str) -> bool:
    return datetime.fromisoformat(until) <= sandbox.now()
