"""Keeping a process's memory to itself: no core dump, no debugger, temporary files on tmpfs, death with the parent."""

from __future__ import annotations

import os
import resource
import sys
from pathlib import Path

from kiosk.folders import make_private, runtime_folder

_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4
_SIGKILL = 9


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
    _prctl(_PR_SET_PDEATHSIG, _SIGKILL)
    return os.getppid() == parent


def harden(*, inspectable: bool, parent: int | None = None) -> None:
    """What a visit or a worker does first. `inspectable` leaves memory readable for tests."""
    from kiosk.main.errors import hide_error_texts

    no_core_dumps()
    hide_error_texts()
    if not inspectable:
        close_memory()
    if parent is not None and not die_with_parent(parent):
        raise SystemExit(0)


def private_tmp() -> Path:
    """Make a fresh folder on tmpfs the temporary folder of this process and its children (TMPDIR).

    The caller gives it to `forget` at the end.
    """
    mine = make_private(make_private(runtime_folder()) / f"tmp-{os.getpid()}")
    os.environ["TMPDIR"] = str(mine)
    if "tempfile" in sys.modules:
        import tempfile

        tempfile.tempdir = None  # it remembers the folder it found first
    return mine


def forget(folder: Path) -> None:
    """Remove a temporary folder with all that is in it, and those of processes that were killed."""
    import shutil

    shutil.rmtree(folder, ignore_errors=True)
    for old in folder.parent.glob("tmp-*"):
        if not Path(f"/proc/{old.name[4:]}").exists():
            shutil.rmtree(old, ignore_errors=True)


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
