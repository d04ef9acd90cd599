"""The keeper, store and workers in figures: `python -m tests.bench.bench_keeper`. Visits are small programs without a
window, so what is measured is the keeper's own share; medians of a few runs on this machine."""

from __future__ import annotations

import dataclasses
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from kiosk.settings import Settings
from kiosk.settings.model import Store as StoreSettings
from kiosk.store import Printing, Store

RUNS = 5


def main() -> None:
    rows: list[tuple[str, str]] = []
    with tempfile.TemporaryDirectory() as folder:
        rows += _keeper(Path(folder))
    with tempfile.TemporaryDirectory() as folder:
        rows += _store(Path(folder))
    width = max(len(name) for name, _ in rows)
    for name, value in rows:
        print(f"{name:<{width}}  {value}")


def _keeper(folder: Path) -> list[tuple[str, str]]:
    log, orders = folder / "log", folder / "orders"
    (folder / "run").mkdir(mode=0o700)
    environ = {key: value for key, value in os.environ.items() if not key.startswith("KIOSK_")} | {
        "FAKE_LOG": str(log),
        "FAKE_ORDERS": str(orders),
        "XDG_STATE_HOME": str(folder / "state"),
        "XDG_CACHE_HOME": str(folder / "cache"),
        "XDG_RUNTIME_DIR": str(folder / "run"),
    }
    started: list[float] = []
    changed: list[float] = []
    memory = pss = busy = 0.0
    bare = statistics.median(
        _timed(lambda: subprocess.run([sys.executable, "-c", "pass"], check=True)) for _ in range(5)
    )
    for _ in range(RUNS):
        log.write_text("")
        orders.write_text("")
        began = time.monotonic()
        process = subprocess.Popen([sys.executable, "-m", "tests.kiosk.main.keeper_here"], env=environ)
        try:
            said = _until(log, lambda words: words.count("warm") == 2)
            # The kernel's own record of when the first visit was started, not when it began to talk.
            pid = said[0][1]
            ticks = int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[19])
            boot = time.monotonic() - float(Path("/proc/uptime").read_text().split()[0])
            started.append(ticks / os.sysconf("SC_CLK_TCK") + boot - began)
            time.sleep(2.5)
            text = Path(f"/proc/{process.pid}/smaps_rollup").read_text()
            memory = int(_number(r"Rss: *(\d+)", text)) / 1024
            pss = int(_number(r"Pss: *(\d+)", text)) / 1024
            before = _ticks(process.pid)
            time.sleep(3)
            busy = (_ticks(process.pid) - before) / os.sysconf("SC_CLK_TCK") / 3 * 100
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(10)
        log.write_text("")
        orders.write_text("wait_end")
        process = subprocess.Popen([sys.executable, "-m", "tests.kiosk.main.keeper_here"], env=environ)
        try:
            said = _until(log, lambda words: words.count("shown") == 2)
            ended = next(at for at, _, word in said if word == "ended")
            changed.append([at for at, _, word in said if word == "shown"][1] - ended)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(10)
    return [
        ("bare Python, start to exit", f"{bare * 1000:.0f} ms"),
        ("keeper started → first visit started", f"{statistics.median(started) * 1000:.0f} ms (10 ms steps)"),
        (
            "visit ended → next one's picture",
            f"{statistics.median(changed) * 1000:.0f} ms, 30 of them the visit's own",
        ),
        ("keeper memory", f"{memory:.0f} MB RSS, {pss:.0f} MB PSS"),
        ("keeper idle, 2 visits with 20 heartbeats a second each", f"{busy:.1f} % of one core"),
    ]


def _store(folder: Path) -> list[tuple[str, str]]:
    settings = dataclasses.replace(Settings(), store=StoreSettings(folder=str(folder / "store")))
    made = _timed(lambda: Store.open(settings).close())
    opened = statistics.median(_timed(lambda: Store.open(settings).close()) for _ in range(20))
    store = Store.open(settings)

    def printed() -> None:
        job = store.spool.add("ticket", b"x" * 2000)
        store.spool.begin(job)
        assert store.spool.finish(job, "printed") is Printing.PRINTED

    small = statistics.median(_timed(lambda: store.outbox.add("submission", b"x" * 4000)) for _ in range(50))
    large = statistics.median(
        _timed(lambda: store.outbox.add("document", b"x" * (5 << 20))) for _ in range(5)
    )
    event = statistics.median(
        _timed(lambda: store.events.append("step", {"step": "form"})) for _ in range(50)
    )
    ticket = statistics.median(_timed(printed) for _ in range(30))
    store.close()
    return [
        ("store made and migrated, first start", f"{made * 1000:.0f} ms"),
        ("store opened", f"{opened * 1000:.1f} ms"),
        ("event added", f"{event * 1000:.2f} ms"),
        ("submission of 4 kB sealed and added", f"{small * 1000:.2f} ms"),
        ("document of 5 MB sealed and added", f"{large * 1000:.0f} ms"),
        ("ticket: add, begin, printed, erased", f"{ticket * 1000:.1f} ms"),
    ]


def _until(log: Path, what: Callable[[list[str]], bool]) -> list[tuple[float, int, str]]:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        rows = [line.split(" ", 2) for line in log.read_text().splitlines() if line.count(" ") >= 2]
        if what([row[2] for row in rows]):
            return [(float(at), int(pid), word) for at, pid, word in rows]
        time.sleep(0.02)
    raise TimeoutError(log.read_text())


def _timed(what: Callable[[], object]) -> float:
    began = time.perf_counter()
    what()
    return time.perf_counter() - began


def _ticks(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return int(fields[11]) + int(fields[12])


def _number(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    assert found is not None
    return found[1]


if __name__ == "__main__":
    main()
