"""The portal's archive of the office's own documents, as an officer's kiosk uses it. See `/archive` in openapi.yaml."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from kiosk.portal.fields import GarbageError, Json, each, flag, number, text
from kiosk.portal.trouble import PortalTrouble
from kiosk.portal.tus import UploadPlan
from kiosk.portal.wire import Answer

KIND = "arsip"
"""Kind of the one file a record has."""


@dataclass(frozen=True, slots=True)
class NewDocument:
    """`kbli` empty for permits older than KBLI; `size` in bytes, `sha256` of the file that follows, in hex."""

    number: str = field(repr=False)
    year: str
    holder: str = field(repr=False)
    kbli: str
    pages: int
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Made:
    """`token` adds the file to this record and reads nothing."""

    id: str
    token: str = field(repr=False)
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """`kept`: the portal has the whole file, whose `sha256` this then is."""

    id: str
    number: str = field(repr=False)
    year: str
    holder: str = field(repr=False)
    kbli: str
    pages: int
    sha256: str
    kept: bool


@dataclass(frozen=True, slots=True)
class Page:
    entries: tuple[Entry, ...]
    more: bool


class Send(Protocol):
    def __call__(
        self,
        method: str,
        path: str,
        body: Json | None,
        build: Callable[[Answer], Any],
        headers: dict[str, str],
    ) -> Awaitable[Any]: ...


class PortalArchive:
    """`PortalClient.archive`. Every call returns a value or raises `PortalTrouble`."""

    def __init__(self, send: Send) -> None:
        self._send = send

    async def create(self, new: NewDocument, *, key: str) -> Made:
        """Announce a document; the same `key` at every try makes one record. Raises "invalid" with `fields`."""
        body: Json = {
            "nomor": new.number,
            "tahun": new.year,
            "pemegang": new.holder,
            "kbli": new.kbli,
            "halaman": new.pages,
            "ukuran": new.size,
            "sha256": new.sha256,
        }
        return await self._send("POST", "/archive/documents", body, _made, {"idempotency-key": key})

    async def state(self, name: str) -> Entry:
        """One record this kiosk filed. Raises "gone" for any other."""
        if not (name.isascii() and name.isalnum()):
            raise PortalTrouble("gone", word="not-found", status=404)
        return await self._send(
            "GET", f"/archive/documents/{name}", None, lambda answer: _entry(answer.json), {}
        )

    async def search(self, words: str, *, skip: int = 0) -> Page:
        """Documents this kiosk filed, by the words of number, year, holder and KBLI; newest first."""
        body: Json = {"cari": words, "lewati": skip}
        return await self._send("POST", "/archive/search", body, _page, {})


def plan(made: Made, new: NewDocument, *, key: str, url: str = "") -> UploadPlan:
    """How the file of a record travels. Its name on the line is the kind: the number of a permit is not for logs."""
    return UploadPlan(
        parent=made.id,
        kind=KIND,
        token=made.token,
        key=f"{key}-file",
        filename=f"{KIND}.pdf",
        pages=new.pages,
        url=url,
    )


def _made(answer: Answer) -> Made:
    return Made(text(answer.json, "id"), text(answer.json, "record_token"), answer.replayed)


def _page(answer: Answer) -> Page:
    return Page(each(answer.json, "dokumen", _entry), flag(answer.json, "lagi"))


def _entry(source: Json) -> Entry:
    state = text(source, "keadaan")
    if state not in ("menunggu", "tersimpan"):
        raise GarbageError("keadaan")
    return Entry(
        text(source, "id"),
        text(source, "nomor"),
        text(source, "tahun"),
        text(source, "pemegang"),
        text(source, "kbli"),
        number(source, "halaman"),
        text(source, "sha256"),
        state == "tersimpan",
    )
