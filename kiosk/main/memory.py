"""Keeping a process's memory to itself: no core dump, no debugger, temporary files on tmpfs, death with the parent."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import tempfile
from pathlib import Path

from kiosk.settings.places import make_private, runtime_folder

_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4


def no_core_dumps() -> None:
    """Set RLIMIT_CORE to 0 for this process and what it starts (setrlimit(2))."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def close_memory() -> None:
    """Refuse ptrace and /proc/PID/mem to other processes of the same user (prctl(2), PR_SET_DUMPABLE 0).

    Does not survive exec: each process calls it for itself.
    """
    _prctl(_PR_SET_DUMPABLE, 0)


def die_with_parent(parent: int) -> bool:
    """Have the kernel kill this process when its parent dies, even if it hangs (prctl(2), PR_SET_PDEATHSIG).

    `parent` is the pid it was started by. False when the parent is gone already: leave then.
    """
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    return os.getppid() == parent


def harden(*, inspectable: bool, parent: int | None = None) -> None:
    """What a visit or a worker does first. `inspectable` leaves memory readable for tests."""
    no_core_dumps()
    if not inspectable:
        close_memory()
    if parent is not None and not die_with_parent(parent):
        raise SystemExit(0)


def private_tmp() -> Path:
    """Make a fresh folder on tmpfs the temporary folder of this process and its children (TMPDIR)."""
    base = make_private(runtime_folder()) / "tmp"
    shutil.rmtree(base, ignore_errors=True)
    base.mkdir(mode=0o700, exist_ok=True)
    os.environ["TMPDIR"] = str(base)
    tempfile.tempdir = None
    return base


def on_tmpfs(folder: Path) -> bool:
    """Whether a folder lies on tmpfs, by the longest matching mount in /proc/self/mounts (proc(5))."""
    best = ("", "")
    for line in Path("/proc/self/mounts").read_text().splitlines():
        _, where, kind, *_ = line.split()
        where = where.replace("\\040", " ")
        if (folder == Path(where) or Path(where) in folder.resolve().parents) and len(where) >= len(best[0]):
            best = (where, kind)
    return best[1] in ("tmpfs", "ramfs")


def _prctl(option: int, value: int) -> None:
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(option, value, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")
