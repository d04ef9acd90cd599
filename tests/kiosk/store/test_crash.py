"""kill -9 at random moments: what was acknowledged is there, what was in hand is unknown, nothing is printed twice."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

from kiosk.settings import Settings, to_json
from kiosk.store import Printing, Store
from kiosk.store.ensure import tidy

KILLS = 8


def test_killed_again_and_again(settings: Settings, tmp_path: Path) -> None:
    Store.open(settings).close()
    paper = tmp_path / "paper"
    paper.write_text("")
    spooled: set[int] = set()
    proved: set[int] = set()
    filed: set[int] = set()
    chance = random.Random(20251124)  # which moments, not which outcome
    for run in range(KILLS):
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.kiosk.store.crasher", to_json(settings), str(paper), f"run{run}"],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        said = [process.stdout.readline()]  # it is at work now
        time.sleep(chance.uniform(0.0, 0.08))
        process.kill()
        said += process.communicate()[0].splitlines()
        for line in said:
            what, _, number = line.strip().partition(" ")
            if number.isdigit():
                {"spool": spooled, "printed": proved, "outbox": filed}[what].add(int(number))
        # A new start, as the keeper does it.
        store = Store.open(settings, f"after{run}")
        tidy(settings, store.connection, f"after{run}", time.time())
        assert not store.spool.ids(Printing.SENDING)
        store.close()

    store = Store.open(settings)
    on_paper = [int(line) for line in paper.read_text().split()]
    printed = set(store.spool.ids(Printing.PRINTED))
    unknown = set(store.spool.ids(Printing.UNKNOWN))
    queued = set(store.spool.ids(Printing.QUEUED))
    assert len(spooled) > KILLS
    assert spooled <= printed | unknown | queued
    assert proved <= printed <= set(on_paper), "printed only with paper to show for it"
    assert set(on_paper) <= printed | unknown
    assert len(on_paper) == len(set(on_paper))
    rows = {row[0] for row in store.connection.execute("SELECT id FROM outbox")}
    assert filed <= rows
    assert store.connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    assert store.connection.execute("PRAGMA cipher_integrity_check").fetchall() == []
    store.close()
