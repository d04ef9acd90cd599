"""The state of a visit: one frozen value, everything a screen needs to draw itself.

It holds no pictures, sockets or clocks. Personal fields stay out of `repr`, so that a state can be logged by mistake
without harm.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Literal, Protocol

from kiosk.flow.events import HallState, Hour, Language
from kiosk.flow.officer_side import Side
from kiosk.flow.orders import Effect, Means, Note, Order, SaveDraft
from kiosk.flow.results import Result, Trouble
from kiosk.identity.rights import Standing


class Place(StrEnum):
    """Where the visitor is; one screen each. The words also name the steps in the event log."""

    WELCOME = "welcome"
    IDENTIFY = "identify"
    NUMBER = "number"
    """Typing a NIK, a NIB or a phone number."""
    PHOTO = "photo"
    """The e-KTP's face under the camera, for its number."""
    FACE = "face"
    """What was read from it, to be checked and corrected."""
    CODE = "code"
    CONSENT = "consent"
    MENU = "menu"
    CHAT = "chat"
    """Tanya jawab: typing or choosing a question."""
    ANSWER = "answer"
    SEARCH = "search"
    SCALE = "scale"
    RISK = "risk"
    BRING = "bring"
    """What to bring, as paper or QR, without identity."""
    FORM = "form"
    CAMERA = "camera"
    PAGES = "pages"
    REVIEW = "review"
    SENT = "sent"
    DRAFT = "draft"
    SCAN = "scan"
    """The QR of a draft under the camera, and what it holds in dots."""
    SERVICES = "services"
    """Choosing the counter for a queue number."""
    TICKET = "ticket"
    FIND_STATUS = "find_status"
    STATUS = "status"
    LKPM = "lkpm"
    LEARN = "learn"
    """Belajar: lessons, and the way into a practice run."""
    SURVEY = "survey"
    FAREWELL = "farewell"
    OFFICER = "officer"
    """An officer unlocks the assisted mode; the visitor's screen waits behind it."""
    ARCHIVE = "archive"
    """The office's own archive, for an officer: how far the batch is, and where to go on."""
    ARCHIVE_CAMERA = "archive_camera"
    ARCHIVE_FIELDS = "archive_fields"
    ARCHIVE_SEARCH = "archive_search"
    RESTING = "resting"
    """Out of service (picture 18b)."""


class Dialog(StrEnum):
    TIMEOUT = "timeout"
    LEAVE = "leave"
    PRIVACY = "privacy"
    DELETE_PAGE = "delete_page"
    NEEDS_PROOF = "needs_proof"
    REPEATED_PAGE = "repeated_page"
    FILL_FOR_ME = "fill_for_me"
    """May the officer do this step for you?"""
    KNOWN_DOCUMENT = "known_document"
    """Arsip: this number and year are in the archive already."""
    DISCARD_DOCUMENT = "discard_document"
    WHO_FILLED = "who_filled"


@dataclass(frozen=True, slots=True)
class FlowSettings:
    """The part of the settings that changes what a visit may do. Seconds and days."""

    session_seconds: int = 300
    assisted_seconds: int = 900
    """The same with an officer beside the visitor."""
    officer_idle_seconds: int = 300
    """The assisted mode closes after this long without the officer's touch."""
    warn_seconds: int = 60
    pause_limit_seconds: int = 180
    """Longest time that camera, card or printer may hold the session clock without a touch."""
    farewell_seconds: int = 20
    """How long the last screen waits for a forgotten card or paper."""
    auto_capture: bool = False
    """A page that lies still, sharp and whole takes itself after a countdown."""
    draft_days: int = 7
    consent_version: str = "1"
    spot: Literal["kiosk", "bergerak"] = "kiosk"
    """Where the kiosk stands: a class of service of PP 6/2021, for the event log."""
    services: tuple[str, ...] = ("perizinan", "informasi", "pengaduan")
    tiles_per_page: int = 10


@dataclass(frozen=True, slots=True)
class Context:
    """What a journey may know of the visit around it."""

    session: str
    settings: FlowSettings
    standing: Standing
    consented: bool
    online: bool
    surveyed: bool = False
    """A satisfaction survey was answered in this visit: one is enough."""
    begun: int = 0
    """How many services were begun in this visit, this one included: two applications are two."""
    officer: str = ""
    """Alias of the officer who opened the archive; "" in every visit of a visitor."""


