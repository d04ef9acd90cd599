"""Tickets on 80 mm paper: what may be on them, how they look, and the guard that keeps identities off.

`lay_out` gives printer parts; `from_words` builds a ticket from the words of a `PrintTicket` order. Pillow
and segno are imported at the first `lay_out` or by `warm`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time
from typing import TYPE_CHECKING, Literal

from kiosk.tickets.guard import NotPublicError, assert_public
from kiosk.tickets.model import (
    ApplicationReceipt,
    BringList,
    DraftTicket,
    Language,
    QueueTicket,
    SeparatorSheet,
    Stamp,
    Ticket,
)

if TYPE_CHECKING:
    from hardware.printer.port import Part

__all__ = [
    "ApplicationReceipt",
    "BringList",
    "DraftTicket",
    "Language",
    "NotPublicError",
    "QueueTicket",
    "SeparatorSheet",
    "Stamp",
    "Ticket",
    "assert_public",
    "from_words",
    "lay_out",
    "warm",
]


def lay_out(ticket: Ticket, stamp: Stamp) -> list[Part]:
    """See `kiosk.tickets.layout.lay_out`."""
    from kiosk.tickets.layout import lay_out as draw

    return draw(ticket, stamp)


def warm() -> None:
    """See `kiosk.tickets.layout.warm`."""
    from kiosk.tickets.layout import warm as draw_once

    draw_once()


def from_words(
    kind: Literal["queue", "receipt", "draft", "separator"], about: Iterable[tuple[str, str]]
) -> Ticket:
    """A ticket from the words of a `kiosk.flow.orders.PrintTicket`.

    queue: number, service, ahead, about ("09.45"), url, provisional · receipt: number, url, at, headline,
    day, provisional · draft: url, until (ISO date) · separator: nothing. Missing or unreadable words leave
    their line out; an unknown key raises ValueError, so that nothing gets lost in silence. A bring-list
    needs documents and sources and is built as `BringList` by who has them.
    """
    words = dict(about)
    known = {
        "queue": {"number", "service", "ahead", "about", "url", "provisional"},
        "receipt": {"number", "url", "at", "headline", "day", "provisional"},
        "draft": {"url", "until"},
        "separator": set[str](),
    }[kind]
    if unknown := set(words) - known:
        raise ValueError(f"no place on this ticket for {', '.join(sorted(unknown))}")
    get = words.get
    if kind == "queue":
        return QueueTicket(
            number=get("number", ""),
            service=get("service", ""),
            ahead=int(words["ahead"]) if get("ahead", "").isdecimal() else None,
            called_about=_time(get("about", "")),
            url=get("url", ""),
            provisional=bool(get("provisional")),
        )
    if kind == "receipt":
        return ApplicationReceipt(
            number=get("number", ""),
            url=get("url", ""),
            sent_at=get("at", ""),
            headline=get("headline", ""),
            day=get("day", ""),
            provisional=bool(get("provisional")),
        )
    if kind == "separator":
        return SeparatorSheet()
    return DraftTicket(get("url", ""), _date(get("until", "")))


def _time(words: str) -> time | None:
    try:
        return time.fromisoformat(words.replace(".", ":"))
    except ValueError:
        return None


def _date(words: str) -> date | None:
    try:
        return date.fromisoformat(words[:10])
    except ValueError:
        return None
