"""A visit that is an officer's work on the office's own archive: opened at the welcome screen, by the unlock alone.

It is a visit like any other (sealed, ended by inactivity, its process forgets by exiting) and yet nobody's: no card is
read for it, nobody is identified in it, it is counted among no visitors, and from it no way leads to a service.
"""

from __future__ import annotations

from kiosk.flow.archive_orders import LockArchive
from kiosk.flow.model import Desk, Place
from kiosk.flow.orders import Note
from kiosk.journeys import archive


def open_archive(desk: Desk, officer: str) -> None:
    """Begin. Nothing happens unless nobody is there."""
    visit = desk.visit
    if visit.stage is not Place.WELCOME or visit.archivist:
        return
    desk.change(archivist=officer, stage=Place.MENU, remaining=visit.settings.session_seconds)
    turn = archive.start(desk.visit.context())
    desk.change(journey=turn.journey)
    desk.order(*turn.orders, journey=True)


def close(desk: Desk, reason: str) -> None:
    """The officer's visit ends: the archive is shut at once, also for what is still under way."""
    officer = desk.visit.archivist
    if not officer:
        return
    desk.order(LockArchive())
    desk.order(Note("lock", detail=reason, facts=(("duty", "archive"), ("officer", officer)), of_visit=False))
