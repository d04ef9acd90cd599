"""Picture files of every kind and intent, and the PDF they end in."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
import zlib

import numpy as np
import pikepdf
import pytest
from PIL import Image

from hardware.camera import still
from hardware.camera.geometry import Picture
from hardware.camera.pdf import PdfBadPage, PdfTooLarge, pages_to_pdf
from hardware.camera.port import CameraFault, CameraTrouble
from hardware.camera.simulated import draw
from hardware.world.port import CameraTable


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def png_bomb(width: int, height: int) -> bytes:
    """A small PNG whose header promises `width` × `height` pixels."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(1_000_000))) + chunk(b"IEND", b"")


GREY = Image.new("RGB", (320, 240), (120, 130, 140))
JPEG = saved(Image.effect_noise((320, 240), 60).convert("RGB"), "JPEG")
GIF = saved(GREY, "GIF")
APNG = saved(GREY, "PNG", save_all=True, append_images=[Image.new("RGB", (320, 240), "red")])


@pytest.mark.parametrize(
    ("data", "detail"),
    [
        (b"", "empty"),
        (b"not a picture at all", "damaged"),
        (JPEG[: len(JPEG) // 2], "damaged"),
        (JPEG[:30], "damaged"),
        (saved(Image.new("L", (30_000, 16), 200), "JPEG"), "dimensions"),
        (saved(Image.new("L", (8, 8), 200), "PNG"), "dimensions"),
        (png_bomb(60_000, 60_000), "dimensions"),
        (png_bomb(8_000, 6_000), "damaged"),
        (GIF, "damaged"),
        (APNG, "animated"),
    ],
    ids=["empty", "text", "half", "header", "wide", "tiny", "bomb", "liar", "gif", "animated"],
)
def test_hostile_files_end_in_a_word(data: bytes, detail: str) -> None:
    assert still.decode(data) == CameraFault(CameraTrouble.UNREADABLE, detail)


BURDEN = """
import resource
from PIL import Image
from hardware.camera import still
from tests.hardware.camera.test_still import GIF, JPEG, png_bomb, saved

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

still.decode(JPEG)
before = peak()
for data in (b"", JPEG[:900], GIF, png_bomb(60_000, 60_000), saved(Image.new("L", (30_000, 16), 200), "JPEG")):
    assert not hasattr(still.decode(data), "shape")
print(peak() - before)
"""


def test_hostile_files_cost_next_to_no_memory() -> None:
    """In a process of its own: a picture of 60,000 x 60,000 dots would be 10 GB."""
    done = subprocess.run(
        [sys.executable, "-c", BURDEN], capture_output=True, text=True, check=True, timeout=60
    )
    assert float(done.stdout) < 16


def test_too_many_bytes_are_refused_before_decoding() -> None:
    assert still.decode(JPEG, still.Limits(bytes=100)) == CameraFault(CameraTrouble.UNREADABLE, "too_large")


@pytest.mark.parametrize("mode", ["CMYK", "L", "RGB"])
def test_jpeg_modes_become_bgr(mode: str) -> None:
    picture = still.decode(saved(GREY.convert(mode), "JPEG", quality=95))
    assert isinstance(picture, np.ndarray)
    assert picture.shape == (240, 320, 3)
    assert abs(int(picture[100, 100].mean()) - 130) < 12


def test_alpha_lies_on_white_and_exif_turns() -> None:
    clear = still.decode(saved(Image.new("RGBA", (64, 64), (0, 0, 0, 0)), "PNG"))
    assert isinstance(clear, np.ndarray)
    assert int(clear.min()) == 255
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = still.decode(saved(GREY, "JPEG", exif=exif.tobytes()))
    assert isinstance(turned, np.ndarray)
    assert turned.shape[:2] == (320, 240)


def test_corners_give_the_object_the_command_prints(tmp_path) -> None:
    path = tmp_path / "desk.png"
    path.write_bytes(saved(Image.fromarray(draw(CameraTable(present=True), 1280, 720)[:, :, ::-1]), "PNG"))
    answer = still.corners(path)
    assert set(answer) == {"file", "corners", "quality", "ms"}
    assert len(answer["corners"]) == 4
    assert answer["ms"] > 0
    empty = tmp_path / "empty.png"
    empty.write_bytes(saved(Image.fromarray(draw(CameraTable(), 1280, 720)[:, :, ::-1]), "PNG"))
    assert still.corners(empty)["corners"] is None
    assert still.corners(empty)["quality"]["remarks"] == ["no_page"]
    missing = still.corners(tmp_path / "missing.jpg")
    assert missing["corners"] is None
    assert missing["error"] == "missing"


def page_jpeg() -> tuple[Picture, bytes]:
    picture = np.full((1169, 827, 3), 240, np.uint8)
    picture[100:140, 100:700] = 20
    return picture, still.encode(picture, 100)


def test_pdf_pages_have_true_size_and_nobody_in_the_metadata() -> None:
    _, jpeg = page_jpeg()
    made = pages_to_pdf([jpeg, jpeg], [100, 200])
    with pikepdf.open(io.BytesIO(made)) as pdf:
        assert len(pdf.pages) == 2
        box = [float(value) for value in pdf.pages[0].mediabox]
        assert box[2] == pytest.approx(595, abs=2)
        assert box[3] == pytest.approx(842, abs=2)
        assert float(pdf.pages[1].mediabox[3]) == pytest.approx(421, abs=2)
        assert list(pdf.docinfo.keys()) == []
        image = next(iter(pdf.pages[0].images.values()))
        # The camera's own JPEG, not another compression of it.
        assert bytes(image.read_raw_bytes()) == jpeg


def test_pdf_guards() -> None:
    _, jpeg = page_jpeg()
    with pytest.raises(PdfTooLarge) as caught:
        pages_to_pdf([jpeg] * 3, [100] * 3, limit=len(jpeg) * 2)
    assert caught.value.limit == len(jpeg) * 2
    with pytest.raises(PdfBadPage) as bad:
        pages_to_pdf([jpeg, b"not a jpeg"], [100, 100])
    assert bad.value.number == 2
    with pytest.raises(PdfBadPage) as broken:
        pages_to_pdf([jpeg, b"\xff\xd8\xff\xe0rubbish"], [100, 100])
    assert broken.value.number == 2
    with pytest.raises(ValueError):
        pages_to_pdf([], [])
    with pytest.raises(ValueError):
        pages_to_pdf([jpeg], [])
