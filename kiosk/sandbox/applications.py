"""Filing an application, seeing own ones, correcting one that is open; and drafts."""

from __future__ import annotations

import json
from datetime import datetime

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from kiosk.sandbox import access
from kiosk.sandbox.bodies import Change, NewApplication, NewDraft, read_body
from kiosk.sandbox.problems import Problem
from kiosk.sandbox.records import application, document, history_of, loaded, summaries
from kiosk.sandbox.state import Sandbox, normal_phone
from kiosk.sandbox.tables import Row
from kiosk.sandbox.timeline import URAIAN, WIB, Plain, add_working_days

MASK = "•••"
_REPLAYED = {"Idempotency-Replayed": "true"}
_MERGE = ("application/merge-patch+json",)


async def submit(request: Request) -> Response:
    sandbox, device = access.portal(request), access.device(request)
    session = access.filing_session(request, device)
    key = access.idempotency_key(request)
    body = await read_body(request, NewApplication)
    plain = body.model_dump()
    with sandbox.lock:
        before = sandbox.done_before(device, "applications", key, plain)
        if before is not None:
            row = sandbox.tables.one("applications", "nomor = ?", before)
            if row is None or row["session"] != session["id"]:
                raise Problem(409, "idempotency-mismatch")
            return JSONResponse(_submitted(sandbox, row), 200, headers=_REPLAYED)
        # Read again under the lock: two requests of one session must not both find it unused.
        fresh = sandbox.tables.one("sessions", "id = ?", session["id"]) or session
        _may_file(sandbox, fresh, body)
        row = _file(sandbox, fresh, device, body)
        sandbox.remember(device, "applications", key, plain, row["nomor"])
        return JSONResponse(_submitted(sandbox, row), 201)


async def mine(request: Request) -> Response:
    sandbox, device = access.portal(request), access.device(request)
    session = access.session(request, device)
    with sandbox.lock:
        return JSONResponse({"permohonan": summaries(sandbox, session)})


async def one(request: Request) -> Response:
    sandbox, device = access.portal(request), access.device(request)
    sandbox.refuse_guessers(device)
    session = access.session(request, device)
    with sandbox.lock:
        row = access.visible(sandbox, session, request.path_params["nomor"])
        return JSONResponse(application(sandbox, row))


async def correct(request: Request) -> Response:
    sandbox, device = access.portal(request), access.device(request)
    session = access.session(request, device)
    body = await read_body(request, Change, *_MERGE)
    with sandbox.lock:
        row = access.visible(sandbox, session, request.path_params["nomor"])
        answers: dict[str, str] = loaded(row["isian"])
        last = history_of(sandbox, row["nomor"])[-1]["kd_status"]
        if last != "11":
            # A repeat of a correction that has arrived says so by its content; anything else comes too late.
            if all(answers.get(name) == text for name, text in body.isian.items()):
                return JSONResponse(application(sandbox, row))
            raise Problem(409, "not-open")
        merged = json.dumps(answers | body.isian, ensure_ascii=False)
        sandbox.tables.change("applications", row["nomor"], isian=merged)
        sandbox.set_status(row["nomor"], "09", "Pemohon")
        return JSONResponse(application(sandbox, {**row, "isian": merged}))


def _may_file(sandbox: Sandbox, session: Row, body: NewApplication) -> None:
    if session["lingkup"] not in ("own", "new", "draft"):
        raise Problem(403, "no-right")
    if session["lingkup"] != "own" and session["filed"]:
        raise Problem(403, "one-application")
    if body.nib:
        # For a stranger the answer must not depend on whether the number exists.
        person = sandbox.tables.one("people", "id = ?", session["subject"]) if session["subject"] else None
        if session["lingkup"] != "own" or person is None or body.nib not in person["nib"].split():
            raise Problem(403, "nib-needs-owner")
    known = sandbox.settings.known_kbli
    if known is not None and not known(body.kbli):
        raise Problem(422, "invalid", fields=("kbli",))


