from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from kiosk.settings import SecretTroubleError, Settings
from kiosk.settings.places import store_folder
from kiosk.store import (
    DiskFullError,
    NotFoundError,
    Opener,
    Printing,
    SealError,
    Sending,
    Store,
    StoreError,
)
from kiosk.store.connection import connect, database_file
from kiosk.store.ensure import tidy
from kiosk.store.keys import key_file, private_key_file
from kiosk.store.ledger import Ledger
from kiosk.store.migrations import LATEST, STEPS, version
from kiosk.store.outbox import backoff

PLANTED = b"9971234567890001 Penguji Rekaan"


def _on_disk(settings: Settings) -> bytes:
    return b"".join(file.read_bytes() for file in store_folder(settings).iterdir() if file.is_file())


def test_nothing_of_a_payload_is_readable_on_disk(settings: Settings, store: Store) -> None:
    store.outbox.add("submission", PLANTED)
    store.spool.add("ticket", PLANTED)
    store.events.append("plain", {"word": "kata-terbuka"})
    disk = _on_disk(settings)
    assert disk
    assert b"9971234567890001" not in disk
    assert b"kata-terbuka" not in disk, "the file itself is encrypted"
    assert b"SQLite format 3" not in disk
    for file in (key_file(settings), private_key_file(settings)):
        assert file.stat().st_mode & 0o177 == 0


def test_durable_by_setting(store: Store) -> None:
    asked = {
        name: store.connection.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("journal_mode", "synchronous")
    }
    assert asked == {"journal_mode": "wal", "synchronous": 2}
    assert store.connection.execute("PRAGMA cipher_version").fetchone()[0]


def test_migrations_start_from_nothing_and_never_go_back(settings: Settings, store: Store) -> None:
    assert version(store.connection) == LATEST == len(STEPS)
    store.connection.execute(f"PRAGMA user_version = {LATEST + 3}")  # a later release was here
    again = Store.open(settings)
    assert version(again.connection) == LATEST + 3
    assert again.events.append("still works")
    again.close()


def test_payloads_open_with_the_private_key_alone(settings: Settings, store: Store) -> None:
    row = store.outbox.add("submission", PLANTED)
    sealed = store.outbox.item(row).sealed
    assert PLANTED not in sealed
    assert Opener(settings).open(sealed) == PLANTED
    with pytest.raises(SealError):
        Opener(settings).open(sealed[:-1] + bytes([sealed[-1] ^ 1]))
    private_key_file(settings).chmod(0o644)
    with pytest.raises(SecretTroubleError):
        Opener(settings)


def test_a_credential_comes_before_the_file(
    settings: Settings, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "credentials"
    folder.mkdir()
    (folder / "workers-key").write_text(private_key_file(settings).read_text())
    row = store.outbox.add("submission", PLANTED)
    private_key_file(settings).unlink()
    with pytest.raises(SecretTroubleError):
        Opener(settings)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(folder))
    assert Opener(settings).open(store.outbox.item(row).sealed) == PLANTED


@pytest.mark.parametrize("loss", ["lost", "wrong"])
def test_a_lost_or_wrong_key_keeps_the_old_store_aside(settings: Settings, loss: str) -> None:
    first = Store.open(settings)
    first.events.append("old")
    first.close()
    before = database_file(settings).read_bytes()
    key = key_file(settings).read_text()
    key_file(settings).unlink()
    if loss == "wrong":
        key_file(settings).write_text("0" * 64)
        key_file(settings).chmod(0o600)
    fresh = Store.open(settings)
    assert fresh.events.since() == []
    assert fresh.notice is not None
    assert fresh.notice["word"] == "store_set_aside"
    fresh.close()
    aside = store_folder(settings) / str(fresh_notice_file(settings))
    assert aside.read_bytes() == before
    # And it is really still the old store: with its key back in place it opens.
    for file in store_folder(settings).glob("anjungan.db*"):
        if not file.name.startswith("anjungan.db.aside"):
            file.unlink()
    aside.rename(database_file(settings))
    key_file(settings).write_text(key)
    old = Store.open(settings)
    assert [event.kind for event in old.events.since()] == ["old"]
    old.close()


