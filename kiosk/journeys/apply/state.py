"""The state of an application under way."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from kiosk.flow.model import Dialog, Place
from kiosk.flow.orders import Document, SaveDraft
from kiosk.flow.results import Assessed, Band, DraftSaved, Submitted, Trouble

if TYPE_CHECKING:
    from kiosk.knowledge.form import Question, Screen
    from kiosk.knowledge.kbli import Guide, Match
    from kiosk.knowledge.risk import Paper
    from kiosk.knowledge.texts import Text

RESULTS_PER_PAGE = 3
OPTIONS_PER_PAGE = 8
PAGES_PER_DOCUMENT = 12

SCALES = ("mikro", "kecil", "menengah", "besar")


@dataclass(frozen=True, slots=True)
class PageInfo:
    """A captured page: its id, the document it belongs to, and why it is not good (worst first; empty: clear)."""

    page: str
    document: str
    remarks: tuple[str, ...] = ()
    dpi: int = 0


@dataclass(frozen=True, slots=True)
class Apply:
    key: str
    """Idempotency key of the application in the making."""
    purpose: Literal["apply", "ask", "practice"] = "apply"
    place: Place = Place.SEARCH
    waiting: str = ""
    """Class name of the order the screen waits for, or ""."""
    trouble: Trouble | None = None
    query: str = field(default="", repr=False)
    found_for: str = field(default="", repr=False)
    """The query that `matches` answers."""
    matches: tuple[Match, ...] = ()
    guide: Guide | None = None
    """The question to ask instead of showing `matches` alone."""
    narrowed: Guide | None = None
    """The second question, once a group of `guide` was chosen."""
    page: int = 0
    code: str = ""
    bands: tuple[Band, ...] = ()
    capital: str = ""
    """Scale by capital, "" until chosen."""
    sales: str = ""
    """Scale by yearly sales; "new" for a business that has none yet."""
    sheet: Assessed | None = None
    details: bool = False
    """The full requirements with law and date are open on the risk screen."""
    answers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    screen: int = 0
    """Index into `sheet.screens`: one question a screen."""
    focus: str = ""
    choices_page: int = 0
    doubts: tuple[tuple[str, Text], ...] = ()
    """(question id, sentence for under the field) of answers that were refused."""
    document: int = 0
    """Index into `papers`."""
    pages: tuple[PageInfo, ...] = ()
    pages_page: int = 0
    retake: str = ""
    """Page that the next picture replaces."""
    asked_about: str = ""
    """Page the open dialog speaks of."""
    own_dialog: Dialog | None = None
    lamp: bool = False
    counting: int = 0
    """Seconds until the page under the camera takes itself; 0: it does not."""
    by_hand: bool = False
    """The visitor stopped the countdown: pictures are taken by touch from then on."""
    skipped: tuple[str, ...] = ()
    """Documents the visitor does not have with them."""
    editing: bool = False
    """Reached from "Ubah": Lanjut returns to the review."""
    declared: bool = False
    submitted: Submitted | None = None
    saved: DraftSaved | None = None
    paper: str = ""
    """Paper proof: "", "printing", "printed" or a trouble's word."""
    receipt: str = ""
    handle: str = field(default="", repr=False)
    """Of the draft this application continues; "" for one begun here."""

    @property
    def question_now(self) -> Guide | None:
        """The guided question on the search screen."""
        return self.narrowed or self.guide

    @property
    def search_pages(self) -> int:
        question = self.question_now
        if question is not None:
            return -(-len(question.options) // OPTIONS_PER_PAGE)
        return -(-len(self.matches) // RESULTS_PER_PAGE)

    @property
    def service(self) -> str:
        return self.purpose

    @property
    def dialog(self) -> Dialog | None:
        return self.own_dialog

    @property
    def draft(self) -> SaveDraft | None:
        """Worth keeping once the visitor has answered or photographed something, until sent or saved.

        What is being sent lies in the outbox already: a draft of it would be the same application twice.
        """
        if self.waiting == "Submit" or self.submitted is not None or self.saved is not None:
            return None
        if self.purpose == "practice":
            return None
        if not (self.answers or self.pages):
            return None
        return SaveDraft(self.code, self.scale, self.answers, self.documents(), self.handle)

    @property
    def scale(self) -> str:
        """Yearly sales decide for a business that already sells, capital for a new one (PP 7/2021)."""
        return self.sales if self.sales in SCALES else self.capital

    @property
    def screens(self) -> tuple[Screen, ...]:
        return self.sheet.screens if self.sheet else ()

    @property
    def papers(self) -> tuple[Paper, ...]:
        """The documents to lay under the camera, in order: what OSS asks for, then what the office asks for."""
        if self.sheet is None:
            return ()
        given = dict(self.answers)
        required = tuple(paper for paper in self.sheet.requirements.papers if paper.scan)
        return required + tuple(entry.paper for entry in self.sheet.office_papers if entry.asked(given))

    @property
    def paper_now(self) -> Paper | None:
        return self.papers[self.document] if self.document < len(self.papers) else None

    def questions(self) -> tuple[Question, ...]:
        """Questions of the form screen shown now."""
        return self.screens[self.screen].questions if self.screen < len(self.screens) else ()

    def answer(self, question: str) -> str:
        return dict(self.answers).get(question, "")

    def with_answer(self, question: str, value: str) -> Apply:
        answers = {**dict(self.answers), question: value}
        return replace(
            self,
            answers=tuple((key, text) for key, text in answers.items() if text),
            doubts=tuple(entry for entry in self.doubts if entry[0] != question),
            declared=False,
        )

    def pages_of(self, document: str) -> tuple[PageInfo, ...]:
        return tuple(page for page in self.pages if page.document == document)

    def documents(self) -> tuple[Document, ...]:
        """What goes to the portal: every document that has pages, with its pages in order."""
        return tuple(
            Document(paper.id, tuple(page.page for page in self.pages_of(paper.id)))
            for paper in self.papers
            if self.pages_of(paper.id)
        )
