"""The demo from outside: what it started is gone when it is, however it ended; its settings say that it is practice."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kiosk.main.demo.stage import write_settings
from kiosk.settings import check

DEMO = """
import json, sys, time
from pathlib import Path
from kiosk.main.demo.stage import kiosk_processes, virtual_display, write_settings

folder = Path(sys.argv[1])
with virtual_display() as display:
    settings = write_settings(folder, "http://127.0.0.1:1", window=None)
    with kiosk_processes(settings, display, folder / "kiosk.log") as keeper:
        print(json.dumps({"keeper": keeper.pid}), flush=True)
        time.sleep(120)
"""


def children(pid: int) -> list[int]:
    try:
        told = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except OSError:
        return []
    return [int(word) for word in told.split()]


def below(pid: int) -> set[int]:
    found = set(children(pid))
    return found.union(*(below(child) for child in found)) if found else found


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.real
def test_a_demo_that_is_killed_leaves_no_kiosk_behind(tmp_path: Path) -> None:
    """SIGKILL runs no clean-up: the kernel has to end keeper, visits and X server."""
    demo = subprocess.Popen(
        [sys.executable, "-c", DEMO, str(tmp_path / "d")], stdout=subprocess.PIPE, text=True, cwd=Path.cwd()
    )
    started: set[int] = set()
    try:
        assert demo.stdout is not None
        keeper = json.loads(demo.stdout.readline())["keeper"]
        limit = time.monotonic() + 20
        while len(children(keeper)) < 1:
            assert time.monotonic() < limit, "no visit was started"
            time.sleep(0.05)
        started = below(demo.pid)
        assert keeper in started
        assert len(started) >= 3  # X server, keeper, first visit
        demo.send_signal(signal.SIGKILL)
        demo.wait(10)
        limit = time.monotonic() + 15
        while left := [pid for pid in started if alive(pid)]:
            assert time.monotonic() < limit, f"{len(left)} of {len(started)} processes go on"
            time.sleep(0.05)
    finally:
        demo.kill()
        demo.wait(10)
        for pid in started:
            if alive(pid):
                os.kill(pid, signal.SIGKILL)


def test_the_demos_settings_load_and_say_practice(tmp_path: Path) -> None:
    settings = check(write_settings(tmp_path / "state", "http://127.0.0.1:8480", window=(540, 960)))
    assert settings.kiosk.practice
    assert settings.devices.simulated
    assert settings.window.pointer