def fresh_notice_file(settings: Settings) -> object:
    store = Store.open(settings)
    try:
        assert store.notice is not None
        return store.notice["file"]
    finally:
        store.close()


def test_disk_full_is_typed_and_loses_nothing(store: Store) -> None:
    row = store.outbox.add("submission", PLANTED)
    pages = store.connection.execute("PRAGMA page_count").fetchone()[0]
    store.connection.execute(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(DiskFullError):
        store.outbox.add("document", b"x" * 200_000)
    assert not store.connection.in_transaction
    assert store.connection.execute("SELECT count(*) FROM outbox").fetchone()[0] == 1
    store.connection.execute("PRAGMA max_page_count = 1000000")
    assert store.outbox.add("document", b"x" * 200_000) == row + 1


def test_deleted_payloads_leave_no_bytes_behind(settings: Settings, store: Store) -> None:
    row = store.outbox.add("submission", PLANTED)
    sealed = store.outbox.item(row).sealed
    assert store.outbox.claim(row)
    store.outbox.done(row)
    assert store.outbox.item(row).sealed == b""
    wal = database_file(settings).with_name("anjungan.db-wal")
    assert wal.stat().st_size == 0
    # Look beneath the encryption: a plain copy of the whole file must not hold the sealed bytes either.
    plain = database_file(settings).with_name("plain.db")
    store.connection.execute(f"ATTACH DATABASE '{plain}' AS plain KEY ''")
    store.connection.execute("SELECT sqlcipher_export('plain')")
    store.connection.execute("DETACH DATABASE plain")
    assert plain.read_bytes().startswith(b"SQLite format 3")
    assert sealed[:24] not in plain.read_bytes()
    assert store.connection.execute("PRAGMA secure_delete").fetchone()[0] == 1


class TestSpool:
    def test_printed_only_on_proof(self, store: Store) -> None:
        job = store.spool.add("ticket", b"A-001")
        assert store.spool.begin(job)
        assert not store.spool.begin(job), "two processes cannot both print it"
        assert store.spool.finish(job, "printed") is Printing.PRINTED
        assert store.spool.job(job).sealed == b""
        with pytest.raises(NotFoundError):
            store.spool.finish(job, "printed")

    def test_not_started_waits_again(self, store: Store) -> None:
        job = store.spool.add("ticket", b"A-001")
        store.spool.begin(job)
        assert store.spool.finish(job, "not_started") is Printing.QUEUED
        assert store.spool.begin(job)
        assert store.spool.job(job).attempts == 2

    def test_a_word_that_is_no_outcome(self, store: Store) -> None:
        with pytest.raises(ValueError):
            store.spool.finish(store.spool.add("ticket", b""), "surely")

    def test_only_an_officer_prints_an_unknown_one_again(self, settings: Settings, store: Store) -> None:
        job = store.spool.add("ticket", b"A-001")
        with pytest.raises(NotFoundError):
            store.spool.reprint(job, "officer-7")
        store.spool.begin(job)
        store.spool.finish(job, "unknown")
        assert not store.spool.begin(job), "never again by itself"
        with pytest.raises(ValueError):
            store.spool.reprint(job, "")
        copy = store.spool.reprint(job, "officer-7")
        again = store.spool.job(copy)
        assert (again.copy_of, again.state) == (job, Printing.QUEUED)
        assert Opener(settings).open(again.sealed) == b"A-001"
        assert store.spool.job(job).state is Printing.SETTLED
        with pytest.raises(NotFoundError):
            store.spool.reprint(job, "officer-7")

    def test_what_an_earlier_run_was_printing_is_unknown(self, settings: Settings, store: Store) -> None:
        job = store.spool.add("ticket", b"A-001")
        store.spool.begin(job)
        tidy(settings, store.connection, "run", time.time())
        assert store.spool.job(job).state is Printing.SENDING, "this run's own"
        tidy(settings, store.connection, "next", time.time())
        assert store.spool.ids(Printing.UNKNOWN) == [job]


class TestOutbox:
    def test_the_same_key_is_stored_once(self, store: Store) -> None:
        first = store.outbox.add("submission", b"1", key="k")
        assert store.outbox.add("submission", b"1", key="k") == first

    def test_progress_survives_tries(self, store: Store) -> None:
        row = store.outbox.add("document", b"1")
        key = store.outbox.item(row).key
        assert store.outbox.claim(row)
        store.outbox.progress(row, "http://portal/files/1", 4096)
        assert store.outbox.again(row, "offline") > 0
        item = store.outbox.item(row)
        assert (item.upload_url, item.offset, item.attempts, item.key) == (
            "http://portal/files/1",
            4096,
            1,
            key,
        )

    def test_a_row_in_nobodys_hand_cannot_be_marked(self, store: Store) -> None:
        row = store.outbox.add("document", b"1")
        with pytest.raises(NotFoundError):
            store.outbox.done(row)

    def test_answers_reach_the_rows_that_follow(self, settings: Settings, store: Store) -> None:
        first = store.outbox.add("submission", b"1")
        second = store.outbox.add("document", b"2", after=first)
        with_ledger = Ledger.open(settings)
        assert [row.id for row in with_ledger.due(time.time())] == [first]
        store.outbox.claim(first)
        store.outbox.done(first, b"application 7")
        assert [row.id for row in with_ledger.due(time.time())] == [second]
        assert Opener(settings).open(store.outbox.item(second).answer_before) == b"application 7"
        with_ledger.close()

    def test_erased_on_request(self, store: Store) -> None:
        first = store.outbox.add("submission", b"1")
        second = store.outbox.add("document", b"2", after=first)
        other = store.outbox.add("submission", b"3")
        assert store.outbox.claim(first), "in this process's own hand"
        store.outbox.erase(first)
        for gone in (first, second):
            with pytest.raises(NotFoundError):
                store.outbox.item(gone)
        assert store.connection.execute("SELECT count(*) FROM parcels").fetchone()[0] == 1
        store.connection.execute("UPDATE outbox SET state='working', owner='run/1'")
        with pytest.raises(NotFoundError):
            store.outbox.erase(other)

    def test_waits_grow_and_stay_within_bounds(self) -> None:
        waits = [[backoff(n, 5, 900) for _ in range(200)] for n in range(1, 12)]
        for n, sample in enumerate(waits, start=1):
            whole = min(900, 5 * 2 ** (n - 1))
            assert whole / 2 <= min(sample) <= max(sample) <= whole
            assert len(set(sample)) > 100, "jitter"

    def test_a_clock_that_was_wrong_does_not_hold_a_row_back(self, settings: Settings, store: Store) -> None:
        row = store.outbox.add("document", b"1")
        store.outbox.claim(row)
        store.outbox.again(row, "offline", wait=3 * 365 * 86400.0)
        ledger = Ledger.open(settings)
        assert [due.id for due in ledger.due(time.time())] == [row]
        ledger.close()

    def test_an_orphan_waits_again(self, settings: Settings, store: Store) -> None:
        import os

        row = store.outbox.add("document", b"1")
        store.outbox.claim(row)
        ledger = Ledger.open(settings)
        assert ledger.orphaned("run/1") == 0
        assert ledger.orphaned(f"run/{os.getpid()}") == 1
        item = store.outbox.item(row)
        assert (item.state, item.attempts, item.word) == (Sending.WAITING, 1, "interrupted")
        assert ledger.due(time.time()) == []
        assert ledger.waiting() == 1
        ledger.close()


def test_what_is_over_is_erased_in_time(settings: Settings, store: Store) -> None:
    waiting = store.outbox.add("document", b"1")
    refused = store.outbox.add("submission", b"2")
    store.outbox.claim(refused)
    store.outbox.refused(refused, "status_422")
    done = store.outbox.add("submission", b"3")
    store.outbox.claim(done)
    store.outbox.done(done, b"answer")
    job = store.spool.add("ticket", b"4")
    store.spool.begin(job)
    store.spool.finish(job, "printed")

    def left() -> tuple[list[int], list[int], int]:
        rows = [
            [row[0] for row in store.connection.execute(f"SELECT id FROM {t} ORDER BY id")]
            for t in ("outbox", "spool")
        ]
        return rows[0], rows[1], store.connection.execute("SELECT count(*) FROM parcels").fetchone()[0]

    now = time.time()
    tidy(settings, store.connection, "next", now + 29 * 86400)
    assert left() == ([waiting, refused, done], [job], 3)
    tidy(settings, store.connection, "next", now + 31 * 86400)
    assert left() == ([waiting, done], [job], 2)
    tidy(settings, store.connection, "next", now + 91 * 86400)
    assert left() == ([waiting], [], 1)


def test_a_print_that_never_began_is_taken_up_again_in_its_own_row(store: Store) -> None:
    job = store.spool.start("ticket", b"first")
    assert not store.spool.restart(job, b"too soon")
    store.spool.finish(job, "not_started")
    assert store.spool.restart(job, b"second")
    assert store.spool.job(job).attempts == 2
    assert store.connection.execute("SELECT count(*) FROM parcels").fetchone() == (1,)
    store.spool.finish(job, "unknown")
    assert not store.spool.restart(job, b"what may be on paper is not printed again")


def test_a_ticket_nobody_came_back_for_does_not_stay_for_ever(settings: Settings, store: Store) -> None:
    store.spool.finish(store.spool.start("ticket", b"1"), "not_started")
    ledger = Ledger.open(settings)
    ledger.purge(time.time())
    assert store.connection.execute("SELECT count(*) FROM spool").fetchone() == (1,)
    ledger.purge(time.time() + 31 * 86400)
    ledger.close()
    for table in ("spool", "parcels"):
        assert store.connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)


