"""Periksa data e-KTP: the number that was read, and the fields beside it to look over and correct."""

from __future__ import annotations

from collections.abc import Hashable

from kiosk.flow.by_photo import FIELDS
from kiosk.flow.events import Back, Backspace, Choose, ClearField, Focus, Forward, Key, Toggle
from kiosk.flow.model import Face as Seen
from kiosk.flow.model import Visit
from kiosk.identity.numbers import Doubt
from screens.application import trouble_words
from screens.scene import Scene
from screens.widgets.cards import ListCard, Row
from screens.widgets.fields import Field
from screens.widgets.helpbar import NavItem
from screens.widgets.keys import BACKSPACE, CLOSE, ENTER, Keyboard
from screens.widgets.status import Banner


def grouped(digits: str, *, shown: bool) -> str:
    """A NIK in its three groups; only the last four digits unless it is shown."""
    parts = digits[:6], digits[6:12], digits[12:]
    return " ".join(parts if shown else ("••••••", "••••••", parts[2]))


class Face(Scene):
    horizon = 400

    @classmethod
    def key(cls, visit: Visit) -> Hashable:
        entry = visit.entry
        fields = entry.face if not entry.editing else None
        return entry.editing, fields, entry.open, entry.doubt, visit.trouble

    def build(self) -> None:
        entry = self.visit.entry
        seen = entry.face or Seen()
        self.field: Field | None = None
        self.head(
            self.say("face.title"),
            step=self.say("common.step_way_in", now=1),
            sentence=self.say("face.sentence"),
        )
        row = self.nav(
            [
                NavItem(self.say("nav.back"), self.sends(Back()), "back"),
                NavItem(self.say("face.other"), self.sends(Choose("nik")), "ektp"),
                NavItem(self.say("face.right"), self.sends(Forward()), "forward", "right", "filled"),
            ]
        )
        self._forward = row.buttons[-1]
        if entry.editing:
            self._edit(entry.editing, seen)
        else:
            self._list(seen)
        self.update(self.visit)

    def _list(self, seen: Seen) -> None:
        entry = self.visit.entry
        if self.visit.trouble is not None:
            words = trouble_words(self.visit.language, self.visit.trouble)
            self.shore.put(Banner, words, "amber", icon="warning")
        elif entry.doubt == Doubt.REGION:
            self.shore.put(Banner, self.say("number.nik_region"), "amber", icon="warning")
        elif seen.doubtful:
            self.shore.put(Banner, self.say("face.doubtful"), "amber", icon="warning")
        peek = self.say("face.hide" if entry.open else "face.show")
        number = Row(
            grouped(entry.digits, shown=entry.open),
            caption=self.say("face.nik"),
            button=peek,
            button_icon="eye-slash" if entry.open else "eye",
            on_tap=self.sends(Toggle("number")),
        )
        rows = [number, *(self._row(name, seen) for name in FIELDS)]
        self.shore.put(ListCard, rows)

    def _row(self, name: str, seen: Seen) -> Row:
        doubtful = name in seen.doubtful
        caption = self.say(f"face.{name}")
        return Row(
            getattr(seen, name) or self.say("face.unread"),
            caption=f"{caption} · {self.say('face.check')}" if doubtful else caption,
            button=self.say("face.change"),
            button_icon="pencil-simple",
            on_tap=self.sends(Focus(name)),
        )

    def _edit(self, name: str, seen: Seen) -> None:
        look, wide = self.look, 1016.0
        self.field = self.shore.put(
            Field, self.say(f"face.{name}"), getattr(seen, name), state="active", note="",
            on_clear=self.sends(ClearField()),
        )  # fmt: skip
        x = self.left + (self.width - wide) / 2
        y = max(self.shore.y + 8, self.shore.end - 490.0)
        self.keyboard = self.add(Keyboard(look, x, y, self._key, w=wide, action="done", signs=True))

    def _key(self, sends: str) -> None:
        if sends in (CLOSE, ENTER):
            self.send(Forward())
        else:
            self.send(Backspace() if sends == BACKSPACE else Key(sends.upper()))

    def update(self, visit: Visit) -> None:
        self._forward.set_busy(visit.busy, self.say("common.wait").rstrip("…"))
        if self.field is not None and visit.entry.face is not None and visit.entry.editing:
            self.field.say(getattr(visit.entry.face, visit.entry.editing))
