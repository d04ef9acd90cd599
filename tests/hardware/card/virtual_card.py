"""Virtual cards that speak vpcd's wire protocol: the card side of a real pcscd, written for these tests.

vpcd listens; a card connects. Each message is a two-byte big-endian length and a payload. From the reader, one byte is
a control code (0 power off, 1 power on, 2 reset, 4 send your ATR; only 4 is answered); more is a command APDU, answered
by a response APDU. A card is present as long as its connection lives.
"""

from __future__ import annotations

import itertools
import socket
import struct
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

ATR = bytes.fromhex("3B80800101")
"""A contactless card as PC/SC presents it (T=1, no historical bytes)."""


def photo_of(seed: int, length: int = 900) -> bytes:
    """A made-up photo in which every byte tells whose it is: bytes of two cards can never be taken for each other's."""
    return bytes([0xFF, 0xD8]) + bytes((seed * 16 + place % 16) & 0xFF for place in range(length - 2))


class VirtualKtp:
    """The open part of an e-KTP: DF 7F0A, EF 6FF2 with a photo. Forgets what is selected when powered anew.
    A strict one: the directory is found from the root only.

    `type_b` answers the UID by the card's own command only. `seed` 0 to 15 makes UID and photo.
    """

    def __init__(self, seed: int = 1, *, photo: bytes | None = None, type_b: bool = False) -> None:
        self.uid = bytes([0x04, 0x99, seed, 0x11, 0x22, 0x33, 0x44])
        self.photo = photo_of(seed) if photo is None else photo
        self.type_b = type_b
        self._directory = False
        self._file = False

    def power(self) -> None:
        self._directory = self._file = False

    def answer(self, command: bytes) -> bytes:
        if command == bytes.fromhex("FFCA000000"):
            return b"\x6a\x81" if self.type_b else self.uid + b"\x90\x00"
        if command == bytes.fromhex("00DF000000"):
            return self.uid + b"\x90\x00" if self.type_b else b"\x6d\x00"
        if command[:2] == b"\x00\xa4":
            if command[5:] == b"\x3f\x00":
                self.power()
                return b"\x90\x00"
            if command[5:] == b"\x7f\x0a" and not self._directory:
                self._directory, self._file = True, False
                return b"\x90\x00"
            if command[5:] == b"\x6f\xf2" and self._directory:
                self._file = True
                return b"\x90\x00"
            return b"\x6a\x82"
        if command[:2] == b"\x00\xb0":
            if not self._file:
                return b"\x69\x86"
            content = struct.pack(">H", len(self.photo)) + self.photo
            offset, length = int.from_bytes(command[2:4], "big"), command[4] or 256
            if offset >= len(content):
                return b"\x6b\x00"
            return content[offset : offset + length] + b"\x90\x00"
        return b"\x6d\x00"


class OtherCard(VirtualKtp):
    """A contactless card of another system: a UID, and no file of ours."""

    def answer(self, command: bytes) -> bytes:
        if command[:2] == b"\xff\xca":
            return self.uid + b"\x90\x00"
        return b"\x6a\x82" if command[:2] == b"\x00\xa4" else b"\x6e\x00"


class GarbageCard(VirtualKtp):
    """Answers the UID, then nonsense without a status word."""

    def answer(self, command: bytes) -> bytes:
        return self.uid + b"\x90\x00" if command[:2] == b"\xff\xca" else b"\x00\x01\x02"


@dataclass
class Act:
    """What a card does at one command instead of answering: wait, vanish before or after its answer."""

    hang: float = 0.0
    vanish: bool = False
    answer_first: bool = False
    then: Callable[[], None] = field(default=lambda: None)
    """Called once it has vanished."""


class VirtualSlot:
    """The place on the reader where cards are laid. All cards still there are lifted by `close`."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._lock = threading.Lock()
        self._link: socket.socket | None = None
        self._threads: list[threading.Thread] = []

    def insert(self, card: VirtualKtp, acts: dict[int, Act] | None = None) -> None:
        """Lay a card down; `acts` by the number of the command APDU, from 0."""
        deadline = time.monotonic() + 5
        while True:
            try:
                link = socket.create_connection(("127.0.0.1", self._port), timeout=5)
                break
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.02)
        link.settimeout(None)
        with self._lock:
            self._link = link
        thread = threading.Thread(target=self._serve, args=(link, card, acts or {}), daemon=True)
        self._threads.append(thread)
        thread.start()

    def remove(self) -> None:
        with self._lock:
            link, self._link = self._link, None
        if link is not None:
            _drop(link)

    def swap(self, card: VirtualKtp, gap: float = 0.03, acts: dict[int, Act] | None = None) -> None:
        """Lift the card and lay another down `gap` seconds later."""
        self.remove()
        time.sleep(gap)
        self.insert(card, acts)

    def close(self) -> None:
        self.remove()
        for thread in self._threads:
            thread.join(5)

    def _serve(self, link: socket.socket, card: VirtualKtp, acts: dict[int, Act]) -> None:
        counter = itertools.count()
        with suppress(OSError, EOFError):
            while True:
                message = _receive(link)
                if len(message) == 1:
                    if message[0] in (0, 1, 2):
                        card.power()
                    elif message[0] == 4:
                        _send(link, ATR)
                    continue
                act = acts.get(next(counter))
                if act is not None and act.hang:
                    time.sleep(act.hang)
                if act is None or not act.vanish or act.answer_first:
                    _send(link, card.answer(message))
                if act is not None and act.vanish:
                    _drop(link)
                    act.then()
                    return
        _drop(link)


def _receive(link: socket.socket) -> bytes:
    def exactly(length: int) -> bytes:
        content = b""
        while len(content) < length:
            part = link.recv(length - len(content))
            if not part:
                raise EOFError
            # Without this each exchange waits 40 ms for a delayed ACK.
            link.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
            content += part
        return content

    return exactly(struct.unpack(">H", exactly(2))[0])


def _send(link: socket.socket, payload: bytes) -> None:
    link.sendall(struct.pack(">H", len(payload)) + payload)


def _drop(link: socket.socket) -> None:
    with suppress(OSError):
        link.shutdown(socket.SHUT_RDWR)
    link.close()
