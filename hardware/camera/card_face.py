"""Reading the face of an e-KTP from a photograph: where the card lies, its number by two readers, a few fields.

Reader one is RapidOCR (neural nets that find and read lines), reader two tesseract with a model for the number's
digits. What they read is handed on as it is: whether it makes a NIK, and whether it is believed, is the kiosk's to say.
RapidOCR takes some 300 MB, so this runs in a process that ends with the screen (`kiosk.main.face_reader`).
"""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# (OpenCV's stubs leave array element types open; RapidOCR has none.)

from __future__ import annotations

import asyncio
import difflib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from hardware.camera import digits, geometry, page_finder
from hardware.camera.geometry import Corners, Picture
from hardware.camera.port import CardFace, FaceField, FaceTrouble
from hardware.camera.tesseract import BLOCK, LINE, ReadTrouble, Word, read

WIDE: Final = 1012
HIGH: Final = 638
"""ID-1 at 300 dots an inch: what both readers work on, whatever the camera gave."""
RATIOS: Final = (1.3, 1.9)
"""Long over short side of what may be a card (true: 1.586); slant and soft edges shift it."""
NIK_DIGITS: Final = 16
LEAST_SURE: Final = 0.6
"""RapidOCR's confidence in the number's line below which it counts as unread."""
LOOKS: Final = ((52, False), (64, False), (52, True), (44, True))
"""Preparations of the number's line for tesseract: height in pixels, black and white. At least two must agree."""
LEAST_CONTRAST: Final = 24.0
"""Grey levels between ink and ground below which print is not told from noise."""
PORTRAIT: Final = np.s_[125:450, 755:980]
PORTRAIT_TURNED: Final = np.s_[HIGH - 450 : HIGH - 125, WIDE - 980 : WIDE - 755]
NUMBER_ROWS: Final = (108.0, 172.0)
NUMBER_COLUMNS: Final = (232, 742)
"""Where the number stands, in pixels of the straightened card."""
LABELS: Final = {"name": "Nama", "birth": "Tempat/TglLahir", "address": "Alamat"}


class Lines(Protocol):
    """RapidOCR: a BGR picture → [box of four corners, text, confidence] a line, or None; and timings. With `use_det`
    False the picture is one line, and there is no box."""

    def __call__(self, picture: Picture, use_det: bool = True) -> tuple[list[Any] | None, Any]: ...


def line_reader() -> Lines:
    """RapidOCR with its own models (in its package, no network). Takes a second and 100 MB, 300 MB once it reads."""
    from rapidocr_onnxruntime import RapidOCR  # pyright: ignore[reportMissingTypeStubs] -- late: nobody else pays

    engine: Any = RapidOCR(intra_op_num_threads=1)
    return engine


@dataclass(frozen=True, slots=True)
class _Line:
    text: str = field(repr=False)
    sure: float
    left: float
    top: float
    right: float
    bottom: float

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


async def read_face(picture: Picture, lines: Lines) -> CardFace | FaceTrouble:
    """Numbers and fields of the card in a BGR photograph.

    A number is "" where its reader did not find exactly sixteen digits or did not trust itself; nothing is corrected.
    """
    seen = False
    for card in _cards(picture):
        seen = True
        card = _upright(card)
        found = _lines(lines, card)
        number = _number_line(found) or _number_beside_label(lines, card, found)
        if number is None:
            continue
        grey = np.asarray(cv2.cvtColor(card, cv2.COLOR_BGR2GRAY), np.uint8)
        first = _first(lines, card, number)
        second = await _second(grey, number)
        if isinstance(second, ReadTrouble):
            return FaceTrouble.READER_MISSING
        words = await read(np.ascontiguousarray(grey[:, : int(0.73 * WIDE)]), dpi=300, layout=BLOCK)
        rows = _rows(words) if not isinstance(words, ReadTrouble) else []
        fields = {name: _field(label, found, rows) for name, label in LABELS.items()}
        return CardFace((first, second), **fields)
    return FaceTrouble.NO_NUMBER if seen else FaceTrouble.NO_CARD


