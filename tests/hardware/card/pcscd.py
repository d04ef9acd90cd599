"""A real pcscd with a virtual reader, for any test:

    with running_pcscd() as service:
        service.slot.insert(VirtualKtp())

pcscd keeps its socket in /run/pcscd, always. So that a pcscd of the machine, or of another test run, is not in the way,
ours gets a mount namespace with a /run of its own (`unshare`), and this process and its children are pointed at it by
PCSCLITE_CSOCK_NAME. libpcsclite reads that variable once in a process: import this module before anything talks PC/SC.
Where namespaces are not allowed, /run/pcscd itself is used, one test run at a time.

vpcd listens on all addresses, its driver knows no other way: for tests only, never on a kiosk.
"""

from __future__ import annotations

import atexit
import fcntl
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from tests.hardware.card.virtual_card import VirtualSlot

READER = "Anjungan Virtual PCD"
READER_PATTERN = r"^Anjungan Virtual PCD 00 00$"
"""The reader `Pcscd.slot` belongs to."""
SECOND_PATTERN = r"^Anjungan Virtual PCD 00 01$"
"""vpcd always makes a second reader, `Pcscd.second`; it stays empty unless a test uses it."""


def _namespace() -> list[str]:
    command = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--map-root-user", "--mount"]
    if shutil.which("unshare") and subprocess.run([*command, "true"], capture_output=True).returncode == 0:
        return command
    return []


_NAMESPACE = _namespace()
_FOLDER = Path(tempfile.mkdtemp(prefix="anjungan-pcscd-"))
_OWNER = os.getpid()
_RUN = _FOLDER / "run" if _NAMESPACE else Path("/run/pcscd")
SOCKET = _RUN / "pcscd.comm"
if _NAMESPACE:
    os.environ["PCSCLITE_CSOCK_NAME"] = str(SOCKET)


@atexit.register
def _clean() -> None:
    if os.getpid() == _OWNER:
        shutil.rmtree(_FOLDER, ignore_errors=True)


class Pcscd:
    """One pcscd; `slot` is where cards are laid. `kill` and `start` as often as wanted."""

    reader = READER
    """Start of the readers' PC/SC names."""

    def __init__(self) -> None:
        self.port = _free_ports()
        self.slot = VirtualSlot(self.port)
        self.second = VirtualSlot(self.port + 1)
        self._process: subprocess.Popen[bytes] | None = None
        self._log: IO[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def log(self) -> str:
        """What pcscd said so far."""
        return (_FOLDER / "log").read_text(errors="replace")

    def start(self, *, reader: bool = True) -> None:
        """Start it and wait until it takes calls; without `reader`, no reader is plugged in."""
        configuration = _FOLDER / "conf"
        shutil.rmtree(configuration, ignore_errors=True)
        configuration.mkdir()
        if reader:
            (configuration / "virtual").write_text(
                f'FRIENDLYNAME "{READER}"\nDEVICENAME /dev/null:0x{self.port:04X}\n'
                f"LIBPATH {_driver()}\nCHANNELID 0x{self.port:04X}\n"
            )
        command = ["pcscd", "--foreground", "--config", str(configuration), "--info"]
        _RUN.mkdir(exist_ok=True)
        if _NAMESPACE:
            script = (
                'mount -t tmpfs none /run && mkdir /run/pcscd && mount --bind "$0" /run/pcscd && exec "$@"'
            )
            command = [*_NAMESPACE, "sh", "-c", script, str(_RUN), *command]
        path = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
        self._log = (_FOLDER / "log").open("wb")
        self._process = subprocess.Popen(
            command, stdout=self._log, stderr=subprocess.STDOUT, env={**os.environ, "PATH": path}
        )
        deadline = time.monotonic() + 10
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"pcscd did not start:\n{self.log}")
            time.sleep(0.02)

    def kill(self, number: int = signal.SIGKILL) -> None:
        """End it, as a crash by default; the cards laid down are lost to it with their connection."""
        if self._process is None:
            return
        process, self._process = self._process, None
        process.send_signal(number)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)
        if self._log is not None:
            self._log.close()
        SOCKET.unlink(missing_ok=True)
        (_RUN / "pcscd.pid").unlink(missing_ok=True)

    def _answers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as link:
            try:
                link.connect(str(SOCKET))
            except OSError:
                return False
        return True


@contextmanager
def running_pcscd(*, reader: bool = True) -> Iterator[Pcscd]:
    """A started `Pcscd`, ended with its cards at the end. One at a time in a process."""
    lock = None
    if not _NAMESPACE:
        lock = (Path(tempfile.gettempdir()) / "anjungan-pcscd.lock").open("w")
        fcntl.flock(lock, fcntl.LOCK_EX)
    service = Pcscd()
    try:
        service.start(reader=reader)
        yield service
    finally:
        service.slot.remove()
        service.second.remove()
        service.kill(signal.SIGTERM)
        service.slot.close()
        service.second.close()
        if lock is not None:
            lock.close()


def _driver() -> Path:
    for folder in ("/usr/lib/pcsc/drivers/serial", "/usr/lib/pcsc/drivers"):
        for path in sorted(Path(folder).glob("libifdvpcd.so*")):
            return path
    raise RuntimeError("vpcd's driver is missing: apt-get install vsmartcard-vpcd")


def _free_ports() -> int:
    """A port that is free together with the next one: vpcd takes one a slot."""
    for _ in range(100):
        with socket.socket() as first, socket.socket() as second:
            first.bind(("0.0.0.0", 0))
            port = first.getsockname()[1]
            try:
                second.bind(("0.0.0.0", port + 1))
            except (OSError, OverflowError):
                continue
            return port
    raise RuntimeError("no two free ports side by side")
