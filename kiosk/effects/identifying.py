"""The one-time code and what it proves. The card's UID goes from the held claim to the portal and nowhere else."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from kiosk.effects.parcel import Parcel
from kiosk.effects.tools import Tools
from kiosk.effects.trouble import failed
from kiosk.flow.orders import (
    CheckCode,
    ForgetIdentity,
    Order,
    ProveByReader,
    RecordConsent,
    SendCode,
)
from kiosk.flow.results import CodeSent, Failed, Proved, Result, Trouble
from kiosk.portal.trouble import PortalTrouble

if TYPE_CHECKING:
    from kiosk.portal.client import PortalClient
    from kiosk.portal.models import ApplicationSummary, VisitRights
    from kiosk.store import Store

log = logging.getLogger("kiosk.effects")

END_VISIT = "end_visit"
"""Kind of outbox row that takes the visit's tokens back; `kiosk.effects.late` carries it out."""


async def _send(tools: Tools, _session: str, order: Order) -> Result:
    assert isinstance(order, SendCode)  # noqa: S101 -- the table pairs them
    portal = tools.portal
    if portal is None:
        return Failed(Trouble.OFFLINE)
    value = order.value
    if order.means == "card":
        claim = tools.held.claims.get(value)
        if claim is None:
            return Failed(Trouble.REMOVED)
        value = claim.uid.hex()
    try:
        await portal.identify(order.means, value, phone=order.phone)
        sent = await portal.send_code()
    except PortalTrouble as trouble:
        return failed(trouble)
    return CodeSent(sent.masked_phone, sent.lives_seconds, sent.sends_left)


async def _check(tools: Tools, _session: str, order: Order) -> Result:
    """A right code whose answer was lost is spent at the portal; only the same key gets that answer again."""
    from kiosk.portal.client import new_key

    assert isinstance(order, CheckCode)  # noqa: S101 -- the table pairs them
    if tools.portal is None:
        return Failed(Trouble.OFFLINE)
    code, key = tools.held.unanswered
    if code != order.code:
        key = new_key()
    tools.held.unanswered = (order.code, key)
    try:
        proved = _proved(await tools.portal.check_code(order.code, key=key))
    except PortalTrouble as trouble:
        if not trouble.passing:
            tools.held.unanswered = ("", "")
        if trouble.kind == "gone":
            return Failed(Trouble.CODE_EXPIRED)
        return failed(trouble)
    tools.held.unanswered = ("", "")
    return proved


async def _reader(tools: Tools, _session: str, order: Order) -> Result:
    assert isinstance(order, ProveByReader)  # noqa: S101 -- the table pairs them
    if tools.portal is None:
        return Failed(Trouble.OFFLINE)
    try:
        rights = await tools.portal.prove_by_reader(
            order.nik, reader=tools.settings.kiosk.id, matched_at=tools.now()
        )
    except PortalTrouble as trouble:
        return failed(trouble)
    return _proved(rights) if rights.scope != "none" else Failed(Trouble.NOT_FOUND)


def _proved(rights: VisitRights) -> Proved:
    return Proved(
        known=rights.known,
        name=rights.name,
        sex=rights.sex,
        phone_masked=rights.masked_phone,
        processing=tuple(_line(one) for one in rights.applications if one.status.clock != "ended"),
    )


def _line(application: ApplicationSummary) -> tuple[str, str]:
    """ "Menunggu Dinas Lingkungan Hidup, hari ke-5 dari 7", in both languages."""
    status = application.status
    if not status.days:
        return status.title.id, status.title.en
    return (
        f"{status.title.id}, hari ke-{status.day} dari {status.days}",
        f"{status.title.en}, day {status.day} of {status.days}",
    )


async def _forget(tools: Tools, _session: str, _order: Order) -> None:
    """Forgotten here at once. The portal takes its tokens back as soon as it is reached: asked now, beside whatever
    the visitor or the next one does, and again by a worker if this process is gone before the answer. The errand holds
    the visit's random name and no token."""
    from kiosk.store import StoreError

    tools.held.claims.clear()
    tools.held.consent = None
    tools.held.unanswered = ("", "")
    portal = tools.portal
    left = portal.leave() if portal is not None else ""
    if portal is None or not left:
        return
    row = 0
    try:
        row = await tools.store.do(lambda store: _errand(store, left))
    except StoreError as error:
        log.warning("end of visit not kept: %s", type(error).__name__)
    tools.beside(_end_at_portal(tools, portal, left, row))


def _errand(store: Store, visit: str) -> int:
    """A row in this process's hand."""
    row = store.outbox.add(END_VISIT, Parcel({"visit": visit}).pack())
    store.outbox.claim(row)
    return row


async def _end_at_portal(tools: Tools, portal: PortalClient, visit: str, row: int) -> None:
    from kiosk.store import StoreError

    word, again = "", False
    try:
        await portal.end_visit(visit)
    except PortalTrouble as trouble:
        word, again = trouble.word or trouble.kind, trouble.passing
    if not row:
        return
    try:
        if again:
            await tools.store.do(lambda store: store.outbox.again(row, word))
        elif word:
            await tools.store.do(lambda store: store.outbox.refused(row, word))
        else:
            await tools.store.do(lambda store: store.outbox.done(row))
    except StoreError as error:
        log.warning("end of visit not marked: %s", type(error).__name__)


async def _consent(tools: Tools, _session: str, order: Order) -> None:
    """Kept with the visit: it travels with the application it was given for."""
    assert isinstance(order, RecordConsent)  # noqa: S101 -- the table pairs them
    tools.held.consent = (order.version, order.whatsapp)


HANDLERS: dict[type[Order], Callable[[Tools, str, Order], Awaitable[Result | None]]] = {
    SendCode: _send,
    CheckCode: _check,
    ProveByReader: _reader,
    ForgetIdentity: _forget,
    RecordConsent: _consent,
}
