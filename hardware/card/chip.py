"""How the open part of an e-KTP is read: the order of commands, and what each odd answer means.

Pure over a `transmit` function, so that every odd answer can be tried without a reader. The order is what makes a swap
of cards visible. The UID is asked first and again at the end. Before that, the head of the photo file is read once
more *without selecting it again*: a card that was powered anew in between has forgotten the selection and refuses.
So neither A→B nor A→B→A under a read can pass.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from hardware.card import apdu
from hardware.card.port import CardTrouble

Transmit = Callable[[bytes], bytes]
"""Sends a command APDU and returns the response APDU. May raise whatever the link raises; it passes through."""


class ChipError(Exception):
    """The card answered, and the answer ends the read. `detail` is a status word or a short word, never content."""

    def __init__(self, trouble: CardTrouble, detail: str) -> None:
        super().__init__(f"{trouble}: {detail}")
        self.trouble = trouble
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Contents:
    uid: bytes = field(repr=False)
    photo: bytes = field(repr=False)
    """As stored, without the two length bytes."""


def read_chip(transmit: Transmit, uid_known: Callable[[bytes], None] = lambda uid: None) -> Contents:
    """Read UID and photo of the card behind `transmit`.

    `uid_known` hears the UID as soon as it is known and may raise ChipError to refuse the card.
    Raises ChipError with NOT_KTP, UNREADABLE or REMOVED (another card lies there now).
    """
    uid = read_uid(transmit)
    uid_known(uid)
    _select_directory(transmit)
    _select(transmit, apdu.PHOTO_FILE)
    head = _read(transmit, 0, apdu.HEAD)
    length = apdu.photo_length(head)
    if length is None:
        raise ChipError(CardTrouble.UNREADABLE, "photo_length")
    content = bytearray(head)
    for offset, size in apdu.chunks(len(head), 2 + length):
        content += _read(transmit, offset, size)
    try:
        again = _read(transmit, 0, apdu.HEAD)
    except ChipError as error:
        raise ChipError(CardTrouble.REMOVED, f"selection_lost {error.detail}") from None
    if again != head or read_uid(transmit) != uid:
        raise ChipError(CardTrouble.REMOVED, "another_card")
    # The head may reach past a very short photo.
    return Contents(uid, bytes(content[2 : 2 + length]))


def read_uid(transmit: Transmit) -> bytes:
    """The card's UID, by the reader's command or by the type-B card's own. Raises ChipError UNREADABLE or NOT_KTP."""
    answer = exchange(transmit, apdu.GET_UID)
    uid = apdu.uid_of(answer)
    if uid is None:
        answer = exchange(transmit, apdu.GET_UID_TYPE_B)
        uid = apdu.uid_of(answer)
    if uid is None:
        # Contact cards and many others have no UID to ask for: then it is no e-KTP.
        trouble = CardTrouble.NOT_KTP if answer.unknown_here else CardTrouble.UNREADABLE
        raise ChipError(trouble, f"uid {answer.status:04X}")
    return uid


def _select_directory(transmit: Transmit) -> None:
    """The e-KTP's directory; from the root if need be, for an earlier read may have left the card within it."""
    try:
        _select(transmit, apdu.KTP_DIRECTORY)
    except ChipError as error:
        if (
            error.trouble is not CardTrouble.NOT_KTP
            or not exchange(transmit, apdu.select(apdu.MASTER_FILE)).ok
        ):
            raise
        _select(transmit, apdu.KTP_DIRECTORY)


def _select(transmit: Transmit, file_number: int) -> None:
    answer = exchange(transmit, apdu.select(file_number))
    if answer.ok:
        return
    trouble = CardTrouble.NOT_KTP if answer.unknown_here else CardTrouble.UNREADABLE
    raise ChipError(trouble, f"select {answer.status:04X}")


def _read(transmit: Transmit, offset: int, length: int) -> bytes:
    """Exactly `length` bytes of the selected file; a card may give them in smaller pieces."""
    content = b""
    while len(content) < length:
        wanted = length - len(content)
        answer = exchange(transmit, apdu.read_binary(offset + len(content), wanted))
        if not answer.ok:
            raise ChipError(CardTrouble.UNREADABLE, f"read {answer.status:04X}")
        if not 1 <= len(answer.data) <= wanted:
            raise ChipError(CardTrouble.UNREADABLE, "read_length")
        content += answer.data
    return content


def exchange(transmit: Transmit, command: bytes) -> apdu.Answer:
    """One command and its final answer: 6Cxx is asked again once with the right length, 61xx is fetched.

    Raises ChipError UNREADABLE for what is no answer.
    """
    answer = _parse(transmit(command))
    if answer.right_length and command[1] == 0xB0:
        answer = _parse(transmit(command[:4] + bytes([answer.right_length & 0xFF])))
    data = answer.data
    # 61xx may come in several parts; a photo file's worth of parts is the most that makes sense.
    for _ in range(apdu.CHIP // 256):
        if not answer.more:
            return apdu.Answer(data, answer.status)
        answer = _parse(transmit(apdu.get_response(answer.more)))
        data += answer.data
    raise ChipError(CardTrouble.UNREADABLE, "endless_answer")


def _parse(raw: bytes) -> apdu.Answer:
    answer = apdu.parse(raw)
    if answer is None:
        raise ChipError(CardTrouble.UNREADABLE, "no_status")
    return answer
