"""Behaviour of the widgets: what fires and what does not, sizes of targets, words that fit, pictures of all of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from screens.theme.look import Look

PICTURES = Path(__file__).parents[2] / "build" / "pictures"


def button(look: Look, taps: list[str], **options: Any) -> Any:
    from screens.widgets.buttons import Button

    return Button(look, 100, 200, 300, 128, "Lanjut", lambda: taps.append("tap"), **options)


def test_a_button_fires_on_release_inside(look: Look) -> None:
    taps: list[str] = []
    it = button(look, taps)
    it.press(150, 250)
    assert it.pressed
    assert taps == []
    it.release(150, 250)
    assert taps == ["tap"]
    assert not it.pressed


def test_sliding_off_cancels_and_coming_back_counts(look: Look) -> None:
    taps: list[str] = []
    it = button(look, taps)
    it.press(150, 250)
    it.slide(50, 250)
    assert not it.pressed
    it.release(50, 250)
    assert taps == []
    it.press(150, 250)
    it.slide(50, 250)
    it.slide(150, 250)
    it.release(150, 250)
    assert taps == ["tap"]


def test_a_second_tap_within_400_ms_is_ignored(look: Look) -> None:
    taps: list[str] = []
    it = button(look, taps)
    moment = [10.0]
    it.now = lambda: moment[0]
    for later in (0.0, 0.2, 0.19, 0.3):
        moment[0] += later
        it.press(150, 250)
        it.release(150, 250)
    assert len(taps) == 2


@pytest.mark.parametrize("state", ["disabled", "busy"])
def test_disabled_and_busy_do_nothing(look: Look, state: str) -> None:
    taps: list[str] = []
    it = button(look, taps, enabled=state != "disabled")
    if state == "busy":
        it.set_busy(True)
    it.press(150, 250)
    assert not it.pressed
    it.release(150, 250)
    it.fire()
    assert taps == []


def test_keys_send_what_they_show(look: Look) -> None:
    from screens.widgets.keys import BACKSPACE, CLOSE, ENTER, SPACE, Keyboard, Keypad

    sent: list[str] = []
    board = Keyboard(look, 32, 1000, sent.append)
    for sign in ["w", "a", "7", SPACE, BACKSPACE, ENTER, CLOSE]:
        board.press(*board.place_of(sign))
    assert sent == ["w", "a", "7", SPACE, BACKSPACE, ENTER, CLOSE]
    # The gap between two keys belongs to one of them: no touch is lost.
    x, y = board.place_of("g")
    assert board.key_at(x + board.keys[0].w / 2 + 4, y) is not None
    assert board.key_at(5, 5) is None
    pad = Keypad(look, 56, 800, 968, sent.append, extra="")
    with pytest.raises(KeyError):
        pad.place_of(",")


def test_hidden_digits_become_dots(look: Look) -> None:
    from screens.widgets.fields import Field

    field = Field(look, 56, 400, 968, "PIN", hidden=True, state="active")
    field.say("1234", peek=True)
    assert field._value.words == "•••4"
    field.say("1234")
    assert field._value.words == "••••"


def test_nothing_laid_out_shows_its_words_in_a_repr(look: Look) -> None:
    from screens.widgets import text

    block = text.layout(look, "9971010101900001", "body", 400)
    assert "9971" not in repr(block)
    assert not any("9971" in str(key) for key in text._blocks)


def test_text_wraps_by_words_and_keeps_them_all(look: Look) -> None:
    from screens.widgets.text import Setter

    words = "Letakkan kartu di kotak pembaca, di bawah layar sebelah kanan"
    setter = Setter(40, 0)
    lines = setter.wrap([(words, 500)], 400)
    assert len(lines) > 2
    assert "".join(text for line in lines for text, _ in line) == words
    for line in lines:
        assert setter.measure([(text.rstrip(), face) for text, face in line]) <= 400


def _stage(look: Look, name: str) -> Any:
    from tests.screens import gallery

    stage = gallery.stage_for(look)
    if name == "dialog":
        stage.show(gallery.SCREENS["number"](look))
        stage.open(gallery.timeout_dialog(look))
    else:
        stage.show(gallery.SCREENS[name](look))
    return stage


NAMES = [
    "welcome", "identify", "consent", "menu", "search", "risk", "number", "camera", "pages", "review", "success",
    "status", "ticket", "survey", "offline", "states", "dialog",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("step", [1.0, 1.4])
def test_every_target_is_large_enough(look: Look, name: str, step: float) -> None:
    stage = _stage(look.with_(text_step=step), name)
    for part in stage.touchables():
        for target in part.targets():
            assert target.w >= 88, (name, target)
            assert target.h >= 88, (name, target)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("step", [1.0, 1.2, 1.4])
def test_no_word_is_broken_or_wider_than_its_room(
    look: Look, name: str, step: float, monkeypatch: Any
) -> None:
    """A word is broken between letters only when it is wider than its whole room: that must happen nowhere."""
    from screens.widgets.text import Setter

    def refuse(_self: Setter, word: list[tuple[str, Any]], room: float) -> list[list[tuple[str, Any]]]:
        raise AssertionError(f"{word!r} does not fit {room}")

    monkeypatch.setattr(Setter, "_break", refuse)
    stage = _stage(look.with_(text_step=step), name)
    for part in stage.touchables():
        assert part.x >= 0
        assert part.x + part.w <= 1080.5


def test_a_double_tap_does_not_press_the_next_screen(look: Look) -> None:
    from screens.frame import KioskScreen, Stage
    from screens.widgets.helpbar import NavItem

    reached: list[str] = []

    class Second(KioskScreen):
        def build(self) -> None:
            self.head("Dua")
            self.nav([NavItem("Lanjut", lambda: reached.append("second"), skin="filled")])

    class First(KioskScreen):
        def build(self) -> None:
            self.head("Satu")
            self.nav([NavItem("Lanjut", lambda: stage.show(Second(self.look)), skin="filled")])

    stage = Stage(look)
    stage.show(First(look))
    stage.tap(540, 1680)
    assert isinstance(stage.screen, Second)
    stage.tap(545, 1684)
    assert reached == []
    stage._last_fired = (-9.0, 0.0, 0.0)  # as if 400 ms had passed
    stage.tap(545, 1684)
    assert reached == ["second"]


def test_a_dialog_covers_the_screen_but_not_the_help_bar(look: Look) -> None:
    from screens.widgets.dialog import Dialog
    from tests.screens import gallery

    called: list[str] = []
    stage = gallery.stage_for(look)
    stage._help_actions = (None, None, None, lambda: called.append("officer"), None)
    stage.show(gallery.SCREENS["number"](look))
    stage.restyle(look)
    stage.show(gallery.SCREENS["number"](look))
    stage.open(gallery.timeout_dialog(look))
    assert isinstance(stage.find(200, 1000), Dialog)  # where a key of the keypad is
    stage.tap(900, 1840)
    assert called == ["officer"]
    assert stage.dialog is not None
    safe = stage.dialog.buttons[0]
    assert safe.y > 620
    assert safe.skin_name == "filled"


def test_focus_walks_and_fires(look: Look) -> None:
    from screens.frame import KioskScreen, Stage
    from screens.widgets.helpbar import NavItem

    fired: list[str] = []

    class One(KioskScreen):
        def build(self) -> None:
            self.head("Satu")
            self.nav(
                [
                    NavItem("Kembali", lambda: fired.append("back")),
                    NavItem("Lanjut", lambda: fired.append("on")),
                ]
            )

    stage = Stage(look)
    stage.show(One(look))
    stage.key("next")
    stage.key("next")
    stage.key("fire")
    stage.key("previous")
    stage.key("fire")
    assert fired == ["on", "back"]


def test_boxes_that_touch_are_joined_and_large_ones_mean_the_whole_window() -> None:
    from screens.pulse import merged

    assert merged([(0, 0, 10, 10), (5, 5, 10, 10), (100, 100, 5, 5)], 1080, 1920) == [
        (0, 0, 15, 15),
        (100, 100, 5, 5),
    ]
    assert merged([(-5, -5, 10, 10)], 1080, 1920) == [(0, 0, 5, 5)]
    assert merged([(2000, 0, 10, 10)], 1080, 1920) == []
    assert merged([(0, 0, 1080, 1900)], 1080, 1920) is None


@pytest.mark.picture
@pytest.mark.parametrize("variant", ["normal", "contrast-large"])
@pytest.mark.parametrize("name", NAMES)
def test_pictures_of_every_widget(look: Look, name: str, variant: str) -> None:
    from tests.screens import gallery

    if variant == "contrast-large":
        look = look.with_(contrast=True, text_step=1.4)
    data = gallery.picture(_stage(look, name))
    PICTURES.mkdir(parents=True, exist_ok=True)
    path = PICTURES / f"widgets-{name}-{variant}.png"
    path.write_bytes(data)
    assert len(data) > 20_000  # an empty screen compresses to less
