"""Pictures: crest, sun, ornament, faces, boat, printer, and the card that shows where to tap."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Literal

from kivy.core.image import Image as CoreImage
from kivy.graphics import PopMatrix, PushMatrix, Rotate, Translate

from screens.theme.look import Look
from screens.theme.tokens import BREEZE, SURYA
from screens.widgets import wake
from screens.widgets.part import Part
from screens.widgets.pen import pixels

_ART = Path(__file__).parent.parent / "theme" / "art"
CREST = _ART / "crest.png"
BREATHS = 2
"""How often the sun breathes before it rests: drawing it without a GPU costs a quarter of a core."""


@cache
def texture(path: Path) -> Any:
    """The texture of a PNG. Exception from Kivy when the file is no picture."""
    loaded: Any = CoreImage(str(path)).texture
    loaded.mag_filter = loaded.min_filter = "linear"
    return loaded


class Picture(Part):
    """A PNG in a rectangle. ``name`` is a file of the art folder, or a path (the office's own crest)."""

    def __init__(
        self, look: Look, x: float, y: float, w: float, h: float, name: str | Path, *, code: str = "#FFFFFF",
        alpha: float = 1.0,
    ) -> None:  # fmt: skip
        super().__init__(look, x, y, w, h)
        path = name if isinstance(name, Path) else _ART / name
        self.rect = self.pen.picture(texture(path), x, y, w, h, code=code, alpha=alpha)


class Sun(Part):
    """The half sun on the horizon ``cy``, with one or two halos. ``breathe`` lets the halos swell in
    brightness, a few times after
    it is shown and whenever ``rest(on=False)`` says that somebody came near.

    The part under the horizon is covered by what is drawn after it (sea or shore).
    """

    def __init__(
        self, look: Look, cx: float, cy: float, radius: float, *, halos: tuple[float, ...] = (), breathe: bool = False,
        alphas: tuple[float, ...] = (0.14, 0.2),
    ) -> None:  # fmt: skip
        super().__init__(look, cx - radius, cy - radius, 2 * radius, 2 * radius)
        code = look.palette.sun if look.contrast else SURYA
        self._alphas = alphas[: len(halos)]
        self._halos = [
            self.pen.disc(code, cx - r, cy - r, 2 * r, alpha=a)
            for r, a in zip(halos, self._alphas, strict=False)
        ]
        self.pen.disc(code, cx - radius, cy - radius, 2 * radius)
        self._breathe = breathe
        self._breaths = 0
        self._movement: wake.Movement | None = None

    def shown(self) -> None:
        if self._breathe and not self.look.still and self._movement is None:
            self._breaths = BREATHS
            self._inhale()

    def _inhale(self) -> None:
        self._movement = wake.play(self.look.motion.breath, self._step, self._exhaled, fps=6)

    def _exhaled(self) -> None:
        self._movement = None
        self._breaths -= 1
        if self._breaths > 0:
            self._inhale()

    def gone(self) -> None:
        if self._movement is not None:
            self._movement.stop()
            self._movement = None

    def rest(self, *, on: bool) -> None:
        """Pause the breath (nobody is near), or breathe a few times again (somebody came)."""
        if on:
            self.gone()
        else:
            self.shown()

    def _step(self, share: float) -> None:
        swell = 1 - abs(2 * share - 1)
        for index, (halo, alpha) in enumerate(zip(self._halos, self._alphas, strict=True)):
            halo.tint(alpha=alpha * (0.7 + 0.6 * (swell if index else 1 - swell)))


class Ornament(Part):
    """*Itik pulang petang*: the row of curling waves across the screen. Only on welcome, queue number and ticket."""

    def __init__(self, look: Look, x: float, y: float, w: float, *, code: str = BREEZE) -> None:
        super().__init__(look, x, y, w, 40)
        tile = texture(_ART / "wave.png")
        at = x
        while at < x + w:
            self.pen.picture(tile, at, y, 72, 40, code=code)
            at += 72


class Waves(Part):
    """The sea of the notice screens: two rolling lines."""

    def __init__(self, look: Look, y: float) -> None:
        super().__init__(look, 0, y, look.wide, 100)
        from math import pi, sin

        for offset, alpha, width in ((0.0, 1.0, 12), (46.0, 0.6, 12)):
            points = [
                (i * 24 - 24, y + offset + 30 - 30 * sin(2 * pi * (i * 24 + 90) / 360))
                for i in range(int(look.wide / 24) + 4)
            ]
            self.pen.line(BREEZE, points, width, alpha=alpha)


class Bars(Part):
    """The sun's reflection on the sea, on the welcome screen."""

    def __init__(self, look: Look, cx: float, y: float) -> None:
        super().__init__(look, cx - 280, y, 560, 172)
        for index, (left, w, alpha) in enumerate(
            ((-280, 560, 0.92), (-241, 430, 0.72), (-143, 330, 0.58), (-117, 210, 0.44), (-45, 110, 0.3))
        ):
            box = self.pen.box(self.pen.shape(7, SURYA), cx + left, y + index * 38, w, 14)
            box.alpha(alpha)


ReaderSide = Literal["left", "right", "middle"]
TapState = Literal["inviting", "reading", "read", "failed"]


class CardTap(Part):
    """How to tap the e-KTP: the card sinks to the reader, rings light one after another, the lamp turns green.

    ``side`` is where the reader really is on the built kiosk; the arrow points there. ``become`` shows what happened.
    """

    def __init__(self, look: Look, cx: float, y: float, *, side: ReaderSide = "right") -> None:
        super().__init__(look, cx - 260, y, 520, 440)
        palette = look.palette
        sun = palette.sun
        self._rings = []
        for radius, base in ((220.0, 0.35), (304.0, 0.35)):
            points = [(cx + radius * c, y + 364 - radius * s) for c, s in _half_circle()]
            self._rings.append(self.pen.line(sun, points, 7, alpha=base))
        self._arrow(cx, y, side)
        self.pen.box(self.pen.shape(18, "#B7C8C9"), cx - 250, y + 390, 500, 46)
        self.group.add(PushMatrix())
        self._shift = Translate(0, 0, 0)
        self._turn = Rotate(
            angle=7, axis=(0, 0, 1), origin=(cx * look.unit, (look.tall - (y + 128)) * look.unit)
        )
        self.group.add(self._shift)
        self.group.add(self._turn)
        self._card = self.pen.picture(texture(_ART / "card.png"), cx - 194, y, 388, 256)
        self.group.add(PopMatrix())
        self.pen.box(self.pen.shape(18, "#F3F7F6"), cx - 250, y + 362, 500, 48)
        self._lamp = self.pen.disc("#1B6338", cx - 9, y + 377, 18)
        self._movement: wake.Movement | None = None
        self._state: TapState = "inviting"

    def _arrow(self, cx: float, y: float, side: ReaderSide) -> None:
        sun = self.look.palette.sun
        lean = {"left": -1, "right": 1, "middle": 0}[side]
        ax = cx + (325 if lean >= 0 else -325)
        top, tip = y + 130, y + 282
        self.pen.line(sun, [(ax, top), (ax, tip)], 13)
        self.pen.line(sun, [(ax - 44, tip - 44), (ax, tip), (ax + 44, tip - 44)], 13)
        for px, py in ((ax, top), (ax, tip), (ax - 44, tip - 44), (ax + 44, tip - 44)):
            self.pen.disc(sun, px - 6.5, py - 6.5, 13)

    def shown(self) -> None:
        if self._state == "inviting" and self._movement is None:
            self._movement = wake.play(self.look.motion.tap_loop, self._step, loop=True, fps=30)

    def gone(self) -> None:
        if self._movement is not None:
            self._movement.stop()
            self._movement = None

    def become(self, state: TapState) -> None:
        """Inviting loops; reading holds the card on the reader; read turns the lamp green; failed makes it brick."""
        if state == self._state:
            return
        self._state = state
        self.gone()
        if state == "inviting":
            self.shown()
            return
        self._place(1.0)
        lamp = {"reading": "#F7B23B", "read": "#1B6338", "failed": "#A2231D"}[state]
        self._lamp.tint(lamp, 1.0)
        for ring in self._rings:
            ring.tint(alpha=0.9 if state in ("read", "reading") else 0.35)
        wake.ask()

    def _place(self, down: float) -> None:
        self._shift.y = -90 * self.look.unit * down
        self._turn.angle = 7 * (1 - down)
        # The card moves by the matrix, its own rectangle does not: say what may have changed.
        pos, size = pixels(self.look, self.x + 20, self.y - 30, self.w - 40, self.h + 60)
        wake.ask((*pos, *size))

    def _step(self, share: float) -> None:
        at = share * 2.0
        self._place(wake.ease_out(min(1.0, at / 0.9)))
        for index, ring in enumerate(self._rings):
            lit = min(1.0, max(0.0, (at - 0.9 - index * 0.2) / 0.2))
            ring.tint(alpha=0.35 + 0.55 * lit)
        self._lamp.tint("#2EA35A" if at >= 1.3 else "#1B6338")
        self._card.tint(alpha=1.0 if at < 1.6 else max(0.0, 1 - (at - 1.6) / 0.35))


def _half_circle() -> list[tuple[float, float]]:
    from math import cos, pi, sin

    return [(cos(pi * i / 48), sin(pi * i / 48)) for i in range(49)]