@dataclass(frozen=True, slots=True)
class Pending:
    """A request whose reply is waited for. `journey` False: the envelope's own."""

    request: int
    kind: str
    """Class name of the order, so that whoever waits knows what was answered."""
    journey: bool
    pauses: bool


class Exit(StrEnum):
    """How a journey hands back to the envelope."""

    MENU = "menu"
    DONE = "done"
    """Selesai: the visit ends."""
    LEAVE = "leave"
    """Keluar: ask first."""
    PRACTICE = "practice"
    """Begin a practice run in its place."""
    PROVE = "prove"
    """A right is missing: identify, then come back to the same place."""
    PROVE_DRAFT = "prove_draft"
    """A code to the draft's phone, for the draft named in `Turn.handle`; then come back to the same place."""
    CONSENT = "consent"
    """Personal data is about to be asked for: consent first, then come back."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What a journey is given when one of its orders was answered."""

    kind: str
    result: Result


@dataclass(frozen=True, slots=True)
class Turn:
    """What a journey answers to one event: its new state, orders, and perhaps an exit. `journey` None ends it."""

    journey: Journey | None
    orders: tuple[Order, ...] = ()
    exit: Exit | None = None
    handle: str = field(default="", repr=False)


class Journey(Protocol):
    """State of a service under way. Each lives in `kiosk.journeys.<service>` with its own `step`."""

    @property
    def service(self) -> str: ...

    @property
    def place(self) -> Place: ...

    @property
    def dialog(self) -> Dialog | None: ...

    @property
    def draft(self) -> SaveDraft | None:
        """What would be lost on leaving; None when there is nothing worth keeping."""
        ...


class Plain:
    """Base of a journey that asks nothing in a dialog and has nothing worth keeping as a draft."""

    __slots__ = ()

    @property
    def dialog(self) -> Dialog | None:
        return None

    @property
    def draft(self) -> SaveDraft | None:
        return None


@dataclass(frozen=True, slots=True)
class Face:
    """What was read from an e-KTP beside its number, as the visitor left it."""

    name: str = field(default="", repr=False)
    birth: str = field(default="", repr=False)
    address: str = field(default="", repr=False)
    doubtful: frozenset[str] = frozenset()
    """Fields that the two readers saw differently and nobody has corrected yet."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A number being typed on the way in."""

    means: Means = "phone"
    digits: str = field(default="", repr=False)
    handle: str = field(default="", repr=False)
    """Of the draft that the phone typed here is asked for; `means` is "draft"."""
    doubt: str = ""
    face: Face | None = None
    """The number was read by the camera and not typed."""
    editing: str = ""
    """Field of the face that the keyboard writes to."""
    open: bool = False
    """The number is shown in full, for the visitor to compare it with the card."""
    code: str = field(default="", repr=False)
    sent_to: str = ""
    sends_left: int = 3
    tries_left: int = 5
    seconds_left: int = 0


@dataclass(frozen=True, slots=True)
class Person:
    """Who the portal says this is; empty for an unknown visitor."""

    name: str = field(default="", repr=False)
    sex: str = field(default="", repr=False)
    phone_masked: str = ""
    processing: tuple[tuple[str, str], ...] = field(default=(), repr=False)


WITH_CAMERA = frozenset({Place.CAMERA, Place.SCAN, Place.PHOTO, Place.ARCHIVE_CAMERA})
"""The camera runs exactly while one of these is shown."""

ON_THE_WAY_IN = frozenset({"ReadCard", "ReadFace", "KnowRegion", "SendCode", "CheckCode", "ProveByReader"})


class Help(StrEnum):
    NONE = "none"
    RINGING = "ringing"
    COMING = "coming"
    UNANSWERED = "unanswered"


