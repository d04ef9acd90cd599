"""What stands beside the calls: stuck steps counted on the kiosk, unanswered questions where they lie, old queues."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from kiosk import i18n
from kiosk.assist.call.wire import Call, State
from kiosk.desk.room import Room
from kiosk.desk.sources import Asked, Queue, _open_questions, stuck  # pyright: ignore[reportPrivateUsage]
from kiosk.desk.view import Reader, desk_view
from kiosk.insight.vocabulary import PLACES
from kiosk.main.hourly import stopped
from kiosk.portal.models import QueueState
from kiosk.settings import Settings
from kiosk.settings.model import Store as StoreSettings
from kiosk.store import Store

ZONE = ZoneInfo("Asia/Jakarta")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return replace(Settings(), store=StoreSettings(folder=str(tmp_path)))


def test_the_kiosk_counts_where_people_stopped_and_sends_nothing_else(settings: Settings) -> None:
    store = Store.open(settings, "test")
    for place, how in (
        ("camera", "left"),
        ("camera", "timeout"),
        ("form", "left"),
        ("sent", "left"),
        ("form", "done"),
    ):
        store.events.append("end", {"place": place, "detail": how}, session="a" * 16)
    store.events.append("help", {"place": "camera"}, session="a" * 16)
    assert stopped(store, datetime.now(ZONE)) == [("", 0), ("camera", 2), ("form", 1)]
    store.close()


def room_with(*counts: tuple[tuple[str, int], ...] | None) -> Room:
    room = Room(lambda: "a" * 16)
    for number, count in enumerate(counts, 1):
        room.spoke(State(f"K-0{number}", "Teras", time.time(), stuck=count))
    return room


def test_few_people_are_not_shown() -> None:
    assert stuck(room_with(None, None)) is None
    assert stuck(room_with((("camera", 3),), (("form", 1),))) == []
    assert stuck(room_with((("camera", 3),), (("form", 1), ("camera", 2)))) == [("camera", 5), ("form", 1)]


def test_unanswered_questions_are_listed_where_they_lie_and_nowhere_else(
    settings: Settings, tmp_path: Path
) -> None:
    assert _open_questions(settings) is None
    assert not list(tmp_path.iterdir()), "looking makes no store"
    store = Store.open(settings, "test")
    today = datetime.now(ZONE).date()
    for _ in range(2):
        store.questions.add(today, "faq", "unknown", "id", "izin odong odong")
    store.close()
    assert _open_questions(settings) == (("izin odong odong", 2),)
    assert Asked().open is None


def view(room: Room, queue: Queue | None = None, **reader: object) -> dict[str, object]:
    who = Reader("11", "Sari", **reader)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    return desk_view(
        room,
        queue or Queue(),
        who,
        promises=(2, 1, 5),
        everywhere_seconds=60,
        zone=ZONE,
        names={"12": "Budi"},
        sample=True,
    )


def test_an_old_queue_is_not_shown_as_current() -> None:
    queue = Queue(QueueState("A-047", "Loket 1", 3, 18, True, "15.00", ()), time.monotonic() - 31)
    assert view(room_with(), queue)["queue"]["lanes"] == []  # type: ignore[index]  # pyright: ignore[reportIndexIssue]
    assert "portal" in str(view(room_with(), queue)["queue"])


def test_a_call_passed_on_is_silent_here_until_it_rings_everywhere() -> None:
    room = room_with()
    room.spoke(State("K-02", "Teras", time.time(), "visit", "camera", 5, call=Call("b" * 16, "camera", 5, 5)))
    assert view(room)["calls"][0]["ring"]  # type: ignore[index]  # pyright: ignore[reportIndexIssue, reportUnknownVariableType]
    passed = frozenset({"b" * 16})
    assert not view(room, passed=passed)["calls"][0]["ring"]  # type: ignore[index]  # pyright: ignore[reportIndexIssue, reportUnknownVariableType]
    room.spoke(
        State("K-02", "Teras", time.time(), "visit", "camera", 61, call=Call("b" * 16, "camera", 61, 61))
    )
    assert view(room, passed=passed)["calls"][0]["ring"]  # type: ignore[index]  # pyright: ignore[reportIndexIssue, reportUnknownVariableType]


def test_the_page_gets_no_more_than_state(settings: Settings) -> None:
    """Nothing in the whole view comes from a visitor: its words are the desk's, the office's, or numbers."""
    room = room_with((("camera", 9),))
    room.spoke(State("K-02", "Teras", time.time(), "visit", "form", 5, call=Call("b" * 16, "form", 5, 5)))
    assert set(view(room)["calls"][0]) == {  # type: ignore[index]  # pyright: ignore[reportIndexIssue, reportUnknownVariableType]
        "id", "kiosk", "spot", "how", "ring", "head", "title", "title_small", "said", "step", "step_line", "step_small",
        "on_step", "speaks", "ask", "promises", "may_settle", "row",
    }  # fmt: skip


def test_every_step_has_a_name_and_both_languages() -> None:
    for place in PLACES:
        names = i18n.both(f"desk_steps.{place}")
        assert names["id"]
        assert names["en"]
