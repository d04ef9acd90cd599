"""A camera over a drawn desk: the same engine, finding and judging as the real one, on invented papers."""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# (OpenCV's stubs leave array element types open.)

from __future__ import annotations

import functools
import math
import time
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from hardware.camera import papers
from hardware.camera.address import probe_table
from hardware.camera.geometry import Corners, Picture
from hardware.camera.live import LiveCamera
from hardware.camera.port import CameraFault, CameraTrouble, Page, Remark
from hardware.health import Health
from hardware.world.port import CameraTable, Happening, World

PREVIEW: Final = (1280, 720)
STILL: Final = (3840, 2160)
RATE: Final = 30.0
VIEW_HIGH_MM: Final = 345.0
"""Millimetres of table along the picture's short side: an A4 page fills 86 % of its height."""
SLIDE_SECONDS: Final = 0.45
GRAINS: Final = 4


def place(table: CameraTable, width: int, height: int, progress: float = 1.0) -> Corners:
    """Where the paper's corners lie in a `width` × `height` picture; `progress` 0 to 1 slides it onto the desk."""
    sheet = papers.sheet(table.paper, table.page)
    scale = height / VIEW_HIGH_MM
    half_w, half_h = sheet.width_mm * scale / 2, sheet.height_mm * scale / 2
    corners = np.array([[-half_w, -half_h], [half_w, -half_h], [half_w, half_h], [-half_w, half_h]])
    # Each page lies a little differently, as papers laid down by hand do.
    degrees = 13.0 if table.tilted else -2.3 + 0.9 * (table.page % 3)
    turn = math.radians(degrees)
    corners = corners @ np.array([[math.cos(turn), math.sin(turn)], [-math.sin(turn), math.cos(turn)]])
    if table.tilted:
        corners *= 0.9
    # The camera looks down at a slight slant: what is nearer to it, at the bottom, is a little larger.
    slant = (0.10 if table.tilted else 0.035) / height
    corners = corners / (1 - slant * corners[:, 1:2])
    middle = np.array([width / 2, height / 2])
    if table.cut_off:
        middle[1] += 0.24 * height
    middle = middle + (1 - progress) ** 2 * np.array([0.35 * width, 0.95 * height])
    return corners + middle


