"""One question a screen, at most two fields: a keyboard, a number pad or tiles for the field that has the focus."""

from __future__ import annotations

import re
from collections.abc import Hashable
from typing import TYPE_CHECKING

from kiosk.flow.events import Backspace, Choose, Focus, Forward, Key, TurnPage
from kiosk.flow.model import Visit
from kiosk.journeys.apply.form import focused
from kiosk.journeys.apply.state import Apply
from screens.application import ApplyScene, amount, journey_of
from screens.frame import Make
from screens.widgets.buttons import Tile
from screens.widgets.fields import Field, FieldState
from screens.widgets.keys import BACKSPACE, ENTER, Keyboard, Keypad
from screens.widgets.status import Banner

if TYPE_CHECKING:
    from kiosk.knowledge.form import Question

KEYBOARD_HEIGHT = 480.0
TILE = 108.0
_NUMBERS = ("number", "area")


def steps_of(journey: Apply) -> int:
    """Screens of the form, the papers if any, and the review."""
    return len(journey.screens) + (1 if journey.papers else 0) + 1


def money(question: Question) -> bool:
    return question.unit is not None and question.unit.id == "Rp"


def shown(question: Question, answer: str, language: str) -> str:
    """An answer as it is read: the label of a choice, a number in threes, rupiah with Rp; without its unit."""
    if question.kind == "choice":
        return next((one.label.get(language) for one in question.choices if one.value == answer), answer)
    if question.kind in _NUMBERS:
        return ("Rp" if money(question) and answer else "") + amount(language, answer)
    return answer


def together(words: str) -> str:
    """A sum stays on one line: "6 m × 8 m = 48 m²"."""
    return re.sub(r"(?<=[\d×=m²]) (?=[\d×=m])", "\u00a0", words)


class PickField(Field):
    """A field that is answered with tiles: no caret, since nothing is typed."""

    def become(self, state: FieldState) -> None:
        super().become(state)
        self._caret.tint(alpha=0.0)