def _file(sandbox: Sandbox, session: Row, device: str, body: NewApplication) -> Row:
    now, rules = sandbox.now(), sandbox.settings
    year = now.astimezone(WIB).year
    start = f"{rules.prefix}-{year}-"
    rows = sandbox.tables.all("applications", "nomor LIKE ?", f"{start}%", order="urut DESC")
    urut = (rows[0]["urut"] if rows else 0) + 1
    row: Row = {
        "nomor": f"{start}{urut:04d}-{sandbox.random_part(8)}",
        "urut": urut,
        "subject": session["subject"] if session["lingkup"] == "own" else "",
        "session": session["id"],
        "device": device,
        "diterima": now.isoformat(),
        "kbli": body.kbli,
        "kbli_versi": body.kbli_versi,
        "skala_usaha": body.skala_usaha,
        "kd_resiko": body.kd_resiko,
        "kd_daerah": body.kd_daerah,
        "versi_syarat": body.versi_syarat,
        "nama_perseroan": body.nama_perseroan,
        "nib": body.nib,
        "isian": json.dumps(body.isian, ensure_ascii=False),
        "dokumen": json.dumps([plan.model_dump() for plan in body.dokumen]),
        "persetujuan": json.dumps(body.persetujuan.model_dump()),
        "dari_hari": rules.service_days,
    }
    sandbox.tables.put("applications", row)
    sandbox.set_status(row["nomor"], "09", "Pemohon")
    if session["lingkup"] != "own":
        sandbox.tables.change("sessions", session["id"], filed=row["nomor"])
    if body.draf:
        _take_over(sandbox, session, sandbox.digest("draft", body.draf), row["nomor"])
    return row


def _take_over(sandbox: Sandbox, session: Row, name: str, nomor: str) -> None:
    """What was uploaded for the draft belongs to the application now; the draft is gone."""
    draft = sandbox.tables.one("drafts", "handle_hash = ?", name)
    if draft is None or not _may_read(session, draft):
        return
    for file in sandbox.tables.all("files", "induk = ?", name):
        sandbox.tables.change("files", file["id"], induk=nomor)
    sandbox.tables.drop("drafts", "handle_hash = ?", name)


def _submitted(sandbox: Sandbox, row: Row) -> Plain:
    received = datetime.fromisoformat(row["diterima"])
    last = history_of(sandbox, row["nomor"])[-1]["kd_status"]
    due = add_working_days(received.astimezone(WIB).date(), row["dari_hari"], sandbox.settings.holidays)
    return {
        "nomor": row["nomor"],
        "kd_status": last,
        "uraian_status": URAIAN[last],
        "diterima": row["diterima"],
        "perkiraan_selesai": due.isoformat(),
        "url": f"{sandbox.settings.public_url}/s/{row['nomor']}",
        "record_token": sandbox.token("record", row["nomor"]),
    }


# --- drafts ------------------------------------------------------------------------------------------------------


async def save_draft(request: Request) -> Response:
    sandbox, device = access.portal(request), access.device(request)
    session = access.keeping_session(request, device)
    key = access.idempotency_key(request)
    body = await read_body(request, NewDraft)
    plain = body.model_dump()
    with sandbox.lock:
        # The handle is made from the key and a secret of the kiosk's request, so that a repeat gives the same one
        # although only its hash is kept.
        handle = body.pegangan or _handle(sandbox, device, key)
        name = sandbox.digest("draft", handle)
        if sandbox.done_before(device, "drafts", key, plain) is not None:
            row = _live_draft(sandbox, name)
            return JSONResponse(_draft_saved(sandbox, handle, row), 200, headers=_REPLAYED)
        if sandbox.tables.one("drafts", "handle_hash = ?", name) is not None:
            raise Problem(409, "idempotency-mismatch")
        now = sandbox.now()
        row: Row = {
            "handle_hash": name,
            "body": json.dumps(plain, ensure_ascii=False),
            "hp": normal_phone(body.hp) or (session["hp"] if session else ""),
            "subject": session["subject"] if session and session["lingkup"] == "own" else "",
            "session": session["id"] if session else "",
            "until": (now + sandbox.settings.draft_lives).isoformat(),
            "made": now.isoformat(),
        }
        sandbox.tables.put("drafts", row)
        sandbox.remember(device, "drafts", key, plain, name)
        return JSONResponse(_draft_saved(sandbox, handle, row), 201)


