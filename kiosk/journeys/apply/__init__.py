"""Ajukan izin usaha, and its first half alone: Tanya KBLI & risiko.

Find the business → scale → risk and requirements → form → papers → check → send. Each part lives in a module of its
own and gets the events of its places.
"""

from __future__ import annotations

from kiosk.flow.events import Signal, Touch
from kiosk.flow.model import Answered, Context, Journey, Place, Turn
from kiosk.journeys.apply import find, form, papers, send
from kiosk.journeys.apply.state import Apply


def start(context: Context) -> Turn:
    return Turn(Apply(key=_key(context)))


def start_asking(context: Context) -> Turn:
    """Tanya KBLI & risiko: the same questions, and the way on into an application stays open."""
    return Turn(Apply(key=_key(context), purpose="ask"))


def _key(context: Context) -> str:
    """One a service begun: sent twice it is one application, and the visitor's next application is another."""
    return f"{context.session}-{context.begun}-apply"


def step(journey: Journey, event: Touch | Signal | Answered, context: Context) -> Turn:
    assert isinstance(journey, Apply)  # noqa: S101 -- the table pairs them
    if (turn := send.save(journey, event)) is not None:
        return turn
    match journey.place:
        case Place.SEARCH:
            return find.search(journey, event)
        case Place.SCALE:
            return find.scale(journey, event)
        case Place.RISK:
            return find.risk(journey, event, context)
        case Place.BRING:
            return find.bring(journey, event, context)
        case Place.FORM:
            return form.form(journey, event)
        case Place.CAMERA:
            return papers.camera(journey, event, context)
        case Place.PAGES:
            return papers.pages(journey, event)
        case Place.REVIEW:
            return send.review(journey, event, context)
        case Place.SENT:
            return send.sent(journey, event, context)
        case Place.DRAFT:
            return send.draft(journey, event)
        case _:
            return Turn(journey)


__all__ = ["Apply", "start", "start_asking", "step"]
