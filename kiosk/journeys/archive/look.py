"""Looking something up: every key searches what this kiosk holds; the portal is asked on a touch."""

from __future__ import annotations

from dataclasses import replace

from kiosk.flow.archive_orders import FindInArchive, WatchArchive
from kiosk.flow.archive_results import FoundInArchive
from kiosk.flow.editing import edit
from kiosk.flow.events import Back, Backspace, Choose, ClearField, Forward, Key, Signal, Touch, TurnPage
from kiosk.flow.model import Answered, Place, Turn
from kiosk.flow.results import Failed
from kiosk.journeys.archive.state import Archive

LIMIT = 80


def begin(journey: Archive) -> Turn:
    """The newest documents first, before anything is typed."""
    fresh = Archive(place=Place.ARCHIVE_SEARCH, board=journey.board, lamp=journey.lamp, pages=journey.pages)
    return Turn(replace(fresh, waiting="FindInArchive"), (FindInArchive(""),))


def step(journey: Archive, event: Touch | Signal | Answered) -> Turn:
    match event:
        case Answered("FindInArchive", FoundInArchive() as found):
            return _found(journey, found)
        case Answered("FindInArchive", Failed(trouble)):
            return _search(replace(journey, waiting="", trouble=trouble, found_for=journey.query))
        case Back():
            kept = Archive(board=journey.board, lamp=journey.lamp, pages=journey.pages)
            return Turn(kept, (WatchArchive(),))
        case Key() | Backspace() | ClearField():
            query = edit(journey.query, event, "text", LIMIT)
            return _search(replace(journey, query=query, page=0, portal=False, trouble=None))
        case Forward() | Choose("portal") if not journey.waiting and journey.query and not journey.portal:
            order = FindInArchive(journey.query, portal=True)
            return Turn(replace(journey, waiting="FindInArchive", trouble=None), (order,))
        case TurnPage():
            return Turn(replace(journey, page=journey.page + 1))
        case _:
            return Turn(journey)


def _search(journey: Archive) -> Turn:
    """One search at a time: while one is under way keys only change the words, and its answer starts the next."""
    if journey.waiting or journey.found_for == journey.query:
        return Turn(journey)
    return Turn(replace(journey, waiting="FindInArchive"), (FindInArchive(journey.query),))


def _found(journey: Archive, found: FoundInArchive) -> Turn:
    fresh = replace(
        journey,
        waiting="",
        rows=found.rows,
        found_for=found.query,
        more=found.more,
        portal=found.portal and found.query == journey.query,
        page=journey.page if found.query == journey.found_for else 0,
    )
    return _search(fresh)
