"""One question over the screen. From y=620 down, so that its buttons are reachable; the help bar stays live."""

from __future__ import annotations

from collections.abc import Sequence

from screens.theme.look import Look
from screens.theme.tokens import HELP_BAR, RADIUS
from screens.widgets import text
from screens.widgets.art import Sun
from screens.widgets.buttons import Button
from screens.widgets.helpbar import NavItem
from screens.widgets.part import Part
from screens.widgets.pen import TextHandle


class Dialog(Part):
    """A scrim over everything but the help bar, and a card: title, sentence, buttons one under another.

    The first item is the safe choice: give it ``skin="filled"``. ``icon`` stands above the title.
    ``countdown`` draws the
    sinking sun with the seconds (19); ``tell`` changes them. A touch on the scrim does nothing.
    """

    touchable = True

    def __init__(
        self,
        look: Look,
        title: str,
        sentence: str,
        items: Sequence[NavItem],
        *,
        icon: str | None = None,
        countdown: int | None = None,
        caption: str = "detik lagi",
    ) -> None:
        super().__init__(look, 0, 0, look.wide, look.tall - HELP_BAR)
        palette = look.palette
        self.pen.rect(palette.scrim, 0, 0, look.wide, look.tall - HELP_BAR, alpha=0.86)
        width = 968.0 if not look.landscape else 1100.0
        left = (look.wide - width) / 2
        room = width - 96
        title_h = text.height_of(look, title, "title", room)
        words_h = text.height_of(look, sentence, "lead_small", room)
        button_hs = [168.0 if i == 0 else 124.0 for i in range(len(items))]
        sun_h = 470.0 if countdown is not None else 0.0
        if look.landscape and countdown is not None:
            sun_h = 300.0
        icon_h = 116.0 if icon else 0.0
        height = (
            sun_h + icon_h + 46 + title_h + 14 + words_h + 40 + sum(button_hs) + 22 * (len(items) - 1) + 46
        )
        lowest = look.tall - HELP_BAR - 56
        top = (
            max(24.0, lowest - height) if look.landscape else max(look.tall - 1300, lowest - max(height, 700))
        )
        top = min(top, lowest - height)
        self.card = (left, top, width, height)
        border = look.border("touch") if look.contrast else 0
        self.pen.box(
            self.pen.shape(RADIUS["dialog"], palette.surface, border=border, border_colour=palette.ink),
            left,
            top,
            width,
            height,
        )
        cursor = top
        self._seconds: TextHandle | None = None
        if countdown is not None:
            sky = palette.sky["samudra"]
            strip = 74.0
            head = sun_h - strip
            self.pen.box(self.pen.shape(RADIUS["dialog"], sky), left, top, width, head)
            self.pen.rect(sky, left, top + RADIUS["dialog"], width, head - RADIUS["dialog"])
            radius = min(230.0, head - 60)
            self.add(Sun(look, look.wide / 2, top + head, radius))
            self.pen.rect(palette.sea, left, top + head, width, strip)
            # The lower half of the sun is behind the sea strip and the white of the card.
            self.pen.rect(palette.surface, left, top + sun_h, width, radius - strip + 10)
            role = look.role("countdown")._replace(size=min(180.0, radius * 0.8))
            self._seconds = self.pen.text(
                str(countdown), role, left, top + head - radius * 0.86, width, code=palette.on_sun,
                align="center", tabular=True,
            )  # fmt: skip
            caption_h = text.height_of(look, caption, "body")
            self.pen.text(
                caption,
                "body",
                left,
                top + head + (strip - caption_h) / 2,
                width,
                code=palette.on_sky,
                align="center",
                keep=True,
            )
            cursor += sun_h
        if icon:
            self.pen.icon(icon, 96, left + (width - 96) / 2, cursor + 40, code=palette.icon, fill=True)
            cursor += icon_h
        cursor += 46
        self.pen.text(title, "title", left + 48, cursor, room, code=palette.ink, align="center", keep=True)
        cursor += title_h + 14
        self.pen.text(sentence, "lead_small", left + 48, cursor, room, code=palette.ink2, align="center")
        cursor += words_h + 40
        self.buttons: list[Button] = []
        for index, (item, h) in enumerate(zip(items, button_hs, strict=True)):
            button = Button(
                look, left + 48, cursor, room, h, item.label, item.on_tap, icon=item.icon, icon_at=item.icon_at,
                skin=item.skin, role="button_big" if index == 0 else "button", enabled=item.enabled,
            )  # fmt: skip
            self.buttons.append(self.add(button))
            cursor += h + 22

    def tell(self, seconds: int) -> None:
        """The seconds that are left, for the countdown."""
        if self._seconds is not None:
            self._seconds.say(str(max(0, seconds)))
