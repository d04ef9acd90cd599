"""What is pressed: the lip button, the tile, the toggle, the check tile and the choice of the survey."""

from __future__ import annotations

from typing import Literal

from kivy.graphics import InstructionGroup, PopMatrix, PushMatrix, Translate

from screens.theme.look import Look
from screens.theme.tokens import LIP, RADIUS, RoleName, Skin, SkinName
from screens.widgets import raster, text, wake
from screens.widgets.part import Action, Touchable
from screens.widgets.pen import Pen, TextHandle

Side = Literal["left", "right", "above"]
LipName = Literal["button", "help", "key", "ambil"]


class Pressable(Touchable):
    """A box with a lip whose content sinks with it. Subclasses draw their content with ``self.face``."""

    def __init__(
        self,
        look: Look,
        x: float,
        y: float,
        w: float,
        h: float,
        on_tap: Action | None,
        *,
        skin: SkinName = "plain",
        lip: LipName = "button",
        radius: float = RADIUS["button"],
        border: int | None = None,
    ) -> None:
        super().__init__(look, x, y, w, h, on_tap)
        self.skin_name: SkinName = skin
        self.lip = LIP[lip]
        self.radius = radius
        self._border = look.border("touch") if border is None else border
        self._fixed_border = border is not None
        self._box = self.pen.box(self._rest(), x, y, w, h)
        self._content = InstructionGroup()
        self._shift = Translate(0, 0, 0)
        self._content.add(PushMatrix())
        self._content.add(self._shift)
        inner = InstructionGroup()
        self._content.add(inner)
        self._content.add(PopMatrix())
        self.group.add(self._content)
        self.face = Pen(look, inner)

    @property
    def skin(self) -> Skin:
        """Its colours now."""
        return self.look.palette.skins[self.skin_name]

    @property
    def face_height(self) -> float:
        """Height of the face, without the lip: where the content is centred."""
        return self.h - self.lip

    def _rest(self) -> raster.Box:
        skin = self.skin
        border = (
            self.look.border("active")
            if self.skin_name == "chosen" and not self._fixed_border
            else self._border
        )
        return self.pen.shape(
            self.radius,
            skin.face,
            border=border,
            border_colour=skin.border,
            lip=self.lip,
            lip_colour=skin.lip,
        )

    def _sunk(self) -> raster.Box:
        skin = self.skin
        fall = self.lip - LIP["pressed"]
        border = (
            self.look.border("active")
            if self.skin_name == "chosen" and not self._fixed_border
            else self._border
        )
        return self.pen.shape(
            self.radius,
            raster.darker(skin.face) if skin.face != "#000000" else "#333333",
            border=border,
            border_colour=skin.border,
            lip=LIP["pressed"],
            lip_colour=skin.lip,
            drop=fall,
        )

    def sink(self, *, down: bool) -> None:
        self._box.become(self._sunk() if down else self._rest())
        self._shift.y = -self.look.px(self.lip - LIP["pressed"]) if down else 0

    def flatten(self) -> None:
        """Draw it disabled: flat, no lip. The caller recolours its content and says the reason nearby."""
        palette = self.look.palette
        self.lip = 0
        self._box.become(self.pen.shape(self.radius, palette.off))

    def warm(self) -> None:
        """Compute the pressed picture ahead of the first touch."""
        raster.box(self._sunk())


