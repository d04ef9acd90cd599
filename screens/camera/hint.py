"""The live camera with one hint over it: what the QR of a draft and the face of an e-KTP are looked for with.

The live picture never enters the state: the newest frame is taken from the camera while the scene is shown.
"""

from __future__ import annotations

from hardware.camera.port import CameraFault, CameraTrouble, Frame
from kiosk.flow.model import Visit
from kiosk.flow.results import Trouble
from screens.camera.screen import FPS, GROUND, PANEL, Caption
from screens.scene import Scene
from screens.widgets import wake
from screens.widgets.camera import CameraView
from screens.widgets.cards import InfoCard
from screens.widgets.helpbar import NavItem


class HintScene(Scene):
    """`texts` is the file whose `fault` and `fault_*` sentences are said over a camera that does not work."""

    horizon = 300
    texts = ""

    def build(self) -> None:
        self._frame: Frame | None = None
        self._live: wake.Movement | None = None
        self._panel: InfoCard | None = None
        self._fault = ""
        self.view: CameraView | None = None

    def hint(self, visit: Visit) -> tuple[Trouble | None, str, bool]:
        """(trouble of the camera to say in the panel, words of the caption, whether they are good news)."""
        raise NotImplementedError

    @property
    def seen(self) -> bool:
        """A picture has come."""
        return self._frame is not None

    def looking(self, title: str, step: str, sentence: str, nav: list[NavItem]) -> None:
        """Lay the scene out: dark sky with the words, the view below it, the navigation over its foot."""
        look = self.look
        self.sky = "dark"
        self.head(title, step=step, sentence=sentence, role="title_small", below=30)
        if look.landscape:
            left, top, foot = self.left - 48, 0.0, look.tall - 148
        else:
            left, top, foot = 0.0, self.horizon, look.tall
        ground = self.pen.ground(GROUND, left, top, look.wide - left, foot - top)
        self.nav(nav, shallow=len(nav) < 3, even=len(nav) < 3)
        assert self.nav_row is not None  # noqa: S101 -- drawn above
        high = self.nav_row.y - 24 - top
        # Upright the whole width is filled; beside the sky the shape of a camera's picture fits.
        wide = min(look.wide - left, high * 4 / 3) if look.landscape else look.wide
        x = left + (look.wide - left - wide) / 2
        self.lid = (x, top, wide, high)
        ground.place(left, top, look.wide - left, foot - top, self.lid)
        self.view = self.add(CameraView(look, *self.lid))
        self.caption = self.add(Caption(look, self.left, self.view.bottom - 18, self.width))
        self.tell(self.visit)

    def update(self, visit: Visit) -> None:
        if self.view is not None:
            self.tell(visit)

    def tell(self, visit: Visit) -> None:
        """What the state says, in the panel over the view or in the one hint."""
        trouble, words, good = self.hint(visit)
        if trouble is not None and trouble in PANEL:
            self._show_fault(PANEL[trouble].value)
        elif trouble is Trouble.UNREADABLE:
            self._show_fault(CameraTrouble.UNREADABLE.value)
        elif visit.down("camera"):
            self._show_fault(CameraTrouble.NO_CAMERA.value)
        elif self.seen:
            self._show_fault("")
        if self._fault:
            self.caption.say("")
        else:
            self.caption.say(words, good=good)

    def _show_fault(self, trouble: str) -> None:
        if trouble == self._fault or self.view is None:
            return
        self._fault = trouble
        if self._panel is not None:
            self.remove(self._panel)
            self._panel = None
        if trouble:
            words, title = self.say(f"{self.texts}.fault_{trouble}"), self.say(f"{self.texts}.fault")
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
            self.tell(self.visit)