def _cards(picture: Picture) -> Iterator[Picture]:
    """Straightened cards: what the page finder sees in the whole picture, then in parts of it.

    A card is small in the view of a camera made for A4; in a part it is large enough not to be taken for desk.
    """
    high, wide = picture.shape[:2]
    whole = (0.0, 0.0, 1.0)
    parts = (
        whole,
        (0.2, 0.2, 0.6),
        (0.1, 0.1, 0.8),
        (0.0, 0.0, 0.6),
        (0.4, 0.0, 0.6),
        (0.0, 0.4, 0.6),
        (0.4, 0.4, 0.6),
    )
    known: list[Corners] = []
    for x, y, share in parts:
        left, top = int(x * wide), int(y * high)
        part = np.ascontiguousarray(picture[top : top + int(share * high), left : left + int(share * wide)])
        found = page_finder.find(part)
        if found is None:
            continue
        corners = geometry.as_corners(found.quad) + np.array([left, top])
        if any(geometry.overlap(corners, other) > 0.9 for other in known):
            continue
        known.append(corners)
        ratio = geometry.aspect_ratio(corners, wide, high)
        if RATIOS[0] < 1 / ratio < RATIOS[1]:
            corners, ratio = np.roll(corners, 1, axis=0), 1 / ratio
        if RATIOS[0] < ratio < RATIOS[1]:
            yield geometry.rectify(picture, corners, WIDE, HIGH)


def _upright(card: Picture) -> Picture:
    """Turned by half when the portrait, whose ground is deep red or blue, lies at the left."""
    strong = cv2.cvtColor(card, cv2.COLOR_BGR2HSV)[:, :, 1]
    right, left = (float(strong[part].mean()) for part in (PORTRAIT, PORTRAIT_TURNED))
    return np.ascontiguousarray(np.rot90(card, 2)) if left > right else card


def _lines(lines: Lines, card: Picture) -> list[_Line]:
    said, _ = lines(card)
    found: list[_Line] = []
    for box, text, sure in said or []:
        points = np.asarray(box, np.float64)
        (left, top), (right, bottom) = points.min(axis=0), points.max(axis=0)
        found.append(_Line(str(text), float(sure), float(left), float(top), float(right), float(bottom)))
    return found


def _number_line(found: list[_Line]) -> _Line | None:
    """The line with the most digits in a row, if it has enough to be the number."""
    best = max(found, key=lambda line: len(_digits(line.text, exact=False)), default=None)
    return best if best is not None and len(_digits(best.text, exact=False)) >= 12 else None


def _number_beside_label(lines: Lines, card: Picture, found: list[_Line]) -> _Line | None:
    """The number where all cards have it, beside "NIK", when it was not seen as a line of its own: wide-set digits are
    at times taken for a pattern."""
    label = next((line for line in found if _plain(line.text) == "NIK" and line.left < 0.2 * WIDE), None)
    top, bottom = (label.top - 8, label.bottom + 8) if label else NUMBER_ROWS
    left, right = NUMBER_COLUMNS
    strip = np.ascontiguousarray(card[max(0, int(top)) : int(bottom), left:right])
    if not strip.size:
        return None
    said, _ = lines(strip, use_det=False)
    if not said:
        return None
    text, sure = said[0][0], float(said[0][1])
    line = _Line(str(text), sure, left, max(0.0, top), right, bottom)
    return _number_line([line])


def _digits(text: str, *, exact: bool = True) -> str:
    """The digits at the end of a line, behind label and colon; with `exact` "" unless there are sixteen."""
    run = re.search(r"[0-9]*$", text.replace(" ", ""))
    said = run[0] if run else ""
    return said if not exact or len(said) == NIK_DIGITS else ""


def _first(lines: Lines, card: Picture, number: _Line) -> str:
    """RapidOCR's reading of the number; cut out of its line it is looked at once more when the first look had not
    exactly sixteen digits."""
    said = _digits(number.text) if number.sure >= LEAST_SURE else ""
    if said:
        return said
    left, right = NUMBER_COLUMNS
    for room in (4, 10):
        strip = card[max(0, int(number.top) - room) : int(number.bottom) + room, left:right]
        if not strip.size:
            continue
        again, _ = lines(np.ascontiguousarray(strip), use_det=False)
        if again and float(again[0][1]) >= LEAST_SURE and _digits(str(again[0][0])):
            return _digits(str(again[0][0]))
    return ""


async def _second(grey: NDArray[Any], line: _Line) -> str | ReadTrouble:
    """tesseract's reading of the number: the one that most preparations agree on, "" when no two do."""
    crop = _behind_colon(grey, line)
    looks = await asyncio.gather(
        *(
            read(
                _prepared(crop, high, black=black),
                dpi=300,
                wanted=digits.MODEL,
                layout=LINE,
                models=digits.FOLDER,
                classic=True,
                seconds=10,
            )
            for high, black in LOOKS
        )
    )
    said: Counter[str] = Counter()
    for words in looks:
        if isinstance(words, ReadTrouble):
            return words
        text = "".join(word.text for word in words).rpartition(":")[2]
        said[_digits(text)] += 1
    del said[""]
    first = said.most_common(2)
    if not first or first[0][1] < 2 or (len(first) > 1 and first[1][1] == first[0][1]):
        return ""
    return first[0][0]


