"""Kode 6 angka. The screen is word for word the same whether the portal knows the identity or not."""

from __future__ import annotations

from collections.abc import Hashable

from kiosk.flow.events import Back, Choose, Leave
from kiosk.flow.model import Visit
from kiosk.flow.results import Trouble
from screens.scene import Scene
from screens.widgets import text
from screens.widgets.buttons import Button
from screens.widgets.fields import CodeBoxes
from screens.widgets.helpbar import NavItem
from screens.widgets.keys import Keypad
from screens.words import Notice, Peek, minutes_left, together, typing

_LEAST_KEY = 90.0


class Code(Scene):
    horizon = 392

    @classmethod
    def key(cls, visit: Visit) -> Hashable:
        entry = visit.entry
        return entry.sent_to, entry.sends_left

    def build(self) -> None:
        look, entry = self.look, self.visit.entry
        sentence = (
            self.say("code.sent", phone=together(entry.sent_to))
            if entry.sent_to
            else self.say("code.sent_unnamed")
        )
        self.head(self.say("code.title"), step=self.say("common.step_way_in", now=1), sentence=sentence)
        self.nav(
            [
                NavItem(self.say("nav.back"), self.sends(Back()), "back"),
                NavItem(self.say("nav.leave"), self.sends(Leave()), "leave"),
            ],
            shallow=True,
        )
        wide = look.landscape
        half = (self.width - 20) / 2
        top = self.shore.y
        self.boxes = self.add(CodeBoxes(look, self.left, top, self.width if not wide else half, hidden=True))
        notice_w = self.width if not wide else half
        self.notice = self.add(
            Notice(look, self.left, self.boxes.bottom + 18, notice_w, self._samples(), least=88)
        )
        y = self.notice.bottom + 18
        if wide:
            self._buttons(self.left, y, half, stacked=True)
            room = self.shore.end - top
            key_h = max(_LEAST_KEY, min(148.0, (room - 42) / 4))
            self.keypad = self.add(
                Keypad(look, self.left + half + 20, top, half, typing(self.send), extra="", key_h=key_h)
            )
        else:
            y = self._buttons(self.left, y, self.width, stacked=False) + 20
            key_h = max(_LEAST_KEY, min(148.0, (self.shore.end - y - 42) / 4))
            self.keypad = self.add(
                Keypad(look, self.left, y, self.width, typing(self.send), extra="", key_h=key_h)
            )
        self._code = entry.code
        self._peek = Peek(lambda peek: self.boxes.say(self._code, peek=peek))
        self.boxes.say(entry.code, peek=False)
        self._tell(self.visit)

    def _buttons(self, x: float, y: float, w: float, *, stacked: bool) -> float:
        """Send again, another phone. Returns the y under them."""
        look, left = self.look, self.visit.entry.sends_left
        sub = (
            self.say("code.resend_none")
            if left <= 0
            else self.say("code.resend_once")
            if left == 1
            else self.say("code.resend_left", count=left)
        )
        each = w if stacked else (w - 20) / 2
        makes = (
            (self.say("code.resend"), sub, Choose("resend"), "send", left > 0),
            (self.say("code.other_phone"), self.say("code.other_phone_help"), Choose("phone"), "phone", True),
        )
        high = max(
            text.height_of(look, words, "button_small", each - 100)
            + text.height_of(look, small, "office2", each - 40)
            for words, small, *_ in makes
        )
        self.resend: Button | None = None
        bottom = y
        for index, (words, small, event, icon, live) in enumerate(makes):
            button = Button(
                look,
                x + (0 if stacked else index * (each + 20)),
                bottom if stacked else y,
                each,
                max(112.0, high + 36),
                words,
                self.sends(event),
                icon=icon,
                sub=small,
                role="button_small",
                enabled=live,
            )
            self.add(button)
            if index == 0:
                self.resend = button
            bottom = button.bottom + (18 if stacked else 0)
        return bottom

    def _samples(self) -> list[str]:
        troubles = (Trouble.TOO_MANY, Trouble.OFFLINE, Trouble.SERVER)
        return [
            self.say("code.left", time="0:00"),
            self.say("code.wrong", count=4),
            self.say("code.over_for_good"),
            *(self.say(f"trouble.{one.value}") for one in troubles),
        ]

    def _tell(self, visit: Visit) -> None:
        entry = visit.entry
        kinds = {pending.kind for pending in visit.pending}
        match visit.trouble:
            case Trouble.WRONG_CODE if entry.tries_left == 1:
                words, tone, icon = self.say("code.wrong_once"), "brick", "warning-circle"
            case Trouble.WRONG_CODE if entry.tries_left > 1:
                words = self.say("code.wrong", count=entry.tries_left)
                tone, icon = "brick", "warning-circle"
            case Trouble.WRONG_CODE:
                words, tone, icon = self.say("trouble.too_many"), "brick", "warning-circle"
            case None:
                words, tone, icon = "", "tint", "info"
            case trouble:
                words, tone, icon = self.say(f"trouble.{trouble.value}"), "amber", "warning"
        if "CheckCode" in kinds:
            words, tone, icon = self.say("code.checking"), "tint", "hourglass"
        elif "SendCode" in kinds:
            words, tone, icon = self.say("code.sending"), "tint", "hourglass"
        elif not words or visit.trouble is Trouble.CODE_EXPIRED:
            if entry.seconds_left > 0 and not words:
                words = self.say("code.left", time=minutes_left(entry.seconds_left))
                icon = "clock"
            else:
                words = self.say("code.over" if entry.sends_left > 0 else "code.over_for_good")
                tone, icon = "amber", "clock"
        self.notice.say(words, tone, icon)
        if self.resend is not None:
            self.resend.busy = bool(kinds & {"CheckCode", "SendCode"})  # the notice says what is waited for

    def update(self, visit: Visit) -> None:
        code = visit.entry.code
        if code != self._code:
            grown = len(code) > len(self._code)
            self._code = code
            if grown:
                self._peek.typed()
            else:
                self._peek.stop()
                self.boxes.say(code, peek=False)
        self._tell(visit)

    def gone(self) -> None:
        self._peek.stop()
        super().gone()
