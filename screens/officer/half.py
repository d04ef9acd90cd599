"""The officer's half (picture 15): what to ask, how far the teaching has got, the tools; never a field to type into.

It is given `OfficerSend` and nothing else, so it cannot send a visitor's touch. It is laid out at one of a few heights:
the tallest under which the visitor's own screen still has its room.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from kiosk import i18n
from kiosk.flow.model import Visit
from kiosk.flow.officer_events import (
    AskToFill,
    CloseLesson,
    Explain,
    LeaveAssist,
    MarkLevel,
    NextHint,
    OfficerLanguage,
    OfficerTouch,
    OpenLesson,
    PointOn,
    TurnCard,
)
from kiosk.flow.officer_side import COUNTED, Assist
from screens.scene import OfficerSend, Sends
from screens.theme.look import Look
from screens.theme.tokens import HELP_BAR, SKY_COLUMN, RoleName, SkinName
from screens.widgets import text
from screens.widgets.buttons import Button
from screens.widgets.part import Part

HEIGHTS = (722.0, 452.0, 312.0)
"""From the top of the window, header included: with all, without the teaching row, tools alone. Under words so large
that not even that fits, `HEADER`: a button in the header."""
HEADER = 140.0
LANDSCAPE = 312.0
"""Lying down, the half stands in the sky's column above the session clock: tools, marks and lessons, no hints."""
_CLOCK = 104.0
_TOOL = 112.0
_GAP = 14.0


class Said(NamedTuple):
    """A line for the officer: how it is introduced, and the words."""

    lead: str
    words: str


def sayings(language: str, place: str) -> list[Said]:
    """What to ask at a step, and what often goes wrong there; the step's own first, else what fits everywhere."""
    found: list[Said] = []
    for room in (place, "any"):
        for kind, lead in (("ask", "try_asking"), ("mistake", "mistake")):
            for number in range(1, 9):
                key = f"hints.{room}_{kind}_{number}"
                if not i18n.known(key):
                    break
                found.append(Said(i18n.say(language, f"officer.{lead}"), i18n.say(language, key)))
        if found:
            break
    return found


