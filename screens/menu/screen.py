"""Menu utama (pictures 04, 21, 22): a greeting, what is under way, and a tile for every service there is."""

from __future__ import annotations

from collections.abc import Hashable
from math import ceil

from kiosk.flow.events import Choose, Leave, TurnPage
from kiosk.flow.model import Visit
from kiosk.identity.rights import Way
from kiosk.journeys import SERVICES, Service
from screens.frame import NoRoomError
from screens.scene import Scene
from screens.theme.tokens import RoleName, ToneName
from screens.widgets import text
from screens.widgets.art import Sun
from screens.widgets.buttons import Tile
from screens.widgets.helpbar import NavItem
from screens.widgets.status import Banner
from screens.words import address, clock, greeting

_MOST_LARGE = 5
"""Tiles on a screen at the largest words (design, chapter 6)."""


class Menu(Scene):
    horizon = 570

    @classmethod
    def key(cls, visit: Visit) -> Hashable:
        return (
            visit.menu_page,
            visit.online,
            visit.offline_since,
            visit.person,
            visit.standing,
            greeting("id", visit.hour),
        )

    def build(self) -> None:
        self._name = address(self.visit.language, self.visit.person)
        self._services = [service for service in SERVICES.values() if service.offered]
        self._pages = self._page = 0
        if self.look.large and not self.look.landscape:
            self.horizon = 370.0
        nav_h = self.nav_height([NavItem("", None)], shallow=not self.look.large)
        notices = [
            Banner(self.look, 0, 0, self.width, words, tone).h + 22 for words, tone, *_ in self._notices()
        ]
        top = (40.0 if self.look.landscape else self.horizon + 24) + sum(notices)
        self._plan(top, self.nav_bottom - nav_h - 24)
        if self.look.large:
            self._small_sky()
        else:
            self._greeting_sky()
        self._nav()
        for words, tone, icon, fill in self._notices():
            self.shore.put(Banner, words, tone, icon=icon, fill=fill, gap=22)
        self._tiles()

    # ---- which tiles are on this page
    def _plan(self, top: float, end: float) -> None:
        """How many tiles fit between ``top`` and ``end``; the rest is on further pages."""
        look = self.look
        columns = 1 if look.large else 2
        width = (self.width - 18 * (columns - 1)) / columns
        self._high = max(
            self._tile(one, 0, 0, width, 196 if look.large else 132 if look.landscape else 152).h
            for one in self._services
        )
        if look.large and 4 * (self._high + 16) > end - top:
            self._high = max(self._tile(one, 0, 0, width, 0).h for one in self._services)
        limit = _MOST_LARGE if look.large else self.visit.settings.tiles_per_page
        rows = max(1, int((end - top + 17) // (self._high + 16)))
        self._per_page = max(1, min(limit, rows * columns))
        self._pages = ceil(len(self._services) / self._per_page)
        self._page = self.visit.menu_page % self._pages

    def _small_sky(self) -> None:
        parts = [self._name] if self._name else []
        if self._pages > 1:
            parts.append(self.say("menu.page", now=self._page + 1, all=self._pages))
        if not parts:
            parts = [greeting(self.visit.language, self.visit.hour)]
        self.head(self.say("menu.question"), step=" · ".join(parts), below=70)

    def _greeting_sky(self) -> None:
        look, language = self.look, self.visit.language
        hello = greeting(language, self.visit.hour)
        title = (
            self.say("menu.greeting", greeting=hello, name=self._name)
            if self._name
            else self.say("menu.greeting_unknown", greeting=hello)
        )
        role: RoleName = "greeting"
        if text.width_of(look, title, role) > self.sky_width:
            role = "title"
        self.head(
            title,
            role=role,
            sentence=self.say("menu.sentence"),
            sentence_role="lead",
            y=None if look.landscape else 180,
        )
        if look.landscape:
            self.add_sky(Sun(look, 300, 792, 170, halos=(230,)))
        else:
            self.add_sky(Sun(look, 922, self.horizon, 142, halos=(188,)))

    def _nav(self) -> None:
        leave = NavItem(self.say("nav.finish_leave"), self.sends(Leave()), "exit")
        if self._pages > 1:
            leave = NavItem(self.say("nav.leave"), self.sends(Leave()), "exit")
            more = NavItem(self.say("menu.more"), self.sends(TurnPage()), "forward", "right", "filled")
            other = [] if self.look.large else [self._who()]
            self.nav([*other, leave, more], even=True)
            return
        self.nav([self._who(), leave], shallow=True, even=True)

    def _who(self) -> NavItem:
        if self._name:
            label = self.say("menu.not_me", name=self._name)
            room = (self.width - 21) / 2 - 110
            if text.width_of(self.look, label, "tile_small") > room:
                label = self.say("menu.not_me_unnamed")
        elif self.visit.standing.way is not Way.NONE:
            label = self.say("menu.not_me_unnamed")
        else:
            return NavItem(self.say("menu.say_who"), self.sends(Choose("other_person")), "ektp")
        return NavItem(label, self.sends(Choose("other_person")), "user-switch")

    # ---- what is under way, and the line
    def _notices(self) -> list[tuple[str, ToneName, str, bool]]:
        visit = self.visit
        notices: list[tuple[str, ToneName, str, bool]] = []
        if visit.person.processing:
            first = visit.person.processing[0][1 if visit.language == "en" else 0]
            count = len(visit.person.processing)
            words = (
                self.say("menu.one_processing", words=first)
                if count == 1
                else self.say("menu.processing", count=count, words=first)
            )
            notices.append((words, "plain", "wait", False))
        if not visit.online:
            words = (
                self.say("menu.offline_since", time=clock(visit.language, visit.offline_since))
                if visit.offline_since
                else self.say("menu.offline")
            )
            notices.append((words, "amber", "wifi-slash", False))
        return notices

    # ---- the tiles
    def _tiles(self) -> None:
        start = self._page * self._per_page
        shown = self._services[start : start + self._per_page]
        makes = [
            (lambda x, y, w, h, one=one: self._tile(one, x, y, w, h))  # one maker a service
            for one in shown
        ]
        placed = self.shore.grid(makes, self._high)
        if placed != len(shown):  # the tests draw every size of words
            raise NoRoomError("a service has no room")

    def _tile(self, service: Service, x: float, y: float, w: float, h: float) -> Tile:
        large = self.look.large
        return Tile(
            self.look,
            x,
            y,
            w,
            h,
            self.say(f"menu.{service.name}"),
            self.sends(Choose(service.name)),
            help_line=self.say(f"menu.{service.name}.help"),
            icon=service.icon,
            skin="filled" if service is self._services[0] else "plain",
            arrow=large,
        )
