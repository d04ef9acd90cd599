"""What a visit can ask the world to do.

A journey returns plain orders; the envelope stamps each with session id and request id and so makes it an `Effect`.
Orders are data: `kiosk.effects` carries them out. Fields with personal content stay out of `repr`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Literal

if TYPE_CHECKING:
    from kiosk.knowledge.texts import Text

Means = Literal["nik", "nib", "phone", "card", "draft"]
EndReason = Literal["done", "left", "timeout"]


@dataclass(frozen=True, slots=True)
class Order:
    answers: ClassVar[bool] = True
    """Whether a reply is waited for."""
    pauses_clock: ClassVar[bool] = False
    """Whether the session clock stands still until the reply."""
    head_start: ClassVar[float] = 0.0
    """Seconds that the next picture may wait so that this order gets away first: while a new screen is built and slides
    in, little else runs in the process, and somebody stands before the ticket slot."""


@dataclass(frozen=True, slots=True)
class ReadCard(Order):
    pauses_clock: ClassVar[bool] = True
    insertion: int = 0


@dataclass(frozen=True, slots=True)
class PrepareFace(Order):
    """Have the readers of the card's face ready: they take seconds to load, and memory only while they are wanted."""

    answers: ClassVar[bool] = False


@dataclass(frozen=True, slots=True)
class ReadFace(Order):
    """Photograph the e-KTP under the camera and read its face."""

    pauses_clock: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class ReleaseFace(Order):
    answers: ClassVar[bool] = False


@dataclass(frozen=True, slots=True)
class SendCode(Order):
    """Ask the portal to send a one-time code for what was typed, or to the phone typed now."""

    means: Means
    value: str = field(repr=False)
    phone: str = field(default="", repr=False)
    """For a draft: the phone typed with it, which must be the draft's own unless the draft has none yet."""


@dataclass(frozen=True, slots=True)
class KnowRegion(Order):
    """Whether there is a district with these first six digits of a typed NIK."""

    district: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class CheckCode(Order):
    code: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ProveByReader(Order):
    """SAM with fingerprint: the reader's own proof instead of a code."""

    nik: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ForgetIdentity(Order):
    """Consent was refused, the person is another one or leaves: drop the card's claim and the portal's token, also at
    the portal."""

    answers: ClassVar[bool] = False


@dataclass(frozen=True, slots=True)
class RecordConsent(Order):
    answers: ClassVar[bool] = False
    version: str
    whatsapp: bool


@dataclass(frozen=True, slots=True)
class SearchKbli(Order):
    query: str


@dataclass(frozen=True, slots=True)
class SuggestFaq(Order):
    """The known questions nearest to what is typed so far; those offered first when nothing is."""

    typed: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class AskFaq(Order):
    """What the packs say to a typed question, or to a known one chosen by its id."""

    typed: str = field(default="", repr=False)
    chosen: str = ""


@dataclass(frozen=True, slots=True)
class KeepQuestion(Order):
    """For the office's weekly list. What could name a person is taken out on the way; no visit is tied to it."""

    answers: ClassVar[bool] = False
    about: Literal["faq", "kbli"]
    why: Literal["unknown", "stale", "nothing_found"]
    typed: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Speak(Order):
    """Read these texts aloud in the visitor's language; answered when it is done."""

    texts: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Hush(Order):
    """Stop reading aloud."""

    answers: ClassVar[bool] = False


@dataclass(frozen=True, slots=True)
class LoadLkpm(Order):
    """Whether and when a business of this scale files its next LKPM."""

    scale: str


@dataclass(frozen=True, slots=True)
class LoadBands(Order):
    """The capital and sales thresholds of the four scales, from the dated pack."""


@dataclass(frozen=True, slots=True)
class AssessRisk(Order):
    """Risk, documents and questions for a KBLI code at a scale ("mikro" …)."""

    code: str
    scale: str


@dataclass(frozen=True, slots=True)
class OpenCamera(Order):
    pass


@dataclass(frozen=True, slots=True)
class CloseCamera(Order):
    answers: ClassVar[bool] = False


@dataclass(frozen=True, slots=True)
class TakePicture(Order):
    pass


@dataclass(frozen=True, slots=True)
class LookForCode(Order):
    """Wait until the QR of a draft lies under the open camera, a minute at most."""

    pauses_clock: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class LoadDraft(Order):
    """What was kept under this handle; masked unless this visit proved a right to it."""

    handle: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class DropPage(Order):
    answers: ClassVar[bool] = False
    page: str


@dataclass(frozen=True, slots=True)
class SetLamp(Order):
    answers: ClassVar[bool] = False
    on: bool


