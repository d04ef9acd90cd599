"""What a head would put on paper for the commands of `encode.py`: pieces of a job, and the picture they
leave.

Only for the simulated printer. It knows the commands this project sends and skips others byte by byte.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from hardware.printer.encode import COLUMNS, ROW_BYTES
from hardware.printer.port import WIDTH_DOTS

if TYPE_CHECKING:
    from PIL import Image

LINE_DOTS: Final = 30
"""Line pitch after ESC @: 1/6 inch would be 34 dots; 80 mm printers start with 30."""
CELL: Final = (12, 24)

Kind = Literal["initialise", "align", "bold", "feed", "cut", "ask_paper", "raster", "text", "skip"]


@dataclass(frozen=True, slots=True)
class Piece:
    kind: Kind
    value: int = 0
    """Alignment 0-2, bold 0-1, lines of feed."""
    data: bytes = b""
    """Raster rows of 72 bytes, or the characters of a line."""


def next_piece(buffer: bytes) -> tuple[Piece | None, int]:
    """The first piece in `buffer` and its length in bytes; (None, 0) while it is incomplete or nothing is
    left."""
    if not buffer:
        return None, 0
    first = buffer[0]
    if first == 0x1B:
        return _escape(buffer)
    if first == 0x1D:
        return _group(buffer)
    if first < 0x20 and first != 0x0A:
        return Piece("skip"), 1
    end = buffer.find(b"\n")
    stop = next((at for at, value in enumerate(buffer) if value in (0x1B, 0x1D)), len(buffer))
    if 0 <= end < stop:
        return Piece("text", data=buffer[:end]), end + 1
    return (Piece("skip"), stop) if stop < len(buffer) else (None, 0)


def _escape(buffer: bytes) -> tuple[Piece | None, int]:
    if len(buffer) < 2:
        return None, 0
    if buffer[1] == 0x40:
        return Piece("initialise"), 2
    if len(buffer) < 3:
        return None, 0
    kinds: dict[int, Kind] = {0x61: "align", 0x45: "bold", 0x64: "feed"}
    kind = kinds.get(buffer[1])
    return (Piece(kind, buffer[2]), 3) if kind else (Piece("skip"), 2)


def _group(buffer: bytes) -> tuple[Piece | None, int]:
    if len(buffer) < 3:
        return None, 0
    if buffer[1] == 0x72:
        return Piece("ask_paper"), 3
    if len(buffer) < 4:
        return None, 0
    if buffer[1:3] == b"VA":
        return Piece("cut"), 4
    if buffer[1:3] == b"v0":
        if len(buffer) < 8:
            return None, 0
        size = int.from_bytes(buffer[4:6], "little") * int.from_bytes(buffer[6:8], "little")
        return (
            (Piece("raster", data=buffer[8 : 8 + size]), 8 + size) if len(buffer) >= 8 + size else (None, 0)
        )
    return Piece("skip"), 2


class Sheet:
    """The paper below the head since the last cut."""

    def __init__(self) -> None:
        self._rows = bytearray()
        self._centred = False
        self._bold = False

    @property
    def height(self) -> int:
        """Dots of paper so far."""
        return len(self._rows) // ROW_BYTES

    def put(self, piece: Piece) -> None:
        if piece.kind == "raster":
            self._rows += piece.data
        elif piece.kind == "align":
            self._centred = piece.value == 1
        elif piece.kind == "bold":
            self._bold = bool(piece.value & 1)
        elif piece.kind == "feed":
            self._rows += bytes(ROW_BYTES * LINE_DOTS * piece.value)
        elif piece.kind == "text":
            self._rows += self._line(piece.data.decode("ascii", "replace")[:COLUMNS])

    def _line(self, text: str) -> bytes:
        from PIL import Image, ImageDraw, ImageFont

        width, height = CELL
        font = ImageFont.load_default(20)
        cells = Image.new("L", (max(1, len(text) * width), height), 0)
        pen = ImageDraw.Draw(cells)
        for column, char in enumerate(text):
            pen.text((column * width + width // 2, height - 6), char, fill=255, font=font, anchor="ms")
        ink = cells.point([0] * 128 + [255] * 128, "1")
        line = Image.new("1", (WIDTH_DOTS, LINE_DOTS), 0)
        left = (WIDTH_DOTS - len(text) * width) // 2 if self._centred else 0
        line.paste(ink, (left, 0))
        if self._bold:
            line.paste(1, (left + 1, 0), ink)
        return line.tobytes()

    def image(self) -> Image.Image:
        """Black on white, mode "1", 576 dots wide."""
        from PIL import Image, ImageChops

        height = max(self.height, 1)
        rows = bytes(self._rows) or bytes(ROW_BYTES)
        return ImageChops.invert(Image.frombytes("1", (WIDTH_DOTS, height), rows))

    def png(self) -> bytes:
        out = io.BytesIO()
        self.image().save(out, "PNG")
        return out.getvalue()
