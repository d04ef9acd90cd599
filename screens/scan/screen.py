"""Lanjutkan berkas: the live camera with one hint until a draft's QR is read, then what the draft holds, in dots.

The live picture never enters the state, as on the camera screen. The second face shows which questions were answered
and nothing of the answers; the filled button leads to the code that opens them.
"""

from __future__ import annotations

from collections.abc import Hashable

from hardware.camera.port import CameraFault, CameraTrouble, Frame
from kiosk.flow.events import Back, Forward, Leave, TurnPage
from kiosk.flow.model import Visit
from kiosk.flow.results import DraftFound, Trouble
from kiosk.journeys.resume import DOTS, Resume
from screens.application import Paginator, day_words, trouble_words
from screens.camera.screen import FPS, GROUND, PANEL, Caption
from screens.scene import Scene
from screens.widgets import wake
from screens.widgets.buttons import Button
from screens.widgets.camera import CameraView
from screens.widgets.cards import InfoCard, ListCard, Row
from screens.widgets.helpbar import NavItem
from screens.widgets.status import Banner

_MORE_H = 92.0


def journey_of(visit: Visit) -> Resume:
    assert isinstance(visit.journey, Resume)  # noqa: S101 -- the director pairs places and scenes
    return visit.journey


def _again(journey: Resume) -> bool:
    """The look is over without a draft: the visitor asks for another one."""
    return bool(journey.said or journey.trouble) and not journey.waiting


class Scan(Scene):
    horizon = 300

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
        self._frame: Frame | None = None
        self._live: wake.Movement | None = None
        self._panel: InfoCard | None = None
        self._fault = ""
        self.view: CameraView | None = None
        if journey.found is None:
            self._camera_face(journey)
        else:
            self._draft_face(journey, journey.found)

    def _ways(self, *more: NavItem) -> None:
        back = NavItem(self.say("nav.back"), self.sends(Back()), "back")
        leave = NavItem(self.say("nav.leave"), self.sends(Leave()), "leave")
        self.nav([back, leave, *more], shallow=not more, even=not more)

    # ---- looking for the code
    def _camera_face(self, journey: Resume) -> None:
        look = self.look
        self.sky = "dark"
        self.head(
            self.say("scan.title"),
            step=self.say("scan.step"),
            sentence=self.say("scan.where"),
            role="title_small",
            below=30,
        )
        if look.landscape:
            left, top, foot = self.left - 48, 0.0, look.tall - 148
        else:
            left, top, foot = 0.0, self.horizon, look.tall
        ground = self.pen.ground(GROUND, left, top, look.wide - left, foot - top)
        again = NavItem(self.say("scan.again"), self.sends(Forward()), "arrow-clockwise", skin="filled")
        self._ways(*([again] if _again(journey) else []))
        assert self.nav_row is not None  # noqa: S101 -- drawn above
        high = self.nav_row.y - 24 - top
        # Upright the whole width is filled; beside the sky the shape of a camera's picture fits.
        wide = min(look.wide - left, high * 4 / 3) if look.landscape else look.wide
        x = left + (look.wide - left - wide) / 2
        self.lid = (x, top, wide, high)
        ground.place(left, top, look.wide - left, foot - top, self.lid)
        self.view = self.add(CameraView(look, *self.lid))
        self.caption = self.add(Caption(look, self.left, self.view.bottom - 18, self.width))
        self._tell(self.visit)

    def update(self, visit: Visit) -> None:
        if self.view is not None:
            self._tell(visit)

    def _tell(self, visit: Visit) -> None:
        """What the state says, in the panel over the view or in the one hint."""
        journey = journey_of(visit)
        trouble = journey.trouble
        seen = self._frame is not None
        if trouble is not None and trouble in PANEL:
            self._show_fault(PANEL[trouble].value)
        elif trouble is Trouble.UNREADABLE:
            self._show_fault(CameraTrouble.UNREADABLE.value)
        elif visit.down("camera"):
            self._show_fault(CameraTrouble.NO_CAMERA.value)
        elif seen:
            self._show_fault("")
        if self._fault:
            self.caption.say("")
        elif trouble is not None:
            self.caption.say(trouble_words(visit.language, trouble))
        elif journey.handle:
            self.caption.say(self.say("scan.found"), good=True)
        elif journey.said:
            self.caption.say(self.say(f"scan.{journey.said}"))
        else:
            self.caption.say(self.say("scan.place" if seen else "scan.start"))

    def _show_fault(self, trouble: str) -> None:
        if trouble == self._fault or self.view is None:
            return
        self._fault = trouble
        if self._panel is not None:
            self.remove(self._panel)
            self._panel = None
        if trouble:
            words, title = self.say(f"scan.fault_{trouble}"), self.say("scan.fault")
            make = {"icon": "camera-slash", "icon_size": 92.0}
            high = InfoCard(self.look, self.left, 0, self.width, title, words, **make).h  # pyright: ignore[reportArgumentType]
            y = self.view.y + max(30.0, (self.view.h - high) / 2)
            self._panel = self.add(InfoCard(self.look, self.left, y, self.width, title, words, **make))  # pyright: ignore[reportArgumentType]

    def shown(self) -> None:
        super().shown()
        if self.view is not None:
            self._live = wake.play(1.0, self._step, loop=True, fps=FPS)

    def gone(self) -> None:
        if self._live is not None:
            self._live.stop()
        self._frame = None
        super().gone()

    def _step(self, _share: float) -> None:
        if self.view is None:
            return
        newest = self.sources.frame()
        if isinstance(newest, CameraFault):
            self._frame = None
            self._show_fault(newest.trouble.value)
            self.caption.say("")
            return
        if newest is None or (self._frame is not None and newest.number == self._frame.number):
            return
        first, self._frame = self._frame is None, newest
        self.view.feed(newest.pixels, newest.width, newest.height)
        if first:
            self._tell(self.visit)

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
        self._ways(NavItem(self.say("scan.open"), self.sends(Forward()), "lock-key-open", skin="filled"))
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
