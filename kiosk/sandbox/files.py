"""The server's side of tus 1.0.0: creation, creation-with-upload, checksum, expiration, termination.

The size of the file on disk is the offset, so that a portal killed in the middle of a piece knows where it stands when
it is back.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import os
import re
import secrets
from collections.abc import Callable
from datetime import datetime
from email.utils import format_datetime
from pathlib import Path

from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, Response

from kiosk.sandbox import access
from kiosk.sandbox.problems import Problem
from kiosk.sandbox.state import Sandbox
from kiosk.sandbox.tables import Row

VERSION = "1.0.0"
OCTETS = "application/offset+octet-stream"
_TUS = {"Tus-Resumable": VERSION}
_MAGIC = {"application/pdf": b"%PDF-", "image/jpeg": b"\xff\xd8\xff", "image/png": b"\x89PNG\r\n\x1a\n"}
_KIND = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)
_COUNT = re.compile(r"[0-9]{1,10}", re.ASCII)
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)


class Gates:
    """One upload is written by one request at a time."""

    def __init__(self) -> None:
        self._locks: dict[str, asyncio.Lock] = {}

    def of(self, name: str) -> asyncio.Lock:
        return self._locks.setdefault(name, asyncio.Lock())


async def options(request: Request) -> Response:
    headers = {
        **_TUS,
        "Tus-Version": VERSION,
        "Tus-Extension": "creation,creation-with-upload,termination,checksum,expiration",
        "Tus-Max-Size": str(access.portal(request).settings.most_upload),
        "Tus-Checksum-Algorithm": "sha1,sha256",
    }
    return Response(status_code=204, headers=headers)


async def create(request: Request) -> Response:
    sandbox, device = access.portal(request), access.device(request)
    _tus(request)
    size = _header_count(request, "upload-length")
    if size == 0:
        raise Problem(400, "empty", headers=_TUS)
    if size > sandbox.settings.most_upload:
        raise Problem(413, "too-large", headers=_TUS)
    facts = _metadata(request.headers.get("upload-metadata", ""))
    induk = _parent(request, facts)
    key = access.idempotency_key(request)
    said = {**facts, "size": str(size)}
    with sandbox.lock:
        name = sandbox.done_before(device, "files", key, said)
        if name is None or sandbox.tables.one("files", "id = ?", name) is None:
            again = name is not None
            name = secrets.token_hex(16)
            sandbox.tables.put("files", _row(sandbox, name, induk, device, size, facts))
            _touch(sandbox.files / name)
            if again:
                sandbox.tables.drop("idempotency", "key = ?", sandbox.digest("idem", device, "files", key))
            sandbox.remember(device, "files", key, said, name)
        row = _find(sandbox, name)
    headers = {**_TUS, "Location": f"/v1/files/{name}", **_expires(row)}
    if request.headers.get("content-type", "") == OCTETS and _offset(sandbox, row) == 0:
        offset = await _take(request, sandbox, row, 0)
        headers["Upload-Offset"] = str(offset)
    return Response(status_code=201, headers=headers)


async def state(request: Request) -> Response:
    sandbox, row = _mine(request)
    headers = {
        **_TUS,
        "Upload-Offset": str(_offset(sandbox, row)),
        "Upload-Length": str(row["ukuran"]),
        "Cache-Control": "no-store",
        **_expires(row),
    }
    return Response(status_code=200, headers=headers)


async def piece(request: Request) -> Response:
    sandbox, row = _mine(request)
    if request.headers.get("content-type", "") != OCTETS:
        raise Problem(415, "media-type", headers=_TUS)
    wanted = _header_count(request, "upload-offset")
    gates: Gates = request.app.state.gates
    async with gates.of(row["id"]):
        row = _find(sandbox, row["id"])
        if wanted != _offset(sandbox, row):
            raise Problem(409, "offset", headers=_TUS)
        offset = await _take(request, sandbox, row, wanted)
    return Response(status_code=204, headers={**_TUS, "Upload-Offset": str(offset), **_expires(row)})


async def terminate(request: Request) -> Response:
    sandbox, row = _mine(request)
    with sandbox.lock:
        if row["done"]:
            raise Problem(409, "finished", headers=_TUS)
        _erase(sandbox, row)
    return Response(status_code=204, headers=_TUS)


async def document(request: Request) -> Response:
    """The bytes of a document, to whoever may see its application or draft."""
    sandbox, device = access.portal(request), access.device(request)
    session = access.session(request, device)
    with sandbox.lock:
        row = sandbox.tables.one("files", "id = ? AND done = 1", request.path_params["id"])
        if row is None:
            raise sandbox.missed(device)
        if row["induk"] != session["draft"]:
            access.visible(sandbox, session, row["induk"])
        path = sandbox.document_path(row["id"])
    return FileResponse(path, media_type=row["filetype"], headers={"Cache-Control": "no-store"})


# --- inside ------------------------------------------------------------------------------------------------------


def _tus(request: Request) -> None:
    if request.headers.get("tus-resumable", "") != VERSION:
        raise Problem(412, "tus-version", headers={"Tus-Version": VERSION})


def _header_count(request: Request, name: str) -> int:
    value = request.headers.get(name, "")
    if not _COUNT.fullmatch(value):
        raise Problem(400, "header", fields=(name,), headers=_TUS)
    return int(value)


def _metadata(value: str) -> dict[str, str]:
    """Upload-Metadata decoded and checked. 422 names what is missing or wrong."""
    facts: dict[str, str] = {}
    for pair in value.split(","):
        name, _, coded = pair.strip().partition(" ")
        try:
            facts[name] = base64.b64decode(coded.strip(), validate=True).decode()
        except (binascii.Error, ValueError):
            raise Problem(422, "invalid", fields=("Upload-Metadata",), headers=_TUS) from None
    checks: dict[str, Callable[[str], object]] = {
        "induk": lambda text: 0 < len(text) <= 64,
        "jenis": _KIND.fullmatch,
        "halaman": lambda text: _COUNT.fullmatch(text) and 1 <= int(text) <= 200,
        "filename": lambda text: 0 < len(text) <= 200,
        "sha256": _SHA256.fullmatch,
    }
    wrong = tuple(name for name, right in checks.items() if not right(facts.get(name, "")))
    if wrong:
        raise Problem(422, "invalid", fields=wrong, headers=_TUS)
    if facts.get("filetype") not in _MAGIC:
        raise Problem(415, "media-type", headers=_TUS)
    return {name: facts[name] for name in (*checks, "filetype")}


def _parent(request: Request, facts: dict[str, str]) -> str:
    """Application number, draft hash or archive id, for whoever holds its record token; 403 for the rest."""
    sandbox, name = access.portal(request), facts["induk"]
    draft = sandbox.digest("draft", name)
    parents = (
        (name, "applications", "nomor"),
        (draft, "drafts", "handle_hash"),
        (name, "archive", "id"),
    )
    for ref, table, column in parents:
        if access.may_write(request, ref) and sandbox.tables.count(table, f"{column} = ?", ref):
            return ref
    raise Problem(403, "no-right", headers=_TUS)


def _row(sandbox: Sandbox, name: str, induk: str, device: str, size: int, facts: dict[str, str]) -> Row:
    return {
        "id": name,
        "induk": induk,
        "asal": induk,
        "jenis": facts["jenis"],
        "halaman": int(facts["halaman"]),
        "nama_file": Path(facts["filename"]).name,
        "filetype": facts["filetype"],
        "ukuran": size,
        "claimed": facts["sha256"],
        "sha256": "",
        "until": (sandbox.now() + sandbox.settings.upload_lives).isoformat(),
        "device": device,
        "done": 0,
        "same_as": "",
    }


def _find(sandbox: Sandbox, name: str) -> Row:
    row = sandbox.tables.one("files", "id = ?", name)
    if row is None:
        raise Problem(404, "not-found", headers=_TUS)
    return row


def _mine(request: Request) -> tuple[Sandbox, Row]:
    sandbox = access.portal(request)
    access.device(request)
    _tus(request)
    with sandbox.lock:
        row = _find(sandbox, request.path_params["id"])
        # A draft that became an application took its uploads along; the token they were begun with still ends them.
        if not access.may_write(request, row["induk"]) and not access.may_write(request, row["asal"]):
            raise Problem(403, "no-right", headers=_TUS)
        if not row["done"] and datetime.fromisoformat(row["until"]) <= sandbox.now():
            _erase(sandbox, row)
            raise Problem(410, "expired", headers=_TUS)
    return sandbox, row


def _expires(row: Row) -> dict[str, str]:
    if row["done"]:
        return {}
    return {"Upload-Expires": format_datetime(datetime.fromisoformat(row["until"]), usegmt=True)}


def _offset(sandbox: Sandbox, row: Row) -> int:
    return row["ukuran"] if row["done"] else (sandbox.files / row["id"]).stat().st_size


def _touch(path: Path) -> None:
    path.touch(mode=0o600)


def _erase(sandbox: Sandbox, row: Row) -> None:
    (sandbox.files / row["id"]).unlink(missing_ok=True)
    sandbox.tables.drop("files", "id = ?", row["id"])


async def _take(request: Request, sandbox: Sandbox, row: Row, offset: int) -> int:
    """Append the body and return the new offset; the last byte makes the upload a document.

    With a checksum nothing is kept until it was found right; without one every byte that arrived counts, even when
    the line breaks.
    """
    check = _checksum(request)
    room = row["ukuran"] - offset
    held = bytearray()
    path = sandbox.files / row["id"]
    taken = 0
    with path.open("ab") as file:
        try:
            async for part in request.stream():
                taken += len(part)
                if taken > room:
                    file.flush()
                    os.truncate(path, offset)
                    raise Problem(413, "too-large", headers=_TUS)
                if check is None:
                    file.write(part)
                else:
                    held += part
        except ClientDisconnect:
            if check is not None:
                raise Problem(400, "broken-off", headers=_TUS) from None
        if check is not None:
            algorithm, wanted = check
            if not secrets.compare_digest(
                hashlib.new(algorithm, held, usedforsecurity=False).digest(), wanted
            ):
                raise Problem(460, "checksum", headers=_TUS)
            file.write(held)
        file.flush()
        os.fsync(file.fileno())
    offset = path.stat().st_size
    if offset == row["ukuran"]:
        _finish(sandbox, row, path)
    return offset


def _checksum(request: Request) -> tuple[str, bytes] | None:
    value = request.headers.get("upload-checksum", "")
    if not value:
        return None
    algorithm, _, coded = value.partition(" ")
    try:
        digest = base64.b64decode(coded, validate=True)
    except (binascii.Error, ValueError):
        digest = b""
    if algorithm not in ("sha1", "sha256") or not digest:
        raise Problem(400, "checksum-algorithm", headers=_TUS)
    return algorithm, digest


def _finish(sandbox: Sandbox, row: Row, path: Path) -> None:
    with path.open("rb") as file:
        start = file.read(16)
        file.seek(0)
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    with sandbox.lock:
        if digest != row["claimed"]:
            _erase(sandbox, row)
            raise Problem(422, "digest", fields=("sha256",), headers=_TUS)
        if not start.startswith(_MAGIC[row["filetype"]]):
            _erase(sandbox, row)
            raise Problem(415, "media-type", headers=_TUS)
        twin = sandbox.tables.one(
            "files",
            "induk = ? AND jenis = ? AND sha256 = ? AND done = 1 AND same_as = '' AND id != ?",
            row["induk"],
            row["jenis"],
            digest,
            row["id"],
        )
        same = twin["id"] if twin else ""
        sandbox.tables.change("files", row["id"], done=1, sha256=digest, same_as=same)
        if same:
            path.unlink()
