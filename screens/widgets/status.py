"""What is read, not touched: steps, chips, notices, the progress of an application."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from screens.theme.look import Look
from screens.theme.tokens import LINE, RADIUS, RoleName, ToneName
from screens.widgets import text
from screens.widgets.part import Part


class Stepper(Part):
    """Bars: white done, sun current, dim ahead. The words ("Langkah 3 dari 5") are the frame's step line."""

    def __init__(self, look: Look, x: float, y: float, w: float, current: int, total: int) -> None:
        super().__init__(look, x, y, w, 14)
        gap = 12.0 if total <= 6 else 10.0
        each = (w - gap * (total - 1)) / total
        palette = look.palette
        for index in range(total):
            code = (
                palette.on_sky
                if index < current - 1
                else palette.sun
                if index == current - 1
                else palette.bar_off
            )
            self.pen.box(self.pen.shape(7, code), x + index * (each + gap), y, each, 14)


class Progress(Part):
    """One bar filled to a share (0–1): days used of the days allowed, bytes sent."""

    def __init__(
        self, look: Look, x: float, y: float, w: float, share: float, *, on_sky: bool = True
    ) -> None:
        super().__init__(look, x, y, w, 14)
        palette = look.palette
        self.pen.box(self.pen.shape(7, palette.bar_off if on_sky else palette.line), x, y, w, 14)
        self._fill = self.pen.box(self.pen.shape(7, palette.sun), x, y, 14, 14)
        self.set(share)

    def set(self, share: float) -> None:
        """Fill to a share, clamped to 0–1."""
        self._fill.place(self.x, self.y, max(14.0, self.w * min(1.0, max(0.0, share))), 14)


RISK_WORDS = {
    "id": ("", "Risiko rendah", "Risiko menengah rendah", "Risiko menengah tinggi", "Risiko tinggi"),
    "en": ("", "Low risk", "Medium-low risk", "Medium-high risk", "High risk"),
}
RISK_TONES: tuple[ToneName, ...] = ("tint", "green", "green", "amber", "brick")


class RiskBars(Part):
    """Four rising bars, filled 1–4. ``small`` for chips; large for the sky (sun-coloured)."""

    def __init__(self, look: Look, x: float, y: float, level: int, code: str, *, w: float, h: float) -> None:
        super().__init__(look, x, y, w, h)
        gap = w * 0.09
        each = (w - 3 * gap) / 4
        border = max(2.0, w / 42)
        for index in range(4):
            tall = h * (0.26, 0.5, 0.75, 1.0)[index]
            bx, by = x + index * (each + gap), y + h - tall
            if index < level:
                self.pen.box(self.pen.shape(each * 0.28, code), bx, by, each, tall)
            else:
                shape = self.pen.shape(
                    each * 0.28, None, border=border, border_colour=code if w < 60 else look.palette.on_sky2
                )
                handle = self.pen.box(shape, bx, by, each, tall)
                handle.alpha(1.0 if w < 60 else 0.6)


class Chip(Part):
    """Ground, icon and a word; no lip, not touchable. ``risk`` (1–4) draws rising bars instead of the icon.

    ``right`` aligns its right edge to ``x`` instead of its left edge.
    """

    def __init__(
        self,
        look: Look,
        x: float,
        y: float,
        words: str,
        tone: ToneName = "tint",
        *,
        icon: str | None = None,
        risk: int = 0,
        h: float = 44,
        right: bool = False,
        role: RoleName = "chip",
        w: float | None = None,
        pad: float = 18,
    ) -> None:
        colours = look.palette.tones[tone]
        h = max(h, look.size_of(look.role(role)) * 1.2 + 10)
        mark = 42.0 if risk else 36.0 if icon else 0.0
        gap = 12.0 if mark else 0.0
        words_w = text.width_of(look, words, role)
        own = words_w + mark + gap + 2 * pad
        width = w or own
        if right:
            x -= width
        super().__init__(look, x, y, width, h)
        border = 2 + look.palette.extra_border if look.contrast else 0
        self.pen.box(
            self.pen.shape(RADIUS["chip"], colours.ground, border=border, border_colour=colours.border),
            x,
            y,
            width,
            h,
        )
        left = x + (width - words_w - mark - gap) / 2
        if risk:
            self.add(RiskBars(look, left, y + (h - 28) / 2, risk, colours.text, w=42, h=28))
        elif icon:
            self.pen.icon(icon, 36, left, y + (h - 36) / 2, code=colours.text, fill=True)
        words_h = text.height_of(look, words, role)
        self.label = self.pen.text(
            words, role, left + mark + gap, y + (h - words_h) / 2, None, code=colours.text
        )

    @classmethod
    def risk(cls, look: Look, x: float, y: float, level: int, *, right: bool = False) -> Chip:
        """The chip of a risk level 1–4, in words and bars."""
        return cls(look, x, y, RISK_WORDS[look.language][level], RISK_TONES[level], risk=level, right=right)


