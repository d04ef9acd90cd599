"""The invented papers of the simulated desk. Every name and number is made up; people live in NIK region 99."""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# (Pillow's and OpenCV's stubs leave some types open.)

from __future__ import annotations

import functools
import math
import textwrap
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from hardware.camera import ktp
from hardware.camera.geometry import Picture
from hardware.world.port import PaperKind

DPI: Final = 200
PAPER: Final = (247, 245, 239)
INK: Final = (42, 42, 46)

LEASE: Final = (
    (
        "Pada hari ini, Senin, tanggal dua bulan Februari, bertempat di Mukomuko, yang bertanda tangan di bawah ini:",
        "1. CONTOH PEMILIK, NIK 9971010101700001, beralamat di Jalan Contoh Nomor 1, selanjutnya disebut PIHAK "
        "PERTAMA, pemilik sebuah kios di Pasar Contoh.",
        "2. CONTOH PENYEWA, NIK 9971024502900002, beralamat di Jalan Contoh Nomor 2, selanjutnya disebut PIHAK KEDUA, "
        "yang akan membuka usaha di kios tersebut.",
        "Kedua pihak sepakat mengadakan perjanjian sewa tempat usaha dengan ketentuan sebagai berikut.",
        "Pasal 1 — Objek sewa. PIHAK PERTAMA menyewakan kepada PIHAK KEDUA sebuah kios seluas 24 meter persegi "
        "beserta sambungan listrik dan air yang berada dalam keadaan baik.",
        "Pasal 2 — Jangka waktu. Sewa berlaku dua tahun sejak tanggal perjanjian ini dan dapat diperpanjang atas "
        "persetujuan kedua pihak.",
        "Pasal 3 — Penggunaan. Kios dipakai untuk usaha warung makan dan tidak untuk kegiatan lain tanpa izin "
        "tertulis.",
    ),
    (
        "Pasal 4 — Harga sewa. Harga sewa sebesar Rp 12.000.000 untuk setiap tahun, dibayar di muka pada awal "
        "tahun sewa.",
        "Pasal 5 — Pemeliharaan. PIHAK KEDUA merawat kios dan memperbaiki kerusakan kecil atas biaya sendiri; "
        "kerusakan bangunan menjadi tanggungan PIHAK PERTAMA.",
        "Pasal 6 — Listrik dan air. Rekening listrik, air dan kebersihan dibayar oleh PIHAK KEDUA setiap bulan.",
        "Pasal 7 — Larangan. PIHAK KEDUA tidak menyewakan kembali kios ini kepada orang lain dan tidak mengubah bentuk "
        "bangunan.",
        "Pasal 8 — Izin usaha. PIHAK KEDUA mengurus sendiri perizinan berusaha untuk kegiatan di kios ini.",
    ),
    (
        "Pasal 9 — Berakhirnya sewa. Pada akhir masa sewa kios diserahkan kembali dalam keadaan kosong dan bersih.",
        "Pasal 10 — Perselisihan. Perselisihan diselesaikan secara musyawarah.",
        "Demikian perjanjian ini dibuat dalam rangkap dua, dibaca dan dipahami, lalu ditandatangani kedua pihak.",
    ),
)


