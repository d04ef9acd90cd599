"""Where answers appear: the field with its label above, caret, unit, and the sentence under it when it is wrong."""

from __future__ import annotations

from typing import Literal

from screens.theme.look import Look
from screens.theme.tokens import RADIUS, SURYA_D
from screens.widgets import raster, text
from screens.widgets.buttons import Button
from screens.widgets.part import Action, Touchable

FieldState = Literal["rest", "active", "valid", "error"]


class Field(Touchable):
    """A field: label above, value 48 px, unit at the right. The box is 124 high; ``y`` is the top of the label.

    ``note`` is a small remark at the right ("6 cocok"), ``on_clear`` puts an erase button there.

    ``say(value)`` shows a value and moves the caret to its end; a value wider than the field is shown from its end, as
    one reads what one types. ``hidden`` shows dots, the last character for as long as the caller leaves ``peek`` on.
    """

    def __init__(
        self,
        look: Look,
        x: float,
        y: float,
        w: float,
        label: str,
        value: str = "",
        on_tap: Action | None = None,
        *,
        unit: str | None = None,
        state: FieldState = "rest",
        error: str | None = None,
        icon: str | None = None,
        note: str | None = None,
        on_clear: Action | None = None,
        hidden: bool = False,
        h: float = 124,
    ) -> None:
        palette = look.palette
        label_h = text.height_of(look, label, "label", w) + 12 if label else 0.0
        h = max(h, look.size_of(look.role("field")) * 1.2 + 40)
        self._error_room = text.height_of(look, error, "small", w - 52) + 12 if error else 0.0
        super().__init__(look, x, y, w, label_h + h + self._error_room, on_tap)
        self._top, self._box_h = y + label_h, h
        if label:
            self.pen.text(label, "label", x, y, w, code=palette.ink, keep=True)
        self.state: FieldState = state
        self.value = ""
        self._hidden = hidden
        self._box = self.pen.box(self._shape(), x, self._top, w, h)
        self._left = x + 34
        if icon:
            self.pen.icon(icon, 44, x + 36, self._top + (h - 44) / 2, code=palette.icon)
            self._left += 68
        right = x + w - 32
        self._tick = self.pen.icon("done", 48, right - 46, self._top + (h - 48) / 2,
                                   code=palette.tones["green"].icon, fill=True)  # fmt: skip
        self._unit = None
        if unit:
            unit_w = text.width_of(look, unit, "lead_small")
            self._unit_right = right
            unit_h = text.height_of(look, unit, "lead_small")
            self._unit_y = self._top + (h - unit_h) / 2
            self._unit = self.pen.text(
                unit, "lead_small", right - unit_w, self._unit_y, None, code=palette.ink2
            )
            self._unit_w = unit_w
        self._note = None
        self._taken = 360 if note is not None else 112 if on_clear is not None else 0
        """Width at the right that the note and the erase button take."""
        if note is not None:
            note_h = text.height_of(look, "Ag", "small")
            note_x = x + w - (136 if on_clear else 32) - 240
            self._note = self.pen.text(note, "small", note_x, self._top + (h - note_h) / 2, 240,
                                       code=palette.ink2, align="right")  # fmt: skip
        if on_clear is not None:
            side = max(88.0, h - 24)
            self.add(Button(look, x + w - 24 - 92, self._top + (h - side) / 2, 92, side, "", on_clear, icon="close",
                            skin="soft", lip="key", radius=RADIUS["key"], icon_size=44))  # fmt: skip
        value_h = text.height_of(look, "Ag", "field")
        self._value_y = self._top + (h - value_h) / 2
        self._value = self.pen.text("", "field", self._left, self._value_y, None, code=palette.ink)
        self._caret = self.pen.rect(SURYA_D if not look.contrast else palette.active, 0, 0, 5, 56)
        if error:
            line_h = text.height_of(look, "Ag", "small")
            top = self._top + h + 12 + (line_h - 36) / 2
            self.pen.icon("warning-circle", 36, x, top, code=palette.error, fill=True)
            self.pen.text(error, "small", x + 48, self._top + h + 12, w - 52, code=palette.error)
        self.say(value)
        self.become(state)

    def _shape(self) -> raster.Box:
        palette = self.look.palette
        border, code = {
            "rest": (self.look.border("touch"), palette.control),
            "valid": (self.look.border("touch"), palette.control),
            "active": (self.look.border("active"), palette.active),
            "error": (self.look.border("active"), palette.error),
        }[self.state]
        return self.pen.shape(RADIUS["field"], palette.surface, border=border, border_colour=code)

    def become(self, state: FieldState) -> None:
        """Change its state; words stay."""
        self.state = state
        self._box.become(self._shape())
        self._caret.tint(alpha=1.0 if state == "active" else 0.0)
        self._tick.tint(alpha=1.0 if state == "valid" else 0.0)
        if self._unit is not None:
            shift = 64 if state == "valid" else 0
            self._unit.move(self._unit_right - self._unit_w - shift, self._unit_y)

    def say(self, value: str, *, peek: bool = False) -> None:
        """Show a value. With ``hidden`` it becomes dots; ``peek`` leaves its last character readable."""
        self.value = value
        shown = value
        if self._hidden and value:
            shown = "•" * (len(value) - 1) + (value[-1] if peek else "•")
        room = self.w - (self._left - self.x) - 44 - self._taken - (90 if self._unit else 0)
        while len(shown) > 1 and text.width_of(self.look, shown, "field") > room:
            shown = shown[1:]
        self._value.say(shown)
        end = self._left + (text.width_of(self.look, shown, "field") if shown else 0)
        self._caret.place(end + 5, self._top + (self._box_h - 56) / 2, 5, 56)

    def tell(self, note: str) -> None:
        """Change the small note at the right ("6 cocok")."""
        if self._note is not None:
            self._note.say(note)


class CodeBoxes(Touchable):
    """A row of boxes for a one-time code or PIN: one digit a box, the next one outlined. ``w`` is the
    room; boxes centred left."""

    touchable = False

    def __init__(
        self, look: Look, x: float, y: float, w: float, count: int = 6, *, hidden: bool = False
    ) -> None:
        gap = 18.0
        side = min(140.0, (w - gap * (count - 1)) / count)
        super().__init__(look, x, y, w, 148, None)
        palette = look.palette
        self._hidden = hidden
        self._boxes = [
            self.pen.box(self._shape(False), x + i * (side + gap), y, side, 148) for i in range(count)
        ]
        height = text.height_of(look, "0", "figure")
        self._digits = [
            self.pen.text(
                "",
                "figure",
                x + i * (side + gap),
                y + (148 - height) / 2,
                side,
                code=palette.ink,
                align="center",
            )
            for i in range(count)
        ]
        self.say("")

    def _shape(self, active: bool) -> raster.Box:
        palette = self.look.palette
        return self.pen.shape(
            RADIUS["field"],
            palette.surface,
            border=self.look.border("active" if active else "touch"),
            border_colour=palette.active if active else palette.control,
        )

    def say(self, digits: str, *, peek: bool = True) -> None:
        """Show the digits typed so far."""
        for index, (box, handle) in enumerate(zip(self._boxes, self._digits, strict=True)):
            digit = digits[index] if index < len(digits) else ""
            last = index == len(digits) - 1
            handle.say("•" if digit and self._hidden and not (last and peek) else digit)
            box.become(self._shape(index == len(digits)))
