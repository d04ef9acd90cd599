"""Small textures computed once: rounded boxes with their lip as nine-patches, discs, the ornament, QR codes.

Why not RoundedRectangle: three of them a button are 3 x 40 triangles with hard edges (multisampling is
off, it costs 0.2 s
at start and 70 MB), and each pixel of a button is filled three times. One nine-patch carries border, lip and face with
antialiased corners and is filled once. Pure Python is enough: only corners are computed, 1-3 ms a kind of box.
"""

from __future__ import annotations

from functools import cache
from math import hypot
from typing import Any, NamedTuple

from kivy.graphics.texture import Texture

from screens.theme.tokens import Rgba, rgba

Pixel = tuple[float, float, float, float]


class Box(NamedTuple):
    """A rounded box in whole pixels. ``drop`` pixels at the top stay empty (a pressed button sank by that much)."""

    radius: int
    face: str | None
    border: int = 0
    border_colour: str = "#000000"
    lip: int = 0
    lip_colour: str = "#000000"
    drop: int = 0


class Patch(NamedTuple):
    """A nine-patch: its texture and the fixed edges in pixels as Kivy's BorderImage wants them."""

    texture: Any
    edges: tuple[int, int, int, int]


def _texture(width: int, height: int, data: bytes, *, smooth: bool = True) -> Any:
    texture = Texture.create(size=(width, height), colorfmt="rgba")
    texture.blit_buffer(data, colorfmt="rgba", bufferfmt="ubyte")
    texture.mag_filter = texture.min_filter = "linear" if smooth else "nearest"
    texture.wrap = "clamp_to_edge"
    return texture


def _cover(x: float, y: float, width: float, height: float, radius: float) -> float:
    """How much of the pixel with centre (x, y) lies in a rounded box at the origin; the edge is one pixel wide."""
    if x <= -0.5 or y <= -0.5 or x >= width + 0.5 or y >= height + 0.5:
        return 0.0
    dx = radius - x if x < radius else x - (width - radius)
    dy = radius - y if y < radius else y - (height - radius)
    if dx > 0 and dy > 0:
        return min(1.0, max(0.0, radius - hypot(dx, dy) + 0.5))
    edge = min(x, y, width - x, height - y)
    return min(1.0, max(0.0, edge + 0.5))


def _over(under: Pixel, colour: Rgba, cover: float) -> Pixel:
    """``colour`` laid over ``under`` (straight alpha) with a coverage."""
    top = colour[3] * cover
    if top <= 0:
        return under
    alpha = top + under[3] * (1 - top)
    mix = top / alpha
    return (
        under[0] + (colour[0] - under[0]) * mix,
        under[1] + (colour[1] - under[1]) * mix,
        under[2] + (colour[2] - under[2]) * mix,
        alpha,
    )


def _pack(pixel: Pixel) -> bytes:
    return bytes((round(pixel[0] * 255), round(pixel[1] * 255), round(pixel[2] * 255), round(pixel[3] * 255)))


@cache
def box(shape: Box) -> Patch:
    """The nine-patch of a rounded box: border all round, lip under the face, face."""
    radius = max(shape.radius, shape.border + 1)
    side = radius + 1
    top = shape.drop + radius + 1
    bottom = radius + shape.lip + 1
    width, height = 2 * side, top + bottom
    layers: list[tuple[Rgba, float, float, float, float, float]] = []  # colour, x, y, w, h, r
    body = height - shape.drop
    if shape.border:
        layers.append((rgba(shape.border_colour), 0, shape.drop, width, body, radius))
    inset = shape.border
    inner = max(1.0, radius - inset)
    if shape.lip:
        layers.append(
            (rgba(shape.lip_colour), inset, shape.drop + inset, width - 2 * inset, body - 2 * inset, inner)
        )
    if shape.face is not None:
        layers.append(
            (
                rgba(shape.face),
                inset,
                shape.drop + inset,
                width - 2 * inset,
                body - 2 * inset - shape.lip,
                inner,
            )
        )
    rows: list[bytes] = []
    nothing: Pixel = (*rgba(shape.border_colour if shape.border else shape.face or "#000000")[:3], 0.0)
    for row in range(height):
        half: list[bytes] = []
        for column in range(side):
            pixel = nothing
            for colour, x, y, w, h, r in layers:
                pixel = _over(pixel, colour, _cover(column + 0.5 - x, row + 0.5 - y, w, h, r))
            half.append(_pack(pixel))
        rows.append(b"".join(half) + b"".join(reversed(half)))
    if shape.face is None and shape.border:
        rows = _hollow(rows, shape, width, body, inner)
    # Kivy's textures start at the lower row.
    return Patch(_texture(width, height, b"".join(reversed(rows))), (bottom - 1, side - 1, top - 1, side - 1))


