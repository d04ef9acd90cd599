"""The pictures taken of one paper: what is good, what to take again, and room for one more."""

from __future__ import annotations

from collections.abc import Hashable
from io import BytesIO
from typing import Any

from kiosk.flow.events import Choose, TurnPage
from kiosk.flow.model import Visit
from kiosk.journeys.apply.state import PAGES_PER_DOCUMENT, Apply, PageInfo
from screens.application import ApplyScene, journey_of
from screens.widgets.buttons import Button, Dashed
from screens.widgets.cards import PageCard

LAST_PAGE = 10**6
"""From this number on the journey counts from the last page of the list."""


def texture_of(jpeg: bytes) -> Any:
    """The texture of a JPEG, or None when there is none or it cannot be read. Nothing of it is cached."""
    from kivy.core.image import Image

    if not jpeg:
        return None
    try:
        return Image(BytesIO(jpeg), ext="jpg", nocache=True).texture
    except Exception:  # noqa: BLE001 -- Kivy's loaders raise whatever their library does; a page without picture remains
        return None


class Pages(ApplyScene):
    horizon = 400

    @classmethod
    def key(cls, visit: Visit) -> Hashable:
        journey = journey_of(visit)
        return (journey.document, journey.pages, journey.pages_page, journey.trouble)

    def build(self) -> None:
        journey = self.journey
        paper = journey.paper_now
        assert paper is not None  # noqa: S101 -- the journey leaves this place without one
        self.head(
            self.say("pages.title"),
            step=self.say(
                "pages.step", n=journey.document + 1, m=len(journey.papers), label=self.text(paper.label)
            ),
            sentence=self.say("pages.sentence"),
        )
        self.nav([self.back(), self.leave(), self.forward()])
        self.trouble_notice(journey.trouble)
        mine = journey.pages_of(paper.id)
        self._cells(journey, mine)

    def _cells(self, journey: Apply, mine: tuple[PageInfo, ...]) -> None:
        columns = 3 if self.look.landscape else 2
        rows = 1 if self.look.landscape else 2
        count = len(mine) + (1 if len(mine) < PAGES_PER_DOCUMENT else 0)
        slots = rows * columns
        pages = -(-count // slots)
        now = (
            (pages - 1 + journey.pages_page - LAST_PAGE) % pages
            if journey.pages_page >= LAST_PAGE
            else journey.pages_page % pages
        )
        end = self.shore.end + 4
        if pages > 1:
            words = self.say("pages.turn", n=now + 1, m=pages)
            high = Button(self.look, 0, 0, self.width, 92, words, icon="next", role="tile_small").h
            y = self.shore.end - high
            self.add(
                Button(
                    self.look, self.left, y, self.width, high, words, self.sends(TurnPage()), icon="next",
                    icon_at="right", role="tile_small",
                )
            )  # fmt: skip
            end = y - 20
        gap = 22.0
        wide = (self.width - gap * (columns - 1)) / columns
        high = (end - self.shore.y - gap * (rows - 1)) / rows
        if not self.look.landscape:
            high = min(high, 566.0)
        for slot in range(slots):
            index = now * slots + slot
            if index >= count:
                break
            row, column = divmod(slot, columns)
            x, y = self.left + column * (wide + gap), self.shore.y + row * (high + gap)
            if index < len(mine):
                self.add(self._card(mine[index], index + 1, x, y, wide, high))
            else:
                self.add(
                    Dashed(self.look, x, y, wide, high, self.say("pages.add"), self.sends(Choose("add")))
                )

    def _card(self, page: PageInfo, number: int, x: float, y: float, w: float, h: float) -> PageCard:
        remark = page.remarks[0] if page.remarks else ""
        verdict = self.say(f"pages.state_{remark}" if remark else "pages.clear")
        return PageCard(
            self.look, x, y, w, h, number, verdict, good=not remark,
            picture=texture_of(self.sources.thumbnail(page.page)), again=self.say("pages.again"),
            on_again=self.sends(Choose(f"retake:{page.page}")), on_delete=self.sends(Choose(f"delete:{page.page}")),
        )  # fmt: skip
