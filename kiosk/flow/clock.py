"""The session clock: every touch refills it, devices at work may hold it for a while, at zero the visit ends."""

from __future__ import annotations

from kiosk.flow import way_in
from kiosk.flow.leaving import on_time_out, wait_is_over
from kiosk.flow.model import Desk, Dialog, Place
from kiosk.flow.orders import Sound

UNCLOCKED = frozenset({Place.WELCOME, Place.RESTING})

_SHORT_SECONDS = 60
"""On the ticket screen the visit is practically over (picture 13)."""
_SHORT_WARN_SECONDS = 15


def _limits(desk: Desk) -> tuple[int, int]:
    """(seconds a touch refills to, seconds before the end at which to warn)."""
    settings = desk.visit.settings
    if desk.visit.place is Place.TICKET:
        return min(_SHORT_SECONDS, settings.session_seconds), min(_SHORT_WARN_SECONDS, settings.warn_seconds)
    if desk.visit.officer.assist is not None:
        return settings.assisted_seconds, settings.warn_seconds
    return settings.session_seconds, settings.warn_seconds


def shorten(desk: Desk) -> None:
    """Arriving where the clock is shorter: what is left is at most that."""
    desk.change(remaining=min(desk.visit.remaining, _limits(desk)[0]))


def refill(desk: Desk) -> None:
    """A finger was there: the clock is full again."""
    if desk.visit.stage is Place.FAREWELL:
        return
    desk.change(remaining=_limits(desk)[0], paused_for=0)


def tick(desk: Desk, seconds: int) -> None:
    visit = desk.visit
    if visit.stage in UNCLOCKED or seconds <= 0:
        return
    way_in.tick(desk, seconds)
    if visit.stage is Place.FAREWELL:
        desk.change(remaining=max(0, visit.remaining - seconds))
        if desk.visit.remaining == 0:
            wait_is_over(desk)
        return
    holding = visit.place is Place.CAMERA or any(entry.pauses for entry in visit.pending)
    if holding and visit.paused_for < visit.settings.pause_limit_seconds:
        desk.change(paused_for=visit.paused_for + seconds)
        return
    full, warn = _limits(desk)
    desk.change(remaining=max(0, min(visit.remaining, full) - seconds))
    if desk.visit.remaining == 0:
        on_time_out(desk)
    elif desk.visit.remaining <= warn and desk.visit.own_dialog is not Dialog.TIMEOUT:
        desk.change(own_dialog=Dialog.TIMEOUT)
        desk.order(Sound("chime"))
