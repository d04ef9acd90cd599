"""The world over a local socket: drivers in other processes see the same table.

JSON lines, UTF-8, one object a line. To the follower: `{"state": …}` on connecting and on every change, and
`{"done": n}` or `{"refused": n}` for its change number n. To the holder: `{"change": n, "device": …,
"fields": …}` and `{"report": word, "took_ms": …, "picture": base64}`. The socket is for the same user only.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import json
import os
import queue
import socket
import struct
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, cast

from hardware.world.codec import Device, changed, from_plain, to_plain, unplugged
from hardware.world.port import Happening, World, WorldState
from hardware.world.words import WORDS

MAX_LINE: Final = 4 * 1024 * 1024
"""Bytes in one line: a ticket's picture in base64 fits many times over."""
_MAX_WAITING: Final = 1024
_MAX_PATH: Final = 107
"""Bytes Linux allows in a Unix socket's path (unix(7): 108 with the final zero)."""


def _line(message: dict[str, object]) -> bytes:
    return json.dumps(message, separators=(",", ":")).encode() + b"\n"


def _address(path: Path | str) -> str:
    address = str(path)
    if len(os.fsencode(address)) > _MAX_PATH:
        raise ValueError(f"a Unix socket's path has at most {_MAX_PATH} bytes")
    return address


class WorldServer:
    """Serves `world` on a Unix socket at `path` (mode 0600) until `close()`.

    Raises OSError when the path cannot be bound or another server answers there, ValueError when it is too
    long. A socket file that nobody answers on is left over from a killed process and is replaced.
    """

    def __init__(self, world: World, path: Path | str) -> None:
        self._world = world
        self._address = _address(path)
        self._lock = threading.Lock()
        self._connections: set[_Connection] = set()
        self._closed = False
        self._socket = _listen(self._address)
        self._thread = threading.Thread(target=self._accept, name="world-server", daemon=True)
        self._thread.start()

    def __enter__(self) -> WorldServer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop serving, end every connection and remove the socket file."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            connections = tuple(self._connections)
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)  # wakes accept()
        self._socket.close()
        Path(self._address).unlink(missing_ok=True)
        for connection in connections:
            connection.end()
        self._thread.join(2.0)

    def _accept(self) -> None:
        while True:
            try:
                peer, _ = self._socket.accept()
            except OSError:
                return
            if _peer_uid(peer) != os.geteuid():
                peer.close()
                continue
            connection = _Connection(self._world, peer, self._forget)
            with self._lock:
                if self._closed:
                    peer.close()
                    return
                self._connections.add(connection)
            connection.start()

    def _forget(self, connection: _Connection) -> None:
        with self._lock:
            self._connections.discard(connection)


class _Connection:
    """One follower: a thread reads its requests and another writes, so a stuck follower holds nobody up."""

    def __init__(self, world: World, peer: socket.socket, forget: Callable[[_Connection], None]) -> None:
        self._world = world
        self._peer = peer
        self._forget = forget
        self._order = threading.Lock()
        self._out: queue.Queue[bytes | None] = queue.Queue(_MAX_WAITING)
        self._stop: Callable[[], None] = lambda: None

    def start(self) -> None:
        self._stop = self._world.follow(self._push)
        with self._order:  # read under the lock: an older state never follows a newer one
            self._put(_line({"state": to_plain(self._world.state)}))
        threading.Thread(target=self._write, name="world-writer", daemon=True).start()
        threading.Thread(target=self._read, name="world-reader", daemon=True).start()

    def end(self) -> None:
        self._stop()
        with contextlib.suppress(OSError):
            self._peer.shutdown(socket.SHUT_RDWR)
        with contextlib.suppress(queue.Full):
            self._out.put_nowait(None)
        self._forget(self)

    def _push(self, state: WorldState) -> None:
        with self._order:
            self._put(_line({"state": to_plain(state)}))

    def _put(self, line: bytes) -> None:
        try:
            self._out.put_nowait(line)
        except queue.Full:
            # It has not read for a thousand changes. Cut it off: it reconnects and gets the newest state.
            with contextlib.suppress(OSError):
                self._peer.shutdown(socket.SHUT_RDWR)

    def _write(self) -> None:
        with contextlib.suppress(OSError):
            while (line := self._out.get()) is not None:
                self._peer.sendall(line)
        self._peer.close()

    def _read(self) -> None:
        try:
            with self._peer.makefile("rb") as lines:
                while (line := lines.readline(MAX_LINE)).endswith(b"\n"):
                    self._serve(json.loads(line))
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
            pass  # nonsense from a follower ends its connection, nothing else
        finally:
            self.end()

    def _serve(self, message: dict[str, Any]) -> None:
        if "change" in message:
            number = int(message["change"])
            try:
                self._world.change(message["device"], **message["fields"])
            except ValueError:
                self._put(_line({"refused": number}))
            else:
                self._put(_line({"done": number}))  # after the new state, which `_push` has queued
        else:
            with contextlib.suppress(binascii.Error):
                picture = base64.b64decode(message.get("picture", ""), validate=True)
                self._world.report(Happening(message["report"], float(message.get("took_ms", 0.0)), picture))