@functools.lru_cache(maxsize=3)
def _desk(width: int, height: int) -> Picture:
    """Dark planks, as on the design's screen 08."""
    random = np.random.default_rng(8)
    along = np.linspace(0, 7.3, width, dtype=np.float32)
    plank = np.floor(along + 0.4)
    tone = 56 + 3.0 * np.sin(plank * 2.4)
    gap = np.exp(-(((along + 0.4) % 1) ** 2) / 0.0006) * 16
    grain = cv2.resize(random.normal(0, 1.7, (6, max(8, width // 3))).astype(np.float32), (width, height))
    grey = (tone - gap).astype(np.float32)[None, :] + grain
    # Channel by channel into bytes: three channels of floats of a still would be 200 MB for a moment.
    return np.asarray(
        cv2.merge([cv2.convertScaleAbs(grey, alpha=part) for part in (0.86, 0.97, 1.0)]), dtype=np.uint8
    )


def draw(table: CameraTable, width: int, height: int, progress: float = 1.0) -> Picture:
    """The camera's picture of the table without sensor noise; BGR, `width` × `height`."""
    scene = _desk(width, height).copy()
    if table.present:
        corners = place(table, width, height, progress)
        _lay(scene, papers.sheet(table.paper, table.page).picture, corners)
    light = _lamp(width, height, 0.26 if table.dark else 1.0)
    lit = [cv2.multiply(channel, light, dtype=cv2.CV_8U) for channel in cv2.split(scene)]
    scene = np.asarray(cv2.merge(lit), dtype=np.uint8)
    if table.present and table.glare:
        _shine(scene, place(table, width, height, progress))
    return scene


def _lay(scene: Picture, paper: Picture, corners: Corners) -> None:
    high, wide = scene.shape[:2]
    reach = float(np.linalg.norm(corners[1] - corners[0]))
    factor = min(1.0, 1.15 * reach / paper.shape[1])
    if factor < 1.0:  # shrink first: a plain warp would leave jagged print
        paper = np.asarray(
            cv2.resize(paper, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA), dtype=np.uint8
        )
    drop = 0.006 * high
    shadow = np.full((high, wide), 255, np.uint8)
    cv2.fillConvexPoly(
        shadow, np.round(corners + np.array([0.4 * drop, drop])).astype(np.int32), 135, cv2.LINE_AA
    )
    soft = cv2.GaussianBlur(shadow, (0, 0), drop)
    scene[:] = cv2.multiply(scene, cv2.merge([soft, soft, soft]), scale=1 / 255)
    source = np.array([[0, 0], [paper.shape[1], 0], [paper.shape[1], paper.shape[0]], [0, paper.shape[0]]])
    matrix = cv2.getPerspectiveTransform(
        source.astype(np.float32) - np.float32(0.5), corners.astype(np.float32)
    )
    flat = cv2.warpPerspective(paper, matrix, (wide, high), flags=cv2.INTER_LINEAR)
    mask = np.zeros((high, wide), np.uint8)
    cv2.fillConvexPoly(mask, np.round(corners * 16).astype(np.int32), 255, cv2.LINE_AA, shift=4)
    cv2.copyTo(flat, np.where(mask > 200, 255, 0).astype(np.uint8), scene)


def _shine(scene: Picture, corners: Corners) -> None:
    """A lamp mirrored in the paper: burnt out in the middle, fading outward."""
    high, wide = scene.shape[:2]
    spot = corners.mean(axis=0) + 0.18 * (corners[1] - corners[3])
    y, x = np.ogrid[:high, :wide]
    far = ((x - spot[0]) / (0.13 * high)) ** 2 + ((y - spot[1]) / (0.09 * high)) ** 2
    added = (330 * np.exp(-far)).astype(np.float32)
    scene[:] = np.clip(scene + added[:, :, None], 0, 255).astype(np.uint8)


@functools.lru_cache(maxsize=4)
def _lamp(width: int, height: int, strength: float) -> NDArray[np.float32]:
    """Light a little stronger at the top left, as one desk lamp gives it."""
    across = np.linspace(0, 0.10, width, dtype=np.float32)
    down = np.linspace(0, 0.07, height, dtype=np.float32)
    return np.float32(strength) * (1 - across[None, :] - down[:, None])


def _noisy(picture: Picture, random: np.random.Generator) -> Picture:
    """The picture as a sensor would see it: a little normal noise in every value."""
    noise = random.standard_normal(picture.shape, dtype=np.float32) * np.float32(2.2)
    return np.asarray(cv2.add(picture, noise, dtype=cv2.CV_8U), dtype=np.uint8)


class TableSource:
    """A Source that looks at the world's camera table. Drawn once a change; a frame then costs a look-up."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._drawn: tuple[CameraTable, list[Picture]] | None = None
        self._laid: tuple[bool, str, int] = (False, "", 0)
        self._laid_at = -1e9
        self._due = 0.0
        self._count = 0

    @property
    def still_gain(self) -> float:
        return STILL[0] / PREVIEW[0]

    def open(self) -> CameraFault | None:
        if not self._world.state.camera.plugged:
            return CameraFault(CameraTrouble.NO_CAMERA, "absent")
        self._due = time.monotonic()
        return None

    def read(self) -> Picture | CameraFault:
        now = time.monotonic()
        if self._due > now:
            time.sleep(self._due - now)
        self._due = max(now, self._due) + 1 / RATE
        table = self._world.state.camera
        if not table.plugged:
            return CameraFault(CameraTrouble.GONE, "unplugged")
        laid = (table.present, table.paper, table.page)
        if laid != self._laid:
            self._laid, self._laid_at = laid, now
        progress = (now - self._laid_at) / SLIDE_SECONDS
        self._count += 1
        if progress < 1.0 and table.present:
            return draw(table, *PREVIEW, progress)
        if self._drawn is None or self._drawn[0] != table:
            still = draw(table, *PREVIEW)
            # Made when the camera is looked through, forgotten when it is closed: a visit without papers must not
            # carry 60 MB of noise.
            random = np.random.default_rng(5)
            self._drawn = (table, [_noisy(still, random) for _ in range(GRAINS)])
        return self._drawn[1][self._count % GRAINS]

    def still(self) -> Picture | CameraFault:
        table = self._world.state.camera
        if not table.plugged:
            return CameraFault(CameraTrouble.GONE, "unplugged")
        picture = draw(table, *STILL)
        grain = np.random.default_rng(self._count).normal(0, 2.0, (540, 960)).astype(np.int8)
        tiled = np.tile(grain, (4, 4)).astype(np.int16)[:, :, None]
        return np.asarray(cv2.add(picture, np.repeat(tiled, 3, axis=2), dtype=cv2.CV_8U), dtype=np.uint8)

    def close(self) -> None:
        self._drawn = None

    def probe(self) -> Health:
        return probe_table(self._world)


class SimulatedCamera(LiveCamera):
    """DocumentCamera over the simulated desk.

    Reports to the world: "camera.opened", "camera.closed", "camera.page_stored" (a good page), "camera.page_doubtful"
    (a page with remarks), "camera.no_page" and "camera.fault"; never a word of what the paper says.
    """

    def __init__(self, world: World) -> None:
        super().__init__(TableSource(world))
        self._world = world
        self._is_open = False

    async def open(self) -> CameraFault | None:
        fault = await super().open()
        if fault is None and not self._is_open:
            self._is_open = True
            self._world.report(Happening("camera.opened"))
        elif fault is not None:
            self._world.report(Happening("camera.fault"))
        return fault

    async def close(self) -> None:
        await super().close()
        if self._is_open:
            self._is_open = False
            self._world.report(Happening("camera.closed"))

    async def capture(self) -> Page | CameraFault:
        begun = time.perf_counter()
        page = await super().capture()
        took = (time.perf_counter() - begun) * 1000
        if isinstance(page, CameraFault):
            word = "camera.fault"
        elif Remark.NO_PAGE in page.quality.remarks:
            word = "camera.no_page"
        else:
            word = "camera.page_stored" if page.quality.good else "camera.page_doubtful"
        self._world.report(Happening(word, took_ms=took))
        return page
