"""Bytes out, and back again through the independent reader."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from hardware.printer.encode import encode, process_request
from hardware.printer.port import Raster, Text
from tests.hardware.printer.decode import decode

lines = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=48)
rasters = st.integers(0, 200).flatmap(
    lambda height: st.builds(
        lambda seed: Raster(
            (bytes(range(256)) * (72 * height // 256 + 2))[seed : seed + 72 * height], height
        ),
        st.integers(0, 255),
    )
)


@given(st.lists(st.one_of(st.builds(Text, lines, st.booleans(), st.booleans()), rasters), max_size=4))
def test_what_is_encoded_is_read_back(parts: list):
    ticket = decode(encode(parts))
    assert ticket.initialised
    assert ticket.cuts == 1
    assert ticket.unknown == []
    assert ticket.lines == [part.line for part in parts if isinstance(part, Text)]
    assert sum(high for _, high in ticket.rasters) == sum(p.height for p in parts if isinstance(p, Raster))
    assert all(wide == 576 for wide, _ in ticket.rasters)


def test_picture_survives_bit_by_bit():
    picture = Image.new("1", (576, 131), 1)
    for x in range(0, 576, 7):
        picture.putpixel((x, (x * 3) % 131), 0)
    rows = bytes(value ^ 0xFF for value in picture.tobytes())
    out = decode(encode([Raster(rows, 131)])).image.crop((0, 0, 576, 131))
    assert out.tobytes() == picture.tobytes()


@pytest.mark.parametrize(
    "part",
    [Text("naïf"), Text("a\nb"), Text("\x1b@"), Text("x" * 49), Raster(b"\0" * 71, 1), Raster(b"", -1)],
)
def test_rubbish_is_refused(part: Text | Raster):
    with pytest.raises(ValueError):
        encode([part])


@pytest.mark.parametrize("process", [b"", b"abc", b"abcde", b"ab\0d"])
def test_process_id_has_four_printable_characters(process: bytes):
    with pytest.raises(ValueError):
        process_request(process)
