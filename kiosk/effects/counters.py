"""The counters: a queue number, the ticket on paper, and the officer who is called."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from hardware.printer.port import Paper, PrinterStatus, PrintOutcome
from kiosk.effects.parcel import Parcel
from kiosk.effects.senses import trustworthy
from kiosk.effects.tools import Tools
from kiosk.effects.trouble import failed
from kiosk.flow.orders import Order, PrintTicket, RingOfficer, StopRinging, TakeNumber
from kiosk.flow.results import Failed, NumberTaken, Printed, Result, Ringing, Trouble
from kiosk.portal.trouble import PortalTrouble

if TYPE_CHECKING:
    from hardware.printer.port import Part, PrintResult
    from kiosk.store import Store
    from kiosk.tickets import Ticket

log = logging.getLogger("kiosk.effects")

NUMBER = "number"
"""Kind of outbox row that reports a number given out while offline."""

_CODE_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CODE_LENGTH = 16
"""80 random bits, as the portal makes them: the QR on a provisional ticket must stay good once the line is back."""


async def _take(tools: Tools, _session: str, order: Order) -> Result:
    """The QR's code is made here, before the portal is asked: should its answer be lost and a provisional number be
    given instead, that number's QR leads to the one the portal has already made."""
    assert isinstance(order, TakeNumber)  # noqa: S101 -- the table pairs them
    made = "".join(secrets.choice(_CODE_SIGNS) for _ in range(_CODE_LENGTH))
    code = tools.held.ticket_codes.setdefault(order.key, made)
    if tools.portal is not None:
        try:
            ticket = await tools.portal.take_queue_number(order.service, key=order.key, code=code)
        except PortalTrouble as trouble:
            if not trouble.passing:
                return failed(trouble)
        else:
            return NumberTaken(ticket.number, ticket.service, ticket.ahead, ticket.about, ticket.url)
    return await _own_number(tools, order, code)


async def _own_number(tools: Tools, order: TakeNumber, code: str) -> Result:
    """The counters serve without the internet: this kiosk's own series, told to the portal later."""
    from kiosk.store import DiskFullError, StoreError

    now = tools.now()
    kiosk = tools.settings.kiosk.id
    try:
        _, count = await tools.store.do(lambda store: store.numbers.draw(order.service, f"{now:%Y-%m-%d}"))
        number = f"{kiosk[0]}{order.service[:1].upper()}-{count:03d}"
        head: dict[str, object] = {
            "service": order.service,
            "provisional": number,
            "taken_at": now.isoformat(),
            "code": code,
        }
        await tools.store.do(lambda store: store.outbox.add(NUMBER, Parcel(head).pack(), key=order.key))
    except DiskFullError:
        return Failed(Trouble.DISK_FULL)
    except StoreError:
        return Failed(Trouble.INTERNAL)
    tools.wake_worker(NUMBER)
    url = tools.public_link(f"/q/{code}")
    return NumberTaken(number, order.service, ahead=0, about="", url=url, provisional=True)


async def _print(tools: Tools, _session: str, order: Order) -> Result:
    """Draw, keep in the spool, send, prove. Paper that cannot be proved is never printed again by itself."""
    from kiosk.store import StoreError

    assert isinstance(order, PrintTicket)  # noqa: S101 -- the table pairs them
    printer = tools.printer
    if printer is None:
        return Failed(Trouble.PRINTER_SILENT)
    job = await asyncio.to_thread(lambda: printer.encode(_parts(tools, order)))
    try:
        row = await tools.store.do(
            lambda store: _begin(store, tools.held.prints.get(order.key, 0), order, job)
        )
    except StoreError:
        # The number is on the screen, and a spool that cannot remember must not print: it might print twice.
        return Failed(Trouble.DISK_FULL)
    tools.held.prints[order.key] = row
    outcome = await printer.print(job, deadline=tools.settings.devices.printer.deadline)
    try:
        await tools.store.do(lambda store: store.spool.finish(row, outcome.outcome.value))
    except StoreError as error:
        # The paper is out. The row becomes unknown when this process is gone, and is not printed again by itself.
        log.warning("print not marked: %s", type(error).__name__)
    return _told(outcome)


