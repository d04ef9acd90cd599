"""Words as textures: laid out here, drawn by SDL's font engine, one texture a line.

Kivy's own Label is avoided for what it lacks: tight tracking of titles (it has none), a line height below
the font's own
(lines would clip each other), tabular figures, words of two weights in a line without a markup parser. Text wraps by
words. It is never shortened; a word wider than its room is broken between letters, which no shipped text needs.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from kivy.core.text import Label as CoreLabel
from kivy.core.text._text_sdl2 import (  # pyright: ignore[reportMissingImports]
    _get_extents,
    _get_fontascent,
    _get_fontdescent,
    _SurfaceContainer,
)
from kivy.graphics.texture import Texture

from screens.theme import fonts
from screens.theme.fonts import Face
from screens.theme.look import Look
from screens.theme.tokens import Role, RoleName

Align = Literal["left", "center", "right"]
BOLD_MARK = "**"
"""Words between two of these are set bold: ``"Perkiraan selesai **Rabu, 25 November 2026**."``"""


@cache
def _font(face: Face, size: int) -> Any:
    font = CoreLabel(font_name=fonts.path(face), font_size=size, color=(1, 1, 1, 1))
    font.resolve_font_name()
    return font


@cache
def _width(face: Face, size: int, text: str) -> int:
    # Cached for words of the interface; visitors' words are measured through ``_measure`` without a cache.
    return _get_extents(_font(face, size), text)[0]


@cache
def _cell(face: Face, size: int) -> int:
    """Width of a tabular digit. The "4" is wide enough for all but "0", whose bearings may overlap its neighbours'."""
    return _width(face, size, "4")


def _measure(face: Face, size: int, text: str, track: float, *, tabular: bool) -> float:
    if not text:
        return 0.0
    if tabular:
        cell = _cell(face, size)
        return sum(
            cell if c.isdigit() else _get_extents(_font(face, size), c)[0] for c in text
        ) + track * len(text)
    return _get_extents(_font(face, size), text)[0] + track * len(text)


@dataclass(frozen=True, slots=True)
class Line:
    """One line ready to draw: texture (None for an empty line), size in pixels, baseline from its upper edge."""

    texture: Any
    width: int
    height: int
    advance: float


@dataclass(frozen=True, slots=True, repr=False)
class Block:
    """Laid-out text: its lines, and the height of the whole in pixels. Hides the words in its repr."""

    lines: tuple[Line, ...]
    line_height: float
    width: float
    height: float

    def __repr__(self) -> str:
        return f"Block({len(self.lines)} lines)"


Run = tuple[str, Face]


def _runs(text: str, weight: Face) -> list[list[Run]]:
    """Paragraphs of runs; the bold mark switches to weight 700 (800 where the role is already 700)."""
    strong: Face = 700 if weight in (500, 600) else 800
    paragraphs: list[list[Run]] = []
    bold = False
    for paragraph in text.split("\n"):
        runs: list[Run] = []
        for index, part in enumerate(paragraph.split(BOLD_MARK)):
            if index:
                bold = not bold
            if part:
                runs.append((part, strong if bold else weight))
        paragraphs.append(runs)
    return paragraphs


def _words(runs: list[Run]) -> list[list[Run]]:
    """Words of a paragraph, each a list of runs; a space ends a word and stays at its end."""
    words: list[list[Run]] = [[]]
    for text, face in runs:
        start = 0
        while start < len(text):
            space = text.find(" ", start)
            end = len(text) if space < 0 else space + 1
            words[-1].append((text[start:end], face))
            if space >= 0:
                words.append([])
            start = end
    return [word for word in words if word]


