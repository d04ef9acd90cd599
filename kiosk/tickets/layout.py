"""From a ticket to printer parts: one raster, then the foot in the printer's own font."""

from __future__ import annotations

from datetime import timedelta
from functools import singledispatch

from hardware.printer.port import Part
from kiosk.tickets.canvas import CENTRE, LEFT, RIGHT, Canvas, wrap
from kiosk.tickets.guard import assert_public
from kiosk.tickets.model import (
    ApplicationReceipt,
    BringList,
    DraftTicket,
    QueueTicket,
    SeparatorSheet,
    Stamp,
    Ticket,
)
from kiosk.tickets.separator import CODE
from kiosk.tickets.wording import called_about, day, foot, people, say


def lay_out(ticket: Ticket, stamp: Stamp) -> list[Part]:
    """The parts of a ticket in printing order. NotPublicError when a string has the shape of a NIK."""
    canvas = Canvas()
    below = _body(ticket, canvas, stamp, _head(canvas, stamp))
    parts: list[Part] = [canvas.finish(below + 16), *foot(stamp)]
    assert_public(parts)
    return parts


def warm() -> None:
    """Load fonts, Pillow and segno, and draw once, so that the first visitor's ticket takes no longer than
    the next."""
    from datetime import UTC, datetime, time

    stamp = Stamp(datetime(2026, 1, 1, tzinfo=UTC), "K-00")
    lay_out(
        QueueTicket("A-000", "Loket", 0, time(9), "https://portal.example/q/warm", provisional=True), stamp
    )


def _head(canvas: Canvas, stamp: Stamp) -> int:
    """Office, regency and ornament. Gives back the lower edge."""
    canvas.text((CENTRE, 59), stamp.office, 32, 800)
    canvas.text((CENTRE, 97), stamp.regency, 26, 600)
    canvas.waves(121)
    edge = 157
    if stamp.copy:
        edge = canvas.frame(edge + 12, say("copy", stamp.language))
    return edge


@singledispatch
def _body(ticket: object, canvas: Canvas, stamp: Stamp, top: int) -> int:
    """Draw below `top`; gives back the lower edge."""
    raise TypeError(type(ticket).__name__)


@_body.register
def _(ticket: QueueTicket, canvas: Canvas, stamp: Stamp, top: int) -> int:
    language = stamp.language
    if ticket.provisional:
        top = canvas.bar(top + 12, say("provisional", language))
    canvas.text((CENTRE, top + 47), say("your_number", language), 28, 600)
    # The hyphen of the number as a dash: at this size a hyphen looks like a blot.
    canvas.text((CENTRE, top + 216), ticket.number.replace("-", "–"), 172, 800, tracking=-9)
    end = canvas.centred_lines(top + 275, ticket.service, 36, 800, 42)
    end += 33
    canvas.dashes(end)
    if ticket.ahead is not None or ticket.called_about is not None:
        if ticket.ahead is not None:
            canvas.text((LEFT, end + 53), say("ahead", language), 26, 600, anchor="ls", widest=250)
            canvas.text((LEFT, end + 98), people(ticket.ahead, language), 35, 800, anchor="ls", widest=240)
        if ticket.called_about is not None:
            canvas.text((RIGHT, end + 53), say("called", language), 26, 600, anchor="rs", widest=280)
            words = called_about(ticket.called_about, language)
            canvas.text((RIGHT, end + 98), words, 35, 800, anchor="rs", widest=270)
        end += 131
        canvas.dashes(end)
    if ticket.provisional:
        end = canvas.centred_lines(end + 46, say("show_officer", language), 26, 600, 34) + 24
        canvas.dashes(end)
    if ticket.url:
        end = _qr_with_words(canvas, end + 38, ticket.url, "scan_queue", stamp) + 36
        canvas.dashes(end)
    return end + 3