class Button(Pressable):
    """The lip button.

    ``skin``: plain, filled (one a screen), success, sun, danger. ``icon_at``: left, right, above. ``sub``
    is a second, smaller
    line. ``h`` is a smallest height: a label that wraps makes it taller.
    """

    def __init__(
        self,
        look: Look,
        x: float,
        y: float,
        w: float,
        h: float,
        label: str,
        on_tap: Action | None = None,
        *,
        icon: str | None = None,
        icon_at: Side = "left",
        fill_icon: bool = False,
        sub: str | None = None,
        skin: SkinName = "plain",
        role: RoleName = "button",
        lip: LipName = "button",
        radius: float = RADIUS["button"],
        icon_size: float | None = None,
        enabled: bool = True,
        pad: float = 20,
    ) -> None:
        self._icon_at = icon_at
        size = look.size_of(look.role(role))
        self._icon_size = (icon_size or round(size * (1.6 if icon_at == "above" else 1.15))) if icon else 0.0
        gap = 0.0 if not icon or not label else (10.0 if icon_at == "above" else 18.0)
        beside = 0.0 if icon_at == "above" else self._icon_size + gap
        room = w - 2 * pad - beside
        label_h = text.height_of(look, label, role, room) if label else 0.0
        sub_h = text.height_of(look, sub, "office2", w - 2 * pad) if sub else 0.0
        above = self._icon_size + gap if icon_at == "above" else 0.0
        h = max(h, label_h + sub_h + above + LIP[lip] + 24)
        super().__init__(look, x, y, w, h, on_tap, skin=skin, lip=lip, radius=radius)
        self.enabled = enabled
        if not enabled:
            self.flatten()
        skin_now = self.skin
        code = skin_now.text if enabled else look.palette.on_off
        words_w = (
            min(room, text.width_of(look, label, role))
            if label_h <= look.role(role).line * size * 1.5
            else room
        )
        if label_h > look.role(role).line * size * 1.5:
            words_w = text.layout(look, label, role, room, keep=True).width / look.unit
        total = words_w + beside
        left = x + (w - total) / 2
        top = y + (self.face_height - label_h - sub_h - above) / 2
        self.label: TextHandle | None = None
        self._icon = None
        if icon:
            icon_code = code if role != "tile" else skin_now.icon
            if icon_at == "above":
                place = (x + (w - self._icon_size) / 2, top)
            elif icon_at == "left":
                place = (left, top + (label_h - self._icon_size) / 2)
            else:
                place = (left + words_w + gap, top + (label_h - self._icon_size) / 2)
            self._icon = self.face.icon(icon, self._icon_size, *place, code=icon_code, fill=fill_icon)
        if label:
            shift = beside if icon_at == "left" else 0.0
            align = "center"
            self.label = self.face.text(
                label,
                role,
                left + shift if icon_at != "above" else x + pad,
                top + above,
                words_w if icon_at != "above" else w - 2 * pad,
                code=code,
                align=align,
                keep=True,
            )
            # Rounding of widths must never make a line wrap that was measured not to.
        if sub:
            self.face.text(
                sub,
                "office2",
                x + pad,
                top + above + label_h,
                w - 2 * pad,
                code=skin_now.text2 if enabled else code,
                align="center",
                keep=True,
            )
        self._busy_words: TextHandle | None = None
        self._steps: wake.Movement | None = None
        self._role: RoleName = role
        self._busy_code = code

    def set_busy(self, on: bool, words: str = "Sebentar") -> None:
        """Busy: "Sebentar" with three stepping dots, a second touch is ignored, the width stays.

        ``words`` that do not fit are left out and only the dots step.
        """
        if on == self.busy:
            return
        self.busy = on
        if self.label is not None:
            self.label.tint(alpha=0.0 if on else 1.0)
        if self._icon is not None:
            self._icon.tint(alpha=0.0 if on else 1.0)
        if self._steps is not None:
            self._steps.stop()
            self._steps = None
        if self._busy_words is not None:
            self._busy_words.tint(alpha=0.0)
        if on:
            wide = text.width_of(self.look, f"{words}…", self._role)
            said = words if wide <= self.w - 24 else ""
            left = self.x + (self.w - text.width_of(self.look, said + "...", self._role)) / 2
            if self._busy_words is None:
                height = text.height_of(self.look, "Ag", self._role)
                top = self.y + (self.face_height - height) / 2
                self._busy_words = self.face.text("", self._role, left, top, None, code=self._busy_code)
            handle = self._busy_words
            handle.tint(alpha=1.0)
            handle.say(said + "...")
            # One turn in 1.5 s: nothing on these screens blinks faster than once a second.
            self._steps = wake.play(
                1.5, lambda s: handle.say(said + "." * (1 + int(s * 3))), loop=True, fps=2
            )

    def gone(self) -> None:
        if self._steps is not None:
            self._steps.stop()
        super().gone()


