"""Starting one of our processes: posix_spawn and a socket pair, with as few imports as that takes.

The first visit decides how soon a visitor sees something, so it is started through this module before the rest of the
keeper is even loaded.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from kiosk.main.memory import no_core_dumps, private_tmp

FD = 3
"""Descriptor number the child finds its end of the pipe at."""


class Launched(NamedTuple):
    pid: int
    link: socket.socket
    """Our end of the pipe, not blocking."""


def python(module: str) -> list[str]:
    """Command that runs one of our modules with this interpreter."""
    return [sys.executable, "-m", module]


VISIT = python("kiosk.main.visit")


def launch(command: Sequence[str]) -> Launched:
    """Start `command` with `--fd 3` added. Raises `OSError`.

    It gets a process group of its own, so a Ctrl-C in a terminal reaches the keeper alone.
    """
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    with theirs:
        pid = os.posix_spawn(
            command[0],
            [*command, "--fd", str(FD)],
            os.environ,
            file_actions=[(os.POSIX_SPAWN_DUP2, theirs.fileno(), FD)],
            setpgroup=0,
            setsigmask=[],
            setsigdef=[signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGPIPE],
        )
    return Launched(pid, ours)


def first_visit(command: Sequence[str] = VISIT) -> tuple[Launched, Path]:
    """What the keeper's process does before anything else: no core dumps, temporary files on tmpfs, the first visit.

    Returns the visit and the temporary folder, both for `kiosk.main.keeper.main`.
    """
    no_core_dumps()
    temporary = private_tmp()
    return launch(command), temporary
