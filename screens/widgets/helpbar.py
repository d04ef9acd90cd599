"""The two rows that are always in the same place: navigation and help."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from screens.theme.look import Language, Look
from screens.theme.tokens import GUTTER, HELP_BAR, LIP, MARGIN, RADIUS, RoleName, SkinName
from screens.widgets import text
from screens.widgets.buttons import Button, Pressable, Side
from screens.widgets.part import Action, Part

WORDS: Final[dict[Language, dict[str, str]]] = {
    "id": {
        "text": "**Aa** Teks",
        "contrast": "Kontras",
        "call": "Panggil petugas",
        "away": "Tanpa petugas",
        "cancel": "Batalkan",
    },
    "en": {
        "text": "**Aa** Text",
        "contrast": "Contrast",
        "call": "Call an officer",
        "away": "Without officer",
        "cancel": "Cancel",
    },
}


@dataclass(frozen=True, slots=True)
class NavItem:
    """One button of the navigation row."""

    label: str
    on_tap: Action | None
    icon: str | None = None
    icon_at: Side = "left"
    skin: SkinName = "plain"
    enabled: bool = True


class NavRow(Part):
    """Kembali at the left, forward at the right. Widths follow the words: the last item takes what is left over."""

    def __init__(
        self,
        look: Look,
        x: float,
        y: float,
        w: float,
        h: float,
        items: Sequence[NavItem],
        *,
        even: bool = False,
    ) -> None:
        role: RoleName = "button" if h >= 120 else "tile_small"
        super().__init__(look, x, y, w, h)
        gap = GUTTER + 3 if len(items) < 3 else 20
        widths = self._widths(items, w - gap * (len(items) - 1), role, even=even)
        left = x
        self.buttons: list[Button] = []
        for item, width in zip(items, widths, strict=True):
            button = Button(
                look, left, y, width, h, item.label, item.on_tap, icon=item.icon, icon_at=item.icon_at,
                skin=item.skin, role=role, enabled=item.enabled, pad=14,
            )  # fmt: skip
            self.buttons.append(self.add(button))
            left += width + gap
        tallest = max((b.h for b in self.buttons), default=h)
        self.h = max(h, tallest)

    def _widths(self, items: Sequence[NavItem], room: float, role: RoleName, *, even: bool) -> list[float]:
        if even or len(items) <= 1:
            return [room / max(1, len(items))] * len(items)
        beside = [self.look.size_of(self.look.role(role)) * 1.15 + 18 if item.icon else 0.0 for item in items]
        needs = [
            text.width_of(self.look, item.label, role) + extra + 76
            for item, extra in zip(items, beside, strict=True)
        ]
        if len(items) == 2 and max(needs) <= room / 2:
            return [room / 2] * 2
        spare = room - sum(needs)
        if spare >= 0:
            # The forward button takes half of what is left, the others share the rest.
            shares = [0.5 / (len(items) - 1)] * (len(items) - 1) + [0.5]
            return [need + spare * share for need, share in zip(needs, shares, strict=True)]
        # Not all fit on one line: each keeps the room of its longest word, what is left goes where lines would break.
        least = [
            max(text.width_of(self.look, word, role) for word in item.label.split()) + extra + 34
            for item, extra in zip(items, beside, strict=True)
        ]
        wanted = [max(0.0, need - 36 - low) for need, low in zip(needs, least, strict=True)]
        left = room - sum(least)
        if left <= 0:
            return [low * room / sum(least) for low in least]
        total = sum(wanted) or 1.0
        return [low + left * want / total for low, want in zip(least, wanted, strict=True)]


class LanguageSwitch(Pressable):
    """ID | EN. The chosen half is filled; a tap goes to the other language."""

    def __init__(self, look: Look, x: float, y: float, w: float, h: float, on_tap: Action | None) -> None:
        super().__init__(look, x, y, w, h, on_tap, lip="help")
        filled, plain = look.palette.skins["filled"], self.skin
        half = w / 2
        first = look.language == "id"
        side = x if first else x + half
        inner = self.face.box(self.pen.shape(RADIUS["button"] - 3, filled.face, lip=LIP["help"], lip_colour=filled.lip),
                              side + 3, y + 3, half - 3, h - 6)  # fmt: skip
        # The inner edge is straight: a square strip covers the round corners on that side.
        edge = side + half - 30 if first else side
        self.face.rect(filled.face, edge, y + 3, 30, h - 6 - LIP["help"])
        self.face.rect(filled.lip, edge, y + h - 3 - LIP["help"], 30, LIP["help"])
        self._inner = inner
        words_h = text.height_of(look, "ID", "help")
        top = y + (self.face_height - words_h) / 2
        for index, word in enumerate(("ID", "EN")):
            chosen = (index == 0) == first
            code = filled.text if chosen else plain.text
            self.face.text(word, "help", x + index * half, top, half, code=code, align="center", keep=True)


class HelpBar(Part):
    """ID/EN, Aa Teks, Kontras, Panggil petugas: on every public screen, above every dialog.

    ``on_language``, ``on_text``, ``on_contrast``, ``on_call``: what a tap does. ``calling`` replaces the
    call button by the
    words of the officer's answer and Batalkan (``on_cancel``). With ``on_away`` an officer is beside the visitor,
    and the button sends them away.
    """

    def __init__(
        self,
        look: Look,
        *,
        on_language: Action | None = None,
        on_text: Action | None = None,
        on_contrast: Action | None = None,
        on_call: Action | None = None,
        calling: str | None = None,
        on_cancel: Action | None = None,
        on_away: Action | None = None,
    ) -> None:
        top = look.tall - HELP_BAR
        super().__init__(look, 0, top, look.wide, HELP_BAR)
        palette, words = look.palette, WORDS[look.language]
        self.pen.rect(palette.help_ground, 0, top, look.wide, HELP_BAR)
        self.pen.rect(palette.line, 0, top, look.wide, 2)
        left = MARGIN if not look.landscape else 48
        right = look.wide - left
        if look.wide > 1080 and not look.landscape:
            left = (look.wide - 968) / 2
            right = look.wide - left
        y = top + 23
        on: SkinName = "filled" if look.contrast else "plain"
        on_aa: SkinName = "filled" if look.text_step > 1 and look.contrast else "plain"
        x = left
        self.add(LanguageSwitch(look, x, y, 184, 104, on_language))
        x += 184 + 16
        self.add(self._button(x, y, 166, words["text"], None, on_text, on_aa))
        x += 166 + 16
        contrast_w = max(218.0, text.width_of(look, words["contrast"], "help") + 92)
        self.add(self._button(x, y, contrast_w, words["contrast"], "contrast", on_contrast, on))
        x += contrast_w + 16
        if look.landscape:
            x = right - 480 if calling is None else x
        if on_away is not None:
            self.call = self.add(self._button(x, y, right - x, words["away"], "user-minus", on_away, "plain"))
        elif calling is None:
            self.call = self.add(
                self._button(x, y, right - x, words["call"], "help", on_call, "sun", fill=True)
            )
        else:
            cancel_w = text.width_of(look, words["cancel"], "help") + 56
            self.pen.text(calling, "chip", x, y + (104 - text.height_of(look, calling, "chip", right - x -
            cancel_w - 12)) / 2,
                          right - x - cancel_w - 12, code=palette.ink)  # fmt: skip
            self.call = self.add(
                self._button(right - cancel_w, y, cancel_w, words["cancel"], None, on_cancel, "plain")
            )

    def _button(
        self, x: float, y: float, w: float, label: str, icon: str | None, tap: Callable[[], None] | None,
        skin: SkinName, *, fill: bool = False,
    ) -> Button:  # fmt: skip
        role: RoleName = "help"
        return Button(
            self.look, x, y, w, 104, label, tap, icon=icon, fill_icon=fill, skin=skin, role=role, lip="help",
            icon_size=40, pad=10,
        )  # fmt: skip
