"""The frame every screen stands in: sky, horizon, shore, navigation row, help bar; and the stage that shows it.

A screen is a ``KioskScreen``: it writes the sky with ``head``, puts parts on the shore with ``shore.put``,
and ends with ``nav``.
The ``Stage`` is the one Kivy widget of the window. It owns what stays (crest, clock, help bar), moves the
horizon between
screens, and finds the part under the finger.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from itertools import combinations
from pathlib import Path
from time import monotonic
from typing import Any, Literal, TypeVar

from kivy.graphics import Canvas, InstructionGroup, ScissorPop, ScissorPush
from kivy.uix.widget import Widget

from screens.theme import tokens
from screens.theme.look import Look
from screens.theme.tokens import HELP_BAR, RoleName, SkyName
from screens.widgets import art, text, wake
from screens.widgets.clock import DayClock, SessionClock
from screens.widgets.dialog import Dialog
from screens.widgets.helpbar import HelpBar, NavItem, NavRow
from screens.widgets.part import Action, Part
from screens.widgets.pen import Pen, Rect
from screens.widgets.status import Stepper

CREST_EDGE = 150.0
"""The crest lies within this corner, both ways up."""
CREST_SECONDS = 2.0

ClockKind = Literal["session", "day", "none"]
P = TypeVar("P", bound=Part)
Make = Callable[[float, float, float, float], Part]
"""Makes a part at x, y with width w and at least height h."""


class Column:
    """Puts parts one under another on the shore; ``y`` is where the next one goes, ``end`` where content must stop."""

    def __init__(self, screen: KioskScreen, x: float, y: float, w: float, end: float) -> None:
        self.screen = screen
        self.x, self.y, self.w, self.end = x, y, w, end

    @property
    def room(self) -> float:
        """Height that is left."""
        return self.end - self.y

    def put(self, kind: Callable[..., P], *args: Any, gap: float = 20, **options: Any) -> P:
        """``kind(look, x, y, w, *args, **options)`` at the cursor; the cursor moves under it."""
        part = kind(self.screen.look, self.x, self.y, self.w, *args, **options)
        self.screen.add(part)
        self.y = part.bottom + gap
        return part

    def words(
        self,
        words: str,
        role: RoleName = "body",
        *,
        code: str | None = None,
        gap: float = 12,
        keep: bool = False,
    ) -> None:
        """A paragraph or a heading."""
        handle = self.screen.pen.text(
            words, role, self.x, self.y, self.w, code=code or self.screen.look.palette.ink, keep=keep
        )
        self.y += handle.height + gap

    def grid(
        self, makes: Sequence[Make], h: float, *, columns: int = 2, gap: float = 18, row_gap: float = 16
    ) -> int:
        """Tiles in rows of equal height. Stops before a row that would not fit; returns how many were placed.

        At the largest size of words there is one column.
        """
        if self.screen.look.large:
            columns = 1
        width = (self.w - gap * (columns - 1)) / columns
        placed = 0
        while placed < len(makes):
            row = makes[placed : placed + columns]
            parts = [make(self.x + i * (width + gap), self.y, width, h) for i, make in enumerate(row)]
            tallest = max(part.h for part in parts)
            if self.y + tallest > self.end + 1 and placed:
                break
            parts = [
                part if part.h == tallest else make(part.x, part.y, part.w, tallest)
                for part, make in zip(parts, row, strict=True)
            ]
            for part in parts:
                self.screen.add(part)
            placed += len(row)
            self.y += tallest + row_gap
        self.y += 20 - row_gap
        return placed

    def skip(self, h: float) -> None:
        """Leave empty room."""
        self.y += h


class NoRoomError(Exception):
    """A screen cannot place what must be on it. Only where the officer's half takes of its height: it is given back."""