def _behind_colon(grey: NDArray[Any], line: _Line) -> NDArray[Any]:
    """The number's line without its label and colon: specks, and signs of two parts, among the first few."""
    high = line.bottom - line.top
    top, bottom = max(0, int(line.top - 0.08 * high)), min(HIGH, int(line.bottom + 0.08 * high))
    left, right = max(0, int(line.left - 0.1 * high)), min(WIDE, int(line.right + 0.2 * high))
    crop = grey[top:bottom, left:right]
    ink = cv2.threshold(crop, 0, 255, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)[1] > 0
    columns = np.concatenate([[False], ink.sum(axis=0) >= 2, [False]])
    change = np.flatnonzero(np.diff(columns.astype(np.int8)))
    runs = list(zip(change[::2].tolist(), change[1::2].tolist(), strict=True))
    shapes = [_shape(ink[:, start:end]) for start, end in runs]
    tall = float(np.percentile([extent for extent, _ in shapes], 75)) if shapes else 0.0
    start = 0
    for number, (_, end) in enumerate(runs[:8]):
        extent, gap = shapes[number]
        if extent < 0.5 * tall or gap > 0.15 * tall:
            start = (end + runs[number + 1][0]) // 2 if number + 1 < len(runs) else end
    return crop[:, start:]


def _shape(ink: NDArray[Any]) -> tuple[int, int]:
    """Height of a sign and the largest gap in it, in pixels; only a colon has one."""
    rows = np.flatnonzero(ink.any(axis=1))
    if not rows.size:
        return 0, 0
    return int(rows[-1] - rows[0] + 1), int(np.max(np.diff(rows), initial=1)) - 1


def _prepared(crop: NDArray[Any], high: int, *, black: bool) -> NDArray[Any]:
    factor = high / crop.shape[0]
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    large = cv2.resize(crop, None, fx=factor, fy=factor, interpolation=how)
    # Each place between the darkest and lightest grey of its neighbourhood: glare pales print, it does not erase it.
    near = np.ones((high, high), np.uint8)
    dark = cv2.blur(cv2.erode(large, near), (high, high)).astype(np.float32)
    light = cv2.blur(cv2.dilate(large, near), (high, high)).astype(np.float32)
    even = np.clip((large - dark) / np.maximum(light - dark, LEAST_CONTRAST) * 290 - 10, 0, 255).astype(
        np.uint8
    )
    if black:
        even = cv2.threshold(even, 0, 255, cv2.THRESH_OTSU)[1]
    return np.asarray(cv2.copyMakeBorder(even, 12, 12, 12, 12, cv2.BORDER_CONSTANT, value=255), np.uint8)


def _rows(words: list[Word]) -> list[str]:
    """Lines of text as tesseract read them."""
    lines: dict[int, list[str]] = {}
    for word in words:
        lines.setdefault(word.line_number, []).append(word.text)
    return [" ".join(line) for line in lines.values()]


def _field(label: str, found: list[_Line], rows: list[str]) -> FaceField:
    """RapidOCR's and tesseract's reading of a labelled line; sure when they agree but for spaces, which only tesseract
    sees."""
    first = _value_beside(label, found)
    second = _value_behind(label, rows)
    if _plain(first) and _plain(first) == _plain(second):
        return FaceField(second, True)
    return FaceField(second or first, False)


def _plain(text: str) -> str:
    return re.sub(r"[^0-9A-Z]", "", text.upper())


def _like(text: str, label: str) -> bool:
    wanted, said = _plain(label), _plain(text)[: len(_plain(label))]
    return difflib.SequenceMatcher(None, wanted, said).ratio() >= 0.75


def _value_beside(label: str, found: list[_Line]) -> str:
    for line in found:
        name, _, behind = line.text.partition(":")
        if not _like(name, label):
            continue
        if behind.strip():
            return behind.strip()
        beside = [
            other
            for other in found
            if other.left > line.right - 8
            and abs(other.middle - line.middle) < 0.6 * (line.bottom - line.top)
        ]
        if beside:
            return min(beside, key=lambda other: other.left).text.lstrip(":. ").strip()
    return ""


def _value_behind(label: str, rows: list[str]) -> str:
    for row in rows:
        name, colon, value = row.partition(":")
        if colon and _like(name, label):
            return value.lstrip(":. ").strip()
    return ""
