"""The palettes keep their contrast and the type scale its smallest size. No window needed."""

from __future__ import annotations

import pytest

from screens.theme import tokens
from screens.theme.look import Look
from screens.theme.tokens import CONTRAST, NORMAL, ROLES, Palette, contrast

PALETTES = [NORMAL, CONTRAST]


@pytest.mark.parametrize("palette", PALETTES, ids=lambda p: p.name)
def test_words_are_readable_on_their_ground(palette: Palette) -> None:
    pairs = [(palette.ink, palette.page), (palette.ink2, palette.page), (palette.ink2, palette.surface)]
    pairs += [(palette.on_sky, sky) for sky in palette.sky.values()]
    pairs += [(palette.on_sky2, palette.sky["samudra"]), (palette.on_sky2, palette.sky["done"])]
    pairs += [(tone.text, tone.ground) for tone in palette.tones.values()]
    pairs += [(skin.text, skin.face) for skin in palette.skins.values()]
    pairs += [(skin.text2, skin.face) for skin in palette.skins.values()]
    for words, ground in pairs:
        # Success and danger faces with their pale second line reach AA; everything else AAA.
        assert contrast(words, ground) >= 4.5, (words, ground)
    for words, ground in pairs[:3]:
        assert contrast(words, ground) >= 7


@pytest.mark.parametrize("palette", PALETTES, ids=lambda p: p.name)
def test_touchable_borders_and_icons_are_seen(palette: Palette) -> None:
    for border in (palette.control, palette.active, palette.error):
        assert contrast(border, palette.page) >= 3
    for skin in palette.skins.values():
        assert contrast(skin.icon, skin.face) >= 3
        # Either the border or the face stands out from the page.
        assert max(contrast(skin.border, palette.page), contrast(skin.face, palette.page)) >= (
            1.5 if skin is palette.skins["sun"] else 3
        )
    for tone in palette.tones.values():
        assert contrast(tone.icon, tone.ground) >= 3
    assert contrast(palette.on_off, palette.off) >= 4.5
    assert contrast(palette.sun, palette.sky["samudra"]) >= 3


def test_figures_of_the_design() -> None:
    assert contrast(tokens.SAMUDRA, tokens.WHITE) == pytest.approx(9.4, abs=0.1)
    assert contrast(tokens.INK, tokens.BUIH) == pytest.approx(14.2, abs=0.1)
    assert contrast("#FFD500", "#000000") == pytest.approx(14.8, abs=0.2)
    assert contrast("#FFFFFF", "#FFFFFF") == 1.0


def test_no_text_below_the_smallest() -> None:
    for name, role in ROLES.items():
        if name != "clock_caption":  # "sisa waktu": the digits beside it carry the meaning
            assert role.size >= tokens.MIN_TEXT, name


def test_growing_words_never_shrink() -> None:
    for role in ROLES.values():
        sizes = [role.grown(step) for step in tokens.TEXT_STEPS]
        assert sizes == sorted(sizes)
    assert ROLES["body"].grown(1.4) == pytest.approx(1.4 * ROLES["body"].size)


def test_a_wrong_colour_is_refused() -> None:
    with pytest.raises(ValueError, match="colour"):
        tokens.rgba("#FFF")


def test_design_units() -> None:
    small = Look(540, 960)
    assert small.unit == 0.5
    assert (small.wide, small.tall) == (1080, 1920)
    assert small.px(3) == 2
    assert small.px(1) == 1  # a thin line stays
    wide = Look(1920, 1080)
    assert wide.landscape
    assert wide.unit == 1.0
