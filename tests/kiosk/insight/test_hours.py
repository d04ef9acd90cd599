"""The event log by hours: nothing lost, nothing twice, the hour that has not ended waits."""

from __future__ import annotations

import json
from pathlib import Path

from kiosk.insight import chain, hours
from tests.kiosk.insight.conftest import Run

TEN = 1_793_700_000 // 3600 * 3600.0
"""A full hour."""


def events(times: list[float], kinds: list[tuple[str, dict[str, object]]]) -> list[chain.Row]:
    rows, previous = list[chain.Row](), chain.START
    for number, (at, (kind, data)) in enumerate(zip(times, kinds, strict=True), 1):
        text = json.dumps(data, separators=(",", ":"))
        previous = chain.link(previous, chain.body(number, at, "", kind, text))
        rows.append((number, at, "", kind, text, previous))
    return rows


def contents(folder: Path) -> dict[str, bytes]:
    return {path.stem: path.read_bytes() for path in hours.pieces(folder)}


def test_hours_that_ended_are_written_and_the_present_one_waits(tmp_path: Path) -> None:
    kinds = [("visit", {}), ("submitted", {"detail": "accepted"}), ("smile", {"score": 4}), ("visit", {})]
    rows = events([TEN, TEN + 3599, TEN + 3600, TEN + 7300], kinds)
    first, second, third = (hours.hour_of(TEN + 3600 * n) for n in range(3))
    assert hours.write(tmp_path, "K-01", rows, TEN + 7400) == [first, second]
    found = contents(tmp_path)
    assert list(found) == [first, second]
    counted = hours.counts(found[first].decode().splitlines())
    assert (counted["visits"], counted["sent"], counted["smiles"]) == (1, 1, 0)
    assert (tmp_path / f"{first}.jsonl").stat().st_mode & 0o777 == 0o644
    assert hours.after(tmp_path) == 3
    assert hours.write(tmp_path, "K-01", rows, TEN + 7400) == []
    assert hours.write(tmp_path, "K-01", rows[3:], TEN + 10_900) == [third]


def test_a_run_that_was_cut_adds_nothing_twice(tmp_path: Path) -> None:
    rows = events([TEN, TEN + 1, TEN + 3600], [("visit", {}), ("printed", {}), ("visit", {})])
    hours.write(tmp_path, "K-01", rows, TEN + 7200)
    before = contents(tmp_path)
    (tmp_path / hours.STATE).unlink()  # cut before the last step
    hours.write(tmp_path, "K-01", rows, TEN + 7200)
    assert contents(tmp_path) == before


def test_a_clock_that_was_put_back_adds_to_an_hour_written_before(tmp_path: Path) -> None:
    rows = events([TEN, TEN + 3600, TEN + 60], [("visit", {}), ("visit", {}), ("printed", {})])
    hours.write(tmp_path, "K-01", rows[:2], TEN + 7200)
    first = hours.hour_of(TEN)
    before = hours.digest(contents(tmp_path)[first])
    assert hours.write(tmp_path, "K-01", rows[2:], TEN + 7200) == [first]
    after = contents(tmp_path)[first]
    assert hours.digest(after) != before
    assert len(after.splitlines()) == 2


def test_very_old_hours_go(tmp_path: Path) -> None:
    rows = events([TEN], [("visit", {})])
    hours.write(tmp_path, "K-01", rows, TEN + 3600)
    hours.write(tmp_path, "K-01", [], TEN + 3600 * (hours.KEEP_HOURS + 1))
    assert hours.pieces(tmp_path) == []


def test_the_command_writes_what_the_store_holds(tmp_path: Path, kiosk: Run) -> None:
    config = tmp_path / "kiosk.toml"
    config.write_text(f'[kiosk]\nid = "K-07"\n[store]\nfolder = "{tmp_path / "store"}"\n')
    done = kiosk("log", "--settings", config, "hours", tmp_path)
    assert (done.returncode, done.stdout) == (0, "0 hours written\n")