class KioskScreen(Part):
    """One screen. Set ``horizon`` (design y), ``sky``, ``clock``; draw in ``build``.

    ``under`` (a pen: ``self.sky_pen``) is drawn on the sky and below the shore: suns that sink,
    illustrations. ``pen`` and
    ``add`` draw above both.
    """

    horizon: float = 440
    sky: SkyName = "samudra"
    clock: ClockKind = "session"
    help: bool = True
    #: An opaque rectangle that is drawn anew many times a second: no ground is cleared under it.
    lid: Rect | None = None
    #: Title that is spoken and used by the tests; set by ``head``.
    title: str = ""

    def __init__(self, look: Look) -> None:
        super().__init__(look, 0, 0, look.wide, look.tall)
        self.under = InstructionGroup()
        self.sky_pen = Pen(look, self.under)
        self._under_parts: list[Part] = []
        if look.landscape:
            self.left = tokens.SKY_COLUMN + 48.0
            self.width = look.wide - self.left - 48.0
            self.sky_left, self.sky_width = 56.0, tokens.SKY_COLUMN - 112.0
            self.nav_bottom = look.tall - HELP_BAR - 18
        else:
            self.left = (look.wide - tokens.CONTENT) / 2
            self.width = float(tokens.CONTENT)
            self.sky_left, self.sky_width = self.left, self.width
            self.nav_bottom = look.tall - 172
        self.nav_row: NavRow | None = None
        self.shore = Column(self, self.left, 0, self.width, self.nav_bottom - 128 - 24)
        self.build()

    def build(self) -> None:
        """Draw the screen. Subclasses say how."""

    def add_sky(self, part: P) -> P:
        """A part on the sky that the shore may cover (a sun, an illustration)."""
        self.under.add(part.group)
        self._under_parts.append(part)
        return part

    def head(
        self,
        title: str,
        *,
        step: str | None = None,
        sentence: str | None = None,
        role: RoleName = "title",
        stepper: tuple[int, int] | None = None,
        step_icon: str | None = None,
        sentence_role: RoleName = "lead_small",
        room: float | None = None,
        sentence_room: float | None = None,
        y: float | None = None,
        below: float = 52,
        start: float = 24,
    ) -> float:
        """Step line, question, one sentence, and bars (current, total). Returns the y under them.

        The horizon moves down when the words need more sky than ``self.horizon``; the shore's cursor
        starts ``start`` under it.
        ``room`` narrows the title (an illustration at the right).
        """
        palette = self.look.palette
        self.title = title
        x, width = self.sky_left, self.sky_width
        if y is None:
            y = 196.0 if self.look.landscape else (156.0 if role in ("title", "greeting") else 142.0)
            if not step and not self.look.landscape:
                y += 4
        if step:
            left = x
            if step_icon:
                self.pen.icon(step_icon, 34, x, y, code=palette.sun, fill=True)
                left += 50
            y += self.pen.text(step, "step", left, y, width - (left - x), code=palette.on_sky2).height + 12
        voice = self.look.role(role)
        if self.look.landscape and voice.size > 66:
            voice = voice._replace(size=voice.size * 0.9)  # the sky is a narrow column here
        y += self.pen.text(title, voice, x, y, room or width, code=palette.on_sky).height + 16
        if sentence:
            y += (
                self.pen.text(
                    sentence, sentence_role, x, y, sentence_room or width, code=palette.on_sky2
                ).height
                + 10
            )
        if stepper:
            y += 12
            self.add(Stepper(self.look, x, y, width, *stepper))
            y += 14
        if not self.look.landscape:
            self.horizon = max(self.horizon, y + below - 10)
        self.start(start)
        return y

    def start(self, gap: float = 24) -> None:
        """Put the shore's cursor ``gap`` under the horizon (landscape: at the top of the right side)."""
        self.shore.y = 40.0 if self.look.landscape else self.horizon + gap
        if self.look.reach and not self.look.landscape:
            self.shore.y = max(self.shore.y, float(tokens.REACH_TOP))

    def nav(self, items: Sequence[NavItem], *, shallow: bool = False, even: bool = False) -> NavRow:
        """The navigation row. ``shallow`` (104 high) only when there is no forward action."""
        h = 104.0 if shallow or self.look.landscape else float(tokens.NAV_HEIGHT)
        row = NavRow(self.look, self.left, self.nav_bottom - h, self.width, h, items, even=even)
        if row.h > h + 0.5:
            row = NavRow(self.look, self.left, self.nav_bottom - row.h, self.width, row.h, items, even=even)
        self.nav_row = self.add(row)
        self.shore.end = row.y - 24
        return row

    def nav_height(self, items: Sequence[NavItem], *, shallow: bool = False) -> float:
        """How high the row will be, for screens that page their content before they know its buttons."""
        h = 104.0 if shallow or self.look.landscape else float(tokens.NAV_HEIGHT)
        return NavRow(self.look, 0, 0, self.width, h, items).h

    def has_room(self) -> bool:
        """Does everything on the shore end above the navigation row, and nothing lie on another? Asked where a screen
        may be given less height."""
        row = self.nav_row
        end = row.y if row is not None else self.look.tall - (HELP_BAR if self.help else 0)
        inside = all(
            part.bottom <= end + 1 for part in self.parts if part is not row and part.x + part.w > self.left
        )
        return self.shore.y <= end + 40 and inside and not self._crowded()

    def _crowded(self) -> bool:
        touchable = [part for part in self.walk() if part.touchable]
        return any(
            one.x + one.w > other.x + 1
            and other.x + other.w > one.x + 1
            and one.bottom > other.y + 1
            and other.bottom > one.y + 1
            and other not in one.walk()
            and one not in other.walk()
            for one, other in combinations(touchable, 2)
        )

    def shown(self) -> None:
        for part in self._under_parts:
            part.shown()
        super().shown()

    def gone(self) -> None:
        for part in self._under_parts:
            part.gone()
        super().gone()


