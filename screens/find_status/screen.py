"""Cek status: one's own applications to choose from, or an application number to type."""

from __future__ import annotations

from collections.abc import Hashable
from math import ceil

from kiosk.flow.events import Back, Choose, ClearField, Leave, TurnPage
from kiosk.flow.model import Visit
from kiosk.flow.results import Status
from kiosk.identity.rights import Right
from kiosk.journeys.status import Track
from screens.scene import Scene
from screens.theme.tokens import RoleName
from screens.widgets.buttons import Tile
from screens.widgets.fields import Field
from screens.widgets.helpbar import NavItem
from screens.widgets.keys import Keyboard
from screens.words import Notice, typing

_TILE = 168.0


class FindStatus(Scene):
    horizon = 286

    @classmethod
    def key(cls, visit: Visit) -> Hashable:
        journey = visit.journey
        if not isinstance(journey, Track):
            return None
        looking = journey.fetching and not journey.number and visit.standing.may(Right.SEE_OWN)
        return journey.own, journey.page if journey.own else 0, looking

    def build(self) -> None:
        journey = self.visit.journey
        assert isinstance(journey, Track)  # noqa: S101 -- the place belongs to the journey
        self.notice: Notice | None = None
        self.field: Field | None = None
        looking = journey.fetching and not journey.number and self.visit.standing.may(Right.SEE_OWN)
        if journey.own:
            self._list(journey)
        elif looking:
            self._looking()
        else:
            self._typed(journey)

    def _nav(self, *more: NavItem) -> None:
        back = NavItem(self.say("nav.back"), self.sends(Back()), "back")
        leave = NavItem(self.say("nav.leave"), self.sends(Leave()), "leave")
        self.nav([back, leave, *more], shallow=True, even=True)

    def _looking(self) -> None:
        self.horizon = 440.0
        self.head(
            self.say("find_status.title"),
            role=self._role,
            step=self.say("find_status.step"),
            sentence=self.say("find_status.searching"),
        )
        self._nav()

    @property
    def _role(self) -> RoleName:
        """The sky of a landscape screen is too narrow for the longest word of the title at large words."""
        return "title_small" if self.look.landscape and self.look.large else "title"

    # ---- one's own applications
    def _list(self, journey: Track) -> None:
        self.horizon = 440.0
        self.head(
            self.say("find_status.title"),
            role=self._role,
            step=self.say("find_status.step"),
            sentence=self.say("find_status.sentence_own"),
        )
        self._nav()
        tiles = [self._tile(one, self.left, 0, self.width, _TILE) for one in journey.own]
        tallest = max(tile.h for tile in tiles)
        fit = max(1, int((self.shore.room + 17) // (tallest + 16)))
        pages = ceil(len(tiles) / fit)
        page = journey.page % pages
        shown = journey.own[page * fit : page * fit + fit]
        if pages > 1:
            assert self.nav_row is not None  # noqa: S101 -- drawn above
            self.remove(self.nav_row)
            left = len(journey.own) - page * fit - len(shown)
            count = left or len(journey.own)
            self._nav(NavItem(self.say("nav.more", count=count), self.sends(TurnPage()), "more", "right"))
        for one in shown:
            self.add(self._tile(one, self.left, self.shore.y, self.width, tallest))
            self.shore.y += tallest + 16

    def _tile(self, one: Status, x: float, y: float, w: float, h: float) -> Tile:
        language = self.visit.language
        headline = one.headline_en if language == "en" else one.headline_id
        day = self.say("find_status.day", day=one.day, days=one.days) if one.days else ""
        return Tile(
            self.look,
            x,
            y,
            w,
            h,
            one.title or one.number,
            self.sends(Choose(one.number)),
            help_line=" · ".join(part for part in (headline, day) if part),
            icon="file-text",
            arrow=True,
            keep=False,
        )

    # ---- a number to type
    def _typed(self, journey: Track) -> None:
        look = self.look
        end = self.head(
            self.say("find_status.title_number"),
            step=self.say("find_status.step"),
            role="title_small",
            below=38,
        )
        self._nav()
        wide = 1016.0
        kx = (look.wide - wide) / 2 if not look.landscape else self.left + (self.width - wide) / 2
        ky = look.tall - 858.0 if not look.landscape else self.shore.end - 480
        self.field = self.shore.put(
            Field,
            self.say("find_status.label"),
            state="active",
            icon="search",
            on_clear=self.sends(ClearField()),
            h=112,
            gap=16,
        )
        if look.landscape:  # the keyboard needs all of the shore
            self.notice = self.add(Notice(look, self.sky_left, end + 24, self.sky_width, self._samples()))
        else:
            self.notice = self.shore.put(Notice, self._samples())
        self.keyboard = self.add(Keyboard(look, kx, ky, typing(self.send), action="search", signs=True))
        self._tell(self.visit)

    def _samples(self) -> list[str]:
        keys = ("find_status.hint", "find_status.none_own", "trouble.not_found", "trouble.offline")
        return [self.say(key) for key in keys]

    def _tell(self, visit: Visit) -> None:
        journey = visit.journey
        if not isinstance(journey, Track) or self.notice is None or self.field is None:
            return
        self.field.say(journey.number)
        self.field.become("error" if journey.trouble is not None else "active")
        if journey.fetching:
            self.notice.say(self.say("find_status.searching"), "tint", "hourglass")
        elif journey.trouble is not None:
            self.notice.say(self.say(f"trouble.{journey.trouble.value}"), "amber", "warning")
        elif visit.standing.may(Right.SEE_OWN):
            self.notice.say(self.say("find_status.none_own"), "tint")
        else:
            self.notice.say(self.say("find_status.hint"), "tint")

    def update(self, visit: Visit) -> None:
        self._tell(visit)
