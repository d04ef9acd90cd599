"""A draft to take along: the QR code that leads back to it, how long it lives, and what a stranger sees of it."""

from __future__ import annotations

from collections.abc import Hashable

from kiosk.flow.events import Choose
from kiosk.flow.model import Visit
from screens.application import day_words, journey_of
from screens.sent.proof import ProofScene
from screens.widgets.cards import InfoCard, ListCard, Row
from screens.widgets.helpbar import NavItem


class Draft(ProofScene):
    horizon = 400

    @classmethod
    def key(cls, visit: Visit) -> Hashable:
        journey = journey_of(visit)
        return (journey.saved, journey.paper, visit.down("printer"))

    def build(self) -> None:
        look, saved = self.look, self.journey.saved
        assert saved is not None  # noqa: S101 -- the journey is here because of it
        day = day_words(self.visit.language, saved.until)
        self.head(
            self.say("draft.title"), step=self.say("draft.step"), step_icon="done",
            sentence=self.say("draft.sentence", day=day),
        )  # fmt: skip
        self.nav(
            [NavItem(self.say("nav.menu"), self.sends(Choose("menu")), "menu"), self.forward(self.say("nav.done"), "tick")],
            even=True,
        )  # fmt: skip
        size = 200.0 if look.landscape or look.large else 268.0
        self.shore.put(InfoCard, self.say("draft.scan"), self.say("draft.scan_help"), qr=saved.url, qr_size=size)
        days = self.visit.settings.draft_days
        rows = [
            Row(self.say("draft.kept", days=days), sub=self.say("draft.kept_help", day=day), icon="calendar-check"),
            Row(self.say("draft.masked"), sub=self.say("draft.masked_help"), icon="lock-key"),
        ]
        self.shore.put(ListCard, rows, row_h=110)
        make = self.paper(self.say("draft.print_help"), row=True)
        self.add(make(self.left, self.shore.y, self.width, 132))
