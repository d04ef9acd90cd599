"""The nine questions of the satisfaction survey (SKM), from `packs/survey.toml`.

After the sample questionnaire of PermenPANRB 14/2017, in simple words of our own. Which subject is u8 and which u9 is a
value of the pack, because the regulation's own lists disagree. The index is computed in `kiosk.insight.skm`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal, Self

from pydantic import Field, model_validator

from kiosk.knowledge.packs import Bilingual, Head, Model, SourceRow, load
from kiosk.knowledge.texts import Source, Text

Subject = Literal[
    "requirements",
    "procedure",
    "time",
    "cost",
    "result",
    "competence",
    "behaviour",
    "facilities",
    "complaints",
]


class _Order(Model):
    order: tuple[Subject, ...] = Field(min_length=9, max_length=9)


class _Row(Model):
    about: Subject
    label: Bilingual
    ask: Bilingual
    answers: tuple[Bilingual, ...] = Field(min_length=4, max_length=4)


ProfileName = Literal["sex", "age", "schooling", "work"]


class _Choice(Model):
    value: str = Field(pattern=r"^[a-z][a-z_]{0,39}$")
    label: Bilingual


class _Profile(Model):
    name: ProfileName
    ask: Bilingual
    choices: tuple[_Choice, ...] = Field(min_length=2, max_length=6)


class SurveyPack(Model):
    """`packs/survey.toml`. Refused unless each of the nine subjects has one place and one question."""

    pack: Head
    source: SourceRow
    elements: _Order
    question: tuple[_Row, ...]
    profile: tuple[_Profile, ...] = ()

    @model_validator(mode="after")
    def _complete(self) -> Self:
        asked = [row.about for row in self.question]
        if len(set(self.elements.order)) != 9:
            raise ValueError("a subject stands twice in the order")
        if sorted(asked) != sorted(self.elements.order):
            raise ValueError("not one question for each of the nine subjects")
        if len({row.name for row in self.profile}) != len(self.profile):
            raise ValueError("something about the respondent is asked twice")
        return self


@dataclass(frozen=True, slots=True)
class Question:
    """`element` is "u1" to "u9"; `answers` are worded from the worst (score 1) to the best (score 4)."""

    element: str
    about: Subject
    label: Text
    ask: Text
    answers: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class ProfileQuestion:
    """Something about the respondent, which need not be answered. `choices`: (word that is kept, label)."""

    name: ProfileName
    ask: Text
    choices: tuple[tuple[str, Text], ...]


@cache
def profile() -> tuple[ProfileQuestion, ...]:
    """What is asked about the respondent after the nine questions. Raises as `questions`."""
    return tuple(
        ProfileQuestion(row.name, row.ask.text(), tuple((one.value, one.label.text()) for one in row.choices))
        for row in _pack().profile
    )


@cache
def questions() -> tuple[Question, ...]:
    """The nine questions, u1 first. Raises OSError, tomllib.TOMLDecodeError or ValueError for a spoilt pack."""
    return arrange(_pack())


def arrange(pack: SurveyPack) -> tuple[Question, ...]:
    """The questions of a pack in its order."""
    rows = {row.about: row for row in pack.question}
    return tuple(
        Question(
            f"u{number}",
            about,
            rows[about].label.text(),
            rows[about].ask.text(),
            tuple(answer.text() for answer in rows[about].answers),
        )
        for number, about in enumerate(pack.elements.order, 1)
    )


def version() -> str:
    """Which wording was asked; goes to the portal with the answers."""
    return _pack().pack.version


def source() -> Source:
    """Where the questions come from, and until when they may be asked without a new look."""
    pack = _pack()
    return pack.source.resolve(pack.pack)


def _pack() -> SurveyPack:
    return load("survey", SurveyPack)
