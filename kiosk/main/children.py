"""Hearing from our own processes and ending them, by socket pair and pidfd."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from kiosk.main.pipe import LIMIT, ChildEnd, Decoder, Message, PipeError, Work, encode
from kiosk.main.spawn import Launched, launch

if TYPE_CHECKING:
    import asyncio


class Listener(Protocol):
    """Who is told what a child says and when it is gone."""

    def heard(self, child: Child, message: Message) -> None: ...

    def gone(self, child: Child, code: int) -> None:
        """`code`: exit status, or minus the signal that ended it."""
        ...


class Child:
    """One process of ours."""

    def __init__(self, started: Sequence[str] | Launched) -> None:
        """`started`: a command to launch, or what was launched already. Raises `OSError`."""
        self.pid, self._socket = started if isinstance(started, Launched) else launch(started)
        self._pidfd = os.pidfd_open(self.pid)
        self._decoder = Decoder()
        self._listener: Listener | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self.exit_code: int | None = None

    def attach(self, listener: Listener) -> None:
        """From now on `listener` hears from the child, on the running loop."""
        import asyncio  # late: the first visit is started before this is paid for

        self._listener = listener
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._socket, self._read)
        self._loop.add_reader(self._pidfd, self._reap)

    def send(self, message: Message) -> None:
        """Send without waiting. A child that does not read any more is the watchdog's business, not an error here."""
        with contextlib.suppress(OSError):
            self._socket.send(encode(message), socket.MSG_NOSIGNAL)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal; safe against reused process numbers (pidfd_send_signal(2))."""
        if self.exit_code is None:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._pidfd, number)

    def kill(self) -> None:
        """End it now."""
        self.signal(signal.SIGKILL)

    def _read(self) -> bool:
        try:
            data = self._socket.recv(LIMIT)
        except BlockingIOError:
            return False
        except OSError:
            data = b""
        if not data:
            if self._loop is not None:
                self._loop.remove_reader(self._socket)
            return False
        try:
            messages = self._decoder.feed(data)
        except PipeError:
            # A child that talks nonsense cannot be steered; the listener hears of its end.
            self.kill()
            return False
        if self._listener is not None:
            for message in messages:
                self._listener.heard(self, message)
        return True

    def _reap(self) -> None:
        result = os.waitid(os.P_PIDFD, self._pidfd, os.WEXITED | os.WNOHANG)
        if result is None:
            return
        # Its last words may still lie in the socket.
        while self._read():
            pass
        killed = result.si_code in (os.CLD_KILLED, os.CLD_DUMPED)
        self.exit_code = -result.si_status if killed else result.si_status
        if self._loop is not None:
            self._loop.remove_reader(self._pidfd)
            self._loop.remove_reader(self._socket)
        os.close(self._pidfd)
        self._socket.close()
        if self._listener is not None:
            self._listener.gone(self, self.exit_code)


def child_end(argv: Sequence[str] | None = None) -> ChildEnd:
    """The child's side of the pipe, from its command line (`--fd N`). Raises `SystemExit` without one."""
    words = list(sys.argv[1:] if argv is None else argv)
    if len(words) < 2 or words[-2] != "--fd" or not words[-1].isdigit():
        raise SystemExit("started by the keeper only")
    return ChildEnd(int(words[-1]))


def hired(argv: Sequence[str] | None = None, *, seconds: float = 10.0) -> tuple[ChildEnd, Work | None]:
    """For a worker's first lines: take hold of the pipe, close the memory, and hear what the work is."""
    from kiosk.main.memory import harden
    from kiosk.settings import from_json

    end = child_end(argv)
    work = end.receive(seconds)
    if not isinstance(work, Work):
        return end, None
    harden(inspectable=from_json(work.settings).inspectable, parent=os.getppid())
    return end, work
