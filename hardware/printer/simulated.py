"""A ticket printer made of software: the real driver on top, a simulated head and roll below.

The driver, the status parser and the rules of proof are those of the real printer. Only the line is
simulated, so a demo or a training day shows the same outcomes as the counter, and what comes out is decoded
from the job's own bytes.
"""

from __future__ import annotations

import time
from collections import deque
from typing import Final

from hardware.printer.escpos import EscposPrinter
from hardware.printer.sheet import Piece, Sheet, next_piece
from hardware.printer.transport import TransportError
from hardware.world.port import Happening, PrinterTable, World

ROWS_PER_SECOND: Final = 1600.0
"""200 mm/s at 203 dpi, as the data sheets of current 80 mm printers say."""


class SimulatedLine:
    """A `Transport` whose other end is the printer on the simulated table."""

    readable = True

    def __init__(self, world: World, rows_per_second: float = ROWS_PER_SECOND) -> None:
        self._world = world
        self._speed = rows_per_second
        self._open = False
        self._in = bytearray()
        self._out: deque[int] = deque()
        self._sheet = Sheet()
        self._started = 0.0
        self._jammed = False

    def open(self, timeout: float) -> None:
        if not self._table().plugged:
            raise TransportError("not plugged in")
        self._open = True
        # A printer that is connected anew starts with an empty buffer and no half-printed paper of an older
        # job.
        self._in.clear()
        self._out.clear()
        self._sheet = Sheet()

    def close(self) -> None:
        self._open = False

    def write(self, data: bytes, until: float) -> None:
        self._alive()
        self._in += data
        try:
            self._work()
        except TransportError as error:
            # The buffer had taken everything: some of it may be on paper.
            raise TransportError(error.detail, len(data)) from error

    def read(self, timeout: float) -> bytes:
        end = time.monotonic() + timeout
        while True:
            table = self._alive()
            self._work()
            if self._out and not table.mute:
                taken = bytes(self._out)
                self._out.clear()
                return taken
            if time.monotonic() >= end:
                return b""
            time.sleep(0.01)

    # ---- the printer itself

    def _table(self) -> PrinterTable:
        return self._world.state.printer

    def _alive(self) -> PrinterTable:
        table = self._table()
        if not table.plugged:
            self._open = False
        if not self._open:
            raise TransportError("not plugged in")
        return table

    def _work(self) -> None:
        """Eat what lies in the buffer: real-time questions at once, the rest in its turn while the head can
        move."""
        while True:
            self._answer_questions()
            table = self._alive()
            if not table.pull_while_printing:
                self._jammed = False
            if self._stopped(table):
                return
            piece, used = next_piece(bytes(self._in))
            if piece is None:
                return
            del self._in[:used]
            self._print(piece, table)

    def _answer_questions(self) -> None:
        while (at := _real_time_at(self._in)) >= 0:
            number = self._in[at + 2]
            del self._in[at : at + 3]
            if self._table().mute:
                continue
            self._out.append(_status_byte(number, self._table(), self._jammed))

    def _stopped(self, table: PrinterTable) -> bool:
        return self._jammed or table.cover_open or table.roll == "out"

    def _print(self, piece: Piece, table: PrinterTable) -> None:
        if piece.kind == "initialise":
            self._sheet = Sheet()
            self._started = time.monotonic()
        elif piece.kind == "ask_paper":
            if not table.mute:
                self._out.append(0x03 if table.roll == "low" else 0x00)
        elif piece.kind == "cut":
            self._cut()
        else:
            before = self._sheet.height
            self._sheet.put(piece)
            rows = self._sheet.height - before
            if self._speed and rows:
                time.sleep(rows / self._speed)
            if table.pull_while_printing and self._sheet.height > 200:
                self._jammed = True
                self._report("printer.pulled")

    def _cut(self) -> None:
        self._report("printer.ticket")
        self._sheet = Sheet()
        self._world.change("printer", hanging=True)

    def _report(self, word: str) -> None:
        took = (time.monotonic() - self._started) * 1000
        picture = self._sheet.png() if word == "printer.ticket" else b""
        self._world.report(Happening(word, took, picture))


def _real_time_at(data: bytearray) -> int:
    """Where a DLE EOT question lies outside raster data; -1 when there is none."""
    at = 0
    while at + 2 < len(data):
        if data.startswith(b"\x1dv0\x00", at) and at + 8 <= len(data):
            at += 8 + int.from_bytes(data[at + 4 : at + 6], "little") * int.from_bytes(
                data[at + 6 : at + 8], "little"
            )
        elif data[at] == 0x10 and data[at + 1] == 0x04 and 1 <= data[at + 2] <= 4:
            return at
        else:
            at += 1
    return -1


def _status_byte(number: int, table: PrinterTable, jammed: bool) -> int:
    out, low = table.roll == "out", table.roll == "low"
    offline = out or table.cover_open or jammed
    bits = {
        1: 0x08 if offline else 0,
        2: (0x04 if table.cover_open else 0) | (0x20 if out else 0) | (0x40 if jammed else 0),
        3: 0x08 if jammed else 0,
        4: (0x6C if out else 0) | (0x0C if low else 0),
    }
    return 0x12 | bits[number]


class SimulatedPrinter(EscposPrinter):
    """`TicketPrinter` on the simulated table.

    Reports `Happening("printer.ticket", picture=PNG)` at the cut and `"printer.pulled"` when paper is pulled.
    """

    def __init__(self, world: World, *, rows_per_second: float = ROWS_PER_SECOND) -> None:
        """`rows_per_second` 0 prints without taking time."""
        super().__init__(SimulatedLine(world, rows_per_second))
