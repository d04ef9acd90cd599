"""The published commands of the e-KTP's open part, as pure functions: bytes in, bytes out, no reader.

Commands and status words follow ISO/IEC 7816-4 (sections on SELECT, READ BINARY, GET RESPONSE and status bytes); the
UID command is PC/SC part 3, section 3.2.2.1.3 (GET DATA). File numbers and the photo's two-byte length are those
observed on e-KTP chips: DF 7F0A, EF 6FF2.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

MASTER_FILE: Final = 0x3F00
KTP_DIRECTORY: Final = 0x7F0A
PHOTO_FILE: Final = 0x6FF2

GET_UID: Final = bytes.fromhex("FFCA000000")
"""Answered by the reader, not by the card; type A always, type B on most readers."""
GET_UID_TYPE_B: Final = bytes.fromhex("00DF000000")
"""Answered by a type-B card itself, for readers that do not know GET_UID for type B."""

HEAD: Final = 8
"""How much of the photo file is read first: its length lies in the first two bytes."""
CHUNK: Final = 240
"""Bytes a READ BINARY asks for. The chips were seen to answer 112 to 250; one command less per kilobyte counts."""
CHIP: Final = 8192
"""The whole chip has 8 KB, so no photo can be longer."""

OK: Final = 0x9000


@dataclass(frozen=True, slots=True)
class Answer:
    """A response APDU: its data and its status word (0x0000 to 0xFFFF)."""

    data: bytes = field(repr=False)
    status: int

    @property
    def ok(self) -> bool:
        return self.status == OK

    @property
    def more(self) -> int:
        """Bytes waiting for GET RESPONSE (61xx; 61 00 means 256), else 0."""
        return (self.status & 0xFF or 256) if self.status >> 8 == 0x61 else 0

    @property
    def right_length(self) -> int:
        """The length the card would answer (6Cxx; 6C 00 means 256), else 0."""
        return (self.status & 0xFF or 256) if self.status >> 8 == 0x6C else 0

    @property
    def unknown_here(self) -> bool:
        """The card does not know this file, command or class: it is another sort of card (6Axx, 6Dxx, 6Exx)."""
        return self.status >> 8 in (0x6A, 0x6D, 0x6E)


def parse(raw: bytes) -> Answer | None:
    """Split a response APDU (2 to 258 bytes); None for anything else, including an impossible first status byte."""
    if not 2 <= len(raw) <= 258:
        return None
    status = int.from_bytes(raw[-2:], "big")
    # ISO/IEC 7816-3: SW1 is 6X or 9X, and 60 is not a status.
    if status >> 12 not in (6, 9) or status >> 8 == 0x60:
        return None
    return Answer(raw[:-2], status)


def select(file_number: int) -> bytes:
    """SELECT by file identifier. Raises ValueError outside 0 to 0xFFFF."""
    if not 0 <= file_number <= 0xFFFF:
        raise ValueError("a file number has two bytes")
    return bytes.fromhex("00A4000002") + file_number.to_bytes(2, "big")


def read_binary(offset: int, length: int) -> bytes:
    """READ BINARY of the selected file, `length` 1 to 256 bytes at `offset` 0 to 32767. Raises ValueError beyond."""
    if not 0 <= offset <= 0x7FFF or not 1 <= length <= 256:
        raise ValueError("READ BINARY reaches 32768 bytes, 256 at a time")
    return b"\x00\xb0" + offset.to_bytes(2, "big") + bytes([length & 0xFF])


def get_response(length: int) -> bytes:
    """GET RESPONSE for 1 to 256 waiting bytes. Raises ValueError beyond."""
    if not 1 <= length <= 256:
        raise ValueError("GET RESPONSE fetches 1 to 256 bytes")
    return b"\x00\xc0\x00\x00" + bytes([length & 0xFF])


def uid_of(answer: Answer) -> bytes | None:
    """The UID in an answer to GET_UID or GET_UID_TYPE_B: 4 to 16 bytes, not all alike; else None.

    A UID of one repeated byte (all 00, all FF) is what a reader says that has no UID to tell; it would make two cards
    look the same.
    """
    if not answer.ok or not 4 <= len(answer.data) <= 16 or len(set(answer.data)) == 1:
        return None
    return answer.data


def is_random(uid: bytes) -> bool:
    """Whether the UID changes each time the card is powered (ISO/IEC 14443-3: four bytes, the first 08)."""
    return len(uid) == 4 and uid[0] == 0x08


def photo_length(head: bytes) -> int | None:
    """Bytes of the photo, from the first bytes of its file; None if the file cannot hold that (or holds none)."""
    if len(head) < 2:
        return None
    length = int.from_bytes(head[:2], "big")
    return length if 0 < length <= CHIP - 2 else None


def chunks(start: int, end: int, size: int = CHUNK) -> Iterator[tuple[int, int]]:
    """(offset, length) of each READ BINARY that covers `start` up to, not including, `end`."""
    for offset in range(start, end, size):
        yield offset, min(size, end - offset)
