"""Page after page under the camera, without leaving it: a separator sheet or a tap begins the next document."""

from __future__ import annotations

from dataclasses import replace

from kiosk.flow.archive_orders import DropSheet, EndDocument, KeepSheet, WatchArchive
from kiosk.flow.archive_results import Separated, SheetKept
from kiosk.flow.events import Back, Choose, Forward, PageRests, Signal, Toggle, Touch
from kiosk.flow.model import Answered, Context, Place, Turn
from kiosk.flow.orders import OpenCamera, SetLamp
from kiosk.flow.results import CameraOpen, Done, Failed, Trouble
from kiosk.journeys.archive.state import Archive

_LOST = (Trouble.NO_CAMERA, Trouble.CAMERA_GONE)


def step(journey: Archive, event: Touch | Signal | Answered, context: Context) -> Turn:
    match event:
        case Answered("OpenCamera", CameraOpen()):
            return Turn(replace(journey, trouble=None))
        case Answered("KeepSheet", SheetKept() as kept):
            fresh = replace(journey, waiting="", trouble=None, sheet=kept, begun=False, taken=True)
            return Turn(replace(fresh, pages=max(kept.number, 1)))
        case Answered("KeepSheet" | "EndDocument", Separated()):
            return Turn(
                replace(journey, waiting="", trouble=None, sheet=None, begun=True, pages=0, taken=True)
            )
        case Answered("DropSheet", Done()):
            return Turn(replace(journey, waiting="", sheet=None, pages=max(0, journey.pages - 1)))
        case Answered("OpenCamera" | "KeepSheet" | "EndDocument" | "DropSheet", Failed(trouble)):
            return Turn(replace(journey, waiting="", trouble=trouble))
        case PageRests(left):
            return _count(journey, left, allowed=context.settings.auto_capture)
        case Choose("by_hand"):
            return Turn(replace(journey, by_hand=True, counting=0))
        case Toggle("lamp"):
            return Turn(replace(journey, lamp=not journey.lamp), (SetLamp(not journey.lamp),))
        case Back():
            # A picture under way is kept all the same; the board counts it.
            rested = replace(journey, place=Place.ARCHIVE, waiting="", trouble=None, sheet=None)
            return Turn(replace(rested, counting=0, taken=False), (WatchArchive(),))
        case _ if journey.waiting:
            return Turn(journey)
        case Forward() if journey.trouble in _LOST:
            return Turn(replace(journey, trouble=None), (OpenCamera(),))
        case Forward():
            return Turn(replace(journey, waiting="KeepSheet", trouble=None, counting=0), (KeepSheet(),))
        case Choose("next_document") if journey.pages:
            return Turn(replace(journey, waiting="EndDocument", trouble=None), (EndDocument(),))
        case Choose("drop_last") if journey.sheet is not None:
            return Turn(replace(journey, waiting="DropSheet"), (DropSheet(journey.sheet.sheet),))
        case _:
            return Turn(journey)


def _count(journey: Archive, left: int | None, *, allowed: bool) -> Turn:
    """The countdown goes on, ends in a picture, or is broken off because the page moved."""
    if left is None:
        return Turn(replace(journey, counting=0, taken=False))
    if not allowed or journey.by_hand or journey.taken or journey.waiting or journey.trouble is not None:
        return Turn(replace(journey, counting=0) if journey.counting else journey)
    if left > 0:
        return Turn(replace(journey, counting=left))
    if not journey.counting:  # nobody saw it coming
        return Turn(journey)
    return Turn(replace(journey, waiting="KeepSheet", counting=0), (KeepSheet(),))
