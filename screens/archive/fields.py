"""The fields of a document beside the picture of its first page; an officer types, from the paper in hand.

Upright the top of the page stands above the fields; in landscape it stands in the sky. Where four fields and the
keyboard do not fit (large words, landscape), the one with the focus is shown alone and Lanjut leads to the next.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from kiosk.flow.events import Back, Backspace, Choose, Focus, Forward, Key
from kiosk.flow.model import Visit
from kiosk.journeys.archive.state import FIELDS, Archive
from kiosk.journeys.archive.state import Field as Name
from screens.application import trouble_words
from screens.archive.board import archive_of
from screens.pages.screen import texture_of
from screens.scene import Scene
from screens.theme.look import Look
from screens.theme.tokens import CAMERA_GROUND
from screens.widgets.fields import Field
from screens.widgets.helpbar import NavItem
from screens.widgets.keys import BACKSPACE, CLOSE, ENTER, Keyboard
from screens.widgets.part import Part
from screens.widgets.status import Banner

_KEYBOARD = 480.0
_LEAST_PICTURE = 140.0
_WIDE = 1016.0


class Fields(Scene):
    horizon = 270

    @classmethod
    def key(cls, visit: Visit) -> Hashable:
        journey = archive_of(visit)
        return journey.task, journey.focus, journey.doubts, journey.trouble

    def build(self) -> None:
        journey = archive_of(self.visit)
        task = journey.task
        step = (
            self.say("archive.fields_step", pages=task.pages, left=task.left)
            if task.document
            else self.say("archive.step")
        )
        sentence = None if task.document else self.say("archive.fields_loading")
        end = self.head(
            self.say("archive.fields_title"), role="title_small", step=step, sentence=sentence, below=34
        )
        self.fields: dict[Name, Field] = {}
        back = NavItem(self.say("nav.back"), self.sends(Back()), "back")
        if not task.document:
            self.nav([back])
            return
        last = journey.focus == FIELDS[-1]
        words = self.say("archive.send" if last else "archive.next_field")
        row = self.nav(
            [
                back,
                NavItem(self.say("archive.discard"), self.sends(Choose("discard")), "bin"),
                NavItem(words, self.sends(Forward()), "send" if last else "forward", "right", "filled"),
            ]
        )
        self._on = row.buttons[-1]
        x = self.left + (self.width - min(_WIDE, self.width + 48)) / 2
        self._low = self.shore.end - _KEYBOARD
        self.keyboard = self.add(Keyboard(self.look, x, self._low, self._key, action="next", signs=True))
        if self.look.landscape:
            self._sky_picture(self._trouble(journey, self.sky_left, end + 8, self.sky_width, sky=True))
            top = self.shore.y
        else:
            top = self._low - 12 - self._height(journey)
            self._shore_picture(self._trouble(journey, self.left, self.shore.y, self.width), top - 16)
        self._place(journey, top)
        self._tell(self.visit)

    # ---- the fields
    def _wide(self, name: Name) -> tuple[float, float]:
        """(left, width) of a field where all four are shown: number and year in a row, holder and KBLI below."""
        narrow = 250.0
        if name in ("number", "holder"):
            return self.left, self.width - narrow - 18
        return self.left + self.width - narrow, narrow

    def _all_fit(self) -> bool:
        return not self.look.landscape and not self.look.large

    def _height(self, journey: Archive) -> float:
        """Of the block of fields above the keyboard."""
        if not self._all_fit():
            return self._field(journey, journey.focus, 0, 0, self.width).h
        first, second = (
            max(self._field(journey, name, 0, 0, self._wide(name)[1]).h for name in names)
            for names in (FIELDS[:2], FIELDS[2:])
        )
        return first + 14 + second

    def _place(self, journey: Archive, top: float) -> None:
        if not self._all_fit():
            self.fields[journey.focus] = self.add(
                self._field(journey, journey.focus, self.left, top, self.width)
            )
            return
        for names in (FIELDS[:2], FIELDS[2:]):
            lowest = top
            for name in names:
                x, w = self._wide(name)
                field = self.add(self._field(journey, name, x, top, w))
                self.fields[name] = field
                lowest = max(lowest, field.bottom)
            top = lowest + 14

    def _field(self, journey: Archive, name: Name, x: float, y: float, w: float) -> Field:
        doubt = journey.doubt(name)
        active = name == journey.focus
        label = self.say(f"archive.{name}")
        if not self._all_fit():
            label += f" · {FIELDS.index(name) + 1}/{len(FIELDS)}"
        return Field(
            self.look, x, y, w, label, journey.value(name), None if active else self.sends(Focus(name)),
            state="error" if doubt else "active" if active else "rest",
            error=self.say(f"archive.doubt_{doubt}") if doubt else None, h=96,
        )  # fmt: skip

    def _key(self, sends: str) -> None:
        if sends == BACKSPACE:
            self.send(Backspace())
        elif sends == ENTER:
            self.send(Forward())
        elif sends != CLOSE:
            self.send(Key(sends))

    def _trouble(self, journey: Archive, x: float, y: float, w: float, *, sky: bool = False) -> float:
        """What went wrong, in the picture's place; returns where the picture may begin."""
        if journey.trouble is None:
            return y
        words = trouble_words(self.visit.language, journey.trouble)
        banner = Banner(self.look, x, y, w, words, "brick", icon="late")
        if sky:
            self.add_sky(banner)
        else:
            self.add(banner)
        return banner.bottom + 14

    # ---- the picture
    def _shore_picture(self, top: float, end: float) -> None:
        if end - top >= _LEAST_PICTURE:
            self.add(PageTop(self.look, self.left, top, self.width, end - top, self._texture()))

    def _sky_picture(self, top: float) -> None:
        high = self.look.tall - 148 - 24 - top
        if high >= _LEAST_PICTURE:
            self.add_sky(
                PageTop(self.look, self.sky_left, top + 8, self.sky_width, high - 8, self._texture())
            )

    def _texture(self) -> Any:
        return texture_of(self.sources.thumbnail(archive_of(self.visit).task.picture))

    # ---- what changes
    def update(self, visit: Visit) -> None:
        self._tell(visit)

    def _tell(self, visit: Visit) -> None:
        journey = archive_of(visit)
        for name, field in self.fields.items():
            field.say(journey.value(name))
        if self.fields:
            self._on.set_busy(bool(journey.waiting), self.say("common.wait").rstrip("…"))


class PageTop(Part):
    """As much of a page as there is room for, from its top and as wide as the part: where number and name stand."""

    def __init__(self, look: Look, x: float, y: float, w: float, h: float, texture: Any) -> None:
        super().__init__(look, x, y, w, h)
        self.pen.ground(CAMERA_GROUND, x, y, w, h)
        if texture is None:
            return
        width, height = texture.size
        shown = min(height, width * h / w)
        # Kivy counts rows from the bottom of a texture.
        part = texture.get_region(0, height - shown, width, shown)
        self.pen.picture(part, x, y, w, shown * w / width)
