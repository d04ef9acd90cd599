"""Cek status: own applications for a visitor who proved who they are, status words alone for a number."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from kiosk.flow.editing import edit
from kiosk.flow.events import Back, Backspace, Choose, ClearField, Forward, Key, Signal, Touch, TurnPage
from kiosk.flow.model import Answered, Context, Exit, Journey, Place, Plain, Turn
from kiosk.flow.orders import FetchStatus, PrintTicket, SendReceipt
from kiosk.flow.results import Done, Failed, Printed, Status, StatusFound, Trouble
from kiosk.identity.rights import Right

NUMBER_LIMIT = 32


@dataclass(frozen=True, slots=True)
class Track(Plain):
    place: Place = Place.FIND_STATUS
    number: str = ""
    own: tuple[Status, ...] = field(default=(), repr=False)
    shown: Status | None = field(default=None, repr=False)
    page: int = 0
    fetching: bool = False
    trouble: Trouble | None = None
    paper: str = ""
    receipt: str = ""
    """"", "sending", "sent" or a trouble's word."""

    @property
    def service(self) -> str:
        return "status"


def start(context: Context) -> Turn:
    if context.standing.may(Right.SEE_OWN):
        return Turn(Track(fetching=True), (FetchStatus(),))
    return Turn(Track())


def step(journey: Journey, event: Touch | Signal | Answered, context: Context) -> Turn:
    assert isinstance(journey, Track)  # noqa: S101 -- the table pairs them
    match event:
        case Answered("FetchStatus", StatusFound(found)):
            return Turn(_found(replace(journey, fetching=False, trouble=None), found))
        case Answered("FetchStatus", Failed(trouble)):
            return Turn(replace(journey, fetching=False, trouble=trouble))
        case Answered("PrintTicket", Printed()):
            return Turn(replace(journey, paper="printed"))
        case Answered("PrintTicket", Failed(trouble)):
            return Turn(replace(journey, paper=trouble.value))
        case Answered("SendReceipt", Done()):
            return Turn(replace(journey, receipt="sent"))
        case Answered("SendReceipt", Failed(trouble)):
            return Turn(replace(journey, receipt=trouble.value))
        case _ if journey.place is Place.FIND_STATUS:
            return _find(journey, event)
        case _:
            return _look(journey, event, context)


def _found(journey: Track, found: tuple[Status, ...]) -> Track:
    if journey.number and found:
        return replace(journey, shown=found[0], place=Place.STATUS)
    if journey.number:
        return replace(journey, trouble=Trouble.NOT_FOUND)
    if len(found) == 1:
        return replace(journey, own=found, shown=found[0], place=Place.STATUS)
    return replace(journey, own=found)


def _find(journey: Track, event: Touch | Signal | Answered) -> Turn:
    match event:
        case Key() | Backspace() | ClearField():
            number = edit(journey.number, event, "text", NUMBER_LIMIT).upper()
            return Turn(replace(journey, number=number, trouble=None))
        case Forward() if journey.number and not journey.fetching:
            return Turn(replace(journey, fetching=True, trouble=None), (FetchStatus(journey.number.strip()),))
        case Choose(what) if chosen := next((one for one in journey.own if one.number == what), None):
            return Turn(replace(journey, shown=chosen, place=Place.STATUS))
        case TurnPage():
            return Turn(replace(journey, page=journey.page + 1))
        case Back():
            return Turn(None, exit=Exit.MENU)
        case _:
            return Turn(journey)


def _look(journey: Track, event: Touch | Signal | Answered, context: Context) -> Turn:
    shown = journey.shown
    match event:
        case Choose("print") if shown is not None and journey.paper != "printing":
            about = (
                ("number", shown.number),
                ("headline_id", shown.headline_id),
                ("headline_en", shown.headline_en),
                ("day", f"{shown.day}/{shown.days}"),
            )
            order = PrintTicket("receipt", about, f"{context.session}-status-{shown.number}")
            return Turn(replace(journey, paper="printing"), (order,))
        case Choose("receipt") if shown is not None and journey.own and journey.receipt != "sending":
            return Turn(replace(journey, receipt="sending"), (SendReceipt(shown.number),))
        case Back() if len(journey.own) == 1:
            return Turn(None, exit=Exit.MENU)
        case Back():
            return Turn(replace(journey, place=Place.FIND_STATUS, shown=None, paper="", receipt=""))
        case Forward():
            return Turn(None, exit=Exit.MENU)
        case _:
            return Turn(journey)
