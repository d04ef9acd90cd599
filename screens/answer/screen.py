"""An answer of the packs, word for word, with its law, article and the day it was checked; or that it is not known.

Nothing here is written by the kiosk itself. What is past its review date is not shown: the screen says that the office
must check it.
"""

from __future__ import annotations

from collections.abc import Hashable

from kiosk.flow.events import CallOfficer, Choose
from kiosk.flow.model import Visit
from kiosk.knowledge.faq import Answer as Told
from kiosk.knowledge.faq import Question
from kiosk.knowledge.texts import NEEDS_CHECK, Source
from screens.application import PackScene
from screens.chat.screen import journey_of
from screens.theme.tokens import RoleName
from screens.widgets import text
from screens.widgets.buttons import Button, Tile
from screens.widgets.cards import Card
from screens.widgets.helpbar import NavItem

NOT_REVIEWED = "belum ditinjau kantor"
GAP = 16
_LEAD_HEIGHT = 300.0
"""Longer answers are set smaller, so that the questions that lead on stay on the screen."""


class Answer(PackScene):
    horizon = 340

    @classmethod
    def key(cls, visit: Visit) -> Hashable:
        journey = journey_of(visit)
        return (journey.told, journey.speaks, journey.speaking)

    def build(self) -> None:
        journey = journey_of(self.visit)
        told = journey.told
        assert told is not None  # noqa: S101 -- shown once something was told
        forward = self.forward(self.say("answer.again"), "chats-circle")
        if told.kind == "which":
            self.head(self.text(told.text), step=self.say("chat.step"))
            self.nav(
                [self.back(), self.leave(), NavItem(forward.label, forward.on_tap, forward.icon, "right")]
            )
        elif told.kind == "answer" and told.question is not None:
            self.head(self.text(told.question.ask), step=self._step(told.question), role="title_small")
            self.nav([self.back(), self.leave(), forward])
            self._quoted(told, told.question)
        else:
            self._not_told(told, forward)
        if journey.speaks and told.kind != "which":
            self._speak(busy=journey.speaking)
        self._follow(told)

    def _step(self, question: Question) -> str:
        return f"{self.say('chat.step')} · {self.text(question.topic)}"

    def _quoted(self, told: Told, question: Question) -> None:
        look, pad = self.look, 38.0
        room = self.width - 2 * pad
        words, source = self.text(told.text), self._source(question.source)
        role: RoleName = "lead"
        if text.height_of(look, words, role, room) > _LEAD_HEIGHT:
            role = "lead_small"
        tall = text.height_of(look, words, role, room)
        low = text.height_of(look, source, "small", room - 62)
        card = self.shore.put(Card, 30 + tall + 24 + 2 + 18 + low + 24, gap=20)
        palette, pen = look.palette, card.pen
        pen.text(words, role, card.x + pad, card.y + 30, room, code=palette.ink)
        y = card.y + 30 + tall + 24
        pen.rect(palette.line, card.x + pad, y, room, 2)
        pen.icon("scales", 42, card.x + pad, y + 20 + max(0.0, (low - 42) / 2), code=palette.icon)
        pen.text(source, "small", card.x + pad + 62, y + 20, room - 62, code=palette.ink2)

    def _source(self, source: Source) -> str:
        words = self.source(source)
        return f"{words} · {self.say('answer.not_reviewed')}" if source.checked_by == NOT_REVIEWED else words

    def _not_told(self, told: Told, forward: NavItem) -> None:
        """Honest, and never a dead end: an officer, nearby questions, or another try."""
        stale = told.kind == "stale" and told.question is not None
        title = self.text(NEEDS_CHECK) if stale else self.say("answer.unknown")
        step = self._step(told.question) if told.question is not None else self.say("chat.step")
        self.head(title, step=step, sentence=self.say(f"answer.{told.kind}_help"))
        again = NavItem(forward.label, forward.on_tap, forward.icon, "right")
        self.nav([self.back(), self.leave(), again])
        self.shore.put(
            Tile, 150, self.say("answer.call"), self.sends(CallOfficer()), help_line=self.say("answer.call_help"),
            icon="help", skin="filled", gap=26,
        )  # fmt: skip

    def _speak(self, *, busy: bool) -> None:
        label = self.say("answer.hush" if busy else "answer.speak")
        wide = text.width_of(self.look, label, "button_small") + 150
        self.shore.put(
            lambda look, x, y, w, *_: Button(
                look, x, y, min(w, wide), 96, label, self.sends(Choose("speak")),
                icon="stop" if busy else "speaker-high", role="button_small", fill_icon=True,
            ),
            gap=24,
        )  # fmt: skip

    def _follow(self, told: Told) -> None:
        look, shore = self.look, self.shore
        if not told.follow_ups:
            return
        label = (
            "" if told.kind == "which" else self.say(f"answer.{'also' if told.kind == 'answer' else 'near'}")
        )
        tall = text.height_of(look, label, "label", shore.w) + 12 if label else 0.0
        columns = 2 if look.landscape and not look.large else 1
        width = (shore.w - 18 * (columns - 1)) / columns
        y, placed = shore.y + tall, False
        for at in range(0, len(told.follow_ups), columns):
            row = told.follow_ups[at : at + columns]
            made = [
                Tile(
                    look, shore.x + place * (width + 18), y, width, 112, self.text(one.ask),
                    self.sends(Choose(one.id)), icon="question", icon_size=48, arrow=True, role="tile_small",
                    keep=False,
                )
                for place, one in enumerate(row)
            ]  # fmt: skip
            if max(tile.bottom for tile in made) > shore.end + 1:
                break
            for tile in made:
                self.add(tile)
            y, placed = max(tile.bottom for tile in made) + GAP, True
        if placed and label:
            self.pen.text(label, "label", shore.x, shore.y, shore.w, code=look.palette.ink, keep=True)