class LinkedWorld:
    """The world of another process, at the socket `path`.

    A background thread keeps the state and connects again after a loss, every `retry` seconds. While there
    is no holder every device counts as unplugged, and changes and reports are dropped. `close()` ends it.
    Raises ValueError when `path` is too long for a socket.
    """

    def __init__(self, path: Path | str, *, retry: float = 0.2, answer_within: float = 2.0) -> None:
        self._address = _address(path)
        self._retry = retry
        self._answer_within = answer_within
        self._state = unplugged(WorldState())
        self._lock = threading.Lock()
        self._sending = threading.Lock()
        self._followers: list[Callable[[WorldState], None]] = []
        self._answers: dict[int, queue.SimpleQueue[str]] = {}
        self._number = 0
        self._closing = threading.Event()
        self._first = threading.Event()
        self._socket = self._connect()
        self._thread = threading.Thread(target=self._run, name="world-link", daemon=True)
        self._thread.start()
        if self._socket is not None:
            self._first.wait(answer_within)  # so a driver's first look is at the true table

    def __enter__(self) -> LinkedWorld:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def state(self) -> WorldState:
        return self._state

    @property
    def connected(self) -> bool:
        """Whether a holder answers now."""
        return self._socket is not None

    def change(self, device: Device, **fields: object) -> WorldState:
        """As in `World.change`; waits until the holder has made it, at most `answer_within` seconds.

        Without a holder nothing changes. From inside a listener it does not wait and returns the state
        expected. Raises ValueError for an unknown device, field or value.
        """
        expected = changed(self._state, device, fields)
        answer: queue.SimpleQueue[str] = queue.SimpleQueue()
        with self._lock:
            self._number += 1
            number = self._number
            self._answers[number] = answer
        try:
            if not self._send({"change": number, "device": device, "fields": fields}):
                return self._state
            if threading.current_thread() is self._thread:
                return expected
            with contextlib.suppress(queue.Empty):
                if answer.get(timeout=self._answer_within) == "refused":
                    raise ValueError(f"the world refused this change of the {device}")
        finally:
            with self._lock:
                self._answers.pop(number, None)
        return self._state

    def follow(self, listener: Callable[[WorldState], None]) -> Callable[[], None]:
        with self._lock:
            self._followers.append(listener)

        def stop() -> None:
            with self._lock:
                if listener in self._followers:
                    self._followers.remove(listener)

        return stop

    def report(self, happening: Happening) -> None:
        """Pass a happening on. Raises ValueError for a word that is not in `hardware.world.words.WORDS`."""
        if happening.word not in WORDS:
            raise ValueError("a happening's word must come from the fixed list")
        message: dict[str, object] = {"report": happening.word, "took_ms": happening.took_ms}
        if happening.picture:
            message["picture"] = base64.b64encode(happening.picture).decode()
        self._send(message)

    def close(self) -> None:
        """End the background thread and the connection."""
        self._closing.set()
        self._drop()
        if threading.current_thread() is not self._thread:
            self._thread.join(2.0)

    def _connect(self) -> socket.socket | None:
        link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            link.connect(self._address)
        except OSError:
            link.close()
            return None
        return link

    def _drop(self) -> None:
        link = self._socket
        if link is not None:
            with contextlib.suppress(OSError):
                link.shutdown(socket.SHUT_RDWR)  # wakes the reader, which closes it

    def _send(self, message: dict[str, object]) -> bool:
        with self._sending:
            link = self._socket
            if link is None:
                return False
            try:
                link.sendall(_line(message))
            except OSError:
                return False
            return True

    def _run(self) -> None:
        while not self._closing.is_set():
            link = self._socket
            if link is None:
                if self._closing.wait(self._retry):
                    return
                self._socket = self._connect()
                continue
            with contextlib.suppress(OSError, ValueError, TypeError, KeyError), link.makefile("rb") as lines:
                while (line := lines.readline(MAX_LINE)).endswith(b"\n"):
                    self._take(json.loads(line))
            with self._sending:
                self._socket = None
            link.close()
            with self._lock:
                waiting = tuple(self._answers.values())
            for answer in waiting:
                answer.put("lost")
            self._set(unplugged(self._state))

    def _take(self, message: dict[str, Any]) -> None:
        if "state" in message:
            self._set(from_plain(cast("dict[str, dict[str, Any]]", message["state"])))
            self._first.set()
            return
        verdict = "done" if "done" in message else "refused"
        with self._lock:
            answer = self._answers.get(int(message[verdict]))
        if answer is not None:
            answer.put(verdict)

    def _set(self, state: WorldState) -> None:
        with self._lock:
            if state == self._state:
                return
            self._state = state
            followers = tuple(self._followers)
        for follower in followers:
            follower(state)


def _listen(address: str) -> socket.socket:
    with contextlib.suppress(FileNotFoundError, ConnectionRefusedError):
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
            probe.connect(address)
        raise OSError(f"another world is served at {address}")
    if Path(address).is_socket():
        Path(address).unlink()
    server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        # Linux gives the socket file the mode the socket had before bind, so it is never open to others.
        os.fchmod(server.fileno(), 0o600)
        server.bind(address)
        server.listen(16)
    except OSError:
        server.close()
        raise
    return server


def _peer_uid(peer: socket.socket) -> int:
    """User id of the process at the other end (Linux SO_PEERCRED: pid, uid, gid)."""
    credentials = peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    return struct.unpack("3i", credentials)[1]
