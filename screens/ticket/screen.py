"""Ini nomor Anda (pictures 13, 18a): the number is on the screen whatever the paper does."""

from __future__ import annotations

from collections.abc import Hashable

from kiosk.flow.events import Choose, Forward
from kiosk.flow.model import Visit
from kiosk.flow.results import NumberTaken, Trouble
from kiosk.journeys.queue import Queue
from screens.scene import Scene
from screens.services.screen import counter_words
from screens.theme.tokens import SKY_COLUMN
from screens.widgets import text
from screens.widgets.art import Ornament
from screens.widgets.cards import Card, InfoCard, TicketCard
from screens.widgets.helpbar import NavItem
from screens.widgets.part import Part
from screens.widgets.qr import Qr
from screens.widgets.status import Banner
from screens.words import clock, people

_AGAIN = frozenset({Trouble.PAPER_OUT.value, Trouble.COVER_OPEN.value})
"""Prints that surely never began (`kiosk.journeys.queue`)."""
_KNOWN = frozenset({"printing", "printed", "paper_out", "cover_open", "printer_silent", "printed_unknown"})
_TICKET_H = 640.0


class Ticket(Scene):
    horizon = 1130

    @classmethod
    def key(cls, visit: Visit) -> Hashable:
        journey = visit.journey
        return (journey.ticket, journey.paper) if isinstance(journey, Queue) else None

    def build(self) -> None:
        journey = self.visit.journey
        assert isinstance(journey, Queue)  # noqa: S101 -- the place belongs to the queue
        ticket = journey.ticket
        assert ticket is not None  # noqa: S101 -- shown once a number is there
        paper = journey.paper if journey.paper in _KNOWN else "no_paper"
        end = self.head(self.say("ticket.title"), sentence=self.say(f"ticket.{paper}"))
        self._nav(again=journey.paper in _AGAIN)
        if self.look.landscape:
            self._wide(ticket)
        else:
            self._tall(ticket, end)

    def _nav(self, *, again: bool) -> None:
        items = [NavItem(self.say("nav.menu"), self.sends(Choose("menu")), "menu")]
        if again:
            items.append(NavItem(self.say("ticket.again"), self.sends(Choose("again")), "print"))
        items.append(NavItem(self.say("nav.done"), self.sends(Forward()), "tick", "right", "filled"))
        self.nav(items, even=not again)

    def _facts(self, ticket: NumberTaken) -> list[tuple[str, str]]:
        language = self.visit.language
        if ticket.provisional:
            return [(self.say("ticket.provisional_about"), self.office.kiosk)]
        facts = [(self.say("ticket.ahead"), people(language, ticket.ahead))]
        if ticket.about:
            time = clock(language, ticket.about)
            facts.append(
                (
                    self.say("ticket.about"),
                    time if self.look.text_step > 1 else self.say("common.at_time", time=time),
                )
            )
        return facts

    def _card(self, ticket: NumberTaken, x: float, y: float, w: float, ground: str) -> TicketCard:
        return TicketCard(
            self.look,
            x,
            y,
            w,
            counter_words(self.visit.language, ticket.service, ".counter"),
            ticket.number,
            self._facts(ticket),
            sky=ground,
        )

    # ---- portrait
    def _tall(self, ticket: NumberTaken, end: float) -> None:
        look = self.look
        note, follow = self._note(ticket, self.width), self._follow(ticket)
        below = note.h + 20 + follow.h + 28
        y = max(390.0, end + 20)
        # The waves go first when words are large, then the air above the ticket.
        roomy = y + _TICKET_H + 100 + below <= self.shore.end
        if not roomy:
            y = end + 14
        self.horizon = y + _TICKET_H + (100 if roomy else 28)
        sky = look.palette.sky["samudra"]
        self.add_sky(self._card(ticket, (look.wide - 820) / 2, y, 820, sky))
        if roomy:
            self.add_sky(Ornament(look, 0, self.horizon - 52, look.wide))
        self.start(28 if roomy else 18)
        card = self.add(self._follow(ticket, self.left, self.shore.y))
        self.shore.y = card.bottom + 18
        if self.shore.room >= note.h - 8 or ticket.provisional:
            self.add(self._note(ticket, self.width, self.left, self.shore.y))

    def _follow(self, ticket: NumberTaken, x: float = 0, y: float = 0) -> Part:
        """The QR to follow the queue with; without an address, how one is called."""
        if ticket.url:
            return InfoCard(
                self.look,
                x,
                y,
                self.width,
                self.say("ticket.follow"),
                self.say("ticket.follow_help"),
                qr=ticket.url,
                qr_size=170 if not self.look.large else 150,
            )
        return InfoCard(
            self.look,
            x,
            y,
            self.width,
            self.say("ticket.wait_here"),
            self.say("ticket.wait_here_help"),
            icon="speaker-high",
        )

    def _note(self, ticket: NumberTaken, w: float, x: float = 0, y: float = 0) -> Banner:
        if ticket.provisional:
            return Banner(self.look, x, y, w, self.say("ticket.provisional"), "amber", icon="warning")
        return Banner(self.look, x, y, w, self.say("ticket.priority"), icon="wheelchair")

    # ---- landscape
    def _wide(self, ticket: NumberTaken) -> None:
        """The sky reaches under the ticket; beside it the QR and the note."""
        look = self.look
        sky = look.palette.sky["samudra"]
        left, wide = float(SKY_COLUMN), 792.0
        if not look.contrast:
            self.pen.rect(sky, left, 0, wide, self.shore.end + 6)
        self.add(Ornament(look, left, self.shore.end - 46, wide))
        self.add(self._card(ticket, left + 36, 40, wide - 72, sky))
        x = left + wide + 32
        w = look.wide - 48 - x
        y = 40.0
        if ticket.url:
            spare = self.shore.end - y - 18 - self._note(ticket, w).h
            y = self._qr_card(ticket.url, x, y, w, spare) + 18
        note = self._note(ticket, w, x, y)
        if note.bottom <= self.shore.end + 12:
            self.add(note)

    def _qr_card(self, url: str, x: float, y: float, w: float, spare: float) -> float:
        """As large as ``spare`` allows; at large words the sentence gives way to the title, never the code."""
        look = self.look
        side = 240.0
        title, words = self.say("ticket.follow"), self.say("ticket.follow_help")
        title_h = text.height_of(look, title, "tile", w - 60)
        words_h = text.height_of(look, words, "small", w - 60)
        if side + title_h + words_h + 104 > spare:
            words, words_h = "", 0.0
            side = max(140.0, min(side, spare - title_h - 104))
        card = self.add(Card(look, x, y, w, side + title_h + words_h + 104))
        card.add(Qr(look, x + (w - side) / 2, y + 34, side, url))
        pen = card.pen
        pen.text(title, "tile", x + 30, y + side + 58, w - 60, code=look.palette.ink, align="center")
        if words:
            pen.text(
                words,
                "small",
                x + 30,
                y + side + 66 + title_h,
                w - 60,
                code=look.palette.ink2,
                align="center",
            )
        return card.bottom