@_body.register
def _(ticket: ApplicationReceipt, canvas: Canvas, stamp: Stamp, top: int) -> int:
    language = stamp.language
    if ticket.provisional:
        top = canvas.bar(top + 12, say("provisional", language))
    title = "status" if ticket.headline else "receipt"
    if not ticket.provisional:
        canvas.text((CENTRE, top + 52), say(title, language), 38, 800)
        top += 52
    canvas.text((CENTRE, top + 48), say("application_number", language), 26, 600)
    canvas.text((CENTRE, top + 112), ticket.number, 64, 800)
    end = top + 112
    if ticket.headline:
        end = canvas.centred_lines(end + 58, ticket.headline, 32, 800, 40)
    for key, value in (
        ("day", ticket.day),
        ("saved_at" if ticket.provisional else "sent_at", ticket.sent_at),
    ):
        if value:
            canvas.text((CENTRE, end + 46), f"{say(key, language)}: {value}", 26, 600)
            end += 46
    if ticket.provisional:
        end = canvas.centred_lines(end + 46, say("receipt_waiting", language), 26, 600, 34)
    end += 30
    canvas.dashes(end)
    if ticket.url:
        end = _qr_with_words(canvas, end + 38, ticket.url, "scan_status", stamp) + 36
        canvas.dashes(end)
    end = canvas.centred_lines(end + 44, say("keep", language), 26, 700, 34) + 24
    canvas.dashes(end)
    return end + 3


@_body.register
def _(ticket: BringList, canvas: Canvas, stamp: Stamp, top: int) -> int:
    language = stamp.language
    canvas.text((CENTRE, top + 52), say("bring", language), 38, 800)
    canvas.text((CENTRE, top + 104), f"KBLI {ticket.code}", 34, 800)
    end = canvas.centred_lines(top + 144, ticket.title, 28, 600, 36)
    for words in (ticket.scale, ticket.risk):
        if words:
            end = canvas.centred_lines(end + 38, words, 26, 600, 34)
    end += 28
    canvas.dashes(end)
    baseline = end + 10
    for document in ticket.documents:
        baseline += 44
        canvas.box(LEFT, baseline - 22)
        baseline = canvas.paragraph((LEFT + 42, baseline), document, 28, 600, 36)
    end = baseline + 26
    canvas.dashes(end)
    if ticket.url:
        end = _qr_with_words(canvas, end + 38, ticket.url, "scan_more", stamp) + 36
        canvas.dashes(end)
    end = canvas.frame(end + 22, say("indicative", language))
    checked = f"{say('checked', language)} {day(ticket.checked_on, language)}"
    end = canvas.centred_lines(end + 42, f"{say('source', language)}: {ticket.source}", 24, 600, 32)
    end = canvas.centred_lines(end + 32, checked, 24, 600, 32)
    canvas.dashes(end + 24)
    return end + 27


@_body.register
def _(ticket: DraftTicket, canvas: Canvas, stamp: Stamp, top: int) -> int:
    language = stamp.language
    canvas.text((CENTRE, top + 52), say("draft", language), 38, 800)
    _, end = canvas.qr(None, top + 90, ticket.url, smallest=250)
    end = canvas.centred_lines(end + 66, say("scan_draft", language), 28, 700, 36)
    end += 26
    canvas.dashes(end)
    in_a_week = (stamp.issued_at + timedelta(days=7)).date() if stamp.issued_at else None
    until = ticket.until or in_a_week
    if until is not None:
        # "7 days" is only said when it is so; a draft printed again later has fewer left.
        validity = "valid" if until == in_a_week else "valid_until"
        canvas.text((CENTRE, end + 48), say(validity, language), 26, 600)
        canvas.text((CENTRE, end + 92), day(until, language, weekday=True), 35, 800)
        end += 124
        canvas.dashes(end)
    end = canvas.centred_lines(end + 44, say("keep_private", language), 26, 600, 34) + 24
    canvas.dashes(end)
    return end + 3


@_body.register
def _(ticket: SeparatorSheet, canvas: Canvas, stamp: Stamp, top: int) -> int:
    language = stamp.language
    canvas.text((CENTRE, top + 52), say("separator", language), 38, 800)
    _, end = canvas.qr(None, top + 90, CODE, smallest=340)
    end = canvas.centred_lines(end + 66, say("separator_use", language), 28, 700, 36) + 26
    canvas.dashes(end)
    return end + 3


def _qr_with_words(canvas: Canvas, top: int, url: str, key: str, stamp: Stamp) -> int:
    """QR on the left, what it is for on the right, in both languages. Gives back the lower edge."""
    quiet, bottom = canvas.qr(37, top, url)
    left = max(254, quiet + 4)
    languages = ("id", "en") if stamp.language == "id" else ("en", "id")
    blocks = [wrap(say(key, language), 26, 600, RIGHT - left) for language in languages]
    height = sum(len(block) * 34 for block in blocks) + 34 * (len(blocks) - 1)
    baseline = top + (bottom - top - height) // 2 + 26
    for block in blocks:
        for line in block:
            canvas.text((left, baseline), line, 26, 600, anchor="ls", widest=RIGHT - left)
            baseline += 34
        baseline += 34
    return bottom
