"""Drawing in design units from the upper left corner, and handles to change what was drawn.

A handle changes the properties of its instructions; nothing is rebuilt. Each change asks the pulse for a frame.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kivy.graphics import (
    BorderImage,
    ClearBuffers,
    ClearColor,
    Color,
    InstructionGroup,
    Rectangle,
    SmoothLine,
)
from kivy.graphics.scissor_instructions import ScissorPop, ScissorPush

from screens.theme.icons import glyph
from screens.theme.look import Look
from screens.theme.tokens import Role, RoleName, rgba
from screens.widgets import raster, text, wake
from screens.widgets.text import Align

Rect = tuple[float, float, float, float]
"""x, y, width, height in design units."""


class Handle:
    """Something drawn: a colour and a place."""

    __slots__ = ("_alpha", "_code", "colour", "group")

    def __init__(self, group: InstructionGroup, code: str, alpha: float) -> None:
        # A group of its own: what is added to it later still follows this colour.
        self.group = InstructionGroup()
        group.add(self.group)
        group = self.group
        self._code = code
        self._alpha = alpha
        self.colour = Color(*rgba(code, alpha))
        group.add(self.colour)

    def tint(self, code: str | None = None, alpha: float | None = None) -> None:
        """Change the colour (#RRGGBB) or its opacity (0–1)."""
        self._code = code or self._code
        self._alpha = self._alpha if alpha is None else alpha
        fresh = rgba(self._code, self._alpha)
        if tuple(self.colour.rgba) != fresh:
            self.colour.rgba = fresh
            wake.ask(self.bounds())

    def bounds(self) -> wake.Box | None:
        """The pixels it covers; None when it cannot say."""
        return None


class RectHandle(Handle):
    """A rectangle or textured rectangle."""

    __slots__ = ("_look", "shape")

    def __init__(
        self, group: InstructionGroup, look: Look, code: str, alpha: float, texture: Any = None
    ) -> None:
        super().__init__(group, code, alpha)
        self._look = look
        self.shape = Rectangle(texture=texture) if texture is not None else Rectangle()
        self.group.add(self.shape)

    def bounds(self) -> wake.Box | None:
        return around([self.shape])

    def place(self, x: float, y: float, w: float, h: float) -> None:
        """Move and size it, design units."""
        pos, size = pixels(self._look, x, y, w, h)
        if tuple(self.shape.pos) != pos or tuple(self.shape.size) != size:
            wake.ask(self.bounds())
            self.shape.pos, self.shape.size = pos, size
            wake.ask(self.bounds())


class GroundHandle:
    """An opaque ground of one colour: clears its rectangle instead of drawing it.

    Under software GL a full-screen rectangle costs 20 ms (Kivy's shader looks up a texture and blends every pixel), a
    clear of the same pixels 2 to 6 ms. Not for what fades: a clear knows no opacity.
    """

    __slots__ = ("_box", "_code", "_colour", "_hole", "_look", "_scissors", "group")

    def __init__(self, group: InstructionGroup, look: Look, code: str) -> None:
        self.group = InstructionGroup()
        group.add(self.group)
        self._look = look
        self._code = code
        self._box: wake.Box = (0, 0, 0, 0)
        self._hole: wake.Box = (0, 0, 0, 0)
        self._colour = ClearColor(*rgba(code))
        self.group.add(self._colour)
        self._scissors: list[ScissorPush] = []

    def bounds(self) -> wake.Box | None:
        """The pixels it covers; None for nothing."""
        return self._box if self._box[2] and self._box[3] else None

    def tint(self, code: str) -> None:
        """Change the colour (#RRGGBB)."""
        if code != self._code:
            self._code = code
            self._colour.rgba = rgba(code)
            self._ask()

    def place(self, x: float, y: float, w: float, h: float, hole: Rect | None = None) -> None:
        """Move and size it, design units. `hole` is left out: something opaque covers it, so it need not be cleared."""
        box, missing = self._whole(x, y, w, h), self._whole(*hole) if hole else (0, 0, 0, 0)
        if box != self._box or missing != self._hole:
            self._ask()
            self._box, self._hole = box, missing
            self._cover(around_hole(box, missing))
            self._ask()

    def _whole(self, x: float, y: float, w: float, h: float) -> wake.Box:
        (left, low), (wide, high) = pixels(self._look, x, y, w, h)
        return left, low, wide, high

    def _cover(self, boxes: Sequence[wake.Box]) -> None:
        while len(self._scissors) < len(boxes):
            scissor = ScissorPush(x=0, y=0, width=0, height=0)  # within the pulse's own clip
            self._scissors.append(scissor)
            for instruction in (scissor, ClearBuffers(clear_color=True), ScissorPop()):
                self.group.add(instruction)
        for index, scissor in enumerate(self._scissors):
            box = boxes[index] if index < len(boxes) else (0, 0, 0, 0)
            scissor.x, scissor.y, scissor.width, scissor.height = box

    def _ask(self) -> None:
        box = self.bounds()
        if box is not None:
            wake.ask(box)


def around_hole(box: wake.Box, hole: wake.Box) -> list[wake.Box]:
    """What is left of a box without a hole: below, above, left and right of it, as far as there is anything."""
    x, y, w, h = box
    left, low = max(x, hole[0]), max(y, hole[1])
    right, high = min(x + w, hole[0] + hole[2]), min(y + h, hole[1] + hole[3])
    if right <= left or high <= low:
        return [box]
    parts = [
        (x, y, w, low - y),
        (x, high, w, y + h - high),
        (x, low, left - x, high - low),
        (right, low, x + w - right, high - low),
    ]
    return [part for part in parts if part[2] > 0 and part[3] > 0]


class BoxHandle:
    """A rounded box; its kind (colours, border, lip, pressed) may change, and its place."""

    __slots__ = ("_look", "_place", "image", "tone")

    def __init__(
        self, group: InstructionGroup, look: Look, shape: raster.Box, place: tuple[float, float, float, float]
    ):
        self._look = look
        self._place = place
        self.tone = Color(1, 1, 1, 1)
        patch = raster.box(shape)
        pos, size = pixels(look, *place)
        self.image = BorderImage(texture=patch.texture, border=patch.edges, pos=pos, size=size)
        group.add(self.tone)
        group.add(self.image)

    def become(self, shape: raster.Box) -> None:
        """Take another kind of box."""
        patch = raster.box(shape)
        self.image.texture = patch.texture
        self.image.border = patch.edges
        wake.ask(around([self.image]))

    def place(self, x: float, y: float, w: float, h: float) -> None:
        """Move and size it, design units."""
        self._place = (x, y, w, h)
        wake.ask(around([self.image]))
        self.image.pos, self.image.size = pixels(self._look, x, y, w, h)
        wake.ask(around([self.image]))

    def alpha(self, value: float) -> None:
        """Opacity, 0–1."""
        self.tone.a = value
        wake.ask(around([self.image]))


class TextHandle(Handle):
    """Text in a place of a given width; words, colour and offset may change."""

    __slots__ = (
        "_align",
        "_block",
        "_keep",
        "_look",
        "_rects",
        "_role",
        "_room",
        "_tabular",
        "_x",
        "_y",
        "words",
    )

    def __init__(
        self,
        group: InstructionGroup,
        look: Look,
        words: str,
        role: RoleName | Role,
        x: float,
        y: float,
        room: float | None,
        code: str,
        align: Align,
        *,
        tabular: bool,
        keep: bool,
    ) -> None:
        super().__init__(group, code, 1.0)
        self._look, self._align = look, align
        self._role: Role | RoleName = role
        self._x, self._y, self._room = x, y, room
        self._tabular, self._keep = tabular, keep
        self._rects: list[Rectangle] = []
        self.words = words
        self._block = text.layout(look, words, role, room, tabular=tabular, keep=keep)
        self._draw()

    def bounds(self) -> wake.Box | None:
        return around(self._rects) if self._rects else (0, 0, 0, 0)

    def _draw(self) -> None:
        drawn = [line for line in self._block.lines if line.texture is not None]
        while len(self._rects) < len(drawn):
            rect = Rectangle()
            self._rects.append(rect)
            self.group.add(rect)
        while len(self._rects) > len(drawn):
            self.group.remove(self._rects.pop())
        self._arrange()

    def _arrange(self) -> None:
        left, top = self._look.unit * self._x, self._look.unit * (self._look.tall - self._y)
        room = self._block.width if self._room is None else self._room * self._look.unit
        index = 0
        for number, line in enumerate(self._block.lines):
            if line.texture is None:
                continue
            slack = room - line.advance
            x = left + {"left": 0.0, "center": slack / 2, "right": slack}[self._align]
            # The font's own line box is centred in the line height, as a browser does it.
            y = top - self._block.line_height * (number + 0.5) - line.height / 2
            rect = self._rects[index]
            rect.texture = line.texture
            rect.size = (line.width, line.height)
            rect.pos = (round(x), round(y))
            index += 1
        wake.ask(self.bounds())

    @property
    def height(self) -> float:
        """Height of the text in design units."""
        return self._block.height / self._look.unit

    @property
    def width(self) -> float:
        """Width of its longest line in design units."""
        return self._block.width / self._look.unit

    @property
    def lines(self) -> int:
        """How many lines it takes."""
        return len(self._block.lines)

    def say(self, words: str) -> None:
        """Other words in the same place. Drawn anew only when they differ."""
        if words != self.words:
            self.words = words
            wake.ask(self.bounds())
            self._block = text.layout(
                self._look, words, self._role, self._room, tabular=self._tabular, keep=self._keep
            )
            self._draw()

    def move(self, x: float, y: float) -> None:
        """Put its upper left corner elsewhere."""
        if (x, y) != (self._x, self._y):
            wake.ask(self.bounds())
            self._x, self._y = x, y
            self._arrange()


class IconHandle(Handle):
    """An icon by its name; name, colour and place may change."""

    __slots__ = ("_fill", "_look", "_place", "_size", "rect")

    def __init__(
        self,
        group: InstructionGroup,
        look: Look,
        name: str,
        size: float,
        x: float,
        y: float,
        code: str,
        *,
        fill: bool,
    ) -> None:
        super().__init__(group, code, 1.0)
        self._look, self._size, self._fill = look, size, fill
        self._place = (x, y)
        self.rect = Rectangle()
        self.group.add(self.rect)
        self.show(name, fill=fill)

    def bounds(self) -> wake.Box | None:
        return around([self.rect])

    def show(self, name: str, *, fill: bool | None = None) -> None:
        """Another icon in the same place."""
        self._fill = self._fill if fill is None else fill
        line = text.icon(glyph(name), max(1, round(self._size * self._look.unit)), fill=self._fill)
        wake.ask(self.bounds())
        self.rect.texture = line.texture
        self.rect.size = (line.width, line.height)
        self.move(*self._place)

    def move(self, x: float, y: float) -> None:
        """Put its square's upper left corner elsewhere."""
        self._place = (x, y)
        side = self._size * self._look.unit
        width, height = self.rect.size
        unit = self._look.unit
        self.rect.pos = (
            round(x * unit + (side - width) / 2),
            round((self._look.tall - y) * unit - side / 2 - height / 2),
        )
        wake.ask(self.bounds())


def around(shapes: Sequence[Any]) -> wake.Box:
    """The pixels some rectangles cover, and a rim: a pressed button's content sinks a few pixels."""
    rim = 10
    left = min(shape.pos[0] for shape in shapes) - rim
    low = min(shape.pos[1] for shape in shapes) - rim
    right = max(shape.pos[0] + shape.size[0] for shape in shapes) + rim
    high = max(shape.pos[1] + shape.size[1] for shape in shapes) + rim
    return (int(left), int(low), int(right - left) + 1, int(high - low) + 1)


def pixels(look: Look, x: float, y: float, w: float, h: float) -> tuple[tuple[int, int], tuple[int, int]]:
    """Kivy's pos and size in whole pixels of a design rectangle. Edges are rounded, so that neighbours meet."""
    unit, tall = look.unit, look.tall
    left, right = round(x * unit), round((x + w) * unit)
    low, high = round((tall - y - h) * unit), round((tall - y) * unit)
    return (left, low), (right - left, high - low)


class Pen:
    """Draws into one group of instructions."""

    def __init__(self, look: Look, group: InstructionGroup) -> None:
        self.look = look
        self.group = group

    def rect(self, code: str, x: float, y: float, w: float, h: float, *, alpha: float = 1.0) -> RectHandle:
        """A plain rectangle."""
        handle = RectHandle(self.group, self.look, code, alpha)
        handle.place(x, y, w, h)
        return handle

    def ground(
        self, code: str, x: float, y: float, w: float, h: float, hole: Rect | None = None
    ) -> GroundHandle:
        """An opaque ground under everything else: cheaper than `rect`, cannot fade."""
        handle = GroundHandle(self.group, self.look, code)
        handle.place(x, y, w, h, hole)
        return handle

    def picture(
        self,
        texture: Any,
        x: float,
        y: float,
        w: float,
        h: float,
        *,
        code: str = "#FFFFFF",
        alpha: float = 1.0,
    ) -> RectHandle:
        """A texture stretched over a rectangle and tinted."""
        handle = RectHandle(self.group, self.look, code, alpha, texture)
        handle.place(x, y, w, h)
        return handle

    def disc(self, code: str, x: float, y: float, diameter: float, *, alpha: float = 1.0) -> RectHandle:
        """A filled circle, upper left corner of its square at (x, y)."""
        return self.picture(
            raster.disc(self.look.px(diameter)), x, y, diameter, diameter, code=code, alpha=alpha
        )

    def shape(
        self,
        radius: float,
        face: str | None,
        *,
        border: float = 0,
        border_colour: str = "#000000",
        lip: float = 0,
        lip_colour: str = "#000000",
        drop: float = 0,
    ) -> raster.Box:
        """A kind of box in pixels, from design units."""
        px = self.look.px
        return raster.Box(px(radius), face, px(border), border_colour, px(lip), lip_colour, px(drop))

    def box(self, shape: raster.Box, x: float, y: float, w: float, h: float) -> BoxHandle:
        """A rounded box."""
        return BoxHandle(self.group, self.look, shape, (x, y, w, h))

    def text(
        self,
        words: str,
        role: RoleName | Role,
        x: float,
        y: float,
        w: float | None = None,
        *,
        code: str,
        align: Align = "left",
        tabular: bool = False,
        keep: bool = False,
    ) -> TextHandle:
        """Words, wrapped within ``w`` (None: one line), upper left corner at (x, y).

        ``keep=True`` only for fixed words of the interface (their textures are shared between screens).
        """
        return TextHandle(
            self.group, self.look, words, role, x, y, w, code, align, tabular=tabular, keep=keep
        )

    def icon(
        self, name: str, size: float, x: float, y: float, *, code: str, fill: bool = False
    ) -> IconHandle:
        """An icon in a square of side ``size`` at (x, y)."""
        return IconHandle(self.group, self.look, name, size, x, y, code, fill=fill)

    def line(
        self,
        code: str,
        points: Sequence[tuple[float, float]],
        width: float,
        *,
        close: bool = False,
        alpha: float = 1.0,
    ) -> LineHandle:
        """A smooth line through points (design units), ``width`` thick."""
        return LineHandle(self.group, self.look, code, alpha, points, width, close=close)


class LineHandle(Handle):
    """An antialiased line; points and colour may change."""

    __slots__ = ("_look", "shape")

    def __init__(
        self,
        group: InstructionGroup,
        look: Look,
        code: str,
        alpha: float,
        points: Sequence[tuple[float, float]],
        width: float,
        *,
        close: bool,
    ) -> None:
        super().__init__(group, code, alpha)
        self._look = look
        self.shape = SmoothLine(
            points=self._flat(points),
            width=max(0.6, width * look.unit / 2 - 0.6),
            close=close,
            overdraw_width=1.2,
        )
        self.group.add(self.shape)

    def _flat(self, points: Sequence[tuple[float, float]]) -> list[float]:
        unit, tall = self._look.unit, self._look.tall
        flat: list[float] = []
        for x, y in points:
            flat += (x * unit, (tall - y) * unit)
        return flat

    def bounds(self) -> wake.Box | None:
        flat = self.shape.points
        rim = int(self.shape.width * 2) + 6
        left, low = int(min(flat[::2])) - rim, int(min(flat[1::2])) - rim
        return (left, low, int(max(flat[::2])) + rim - left, int(max(flat[1::2])) + rim - low)

    def through(self, points: Sequence[tuple[float, float]]) -> None:
        """Other points, design units."""
        wake.ask(self.bounds())
        self.shape.points = self._flat(points)
        wake.ask(self.bounds())
