"""The officer's door and half: room in every look, only officer touches leave them, no PIN shows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from kiosk.flow.model import Place, Visit
from kiosk.flow.officer_events import CloseDoor, DoorKey, DoorOn, OfficerTouch
from kiosk.flow.officer_side import COUNTED, Assist, Door, Ended, Side
from screens.officer.half import HEIGHTS
from screens.widgets.keys import BACKSPACE, Keypad
from tests.screens.scenes import Shown, show, written
from tests.screens.test_scenes_apply import SOURCES
from tests.screens.test_scenes_apply import STATES as APPLY
from tests.screens.test_scenes_way_in import LOOKS, overflow
from tests.screens.test_scenes_way_in import STATES as WAY_IN


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


# --- the officer's half over each of the visitor's steps --------------------------------------------------------------


def beside(visit: Visit, **fields: Any) -> Visit:
    place = visit.step_place.value
    assist = replace(Assist("abcdefgh", "Bu Sari", "Loket 2", place=place), **fields)
    return replace(visit, officer=Side(assist=assist, ever=True), own_dialog=None)


STEPS: dict[str, tuple[Visit, Any]] = {
    **{
        name: (state, None)
        for name, state in WAY_IN.items()
        if state.step_place.value in COUNTED | {"menu", "ticket"}
    },
    **{name: (make(), SOURCES) for name, make in APPLY.items()},
}
MARKED = Ended("search", 1, False)


@pytest.mark.parametrize("name", STEPS)
@pytest.mark.parametrize("look", ["", "large"])
def test_the_visitors_half_keeps_its_room_under_the_officers(name: str, look: str) -> None:
    state, sources = STEPS[name]
    fields = {"text_step": 2} if look else {}
    shown = show(replace(beside(state), **fields), sources=sources)
    assert shown.stage.half is not None
    assert shown.small() == []
    if not look:
        assert shown.scene.has_room(), shown.stage.half.h
        assert shown.outside() == []


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("height", HEIGHTS)
@pytest.mark.parametrize("place", sorted(COUNTED | {"menu"}))
def test_every_face_of_the_half_fits_its_height(place: str, height: float, language: str) -> None:
    from screens.officer.half import OfficerHalf
    from screens.theme.look import Look
    from tests.screens.scenes import window

    window()
    for fields in ({}, {"hint": 1}, {"hint": 2}, {"ended": MARKED}, {"filling": True}, {"failed": 3}):
        visit = beside(Visit("s", stage=Place.MENU, language=language))  # type: ignore[arg-type]
        assist = replace(visit.officer.assist, place=place, **fields)  # type: ignore[type-var]
        visit = replace(visit, officer=Side(assist=assist))
        half = OfficerHalf(Look(1080, 1920, language=language), visit, lambda _event: None, height)  # type: ignore[arg-type]
        assert max(part.bottom for part in half.parts) <= height - 8
        assert all(target.w >= 88 and target.h >= 88 for part in half.parts for target in part.targets())  # type: ignore[attr-defined]


def test_the_half_can_send_officer_touches_alone_and_has_no_field() -> None:
    """Every control in every face is tapped: what leaves is an officer's touch, and nothing in it takes text."""
    from screens.widgets.fields import CodeBoxes, Field
    from screens.widgets.keys import Keys

    seen: set[str] = set()
    for fields in (
        {},
        {"ended": MARKED},
        {"ended": Ended("search", 3, True)},
        {"lesson": True},
        {"lesson": True, "card": 1},
    ):
        shown = show(beside(STEPS["menu"][0], **fields))
        half = shown.stage.half
        assert half is not None
        for part in half.walk():
            assert not isinstance(part, Field | CodeBoxes | Keys)
            if part.touchable:
                touches = shown.tap(part)
                assert len(touches) == 1
                assert isinstance(touches[0], OfficerTouch)
                seen.add(type(touches[0]).__name__)
    assert {
        "NextHint",
        "PointOn",
        "OpenLesson",
        "CloseLesson",
        "TurnCard",
        "MarkLevel",
        "LeaveAssist",
    } <= seen


def test_the_visitor_keeps_the_touch_of_their_own_half() -> None:
    from kiosk.flow.events import Choose

    shown = show(beside(STEPS["menu"][0]))
    lower = 1920 - shown.scene.look.tall
    assert lower > 100
    tile = next(
        part
        for part in shown.scene.walk()
        if getattr(getattr(part, "on_tap", None), "event", None) == Choose("apply")
    )
    shown.stage._last_fired = (-9.0, 0.0, 0.0)
    shown.stage.tap(tile.x + tile.w / 2, tile.y + tile.h / 2 + lower)
    assert Choose("apply") in shown.sent


@pytest.mark.parametrize("name", ["scale-capital", "menu", "search", "camera", "number-nib"])
def test_lying_down_the_half_stands_in_the_column_over_the_clock(name: str) -> None:
    for fields in ({}, {"ended": MARKED}, {"lesson": True}):
        shown = show(beside(STEPS[name][0], **fields), size=(1920, 1080), sources=STEPS[name][1])
        half = shown.stage.half
        assert half is not None
        assert max(part.bottom for part in half.parts) <= 1080 - 148 - 104
        assert shown.outside() == []


def test_the_help_bar_sends_the_officer_away() -> None:
    from kiosk.flow.events import CallOfficer, SendOfficerAway

    shown = show(beside(STEPS["menu"][0]))
    assert shown.tap(shown.stage.help_bar.call) == [SendOfficerAway()]
    shown.draw(STEPS["menu"][0])
    assert shown.tap(shown.stage.help_bar.call) == [CallOfficer()]


def test_the_outline_goes_from_control_to_control_and_out() -> None:
    shown = show(beside(STEPS["menu"][0]))
    controls = [part for part in shown.scene.walk() if part.touchable]
    glowing = []
    for point in range(1, len(controls) + 2):
        shown.draw(beside(STEPS["menu"][0], point=point))
        glowing.append(shown.stage._glowing)
    assert glowing == [*controls, None]


def test_the_survey_is_answered_with_nobody_looking_on() -> None:
    from tests.screens.test_scenes_survey import STATES as SURVEY

    state = next(iter(SURVEY.values()))
    assert show(beside(state)).stage.half is None


@pytest.mark.picture
def test_half_pictures() -> None:
    for name in ("menu", "number-nib", "identify"):
        show(beside(STEPS[name][0])).picture(f"scene-officer-half-{name}")
    for name in APPLY:
        show(beside(STEPS[name][0], point=1), sources=SOURCES).picture(f"scene-officer-half-{name}")
    scale = STEPS["scale-capital"][0]
    show(beside(scale, ended=MARKED)).picture("scene-officer-half-mark")
    show(beside(scale, lesson=True)).picture("scene-officer-half-lesson")
    show(beside(scale), size=(1920, 1080)).picture("scene-officer-half-landscape")
