"""Filing an application: safe in the outbox before the first byte leaves, then tried at once, then by a worker.

The outbox row and the direct try share one idempotency key, so whoever comes first files it and the other finds it
filed. Documents follow behind the application, each a row of its own.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import TYPE_CHECKING

from kiosk.effects.parcel import Parcel
from kiosk.effects.senses import clock_words
from kiosk.effects.tools import Tools
from kiosk.effects.trouble import failed
from kiosk.flow.orders import Document, FetchStatus, Order, SendReceipt, Submit
from kiosk.flow.results import (
    Done,
    Failed,
    Result,
    Status,
    StatusFound,
    StatusStep,
    Submitted,
    Trouble,
)
from kiosk.portal.trouble import PortalTrouble

if TYPE_CHECKING:
    from kiosk.portal.models import NewApplication, StatusWords, Step
    from kiosk.settings import Settings
    from kiosk.store import Store

log = logging.getLogger("kiosk.effects")

APPLICATION, DOCUMENT = "application", "document"
"""Kinds of outbox rows; `kiosk.effects.late` carries them out."""


async def _submit(tools: Tools, _session: str, order: Order) -> Result:
    from kiosk.store import DiskFullError, StoreError

    assert isinstance(order, Submit)  # noqa: S101 -- the table pairs them
    portal = tools.portal
    if portal is None or tools.held.consent is None:
        return Failed(Trouble.OFFLINE if portal is None else Trouble.FORBIDDEN)
    rights = portal.rights
    if rights is None:
        return Failed(Trouble.FORBIDDEN)
    new = _new_application(tools, order)
    try:
        files = await _documents(tools, order.documents)
        taken = tools.now().isoformat(timespec="seconds")
        row = await tools.store.do(lambda store: _keep(store, order, new, rights.grant, files, taken))
        mine = await tools.store.do(lambda store: store.outbox.claim(row))
    except DiskFullError:
        return Failed(Trouble.DISK_FULL)
    except StoreError:
        return Failed(Trouble.INTERNAL)
    try:
        # With the grant: the visitor may leave, and so lose the visit's token, before the answer is here.
        said = await portal.submit_application(new, key=order.key, grant=rights.grant)
    except PortalTrouble as trouble:
        return await _not_now(tools, order, row, mine, trouble)
    answer = Parcel({"number": said.number, "token": said.record_token}).pack()
    if mine:
        await mark(tools, lambda store: store.outbox.done(row, answer))
    tools.wake_worker(DOCUMENT)
    return Submitted(
        said.number,
        said.url,
        f"{said.received.astimezone(tools.now().tzinfo):%H.%M}",
        said.estimate,
        case=case_name(tools.settings, order.key),
    )


def _new_application(tools: Tools, order: Submit) -> NewApplication:
    from kiosk.knowledge import risk, scale
    from kiosk.portal.models import DocumentPlan, NewApplication

    answers = dict(order.answers_given)
    levels = risk.requirements(order.kbli, order.scale).levels
    consent = tools.held.consent or ("", False)
    return NewApplication(
        kbli=order.kbli,
        skala_usaha=scale.tier(order.scale).oss_code,
        kd_resiko=levels[0].value if len(levels) == 1 else "",
        kd_daerah=tools.settings.kiosk.region_code,
        business=answers.get("business_name", ""),
        answers=order.answers_given,
        documents=tuple(DocumentPlan(document.kind, len(document.pages)) for document in order.documents),
        consent_version=consent[0],
        whatsapp=consent[1],
        draft=order.draft,
    )


async def _documents(tools: Tools, documents: tuple[Document, ...]) -> list[tuple[str, int, bytes]]:
    """(kind, pages, PDF) of each document, made off the loop."""
    made: list[tuple[str, int, bytes]] = []
    for document in documents:
        pages = [tools.held.pages[page] for page in document.pages if page in tools.held.pages]
        if pages and tools.make_pdf is not None:
            jpegs, dpis = [page.jpeg for page in pages], [page.dpi for page in pages]
            pdf = await asyncio.to_thread(tools.make_pdf, jpegs, dpis)
            made.append((document.kind, len(pages), pdf))
    return made


def _keep(
    store: Store,
    order: Submit,
    new: NewApplication,
    grant: str,
    files: list[tuple[str, int, bytes]],
    taken: str,
) -> int:
    """The rows of one application; adding them twice adds nothing."""
    head: dict[str, object] = {"grant": grant, "application": asdict(new)}
    row = store.outbox.add(APPLICATION, Parcel(head).pack(), key=order.key)
    for kind, pages, pdf in files:
        head = {"kind": kind, "pages": pages, "taken": taken}
        store.outbox.add(DOCUMENT, Parcel(head, pdf).pack(), key=f"{order.key}-{kind}", after=row)
    return row


def case_name(settings: Settings, key: str) -> str:
    from kiosk.store.keys import case_name as named

    return named(settings, key)


async def _not_now(tools: Tools, order: Submit, row: int, mine: bool, trouble: PortalTrouble) -> Result:
    """Out of reach: the outbox has it and a worker will bring it. Refused: the visitor corrects it here and now."""
    if trouble.passing:
        if mine:
            await mark(tools, lambda store: store.outbox.again(row, trouble.kind))
        number = f"{tools.settings.kiosk.id}-{row:04d}"
        return Submitted(
            number,
            "",
            clock_words(tools.now()),
            provisional=True,
            case=case_name(tools.settings, order.key),
        )
    if mine:
        await refused(tools, order, row, trouble)
    return failed(trouble)


async def refused(tools: Tools, order: Order, row: int, trouble: PortalTrouble) -> None:
    """The portal said no for good. A visitor who is there is told and has everything on the screen: the row goes. One
    who has left cannot mend it: the row stays, sealed, for an officer, with the portal's word for the reason."""
    if order not in tools.held.unheard:
        await mark(tools, lambda store: store.outbox.erase(row))
        return
    word = trouble.word or trouble.kind
    await mark(tools, lambda store: store.outbox.refused(row, word))
    log.warning("%s refused after the visitor left: %s", type(order).__name__, word)


