"""A worker: one sealed row of the outbox, one process. Opens it with the private key, does it, marks it, exits.

How a kind of row is done is an *executor*, found in a table by the row's kind and imported only when needed. Whatever
happens, the row ends in one of three ways: done, to be tried again, refused. A worker that is killed leaves its row to
the keeper, which lets it wait again (`Ledger.orphaned`).
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import os
from collections.abc import Mapping, Sequence
from typing import cast

from kiosk.main.children import hired
from kiosk.main.pipe import ChildEnd, Quit, Worked
from kiosk.settings import SecretTroubleError, Settings, from_json
from kiosk.store import Item, Opener, SealError, Sending, Store, StoreError
from kiosk.store.errands import Done, Errand, Executor, Later, Never, Outcome

EXECUTORS: dict[str, str] = {
    "application": "kiosk.effects.late:application",
    "archive": "kiosk.main.office_archive:document",
    "document": "kiosk.main.archiving:document",
    "draft": "kiosk.effects.late:draft",
    "number": "kiosk.effects.late:number",
    "survey": "kiosk.effects.late:survey",
    "end_visit": "kiosk.effects.late:end_visit",
}
"""Kind of row → "module:function" of its executor."""


def main(argv: Sequence[str] | None = None, executors: Mapping[str, str] = EXECUTORS) -> int:
    """Do the row the keeper names. Exit code 0 whenever the row was marked, 1 when it could not be."""
    end, work = hired(argv)
    if work is None:
        return 1
    settings = from_json(work.settings)
    try:
        store = Store.open(settings, work.run)
        state = _one(end, store, settings, work.row, executors)
        store.close()
    except (StoreError, SecretTroubleError) as error:
        os.write(2, f"worker: {type(error).__name__}\n".encode())
        return 1
    end.send(Worked(work.row, state))
    return 0


def _one(end: ChildEnd, store: Store, settings: Settings, row: int, executors: Mapping[str, str]) -> str:
    if not store.outbox.claim(row):
        return "taken"
    item = store.outbox.item(row)
    if item.before is Sending.REFUSED:
        store.outbox.refused(row, "parent_refused")
        return Sending.REFUSED
    try:
        opener = Opener(settings)
    except SecretTroubleError as trouble:
        store.outbox.again(row, f"key_{trouble.word}")
        return Sending.WAITING
    try:
        errand = _errand(store, item, opener)
    except SealError:
        store.outbox.refused(row, "sealed_shut")
        return Sending.REFUSED
    outcome = asyncio.run(_perform(end, errand, settings, executors.get(item.kind)))
    match outcome:
        case Done(answer):
            store.outbox.done(row, answer)
            return Sending.DONE
        case Later(word, wait):
            store.outbox.again(row, word, wait=wait)
            return Sending.WAITING
        case Never(word):
            store.outbox.refused(row, word)
            return Sending.REFUSED


def _errand(store: Store, item: Item, opener: Opener) -> Errand:
    def progress(upload_url: str, offset: int) -> None:
        store.outbox.progress(item.id, upload_url, offset)

    def keep(payload: bytes) -> None:
        store.outbox.keep(item.id, payload)

    return Errand(
        row=item.id,
        kind=item.kind,
        attempts=item.attempts,
        key=item.key,
        upload_url=item.upload_url,
        offset=item.offset,
        payload=opener.open(item.sealed),
        answer_before=opener.open(item.answer_before) if item.answer_before else b"",
        progress=progress,
        keep=keep,
    )


async def _perform(end: ChildEnd, errand: Errand, settings: Settings, where: str | None) -> Outcome:
    if where is None:
        return Later("no_executor")  # a release that was rolled back meets a newer row
    module, _, name = where.partition(":")
    try:
        executor = cast(Executor, getattr(importlib.import_module(module), name))
    except (ImportError, AttributeError):
        return Later("no_executor")
    doing = asyncio.ensure_future(executor(errand, settings))
    told = asyncio.ensure_future(_told_to_quit(end))
    await asyncio.wait([doing, told], return_when=asyncio.FIRST_COMPLETED)
    told.cancel()
    if not doing.done():
        doing.cancel()
        with contextlib.suppress(asyncio.CancelledError, Exception):
            await doing
        return Later("interrupted", wait=0.0)
    try:
        return doing.result()
    except Exception as error:  # noqa: BLE001 - whatever it was, the row must not be lost; its text may name a person
        return Later(type(error).__name__)


async def _told_to_quit(end: ChildEnd) -> None:
    async for message in end.messages():
        if isinstance(message, Quit):
            return


if __name__ == "__main__":
    raise SystemExit(main())