@dataclass(frozen=True, slots=True)
class Document:
    """One document of an application: its kind and its pages in order (ids of captured pages)."""

    kind: str
    pages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Submit(Order):
    """File the application: data first, documents after, both safe in the outbox before the first byte leaves."""

    kbli: str
    scale: str
    answers_given: tuple[tuple[str, str], ...] = field(repr=False)
    documents: tuple[Document, ...]
    key: str
    """Idempotency key; the same for every try of this application."""
    draft: str = field(default="", repr=False)
    """Handle of the draft it grew from, which is gone once it is filed; or empty."""


@dataclass(frozen=True, slots=True)
class SaveDraft(Order):
    kbli: str
    scale: str
    answers_given: tuple[tuple[str, str], ...] = field(repr=False)
    documents: tuple[Document, ...]
    replaces: str = field(default="", repr=False)
    """Handle of the draft that was continued and is to be kept under the same QR; or empty."""


@dataclass(frozen=True, slots=True)
class TakeNumber(Order):
    head_start: ClassVar[float] = 0.005
    service: str
    key: str


@dataclass(frozen=True, slots=True)
class PrintTicket(Order):
    pauses_clock: ClassVar[bool] = True
    head_start: ClassVar[float] = 0.06
    kind: Literal["queue", "receipt", "bring_list", "draft", "separator"]
    about: tuple[tuple[str, str], ...]
    """Words for the layout (number, service, url …); by contract nothing personal."""
    key: str


@dataclass(frozen=True, slots=True)
class SendReceipt(Order):
    number: str


@dataclass(frozen=True, slots=True)
class LoadLessons(Order):
    """The micro-lessons, from the dated pack."""


@dataclass(frozen=True, slots=True)
class LoadSurvey(Order):
    """The questions of the satisfaction survey, from the dated pack."""


@dataclass(frozen=True, slots=True)
class SendSurvey(Order):
    """Answers of the satisfaction survey: element ("u1" to "u9") and 1 (worst) to 4. Carried out without any link to
    the visit: no token, no session, a random key."""

    version: str
    scores: tuple[tuple[str, int], ...] = field(repr=False)
    profile: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    """("age", "older") …: what was told about oneself, in the pack's words."""


@dataclass(frozen=True, slots=True)
class KeepSmile(Order):
    """One face touched at the farewell, 1 (worst) to 4. Counted apart from the survey, and tied to nobody."""

    answers: ClassVar[bool] = False
    score: int = field(repr=False)


@dataclass(frozen=True, slots=True)
class InviteSurvey(Order):
    """Ask the portal for a page on which this visitor's phone may answer the survey once. Without any link to the
    visit, as `SendSurvey`."""


@dataclass(frozen=True, slots=True)
class FetchStatus(Order):
    """`number` empty: the visitor's own applications."""

    number: str = ""


@dataclass(frozen=True, slots=True)
class ProveOfficer(Order):
    """Have the card of this insertion sign a fresh challenge: is it an officer's?"""

    insertion: int


@dataclass(frozen=True, slots=True)
class Unlock(Order):
    """Check an officer's PIN together with their card (`insertion`, asked anew) or their number and one-time code."""

    number: str = field(repr=False)
    pin: str = field(repr=False)
    code: str = field(repr=False)
    insertion: int = 0
    duty: Literal["assist", "archive"] = "assist"


@dataclass(frozen=True, slots=True)
class RingOfficer(Order):
    place: str


@dataclass(frozen=True, slots=True)
class StopRinging(Order):
    answers: ClassVar[bool] = False


@dataclass(frozen=True, slots=True)
class LookAround(Order):
    """At the end: is a card on the reader or a paper under the camera?"""

    camera_used: bool


@dataclass(frozen=True, slots=True)
class Sound(Order):
    """`beep` card read · `chime` time is running out · `say` speak the text key aloud."""

    answers: ClassVar[bool] = False
    kind: Literal["beep", "chime", "say", "trouble"]
    text: str = ""


@dataclass(frozen=True, slots=True)
class Note(Order):
    """A line for the event log: words from `kiosk.flow.model`, never identity."""

    answers: ClassVar[bool] = False
    word: str
    place: str = ""
    detail: str = ""
    facts: tuple[tuple[str, str | int], ...] = ()
    """Further fields the vocabulary (`kiosk.insight.vocabulary`) gives the word."""
    of_visit: bool = True
    """False: written without the visit's name; an officer's own work is no visit to be counted."""


@dataclass(frozen=True, slots=True)
class CancelRequests(Order):
    """Stop what is under way for a journey that was left."""

    answers: ClassVar[bool] = False
    requests: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class EndVisit(Order):
    """The process forgets by exiting, after what was ordered to be saved is safe in the store."""

    answers: ClassVar[bool] = False
    reason: EndReason


@dataclass(frozen=True, slots=True)
class Effect:
    """An order with the two ids that its reply must carry."""

    session: str
    request: int
    order: Order