def _begin(store: Store, before: int, order: PrintTicket, job: bytes) -> int:
    """The row of this ticket, in this process's hand. Tried again, a print that never began keeps its row: no second
    one waits behind it."""
    return before if before and store.spool.restart(before, job) else store.spool.start(order.kind, job)


def _told(result: PrintResult) -> Result:
    if result.outcome is PrintOutcome.PRINTED:
        return Printed()
    if result.outcome is PrintOutcome.UNKNOWN:
        return Failed(Trouble.PRINTED_UNKNOWN)
    return Failed(_reason(result.status))


def _reason(status: PrinterStatus) -> Trouble:
    if not status.answered:
        return Trouble.PRINTER_SILENT
    if status.cover_open:
        return Trouble.COVER_OPEN
    if status.paper is Paper.OUT:
        return Trouble.PAPER_OUT
    return Trouble.PRINTER_SILENT


def _parts(tools: Tools, order: PrintTicket) -> list[Part]:
    from kiosk.tickets import Stamp, lay_out

    kiosk = tools.settings.kiosk
    language = tools.language()
    now = tools.now()
    stamp = Stamp(now if trustworthy(now) else None, kiosk.id, kiosk.office, kiosk.regency, language)
    return lay_out(_ticket(tools, order, language), stamp)


def _ticket(tools: Tools, order: PrintTicket, language: str) -> Ticket:
    from kiosk.tickets import from_words

    about = dict(order.about)
    if order.kind == "bring_list":
        return _bring_list(tools, about, language)
    headlines = {"id": about.pop("headline_id", ""), "en": about.pop("headline_en", "")}
    if headlines[language]:
        about["headline"] = headlines[language]
    if language == "en" and "at" in about:
        about["at"] = about["at"].replace(".", ":")
    if "service" in about:
        about["service"] = _counter(about["service"], language)
    return from_words(order.kind, about.items())


def _counter(service: str, language: str) -> str:
    """ "Loket Perizinan". The settings may name a counter this kiosk has no words for."""
    from kiosk import i18n

    key = f"services.{service}.counter"
    if i18n.known(key):
        return i18n.say(language, key)
    return i18n.say(language, "services.any_counter", name=service.replace("_", " ").capitalize())


def _bring_list(tools: Tools, words: dict[str, str], language: str) -> Ticket:
    """The same sheet as on the screen, the office's own word on the code included."""
    from kiosk.effects.knowing import overrides_file
    from kiosk.knowledge import bring, office, risk, scale
    from kiosk.tickets import BringList

    overrides = risk.load_overrides(overrides_file(tools))
    sheet = risk.requirements(words["code"], words["scale"], overrides)
    source = bring.source_of(sheet)
    return BringList(
        code=sheet.code,
        title=sheet.title,
        documents=tuple(paper.get(language) for paper in bring.documents(sheet, office.papers())),
        source=f"{source.law} {source.article}".strip(),
        checked_on=source.checked_on,
        scale=scale.tier(sheet.scale).label.get(language),
        risk=sheet.headline.get(language),
    )


async def _ring(tools: Tools, _session: str, order: Order) -> Result:
    assert isinstance(order, RingOfficer)  # noqa: S101 -- the table pairs them
    if tools.calls is not None:
        tools.calls.ring()
        return Ringing()
    if tools.portal is None:
        return Failed(Trouble.OFFLINE)
    try:
        await tools.portal.call_officer(order.place, language=tools.language())
    except PortalTrouble as trouble:
        return failed(trouble)
    return Ringing()


async def _stop_ringing(tools: Tools, _session: str, _order: Order) -> None:
    if tools.calls is not None:
        tools.calls.stop()
    elif tools.portal is not None:
        await tools.portal.cancel_call()


HANDLERS: dict[type[Order], Callable[[Tools, str, Order], Awaitable[Result | None]]] = {
    TakeNumber: _take,
    PrintTicket: _print,
    RingOfficer: _ring,
    StopRinging: _stop_ringing,
}
