"""The other way round: a card that should leave the reader. The card hangs above it, the arrow points up."""

from __future__ import annotations

from screens.widgets.art import CardTap, ReaderSide


class CardLift(CardTap):
    """Stands still: nothing is asked but to take the card away."""

    def _arrow(self, cx: float, y: float, side: ReaderSide) -> None:
        sun = self.look.palette.sun
        ax = cx + (-325 if side == "left" else 325)
        foot, tip = y + 282, y + 130
        self.pen.line(sun, [(ax, foot), (ax, tip)], 13)
        self.pen.line(sun, [(ax - 44, tip + 44), (ax, tip), (ax + 44, tip + 44)], 13)
        for px, py in ((ax, foot), (ax, tip), (ax - 44, tip + 44), (ax + 44, tip + 44)):
            self.pen.disc(sun, px - 6.5, py - 6.5, 13)

    def shown(self) -> None:
        """No loop."""
