"""Train `nik.traineddata` anew: `python -m hardware.camera.digits.build` (a minute; needs the fonts named below).

Lines of digits behind a colon are drawn in OCR-A (public domain), Liberation Sans Bold, DejaVu Sans Bold and the face
that Pillow brings (the simulated desk's card is printed in it), sharp and blurred, clean and grainy, and given to the
training programs of Debian's tesseract-ocr. No card is involved.
"""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# (OpenCV's and Pillow's stubs leave some types open.)

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from hardware.camera.digits import FOLDER, MODEL

FONTS: Final = {
    "ocra": "/usr/share/fonts/truetype/ocr-a/OCRA.ttf",
    "sans": "/usr/share/fonts/truetype/liberation/LiberationSans-Bold.ttf",
    "plain": "",
    "deja": "/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf",
}
LOOKS: Final = ((0.8, 0.0), (1.6, 8.0), (2.3, 12.0))
"""Blur and grain (standard deviations in pixels and grey levels) of each drawing."""
ROWS: Final = 24
PITCH: Final = 72
WIDTH: Final = 1800


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        drawn = [file for font, path in FONTS.items() for file in _draw(folder, font, path)]
        for base in drawn:
            _run(folder, "tesseract", f"{base}.tif", base, "--psm", "6", "box.train", "-l", "eng")
        pages = [f"{base}.tr" for base in drawn]
        _run(
            folder, "unicharset_extractor", "--output_unicharset", "unicharset", *(f"{b}.box" for b in drawn)
        )
        (folder / "font_properties").write_text("".join(f"{font} 0 1 0 0 0\n" for font in FONTS))
        common = ("-F", "font_properties", "-U", "unicharset")
        _run(folder, "shapeclustering", *common, *pages)
        _run(folder, "mftraining", *common, "-O", f"{MODEL}.unicharset", *pages)
        _run(folder, "cntraining", *pages)
        for part in ("inttemp", "normproto", "pffmtable", "shapetable"):
            (folder / part).rename(folder / f"{MODEL}.{part}")
        _run(folder, "combine_tessdata", f"{MODEL}.")
        (FOLDER / f"{MODEL}.traineddata").write_bytes((folder / f"{MODEL}.traineddata").read_bytes())


def _run(folder: Path, *command: str) -> None:
    subprocess.run(command, cwd=folder, check=True, capture_output=True)


def _draw(folder: Path, font: str, path: str) -> list[str]:
    """Write pictures and their boxes; returns their names without endings."""
    random = np.random.default_rng(1)
    image = Image.new("L", (WIDTH, (ROWS + 2) * PITCH), 255)
    pen = ImageDraw.Draw(image)
    boxes: list[str] = []
    for row in range(ROWS):
        size = int(random.integers(34, 46))
        face: Any = ImageFont.truetype(path, size) if path else ImageFont.load_default(size)
        heavy = int(random.integers(0, 2))
        x, y = 40.0, PITCH // 2 + row * PITCH
        for sign in [":", *random.permutation(list("0123456789" * 2)), ":"]:
            left, top, right, bottom = pen.textbbox((x, y), sign, font=face, stroke_width=heavy)
            pen.text((x, y), sign, font=face, fill=0, stroke_width=heavy)
            # Boxes count from the bottom of the picture.
            boxes.append(f"{sign} {left - 1:.0f} {image.height - bottom - 1:.0f} ")
            boxes[-1] += f"{right + 1:.0f} {image.height - top + 1:.0f} 0\n"
            x += face.getlength(sign) * 1.05 + int(random.integers(6, 24))
    names: list[str] = []
    for number, (blur, grain) in enumerate(LOOKS):
        seen = cv2.GaussianBlur(np.asarray(image), (0, 0), blur).astype(np.float32)
        seen += random.normal(0, grain, seen.shape) if grain else 0
        names.append(f"{MODEL}.{font}.exp{number}")
        cv2.imwrite(str(folder / f"{names[-1]}.tif"), np.clip(seen, 0, 255).astype(np.uint8))
        (folder / f"{names[-1]}.box").write_text("".join(boxes))
    return names


if __name__ == "__main__":
    main()
