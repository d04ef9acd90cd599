"""The number pad and the keyboard: each one part, one canvas, keys found by arithmetic."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from screens.theme.look import Language, Look
from screens.theme.tokens import GAP_KEYS, LIP, RADIUS, RoleName, SkinName
from screens.widgets import raster, text
from screens.widgets.part import Part, Target
from screens.widgets.pen import BoxHandle, IconHandle, TextHandle

BACKSPACE: Final = "\b"
ENTER: Final = "\n"
CLOSE: Final = "\x1b"
SPACE: Final = " "
SHIFT: Final = "\x0f"
SIGNS: Final = "\x0e"

OnKey = Callable[[str], None]


class Key(NamedTuple):
    """One key: what it sends, its place (design units), its words or icon, its skin."""

    sends: str
    x: float
    y: float
    w: float
    h: float
    label: str
    icon: str | None = None
    skin: SkinName = "plain"
    role: RoleName = "key"


class Keys(Part):
    """A field of keys. A key sends on touch-down, as keyboards do: the hand is faster than release, and
    backspace corrects.

    The pressed key is filled for 120 ms; no bubble pops up over the finger.
    """

    touchable = True
    secret = False

    def __init__(
        self, look: Look, x: float, y: float, w: float, h: float, keys: Sequence[Key], on_key: OnKey | None
    ) -> None:
        super().__init__(look, x, y, w, h)
        self.keys = list(keys)
        self.on_key = on_key
        self._faces: list[tuple[BoxHandle, TextHandle | IconHandle | None]] = []
        for key in self.keys:
            self._faces.append(self._draw(key))
        self._filled: int | None = None
        self._task: asyncio.TimerHandle | None = None
        for key in self.keys:  # so that the first touch does not wait for its picture
            raster.box(self._shape(key.skin, down=True))

    def _shape(self, skin: SkinName, *, down: bool) -> raster.Box:
        colours = self.look.palette.skins["filled" if down and skin != "filled" else skin]
        lip = LIP["pressed"] if down else LIP["key"]
        return self.pen.shape(
            RADIUS["key"],
            raster.darker(colours.face) if down and skin == "filled" else colours.face,
            border=self.look.border("key"),
            border_colour=colours.border,
            lip=lip,
            lip_colour=colours.lip,
            drop=LIP["key"] - LIP["pressed"] if down else 0,
        )

    def _draw(self, key: Key) -> tuple[BoxHandle, TextHandle | IconHandle | None]:
        colours = self.look.palette.skins[key.skin]
        box = self.pen.box(self._shape(key.skin, down=False), key.x, key.y, key.w, key.h)
        face = key.h - LIP["key"]
        role = key.role
        label_h = text.height_of(self.look, key.label, role) if key.label else 0.0
        if key.icon and key.label:
            icon = self.look.size_of(self.look.role(role)) * 1.15
            total = icon + 14 + text.width_of(self.look, key.label, role)
            left = key.x + (key.w - total) / 2
            self.pen.icon(key.icon, icon, left, key.y + (face - icon) / 2, code=colours.text)
            return box, self.pen.text(
                key.label,
                role,
                left + icon + 14,
                key.y + (face - label_h) / 2,
                None,
                code=colours.text,
                keep=True,
            )
        if key.icon:
            size = 56.0 if key.h > 120 else 46.0
            return box, self.pen.icon(
                key.icon, size, key.x + (key.w - size) / 2, key.y + (face - size) / 2, code=colours.text
            )
        return box, self.pen.text(
            key.label,
            role,
            key.x,
            key.y + (face - label_h) / 2,
            key.w,
            code=colours.text,
            align="center",
            keep=True,
        )

    def targets(self) -> list[Target]:
        """Every key as a target."""
        return [Target(f"key {key.sends!r}", key.w, key.h) for key in self.keys]

    def key_at(self, x: float, y: float) -> int | None:
        """Index of the key at a point. Gaps belong to the nearest key, so no touch between two keys is lost."""
        slack = GAP_KEYS / 2
        for index, key in enumerate(self.keys):
            if key.x - slack <= x < key.x + key.w + slack and key.y - slack <= y < key.y + key.h + slack:
                return index
        return None

    def place_of(self, sends: str) -> tuple[float, float]:
        """Centre of the key that sends this, for tests and the autopilot. KeyError when there is none."""
        for key in self.keys:
            if key.sends == sends:
                return key.x + key.w / 2, key.y + key.h / 2
        raise KeyError(sends)

    def press(self, x: float, y: float) -> None:
        index = self.key_at(x, y)
        if index is None:
            return
        self._unfill()
        if not self.secret:
            self._fill(index)
        sends = self.keys[index].sends
        if self.on_key is not None:
            self.on_key(sends)

    def _fill(self, index: int) -> None:
        key = self.keys[index]
        box, face = self._faces[index]
        box.become(self._shape(key.skin, down=True))
        if face is not None:
            face.tint(self.look.palette.skins["filled"].text)
        self._filled = index
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:  # drawn in a test without a loop: the key stays filled until the next one
            return
        self._task = loop.call_later(self.look.motion.key_fill, self._unfill)

    def _unfill(self) -> None:
        if self._task is not None:
            self._task.cancel()
            self._task = None
        if self._filled is not None:
            key = self.keys[self._filled]
            box, face = self._faces[self._filled]
            box.become(self._shape(key.skin, down=False))
            if face is not None:
                face.tint(self.look.palette.skins[key.skin].text)
            self._filled = None

    def gone(self) -> None:
        self._unfill()


class Keypad(Keys):
    """Digits 3 x 4, keys 313 x 148. ``extra`` is the lower left key ("," or "+" or "" for none).

    ``secret``: a PIN is typed, so no key shows that it was pressed.
    """

    def __init__(
        self, look: Look, x: float, y: float, w: float = 968, on_key: OnKey | None = None, *, extra: str = ",",
        key_h: float | None = None, gap: float = 14, secret: bool = False,
    ) -> None:  # fmt: skip
        key_h = key_h or (96.0 if look.landscape else 148.0)
        width = (w - 2 * gap) / 3
        keys: list[Key] = []
        for index, sign in enumerate(("1", "2", "3", "4", "5", "6", "7", "8", "9", extra, "0", BACKSPACE)):
            if not sign:
                continue
            row, column = divmod(index, 3)
            erase = sign == BACKSPACE
            keys.append(
                Key(
                    sign, x + column * (width + gap), y + row * (key_h + gap), width, key_h,
                    "" if erase else sign, "backspace" if erase else None, "soft" if erase else "plain", "figure",
                )
            )  # fmt: skip
        super().__init__(look, x, y, w, 4 * key_h + 3 * gap, keys, on_key)
        self.secret = secret


KEY_WORDS: Final[dict[Language, dict[str, str]]] = {
    "id": {
        "space": "spasi",
        "close": "Tutup",
        "search": "Cari",
        "done": "Selesai",
        "next": "Lanjut",
        "ask": "Tanya",
    },
    "en": {
        "space": "space",
        "close": "Close",
        "search": "Search",
        "done": "Done",
        "next": "Next",
        "ask": "Ask",
    },
}


class Keyboard(Keys):
    """QWERTY with a row of digits; keys 92.6 x 88, gap 10. Sends characters, BACKSPACE, ENTER (the filled key), CLOSE.

    ``action`` names the filled key: search, done, next, ask. ``signs`` adds . , - / ' & @ around the letters' last row
    for names and addresses.
    """

    def __init__(
        self, look: Look, x: float, y: float, on_key: OnKey | None = None, *, w: float = 1016,
        action: str = "search", signs: bool = False,
    ) -> None:  # fmt: skip
        words = KEY_WORDS[look.language]
        gap = float(GAP_KEYS)
        unit = (w - 9 * gap) / 10
        high = 88.0
        keys: list[Key] = []

        def row(letters: str, line: int, indent: float) -> None:
            for index, letter in enumerate(letters):
                keys.append(
                    Key(
                        letter, x + indent + index * (unit + gap), y + line * (high + gap), unit, high, letter
                    )
                )

        half = (unit + gap) / 2
        row("1234567890", 0, 0)
        row("qwertyuiop", 1, 0)
        row("asdfghjkl", 2, half)
        row("zxcvbnm", 3, half)
        erase_x = x + half + 7 * (unit + gap)
        keys.append(
            Key(BACKSPACE, erase_x, y + 3 * (high + gap), 2 * unit + gap, high, "", "backspace", "soft")
        )
        last = y + 4 * (high + gap)
        if signs:
            marks = ".,-/&"
            row(marks, 4, 0)
            left = x + len(marks) * (unit + gap)
            space_w = 3 * unit + 2 * gap
            keys.append(Key(SPACE, left, last, space_w, high, words["space"], None, "plain", "key_small"))
            keys.append(
                Key(
                    ENTER,
                    left + space_w + gap,
                    last,
                    2 * unit + gap,
                    high,
                    words[action],
                    None,
                    "filled",
                    "key_small",
                )
            )
        else:
            side = (w - 2 * gap - 403) / 2
            keys.append(Key(CLOSE, x, last, side, high, words["close"], "keyboard", "soft", "key_small"))
            keys.append(
                Key(SPACE, x + side + gap, last, 403, high, words["space"], None, "plain", "key_small")
            )
            keys.append(
                Key(ENTER, x + side + 403 + 2 * gap, last, side, high, words[action],
                    "search" if action == "search" else None, "filled", "key_small")
            )  # fmt: skip
        super().__init__(look, x, y, w, 5 * high + 4 * gap, keys, on_key)
