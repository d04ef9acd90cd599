"""The officer's door and half: room in every look, only officer touches leave them, no PIN shows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from kiosk.flow.model import Place, Visit
from kiosk.flow.officer_events import CloseDoor, DoorKey, DoorOn, OfficerTouch
from kiosk.flow.officer_side import Door, Side
from screens.widgets.keys import BACKSPACE, Keypad
from tests.screens.scenes import Shown, show, written
from tests.screens.test_scenes_way_in import LOOKS, overflow


def at_door(**fields: Any) -> Visit:
    return Visit("s", stage=Place.MENU, officer=Side(door=Door(**fields)))


DOORS = {
    "number": at_door(),
    "pin": at_door(stage="pin", pin="7391", insertion=1),
    "code": at_door(stage="code", code="12"),
    "wait": at_door(word="wait", seconds=1234),
    "wrong": at_door(word="wrong", left=2),
    "locked": at_door(word="locked"),
    "busy": at_door(stage="code", busy=True),
}


@pytest.mark.parametrize("name", DOORS)
@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("language", ["id", "en"])
def test_the_door_has_room_in_every_look(name: str, look: str, language: str) -> None:
    size, fields = LOOKS[look]
    shown = show(replace(DOORS[name], language=language, **fields), size=size)
    assert shown.small() == []
    assert shown.outside() == []
    assert overflow(shown) == []


def keypad(shown: Shown) -> Keypad:
    return next(part for part in shown.scene.walk() if isinstance(part, Keypad))


def test_the_door_sends_officer_touches_alone() -> None:
    shown = show(DOORS["number"])
    pad = keypad(shown)
    assert shown.key(pad, "7") == [DoorKey("7")]
    assert shown.key(pad, BACKSPACE) == [DoorKey("")]
    assert shown.tap(shown.scene.nav_row.buttons[0]) == [CloseDoor()]  # type: ignore[union-attr]
    assert shown.tap(shown.scene.nav_row.buttons[1]) == [DoorOn()]  # type: ignore[union-attr]


def test_no_digit_of_a_pin_is_drawn_and_no_key_shows_its_press() -> None:
    """Two PINs of one length give the same picture, also while the finger is on a key."""
    pictures = []
    for pin in ("739154", "000000"):
        shown = show(at_door(stage="pin", pin=pin[:5]))
        pad = keypad(shown)
        shown.stage.press(*pad.place_of(pin[5]))
        shown.draw(at_door(stage="pin", pin=pin))
        pictures.append(shown.picture("scene-officer-pin").read_bytes())
        assert pin not in written(lambda pin=pin: show(at_door(stage="pin", pin=pin)))
    assert pictures[0] == pictures[1]


@pytest.mark.picture
def test_door_pictures() -> None:
    for name, visit in DOORS.items():
        assert show(visit).picture(f"scene-officer-door-{name}").stat().st_size > 4000


async def test_holding_the_crest_opens_the_door_and_a_tap_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    import asyncio

    from screens import frame

    monkeypatch.setattr(frame, "CREST_SECONDS", 0.05)
    shown = show(Visit("s", stage=Place.MENU))

    def heard() -> list[object]:
        return [event for event in shown.sent if isinstance(event, OfficerTouch)]

    shown.stage.tap(98, 78)
    await asyncio.sleep(0.1)
    assert heard() == []
    shown.stage.press(98, 78)
    shown.stage.slide(400, 78)
    await asyncio.sleep(0.1)
    assert heard() == []
    shown.stage.release(400, 78)
    shown.stage.press(98, 78)
    await asyncio.sleep(0.1)
    assert [type(event).__name__ for event in heard()] == ["OpenDoor"]