async def mark(tools: Tools, change: Callable[[Store], object]) -> None:
    """What the portal said counts, also when the disk cannot take a note of it: a row left in this process's hand
    waits again once the process is gone, and its key files nothing twice."""
    from kiosk.store import StoreError

    try:
        await tools.store.do(change)
    except StoreError as error:
        log.warning("outbox not marked: %s", type(error).__name__)


async def _receipt(tools: Tools, session: str, order: Order) -> Result:
    assert isinstance(order, SendReceipt)  # noqa: S101 -- the table pairs them
    if tools.portal is None:
        return Failed(Trouble.OFFLINE)
    try:
        await tools.portal.send_receipt(order.number, key=f"{session}-receipt-{order.number}")
    except PortalTrouble as trouble:
        return failed(trouble)
    return Done()


async def _status(tools: Tools, _session: str, order: Order) -> Result:
    assert isinstance(order, FetchStatus)  # noqa: S101 -- the table pairs them
    if tools.portal is None:
        return Failed(Trouble.OFFLINE)
    try:
        if not order.number:
            own = await tools.portal.my_applications()
            return StatusFound(tuple(_words(one.number, one.status, one.business) for one in own))
        found = await tools.portal.public_status(order.number)
    except PortalTrouble as trouble:
        return failed(trouble)
    if found.application is None:
        return Failed(Trouble.NOT_FOUND)
    return StatusFound((_words(order.number, found.application, ""),))


def _words(number: str, status: StatusWords, title: str) -> Status:
    return Status(
        number=number,
        headline_id=status.title.id,
        headline_en=status.title.en,
        day=status.day,
        days=status.days,
        steps=tuple(_step(step) for step in status.steps),
        title=title,
    )


def _step(step: Step) -> StatusStep:
    if step.days and step.state in ("now", "late"):
        days = (f"Hari ke-{step.day} dari {step.days}", f"Day {step.day} of {step.days}")
    elif step.day and step.state == "done":
        days = (f"{step.day} hari", f"{step.day} day" + ("s" if step.day > 1 else ""))
    elif step.days:
        days = (f"Paling lama {step.days} hari", f"At most {step.days} days")
    else:
        days = ("", "")
    return StatusStep(
        step.title.id,
        step.title.en,
        step.detail.id,
        step.detail.en,
        step.state,
        *days,
        parallel=step.parallel,
    )


HANDLERS: dict[type[Order], Callable[[Tools, str, Order], Awaitable[Result | None]]] = {
    Submit: _submit,
    SendReceipt: _receipt,
    FetchStatus: _status,
}
