"""Latihan: the whole application with invented data, and nothing of it leaves the screen.

It is the real journey with the real search, form and camera. Of its orders only those in `HERE` are carried out: what
looks something up in this machine, and the camera. Sending ends the practice; no draft, no receipt, no paper proof.
"""

from __future__ import annotations

from dataclasses import replace

from kiosk.flow import orders
from kiosk.flow.events import SaveAndLeave, Signal, Touch
from kiosk.flow.model import Answered, Context, Exit, Journey, Turn
from kiosk.flow.orders import Note, Order
from kiosk.identity.rights import Proof, Standing, Way
from kiosk.journeys import apply, learn
from kiosk.journeys.apply.state import Apply

HERE: tuple[type[Order], ...] = (
    orders.SearchKbli,
    orders.LoadBands,
    orders.AssessRisk,
    orders.TakePicture,
    orders.DropPage,
    orders.SetLamp,
    orders.Sound,
)
"""All that a practice run may ask of the world."""

INVENTED = (
    ("business_name", "Warung CONTOH"),
    ("address", "Jalan CONTOH 1"),
)
"""What stands in the form already; whoever practises may change it."""


def start(context: Context) -> Turn:
    key = f"{context.session}-{context.begun}-practice"
    return Turn(Apply(key=key, purpose="practice", answers=INVENTED), (Note("practice", detail="begun"),))


def step(journey: Journey, event: Touch | Signal | Answered, context: Context) -> Turn:
    assert isinstance(journey, Apply)  # noqa: S101 -- the table pairs them
    if isinstance(event, SaveAndLeave):
        return Turn(None, exit=Exit.MENU)
    # Whoever practises is nobody, and may do everything: nothing they do counts.
    anyone = replace(context, standing=Standing(Way.PHONE, Proof.CODE), consented=True)
    turn = apply.step(journey, event, anyone)
    if any(isinstance(order, orders.Submit) for order in turn.orders):
        return learn.finished()
    kept = tuple(order for order in turn.orders if isinstance(order, HERE))
    after = turn.journey
    if isinstance(after, Apply):
        after = replace(after, purpose="practice")
    leaving = turn.exit if turn.exit in (Exit.MENU, Exit.LEAVE, Exit.DONE) else None
    return Turn(after, kept, exit=leaving)
