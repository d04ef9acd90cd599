"""Ketik NIB, nomor HP atau NIK: one field, one keypad. NIK and phone digits turn into dots after a second."""

from __future__ import annotations

from collections.abc import Hashable

from kiosk.flow.events import Back, Choose, Forward, Leave
from kiosk.flow.model import Visit
from kiosk.flow.way_in import LIMITS
from kiosk.identity.numbers import Doubt
from screens.scene import Scene
from screens.widgets import text
from screens.widgets.buttons import Button
from screens.widgets.fields import Field
from screens.widgets.helpbar import NavItem
from screens.widgets.keys import Keypad
from screens.words import Notice, Peek, typing

_LEAST_KEY = 90.0


class Number(Scene):
    horizon = 392

    @classmethod
    def key(cls, visit: Visit) -> Hashable:
        return visit.entry.means, _shows_trouble(visit)

    def build(self) -> None:
        look, entry = self.look, self.visit.entry
        self._means = "phone" if entry.means == "draft" else entry.means
        self.head(
            self.say(f"number.title_{self._means}"),
            step=self.say("common.step_way_in", now=1),
            sentence=self.say(f"number.sentence_{entry.means}"),
        )
        row = self.nav(
            [
                NavItem(self.say("nav.back"), self.sends(Back()), "back"),
                NavItem(self.say("nav.leave"), self.sends(Leave()), "leave"),
                NavItem(self.say("nav.forward"), self.sends(Forward()), "forward", "right", "filled"),
            ]
        )
        self._forward = row.buttons[-1]
        hidden = entry.means != "nib"
        link = self._link_width() if entry.means not in ("nik", "draft") else 0.0
        beside = bool(link) and look.landscape
        top = self.shore.y
        field_w = self.width - (link + 20 if beside else 0)
        self.field = self.add(
            Field(
                look,
                self.left,
                top,
                field_w,
                self.say(f"number.label_{self._means}"),
                state="active",
                hidden=hidden,
                note="",
            )
        )
        self.shore.y = self.field.bottom + 16
        if beside:
            self._link(self.left + self.width - link, self.field.bottom - 124, link, 124)
        self.notice = self.add(Notice(look, self.left, self.shore.y, self.width, self._samples(), least=88))
        self.shore.y = self.notice.bottom + 16
        below = 96 + 18 if link and not beside else 0
        room = self.shore.end - self.shore.y - below
        gap = 14.0
        key_h = max(_LEAST_KEY, min(148.0, (room - 3 * gap) / 4))
        self.keypad = self.shore.put(Keypad, typing(self.send), extra="", key_h=key_h, gap=18)
        if link and not beside:
            self._link(self.left + self.width - link, self.shore.y, link, 96)
        self._peek = Peek(lambda peek: self.field.say(self._digits, peek=peek))
        self._digits = entry.digits
        self.field.say(entry.digits)
        self._tell(self.visit)

    def _link_width(self) -> float:
        words = self.say("number.use_nik")
        return text.width_of(self.look, words, "button_small") + 150

    def _link(self, x: float, y: float, w: float, h: float) -> None:
        self.add(
            Button(
                self.look,
                x,
                y,
                w,
                h,
                self.say("number.use_nik"),
                self.sends(Choose("nik")),
                icon="ektp",
                role="button_small",
            )
        )

    def _samples(self) -> list[str]:
        """What the notice may have to say: every doubt about this number, and the trouble there is now."""
        doubts = [doubt for doubt in Doubt if doubt.blocks or self._means == "nik"]
        words = [self.say(f"number.{self._means}_{doubt.value}") for doubt in doubts]
        if self.visit.trouble is not None:
            words.append(self.say(f"trouble.{self.visit.trouble.value}"))
        return words

    def _tell(self, visit: Visit) -> None:
        entry = visit.entry
        count, whole = len(entry.digits), LIMITS[entry.means]
        note = (
            self.say("number.count_open", count=count)
            if self._means == "phone"
            else self.say("number.count", count=count, whole=whole)
        )
        self.field.tell(note)
        self._forward.set_busy(visit.busy, self.say("common.wait").rstrip("…"))
        warned = entry.doubt == Doubt.REGION
        if entry.doubt and not warned:
            self.notice.say(self.say(f"number.{self._means}_{entry.doubt}"), "brick", "warning-circle")
            self.field.become("error")
            return
        self.field.become("active")
        if visit.trouble is not None:
            self.notice.say(self.say(f"trouble.{visit.trouble.value}"), "amber", "warning")
        elif warned:
            self.notice.say(self.say("number.nik_region"), "amber", "warning")
        else:
            self.notice.say("")

    def update(self, visit: Visit) -> None:
        digits = visit.entry.digits
        if digits != self._digits:
            grown = len(digits) > len(self._digits)
            self._digits = digits
            if grown:
                self._peek.typed()
            else:
                self._peek.stop()
                self.field.say(digits)
        self._tell(visit)

    def gone(self) -> None:
        self._peek.stop()
        super().gone()


def _shows_trouble(visit: Visit) -> str:
    """Long sentences need a place of their own height; short ones share it."""
    return "" if visit.trouble is None else visit.trouble.value
