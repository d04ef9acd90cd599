"""The form (picture 07): one question a screen, at most two fields; answers are judged on Lanjut, not while typing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kiosk.flow.editing import edit
from kiosk.flow.events import (
    Back,
    Backspace,
    Choose,
    ClearField,
    Focus,
    Forward,
    Key,
    Signal,
    Touch,
    TurnPage,
)
from kiosk.flow.model import Answered, Place, Turn
from kiosk.journeys.apply.state import Apply

if TYPE_CHECKING:
    from kiosk.knowledge.form import Question

NUMBER_LIMIT = 15


def focused(journey: Apply) -> Question | None:
    """The field that keys go to: the one touched, else the first without an answer, else the first."""
    questions = journey.questions()
    touched = next((question for question in questions if question.id == journey.focus), None)
    empty = next((question for question in questions if not journey.answer(question.id)), None)
    return touched or empty or (questions[0] if questions else None)


def form(journey: Apply, event: Touch | Signal | Answered) -> Turn:
    question = focused(journey)
    match event:
        case Key() | Backspace() | ClearField() if question is not None and question.kind != "choice":
            kind = "text" if question.kind == "text" else "digits"
            value = edit(journey.answer(question.id), event, kind, question.max_length or NUMBER_LIMIT)
            if kind == "text":
                value = _with_capitals(value)
            return Turn(replace(journey.with_answer(question.id, value), focus=question.id))
        case Focus(field_id) if any(one.id == field_id for one in journey.questions()):
            return Turn(replace(journey, focus=field_id))
        case Choose(what) if question is not None and any(
            option.value == what for option in question.choices
        ):
            # The next empty field takes over, so that the keyboard for the street is there at once.
            return Turn(replace(journey.with_answer(question.id, what), focus=""))
        case TurnPage():
            return Turn(replace(journey, choices_page=journey.choices_page + 1))
        case Forward():
            return _forward(journey)
        case Back() if journey.editing:
            return Turn(replace(journey, place=Place.REVIEW, editing=False, doubts=()))
        case Back() if journey.screen == 0:
            return Turn(replace(journey, place=Place.RISK, doubts=()))
        case Back():
            return Turn(replace(journey, screen=journey.screen - 1, focus="", choices_page=0, doubts=()))
        case _:
            return Turn(journey)


def _with_capitals(text: str) -> str:
    """The keyboard has one size of letters: names and places begin each word with a capital."""
    return "".join(
        sign.upper() if not text[:index] or text[index - 1] in " -/(" else sign
        for index, sign in enumerate(text)
    )


def _forward(journey: Apply) -> Turn:
    # Imported here: the packs load behind the first screens, and long before anyone fills in a form.
    from kiosk.knowledge.form import problem

    doubts = tuple(
        (question.id, doubt)
        for question in journey.questions()
        if (doubt := problem(question, journey.answer(question.id)))
    )
    if doubts:
        return Turn(replace(journey, doubts=doubts, focus=doubts[0][0]))
    if journey.editing:
        return Turn(replace(journey, place=Place.REVIEW, editing=False, focus="", doubts=(), trouble=None))
    if journey.screen + 1 < len(journey.screens):
        return Turn(replace(journey, screen=journey.screen + 1, focus="", choices_page=0, doubts=()))
    return Turn(replace(next_paper(journey, 0), focus="", doubts=()))


def next_paper(journey: Apply, index: int) -> Apply:
    """To the document at `index`, or to the review when there are no more."""
    if index >= len(journey.papers):
        return replace(journey, place=Place.REVIEW, document=max(0, len(journey.papers) - 1), retake="")
    arrived = replace(journey, document=index, retake="", pages_page=0, trouble=None)
    place = Place.PAGES if arrived.pages_of(arrived.papers[index].id) else Place.CAMERA
    return replace(arrived, place=place)