async def load_draft(request: Request) -> Response:
    sandbox, device = access.portal(request), access.device(request)
    sandbox.refuse_guessers(device)
    session = access.session_or_none(request, device)
    handle = request.path_params["handle"]
    with sandbox.lock:
        row = _live_draft(sandbox, sandbox.digest("draft", handle), device)
        whole = session is not None and _may_read(session, row)
        body: Plain = loaded(row["body"])
        answers: dict[str, str] = loaded(row["body"])["isian"]
        return JSONResponse(
            {
                "handle": handle,
                "tersamar": not whole,
                "kbli": body["kbli"],
                "kbli_versi": body["kbli_versi"],
                "skala_usaha": body["skala_usaha"],
                "isian": answers if whole else dict.fromkeys(answers, MASK),
                "dokumen": body["dokumen"],
                "dokumen_ada": (
                    [document(one) for one in sandbox.documents_of(row["handle_hash"])] if whole else []
                ),
                "sampai": row["until"],
            }
        )


async def replace_draft(request: Request) -> Response:
    body = await read_body(request, NewDraft)
    return _change_draft(request, body.model_dump(), whole=True)


async def change_draft(request: Request) -> Response:
    body = await read_body(request, Change, *_MERGE)
    return _change_draft(request, body.model_dump(), whole=False)


async def drop_draft(request: Request) -> Response:
    sandbox = access.portal(request)
    with sandbox.lock:
        row = _writable_draft(request)
        for file in sandbox.tables.all("files", "induk = ?", row["handle_hash"]):
            (sandbox.files / file["id"]).unlink(missing_ok=True)
        sandbox.tables.drop("files", "induk = ?", row["handle_hash"])
        sandbox.tables.drop("drafts", "handle_hash = ?", row["handle_hash"])
    return Response(status_code=204)


def _change_draft(request: Request, new: Plain, *, whole: bool) -> Response:
    sandbox = access.portal(request)
    with sandbox.lock:
        row = _writable_draft(request)
        body: Plain = new
        if not whole:
            body = loaded(row["body"])
            body["isian"] = {**loaded(row["body"])["isian"], **dict(new["isian"])}  # type: ignore[call-overload]
        hp = normal_phone(str(new.get("hp", ""))) or row["hp"]
        sandbox.tables.change(
            "drafts", row["handle_hash"], body=json.dumps(body, ensure_ascii=False), hp=row["hp"] or hp
        )
        return JSONResponse(_draft_saved(sandbox, request.path_params["handle"], row))


def _handle(sandbox: Sandbox, device: str, key: str) -> str:
    import base64

    raw = bytes.fromhex(sandbox.digest("handle", device, key))[:16]
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _live_draft(sandbox: Sandbox, name: str, who: str = "") -> Row:
    row = sandbox.tables.one("drafts", "handle_hash = ?", name)
    if row is None:
        raise sandbox.missed(who) if who else Problem(404, "not-found")
    if datetime.fromisoformat(row["until"]) <= sandbox.now():
        raise Problem(410, "expired")
    return row


def _writable_draft(request: Request) -> Row:
    """403 for whoever has neither the record token nor rights to it, whether it exists or not."""
    sandbox, device = access.portal(request), access.device(request)
    session = access.keeping_session(request, device)
    name = sandbox.digest("draft", request.path_params["handle"])
    if access.may_write(request, name):
        return _live_draft(sandbox, name)
    row = sandbox.tables.one("drafts", "handle_hash = ?", name)
    if row is None or session is None or not _may_read(session, row):
        raise Problem(403, "no-right")
    return _live_draft(sandbox, name)


def _may_read(session: Row, draft: Row) -> bool:
    if session["draft"] == draft["handle_hash"] or session["id"] == draft["session"]:
        return True
    return session["lingkup"] == "own" and draft["subject"] == session["subject"] != ""


def _draft_saved(sandbox: Sandbox, handle: str, row: Row) -> Plain:
    return {
        "handle": handle,
        "url": f"{sandbox.settings.public_url}/d/{handle}",
        "sampai": row["until"],
        "record_token": sandbox.token("record", row["handle_hash"]),
    }
