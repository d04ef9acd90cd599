from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest


class KeeperUnderTest:
    """A real keeper process with fake visits, in folders of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.orders_file = folder / "orders"
        self.log_file = folder / "log"
        self.orders_file.write_text("")
        self.log_file.write_text("")
        self.process: subprocess.Popen[str] | None = None
        self.environ = {
            **{key: value for key, value in os.environ.items() if not key.startswith("KIOSK_")},
            "FAKE_ORDERS": str(self.orders_file),
            "FAKE_LOG": str(self.log_file),
            "KIOSK__STORE__FOLDER": str(folder / "store"),
            "KIOSK__KEEPER__HANG_SECONDS": "1",
            "KIOSK__KEEPER__WARM_SECONDS": "5",
            "KIOSK__KEEPER__END_SECONDS": "0.6",
            "KIOSK__KEEPER__WORK_EVERY": "0.3",
            "KIOSK__BENCH__INSPECT": "true",
            "KIOSK__KIOSK__ENROLMENT_FILE": str(folder / "enrolled"),
            "XDG_CACHE_HOME": str(folder / "cache"),
            "XDG_RUNTIME_DIR": str(folder / "run"),
        }
        (folder / "run").mkdir(mode=0o700)

    def order(self, *words: str) -> None:
        self.orders_file.write_text(" ".join(words))

    def start(self, **environ: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.kiosk.main.keeper_here"],
            env={**self.environ, **environ},
            stderr=subprocess.PIPE,
            text=True,
        )

    def said(self) -> list[tuple[float, int, str]]:
        rows = [line.split(" ", 2) for line in self.log_file.read_text().splitlines() if line.count(" ") >= 2]
        return [(float(at), int(pid), word) for at, pid, word in rows]

    def words(self) -> list[str]:
        return [word for _, _, word in self.said()]

    def wait(self, what: Callable[[], bool], seconds: float = 15.0) -> None:
        until = time.monotonic() + seconds
        while not what():
            if time.monotonic() > until:
                pytest.fail(f"did not happen; log: {self.said()}")
            time.sleep(0.02)

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """End the keeper; returns its exit code. Its words are in `errors` afterwards."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            _, self.errors = self.process.communicate(timeout=15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            _, self.errors = self.process.communicate()
        return self.process.returncode

    def clean(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.stop(signal.SIGKILL)
        for pid in {pid for _, pid, _ in self.said()}:
            try:
                left = psutil.Process(pid)
                if "fake_visit" in " ".join(left.cmdline()):
                    left.kill()
            except psutil.Error:
                continue


@pytest.fixture
def keeper(tmp_path: Path) -> Iterator[KeeperUnderTest]:
    under_test = KeeperUnderTest(tmp_path)
    yield under_test
    under_test.clean()
