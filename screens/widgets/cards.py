"""Cards: groups of rows that are read, some with a button at the right; figures; the ticket; a page of a document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from screens.theme.look import Look
from screens.theme.tokens import RADIUS, RoleName
from screens.widgets import papers, text
from screens.widgets.buttons import Button
from screens.widgets.part import Action, Part
from screens.widgets.qr import Qr


class Card(Part):
    """A plain card: white, thin line, no lip. Grow it with ``stretch`` once its content is known."""

    def __init__(
        self,
        look: Look,
        x: float,
        y: float,
        w: float,
        h: float,
        *,
        edge: str | None = None,
        border: float = 0,
    ) -> None:
        super().__init__(look, x, y, w, h)
        self.box = self.pen.box(
            self.pen.shape(
                RADIUS["card"],
                look.palette.surface,
                border=border or look.border("card"),
                border_colour=edge or look.palette.line,
            ),
            x, y, w, h,
        )  # fmt: skip

    def stretch(self, h: float) -> None:
        """Give it another height."""
        self.h = h
        self.box.place(self.x, self.y, self.w, h)


@dataclass(frozen=True, slots=True, repr=False)
class Row:
    """A row of a list card. ``caption`` small above ``value`` bold (an answer), or ``value`` above ``sub`` (a thing).

    ``button`` with ``on_tap`` puts a plain button at the right, "Ubah" for one.
    """

    value: str
    caption: str | None = None
    sub: str | None = None
    icon: str | None = None
    icon_code: str | None = None
    picture: str | None = None
    """Id of a paper that has a drawing (`screens.widgets.papers`); drawn instead of the icon."""
    fill_icon: bool = False
    button: str | None = None
    button_icon: str | None = None
    on_tap: Action | None = None
    bold: bool = True


class ListCard(Part):
    """A card of rows with thin lines between, optionally a heading. ``open=True`` draws no card around (03)."""

    def __init__(
        self,
        look: Look,
        x: float,
        y: float,
        w: float,
        rows: Sequence[Row],
        *,
        title: str | None = None,
        plain: bool = False,
        row_h: float = 0,
        icon_size: float = 48,
        role: RoleName = "tile_small",
        head_button: tuple[str, str | None, Action | None] | None = None,
    ) -> None:
        super().__init__(look, x, y, w, 0)
        palette = look.palette
        pad = 0.0 if plain else 38.0
        self._card = None if plain else self.add(Card(look, x, y, w, 10))
        top = y + (0 if plain else 26)
        self.buttons: list[Button] = []
        if title:
            extra, beside = 0.0, 0.0
            if head_button:
                button = self._button(head_button, x + w - 28, y + 24)
                line = text.height_of(look, "Ag", "label")
                beside = button.w + 8
                taken = text.height_of(look, title, "label", w - 2 * pad - beside) - line
                extra = max(0.0, button.h - 40 - taken)
            words = self.pen.text(
                title,
                "label",
                x + pad,
                top + max(6.0, extra / 2),
                w - 2 * pad - beside,
                code=palette.ink,
                keep=True,
            )
            top += words.height + 22 + max(0.0, extra)
        for index, row in enumerate(rows):
            if index:
                self.pen.rect(palette.line, x + pad, top, w - 2 * pad, 2)
            top += self._row(row, x + pad, top + (2 if index else 0), w - 2 * pad, row_h, icon_size, role)
            top += 2 if index else 0
        if plain:
            self.pen.rect(palette.line, x, top, w, 2)
        self.h = top - y + (2 if plain else 20)
        if self._card is not None:
            self._card.stretch(self.h)

    def _button(self, spec: tuple[str, str | None, Action | None], right: float, y: float) -> Button:
        label, icon, tap = spec
        wide = text.width_of(self.look, label, "button_small") + (60 if icon else 0) + 64
        wide = max(88.0, wide)
        button = self.add(
            Button(self.look, right - wide, y, wide, 92, label, tap, icon=icon, role="button_small", pad=14)
        )
        self.buttons.append(button)
        return button

    def _row(
        self, row: Row, x: float, y: float, w: float, row_h: float, icon_size: float, role: RoleName
    ) -> float:
        look, palette = self.look, self.look.palette
        left = x
        if row.icon:
            left += icon_size + 28
        right = x + w
        if row.button is not None:
            right -= (
                max(
                    88.0,
                    text.width_of(look, row.button, "button_small") + (60 if row.button_icon else 0) + 64,
                )
                + 24
            )
        room = right - left
        value_role: RoleName = role if row.bold else "body"
        parts: list[tuple[str, RoleName, str]] = []
        if row.caption:
            parts.append((row.caption, "small", palette.ink2))
        parts.append((row.value, value_role, palette.ink))
        if row.sub:
            parts.append((row.sub, "small", palette.ink2))
        words = sum(text.height_of(look, t, r, room) for t, r, _ in parts) + 4 * (len(parts) - 1)
        need = max(row_h, words + 34, 92 + 34 if row.button is not None else 0)
        cursor = y + (need - words) / 2
        if row.icon:
            icon_y = (
                cursor
                if len(parts) > 1 and not row.caption and not row.fill_icon
                else y + (need - icon_size) / 2
            )
            if row.picture is None or not papers.draw(
                look, self.pen, row.picture, x, icon_y - 4, icon_size + 8
            ):
                self.pen.icon(
                    row.icon, icon_size, x, icon_y, code=row.icon_code or palette.icon, fill=row.fill_icon
                )
        for words_, role_, code in parts:
            handle = self.pen.text(words_, role_, left, cursor, room, code=code)
            cursor += handle.height + 4
        if row.button is not None:
            self._button((row.button, row.button_icon, row.on_tap), x + w, y + (need - 92) / 2)
        return need


class Figure(Part):
    """A number that matters with its caption, in a card ("Perkiraan selesai / 1 hari kerja")."""

    def __init__(
        self, look: Look, x: float, y: float, w: float, caption: str, value: str, *, sub: str | None = None,
        role: RoleName = "figure",
    ) -> None:  # fmt: skip
        room = w - 64
        heights = [
            text.height_of(look, caption, "small", room),
            text.height_of(look, value, role, room),
            text.height_of(look, sub, "small", room) if sub else 0.0,
        ]
        super().__init__(look, x, y, w, sum(heights) + 64)
        card = self.add(Card(look, x, y, w, self.h))
        pen = card.pen
        pen.text(caption, "small", x + 32, y + 30, room, code=look.palette.ink2)
        pen.text(value, role, x + 32, y + 30 + heights[0] + 2, room, code=look.palette.ink)
        if sub:
            pen.text(sub, "small", x + 32, y + 34 + heights[0] + heights[1], room, code=look.palette.ink2)


class InfoCard(Part):
    """A card with a picture at the left (QR or icon) and a title with a sentence at its right."""

    def __init__(
        self, look: Look, x: float, y: float, w: float, title: str, sentence: str, *, qr: str | None = None,
        qr_size: float = 268, icon: str | None = None, fill: bool = False, icon_size: float = 72,
        icon_code: str | None = None, h: float = 0, role: RoleName = "tile",
    ) -> None:  # fmt: skip
        side = qr_size if qr else icon_size if icon else 0.0
        left = (54 if qr else 40) + side + (54 if qr else 40) if side else 40
        room = w - left - 32
        title_h = text.height_of(look, title, role, room)
        words_h = text.height_of(look, sentence, "lead_small" if qr_size > 200 and qr else "small", room)
        h = max(h, title_h + words_h + 60, side + (88 if qr else 60))
        super().__init__(look, x, y, w, h)
        card = self.add(Card(look, x, y, w, h))
        if qr:
            self.add(Qr(look, x + 54, y + (h - side) / 2, side, qr))
        elif icon:
            card.pen.icon(
                icon, side, x + 40, y + (h - side) / 2, code=icon_code or look.palette.icon, fill=fill
            )
        top = y + (h - title_h - words_h - 8) / 2
        card.pen.text(title, role, x + left, top, room, code=look.palette.ink)
        card.pen.text(
            sentence, "lead_small" if qr_size > 200 and qr else "small", x + left, top + title_h + 8, room,
            code=look.palette.ink2,
        )  # fmt: skip


class TicketCard(Part):
    """The queue number as a ticket: notches at the sides, a dashed tear line, two facts below."""

    def __init__(
        self, look: Look, x: float, y: float, w: float, counter: str, number: str,
        facts: Sequence[tuple[str, str]], *, sky: str,
    ) -> None:  # fmt: skip
        super().__init__(look, x, y, w, 640)
        ground = "#FFFFFF"
        ink, ink2 = "#0B2930", "#37525A"
        self.pen.box(self.pen.shape(36, ground), x, y, w, 640)
        self.pen.text(counter, "lead_small", x + 40, y + 44, w - 80, code=ink2, align="center")
        role = look.role("number")
        size = min(role.size, role.size * (w - 72) / text.width_of(look, number, role))
        fitted = role._replace(size=size)
        self.pen.text(
            number, fitted, x + 20, y + 108 + (265 - size * 1.06) / 2, w - 40, code=ink, align="center"
        )
        tear = y + 412
        for side in (x - 32, x + w - 32):
            self.pen.disc(sky, side, tear - 30, 64)
        at = x + 52
        while at < x + w - 60:
            self.pen.rect("#B7C8C9", at, tear, 10, 5)
            at += 16
        each = (w - 96) / max(1, len(facts))
        for index, (caption, value) in enumerate(facts):
            left = x + 48 + index * each
            small = self.pen.text(caption, "small", left, tear + 46, each, code=ink2, align="center")
            self.pen.text(value, look.role("title_small")._replace(weight=700, size=50), left,
                          tear + 50 + small.height, each, code=ink, align="center")  # fmt: skip


class PageCard(Part):
    """A photographed page: its picture with its number, the verdict, Ulangi and the bin.

    ``picture`` is a Kivy texture or None while it is made. ``tone``: green when readable, amber with a remedy.
    """

    def __init__(
        self, look: Look, x: float, y: float, w: float, h: float, number: int, verdict: str, *, good: bool,
        picture: Any = None, on_again: Action | None = None, on_delete: Action | None = None, again: str = "Ulangi",
    ) -> None:  # fmt: skip
        super().__init__(look, x, y, w, h)
        palette = look.palette
        tone = palette.tones["green" if good else "amber"]
        if good:
            self.add(Card(look, x, y, w, h))
        else:
            self.add(Card(look, x, y, w, h, edge=tone.icon, border=5))
        pen = self.parts[-1].pen
        verdict_h = text.height_of(look, verdict, "body", w - 100)
        photo_h = h - 44 - verdict_h - 92 - 54
        pen.box(pen.shape(14, "#DDE5E5"), x + 22, y + 22, w - 44, photo_h)
        if picture is not None:
            width, height = picture.size
            scale = min((w - 44) / width, (photo_h - 16) / height)
            pw, ph = width * scale, height * scale
            pen.picture(picture, x + (w - pw) / 2, y + 30 + (photo_h - 16 - ph) / 2, pw, ph)
        pen.box(pen.shape(12, "#0B2930"), x + 36, y + 36, 52, 52)
        pen.text(str(number), "small_bold", x + 36, y + 36 + (52 - text.height_of(look, "1", "small_bold")) / 2, 52,
                 code="#FFFFFF", align="center")  # fmt: skip
        top = y + 22 + photo_h + 14
        pen.icon(
            "done" if good else "late", 38, x + 28, top + (verdict_h - 38) / 2, code=tone.icon, fill=True
        )
        pen.text(verdict, "tile_small", x + 78, top, w - 100, code=tone.text)
        top += verdict_h + 14
        self.again = self.add(
            Button(look, x + 22, top, w - 44 - 108 - 14, 92, again, on_again, icon="camera",
                   skin="plain" if good else "filled", role="button_small", pad=12)
        )  # fmt: skip
        self.bin = self.add(
            Button(look, x + w - 22 - 108, top, 108, 92, "", on_delete, icon="bin", icon_size=40)
        )
