"""A small reader of ticket bytes, independent of the driver: text, raster, feed and cut, as lines and as a
picture."""

from __future__ import annotations

from dataclasses import dataclass, field

from PIL import Image, ImageDraw, ImageFont

WIDTH = 576


@dataclass
class Ticket:
    lines: list[str] = field(default_factory=list)
    """Text in the printer's own font, in order."""
    rasters: list[tuple[int, int]] = field(default_factory=list)
    """(width, height) in dots of each GS v 0 band."""
    cuts: int = 0
    initialised: bool = False
    """ESC @ came before anything else."""
    unknown: list[bytes] = field(default_factory=list)
    image: Image.Image = field(default_factory=lambda: Image.new("1", (WIDTH, 1), 1))
    """Mode "1", black is 0, 576 dots wide."""


def command_length(data: bytes) -> int:
    """Bytes of the first command in `data`; 0 while it is incomplete."""
    if not data:
        return 0
    head = data[0]
    if head == 0x1B:
        if len(data) < 2:
            return 0
        need = 2 if data[1] == 0x40 else 3
        return need if len(data) >= need else 0
    if head == 0x1D:
        if len(data) < 3:
            return 0
        if data[1:3] == b"v0":
            if len(data) < 8:
                return 0
            need = 8 + (data[4] + 256 * data[5]) * (data[6] + 256 * data[7])
        elif data[1:2] == b"(":
            if len(data) < 5:
                return 0
            need = 5 + data[3] + 256 * data[4]
        elif data[1:2] == b"V":
            need = 4 if data[2] >= 65 else 3
        else:
            need = 3
        return need if len(data) >= need else 0
    return 1


def decode(data: bytes) -> Ticket:
    """Read a whole job. Commands it does not know are listed, not guessed."""
    ticket = Ticket()
    strips: list[Image.Image] = []
    line, align, bold, first = "", 0, False, True
    while data:
        length = command_length(data)
        if length == 0:
            ticket.unknown.append(data)
            break
        command, data = data[:length], data[length:]
        if first:
            ticket.initialised = command == b"\x1b@"
            first = False
        if command == b"\x1b@":
            align, bold = 0, False
        elif command[:2] == b"\x1ba":
            align = command[2] % 48
        elif command[:2] == b"\x1bE":
            bold = bool(command[2] & 1)
        elif command[:2] == b"\x1bd":
            strips.append(Image.new("1", (WIDTH, 30 * command[2]), 1))
        elif command[:3] == b"\x1dv0":
            wide, high = (command[4] + 256 * command[5]) * 8, command[6] + 256 * command[7]
            ticket.rasters.append((wide, high))
            strips.append(Image.frombytes("1", (wide, high), bytes(value ^ 0xFF for value in command[8:])))
        elif command[:2] == b"\x1dV":
            ticket.cuts += 1
        elif command == b"\n":
            ticket.lines.append(line)
            strips.append(_line_picture(line, align, bold))
            line = ""
        elif len(command) == 1 and 0x20 <= command[0] < 0x7F:
            line += chr(command[0])
        else:
            ticket.unknown.append(command)
    height = sum(strip.height for strip in strips)
    picture = Image.new("1", (WIDTH, max(height, 1)), 1)
    top = 0
    for strip in strips:
        picture.paste(strip, (0, top))
        top += strip.height
    ticket.image = picture
    return ticket


def _line_picture(line: str, align: int, bold: bool) -> Image.Image:
    """Font A is 12 x 24 dots; Pillow's own font, one letter a cell, stands in for it."""
    font = ImageFont.load_default(20)
    grey = Image.new("L", (max(12, 12 * len(line)), 24), 255)
    pen = ImageDraw.Draw(grey)
    for index, char in enumerate(line):
        pen.text((12 * index + 6, 18), char, fill=0, font=font, anchor="ms")
    letters = grey.point([0] * 128 + [255] * 128, "1")
    strip = Image.new("1", (WIDTH, 30), 1)
    left = {0: 0, 1: (WIDTH - 12 * len(line)) // 2, 2: WIDTH - 12 * len(line)}.get(align, 0)
    strip.paste(letters, (left, 0))
    if bold:
        strip.paste(0, (left + 1, 0), letters.point([255] * 128 + [0] * 128, "1"))
    return strip
