"""Ambil nomor antrean: choose a counter, get a number, on paper and on the screen."""

from __future__ import annotations

from dataclasses import dataclass, replace

from kiosk.flow.events import Back, Choose, Forward, Signal, Touch
from kiosk.flow.model import Answered, Context, Exit, Journey, Place, Plain, Turn
from kiosk.flow.orders import Note, PrintTicket, TakeNumber
from kiosk.flow.results import Failed, NumberTaken, Printed, Trouble


@dataclass(frozen=True, slots=True)
class Queue(Plain):
    """`services` are the counters to choose from; `paper` is "", "printing", "printed" or a trouble word."""

    services: tuple[str, ...]
    key: str
    place: Place = Place.SERVICES
    taking: bool = False
    ticket: NumberTaken | None = None
    paper: str = ""
    trouble: Trouble | None = None

    @property
    def service(self) -> str:
        return "queue"


def start(context: Context) -> Turn:
    services = context.settings.services
    journey = Queue(services=services, key=f"{context.session}-queue")
    if len(services) == 1:
        return _take(journey, services[0])
    return Turn(journey)


def step(journey: Journey, event: Touch | Signal | Answered, context: Context) -> Turn:
    assert isinstance(journey, Queue)  # noqa: S101 -- the table pairs them
    match event:
        case Choose(what) if (
            journey.place is Place.SERVICES and what in journey.services and not journey.taking
        ):
            return _take(journey, what)
        case Answered("TakeNumber", NumberTaken() as ticket):
            return _print(replace(journey, taking=False, ticket=ticket, place=Place.TICKET))
        case Answered("TakeNumber", Failed(trouble)):
            return Turn(replace(journey, taking=False, trouble=trouble))
        case Answered("PrintTicket", Printed()):
            return Turn(replace(journey, paper="printed"), (Note("printed"),))
        case Answered("PrintTicket", Failed(trouble)):
            # The number stands on the screen with its QR: paper is a convenience, never a condition.
            return Turn(replace(journey, paper=trouble.value), (Note("not_printed", detail=trouble.value),))
        case Choose("menu") if journey.place is Place.TICKET:
            return Turn(None, exit=Exit.MENU)
        case Choose("again") if journey.ticket is not None and _may_try_again(journey):
            return _print(journey)
        case Forward() if journey.place is Place.TICKET:
            return Turn(journey, exit=Exit.DONE)
        case Back() if journey.place is Place.SERVICES or journey.place is Place.TICKET:
            return Turn(None, exit=Exit.MENU)
        case _:
            return Turn(journey)


def _take(journey: Queue, service: str) -> Turn:
    return Turn(
        replace(journey, taking=True, trouble=None), (TakeNumber(service, f"{journey.key}-{service}"),)
    )


def _print(journey: Queue) -> Turn:
    ticket = journey.ticket
    if ticket is None:
        return Turn(journey)
    about = (
        ("number", ticket.number),
        ("service", ticket.service),
        ("ahead", str(ticket.ahead)),
        ("about", ticket.about),
        ("url", ticket.url),
        ("provisional", "1" if ticket.provisional else ""),
    )
    return Turn(
        replace(journey, paper="printing"), (PrintTicket("queue", about, f"{journey.key}-{ticket.number}"),)
    )


def _may_try_again(journey: Queue) -> bool:
    """Only a print that surely never began may be started again by a visitor."""
    return journey.paper in (Trouble.PAPER_OUT.value, Trouble.COVER_OPEN.value)
