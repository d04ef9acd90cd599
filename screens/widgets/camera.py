"""The live picture of the document camera: one texture, the page's outline, darkness around it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kivy.graphics import Callback, Color, InstructionGroup, Mesh
from kivy.graphics.opengl import GL_BLEND, GL_RENDERER, glDisable, glEnable, glGetString
from kivy.graphics.scissor_instructions import ScissorPop, ScissorPush
from kivy.graphics.texture import Texture

from screens.theme.look import Look
from screens.theme.tokens import CAMERA_GROUND, CAMERA_OK, SURYA
from screens.widgets import wake
from screens.widgets.part import Part
from screens.widgets.pen import Pen, pixels

Corner = tuple[float, float]
AROUND: float = 0.48
"""Light left outside the page: 52 % dark."""
STRIP: list[int] = list(range(10))
FAN: list[int] = [0, 1, 2, 3]


class CameraView(Part):
    """A live view that fills its rectangle (cropped, never stretched).

    ``feed`` takes a frame as bytes, rows from the top, 4 bytes a pixel in the order B, G, R, 255. ``outline``
    takes four corners in the frame's pixels, clockwise from the upper left, or None; ``steady`` turns it green with
    white corners.

    Page and surroundings are two meshes of one texture, each in its own light, drawn without blending: a dark sheet
    laid over the picture costs llvmpipe as much again as the picture.
    """

    def __init__(self, look: Look, x: float, y: float, w: float, h: float) -> None:
        super().__init__(look, x, y, w, h)
        self._ground = self.pen.ground(CAMERA_GROUND, x, y, w, h)
        self._box = pixels(look, x, y, w, h)
        self._around, self._page = Mesh(mode="triangle_strip"), Mesh(mode="triangle_fan")
        picture = InstructionGroup()
        self._begin = Callback(_unblended)
        picture.add(self._begin)
        picture.add(Color(AROUND, AROUND, AROUND, 1))
        picture.add(self._around)
        picture.add(Color(1, 1, 1, 1))
        picture.add(self._page)
        picture.add(Callback(_blended))
        self.group.add(picture)
        self._texture: Any = None
        self._shape = (0, 0)
        (left, low), (wide, high) = self._box
        lines = InstructionGroup()
        self.group.add(lines)
        # A corner of the page may lie outside the view: nothing is drawn over its neighbours.
        lines.add(ScissorPush(x=left, y=low, width=wide, height=high))
        pen = Pen(look, lines)
        self._line = pen.line(SURYA, [(0, 0), (0, 0)], 8, close=True, alpha=0.0)
        self._corners = [pen.line("#FFFFFF", [(0, 0)] * 3, 18, alpha=0.0) for _ in range(4)]
        lines.add(ScissorPop())
        self._outlined: tuple[tuple[Corner, ...], bool] | None = None

    def feed(self, frame: bytes | memoryview, width: int, height: int) -> None:
        """Show a frame: ``width * height * 4`` bytes, BGRA. ValueError when the length is another."""
        if len(frame) != width * height * 4:
            raise ValueError("a frame of another size than it says")
        if self._texture is None or self._shape != (width, height):
            self._shape = (width, height)
            # In the order in which Mesa keeps it: any other is turned around pixel by pixel.
            self._texture = Texture.create(size=(width, height), colorfmt="bgra")
            if _software_gl():
                # Half the cost of the picture; the edges of print are a little rougher in the preview, not in the page.
                self._texture.mag_filter = self._texture.min_filter = "nearest"
            self._ground.place(self.x, self.y, 0, 0)  # the picture covers all of it
            self._around.texture = self._page.texture = self._texture
            self._outlined = None
            self._light(None)
        self._texture.blit_buffer(frame, colorfmt="bgra", bufferfmt="ubyte")
        self._begin.ask_update()  # Kivy does not notice that a texture holds another picture
        self._ask()

    def _ask(self) -> None:
        pos, size = self._box
        wake.ask((*pos, *size))

    def _scale(self) -> float:
        """Design units a pixel of the frame."""
        width, height = self._shape
        return max(self.w / width, self.h / height)

    def _to_design(self, corner: Corner) -> Corner:
        width, height = self._shape
        scale = self._scale()
        return (
            self.x + self.w / 2 + (corner[0] - width / 2) * scale,
            self.y + self.h / 2 + (corner[1] - height / 2) * scale,
        )

    def outline(self, corners: Sequence[Corner] | None, *, steady: bool = False) -> None:
        """Draw the page's outline, or nothing. The same one again costs nothing."""
        wanted = None if corners is None or not self._shape[0] else (tuple(corners), steady)
        if wanted == self._outlined:
            return
        self._outlined = wanted
        self._ask()
        if wanted is None:
            self._line.tint(alpha=0.0)
            for line in self._corners:
                line.tint(alpha=0.0)
            if self._shape[0]:
                self._light(None)
            return
        points = [self._to_design(corner) for corner in wanted[0]]
        self._line.tint(CAMERA_OK if steady else SURYA, 1.0)
        self._line.through(points)
        self._light(points)
        for index, line in enumerate(self._corners):
            here, before, after = points[index], points[index - 1], points[(index + 1) % 4]
            line.tint(alpha=1.0 if steady else 0.0)
            line.through([_toward(here, before, 96), here, _toward(here, after, 96)])

    def _light(self, page: Sequence[Corner] | None) -> None:
        """Lay out the picture: the page in full light and what is around it, or all of it without a page."""
        right, low = self.x + self.w, self.y + self.h
        frame = [(self.x, self.y), (right, self.y), (right, low), (self.x, low)]
        inside = frame
        if page is not None:
            inside = [(min(max(x, self.x), right), min(max(y, self.y), low)) for x, y in page]
        self._page.vertices = self._vertices(inside)
        self._page.indices = FAN
        ring = [corner for index in (0, 1, 2, 3, 0) for corner in (frame[index], inside[index])]
        self._around.vertices = self._vertices(ring if page is not None else [])
        self._around.indices = STRIP if page is not None else []

    def _vertices(self, points: Sequence[Corner]) -> list[float]:
        """Window pixels and texture coordinates of points in design units."""
        unit, tall = self.look.unit, self.look.tall
        width, height = self._shape
        scale = self._scale()
        middle = self.x + self.w / 2, self.y + self.h / 2
        found: list[float] = []
        for x, y in points:
            across = 0.5 + (x - middle[0]) / scale / width
            down = 0.5 + (y - middle[1]) / scale / height
            found += (x * unit, (tall - y) * unit, across, down)
        return found

    def clear(self) -> None:
        """Forget the last frame: overwrite it, so that a page does not stay in the graphics memory."""
        if self._texture is not None:
            width, height = self._shape
            self._texture.blit_buffer(bytes(width * height * 4), colorfmt="bgra", bufferfmt="ubyte")
        self.outline(None)

    def gone(self) -> None:
        self.clear()


def _unblended(_: Any) -> None:
    glDisable(GL_BLEND)


def _blended(_: Any) -> None:
    glEnable(GL_BLEND)


def _software_gl() -> bool:
    """Whether Mesa draws on the processor (glGetString, GL_RENDERER)."""
    name = glGetString(GL_RENDERER) or b""
    return b"llvmpipe" in name or b"softpipe" in name


def _toward(one: Corner, other: Corner, length: float) -> Corner:
    dx, dy = other[0] - one[0], other[1] - one[1]
    far = max(1.0, (dx * dx + dy * dy) ** 0.5)
    return one[0] + dx / far * length, one[1] + dy / far * length
