"""Beri nilai: the nine questions of the satisfaction survey, one a screen, once in a visit, without a name.

A touch on a face answers and goes on; Kembali corrects; Lewati leaves a question unanswered. Berhenti sends what was
answered. Then four things about oneself may be told, each of them or none. Whoever goes back past the first question,
or leaves the visit in between, has sent nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from kiosk.flow.events import Back, Choose, Forward, Signal, Touch
from kiosk.flow.model import Answered, Context, Exit, Journey, Place, Plain, Turn
from kiosk.flow.orders import LoadSurvey, SendSurvey
from kiosk.flow.results import Failed, SurveyLoaded, Trouble

if TYPE_CHECKING:
    from kiosk.knowledge.survey import ProfileQuestion, Question

SCORES = ("1", "2", "3", "4")
"""What a face sends, worst first."""


@dataclass(frozen=True, slots=True)
class Survey(Plain):
    """`at` is the question shown (from 0). `thanked`: it is over; `repeated`: it was over before it began.

    No draft: a draft belongs to somebody, and these answers belong to nobody.
    """

    questions: tuple[Question, ...] = ()
    version: str = ""
    at: int = 0
    scores: tuple[tuple[str, int], ...] = field(default=(), repr=False)
    profile: tuple[ProfileQuestion, ...] = ()
    """Asked after the questions; `at` goes on counting."""
    told: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    thanked: bool = False
    repeated: bool = False
    trouble: Trouble | None = None

    @property
    def service(self) -> str:
        return "survey"

    @property
    def place(self) -> Place:
        return Place.SURVEY

    @property
    def question(self) -> Question | None:
        return self.questions[self.at] if self.at < len(self.questions) and not self.thanked else None

    @property
    def about_you(self) -> ProfileQuestion | None:
        """What is asked about the respondent now."""
        at = self.at - len(self.questions)
        return (
            self.profile[at] if self.questions and 0 <= at < len(self.profile) and not self.thanked else None
        )

    @property
    def given(self) -> int:
        """The answer already given to the question shown; 0 for none."""
        return dict(self.scores).get(self.question.element, 0) if self.question is not None else 0


def start(context: Context) -> Turn:
    if context.surveyed:
        return Turn(Survey(thanked=True, repeated=True))
    return Turn(Survey(), (LoadSurvey(),))


def step(journey: Journey, event: Touch | Signal | Answered, context: Context) -> Turn:
    assert isinstance(journey, Survey)  # noqa: S101 -- the table pairs them
    match event:
        case Answered("LoadSurvey", SurveyLoaded(version, questions, profile)):
            return Turn(replace(journey, version=version, questions=questions, profile=profile))
        case Answered(_, Failed(trouble)):
            return Turn(replace(journey, trouble=trouble))
        case Choose("menu"):
            return Turn(None, exit=Exit.MENU)
        case Forward() if journey.thanked:
            return Turn(journey, exit=Exit.DONE)
        case Back() if journey.thanked or journey.at == 0:
            return Turn(None, exit=Exit.MENU)
        case Back():
            return Turn(replace(journey, at=journey.at - 1))
        case Choose("stop") if not journey.thanked:
            return _end(journey)
        case Choose("skip") if journey.question is not None:
            return _on(journey, 0)
        case Choose(face) if face in SCORES and journey.question is not None:
            return _on(journey, int(face))
        case Choose(word) if (asked := journey.about_you) is not None:
            return _tell(journey, asked, word)
        case _:
            return Turn(journey)


def _on(journey: Survey, score: int) -> Turn:
    """Keep the answer (0: none, also instead of one given before) and go to the next question, or end."""
    element = journey.questions[journey.at].element
    scores = {**dict(journey.scores), element: score}
    kept = tuple(sorted((name, number) for name, number in scores.items() if number))
    journey = replace(journey, scores=kept)
    more = journey.at + 1 < len(journey.questions) or (journey.profile and kept)
    return Turn(replace(journey, at=journey.at + 1)) if more else _end(journey)


def _tell(journey: Survey, asked: ProfileQuestion, word: str) -> Turn:
    """Keep what was told of oneself ("skip": nothing, also instead of what was told before), and go on or end."""
    if word != "skip" and word not in dict(asked.choices):
        return Turn(journey)
    told = {**dict(journey.told), asked.name: word}
    kept = tuple(sorted((name, value) for name, value in told.items() if value != "skip"))
    journey = replace(journey, told=kept)
    if journey.at + 1 < len(journey.questions) + len(journey.profile):
        return Turn(replace(journey, at=journey.at + 1))
    return _end(journey)


def _end(journey: Survey) -> Turn:
    """Nothing answered is no survey: back to the menu, and it may still be begun."""
    if not journey.scores:
        return Turn(None, exit=Exit.MENU)
    return Turn(replace(journey, thanked=True), (SendSurvey(journey.version, journey.scores, journey.told),))
