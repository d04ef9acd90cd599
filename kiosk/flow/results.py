"""Answers to orders, in the flow's own words.

`kiosk.effects` translates what drivers and portal say into these; nothing here knows a device or a protocol. Every
answer can be `Failed` with a word from `Trouble`, so each place can say what still works.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from kiosk.flow.archive_results import ArchiveResult

if TYPE_CHECKING:
    # Types only: the packs behind them load after the first picture is on screen.
    from kiosk.knowledge.faq import Answer
    from kiosk.knowledge.faq import Question as Known
    from kiosk.knowledge.form import Screen
    from kiosk.knowledge.kbli import Guide, Match
    from kiosk.knowledge.lessons import Lesson
    from kiosk.knowledge.lkpm import Due
    from kiosk.knowledge.office import OfficePaper
    from kiosk.knowledge.risk import Requirements
    from kiosk.knowledge.survey import ProfileQuestion, Question
    from kiosk.knowledge.texts import Source, Text


class Trouble(StrEnum):
    OFFLINE = "offline"
    SLOW = "slow"
    SERVER = "server"
    REFUSED = "refused"
    INVALID = "invalid"
    FORBIDDEN = "forbidden"
    TOO_MANY = "too_many"
    NOT_FOUND = "not_found"
    WRONG_CODE = "wrong_code"
    CODE_EXPIRED = "code_expired"
    NO_READER = "no_reader"
    NO_CARD = "no_card"
    NOT_KTP = "not_ktp"
    REMOVED = "removed"
    UNREADABLE = "unreadable"
    BUSY = "busy"
    SERVICE_DOWN = "service_down"
    SAM_MISSING = "sam_missing"
    NO_CAMERA = "no_camera"
    CAMERA_GONE = "camera_gone"
    NO_FACE = "no_face"
    """No e-KTP, or no number on it, in the camera's picture."""
    FACE_UNSURE = "face_unsure"
    """The two readers of the card's face did not agree, or the number cannot be one."""
    TOO_LARGE = "too_large"
    PAPER_OUT = "paper_out"
    COVER_OPEN = "cover_open"
    PRINTER_SILENT = "printer_silent"
    PRINTED_UNKNOWN = "printed_unknown"
    DISK_FULL = "disk_full"
    INTERNAL = "internal"


@dataclass(frozen=True, slots=True)
class Failed:
    trouble: Trouble
    tries_left: int = 0
    fields: tuple[str, ...] = ()
    """Names of the fields the portal refused, for INVALID."""


@dataclass(frozen=True, slots=True)
class Done:
    pass


@dataclass(frozen=True, slots=True)
class CardRead:
    """`assurance` as in `hardware.card.port.Assurance`; `handle` names the claim kept by the effects room, so that the
    UID itself never enters the state."""

    insertion: int
    assurance: int
    handle: str = field(repr=False, default="")
    nik: str = field(repr=False, default="")
    name: str = field(repr=False, default="")
    sex: str = field(repr=False, default="")


@dataclass(frozen=True, slots=True)
class FaceSeen:
    """What two readers saw on the face of an e-KTP under the camera. Each field: (text, the two agreed)."""

    numbers: tuple[str, ...] = field(repr=False)
    name: tuple[str, bool] = field(repr=False, default=("", False))
    birth: tuple[str, bool] = field(repr=False, default=("", False))
    address: tuple[str, bool] = field(repr=False, default=("", False))


@dataclass(frozen=True, slots=True)
class RegionKnown:
    known: bool


@dataclass(frozen=True, slots=True)
class CodeSent:
    """The same answer whether the identity is known or not."""

    masked_phone: str
    lives_seconds: int
    sends_left: int = 0


@dataclass(frozen=True, slots=True)
class Proved:
    """The portal believes it. `known` False: the phone typed now, bound to a new application only."""

    known: bool
    name: str = field(repr=False, default="")
    sex: str = field(repr=False, default="")
    phone_masked: str = ""
    processing: tuple[tuple[str, str], ...] = field(repr=False, default=())
    """(Indonesian, English) per application under way ("Menunggu Dinas Lingkungan Hidup, hari ke-5 dari 7")."""


@dataclass(frozen=True, slots=True)
class Matches:
    """`guide` is a question to ask first, when the words or the old code can mean many businesses."""

    query: str
    found: tuple[Match, ...]
    guide: Guide | None = None


