"""Unlocking the assisted mode: the officer card's proof, then PIN and card, or PIN and code, before the store.

The card is asked with a fresh challenge each time, once more at the moment the PIN is checked: a proof cannot be
replayed and a card that was lifted in between opens nothing.
"""

from __future__ import annotations

import logging
import math
import os
from collections.abc import Awaitable, Callable

from hardware.card.port import CardFault
from kiosk.effects.cards import trouble_of
from kiosk.effects.tools import Tools
from kiosk.flow.orders import Order, ProveOfficer, Unlock
from kiosk.flow.results import Failed, OfficerSeen, Result, Trouble, Unlocked, UnlockRefused
from kiosk.identity.card_proof import believed
from kiosk.identity.officers import Duty, Officer, OfficersError
from kiosk.settings import SecretTroubleError

log = logging.getLogger("kiosk.effects")

_CARD_SECONDS = 3.0


async def _point(tools: Tools, insertion: int) -> bytes | Failed:
    """The public key whose holder has just signed our challenge."""
    if tools.card is None:
        return Failed(Trouble.NO_READER)
    challenge = os.urandom(32)
    proof = await tools.card.sign(challenge, insertion=insertion, deadline=_CARD_SECONDS)
    if isinstance(proof, CardFault):
        return Failed(trouble_of(proof))
    if not believed(proof.point, challenge, proof.signature):
        log.warning("a card answered the officer's challenge with a signature that does not fit")
        return Failed(Trouble.UNREADABLE)
    return proof.point


async def _whose(tools: Tools, point: bytes) -> Officer | None:
    try:
        return await tools.store.do(lambda store: store.officers.by_card(point))
    except (OfficersError, SecretTroubleError) as error:
        log.warning("officers file: %s", error if isinstance(error, OfficersError) else error.word)
        return None


async def _prove(tools: Tools, _session: str, order: Order) -> Result:
    assert isinstance(order, ProveOfficer)  # noqa: S101 -- the table pairs them
    point = await _point(tools, order.insertion)
    if isinstance(point, Failed):
        return point
    return OfficerSeen(order.insertion, await _whose(tools, point) is not None)


async def _unlock(tools: Tools, session: str, order: Order) -> Result:
    from kiosk.store import Opened

    assert isinstance(order, Unlock)  # noqa: S101 -- the table pairs them
    number, card = order.number, b""
    if order.insertion:
        point = await _point(tools, order.insertion)
        if isinstance(point, Failed):
            return point
        officer = await _whose(tools, point)
        if officer is None:
            return UnlockRefused("unknown_card")
        number, card = officer.number, point
    duty = Duty(order.duty)
    # The archive is opened where nobody is: that line must not begin a visit in the log.
    named = "" if duty is Duty.ARCHIVE else session
    asked = await tools.store.do(
        lambda store: store.officers.open(duty, number, order.pin, code=order.code, card=card, session=named)
    )
    if isinstance(asked, Opened):
        known = asked.officer
        if duty is Duty.ARCHIVE:
            tools.held.archivist = known.alias
        return Unlocked(known.alias, known.name, known.counter, asked.failed, order.duty)
    return UnlockRefused(asked.word, math.ceil(asked.seconds), asked.left)


HANDLERS: dict[type[Order], Callable[[Tools, str, Order], Awaitable[Result | None]]] = {
    ProveOfficer: _prove,
    Unlock: _unlock,
}
