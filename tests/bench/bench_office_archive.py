"""Arsip: pages a minute through the worker's whole chain, from pages on the encrypted disk to the portal's word that it
keeps the file; reading alone is the control. Practice portal on loopback, one worker at a time, one thread for reading.
"""

from __future__ import annotations

import asyncio
import dataclasses
import os
import statistics
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from hardware.camera.archive.facts import Facts
from hardware.camera.archive.make import Rules, make
from hardware.camera.archive.size import Scan
from hardware.camera.papers import permit, permit_words
from hardware.camera.still import encode
from kiosk.effects.parcel import Parcel
from kiosk.main.office_archive import document
from kiosk.sandbox import SandboxSettings, serve
from kiosk.sandbox.settings import DEMO_TOKEN
from kiosk.settings import Settings
from kiosk.settings.model import Portal, Store
from kiosk.store.archive import Book, Index, Sheet
from kiosk.store.errands import Done, Errand

DOCUMENTS, PAGES = 3, 2


def queued(book: Book, number: int) -> tuple[str, float]:
    """A document with its fields; its name, and the seconds a page took to be kept."""
    paper = book.begin()
    kept: list[float] = []
    for page in range(PAGES):
        jpeg = encode(permit(number * PAGES + page).picture, 200)
        began = time.perf_counter()
        book.add(paper, Sheet(jpeg, jpeg[:8000], 200))
        kept.append(time.perf_counter() - began)
    book.close_document(paper)
    registered, year, holder = permit_words(number)
    return book.index(paper, Index(registered, year, holder)).ref, statistics.median(kept)


async def brought(ref: str, settings: Settings) -> float:
    errand = Errand(
        1, "archive", 0, ref, "", 0, Parcel({"document": ref}).pack(), b"", lambda _url, _offset: None
    )
    began = time.perf_counter()
    assert await document(errand, settings) == Done()
    return time.perf_counter() - began


async def read_alone(number: int) -> float:
    pages = [Scan(encode(permit(number * PAGES + page).picture, 200), 200) for page in range(PAGES)]
    began = time.perf_counter()
    await make(pages, Facts("arsip", "K-01", datetime.now(UTC)), Rules())
    return time.perf_counter() - began


async def run(settings: Settings) -> None:
    book = Book.open(settings)
    whole: list[float] = []
    alone: list[float] = []
    disk: list[float] = []
    for number in range(DOCUMENTS):
        ref, kept = queued(book, number)
        disk.append(kept)
        whole.append(await brought(ref, settings))
        alone.append(await read_alone(number))
    began = time.perf_counter()
    assert book.find("perdagangan")
    search = time.perf_counter() - began
    book.close()
    print(
        f"load {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores; medians of {DOCUMENTS} documents of {PAGES} pages"
    )
    for name, seconds in (("whole chain", whole), ("reading and binding alone", alone)):
        each = statistics.median(seconds) / PAGES
        print(f"{name:<28} {each:6.2f} s a page  {60 / each:6.1f} pages a minute")
    print(f"{'page kept on the disk':<28} {statistics.median(disk) * 1000:6.1f} ms")
    print(f"{'full-text search':<28} {search * 1000:6.1f} ms")


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        token = folder / "token"
        token.write_text(DEMO_TOKEN)
        token.chmod(0o600)
        with serve(0, SandboxSettings(data_dir=folder / "portal", pace=0.01)) as portal:
            settings = dataclasses.replace(
                Settings(),
                portal=Portal(url=portal.url, token_file=token),
                store=Store(folder=str(folder / "store")),
            )
            asyncio.run(run(settings))


if __name__ == "__main__":
    main()
