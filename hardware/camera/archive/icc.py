"""The sRGB colour profile for output intents, computed from the standard's numbers: nothing to licence or to ship.

ICC version 2, as PDF/A-1 asks for. Numbers: IEC 61966-2-1 (primaries, white, curve), adapted to D50 by Bradford's
matrix.
"""

from __future__ import annotations

import functools
import struct
from typing import Final

NAME: Final = "sRGB IEC61966-2.1"
CURVE_POINTS: Final = 1024
_D50: Final = (0.9642, 1.0, 0.8249)
_COLOURS: Final = {
    b"rXYZ": (0.43607, 0.22249, 0.01392),
    b"gXYZ": (0.38515, 0.71687, 0.09708),
    b"bXYZ": (0.14307, 0.06061, 0.71410),
}


@functools.cache
def srgb() -> bytes:
    """The profile file, about 2.7 KB; the same bytes at every call and on every machine."""
    tags: dict[bytes, bytes] = {
        b"desc": _description(NAME),
        b"cprt": b"text\0\0\0\0" + b"No copyright, use freely\0",
        b"wtpt": _xyz(_D50),
        **{name: _xyz(colour) for name, colour in _COLOURS.items()},
        b"rTRC": _curve(),
    }
    places: dict[bytes, tuple[int, int]] = {}
    body, start = b"", 128 + 4 + 12 * (len(tags) + 2)
    for name, data in tags.items():
        places[name] = (start + len(body), len(data))
        body += data + bytes(-len(data) % 4)
    places[b"gTRC"] = places[b"bTRC"] = places[b"rTRC"]  # one curve for the three
    table = struct.pack(">I", len(places))
    table += b"".join(struct.pack(">4sII", name, *place) for name, place in places.items())
    return _header(start + len(body)) + table + body


def _header(size: int) -> bytes:
    date = struct.pack(">6H", 2026, 1, 1, 0, 0, 0)
    head = struct.pack(">I4sI4s4s4s", size, bytes(4), 0x02100000, b"mntr", b"RGB ", b"XYZ ") + date + b"acsp"
    # Platform, flags, maker, model, attributes, intent (0: perceptual); then the illuminant and nobody as creator.
    head += bytes(4 + 4 + 4 + 4 + 8 + 4) + _fixed(_D50)
    return head + bytes(128 - len(head))


def _fixed(values: tuple[float, float, float]) -> bytes:
    return struct.pack(">3i", *(round(value * 65536) for value in values))


def _xyz(values: tuple[float, float, float]) -> bytes:
    return b"XYZ \0\0\0\0" + _fixed(values)


def _curve() -> bytes:
    def linear(coded: float) -> float:
        return coded / 12.92 if coded <= 0.04045 else ((coded + 0.055) / 1.055) ** 2.4

    points = [round(65535 * linear(i / (CURVE_POINTS - 1))) for i in range(CURVE_POINTS)]
    return b"curv\0\0\0\0" + struct.pack(f">I{CURVE_POINTS}H", CURVE_POINTS, *points)


def _description(text: str) -> bytes:
    ascii_text = text.encode("ascii") + b"\0"
    # No Unicode and no Macintosh name: language and count 0, script and count 0, 67 bytes of room.
    return b"desc\0\0\0\0" + struct.pack(">I", len(ascii_text)) + ascii_text + bytes(4 + 4 + 2 + 1 + 67)
