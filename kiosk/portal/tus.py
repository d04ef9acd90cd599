"""Uploads that survive a weak line: the client's side of tus 1.0.0.

The portal's offset is the truth: after any trouble HEAD asks for it and the upload goes on from there, in this process
or in a later one that was given the upload's address.
"""

from __future__ import annotations

import asyncio
import hashlib
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from kiosk.portal.fields import GarbageError
from kiosk.portal.trouble import PortalTrouble
from kiosk.portal.wire import Answer, Wire, nothing

CHUNK = 256 * 1024
_TUS = {"tus-resumable": "1.0.0"}
_RESUMABLE = ("offline", "slow", "server", "garbage")


@dataclass(frozen=True, slots=True)
class Uploaded:
    """`url` is the upload's address, `id` its last part: the document's id at the portal."""

    id: str
    url: str
    size: int
    sha256: str
    resumed: bool


@dataclass(frozen=True, slots=True)
class UploadPlan:
    """`parent` is an application number or a draft's handle, `token` its record token; `key` names the upload across
    processes; `url` is its address from an earlier try. `pages` counts pages, `chunk` is in bytes."""

    parent: str
    kind: str
    token: str
    key: str
    filename: str = "dokumen.pdf"
    filetype: str = "application/pdf"
    pages: int = 1
    url: str = ""
    chunk: int = CHUNK

    def __repr__(self) -> str:
        return f"UploadPlan(kind={self.kind!r}, pages={self.pages})"


Progress = Callable[[str, int], None]
"""Called with (address, bytes the portal has confirmed); what it raises ends the upload."""


class Source(Protocol):
    size: int

    async def piece(self, offset: int, length: int) -> bytes: ...

    async def digest(self) -> str: ...


class _Memory:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self.size = len(data)

    async def piece(self, offset: int, length: int) -> bytes:
        return self._data[offset : offset + length]

    async def digest(self) -> str:
        return await asyncio.to_thread(lambda: hashlib.sha256(self._data).hexdigest())


class _File:
    """Read piece by piece in a thread: a scan of 50 MB never lies in memory whole."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.size = path.stat().st_size

    async def piece(self, offset: int, length: int) -> bytes:
        return await asyncio.to_thread(self._read, offset, length)

    def _read(self, offset: int, length: int) -> bytes:
        with self._path.open("rb") as file:
            file.seek(offset)
            return file.read(length)

    async def digest(self) -> str:
        def whole() -> str:
            with self._path.open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest()

        return await asyncio.to_thread(whole)


def source_of(data: bytes | Path) -> Source:
    """Raises ValueError for nothing at all, OSError for a file that cannot be read."""
    source = _Memory(data) if isinstance(data, bytes) else _File(data)
    if source.size == 0:
        raise ValueError("nothing to upload")
    return source


async def upload(
    wire: Wire, data: bytes | Path, plan: UploadPlan, progress: Progress | None = None
) -> Uploaded:
    """Upload all of `data`, carrying on an earlier try where there is one.

    A piece that fails `wire.line.attempts` times in a row without a byte of progress raises the last `PortalTrouble`;
    the address stays good, and the next call with it goes on. Raises ValueError for empty data.
    """
    source = source_of(data)
    digest = await source.digest()
    report = progress or _unheard
    url, offset = "", 0
    if plan.url:
        url, offset = await _earlier(wire, plan, source.size)
    resumed = bool(url)
    if not url:
        url = await _create(wire, plan, source.size, digest)
    report(url, offset)
    failures = 0
    while offset < source.size:
        piece = await source.piece(offset, plan.chunk)
        try:
            offset = await _send(wire, plan, url, offset, piece)
        except PortalTrouble as trouble:
            if trouble.status not in (409, 460) and trouble.kind not in _RESUMABLE:
                raise
            failures += 1
            if failures >= wire.line.attempts:
                raise
            await asyncio.sleep(min(2.0, wire.line.first_wait * 2**failures))
            resumed = True
            before, offset = offset, await _offset(wire, plan, url, source.size)
            if offset > before:
                failures = 0
                report(url, offset)
            continue
        failures = 0
        report(url, offset)
    return Uploaded(url.rstrip("/").rpartition("/")[2], url, source.size, digest, resumed)


def _unheard(url: str, offset: int) -> None:
    pass


async def drop(wire: Wire, url: str, token: str) -> None:
    """Give up an unfinished upload. One that is gone already is no trouble."""
    try:
        await wire.call(
            "DELETE", wire.where(url), nothing, headers={**_TUS, "record-token": token}, repeat=True
        )
    except PortalTrouble as trouble:
        if trouble.kind != "gone":
            raise


async def _earlier(wire: Wire, plan: UploadPlan, size: int) -> tuple[str, int]:
    url = wire.where(plan.url)
    try:
        return url, await _offset(wire, plan, url, size)
    except PortalTrouble as trouble:
        if trouble.kind == "gone":
            return "", 0
        raise


async def _create(wire: Wire, plan: UploadPlan, size: int, digest: str) -> str:
    facts = {
        "induk": plan.parent,
        "jenis": plan.kind,
        "halaman": str(plan.pages),
        "filename": plan.filename,
        "filetype": plan.filetype,
        "sha256": digest,
    }
    headers = {
        **_TUS,
        "record-token": plan.token,
        "idempotency-key": plan.key,
        "upload-length": str(size),
        "upload-metadata": ",".join(f"{k} {b64encode(v.encode()).decode()}" for k, v in facts.items()),
    }

    def location(answer: Answer) -> str:
        if not answer.headers.get("location"):
            raise GarbageError("no address")
        return wire.where(answer.headers["location"])

    return await wire.call("POST", "/files", location, headers=headers, repeat=True)


async def _send(wire: Wire, plan: UploadPlan, url: str, offset: int, piece: bytes) -> int:
    headers = {
        **_TUS,
        "record-token": plan.token,
        "upload-offset": str(offset),
        "upload-checksum": "sha256 " + b64encode(hashlib.sha256(piece).digest()).decode(),
        "content-type": "application/offset+octet-stream",
    }
    answer = await wire.once("PATCH", url, body=piece, headers=headers)
    try:
        after = _count(answer, "upload-offset")
    except GarbageError:
        after = -1
    if after != offset + len(piece):
        raise PortalTrouble("garbage", status=answer.status)
    return after


async def _offset(wire: Wire, plan: UploadPlan, url: str, size: int) -> int:
    def counts(answer: Answer) -> tuple[int, int]:
        return _count(answer, "upload-offset"), _count(answer, "upload-length")

    headers = {**_TUS, "record-token": plan.token}
    offset, length = await wire.call("HEAD", url, counts, headers=headers, repeat=True)
    if length != size or offset > size:
        # Another file lies behind this address: never mix two.
        raise PortalTrouble("refused", word="other-upload")
    return offset


def _count(answer: Answer, name: str) -> int:
    value = answer.headers.get(name, "")
    if not (value.isascii() and value.isdigit()):
        raise GarbageError(f"{name} is not a count")
    return int(value)
