"""Panggil petugas: a call is a fact on the visitor's screen until it is taken, cancelled or over."""

from __future__ import annotations

from kiosk.flow.model import Desk, Help
from kiosk.flow.orders import Note, RingOfficer, StopRinging
from kiosk.flow.results import Failed, Ringing


def call(desk: Desk) -> None:
    """Ring once; a second touch while it rings changes nothing."""
    if desk.visit.help in (Help.RINGING, Help.COMING):
        return
    desk.change(help=Help.RINGING, help_minutes=0)
    desk.order(RingOfficer(place=desk.visit.place.value), Note("help", place=desk.visit.place.value))


def cancel(desk: Desk) -> None:
    if desk.visit.help is Help.NONE:
        return
    desk.change(help=Help.NONE, help_minutes=0)
    desk.order(StopRinging())


def answered(desk: Desk, result: Ringing | Failed) -> None:
    """The desk could not be reached: say so, so that nobody waits in vain."""
    if isinstance(result, Failed):
        unheard(desk)


def unheard(desk: Desk) -> None:
    if desk.visit.help is Help.RINGING:
        desk.change(help=Help.UNANSWERED)


def arrived(desk: Desk) -> None:
    """An officer is here and has unlocked: the call has done its work."""
    cancel(desk)


def rings(desk: Desk) -> None:
    if desk.visit.help in (Help.UNANSWERED, Help.COMING):
        desk.change(help=Help.RINGING, help_minutes=0)


def coming(desk: Desk, minutes: int) -> None:
    if desk.visit.help is Help.NONE:
        return
    if minutes > 0 and desk.visit.help is not Help.COMING:
        desk.order(Note("help_coming", facts=(("minutes", min(minutes, 60)),)))
    desk.change(help=Help.COMING if minutes > 0 else Help.NONE, help_minutes=max(0, minutes))
