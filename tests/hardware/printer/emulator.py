"""A ticket printer on TCP 127.0.0.1, for driver tests and whole visits.

    with PrinterEmulator() as printer:
        … drive 127.0.0.1:printer.port …
        printer.paper = "out"
        picture = decode(printer.tickets[-1]).image

It knows nothing of the driver: written from the command reference, with its own reader of the job. Change its
fields at any time, from any thread. DLE EOT is answered at once, as the real-time command it is; GS r and GS
( H wait their turn behind the paper, and nothing gets its turn while the cover is open, paper is out or an
error stands.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import selectors
import socket
import threading
import time
import tty
from collections.abc import Callable
from typing import Literal, Self

from tests.hardware.printer.decode import command_length

Paper = Literal["ok", "low", "out"]


async def eventually(condition: Callable[[], bool], seconds: float = 5.0) -> None:
    """Wait on the caller's loop for something another thread or task will do; AssertionError when it never does."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never happened"
        await asyncio.sleep(0.005)


class PrinterEmulator:
    """Threaded; one connection at a time, like most ticket printers. `port` is free and chosen by the
    system."""

    def __init__(self, *, process_id: bool = True, knows_fence: bool = True) -> None:
        self.paper: Paper = "ok"
        self.cover_open = False
        self.error = False
        self.mute = False
        self.garbage: bytes | None = None
        """Sent instead of every DLE EOT answer."""
        self.greeting = b""
        """Sent on connect and before every answer: stale bytes, ASB frames."""
        self.seconds_per_command = 0.0
        """Slow head."""
        self.paper_out_after: int | None = None
        """Paper ends once this many bytes of a job were printed."""
        self.gone_after: int | None = None
        """The connection is cut after this many bytes were received in one connection."""
        self.process_id = process_id
        self.knows_fence = knows_fence
        self.received = b""
        """Every byte since the start."""
        self.tickets: list[bytes] = []
        """Bytes of each job that reached its cut, from ESC @ to the cut."""
        self.connections = 0
        self.connected = False
        self._descriptor = -1
        self.first_byte_at = 0.0
        """`time.perf_counter()` at the first byte of the last job."""
        self._listener: socket.socket | None = None
        self._thread: threading.Thread | None = None
        self._stop = threading.Event()
        self.port = 0

    def __enter__(self) -> Self:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(0.05)
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        if self._thread is not None:
            self._thread.join(5)
        if self._listener is not None:
            self._listener.close()

    def _accept(self) -> None:
        assert self._listener is not None
        while not self._stop.is_set():
            try:
                peer, _ = self._listener.accept()
            except TimeoutError:
                continue
            except OSError:
                return
            self.connections += 1
            self.connected = True
            with peer, contextlib.suppress(OSError):
                peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._serve(peer.fileno())
            self.connected = False

    def say(self, data: bytes) -> None:
        """Send bytes nobody asked for, on the present connection."""
        os.write(self._descriptor, data)

    async def job_begun(self) -> None:
        """Wait for the ESC @ of a job."""
        await eventually(lambda: b"\x1b@" in self.received)

    def serve_descriptor(self, descriptor: int) -> threading.Thread:
        """Speak on an open descriptor instead (the master side of a pseudo-terminal)."""
        thread = threading.Thread(target=self._serve_quietly, args=(descriptor,), daemon=True)
        thread.start()
        return thread

    def _serve_quietly(self, descriptor: int) -> None:
        with contextlib.suppress(OSError):
            self._serve(descriptor)

    def _serve(self, descriptor: int) -> None:
        """One connection: bytes in, real-time answers out at once, the rest in its turn."""
        waiting, ticket, taken = b"", b"", 0
        self._descriptor = descriptor
        if self.greeting:
            os.write(descriptor, self.greeting)
        with selectors.DefaultSelector() as selector:
            selector.register(descriptor, selectors.EVENT_READ)
            while not self._stop.is_set():
                if selector.select(0.01):
                    room = 4096 if self.gone_after is None else max(1, min(4096, self.gone_after - taken))
                    data = os.read(descriptor, room)
                    if not data:
                        return
                    taken += len(data)
                    self.received += data
                    waiting += data
                    if b"\x1b@" in data:
                        self.first_byte_at = time.perf_counter()
                waiting = self._answer_real_time(descriptor, waiting)
                while waiting and self._moves() and not self._stop.is_set():
                    length = command_length(waiting)
                    if length == 0:
                        break
                    command, waiting = waiting[:length], waiting[length:]
                    ticket = self._carry_out(descriptor, command, ticket)
                    waiting = self._answer_real_time(descriptor, waiting)
                if self.gone_after is not None and taken >= self.gone_after:
                    return

    def _moves(self) -> bool:
        return not (self.cover_open or self.error or self.paper == "out")

    def _carry_out(self, descriptor: int, command: bytes, ticket: bytes) -> bytes:
        if self.seconds_per_command and len(command) > 1:
            time.sleep(self.seconds_per_command)
        if command == b"\x1b@":
            ticket = b""
        if command[:2] == b"\x1dr":
            if self.knows_fence and not self.mute:
                os.write(descriptor, b"\x03" if self.paper == "low" else b"\x00")
            return ticket
        if command[:3] == b"\x1d(H":
            if self.process_id and not self.mute:
                os.write(descriptor, b"7\x22" + command[7:11] + b"\0")
            return ticket
        ticket += command
        if self.paper_out_after is not None and len(ticket) >= self.paper_out_after:
            self.paper = "out"
            self.paper_out_after = None
        if command[:2] == b"\x1dV":
            self.tickets.append(ticket)
            return b""
        return ticket

    def _answer_real_time(self, descriptor: int, waiting: bytes) -> bytes:
        at, kept = 0, bytearray()
        while at < len(waiting):
            if waiting[at : at + 2] == b"\x10\x04":
                if len(waiting) < at + 3:
                    break
                self._tell(descriptor, waiting[at + 2])
                at += 3
                continue
            length = command_length(waiting[at:]) or len(waiting) - at
            kept += waiting[at : at + length]
            at += length
        return bytes(kept) + waiting[at:]

    def _tell(self, descriptor: int, number: int) -> None:
        if self.mute:
            return
        if self.garbage is not None:
            os.write(descriptor, self.garbage)
            return
        out = self.paper == "out"
        stopped = out or self.cover_open or self.error
        flags = {
            1: 0x08 * stopped,
            2: 0x04 * self.cover_open | 0x20 * out | 0x40 * self.error,
            3: 0x08 * self.error,
            4: {"ok": 0, "low": 0x0C, "out": 0x6C}[self.paper],
        }
        os.write(descriptor, self.greeting + bytes((0x12 | flags.get(number, 0),)))


def on_pseudo_terminal(emulator: PrinterEmulator) -> tuple[str, int, int]:
    """Path for a serial or file driver; and both descriptors, which the caller closes."""
    master, slave = os.openpty()
    tty.setraw(slave)
    emulator.serve_descriptor(master)
    return os.ttyname(slave), master, slave
