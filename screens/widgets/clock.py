"""The clocks of the sky: time left in the visit as a sinking sun, and the time of day."""

from __future__ import annotations

from kivy.graphics import ScissorPop, ScissorPush

from screens.theme.look import Look
from screens.widgets import text
from screens.widgets.part import Part
from screens.widgets.pen import pixels

LEFT = {"id": "sisa waktu", "en": "time left"}


class SessionClock(Part):
    """mm:ss and a sun that sinks behind its line. Its right edge is ``right``. ``tell`` is called once a second."""

    def __init__(self, look: Look, right: float, y: float, *, at_left: bool = False) -> None:
        width = 210.0
        x = right if at_left else right - width
        super().__init__(look, x, y, width, 84)
        palette = look.palette
        sun_x = x if at_left else right - 66
        self._sun_x = sun_x + 33
        # The sun is cut at the horizon line: what sank below it is gone.
        pos, size = pixels(look, sun_x - 4, y - 10, 74, 54)
        self.group.add(ScissorPush(x=pos[0], y=pos[1], width=size[0], height=size[1]))
        self._sun = self.pen.disc(palette.sun, self._sun_x - 17, y + 6, 34)
        self.group.add(ScissorPop())
        self.pen.box(self.pen.shape(3, palette.on_sky), sun_x, y + 45, 66, 5)
        self.pen.box(self.pen.shape(2, palette.sun), self._sun_x - 16, y + 55, 32, 5)
        words_x, words_w = (x + 84, 200.0) if at_left else (x - 60, width + 60 - 86)
        align = "left" if at_left else "right"
        clock_h = text.height_of(look, "0", "clock")
        self._digits = self.pen.text(
            "0:00", "clock", words_x, y, words_w, code=palette.on_sky, align=align, tabular=True
        )
        self.pen.text(
            LEFT[look.language],
            "clock_caption",
            words_x,
            y + clock_h - 2,
            words_w,
            code=palette.on_sky2,
            align=align,
            keep=True,
        )

    def tell(self, left: float, whole: float) -> None:
        """Seconds left of the whole. Draws only when the shown second changes."""
        seconds = max(0, int(left + 0.5))
        words = f"{seconds // 60}:{seconds % 60:02d}"
        if words == self._digits.words:
            return
        self._digits.say(words)
        gone = 1 - min(1.0, max(0.0, left / whole)) if whole > 0 else 1.0
        self._sun.place(self._sun_x - 17, self.y + 4 + 38 * gone, 34, 34)


class DayClock(Part):
    """Time of day and date (welcome and out-of-service). Its right edge is ``right``."""

    def __init__(self, look: Look, right: float, y: float) -> None:
        super().__init__(look, right - 460, y, 460, 90)
        palette = look.palette
        self._time = self.pen.text(
            "00.00", "day_clock", right - 460, y - 8, 460, code=palette.on_sky, align="right"
        )
        self._date = self.pen.text(
            "", "office2", right - 460, y + 44, 460, code=palette.on_sky2, align="right"
        )

    def tell(self, time: str, date: str) -> None:
        """``"09.24"`` and ``"Selasa, 24 Nov 2026"``; drawn only when they change."""
        self._time.say(time)
        self._date.say(date)
