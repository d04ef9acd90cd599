"""Looking a document up: rows with a small picture of the first page; every key searches what the kiosk holds."""

from __future__ import annotations

from collections.abc import Hashable
from math import ceil

from kiosk.flow.archive_results import Row
from kiosk.flow.events import Back, ClearField, TurnPage
from kiosk.flow.model import Visit
from kiosk.journeys.archive.state import Archive
from screens.application import trouble_words
from screens.archive.board import archive_of
from screens.pages.screen import texture_of
from screens.scene import Scene
from screens.theme.look import Look
from screens.theme.tokens import ToneName
from screens.widgets import text
from screens.widgets.cards import Card
from screens.widgets.fields import Field
from screens.widgets.helpbar import NavItem
from screens.widgets.keys import Keyboard
from screens.widgets.part import Part
from screens.widgets.status import Banner, Chip
from screens.words import typing

_KEYBOARD = 480.0
_TONES: dict[str, ToneName] = {
    "queued": "tint",
    "sent": "tint",
    "confirmed": "green",
    "refused": "brick",
    "portal": "plain",
}


class Found(Part):
    """One document: picture, number with its year, holder, a line of text around the hit, and how far it is."""

    def __init__(
        self, look: Look, x: float, y: float, w: float, row: Row, words: tuple[str, str, str], picture: object
    ) -> None:  # fmt: skip
        super().__init__(look, x, y, w, 0)
        chip, pages, excerpt = words
        state = row.state if row.here else "portal"
        title = row.number if row.year in row.number else f"{row.number} · {row.year}"
        facts = " · ".join(
            part for part in (row.holder, f"KBLI {row.kbli}" if row.kbli else "", pages) if part
        )
        # Beside the sky the keyboard leaves room for little more than one row.
        tight = look.landscape
        side, pad = (66.0, 14.0) if tight else (96.0, 36.0)
        if tight:
            excerpt = ""
        left = x + 22 + side + 22
        sign = Chip(look, 0, 0, chip, _TONES.get(state, "tint"))
        room = x + w - left - 24
        beside = text.width_of(look, title, "tile_small") + sign.w + 24 <= room
        lines = [
            (title, "tile_small", look.palette.ink),
            (facts, "small", look.palette.ink2),
            *([(excerpt, "small", look.palette.ink2)] if excerpt else []),
        ]
        heights = [text.height_of(look, said, role, room) for said, role, _ in lines]  # pyright: ignore[reportArgumentType]
        need = sum(heights) + 6 * (len(lines) - 1) + (0 if beside else sign.h + 10)
        self.h = max(need + pad, side * 1.3 + 24)
        card = self.add(Card(look, x, y, w, self.h))
        pen = card.pen
        high = self.h - 24
        pen.box(pen.shape(8, "#DDE5E5"), x + 16, y + 12, side, high)
        if picture is not None:
            width, height = picture.size  # pyright: ignore[reportAttributeAccessIssue]
            scale = min(side / width, high / height)
            pen.picture(
                picture, x + 16 + (side - width * scale) / 2, y + 12 + (high - height * scale) / 2, width * scale,
                height * scale,
            )  # fmt: skip
        top = y + (self.h - need) / 2
        for (said, role, code), tall in zip(lines, heights, strict=True):
            pen.text(said, role, left, top, room, code=code)  # pyright: ignore[reportArgumentType]
            top += tall + 6
        if beside:
            self.add(
                Chip(look, x + w - 24 - sign.w, y + (self.h - need) / 2 - 4, chip, _TONES.get(state, "tint"))
            )
        else:
            self.add(Chip(look, left, top + 4, chip, _TONES.get(state, "tint")))


class Search(Scene):
    horizon = 250

    @classmethod
    def key(cls, visit: Visit) -> Hashable:
        journey = archive_of(visit)
        return journey.rows, journey.page, journey.trouble, journey.portal, journey.found_for is None

    def build(self) -> None:
        look, journey = self.look, archive_of(self.visit)
        self._under = self.head(
            self.say("archive.search_title"), role="title_small", step=self.say("archive.step"), below=30
        )
        self._navigate(journey, 0, 0)
        options = {"state": "active", "icon": "search", "on_clear": self.sends(ClearField()), "h": 104}
        # Beside the sky the label would take a row's room; the title says the same.
        label = "" if look.landscape else self.say("archive.search_label")
        self.field = self.shore.put(Field, label, gap=12, **options)  # pyright: ignore[reportArgumentType]
        wide = min(1016.0, self.width + 48)
        x = self.left + (self.width - wide) / 2
        self._low = self.shore.end - _KEYBOARD
        self.keyboard = self.add(Keyboard(look, x, self._low, typing(self.send), action="search", signs=True))
        self._rows(journey)
        self._tell(self.visit)

    def _navigate(self, journey: Archive, now: int, pages: int) -> None:
        back = NavItem(self.say("nav.back"), self.sends(Back()), "back")
        items = [back]
        if pages > 1:
            words = self.say("archive.search_more", now=now + 1, all=pages)
            items.append(NavItem(words, self.sends(TurnPage()), "more", "right"))
        self.nav(items, shallow=True, even=True)

    def _rows(self, journey: Archive) -> None:
        end = self._low - 14
        notice = self._said(journey)
        if notice is not None:
            words, tone = notice
            if self.look.landscape:
                self.add_sky(
                    Banner(self.look, self.sky_left, self._under, self.sky_width, words, tone, icon="info")
                )
            else:
                self.shore.put(Banner, words, tone, icon="info", gap=12)
        if not journey.rows:
            return
        made = [self._row(one, 0) for one in journey.rows]
        tallest = max(part.h for part in made)
        fit = max(1, int((end - self.shore.y + 12) // (tallest + 12)))
        pages = ceil(len(made) / fit)
        now = journey.page % pages
        if pages > 1:
            assert self.nav_row is not None  # noqa: S101 -- drawn above
            self.remove(self.nav_row)
            self._navigate(journey, now, pages)
        y = self.shore.y
        for one in journey.rows[now * fit : (now + 1) * fit]:
            part = self._row(one, y)
            if y > self.shore.y and y + part.h > end:
                break
            self.add(part)
            y += part.h + 12

    def _row(self, row: Row, y: float) -> Found:
        state = row.state if row.here else "portal"
        words = (
            self.say(f"archive.state_{state}"),
            self.say("archive.row_pages", count=row.pages),
            row.excerpt,
        )
        picture = texture_of(self.sources.thumbnail(row.name)) if row.here else None
        return Found(self.look, self.left, y, self.width, row, words, picture)

    def _said(self, journey: Archive) -> tuple[str, ToneName] | None:
        if journey.trouble is not None:
            offline = journey.trouble.value in ("offline", "slow")
            words = (
                self.say("archive.search_offline")
                if offline
                else trouble_words(self.visit.language, journey.trouble)
            )
            return words, "amber"
        if journey.rows or journey.found_for is None:
            return None
        if not journey.query:
            return self.say("archive.empty"), "tint"
        return self.say("archive.search_none_portal" if journey.portal else "archive.search_none"), "tint"

    def update(self, visit: Visit) -> None:
        self._tell(visit)

    def _tell(self, visit: Visit) -> None:
        self.field.say(archive_of(visit).query)
