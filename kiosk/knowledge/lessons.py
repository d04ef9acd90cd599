"""Micro-lessons for the steps of an application, from `packs/lessons.toml`: a few cards, a minute, with sources.

A lesson names the steps (`kiosk.flow.model.Place`) it belongs to; opened by visitors in the menu and by officers beside
them. Pictures are drawn on the screen from the name a card gives.
"""

from __future__ import annotations

from functools import cache
from typing import Self

from pydantic import Field, model_validator

from kiosk.insight.vocabulary import PLACES
from kiosk.knowledge.packs import Bilingual, Head, Model, SourceRow, load
from kiosk.knowledge.texts import Source

SECONDS = 60
"""No lesson takes longer."""
WORDS_A_MINUTE = 130
"""Slow readers of a screen, aloud or to themselves."""


class Card(Model):
    """One step card. `picture` is the name of an icon in the kiosk's own set."""

    picture: str = Field(pattern=r"^[a-z][a-z0-9-]{1,40}$")
    title: Bilingual
    words: Bilingual


class Lesson(Model):
    id: str = Field(pattern=r"^[a-z_]{3,20}$")
    places: tuple[str, ...] = ()
    title: Bilingual
    source: SourceRow
    cards: tuple[Card, ...] = Field(min_length=2, max_length=6)

    @property
    def seconds(self) -> int:
        """How long it takes to read in the longer language, in whole seconds."""
        counts = (
            sum(len(f"{card.title.get(language)} {card.words.get(language)}".split()) for card in self.cards)
            for language in ("id", "en")
        )
        return round(max(counts) * 60 / WORDS_A_MINUTE)

    @model_validator(mode="after")
    def _short(self) -> Self:
        if self.seconds > SECONDS:
            raise ValueError(f"lesson {self.id} takes {self.seconds} seconds")
        unknown = set(self.places) - set(PLACES)
        if unknown:
            raise ValueError(f"lesson {self.id}: no such step {sorted(unknown)}")
        return self


class LessonsPack(Model):
    """`packs/lessons.toml`. Refused when two lessons have one id or claim one step."""

    pack: Head
    lesson: tuple[Lesson, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _apart(self) -> Self:
        ids = [one.id for one in self.lesson]
        places = [place for one in self.lesson for place in one.places]
        if len(set(ids)) != len(ids) or len(set(places)) != len(places):
            raise ValueError("two lessons with one id, or for one step")
        return self


@cache
def lessons() -> tuple[Lesson, ...]:
    """All, in the order they are offered. Raises OSError, tomllib.TOMLDecodeError or ValueError for a spoilt pack."""
    return _pack().lesson


def lesson_for(place: str) -> Lesson:
    """The lesson of a step; the first one for a step that has none."""
    return next((one for one in lessons() if place in one.places), lessons()[0])


def named(name: str) -> Lesson | None:
    return next((one for one in lessons() if one.id == name), None)


def source(lesson: Lesson) -> Source:
    """Where it comes from, and until when it may be shown without a new look."""
    return lesson.source.resolve(_pack().pack)


def _pack() -> LessonsPack:
    return load("lessons", LessonsPack)
