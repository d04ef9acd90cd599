"""The end of a visit: nothing personal stays in the state, a forgotten card or paper is noticed, the process ends."""

from __future__ import annotations

from kiosk.flow import assisting
from kiosk.flow.events import Back, CardPresence, Forward, Leave, Signal, Touch
from kiosk.flow.model import Desk, Help, Place
from kiosk.flow.officer_side import Side
from kiosk.flow.orders import (
    CancelRequests,
    EndReason,
    EndVisit,
    ForgetIdentity,
    LookAround,
    Note,
    Sound,
    StopRinging,
)
from kiosk.flow.results import LeftBehind
from kiosk.identity.rights import Right

_GOODBYE_SECONDS = 4
"""How long "Terima kasih" stays when nothing was forgotten."""


def finish(desk: Desk, reason: EndReason) -> None:
    """Forget the visitor and look whether something of theirs is still here."""
    visit = desk.visit
    place = visit.place
    waiting = tuple(entry.request for entry in visit.pending)
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
        remaining=visit.settings.farewell_seconds,
        paused_for=0,
    )
    desk.forget_person()
    if waiting:
        desk.order(CancelRequests(waiting))
    desk.order(ForgetIdentity())
    desk.order(Note("end", place=place.value, detail=reason), LookAround(camera_used=visit.camera_used))


def on_time_out(desk: Desk) -> None:
    """At zero: a draft is kept when the visitor consented and can come back to it, then all is forgotten."""
    visit = desk.visit
    draft = visit.journey.draft if visit.journey is not None else None
    if draft is not None and visit.consented and visit.standing.may(Right.SUBMIT):
        desk.order(draft)
    finish(desk, "timeout")


def on_farewell(desk: Desk, event: Touch | Signal | LeftBehind) -> None:
    match event:
        case LeftBehind(card, paper):
            desk.change(left_card=card, left_paper=paper)
            if card or paper:
                desk.order(Sound("say", "farewell.take_card" if card else "farewell.take_paper"))
                desk.order(Note("left_behind", detail="card" if card else "paper"))
            else:
                desk.change(remaining=min(desk.visit.remaining, _GOODBYE_SECONDS))
        case CardPresence(present):
            desk.change(left_card=present and desk.visit.left_card)
            if not desk.visit.left_card and not desk.visit.left_paper:
                desk.change(remaining=min(desk.visit.remaining, _GOODBYE_SECONDS))
        case Forward() | Back() | Leave():
            if not desk.visit.left_card:
                wait_is_over(desk)
        case _:
            pass


def wait_is_over(desk: Desk) -> None:
    if desk.visit.left_card or desk.visit.card_present:
        desk.order(Note("left_behind", detail="card_stays"))
    if desk.visit.help is not Help.NONE:
        desk.order(StopRinging())
    desk.change(ended=True)
    desk.order(EndVisit("done"))