class Stage(Widget):
    """The whole window. Shows one screen and at most one dialog; routes touches, keys and focus.

    ``on_touch`` is called at every touch (it refills the session clock). Coordinates handed to parts are design units.
    """

    def __init__(
        self,
        look: Look,
        *,
        office: tuple[str, str] = ("DPMPTSP", ""),
        crest: Path | None = None,
        on_touch: Action | None = None,
        on_language: Action | None = None,
        on_text: Action | None = None,
        on_contrast: Action | None = None,
        on_call: Action | None = None,
        on_cancel_call: Action | None = None,
        on_crest: Action | None = None,
    ) -> None:
        super().__init__(size=(look.width, look.height), size_hint=(None, None))
        self.look = look
        self._office, self._crest = office, crest
        self._on_any = on_touch
        self._on_crest = on_crest
        self._holding: asyncio.TimerHandle | None = None
        self._help_actions = (on_language, on_text, on_contrast, on_call, on_cancel_call)
        self._calling: str | None = None
        self._on_away: Action | None = None
        self._mark = ""
        self.screen: KioskScreen | None = None
        self.dialog: Dialog | None = None
        self.half: Part | None = None
        """The officer's half: over the sky, under dialogs."""
        self._glowing: Part | None = None
        self._pulse: wake.Movement | None = None
        self.help_bar: HelpBar | None = None
        self._finger: Any = None
        self._target: Part | None = None
        self._focused: Part | None = None
        self._last_fired: tuple[float, float, float] = (-9.0, 0.0, 0.0)
        self._changed_at = -9.0
        self._move: wake.Movement | None = None
        self._fade: wake.Movement | None = None
        self._clock_told: tuple[float, float] = (0.0, 1.0)
        self._day_told = ("", "")
        #: The pulse narrows this to what changed, where the graphics driver keeps the rest of the picture.
        self.clip = ScissorPush(x=0, y=0, width=look.width, height=look.height)
        self._build()

    def _build(self) -> None:
        look, palette = self.look, self.look.palette
        canvas: Any = self.canvas
        canvas.clear()
        canvas.add(self.clip)
        ground = InstructionGroup()
        canvas.add(ground)
        pen = Pen(look, ground)
        self._sky = pen.ground(palette.sky["samudra"], 0, 0, look.wide, look.tall)
        self._under_slot = InstructionGroup()
        canvas.add(self._under_slot)
        shore = InstructionGroup()
        canvas.add(shore)
        self._shore = Pen(look, shore).ground(palette.page, 0, 440, look.wide, look.tall - 440)
        self._sea = Pen(look, shore).ground(palette.sea, 0, 0, 0, 0)
        self._line = Pen(look, shore).ground(palette.horizon_line or palette.page, 0, 0, 0, 0)
        self._horizon = 440.0
        self._half_slot = InstructionGroup()
        canvas.add(self._half_slot)
        self._head_slot = InstructionGroup()
        canvas.add(self._head_slot)
        self._mark_slot = InstructionGroup()
        canvas.add(self._mark_slot)
        self._screen_canvas = Canvas()
        canvas.add(self._screen_canvas)
        self._glow_slot = InstructionGroup()
        canvas.add(self._glow_slot)
        self._dialog_slot = InstructionGroup()
        canvas.add(self._dialog_slot)
        self._help_slot = InstructionGroup()
        canvas.add(self._help_slot)
        canvas.add(ScissorPop())
        self._clock: SessionClock | DayClock | None = None
        self._clock_kind: ClockKind | None = None
        self._head: Part | None = None
        self._draw_help()

    def restyle(self, look: Look) -> None:
        """Take another look (contrast, size of words, language). The caller then shows the screen built with it."""
        self.look = look
        if self.screen is not None:
            self.screen.gone()
        self.screen = None
        self.dialog = None
        self.set_half(None)
        self.glow(None)
        self.set_mark("")
        self._target = self._focused = self._finger = None
        self._build()

    def _draw_help(self) -> None:
        self._help_slot.clear()
        language, words, contrast, call, cancel = self._help_actions
        self.help_bar = None
        if self.screen is None or self.screen.help:
            self.help_bar = HelpBar(
                self.look, on_language=language, on_text=words, on_contrast=contrast, on_call=call,
                calling=self._calling, on_cancel=cancel, on_away=self._on_away,
            )  # fmt: skip
            self._help_slot.add(self.help_bar.group)
        wake.ask()

    def set_away(self, on_away: Action | None) -> None:
        """With an officer beside the visitor: what "Tanpa petugas" does, in the place of the call button."""
        if (on_away is None) != (self._on_away is None):
            self._on_away = on_away
            self._draw_help()

    def set_mark(self, words: str) -> None:
        """A word in the header of every screen, e.g. that this is practice; "" for none."""
        if words == self._mark:
            return
        self._mark = words
        self._mark_slot.clear()
        if words:
            look = self.look.with_(text_step=1.0)
            pen, tone = Pen(look, self._mark_slot), self.look.palette.tones["amber"]
            w = text.width_of(look, words, "chip") + 44
            x, y = (56.0, 140.0) if look.landscape else ((look.wide - w) / 2 + 90, 8.0)
            border = 3 if look.contrast else 0
            pen.box(pen.shape(12, tone.ground, border=border, border_colour=tone.border), x, y, w, 44)
            pen.text(words, "chip", x + 22, y + 5, None, code=tone.text)
        wake.ask()

    def set_calling(self, words: str | None) -> None:
        """Show "Petugas datang, ± 2 menit" with Batalkan, or the call button again (None)."""
        if words != self._calling:
            self._calling = words
            self._draw_help()

    def _draw_head(self, clock: ClockKind) -> None:
        if self._clock_kind == clock and self._head is not None:
            return
        look, palette = self.look, self.look.palette
        self._clock_kind = clock
        self._head_slot.clear()
        head = Part(look, 0, 0, look.wide, 140)
        left = 56.0 if look.landscape else (look.wide - tokens.CONTENT) / 2
        if not look.landscape and look.wide <= 1080:
            left = float(tokens.MARGIN)
        head.add(art.Picture(look, left + 6, 38, 72, 80, self._crest or art.CREST))
        name_h = text.height_of(look, self._office[0], "office")
        top = 78 - (name_h + text.height_of(look, self._office[1] or "A", "office2")) / 2
        head.pen.text(self._office[0], "office", left + 104, top, None, code=palette.on_sky)
        head.pen.text(self._office[1], "office2", left + 104, top + name_h, None, code=palette.on_sky2)
        right = (look.wide + tokens.CONTENT) / 2 if not look.landscape else left
        self._clock = None
        if clock == "session":
            self._clock = (
                SessionClock(look, right, 46)
                if not look.landscape
                else SessionClock(look, left + 4, look.tall - HELP_BAR - 96, at_left=True)
            )
        elif clock == "day":
            self._clock = DayClock(
                look, right if not look.landscape else 544, 46 if not look.landscape else 820
            )
        if self._clock is not None:
            head.add(self._clock)
        self._head = head
        self._head_slot.add(head.group)
        self.tell_time(*self._clock_told)
        self.tell_day(*self._day_told)

    def tell_time(self, left: float, whole: float) -> None:
        """Seconds left of the session's whole; once a second is enough."""
        self._clock_told = (left, whole)
        if isinstance(self._clock, SessionClock):
            self._clock.tell(left, whole)

    def tell_day(self, time: str, date: str) -> None:
        """Time of day and date in words, for screens with ``clock = "day"``."""
        self._day_told = (time, date)
        if isinstance(self._clock, DayClock):
            self._clock.tell(time, date)

    # ---- screens and dialogs
    def show(self, screen: KioskScreen, *, still: bool = False) -> None:
        """Change to a screen: the horizon travels 220 ms, the content fades in 120 ms. ``still`` changes at once."""
        self._drop_touch()
        old = self.screen
        if old is not None:
            old.gone()
        self.close_dialog()
        self.glow(None)
        help_changed = old is None or old.help != screen.help
        same_kind = old is not None and type(old) is type(screen)
        self.screen = screen
        self._screen_canvas.clear()
        self._under_slot.clear()
        self._under_slot.add(screen.under)
        self._screen_canvas.add(screen.group)
        self._draw_head(screen.clock)
        if help_changed:
            self._draw_help()
        self._sky.tint(self.look.palette.sky[screen.sky])
        for movement in (self._move, self._fade):
            if movement is not None:
                movement.stop()
        motion = self.look.motion
        start, end = self._horizon, screen.horizon + self._lower(screen)
        quick = still or old is None or self.look.landscape
        if quick or start == end:
            self._set_horizon(end)
        else:
            self._move = wake.play(
                motion.screen, lambda s: self._set_horizon(start + (end - start) * wake.ease_out(s))
            )
        self._screen_canvas.opacity = 1.0
        if not quick and not same_kind and motion.fade > 0:
            self._screen_canvas.opacity = 0.0
            self._fade = wake.play(motion.fade, self._set_opacity)
        self._changed_at = monotonic()
        self._focused = None
        screen.shown()
        wake.ask()

    def _set_opacity(self, share: float) -> None:
        self._screen_canvas.opacity = share
        wake.ask()

    def _set_horizon(self, y: float) -> None:
        look, palette = self.look, self.look.palette
        self._horizon = y
        foot = look.tall - (HELP_BAR if self.help_bar is not None else 0)
        lid = self.screen.lid if self.screen is not None else None
        if lid is not None and self.screen is not None:
            lid = (lid[0], lid[1] + self._lower(self.screen), lid[2], lid[3])
        self._sky.place(0, 0, look.wide, look.tall, lid)
        if look.landscape:
            column = float(tokens.SKY_COLUMN)
            self._shore.place(column, 0, look.wide - column, foot, lid)
            self._sea.place(0, foot - 140, column, 140)
            if palette.horizon_line:
                self._line.place(column - 3, 0, 5, foot)
        else:
            self._shore.place(0, y, look.wide, look.tall - y, lid)
            if palette.horizon_line:
                self._line.place(0, y - 5, look.wide, 5)

    def _lower(self, part: Part) -> float:
        """How far down a part stands that was laid out under the officer's half: its y 0 in the stage's units."""
        return self.look.tall - part.look.tall

    def set_half(self, half: Part | None) -> None:
        """Show the officer's half, or none. The screen under it is laid out with a look whose ``cut`` makes room."""
        if half is self.half:
            return
        self._drop_touch()
        if self.half is not None:
            self.half.gone()
        self._half_slot.clear()
        self.half = half
        if half is not None:
            self._half_slot.add(half.group)
            half.shown()
        wake.ask()

    def glow(self, part: Part | None) -> None:
        """Let an outline glow round a part of the screen, or nowhere: an officer points. Nothing is touched by it."""
        if part is self._glowing:
            return
        self._glowing = part
        self._glow_slot.clear()
        if self._pulse is not None:
            self._pulse.stop()
            self._pulse = None
        if part is not None:
            pen, sun = Pen(part.look, self._glow_slot), self.look.palette.sun
            rim = 14.0
            shape = pen.shape(30, None, border=10, border_colour=sun)
            ring = pen.box(shape, part.x - rim, part.y - rim, part.w + 2 * rim, part.h + 2 * rim)
            if not self.look.still:
                # Slower than once a second: nothing here blinks.
                self._pulse = wake.play(
                    1.6, lambda s: ring.alpha(0.55 + 0.45 * abs(1 - 2 * s)), loop=True, fps=10
                )
        wake.ask()

    def open(self, dialog: Dialog) -> None:
        """Put a dialog over the screen; the help bar stays live. One at a time: an open one is replaced."""
        self._drop_touch()
        self.close_dialog()
        self.dialog = dialog
        self._dialog_slot.add(dialog.group)
        dialog.shown()
        self._changed_at = monotonic()
        wake.ask()

    def close_dialog(self) -> None:
        """Take the dialog away, if there is one."""
        if self.dialog is not None:
            self._drop_touch()
            self.dialog.gone()
            self._dialog_slot.clear()
            self.dialog = None
            wake.ask()

    # ---- touches and keys
    def _roots(self) -> list[Part]:
        """What may be touched, topmost first."""
        roots: list[Part] = []
        if self.help_bar is not None:
            roots.append(self.help_bar)
        if self.dialog is not None:
            roots.append(self.dialog)
        elif self.screen is not None:
            roots.append(self.screen)
        if self.half is not None and self.dialog is None:
            roots.insert(0, self.half)
        return roots

    def find(self, x: float, y: float) -> Part | None:
        """The touchable part at a point."""
        for root in self._roots():
            found = root.at(x, y - self._lower(root))
            if found is not None:
                return found
        return None

    def touchables(self) -> list[Part]:
        """All touchable parts in reading order, for focus by key or switch and for the tests."""
        order: list[Part] = []
        for root in reversed(self._roots()):
            order += [part for part in root.walk() if part.touchable and not isinstance(part, Dialog)]
        return order

    def press(self, x: float, y: float) -> None:
        """A finger comes down at a point (design units)."""
        if self._on_any is not None:
            self._on_any()
        moment, fx, fy = self._last_fired
        # The second half of a nervous double tap must not press what the next screen has at the same place.
        double = monotonic() - moment < self.look.motion.debounce and abs(fx - x) < 60 and abs(fy - y) < 60
        if double and self._changed_at >= moment:
            return
        self._focus(None)
        self._hold_crest(x, y)
        self._target = self.find(x, y)
        if self._target is not None:
            self._target.press(x, y - self._lower(self._target))

    def _hold_crest(self, x: float, y: float) -> None:
        """Holding the crest is for staff, who are told of it; nothing on the screen speaks of it."""
        self._let_crest_go()
        if self._on_crest is None or not (x < CREST_EDGE and y < CREST_EDGE):
            return
        with contextlib.suppress(
            RuntimeError
        ):  # a still picture has no loop, and nobody holds anything there
            self._holding = asyncio.get_running_loop().call_later(CREST_SECONDS, self._on_crest)

    def _let_crest_go(self) -> None:
        if self._holding is not None:
            self._holding.cancel()
            self._holding = None

    def slide(self, x: float, y: float) -> None:
        """The finger moves."""
        if not (x < CREST_EDGE and y < CREST_EDGE):
            self._let_crest_go()
        if self._target is not None:
            self._target.slide(x, y - self._lower(self._target))

    def release(self, x: float, y: float) -> None:
        """The finger leaves the glass."""
        self._let_crest_go()
        target, self._target = self._target, None
        if target is not None:
            self._last_fired = (monotonic(), x, y)
            target.release(x, y - self._lower(target))

    def tap(self, x: float, y: float) -> None:
        """Press and release at a point."""
        self.press(x, y)
        self.release(x, y)

    def _drop_touch(self) -> None:
        self._let_crest_go()
        target, self._target = self._target, None
        if target is not None:
            target.cancel()

    def _design(self, touch: Any) -> tuple[float, float]:
        return touch.x / self.look.unit, self.look.tall - touch.y / self.look.unit

    def on_touch_down(self, touch: Any) -> bool:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Kivy's event. One finger at a time; a resting palm is ignored."""
        if getattr(touch, "button", "left") not in ("left",) or self._finger is not None:
            return True
        self._finger = touch.uid
        self.press(*self._design(touch))
        return True

    def on_touch_move(self, touch: Any) -> bool:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Kivy's event."""
        if touch.uid == self._finger:
            self.slide(*self._design(touch))
        return True

    def on_touch_up(self, touch: Any) -> bool:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Kivy's event."""
        if touch.uid == self._finger:
            self._finger = None
            self.release(*self._design(touch))
        return True

    def _focus(self, part: Part | None) -> None:
        if self._focused is not None and self._focused is not part:
            self._focused.focus(on=False)
        self._focused = part
        if part is not None:
            part.focus(on=True)

    def key(self, name: Literal["next", "previous", "fire"]) -> None:
        """Keyboard or switch: walk the touchable parts, or do what a tap does on the focused one."""
        if self._on_any is not None:
            self._on_any()
        order = self.touchables()
        if not order:
            return
        if name == "fire":
            if self._focused in order:
                self._focused.fire()
            return
        at = order.index(self._focused) if self._focused in order else -1 if name == "next" else 0
        self._focus(order[(at + (1 if name == "next" else -1)) % len(order)])
