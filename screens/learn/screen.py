"""Belajar: the list of lessons, and a lesson card by card with a picture of ours."""

from __future__ import annotations

from collections.abc import Hashable

from kiosk.flow.events import Back, Choose, Forward
from kiosk.flow.model import Visit
from kiosk.journeys.learn import Learn as Journey
from kiosk.knowledge.lessons import Lesson, source
from screens.application import PackScene, trouble_words
from screens.frame import Make
from screens.officer.lesson import draw_picture
from screens.widgets import text
from screens.widgets.buttons import Tile
from screens.widgets.helpbar import NavItem
from screens.widgets.status import Banner

_TILE = 132.0


def journey_of(visit: Visit) -> Journey:
    """What is being learnt. AssertionError for another journey: the director pairs places and scenes."""
    assert isinstance(visit.journey, Journey)  # noqa: S101
    return visit.journey


class Learn(PackScene):
    horizon = 400

    @classmethod
    def key(cls, visit: Visit) -> Hashable:
        journey = journey_of(visit)
        lesson = journey.lesson.id if journey.lesson is not None else ""
        return len(journey.lessons), lesson, journey.card, journey.practised, journey.trouble

    def build(self) -> None:
        lesson = journey_of(self.visit).lesson
        if lesson is None:
            self._list()
        else:
            self._card(lesson)

    def _list(self) -> None:
        journey = journey_of(self.visit)
        which = "practised" if journey.practised else "sentence"
        self.head(
            self.say("learn.practised_title" if journey.practised else "learn.title"),
            step=self.say("learn.step"),
            sentence=self.say(f"learn.{which}"),
        )
        practice = NavItem(
            self.say("learn.practice"), self.sends(Choose("practice")), "graduation-cap", skin="filled"
        )
        self.nav([NavItem(self.say("nav.back"), self.sends(Back()), "back"), practice])
        if journey.trouble:
            words = trouble_words(self.visit.language, journey.trouble)
            self.shore.put(Banner, words, "brick", icon="late")
        self._tiles(journey.lessons)

    def _tiles(self, lessons: tuple[Lesson, ...]) -> None:
        """All that fit; large words show fewer, the nearest to the beginning first."""
        columns = 1 if self.look.large else 2
        makes = [self._tile(lesson) for lesson in lessons]
        self.shore.grid(makes, _TILE, columns=columns)

    def _tile(self, lesson: Lesson) -> Make:
        language = self.visit.language
        seconds = self.say("learn.seconds", count=lesson.seconds)
        return lambda x, y, w, h: Tile(
            self.look, x, y, w, h, lesson.title.get(language), self.sends(Choose(lesson.id)),
            help_line=seconds, icon=lesson.cards[0].picture, icon_size=56,
        )  # fmt: skip

    def _card(self, lesson: Lesson) -> None:
        journey, language, look = journey_of(self.visit), self.visit.language, self.look
        card, count = lesson.cards[journey.card], len(lesson.cards)
        title = lesson.title.get(language)
        self.head(
            card.title.get(language),
            step=self.say("learn.card_of", title=title, now=journey.card + 1, all=count),
            stepper=(journey.card + 1, count),
        )
        last = journey.card + 1 == count
        self.nav(
            [
                NavItem(self.say("nav.back"), self.sends(Back()), "back"),
                NavItem(
                    self.say("learn.last" if last else "learn.next"), self.sends(Forward()),
                    "tick" if last else "forward", "right", "filled",
                ),
            ]
        )  # fmt: skip
        words = card.words.get(language)
        origin = source(lesson)
        law = f"{origin.law}, {origin.article}" if origin.article else origin.law
        foot = self.say("learn.source", law=law, checked=f"{origin.checked_on:%d-%m-%Y}")
        foot_h = text.height_of(look, foot, "small", self.width)
        words_h = text.height_of(look, words, "lead", self.width)
        room = self.shore.end - self.shore.y - foot_h - words_h - 56
        if room > 150:
            high = min(room, 480.0)
            draw_picture(self, card.picture, self.left, self.shore.y, self.width, high)
            self.shore.y += high + 28
        self.shore.words(words, "lead")
        self.pen.text(foot, "small", self.left, self.shore.end - foot_h, self.width, code=look.palette.ink2)