@dataclass(frozen=True, slots=True)
class Suggested:
    """Known questions to offer for `typed`. `speaks`: this kiosk has a voice for the visitor's language."""

    typed: str = field(repr=False)
    questions: tuple[Known, ...]
    speaks: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """What the packs say, or that they do not know."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class LkpmTold:
    """`due` is None for a scale that does not file, and while the clock is known to be wrong (`dated` False).
    `reminder` is the calendar event in Indonesian and English, empty without a date."""

    scale: str
    who: Text
    asked: tuple[Text, ...]
    source: Source
    due: Due | None
    dated: bool = True
    reminder: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class Band:
    """One scale to choose: `scale` is "mikro" …, the ranges say its capital and its yearly sales in words."""

    scale: str
    label: Text
    capital: Text
    sales: Text


@dataclass(frozen=True, slots=True)
class Bands:
    bands: tuple[Band, ...]


@dataclass(frozen=True, slots=True)
class Assessed:
    code: str
    title: str
    scale: str
    requirements: Requirements
    screens: tuple[Screen, ...]
    """Of the form, one question each."""
    office_papers: tuple[OfficePaper, ...] = ()


@dataclass(frozen=True, slots=True)
class CameraOpen:
    pass


@dataclass(frozen=True, slots=True)
class CodeSeen:
    """A draft's QR lay under the camera; `handle` empty: none within the time given."""

    handle: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class DraftFound:
    """`scale` is "mikro" … or empty; `answers` are dots when `masked`; `until` an ISO date."""

    kbli: str
    scale: str
    answers: tuple[tuple[str, str], ...] = field(repr=False)
    masked: bool
    until: str


@dataclass(frozen=True, slots=True)
class PictureTaken:
    """`page` is an id; the picture stays with the effects room. `remarks` as in `hardware.camera.port.Remark`."""

    page: str
    remarks: tuple[str, ...]
    dpi: int = 0
    repeats: str = ""
    """Id of an earlier page that looks the same, or empty."""


@dataclass(frozen=True, slots=True)
class Submitted:
    """`number` is the portal's; with `provisional` it is this kiosk's own until the line is back."""

    number: str
    url: str
    at: str
    estimate: str = ""
    provisional: bool = False
    case: str = ""
    """Its random name in the event log."""


@dataclass(frozen=True, slots=True)
class DraftSaved:
    """`until` is an ISO date, empty while the clock is known to be wrong. `waiting`: in this kiosk until the line is
    back; the QR is good from then on."""

    url: str
    until: str
    waiting: bool = False


@dataclass(frozen=True, slots=True)
class NumberTaken:
    number: str
    service: str
    ahead: int
    about: str
    """"09.45", when the number is probably called; empty when unknown."""
    url: str
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class Printed:
    pass


@dataclass(frozen=True, slots=True)
class StatusStep:
    """One line of the timeline. `state`: done, now, ahead or late. `parallel` groups technical approvals."""

    title_id: str
    title_en: str
    detail_id: str
    detail_en: str
    state: str
    days_id: str = ""
    days_en: str = ""
    parallel: bool = False


@dataclass(frozen=True, slots=True)
class Status:
    number: str
    headline_id: str
    headline_en: str
    day: int
    days: int
    steps: tuple[StatusStep, ...]
    title: str = field(repr=False, default="")
    """The business's name; only for a visitor who proved to be the owner."""


@dataclass(frozen=True, slots=True)
class StatusFound:
    applications: tuple[Status, ...]


@dataclass(frozen=True, slots=True)
class LessonsLoaded:
    lessons: tuple[Lesson, ...]


@dataclass(frozen=True, slots=True)
class SurveyLoaded:
    """The questions in the order they are asked; `version` names the wording, for the portal."""

    version: str
    questions: tuple[Question, ...]
    profile: tuple[ProfileQuestion, ...] = ()
    """What may be told about oneself afterwards."""


@dataclass(frozen=True, slots=True)
class SurveyInvited:
    """`url` leads a phone to the survey, once."""

    url: str


@dataclass(frozen=True, slots=True)
class OfficerSeen:
    """A card signed our challenge. `known`: its key is in the officers file."""

    insertion: int
    known: bool


@dataclass(frozen=True, slots=True)
class Unlocked:
    """PIN and second proof were right, and the role may assist. `failed`: wrong tries before."""

    alias: str
    name: str = field(repr=False)
    counter: str = ""
    failed: int = 0
    duty: str = "assist"


@dataclass(frozen=True, slots=True)
class UnlockRefused:
    """`word` as in `kiosk.store.officers.Refused`."""

    word: str
    seconds: int = 0
    left: int = 0


@dataclass(frozen=True, slots=True)
class Ringing:
    pass


@dataclass(frozen=True, slots=True)
class LeftBehind:
    card: bool
    paper: bool


Result = (
    Failed
    | Done
    | CardRead
    | FaceSeen
    | RegionKnown
    | CodeSent
    | Proved
    | Matches
    | Suggested
    | Told
    | LkpmTold
    | Bands
    | Assessed
    | CameraOpen
    | CodeSeen
    | DraftFound
    | PictureTaken
    | Submitted
    | DraftSaved
    | NumberTaken
    | Printed
    | StatusFound
    | LessonsLoaded
    | SurveyLoaded
    | SurveyInvited
    | OfficerSeen
    | Unlocked
    | UnlockRefused
    | Ringing
    | LeftBehind
    | ArchiveResult
)
