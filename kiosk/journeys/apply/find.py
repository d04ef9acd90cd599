"""Finding the business (picture 05), its scale, and what follows from both (picture 06)."""

from __future__ import annotations

from dataclasses import replace

from kiosk.flow.editing import edit
from kiosk.flow.events import Back, Backspace, Choose, ClearField, Forward, Key, Signal, Touch, TurnPage
from kiosk.flow.model import Answered, Context, Exit, Place, Turn
from kiosk.flow.orders import AssessRisk, KeepQuestion, LoadBands, Note, Order, PrintTicket, SearchKbli
from kiosk.flow.results import Assessed, Bands, Failed, Matches, Printed, Trouble
from kiosk.journeys.apply.state import SCALES, Apply

QUERY_LIMIT = 40
NEW_BUSINESS = "new"
TRY, GROUP = "try:", "group:"
"""Beginnings of what the tiles of the search screen send: an example to search for, a group to look into."""
FEWEST_SIGNS = 3
SAFE_TO_REPEAT = (Trouble.PAPER_OUT.value, Trouble.COVER_OPEN.value)
"""Prints that surely never began."""


def search(journey: Apply, event: Touch | Signal | Answered) -> Turn:
    match event:
        case Key() | Backspace() | ClearField():
            query = edit(journey.query, event, "text", QUERY_LIMIT)
            if query == journey.query:
                return Turn(journey)
            return _look_for(journey, query)
        case Choose(what) if what.startswith(TRY):
            return _look_for(journey, what.removeprefix(TRY)[:QUERY_LIMIT])
        case Answered("SearchKbli", Matches(query, found, guide)):
            if query != journey.query:
                return Turn(journey)  # the visitor has typed on; a newer answer is under way
            return Turn(
                replace(
                    journey, matches=found, guide=guide, narrowed=None, page=0, found_for=query, waiting=""
                )
            )
        case Answered("SearchKbli", Failed(trouble)):
            return Turn(replace(journey, trouble=trouble, waiting=""))
        case TurnPage() if journey.search_pages:
            return Turn(replace(journey, page=(journey.page + 1) % journey.search_pages))
        case Choose(what) if what.startswith(GROUP):
            return Turn(_narrow(journey, what.removeprefix(GROUP)))
        case Choose(what) if _offered(journey, what):
            return _to_scale(replace(journey, code=what, capital="", sales="", sheet=None, trouble=None))
        case Forward() if journey.matches and journey.question_now is None:
            return _to_scale(replace(journey, code=journey.matches[0].code, capital="", sales="", sheet=None))
        case Back() if journey.narrowed is not None:
            return Turn(replace(journey, narrowed=None, page=0))
        case Back():
            return Turn(None, _given_up(journey), exit=Exit.MENU)
        case _:
            return Turn(journey)


def _look_for(journey: Apply, query: str) -> Turn:
    """The list shown stays until the new answer is there, so that nothing flickers while one types."""
    typed = replace(journey, query=query, page=0, trouble=None)
    if not query.strip():
        return Turn(replace(typed, matches=(), guide=None, narrowed=None, found_for="", waiting=""))
    return Turn(replace(typed, waiting="SearchKbli"), (SearchKbli(query),))


def _narrow(journey: Apply, at: str) -> Apply:
    guide = journey.guide
    if guide is None or not at.isdecimal() or int(at) >= len(guide.options):
        return journey
    group = guide.options[int(at)]
    narrowed = replace(guide, ask=group.label, options=group.then) if group.then else None
    return replace(journey, narrowed=narrowed, page=0 if narrowed else journey.page)


def _offered(journey: Apply, code: str) -> bool:
    question = journey.question_now
    return any(match.code == code for match in journey.matches) or (
        question is not None and any(option.code == code for option in question.options if option.code)
    )


def _given_up(journey: Apply) -> tuple[Order, ...]:
    """Left with words that found nothing: the office learns which, without who."""
    if journey.matches or journey.found_for != journey.query or len(journey.query.strip()) < FEWEST_SIGNS:
        return ()
    return (Note("nothing_found"), KeepQuestion("kbli", "nothing_found", journey.query))


