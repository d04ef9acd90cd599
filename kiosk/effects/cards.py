"""The card on the reader: one read, its claim kept here under a handle, and whether a card is left at the end."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from hardware.camera.port import Frame
from hardware.card.port import CardFault, CardTrouble
from kiosk.effects.tools import Tools
from kiosk.flow.orders import LookAround, Order, ReadCard
from kiosk.flow.results import CardRead, Failed, LeftBehind, Result, Trouble

_TROUBLES = {
    CardTrouble.NO_READER: Trouble.NO_READER,
    CardTrouble.NO_CARD: Trouble.NO_CARD,
    CardTrouble.NOT_KTP: Trouble.NOT_KTP,
    CardTrouble.REMOVED: Trouble.REMOVED,
    CardTrouble.UNREADABLE: Trouble.UNREADABLE,
    CardTrouble.BUSY: Trouble.BUSY,
    CardTrouble.SERVICE_DOWN: Trouble.SERVICE_DOWN,
    CardTrouble.SAM_MISSING: Trouble.SAM_MISSING,
    CardTrouble.NOT_OFFICER: Trouble.NOT_KTP,
}


def trouble_of(fault: CardFault) -> Trouble:
    """A reader's trouble in the flow's words."""
    return _TROUBLES[fault.trouble]


_LOOK_SECONDS = 1.5
"""How long the camera may take to show the table at the end of a visit."""


async def _read(tools: Tools, _session: str, order: Order) -> Result:
    assert isinstance(order, ReadCard)  # noqa: S101 -- the table pairs them
    if tools.card is None:
        return Failed(Trouble.NO_READER)
    claim = await tools.card.read(insertion=order.insertion, deadline=tools.settings.devices.card.deadline)
    if isinstance(claim, CardFault):
        return Failed(trouble_of(claim))
    handle = tools.held.name("claim-")
    tools.held.claims[handle] = claim
    return CardRead(claim.insertion, int(claim.assurance), handle, claim.nik, claim.name, claim.sex)


async def _look_around(tools: Tools, _session: str, order: Order) -> Result:
    """The reader knows at once; the camera is asked only when it was used, and for a short while."""
    assert isinstance(order, LookAround)  # noqa: S101 -- the table pairs them
    tools.held.claims.clear()
    tools.held.pages.clear()
    return LeftBehind(card=tools.card_present, paper=order.camera_used and await _paper_in_view(tools))


async def _paper_in_view(tools: Tools) -> bool:
    import asyncio

    if tools.camera is None or await tools.camera.open() is not None:
        return False
    try:
        for _ in range(int(_LOOK_SECONDS / 0.1)):
            frame = tools.camera.latest()
            if isinstance(frame, Frame) and frame.outline is not None:
                return True
            await asyncio.sleep(0.1)
        return False
    finally:
        await tools.camera.close()


HANDLERS: dict[type[Order], Callable[[Tools, str, Order], Awaitable[Result | None]]] = {
    ReadCard: _read,
    LookAround: _look_around,
}
