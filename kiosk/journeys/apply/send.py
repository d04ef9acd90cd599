"""Check your answers (picture 10), send, and the proof afterwards (picture 11); or a draft to take along."""

from __future__ import annotations

from dataclasses import replace

from kiosk.flow.events import Answer, Back, Choose, Forward, SaveAndLeave, Signal, Toggle, Touch
from kiosk.flow.model import Answered, Context, Dialog, Exit, Place, Turn
from kiosk.flow.orders import Note, PrintTicket, SendReceipt, Submit
from kiosk.flow.results import Done, DraftSaved, Failed, Printed, Submitted, Trouble
from kiosk.identity.rights import Right
from kiosk.journeys.apply.find import SAFE_TO_REPEAT
from kiosk.journeys.apply.form import next_paper
from kiosk.journeys.apply.state import Apply
from kiosk.knowledge.texts import Text

REFUSED = Text("Belum diterima. Periksa lagi isian ini.", "Not accepted. Please check this answer.")


def review(journey: Apply, event: Touch | Signal | Answered, context: Context) -> Turn:
    match event:
        case Answer(yes) if journey.own_dialog is Dialog.NEEDS_PROOF:
            closed = replace(journey, own_dialog=None)
            return Turn(closed, exit=Exit.PROVE) if yes else Turn(closed)
        case Back() if journey.own_dialog is not None:
            return Turn(replace(journey, own_dialog=None))
        case _ if journey.own_dialog is not None:
            return Turn(journey)
        case Answered("Submit", Submitted() as submitted):
            sent = replace(journey, submitted=submitted, waiting="", trouble=None, place=Place.SENT, paper="")
            return Turn(sent, _counted(journey, submitted))
        case Answered("Submit", Failed(trouble, _, fields)):
            return _refused(replace(journey, waiting="", trouble=trouble), trouble, fields)
        case _ if journey.waiting == "Submit":
            return Turn(journey)
        case Toggle("declare"):
            return Turn(replace(journey, declared=not journey.declared))
        case Forward() if journey.declared:
            if not context.standing.may(Right.SUBMIT):
                return Turn(replace(journey, own_dialog=Dialog.NEEDS_PROOF))
            order = Submit(
                journey.code,
                journey.scale,
                journey.answers,
                journey.documents(),
                journey.key,
                journey.handle,
            )
            return Turn(replace(journey, waiting="Submit", trouble=None), (order,))
        case Choose(what) if what.startswith("edit:"):
            return Turn(_edit(journey, what.removeprefix("edit:")))
        case Back():
            return Turn(_before_review(journey))
        case _:
            return Turn(journey)


def _counted(journey: Apply, submitted: Submitted) -> tuple[Note, ...]:
    """What the log is told: handed in, and how many pages travelled as pictures instead of on paper."""
    word = "provisional" if submitted.provisional else "accepted"
    filed = Note("submitted", detail=word, facts=(("case", submitted.case),))
    pages = sum(len(document.pages) for document in journey.documents())
    if not pages:
        return (filed,)
    return filed, Note("spared", detail="application", facts=(("pages", min(pages, 500)),))


def _refused(journey: Apply, trouble: Trouble, fields: tuple[str, ...]) -> Turn:
    """The portal named fields: go to the first of them. Anything else stays here with a sentence."""
    for index, screen in enumerate(journey.screens):
        named = tuple(question.id for question in screen.questions if question.id in fields)
        if named:
            doubts = tuple((name, REFUSED) for name in named)
            return Turn(
                replace(journey, place=Place.FORM, screen=index, focus=named[0], doubts=doubts, editing=True)
            )
    return Turn(journey, (Note("submit_trouble", detail=trouble.value),))


def _edit(journey: Apply, what: str) -> Apply:
    edited = replace(journey, editing=True, trouble=None, focus="", doubts=())
    if what == "kbli":
        return replace(edited, place=Place.SEARCH, editing=False)
    if what == "papers" and journey.papers:
        return next_paper(edited, 0)
    index = next((index for index, screen in enumerate(journey.screens) if screen.id == what), None)
    return journey if index is None else replace(edited, place=Place.FORM, screen=index)


def _before_review(journey: Apply) -> Apply:
    if journey.papers:
        return next_paper(journey, len(journey.papers) - 1)
    return replace(journey, place=Place.FORM, screen=max(0, len(journey.screens) - 1))


def sent(journey: Apply, event: Touch | Signal | Answered, context: Context) -> Turn:
    submitted = journey.submitted
    match event:
        case Choose("print") if submitted is not None and journey.paper in ("", *SAFE_TO_REPEAT):
            about = (
                ("number", submitted.number),
                ("url", submitted.url),
                ("at", submitted.at),
                ("provisional", "1" if submitted.provisional else ""),
            )
            return Turn(
                replace(journey, paper="printing"), (PrintTicket("receipt", about, f"{journey.key}-receipt"),)
            )
        case Choose("receipt") if submitted is not None and journey.receipt not in ("sending", "sent"):
            return Turn(replace(journey, receipt="sending"), (SendReceipt(submitted.number),))
        case Answered("SendReceipt", Done()):
            spared = (
                ()
                if journey.paper == "printed"
                else (Note("spared", detail="receipt", facts=(("pages", 1),)),)
            )
            return Turn(replace(journey, receipt="sent"), spared)
        case Answered("SendReceipt", Failed(trouble)):
            return Turn(replace(journey, receipt=trouble.value))
        case _:
            return _after_proof(journey, event)


def draft(journey: Apply, event: Touch | Signal | Answered) -> Turn:
    saved = journey.saved
    match event:
        case Choose("print") if saved is not None and journey.paper in ("", *SAFE_TO_REPEAT):
            about = (("url", saved.url), ("until", saved.until))
            return Turn(
                replace(journey, paper="printing"), (PrintTicket("draft", about, f"{journey.key}-draft"),)
            )
        case _:
            return _after_proof(journey, event)


def _after_proof(journey: Apply, event: Touch | Signal | Answered) -> Turn:
    """What the two last screens share: paper came or not, back to the menu, or the end."""
    match event:
        case Answered("PrintTicket", Printed()):
            return Turn(replace(journey, paper="printed"), (Note("printed"),))
        case Answered("PrintTicket", Failed(trouble)):
            return Turn(replace(journey, paper=trouble.value), (Note("not_printed", detail=trouble.value),))
        case Choose("menu") | Back():
            return Turn(None, exit=Exit.MENU)
        case Forward():
            return Turn(journey, exit=Exit.DONE)
        case _:
            return Turn(journey)


def save(journey: Apply, event: Touch | Signal | Answered) -> Turn | None:
    """Simpan & keluar, from any place of the application; None when the event is about something else."""
    match event:
        case SaveAndLeave():
            order = journey.draft
            if order is None:
                return Turn(journey, exit=Exit.DONE)
            if journey.waiting == "SaveDraft":
                return Turn(journey)
            return Turn(replace(journey, waiting="SaveDraft", trouble=None, own_dialog=None), (order,))
        case Answered("SaveDraft", DraftSaved() as saved):
            return Turn(
                replace(journey, saved=saved, waiting="", place=Place.DRAFT, paper=""), (Note("draft"),)
            )
        case Answered("SaveDraft", Failed(trouble)):
            return Turn(replace(journey, waiting="", trouble=trouble))
        case _:
            return None
