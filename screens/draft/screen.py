"""A draft to take along: the QR code that leads back to it, how long it lives, and what a stranger sees of it."""

from __future__ import annotations

from collections.abc import Hashable

from kiosk.flow.model import Visit
from screens.application import day_words, journey_of
from screens.sent.proof import ProofScene
from screens.widgets.cards import InfoCard, ListCard, Row


class Draft(ProofScene):
    horizon = 400

    @classmethod
    def key(cls, visit: Visit) -> Hashable:
        journey = journey_of(visit)
        return (journey.saved, journey.paper, visit.down("printer"))

    def build(self) -> None:
        look, saved = self.look, self.journey.saved
        assert saved is not None  # noqa: S101 -- the journey is here because of it
        day = day_words(self.visit.language, saved.until) if saved.until else ""
        waiting = "_waiting" if saved.waiting else ""
        self.head(
            self.say("draft.title"), step=self.say("draft.step"), step_icon="done",
            sentence=self.say(f"draft.sentence{waiting}", day=day),
        )  # fmt: skip
        self.ways_out()
        size = 200.0 if look.landscape or look.large else 268.0
        beside = 360.0 if look.landscape else 0.0
        self.shore.w -= beside
        card = self.shore.put(
            InfoCard,
            self.say("draft.scan"),
            self.say(f"draft.scan_help{waiting}"),
            qr=saved.url,
            qr_size=size,
        )
        self.shore.w += beside
        if beside:
            make = self.paper("" if look.large else self.say("draft.print_help"), row=False)
            tile = self.add(make(card.x + card.w + 20, card.y, beside - 20, card.h))
            self.shore.y = max(card.bottom, tile.bottom) + 20
        days = self.visit.settings.draft_days
        rows = [
            Row(
                self.say("draft.kept", days=days),
                sub=self.say("draft.kept_help" if day else "draft.kept_help_no_day", day=day),
                icon="calendar-check",
            ),
            Row(self.say("draft.masked"), sub=self.say("draft.masked_help"), icon="lock-key"),
        ]
        self.shore.put(ListCard, rows, row_h=110)
        if not beside:
            make = self.paper(self.say("draft.print_help"), row=True)
            self.add(make(self.left, self.shore.y, self.width, 132))
