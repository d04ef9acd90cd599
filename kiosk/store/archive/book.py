"""The archive as its users see it: documents being captured, on their way, and found again."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

from kiosk.settings import Settings
from kiosk.store.archive.find import question
from kiosk.store.archive.record import (
    INDEXED,
    UNDER_WAY,
    Counts,
    Found,
    Index,
    Made,
    Record,
    Sheet,
    State,
)
from kiosk.store.archive.shape import archive_file, opened
from kiosk.store.connection import Connection, truncate_log, writing
from kiosk.store.errors import NotFoundError, typed

__all__ = ["Book", "archive_file", "purge"]

MOST_SHEETS = 40
"""Pages of one document: what a worker reads in its time, and far under the portal's limit of an upload."""
SAME_PAGE_BITS = 9
"""As `hardware.camera.fingerprint.SAME_PAGE`."""
RECENT_SHEETS = 3
"""Pages a new one is compared with."""
RECENT = 20
"""Finished documents the remaining time is reckoned from."""
_RECORD = "id, ref, state, number, year, holder, kbli, pages, sha256, remote, token, word, made"


class Book:
    """The archive over one connection; one thread at a time. Everything it returns has been committed."""

    def __init__(self, settings: Settings, connection: Connection) -> None:
        self._settings = settings
        self._db = connection

    @classmethod
    def open(cls, settings: Settings, *, wait: float = 5.0) -> Book:
        """Raises `StoreError` or `SecretTroubleError`."""
        return cls(settings, opened(settings, wait=wait))

    def close(self) -> None:
        with typed():
            self._db.close()

    # --- capturing ---------------------------------------------------------------------------------------------

    def begin(self) -> int:
        """The document being captured: the one a power cut left open, else a new one. Returns its id."""
        now = time.time()
        with writing(self._db) as db:
            open_one = db.execute("SELECT id FROM documents WHERE state=?", (State.OPEN,)).fetchone()
            if open_one:
                return int(open_one[0])
            done = db.execute(
                "INSERT INTO documents (ref, state, made, changed) VALUES (?, ?, ?, ?)",
                (os.urandom(16).hex(), State.OPEN, now, now),
            )
        return int(done.lastrowid)

    def add(self, document: int, sheet: Sheet) -> int:
        """Put a page behind the others, on disk when this returns; its id. Raises `NotFoundError` unless open."""
        with writing(self._db) as db:
            self._step(document, "pages=pages+1", (State.OPEN,))
            done = db.execute(
                "INSERT INTO sheets (document, jpeg, thumbnail, dpi, fingerprint, remark) VALUES (?, ?, ?, ?, ?, ?)",
                (document, sheet.jpeg, sheet.thumbnail, sheet.dpi, _signed(sheet.fingerprint), sheet.remark),
            )
        return int(done.lastrowid)

    def drop(self, sheet: int) -> None:
        """Take a page out of a document that is open or waits for its fields. The last one takes the document along."""
        with writing(self._db) as db:
            row = db.execute("SELECT document FROM sheets WHERE id=?", (sheet,)).fetchone()
            if row is None:
                return
            self._step(int(row[0]), "pages=pages-1", (State.OPEN, State.CAPTURED))
            db.execute("DELETE FROM sheets WHERE id=?", (sheet,))
            db.execute("DELETE FROM documents WHERE id=? AND pages=0 AND state!=?", (row[0], State.OPEN))
        truncate_log(self._db)

    def close_document(self, document: int) -> bool:
        """The separator came, or a tap: what was open waits for its fields. False: it had no page, nothing changed."""
        with writing(self._db) as db:
            done = db.execute(
                "UPDATE documents SET state=?, changed=? WHERE id=? AND state=? AND pages>0",
                (State.CAPTURED, time.time(), document, State.OPEN),
            )
        return done.rowcount == 1

    def discard(self, document: int) -> None:
        """Erase a document that is not on its way, on an officer's word. Raises `NotFoundError`."""
        with writing(self._db) as db:
            row = db.execute(
                "SELECT 1 FROM documents WHERE id=? AND state IN (?, ?, ?)",
                (document, State.OPEN, State.CAPTURED, State.REFUSED),
            ).fetchone()
            if row is None:
                raise NotFoundError("no such document, or it is on its way")
            _erase(db, [document])
        truncate_log(self._db)

    def sheets(self, document: int, *, pictures: bool = False) -> list[Sheet]:
        """Pages in order; the large pictures only when asked for."""
        jpeg = "jpeg" if pictures else "x''"
        with typed():
            rows = self._db.execute(
                f"SELECT {jpeg}, thumbnail, dpi, fingerprint, remark, id FROM sheets WHERE document=? ORDER BY id",  # noqa: S608 - ours
                (document,),
            ).fetchall()
        return [
            Sheet(bytes(row[0] or b""), bytes(row[1] or b""), row[2], _unsigned(row[3]), row[4], row[5])
            for row in rows
        ]

    def same_page(self, fingerprint: int, *, but: int = 0) -> int:
        """Id of the document in which this very page was kept a moment ago; 0: none, or a page with nothing on it.

        Only the last few pages are compared: permits of one printed form look alike, and over a whole cupboard such a
        hash would cry wolf. The same document brought twice is noticed by its number and year (`known`).
        """
        if not fingerprint:
            return 0
        with typed():
            rows = self._db.execute(
                "SELECT document, fingerprint FROM sheets WHERE fingerprint!=0 AND id!=? ORDER BY id DESC LIMIT ?",
                (but, RECENT_SHEETS),
            ).fetchall()
        for document, other in rows:
            if (_unsigned(other) ^ fingerprint).bit_count() <= SAME_PAGE_BITS:
                return int(document)
        return 0

    # --- indexing ----------------------------------------------------------------------------------------------

    def unindexed(self) -> list[Record]:
        """Documents that wait for their fields, oldest first."""
        return self._records("state=?", State.CAPTURED)

    def known(self, number: str, year: str) -> list[Record]:
        """Documents indexed under this number and year already: the same permit twice, perhaps."""
        return self._records("number=? COLLATE NOCASE AND year=? AND state!=?", number, year, State.CAPTURED)

    def index(self, document: int, index: Index) -> Record:
        """Write the fields and queue the document. It can be found by them from now on. Raises `NotFoundError`."""
        with writing(self._db) as db:
            self._step(
                document,
                "state=?, number=?, year=?, holder=?, kbli=?, word=''",
                (State.CAPTURED,),
                State.QUEUED,
                index.number,
                index.year,
                index.holder,
                index.kbli,
            )
            db.execute(
                "UPDATE documents SET thumbnail=(SELECT thumbnail FROM sheets WHERE document=? ORDER BY id LIMIT 1) "
                "WHERE id=?",
                (document, document),
            )
            db.execute(
                "INSERT INTO words (rowid, number, year, holder, kbli, body) VALUES (?, ?, ?, ?, ?, '')",
                (document, index.number, index.year, index.holder, index.kbli),
            )
        return self.record(document)

    # --- on its way --------------------------------------------------------------------------------------------

    def by_ref(self, ref: str) -> Record | None:
        found = self._records("ref=?", ref)
        return found[0] if found else None

    def record(self, document: int) -> Record:
        """Raises `NotFoundError`."""
        found = self._records("id=?", document)
        if not found:
            raise NotFoundError("no such document")
        return found[0]

    def under_way(self) -> list[Record]:
        """Queued or sent, oldest first: each of them has its row in the outbox."""
        return self._records("state IN (?, ?)", *UNDER_WAY)

    def keep_made(self, document: int, made: Made, seconds: float) -> None:
        """The archive file and its text, in one commit: a try that is cut off later goes on with the same bytes."""
        with writing(self._db) as db:
            self._step(document, "sha256=?, work_seconds=?", UNDER_WAY, made.sha256, seconds)
            db.execute("INSERT OR REPLACE INTO files (document, pdf) VALUES (?, ?)", (document, made.pdf))
            db.execute("UPDATE words SET body=? WHERE rowid=?", (made.text, document))

    def file(self, document: int) -> bytes:
        """The archive file that was made; b"" while there is none."""
        with typed():
            row = self._db.execute("SELECT pdf FROM files WHERE document=?", (document,)).fetchone()
        return bytes(row[0]) if row else b""

    def told(self, document: int, remote: str, token: str) -> None:
        """The portal has a record of it and waits for the file."""
        with writing(self._db):
            self._step(document, "remote=?, token=?", UNDER_WAY, remote, token)

    def sent(self, document: int) -> None:
        with writing(self._db):
            self._step(document, "state=?, word=''", UNDER_WAY, State.SENT)

    def failed(self, document: int, word: str) -> None:
        """This try did not get through; it stays on its way."""
        with writing(self._db):
            self._step(document, "word=?", UNDER_WAY, word)

    def refused(self, document: int, word: str) -> None:
        """It will never work. Pages and file stay until an officer has looked."""
        with writing(self._db):
            self._step(document, "state=?, word=?", UNDER_WAY, State.REFUSED, word)

    def again(self, document: int) -> Record:
        """Send a refused one anew, under another name: the portal has closed the old one. Raises `NotFoundError`."""
        with writing(self._db):
            self._step(
                document,
                "state=?, ref=?, remote='', token='', word=''",
                (State.REFUSED,),
                State.QUEUED,
                os.urandom(16).hex(),
            )
        return self.record(document)

    def send_refused_again(self) -> list[Record]:
        """All that was refused, queued anew."""
        return [self.again(one.id) for one in self._records("state=?", State.REFUSED)]

    def confirmed(self, document: int, seconds: float) -> None:
        """The portal keeps it: pages and file are erased here, index and text stay until `purge`."""
        with writing(self._db) as db:
            self._step(
                document,
                "state=?, word='', token='', work_seconds=work_seconds+?",
                UNDER_WAY,
                State.CONFIRMED,
                seconds,
            )
            db.execute("UPDATE sheets SET jpeg=NULL, thumbnail=NULL WHERE document=?", (document,))
            db.execute("DELETE FROM files WHERE document=?", (document,))
        truncate_log(self._db)

    # --- looking things up -------------------------------------------------------------------------------------

    def find(self, typed_words: str, *, most: int = 20, skip: int = 0) -> list[Found]:
        """Documents with all the words in number, year, holder, KBLI or text, best first; without words the newest.

        Works without a line: what this kiosk holds, no more.
        """
        wanted = question(typed_words)
        columns = "d.id, d.number, d.year, d.holder, d.kbli, d.pages, d.state"
        with typed():
            if not wanted:
                marks = ",".join("?" * len(INDEXED))
                rows = self._db.execute(
                    f"SELECT {columns}, '' FROM documents d WHERE d.state IN ({marks}) "  # noqa: S608 - ours
                    "ORDER BY d.id DESC LIMIT ? OFFSET ?",
                    (*INDEXED, most, skip),
                ).fetchall()
            else:
                rows = self._db.execute(
                    f"SELECT {columns}, snippet(words, 4, '«', '»', '…', 10) FROM words "  # noqa: S608 - ours
                    "JOIN documents d ON d.id = words.rowid WHERE words MATCH ? "
                    "ORDER BY bm25(words, 10, 2, 6, 2, 1), d.id DESC LIMIT ? OFFSET ?",
                    (wanted, most, skip),
                ).fetchall()
        return [Found(*row[:6], state=State(row[6]), excerpt=_excerpt(row[7])) for row in rows]

    def remotes(self) -> frozenset[str]:
        """The portal's names of all documents this kiosk still holds."""
        with typed():
            rows = self._db.execute("SELECT remote FROM documents WHERE remote!=''").fetchall()
        return frozenset(row[0] for row in rows)

    def thumbnail(self, document: int) -> bytes:
        """A small JPEG of its first page; b"" when there is none."""
        with typed():
            row = self._db.execute("SELECT thumbnail FROM documents WHERE id=?", (document,)).fetchone()
        return bytes(row[0]) if row and row[0] else b""

    def counts(self) -> Counts:
        """How far the work is, and how long the rest takes by what the last documents took."""
        with typed():
            states = {
                state: (int(count), int(pages))
                for state, count, pages in self._db.execute(
                    "SELECT state, count(*), sum(pages) FROM documents GROUP BY state"
                )
            }
            recent = self._db.execute(
                "SELECT sum(work_seconds), sum(pages) FROM (SELECT work_seconds, pages FROM documents "
                "WHERE state=? AND work_seconds>0 ORDER BY changed DESC LIMIT ?)",
                (State.CONFIRMED, RECENT),
            ).fetchone()
            word = self._db.execute(
                "SELECT word FROM documents WHERE state IN (?, ?) ORDER BY id LIMIT 1", UNDER_WAY
            ).fetchone()

        def of(*wanted: State) -> tuple[int, int]:
            found = [states.get(one, (0, 0)) for one in wanted]
            return sum(count for count, _ in found), sum(pages for _, pages in found)

        waiting, pages = of(*UNDER_WAY)
        left = None if not recent[1] else round(float(recent[0]) / int(recent[1]) * pages)
        return Counts(
            unindexed=of(State.CAPTURED)[0],
            waiting=waiting,
            sent=of(State.CONFIRMED)[0],
            refused=of(State.REFUSED)[0],
            open_pages=of(State.OPEN)[1],
            seconds_left=left,
            word=word[0] if word else "",
        )

    def purge(self, before: float) -> int:
        """Erase what was confirmed before this moment (Unix seconds), with all its words. Returns how many."""
        with writing(self._db) as db:
            rows = db.execute(
                "SELECT id FROM documents WHERE state=? AND changed<?", (State.CONFIRMED, before)
            ).fetchall()
            _erase(db, [int(row[0]) for row in rows])
        if rows:
            truncate_log(self._db)
        return len(rows)

    # --- inside ------------------------------------------------------------------------------------------------

    def _step(self, document: int, what: str, frm: tuple[State, ...], *values: object) -> None:
        """Change a document that is in one of the states `frm`, within the running transaction."""
        marks = ",".join("?" * len(frm))
        done = self._db.execute(
            f"UPDATE documents SET {what}, changed=? WHERE id=? AND state IN ({marks})",  # noqa: S608 - ours
            (*values, time.time(), document, *frm),
        )
        if done.rowcount != 1:
            raise NotFoundError("no such document, or not in the state that this step needs")

    def _records(self, where: str, *values: object) -> list[Record]:
        with typed():
            rows = self._db.execute(
                f"SELECT {_RECORD} FROM documents WHERE {where} ORDER BY id",  # noqa: S608 - ours
                values,
            ).fetchall()
        return [Record(row[0], row[1], State(row[2]), Index(*row[3:7]), *row[7:]) for row in rows]


