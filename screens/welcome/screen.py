"""Selamat datang (picture 01): the sun is the one thing to touch; under it the office and its hall."""

from __future__ import annotations

from collections.abc import Hashable

from kiosk import i18n
from kiosk.flow.events import Begin, HallState
from kiosk.flow.model import Visit
from screens.scene import Scene, Sends
from screens.theme.look import Look
from screens.theme.tokens import HELP_BAR, SAMUDRA_D, SKY_COLUMN
from screens.widgets import art, raster, text
from screens.widgets.part import Touchable
from screens.widgets.pen import RectHandle, TextHandle
from screens.widgets.status import Chip
from screens.words import clock, counter, people

_DAY = ((0.0, "#073844"), (0.35, "#0C5462"), (0.75, "#1F7A86"), (1.0, "#63AAA6"))
_SEA = ((0.0, "#0C5462"), (1.0, SAMUDRA_D))
_OPEN = "#8FE0A8"
"""A lamp on the dark sea: the green of surfaces would vanish there."""

_CHIP_SIDE = 84
"""Width of a chip that its icon and margins take."""


class SunButton(Touchable):
    """The sun as a button: no lip, since nothing else on this screen can be meant. Pressed it darkens."""

    def __init__(
        self, look: Look, x: float, y: float, w: float, h: float, shade: RectHandle, tap: Sends
    ) -> None:
        super().__init__(look, x, y, w, h, tap)
        self._shade = shade

    def sink(self, *, down: bool) -> None:
        self._shade.tint(alpha=0.1 if down else 0.0)


