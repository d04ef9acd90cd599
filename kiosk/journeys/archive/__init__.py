"""Arsip: an officer digitises the office's own cupboard. Board, batch capture, fields, search.

It is in no menu. `kiosk.flow.office` starts it when an officer has unlocked it at the welcome screen.
"""

from __future__ import annotations

from dataclasses import replace

from kiosk.flow.archive_orders import (
    EndDocument,
    NextToIndex,
    OpenArchive,
    SendAgain,
    WatchArchive,
)
from kiosk.flow.archive_results import Board
from kiosk.flow.events import Back, Choose, Forward, Signal, Touch
from kiosk.flow.model import Answered, Context, Exit, Journey, Place, Turn
from kiosk.flow.orders import Order, PrintTicket
from kiosk.flow.results import Done, Failed, Printed
from kiosk.journeys.archive import capture, fields, look
from kiosk.journeys.archive.state import Archive

__all__ = ["Archive", "start", "step"]


def start(context: Context) -> Turn:
    """The board. Without an officer there is nothing: the journey does not begin."""
    if not context.officer:
        return Turn(None, exit=Exit.DONE)
    return Turn(Archive(waiting="OpenArchive"), (OpenArchive(context.officer),))


def step(journey: Journey, event: Touch | Signal | Answered, context: Context) -> Turn:
    assert isinstance(journey, Archive)  # noqa: S101 -- the table pairs them
    match event:
        case Answered("OpenArchive" | "WatchArchive", Board() as board):
            return _told(journey, board)
        case Answered("WatchArchive", Failed()):
            return Turn(journey)  # a look that failed: the next touch of the board looks again
        case Answered("OpenArchive", Failed(trouble)):
            return Turn(replace(journey, waiting="", trouble=trouble))
        case Answered("PrintTicket", Printed()):
            return Turn(replace(journey, printed="printed"))
        case Answered("PrintTicket", Failed(trouble)):
            return Turn(replace(journey, printed=trouble.value))
        case _:
            pass
    match journey.place:
        case Place.ARCHIVE_CAMERA:
            return capture.step(journey, event, context)
        case Place.ARCHIVE_FIELDS:
            return fields.step(journey, event)
        case Place.ARCHIVE_SEARCH:
            return look.step(journey, event)
        case _:
            return _board(journey, event, context)


def _told(journey: Archive, board: Board) -> Turn:
    """The board is kept up to date while it is on the screen."""
    waiting = "" if journey.waiting == "OpenArchive" else journey.waiting
    fresh = replace(journey, board=board, waiting=waiting)
    if journey.place is not Place.ARCHIVE:
        return Turn(fresh)
    return Turn(replace(fresh, pages=board.open_pages), (WatchArchive(board),))


def to_board(journey: Archive, *orders: Order) -> Turn:
    """Back to the board, which then looks again."""
    kept = Archive(board=journey.board, lamp=journey.lamp, pages=journey.pages)
    return Turn(kept, (*orders, WatchArchive()))


def _board(journey: Archive, event: Touch | Signal | Answered, context: Context) -> Turn:
    match event:
        case Answered("SendAgain", Board() as board):
            return Turn(replace(journey, waiting="", board=board))
        case Answered("SendAgain", Failed(trouble)):
            return Turn(replace(journey, waiting="", trouble=trouble))
        case Answered("EndDocument" | "NextToIndex", Done() | Failed()):
            return Turn(journey)
        case Back():
            return Turn(None, exit=Exit.DONE)
        case Choose("again") if journey.board is None and not journey.waiting:
            return Turn(
                replace(journey, waiting="OpenArchive", trouble=None), (OpenArchive(context.officer),)
            )
        case _ if journey.board is None or journey.waiting:
            return Turn(journey)
        case Forward():
            return Turn(replace(journey, place=Place.ARCHIVE_CAMERA, sheet=None, begun=False, trouble=None))
        case Choose("index"):
            # What is still open is whole once its fields are asked for.
            fresh = replace(journey, place=Place.ARCHIVE_FIELDS, waiting="NextToIndex", trouble=None)
            return Turn(replace(fresh, pages=0), (EndDocument(), NextToIndex()))
        case Choose("search"):
            return look.begin(journey)
        case Choose("separator") if journey.printed != "printing":
            order = PrintTicket("separator", (), f"{context.session}-separator")
            return Turn(replace(journey, printed="printing"), (order,))
        case Choose("again") if journey.board.refused:
            return Turn(replace(journey, waiting="SendAgain", trouble=None), (SendAgain(),))
        case _:
            return Turn(journey)
