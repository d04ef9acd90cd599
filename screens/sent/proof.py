"""The two proofs one may take along, paper and phone, in each of their states; shared with the draft's screen."""

from __future__ import annotations

from kiosk.flow.events import Choose
from kiosk.flow.results import Trouble
from screens.application import ApplyScene, trouble_words
from screens.frame import Make
from screens.theme.look import Look
from screens.theme.tokens import ToneName
from screens.widgets import text
from screens.widgets.buttons import Tile
from screens.widgets.cards import Card
from screens.widgets.helpbar import NavItem
from screens.widgets.part import Part

AGAIN = (Trouble.PAPER_OUT.value, Trouble.COVER_OPEN.value)
"""Prints that surely never began and may be asked for again, as the journey has it."""


class Told(Part):
    """What a tile became once it was touched: a card without lip, since there is nothing left to touch."""

    def __init__(
        self, look: Look, x: float, y: float, w: float, h: float, title: str, help_line: str, icon: str,
        tone: ToneName, *, row: bool,
    ) -> None:  # fmt: skip
        size = 60.0
        room = w - 48 - (size + 28 if row else 0)
        title_h = text.height_of(look, title, "tile", room)
        help_h = text.height_of(look, help_line, "small", room)
        words = title_h + help_h + 2
        h = max(h, words + 40 + (0 if row else size + 16))
        super().__init__(look, x, y, w, h)
        card = self.add(Card(look, x, y, w, h))
        colours = look.palette.tones[tone]
        top = y + (h - words - (0 if row else size + 16)) / 2
        left = x + 24
        if row:
            card.pen.icon(icon, size, left, y + (h - size) / 2, code=colours.icon, fill=True)
            left += size + 28
        else:
            card.pen.icon(icon, size, x + (w - size) / 2, top, code=colours.icon, fill=True)
            top += size + 16
        align = "left" if row else "center"
        card.pen.text(title, "tile", left, top, room, code=look.palette.ink, align=align)
        card.pen.text(help_line, "small", left, top + title_h + 2, room, code=look.palette.ink2, align=align)


class ProofScene(ApplyScene):
    """A scene that offers proofs, and then the menu or the end."""

    def ways_out(self) -> None:
        menu = NavItem(self.say("nav.menu"), self.sends(Choose("menu")), "menu")
        self.nav([menu, self.forward(self.say("nav.done"), "tick")], even=True)

    def _tile(self, title: str, help_line: str, icon: str, what: str, *, row: bool) -> Make:
        return lambda x, y, w, h: Tile(
            self.look, x, y, w, h, title, self.sends(Choose(what)), help_line=help_line, icon=icon,
            layout="row" if row else "stack", keep=False,
        )  # fmt: skip

    def _told(self, title: str, help_line: str, icon: str, tone: ToneName, *, row: bool) -> Make:
        return lambda x, y, w, h: Told(self.look, x, y, w, h, title, help_line, icon, tone, row=row)

    def paper(self, help_line: str, *, row: bool, instead: str = "") -> Make:
        """The paper proof: offered, under way, there, or why not; `instead` says what else there is without it."""
        say, state = self.say, self.journey.paper
        if state == "printing":
            return self._told(say("sent.printing"), say("sent.printing_help"), "print", "tint", row=row)
        if state == "printed":
            return self._told(say("sent.printed"), say("sent.printed_help"), "done", "green", row=row)
        if state in AGAIN:
            words = instead or trouble_words(self.visit.language, state)
            return self._tile(say("sent.print"), words, "print", "print", row=row)
        if state:
            words = instead or trouble_words(self.visit.language, state)
            return self._told(say("sent.not_printed"), words, "late", "amber", row=row)
        if self.visit.down("printer"):
            return self._told(
                say("sent.no_printer"), instead or say("sent.no_printer_help"), "late", "amber", row=row
            )
        return self._tile(say("sent.print"), help_line, "print", "print", row=row)

    def phone(self, *, row: bool) -> Make:
        """The proof on the phone: offered, under way, there, or why not."""
        say, state = self.say, self.journey.receipt
        number = self.visit.person.phone_masked
        if state == "sending":
            return self._told(say("sent.sending"), number, "phone", "tint", row=row)
        if state == "sent":
            return self._told(say("sent.arrived"), number, "done", "green", row=row)
        if state:
            words = trouble_words(self.visit.language, state)
            return self._tile(say("sent.not_sent"), words, "phone", "receipt", row=row)
        if not number:
            return self._told(say("sent.no_phone"), say("sent.no_phone_help"), "phone", "tint", row=row)
        return self._tile(
            say("sent.phone"), say("sent.phone_help", phone=number), "phone", "receipt", row=row
        )