class Welcome(Scene):
    horizon = 1150
    clock = "day"

    @classmethod
    def key(cls, visit: Visit) -> Hashable:
        hall = visit.hall
        return (
            None
            if hall is None
            else (hall.is_open, bool(hall.open_until), bool(hall.calling), hall.minutes > 0)
        )

    def build(self) -> None:
        self._figures: list[tuple[TextHandle, TextHandle | None]] = []
        self._office_line: TextHandle | None = None
        if self.look.landscape:
            self._build_wide()
        else:
            self._build_tall()

    # ---- portrait
    def _build_tall(self) -> None:
        look = self.look
        end = self._words(210 if not self.office.practice else 226, 760)
        crowded = end > 660
        waves = look.tall - HELP_BAR - 60
        hall_h = self._hall_height(self.visit.hall, self.width) if self.visit.hall is not None else 0.0
        hall_top = waves - hall_h - (22 if crowded else 66)
        self.horizon = 1150.0 if not crowded else hall_top - 40
        top = max(690.0, end + 44) if not crowded else end + 44
        radius = 330.0
        cx, cy = look.wide / 2, top + radius
        if not look.contrast:
            self.sky_pen.picture(raster.gradient(_DAY), 0, 0, look.wide, self.horizon)
        sun = self.add_sky(art.Sun(look, cx, cy, radius, halos=(450, 390), breathe=True))
        shade = self.sky_pen.disc("#2B1B00", cx - radius, cy - radius, 2 * radius, alpha=0.0)
        if not look.contrast:
            self.pen.picture(raster.gradient(_SEA), 0, self.horizon, look.wide, 260)
            self.pen.rect(SAMUDRA_D, 0, self.horizon + 260, look.wide, look.tall - self.horizon - 260)
        self._invite(cx, top, self.horizon)
        self.add(
            SunButton(
                look,
                cx - radius,
                sun.y,
                2 * radius,
                self.horizon - sun.y,
                shade,
                self.sends(Begin()),
            )
        )
        if not crowded:
            self.add(art.Bars(look, cx, self.horizon + 34))
        if self.visit.hall is not None:
            self._hall(self.visit.hall, self.left, hall_top, self.width)
        self.add(art.Ornament(look, 0, waves, look.wide))

    def _words(self, y: float, room: float) -> float:
        look, other = self.look, "en" if self.visit.language == "id" else "id"
        if self.office.practice:
            words = self.say("welcome.practice")
            # Beside the sea the column has no room for the long sentence.
            if text.width_of(look, words, "chip") + _CHIP_SIDE > self.sky_width:
                words = self.say("welcome.practice_short")
            self.add(Chip(look, self.sky_left, y - 62, words, "amber", icon="flask"))
        end = self.head(
            self.say("welcome.title"),
            role="hero" if not look.landscape else "greeting" if look.text_step == 1 else "title",
            sentence=self.say("welcome.sentence"),
            sentence_role="lead" if not look.landscape or look.text_step == 1 else "lead_small",
            sentence_room=room if look.text_step == 1 else None,
            y=y,
        )
        self.horizon = type(self).horizon
        if look.text_step < 1.3:
            small = self.pen.text(
                i18n.say(other, "welcome.other"),
                "lead_small" if not look.landscape else "small",
                self.sky_left,
                end,
                self.sky_width,
                code=look.palette.on_sky,
            )
            end += small.height
        return end

    def _invite(self, cx: float, top: float, bottom: float) -> None:
        """Hand and words in the sun, centred in the part of it that is above the sea."""
        look, other = self.look, "en" if self.visit.language == "id" else "id"
        code = look.palette.on_sun
        big = look.role("title")._replace(size=72)
        words, small = self.say("welcome.start"), i18n.say(other, "welcome.start_other")
        words_h = text.height_of(look, words, big, 600)
        small_h = text.height_of(look, small, "lead_small")
        block = 100 + 26 + words_h + 6 + small_h
        y = max(top + 64, min(top + 80, bottom - block - 20))
        self.pen.icon("touch", 100, cx - 50, y, code=code, fill=True)
        self.pen.text(words, big, cx - 300, y + 126, 600, code=code, align="center")
        self.pen.text(small, "lead_small", cx - 300, y + 132 + words_h, 600, code=code, align="center")

    # ---- landscape
    def _build_wide(self) -> None:
        look = self.look
        foot = look.tall - HELP_BAR
        self._words(196, self.sky_width)
        left, width = float(SKY_COLUMN), look.wide - SKY_COLUMN
        sea_top = 560.0 if self.visit.hall is not None else 700.0
        cx, radius, top = left + width / 2, 330.0, 60.0 if self.visit.hall is not None else 120.0
        cy = top + radius
        if not look.contrast:
            self.pen.picture(raster.gradient(_DAY), left, 0, width, sea_top)
        sun = self.add(art.Sun(look, cx, cy, radius, halos=(430, 380), breathe=True))
        shade = self.pen.disc("#2B1B00", cx - radius, cy - radius, 2 * radius, alpha=0.0)
        sea = self.add(_Sea(look, left, sea_top, width, foot - sea_top))
        self.group.remove(sea.group)
        self.group.add(sea.group)
        words = _Layer(look, left, 0, width, foot)
        self.add(words)
        outer, self.pen = self.pen, words.pen
        self._invite(cx, top - 30, sea_top)
        self.add(SunButton(look, cx - radius, sun.y, 2 * radius, sea_top - sun.y, shade, self.sends(Begin())))
        if self.visit.hall is not None:
            self._hall(self.visit.hall, left + 48, sea_top + 30, width - 96)
        else:
            self.add(art.Bars(look, cx, sea_top + 34))
        self.pen = outer

    # ---- the office and its hall
    def _hall_height(self, hall: HallState, w: float) -> float:
        look = self.look
        line = text.height_of(look, self._office_words(hall), "tile", w - 46)
        facts = self._facts(hall)
        if not facts:
            return line
        return line + 26 + 32 + max(self._fact_height(fact, w / len(facts) - 44) for fact in facts)

    def _fact_height(self, fact: tuple[str, str, str], room: float) -> float:
        look = self.look
        small = sum(text.height_of(look, words, "small", room) for words in (fact[0], fact[2]) if words)
        return small + text.height_of(look, fact[1], "figure")

    def _hall(self, hall: HallState, x: float, y: float, w: float) -> None:
        look, palette = self.look, self.look.palette
        lamp = _OPEN if hall.is_open else palette.sun
        line = self._office_words(hall)
        size = look.size_of(look.role("tile"))
        self.pen.disc(lamp, x + 2, y + (size * 1.15 - 26) / 2, 26)
        self._office_line = self.pen.text(line, "tile", x + 46, y, w - 46, code=palette.on_sky)
        y += text.height_of(look, line, "tile", w - 46) + 26
        facts = self._facts(hall)
        if not facts:
            return
        self.pen.rect(palette.on_sky2, x, y, w, 2, alpha=0.35)
        y += 32
        each = w / len(facts)
        tallest = max(self._fact_height(fact, each - 44) for fact in facts)
        for index, (caption, value, sub) in enumerate(facts):
            left = x + index * each + (34 if index else 0)
            room = each - 44
            first = self.pen.text(caption, "small", left, y, room, code=palette.on_sky2)
            figure = look.role("figure")
            wide = text.width_of(look, value, figure)
            if wide > room:
                figure = figure._replace(size=figure.size * room / wide)
            line_h = text.height_of(look, value, "figure")
            middle = self.pen.text(value, figure, left, y + first.height, None, code=palette.on_sky)
            under = (
                self.pen.text(sub, "small", left, y + first.height + line_h, room, code=palette.on_sky)
                if sub
                else None
            )
            self._figures.append((middle, under))
            if index:
                self.pen.rect(palette.on_sky2, left - 34, y, 2, tallest, alpha=0.35)

    def _office_words(self, hall: HallState) -> str:
        if not hall.is_open:
            return self.say("welcome.closed")
        if not hall.open_until:
            return self.say("welcome.open")
        return self.say("welcome.open_until", time=clock(self.visit.language, hall.open_until))

    def _facts(self, hall: HallState) -> list[tuple[str, str, str]]:
        if not hall.is_open:
            return []
        language, roomy = self.visit.language, self.look.text_step == 1
        facts = [
            (
                self.say("welcome.waiting"),
                people(language, hall.waiting),
                self.say("welcome.waiting_where") if roomy else "",
            )
        ]
        if hall.calling:
            facts.insert(0, (self.say("welcome.calling"), hall.calling, counter(language, hall.counter)))
        if hall.minutes > 0:
            facts.append(
                (
                    self.say("welcome.estimate"),
                    self.say("common.minutes", count=hall.minutes),
                    self.say("welcome.estimate_when") if roomy else "",
                )
            )
        return facts

    def update(self, visit: Visit) -> None:
        if visit.hall is None or visit.hall == self.visit.hall:
            return
        if self._office_line is not None:
            self._office_line.say(self._office_words(visit.hall))
        for (value, under), (_, said, sub) in zip(self._figures, self._facts(visit.hall), strict=False):
            value.say(said)
            if under is not None:
                under.say(sub)


class _Layer(art.Part):
    """Room to draw above what was added before."""


class _Sea(_Layer):
    """The sea beside the sky column."""

    def __init__(self, look: Look, x: float, y: float, w: float, h: float) -> None:
        super().__init__(look, x, y, w, h)
        if look.contrast:
            self.pen.rect(look.palette.sea, x, y, w, h)
            self.pen.rect(look.palette.sun, x, y - 5, w, 5)
        else:
            self.pen.picture(raster.gradient(_SEA), x, y, w, min(260, h))
            self.pen.rect(SAMUDRA_D, x, y + 260, w, max(0, h - 260))