def purge(settings: Settings, now: float) -> int:
    """Erase what is past its time: documents the portal has confirmed, their index, their text. Returns how many.

    What has not been confirmed is never erased by age. A kiosk without an archive has nothing to open.
    """
    file = archive_file(settings)
    if not file.exists():
        return 0
    limit = now - settings.archive.keep_days * 86400
    book = Book.open(settings)
    try:
        gone = book.purge(limit)
    finally:
        book.close()
    _drop_aside(file, now - settings.store.keep_aside_days * 86400)
    return gone


def _erase(db: Any, documents: list[int]) -> None:
    for document in documents:
        db.execute("DELETE FROM words WHERE rowid=?", (document,))
        db.execute("DELETE FROM files WHERE document=?", (document,))
        db.execute("DELETE FROM sheets WHERE document=?", (document,))
        db.execute("DELETE FROM documents WHERE id=?", (document,))


def _drop_aside(file: Path, limit: float) -> None:
    for old in file.parent.glob(f"{file.name}.aside-*"):
        if old.stat().st_mtime < limit:
            old.unlink(missing_ok=True)


def _excerpt(text: str) -> str:
    """The text around a hit on one line; nothing when the hit lies in the fields alone."""
    return " ".join(text.split()) if "«" in text else ""


def _signed(bits: int) -> int:
    """SQLite's integers are signed."""
    return bits - (1 << 64) if bits >= 1 << 63 else bits


def _unsigned(value: int) -> int:
    return value % (1 << 64)
