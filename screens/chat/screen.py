"""Apa yang ingin Anda tanyakan? Large tiles of questions, and a keyboard for whoever prefers to type.

While one types, the tiles show the known questions nearest to it; Tanya asks what was typed, whatever the tiles say.
"""

from __future__ import annotations

from collections.abc import Hashable

from kiosk.flow.events import Backspace, Choose, ClearField, Forward, Key, TurnPage
from kiosk.flow.model import Visit
from kiosk.journeys.faq import Faq
from screens.application import PackScene, Slot, trouble_words
from screens.widgets import text
from screens.widgets.buttons import Tile
from screens.widgets.cards import InfoCard
from screens.widgets.fields import Field
from screens.widgets.helpbar import NavItem
from screens.widgets.keys import BACKSPACE, CLOSE, ENTER, Keyboard
from screens.widgets.status import Banner

GAP = 16


def journey_of(visit: Visit) -> Faq:
    """The question under way. AssertionError for another journey: the director pairs places and scenes."""
    assert isinstance(visit.journey, Faq)  # noqa: S101
    return visit.journey


class Chat(PackScene):
    horizon = 286

    @classmethod
    def key(cls, visit: Visit) -> Hashable:
        return None

    def build(self) -> None:
        journey = journey_of(self.visit)
        self.head(self.say("chat.title"), step=self.say("chat.step"), role="title_small", below=38)
        self.field = self.shore.put(
            Field, "", journey.typed, self.open_keys, state="rest", icon="chats-circle",
            on_clear=self.sends(ClearField()), h=112, gap=GAP,
        )  # fmt: skip
        self._hint = self.pen.text(
            "", "lead_small", self.field.x + 104,
            self.field.y + (self.field.h - text.height_of(self.look, "Ag", "lead_small")) / 2,
            self.width - 240, code=self.look.palette.ink2,
        )  # fmt: skip
        self.keyboard: Keyboard | None = None
        self._list: Slot | None = None
        self._nav_words: list[str] = []
        self._nav(journey)
        if journey.typed:
            self.open_keys()
        else:
            self._show(journey)

    # ---- keyboard
    def open_keys(self) -> None:
        """The field was touched: the keyboard comes up under the tiles."""
        if self.keyboard is not None:
            return
        look = self.look
        wide = 1016.0
        y = self.shore.end - 480.0 if look.landscape else look.tall - 858
        x = self.left + (self.width - wide) / 2
        self.field.become("active")
        self.keyboard = self.add(Keyboard(look, x, y, self._key, w=wide, action="ask"))
        self._show(journey_of(self.visit))

    def close_keys(self) -> None:
        """Tutup: all room for the tiles."""
        if self.keyboard is not None:
            self.remove(self.keyboard)
            self.keyboard = None
            self.field.become("rest")
            self._show(journey_of(self.visit))

    def _key(self, sends: str) -> None:
        if sends == CLOSE:
            self.close_keys()
        elif sends == ENTER:
            self.send(Forward())
        elif sends == BACKSPACE:
            self.send(Backspace())
        else:
            self.send(Key(sends))

    # ---- the tiles
    def update(self, visit: Visit) -> None:
        new, old = journey_of(visit), journey_of(self.visit)
        self.field.say(new.typed)
        if _drawn(new) != _drawn(old):
            self._show(new)

    def _show(self, journey: Faq) -> None:
        look = self.look
        self._hint.say("" if journey.typed or self.keyboard else self.say("chat.type_here"))
        if self._list is not None:
            self.remove(self._list)
        end = self.keyboard.y - 16 if self.keyboard else self.shore.end
        part = self._list = self.add(Slot(look, self.left, self.shore.y, self.width, end - self.shore.y))
        y = part.y
        if journey.trouble:
            words = trouble_words(self.visit.language, journey.trouble)
            y = part.add(Banner(look, part.x, y, part.w, words, "brick", icon="late")).bottom + GAP
        if journey.tiles:
            y = self._tiles(part, journey, y)
        elif journey.typed.strip() and journey.offered_for == journey.typed:
            card = InfoCard(
                look, part.x, y, part.w, self.say("chat.none"), self.say("chat.none_help"), icon="binoculars"
            )
            if card.bottom <= part.bottom + 1:
                y = part.add(card).bottom + GAP
        if self.keyboard is None:
            promise = InfoCard(
                look, part.x, y + 8, part.w, self.say("chat.promise"), self.say("chat.promise_help"), icon="scales"
            )  # fmt: skip
            if promise.bottom <= part.bottom + 1:
                part.add(promise)
        self._nav(journey)

    def _tiles(self, part: Slot, journey: Faq, y: float) -> float:
        look = self.look
        words = self.say("chat.near" if journey.typed.strip() else "chat.first")
        tall = text.height_of(look, words, "label", part.w)
        least = 132.0 if self.keyboard is None else 88.0 if look.landscape else 96.0
        columns = 2 if look.landscape and not look.large else 1
        width = (part.w - 18 * (columns - 1)) / columns
        with_label = self.keyboard is None or not (look.large or look.landscape)
        if with_label:
            part.pen.text(words, "label", part.x, y, part.w, code=look.palette.ink, keep=True)
            y += tall + 12
        for at in range(0, len(journey.tiles), columns):
            row = journey.tiles[at : at + columns]
            made = [
                Tile(
                    look, part.x + place * (width + 18), y, width, least, self.text(one.ask),
                    self.sends(Choose(one.id)), help_line=self.text(one.topic) if self.keyboard is None else None,
                    icon="question" if self.keyboard is None else None, icon_size=52, arrow=True, role="tile_small",
                    keep=False,
                )
                for place, one in enumerate(row)
            ]  # fmt: skip
            if max(tile.bottom for tile in made) > part.bottom + 1:
                break
            for tile in made:
                part.add(tile)
            y = max(tile.bottom for tile in made) + GAP
        return y

    # ---- navigation
    def _nav(self, journey: Faq) -> None:
        items = [self.back(), self.leave()]
        left = len(journey.offered) - (journey.page + 1) * len(journey.tiles)
        if journey.pages > 1:
            words = self.say("chat.more", n=left) if left > 0 else self.say("chat.start_again")
            icon = "more" if left > 0 else "caret-up"
            items.append(NavItem(words, self.sends(TurnPage()), icon, "right"))
        words = [item.label for item in items]
        if words == self._nav_words:
            return
        self._nav_words = words
        if self.nav_row is not None:
            self.remove(self.nav_row)
        self.nav(items, shallow=True, even=True)


def _drawn(journey: Faq) -> tuple[object, ...]:
    """What the tiles show."""
    return (journey.tiles, journey.trouble, bool(journey.typed.strip()), journey.offered_for == journey.typed)
