"""The worker's way with a document of the office's own archive: read, made a PDF/A, sent, and believed only when the
portal names the same sha256.

The outbox row holds nothing but the document's random name; pages, text and file lie in the archive's own file. Each
step is on disk before the next begins, so a try that is cut off goes on where it stood, with the very same bytes.
"""

from __future__ import annotations

import hashlib
import os
import time
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from kiosk.effects.parcel import unpack
from kiosk.portal.archive import Made as Announced
from kiosk.portal.archive import NewDocument, plan
from kiosk.portal.client import PortalClient
from kiosk.portal.trouble import PortalTrouble
from kiosk.settings import Settings
from kiosk.store.archive import Book, Made, Record, State
from kiosk.store.errands import Done, Errand, Later, Never, Outcome
from kiosk.store.errors import NotFoundError

if TYPE_CHECKING:
    from hardware.camera.archive.size import Scan


async def document(errand: Errand, settings: Settings) -> Outcome:
    """Bring one document to the portal's archive; `Errand.payload` names it."""
    book = Book.open(settings)
    try:
        record = book.by_ref(unpack(errand.payload).text("document"))
        if record is None or record.state not in (State.QUEUED, State.SENT):
            return Done()  # given up, or sent under another name: nothing is left to do under this one
        outcome = await _bring(book, record, errand, settings)
        _mark(book, record, outcome)
        return outcome
    finally:
        book.close()


def _mark(book: Book, record: Record, outcome: Outcome) -> None:
    match outcome:
        case Later(word):
            book.failed(record.id, word)
        case Never(word):
            book.refused(record.id, word)
        case Done():
            pass


async def _bring(book: Book, record: Record, errand: Errand, settings: Settings) -> Outcome:
    if not record.sha256:
        try:
            await _make(book, record, settings)
        except Exception as error:  # noqa: BLE001 - its text may repeat what stands on the page
            return Never(_word(error))
        record = book.record(record.id)
    pdf = book.file(record.id)
    began = time.monotonic()
    new = NewDocument(
        number=record.index.number,
        year=record.index.year,
        holder=record.index.holder,
        kbli=record.index.kbli,
        pages=record.pages,
        size=len(pdf),
        sha256=record.sha256,
    )
    async with PortalClient.from_settings(settings.portal) as portal:
        try:
            made = Announced(record.remote, record.token)
            if not record.remote:
                made = await portal.archive.create(new, key=errand.key)
                book.told(record.id, made.id, made.token)
            ready = plan(made, new, key=errand.key, url=errand.upload_url)
            await portal.upload_document(pdf, ready, errand.progress)
            book.sent(record.id)
            entry = await portal.archive.state(made.id)
        except PortalTrouble as trouble:
            word = trouble.word or trouble.kind
            return Later(word, trouble.retry_after) if trouble.passing else Never(word)
    if not entry.kept:
        return Later("not_kept_yet")
    if entry.sha256 != record.sha256:
        return Never("digest")
    try:
        book.confirmed(record.id, time.monotonic() - began)
    except NotFoundError:
        return Done()
    return Done()


async def _make(book: Book, record: Record, settings: Settings) -> None:
    """The archive file and its text, kept together."""
    from hardware.camera.archive.facts import Facts
    from hardware.camera.archive.make import Rules, make
    from hardware.camera.archive.size import Scan
    from hardware.camera.pdf import MAX_BYTES

    began = time.monotonic()
    wanted = settings.archive
    pages = [Scan(sheet.jpeg, sheet.dpi) for sheet in book.sheets(record.id, pictures=True)]
    rules = Rules(
        # The office's own archive is PDF/A whatever visitors' papers are sent as.
        standard="2b" if wanted.standard == "2b" else "1b",
        languages=wanted.languages,
        target=_target(pages, wanted.target_kb * 1024, MAX_BYTES),
        page_seconds=wanted.page_seconds,
    )
    taken = datetime.fromtimestamp(record.made, ZoneInfo(settings.hours.timezone))
    made = await make(pages, Facts(kind="arsip", kiosk=settings.kiosk.id, taken=taken), rules)
    if made.trouble is not None:
        os.write(2, f"worker: archive {made.trouble.value}\n".encode())
    text = "\n".join(" ".join(word.text for word in page) for page in made.words)
    kept = Made(made.pdf, hashlib.sha256(made.pdf).hexdigest(), text)
    book.keep_made(record.id, kept, time.monotonic() - began)


def _target(pages: list[Scan], wanted: int, most: int) -> int:
    """Size to aim at: the office's, and never beyond what an upload may have."""
    whole = sum(len(page.jpeg) for page in pages)
    if wanted:
        return min(wanted, most)
    return most - 64 * 1024 * len(pages) if whole > most - 64 * 1024 * len(pages) else 0


def _word(error: Exception) -> str:
    """The class of an error as a machine word."""
    return "".join(f"_{sign.lower()}" if sign.isupper() else sign for sign in type(error).__name__).strip("_")
