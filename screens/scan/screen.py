"""Lanjutkan berkas: the live camera with one hint until a draft's QR is read, then what the draft holds, in dots.

The live picture never enters the state, as on the camera screen. The second face shows which questions were answered
and nothing of the answers; the filled button leads to the code that opens them.
"""

from __future__ import annotations

from collections.abc import Hashable

from kiosk.flow.events import Back, Forward, Leave, TurnPage
from kiosk.flow.model import Visit
from kiosk.flow.results import DraftFound, Trouble
from kiosk.journeys.resume import DOTS, Resume
from screens.application import Paginator, day_words, trouble_words
from screens.camera.hint import HintScene
from screens.widgets.buttons import Button
from screens.widgets.cards import ListCard, Row
from screens.widgets.helpbar import NavItem
from screens.widgets.status import Banner

_MORE_H = 92.0


def journey_of(visit: Visit) -> Resume:
    assert isinstance(visit.journey, Resume)  # noqa: S101 -- the director pairs places and scenes
    return visit.journey


def _again(journey: Resume) -> bool:
    """The look is over without a draft: the visitor asks for another one."""
    return bool(journey.said or journey.trouble) and not journey.waiting


class Scan(HintScene):
    texts = "scan"

    @classmethod
    def key(cls, visit: Visit) -> Hashable:
        journey = journey_of(visit)
        if journey.found is None:
            return False, _again(journey)
        return (
            True,
            journey.found,
            journey.sheet is None,
            journey.page,
            journey.trouble,
            bool(journey.waiting),
        )

    def build(self) -> None:
        journey = journey_of(self.visit)
        super().build()
        if journey.found is None:
            self._camera_face(journey)
        else:
            self._draft_face(journey, journey.found)

    def _ways(self) -> list[NavItem]:
        back = NavItem(self.say("nav.back"), self.sends(Back()), "back")
        return [back, NavItem(self.say("nav.leave"), self.sends(Leave()), "leave")]

    # ---- looking for the code
    def _camera_face(self, journey: Resume) -> None:
        again = NavItem(self.say("scan.again"), self.sends(Forward()), "arrow-clockwise", skin="filled")
        nav = [*self._ways(), *([again] if _again(journey) else [])]
        self.looking(self.say("scan.title"), self.say("scan.step"), self.say("scan.where"), nav)

    def hint(self, visit: Visit) -> tuple[Trouble | None, str, bool]:
        journey = journey_of(visit)
        if journey.trouble is not None:
            return journey.trouble, trouble_words(visit.language, journey.trouble), False
        if journey.handle:
            return None, self.say("scan.found"), True
        if journey.said:
            return None, self.say(f"scan.{journey.said}"), False
        return None, self.say("scan.place" if self.seen else "scan.start"), False

    # ---- what it holds
    def _draft_face(self, journey: Resume, found: DraftFound) -> None:
        self.horizon = 430.0
        day = day_words(self.visit.language, found.until)
        self.head(
            self.say("scan.draft_title"),
            step=self.say("scan.step"),
            step_icon="done",
            sentence=self.say("scan.draft_sentence", day=day),
        )
        self.nav(
            [
                *self._ways(),
                NavItem(self.say("scan.open"), self.sends(Forward()), "lock-key-open", skin="filled"),
            ]
        )
        if journey.waiting and self.nav_row is not None:
            self.nav_row.buttons[-1].set_busy(True, self.say("scan.opening"))
        if journey.trouble is not None:
            self.shore.put(Banner, trouble_words(self.visit.language, journey.trouble), "brick", icon="late")
        rows = self._rows(journey, found)
        paginator = Paginator(self.look, self.width, [("", tuple(rows))])
        pages = paginator.pages(self.shore.room)
        if len(pages) > 1:
            pages = paginator.pages(self.shore.room - _MORE_H - 20)
        page = journey.page % len(pages)
        for _, shown in pages[page]:
            self.shore.put(ListCard, shown)
        if len(pages) > 1:
            words = f"{self.say('scan.next_page')} · {self.say('scan.page', now=page + 1, all=len(pages))}"
            self.add(
                Button(
                    self.look, self.left, self.shore.end - _MORE_H, self.width, _MORE_H, words,
                    self.sends(TurnPage()), icon="next", icon_at="right", role="tile_small",
                )
            )  # fmt: skip

    def _rows(self, journey: Resume, found: DraftFound) -> list[Row]:
        """The business, then a row a screen of the form that has answers: labels above, dots below."""
        sheet, language = journey.sheet, self.visit.language
        title = f"{sheet.title} ({found.kbli})" if sheet is not None else found.kbli
        rows = [Row(title, caption=self.say("scan.draft_business"))] if title else []
        given = {name for name, _ in found.answers}
        for screen in sheet.screens if sheet is not None else ():
            labels = [one.label.get(language) for one in screen.questions if one.id in given]
            if labels:
                rows.append(Row(" · ".join([DOTS] * len(labels)), caption=" · ".join(labels)))
        return rows or [Row(self.say("scan.draft_empty"))]