class Tile(Pressable):
    """A choice: icon, title, one line of help; the whole tile is the target.

    ``layout``: "row" (icon at left) or "stack" (icon above, centred). ``arrow`` puts a caret at the right.
    ``code`` puts a
    number block at the left instead of the icon (KBLI). ``chip_room`` keeps that height free under the words.
    """

    def __init__(
        self,
        look: Look,
        x: float,
        y: float,
        w: float,
        h: float,
        title: str,
        on_tap: Action | None = None,
        *,
        help_line: str | None = None,
        icon: str | None = None,
        fill_icon: bool = False,
        layout: Literal["row", "stack"] = "row",
        arrow: bool = False,
        skin: SkinName = "plain",
        role: RoleName = "tile",
        help_role: RoleName = "small",
        icon_size: float = 68,
        code: tuple[str, str] | None = None,
        chip_room: float = 0,
        keep: bool = True,
    ) -> None:
        big = look.text_step
        icon_size = icon_size * (1 + (big - 1) * 0.5) if icon else 0.0
        code_w = 0.0
        if code:
            code_w = max(text.width_of(look, code[0], "small"), text.width_of(look, code[1], "tile"), 112)
        gap = 28
        start = (28 if look.landscape or w > 600 else 26) if icon else 34
        words_x = start + (icon_size + gap if icon else 0) + (code_w + 36 if code else 0)
        room = w - words_x - (92 if arrow else 28)
        if layout == "stack":
            words_x, room = 24, w - 48
        title_h = text.height_of(look, title, role, room)
        help_h = text.height_of(look, help_line, help_role, room) if help_line else 0.0
        chip_gap = 8 if chip_room else 0
        words = title_h + help_h + (2 if help_line else 0) + chip_room + chip_gap
        stack = icon_size + 16 if layout == "stack" else 0
        h = max(h, words + stack + LIP["button"] + 28)
        super().__init__(look, x, y, w, h, on_tap, skin=skin, radius=RADIUS["tile"])
        colours = self.skin
        top = y + (self.face_height - words - stack) / 2
        if icon:
            place = (
                (x + (w - icon_size) / 2, top)
                if layout == "stack"
                else (x + start, y + (self.face_height - icon_size) / 2)
            )
            self.face.icon(icon, icon_size, *place, code=colours.icon, fill=fill_icon)
        if code:
            small_h = text.height_of(look, code[0], "small")
            block = small_h + text.height_of(look, code[1], "tile")
            cy = y + (self.face_height - block) / 2
            self.face.text(
                code[0], "small", x + start, cy, code_w, code=colours.text2, align="center", keep=True
            )
            self.face.text(
                code[1], "tile", x + start, cy + small_h, code_w, code=colours.text, align="center"
            )
        align = "center" if layout == "stack" else "left"
        self.title = self.face.text(
            title, role, x + words_x, top + stack, room, code=colours.text, align=align, keep=keep
        )
        self.help: TextHandle | None = None
        if help_line:
            self.help = self.face.text(
                help_line,
                help_role,
                x + words_x,
                top + stack + title_h + 2,
                room,
                code=colours.text2,
                align=align,
                keep=keep,
            )
        if arrow:
            self.face.icon("next", 36, x + w - 64, y + (self.face_height - 36) / 2, code=colours.icon)
        #: Where a chip goes (upper left corner), when ``chip_room`` was given.
        self.chip_at = (x + words_x, top + title_h + help_h + 2 + chip_gap)

    def choose(self, *, on: bool) -> None:
        """Show it as the chosen one: the border becomes 6 px of the active colour."""
        self.skin_name = "chosen" if on else "plain"
        self._box.become(self._rest())


