"""Workers as real processes, started and steered the way the keeper does it."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from kiosk.effects.parcel import Parcel
from kiosk.main.labour import Labour
from kiosk.main.spawn import python
from kiosk.settings import Settings
from kiosk.settings.model import Bench, Keeper, Kiosk, Portal
from kiosk.settings.model import Store as StoreSettings
from kiosk.store import Opener, Sending, Store
from kiosk.store.keys import private_key_file


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return dataclasses.replace(
        Settings(),
        kiosk=Kiosk(enrolment_file=tmp_path / "enrolled"),
        bench=Bench(inspect=True),
        portal=Portal(item_seconds=8, retry_first=0.05, retry_most=0.1),
        keeper=Keeper(work_every=0.1, end_seconds=2),
        store=StoreSettings(folder=str(tmp_path / "store")),
    )


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "log"
    file.write_text("")
    monkeypatch.setenv("FAKE_LOG", str(file))
    return file


@pytest.fixture
async def labour(settings: Settings, log: Path) -> AsyncIterator[Labour]:
    labour = Labour(settings, "run", command=python("tests.kiosk.main.executors"))
    told: list[int] = []
    task = asyncio.create_task(labour.run(told.append))
    yield labour
    await labour.close()
    await task


async def until(what: Callable[[], bool], seconds: float = 15.0) -> None:
    async with asyncio.timeout(seconds):
        while not what():  # noqa: ASYNC110 - what is waited for happens in another process
            await asyncio.sleep(0.02)


async def test_each_row_ends_as_its_executor_says(settings: Settings, labour: Labour, log: Path) -> None:
    store = Store.open(settings)
    done = store.outbox.add("note", b"fine")
    never = store.outbox.add("note", b"never")
    broken = store.outbox.add("note", b"break 9971234567890001")
    unknown = store.outbox.add("other", b"?")
    gone = store.outbox.add("gone", b"?")
    labour.begin()
    await until(
        lambda: all(store.outbox.item(row).attempts or store.outbox.item(row).word for row in (broken, gone))
    )
    assert store.outbox.item(done).state is Sending.DONE
    assert Opener(settings).open(store.outbox.item(done).answer) == b"ok"
    assert (store.outbox.item(never).state, store.outbox.item(never).word) == (Sending.REFUSED, "status_422")
    assert store.outbox.item(never).sealed, "kept for an officer"
    assert store.outbox.item(broken).word == "RuntimeError", (
        "the error's text is not kept: it may name a person"
    )
    assert store.outbox.item(unknown).word == store.outbox.item(gone).word == "no_executor"
    store.close()


async def test_the_real_worker_meets_a_portal_that_is_not_there(settings: Settings, log: Path) -> None:
    settings = dataclasses.replace(
        settings, portal=dataclasses.replace(settings.portal, url="http://127.0.0.1:1")
    )
    store = Store.open(settings)
    head: dict[str, object] = {
        "service": "info",
        "provisional": "KI-001",
        "taken_at": "2026-11-24T09:24:00+07:00",
    }
    row = store.outbox.add("number", Parcel(head).pack())
    labour = Labour(settings, "run")
    task = asyncio.create_task(labour.run(lambda _waiting: None))
    labour.begin()
    await until(lambda: store.outbox.item(row).attempts > 0)
    await labour.close()
    await task
    assert (store.outbox.item(row).state, store.outbox.item(row).word) == (Sending.WAITING, "offline")
    store.close()


async def test_an_upload_goes_on_where_it_was_cut_off(settings: Settings, labour: Labour, log: Path) -> None:
    store = Store.open(settings)
    row = store.outbox.add("note", b"upload")
    after = store.outbox.add("note", b"fine", after=row)
    labour.begin()
    await until(lambda: store.outbox.item(after).state is Sending.DONE)
    lines = [line.split() for line in log.read_text().splitlines()]
    tries = [line for line in lines if int(line[1]) == row]
    assert [line[3] for line in tries] == ["0", "100", "200"]
    assert len({line[2] for line in tries}) == 1, "one idempotency key"
    assert tries[1][4] == "http://portal/files/9"
    assert [" ".join(line[5:]) for line in lines if int(line[1]) == after] == ["file 9"]
    store.close()


async def test_what_follows_a_refused_row_is_refused(settings: Settings, labour: Labour, log: Path) -> None:
    store = Store.open(settings)
    row = store.outbox.add("note", b"never")
    after = store.outbox.add("note", b"fine", after=row)
    labour.begin()
    await until(lambda: store.outbox.item(after).state is Sending.REFUSED)
    assert store.outbox.item(after).word == "parent_refused"
    store.close()


async def test_an_orderly_end_puts_the_row_back(settings: Settings, labour: Labour, log: Path) -> None:
    store = Store.open(settings)
    row = store.outbox.add("note", b"slow")
    labour.begin()
    await until(lambda: "do" in log.read_text())
    await labour.close()
    assert (store.outbox.item(row).state, store.outbox.item(row).word) == (Sending.WAITING, "interrupted")
    store.close()


async def test_without_the_private_key_rows_wait(settings: Settings, labour: Labour, log: Path) -> None:
    store = Store.open(settings)
    row = store.outbox.add("note", b"fine")
    private_key_file(settings).chmod(0o644)
    labour.begin()
    await asyncio.sleep(2.0)
    # Keys others can read stop the whole store from being prepared: said on stderr and by the doctor.
    assert store.outbox.item(row).state is Sending.WAITING
    assert "do" not in log.read_text()
    store.close()


async def test_a_row_sealed_to_another_key_is_refused(settings: Settings, labour: Labour, log: Path) -> None:
    store = Store.open(settings)
    row = store.outbox.add("note", b"fine")
    private_key_file(settings).unlink()
    labour.begin()
    await until(lambda: store.outbox.item(row).state is Sending.REFUSED)
    assert store.outbox.item(row).word == "sealed_shut"
    assert store.notice is not None
    assert store.notice["word"] == "workers_key_replaced"
    later = store.outbox.add("note", b"fine")
    labour.wake()
    await until(lambda: store.outbox.item(later).state is Sending.DONE)
    store.close()


async def test_the_keeper_erases_what_is_old_also_while_it_runs(
    settings: Settings, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A kiosk runs for months without a start."""
    monkeypatch.setattr("kiosk.main.labour.PURGE_EVERY", 0.2)
    store = Store.open(settings)
    labour = Labour(settings, "run", command=python("tests.kiosk.main.executors"))
    task = asyncio.create_task(labour.run(lambda _waiting: None))
    labour.begin()
    row = store.outbox.add("note", b"fine")
    await until(lambda: store.outbox.item(row).state is Sending.DONE)
    store.connection.execute("UPDATE outbox SET changed = changed - 91 * 86400")
    await until(lambda: store.connection.execute("SELECT count(*) FROM outbox").fetchone() == (0,))
    await labour.close()
    await task
    store.close()
