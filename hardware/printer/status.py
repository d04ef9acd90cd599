"""What a printer's answers mean: DLE EOT 1-4, GS r 1, GS ( H and unsolicited status frames. Pure, no I/O.

Written from Epson's public ESC/POS command reference. python-escpos' own status helpers are not used: on an
empty answer they report "plenty of paper", and they misread a four-byte automatic status (ASB) frame.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from hardware.printer.port import Paper, PrinterStatus

Question = Literal[1, 2, 3, 4]
QUESTIONS: Final[tuple[Question, ...]] = (1, 2, 3, 4)
"""1 printer, 2 cause of being offline, 3 cause of an error, 4 roll of paper."""

SILENT: Final = PrinterStatus(answered=False)

_OFFLINE: Final = 0x08
_COVER_OPEN: Final = 0x04
_STOPPED_BY_PAPER_END: Final = 0x20
_ERROR: Final = 0x40
_ERROR_CAUSES: Final = 0x6C
"""DLE EOT 3: mechanical 0x04, cutter 0x08, unrecoverable 0x20, recovers by itself 0x40."""
_NEAR_END: Final = 0x0C
_END: Final = 0x60


@dataclass(frozen=True, slots=True)
class RealTime:
    """One byte that has the fixed bits of a DLE EOT answer."""

    value: int


@dataclass(frozen=True, slots=True)
class Fence:
    """The answer to GS r 1. The printer reaches that command only after everything sent before it."""

    value: int


@dataclass(frozen=True, slots=True)
class ProcessDone:
    """GS ( H: everything sent before this id was printed."""

    process: bytes


@dataclass(frozen=True, slots=True)
class Noise:
    """A byte or frame that answers nothing we asked."""

    value: bytes


Answer = RealTime | Fence | ProcessDone | Noise


def is_real_time(value: int) -> bool:
    """True when the bits that every DLE EOT answer fixes are right: bits 1 and 4 set, bits 0 and 7 clear."""
    return (value & 0x93) == 0x12


def question(number: Question) -> bytes:
    """DLE EOT n."""
    return bytes((0x10, 0x04, number))


def split_answers(stream: bytes) -> tuple[list[Answer], bytes]:
    """Cut what came from the printer into answers; also give back the unfinished tail (0 to 63 bytes).

    ASB frames (header 0xx1xx00, then three bytes with bits 4 and 7 clear), XON, XOFF and foreign block
    answers come out as `Noise`, so that none of them can pass for an answer.
    """
    answers: list[Answer] = []
    at = 0
    while at < len(stream):
        byte = stream[at]
        if byte == 0x37:
            end = stream.find(b"\0", at, at + 64)
            if end < 0:
                if len(stream) - at < 64:
                    return answers, stream[at:]
                answers.append(Noise(stream[at : at + 1]))
                at += 1
                continue
            block = stream[at : end + 1]
            done = len(block) == 7 and block[1] == 0x22
            answers.append(ProcessDone(block[2:6]) if done else Noise(block))
            at = end + 1
        elif is_real_time(byte):
            answers.append(RealTime(byte))
            at += 1
        elif (byte & 0x93) == 0x10:
            rest = stream[at + 1 : at + 4]
            if any(value & 0x90 for value in rest):
                answers.append(Noise(stream[at : at + 1]))
                at += 1
            elif len(rest) < 3:
                return answers, stream[at:]
            else:
                answers.append(Noise(stream[at : at + 4]))
                at += 4
        elif (byte & 0x90) == 0:
            answers.append(Fence(byte))
            at += 1
        else:
            answers.append(Noise(stream[at : at + 1]))
            at += 1
    return answers, b""


def interpret(answers: dict[Question, int]) -> PrinterStatus:
    """The status from the four DLE EOT bytes. A missing byte, or one with wrong fixed bits, gives
    `SILENT`."""
    if any(number not in answers or not is_real_time(answers[number]) for number in QUESTIONS):
        return SILENT
    cause, roll = answers[2], answers[4]
    if roll & _END or cause & _STOPPED_BY_PAPER_END:
        paper = Paper.OUT
    elif roll & _NEAR_END:
        paper = Paper.LOW
    else:
        paper = Paper.OK
    return PrinterStatus(
        answered=True,
        online=not answers[1] & _OFFLINE,
        cover_open=bool(cause & _COVER_OPEN),
        paper=paper,
        error=bool(cause & _ERROR or answers[3] & _ERROR_CAUSES),
    )


def fence_paper(value: int) -> Paper:
    """Paper as GS r 1 tells it: bits 0-1 near the end, bits 2-3 end."""
    if value & 0x0C:
        return Paper.OUT
    return Paper.LOW if value & 0x03 else Paper.OK
