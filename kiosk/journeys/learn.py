"""Belajar: the micro-lessons card by card, and the way into the practice run. Nobody is asked who they are."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kiosk.flow.events import Back, Choose, Forward, Signal, Touch
from kiosk.flow.model import Answered, Context, Exit, Journey, Place, Plain, Turn
from kiosk.flow.orders import LoadLessons, Note
from kiosk.flow.results import Failed, LessonsLoaded, Trouble

if TYPE_CHECKING:
    from kiosk.knowledge.lessons import Lesson


@dataclass(frozen=True, slots=True)
class Learn(Plain):
    """`lesson` open at `card` (from 0); None: the list. `practised`: a practice run has just been finished."""

    lessons: tuple[Lesson, ...] = ()
    lesson: Lesson | None = None
    card: int = 0
    practised: bool = False
    trouble: Trouble | None = None

    @property
    def service(self) -> str:
        return "learn"

    @property
    def place(self) -> Place:
        return Place.LEARN


def start(context: Context) -> Turn:
    return Turn(Learn(), (LoadLessons(),))


def finished() -> Turn:
    """What a practice run ends in."""
    return Turn(Learn(practised=True), (LoadLessons(), Note("practice", detail="finished")))


def step(journey: Journey, event: Touch | Signal | Answered, context: Context) -> Turn:
    assert isinstance(journey, Learn)  # noqa: S101 -- the table pairs them
    match event:
        case Answered("LoadLessons", LessonsLoaded(lessons)):
            return Turn(replace(journey, lessons=lessons, trouble=None))
        case Answered(_, Failed(trouble)):
            return Turn(replace(journey, trouble=trouble))
        case Choose("menu"):
            return Turn(None, exit=Exit.MENU)
        case Choose("practice"):
            return Turn(None, exit=Exit.PRACTICE)
        case Choose(name) if journey.lesson is None:
            lesson = next((one for one in journey.lessons if one.id == name), None)
            if lesson is None:
                return Turn(journey)
            note = Note("lesson", detail=lesson.id, place=Place.LEARN.value, facts=(("by", "visitor"),))
            return Turn(replace(journey, lesson=lesson, card=0, practised=False), (note,))
        case Forward() if journey.lesson is not None:
            if journey.card + 1 < len(journey.lesson.cards):
                return Turn(replace(journey, card=journey.card + 1))
            return Turn(replace(journey, lesson=None, card=0))
        case Back() if journey.lesson is not None and journey.card:
            return Turn(replace(journey, card=journey.card - 1))
        case Back() if journey.lesson is not None:
            return Turn(replace(journey, lesson=None))
        case Back():
            return Turn(None, exit=Exit.MENU)
        case _:
            return Turn(journey)
