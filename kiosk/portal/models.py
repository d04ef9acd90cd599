"""What the portal says and is told, as frozen values. Personal fields stay out of `repr`.

Names on the wire: openapi.yaml; how one becomes the other: `kiosk.portal.decode`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Means = Literal["nik", "nib", "phone", "card", "draft"]
"""How a visitor is named: typed or read NIK, NIB, phone number, card UID (hex), handle of a draft."""
Scope = Literal["own", "new", "draft", "none"]
StepState = Literal["done", "now", "ahead", "late"]
ServiceClock = Literal["running", "stopped", "ended"]
HelpWord = Literal["ringing", "coming", "ended", "cancelled"]
TicketWord = Literal["waiting", "called", "served", "missed"]


@dataclass(frozen=True, slots=True)
class Words:
    """The same words in Indonesian and English."""

    id: str
    en: str


@dataclass(frozen=True, slots=True)
class Health:
    at: datetime
    """The portal's clock; compare with our own before trusting either."""
    version: str


@dataclass(frozen=True, slots=True)
class References:
    kbli_versi: str
    kbli_basis: str
    requirements_version: str
    requirements_date: str
    sample: bool


@dataclass(frozen=True, slots=True)
class Service:
    id: str
    name: Words
    prefix: str
    counter: str
    is_open: bool
    open_until: str


@dataclass(frozen=True, slots=True)
class Challenge:
    """The same for known and unknown identities. `masked_phone` holds only digits the visitor typed just now."""

    id: str = field(repr=False)
    masked_phone: str
    sends_left: int


@dataclass(frozen=True, slots=True)
class CodeSent:
    masked_phone: str
    lives_seconds: int
    sends_left: int
    tries_left: int


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a status. `day` and `days` are working days taken and allowed; 0: not begun, none given."""

    title: Words
    detail: Words
    state: StepState
    parallel: bool
    agency: str
    day: int
    days: int
    date: str


@dataclass(frozen=True, slots=True)
class StatusWords:
    kd_status: str
    uraian_status: str
    title: Words
    day: int
    days: int
    clock: ServiceClock
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class ApplicationSummary:
    number: str
    kbli: str
    skala_usaha: str
    business: str = field(repr=False)
    received: datetime
    status: StatusWords


@dataclass(frozen=True, slots=True)
class VisitRights:
    """What this visit may do from now on. Tokens never show in `repr`.

    `grant` files an application of this visitor after the visit, until `grant_until`; it reads nothing.
    """

    scope: Scope
    token: str = field(repr=False)
    grant: str = field(repr=False)
    until: datetime
    grant_until: datetime
    name: str = field(repr=False)
    sex: str = field(repr=False)
    masked_phone: str
    applications: tuple[ApplicationSummary, ...] = field(repr=False)

    @property
    def known(self) -> bool:
        return self.scope == "own"


@dataclass(frozen=True, slots=True)
class DocumentPlan:
    """A document that will follow by upload: its kind and its number of pages."""

    kind: str
    pages: int


@dataclass(frozen=True, slots=True)
class NewApplication:
    """An application as the kiosk files it. `skala_usaha` is OSS's code "01" to "04"; `answers` are pairs of field
    name (`^[a-z][a-z0-9_.]{0,59}$`) and text of at most 500 characters."""

    kbli: str
    skala_usaha: str
    consent_version: str
    answers: tuple[tuple[str, str], ...] = field(repr=False, default=())
    documents: tuple[DocumentPlan, ...] = ()
    kbli_versi: str = "2025"
    kd_resiko: str = ""
    kd_daerah: str = ""
    requirements_version: str = ""
    business: str = field(repr=False, default="")
    nib: str = field(repr=False, default="")
    whatsapp: bool = False
    draft: str = field(repr=False, default="")


@dataclass(frozen=True, slots=True)
class Submitted:
    """`record_token` adds documents to this application and reads nothing. `replayed`: filed before under the key."""

    number: str
    kd_status: str
    uraian_status: str
    received: datetime
    estimate: str
    """Date when it is probably done, or empty."""
    url: str
    record_token: str = field(repr=False)
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    id: str
    kind: str
    filename: str = field(repr=False)
    filetype: str
    size: int
    pages: int
    sha256: str


@dataclass(frozen=True, slots=True)
class History:
    kd_status: str
    uraian_status: str
    at: datetime
    agency: str


@dataclass(frozen=True, slots=True)
class Application:
    number: str
    kbli: str
    kbli_versi: str
    skala_usaha: str
    kd_resiko: str
    kd_daerah: str
    business: str = field(repr=False)
    nib: str = field(repr=False)
    received: datetime
    status: StatusWords
    answers: tuple[tuple[str, str], ...] = field(repr=False)
    documents: tuple[Document, ...]
    awaited: tuple[DocumentPlan, ...]
    """Announced and not uploaded yet."""
    history: tuple[History, ...]


@dataclass(frozen=True, slots=True)
class NewDraft:
    kbli: str = ""
    skala_usaha: str = ""
    answers: tuple[tuple[str, str], ...] = field(repr=False, default=())
    documents: tuple[DocumentPlan, ...] = ()
    kbli_versi: str = "2025"
    phone: str = field(repr=False, default="")
    """Where the code will go when the draft is opened; empty: the proven visitor's, else the first proven phone."""
    handle: str = field(repr=False, default="")
    """22 of A-Z a-z 0-9 _ -, 128 random bits made here, when its QR may be shown before the portal heard of it."""


