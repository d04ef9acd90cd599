"""The live picture of the document camera: one texture, the page's outline, darkness around it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kivy.graphics import Color, Mesh, Rectangle
from kivy.graphics.opengl import GL_RENDERER, glGetString
from kivy.graphics.texture import Texture

from screens.theme.look import Look
from screens.theme.tokens import CAMERA_GROUND, CAMERA_OK, SURYA, rgba
from screens.widgets import wake
from screens.widgets.part import Part
from screens.widgets.pen import pixels

Corner = tuple[float, float]


class CameraView(Part):
    """A live view that fills its rectangle (cropped, never stretched).

    ``feed`` takes a frame as bytes, rows from the top, 3 bytes a pixel in the order B, G, R. ``outline``
    takes four corners in
    the frame's pixels, clockwise from the upper left, or None; ``steady`` turns it green with white corners.
    """

    def __init__(self, look: Look, x: float, y: float, w: float, h: float) -> None:
        super().__init__(look, x, y, w, h)
        self._ground = self.pen.ground(CAMERA_GROUND, x, y, w, h)
        self.group.add(Color(1, 1, 1, 1))
        self._picture = Rectangle(pos=(0, 0), size=(0, 0))  # no frame yet: nothing to see
        self.group.add(self._picture)
        self._texture: Any = None
        self._shape = (0, 0)
        self._dark = Color(*rgba("#000000", 0.0))
        self._shade = Mesh(mode="triangle_strip")
        self.group.add(self._dark)
        self.group.add(self._shade)
        self._line = self.pen.line(SURYA, [(0, 0), (0, 0)], 8, close=True, alpha=0.0)
        self._corners = [self.pen.line("#FFFFFF", [(0, 0)] * 3, 18, alpha=0.0) for _ in range(4)]

    def feed(self, frame: bytes | memoryview, width: int, height: int) -> None:
        """Show a frame: ``width * height * 3`` bytes, BGR. ValueError when the length is another."""
        if len(frame) != width * height * 3:
            raise ValueError("a frame of another size than it says")
        if self._texture is None or self._shape != (width, height):
            self._shape = (width, height)
            self._texture = Texture.create(size=(width, height), colorfmt="bgr")
            self._texture.flip_vertical()
            if _software_gl():
                # Half the cost of the picture; the edges of print are a little rougher in the preview, not in the page.
                self._texture.mag_filter = self._texture.min_filter = "nearest"
            self._picture.texture = self._texture
            self._crop()
            self._picture.pos, self._picture.size = pixels(self.look, self.x, self.y, self.w, self.h)
        self._texture.blit_buffer(frame, colorfmt="bgr", bufferfmt="ubyte")
        self._ask()

    def _ask(self) -> None:
        pos, size = pixels(self.look, self.x, self.y, self.w, self.h)
        wake.ask((*pos, *size))

    def _crop(self) -> None:
        width, height = self._shape
        shown = min(width / self.w, height / self.h)
        u, v = self.w * shown / width, self.h * shown / height
        left, top = (1 - u) / 2, (1 - v) / 2
        right, low = left + u, top + v
        self._picture.tex_coords = (left, low, right, low, right, top, left, top)

    def _to_design(self, corner: Corner) -> Corner:
        width, height = self._shape
        scale = max(self.w / width, self.h / height)
        return (
            self.x + self.w / 2 + (corner[0] - width / 2) * scale,
            self.y + self.h / 2 + (corner[1] - height / 2) * scale,
        )

    def outline(self, corners: Sequence[Corner] | None, *, steady: bool = False) -> None:
        """Draw the page's outline, or nothing."""
        if corners is None or not self._shape[0]:
            self._line.tint(alpha=0.0)
            self._dark.a = 0.0
            for line in self._corners:
                line.tint(alpha=0.0)
            self._ask()
            return
        points = [self._to_design(corner) for corner in corners]
        self._line.tint(CAMERA_OK if steady else SURYA, 1.0)
        self._line.through(points)
        self._darken(points)
        for index, line in enumerate(self._corners):
            here, before, after = points[index], points[index - 1], points[(index + 1) % 4]
            line.tint(alpha=1.0 if steady else 0.0)
            line.through([_toward(here, before, 96), here, _toward(here, after, 96)])

    def _darken(self, page: Sequence[Corner]) -> None:
        frame = [
            (self.x, self.y),
            (self.x + self.w, self.y),
            (self.x + self.w, self.y + self.h),
            (self.x, self.y + self.h),
        ]
        unit, tall = self.look.unit, self.look.tall
        vertices: list[float] = []
        for index in (0, 1, 2, 3, 0):
            inside = (
                min(max(page[index][0], self.x), self.x + self.w),
                min(max(page[index][1], self.y), self.y + self.h),
            )
            for px, py in (frame[index], inside):
                vertices += (px * unit, (tall - py) * unit, 0, 0)
        self._shade.vertices = vertices
        self._shade.indices = list(range(10))
        self._dark.a = 0.52
        self._ask()

    def clear(self) -> None:
        """Forget the last frame: overwrite it, so that a page does not stay in the graphics memory."""
        if self._texture is not None:
            width, height = self._shape
            self._texture.blit_buffer(bytes(width * height * 3), colorfmt="bgr", bufferfmt="ubyte")
        self.outline(None)

    def gone(self) -> None:
        self.clear()


def _software_gl() -> bool:
    """Whether Mesa draws on the processor (glGetString, GL_RENDERER)."""
    name = glGetString(GL_RENDERER) or b""
    return b"llvmpipe" in name or b"softpipe" in name


def _toward(one: Corner, other: Corner, length: float) -> Corner:
    dx, dy = other[0] - one[0], other[1] - one[1]
    far = max(1.0, (dx * dx + dy * dy) ** 0.5)
    return one[0] + dx / far * length, one[1] + dy / far * length