@dataclass(frozen=True, slots=True)
class Visit:
    session: str
    settings: FlowSettings = FlowSettings()
    stage: Place = Place.WELCOME
    """The envelope's own place; a journey's place goes before it."""
    language: Language = "id"
    text_step: Literal[0, 1, 2] = 0
    contrast: bool = False
    remaining: int = 300
    paused_for: int = 0
    next_request: int = 1
    pending: tuple[Pending, ...] = ()
    own_dialog: Dialog | None = None
    trouble: Trouble | None = None
    """What went wrong at this place; cleared by the next touch."""
    hour: Hour | None = None
    hall: HallState | None = None
    online: bool = True
    offline_since: str = ""
    devices_down: frozenset[tuple[str, str]] = frozenset()
    """(device, detail) of what is not usable now."""
    card_present: bool = False
    insertion: int = 0
    used_insertion: int = 0
    """The insertion that was read; a card must be laid down freshly in this visit."""
    claim: str = field(default="", repr=False)
    standing: Standing = Standing()
    person: Person = Person()
    entry: Entry = Entry()
    consented: bool = False
    whatsapp: bool = False
    journey: Journey | None = None
    suspended: bool = False
    """The journey waits while the visitor identifies."""
    menu_page: int = 0
    help: Help = Help.NONE
    help_minutes: int = 0
    camera_used: bool = False
    surveyed: bool = False
    begun: int = 0
    """Services begun so far."""
    officer: Side = Side()
    ask_who_filled: bool = False
    """An application went out with an officer beside; the visitor has still to say who filled it in."""
    archivist: str = ""
    """Alias of the officer whose archive this visit is: then it is nobody else's, from its first touch to its end."""
    left_card: bool = False
    left_paper: bool = False
    served: bool = False
    """At the farewell: the visitor came as far as the menu and is still there. Only they are asked for a smile."""
    smiled: int = 0
    """The face touched at the farewell, 1 to 4; 0: none."""
    survey_url: str = field(default="", repr=False)
    """Leads the visitor's phone to the survey; empty without a line, or when it was answered here."""
    ended: bool = False

    @property
    def place(self) -> Place:
        return Place.OFFICER if self.officer.door is not None else self.step_place

    @property
    def step_place(self) -> Place:
        """The visitor's own step, also while an officer unlocks in front of it."""
        if self.journey is not None and not self.suspended and self.stage is Place.MENU:
            return self.journey.place
        return self.stage

    @property
    def practising(self) -> bool:
        """A practice run is under way: every screen says so."""
        return self.journey is not None and self.journey.service == "practice"

    @property
    def dialog(self) -> Dialog | None:
        if self.officer.door is not None:
            return Dialog.TIMEOUT if self.own_dialog is Dialog.TIMEOUT else None
        if self.own_dialog is not None or self.journey is None or self.suspended:
            return self.own_dialog
        return self.journey.dialog

    @property
    def busy(self) -> bool:
        """The way in waits for the reader or the portal; journeys keep their own account of waiting."""
        return any(entry.kind in ON_THE_WAY_IN for entry in self.pending)

    def down(self, device: str) -> str:
        """Why `device` is not usable, or "" when it is."""
        return next((detail or "down" for name, detail in self.devices_down if name == device), "")

    def context(self) -> Context:
        return Context(
            session=self.session,
            settings=self.settings,
            standing=self.standing,
            consented=self.consented,
            online=self.online,
            surveyed=self.surveyed,
            begun=self.begun,
            officer=self.archivist,
        )


_NOTED_OF_OFFICERS = frozenset({"unlock", "lock", "device"})
"""All that the log says of an officer's visit: its steps are no visitor's and would be counted as one."""


class Desk:
    """Collects the effects of one step and hands out request numbers. Local to a step, so the step stays pure."""

    def __init__(self, visit: Visit) -> None:
        self.visit = visit
        self._effects: list[Effect] = []

    def order(self, *orders: Order, journey: bool = False) -> None:
        for order in orders:
            if self.visit.archivist and isinstance(order, Note) and order.word not in _NOTED_OF_OFFICERS:
                continue
            number = self.visit.next_request
            self._effects.append(Effect(self.visit.session, number, order))
            pending = self.visit.pending
            if order.answers:
                pending = (*pending, Pending(number, type(order).__name__, journey, order.pauses_clock))
            self.visit = replace(self.visit, next_request=number + 1, pending=pending)

    def change(self, **fields: object) -> None:
        self.visit = replace(self.visit, **fields)  # pyright: ignore[reportArgumentType] -- checked by the tests' replay

    def forget_person(self) -> None:
        """Drop all that tells who the visitor is. The one list of it: what it leaves out outlives its person."""
        self.change(
            ask_who_filled=False,
            standing=Standing(),
            person=Person(),
            entry=Entry(),
            claim="",
            consented=False,
            whatsapp=False,
        )

    @property
    def effects(self) -> tuple[Effect, ...]:
        return tuple(self._effects)
