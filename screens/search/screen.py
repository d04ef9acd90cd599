"""Usaha apa yang Anda jalankan? A field, a keyboard, and the codes that fit, three at a time.

Nothing is drawn anew while one types but the list: the keyboard stays under the fingers.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, NamedTuple

from kiosk.flow.events import Backspace, CallOfficer, Choose, ClearField, Forward, Key, TurnPage
from kiosk.flow.model import Visit
from kiosk.journeys.apply.find import GROUP, TRY
from kiosk.journeys.apply.state import OPTIONS_PER_PAGE, RESULTS_PER_PAGE, Apply
from screens.application import ApplyScene, Slot, journey_of, trouble_words
from screens.widgets import text
from screens.widgets.buttons import Tile
from screens.widgets.cards import InfoCard
from screens.widgets.fields import Field
from screens.widgets.helpbar import NavItem
from screens.widgets.keys import BACKSPACE, CLOSE, ENTER, Keyboard
from screens.widgets.status import Banner, Chip

if TYPE_CHECKING:
    from kiosk.knowledge.kbli import Guide, Match, Option

GAP = 18
GAP_ROW = 14
_CHIP = 44


class Style(NamedTuple):
    """What a row says beside its title."""

    gloss: bool
    chip: bool
    beside: bool
    """The code stands at the left, not in front of the title."""


STYLES = (
    Style(True, True, True),
    Style(False, True, True),
    Style(False, False, True),
    Style(False, False, False),
)


class Search(ApplyScene):
    horizon = 286

    @classmethod
    def key(cls, visit: Visit) -> Hashable:
        return journey_of(visit).purpose

    def build(self) -> None:
        journey = self.journey
        step = self.say("search.step_ask" if journey.purpose == "ask" else "search.step_apply")
        self.head(
            self.say("search.title"),
            step=self.say("search.step_risk", step=step),
            role="title_small",
            below=38,
        )
        self.field = self.shore.put(
            Field,
            "",
            journey.query,
            self.open_keys,
            state="active",
            icon="search",
            note="",
            on_clear=self.sends(ClearField()),
            h=112,
            gap=GAP,
        )
        self._nav_words: list[str] = []
        self._nav(journey, whole=True)
        self.keyboard: Keyboard | None = None
        self._list: Slot | None = None
        self._open(journey)

    # ---- keyboard
    def _open(self, journey: Apply) -> None:
        look = self.look
        wide = 1016.0
        high = 480.0
        y = self.shore.end - high if look.landscape else look.tall - 858
        x = self.left + (self.width - wide) / 2
        self.keyboard = self.add(Keyboard(look, x, y, self._key, w=wide))
        self._show(journey)

    def open_keys(self) -> None:
        """The field was touched: the keyboard is there again."""
        if self.keyboard is None:
            self.field.become("active")
            self._open(self.journey)

    def close_keys(self) -> None:
        """Tutup: all room for what was found."""
        if self.keyboard is not None:
            self.remove(self.keyboard)
            self.keyboard = None
            self.field.become("rest")
            self._show(self.journey)

    def _key(self, sends: str) -> None:
        if sends == CLOSE:
            self.close_keys()
        elif sends == ENTER:
            if self.journey.question_now is not None:
                self.close_keys()  # nobody guesses for the visitor: all answers come into view
            self.send(Forward())
        elif sends == BACKSPACE:
            self.send(Backspace())
        else:
            self.send(Key(sends))

    # ---- what was found
    def update(self, visit: Visit) -> None:
        new, old = journey_of(visit), self.journey
        self.field.say(new.query)
        if _drawn(new) != _drawn(old):
            self._show(new)

    def _show(self, journey: Apply) -> None:
        """The list under the field, and the page button that goes with it."""
        look = self.look
        found, question = journey.matches, journey.question_now
        count = "search.found" if question is None else "search.options"
        shown = question.options if question is not None else found
        self.field.tell(self.say(count, n=len(shown)) if shown else "")
        if self._list is not None:
            self.remove(self._list)
        end = self.keyboard.y - 20 if self.keyboard else self.shore.end
        part = Slot(look, self.left, self.shore.y, self.width, end - self.shore.y)
        self._list = self.add(part)
        whole = True
        if journey.trouble:
            words = trouble_words(self.visit.language, journey.trouble)
            part.add(Banner(look, part.x, part.y, part.w, words, "brick", icon="late"))
        elif question is not None:
            whole = self._question(part, journey, question)
        elif found:
            start = journey.page * RESULTS_PER_PAGE
            whole = self._rows(part, found[start : start + RESULTS_PER_PAGE], first=start == 0)
        elif journey.query.strip() and journey.found_for == journey.query:
            self._way_out(part, self._card(part, "none", "binoculars"), officer=True)
        elif not journey.query.strip():
            self._way_out(part, self._card(part, "start", "storefront"), officer=False)
        self._nav(journey, whole=whole)

    def _question(self, part: Slot, journey: Apply, question: Guide) -> bool:
        """The guided question and a page of its answers, two beside each other. True when the page has room."""
        look = self.look
        y = part.y
        ask, why = self.text(question.ask), self.text(question.why)
        if part.h > 200:
            handle = part.pen.text(ask, "label", part.x, y, part.w, code=look.palette.ink, keep=True)
            y += handle.height + 2
            if self.keyboard is None or not look.large:
                y += part.pen.text(why, "small", part.x, y, part.w, code=look.palette.ink2).height + 2
            y += 12
        columns = 1 if look.large else 2
        width = (part.w - GAP * (columns - 1)) / columns
        start = journey.page * OPTIONS_PER_PAGE
        shown = list(enumerate(question.options))[start : start + OPTIONS_PER_PAGE]
        lines = self.keyboard is None
        for at in range(0, len(shown), columns):
            row = [
                self._option(number, option, part.x + place * (width + GAP), y, width, 0, line=lines)
                for place, (number, option) in enumerate(shown[at : at + columns])
            ]
            tall = max(88.0, *(tile.h for tile in row))
            if y + tall > part.bottom + 1:
                return False
            for place, (number, option) in enumerate(shown[at : at + columns]):
                part.add(
                    self._option(number, option, part.x + place * (width + GAP), y, width, tall, line=lines)
                )
            y += tall + GAP_ROW
        return True

    def _option(
        self, number: int, option: Option, x: float, y: float, w: float, h: float, *, line: bool
    ) -> Tile:
        """One answer: its words, and which code it is or how many there are behind it."""
        words = f"KBLI {option.code}" if option.code else self.say("search.group", n=len(option.then))
        sends = self.sends(Choose(option.code or f"{GROUP}{number}"))
        return Tile(
            self.look, x, y, w, h, self.text(option.label), sends, help_line=words if line or not option.code else None,
            arrow=self.look.large, role="tile_small", keep=False,
        )  # fmt: skip

    def _way_out(self, part: Slot, y: float, *, officer: bool) -> None:
        """Examples to touch, and an officer when nothing was found: as many as there is room for."""
        look = self.look
        columns = 1 if look.large else 2
        width = (part.w - GAP * (columns - 1)) / columns
        makes: list[Callable[[float, float, float], Tile]] = []
        if officer:
            makes.append(
                lambda x, y, w: Tile(
                    look, x, y, w, 104, self.say("search.officer"), self.sends(CallOfficer()),
                    help_line=self.say("search.officer_help"), icon="help", icon_size=52, role="tile_small",
                )
            )  # fmt: skip
        for words in self.say("search.examples").split(", "):
            makes.append(
                lambda x, y, w, words=words: Tile(
                    look, x, y, w, 104, words, self.sends(Choose(f"{TRY}{words}")), icon="search", icon_size=44,
                    role="tile_small",
                )
            )  # fmt: skip
        if officer:
            makes = makes[:4]
        y += GAP
        for at in range(0, len(makes), columns):
            row = [
                make(part.x + place * (width + GAP), y, width)
                for place, make in enumerate(makes[at : at + columns])
            ]
            if max(tile.bottom for tile in row) > part.bottom + 1:
                return
            for tile in row:
                part.add(tile)
            y = max(tile.bottom for tile in row) + GAP_ROW

    def _card(self, part: Slot, name: str, icon: str) -> float:
        """A card with what to do; returns the y under it. Where the keyboard leaves no room, the field says it."""
        title, words = self.say(f"search.{name}"), self.say(f"search.{name}_help")
        card = InfoCard(self.look, part.x, part.y, part.w, title, words, icon=icon)
        if card.bottom > part.bottom + 1:
            self.field.tell(title if name == "none" else "")
            return part.y - GAP
        return part.add(card).bottom

    def _rows(self, part: Slot, found: tuple[Match, ...], *, first: bool) -> bool:
        """As rich as the room allows: meaning and risk, the risk alone, the title alone, and at last the code in front
        of the title instead of beside it. True when all were placed."""
        style = next(
            (one for one in STYLES if self._need(found, one, part.w) <= part.h),
            STYLES[-1],
        )
        room = self._room(style, part.w)
        y = part.y
        for index, match in enumerate(found):
            need = self._height(match, style, room)
            if index and y + need > part.bottom:
                return False
            tile = Tile(
                self.look, part.x, y, part.w, need, _title(match, style), self.sends(Choose(match.code)),
                help_line=self._gloss(match, room) if style.gloss else None,
                code=("KBLI", match.code) if style.beside else None, arrow=True,
                chip_room=self._chip_height() if style.chip else 0, role="tile_small", keep=False,
            )  # fmt: skip
            if first and index == 0:
                tile.choose(on=True)
            if style.chip:
                self._chip(tile, match, room)
            part.add(tile)
            y = tile.bottom + GAP
        return True

    def _need(self, found: tuple[Match, ...], style: Style, w: float) -> float:
        room = self._room(style, w)
        return sum(self._height(match, style, room) for match in found) + GAP * (len(found) - 1)

    def _room(self, style: Style, w: float) -> float:
        """Width of a row's words, as the tile lays them out."""
        return w - 34 - (self._code_width() + 36 if style.beside else 0) - 92

    def _gloss(self, match: Match, room: float) -> str | None:
        """The meaning in everyday words, if it takes one line and says more than the title."""
        plain = match.gloss.rstrip("…").lower()
        if (
            match.title.lower().startswith(plain[:40])
            or text.width_of(self.look, match.gloss, "small") > room
        ):
            return None
        return match.gloss

    def _code_width(self) -> float:
        return max(text.width_of(self.look, "KBLI", "small"), text.width_of(self.look, "00000", "tile"), 112)

    def _chip_height(self) -> float:
        return max(_CHIP, self.look.size_of(self.look.role("chip")) * 1.2 + 10)

    def _height(self, match: Match, style: Style, room: float) -> float:
        """What a row needs; never less than its tile takes."""
        words = text.height_of(self.look, _title(match, style), "tile_small", room)
        if style.gloss and (line := self._gloss(match, room)):
            words += text.height_of(self.look, line, "small", room) + 2
        if style.chip:
            words += self._chip_height() + 8
        if style.beside:
            block = text.height_of(self.look, "KBLI", "small") + text.height_of(self.look, "00000", "tile")
            words = max(words, block)
        return max(108.0 if style.beside else 88.0, words + 37)

    def _chip(self, tile: Tile, match: Match, room: float) -> None:
        """The risk of a micro business, labelled indicative in the sky, and why this row is here."""
        from kiosk.knowledge import risk

        x, y = tile.chip_at
        levels = risk.requirements(match.code, "mikro").levels
        left = 0.0
        if levels:
            rules = list(risk.Risk)
            chip = (
                Chip.risk(self.look, x, y, rules.index(levels[0]) + 1)
                if len(levels) == 1
                else Chip(self.look, x, y, self.say("search.several"), "tint", icon="info")
            )
            tile.add(chip)
            left = chip.w + 18
        why = self._why(match.why)
        if why and left + text.width_of(self.look, why, "small") <= room:
            high = text.height_of(self.look, why, "small")
            tile.face.text(
                why, "small", x + left, y + (self._chip_height() - high) / 2, None, code=tile.skin.text2
            )

    def _why(self, why: str) -> str:
        if self.visit.language == "en":
            for own, other in (("cocok: ", "matches: "), ("kode ", "code "), ("pengganti ", "replaces ")):
                if why.startswith(own):
                    return other + why.removeprefix(own)
        return why

    # ---- navigation
    def _nav(self, journey: Apply, *, whole: bool) -> None:
        items = [self.back(), self.leave()]
        question = journey.question_now
        each = RESULTS_PER_PAGE if question is None else OPTIONS_PER_PAGE
        count = len(journey.matches) if question is None else len(question.options)
        left = count - (journey.page + 1) * each
        if not whole:
            items.append(NavItem(self.say("search.all"), self.close_keys, "more", "right"))
        elif left > 0:
            words = self.say("search.more", n=min(left, each))
            items.append(NavItem(words, self.sends(TurnPage()), "more", "right"))
        elif journey.page:
            items.append(NavItem(self.say("search.first"), self.sends(TurnPage()), "caret-up", "right"))
        words = [item.label for item in items]
        if words == self._nav_words:
            return
        self._nav_words = words
        if self.nav_row is not None:
            self.remove(self.nav_row)
        self.nav(items, shallow=True, even=True)


def _drawn(journey: Apply) -> tuple[object, ...]:
    """What the list shows."""
    return (
        journey.matches,
        journey.question_now,
        journey.page,
        journey.trouble,
        bool(journey.query.strip()),
        journey.found_for == journey.query,
    )


def _title(match: Match, style: Style) -> str:
    return match.title if style.beside else f"{match.code}  {match.title}"
