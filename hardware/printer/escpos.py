"""The real ticket printer: an asyncio face on a blocking conversation, with reconnect, deadlines and
proof."""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from hardware.health import Condition, Health
from hardware.printer import encode
from hardware.printer.conversation import ANSWER_SECONDS, Conversation, Proof, trouble
from hardware.printer.port import Paper, Part, PrinterStatus, PrintOutcome, PrintResult
from hardware.printer.status import SILENT
from hardware.printer.transport import Transport, TransportError

T = TypeVar("T")

CONNECT_SECONDS: Final = 2.0
GRACE_SECONDS: Final = 1.0
"""How long past its deadline a worker may take before the driver stops waiting for it."""

_HINTS: Final = {
    "not_connected": "Check the printer's cable, power and address (settings: printer).",
    "silent": "Connected but no answer: switch the printer off and on; check that it speaks ESC/POS.",
    "cover_open": "Close the printer's cover.",
    "paper_out": "Put in a new 80 mm roll.",
    "paper_low": "The roll is near its end: have a new 80 mm roll ready.",
    "printer_error": "Clear paper from cutter and head and close the cover; switch off and on if it stays.",
    "offline": "Press the printer's feed or online button.",
    "busy": "The last job has not come back from the printer; wait, then replug it.",
    "one_way": "This line cannot answer, so no ticket can be proved printed; use USB or network.",
}


class _Worker:
    """One daemon thread that runs calls in order. A thread pool would hold up the exit of a visit on a hung
    printer."""

    def __init__(self) -> None:
        self._calls: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        threading.Thread(target=self._run, name="ticket-printer", daemon=True).start()

    def _run(self) -> None:
        while (call := self._calls.get()) is not None:
            call()

    def submit(self, call: Callable[[], T]) -> asyncio.Future[T]:
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()

        def settle(result: T | None, error: BaseException | None) -> None:
            if future.done():
                return
            if error is not None:
                future.set_exception(error)
            else:
                future.set_result(result)  # pyright: ignore[reportArgumentType] - T may itself be None

        def run() -> None:
            result, error = None, None
            try:
                result = call()
            except Exception as raised:  # noqa: BLE001 - carried over to the awaiting side
                error = raised
            if not loop.is_closed():
                loop.call_soon_threadsafe(settle, result, error)

        self._calls.put(run)
        return future

    def stop(self) -> None:
        self._calls.put(None)


class EscposPrinter:
    """`TicketPrinter` over a `Transport`. One job at a time; the line stays open between jobs."""

    def __init__(
        self,
        transport: Transport,
        *,
        proof: Proof = "fence",
        connect_seconds: float = CONNECT_SECONDS,
        answer_seconds: float = ANSWER_SECONDS,
    ) -> None:
        self._line = transport
        self._conversation = Conversation(transport, proof, answer_seconds)
        self._connect_seconds = connect_seconds
        self._worker: _Worker | None = None
        self._lock = asyncio.Lock()
        self._connected = False
        """Touched on the worker thread only."""
        self._stuck: asyncio.Future[object] | None = None
        self._last = Health("printer", Condition.UNKNOWN, "silent", _HINTS["silent"])

    async def open(self) -> None:
        """Connect ahead of the first ticket. A printer that is not there is no error: `health` tells."""
        await self.health()

    async def close(self) -> None:
        async with self._lock:
            worker, self._worker = self._worker, None
            if worker is None:
                return
            if self._stuck is None or self._stuck.done():
                await self._bounded(worker.submit(self._disconnect), GRACE_SECONDS, None)
            worker.stop()

    async def health(self) -> Health:
        """Never waits for a running job: while one prints, the last known health is the answer."""
        if not self._lock.locked():
            self._last = _health(*await self._ask())
        return self._last

    async def status(self) -> PrinterStatus:
        status, _ = await self._ask()
        return status

    def encode(self, parts: Sequence[Part]) -> bytes:
        return encode.encode(parts)

    async def print(self, job: bytes, *, deadline: float = 15.0) -> PrintResult:
        async with self._lock:
            if self._busy():
                return PrintResult(PrintOutcome.NOT_STARTED, SILENT, "busy")
            work = self._started().submit(lambda: self._print(job, deadline))
            late = PrintResult(PrintOutcome.UNKNOWN, SILENT, "the driver did not return")
            result = await self._bounded(work, deadline + self._connect_seconds * 2 + GRACE_SECONDS, late)
            if result.status.answered:
                self._last = _health(result.status, "")
            return result

    async def _ask(self) -> tuple[PrinterStatus, str]:
        async with self._lock:
            if self._busy():
                return SILENT, "busy"
            limit = self._connect_seconds * 2 + GRACE_SECONDS * 2
            work = self._started().submit(self._fresh_status)
            return await self._bounded(work, limit, (SILENT, "busy"))

    def _busy(self) -> bool:
        return self._stuck is not None and not self._stuck.done()

    def _started(self) -> _Worker:
        if self._worker is None:
            self._worker = _Worker()
        return self._worker

    async def _bounded(self, work: asyncio.Future[T], seconds: float, late: T) -> T:
        """Wait, but not for ever: a call that does not come back leaves the printer out of use until it
        does."""
        done, _ = await asyncio.wait({work}, timeout=seconds)
        if done:
            return work.result()
        self._stuck = work  # pyright: ignore[reportAttributeAccessIssue] - only its end is watched
        return late

    # ---- on the worker thread

    def _disconnect(self) -> None:
        self._connected = False
        self._line.close()

    def _connect(self) -> None:
        self._line.open(self._connect_seconds)
        self._connected = True

    def _fresh_status(self) -> tuple[PrinterStatus, str]:
        """Status and a word for the line. An old line that failed or fell silent is opened anew once: a
        printer that was switched off and on leaves a dead connection behind, and nothing but a question was
        sent on it."""
        was_connected = self._connected
        detail = "not_connected"
        for attempt in (1, 2):
            try:
                if not self._connected:
                    self._connect()
                if not self._line.readable:
                    return SILENT, "one_way"
                status = self._conversation.status()
                if status.answered:
                    return status, ""
                detail = "silent"
            except TransportError:
                detail = "not_connected"
            self._disconnect()
            if attempt == 1 and not was_connected:
                break
        return SILENT, detail

    def _print(self, job: bytes, deadline: float) -> PrintResult:
        started = time.monotonic()
        before, detail = self._fresh_status()
        if detail != "one_way" and not before.ready:
            return PrintResult(PrintOutcome.NOT_STARTED, before, detail or trouble(before))
        result = self._conversation.print(job, before, max(deadline - (time.monotonic() - started), 1.0))
        if result.outcome is not PrintOutcome.PRINTED:
            # What the printer still holds of this job must not run into the next one.
            self._disconnect()
        return result


def _health(status: PrinterStatus, line: str) -> Health:
    word = line or trouble(status)
    if line == "not_connected":
        condition = Condition.ABSENT
    elif line == "one_way":
        condition = Condition.DEGRADED
    elif not status.answered:
        condition, word = Condition.UNKNOWN, line or "silent"
    elif word:
        condition = Condition.FAILED
    elif status.paper is Paper.LOW:
        condition, word = Condition.DEGRADED, "paper_low"
    else:
        condition = Condition.READY
    return Health("printer", condition, word, _HINTS.get(word, ""))
