"""Survey, clock and report in figures: `python -m tests.bench.bench_insight [--visits 100000]`.

The report is the whole command in its own process: read, check every chain, compute, draw four pages. Memory is that of
the process and its checking child together, as seen ten times a second.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from tests.kiosk.insight import generate

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "kiosk/insight/report/baseline.example.toml"
RUNS = 3


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--visits", type=int, default=100_000)
    given = parser.parse_args()
    rows: list[tuple[str, str]] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rows += _light(folder)
        events = folder / "events.jsonl"
        lines = generate.write(events, given.visits, seed=1)
        rows.append((f"{given.visits:,} visits", f"{lines:,} events, {events.stat().st_size / 1e6:.0f} MB"))
        for ending in ("pdf", "html", "json"):
            took, busy, most = _watched(
                "report", "--events", events, "--baseline", EXAMPLE, "--period", "2026-05..2026-10",
                "--date", "2026-11-10", "-o", folder / f"r.{ending}",
            )  # fmt: skip
            rows.append(
                (
                    f"report as {ending}, goal ≤ 5 s, ≤ 300 MB",
                    f"{took:.2f} s ({busy:.1f} s of both cores), {most:.0f} MB",
                )
            )
    width = max(len(name) for name, _ in rows)
    for name, value in rows:
        print(f"{name:<{width}}  {value}")


def _light(folder: Path) -> list[tuple[str, str]]:
    dice = random.Random(1)
    survey = folder / "survey.csv"
    head = ",".join(f"u{number}" for number in range(1, 10))
    rows = (",".join(str(dice.choice([3, 4])) for _ in range(9)) for _ in range(364))
    survey.write_text("\n".join([head, *rows]) + "\n")
    history = folder / "clock.json"
    history.write_text(
        json.dumps({
            "now": "2026-11-24T17:00:00+07:00",
            "events": [{"status": "10", "at": "2026-08-10T09:00:00+07:00"}],
        })
    )  # fmt: skip
    return [
        (f"kiosk {words[0]}, goal ≤ 0.3 s", f"{statistics.median(_took(*words) for _ in range(RUNS)):.3f} s")
        for words in (("skm", survey, "--population", "2184"), ("clock", history))
    ]


def _command(*words: str | Path) -> list[str]:
    return [sys.executable, "-m", "kiosk.main.cli", *map(str, words)]


def _took(*words: str | Path) -> float:
    begin = time.perf_counter()
    subprocess.run(_command(*words), cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begin


def _watched(*words: str | Path) -> tuple[float, float, float]:
    """Seconds and processor seconds (best of a few runs, as others share this machine), and the most memory seen, MB.

    Memory is the USS of the process and its child together.
    """
    times: list[tuple[float, float]] = []
    most = 0.0
    for _ in range(RUNS):
        begin, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.Popen(_command(*words), cwd=ROOT, env=os.environ)
        process = psutil.Process(done.pid)
        while done.poll() is None:
            try:
                family = [process, *process.children(recursive=True)]
                most = max(most, sum(one.memory_full_info().uss for one in family) / 1e6)
            except psutil.Error:
                pass
            time.sleep(0.1)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        busy = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        times.append((time.perf_counter() - begin, busy))
        if done.returncode:
            raise SystemExit(f"report failed with {done.returncode}")
    return *min(times), most


if __name__ == "__main__":
    main()
