"""Lapor LKPM: the scale in one touch, then who files, by when, what OSS asks, and a reminder for the phone."""

from __future__ import annotations

from collections.abc import Hashable

from kiosk.flow.events import Choose
from kiosk.flow.model import Visit
from kiosk.flow.results import Band, LkpmTold
from kiosk.journeys.lkpm import Lkpm as Journey
from screens.application import PackScene, day_words, sentence_case, trouble_words
from screens.frame import Make
from screens.scale.screen import ICONS
from screens.widgets import text
from screens.widgets.buttons import Tile
from screens.widgets.cards import Card, InfoCard, ListCard, Row
from screens.widgets.helpbar import NavItem
from screens.widgets.part import Part
from screens.widgets.qr import Qr
from screens.widgets.status import Banner

QR_SIDES = (340.0, 268.0, 210.0)


def journey_of(visit: Visit) -> Journey:
    """The report asked about. AssertionError for another journey: the director pairs places and scenes."""
    assert isinstance(visit.journey, Journey)  # noqa: S101
    return visit.journey


class Lkpm(PackScene):
    horizon = 430

    @classmethod
    def key(cls, visit: Visit) -> Hashable:
        journey = journey_of(visit)
        return (journey.bands, journey.told, journey.trouble, journey.waiting)

    def build(self) -> None:
        told = journey_of(self.visit).told
        if told is None:
            self._ask()
        else:
            self._tell(told)

    # ---- the question
    def _ask(self) -> None:
        journey = journey_of(self.visit)
        self.head(self.say("lkpm.title"), step=self.say("lkpm.step"), sentence=self.say("lkpm.sentence"))
        self.nav([self.back(), self.leave()], shallow=True)
        if journey.trouble:
            words = trouble_words(self.visit.language, journey.trouble)
            self.shore.put(Banner, words, "brick", icon="late")
        makes = [self._band(band) for band in journey.bands]
        columns = 2 if self.look.landscape else 1
        self.shore.grid(makes, 128 if self.look.landscape else 138, columns=columns)

    def _band(self, band: Band) -> Make:
        label = self.text(band.label)
        help_line = self.say("lkpm.size", label=label.lower() if self.visit.language == "id" else label)
        return lambda x, y, w, h: Tile(
            self.look, x, y, w, h, sentence_case(self.text(band.capital)), self.sends(Choose(band.scale)),
            help_line=help_line, icon=ICONS[band.scale], arrow=True, icon_size=60,
        )  # fmt: skip

    # ---- the answer
    def _tell(self, told: LkpmTold) -> None:
        language, due = self.visit.language, told.due
        if due is not None:
            title = self.say("lkpm.due_title", day=day_words(language, due.safe))
        else:
            title = self.say("lkpm.none_title" if told.dated else "lkpm.no_clock_title")
        y = self.head(title, step=self.say("lkpm.step"), sentence=self.text(told.who))
        menu = NavItem(self.say("nav.menu"), self.sends(Choose("menu")), "menu")
        self.nav([self.back(), menu, self.forward(self.say("nav.done"), "tick")])
        if due is None and told.dated:
            self.shore.put(InfoCard, self.say("lkpm.grow"), self.say("lkpm.grow_help"), icon="plant")
            self.shore.words(self.source(told.source), "small", code=self.look.palette.ink2)
            return
        note = (
            self.say("lkpm.no_clock") if due is None else self.text(due.note) if due.note is not None else ""
        )
        if note and not self.look.landscape:
            self.shore.put(Banner, note, "amber", icon="late")
        if self.look.landscape:  # the sky column has the room that the shore lacks
            for words in (note,) if self.look.large else (note, self.source(told.source)):
                if words:
                    y += (
                        12
                        + self.pen.text(
                            words,
                            "small",
                            self.sky_left,
                            y + 12,
                            self.sky_width,
                            code=self.look.palette.on_sky,
                        ).height
                    )
        reminder = told.reminder[1 if language == "en" else 0]
        if self.look.landscape:
            self._beside(told, reminder)
        else:
            self._below(told, reminder)

    def _below(self, told: LkpmTold, reminder: str) -> None:
        """The reminder above what is asked; what is asked comes first where there is no room for both."""
        shore = self.shore
        asked = self._list(told, shore.x, 0, shore.w)
        for side in QR_SIDES if reminder else ():
            card = self._reminder(reminder, shore.x, shore.y, shore.w, side)
            if card.h + 20 + asked.h <= shore.room + 1:
                self.add(card)
                shore.y = card.bottom + 20
                break
        card = self._list(told, shore.x, shore.y, shore.w)
        if card.bottom > shore.end + 1:
            card = self._list(told, shore.x, shore.y, shore.w, titled=False)
        self.add(card)

    def _beside(self, told: LkpmTold, reminder: str) -> None:
        """Landscape: what is asked at the left, the reminder at the right."""
        shore = self.shore
        wide = shore.w if self.look.large else shore.w * 0.56
        low = self.add(self._list(told, shore.x, shore.y, wide)).bottom
        if self.look.large:
            self.pen.text(
                self.source(told.source), "small", shore.x, low + 14, wide, code=self.look.palette.ink2
            )
        left = shore.x + wide + 20
        for side in QR_SIDES if reminder and not self.look.large else ():
            card = self._reminder(reminder, left, shore.y, shore.x + shore.w - left, side, narrow=True)
            if card.bottom <= shore.end + 1:
                self.add(card)
                return

    def _list(self, told: LkpmTold, x: float, y: float, w: float, *, titled: bool = True) -> ListCard:
        rows = [Row(self.text(one), icon="check-square", bold=False) for one in told.asked]
        if told.due is not None:
            period = sentence_case(self.text(told.due.period))
            rows.insert(0, Row(self.say("lkpm.about", period=period), icon="calendar-check"))
        if not self.look.landscape:
            rows.append(Row(self.source(told.source), icon="scales", bold=False))
        title = self.say("lkpm.asked") if titled else None
        return ListCard(self.look, x, y, w, rows, title=title, icon_size=40)

    def _reminder(
        self, reminder: str, x: float, y: float, w: float, side: float, *, narrow: bool = False
    ) -> Part:
        title, words = self.say("lkpm.remind"), self.say("lkpm.remind_help")
        if not narrow:
            return InfoCard(self.look, x, y, w, title, words, qr=reminder, qr_size=side)
        look = self.look
        title_h = text.height_of(look, title, "tile", w - 60)
        words_h = text.height_of(look, words, "small", w - 60)
        card = Card(look, x, y, w, side + title_h + words_h + 100)
        card.add(Qr(look, x + (w - side) / 2, y + 30, side, reminder))
        card.pen.text(title, "tile", x + 30, y + side + 50, w - 60, code=look.palette.ink, align="center")
        card.pen.text(
            words, "small", x + 30, y + side + 58 + title_h, w - 60, code=look.palette.ink2, align="center"
        )
        return card
