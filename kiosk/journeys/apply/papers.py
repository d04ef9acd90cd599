"""Papers under the camera (picture 08) and the look at what was taken (picture 09)."""

from __future__ import annotations

from dataclasses import replace

from kiosk.flow.events import Answer, Back, Choose, Forward, PageRests, Signal, Toggle, Touch, TurnPage
from kiosk.flow.model import Answered, Context, Dialog, Place, Turn
from kiosk.flow.orders import DropPage, Note, OpenCamera, SetLamp, TakePicture
from kiosk.flow.results import CameraOpen, Failed, PictureTaken, Trouble
from kiosk.journeys.apply.form import next_paper
from kiosk.journeys.apply.state import PAGES_PER_DOCUMENT, Apply, PageInfo

_LOST = (Trouble.NO_CAMERA, Trouble.CAMERA_GONE)


def camera(journey: Apply, event: Touch | Signal | Answered, context: Context) -> Turn:
    turn = _camera(journey, event, context)
    after = turn.journey
    if (
        isinstance(after, Apply)
        and after.counting
        and (after.place is not Place.CAMERA or after.waiting or after.trouble)
    ):
        return replace(turn, journey=replace(after, counting=0))
    return turn


def _camera(journey: Apply, event: Touch | Signal | Answered, context: Context) -> Turn:
    paper = journey.paper_now
    match event:
        case _ if paper is None:
            return Turn(next_paper(journey, len(journey.papers)))
        case Answered("OpenCamera", CameraOpen()):
            return Turn(replace(journey, trouble=None))
        case Answered("TakePicture", PictureTaken() as taken):
            return _keep(journey, taken)
        case Answered("TakePicture" | "OpenCamera", Failed(trouble)):
            return Turn(
                replace(journey, trouble=trouble, waiting=""), (Note("camera_trouble", detail=trouble.value),)
            )
        case PageRests(left):
            return _count(journey, left, allowed=context.settings.auto_capture)
        case Choose("by_hand"):
            return Turn(replace(journey, by_hand=True, counting=0))
        case Forward() if journey.trouble in _LOST and not journey.waiting:
            # "Coba lagi" on the panel over a lost camera.
            return Turn(replace(journey, trouble=None), (OpenCamera(),))
        case Forward() if not journey.waiting:
            return Turn(replace(journey, waiting="TakePicture", trouble=None), (TakePicture(),))
        case Toggle("lamp"):
            return Turn(replace(journey, lamp=not journey.lamp), (SetLamp(not journey.lamp),))
        case Choose("later"):
            # The paper is not at hand, or the camera cannot work: the office can take it at the counter.
            skipped = (*(one for one in journey.skipped if one != paper.id), paper.id)
            return Turn(_after(replace(journey, skipped=skipped, waiting="")))
        case Back():
            return Turn(_before(replace(journey, waiting="", retake="")))
        case _:
            return Turn(journey)


def _count(journey: Apply, left: int | None, *, allowed: bool) -> Turn:
    """The countdown goes on, ends in a picture, or is broken off because the page moved."""
    if left is None or not allowed or journey.by_hand or journey.waiting or journey.trouble is not None:
        return Turn(replace(journey, counting=0) if journey.counting else journey)
    if left > 0:
        return Turn(replace(journey, counting=left))
    if not journey.counting:  # nobody saw it coming
        return Turn(journey)
    return Turn(replace(journey, waiting="TakePicture", counting=0), (TakePicture(),))


def _keep(journey: Apply, taken: PictureTaken) -> Turn:
    paper = journey.paper_now
    if paper is None:
        return Turn(journey, (DropPage(taken.page),))
    fresh = PageInfo(taken.page, paper.id, taken.remarks, taken.dpi)
    orders: tuple[DropPage, ...] = ()
    if any(page.page == journey.retake for page in journey.pages):
        pages = tuple(fresh if page.page == journey.retake else page for page in journey.pages)
        orders = (DropPage(journey.retake),)
    else:
        pages = (*journey.pages, fresh)
    kept = replace(
        journey,
        pages=pages,
        retake="",
        waiting="",
        trouble=None,
        place=Place.PAGES,
        declared=False,
        skipped=tuple(one for one in journey.skipped if one != paper.id),
        pages_page=10**6,  # the screen shows the last page of the list
    )
    repeated = any(page.page == taken.repeats for page in kept.pages) and taken.repeats != taken.page
    if repeated:
        kept = replace(kept, own_dialog=Dialog.REPEATED_PAGE, asked_about=taken.page)
    return Turn(kept, (*orders, Note("page", detail=taken.remarks[0] if taken.remarks else "good")))


def pages(journey: Apply, event: Touch | Signal | Answered) -> Turn:
    paper = journey.paper_now
    if paper is None:
        return Turn(next_paper(journey, len(journey.papers)))
    mine = journey.pages_of(paper.id)
    match event:
        case Answer(yes) if journey.own_dialog is Dialog.DELETE_PAGE:
            # The safe, filled answer keeps the page.
            closed = replace(journey, own_dialog=None, asked_about="")
            return Turn(closed) if yes else _delete(closed, journey.asked_about)
        case Answer(yes) if journey.own_dialog is Dialog.REPEATED_PAGE:
            closed = replace(journey, own_dialog=None, asked_about="")
            return _delete(closed, journey.asked_about) if yes else Turn(closed)
        case Back() if journey.own_dialog is not None:
            return Turn(replace(journey, own_dialog=None, asked_about=""))
        case _ if journey.own_dialog is not None:
            return Turn(journey)
        case Choose("add") if len(mine) < PAGES_PER_DOCUMENT:
            return Turn(replace(journey, place=Place.CAMERA, retake=""))
        case Choose(what) if (target := _target(what, "retake:", mine)) is not None:
            return Turn(replace(journey, place=Place.CAMERA, retake=target))
        case Choose(what) if (target := _target(what, "delete:", mine)) is not None:
            return Turn(replace(journey, own_dialog=Dialog.DELETE_PAGE, asked_about=target))
        case TurnPage():
            return Turn(replace(journey, pages_page=journey.pages_page + 1))
        case Forward() if mine:
            return Turn(_after(journey))
        case Back():
            return Turn(_before(journey))
        case _:
            return Turn(journey)


def _target(what: str, verb: str, mine: tuple[PageInfo, ...]) -> str | None:
    page = what.removeprefix(verb)
    return page if what.startswith(verb) and any(one.page == page for one in mine) else None


def _delete(journey: Apply, page: str) -> Turn:
    kept = replace(journey, pages=tuple(one for one in journey.pages if one.page != page), declared=False)
    paper = kept.paper_now
    if paper is not None and not kept.pages_of(paper.id):
        kept = replace(kept, place=Place.CAMERA)
    return Turn(kept, (DropPage(page),))


def _after(journey: Apply) -> Apply:
    if journey.editing and journey.document + 1 >= len(journey.papers):
        journey = replace(journey, editing=False)
    return next_paper(journey, journey.document + 1)


def _before(journey: Apply) -> Apply:
    """Kembali: from the camera to the pages already taken, else to the document before, else to the form."""
    paper = journey.paper_now
    if journey.place is Place.CAMERA and paper is not None and journey.pages_of(paper.id):
        return replace(journey, place=Place.PAGES, trouble=None)
    if journey.document > 0:
        return next_paper(journey, journey.document - 1)
    if journey.editing:
        return replace(journey, place=Place.REVIEW, editing=False, trouble=None)
    return replace(journey, place=Place.FORM, screen=max(0, len(journey.screens) - 1), trouble=None)
