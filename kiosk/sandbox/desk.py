"""What the office says of itself, help calls, receipts, the event log and the survey."""

from __future__ import annotations

import hashlib
import json
import secrets
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from kiosk.sandbox import access
from kiosk.sandbox.bodies import Anchor, Events, HelpCall, Receipt, Survey, read_body
from kiosk.sandbox.problems import Problem
from kiosk.sandbox.queue import COUNTERS, is_open
from kiosk.sandbox.state import mask_phone
from kiosk.sandbox.tables import Row
from kiosk.sandbox.timeline import Plain, words

VERSION = "1.0.0"
_RECEIPTS_AN_HOUR = 3
_MOST_ANCHORS = 1000
_ACTIVE = ("memanggil", "datang")


async def health(request: Request) -> Response:
    now = access.portal(request).now()
    return JSONResponse({"keadaan": "baik", "waktu": now.isoformat(), "versi": VERSION})


async def references(request: Request) -> Response:
    sandbox = access.portal(request)
    access.device(request)
    basis = {"2025": "Peraturan BPS 7/2025", "2020": "Peraturan BPS 2/2020"}
    versi = sandbox.settings.kbli_versi
    return JSONResponse(
        {
            "kbli": {"versi": versi, "dasar": basis.get(versi, "")},
            "syarat": {"versi": "2026.11", "tanggal": "2026-11-24"},
            "contoh": True,
        }
    )


async def services(request: Request) -> Response:
    sandbox = access.portal(request)
    access.device(request)
    return JSONResponse(
        {
            "layanan": [
                {
                    "id": counter.id,
                    "nama": words(counter.name_id, counter.name_en),
                    "awalan": counter.prefix,
                    "loket": counter.desk,
                    "buka": is_open(sandbox),
                    "tutup_pukul": sandbox.settings.closes,
                }
                for counter in COUNTERS
            ]
        }
    )


async def receipt(request: Request) -> Response:
    sandbox, device = access.portal(request), access.device(request)
    session = access.session(request, device)
    key = access.idempotency_key(request)
    body = await read_body(request, Receipt)
    plain = body.model_dump()
    with sandbox.lock:
        row = access.visible(sandbox, session, body.nomor)
        if not session["hp"]:
            raise Problem(409, "no-phone")
        answer = JSONResponse({"hp_tersamar": mask_phone(session["hp"])}, 202)
        if sandbox.done_before(device, "receipts", key, plain) is not None:
            return answer
        since = (sandbox.now() - timedelta(hours=1)).isoformat()
        if sandbox.tables.count("receipts", "nomor = ? AND at > ?", row["nomor"], since) >= _RECEIPTS_AN_HOUR:
            raise Problem(429, "too-many", headers={"Retry-After": "3600"})
        sandbox.tables.put(
            "receipts", {"nomor": row["nomor"], "saluran": body.saluran, "at": sandbox.now().isoformat()}
        )
        sandbox.remember(device, "receipts", key, plain, row["nomor"])
        sandbox.send_message(
            session["hp"], f"Permohonan {row['nomor']}: {sandbox.settings.public_url}/s/{row['nomor']}"
        )
    return answer


async def call(request: Request) -> Response:
    sandbox, device = access.portal(request), access.device(request)
    access.idempotency_key(request)
    body = await read_body(request, HelpCall)
    with sandbox.lock:
        for row in sandbox.tables.all("help", "device = ?", device):
            if row["keadaan"] in _ACTIVE:
                return JSONResponse(_call(row), 200)
        row: Row = {
            "id": secrets.token_hex(16),
            "device": device,
            "tempat": body.tempat,
            "bahasa": body.bahasa,
            "keadaan": "memanggil",
            "menit": 0,
            "sejak": sandbox.now().isoformat(),
        }
        sandbox.tables.put("help", row)
    return JSONResponse(_call(row), 201)


async def call_state(request: Request) -> Response:
    return JSONResponse(_call(_own_call(request)))


async def cancel_call(request: Request) -> Response:
    sandbox = access.portal(request)
    with sandbox.lock:
        row = _own_call(request)
        if row["keadaan"] in _ACTIVE:
            sandbox.tables.change("help", row["id"], keadaan="batal", menit=0)
    return Response(status_code=204)


async def events(request: Request) -> Response:
    sandbox, device = access.portal(request), access.device(request)
    body = await read_body(request, Events)
    new: dict[str, Row] = {}
    known = 0
    with sandbox.lock:
        for event in body.kejadian:
            content = json.dumps(event.model_dump(), sort_keys=True, ensure_ascii=False)
            digest = hashlib.sha256(content.encode()).hexdigest()
            name = f"{device}/{event.id}"
            before = new.get(name) or sandbox.tables.one("events", "id = ?", name)
            if before is None:
                new[name] = {"id": name, "device": device, "body": content, "hash": digest}
            elif before["hash"] == digest:
                known += 1
            else:
                # A log that changes is no log: the whole batch is refused and nothing of it kept.
                raise Problem(409, "event-changed")
        sandbox.tables.db.table("events").insert_all(list(new.values()))
    return JSONResponse({"diterima": len(new), "sudah_ada": known})


async def lodge_anchor(request: Request) -> Response:
    sandbox, device = access.portal(request), access.device(request)
    body = await read_body(request, Anchor)
    with sandbox.lock:
        name = f"{device}/{body.nomor}"
        before = sandbox.tables.one("anchors", "id = ?", name)
        if before is not None:
            if before["segel"] != body.segel:
                raise Problem(409, "anchor-changed")
            return Response(status_code=200)
        row = {"id": name, "device": device, **body.model_dump(), "at": sandbox.now().isoformat()}
        sandbox.tables.put("anchors", row)
    return Response(status_code=201)


async def anchors(request: Request) -> Response:
    sandbox, device = access.portal(request), access.device(request)
    rows = sandbox.tables.all("anchors", "device = ?", device, order="nomor DESC")[:_MOST_ANCHORS]
    found = [{"nomor": row["nomor"], "segel": row["segel"], "waktu": row["at"]} for row in reversed(rows)]
    return JSONResponse({"jangkar": found})


async def survey(request: Request) -> Response:
    sandbox, device = access.portal(request), access.device(request)
    key = access.idempotency_key(request)
    if request.headers.get("visit-token"):
        raise Problem(403, "survey-is-anonymous")
    body = await read_body(request, Survey)
    plain = body.model_dump()
    with sandbox.lock:
        if sandbox.done_before(device, "surveys", key, plain) is not None:
            return Response(status_code=200)
        name = secrets.token_hex(16)
        # The day is enough for a survey; a time would lead back to the visit.
        row = {"id": name, "body": json.dumps(plain), "at": sandbox.now().date().isoformat()}
        sandbox.tables.put("surveys", row)
        sandbox.remember(device, "surveys", key, plain, "")
    return Response(status_code=201)


def _own_call(request: Request) -> Row:
    sandbox, device = access.portal(request), access.device(request)
    row = sandbox.tables.one("help", "id = ? AND device = ?", request.path_params["id"], device)
    if row is None:
        raise Problem(404, "not-found")
    return row


def _call(row: Row) -> Plain:
    return {"id": row["id"], "keadaan": row["keadaan"], "menit": row["menit"], "sejak": row["sejak"]}
