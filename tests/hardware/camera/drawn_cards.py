"""Photographs of invented e-KTPs, drawn from a seed: people, fonts, desks, slants, blur, glare and print noise."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from hardware.camera import ktp
from hardware.camera.geometry import Picture
from tests.hardware.camera.drawn import _placed, clutter, desk, expose, lay

FONTS = Path("/usr/share/fonts/truetype")
TEXT = ("liberation/LiberationSans-Regular.ttf", "dejavu/DejaVuSansCondensed.ttf", "")
DIGITS = (
    "ocr-a/OCRA.ttf",
    "ocr-a/OCRA.ttf",
    "liberation/LiberationSans-Bold.ttf",
    "dejavu/DejaVuSans-Bold.ttf",
)
NAMES = (
    "CONTOH", "BUDI", "SARI", "RINA", "AGUS", "DEWI", "YOGA", "LESTARI", "PUTRA", "WATI", "HASAN", "NUR", "INDAH",
    "SAPUTRA", "MAULANA", "SITI", "RAHMA", "JOKO", "AYU", "FAJAR",
)  # fmt: skip
TOWNS = ("MUKOMUKO", "CONTOH BARU", "PASAR CONTOH", "BENGKULU", "IPUH", "LUBUK PINANG", "PENARIK")


@dataclass
class CardScene:
    picture: Picture
    face: ktp.Face
    words: tuple[str, ...]


def person(random: np.random.Generator) -> ktp.Face:
    """An invented person of region 99."""
    day, month, year = (
        int(random.integers(1, 29)),
        int(random.integers(1, 13)),
        int(random.integers(1950, 2008)),
    )
    woman = bool(random.random() < 0.5)
    nik = f"99{random.integers(1, 80):02d}{random.integers(1, 31):02d}{day + 40 * woman:02d}{month:02d}{year % 100:02d}"
    nik += f"{random.integers(1, 9999):04d}"
    return ktp.Face(
        nik=nik,
        name=" ".join(random.choice(NAMES, int(random.integers(1, 4)), replace=False)),
        birth=f"{random.choice(TOWNS)}, {day:02d}-{month:02d}-{year}",
        sex="PEREMPUAN" if woman else "LAKI-LAKI",
        address=f"JL. CONTOH NO {random.integers(1, 99)}",
        rt_rw=f"{random.integers(1, 12):03d}/{random.integers(1, 9):03d}",
    )


def _file(name: str) -> str:
    path = FONTS / name
    return str(path) if name and path.exists() else ""


def _worn(random: np.random.Generator, card: Any) -> Any:
    """Print and wear: uneven ink, fine grain, scratches."""
    high, wide = card.shape[:2]
    grain = random.normal(0, random.uniform(2, 9), (high // 2, wide // 2, 1)).astype(np.float32)
    card = card + cv2.resize(grain, (wide, high))[:, :, None]
    for _ in range(int(random.integers(0, 5))):
        start = random.uniform(0, 1, 2) * [wide, high]
        end = start + random.normal(0, 0.2, 2) * wide
        light = float(random.uniform(150, 240))
        cv2.line(card, start.astype(int).tolist(), end.astype(int).tolist(), (light,) * 3, 1, cv2.LINE_AA)
    return np.clip(card, 0, 255)


def photograph(seed: int, *, upside_down: bool | None = None) -> CardScene:
    """A card on a desk as document cameras of 5 to 13 megapixels see it: 180 to 320 dots an inch over the card."""
    random = np.random.default_rng(seed)
    high, wide = 1440, 1920
    face = person(random)
    fonts = ktp.Fonts(_file(str(random.choice(TEXT))), _file(str(random.choice(DIGITS))))
    drawn = np.asarray(ktp.draw(face, 400, fonts))[:, :, ::-1].astype(np.float32)
    card = _worn(random, np.ascontiguousarray(drawn))
    scene = desk(random, high, wide, str(random.choice(["wood", "cloth", "plain", "white"])))
    turn = float(random.normal(0, 0.10))
    if upside_down or (upside_down is None and random.random() < 0.1):
        turn += np.pi
    dpi = random.uniform(180, 320)
    long_side = 85.6 / 25.4 * dpi
    corners = _placed(random, high, wide, (ktp.WIDTH_MM, ktp.HEIGHT_MM), 0.5, turn)
    scale = long_side / float(np.linalg.norm(corners[1] - corners[0]))
    corners = (corners - corners.mean(axis=0)) * scale + [wide / 2, high / 2] + random.uniform(-150, 150, 2)
    words: list[str] = [f"{dpi:.0f} dpi"]
    if random.random() < 0.3:
        clutter(random, scene, int(random.integers(1, 5)), corners)
    lay(random, scene, card, corners, [])
    glare = None
    if random.random() < 0.25:
        inside = corners.mean(axis=0) + (
            corners[int(random.integers(4))] - corners.mean(axis=0)
        ) * random.uniform(0, 0.9)
        glare = (float(inside[0]), float(inside[1]))
        words.append("glare")
    blur = float(random.uniform(0, 1.0))
    if blur > 0.3:
        scene = cv2.GaussianBlur(scene, (0, 0), blur)
        words.append(f"blur {blur:.1f}")
    return CardScene(expose(random, scene, glare), face, tuple(words))
