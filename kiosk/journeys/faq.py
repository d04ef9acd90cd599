"""Tanya jawab: a question in the visitor's own words, answered from the packs alone, or "Saya belum tahu".

What the packs cannot answer is kept for the office without anything that could name the visitor. An answer leads on to
others; Kembali leads back through them.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from kiosk.flow.editing import edit
from kiosk.flow.events import Back, Backspace, Choose, ClearField, Forward, Key, Signal, Touch, TurnPage
from kiosk.flow.model import Answered, Context, Exit, Journey, Place, Plain, Turn
from kiosk.flow.orders import AskFaq, Hush, KeepQuestion, Note, Order, Speak, SuggestFaq
from kiosk.flow.results import Failed, Suggested, Told, Trouble

if TYPE_CHECKING:
    from kiosk.knowledge.faq import Answer, Question

TYPED_LIMIT = 80
TILES = 4
"""Questions offered at once."""


@dataclass(frozen=True, slots=True)
class Faq(Plain):
    """`offered` are the questions shown as tiles for `offered_for`; `told` is the answer being read, `before` those
    that led to it. `speaks`: this kiosk can read aloud; `speaking`: it does."""

    typed: str = field(default="", repr=False)
    offered: tuple[Question, ...] = ()
    offered_for: str = field(default="", repr=False)
    page: int = 0
    told: Answer | None = None
    before: tuple[Answer, ...] = ()
    speaks: bool = False
    speaking: bool = False
    waiting: str = ""
    trouble: Trouble | None = None

    @property
    def service(self) -> str:
        return "faq"

    @property
    def place(self) -> Place:
        return Place.CHAT if self.told is None else Place.ANSWER

    @property
    def tiles(self) -> tuple[Question, ...]:
        """The questions shown now."""
        if self.told is not None:
            return self.told.follow_ups
        return self.offered[self.page * TILES : (self.page + 1) * TILES]

    @property
    def pages(self) -> int:
        return -(-len(self.offered) // TILES)


def start(context: Context) -> Turn:
    return Turn(Faq(), (SuggestFaq(),))


def step(journey: Journey, event: Touch | Signal | Answered, context: Context) -> Turn:
    assert isinstance(journey, Faq)  # noqa: S101 -- the table pairs them
    match event:
        case Answered("AskFaq", Told(answer)) if journey.waiting:
            return _tell(journey, answer)
        case Answered("AskFaq", Failed(trouble)):
            return Turn(replace(journey, waiting="", trouble=trouble))
        case Answered("SuggestFaq", Suggested(typed, questions, speaks)):
            if typed != journey.typed:
                return Turn(journey)  # typed on meanwhile; a newer answer is under way
            return Turn(replace(journey, offered=questions, offered_for=typed, speaks=speaks, page=0))
        case Answered("SuggestFaq", Failed(trouble)):
            return Turn(replace(journey, trouble=trouble))
        case Answered("Speak", _):
            return Turn(replace(journey, speaking=False))
        case Choose(what) if any(tile.id == what for tile in journey.tiles) and not journey.waiting:
            return _ask(journey, AskFaq(chosen=what))
        case _ if journey.told is not None:
            return _reading(journey, event)
        case _:
            return _typing(journey, event)


def _typing(journey: Faq, event: Touch | Signal | Answered) -> Turn:
    match event:
        case Key() | Backspace() | ClearField():
            typed = edit(journey.typed, event, "text", TYPED_LIMIT)
            if typed == journey.typed:
                return Turn(journey)
            return Turn(replace(journey, typed=typed, trouble=None, waiting=""), (SuggestFaq(typed),))
        case Forward() if journey.typed.strip() and not journey.waiting:
            return _ask(journey, AskFaq(journey.typed))
        case TurnPage() if journey.pages > 1:
            return Turn(replace(journey, page=(journey.page + 1) % journey.pages))
        case Back():
            return Turn(None, exit=Exit.MENU)
        case _:
            return Turn(journey)


def _reading(journey: Faq, event: Touch | Signal | Answered) -> Turn:
    told = journey.told
    assert told is not None  # noqa: S101 -- see `step`
    match event:
        case Choose("speak") if journey.speaks and not journey.speaking:
            texts = (told.question.ask, told.text) if told.question is not None else (told.text,)
            return Turn(replace(journey, speaking=True), (Speak(texts),))
        case Choose("speak") if journey.speaking:
            return Turn(replace(journey, speaking=False), (Hush(),))
        case Forward():
            fresh = Faq(offered=journey.offered, offered_for=journey.offered_for, speaks=journey.speaks)
            return Turn(fresh, (*_quiet(journey), SuggestFaq()))
        case Back() if journey.before:
            before = replace(journey, told=journey.before[-1], before=journey.before[:-1], speaking=False)
            return Turn(before, _quiet(journey))
        case Back():
            return Turn(replace(journey, told=None, speaking=False), _quiet(journey))
        case _:
            return Turn(journey)


def _ask(journey: Faq, order: AskFaq) -> Turn:
    asked = replace(journey, waiting="AskFaq", trouble=None, speaking=False)
    return Turn(asked, (*_quiet(journey), order))


def _tell(journey: Faq, answer: Answer) -> Turn:
    known = answer.question.id if answer.question is not None else "none"
    orders: list[Order] = []
    if answer.kind != "which":  # asked back: what is touched next says what was meant
        orders.append(Note("asked", detail=known, facts=(("how", answer.kind),)))
    if answer.kind in ("stale", "unknown") and journey.told is None and journey.typed.strip():
        orders.append(KeepQuestion("faq", answer.kind, journey.typed))
    before = journey.before if journey.told is None else (*journey.before, journey.told)
    return Turn(replace(journey, told=answer, before=before, waiting=""), tuple(orders))


def _quiet(journey: Faq) -> tuple[Order, ...]:
    return (Hush(),) if journey.speaking else ()
