"""The end of a visit: nothing personal stays in the state, a forgotten card or paper is noticed, the process ends."""

from __future__ import annotations

from kiosk.flow import assisting, office
from kiosk.flow.events import Back, CardPresence, Choose, Forward, Leave, Signal, Touch
from kiosk.flow.model import Desk, Help, Place, Visit
from kiosk.flow.officer_side import Side
from kiosk.flow.orders import (
    CancelRequests,
    EndReason,
    EndVisit,
    ForgetIdentity,
    InviteSurvey,
    KeepSmile,
    LookAround,
    Note,
    Sound,
    StopRinging,
)
from kiosk.flow.results import LeftBehind, SurveyInvited
from kiosk.identity.rights import Right

_GOODBYE_SECONDS = 4
"""How long "Terima kasih" stays when nothing was forgotten and nothing is asked any more."""
_SMILE_SECONDS = 12
"""How long it stays while a face may be touched or the survey's code be photographed."""
FACES = ("smile:1", "smile:2", "smile:3", "smile:4")
"""What a face sends, worst first."""


def finish(desk: Desk, reason: EndReason) -> None:
    """Forget the visitor and look whether something of theirs is still here."""
    visit = desk.visit
    place = visit.place
    served = visit.stage is Place.MENU and reason != "timeout" and not visit.archivist
    waiting = tuple(entry.request for entry in visit.pending)
    office.close(desk, reason)
    for order in assisting.close(visit.officer, "over").orders:
        desk.order(order)
    if visit.help is not Help.NONE:
        desk.order(StopRinging())
    desk.change(
        stage=Place.FAREWELL,
        own_dialog=None,
        trouble=None,
        journey=None,
        suspended=False,
        pending=(),
        help=Help.NONE,
        officer=Side(),
        served=served,
        remaining=visit.settings.farewell_seconds,
        paused_for=0,
    )
    desk.forget_person()
    if waiting:
        desk.order(CancelRequests(waiting))
    desk.order(ForgetIdentity())
    desk.order(Note("end", place=place.value, detail=reason), LookAround(camera_used=visit.camera_used))
    if served and visit.online and not visit.surveyed:
        desk.order(InviteSurvey())


def on_time_out(desk: Desk) -> None:
    """At zero: a draft is kept when the visitor consented and can come back to it, then all is forgotten."""
    visit = desk.visit
    draft = visit.journey.draft if visit.journey is not None else None
    if draft is not None and visit.consented and visit.standing.may(Right.SUBMIT):
        desk.order(draft)
    finish(desk, "timeout")


def on_farewell(desk: Desk, event: Touch | Signal | LeftBehind | SurveyInvited) -> None:
    match event:
        case LeftBehind(card, paper):
            desk.change(left_card=card, left_paper=paper)
            if card or paper:
                desk.order(Sound("say", "farewell.take_card" if card else "farewell.take_paper"))
                desk.order(Note("left_behind", detail="card" if card else "paper"))
            else:
                _say_goodbye(desk)
        case SurveyInvited(url):
            desk.change(survey_url=url)
        case Choose(face) if face in FACES and asks_for_a_smile(desk.visit):
            desk.order(KeepSmile(FACES.index(face) + 1))
            desk.change(smiled=FACES.index(face) + 1)
            _say_goodbye(desk)
        case CardPresence(present):
            desk.change(left_card=present and desk.visit.left_card)
            if not desk.visit.left_card and not desk.visit.left_paper:
                _say_goodbye(desk)
        case Forward() | Back() | Leave():
            if not desk.visit.left_card:
                wait_is_over(desk)
        case _:
            pass


def asks_for_a_smile(visit: Visit) -> bool:
    """One face a visit, from somebody who came further than the door, and not while a card or paper is to be taken."""
    forgotten = visit.left_card or visit.left_paper
    return visit.served and not (forgotten or visit.smiled or visit.surveyed)


def _say_goodbye(desk: Desk) -> None:
    """Shorten what is left of the farewell: longer while something may still be touched."""
    seconds = _SMILE_SECONDS if asks_for_a_smile(desk.visit) or desk.visit.survey_url else _GOODBYE_SECONDS
    desk.change(remaining=min(desk.visit.remaining, seconds))


def wait_is_over(desk: Desk) -> None:
    if desk.visit.left_card or desk.visit.card_present:
        desk.order(Note("left_behind", detail="card_stays"))
    if desk.visit.help is not Help.NONE:
        desk.order(StopRinging())
    desk.change(ended=True)
    desk.order(EndVisit("done"))
