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
        draw_picture(part, picture, x, y, side, side)
        x, w = x + side + 28, w - side - 28
    part.pen.text(title, "label", x, y, w, code=palette.on_sky)
    y += text.height_of(look, title, "label", w) + 8
    part.pen.text(words, "small", x, y, w, code=palette.on_sky2)


def draw_picture(part: Part, icon: str, x: float, y: float, w: float, h: float) -> None:
    """A small horizon of ours: sky, sun, sea, and the thing the card is about in the middle."""
    palette, pen = part.look.palette, part.pen
    edge = 3 if part.look.contrast else 0
    pen.box(pen.shape(24, palette.sky["samudra"], border=edge, border_colour=palette.on_sky), x, y, w, h)
    sun = h * 0.34
    pen.disc(palette.sun, x + w - sun * 1.5, y + h * 0.14, sun)
    sea = h * 0.2
    pen.rect(palette.sea, x + 10, y + h - sea, w - 20, sea - 10)
    size = h * 0.5
    pen.icon(icon, size, x + (w - size) / 2, y + h * 0.24, code=palette.on_sky, fill=True)