@dataclass(frozen=True, slots=True)
class DraftSaved:
    handle: str = field(repr=False)
    url: str = field(repr=False)
    until: datetime
    record_token: str = field(repr=False)
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """`masked`: the answers are dots until the code was right."""

    handle: str = field(repr=False)
    masked: bool
    kbli: str
    kbli_versi: str
    skala_usaha: str
    answers: tuple[tuple[str, str], ...] = field(repr=False)
    documents: tuple[DocumentPlan, ...]
    uploaded: tuple[Document, ...]
    until: datetime


@dataclass(frozen=True, slots=True)
class ServiceQueue:
    service: str
    now_calling: str
    counter: str
    waiting: int
    estimated_minutes: int
    numbers: tuple[tuple[str, int], ...] = ()
    """(number, minutes waited) in the order they are expected; empty when the portal does not say."""


@dataclass(frozen=True, slots=True)
class QueueState:
    """The hall: the last called number of all counters, and each service by itself."""

    now_calling: str
    counter: str
    waiting: int
    estimated_minutes: int
    is_open: bool
    open_until: str
    services: tuple[ServiceQueue, ...]


@dataclass(frozen=True, slots=True)
class Ticket:
    """`code` is the random part behind the QR; `provisional` the number the kiosk gave out itself, or empty."""

    code: str
    number: str
    provisional: str
    service: str
    counter: str
    state: TicketWord
    ahead: int
    estimated_minutes: int
    about: str
    """When it is probably called, as in 09.45; or empty."""
    url: str
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class PublicStatus:
    """Exactly one of the two is set."""

    application: StatusWords | None
    ticket: Ticket | None


@dataclass(frozen=True, slots=True)
class HelpCall:
    id: str
    state: HelpWord
    minutes: int
    """Promised by the officer who took it; 0 while nobody did."""
    since: datetime


@dataclass(frozen=True, slots=True)
class PortalEvent:
    """A line of the kiosk's event log: words, never identity. `id` is unique to this kiosk for ever."""

    id: str
    at: datetime
    word: str
    session: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    seal: str = ""


@dataclass(frozen=True, slots=True)
class LodgedAnchor:
    """The hash that event `number` of this kiosk's log had when it was lodged; `at` by the portal's clock."""

    number: int
    chain: str
    at: datetime


@dataclass(frozen=True, slots=True)
class EventsKept:
    accepted: int
    known_before: int
