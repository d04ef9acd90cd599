"""What can be printed. No type here has a field for a NIK or a name: a ticket lies around where anyone can
read it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Literal

Language = Literal["id", "en"]


@dataclass(frozen=True, slots=True)
class Stamp:
    """What every ticket ends with, and whose it is."""

    issued_at: datetime | None
    """With its zone: Indonesian zones are printed as WIB, WITA or WIT, others not at all. None while the machine's
    clock is known to be wrong: the ticket bears no date then."""
    kiosk: str
    office: str = "DPMPTSP"
    regency: str = "Kabupaten Mukomuko"
    language: Language = "id"
    copy: bool = False
    """A second print of the same ticket: marked SALINAN."""


@dataclass(frozen=True, slots=True)
class QueueTicket:
    number: str
    service: str
    ahead: int | None
    """People before this one; None when unknown (offline)."""
    called_about: time | None
    url: str = ""
    provisional: bool = False
    """Given by the kiosk while the line was down: marked NOMOR SEMENTARA."""


@dataclass(frozen=True, slots=True)
class ApplicationReceipt:
    """After sending, or of a status that was looked up; then `headline` and `day` ("5/7") are given.

    A provisional one is not sent yet, and says "saved" where the other says "sent".
    """

    number: str
    url: str = ""
    sent_at: str = ""
    headline: str = ""
    day: str = ""
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class BringList:
    """What to bring for a business activity. The risk data is an unofficial compilation, and the paper says
    so."""

    code: str
    """KBLI, five digits."""
    title: str
    documents: tuple[str, ...]
    source: str
    checked_on: date
    scale: str = ""
    risk: str = ""
    """The headline as the screen shows it."""
    url: str = ""


@dataclass(frozen=True, slots=True)
class DraftTicket:
    """`url` carries the draft's random handle and nothing else; whoever holds the paper holds the draft."""

    url: str = field(repr=False)
    until: date | None = None
    """Last day of validity; None: seven days from the stamp, and left out when the stamp has no date."""


@dataclass(frozen=True, slots=True)
class SeparatorSheet:
    """Laid between two documents of an officer's batch. It bears nothing of either."""


Ticket = QueueTicket | ApplicationReceipt | BringList | DraftTicket | SeparatorSheet
