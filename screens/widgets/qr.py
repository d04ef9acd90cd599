"""QR codes: one pixel a module, enlarged without smoothing, always on white with a quiet zone."""

from __future__ import annotations

from screens.theme.look import Look
from screens.widgets import raster
from screens.widgets.part import Part

LONG = 150
"""Characters from which a code carries a text and not an address."""


class Qr(Part):
    """A QR code in a square of ``side`` design units, quiet zone of 2 modules inside it on white.

    The white around it in a card makes up the rest of the four modules the standard asks for.
    """

    def __init__(
        self, look: Look, x: float, y: float, side: float, content: str, *, dark: str = "#0B2930"
    ) -> None:
        super().__init__(look, x, y, side, side)
        import segno  # 35 ms, and most visits end before a QR code is drawn

        # A text of many lines: less redundancy and larger modules read better from glass that has no dirt or creases.
        error = "m" if len(content) < LONG else "l"
        matrix = segno.make_qr(content, error=error).matrix
        rows = [[bool(cell) for cell in row] for row in matrix]
        count = len(rows) + 4
        self.pen.rect("#FFFFFF", x, y, side, side)
        # A whole number of pixels a module: modules of unequal width are what phones stumble over.
        module = max(1, look.px(side) // count) / look.unit
        size = module * len(rows)
        self.pen.picture(raster.modules(rows, dark), x + (side - size) / 2, y + (side - size) / 2, size, size)