class OfficerHalf(Part):
    """``height`` is where it ends, from the top of the window. ``language`` of its words is the screen's."""

    def __init__(self, look: Look, visit: Visit, send: OfficerSend, height: float) -> None:
        self._landscape = look.landscape
        super().__init__(look, 0, 0, look.wide, height)
        assist = visit.officer.assist
        assert assist is not None  # noqa: S101 -- the director asks only then
        self._visit, self._assist, self._send = visit, assist, send
        self._tall = height >= HEIGHTS[0] and not self._landscape
        palette = look.palette
        if self._landscape:
            low = look.tall - HELP_BAR - _CLOCK
            top = low - LANDSCAPE
            self.pen.ground(palette.sky["notice"], 0, top, SKY_COLUMN, LANDSCAPE)
            if palette.horizon_line:
                self.pen.rect(palette.horizon_line, 0, top, SKY_COLUMN, 5)
            self._x, self._w, self._cursor, self._end = 32.0, SKY_COLUMN - 64.0, top + 12, low - 10
        else:
            self.pen.ground(palette.sky["notice"], 0, 0, look.wide, height)
            if palette.horizon_line:
                self.pen.rect(palette.horizon_line, 0, height - 5, look.wide, 5)
            self._x, self._w, self._cursor, self._end = 56.0, look.wide - 112.0, HEADER, height - 22
        if height <= HEADER and not self._landscape:
            self._tab()
            return
        if height > HEIGHTS[-1] or assist.ended is None or self._landscape:
            self._who()
        if assist.lesson:
            self._lesson()
        elif assist.ended is not None:
            self._mark()
        else:
            self._teach()

    # ---- parts of it

    def _tab(self) -> None:
        """Where large words leave the half no room: the officer is seen to be there, and can go."""
        w = 210.0
        x = self.look.wide / 2 - w / 2 + 40
        self.add(
            Button(
                self.look, x, 24, w, 96, self._say("leave"), Sends(self._send, LeaveAssist()), icon="headset",
                icon_at="left", role="chip", icon_size=34, pad=8,
            )
        )  # fmt: skip

    def _say(self, key: str, **values: object) -> str:
        return i18n.say(self._visit.language, f"officer.{key}", **values)

    def _words(self, words: str, role: RoleName, *, room: float | None = None, quiet: bool = False) -> float:
        palette = self.look.palette
        handle = self.pen.text(
            words,
            role,
            self._x,
            self._cursor,
            room or self._w,
            code=palette.on_sky2 if quiet else palette.on_sky,
        )
        self._cursor += handle.height
        return handle.height

    def _who(self) -> None:
        assist, palette = self._assist, self.look.palette
        line = (
            self._say("who_at", name=assist.name, counter=assist.counter)
            if assist.counter
            else self._say("who", name=assist.name)
        )
        self.pen.icon("headset", 34, self._x, self._cursor, code=palette.sun, fill=True)
        self.pen.text(line, "step", self._x + 48, self._cursor, self._w - 48, code=palette.on_sky2)
        self._cursor += text.height_of(self.look, line, "step", self._w - 48) + 10

    def _teach(self) -> None:
        assist = self._assist
        if self._tall:
            self._words(self._say("motto"), "button_big")
            self._cursor += 14
        if self._end - self._cursor > _TOOL + 90 and not self._landscape:
            self._hint()
        if self._tall:
            self._row([(self._say(how), Explain(how), None, assist.explained == how) for how in _HOWS], 96.0)
            self._cursor += _GAP
        tools: list[_Tool] = [
            (self._say("hint_next"), NextHint(), "chat-teardrop-text", False),
            (self._say("point"), PointOn(), "hand-pointing", False),
            (self._say("lesson"), OpenLesson(), "book-open", False),
            (
                self._say("language"),
                OfficerLanguage("id" if self._visit.language == "en" else "en"),
                "translate",
                False,
            ),
            (self._say("leave"), LeaveAssist(), "sign-out", False),
        ]
        if assist.place in COUNTED:
            tools.insert(4, (self._say("fill"), AskToFill(), "handshake", assist.filling))
        self._row(tools, _TOOL, rows=2 if self._landscape else 1)
        if self._tall:
            self._cursor += 14
            self._lock_line()

    def _hint(self) -> None:
        """The question to ask, in a box with the sun at its edge; the next touch brings another one."""
        assist, look, palette = self._assist, self.look, self.look.palette
        if assist.failed and not assist.hinted:
            said = Said("", self._say("failed_before", count=assist.failed))
        else:
            known = sayings(self._visit.language, assist.place)
            said = known[assist.hint % len(known)]
        if said.lead and self._tall:
            self._words(said.lead, "step", quiet=True)
            self._cursor += 8
        words = said.words if self._tall or not said.lead else f"{said.lead} {said.words}"
        role: RoleName = "lead_small" if self._tall else "small"
        h = text.height_of(look, words, role, self._w - 64) + 32
        box = self.pen.shape(
            16, palette.sky["samudra"], border=3 if look.contrast else 0, border_colour=palette.on_sky
        )
        self.pen.box(box, self._x, self._cursor, self._w, h)
        self.pen.rect(palette.sun, self._x, self._cursor, 10, h)
        self.pen.text(words, role, self._x + 40, self._cursor + 16, self._w - 64, code=palette.on_sky)
        self._cursor += h + _GAP

    def _mark(self) -> None:
        ended = self._assist.ended
        assert ended is not None  # noqa: S101 -- asked only then
        step = self._say(f"step_{ended.place}")
        self._words(self._say("mark", step=step), "lead_small" if self._tall else "small")
        self._cursor += _GAP
        levels: list[_Tool] = [
            (self._say(f"level_{level}"), MarkLevel(level), None, level == ended.suggested)
            for level in ended.choices
        ]
        self._row(levels, _TOOL)
        self._cursor += _GAP
        if self._tall:
            self._lock_line()

    def _lesson(self) -> None:
        from screens.officer.lesson import cards_of, draw_card  # the packs behind it load late

        assist, language = self._assist, self._visit.language
        cards = cards_of(language, assist.place)
        at = min(assist.card, len(cards) - 1)
        foot = self._end - _TOOL
        draw_card(self, cards[at], self._x, self._cursor, self._w, foot - _GAP - self._cursor)
        self._cursor = foot
        tools: list[_Tool] = []
        if at:
            tools.append((self._say("card_of", now=at, all=len(cards)), TurnCard(-1), "back", False))
        if at + 1 < len(cards):
            tools.append((self._say("card_of", now=at + 2, all=len(cards)), TurnCard(1), "forward", False))
        tools.append((self._say("close"), CloseLesson(), "close", False))
        self._row(tools, _TOOL)

    def _lock_line(self) -> None:
        palette = self.look.palette
        words = self._say("filling_line" if self._assist.filling else "lock_line")
        icon = "handshake" if self._assist.filling else "lock-simple"
        self.pen.icon(icon, 34, self._x, self._cursor, code=palette.sun, fill=True)
        self.pen.text(words, "step", self._x + 48, self._cursor, self._w - 48, code=palette.on_sky2)

    def _row(self, tools: Sequence[_Tool], h: float, *, rows: int = 1) -> None:
        """Buttons side by side, of one width."""
        each_row = -(-len(tools) // rows)
        width = (self._w - _GAP * (each_row - 1)) / each_row
        for index, (words, event, icon, chosen) in enumerate(tools):
            row, column = divmod(index, each_row)
            skin: SkinName = "sun" if chosen else "plain"
            role: RoleName = "chip" if icon else "tile_small"
            y = self._cursor + row * (h + _GAP)
            self.add(
                Button(
                    self.look, self._x + column * (width + _GAP), y, width, h, words, Sends(self._send, event),
                    icon=icon, icon_at="above", skin=skin, role=role, icon_size=44, pad=4,
                )
            )  # fmt: skip
        self._cursor += rows * h + (rows - 1) * _GAP


_HOWS = ("explained", "tried", "alone")
_Tool = tuple[str, OfficerTouch, str | None, bool]
"""(words, what it sends, icon, whether it stands out)."""


def half_key(visit: Visit) -> object:
    """Another key is drawn anew. None: no half. The visitor's survey is answered with nobody looking on."""
    assist: Assist | None = visit.officer.assist
    if assist is None or visit.officer.door is not None or visit.place.value in _ALONE:
        return None
    return (
        visit.language, assist.place, assist.explained, assist.hint, assist.hinted, assist.lesson, assist.card,
        assist.filling, assist.ended,
    )  # fmt: skip


_ALONE = frozenset({"survey", "welcome", "farewell", "resting", "officer"})
