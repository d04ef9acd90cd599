"""The keeper lives for months: nothing of a visitor may settle in its memory."""

from __future__ import annotations

import dataclasses
import os
import time

from kiosk.settings import Settings
from kiosk.settings.model import Store as StoreSettings
from kiosk.store import Printing, Sending, Store
from tests.kiosk.main.conftest import KeeperUnderTest
from tests.kiosk.memory_scan import found_in_memory

# Put together at run time, so that only this process and the store ever hold them.
NIK = "".join(["9971", "2345", "6789", "0001"]).encode()
NAME = " ".join(["Penguji", "Rekaan", "Ingatan"]).encode()


def test_no_sealed_text_in_the_keeper(keeper: KeeperUnderTest) -> None:
    settings = dataclasses.replace(Settings(), store=StoreSettings(folder=str(keeper.folder / "store")))
    store = Store.open(settings)
    rows = [store.outbox.add("kindword_submission", b"%s %s %d" % (NIK, NAME, n)) for n in range(20)]
    job = store.spool.add("ticket", NAME)
    store.spool.begin(job)
    keeper.start(KIOSK__PORTAL__RETRY_FIRST="600")
    # Every row is taken by a worker of its own, opened, and put back for want of an executor.
    keeper.wait(lambda: all(store.outbox.item(row).word == "no_executor" for row in rows[:4]), 30)
    keeper.wait(lambda: store.spool.ids(Printing.UNKNOWN) == [job])
    assert keeper.process is not None
    found = found_in_memory(keeper.process.pid, NIK, NAME, b"kindword_submission")
    assert found[b"kindword_submission"], "the keeper does read the rows' kinds"
    assert found[NIK] == found[NAME] == 0
    # The scan can see: this process knows both.
    assert all(found_in_memory(os.getpid(), NIK, NAME).values())
    assert store.outbox.item(rows[-1]).state in (Sending.WAITING, Sending.WORKING)
    store.close()
    assert keeper.stop() == 0
    assert NIK.decode() not in keeper.errors


def test_an_enrolled_kiosk_does_not_let_others_look(keeper: KeeperUnderTest) -> None:
    (keeper.folder / "enrolled").write_text("")
    keeper.start()
    keeper.wait(lambda: keeper.words().count("warm") == 2)
    assert keeper.process is not None
    # A process that is not dumpable gives its files in /proc to root.
    until = time.monotonic() + 5
    while (owner := os.stat(f"/proc/{keeper.process.pid}/maps").st_uid) != 0 and time.monotonic() < until:  # noqa: PTH116
        time.sleep(0.05)
    assert owner == 0
    assert keeper.stop() == 0