PERMITS: Final = 4
"""Old permits on the simulated desk; `permit` draws any number of others."""
STREETS: Final = ("Melati", "Kenanga", "Cempaka", "Anggrek", "Flamboyan", "Mawar", "Dahlia", "Bougenvil")
TRADES: Final = (
    "beras dan gula",
    "alat tulis",
    "bahan bangunan",
    "pakaian jadi",
    "hasil laut",
    "suku cadang",
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A drawn paper: BGR picture and its size in millimetres."""

    picture: Picture
    width_mm: float
    height_mm: float


@functools.lru_cache(maxsize=4)
def sheet(kind: PaperKind, page: int) -> Sheet:
    """Draw a page of a paper; a page number beyond the last shows the last."""
    if kind == "lease":
        return _lease(max(0, min(page, len(LEASE) - 1)))
    if kind == "npwp":
        return _card()
    if kind == "ektp":
        return _finish(ktp.draw(ktp.SAMPLE), ktp.WIDTH_MM, ktp.HEIGHT_MM)
    if kind == "blank":
        return _finish(_canvas(210, 297), 210, 297)
    if kind == "permit":
        return permit(max(0, page))
    if kind == "separator":
        return _separator()
    return _photograph()


def pages(kind: PaperKind) -> int:
    """How many pages a paper has."""
    return {"lease": len(LEASE), "permit": PERMITS}.get(kind, 1)


def _canvas(width_mm: float, height_mm: float, colour: tuple[int, int, int] = PAPER) -> Image.Image:
    return Image.new("RGB", (round(width_mm / 25.4 * DPI), round(height_mm / 25.4 * DPI)), colour)


def _finish(image: Image.Image, width_mm: float, height_mm: float) -> Sheet:
    picture = np.asarray(cv2.cvtColor(np.asarray(image), cv2.COLOR_RGB2BGR), dtype=np.uint8)
    return Sheet(picture, width_mm, height_mm)


def _font(points: float) -> Any:
    return ImageFont.load_default(size=points * DPI / 72)


def _centred(
    pen: ImageDraw.ImageDraw, text: str, middle: float, top: float, points: float, fill: Any = INK
) -> None:
    pen.text(
        (middle, top), text, font=_font(points), fill=fill, anchor="ma", stroke_width=1, stroke_fill=fill
    )


def _lease(page: int) -> Sheet:
    image = _canvas(210, 297)
    pen = ImageDraw.Draw(image)
    wide, high = image.size
    left, top = round(wide * 0.12), round(high * 0.09)
    if page == 0:
        _centred(pen, "SURAT PERJANJIAN SEWA", wide / 2, top, 17)
        _centred(pen, "TEMPAT USAHA", wide / 2, top + 58, 17)
        _centred(pen, "CONTOH, Nomor 001/SEWA/CONTOH", wide / 2, top + 128, 10)
        top += 220
    step = round(11 * 1.62 * DPI / 72)
    for paragraph in LEASE[page]:
        for line in textwrap.wrap(paragraph, 74):
            pen.text((left, top), line, font=_font(11), fill=INK)
            top += step
        top += step // 2
    if page == len(LEASE) - 1:
        _signatures(pen, wide, top + step)
    pen.text(
        (wide / 2, high * 0.945),
        f"CONTOH — halaman {page + 1} dari {len(LEASE)}",
        font=_font(9),
        fill=INK,
        anchor="ma",
    )
    return _finish(image, 210, 297)


def _signatures(pen: ImageDraw.ImageDraw, wide: int, top: int) -> None:
    for middle, role, colour in (
        (wide * 0.28, "PIHAK PERTAMA", (28, 52, 140)),
        (wide * 0.72, "PIHAK KEDUA", (30, 30, 40)),
    ):
        pen.text((middle, top), role, font=_font(11), fill=INK, anchor="ma")
        wave = [
            (middle - 130 + 4 * i, top + 170 + 55 * math.sin(i / 5.0 + middle) * math.cos(i / 11.0))
            for i in range(66)
        ]
        pen.line(wave, fill=colour, width=5, joint="curve")
        pen.line((middle - 190, top + 270, middle + 190, top + 270), fill=INK, width=2)
    seal = (wide * 0.28 - 250, top + 60, wide * 0.28 - 30, top + 280)
    pen.ellipse(seal, outline=(58, 58, 170), width=8)
    pen.text((wide * 0.28 - 140, top + 158), "CONTOH", font=_font(11), fill=(58, 58, 170), anchor="ma")


def permit_words(number: int) -> tuple[str, str, str]:
    """(number, year, holder) of an invented old permit."""
    year = 1998 + number * 7 % 20
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    holder = f"CONTOH {letters[number % 26]}{letters[number // 26 % 26]}USAHA"
    return f"503/{number + 11}/SIUP/{year}", str(year), holder


def permit(number: int) -> Sheet:
    """An old permit as a cupboard of an office holds them; every `number` is another one."""
    registered, year, holder = permit_words(number)
    image = _canvas(210, 297)
    pen = ImageDraw.Draw(image)
    wide, high = image.size
    left, top = round(wide * 0.12), round(high * 0.07)
    _centred(pen, "PEMERINTAH KABUPATEN CONTOH", wide / 2, top, 13)
    _centred(pen, "SURAT IZIN USAHA PERDAGANGAN", wide / 2, top + 70, 16)
    _centred(pen, f"Nomor {registered}", wide / 2, top + 140, 11)
    trade, street = TRADES[number % len(TRADES)], STREETS[number * 3 % len(STREETS)]
    paragraphs = [
        f"Diberikan kepada {holder}, beralamat di Jalan {street} Nomor {number * 13 % 97 + 1}, untuk menjalankan "
        f"usaha perdagangan {trade} di wilayah kabupaten.",
        "Pemegang izin wajib menaati peraturan yang berlaku dan menyampaikan laporan setiap tahun kepada dinas.",
    ]
    # Each permit has its own conditions, so that no two pages look alike.
    for item in range(2 + number % 5):
        goods = TRADES[(number + item * item) % len(TRADES)]
        paragraphs.append(
            f"{item + 1}. Jumlah {goods} yang disimpan paling banyak {(number * 31 + item * 17) % 900 + 100} satuan; "
            + "gudang diperiksa petugas. " * (1 + (number + item) % 3)
        )
    paragraphs.append(f"Ditetapkan pada tahun {year}.")
    top += 240 + number % 7 * 24
    step = round(11 * 1.62 * DPI / 72)
    for paragraph in paragraphs:
        for line in textwrap.wrap(paragraph, 60 + number % 4 * 5):
            pen.text((left, top), line, font=_font(11), fill=INK)
            top += step
        top += step // 2
    pen.text((wide * 0.6, top + step), "CONTOH KEPALA DINAS", font=_font(11), fill=INK)
    return _finish(image, 210, 297)


def _separator() -> Sheet:
    """The sheet that begins a new document: a large QR with a fixed text, the same as `kiosk archive separator`."""
    import segno  # here: most desks never see one

    matrix = np.asarray([list(row) for row in segno.make_qr("ANJUNGAN-PEMISAH-1", error="q").matrix])
    drawn = np.asarray(255 * (1 - np.pad(matrix, 4)), dtype=np.uint8)
    image = _canvas(210, 297)
    pen = ImageDraw.Draw(image)
    wide, high = image.size
    _centred(pen, "LEMBAR PEMISAH", wide / 2, high * 0.1, 24)
    side = round(wide * 0.55)
    square = Image.fromarray(drawn).convert("RGB").resize((side, side), Image.Resampling.NEAREST)
    image.paste(square, ((wide - side) // 2, round(high * 0.25)))
    _centred(pen, "Dokumen baru dimulai sesudah lembar ini", wide / 2, high * 0.75, 14)
    return _finish(image, 210, 297)


def _card() -> Sheet:
    wide_mm, high_mm = 85.6, 53.98
    image = _canvas(wide_mm, high_mm, (233, 214, 120))
    pen = ImageDraw.Draw(image)
    wide, high = image.size
    pen.rectangle((0, 0, wide, high * 0.24), fill=(24, 74, 128))
    _centred(pen, "NPWP CONTOH", wide / 2, high * 0.07, 11, (250, 250, 245))
    rows = (
        "99.999.999.9-999.000",
        "CONTOH PENYEWA",
        "NIK 9971024502900002",
        "JALAN CONTOH NOMOR 2",
        "MUKOMUKO",
    )
    for number, row in enumerate(rows):
        pen.text(
            (wide * 0.07, high * (0.32 + 0.125 * number)), row, font=_font(9 if number == 0 else 7), fill=INK
        )
    return _finish(image, wide_mm, high_mm)


def _photograph() -> Sheet:
    """A landscape photograph with a white border: something a visitor may lay down by mistake."""
    wide_mm, high_mm = 254.0, 203.0
    image = _canvas(wide_mm, high_mm, (250, 250, 248))
    wide, high = image.size
    edge = round(0.035 * wide)
    rows = np.linspace(0, 1, high - 2 * edge)[:, None]
    sky = np.array([92, 150, 205]) * (1 - rows) + np.array([240, 190, 130]) * rows
    scene = np.repeat(sky[:, None, :], wide - 2 * edge, axis=1)
    horizon = round(scene.shape[0] * 0.58)
    depth = np.linspace(0, 1, scene.shape[0] - horizon)[:, None, None]
    scene[horizon:] = np.array([40, 96, 120]) * (1 - depth) + np.array([14, 44, 66]) * depth
    inner = Image.fromarray(np.asarray(scene, dtype=np.uint8))
    pen = ImageDraw.Draw(inner)
    pen.ellipse(
        (inner.width * 0.62, horizon - 190, inner.width * 0.62 + 300, horizon + 110), fill=(250, 214, 120)
    )
    hills = [(0, horizon)]
    hills += [
        (x, horizon - 90 - 70 * math.sin(x / 190) - 40 * math.sin(x / 71)) for x in range(0, inner.width, 12)
    ]
    pen.polygon([*hills, (inner.width, horizon)], fill=(38, 64, 52))
    image.paste(inner, (edge, edge))
    return _finish(image, wide_mm, high_mm)