class Banner(Part):
    """A notice: icon and at most two lines at the normal size of words. Its place is reserved; it pushes nothing."""

    def __init__(
        self,
        look: Look,
        x: float,
        y: float,
        w: float,
        words: str,
        tone: ToneName = "tint",
        *,
        icon: str = "info",
        fill: bool = True,
        role: RoleName = "small",
        h: float = 0,
    ) -> None:
        colours = look.palette.tones[tone]
        room = w - 104 - 40
        words_h = text.height_of(look, words, role, room)
        h = max(h, words_h + 46)
        super().__init__(look, x, y, w, h)
        border = 3 if look.contrast else 2 if tone == "plain" else 0
        self.ground = self.pen.box(
            self.pen.shape(20, colours.ground, border=border, border_colour=colours.border), x, y, w, h
        )
        self.pen.icon(icon, 48, x + 32, y + (h - 48) / 2, code=colours.icon, fill=fill)
        self.label = self.pen.text(words, role, x + 104, y + (h - words_h) / 2, room, code=colours.text)


DotState = Literal["done", "now", "late", "ahead"]


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of an application. ``inside`` are technical approvals that run side by side, drawn in one card."""

    title: str
    sub: str
    state: DotState
    chip: str | None = None
    chip_tone: ToneName = "tint"
    inside: tuple[Stage, ...] = ()
    inside_note: str = ""


class Timeline(Part):
    """Dots 68 with tick, hourglass or nothing; line 8; the day chip at the right. Approvals side by side
    have no line."""

    def __init__(self, look: Look, x: float, y: float, w: float, stages: Sequence[Stage]) -> None:
        super().__init__(look, x, y, w, 0)
        palette = look.palette
        cursor = y
        dots: list[tuple[float, DotState]] = []
        spans: list[tuple[float, float, str]] = []
        # Lines first, so that dots lie on them: measure, then draw.
        plan: list[tuple[Stage, float, float]] = []
        for stage in stages:
            height = self._card_height(stage, w - 98) if stage.inside else self._row_height(stage, w - 98)
            plan.append((stage, cursor, height))
            if not stage.inside:
                dots.append((cursor, stage.state))
            cursor += height + (26 if stage.inside else 14)
        for (top, state), (below, _) in pairwise(dots):
            code = (
                palette.tones["green"].icon
                if state == "done"
                else LINE
                if not look.contrast
                else palette.control
            )
            spans.append((top + 34, below + 34, code))
        for top, end, code in spans:
            self.pen.rect(code, x + 30, top, 8, end - top)
        for stage, top, height in plan:
            if stage.inside:
                self._card(stage, x + 98, top, w - 98, height)
            else:
                self._row(stage, x, top, w)
        self.h = cursor - 14 - y

    def _row_height(self, stage: Stage, room: float) -> float:
        chip = text.width_of(self.look, stage.chip, "chip") + 56 if stage.chip else 0.0
        title = text.height_of(self.look, stage.title, "tile_small", room - chip)
        return max(94.0, title + text.height_of(self.look, stage.sub, "small", room - chip) + 12)

    def _row(self, stage: Stage, x: float, y: float, w: float, *, dot_gap: float = 98) -> None:
        palette = self.look.palette
        self._dot(stage.state, x, y)
        chip_w = 0.0
        if stage.chip:
            chip = self.add(Chip(self.look, x + w, y, stage.chip, stage.chip_tone, right=True, h=52))
            chip_w = chip.w + 16
        room = w - dot_gap - chip_w
        title = self.pen.text(stage.title, "tile_small", x + dot_gap, y + 4, room, code=palette.ink)
        self.pen.text(stage.sub, "small", x + dot_gap, y + 4 + title.height + 4, room, code=palette.ink2)

    def _dot(self, state: DotState, x: float, y: float) -> None:
        palette = self.look.palette
        if state == "done":
            fill = palette.skins["success"]
            self.pen.disc(fill.face, x, y, 68)
            self.pen.icon("tick", 40, x + 14, y + 14, code=fill.text)
        elif state in ("now", "late"):
            edge = palette.tones["amber" if state == "now" else "brick"].icon
            self.pen.disc(edge, x, y, 68)
            self.pen.disc(palette.sun, x + 4, y + 4, 60)
            self.pen.icon("wait", 36, x + 16, y + 16, code=palette.on_sun)
        else:
            self.pen.disc(palette.control, x, y, 68)
            self.pen.disc(palette.surface, x + 4, y + 4, 60)

    def _card_height(self, stage: Stage, w: float) -> float:
        inner = sum(self._row_height(row, w - 60 - 98) + 14 for row in stage.inside) - 14
        return text.height_of(self.look, stage.title, "label", w - 60) + inner + 66

    def _card(self, stage: Stage, x: float, y: float, w: float, h: float) -> None:
        palette = self.look.palette
        self.pen.box(
            self.pen.shape(RADIUS["card"], palette.surface, border=self.look.border("card"),
            border_colour=palette.line),
            x, y, w, h,
        )  # fmt: skip
        head = f"**{stage.title}** {stage.inside_note}".strip()
        words = self.pen.text(head, "small", x + 30, y + 26, w - 60, code=palette.ink)
        top = y + 26 + words.height + 18
        for row in stage.inside:
            self._row(row, x + 30, top, w - 60)
            top += self._row_height(row, w - 60 - 98) + 14
