"""What an application asks, one question a screen with at most two fields. The texts are in
`packs/form.toml`.

Field names of OSS follow its integration guide (PIA); an empty name means OSS has no field of that name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kiosk.knowledge import regions
from kiosk.knowledge.packs import Bilingual, Head, Model, load
from kiosk.knowledge.scale import Scale
from kiosk.knowledge.texts import Text

Kind = Literal["text", "number", "choice", "area"]


class _Choice(Model):
    value: str
    label: Bilingual


class _Question(Model):
    id: str
    kind: Kind
    label: Bilingual
    help: Bilingual
    example: Bilingual
    unit: Bilingual | None = None
    minimum: int | None = None
    maximum: int | None = None
    min_length: int | None = None
    max_length: int | None = None
    choices: tuple[_Choice, ...] = ()
    choices_from: Literal["", "districts"] = ""
    oss_field: str


class _Screen(Model):
    id: str
    step: Bilingual
    title: Bilingual
    hint: Bilingual
    question: tuple[_Question, ...]
    scales: tuple[Scale, ...] = ()
    except_prefixes: tuple[str, ...] = ()


class FormPack(Model):
    """`packs/form.toml`."""

    pack: Head
    screen: tuple[_Screen, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to choose: its stored value and its label."""

    value: str
    label: Text


@dataclass(frozen=True, slots=True)
class Question:
    """One field. Numbers and areas are whole and within `minimum`–`maximum` (areas in m², money in
    rupiah); texts have `min_length`–`max_length` characters. `unit` stands beside the number, None
    for text and choice.
    """

    id: str
    screen: str
    kind: Kind
    label: Text
    help: Text
    example: Text
    unit: Text | None
    minimum: int | None
    maximum: int | None
    min_length: int | None
    max_length: int | None
    choices: tuple[Choice, ...]
    oss_field: str


@dataclass(frozen=True, slots=True)
class Screen:
    """One screen of the form: the step it belongs to, its question in words, a hint, and one or two
    fields.
    """

    id: str
    step: Text
    title: Text
    hint: Text
    questions: tuple[Question, ...]


def screens(code: str, scale: Scale | str) -> tuple[Screen, ...]:
    """The screens to show for a code and a scale, at most six. Raises ValueError for an unknown scale."""
    scale = Scale(scale)
    return tuple(
        Screen(
            row.id,
            row.step.text(),
            row.title.text(),
            row.hint.text(),
            tuple(_question(row.id, question) for question in row.question),
        )
        for row in load("form", FormPack).screen
        if (not row.scales or scale in row.scales)
        and not (row.except_prefixes and code.startswith(row.except_prefixes))
    )


def questions(code: str, scale: Scale | str) -> tuple[Question, ...]:
    """All fields of `screens(code, scale)` in order."""
    return tuple(question for screen in screens(code, scale) for question in screen.questions)


def problem(question: Question, answer: str | int) -> Text | None:
    """What is wrong with an answer, in words for under the field; None when it is fine."""
    if question.kind in ("number", "area"):
        return _number_problem(question, answer)
    text = str(answer).strip()
    if question.kind == "choice":
        known = any(choice.value == text for choice in question.choices)
        return None if known else Text("Pilih salah satu", "Choose one")
    if len(text) < (question.min_length or 0):
        return Text(
            f"Tulis paling sedikit {question.min_length} huruf",
            f"Write at least {question.min_length} letters",
        )
    if question.max_length is not None and len(text) > question.max_length:
        return Text(f"Paling banyak {question.max_length} huruf", f"At most {question.max_length} letters")
    return None


def _number_problem(question: Question, answer: str | int) -> Text | None:
    digits = str(answer).strip().replace(".", "")
    if not (digits.isascii() and digits.isdigit()):
        return question.help
    value = int(digits)
    if question.minimum is not None and value < question.minimum:
        return Text(f"Paling sedikit {question.minimum}", f"At least {question.minimum}")
    if question.maximum is not None and value > question.maximum:
        return Text("Angka ini terlalu besar, periksa lagi", "This number is too large, please check")
    return None


def _question(screen: str, row: _Question) -> Question:
    if row.choices_from == "districts":
        choices = tuple(Choice(place.code, Text(place.name, place.name)) for place in regions.districts())
    else:
        choices = tuple(Choice(choice.value, choice.label.text()) for choice in row.choices)
    return Question(
        id=row.id,
        screen=screen,
        kind=row.kind,
        label=row.label.text(),
        help=row.help.text(),
        example=row.example.text(),
        unit=row.unit.text() if row.unit else None,
        minimum=row.minimum,
        maximum=row.maximum,
        min_length=row.min_length,
        max_length=row.max_length,
        choices=choices,
        oss_field=row.oss_field,
    )