def test_rows_still_to_be_sent_are_found_by_the_beginning_of_their_key(store: Store) -> None:
    row = store.outbox.add("draft", PLANTED, key="draft-abc-1")
    assert store.outbox.unsent("draft-abc")
    assert not store.outbox.unsent("draft-abd")
    assert store.outbox.claim(row)
    assert store.outbox.unsent("draft-abc")
    store.outbox.done(row)
    assert not store.outbox.unsent("draft-abc")


def test_events_are_only_added(store: Store) -> None:
    store.events.append("step", {"step": "form", "seconds": 3.5}, session="abc")
    assert json.loads(json.dumps(dict(store.events.since()[0].data))) == {"step": "form", "seconds": 3.5}
    for change in ("DELETE FROM events", "UPDATE events SET kind = 'x'"):
        with pytest.raises(Exception, match="only added"):
            store.connection.execute(change)


def test_provisional_numbers_are_never_given_twice(settings: Settings, store: Store) -> None:
    other = Store.open(settings)
    drawn = [(store if n % 2 else other).numbers.draw("A", "2026-11-24")[1] for n in range(6)]
    assert drawn == [1, 2, 3, 4, 5, 6]
    assert store.numbers.draw("A", "2026-11-25")[1] == 1
    row = store.numbers.unconfirmed()[0][0]
    store.numbers.confirm(row, "A-101")
    assert len(store.numbers.unconfirmed()) == 6
    other.close()


def test_a_file_that_is_no_database(settings: Settings) -> None:
    store_folder(settings).mkdir()
    database_file(settings).write_bytes(b"not a database at all" * 500)
    fresh = Store.open(settings)
    assert fresh.notice is not None
    fresh.close()


def test_no_store_yet_is_an_error_for_the_narrow_view(settings: Settings) -> None:
    with pytest.raises((StoreError, SecretTroubleError)):
        connect(settings)
