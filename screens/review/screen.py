"""Everything answered, with a way to change each; the declaration; and the button that sends."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING

from kiosk.flow.events import Choose, Toggle
from kiosk.flow.model import Visit
from kiosk.journeys.apply.state import Apply
from screens.application import ApplyScene, Paginator, journey_of
from screens.form.screen import money, shown, steps_of
from screens.theme.look import Look
from screens.theme.tokens import MIN_TARGET, RoleName
from screens.widgets import text
from screens.widgets.buttons import Button, CheckTile
from screens.widgets.cards import Card, Row
from screens.widgets.part import Action, Part

if TYPE_CHECKING:
    from kiosk.knowledge.form import Question
    from kiosk.knowledge.form import Screen as FormScreen


class Declaration(CheckTile):
    """The statement. It shows what the state says; a tap only asks for the change."""

    def __init__(
        self, look: Look, x: float, y: float, w: float, h: float, words: str, on_tap: Action
    ) -> None:
        super().__init__(look, x, y, w, h, words)
        self.on_tap = on_tap

    def tick(self, on: bool) -> None:
        """Draw it ticked or not."""
        if on != self.on:
            self._flip()


class Answers(Part):
    """The card of answers: each row with its button, as close as the smallest target allows, so that all of an
    ordinary application stands on one screen."""

    EDGE = 16.0
    PAD = 38.0
    GAP = 12.0

    def __init__(
        self, look: Look, x: float, y: float, w: float, rows: Sequence[Row], *, title: str | None = None
    ) -> None:
        super().__init__(look, x, y, w, 0)
        del title  # the screen's own title says it
        card = self.add(Card(look, x, y, w, 10))
        top = y + self.EDGE
        for index, row in enumerate(rows):
            if index:
                self.pen_line(card, top)
            top += self._row(card, row, top + 2)
        self.h = top - y + self.EDGE
        card.stretch(self.h)

    def pen_line(self, card: Card, y: float) -> None:
        card.pen.rect(self.look.palette.line, self.x + self.PAD, y, self.w - 2 * self.PAD, 2)

    def _row(self, card: Card, row: Row, y: float) -> float:
        look, palette = self.look, self.look.palette
        label = row.button or ""
        icon = row.button_icon if self.w > 700 else None
        wide = max(88.0, text.width_of(look, label, "button_small") + (116 if icon else 52))
        room = self.w - 2 * self.PAD - wide - 24
        words: list[tuple[str, RoleName, str]] = []
        if row.caption:
            words.append((row.caption, "small", palette.ink2))
        words.append((row.value, "tile_small", palette.ink))
        if row.sub:
            words.append((row.sub, "small", palette.ink2))
        tall = sum(text.height_of(look, said, role, room) for said, role, _ in words)
        need = max(tall, float(MIN_TARGET)) + self.GAP
        cursor = y + (need - tall) / 2
        for said, role, code in words:
            cursor += card.pen.text(said, role, self.x + self.PAD, cursor, room, code=code).height
        right = self.x + self.w - self.PAD
        self.add(
            Button(
                look, right - wide, y + (need - MIN_TARGET) / 2, wide, MIN_TARGET, label, row.on_tap,
                icon=icon, role="button_small", pad=14,
            )
        )  # fmt: skip
        return need + 2


class Review(ApplyScene):
    horizon = 430

    @classmethod
    def key(cls, visit: Visit) -> Hashable:
        journey = journey_of(visit)
        return (
            journey.code,
            journey.scale,
            journey.answers,
            journey.pages,
            journey.skipped,
            journey.trouble,
            visit.online,
        )

    def build(self) -> None:
        journey = self.journey
        total = steps_of(journey)
        self.page = 0
        self.head(
            self.say("review.title"),
            step=self.say("review.step", n=total, m=total),
            sentence=self.say("review.sentence"),
            stepper=(total, total),
        )
        self._nav(journey)
        if journey.trouble is not None:
            self.trouble_notice(journey.trouble)
        elif not self.visit.online:
            self.notice(self.say("review.offline"), "amber", "wifi-slash")
        self._declaration(journey)
        self._cards: list[Part] = []
        self._lay_out(journey)
        self._draw()

    # ---- what stays
    def _nav(self, journey: Apply) -> None:
        if self.nav_row is not None:
            self.remove(self.nav_row)
        busy = journey.waiting
        row = self.nav(
            [
                self.back(),
                self.save(),
                self.forward(self.say("review.send"), "send", enabled=journey.declared),
            ]
        )
        row.buttons[1].set_busy(busy == "SaveDraft")
        row.buttons[2].set_busy(busy == "Submit")

    def _declaration(self, journey: Apply) -> None:
        """The statement at the foot of the content, and under it what is missing to send."""
        look = self.look
        words = self.say("review.first")
        reason_h = text.height_of(look, words, "small", self.width) + 12
        action = self.sends(Toggle("declare"))
        statement = self.say("review.declare")
        least = 120.0 if look.landscape else 136.0
        high = Declaration(look, 0, 0, self.width, least, statement, action).h
        y = self.shore.end - reason_h - high
        self.declaration = self.add(Declaration(look, self.left, y, self.width, least, statement, action))
        self.declaration.tick(journey.declared)
        self._reason = self.pen.text(
            words, "small", self.left, self.declaration.bottom + 12, self.width, code=look.palette.ink2, keep=True
        )  # fmt: skip
        self._reason.tint(alpha=0.0 if journey.declared else 1.0)
        self._end = y - 20

    def update(self, visit: Visit) -> None:
        journey, old = journey_of(visit), self.journey
        self.declaration.tick(journey.declared)
        self._reason.tint(alpha=0.0 if journey.declared else 1.0)
        if (journey.declared, journey.waiting) != (old.declared, old.waiting):
            self._nav(journey)

    # ---- the answers
    def _lay_out(self, journey: Apply) -> None:
        rows = self._rows(journey)
        self._columns = 2 if self.look.landscape and not self.look.large else 1
        gap = 20.0
        self._wide = (self.width - gap * (self._columns - 1)) / self._columns
        room = self._end - self.shore.y
        paginator = Paginator(self.look, self._wide, [("", tuple(rows))], card=Answers)
        self._pages = paginator.pages(room)
        if len(self._pages) > self._columns:
            self._pages = paginator.pages(room - 92 - 20)
        self._count = -(-len(self._pages) // self._columns)

    def turn(self) -> None:
        """The next page of answers; after the last comes the first."""
        self.page = (self.page + 1) % self._count
        self._draw()

    def _draw(self) -> None:
        for card in self._cards:
            self.remove(card)
        self._cards = []
        first = self.page * self._columns
        for column, sections in enumerate(self._pages[first : first + self._columns]):
            x = self.left + column * (self._wide + 20)
            for _, rows in sections:
                self._cards.append(self.add(Answers(self.look, x, self.shore.y, self._wide, rows)))
        if self._count > 1:
            words = self.say("review.more", n=self.page + 1, m=self._count)
            button = Button(
                self.look, self.left, self._end - 92, self.width, 92, words, self.turn, icon="next", icon_at="right",
                role="tile_small",
            )  # fmt: skip
            self._cards.append(self.add(button))

    def _rows(self, journey: Apply) -> list[Row]:
        rows = [self._business(journey)]
        rows += [self._answers(journey, screen) for screen in journey.screens]
        if journey.papers:
            rows.append(self._papers(journey))
        return rows

    def _row(self, what: str, caption: str, value: str, sub: str | None = None) -> Row:
        return Row(
            value,
            caption=caption,
            sub=sub,
            button=self.say("review.edit"),
            button_icon="edit",
            on_tap=self.sends(Choose(f"edit:{what}")),
        )

    def _business(self, journey: Apply) -> Row:
        title = journey.sheet.title if journey.sheet else ""
        band = next((band for band in journey.bands if band.scale == journey.scale), None)
        scale = self.text(band.label) if band else journey.scale.capitalize()
        value = self.say("review.code", title=title, code=journey.code, scale=scale)
        return self._row("kbli", self.say("review.business"), value)

    def _answers(self, journey: Apply, screen: FormScreen) -> Row:
        """Labels joined above, answers joined below, as one would say them."""
        questions = screen.questions
        said = [self._said(journey, question) for question in questions]
        joiner = f" {self.say('review.and')} "
        labels = [self.text(question.label) for question in questions]
        caption = joiner.join([labels[0], *(_lower(label) for label in labels[1:])])
        places = any(question.kind in ("text", "choice") for question in questions)
        if places:
            said.reverse()  # the street before the district, as an address is written
        return self._row(screen.id, caption, (", " if places else joiner).join(said))

    def _said(self, journey: Apply, question: Question) -> str:
        answer = journey.answer(question.id)
        if not answer:
            return self.say("review.missing")
        words = shown(question, answer, self.visit.language)
        return f"{words} {self.text(question.unit)}" if question.unit and not money(question) else words

    def _papers(self, journey: Apply) -> Row:
        documents = journey.documents()
        pages = sum(len(document.pages) for document in documents)
        value = (
            self.say("review.papers_count", papers=len(documents), pages=pages)
            if documents
            else self.say("review.papers_none")
        )
        later = [self.text(paper.label) for paper in journey.papers if not journey.pages_of(paper.id)]
        sub = self.say("review.papers_later", names=", ".join(later)) if later else None
        return self._row("papers", self.say("review.papers"), value, sub)


def _lower(label: str) -> str:
    return label if label[:2].isupper() else label[:1].lower() + label[1:]
