"""The office's archive in its own encrypted file: captured, queued, found, erased; real sqlcipher."""

from __future__ import annotations

import dataclasses
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.settings import Settings, to_json
from kiosk.settings.model import Archive
from kiosk.store import DiskFullError, NotFoundError, Store
from kiosk.store.archive import Book, Index, Made, Sheet, State, archive_file, purge
from kiosk.store.archive.find import question

PLANTED = "BUDI CONTOH SANTOSO"
TEXT = "Surat izin usaha perdagangan atas nama Budi Contoh Santoso di Mukomuko nomor 503/88/SIUP"


def sheet(number: int, fingerprint: int = 0) -> Sheet:
    return Sheet(b"\xff\xd8" + bytes([number]) * 4000, b"small%d" % number, 200, fingerprint)


@pytest.fixture
def book(settings: Settings) -> Iterator[Book]:
    opened = Book.open(settings)
    yield opened
    opened.close()


def filed(
    book: Book, number: str = "503/88/SIUP/2009", holder: str = PLANTED, year: str = "2009", pages: int = 1
) -> int:
    document = book.begin()
    for each in range(pages):
        book.add(document, sheet(each, (document << 20) + (each << 40) + 0x0F0F))
    assert book.close_document(document)
    book.index(document, Index(number, year, holder, "47111"))
    return document


def confirmed(book: Book, text: str = TEXT, number: str = "503/88/SIUP/2009", holder: str = PLANTED) -> int:
    document = filed(book, number, holder)
    book.keep_made(document, Made(b"%PDF-1.4 whole", "a" * 64, text), 3.0)
    book.told(document, "f" * 32, "token")
    book.sent(document)
    book.confirmed(document, 1.0)
    return document


def everything_on_disk(settings: Settings) -> bytes:
    folder = archive_file(settings).parent
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file())


def test_a_document_goes_from_open_to_confirmed(book: Book) -> None:
    document = book.begin()
    assert not book.close_document(document), "no page yet"
    book.add(document, sheet(1, 77))
    book.add(document, sheet(2))
    assert [one.id for one in book.unindexed()] == []
    assert book.close_document(document)
    (waiting,) = book.unindexed()
    assert (waiting.pages, waiting.state) == (2, State.CAPTURED)
    record = book.index(document, Index("503/1", "2010", "CV CONTOH"))
    assert record.state is State.QUEUED
    assert [one.ref for one in book.under_way()] == [record.ref]
    book.keep_made(document, Made(b"%PDF", "b" * 64, TEXT), 4.0)
    assert book.file(document) == b"%PDF"
    book.told(document, "e" * 32, "secret")
    book.sent(document)
    assert book.record(document).state is State.SENT
    book.confirmed(document, 2.0)
    done = book.record(document)
    assert (done.state, done.token, done.sha256) == (State.CONFIRMED, "", "b" * 64)
    assert book.file(document) == b""
    assert [one.jpeg for one in book.sheets(document, pictures=True)] == [b"", b""]
    assert book.thumbnail(document) == b"small1"


def test_steps_only_from_where_they_may_be_taken(book: Book) -> None:
    document = filed(book)
    for step in (
        lambda: book.add(document, sheet(9)),
        lambda: book.index(document, Index("x", "2000", "y")),
        lambda: book.discard(document),
        lambda: book.again(document),
        lambda: book.sent(999),
    ):
        with pytest.raises(NotFoundError):
            step()
    book.refused(document, "invalid")
    before = book.record(document)
    assert (before.state, before.word) == (State.REFUSED, "invalid")
    assert book.again(document).ref != before.ref
    assert book.record(document).state is State.QUEUED


def test_found_by_number_holder_year_kbli_and_text_without_a_line(book: Book) -> None:
    one = confirmed(book)
    other = filed(book, "640/7/IMB/2012", "PT SAMPEL MAJU", "2012")
    for words in (
        "503/88", "503/88/siup/2009", "budi", "santo", "BÚDI contoh", "2009", "47111 budi", "perdagangan mukom",
    ):  # fmt: skip
        assert [found.id for found in book.find(words)] == [one], words
    assert {found.id for found in book.find("47111")} == {one, other}
    assert [found.id for found in book.find("")] == [other, one]
    assert book.find("budi sampel") == []
    assert book.find("88/503") == [], "parts of a number in another order are another number"
    (hit,) = book.find("perdagangan")
    assert "«perdagangan»" in hit.excerpt
    assert book.find("2009")[0].excerpt == "", "found by a field, not by the text"
    assert [found.id for found in book.find("47111", most=1, skip=1)] != [book.find("47111", most=1)[0].id]


@given(st.text(max_size=60))
def test_nothing_typed_is_syntax(typed: str) -> None:
    import sqlite3

    db = sqlite3.connect(":memory:")
    db.execute("CREATE VIRTUAL TABLE words USING fts5(body)")
    wanted = question(typed)
    if wanted:
        db.execute("SELECT rowid FROM words WHERE words MATCH ?", (wanted,)).fetchall()
    db.close()


def test_the_same_page_and_the_same_permit_are_noticed(book: Book) -> None:
    first = filed(book)
    assert [one.id for one in book.known("503/88/siup/2009", "2009")] == [first]
    assert book.known("503/88/SIUP/2009", "2010") == []
    mark = (first << 20) + 0x0F0F
    assert book.same_page(mark ^ 0b111) == first
    assert book.same_page(mark ^ ((1 << 24) - 1) << 30) == 0
    assert book.same_page(0) == 0
    high = book.begin()
    page = book.add(high, sheet(3, (1 << 64) - 1))
    assert book.same_page((1 << 64) - 1) == high
    assert book.same_page((1 << 64) - 1, but=page) == 0


