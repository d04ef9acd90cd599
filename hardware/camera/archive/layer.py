"""The invisible text behind a scanned page: a font without shapes, and each word stretched over its picture."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from typing import Final

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf

from hardware.camera.tesseract import Word

FONT: Final = Name("/Teks")
ADVANCE: Final = 500
"""Width of every character, in thousandths of the size; words are stretched to their true width."""
ASCENT: Final = 800
DESCENT: Final = -200
MADE: Final = 3_849_984_000
"""Fixed birthday of the font, 1 January 2026 in seconds since 1904, so that the same pages make the same file."""
LEAST_SURE: Final = 30.0
"""Words tesseract itself hardly believes (specks, edges of stamps) would only be noise in a search."""


def embed_font(pdf: Pdf) -> pikepdf.Object:
    """Add the shapeless font to a file, once for all its pages. Character code = UTF-16 unit, all of one width.

    PDF asks for a font program even where nothing is drawn; this one has two empty glyphs and is made here.
    """
    name = Name("/AnjunganTanpaBentuk")
    program = _program()
    file = pdf.make_stream(program)
    file.Length1 = len(program)
    descriptor = Dictionary(
        Type=Name.FontDescriptor,
        FontName=name,
        Flags=5,  # fixed pitch, symbolic
        FontBBox=Array([0, DESCENT, ADVANCE, ASCENT]),
        ItalicAngle=0,
        Ascent=ASCENT,
        Descent=DESCENT,
        CapHeight=ASCENT,
        StemV=80,
        FontFile2=file,
    )
    descendant = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType2,
        BaseFont=name,
        CIDSystemInfo=Dictionary(Registry=b"Adobe", Ordering=b"Identity", Supplement=0),
        FontDescriptor=pdf.make_indirect(descriptor),
        DW=ADVANCE,
        CIDToGIDMap=pdf.make_stream(b"\0\1" * 65536),
    )
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.Type0,
            BaseFont=name,
            Encoding=Name("/Identity-H"),
            DescendantFonts=Array([pdf.make_indirect(descendant)]),
            ToUnicode=pdf.make_stream(_to_unicode()),
        )
    )


def content(words: Iterable[Word], scale: float, page_height: float) -> bytes:
    """PDF operators that lay `words` over a page, unseen. `scale`: points a pixel; `page_height` in points."""
    out = [b"BT 3 Tr"]
    for word in words:
        codes = _codes(word.text)
        if word.sure < LEAST_SURE or not codes or word.width <= 0 or word.height <= 0:
            continue
        _, top, _, height = word.line
        if not word.height <= height <= 2 * word.height:  # a stamp in the line makes its box useless
            top, height = word.top, word.height
        size = height * scale
        stretch = 100 * word.width * scale / (len(codes) * ADVANCE / 1000 * size)
        x = word.left * scale
        y = page_height - (top + height) * scale - DESCENT / 1000 * size
        text = "".join(f"{code:04X}" for code in (*codes, 0x20))
        out.append(
            f"/Teks {size:.2f} Tf {stretch:.2f} Tz 1 0 0 1 {x:.2f} {y:.2f} Tm <{text}> Tj".encode("ascii")
        )
    return b"\n".join([*out, b"ET"]) if len(out) > 1 else b""


def _codes(text: str) -> list[int]:
    """Characters of the basic plane; others (no scanner's print has them) are left out."""
    return [ord(sign) for sign in text if 0x20 < ord(sign) < 0xD800 or 0xE000 <= ord(sign) < 0xFEFF]


def _to_unicode() -> bytes:
    # Ranges may not cross the first byte (ISO 32000-1, 9.10.3), and at most 100 stand in a block.
    firsts = [high for high in range(256) if not 0xD8 <= high <= 0xDF]
    ranges = [
        f"<{high:02X}{0 if high else 1:02X}> <{high:02X}{0xFD if high == 0xFF else 0xFF:02X}> "
        f"<{high:02X}{0 if high else 1:02X}>"
        for high in firsts
    ]
    blocks = [
        f"{len(part)} beginbfrange\n" + "\n".join(part) + "\nendbfrange"
        for part in (ranges[at : at + 100] for at in range(0, len(ranges), 100))
    ]
    return "\n".join(
        [
            "/CIDInit /ProcSet findresource begin",
            "12 dict begin",
            "begincmap",
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
            "/CMapName /Adobe-Identity-UCS def",
            "/CMapType 2 def",
            "1 begincodespacerange",
            "<0000> <FFFF>",
            "endcodespacerange",
            *blocks,
            "endcmap",
            "CMapName currentdict /CMap defineresource pop",
            "end",
            "end",
        ]
    ).encode("ascii")


def _program() -> bytes:
    """A TrueType font of two empty glyphs, `ADVANCE` wide at 1000 units an em: what PDF needs (ISO 32000, 9.9)."""
    glyphs = 2
    tables: dict[bytes, bytes] = {
        b"glyf": bytes(4),
        b"head": struct.pack(
            ">IIIIHHQQhhhhHHhhh",
            0x10000,
            0x10000,
            0,
            0x5F0F3CF5,
            3,
            1000,
            MADE,
            MADE,
            0,
            DESCENT,
            ADVANCE,
            ASCENT,
            0,
            8,
            2,
            0,
            0,
        ),
        b"hhea": struct.pack(
            ">IhhhHhhhhhhhhhhhH", 0x10000, ASCENT, DESCENT, 0, ADVANCE, 0, 0, 0, 1, *([0] * 7), glyphs
        ),
        b"hmtx": struct.pack(">HhHh", ADVANCE, 0, ADVANCE, 0),
        b"loca": struct.pack(">3H", 0, 0, 0),
        b"maxp": struct.pack(">IH13H", 0x10000, glyphs, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0),
    }
    return _sfnt(tables)


def _sfnt(tables: dict[bytes, bytes]) -> bytes:
    count = len(tables)
    power = count.bit_length() - 1
    directory = struct.pack(">IHHHH", 0x10000, count, 16 << power, power, 16 * count - (16 << power))
    start = 12 + 16 * count
    body = b""
    for tag, data in sorted(tables.items()):
        padded = data + bytes(-len(data) % 4)
        directory += struct.pack(">4sIII", tag, _checksum(padded), start + len(body), len(data))
        body += padded
    font = bytearray(directory + body)
    # The whole file's checksum is made good in `head` (checkSumAdjustment).
    at = font.index(struct.pack(">I", 0x5F0F3CF5)) - 4
    struct.pack_into(">I", font, at, (0xB1B0AFBA - _checksum(bytes(font))) & 0xFFFFFFFF)
    return bytes(font)


def _checksum(data: bytes) -> int:
    data += bytes(-len(data) % 4)
    return sum(struct.unpack(f">{len(data) // 4}I", data)) & 0xFFFFFFFF