def _to_scale(journey: Apply) -> Turn:
    chosen = replace(journey, place=Place.SCALE)
    orders = () if journey.bands else (LoadBands(),)
    return Turn(chosen, (*orders, Note("kbli", detail=journey.code)))


def scale(journey: Apply, event: Touch | Signal | Answered) -> Turn:
    """Two questions, one at a time: capital, then yearly sales."""
    match event:
        case Answered("LoadBands", Bands(bands)):
            return Turn(replace(journey, bands=bands))
        case Answered("AssessRisk", Assessed() as sheet):
            return Turn(replace(journey, sheet=sheet, waiting="", place=Place.RISK, trouble=None))
        case Answered(_, Failed(trouble)):
            return Turn(replace(journey, trouble=trouble, waiting=""))
        case Choose(what) if not journey.capital and what in SCALES:
            return Turn(replace(journey, capital=what))
        case Choose(what) if journey.capital and what in (*SCALES, NEW_BUSINESS) and not journey.waiting:
            return assess(replace(journey, sales=what))
        case Back() if journey.capital:
            return Turn(replace(journey, capital="", sales="", waiting=""))
        case Back():
            return Turn(replace(journey, place=Place.SEARCH))
        case _:
            return Turn(journey)


def assess(journey: Apply) -> Turn:
    return Turn(
        replace(journey, waiting="AssessRisk", trouble=None), (AssessRisk(journey.code, journey.scale),)
    )


def risk(journey: Apply, event: Touch | Signal | Answered, context: Context) -> Turn:
    match event:
        case Choose(what) if what in SCALES and what != journey.scale:
            # The three boxes of picture 06: changing the scale changes what follows from it.
            return assess(replace(journey, capital=what, sales=NEW_BUSINESS))
        case Answered("AssessRisk", Assessed() as sheet):
            return Turn(replace(journey, sheet=sheet, waiting=""))
        case Answered("AssessRisk", Failed(trouble)):
            return Turn(replace(journey, trouble=trouble, waiting=""))
        case Choose("bring") if journey.sheet is not None:
            return Turn(replace(journey, place=Place.BRING, paper="", details=False))
        case Choose("details"):
            return Turn(replace(journey, details=not journey.details))
        case Back() if journey.details:
            return Turn(replace(journey, details=False))
        case Back():
            # An application that was continued from a draft comes this way for the first time.
            orders = () if journey.bands else (LoadBands(),)
            return Turn(replace(journey, place=Place.SCALE, capital="", sales="", paper=""), orders)
        case Forward() if journey.sheet is not None and not journey.waiting:
            return _to_form(journey, context)
        case _:
            return Turn(journey)


def bring(journey: Apply, event: Touch | Signal | Answered, context: Context) -> Turn:
    """Daftar bawaan: paper and QR; nobody is asked who they are."""
    match event:
        case Choose("print") if journey.paper in ("", *SAFE_TO_REPEAT):
            about = (("code", journey.code), ("scale", journey.scale))
            order = PrintTicket("bring_list", about, f"{journey.key}-list-{journey.code}-{journey.scale}")
            return Turn(replace(journey, paper="printing"), (order,))
        case Answered("PrintTicket", Printed()):
            return Turn(replace(journey, paper="printed"), (Note("printed"),))
        case Answered("PrintTicket", Failed(trouble)):
            return Turn(replace(journey, paper=trouble.value), (Note("not_printed", detail=trouble.value),))
        case Back():
            return Turn(replace(journey, place=Place.RISK, paper=""))
        case Forward() if journey.sheet is not None:
            return _to_form(journey, context)
        case _:
            return Turn(journey)


def _to_form(journey: Apply, context: Context) -> Turn:
    if not context.consented:
        return Turn(journey, exit=Exit.CONSENT)
    return Turn(
        replace(journey, place=Place.FORM, screen=0, focus="", paper="", purpose="apply", details=False)
    )
