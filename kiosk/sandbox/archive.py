"""The office's archive: records an officer's kiosk files, each with one file that follows by tus."""

from __future__ import annotations

import re
import secrets

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from kiosk.sandbox import access
from kiosk.sandbox.bodies import ArchiveQuestion, NewArchiveDocument, read_body
from kiosk.sandbox.problems import Problem
from kiosk.sandbox.state import Sandbox
from kiosk.sandbox.tables import Row
from kiosk.sandbox.timeline import Plain

PAGE = 50
KIND = "arsip"
_ID = re.compile(r"[0-9a-f]{32}", re.ASCII)


async def create(request: Request) -> Response:
    sandbox, device = access.portal(request), access.device(request)
    key = access.idempotency_key(request)
    body = await read_body(request, NewArchiveDocument)
    plain = body.model_dump()
    with sandbox.lock:
        name = sandbox.done_before(device, "archive", key, plain)
        again = name is not None
        if name is None:
            twin = sandbox.tables.one(
                "archive", "device = ? AND sha256 = ? AND nomor = ?", device, body.sha256, body.nomor
            )
            name = twin["id"] if twin else secrets.token_hex(16)
            if twin is None:
                row = {"id": name, "device": device, **plain, "diterima": sandbox.now().isoformat()}
                sandbox.tables.put("archive", row)
            sandbox.remember(device, "archive", key, plain, name)
    headers = {"Idempotency-Replayed": "true"} if again else {}
    made = {"id": name, "record_token": sandbox.token("record", name)}
    return JSONResponse(made, 200 if again else 201, headers=headers)


async def state(request: Request) -> Response:
    sandbox, device = access.portal(request), access.device(request)
    name = request.path_params["id"]
    if not _ID.fullmatch(name):
        raise Problem(422, "invalid", fields=("id",))
    with sandbox.lock:
        row = sandbox.tables.one("archive", "id = ? AND device = ?", name, device)
        if row is None:
            raise sandbox.missed(device)
        return JSONResponse(_record(sandbox, row))


async def search(request: Request) -> Response:
    sandbox, device = access.portal(request), access.device(request)
    body = await read_body(request, ArchiveQuestion)
    words = body.cari.split()[:12]
    where = " AND ".join(["device = ?", *[_ANYWHERE] * len(words)])
    values: list[object] = [device]
    for word in words:
        values += [_pattern(word)] * 4
    with sandbox.lock:
        rows = sandbox.tables.all("archive", where, *values, order="rowid DESC")
        shown = rows[body.lewati : body.lewati + PAGE]
        found = [_record(sandbox, row) for row in shown]
    return JSONResponse({"dokumen": found, "lagi": len(rows) > body.lewati + PAGE})


_ANYWHERE = (
    "(" + " OR ".join(f"{name} LIKE ? ESCAPE '!'" for name in ("nomor", "tahun", "pemegang", "kbli")) + ")"
)


def _pattern(word: str) -> str:
    """A LIKE pattern in which nothing typed is a joker."""
    for sign in "!%_":
        word = word.replace(sign, "!" + sign)
    return f"%{word}%"


def _record(sandbox: Sandbox, row: Row) -> Plain:
    file = sandbox.tables.one("files", "induk = ? AND jenis = ? AND done = 1", row["id"], KIND)
    return {
        **{name: row[name] for name in ("id", "nomor", "tahun", "pemegang", "kbli", "halaman", "diterima")},
        "sha256": file["sha256"] if file else row["sha256"],
        "keadaan": "tersimpan" if file else "menunggu",
    }
