"""The office's own archive for an officer's visit: pages kept as they are taken, documents indexed, found again.

Everything here asks first whether an officer's unlock opened the archive in this process (`Held.archivist`): a touch
that got here some other way finds it shut. Nothing of a document reaches the log.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from hardware.camera.port import CameraFault
from kiosk.effects.papers import MAX_PAGE_BYTES, TROUBLES
from kiosk.effects.parcel import Parcel
from kiosk.effects.tools import Tools
from kiosk.effects.trouble import failed
from kiosk.flow import archive_orders as ask
from kiosk.flow.archive_results import Board, FoundInArchive, KnownAlready, Row, Separated, SheetKept, ToIndex
from kiosk.flow.orders import Order
from kiosk.flow.results import Done, Failed, Result, Trouble
from kiosk.portal.trouble import PortalTrouble
from kiosk.tickets.separator import CODE

if TYPE_CHECKING:
    from hardware.camera.port import Page
    from kiosk.store.archive import Book, Record

ARCHIVE = "archive"
"""Kind of outbox row; `kiosk.main.archiving` carries it out."""
ROWS = 20
_LOOK_EVERY, _LOOK_SECONDS = 0.5, 5.0
FIRST_PAGE = "archive-first"
"""Name of the large picture beside the fields."""

Work = Callable[[Tools, Order], Awaitable[Result | None]]


def _for_officers(work: Work) -> Callable[[Tools, str, Order], Awaitable[Result | None]]:
    async def guarded(tools: Tools, _session: str, order: Order) -> Result | None:
        from kiosk.settings import SecretTroubleError
        from kiosk.store import DiskFullError, NotFoundError, StoreError

        if not tools.held.archivist:
            return Failed(Trouble.FORBIDDEN)
        try:
            return await work(tools, order)
        except DiskFullError:
            return Failed(Trouble.DISK_FULL)
        except NotFoundError:
            return Failed(Trouble.NOT_FOUND)
        except (StoreError, SecretTroubleError):
            return Failed(Trouble.INTERNAL)

    return guarded


async def _open(tools: Tools, order: Order) -> Result:
    from kiosk.store.archive import purge

    assert isinstance(order, ask.OpenArchive)  # noqa: S101 -- the table pairs them
    if order.officer != tools.held.archivist:
        return Failed(Trouble.FORBIDDEN)
    await asyncio.to_thread(purge, tools.settings, time.time())
    for record in await tools.archive.do(lambda book: book.under_way()):
        await _queue(tools, record)  # a power cut may have come between the two files
    return await _board(tools)


async def _queue(tools: Tools, record: Record) -> None:
    """A row in the outbox for a document; adding it twice adds nothing."""
    parcel = Parcel({"document": record.ref}).pack()
    await tools.store.do(lambda store: store.outbox.add(ARCHIVE, parcel, key=record.ref))
    tools.wake_worker(ARCHIVE)


async def _board(tools: Tools) -> Board:
    counts = await tools.archive.do(lambda book: book.counts())
    return Board(
        counts.unindexed,
        counts.waiting,
        counts.sent,
        counts.refused,
        counts.open_pages,
        counts.seconds_left,
        counts.word,
    )


async def _watch(tools: Tools, order: Order) -> Result:
    assert isinstance(order, ask.WatchArchive)  # noqa: S101
    until = time.monotonic() + _LOOK_SECONDS
    while True:  # another process changes it: there is nothing to be woken by
        board = await _board(tools)
        if board != order.seen or time.monotonic() > until:
            return board
        await asyncio.sleep(_LOOK_EVERY)


async def _keep(tools: Tools, _order: Order) -> Result:
    if tools.camera is None:
        return Failed(Trouble.NO_CAMERA)
    taken = await tools.camera.capture()
    if isinstance(taken, CameraFault):
        return Failed(TROUBLES[taken.trouble])
    if len(taken.jpeg) > MAX_PAGE_BYTES:
        return Failed(Trouble.TOO_LARGE)
    if tools.read_codes is not None and CODE in await asyncio.to_thread(tools.read_codes, taken.jpeg):
        closed = await tools.archive.do(lambda book: book.close_document(book.begin()))
        return Separated(closed, by_sheet=True)
    kept = await tools.archive.do(lambda book: _add(book, taken))
    if isinstance(kept, SheetKept):
        tools.held.small = {kept.sheet: taken.thumbnail}
        return kept
    return Failed(kept)


def _add(book: Book, taken: Page) -> SheetKept | Trouble:
    from kiosk.store.archive import MOST_SHEETS, Sheet

    document = book.begin()
    number = book.record(document).pages + 1
    if number > MOST_SHEETS:
        return Trouble.TOO_MANY
    remarks = tuple(remark.value for remark in taken.quality.remarks)
    repeats = bool(book.same_page(taken.fingerprint))
    page = Sheet(taken.jpeg, taken.thumbnail, taken.dpi, taken.fingerprint, remarks[0] if remarks else "")
    sheet = book.add(document, page)
    return SheetKept(f"sheet-{sheet}", number, remarks, repeats, number == MOST_SHEETS)


async def _drop(tools: Tools, order: Order) -> Result:
    assert isinstance(order, ask.DropSheet)  # noqa: S101
    sheet = int(order.sheet.removeprefix("sheet-"))
    await tools.archive.do(lambda book: book.drop(sheet))
    tools.held.small.pop(order.sheet, None)
    return Done()


async def _end(tools: Tools, _order: Order) -> Result:
    return Separated(await tools.archive.do(lambda book: book.close_document(book.begin())))


async def _next(tools: Tools, _order: Order) -> Result:
    waiting = await tools.archive.do(lambda book: book.unindexed())
    tools.held.small.clear()
    if not waiting:
        return ToIndex()
    first = waiting[0]
    sheets = await tools.archive.do(lambda book: book.sheets(first.id, pictures=True))
    tools.held.small[FIRST_PAGE] = sheets[0].jpeg
    return ToIndex(first.id, first.pages, len(waiting), FIRST_PAGE)


async def _index(tools: Tools, order: Order) -> Result:
    from kiosk.store.archive import Index

    assert isinstance(order, ask.IndexDocument)  # noqa: S101
    if not order.sure:
        known = await tools.archive.do(lambda book: book.known(order.number, order.year))
        if known:
            return KnownAlready(known[-1].index.holder)
    index = Index(order.number, order.year, order.holder, order.kbli)
    record = await tools.archive.do(lambda book: book.index(order.document, index))
    await _queue(tools, record)
    return Done()


async def _discard(tools: Tools, order: Order) -> Result:
    assert isinstance(order, ask.DiscardDocument)  # noqa: S101
    await tools.archive.do(lambda book: book.discard(order.document))
    return Done()


async def _again(tools: Tools, _order: Order) -> Result:
    for record in await tools.archive.do(lambda book: book.send_refused_again()):
        await _queue(tools, record)
    return await _board(tools)


async def _find(tools: Tools, order: Order) -> Result:
    assert isinstance(order, ask.FindInArchive)  # noqa: S101
    query, skip = order.query, order.skip
    found = await tools.archive.do(lambda book: book.find(query, most=ROWS + 1, skip=skip))
    shown = found[:ROWS]
    pictures = await tools.archive.do(lambda book: {one.id: book.thumbnail(one.id) for one in shown})
    tools.held.small = {f"row-{name}": picture for name, picture in pictures.items()}
    rows = [
        Row(f"row-{one.id}", one.number, one.year, one.holder, one.kbli, one.pages, one.state.value, one.excerpt)
        for one in shown
    ]  # fmt: skip
    if not order.portal:
        return FoundInArchive(query, tuple(rows), len(found) > ROWS)
    if tools.portal is None:
        return Failed(Trouble.OFFLINE)
    try:
        page = await tools.portal.archive.search(query)
    except PortalTrouble as trouble:
        return failed(trouble)
    here = await tools.archive.do(lambda book: book.remotes())
    rows += [
        Row(f"portal-{one.id}", one.number, one.year, one.holder, one.kbli, one.pages, here=False)
        for one in page.entries
        if one.id not in here and one.kept
    ]
    return FoundInArchive(query, tuple(rows), len(found) > ROWS or page.more, portal=True)


async def _lock(tools: Tools, _session: str, _order: Order) -> None:
    tools.held.archivist = ""
    tools.held.small.clear()
    await tools.archive.shut()


HANDLERS: dict[type[Order], Callable[[Tools, str, Order], Awaitable[Result | None]]] = {
    ask.OpenArchive: _for_officers(_open),
    ask.WatchArchive: _for_officers(_watch),
    ask.KeepSheet: _for_officers(_keep),
    ask.DropSheet: _for_officers(_drop),
    ask.EndDocument: _for_officers(_end),
    ask.NextToIndex: _for_officers(_next),
    ask.IndexDocument: _for_officers(_index),
    ask.DiscardDocument: _for_officers(_discard),
    ask.SendAgain: _for_officers(_again),
    ask.FindInArchive: _for_officers(_find),
    ask.LockArchive: _lock,
}
