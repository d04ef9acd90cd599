"""The office's own archive on this kiosk: a second encrypted file, apart from all that belongs to visitors.

    book = Book.open(settings)
    paper = book.begin(); book.add(paper, Sheet(…)); book.close_document(paper)
    book.index(paper, Index("503/12/2009", "2009", "PT CONTOH", "56101"))      # → queued
    book.find("contoh 2009")

It is opened by an officer's visit, by the worker that makes and sends a document, and by nobody else: never by the
keeper, never by a visitor's visit. Calls block for a commit to disk.
"""

from __future__ import annotations

from kiosk.store.archive.book import MOST_SHEETS, Book, archive_file, purge
from kiosk.store.archive.record import Counts, Found, Index, Made, Record, Sheet, State

__all__ = [
    "MOST_SHEETS",
    "Book",
    "Counts",
    "Found",
    "Index",
    "Made",
    "Record",
    "Sheet",
    "State",
    "archive_file",
    "purge",
]
