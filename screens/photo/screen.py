"""Foto e-KTP: the card's face under the camera. One button reads it, another leads to typing the number instead."""

from __future__ import annotations

from collections.abc import Hashable

from kiosk.flow.events import Back, Choose, Forward
from kiosk.flow.model import Visit
from kiosk.flow.results import Trouble
from screens.application import trouble_words
from screens.camera.hint import HintScene
from screens.widgets.helpbar import NavItem


def reading(visit: Visit) -> bool:
    """The card is being photographed and read."""
    return any(entry.kind == "ReadFace" for entry in visit.pending)


class Photo(HintScene):
    texts = "photo"

    @classmethod
    def key(cls, visit: Visit) -> Hashable:
        return None

    def build(self) -> None:
        super().build()
        nav = [
            NavItem(self.say("nav.back"), self.sends(Back()), "back"),
            NavItem(self.say("photo.type"), self.sends(Choose("nik")), "ektp"),
            NavItem(self.say("photo.read"), self.sends(Forward()), "camera", skin="filled"),
        ]
        self.looking(
            self.say("photo.title"), self.say("common.step_way_in", now=1), self.say("photo.sentence"), nav
        )

    def hint(self, visit: Visit) -> tuple[Trouble | None, str, bool]:
        if reading(visit):
            return None, self.say("photo.reading"), True
        if visit.trouble is not None:
            return visit.trouble, trouble_words(visit.language, visit.trouble), False
        return None, self.say("photo.place" if self.seen else "photo.start"), False

    def tell(self, visit: Visit) -> None:
        super().tell(visit)
        if self.nav_row is not None:
            self.nav_row.buttons[-1].set_busy(reading(visit), self.say("common.wait").rstrip("…"))
