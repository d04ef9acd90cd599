"""What a code at a scale means: risk, days, cost, what one gets and what to prepare; and all of it with its law.

Everything here is indicative and says so in the sky of both views. The short view shows what fits; nothing is left out
without a button that leads to the whole.
"""

from __future__ import annotations

from collections.abc import Hashable

from kiosk.flow.events import CallOfficer, Choose
from kiosk.flow.model import Visit
from kiosk.flow.results import Band
from kiosk.journeys.apply.state import SCALES
from kiosk.knowledge.bring import can_here
from kiosk.knowledge.risk import Document, Requirements
from kiosk.knowledge.texts import Source, Text
from screens.application import (
    ApplyScene,
    Paginator,
    Section,
    journey_of,
    sentence_case,
)
from screens.theme.tokens import RoleName, ToneName
from screens.widgets import text
from screens.widgets.buttons import Button, Tile
from screens.widgets.cards import Card, Figure, ListCard, Row
from screens.widgets.helpbar import NavItem
from screens.widgets.status import Chip, RiskBars

BARS = 146.0


class Risk(ApplyScene):
    horizon = 476

    @classmethod
    def key(cls, visit: Visit) -> Hashable:
        journey = journey_of(visit)
        return (
            journey.code,
            journey.scale,
            journey.sheet,
            journey.details,
            journey.trouble,
            journey.waiting,
        )

    def build(self) -> None:
        sheet = self.journey.sheet
        self.page = 0
        self._taking = False
        """Is the button to take the list along placed?"""
        if sheet is None:  # a moment at most, between two sheets
            self.head(self.say("risk.details"))
            self.nav([self.back(), self.leave()], shallow=True)
            return
        if self.journey.details:
            self._all(sheet.requirements)
        else:
            self._short(sheet.requirements)

    # ---- the sky
    def _sky(self, needs: Requirements) -> None:
        """Headline, summary and the word that all of this is indicative."""
        look = self.look
        step = self.say("risk.step", code=needs.code, title=needs.title)
        headline = self.text(needs.headline)
        role: RoleName = "title" if len(headline) < 40 else "title_small"
        if look.landscape and look.large and len(headline) >= 40:
            role = "button_big"
        top = 196.0 if look.landscape else 156.0
        beside = self.sky_width if look.landscape else self.sky_width - BARS - 40
        one_line = text.width_of(look, headline, role) <= beside
        summary = self.text(needs.summary)
        self.aside = ""
        if look.landscape:
            voice = look.role(role)._replace(size=look.role(role).size * (0.9 if role == "title" else 1))
            tall = text.height_of(look, headline, voice, beside) + text.height_of(look, step, "step", beside)
            if top + tall + text.height_of(look, summary, "lead_small", beside) + 130 > look.tall - 288:
                self.aside = summary  # the sky is a narrow column: the sentence moves to the shore
        y = self.head(
            headline, step=step, sentence=None if self.aside else summary, role=role, room=beside, below=10, y=top,
            sentence_room=beside if one_line else self.sky_width,
        )  # fmt: skip
        step_h = text.height_of(look, step, "step", self.sky_width) + 12
        low = self._label(needs, y) + 28
        if look.landscape and low + 116 < look.tall - 300:
            self.add(RiskBars(look, self.sky_left, low, needs.bars, look.palette.sun, w=BARS, h=116))
        elif not look.landscape:
            self.add(
                RiskBars(
                    look, self.left + self.width - BARS, top + step_h, needs.bars, look.palette.sun, w=BARS, h=116
                )
            )  # fmt: skip

    def _label(self, needs: Requirements, y: float) -> float:
        """The word that this is indicative, or whose word it is. Returns the y under it."""
        look, palette = self.look, self.look.palette
        words = self.text(needs.label) if needs.override else self.say("risk.indicative")
        size = 34.0
        line = text.height_of(look, "A", "small_bold")
        self.pen.icon("info", size, self.sky_left, y + 4 + (line - size) / 2, code=palette.sun, fill=True)
        handle = self.pen.text(
            words, "small_bold", self.sky_left + size + 14, y + 4, self.sky_width - size - 14, code=palette.on_sky
        )  # fmt: skip
        if not look.landscape:
            self.horizon = max(self.horizon, y + 4 + handle.height + 34)
            self.start(24)
        return y + 4 + handle.height

    # ---- the short view
    def _short(self, needs: Requirements) -> None:
        self._sky(needs)
        self.nav([self.back(), self.leave(), self.forward(self.say("risk.apply"))])
        self.trouble_notice(self.journey.trouble)
        if self.aside:
            self.notice(self.aside, "tint", "info")
        if needs.contradiction is not None:
            short = self.look.landscape and self.look.large
            self.notice(self.say("risk.contradicts") if short else self.text(needs.contradiction))
        self._scales()
        self._standing(needs)
        if self.look.landscape and not self.look.large:
            self._wide(needs)
            return
        self._figures(needs)
        more = self._more_button_height()
        end = self.shore.end - more - 20
        if needs.receives and end - self.shore.y > 150:  # without them the headline has said all there is
            got = ListCard(
                self.look, self.left, self.shore.y, self.width, self._got(needs), title=self.say("risk.get")
            )
            if got.bottom < end - 200:
                self.add(got)
                self.shore.y = got.bottom + 20
        self._prepare(needs, self.left, self.shore.y, self.width, end)
        self._more(needs)

    def _wide(self, needs: Requirements) -> None:
        """Landscape: what one gets at the left, what to prepare at the right."""
        half = (self.width - 20) / 2
        top = self.shore.y
        end = self.shore.end - self._more_button_height() - 20
        y = top
        role = self._figure_role(needs, half - 64)
        facts = self._facts(needs)
        stacked = sum(Figure(self.look, 0, 0, half, *fact, role=role).h + 20 for fact in facts)
        if top + stacked - 20 <= end:
            for caption, value in facts:
                figure = self.add(Figure(self.look, self.left, y, half, caption, value, role=role))
                y = figure.bottom + 20
        else:
            wide = (half - 20) / 2
            small = self._figure_role(needs, wide - 64)
            for index, (caption, value) in enumerate(facts):
                x = self.left + index * (wide + 20)
                figure = self.add(Figure(self.look, x, top, wide, caption, value, role=small))
                y = max(y, figure.bottom + 20)
        got = ListCard(self.look, self.left, y, half, self._got(needs), title=self.say("risk.get"))
        if got.bottom <= end:
            self.add(got)
        self._prepare(needs, self.left + half + 20, top, half, end)
        self._more(needs)

    def _scales(self) -> None:
        """The boxes that change the scale. By sales when sales decided, else by capital."""
        journey, look = self.journey, self.look
        by_sales = journey.sales in SCALES
        self.shore.words(self.say("risk.sales" if by_sales else "risk.capital"), "small", gap=14)
        bands = journey.bands
        columns = 2 if look.large else 4
        gap = 16.0
        wide = (self.width - gap * (columns - 1)) / columns

        def box(band: Band, x: float, y: float, h: float) -> Button:
            chosen = band.scale == journey.scale
            return Button(
                look, x, y, wide, h, self.text(band.label), self.sends(Choose(band.scale)),
                sub=self.text(band.sales if by_sales else band.capital), role="tile_small",
                skin="filled" if chosen else "plain", icon="done" if chosen else None, fill_icon=True, icon_size=30,
                pad=8,
            )  # fmt: skip

        tallest = max((box(band, 0, 0, 112).h for band in bands), default=0.0)
        for index, band in enumerate(bands):
            row, column = divmod(index, columns)
            button = box(
                band, self.left + column * (wide + gap), self.shore.y + row * (tallest + gap), tallest
            )
            self.add(button)
            if journey.waiting and band.scale == journey.scale:
                button.set_busy(True)
        rows = -(-len(bands) // columns)
        self.shore.y += rows * (tallest + gap) + 4

    def _standing(self, needs: Requirements) -> None:
        """Two chips: can it be done here, and may one operate; or an officer, where the data does not say."""
        look, shore = self.look, self.shore
        if needs.officer:
            tile = Tile(
                look, shore.x, shore.y, shore.w, 112, self.say("risk.officer"), self.sends(CallOfficer()),
                help_line=self.say("risk.officer_help"), icon="help", icon_size=52, role="tile_small",
            )  # fmt: skip
            if (
                tile.bottom <= shore.end - self._more_button_height() - 20
            ):  # else the help bar has the same button
                self.add(tile)
                shore.y = tile.bottom + 20
            return
        here = can_here(needs)
        digital = here.kind == "digital"
        chips: list[tuple[str, ToneName, str]] = [
            (self.text(here.title), "green" if digital else "tint", "verify" if digital else "touch")
        ]
        if needs.may_operate_now is not None:
            may = needs.may_operate_now
            word = self.say("risk.may_operate" if may else "risk.may_not_operate")
            chips.append((word, "green" if may else "amber", "done" if may else "wait"))
        x, y, low = shore.x, shore.y, shore.y
        for words, tone, icon in chips:
            chip = Chip(look, x, y, words, tone, icon=icon)
            if x > shore.x and chip.x + chip.w > shore.x + shore.w:
                chip = Chip(look, shore.x, low + 10, words, tone, icon=icon)
            self.add(chip)
            x, y, low = chip.x + chip.w + 14, chip.y, max(low, chip.bottom)
        shore.y = low + 20

    def _facts(self, needs: Requirements) -> tuple[tuple[str, str], tuple[str, str]]:
        return (
            (self.say("risk.days"), self.text(needs.days_text)),
            (self.say("risk.cost"), self.text(needs.cost)),
        )

    def _figure_role(self, needs: Requirements, room: float) -> RoleName:
        roles: tuple[RoleName, ...] = ("figure", "title_small", "button_big", "tile")
        values = [value for _, value in self._facts(needs)]
        for role in roles:
            if all(text.width_of(self.look, value, role) <= room for value in values):
                return role
        return "tile"

    def _figures(self, needs: Requirements) -> None:
        look = self.look
        half = (self.width - 20) / 2
        role = self._figure_role(needs, half - 64)
        facts = self._facts(needs)
        tallest = max(Figure(look, 0, 0, half, *fact, role=role).h for fact in facts)
        if self.shore.y + tallest > self.shore.end - self._more_button_height() - 20:
            return  # the whole list has them
        for index, (caption, value) in enumerate(facts):
            x = self.left + index * (half + 20)
            figure = self.add(Figure(look, x, self.shore.y, half, caption, value, role=role))
            for card in figure.parts:
                if isinstance(card, Card):
                    card.stretch(tallest)
        self.shore.y += tallest + 20

    def _got(self, needs: Requirements) -> list[Row]:
        """One line for what is sure, one for what OSS may ask for."""
        sure = [one for one in needs.receives if one.certain]
        maybe = [one for one in needs.receives if not one.certain]
        green = self.look.palette.tones["green"].icon
        rows: list[Row] = []
        if sure:
            rows.append(Row(self._joined(sure), icon="verify", icon_code=green, fill_icon=True, bold=False))
        if maybe:
            rows.append(Row(self._joined(maybe), sub=self.say("risk.maybe"), icon=maybe[0].icon, bold=False))
        return rows or [
            Row(
                self.say("risk.get_unknown"),
                sub=self.say("risk.get_unknown_help"),
                icon="question",
                icon_code=self.look.palette.tones["amber"].icon,
                fill_icon=True,
                bold=False,
            )
        ]

    def _joined(self, documents: list[Document]) -> str:
        labels = [self.text(one.label) for one in documents]
        if len(labels) == 1:
            return labels[0]
        return f"{', '.join(labels[:-1])} {self.say('risk.and')} {labels[-1]}"

    def _prepare(self, needs: Requirements, x: float, y: float, w: float, end: float) -> None:
        """As many rows as the room allows; the button under it leads to all."""
        button = (self.say("risk.take"), "qr-code", self.sends(Choose("bring")))
        rows = [
            Row(self.text(paper.label), icon=paper.icon, picture=paper.id, bold=False)
            for paper in needs.papers
        ]
        for count in range(len(rows), 0, -1):
            card = ListCard(
                self.look, x, y, w, rows[:count], title=self.say("risk.prepare"), row_h=74, head_button=button
            )
            if card.bottom <= end:
                self.add(card)
                self._taking = True
                return

    def _more_button(self, y: float, w: float, count: int) -> Button:
        return Button(
            self.look, self.left, y, w, 92, self.say("risk.all", n=count), self.sends(Choose("details")),
            icon="list-checks", role="tile_small",
        )  # fmt: skip

    def _more_button_height(self) -> float:
        beside = self._take_width() + 16 if self.look.large else 0.0  # where the two buttons share the row
        return self._more_button(0, self.width - beside, 99).h

    def _take_width(self) -> float:
        return text.width_of(self.look, self.say("risk.take"), "tile_small") + 130

    def _more(self, needs: Requirements) -> None:
        """To everything; and the button to take the list along, when the card that carries it found no room."""
        count = len(needs.papers) + len(needs.basics)
        if self._taking:
            self.add(self._more_button(self.shore.end - self._more_button_height(), self.width, count))
            return
        words = self.say("risk.take")
        wide = self._take_width()
        high = self._more_button(0, self.width - wide - 16, count).h
        y = self.shore.end - high
        self.add(self._more_button(y, self.width - wide - 16, count))
        self.add(
            Button(
                self.look, self.left + self.width - wide, y, wide, high, words, self.sends(Choose("bring")),
                icon="qr-code", role="tile_small",
            )
        )  # fmt: skip

    # ---- everything
    def _all(self, needs: Requirements) -> None:
        self.horizon = 400
        self._sky(needs)
        items = [self.back(), self.forward(self.say("risk.apply"))]
        paging = NavItem(self.say("risk.next_page", n=9, m=9), self.turn, "next", "right")
        nav_h = self.nav_height([self.back(), paging, items[-1]])
        self._top = self.shore.y
        room = self.nav_bottom - nav_h - 24 - self._top
        self._pages = Paginator(self.look, self.width, self._sections(needs)).pages(room)
        self._shown: list[ListCard] = []
        self._draw_page()

    def turn(self) -> None:
        """The next page; after the last comes the first."""
        self.page = (self.page + 1) % len(self._pages)
        self._draw_page()

    def _draw_page(self) -> None:
        for card in self._shown:
            self.remove(card)
        if self.nav_row is not None:
            self.remove(self.nav_row)
        self._shown = []
        y = self._top
        for title, rows in self._pages[self.page]:
            card = self.add(ListCard(self.look, self.left, y, self.width, rows, title=title))
            self._shown.append(card)
            y = card.bottom + 20
        items = [self.back(), self.forward(self.say("risk.apply"))]
        if len(self._pages) > 1:
            words = self.say("risk.next_page", n=self.page + 1, m=len(self._pages))
            items.insert(1, NavItem(words, self.turn, "next", "right"))
        self.nav(items)

    def _sections(self, needs: Requirements) -> list[Section]:
        operate = {True: "operate_yes", False: "operate_no", None: "operate_unknown"}[needs.may_operate_now]
        facts = [
            self._row(self.say("risk.days"), needs.days_text, needs.clock_note),
            self._row(self.say("risk.cost"), needs.cost, needs.cost_note),
            self._row(self.say("risk.decides"), needs.decides, None),
            Row(self.say(f"risk.{operate}"), caption=self.say("risk.operate")),
        ]
        if needs.contradiction is not None:
            facts.insert(0, Row(self.text(needs.contradiction), icon="late", bold=False))
        sections: list[Section] = [
            (self.say("risk.get"), (*self._got(needs), *facts)),
            (
                self.say("risk.prepare"),
                tuple(self._thing(p.label, p.why, p.icon, p.source, p.certain, p.id) for p in needs.papers),
            ),
        ]
        if needs.basics:
            rows = tuple(self._thing(b.label, b.detail, b.icon, b.source, b.certain) for b in needs.basics)
            sections.append((self.say("risk.basics"), rows))
        if needs.later:
            rows = tuple(
                self._thing(entry.text, None, entry.icon, entry.source, True) for entry in needs.later
            )
            sections.append((self.say("risk.later"), rows))
        laws = tuple(Row(self.source(source), icon="scales", bold=False) for source in needs.sources)
        return [*sections, (self.say("risk.laws"), laws)]

    def _row(self, caption: str, value: Text, note: Text | None) -> Row:
        return Row(self.text(value), caption=caption, sub=self.text(note) if note else None)

    def _thing(
        self, label: Text, why: Text | None, icon: str, source: Source, certain: bool, picture: str = ""
    ) -> Row:
        lines = [self.text(why)] if why else []
        if not certain:
            lines.append(sentence_case(self.say("risk.maybe")))
        lines.append(self.source(source))
        return Row(self.text(label), sub="\n".join(lines), icon=icon, picture=picture or None)
