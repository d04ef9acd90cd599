"""Mesin ini sedang istirahat (picture 18b): no help bar, nothing to touch, both languages, where to go instead."""

from __future__ import annotations

from kiosk import i18n
from screens.scene import Scene
from screens.widgets.art import Sun
from screens.widgets.cards import InfoCard


class Resting(Scene):
    horizon = 1180
    sky = "notice"
    clock = "day"
    help = False

    def build(self) -> None:
        look, office = self.look, self.office
        other = "en" if self.visit.language == "id" else "id"
        narrow = look.landscape
        self.head(
            self.say("resting.title"),
            role="hero" if not narrow else "title",
            sentence=f"{self.say('resting.sentence')}\n{i18n.say(other, 'resting.other')}",
            sentence_role="lead" if not narrow else "lead_small",
            y=None if narrow else 240,
        )
        if narrow:
            self.add_sky(Sun(look, 140, look.tall - 140, 90, halos=(125,)))
        else:
            self.add_sky(Sun(look, look.wide / 2, self.horizon + 20, 180, halos=(250,)))
            self.start(52)
        self.shore.end = look.tall - 40
        self.shore.words(self.say("resting.go"), "lead_small", gap=24)
        self.shore.put(
            InfoCard,
            office.counters,
            office.counters_way or self.say("resting.ask"),
            icon="users-three",
            fill=True,
            gap=24,
        )
        self.shore.put(
            InfoCard,
            self.say("resting.safe"),
            self.say("resting.safe_help"),
            icon="shield-check",
            fill=True,
            gap=28,
        )
        self.shore.words(self.say("resting.code", kiosk=office.kiosk), "small", code=look.palette.ink2)
