"""A page that takes itself: when it counts down, what breaks it off, and that a person can stop it for good."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hardware.camera.port import CameraFault, CameraTrouble, Frame, Quad, Quality, Remark
from kiosk.effects.still_page import SECONDS, StillPage
from kiosk.flow.events import Back, Choose, Forward, PageRests
from kiosk.flow.model import Answered, Context, FlowSettings, Place, Standing
from kiosk.flow.orders import TakePicture
from kiosk.flow.results import Failed, PictureTaken, Trouble
from kiosk.journeys.apply import step
from kiosk.journeys.apply.state import Apply
from tests.kiosk.flow.samples import assessed

PAGE: Quad = ((200.0, 40.0), (440.0, 40.0), (440.0, 440.0), (200.0, 440.0))
ELSEWHERE: Quad = ((230.0, 60.0), (470.0, 60.0), (470.0, 460.0), (230.0, 460.0))


def frame(outline: Quad | None = PAGE, *, steady: bool = True, remarks: tuple[Remark, ...] = ()) -> Frame:
    return Frame(1, 640, 480, b"", outline, steady, Quality(remarks=remarks))


def told(
    still: StillPage, shown: Frame | CameraFault | None, begin: float, seconds: float
) -> list[int | None]:
    found: list[int | None] = []
    for tenth in range(round(seconds * 10) + 1):
        found += still.see(shown, begin + tenth / 10)
    return found


def test_it_counts_down_once_and_then_takes():
    still = StillPage()
    assert told(still, frame(), 10.0, 2.9) == [3, 2, 1]
    assert told(still, frame(), 13.0, 10.0) == [0]


@pytest.mark.parametrize(
    "other",
    [
        frame(steady=False),
        frame(remarks=(Remark.GLARE,)),
        frame(remarks=(Remark.TWO_PAGES,)),
        frame(None, remarks=(Remark.NO_PAGE,)),
        CameraFault(CameraTrouble.GONE),
        None,
    ],
)
def test_whatever_is_not_still_sharp_and_whole_breaks_it_off(other: Frame | CameraFault | None):
    still = StillPage()
    assert told(still, frame(), 0.0, 2.0) == [3, 2, 1]
    assert told(still, other, 2.1, 5.0) == [None]
    assert told(still, frame(), 8.0, SECONDS) == [3, 2, 1, 0]


def test_a_page_that_was_taken_is_not_taken_again_while_it_lies_there():
    still = StillPage()
    told(still, frame(), 0.0, SECONDS)
    assert told(still, None, 4.0, 1.0) == []  # its picture is looked at, the camera is closed
    assert told(still, frame(None), 5.0, 0.3) == []  # open again, nobody has looked yet
    assert told(still, frame(steady=False), 5.5, 0.4) == []
    assert told(still, frame(), 6.0, 10.0) == []
    assert told(still, frame(ELSEWHERE), 17.0, SECONDS) == [3, 2, 1, 0]
    assert told(still, frame(None, remarks=(Remark.NO_PAGE,)), 21.0, 0.2) == []
    assert told(still, frame(ELSEWHERE), 22.0, SECONDS) == [3, 2, 1, 0]


# --- the flow

ON = FlowSettings(auto_capture=True)


def context(settings: FlowSettings = ON) -> Context:
    return Context("s", settings, Standing(), consented=True, online=True)


def journey() -> Apply:
    return Apply(
        "k", place=Place.CAMERA, code="56304", capital="mikro", sales="new", sheet=assessed("56304", "mikro")
    )


def after(start: Apply, *events: object, settings: FlowSettings = ON) -> tuple[Apply, list[object]]:
    now, orders = start, []
    for event in events:
        turn = step(now, event, context(settings))  # type: ignore[arg-type]
        assert isinstance(turn.journey, Apply)
        now = turn.journey
        orders += turn.orders
    return now, [order for order in orders if isinstance(order, TakePicture)]


COUNTDOWN = [PageRests(3), PageRests(2), PageRests(1)]


def test_the_countdown_is_seen_and_ends_in_a_picture():
    seen, orders = after(journey(), *COUNTDOWN)
    assert (seen.counting, orders) == (1, [])
    seen, orders = after(seen, PageRests(0))
    assert (seen.counting, seen.waiting, orders) == (0, "TakePicture", [TakePicture()])
    seen, _ = after(seen, Answered("TakePicture", PictureTaken("page-1", (), 200, "")))
    assert seen.place is Place.PAGES


def test_a_touch_stops_it_for_good():
    seen, orders = after(journey(), *COUNTDOWN[:2], Choose("by_hand"), *COUNTDOWN, PageRests(0))
    assert (seen.counting, seen.waiting, orders) == (0, "", [])
    seen, orders = after(seen, Forward())
    assert orders == [TakePicture()]


def test_a_page_that_moved_is_not_taken():
    seen, orders = after(journey(), *COUNTDOWN, PageRests(None), PageRests(0))
    assert (seen.counting, orders) == (0, [])


def test_nothing_is_taken_that_nobody_saw_coming():
    assert after(journey(), PageRests(0))[1] == []


def test_an_office_can_switch_it_off():
    seen, orders = after(journey(), *COUNTDOWN, PageRests(0), settings=FlowSettings(auto_capture=False))
    assert (seen.counting, orders) == (0, [])


def test_a_second_picture_is_not_asked_for_while_one_is_taken():
    seen, orders = after(journey(), *COUNTDOWN[:1], Forward(), *COUNTDOWN, PageRests(0))
    assert orders == [TakePicture()]
    assert seen.counting == 0


def test_a_trouble_and_the_way_back_end_it():
    assert (
        after(journey(), PageRests(3), Answered("TakePicture", Failed(Trouble.CAMERA_GONE)))[0].counting == 0
    )
    assert after(replace(journey(), counting=2), Back())[0].counting == 0
