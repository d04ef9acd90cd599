"""Identity lookup, one-time codes, a reader's proof, and the rights that follow.

Known and unknown identities get the same answers after the same time: every handler here is paced, the visible limit of
sends belongs to what was typed (never to the phone behind it), and a missing phone costs the same work as a found one.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from kiosk.sandbox import access
from kiosk.sandbox.bodies import Claim, Code, ReaderProof, read_body, read_claim
from kiosk.sandbox.problems import Problem
from kiosk.sandbox.records import summaries
from kiosk.sandbox.state import Sandbox, mask_phone, normal_phone
from kiosk.sandbox.tables import Row

_CHALLENGE_LIVES = timedelta(minutes=30)
_FRESH_MATCH = timedelta(minutes=2)
_CLOCKS_APART = timedelta(seconds=30)

Handler = Callable[[Request], Awaitable[Response]]


def paced(handler: Handler) -> Handler:
    """Answer no sooner than `settings.pace` seconds after the question, problems included."""

    async def run(request: Request) -> Response:
        sandbox = access.portal(request)
        clock = asyncio.get_running_loop().time
        due = clock() + sandbox.settings.pace
        try:
            answer = await handler(request)
        except Problem as problem:
            answer = problem.response()
        await sandbox.settings.sleep(max(0.0, due - clock()))
        return answer

    return run


@paced
async def identify(request: Request) -> Response:
    sandbox, device, visit = access.portal(request), access.device(request), access.visit_id(request)
    claim = await read_claim(request)
    with sandbox.lock:
        if sandbox.tables.count("challenges", "device = ? AND visit = ?", device, visit) >= (
            sandbox.settings.claims_per_visit
        ):
            raise Problem(429, "too-many")
        subject, hp, draft, lingkup = _believed_by(sandbox, claim)
        typed = normal_phone(claim.hp or (claim.nilai if claim.cara == "phone" else ""))
        name = secrets.token_hex(16)
        row: Row = {
            "id": name,
            "device": device,
            "visit": visit,
            "cara": claim.cara,
            "claim": sandbox.digest("claim", claim.cara, _normal(claim), typed),
            "typed": typed[-4:],
            "subject": subject,
            "hp": hp,
            "draft": draft,
            "lingkup": lingkup,
            "made": sandbox.now().isoformat(),
            "code_hash": "",
            "code_until": "",
            "tries": 0,
            "used": "",
            "last_key": "",
            "last_send": "",
        }
        sandbox.tables.put("challenges", row)
        left = _sends_left(sandbox, row)
    return JSONResponse({"tantangan": name, "hp_tersamar": mask_phone(typed), "sisa_kirim": left})


@paced
async def send_code(request: Request) -> Response:
    sandbox = access.portal(request)
    row = _challenge(request)
    key = access.idempotency_key(request)
    rules = sandbox.settings
    with sandbox.lock:
        if row["last_send"] != key:
            _send(sandbox, row, key)
        left = _sends_left(sandbox, row)
    return JSONResponse(
        {
            # Digits the visitor typed. A phone on record is never shown, nor whether there is one.
            "hp_tersamar": mask_phone(row["typed"]),
            "berlaku_detik": int(rules.code_lives.total_seconds()),
            "sisa_kirim": left,
            "sisa_coba": rules.code_tries,
        }
    )


@paced
async def check_code(request: Request) -> Response:
    sandbox = access.portal(request)
    row = _challenge(request, used_too=True)
    key = access.idempotency_key(request)
    body = await read_body(request, Code)
    given = sandbox.digest("code", row["id"], body.kode)
    with sandbox.lock:
        right = bool(row["code_hash"]) and sandbox.same(row["code_hash"], given)
        if row["used"]:
            if right and sandbox.same(row["used"], sandbox.digest("check-key", key)):
                return JSONResponse(_rights(sandbox, row))
            raise Problem(410, "expired")
        if not row["code_until"] or datetime.fromisoformat(row["code_until"]) <= sandbox.now():
            raise Problem(410, "code-expired")
        # The same key is the same try, whatever the line did to its answer.
        tries = row["tries"] + (row["last_key"] != sandbox.digest("try", key, body.kode))
        if tries > sandbox.settings.code_tries:
            raise Problem(429, "tries-spent", tries_left=0)
        sandbox.tables.change(
            "challenges", row["id"], tries=tries, last_key=sandbox.digest("try", key, body.kode)
        )
        if not right:
            raise Problem(403, "wrong-code", tries_left=sandbox.settings.code_tries - tries)
        sandbox.tables.change("challenges", row["id"], used=sandbox.digest("check-key", key))
        _open_session(sandbox, row)
        return JSONResponse(_rights(sandbox, row))


@paced
async def prove_by_reader(request: Request) -> Response:
    sandbox, device, visit = access.portal(request), access.device(request), access.visit_id(request)
    body = await read_body(request, ReaderProof)
    now = sandbox.now()
    matched = datetime.fromisoformat(body.cocok_pada)
    if device not in sandbox.settings.readers or not now - _FRESH_MATCH <= matched <= now + _CLOCKS_APART:
        raise Problem(403, "reader-not-believed")
    with sandbox.lock:
        person = sandbox.tables.one("people", "nik = ?", body.nik)
        if person is None:
            return JSONResponse(_nothing(now))
        row: Row = {
            "id": secrets.token_hex(16),
            "device": device,
            "visit": visit,
            "subject": person["id"],
            "hp": person["hp"],
            "draft": "",
            "lingkup": "own",
        }
        _open_session(sandbox, row)
        return JSONResponse(_rights(sandbox, row))


async def end_visit(request: Request) -> Response:
    sandbox, device, visit = access.portal(request), access.device(request), access.visit_id(request)
    with sandbox.lock:
        for row in sandbox.tables.all("sessions", "device = ? AND visit = ? AND ended = 0", device, visit):
            sandbox.tables.change("sessions", row["id"], ended=1)
        sandbox.tables.drop("challenges", "device = ? AND visit = ? AND used = ''", device, visit)
    return Response(status_code=204)


def _normal(claim: Claim) -> str:
    return normal_phone(claim.nilai) if claim.cara == "phone" else claim.nilai


def _believed_by(sandbox: Sandbox, claim: Claim) -> tuple[str, str, str, str]:
    """(subject, phone the code goes to, draft hash, scope the right code opens)."""
    tables, hp = sandbox.tables, normal_phone(claim.hp)
    person: Row | None = None
    match claim.cara:
        case "phone":
            typed = normal_phone(claim.nilai)
            person = tables.one("people", "hp = ?", typed)
            return (person["id"], typed, "", "own") if person else ("", typed, "", "new")
        case "draft":
            return _draft_belongs(sandbox, claim.nilai, hp)
        case "nik":
            person = tables.one("people", "nik = ?", claim.nilai)
        case "nib":
            person = tables.one("people", "instr(' ' || nib || ' ', ' ' || ? || ' ') > 0", claim.nilai)
        case "card":
            person = tables.one("people", "uid = ?", claim.nilai)
    if hp:
        # A phone typed now opens own records only if it is the one on record; else it is a stranger's phone.
        own = person is not None and person["hp"] == hp
        return (person["id"], hp, "", "own") if person and own else ("", hp, "", "new")
    return (person["id"], person["hp"], "", "own") if person else ("", "", "", "none")


def _draft_belongs(sandbox: Sandbox, handle: str, hp: str) -> tuple[str, str, str, str]:
    name = sandbox.digest("draft", handle)
    row = sandbox.tables.one("drafts", "handle_hash = ?", name)
    if row is None or datetime.fromisoformat(row["until"]) <= sandbox.now():
        return "", "", "", "none"
    if row["hp"]:
        return ("", "", "", "none") if hp and hp != row["hp"] else ("", row["hp"], name, "draft")
    return ("", hp, name, "draft") if hp else ("", "", "", "none")


def _challenge(request: Request, *, used_too: bool = False) -> Row:
    """The challenge, for the kiosk and the visit that asked for it and nobody else."""
    sandbox, device, visit = access.portal(request), access.device(request), access.visit_id(request)
    row = sandbox.tables.one("challenges", "id = ?", request.path_params["challenge"])
    if row is None or row["device"] != device or row["visit"] != visit:
        raise Problem(404, "not-found")
    if datetime.fromisoformat(row["made"]) + _CHALLENGE_LIVES <= sandbox.now():
        raise Problem(410, "expired")
    if row["used"] and not used_too:
        raise Problem(410, "expired")
    return row


def _since(sandbox: Sandbox) -> str:
    return (sandbox.now() - sandbox.settings.send_window).isoformat()


def _sends_left(sandbox: Sandbox, row: Row) -> int:
    done = sandbox.tables.count("sends", "what = ? AND at > ?", row["claim"], _since(sandbox))
    return max(0, sandbox.settings.code_sends - done)


def _send(sandbox: Sandbox, row: Row, key: str) -> None:
    tables, now = sandbox.tables, sandbox.now()
    if _sends_left(sandbox, row) == 0:
        raise Problem(429, "too-many-sends", headers={"Retry-After": "3600"})
    tables.put("sends", {"what": row["claim"], "at": now.isoformat()})
    phone = sandbox.digest("phone", row["hp"])
    spent = tables.count("sends", "what = ? AND at > ?", phone, _since(sandbox))
    reach = bool(row["hp"]) and spent < sandbox.settings.code_sends
    tables.put("sends", {"what": phone if reach else sandbox.digest("nobody"), "at": now.isoformat()})
    code = f"{secrets.randbelow(10**6):06d}"
    until = now + sandbox.settings.code_lives
    # Without a phone to reach, the hash of a code that nobody ever hears of is stored: same work, same answers.
    tables.change(
        "challenges",
        row["id"],
        code_hash=sandbox.digest("code", row["id"], code if reach else secrets.token_hex(16)),
        code_until=until.isoformat(),
        tries=0,
        last_key="",
        last_send=key,
    )
    if reach:
        sandbox.send_code(row["hp"], code, until)


def _open_session(sandbox: Sandbox, row: Row) -> None:
    now, rules = sandbox.now(), sandbox.settings
    sandbox.tables.put(
        "sessions",
        {
            "id": row["id"],
            "token_hash": sandbox.digest("visit-token", sandbox.token("visit", row["id"])),
            "grant_hash": sandbox.digest("submit-grant", sandbox.token("grant", row["id"])),
            "device": row["device"],
            "visit": row["visit"],
            "subject": row["subject"],
            "hp": row["hp"],
            "draft": row["draft"],
            "lingkup": row["lingkup"],
            "until": (now + rules.visit_lives).isoformat(),
            "grant_until": (now + rules.grant_lives).isoformat(),
            "ended": 0,
            "filed": "",
        },
    )
    if row["draft"]:
        # A draft without a phone belongs to the first phone that was proved with its handle in hand.
        sandbox.tables.change("drafts", row["draft"], hp=row["hp"])


def _rights(sandbox: Sandbox, row: Row) -> dict[str, object]:
    session = sandbox.tables.one("sessions", "id = ?", row["id"])
    if session is None or session["ended"]:
        raise Problem(410, "expired")
    person = sandbox.tables.one("people", "id = ?", session["subject"]) if session["subject"] else None
    own = person is not None and session["lingkup"] == "own"
    return {
        "lingkup": session["lingkup"],
        "visit_token": sandbox.token("visit", session["id"]),
        "submit_grant": sandbox.token("grant", session["id"]),
        "berlaku_sampai": session["until"],
        "grant_sampai": session["grant_until"],
        "nama": person["nama"] if person and own else "",
        "jenis_kelamin": person["jenis_kelamin"] if person and own else "",
        "hp_tersamar": mask_phone(session["hp"]),
        "permohonan": summaries(sandbox, session),
    }


def _nothing(now: datetime) -> dict[str, object]:
    return {
        "lingkup": "none",
        "visit_token": "",
        "submit_grant": "",
        "berlaku_sampai": now.isoformat(),
        "grant_sampai": now.isoformat(),
        "nama": "",
        "jenis_kelamin": "",
        "hp_tersamar": mask_phone(""),
        "permohonan": [],
    }