def _hollow(rows: list[bytes], shape: Box, width: int, body: int, inner: float) -> list[bytes]:
    """Cut the inside out of a border-only box."""
    out: list[bytes] = []
    inset = shape.border
    for index, row in enumerate(rows):
        line = bytearray(row)
        for column in range(width):
            inside = _cover(
                column + 0.5 - inset,
                index + 0.5 - shape.drop - inset,
                width - 2 * inset,
                body - 2 * inset,
                inner,
            )
            if inside:
                line[column * 4 + 3] = round(line[column * 4 + 3] * (1 - inside))
        out.append(bytes(line))
    return out


@cache
def disc(diameter: int) -> Any:
    """A white antialiased disc to be tinted. Rows are filled by their chord, so even the sun costs a few ms."""
    radius = diameter / 2
    rows: list[bytes] = []
    middle = (diameter + 1) // 2
    for row in range(middle):
        dy = radius - (row + 0.5)
        outer = max(0.0, (radius + 1) ** 2 - dy * dy) ** 0.5
        column = min(middle, max(0, int(radius - outer)))
        half = bytearray(column)
        while column < middle:
            cover = radius - hypot(radius - (column + 0.5), dy) + 0.5
            if cover >= 1:
                break
            half.append(round(max(0.0, cover) * 255))
            column += 1
        half += b"\xff" * (middle - column)
        rows.append(_white(half + half[: diameter // 2][::-1]))
    return _texture(diameter, diameter, b"".join(rows + rows[: diameter // 2][::-1]))


def _white(alphas: bytes | bytearray) -> bytes:
    """White pixels with the given alphas."""
    line = bytearray(b"\xff") * (4 * len(alphas))
    line[3::4] = alphas
    return bytes(line)


def modules(rows: list[list[bool]], dark: str) -> Any:
    """A QR code as a texture of one pixel a module: dark on transparent, enlarged without smoothing."""
    on = _pack(rgba(dark))
    data = b"".join(b"".join(on if cell else b"\xff\xff\xff\x00" for cell in row) for row in reversed(rows))
    return _texture(len(rows[0]), len(rows), data, smooth=False)


@cache
def gradient(stops: tuple[tuple[float, str], ...], steps: int = 256) -> Any:
    """A vertical gradient 1 pixel wide from the top (0.0) to the bottom (1.0)."""
    rows: list[bytes] = []
    for row in range(steps):
        place = row / (steps - 1)
        below = max(i for i, (at, _) in enumerate(stops) if at <= place)
        at, colour = stops[below]
        to, other = stops[min(below + 1, len(stops) - 1)]
        mix = 0.0 if to == at else (place - at) / (to - at)
        one, two = rgba(colour), rgba(other)
        rows.append(_pack(tuple(a + (b - a) * mix for a, b in zip(one, two, strict=True))))  # type: ignore[arg-type]
    return _texture(1, steps, b"".join(reversed(rows)))


def darker(code: str, share: float = 0.08) -> str:
    """A colour with each channel reduced, for a pressed face."""
    red, green, blue, _ = rgba(code)
    return "#" + "".join(f"{round(c * (1 - share) * 255):02X}" for c in (red, green, blue))
