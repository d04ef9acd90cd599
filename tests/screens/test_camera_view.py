"""The live picture: what stands where, in which light, and what a new frame costs the pulse."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from screens.theme.look import Look
from tests.screens.scenes import window

SIZE = (360, 640)
VIEW = (90.0, 300.0, 720.0, 540.0)
"""Design units, of 1080 x 1920: 30, 100, 240 x 180 pixels from the top."""
FRAME = (96, 72)
PAGE = ((32.0, 18.0), (64.0, 18.0), (64.0, 54.0), (32.0, 54.0))


@pytest.fixture
def asked() -> Iterator[list[Any]]:
    """What is asked of the pulse: boxes."""
    from screens.widgets import wake

    class Pulse:
        def ask(self) -> None:
            found.append(wake.take())

        def play(self, movement: Any) -> None:
            raise AssertionError("nothing moves here")

    found: list[Any] = []
    window()
    wake.take()
    wake.listen(Pulse())
    yield found
    wake.listen(None)


def view() -> Any:
    from screens.widgets.camera import CameraView

    window()
    return CameraView(Look(*SIZE), *VIEW)


def frame(left: bytes = b"\x28\x78\xc8\xff", right: bytes = b"\xc8\x28\x78\xff") -> bytes:
    """Upper half one colour left and another one right, lower half grey; B, G, R, 255."""
    wide, high = FRAME
    return (left * (wide // 2) + right * (wide // 2)) * (high // 2) + b"\x80\x80\x80\xff" * wide * (high // 2)


def drawn(part: Any) -> dict[str, tuple[int, int, int]]:
    """R, G, B at named places of the window, from a framebuffer with a ground of 9, 9, 9."""
    from kivy.graphics import ClearBuffers, ClearColor, Fbo

    wide, high = SIZE
    fbo = Fbo(size=SIZE)
    with fbo:
        ClearColor(9 / 255, 9 / 255, 9 / 255, 1)
        ClearBuffers()
    fbo.add(part.group)
    fbo.draw()
    raw = bytes(fbo.pixels)

    def at(x: int, y: int) -> tuple[int, int, int]:
        spot = ((high - 1 - y) * wide + x) * 4
        return (raw[spot], raw[spot + 1], raw[spot + 2])

    return {
        "upper left": at(40, 110),
        "upper right": at(260, 110),
        "low": at(40, 270),
        "page, left": at(130, 170),
        "page, right": at(170, 170),
        "outside, left": at(20, 190),
        "outside, above": at(150, 90),
    }


def test_the_picture_stands_upright_in_its_own_colours():
    it = view()
    it.feed(frame(), *FRAME)
    seen = drawn(it)
    assert seen["upper left"] == seen["page, left"] == (0xC8, 0x78, 0x28)
    assert seen["upper right"] == seen["page, right"] == (0x78, 0x28, 0xC8)
    assert seen["low"] == (0x80, 0x80, 0x80)
    assert seen["outside, left"] == seen["outside, above"] == (9, 9, 9)


def test_around_the_page_it_is_52_percent_dark():
    it = view()
    it.feed(frame(), *FRAME)
    it.outline(PAGE, steady=True)
    seen = drawn(it)
    assert seen["page, left"] == (0xC8, 0x78, 0x28)
    assert seen["upper left"] == pytest.approx((0xC8 * 0.48, 0x78 * 0.48, 0x28 * 0.48), abs=1)
    assert seen["low"] == pytest.approx((0x80 * 0.48,) * 3, abs=1)
    it.outline(None)
    assert drawn(it)["low"] == (0x80, 0x80, 0x80)


def test_an_outline_that_leaves_the_view_is_not_drawn_over_its_neighbours():
    it = view()
    it.feed(frame(), *FRAME)
    it.outline(((-20.0, -20.0), (120.0, -20.0), (120.0, 90.0), (-4.0, 90.0)), steady=True)
    seen = drawn(it)
    assert seen["outside, left"] == seen["outside, above"] == (9, 9, 9)


def test_a_frame_asks_for_the_view_and_nothing_else(asked: list[Any]):
    it = view()
    it.feed(frame(), *FRAME)
    it.outline(PAGE)
    asked.clear()
    it.feed(frame(), *FRAME)
    it.outline(PAGE)
    assert asked == [[(30, 360, 240, 180)]]


def test_a_page_that_went_is_overwritten_in_the_graphics_memory():
    it = view()
    it.feed(frame(), *FRAME)
    it.clear()
    assert drawn(it)["upper left"] == (0, 0, 0)


def test_a_frame_of_another_length_is_refused():
    with pytest.raises(ValueError, match="another size"):
        view().feed(frame()[:-4], *FRAME)


def test_a_ground_leaves_out_what_something_opaque_covers():
    from screens.widgets.pen import around_hole

    box = (0, 0, 100, 200)
    parts = around_hole(box, (20, 50, 60, 100))
    assert sum(w * h for _, _, w, h in parts) == 100 * 200 - 60 * 100
    for x, y, w, h in parts:  # none of them reaches into the hole
        assert x + w <= 20 or x >= 80 or y + h <= 50 or y >= 150
    assert around_hole(box, (0, 0, 0, 0)) == around_hole(box, (100, 0, 50, 50)) == [box]
    assert around_hole(box, (-10, -10, 200, 300)) == []
    assert around_hole(box, (0, 120, 100, 80)) == [(0, 0, 100, 120)]
