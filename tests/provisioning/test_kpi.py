"""Hours of all kiosks in one table, over a real broker, in SQLite and a real PostgreSQL, up to the report's figures."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from kiosk.insight import chain, hours, kpi, whole
from kiosk.insight.baseline import Baseline
from kiosk.insight.clock import WIB
from kiosk.insight.stream import read
from provisioning.agent.hours import Hours
from provisioning.cli import main
from provisioning.errors import FleetError
from provisioning.kpi import Collector, Kpi, unpacked
from provisioning.service import Service
from provisioning.simulation import connected, free_port, issue, make_kiosk
from tests.kiosk.insight import generate

from .conftest import Fleet
from .test_rollout_live import until

NOW = datetime(2026, 11, 10, tzinfo=WIB).timestamp()
BIN = Path("/usr/lib/postgresql/15/bin")


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("log") / "events.jsonl"
    generate.write(file, 40, seed=3)
    return file


def split(log: Path, folder: Path) -> dict[str, Path]:
    """What each kiosk's timer would have written."""
    rows: dict[str, list[chain.Row]] = {}
    for line in log.read_text().splitlines():
        kiosk, row = chain.parse_line(line)
        rows.setdefault(kiosk, []).append(row)
    found: dict[str, Path] = {}
    for kiosk, events in rows.items():
        found[kiosk] = folder / kiosk
        found[kiosk].mkdir(parents=True)
        hours.write(found[kiosk], kiosk, events, NOW)
    return found


def send(folder: Path, state: Path, device: str, collector: Collector) -> int:
    """Until everything is confirmed; returns how many messages that took."""
    sender, count = Hours(folder, state), 0
    while batch := list(sender.messages()):
        for message in batch:
            count += 1
            assert len(message) < 60_000, "a broker's limit"
            answer = collector.take(device, message)
            if answer:
                sender.confirm(answer)
    return count


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield "kpi.sqlite"
        return
    if not (BIN / "postgres").exists() or os.geteuid() != 0 or shutil.which("setpriv") is None:
        pytest.skip("PostgreSQL is not here, or this user cannot start it")
    home = Path("/tmp") / f"anjungan-pg-{os.getpid()}"
    home.mkdir(mode=0o700)
    shutil.chown(home, "postgres")
    as_postgres = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
    port = str(free_port())
    subprocess.run(
        [*as_postgres, BIN / "initdb", "-D", home / "db", "-A", "trust", "-N", "-U", "fleet"],
        check=True, capture_output=True, cwd="/",
    )  # fmt: skip
    server = subprocess.Popen(
        [*as_postgres, BIN / "postgres", "-D", home / "db", "-p", port, "-h", "127.0.0.1", "-k", home, "-F"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/",
    )  # fmt: skip
    try:
        for _ in range(100):
            if (
                subprocess.run(
                    [BIN / "pg_isready", "-q", "-h", "127.0.0.1", "-p", port], check=False
                ).returncode
                == 0
            ):
                break
            time.sleep(0.1)
        yield f"postgresql://fleet@127.0.0.1:{port}/postgres"
    finally:
        server.send_signal(signal.SIGINT)  # without waiting for its clients
        server.wait(20)
        shutil.rmtree(home)


def test_all_hours_of_all_kiosks_make_the_same_report(url: str, log: Path, tmp_path: Path) -> None:
    table = Kpi(url, tmp_path)
    collector = Collector(table)
    kiosks = split(log, tmp_path / "kiosks")
    sent = {name: send(folder, tmp_path / f"{name}.json", name, collector) for name, folder in kiosks.items()}
    # Twice is once: a kiosk that lost its memory sends all of it again.
    for name, folder in kiosks.items():
        assert send(folder, tmp_path / f"{name}.again", name, collector) == sent[name] > 0
    out = tmp_path / "out.jsonl"
    out.write_bytes(b"".join(table.lines()))
    assert sorted(out.read_bytes().splitlines()) == sorted(log.read_bytes().splitlines())
    assert [one.trouble for one in whole.check(out)] == [""] * len(kiosks)
    period = kpi.Period.of("2026-05..2026-10")
    figures, wanted = (kpi.compute(read(file), Baseline(), period, NOW) for file in (out, log))
    assert figures == wanted
    assert figures.visits == sum(sums["visits"] for _, _, sums in table.sums()) == 40
    assert figures.sent == sum(sums["sent"] for _, _, sums in table.sums())
    one = next(iter(kiosks))
    assert [name for name, _, _ in table.sums(device=one)] == [one]
    assert b"".join(table.lines("2026-06", "2026-07")) != b""
    table.close()
    again = Kpi(url, tmp_path)
    assert len(again.sums()) == len(kiosks)
    again.close()


def test_nonsense_is_not_kept(tmp_path: Path, log: Path) -> None:
    table = Kpi("kpi.sqlite", tmp_path)
    collector = Collector(table)
    kiosk, folder = next(iter(split(log, tmp_path / "kiosks").items()))
    good = json.loads(next(Hours(folder, tmp_path / "s").messages()))
    for change in (
        {"hour": "../../etc"}, {"part": 7}, {"parts": 10_000}, {"data": "%%"}, {"part": "x"}, {"hour": "2026-11-24"},
    ):  # fmt: skip
        assert collector.take(kiosk, json.dumps({**good, **change}).encode()) is None
    assert collector.take(kiosk, b"[]") is None
    with pytest.raises(FleetError, match="do not make the whole"):
        collector.take(kiosk, json.dumps({**good, "digest": "0" * 16}).encode())
    with pytest.raises(FleetError, match="cannot be unpacked"):
        unpacked(b"not gzip")
    assert table.sums() == []


def test_a_database_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(FleetError, match="cannot be opened"):
        Kpi("missing/kpi.sqlite", tmp_path)
    with pytest.raises(FleetError, match="cannot be opened"):
        Kpi(f"postgresql://fleet@127.0.0.1:{free_port()}/kpi", tmp_path)


@pytest.mark.real
async def test_over_the_broker_and_while_the_service_was_away(
    live: Fleet, tmp_path: Path, log: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = split(log, tmp_path / "kiosks").popitem()[1]
    kept = sorted(folder.glob("*.jsonl"))
    for path in kept[15:]:
        path.unlink()
    kiosk = make_kiosk(
        live.home, live.plan, issue(live.home, live.book, "K-01", tmp_path / "K-01/identity"), live.url
    )
    kiosk.link._hours = Hours(folder, tmp_path / "hours.json")
    kiosk.link._hours_every = 0.5
    async with connected([kiosk]):
        await asyncio.sleep(1.2)  # nobody listens: nothing is lost
        service = Service(live.home, live.plan)
        work = asyncio.create_task(service.figures())
        table = Kpi(live.plan.kpi_database, live.home.root)
        try:
            await until(lambda: sum(count for _, count, _ in table.sums()) == 15)
            await until(lambda: list(Hours(folder, tmp_path / "hours.json").messages()) == [])
        finally:
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)
            table.close()
    home = ["--home", str(live.home.root)]
    assert main(["kpi", "show", "--days", "999", *home]) == 0
    shown = capsys.readouterr().out
    assert shown.splitlines()[1].split()[:2] == ["K-01", "15"]
    assert main(["kpi", "show", "--days", "999", "--json", *home]) == 0
    assert json.loads(capsys.readouterr().out)[0]["hours"] == 15