def test_nothing_is_readable_on_disk_and_the_visitors_store_knows_nothing(settings: Settings) -> None:
    store = Store.open(settings)
    book = Book.open(settings)
    confirmed(book)
    filed(book, "640/1", "RAHASIA CONTOH")
    whole = everything_on_disk(settings)
    for secret in (PLANTED, "RAHASIA", "perdagangan", "503/88", "%PDF-1.4 whole", "small0", "47111"):
        assert secret.encode() not in whole, secret
        assert secret.lower().encode() not in whole, secret
    tables = {row[0] for row in store.connection.execute("SELECT name FROM sqlite_master")}
    assert not {"documents", "sheets", "words"} & tables
    assert archive_file(settings).parent.stat().st_mode & 0o077 == 0
    with pytest.raises(Exception, match=r"not a database|encrypted"):
        import sqlite3

        sqlite3.connect(archive_file(settings)).execute("SELECT * FROM documents")
    book.close()
    store.close()


def test_another_key_gives_a_fresh_archive_and_keeps_the_old_file(settings: Settings) -> None:
    book = Book.open(settings)
    filed(book)
    book.close()
    key = archive_file(settings).parent / "store.key"
    key.chmod(0o600)
    key.write_text(os.urandom(32).hex())
    fresh = Book.open(settings)
    assert fresh.find("") == []
    fresh.close()
    assert len(list(archive_file(settings).parent.glob("archive.db.aside-*"))) >= 1


def test_purge_takes_old_confirmed_ones_with_their_words_and_nothing_else(settings: Settings) -> None:
    settings = dataclasses.replace(settings, archive=Archive(keep_days=30))
    book = Book.open(settings)
    gone, waiting = confirmed(book), filed(book, "640/7", "PT SAMPEL")
    book._db.execute("UPDATE documents SET changed=changed-40*86400")
    young = confirmed(book, text="Izin gangguan", number="777/1", holder="CV BARU")
    assert purge(settings, time.time()) == 1
    assert {found.id for found in book.find("")} == {waiting, young}
    assert book.find("santoso mukomuko 503") == []
    # Not in any page of the index either, as who has the key could read it.
    book._db.execute("CREATE VIRTUAL TABLE temp.terms USING fts5vocab('main', 'words', 'row')")
    terms = {row[0] for row in book._db.execute("SELECT term FROM temp.terms")}
    assert "sampel" in terms
    assert "budi" not in terms
    blocks = b"".join(row[0] for row in book._db.execute("SELECT block FROM words_data"))
    assert b"sampel" in blocks
    assert b"budi" not in blocks
    assert gone not in {one for (one,) in book._db.execute("SELECT document FROM sheets")}
    book.close()


def test_a_kiosk_without_an_archive_has_nothing_to_purge(settings: Settings) -> None:
    assert purge(settings, 1e10) == 0
    assert not archive_file(settings).exists()


def test_progress_and_remaining_time(book: Book) -> None:
    assert book.counts().seconds_left is None
    filed(book, pages=3)
    assert book.counts().seconds_left is None, "nothing to reckon from"
    confirmed(book, number="1", holder="A CONTOH")  # one page, 3 s made, 1 s sent
    counts = book.counts()
    assert (counts.waiting, counts.sent, counts.seconds_left) == (1, 1, 12)
    book.failed(book.under_way()[0].id, "offline")
    assert book.counts().word == "offline"


def test_pages_taken_out_and_a_document_given_up(book: Book) -> None:
    document = book.begin()
    first = book.add(document, sheet(1))
    book.add(document, sheet(2))
    book.drop(first)
    assert [one.thumbnail for one in book.sheets(document)] == [b"small2"]
    book.close_document(document)
    book.drop(book.sheets(document)[0].id)
    assert book.unindexed() == []
    again = book.begin()
    book.add(again, sheet(3))
    book.discard(again)
    with pytest.raises(NotFoundError):
        book.record(again)


def test_a_full_disk_is_told_and_what_was_kept_stays(book: Book) -> None:
    document = book.begin()
    book.add(document, sheet(1))
    pages = book._db.execute("PRAGMA page_count").fetchone()[0]
    book._db.execute(f"PRAGMA max_page_count = {pages + 2}")
    big = Sheet(os.urandom(400_000), b"", 200)
    with pytest.raises(DiskFullError):
        book.add(document, big)
    assert [one.thumbnail for one in book.sheets(document)] == [b"small1"]
    assert book.record(document).pages == 1
    book._db.execute("PRAGMA max_page_count = 1000000")
    book.add(document, big)


CRASHER = """
import sys
from kiosk.settings import from_json
from kiosk.store.archive import Book, Sheet
book = Book.open(from_json(sys.stdin.readline()))
document = book.begin()
for number in range(10000):
    book.add(document, Sheet(bytes([number % 256]) * 90000, b"small", 200))
    print(number + 1, flush=True)
"""


def test_every_page_said_to_be_kept_is_there_after_a_power_cut(settings: Settings, tmp_path: Path) -> None:
    """kill -9 in the middle of writing: no page that was confirmed is missing, the document is still open."""
    settings = dataclasses.replace(settings)
    child = subprocess.Popen(
        [sys.executable, "-c", CRASHER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdin.write(to_json(settings) + "\n")
    child.stdin.flush()
    said = 0
    for line in child.stdout:
        said = int(line)
        if said >= 12:
            break
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    book = Book.open(settings)
    document = book.begin()
    assert book.record(document).pages >= said
    assert len(book.sheets(document)) == book.record(document).pages
    assert book.close_document(document)
    book.close()
