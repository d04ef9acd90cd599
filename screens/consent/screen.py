"""Persetujuan data (picture 03): what, why, who, how long. Refusing is as large as agreeing; nothing is pre-ticked."""

from __future__ import annotations

from kiosk.flow.events import Choose, Forward
from kiosk.flow.events import Toggle as ToggleTouch
from kiosk.flow.model import Visit
from screens.scene import Scene, Sends
from screens.theme.look import Look
from screens.widgets import text
from screens.widgets.buttons import Button, Toggle
from screens.widgets.cards import ListCard, Row
from screens.widgets.helpbar import NavItem
from screens.words import folded


class Switch(Toggle):
    """A switch that shows what the state says: a touch only asks, `set` shows."""

    def __init__(
        self,
        look: Look,
        x: float,
        y: float,
        w: float,
        h: float,
        title: str,
        tap: Sends,
        *,
        help_line: str,
        on: bool,
    ) -> None:
        room = w - 130 - 68 * look.text_step - 152  # beside the icon and the switch
        words = folded(look, title, "tile", room), folded(look, help_line, "small", room)
        super().__init__(look, x, y, w, h, words[0], None, help_line=words[1], icon="whatsapp", on=on)
        self.on_tap = tap

    def set(self, *, on: bool) -> None:
        """Show it on or off."""
        if on != self.on:
            self._flip()


class Consent(Scene):
    horizon = 470

    def build(self) -> None:
        look = self.look
        self.head(
            self.say("consent.title"),
            step=self.say("common.step_way_in", now=2),
            sentence=self.say("consent.sentence"),
            below=52 if not look.large else 36,
            start=24 if not look.large else 8,
        )
        self.nav(
            [
                NavItem(self.say("consent.refuse"), self.sends(Choose("refuse")), "leave"),
                NavItem(self.say("consent.agree"), self.sends(Forward()), "tick", "right", "filled"),
            ],
            even=True,
        )
        self._rows()
        self.toggle = self.shore.put(
            Switch,
            128,
            self.say("consent.whatsapp"),
            self.sends(ToggleTouch("whatsapp")),
            help_line=self.say("consent.whatsapp_help"),
            on=self.visit.whatsapp,
            gap=28 if not look.large else 14,
        )
        label = self.say("consent.read")
        wide = max(324.0, text.width_of(look, label, "tile_small") + 130)
        right = self.left + self.width
        room = self.width - wide - 40
        law = self.say("consent.law")
        law_h = text.height_of(look, law, "small", room)
        if self.shore.room >= law_h:
            self.pen.text(law, "small", self.left, self.shore.y, room, code=look.palette.ink2)
        self.read = self.add(
            Button(
                look,
                right - wide,
                self.shore.y,
                wide,
                96,
                label,
                self.sends(Choose("privacy")),
                icon="book-open",
                role="tile_small",
            )
        )

    def _rows(self) -> None:
        look = self.look
        days = self.visit.settings.draft_days
        entries = (
            ("what", "ektp", {}),
            ("why", "target", {}),
            ("who", "users-three", {"office": self.office.name}),
            ("here", "bin", {"days": days}),
        )
        rows = [
            Row(self.say(f"consent.{name}"), sub=self.say(f"consent.{name}_help", **values), icon=icon)
            for name, icon, values in entries
        ]
        row_h = 143 if look.text_step == 1 else 0
        if not look.landscape:
            self.shore.put(
                ListCard, rows, plain=True, row_h=row_h, icon_size=56, gap=28 if not look.large else 14
            )
            return
        half = (self.width - 40) / 2
        cards = [
            self.add(ListCard(look, x, self.shore.y, half, part, plain=True, row_h=row_h, icon_size=56))
            for x, part in ((self.left, rows[:2]), (self.left + half + 40, rows[2:]))
        ]
        self.shore.y = max(card.bottom for card in cards) + 28

    def update(self, visit: Visit) -> None:
        self.toggle.set(on=visit.whatsapp)
