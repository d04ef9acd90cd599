"""The officer's door: number, PIN, code on one number pad. What is typed is dots from its first moment.

No key lights up under the finger here and no digit stays readable for a second: whoever stands behind, or a picture of
the screen, learns how many digits there are and nothing else.
"""

from __future__ import annotations

from collections.abc import Hashable

from kiosk.flow.model import Visit
from kiosk.flow.officer_events import CloseDoor, DoorKey, DoorOn
from kiosk.flow.officer_side import Door
from screens.scene import Scene
from screens.theme.tokens import ToneName
from screens.widgets.fields import Field
from screens.widgets.helpbar import NavItem
from screens.widgets.keys import BACKSPACE, Keypad
from screens.words import Notice, minutes_left

_LEAST_KEY = 90.0
_WORDS = ("locked", "role", "role_welcome", "no_officers", "unknown_card", "lifted", "trouble", "wrong_last")


def _door(visit: Visit) -> Door:
    return visit.officer.door or Door()


class OfficerDoor(Scene):
    horizon = 392

    @classmethod
    def key(cls, visit: Visit) -> Hashable:
        return _door(visit).stage

    def build(self) -> None:
        look, door = self.look, _door(self.visit)
        # At the welcome screen there is no visitor to go back to, and the door leads to the archive.
        self._to = "_welcome" if door.duty == "archive" else ""
        self.head(
            self.say(f"officer.title_{door.stage}"),
            step=self.say("officer.step"),
            step_icon="headset",
            sentence=self.say(f"officer.sentence_{door.stage}"),
        )
        row = self.nav(
            [
                NavItem(self.say(f"officer.back{self._to}"), self.sends(CloseDoor()), "back"),
                NavItem(self.say("officer.on"), self.sends(DoorOn()), "forward", "right", "filled"),
            ]
        )
        self._on = row.buttons[-1]
        self.field = self.shore.put(
            Field, self.say(f"officer.label_{door.stage}"), state="active", hidden=True, gap=16
        )
        self.notice = self.add(Notice(look, self.left, self.shore.y, self.width, self._samples(), least=88))
        self.shore.y = self.notice.bottom + 16
        key_h = max(_LEAST_KEY, min(148.0, (self.shore.end - self.shore.y - 3 * 14) / 4))
        self.keypad = self.shore.put(Keypad, self._typed, extra="", key_h=key_h, gap=18, secret=True)
        self._tell(self.visit)

    def _typed(self, sign: str) -> None:
        self.send(DoorKey("" if sign == BACKSPACE else sign))

    def _samples(self) -> list[str]:
        return [
            self.say("officer.wrong", left=4),
            self.say("officer.wait", time="12:00"),
            *(self.say(f"officer.{word}") for word in _WORDS),
        ]

    def update(self, visit: Visit) -> None:
        self._tell(visit)

    def _tell(self, visit: Visit) -> None:
        door = _door(visit)
        # The screen is told how many there are, never which.
        self.field.say("•" * len(door.typed))
        words, tone, icon = self._said(door)
        self.notice.say(words, tone, icon)
        self._on.set_busy(door.busy, self.say("common.wait").rstrip("…"))

    def _said(self, door: Door) -> tuple[str, ToneName, str]:
        if door.busy:
            return self.say("officer.checking"), "tint", "hourglass"
        if door.seconds:
            return self.say("officer.wait", time=minutes_left(door.seconds)), "amber", "clock"
        if door.word == "wrong":
            words = self.say("officer.wrong", left=door.left) if door.left else self.say("officer.wrong_last")
            return words, "brick", "warning-circle"
        if door.word and door.word != "wait":
            word = f"{door.word}{self._to}" if door.word == "role" else door.word
            return self.say(f"officer.{word}"), "amber", "warning"
        if door.insertion:
            return self.say("officer.card_seen"), "green", "tick"
        return "", "tint", "info"
