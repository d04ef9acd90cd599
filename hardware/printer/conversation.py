"""One blocking conversation with a printer: ask for its state, send a job, wait for proof.

Runs on the driver's worker thread, over any `Transport`.
"""

from __future__ import annotations

import secrets
import string
import time
from typing import Final, Literal

from hardware.printer import encode
from hardware.printer.port import Paper, PrinterStatus, PrintOutcome, PrintResult
from hardware.printer.status import (
    QUESTIONS,
    SILENT,
    Answer,
    Fence,
    Noise,
    ProcessDone,
    Question,
    RealTime,
    fence_paper,
    interpret,
    question,
    split_answers,
)
from hardware.printer.transport import Transport, TransportError

Proof = Literal["process_id", "fence", "status"]
"""How a model proves a job.

`process_id`: GS ( H, for models that answer it (Epson TM), proof by itself. `fence`: GS r 1 behind the cut,
which nearly every model answers in its turn, then DLE EOT. `status`: only DLE EOT, good during the whole time
the print takes; for clones that do not answer GS r.
"""

ANSWER_SECONDS: Final = 0.5
POLL_SECONDS: Final = 0.25
DOTS_PER_SECOND: Final = 640.0
"""80 mm/s at 203 dpi: slower than any ticket printer on the market, for the `status` proof."""
_ALPHABET: Final = string.ascii_letters + string.digits


class Conversation:
    """State of one open line: the unread tail of what the printer said."""

    def __init__(
        self, transport: Transport, proof: Proof = "fence", answer_seconds: float = ANSWER_SECONDS
    ) -> None:
        self._line = transport
        self._proof = proof
        self._answer_seconds = answer_seconds
        self._tail = b""

    def status(self) -> PrinterStatus:
        """DLE EOT 1-4, each asked on its own so that an answer belongs to its question.

        What was waiting is drained first. Silence, nonsense, or two answers to one question give `SILENT`.
        Raises TransportError when the line is gone.
        """
        self._drain()
        answers: dict[Question, int] = {}
        for number in QUESTIONS:
            self._line.write(question(number), time.monotonic() + self._answer_seconds)
            value = self._real_time_answer()
            if value is None:
                return SILENT
            answers[number] = value
        return interpret(answers)

    def print(self, job: bytes, before: PrinterStatus, deadline: float) -> PrintResult:
        """Send and prove within `deadline` seconds. Never raises for the line: a lost line is UNKNOWN, or
        NOT_STARTED when not one byte left."""
        until = time.monotonic() + deadline
        process = "".join(secrets.choice(_ALPHABET) for _ in range(4)).encode("ascii")
        trailer = b""
        if self._line.readable:
            trailer = {"process_id": encode.process_request(process), "fence": encode.FENCE, "status": b""}[
                self._proof
            ]
        try:
            self._line.write(job + trailer, until)
        except TransportError as error:
            if error.sent == 0:
                return PrintResult(PrintOutcome.NOT_STARTED, before, error.detail)
            return PrintResult(PrintOutcome.UNKNOWN, SILENT, error.detail)
        if not self._line.readable:
            return PrintResult(PrintOutcome.UNKNOWN, SILENT, "no back channel")
        try:
            return self._prove(job, process, until)
        except TransportError as error:
            return PrintResult(PrintOutcome.UNKNOWN, SILENT, error.detail)

    def _prove(self, job: bytes, process: bytes, until: float) -> PrintResult:
        status = SILENT
        good_until = time.monotonic() + (len(job) / encode.ROW_BYTES) / DOTS_PER_SECOND + POLL_SECONDS
        arrived = False
        while time.monotonic() < until:
            arrived = arrived or self._wait_for_end(process, good_until, until)
            # Only a status asked for after the receipt counts; one that overlaps it is asked again.
            status, receipt = self._status_beside_receipt(process)
            if arrived and (self._proof == "process_id" or status.ready):
                return PrintResult(PrintOutcome.PRINTED, status)
            if arrived or (status.answered and not status.ready and not receipt):
                return PrintResult(PrintOutcome.UNKNOWN, status, trouble(status))
            arrived = receipt
        return PrintResult(PrintOutcome.UNKNOWN, status, "no proof in time")

    def _wait_for_end(self, process: bytes, good_until: float, until: float) -> bool:
        """One poll interval; True when the job is over, as far as this model can say so."""
        now = time.monotonic()
        pause = max(0.0, min(POLL_SECONDS, until - now))
        if self._proof != "status":
            return self._await_receipt(process, pause)
        if now < good_until:
            time.sleep(min(pause, good_until - now))
        return time.monotonic() >= good_until

    def _status_beside_receipt(self, process: bytes) -> tuple[PrinterStatus, bool]:
        """Status without draining, because the receipt may come between its answers."""
        answers: dict[Question, int] = {}
        receipt = False
        for number in QUESTIONS:
            self._line.write(question(number), time.monotonic() + self._answer_seconds)
            end = time.monotonic() + self._answer_seconds
            while number not in answers and (left := end - time.monotonic()) > 0:
                for answer in self._read(left):
                    if isinstance(answer, RealTime):
                        answers[number] = answer.value
                    elif self._is_receipt(answer, process):
                        receipt = True
            if number not in answers:
                return SILENT, receipt
        return interpret(answers), receipt

    def _await_receipt(self, process: bytes, seconds: float) -> bool:
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if any(self._is_receipt(answer, process) for answer in self._read(left)):
                return True
        return False

    def _is_receipt(self, answer: Answer, process: bytes) -> bool:
        if self._proof == "process_id":
            return isinstance(answer, ProcessDone) and answer.process == process
        if self._proof == "fence":
            return isinstance(answer, Fence) and fence_paper(answer.value) is not Paper.OUT
        return False

    def _real_time_answer(self) -> int | None:
        end = time.monotonic() + self._answer_seconds
        while (left := end - time.monotonic()) > 0:
            found = [a for a in self._read(left) if not isinstance(a, Noise)]
            values = [a.value for a in found if isinstance(a, RealTime)]
            if len(values) > 1 or len(values) != len(found):
                return None
            if values:
                return values[0]
        return None

    def _read(self, seconds: float) -> list[Answer]:
        data = self._line.read(seconds)
        answers, self._tail = split_answers(self._tail + data)
        return answers

    def _drain(self) -> None:
        self._tail = b""
        for _ in range(256):
            if not self._line.read(0.0):
                return
        raise TransportError("talks without end")


def trouble(status: PrinterStatus) -> str:
    """One machine word for what stops a printer; "" when nothing does."""
    if not status.answered:
        return "silent"
    if status.cover_open:
        return "cover_open"
    if status.paper is Paper.OUT:
        return "paper_out"
    if status.error:
        return "printer_error"
    if not status.online:
        return "offline"
    return ""
