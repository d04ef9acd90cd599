"""The officer's door: card or number, PIN, code. Pure; the check itself is an order, counted before it is made."""

from __future__ import annotations

from dataclasses import replace

from kiosk.flow.officer_events import DoorKey, DoorOn, OfficerTouch
from kiosk.flow.officer_side import CODE_DIGITS, NUMBER_DIGITS, PIN_DIGITS, Assist, Door, Duty, Side, Turn
from kiosk.flow.orders import ProveOfficer, Unlock
from kiosk.flow.results import Failed, OfficerSeen, Unlocked, UnlockRefused

IDLE_SECONDS = 30
"""A door nobody types at falls shut, and the visitor has their screen back."""
_LIMITS = {"number": NUMBER_DIGITS.stop - 1, "pin": PIN_DIGITS.stop - 1, "code": CODE_DIGITS}


def open_door(side: Side, insertion: int, duty: Duty = "assist") -> Turn:
    """`insertion` of a card that was laid down in this visit and not used for anything; 0: none."""
    if side.door is not None:
        return Turn(side)
    if insertion:
        return Turn(replace(side, door=Door(duty=duty, busy=True)), (ProveOfficer(insertion),))
    return Turn(replace(side, door=Door(duty=duty)))


def on_key(side: Side, event: OfficerTouch) -> Turn:
    """A digit, or on."""
    door = side.door
    if door is None or door.busy or door.seconds:
        return Turn(side)
    match event:
        case DoorKey(digit):
            typed = door.typed[:-1] if digit == "" else door.typed
            if len(digit) == 1 and digit.isascii() and digit.isdigit() and len(typed) < _LIMITS[door.stage]:
                typed += digit
            fresh = replace(door, **{door.stage: typed}, word="", idle=0)
            if fresh.stage == "code" and fresh.complete and digit:
                return _try(side, fresh)
            return Turn(replace(side, door=fresh))
        case DoorOn() if door.complete:
            if door.stage == "number":
                return Turn(replace(side, door=replace(door, stage="pin", word="", idle=0)))
            if door.stage == "pin" and not door.insertion:
                return Turn(replace(side, door=replace(door, stage="code", word="", idle=0)))
            return _try(side, door)
        case _:
            return Turn(side)


def _try(side: Side, door: Door) -> Turn:
    """The digits leave the state with the order; nothing of them is kept."""
    asked = Unlock(door.number, door.pin, door.code, door.insertion, door.duty)
    return Turn(replace(side, door=replace(_emptied(door), busy=True)), (asked,))


def _emptied(door: Door) -> Door:
    stage = "pin" if door.insertion else "number"
    return replace(door, stage=stage, number="", pin="", code="", word="", seconds=0, left=0, idle=0)


def on_card(side: Side, present: bool, insertion: int) -> Turn:
    """A card was laid down or lifted. Lifting the officer card before the PIN was right begins anew."""
    door = side.door
    if door is None:
        if present and insertion and not side.reading:
            return Turn(replace(side, reading=True), (ProveOfficer(insertion),))
        return Turn(side)
    if not present and door.insertion:
        return Turn(replace(side, door=replace(_emptied(replace(door, insertion=0)), word="lifted")))
    if present and insertion and not door.insertion and not door.busy:
        return Turn(replace(side, door=replace(door, busy=True, word="")), (ProveOfficer(insertion),))
    return Turn(side)


def on_result(side: Side, kind: str, result: OfficerSeen | Unlocked | UnlockRefused | Failed) -> Turn:
    """The answer to `ProveOfficer` or `Unlock`."""
    door, side = side.door, replace(side, reading=False)
    match result:
        case OfficerSeen(insertion, known):
            if door is None and not known:
                return Turn(side)  # somebody's card from elsewhere: nobody asked for the door
            opened = replace(_emptied(door or Door()), busy=False)
            if known:
                return Turn(replace(side, door=replace(opened, insertion=insertion, stage="pin")))
            return Turn(replace(side, door=replace(opened, word="unknown_card")))
        case _ if door is None:
            return Turn(
                side
            )  # the door fell shut meanwhile, or an ordinary card was laid down: nothing was asked for
        case Unlocked(alias, duty="archive"):
            return Turn(replace(side, door=None), opens_archive=alias)
        case Unlocked(alias, name, counter, failed):
            return Turn(replace(side, door=None, assist=Assist(alias, name, counter, failed), ever=True))
        case UnlockRefused(word, seconds, left):
            return Turn(
                replace(side, door=replace(_emptied(door), busy=False, word=word, seconds=seconds, left=left))
            )
        case Failed():
            # A card that is no officer's is no trouble: the number is typed instead.
            word = "lifted" if kind == "Unlock" and door.insertion else "trouble" if kind == "Unlock" else ""
            emptied = _emptied(replace(door, insertion=0 if word != "trouble" else door.insertion))
            return Turn(replace(side, door=replace(emptied, busy=False, word=word)))


def tick(side: Side, seconds: int) -> Side:
    """Time passes: the pause runs down, and a door nobody types at falls shut."""
    door = side.door
    if door is None or door.busy:
        return side
    door = replace(door, seconds=max(0, door.seconds - seconds), idle=door.idle + seconds)
    return replace(side, door=None if door.idle >= IDLE_SECONDS else door)
