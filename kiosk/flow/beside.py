"""Where the officer's side meets the visit: the only code that sees both; one `Turn` passes between them."""

from __future__ import annotations

from kiosk.flow import assisting, clock, door, helping, office
from kiosk.flow.archive_orders import LockArchive
from kiosk.flow.events import CardPresence
from kiosk.flow.model import Desk, Dialog, Place
from kiosk.flow.officer_events import CloseDoor, DoorKey, DoorOn, OfficerTouch, OpenDoor
from kiosk.flow.officer_side import Side, Turn
from kiosk.flow.orders import Note, Sound
from kiosk.flow.results import Failed, OfficerSeen, Trouble, Unlocked, UnlockRefused

ORDERS = frozenset({"ProveOfficer", "Unlock"})
NOBODY_HERE = frozenset({Place.WELCOME, Place.FAREWELL, Place.RESTING})
"""Nobody to assist at these."""


def take(desk: Desk, turn: Turn) -> None:
    """All that a turn of the officer's side may change."""
    was = desk.visit.officer.assist
    desk.change(officer=turn.side)
    desk.order(*turn.orders)
    if was is not None and turn.side.assist is None:
        clock.shorten(desk)
    if turn.language is not None:
        desk.change(language=turn.language)
    if turn.opens_archive:
        office.open_archive(desk, turn.opens_archive)
    if turn.ask_to_fill and desk.visit.dialog is None:
        desk.change(own_dialog=Dialog.FILL_FOR_ME)


def on_touch(desk: Desk, event: OfficerTouch) -> None:
    visit = desk.visit
    if visit.own_dialog is Dialog.TIMEOUT:
        desk.change(own_dialog=None)
    match event:
        case OpenDoor():
            at_welcome = visit.stage is Place.WELCOME
            if (at_welcome or visit.stage not in NOBODY_HERE) and visit.officer.assist is None:
                if visit.archivist:
                    return
                fresh = visit.card_present and visit.insertion != visit.used_insertion
                # Where nobody is there is nobody to assist: that door leads to the office's archive.
                duty = "archive" if at_welcome else "assist"
                take(desk, door.open_door(visit.officer, visit.insertion if fresh else 0, duty))
        case CloseDoor():
            take(desk, Turn(Side(None, visit.officer.assist, visit.officer.ever)))
        case DoorKey() | DoorOn():
            take(desk, door.on_key(visit.officer, event))
        case _:
            take(desk, assisting.on_touch(visit.officer, event))


def on_card(desk: Desk, event: CardPresence) -> None:
    """A card where none is read for the visitor: perhaps an officer taps theirs."""
    visit = desk.visit
    if visit.archivist or visit.officer.assist is not None:
        return
    if visit.stage in NOBODY_HERE and visit.officer.door is None:
        return
    insertion = event.insertion if event.insertion != visit.used_insertion else 0
    take(desk, door.on_card(visit.officer, event.present, insertion))


def on_result(desk: Desk, kind: str, result: OfficerSeen | Unlocked | UnlockRefused | Failed) -> None:
    visit = desk.visit
    shut = visit.officer.door is None
    if shut and isinstance(result, Unlocked):
        # The door was shut while the credentials were checked: what was opened is closed again at once.
        desk.order(LockArchive())
        of_visit = result.duty == "assist"
        desk.order(
            Note(
                "lock",
                detail="left",
                facts=(("duty", result.duty), ("officer", result.alias)),
                of_visit=of_visit,
            )
        )
    if visit.stage in NOBODY_HERE and shut:
        desk.change(officer=Side())
        return
    if shut and isinstance(result, Failed) and visit.stage is Place.IDENTIFY:
        desk.change(trouble=Trouble.NOT_KTP)  # neither an e-KTP nor an officer's card
        desk.order(Sound("trouble"))
    take(desk, door.on_result(visit.officer, kind, result))
    if isinstance(result, Unlocked) and not shut:
        helping.arrived(desk)
        clock.refill(desk)
        desk.change(used_insertion=visit.insertion if visit.card_present else visit.used_insertion)


def on_consent(desk: Desk, *, agreed: bool) -> None:
    take(desk, assisting.answered(desk.visit.officer, agreed))


def close(desk: Desk, why: str) -> None:
    take(desk, assisting.close(desk.visit.officer, why))


def tick(desk: Desk, seconds: int) -> None:
    visit = desk.visit
    if visit.officer == Side():
        return
    desk.change(officer=door.tick(visit.officer, seconds))
    take(desk, assisting.tick(desk.visit.officer, seconds, visit.settings.officer_idle_seconds))


def settle(desk: Desk, before: Place) -> None:
    """After every event: which step the account is of, and what the visitor has still to be asked."""
    visit = desk.visit
    if visit.officer.assist is not None:
        take(desk, assisting.moved(visit.officer, visit.step_place.value))
        if desk.visit.own_dialog is not Dialog.FILL_FOR_ME:
            desk.change(officer=assisting.unasked(desk.visit.officer))
    arrived = visit.step_place is Place.SENT and before is not Place.SENT
    if arrived and visit.officer.ever:
        desk.change(ask_who_filled=True)
    if desk.visit.ask_who_filled and desk.visit.dialog is None and visit.place is Place.SENT:
        desk.change(own_dialog=Dialog.WHO_FILLED)
