"""Kenali diri (picture 02): tap the e-KTP, or choose another way.

What the card does changes the words of the sky and the picture, never the place of the choices below.
"""

from __future__ import annotations

from collections.abc import Hashable

from kiosk.flow.events import Back, Choose, Leave
from kiosk.flow.model import Visit
from kiosk.flow.results import Trouble
from screens.frame import NoRoomError
from screens.identify.lift import CardLift
from screens.scene import Scene
from screens.theme.tokens import SKY_COLUMN
from screens.widgets import text
from screens.widgets.art import CardTap, ReaderSide, TapState
from screens.widgets.buttons import Tile
from screens.widgets.helpbar import NavItem

_ICONS = {"photo": "camera", "nik": "ektp", "nib": "nib", "phone": "phone", "none": "anonymous"}
_CARD_TROUBLES = frozenset(
    {Trouble.NOT_KTP, Trouble.REMOVED, Trouble.UNREADABLE, Trouble.BUSY, Trouble.NO_CARD}
)
"""What another try with the card may heal."""
_READER_TROUBLES = frozenset({Trouble.NO_READER, Trouble.SERVICE_DOWN, Trouble.SAM_MISSING})


def card_state(visit: Visit) -> str:
    """waiting, reading, read, lift, failed (try again), stuck (the line or the portal), down (no reader now)."""
    kinds = {entry.kind for entry in visit.pending}
    if "ReadCard" in kinds:
        return "reading"
    if kinds & {"SendCode", "ProveByReader"}:
        return "read"
    if visit.down("card") or visit.trouble in _READER_TROUBLES:
        return "down"
    if visit.trouble in _CARD_TROUBLES:
        return "failed"
    if visit.trouble is not None:
        return "stuck"
    if visit.card_present and visit.insertion in (0, visit.used_insertion):
        return "lift"
    return "waiting"


_TAPS: dict[str, TapState] = {"reading": "reading", "read": "read", "failed": "failed"}


class Identify(Scene):
    horizon = 1010

    @classmethod
    def key(cls, visit: Visit) -> Hashable:
        return card_state(visit), visit.trouble, visit.online, bool(visit.down("camera"))

    def build(self) -> None:
        state = card_state(self.visit)
        title, sentence = self._words(state)
        self.tap: CardTap | None = None
        ways = ("nik", "nib", "phone", "none") if state == "down" else ("nib", "phone", "none")
        if not self.visit.down("camera"):
            # Where room is short, typing the number is one touch further on: the photo's screen offers it.
            ways = ("photo", *(way for way in ways if way != "nik" or not self.look.landscape))
        nav = [
            NavItem(self.say("nav.back"), self.sends(Back()), "back"),
            NavItem(self.say("nav.leave"), self.sends(Leave()), "leave"),
        ]
        self.horizon = 440.0
        self.head(title, step=self.say("common.step_way_in", now=1), sentence=sentence)
        self.nav(nav, shallow=True)
        if self.look.landscape:
            self._panel(state, ways)
        elif state != "down":
            self._picture(state, ways)
        self._ways(state, ways)

    def _words(self, state: str) -> tuple[str, str]:
        visit, side = self.visit, self.office.reader_side
        if state == "waiting":
            side = side if side in ("left", "right") else "middle"
            return self.say("identify.title"), self.say(f"identify.sentence_{side}")
        if state in ("failed", "stuck") and visit.trouble is not None:
            title = "identify.failed_title" if state == "failed" else "identify.slow_title"
            return self.say(title), self.say(f"trouble.{visit.trouble.value}")
        if state == "down" and visit.trouble is not None:
            return self.say("identify.down_title"), self.say(f"trouble.{visit.trouble.value}")
        return self.say(f"identify.{state}_title"), self.say(f"identify.{state}")

    @property
    def _side(self) -> ReaderSide:
        side = self.office.reader_side
        return "left" if side == "left" else "right" if side == "right" else "middle"

    def _card(self, state: str, cx: float, y: float) -> CardTap:
        if state == "lift":
            return CardLift(self.look, cx, y, side=self._side)
        tap = CardTap(self.look, cx, y, side=self._side)
        tap.become(_TAPS.get(state, "inviting"))
        return tap

    def _picture(self, state: str, ways: tuple[str, ...]) -> None:
        """The card above the horizon, unless the words of this size need its room."""
        need = self._lead_height(state) + sum(self._tile_height(way) + 16 for way in ways)
        lowest = self.shore.end - 24 - need
        words_end = self.horizon - 42
        horizon = min(1010.0, lowest)
        if horizon - 458 < words_end - 28:
            return
        self.horizon = horizon
        self.sky_pen.rect(self.look.palette.sea, 0, horizon - 62, self.look.wide, 62)
        self.tap = self.add_sky(self._card(state, self.look.wide / 2, horizon - 458))
        self.start(28)

    def _panel(self, state: str, ways: tuple[str, ...]) -> None:
        """Landscape: the sky column is too narrow for the card, so the sky reaches over the top of the shore."""
        look, bottom = self.look, 484.0
        if state == "down":
            return
        columns = self._columns(ways)
        each = (self.width - 18 * (columns - 1)) / columns
        tallest = max(self._tile(way, 0, 0, each, 138).h for way in ways)
        need = self._lead_height(state) + -(-len(ways) // columns) * (tallest + 16)
        if look.large or bottom + 20 + need > self.shore.end + 1:
            return
        x, w = float(SKY_COLUMN), look.wide - SKY_COLUMN
        self.pen.rect(look.palette.sky["samudra"], x, 0, w, bottom)
        self.pen.rect(look.palette.sea, x, bottom - 62, w, 62)
        if look.contrast:
            self.pen.rect(look.palette.sun, x, bottom, w, 5)
        self.tap = self.add(self._card(state, x + w / 2, bottom - 458))
        self.shore.y = bottom + 20

    def _lead(self, state: str) -> str:
        if not self.visit.online:
            return self.say("identify.offline")
        return self.say("identify.choose" if state == "down" else "identify.other_ways")

    def _lead_height(self, state: str) -> float:
        return text.height_of(self.look, self._lead(state), "label", self.width) + 14

    def _tile_height(self, way: str) -> float:
        return self._tile(way, 0, 0, self.width, 138).h

    def _tile(self, way: str, x: float, y: float, w: float, h: float) -> Tile:
        wide = w > 600
        return Tile(
            self.look,
            x,
            y,
            w,
            h,
            self.say(f"identify.{way}"),
            self.sends(Choose(way)),
            help_line=self.say(f"identify.{way}_help"),
            icon=_ICONS[way],
            arrow=wide,
            icon_size=64 if wide else 56,
        )

    @staticmethod
    def _columns(ways: tuple[str, ...]) -> int:
        return len(ways) if len(ways) <= 3 else 2

    def _ways(self, state: str, ways: tuple[str, ...]) -> None:
        self.shore.words(self._lead(state), "label", gap=14, keep=True)
        columns = 1
        if self.look.landscape:
            columns = self._columns(ways) if self.tap is not None or len(ways) > 3 else 1
        makes = [
            (lambda x, y, w, h, way=way: self._tile(way, x, y, w, h))  # one maker a way
            for way in ways
        ]
        placed = self.shore.grid(makes, 138, columns=columns, row_gap=16)
        if placed != len(ways):  # the tests draw every size of words
            raise NoRoomError("a way in has no room")
