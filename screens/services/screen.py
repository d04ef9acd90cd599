"""Ambil antrean: which counter. One touch takes the number."""

from __future__ import annotations

from collections.abc import Hashable

from kiosk import i18n
from kiosk.flow.events import Back, Choose, Leave
from kiosk.flow.model import Visit
from kiosk.flow.results import Trouble
from kiosk.journeys.queue import Queue
from screens.scene import Scene
from screens.widgets.buttons import Tile
from screens.widgets.helpbar import NavItem
from screens.words import Notice

_ICONS = {"perizinan": "storefront", "informasi": "info", "pengaduan": "chat-circle-text"}


def counter_words(language: str, service: str, ending: str = "") -> str:
    """The name of a counter; the settings may name some this kiosk has no words for."""
    key = f"services.{service}{ending}"
    if i18n.known(key):
        return i18n.say(language, key)
    name = service.replace("_", " ").capitalize()
    if ending == ".counter":
        return i18n.say(language, "services.any_counter", name=name)
    return "" if ending else name


class Services(Scene):
    horizon = 440

    @classmethod
    def key(cls, visit: Visit) -> Hashable:
        journey = visit.journey
        return journey.services if isinstance(journey, Queue) else ()

    def build(self) -> None:
        self.head(
            self.say("services.title"), step=self.say("menu.queue"), sentence=self.say("services.sentence")
        )
        self.nav(
            [
                NavItem(self.say("nav.back"), self.sends(Back()), "back"),
                NavItem(self.say("nav.leave"), self.sends(Leave()), "leave"),
            ],
            shallow=True,
        )
        services = self.key(self.visit)
        assert isinstance(services, tuple)  # noqa: S101 -- see `key`
        samples = [self.say("services.taking"), self.say("trouble.offline"), self.say("trouble.internal")]
        high = 168.0
        makes = [
            (lambda x, y, w, h, one=one: self._tile(one, x, y, w, h))  # one maker a counter
            for one in services
        ]
        self.tiles: list[Tile] = []
        before = len(self.parts)
        self.shore.grid(makes, high, columns=1)
        self.tiles = [part for part in self.parts[before:] if isinstance(part, Tile)]
        self.notice = self.shore.put(Notice, samples)
        self._tell(self.visit)

    def _tile(self, service: str, x: float, y: float, w: float, h: float) -> Tile:
        language = self.visit.language
        return Tile(
            self.look,
            x,
            y,
            w,
            h,
            counter_words(language, service),
            self.sends(Choose(service)),
            help_line=counter_words(language, service, ".help") or None,
            icon=_ICONS.get(service, "ticket"),
            arrow=True,
        )

    def _tell(self, visit: Visit) -> None:
        journey = visit.journey
        if not isinstance(journey, Queue):
            return
        trouble: Trouble | None = journey.trouble
        for tile in self.tiles:
            tile.busy = journey.taking
        if journey.taking:
            self.notice.say(self.say("services.taking"), "tint", "hourglass")
        elif trouble is not None:
            self.notice.say(self.say(f"trouble.{trouble.value}"), "amber", "warning")
        else:
            self.notice.say("")

    def update(self, visit: Visit) -> None:
        self._tell(visit)
