"""Lanjutkan berkas: the QR of a draft under the camera, a code to its phone, and on with the application.

The handle alone shows which questions were answered and nothing of what was said. The right code shows everything and
hands over to the application where it stopped.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Literal

from kiosk.flow.events import Back, Forward, Signal, Touch, TurnPage
from kiosk.flow.model import Answered, Context, Exit, Journey, Place, Plain, Turn
from kiosk.flow.orders import (
    AssessRisk,
    LoadBands,
    LoadDraft,
    LookForCode,
    Note,
    OpenCamera,
    Sound,
)
from kiosk.flow.results import (
    Assessed,
    CameraOpen,
    CodeSeen,
    Done,
    DraftFound,
    Failed,
    Trouble,
)
from kiosk.identity.rights import Right
from kiosk.journeys.apply.state import Apply

DOTS = "•••"
Said = Literal["", "nothing", "not_draft", "unknown"]


@dataclass(frozen=True, slots=True)
class Resume(Plain):
    """No draft of its own: the portal keeps the one that is being resumed as it is."""

    place: Place = Place.SCAN
    waiting: str = ""
    """Class name of the order the screen waits for, or ""."""
    trouble: Trouble | None = None
    said: Said = ""
    """No code was seen in time; it was another QR; the portal knows no such draft, or not any more."""
    handle: str = field(default="", repr=False)
    found: DraftFound | None = None
    """Only ever with masked answers: the full ones go straight into the application."""
    sheet: Assessed | None = None
    page: int = 0

    @property
    def service(self) -> str:
        return "resume"


def start(_context: Context) -> Turn:
    """The camera opens with the place; the look for a code begins when it is open."""
    return Turn(Resume())


def step(journey: Journey, event: Touch | Signal | Answered, context: Context) -> Turn:
    assert isinstance(journey, Resume)  # noqa: S101 -- the table pairs them
    match event:
        case Back():
            return Turn(None, exit=Exit.MENU)
        case Answered("Prove", Done()) if journey.handle:
            return _load(journey)
        case _ if journey.handle:
            return _draft(journey, event, context)
        case _:
            return _scan(journey, event)


def _look(journey: Resume) -> Turn:
    return Turn(replace(journey, waiting="LookForCode", trouble=None, said=""), (LookForCode(),))


def _load(journey: Resume) -> Turn:
    return Turn(replace(journey, waiting="LoadDraft", trouble=None, said=""), (LoadDraft(journey.handle),))


def _scan(journey: Resume, event: Touch | Signal | Answered) -> Turn:
    match event:
        case Answered("OpenCamera", CameraOpen()) if not journey.waiting:
            return _look(journey)
        case Answered("LookForCode", CodeSeen("")):
            return Turn(replace(journey, waiting="", said="nothing"))
        case Answered("LookForCode", CodeSeen(handle)):
            turn = _load(replace(journey, handle=handle))
            return replace(turn, orders=(Sound("beep"), *turn.orders))
        case Answered("LookForCode", Failed(Trouble.NOT_FOUND)):
            return Turn(replace(journey, waiting="", said="not_draft"))
        case Answered("OpenCamera" | "LookForCode", Failed(trouble)):
            return Turn(replace(journey, waiting="", trouble=trouble))
        case Forward() if journey.trouble is not None and not journey.waiting:
            return Turn(replace(journey, trouble=None), (OpenCamera(),))
        case Forward() if journey.said and not journey.waiting:
            return _look(journey)
        case _:
            return Turn(journey)


def _draft(journey: Resume, event: Touch | Signal | Answered, context: Context) -> Turn:
    match event:
        case Answered("LoadDraft", DraftFound() as found):
            return _found(journey, found, context)
        case Answered("LoadDraft", Failed(Trouble.NOT_FOUND)):
            return Turn(Resume(said="unknown"))
        case Answered("LoadDraft", Failed(trouble)):
            return Turn(replace(journey, waiting="", trouble=trouble))
        case Answered("AssessRisk", Assessed() as sheet):
            known = replace(journey, sheet=sheet, waiting="")
            return _load(known) if context.standing.may(Right.DRAFT_FULL) else Turn(known)
        case Answered("AssessRisk", Failed()):
            # A code this kiosk does not know any more: the counter goes on with it.
            return Turn(replace(journey, waiting="", trouble=Trouble.REFUSED))
        case TurnPage():
            return Turn(replace(journey, page=journey.page + 1))
        case Forward() if journey.waiting:
            return Turn(journey)
        case Forward() if journey.found is None:
            return _load(journey)
        case Forward():
            return Turn(journey, exit=Exit.PROVE_DRAFT, handle=journey.handle)
        case _:
            return Turn(journey)


def _found(journey: Resume, found: DraftFound, context: Context) -> Turn:
    if journey.sheet is None and found.kbli and found.scale:
        # The labels for the dots first. Full answers are not kept meanwhile: with the sheet they are asked for again.
        masked = replace(found, masked=True, answers=tuple((name, DOTS) for name, _ in found.answers))
        asked = replace(journey, found=masked, waiting="AssessRisk", page=0)
        return Turn(asked, (AssessRisk(found.kbli, found.scale),))
    if found.masked or not context.standing.may(Right.DRAFT_FULL):
        masked = replace(found, masked=True, answers=tuple((name, DOTS) for name, _ in found.answers))
        return Turn(replace(journey, found=masked, waiting=""))
    if not context.consented:
        return Turn(replace(journey, waiting=""), exit=Exit.CONSENT)
    return _continue(journey, found, context)


def _continue(journey: Resume, found: DraftFound, context: Context) -> Turn:
    """Over to the application, under the draft's handle."""
    name = sha256(journey.handle.encode()).hexdigest()[:12]
    application = Apply(
        key=f"{context.session}-resume-{name}",
        code=found.kbli,
        capital=found.scale,
        sales="new" if found.scale else "",
        sheet=journey.sheet,
        answers=found.answers,
        handle=journey.handle,
    )
    # For the event log an application begins here, like one chosen in the menu.
    begins = Note("journey", detail="apply")
    if not found.kbli:
        return Turn(application, (begins,))
    if journey.sheet is None:
        return Turn(replace(application, place=Place.SCALE), (begins, LoadBands()))
    return Turn(_where_it_stopped(application), (begins,))


def _where_it_stopped(application: Apply) -> Apply:
    # Imported here as in `kiosk.journeys.apply.form`: the packs load behind the first screens.
    from kiosk.knowledge.form import problem

    for index, screen in enumerate(application.screens):
        if any(problem(question, application.answer(question.id)) for question in screen.questions):
            return replace(application, place=Place.FORM, screen=index)
    return replace(application, place=Place.REVIEW)
