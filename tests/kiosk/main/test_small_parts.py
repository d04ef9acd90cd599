from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from kiosk.main.crashes import Crashes
from kiosk.main.memory import forget, on_tmpfs, private_tmp
from kiosk.main.systemd import notify, watchdog_seconds


class TestCrashes:
    def test_a_few_are_no_loop(self) -> None:
        crashes = Crashes(limit=3, window=60, first=10, most=60)
        assert [crashes.crashed(at) for at in (0, 30, 61, 95)] == [0, 0, 0, 0]

    def test_a_loop_rests_longer_each_time(self) -> None:
        crashes = Crashes(limit=3, window=60, first=10, most=60)
        assert [crashes.crashed(at) for at in (0, 1, 2)] == [0, 0, 10]
        assert [crashes.crashed(at) for at in (13, 35, 78, 140)] == [20, 40, 60, 60]

    def test_a_quiet_time_forgives(self) -> None:
        crashes = Crashes(limit=2, window=60, first=10, most=60)
        assert [crashes.crashed(at) for at in (0, 1)] == [0, 10]
        assert crashes.crashed(11 + 61) == 0


def test_temporary_files_are_private_and_on_tmpfs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TMPDIR", os.environ.get("TMPDIR", tempfile.gettempdir()))
    for name in ("XDG_RUNTIME_DIR", "RUNTIME_DIRECTORY"):
        monkeypatch.delenv(name, raising=False)
    folder = private_tmp()
    try:
        assert folder.stat().st_mode & 0o077 == 0
        assert tempfile.gettempdir() == str(folder)
        assert on_tmpfs(folder)
        assert not on_tmpfs(Path("/proc"))
        left = folder.parent / "tmp-999999999"
        left.mkdir()
    finally:
        forget(folder)
        monkeypatch.undo()
        tempfile.tempdir = None
    assert not folder.exists()
    assert not left.exists(), "and those of processes that were killed"


def test_a_hardened_process_has_no_core_and_dies_with_its_parent(tmp_path: Path) -> None:
    inner = (
        "import os, time; from kiosk.main.memory import harden; harden(inspectable=True, parent=os.getppid());"
        "print(os.getpid(), flush=True); time.sleep(60)"
    )
    outer = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {inner!r}]); sys.stdin.read(1)"
    with subprocess.Popen(
        [sys.executable, "-c", outer], stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        limits = Path(f"/proc/{child}/limits").read_text()
        assert next(row for row in limits.splitlines() if "core file" in row).split()[4] == "0"
        parent.kill()
        parent.stdout.read()  # the end of the stream: the child, too, is gone


def test_systemd_is_optional(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    assert not notify("READY=1")
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "nobody"))
    assert not notify("READY=1")
    monkeypatch.setenv("WATCHDOG_USEC", "20000000")
    monkeypatch.delenv("WATCHDOG_PID", raising=False)
    assert watchdog_seconds() == 10.0
    monkeypatch.setenv("WATCHDOG_PID", "1")
    assert watchdog_seconds() is None
