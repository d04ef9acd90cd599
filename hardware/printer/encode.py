"""Tickets as ESC/POS bytes. Pure; needs no library, so that the first ticket of the day starts as fast as the
last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from hardware.printer.port import WIDTH_DOTS, Part, Raster, Text

COLUMNS: Final = 48
"""Characters of font A (12 dots wide) on 576 dots."""
ROW_BYTES: Final = WIDTH_DOTS // 8
BAND_ROWS: Final = 96
"""Rows sent in one GS v 0. Small bands start to print at once, fit small buffers and limit the damage of a
lost byte."""
FEED_LINES: Final = 2

INITIALISE: Final = b"\x1b@"
CUT: Final = b"\x1dV\x41\x00"
"""GS V 65 0: feed to the cutter, then cut (partially, where the cutter can do both)."""
FENCE: Final = b"\x1dr\x01"
"""GS r 1: not real-time, so its answer comes after the cut."""


def process_request(process: bytes) -> bytes:
    """GS ( H function 48 with a four-byte id of printable ASCII; ValueError for any other id."""
    if len(process) != 4 or any(not 0x20 <= value <= 0x7E for value in process):
        raise ValueError("a process id is four printable ASCII characters")
    return b"\x1d(H\x06\x00\x30\x30" + process


def encode(parts: Sequence[Part]) -> bytes:
    """ESC @, the parts in order, feed, cut.

    ValueError when a line is not printable ASCII or longer than 48 characters, or a raster is not
    72 bytes x `height` rows: the printer would print rubbish and still report success.
    """
    out = bytearray(INITIALISE)
    for part in parts:
        if isinstance(part, Raster):
            for band in _bands(part):
                out += band
        else:
            out += _line(part)
    out += b"\x1ba\x00"
    out += b"\x1bd" + bytes((FEED_LINES,))
    out += CUT
    return bytes(out)


def _bands(raster: Raster) -> Iterator[bytes]:
    if raster.height < 0 or len(raster.rows) != ROW_BYTES * raster.height:
        raise ValueError("a raster is 72 bytes a row")
    yield b"\x1ba\x00"
    for top in range(0, raster.height, BAND_ROWS):
        rows = raster.rows[top * ROW_BYTES : (top + BAND_ROWS) * ROW_BYTES]
        count = len(rows) // ROW_BYTES
        yield b"\x1dv0\x00" + ROW_BYTES.to_bytes(2, "little") + count.to_bytes(2, "little") + rows


def _line(text: Text) -> bytes:
    if len(text.line) > COLUMNS:
        raise ValueError("a line has at most 48 characters")
    if not (text.line.isascii() and all(" " <= char <= "~" for char in text.line)):
        raise ValueError("a line is printable ASCII")
    bold = b"\x1bE" + bytes((text.bold,))
    align = b"\x1ba" + bytes((text.centred,))
    return align + bold + text.line.encode("ascii") + b"\n"
