"""Number, year, holder and KBLI of a document, typed by the officer who has it in hand."""

from __future__ import annotations

import re
from dataclasses import replace

from kiosk.flow.archive_orders import DiscardDocument, IndexDocument, NextToIndex, WatchArchive
from kiosk.flow.archive_results import KnownAlready, Separated, ToIndex
from kiosk.flow.editing import edit
from kiosk.flow.events import (
    Answer,
    Back,
    Backspace,
    Choose,
    ClearField,
    Focus,
    Forward,
    Key,
    Signal,
    Touch,
)
from kiosk.flow.model import Answered, Dialog, Turn
from kiosk.flow.results import Done, Failed
from kiosk.journeys.archive.state import DIGITS_ONLY, FIELDS, LIMITS, Archive, Field

YEAR = re.compile(r"(?:19|20)\d\d", re.ASCII)
_LAST_YEAR = re.compile(r"(?:19|20)\d\d(?!\d)", re.ASCII)
_NIK = re.compile(r"(?<!\d)(?:\d[ .-]?){15}\d(?!\d)", re.ASCII)
"""Sixteen digits in a row, however they are spaced: a person's number has no place in the index."""


def step(journey: Archive, event: Touch | Signal | Answered) -> Turn:
    match event:
        case Answered("NextToIndex", ToIndex() as task):
            if not task.document:
                return _leave(journey)
            return Turn(
                replace(
                    journey, waiting="", task=task, typed=(), focus="number", doubts=(), trouble=None,
                    own_dialog=None, known_holder="",
                )
            )  # fmt: skip
        case Answered("IndexDocument" | "DiscardDocument", Done()):
            return Turn(replace(journey, waiting="NextToIndex"), (NextToIndex(),))
        case Answered("IndexDocument", KnownAlready(holder)):
            return Turn(replace(journey, waiting="", own_dialog=Dialog.KNOWN_DOCUMENT, known_holder=holder))
        case Answered("IndexDocument" | "DiscardDocument" | "NextToIndex", Failed(trouble)):
            return Turn(replace(journey, waiting="", trouble=trouble))
        case Answered("EndDocument", Separated() | Failed()):
            return Turn(journey)
        case _ if journey.waiting:
            return Turn(journey)
        case Answer() | Back() if journey.own_dialog is not None:
            return _answered(journey, event)
        case _ if journey.own_dialog is not None:
            return Turn(journey)
        case Back():
            return _leave(journey)
        case Focus("number" | "year" | "holder" | "kbli" as name):
            return Turn(_focused(journey, name))
        case Key() | Backspace() | ClearField():
            return Turn(_typed(journey, event))
        case Choose("discard") if journey.task.document:
            return Turn(replace(journey, own_dialog=Dialog.DISCARD_DOCUMENT))
        case Forward() if journey.task.document:
            return _on(journey)
        case _:
            return Turn(journey)


def _leave(journey: Archive) -> Turn:
    kept = Archive(board=journey.board, lamp=journey.lamp, pages=journey.pages)
    return Turn(kept, (WatchArchive(),))


def _typed(journey: Archive, event: Key | Backspace | ClearField) -> Archive:
    name = journey.focus
    kind = "digits" if name in DIGITS_ONLY else "text"
    return journey.with_value(name, edit(journey.value(name), event, kind, LIMITS[name]).upper())


def _focused(journey: Archive, name: Field) -> Archive:
    """Another field; a number that ends in its year brings the year along, to be corrected if need be."""
    years = _LAST_YEAR.findall(journey.value("number"))
    if journey.focus == "number" and name != "number" and years and not journey.value("year"):
        journey = journey.with_value("year", years[-1])
    return replace(journey, focus=name)


def _on(journey: Archive) -> Turn:
    """To the next field that is still empty, or off with the document."""
    doubt = refused(journey, journey.focus)
    if doubt:
        return Turn(replace(journey, doubts=(*journey.doubts, (journey.focus, doubt))))
    here = FIELDS.index(journey.focus)
    journey = _focused(journey, FIELDS[min(here + 1, len(FIELDS) - 1)])
    if here + 1 < len(FIELDS) and not all(journey.value(name) for name in FIELDS if name != "kbli"):
        return Turn(journey)
    if here + 1 < len(FIELDS) and not journey.value("kbli") and journey.focus == "kbli":
        return Turn(journey)
    return _off(journey)


def _off(journey: Archive, *, sure: bool = False) -> Turn:
    doubts = tuple((name, word) for name in FIELDS if (word := refused(journey, name)))
    if doubts:
        return Turn(replace(journey, doubts=doubts, focus=doubts[0][0]))
    order = IndexDocument(
        journey.task.document,
        *(journey.value(name).strip() for name in FIELDS),
        sure=sure,
    )
    return Turn(replace(journey, waiting="IndexDocument", trouble=None, doubts=()), (order,))


def refused(journey: Archive, name: Field) -> str:
    """Why a value will not do: "missing", "year", "kbli" or "nik"; "" when it will."""
    value = journey.value(name).strip()
    if not value:
        return "" if name == "kbli" else "missing"
    if name == "year":
        return "" if YEAR.fullmatch(value) else "year"
    if name == "kbli":
        return "" if len(value) == LIMITS["kbli"] else "kbli"
    return "nik" if _NIK.search(value) else ""


def _answered(journey: Archive, event: Answer | Back) -> Turn:
    """The safe, filled answer goes back to the fields."""
    dialog, journey = journey.own_dialog, replace(journey, own_dialog=None, known_holder="")
    if event != Answer(yes=False):
        return Turn(journey)
    if dialog is Dialog.DISCARD_DOCUMENT:
        return Turn(replace(journey, waiting="DiscardDocument"), (DiscardDocument(journey.task.document),))
    return _off(journey, sure=True)
