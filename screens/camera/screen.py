"""The document camera: live view, outline of the page, three checks and one hint, and the large sun-coloured button.

The live picture never enters the state: a movement asks `Sources.frame` thirty times a second and copies a frame only
when its number is new. A fault of the camera puts a panel over the view that says what still works.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Protocol

from hardware.camera.port import CameraFault, CameraTrouble, Frame, Quality, Remark
from kiosk.flow.events import Back, Choose, Forward, Toggle
from kiosk.flow.model import Visit
from kiosk.flow.results import Trouble
from screens.application import ApplyScene, journey_of, trouble_words
from screens.camera.countdown import STOP, Countdown, countdown
from screens.theme.look import Look
from screens.theme.tokens import CAMERA_OK, SAMUDRA_DD, SURYA, WHITE, RoleName
from screens.widgets import text, wake
from screens.widgets.buttons import Button
from screens.widgets.camera import CameraView
from screens.widgets.cards import InfoCard
from screens.widgets.part import Part

GROUND = "#04171C"
FPS = 30
CHECKS: dict[str, frozenset[Remark]] = {
    "sharp": frozenset({Remark.BLURRED, Remark.MOVING, Remark.LOW_RESOLUTION, Remark.DARK}),
    "whole": frozenset({Remark.CUT_OFF, Remark.NO_PAGE, Remark.TWO_PAGES, Remark.BLANK}),
    "glare": frozenset({Remark.GLARE}),
}
"""Which remarks turn which of the three checks amber."""
PICTURES = ("TakePicture", "KeepSheet")
"""Orders that take one."""
PANEL = {
    Trouble.NO_CAMERA: CameraTrouble.NO_CAMERA,
    Trouble.CAMERA_GONE: CameraTrouble.GONE,
    Trouble.BUSY: CameraTrouble.BUSY,
}


def hint_of(quality: Quality) -> str:
    """Key of the one sentence that says what to move; a page cut off on one side is told which way."""
    worst = quality.remarks[0]
    if worst is Remark.CUT_OFF and quality.beyond is not None:
        return f"camera.say_cut_{quality.beyond}"
    return f"camera.say_{worst.value}"


class Check(Part):
    """One of the three checks: grey until a page is seen, then a green tick, or amber with the word for what is wrong.

    Both words are drawn once; a change only turns one on and the other off.
    """

    def __init__(self, look: Look, x: float, y: float, w: float, h: float, good: str, bad: str) -> None:
        super().__init__(look, x, y, w, h)
        palette = look.palette
        self.state: bool | None = None
        self._box = self.pen.box(self._shape(), x, y, w, h)
        self._faces = [
            self._face(words, icon, code)
            for words, icon, code in (
                (good, "circle", palette.on_off),
                (good, "done", palette.tones["green"].text),
                (bad, "late", palette.tones["amber"].text),
            )
        ]
        self._draw()

    def _face(self, words: str, icon: str, code: str):
        look = self.look
        role: RoleName = "button_small"  # grows a little with "Aa", so that three stand side by side
        wide, high = text.width_of(look, words, role), text.height_of(look, words, role)
        size = 38.0
        left = self.x + (self.w - wide - size - 14) / 2
        mark = self.pen.icon(icon, size, left, self.y + (self.h - size) / 2, code=code, fill=icon != "circle")
        said = self.pen.text(
            words, role, left + size + 14, self.y + (self.h - high) / 2, None, code=code, keep=True
        )
        return mark, said

    def _shape(self):
        palette = self.look.palette
        if self.state is None:
            return self.pen.shape(20, palette.off)
        tone = palette.tones["green" if self.state else "amber"]
        border = 3 if self.look.contrast else 0
        return self.pen.shape(20, tone.ground, border=border, border_colour=tone.border)

    def become(self, state: bool | None) -> None:
        """True: good; False: not yet; None: nothing to judge."""
        if state is not self.state:
            self.state = state
            self._box.become(self._shape())
            self._draw()

    def _draw(self) -> None:
        now = {None: 0, True: 1, False: 2}[self.state]
        for index, handles in enumerate(self._faces):
            for handle in handles:
                handle.tint(alpha=1.0 if index == now else 0.0)


class Caption(Part):
    """The one hint, in a dark plate at the foot of the view. ``y`` is the lower edge."""

    def __init__(self, look: Look, x: float, y: float, w: float) -> None:
        super().__init__(look, x, y, w, 0)
        self.words = ""
        self._low = y
        self._inner: Part | None = None

    def say(self, words: str, *, good: bool = False) -> None:
        """Other words; drawn anew only when they differ."""
        if words == self.words:
            return
        self.words = words
        if self._inner is not None:
            self.remove(self._inner)
            self._inner = None
        if not words:
            return
        look = self.look
        size = 40.0
        room = self.w - size - 80
        wide = min(room, text.width_of(look, words, "tile_small"))
        high = text.height_of(look, words, "tile_small", room)
        w, h = wide + size + 74, high + 40
        x, y = self.x + (self.w - w) / 2, self._low - h
        inner = Part(look, x, y, w, h)
        border = 3 if look.contrast else 0
        inner.pen.box(inner.pen.shape(18, SAMUDRA_DD, border=border, border_colour=WHITE), x, y, w, h)
        inner.pen.icon(
            "done" if good else "info",
            size,
            x + 28,
            y + (h - size) / 2,
            code=CAMERA_OK if good else SURYA,
            fill=True,
        )
        inner.pen.text(
            words, "tile_small", x + 28 + size + 16, y + (h - high) / 2, wide + 4, code=WHITE, keep=True
        )
        self._inner = self.add(inner)


class Taking(Protocol):
    """What this screen must know of whoever takes the pictures."""

    @property
    def waiting(self) -> str: ...

    @property
    def trouble(self) -> Trouble | None: ...

    @property
    def lamp(self) -> bool: ...

    @property
    def counting(self) -> int: ...


class Camera(ApplyScene):
    horizon = 300
    sky = "dark"

    @classmethod
    def key(cls, visit: Visit) -> Hashable:
        journey = journey_of(visit)
        return (journey.document, journey.papers, journey.retake, visit.down("camera"))

    def taking(self, visit: Visit) -> Taking:
        return journey_of(visit)

    def build(self) -> None:
        look = self.look
        self._words_above()
        self._frame: Frame | None = None
        self._live: wake.Movement | None = None
        self._panel: InfoCard | None = None
        self._fault = ""
        self._countdown: Countdown | None = None
        if look.landscape:
            self._wide()
        else:
            self._tall()
        journey = self.taking(self.visit)
        self._draw_buttons(journey)
        self._look(journey)

    def _words_above(self) -> None:
        journey = self.journey
        paper = journey.paper_now
        assert paper is not None  # noqa: S101 -- the journey leaves this place without one
        label = self.text(paper.label)
        name = "retake" if journey.retake else "step"
        label = label if label[:2].isupper() else label[:1].lower() + label[1:]
        self.head(
            self.say("camera.title", label=label),
            step=self.say(f"camera.{name}", n=journey.document + 1, m=len(journey.papers)),
            role="title_small",
            below=50,
        )

    # ---- layout
    def _tall(self) -> None:
        look = self.look
        low = look.tall - 172
        self._later = (self.left, low - 104, self.width, 104.0)
        main_y = low - 104 - 24 - 200
        third = (self.width - 36) / 3
        check_h = 76.0
        check_y = main_y - 24 - check_h
        view_h = check_y - 24 - self.horizon
        self.lid = (0, self.horizon, look.wide, view_h)
        self.pen.ground(GROUND, 0, self.horizon, look.wide, look.tall - self.horizon, self.lid)
        self.view = self.add(CameraView(look, *self.lid))
        self._place_checks(self.left, check_y, third, check_h)
        self._back_at = (self.left, main_y, 216.0, 200.0)
        self._take_at = (self.left + 240, main_y, self.width - 480, 200.0)
        self._lamp_at = (self.left + self.width - 216, main_y, 216.0, 200.0)
        self.caption = self.add(Caption(look, self.left, self.view.bottom - 18, self.width))

    def _wide(self) -> None:
        look = self.look
        x = 600.0
        foot = look.tall - 148
        high = 140.0 if look.large else 112.0
        main_y = foot - 18 - high
        check_h = 92.0
        check_y = main_y - 20 - check_h
        # The shape of a camera's picture, so that no corner of the paper is cut off here.
        view_h = check_y - 20
        view_w = min(look.wide - x, view_h * 4 / 3)
        self.lid = (x + (look.wide - x - view_w) / 2, 0, view_w, view_h)
        self.pen.ground(GROUND, x, 0, look.wide - x, foot, self.lid)
        self.view = self.add(CameraView(look, *self.lid))
        lamp = 320.0 if look.large else 240.0
        self._place_checks(self.left, check_y, (self.width - lamp - 54) / 3, check_h)
        self._lamp_at = (self.left + self.width - lamp, check_y, lamp, check_h)
        side, later = (290.0, 520.0) if look.large else (230.0, 560.0)
        self._back_at = (self.left, main_y, side, high)
        self._later = (self.left + side + 18, main_y, later, high)
        start = side + later + 36
        self._take_at = (self.left + start, main_y, self.width - start, high)
        self.caption = self.add(Caption(look, self.left, self.view.bottom - 16, self.width))

    def _place_checks(self, x: float, y: float, w: float, h: float) -> None:
        self.checks = {
            name: self.add(
                Check(
                    self.look, x + index * (w + 18), y, w, h, self.say(f"camera.{name}"), self.say(f"camera.{name}_bad")
                )
            )
            for index, name in enumerate(CHECKS)
        }  # fmt: skip

    def _draw_buttons(self, journey: Taking) -> None:
        look = self.look
        beside = look.landscape
        self.add(
            Button(
                look, *self._back_at, self.say("nav.back"), self.sends(Back()), icon="back",
                icon_at="left" if beside else "above", role="tile_small", pad=10,
            )
        )  # fmt: skip
        self._draw_later()
        self.take = self._take_button(again=False)
        self._lamp: Button | None = None
        self._draw_lamp(journey)

    def _draw_later(self) -> None:
        self.add(
            Button(self.look, *self._later, self.say("camera.later"), self.sends(Choose("later")),
                   icon="clock-clockwise", role="tile_small", pad=12)
        )  # fmt: skip

    def _take_button(self, *, again: bool) -> Button:
        wide = self._take_at[2] > 420 and not self.look.landscape
        return self.add(
            Button(
                self.look, *self._take_at, self.say("camera.again" if again else "camera.take"), self.sends(Forward()),
                icon="arrow-clockwise" if again else "camera", fill_icon=True, skin="sun",
                role="ambil" if wide and not again else "button_big", lip="ambil", radius=36,
                icon_size=84 if wide and not again else 56,
            )
        )  # fmt: skip

    def _draw_lamp(self, journey: Taking) -> None:
        if self._lamp is not None:
            self.remove(self._lamp)
        words = self.say("camera.lamp_on" if journey.lamp else "camera.lamp")
        self._lamp = self.add(
            Button(
                self.look, *self._lamp_at, words, self.sends(Toggle("lamp")), icon="hint", fill_icon=journey.lamp,
                icon_at="left" if self.look.landscape else "above", role="tile_small", pad=8,
            )
        )  # fmt: skip
        self._lamp_on = journey.lamp

    def update(self, visit: Visit) -> None:
        journey = self.taking(visit)
        if journey.lamp != self._lamp_on:
            self._draw_lamp(journey)
        self._look(journey)

    def _look(self, journey: Taking) -> None:
        """What the state says: a picture is being taken, or something went wrong."""
        self.take.set_busy(journey.waiting in PICTURES)
        self._said = ""
        self._count(journey)
        if journey.trouble is not None and journey.trouble in PANEL:
            self._show_fault(PANEL[journey.trouble].value)
        elif journey.trouble is Trouble.UNREADABLE:
            self._said = self.say("camera.take_unreadable")
        elif journey.trouble is not None:
            self._said = trouble_words(self.visit.language, journey.trouble)
        elif self.visit.down("camera"):
            self._show_fault(CameraTrouble.NO_CAMERA.value)
        else:
            self._show_fault("")
        self._judge()

    def _count(self, journey: Taking) -> None:
        """The countdown while the page takes itself, in the place of the hint."""
        if not journey.counting:
            if self._countdown is not None:
                self.remove(self._countdown)
                self._countdown = None
            return
        if self._countdown is None:
            self.caption.say("")
            self._countdown = self.add(
                countdown(
                    self.look,
                    self.left,
                    self.view.bottom - 18,
                    self.width,
                    self.visit.language,
                    self.sends(STOP),
                )
            )
        self._countdown.tell(journey.counting)

    def _show_fault(self, trouble: str) -> None:
        """The panel over the view, or none."""
        if trouble == self._fault:
            return
        self._fault = trouble
        if self._panel is not None:
            self.remove(self._panel)
            self._panel = None
        busy = self.take.busy
        self.remove(self.take)
        self.take = self._take_button(again=bool(trouble))
        self.take.set_busy(busy)
        if trouble:
            words = self.say(f"camera.fault_{trouble}")
            room = self.view.h - 60
            card = InfoCard(
                self.look, self.left, 0, self.width, self.say("camera.fault"), words, icon="camera-slash", icon_size=92
            )  # fmt: skip
            self._panel = self.add(
                InfoCard(
                    self.look, self.left, self.view.y + 30 + max(0.0, (room - card.h) / 2), self.width,
                    self.say("camera.fault"), words, icon="camera-slash", icon_size=92,
                )
            )  # fmt: skip

    # ---- the live picture
    def shown(self) -> None:
        super().shown()
        self._live = wake.play(1.0, self._step, loop=True, fps=FPS)

    def gone(self) -> None:
        if self._live is not None:
            self._live.stop()
        self._frame = None
        super().gone()

    def _step(self, _share: float) -> None:
        newest = self.sources.frame()
        if isinstance(newest, CameraFault):
            self._frame = None
            self._show_fault(newest.trouble.value)
            self._judge()
            return
        if newest is None or (self._frame is not None and newest.number == self._frame.number):
            return
        self._frame = newest
        if self._fault and not self.taking(self.visit).trouble and not self.visit.down("camera"):
            self._show_fault("")
        self.view.feed(newest.pixels, newest.width, newest.height)
        self.view.outline(newest.outline, steady=newest.steady)
        self._judge()

    def steady(self) -> bool:
        """Does the newest frame show a page that has not moved for a moment?"""
        frame = self._frame
        return frame is not None and frame.outline is not None and frame.steady

    def _judge(self) -> None:
        """Checks and hint from the newest frame; only what changed is drawn."""
        frame = self._frame
        remarks = frame.quality.remarks if frame is not None else ()
        seen = frame is not None and frame.outline is not None
        for name, wrong in CHECKS.items():
            bad = any(remark in wrong for remark in remarks)
            self.checks[name].become(None if not seen else not bad)
        if self._fault or self._countdown is not None:
            self.caption.say("")
        elif self._said:
            self.caption.say(self._said)
        elif frame is None:
            self.caption.say(self.say("camera.start"))
        elif remarks:
            self.caption.say(self.say(hint_of(frame.quality)))
        elif not seen:
            self.caption.say(self.say("camera.place"))
        elif self.steady():
            self.caption.say(self.say("camera.good"), good=True)
        else:
            self.caption.say(self.say("camera.hold"))
