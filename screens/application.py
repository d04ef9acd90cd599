"""What the scenes of an application share: its state, its navigation, its words for numbers, dates and troubles."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Protocol

from kiosk import i18n
from kiosk.flow.events import Back, Forward, Leave, SaveAndLeave
from kiosk.flow.model import Visit
from kiosk.flow.results import Trouble
from kiosk.journeys.apply.state import Apply
from kiosk.knowledge.texts import NEEDS_CHECK, Source, Text
from screens.scene import Scene
from screens.theme.look import Look
from screens.theme.tokens import Role, RoleName, ToneName
from screens.widgets import text
from screens.widgets.cards import ListCard, Row
from screens.widgets.helpbar import NavItem
from screens.widgets.part import Part
from screens.widgets.status import Banner

MONTHS = {
    "id": ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}


def journey_of(visit: Visit) -> Apply:
    """The application under way. AssertionError for another journey: the director pairs places and scenes."""
    assert isinstance(visit.journey, Apply)  # noqa: S101
    return visit.journey


def amount(language: str, digits: str) -> str:
    """Whole numbers in threes: 15.000.000, in English 15,000,000. Anything else comes back as it is."""
    if not digits.isdecimal():
        return digits
    return f"{int(digits):,}".replace(",", "," if language == "en" else ".")


def day_words(language: str, day: date | str) -> str:
    """ "24 Nov 2026" for a date or an ISO date; words that are no date come back as they are."""
    if isinstance(day, str):
        try:
            day = date.fromisoformat(day[:10])
        except ValueError:
            return day
    return f"{day.day} {MONTHS['en' if language == 'en' else 'id'][day.month - 1]} {day.year}"


def trouble_words(language: str, trouble: Trouble | str) -> str:
    """One sentence for a trouble; the sentence for a fault inside when the word is unknown."""
    key = f"trouble.{getattr(trouble, 'value', trouble)}"
    return i18n.say(language, key if i18n.known(key) else "trouble.internal")


def sentence_case(words: str) -> str:
    return words[:1].upper() + words[1:]


class PackScene(Scene):
    """A scene that shows what the packs say: their texts, where each comes from, and the same navigation."""

    def text(self, words: Text) -> str:
        """A text of the packs in the visitor's language."""
        return words.get(self.visit.language)

    def source(self, source: Source) -> str:
        """ "PP 28/2025 Pasal 220 · diperiksa 24 Nov 2026", or that it must be looked at again."""
        law = f"{source.law} {source.article}".strip()
        day = day_words(self.visit.language, source.checked_on)
        words = self.say("risk.source", law=law, day=day)
        if source.grade == "K" or source.stale(date.today()):
            words += f" · {self.text(NEEDS_CHECK)}"
        return words

    def head(
        self, title: str, *, role: RoleName = "title", room: float | None = None, **options: Any
    ) -> float:
        """The frame's head, its title in lines of even length rather than with one word left over."""
        room = room or self.sky_width
        if any(text.width_of(self.look, word, role) > room for word in title.split()):
            role = "title_small"  # the sky of a landscape screen is a narrow column
        voice = self.look.role(role)
        if self.look.landscape and voice.size > 66:
            voice = voice._replace(size=voice.size * 0.9)
        return super().head(title, role=role, room=even_room(self.look, title, voice, room), **options)

    # ---- navigation
    def back(self) -> NavItem:
        return NavItem(self.say("nav.back"), self.sends(Back()), "back")

    def leave(self) -> NavItem:
        return NavItem(self.say("nav.leave"), self.sends(Leave()), "leave")

    def forward(self, words: str = "", icon: str = "forward", *, enabled: bool = True) -> NavItem:
        """The one filled button."""
        return NavItem(
            words or self.say("nav.forward"), self.sends(Forward()), icon, "right", "filled", enabled=enabled
        )

    # ---- parts
    def notice(self, words: str, tone: ToneName = "amber", icon: str = "late", *, gap: float = 20) -> Banner:
        """A banner at the shore's cursor."""
        return self.shore.put(Banner, words, tone, icon=icon, gap=gap)

    def trouble_notice(self, trouble: Trouble | None) -> Banner | None:
        """What went wrong and what still works; nothing when all is well."""
        if trouble is None:
            return None
        return self.notice(trouble_words(self.visit.language, trouble), "brick")


class ApplyScene(PackScene):
    """A scene of an application."""

    @property
    def journey(self) -> Apply:
        return journey_of(self.visit)

    def save(self) -> NavItem:
        return NavItem(self.say("nav.save_leave"), self.sends(SaveAndLeave()), "save")


def even_room(look: Look, words: str, role: Role, room: float) -> float:
    """The narrowest width in which the words take no more lines than in ``room``."""
    high = text.height_of(look, words, role, room)
    if high < role.line * look.size_of(role) * 1.5:
        return room
    low, wide = max(room / 2, max(text.width_of(look, word, role) for word in words.split())), room
    while wide - low > 12:
        middle = (low + wide) / 2
        if text.height_of(look, words, role, middle) > high + 1:
            low = middle
        else:
            wide = middle
    return wide


Section = tuple[str, tuple[Row, ...]]
"""A card's title ("" for none) and its rows."""


class MakeCard(Protocol):
    """Draws rows as one card."""

    def __call__(
        self, look: Look, x: float, y: float, w: float, rows: Sequence[Row], *, title: str | None = None
    ) -> Part: ...


class Paginator:
    """Spreads cards of rows over pages; a card that does not fit goes on under the same title on the next page.

    Rows are measured once, by drawing them, so that what fits here fits on the screen.
    """

    def __init__(
        self, look: Look, w: float, sections: Sequence[Section], gap: float = 20, card: MakeCard = ListCard
    ) -> None:
        def tall(rows: Sequence[Row], title: str) -> float:
            return card(look, 0, 0, w, rows, title=title or None).h

        self._gap = gap
        self._measured: list[tuple[str, float, list[tuple[Row, float]]]] = []
        for title, rows in sections:
            if not rows:
                continue
            alone = tall(rows[:1], title)
            second = tall([rows[0], rows[0]], title) - alone
            edge = alone - second  # what a card takes beside its rows
            needs = [tall([row], title) - edge for row in rows[1:]]
            self._measured.append((title, edge, list(zip(rows, [second, *needs], strict=True))))

    def pages(self, room: float) -> list[list[Section]]:
        """Pages of height ``room``; each has at least one row."""
        pages: list[list[Section]] = [[]]
        left = room
        for title, edge, rows in self._measured:
            card: list[Row] = []
            for row, need in rows:
                if need + (0 if card else edge) > left and (card or pages[-1]):
                    if card:
                        pages[-1].append((title, tuple(card)))
                    pages.append([])
                    card, left = [], room
                left -= need + (0 if card else edge)
                card.append(row)
            if card:
                pages[-1].append((title, tuple(card)))
            left -= self._gap
        return [page for page in pages if page]


class Slot(Part):
    """A part that can be taken away and drawn anew without the screen around it."""

    def clear(self) -> None:
        for part in list(self.parts):
            self.remove(part)