class Setter:
    """Lays out and draws text of one face, size, tracking; works in pixels."""

    def __init__(self, size: int, track: float, *, tabular: bool = False) -> None:
        self.size = size
        self.track = track
        self.tabular = tabular

    def measure(self, runs: list[Run]) -> float:
        """Width of runs in pixels."""
        return sum(_measure(face, self.size, text, self.track, tabular=self.tabular) for text, face in runs)

    def wrap(self, runs: list[Run], room: float | None) -> list[list[Run]]:
        """Lines no wider than ``room`` pixels."""
        if room is None:
            return [runs]
        lines: list[list[Run]] = []
        line: list[Run] = []
        used = 0.0
        for word in _words(runs):
            whole = self.measure(word)
            bare = self.measure([(text.rstrip(" "), face) for text, face in word])
            if line and used + bare > room:
                lines.append(line)
                line, used = [], 0.0
            if bare > room:
                *full, word = self._break(word, room)
                lines.extend(full)
                whole = self.measure(word)
            line = line + word
            used += whole
        lines.append(line)
        return lines

    def _break(self, word: list[Run], room: float) -> list[list[Run]]:
        pieces: list[list[Run]] = [[]]
        for text, face in word:
            for letter in text:
                if pieces[-1] and self.measure([*pieces[-1], (letter, face)]) > room:
                    pieces.append([])
                if pieces[-1] and pieces[-1][-1][1] == face:
                    pieces[-1][-1] = (pieces[-1][-1][0] + letter, face)
                else:
                    pieces[-1].append((letter, face))
        return pieces

    def draw(self, runs: list[Run]) -> Line:
        """The texture of one line."""
        runs = [(text, face) for text, face in runs if text]
        if not any(text.strip() for text, _ in runs):
            return Line(None, 0, 0, self.measure(runs))
        pieces = self._pieces(runs)
        height = max(_get_extents(_font(face, self.size), "Ag")[1] for _, face in runs)
        advance = self.measure(runs)
        width = round(advance) + self.size // 4 + 2
        # SDL overwrites where boxes of letters overlap, as they do when tracked tightly: neighbours go to two surfaces.
        layers = [_SurfaceContainer(width, height) for _ in range(2 if len(pieces) > 1 else 1)]
        for index, (text, face, x) in enumerate(pieces):
            layers[index % len(layers)].render(_font(face, self.size), text, x, 0)
        data = [layer.get_data() for layer in layers]
        raw = bytes(data[0].data)
        if len(data) > 1:
            merged = int.from_bytes(raw, "little") | int.from_bytes(bytes(data[1].data), "little")
            raw = merged.to_bytes(len(raw), "little")
        texture = Texture.create(size=(width, height), colorfmt="rgba")
        texture.blit_buffer(raw, colorfmt="rgba", bufferfmt="ubyte")
        texture.flip_vertical()
        return Line(texture, width, height, advance)

    def _pieces(self, runs: list[Run]) -> list[tuple[str, Face, int]]:
        """What is drawn at which x: whole runs, or letters when they are tracked or tabular."""
        pieces: list[tuple[str, Face, int]] = []
        start = 0.0
        for text, face in runs:
            font = _font(face, self.size)
            if self.tabular:
                x = start
                for letter in text:
                    own = _get_extents(font, letter)[0]
                    room = _measure(face, self.size, letter, 0, tabular=True)
                    pieces.append((letter, face, round(x + (room - own) / 2)))
                    x += room + self.track
            elif self.track:
                for index, letter in enumerate(text):
                    # The width up to and with the letter, less the letter: its place with kerning.
                    place = _get_extents(font, text[: index + 1])[0] - _get_extents(font, letter)[0]
                    if letter != " ":
                        pieces.append((letter, face, max(0, round(start + place + index * self.track))))
            else:
                pieces.append((text, face, round(start)))
            start += _measure(face, self.size, text, self.track, tabular=self.tabular)
        return pieces


_blocks: OrderedDict[tuple[object, ...], Block] = OrderedDict()
_BLOCKS_KEPT = 400


def layout(
    look: Look,
    text: str,
    role: RoleName | Role,
    width: float | None = None,
    *,
    tabular: bool = False,
    keep: bool = False,
) -> Block:
    """Lay out and draw ``text`` in at most ``width`` design units.

    ``keep`` caches the textures: for words of the interface only, never for anything a visitor typed or that came
    from a card, so that leaving the screen drops it.
    """
    role = look.role(role) if isinstance(role, str) else role
    size = max(1, round(look.size_of(role) * look.unit))
    room = None if width is None else width * look.unit
    key = (text, role.weight, size, role.tracking, role.line, None if room is None else round(room), tabular)
    if keep and key in _blocks:
        _blocks.move_to_end(key)
        return _blocks[key]
    setter = Setter(size, role.tracking * size, tabular=tabular)
    lines = [
        setter.draw(line) for paragraph in _runs(text, role.weight) for line in setter.wrap(paragraph, room)
    ]
    height = role.line * size
    block = Block(
        tuple(lines), height, max((line.advance for line in lines), default=0.0), height * len(lines)
    )
    if keep:
        _blocks[key] = block
        if len(_blocks) > _BLOCKS_KEPT:
            _blocks.popitem(last=False)
    return block


def height_of(look: Look, text: str, role: RoleName | Role, width: float | None = None) -> float:
    """Height in design units the text takes, without drawing it."""
    role = look.role(role) if isinstance(role, str) else role
    size = max(1, round(look.size_of(role) * look.unit))
    setter = Setter(size, role.tracking * size)
    room = None if width is None else width * look.unit
    count = sum(len(setter.wrap(paragraph, room)) for paragraph in _runs(text, role.weight))
    return count * role.line * size / look.unit


def width_of(look: Look, text: str, role: RoleName | Role, *, tabular: bool = False) -> float:
    """Width in design units of the text on one line."""
    role = look.role(role) if isinstance(role, str) else role
    size = max(1, round(look.size_of(role) * look.unit))
    setter = Setter(size, role.tracking * size, tabular=tabular)
    return max((setter.measure(p) for p in _runs(text, role.weight)), default=0.0) / look.unit


@cache
def icon(character: str, size: int, *, fill: bool) -> Line:
    """An icon's texture, ``size`` pixels of font size."""
    face: Face = "icon-fill" if fill else "icon"
    font = _font(face, size)
    width, height = _get_extents(font, character)
    surface = _SurfaceContainer(width, height)
    surface.render(font, character, 0, 0)
    texture = Texture.create(size=(width, height), colorfmt="rgba")
    texture.blit_buffer(bytes(surface.get_data().data), colorfmt="rgba", bufferfmt="ubyte")
    texture.flip_vertical()
    return Line(texture, width, height, width)


def ascent(face: Face, size: int) -> int:
    """Pixels from the top of a line's texture to its baseline."""
    return _get_fontascent(_font(face, size))


def descent(face: Face, size: int) -> int:
    """Pixels under the baseline, negative as the font engine says it."""
    return _get_fontdescent(_font(face, size))
