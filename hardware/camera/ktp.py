"""The face of an invented e-KTP, drawn: blue ground with fine lines, the labels of the real card, a silhouette.

For the simulated desk and for tests. Province and regency are called CONTOH and the NIK's region is 99: a drawing, and
nobody's card.
"""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# (Pillow's stubs leave some types open.)

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from PIL import Image, ImageDraw, ImageFont

WIDTH_MM: Final = 85.6
HEIGHT_MM: Final = 53.98
NIK_WIDTH_MM: Final = 39.5
INK: Final = (38, 38, 46)


@dataclass(frozen=True, slots=True)
class Face:
    """What is printed on the card, as it is printed."""

    nik: str
    name: str
    birth: str
    """ "MUKOMUKO, 05-02-1990"."""
    sex: str = "PEREMPUAN"
    blood: str = "O"
    address: str = "JL. CONTOH NOMOR 2"
    rt_rw: str = "002/001"
    village: str = "PASAR CONTOH"
    district: str = "KOTA CONTOH"
    religion: str = "ISLAM"
    marriage: str = "BELUM KAWIN"
    work: str = "WIRASWASTA"
    until: str = "SEUMUR HIDUP"
    province: str = "PROVINSI CONTOH"
    regency: str = "KABUPATEN CONTOH"


SAMPLE: Final = Face(nik="9971024502900002", name="CONTOH PENYEWA", birth="MUKOMUKO, 05-02-1990")
"""The person of the simulated desk; the practice portal knows her."""


@dataclass(frozen=True, slots=True)
class Fonts:
    """Font files; empty: the one Pillow brings. `digits` prints the NIK, as the real card does in a face of its own."""

    text: str = ""
    digits: str = ""


def draw(face: Face, dpi: int = 400, fonts: Fonts | None = None) -> Image.Image:
    """The card's face as an RGB picture, corners square."""
    fonts = fonts or Fonts()
    scale = dpi / 25.4
    image = _ground(round(WIDTH_MM * scale), round(HEIGHT_MM * scale))
    pen = ImageDraw.Draw(image)

    def put(
        x: float, y: float, text: str, size: float, file: str = "", *, middle: bool = False, bold: float = 0
    ) -> None:
        font = _font(file or fonts.text, size * scale)
        stroke = round(bold * scale)
        anchor = "ms" if middle else "ls"
        pen.text((x * scale, y * scale), text, font=font, fill=INK, anchor=anchor, stroke_width=stroke)

    put(42.8, 4.6, face.province, 3.0, middle=True, bold=0.05)
    put(42.8, 8.0, face.regency, 3.0, middle=True, bold=0.05)
    put(3.0, 13.4, "NIK", 3.6, bold=0.05)
    put(20.4, 13.4, ":", 3.6, bold=0.05)
    # All cards have the number in the same place and width, whatever the face of its digits.
    width = _font(fonts.digits or fonts.text, 100).getlength(face.nik)
    put(22.4, 13.4, face.nik, min(4.4, NIK_WIDTH_MM * 100 / width), fonts.digits, bold=0.05)
    rows = (
        ("Nama", face.name),
        ("Tempat/Tgl Lahir", face.birth),
        ("Jenis Kelamin", face.sex),
        ("Alamat", face.address),
        ("    RT/RW", face.rt_rw),
        ("    Kel/Desa", face.village),
        ("    Kecamatan", face.district),
        ("Agama", face.religion),
        ("Status Perkawinan", face.marriage),
        ("Pekerjaan", face.work),
        ("Kewarganegaraan", "WNI"),
        ("Berlaku Hingga", face.until),
    )
    y = 17.0
    for label, value in rows:
        put(3.0, y, label, 2.1)
        put(21.2, y, ":", 2.3)
        put(22.4, y, value, 2.3)
        if label == "Jenis Kelamin":
            put(45.0, y, f"Gol. Darah : {face.blood}", 2.3)
        y += 2.95
    _portrait(pen, scale)
    put(73.5, 43.0, face.regency.replace("KABUPATEN ", ""), 2.1, middle=True)
    put(73.5, 45.6, "24-11-2021", 2.1, middle=True)
    _signature(pen, scale)
    return image


def _font(file: str, size: float) -> Any:
    return ImageFont.truetype(file, size) if file else ImageFont.load_default(size)


def _ground(wide: int, high: int) -> Image.Image:
    """Light blue, paler to the middle, with two families of fine waves like the card's guilloche."""
    y, x = np.mgrid[0 : 1 : high * 1j, 0 : 1 : wide * 1j]
    far = np.sqrt((x - 0.5) ** 2 + (0.6 * (y - 0.5)) ** 2)
    base = np.stack([164 + 42 * (1 - far), 205 + 26 * (1 - far), 226 + 14 * (1 - far)], axis=-1)
    waves = np.sin(2 * math.pi * (34 * y + 1.6 * np.sin(2 * math.pi * 2 * x)))
    waves += np.sin(2 * math.pi * (30 * x + 1.4 * np.sin(2 * math.pi * 3 * y)))
    base -= np.clip(waves[:, :, None] - 1.2, 0, 1) * np.array([26, 16, 8])
    return Image.fromarray(np.clip(base, 0, 255).astype(np.uint8))


def _portrait(pen: ImageDraw.ImageDraw, scale: float) -> None:
    def box(*sides: float) -> tuple[float, float, float, float]:
        left, top, right, bottom = (side * scale for side in sides)
        return left, top, right, bottom

    pen.rectangle(box(64.0, 11.0, 82.8, 38.0), fill=(176, 46, 44))
    pen.ellipse(box(68.4, 15.0, 77.4, 27.0), fill=(222, 184, 152))
    pen.pieslice(box(64.4, 26.0, 81.4, 50.0), 180, 360, fill=(238, 240, 240))
    pen.pieslice(box(68.2, 13.4, 77.6, 23.0), 180, 360, fill=(36, 30, 28))


def _signature(pen: ImageDraw.ImageDraw, scale: float) -> None:
    wave = [
        ((68 + i * 0.18) * scale, (49 + 1.6 * math.sin(i / 4.1) * math.cos(i / 9.0)) * scale)
        for i in range(62)
    ]
    pen.line(wave, fill=(40, 44, 90), width=max(1, round(0.25 * scale)), joint="curve")
