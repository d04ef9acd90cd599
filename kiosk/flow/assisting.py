"""The assisted mode: the officer teaches, points and marks; the visitor does. "Membantu dengan bertanya."

Pure, and narrow by type: these functions see the officer's own side and the name of the step, never the visit, and what
they give back has no room for a visitor's data. Where a step is truly done for someone, the visitor agrees on their own
half first, and the step is marked 3 or 4.
"""

from __future__ import annotations

from dataclasses import replace

from kiosk.flow.officer_events import (
    AskToFill,
    CloseLesson,
    Explain,
    LeaveAssist,
    Level,
    MarkLevel,
    NextHint,
    OfficerLanguage,
    OfficerTouch,
    OpenLesson,
    PointOn,
    TurnCard,
)
from kiosk.flow.officer_side import COUNTED, Assist, Ended, Side, Turn
from kiosk.flow.orders import Note


def on_touch(side: Side, event: OfficerTouch) -> Turn:
    """A touch on the officer's half."""
    assist = side.assist
    if assist is None:
        return Turn(side)
    assist = replace(assist, idle=0)
    notes: tuple[Note, ...] = ()
    match event:
        case LeaveAssist():
            return close(side, "left")
        case Explain(how):
            assist = replace(assist, explained=how)
        case NextHint():
            assist = replace(assist, hint=assist.hint + 1, hinted=True)
        case PointOn():
            assist = replace(assist, point=assist.point + 1, pointed=True)
        case OpenLesson():
            notes = (Note("lesson", place=assist.place, detail=assist.place, facts=(("by", "officer"),)),)
            assist = replace(assist, lesson=True, card=0, taught=True, point=0)
        case TurnCard(by) if assist.lesson:
            assist = replace(assist, card=max(0, assist.card + by))
        case CloseLesson():
            assist = replace(assist, lesson=False)
        case MarkLevel(level) if assist.ended is not None and level in assist.ended.choices:
            notes = (_marked(assist.ended.place, level, by="officer"),)
            assist = replace(assist, ended=None)
        case AskToFill() if not assist.filling and assist.place in COUNTED:
            return Turn(replace(side, assist=replace(assist, asking=True)), ask_to_fill=True)
        case OfficerLanguage(language):
            return Turn(replace(side, assist=assist), language=language)
        case _:
            pass
    return Turn(replace(side, assist=assist), notes)


def answered(side: Side, yes: bool) -> Turn:
    """The visitor said whether this step may be done for them."""
    assist = side.assist
    if assist is None or not assist.asking:
        return Turn(side)
    note = Note("fill_consent", place=assist.place, detail="yes" if yes else "no")
    return Turn(replace(side, assist=replace(assist, asking=False, filling=yes)), (note,))


def unasked(side: Side) -> Side:
    """The question went away without an answer: that is a no, and asks nothing of anyone."""
    if side.assist is None or not side.assist.asking:
        return side
    return replace(side, assist=replace(side.assist, asking=False))


def moved(side: Side, place: str) -> Turn:
    """The visitor is at another step: the last one is over and waits for its mark.

    One that nobody marked in time is written with what was touched, so that none is lost.
    """
    assist = side.assist
    if assist is None or place == assist.place:
        return Turn(side)
    notes: tuple[Note, ...] = ()
    ended = assist.ended
    if assist.place in COUNTED:
        if ended is not None:
            notes = (_marked(ended.place, ended.suggested, by="kiosk"),)
        ended = Ended(assist.place, assist.suggested, assist.filling)
    fresh = Assist(assist.alias, assist.name, assist.counter, assist.failed, assist.idle, place, ended=ended)
    return Turn(replace(side, assist=fresh), notes)


def close(side: Side, why: str) -> Turn:
    """The assisted mode ends ("left", "sent_away", "idle", "over"); what was not marked is written down."""
    assist = side.assist
    if assist is None:
        return Turn(replace(side, door=None))
    notes: list[Note] = []
    if assist.ended is not None:
        notes.append(_marked(assist.ended.place, assist.ended.suggested, by="kiosk"))
    if assist.place in COUNTED and assist.suggested:
        notes.append(_marked(assist.place, assist.suggested, by="kiosk"))
    notes.append(Note("lock", detail=why, facts=(("duty", "assist"), ("officer", assist.alias))))
    return Turn(replace(side, assist=None, door=None), tuple(notes))


def tick(side: Side, seconds: int, limit: int) -> Turn:
    """An officer who touches nothing for `limit` seconds has gone."""
    assist = side.assist
    if assist is None:
        return Turn(side)
    if assist.idle + seconds >= limit:
        return close(side, "idle")
    return Turn(replace(side, assist=replace(assist, idle=assist.idle + seconds)))


def _marked(place: str, level: Level, *, by: str) -> Note:
    return Note("help_level", place=place, facts=(("level", level), ("by", by)))