class Form(ApplyScene):
    horizon = 436

    @classmethod
    def key(cls, visit: Visit) -> Hashable:
        journey = journey_of(visit)
        question = focused(journey)
        choices = tuple(journey.answer(one.id) for one in journey.questions() if one.kind == "choice")
        return (
            journey.code,
            journey.scale,
            journey.screen,
            question.id if question else "",
            journey.choices_page,
            choices,
            journey.doubts,
            journey.trouble,
        )

    def build(self) -> None:
        journey, look = self.journey, self.look
        screen = journey.screens[journey.screen]
        number, total = journey.screen + 1, steps_of(journey)
        self.head(
            self.text(screen.title),
            step=self.say("form.step", n=number, m=total, step=self.text(screen.step)),
            stepper=(number, total),
            role="title_small" if look.text_step > 1.1 else "title",
        )
        row = self.nav([self.back(), self.save(), self.forward()])
        self._save_button = row.buttons[1]
        self._save_button.set_busy(journey.waiting == "SaveDraft")
        self.trouble_notice(journey.trouble)
        self.asked = focused(journey)
        self.fields: dict[str, Field] = {}
        questions = screen.questions
        alone = len(questions) == 1 and questions[0].kind == "choice"
        if alone:
            self._doubt(questions[0])
        else:
            self._fields(questions)
        if self.asked is None:
            return
        if self.asked.kind == "choice":
            self._choices(self.asked, alone=alone)
        elif self.asked.kind == "text":
            self._keyboard()
        else:
            self._keypad(self.asked)

    # ---- fields
    def _fields(self, questions: tuple[Question, ...]) -> None:
        look = self.look
        beside = len(questions) == 2 and (
            look.landscape
            or (not look.large and all(one.kind in _NUMBERS and not money(one) for one in questions))
        )
        gap = 20.0
        wide = (self.width - gap) / 2 if beside else self.width
        y, lowest = self.shore.y, self.shore.y
        for index, question in enumerate(questions):
            x = self.left + (wide + gap) * index if beside else self.left
            field = self.add(self._field(question, x, y, wide))
            self.fields[question.id] = field
            lowest = max(lowest, field.bottom)
            if not beside:
                y = field.bottom + 20
        self.shore.y = lowest + 20

    def _field(self, question: Question, x: float, y: float, w: float) -> Field:
        journey = self.journey
        doubt = dict(journey.doubts).get(question.id)
        unit = self.text(question.unit) if question.unit and not money(question) else None
        kind = PickField if question.kind == "choice" else Field
        field = kind(
            self.look, x, y, w, self.text(question.label), "", self.sends(Focus(question.id)), unit=unit,
            state="error" if doubt else "rest", error=self.text(doubt) if doubt else None,
            h=124 if not self.look.landscape else 104,
        )  # fmt: skip
        if not doubt:
            field.become(self._state(question, journey))
        field.say(shown(question, journey.answer(question.id), self.visit.language))
        return field

    def _state(self, question: Question, journey: Apply) -> FieldState:
        from kiosk.knowledge.form import problem

        if self.asked is not None and question.id == self.asked.id:
            return "active"
        answer = journey.answer(question.id)
        return "valid" if answer and problem(question, answer) is None else "rest"

    def _doubt(self, question: Question) -> None:
        doubt = dict(self.journey.doubts).get(question.id)
        if doubt is not None:
            self.notice(self.text(doubt), "brick", "warning-circle")

    def update(self, visit: Visit) -> None:
        journey = journey_of(visit)
        for question in journey.questions():
            field = self.fields.get(question.id)
            if field is not None:
                field.say(shown(question, journey.answer(question.id), visit.language))
        self._save_button.set_busy(journey.waiting == "SaveDraft")

    # ---- what one answers with
    def _hint(self, room: float) -> None:
        """The banner under the fields, when there is room for it."""
        question = self.asked
        assert question is not None  # noqa: S101 -- build asked
        words = together(self.text(self.journey.screens[self.journey.screen].hint))
        if question.kind == "text":
            words += "\n" + self.say("form.example", example=self.text(question.example))
        for said in (words, words.partition("\n")[0]):
            banner = Banner(self.look, self.left, self.shore.y, self.width, said, icon="hint")
            if banner.h + 24 <= room:
                self.add(banner)
                self.shore.y = banner.bottom + 24
                return

    def _keyboard(self) -> None:
        wide = 1016.0
        x = self.left + (self.width - wide) / 2
        y = self.shore.end - KEYBOARD_HEIGHT
        self._hint(y - self.shore.y + 4)
        self.add(Keyboard(self.look, x, y, self._key, w=wide, action="next", signs=True))

    def _keypad(self, question: Question) -> None:
        gap = 14.0
        best = 96.0 if self.look.landscape else 148.0
        self._hint(self.shore.room - 4 * min(best, 112.0) - 3 * gap)
        high = max(88.0, min(best, (self.shore.room - 3 * gap) / 4))
        extra = "000" if money(question) else ""
        self.shore.put(Keypad, self._key, extra=extra, key_h=high, gap=gap)

    def _key(self, sends: str) -> None:
        if sends == BACKSPACE:
            self.send(Backspace())
        elif sends == ENTER:
            self.send(Forward())
        else:
            for sign in sends:
                self.send(Key(sign))

    def _choices(self, question: Question, *, alone: bool) -> None:
        look, journey = self.look, self.journey
        self._hint(self.shore.room - 4 * (TILE + 16))
        columns = 1 if look.large or (alone and len(question.choices) <= 5 and not look.landscape) else 2
        high = 128.0 if alone and not look.landscape else TILE
        answer = journey.answer(question.id)
        tallest = max(
            self._choice(question, index, answer)(0, 0, (self.width - 18 * (columns - 1)) / columns, high).h
            for index in range(len(question.choices))
        )
        rows = max(1, int((self.shore.room + 16) // (tallest + 16)))
        slots = rows * columns
        count = len(question.choices)
        if count <= slots:
            indices, pages = list(range(count)), 1
        else:
            each = max(1, slots - 1)
            pages = -(-count // each)
            page = journey.choices_page % pages
            indices = list(range(page * each, min(count, (page + 1) * each)))
        makes = [self._choice(question, index, answer) for index in indices]
        if pages > 1:
            makes.append(self._more(journey.choices_page % pages + 1, pages))
        self.shore.grid(makes, tallest, columns=columns)

    def _choice(self, question: Question, index: int, answer: str) -> Make:
        choice = question.choices[index]
        chosen = choice.value == answer

        def make(x: float, y: float, w: float, h: float) -> Tile:
            tile = Tile(
                self.look, x, y, w, h, self.text(choice.label), self.sends(Choose(choice.value)),
                icon="done" if chosen else "circle", fill_icon=chosen, icon_size=48,
            )  # fmt: skip
            tile.choose(on=chosen)
            return tile

        return make

    def _more(self, page: int, pages: int) -> Make:
        return lambda x, y, w, h: Tile(
            self.look, x, y, w, h, self.say("form.more", n=page, m=pages), self.sends(TurnPage()),
            icon="more", icon_size=48, skin="soft",
        )  # fmt: skip