class Toggle(Tile):
    """A tile with a switch at its right: optional consent. Starts off unless told otherwise."""

    def __init__(
        self,
        look: Look,
        x: float,
        y: float,
        w: float,
        h: float,
        title: str,
        on_change: Action | None = None,
        *,
        help_line: str | None = None,
        icon: str | None = None,
        on: bool = False,
    ) -> None:
        super().__init__(look, x, y, w - 0, h, title, None, help_line=help_line, icon=icon)
        self.on = on
        self.on_tap = self._flip
        self._on_change = on_change
        tx, ty = x + w - 152, y + (self.face_height - 72) / 2
        self._track_at = (tx, ty, 124.0, 72.0)
        self._track = self.face.box(self._track_shape(), *self._track_at)
        self._knob = self.face.disc(look.palette.control, tx + 10, ty + 10, 52)
        self._draw()

    def _track_shape(self) -> raster.Box:
        palette = self.look.palette
        if self.on:
            return self.pen.shape(36, palette.active)
        return self.pen.shape(36, palette.surface, border=4, border_colour=palette.control)

    def _draw(self) -> None:
        palette = self.look.palette
        self._track.become(self._track_shape())
        x, y, w, _ = self._track_at
        self._knob.tint(palette.surface if self.on else palette.control)
        self._knob.place(x + (w - 62 if self.on else 10), y + 10, 52, 52)

    def _flip(self) -> None:
        self.on = not self.on
        self._draw()
        if self._on_change is not None:
            self._on_change()


class CheckTile(Pressable):
    """A statement to agree to: a large tick box and a sentence. Never ticked before the visitor does it."""

    def __init__(
        self,
        look: Look,
        x: float,
        y: float,
        w: float,
        h: float,
        sentence: str,
        on_change: Action | None = None,
    ) -> None:
        room = w - 152 - 36
        words = text.height_of(look, sentence, "body", room)
        h = max(h, words + LIP["button"] + 48)
        super().__init__(look, x, y, w, h, None)
        self.on = False
        self.on_tap = self._flip
        self._on_change = on_change
        by = y + (self.face_height - 92) / 2
        self._mark_at = (x + 31, by, 92.0, 92.0)
        self._mark = self.face.box(self._mark_shape(), *self._mark_at)
        self._tick = self.face.icon("tick", 64, x + 45, by + 14, code=look.palette.skins["filled"].text)
        self._tick.tint(alpha=0.0)
        self.face.text(
            sentence,
            "body",
            x + 152,
            y + (self.face_height - words) / 2,
            room,
            code=look.palette.ink,
            keep=True,
        )

    def _mark_shape(self) -> raster.Box:
        palette = self.look.palette
        if self.on:
            return self.pen.shape(18, palette.active)
        return self.pen.shape(18, palette.surface, border=5, border_colour=palette.control)

    def _flip(self) -> None:
        self.on = not self.on
        self.skin_name = "chosen" if self.on else "plain"
        self._box.become(self._rest())
        self._mark.become(self._mark_shape())
        self._tick.tint(alpha=1.0 if self.on else 0.0)
        if self._on_change is not None:
            self._on_change()


class Dashed(Touchable):
    """The place for one more page: a dashed outline, an icon and words. No lip by design; the dashes say
    "put one here"."""

    def __init__(
        self,
        look: Look,
        x: float,
        y: float,
        w: float,
        h: float,
        label: str,
        on_tap: Action | None,
        *,
        icon: str = "add",
    ) -> None:
        super().__init__(look, x, y, w, h, on_tap)
        palette = look.palette
        self._box = self.pen.box(self._shape(palette.surface), x, y, w, h)
        dash, gap = 12.0, 8.0
        for start, end, fixed, across in (
            (x + 24, x + w - 24, y, True),
            (x + 24, x + w - 24, y + h - 4, True),
            (y + 24, y + h - 24, x, False),
            (y + 24, y + h - 24, x + w - 4, False),
        ):
            at = start
            while at < end:
                span = min(dash, end - at)
                if across:
                    self.pen.rect(palette.control, at, fixed, span, 4)
                else:
                    self.pen.rect(palette.control, fixed, at, 4, span)
                at += dash + gap
        words = text.height_of(look, label, "tile", w - 48)
        top = y + (h - words - 116) / 2
        self.pen.icon(icon, 92, x + (w - 92) / 2, top, code=palette.icon)
        self.pen.text(label, "tile", x + 24, top + 116, w - 48, code=palette.ink, align="center", keep=True)

    def _shape(self, face: str) -> raster.Box:
        return self.pen.shape(RADIUS["card"], face)

    def sink(self, *, down: bool) -> None:
        surface = self.look.palette.surface
        pressed = raster.darker(surface) if surface != "#000000" else "#333333"
        self._box.become(self._shape(pressed if down else surface))
