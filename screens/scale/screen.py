"""Two questions, one at a time: capital, then yearly sales. Together they give the scale of the business."""

from __future__ import annotations

from collections.abc import Hashable

from kiosk.flow.events import Choose
from kiosk.flow.model import Visit
from kiosk.flow.results import Band
from kiosk.journeys.apply.find import NEW_BUSINESS
from screens.application import ApplyScene, day_words, journey_of, sentence_case
from screens.frame import Make
from screens.widgets.buttons import Tile

ICONS = {"mikro": "coin", "kecil": "coins", "menengah": "stack", "besar": "bank"}


class Scale(ApplyScene):
    horizon = 436

    @classmethod
    def key(cls, visit: Visit) -> Hashable:
        journey = journey_of(visit)
        return (bool(journey.capital), journey.sales, journey.bands, journey.waiting, journey.trouble)

    def build(self) -> None:
        journey = self.journey
        sales = bool(journey.capital)
        name = "sales" if sales else "capital"
        number = 2 if sales else 1
        self.head(
            self.say(f"scale.{name}"),
            step=self.say("scale.step", n=number, code=journey.code),
            sentence=self.say(f"scale.{name}_help"),
            stepper=(number, 2),
        )
        self.nav([self.back(), self.leave()], shallow=True)
        self.trouble_notice(journey.trouble)
        if not journey.bands or journey.waiting:
            self.notice(self.say("scale.wait"), "tint", "wait")
        makes = [self._band(band, sales=sales) for band in journey.bands]
        if sales:
            makes.insert(0, self._new())
        columns = 2 if self.look.landscape else 1
        self.shore.grid(makes, 128 if self.look.landscape else 138, columns=columns)
        self._law()

    def _band(self, band: Band, *, sales: bool) -> Make:
        chosen = self.journey.sales if sales else ""
        title = sentence_case(self.text(band.sales if sales else band.capital))
        label = self.text(band.label)
        if self.visit.language == "id":
            label = label.lower()
        return self._tile(
            band.scale, title, self.say("scale.size", label=label), ICONS[band.scale], chosen == band.scale
        )

    def _new(self) -> Make:
        return self._tile(
            NEW_BUSINESS, self.say("scale.new"), self.say("scale.new_help"), "plant",
            self.journey.sales == NEW_BUSINESS,
        )  # fmt: skip

    def _tile(self, what: str, title: str, help_line: str, icon: str, chosen: bool) -> Make:
        def make(x: float, y: float, w: float, h: float) -> Tile:
            tile = Tile(
                self.look, x, y, w, h, title, self.sends(Choose(what)), help_line=help_line, icon=icon, arrow=True,
                icon_size=60,
            )  # fmt: skip
            tile.choose(on=chosen)
            return tile

        return make

    def _law(self) -> None:
        from kiosk.knowledge import scale

        source = scale.tiers()[0].source
        law = f"{source.law} {source.article}"
        if self.shore.room > 60:
            self.shore.words(
                self.say("scale.law", law=law, day=day_words(self.visit.language, source.checked_on)),
                "small",
                code=self.look.palette.ink2,
            )
