"""One card of a micro-lesson: a picture drawn by us, a title, a sentence or two."""

from __future__ import annotations

from kiosk.knowledge.lessons import Card, lesson_for
from screens.widgets import text
from screens.widgets.part import Part


def cards_of(language: str, place: str) -> list[tuple[str, str, str]]:
    """(picture, title, words) of the step's lesson in `language`; never empty."""
    return [_said(card, language) for card in lesson_for(place).cards]


def _said(card: Card, language: str) -> tuple[str, str, str]:
    return card.picture, card.title.get(language), card.words.get(language)


def draw_card(part: Part, card: tuple[str, str, str], x: float, y: float, w: float, h: float) -> None:
    """Picture at the left, words beside it, within h; where there is little room the words alone."""
    picture, title, words = card
    palette, look = part.look.palette, part.look
    side = min(h, 220.0)
    if side >= 130 and w > 700:
        part.pen.box(part.pen.shape(24, palette.surface), x, y, side, side)
        part.pen.icon(picture, side * 0.62, x + side * 0.19, y + side * 0.19, code=palette.icon)
        x, w = x + side + 28, w - side - 28
    part.pen.text(title, "label", x, y, w, code=palette.on_sky)
    y += text.height_of(look, title, "label", w) + 8
    part.pen.text(words, "small", x, y, w, code=palette.on_sky2)
