"""The document camera as the kiosk sees it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, Protocol

from hardware.health import Health

Point = tuple[float, float]
Quad = tuple[Point, Point, Point, Point]
"""Corners in pixels, clockwise from the page's top left."""


class CameraTrouble(StrEnum):
    NO_CAMERA = "no_camera"
    GONE = "gone"
    """It was there and vanished while in use."""
    BUSY = "busy"
    UNREADABLE = "unreadable"
    """The picture could not be decoded, or is beyond the limits."""


class Remark(StrEnum):
    """Why a page is not good; the kiosk turns each into one sentence that says what to move."""

    BLURRED = "blurred"
    CUT_OFF = "cut_off"
    GLARE = "glare"
    DARK = "dark"
    LOW_RESOLUTION = "low_resolution"
    BLANK = "blank"
    NO_PAGE = "no_page"
    MOVING = "moving"
    TWO_PAGES = "two_pages"


Edge = Literal["left", "top", "right", "bottom"]


@dataclass(frozen=True, slots=True)
class Quality:
    """Judgement of a page. Scores run from 0 (bad) to 1 (good); `remarks` is worst first, empty when all is well."""

    sharp: float = 0.0
    whole: float = 0.0
    free_of_glare: float = 0.0
    light: float = 0.0
    dpi: int = 0
    """True resolution at the page's physical size; 0 when unknown. Never upscaled."""
    remarks: tuple[Remark, ...] = ()
    beyond: Edge | None = None
    """The one edge of the picture over which the page runs; None when it is whole, or runs over several."""

    @property
    def good(self) -> bool:
        return not self.remarks


@dataclass(frozen=True, slots=True)
class Frame:
    """A preview picture. `pixels` is tightly packed BGRA (A is 255), `4 * width * height` bytes, rows from the top."""

    number: int
    width: int
    height: int
    pixels: bytes | memoryview = field(repr=False)
    outline: Quad | None = None
    steady: bool = False
    """The outline has not moved for 0.6 s."""
    quality: Quality = Quality()


@dataclass(frozen=True, slots=True)
class Page:
    """A captured, rectified page. `jpeg` and `thumbnail` are JPEG files; sizes in pixels."""

    jpeg: bytes = field(repr=False)
    thumbnail: bytes = field(repr=False)
    width: int
    height: int
    dpi: int
    quality: Quality
    fingerprint: int = field(default=0, repr=False)
    """64-bit perceptual hash, to notice the same page twice."""


@dataclass(frozen=True, slots=True)
class CameraFault:
    trouble: CameraTrouble
    detail: str = ""


class FaceTrouble(StrEnum):
    """Why nothing was read from the face of an e-KTP."""

    NO_CARD = "no_card"
    NO_NUMBER = "no_number"
    """Something of a card's shape, but no line of digits on it."""
    READER_MISSING = "reader_missing"


@dataclass(frozen=True, slots=True)
class FaceField:
    """Text of a labelled line; `sure`: two readers saw the same."""

    text: str = field(default="", repr=False)
    sure: bool = False


@dataclass(frozen=True, slots=True)
class CardFace:
    """What two readers saw on an e-KTP. `numbers` are sixteen digits each, or "" where that reader gave up."""

    numbers: tuple[str, str] = field(repr=False)
    name: FaceField = FaceField()
    birth: FaceField = FaceField()
    """Place and date."""
    address: FaceField = FaceField()


class DocumentCamera(Protocol):
    """Opened while a screen shows it, closed right after. Troubles are values."""

    async def open(self) -> CameraFault | None: ...

    async def close(self) -> None: ...

    async def health(self) -> Health: ...

    def latest(self) -> Frame | CameraFault | None:
        """The newest preview frame; None until the first one. Never blocks: called by the UI at each redraw."""
        ...

    def codes(self) -> tuple[str, ...]:
        """Texts of the QR codes in the newest frame that was looked at; empty when there are none, the camera is
        closed or its stream is lost. Never blocks: the first call only asks for a look, so ask a few times a second
        for as long as a code is wanted; a second without asking ends the looking."""
        ...

    async def capture(self) -> Page | CameraFault:
        """Take a still at full resolution, find the page, rectify and judge it."""
        ...

    async def photograph(self) -> bytes | CameraFault:
        """Take a still at full resolution and hand it over as it is: a JPEG file."""
        ...
