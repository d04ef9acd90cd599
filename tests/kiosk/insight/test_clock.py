"""The service clock against a plain walk through the days, and against cases worked by hand."""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.insight.clock import (
    STATUS,
    Calendar,
    Change,
    Clock,
    ClockError,
    holidays_from,
    packaged,
    parse,
    read,
    seconds,
)  # fmt: skip
from tests.kiosk.insight.conftest import Run

JAKARTA = timezone(timedelta(hours=7))
FREE = Calendar.of([])


def walk(changes: list[tuple[str, datetime]], now: datetime, holidays: set[date]) -> tuple[int, str]:
    """Day by day and event by event, as an officer with a paper calendar would do it."""
    state, count, day_zero = "unstarted", 0, date.min
    queue = [(status, at.astimezone(JAKARTA)) for status, at in changes if at <= now]
    day = queue[0][1].date()
    now = now.astimezone(JAKARTA)
    while day <= now.date():
        close = datetime.combine(day, time(16), JAKARTA)
        for after_close in (False, True):
            while queue and queue[0][1].date() == day and (queue[0][1] > close) == after_close:
                status, at = queue.pop(0)
                if state == "unstarted":
                    state, day_zero = "running", at.date()
                if state == "done":
                    continue
                if status == "41":
                    state = "stopped"
                elif status == "42" and state == "stopped":
                    state, day_zero = "running", at.date()
                elif status == "43":
                    state, count = "stopped", 0
                elif status == "44":
                    state, count, day_zero = "running", 0, at.date()
                elif status in ("50", "57", "90", "93"):
                    state = "done"
            if not after_close and now >= close:
                working = day.weekday() < 5 and day not in holidays
                count += working and state == "running" and day > day_zero
        day += timedelta(days=1)
    return count, state


# Half of all moments on the minutes that matter: the close, its neighbours, midnight.
MINUTES = st.one_of(st.sampled_from([0, 959, 960, 961, 1439]), st.integers(0, 1439))
MOMENTS = st.builds(
    lambda day, minute, second: (
        datetime(2026, 7, 27, tzinfo=JAKARTA) + timedelta(days=day, minutes=minute, seconds=second)
    ),
    st.integers(0, 40), MINUTES, st.sampled_from([0, 0, 1, 59]),
)  # fmt: skip
STATUSES = st.one_of(st.sampled_from(["41", "42", "43", "44"]), st.sampled_from(sorted(STATUS)))


@given(
    st.lists(st.tuples(STATUSES, MOMENTS), min_size=1, max_size=12),
    MOMENTS,
    st.sets(st.integers(0, 45), max_size=8),
)
def test_clock_equals_the_walk(history: list[tuple[str, datetime]], later: datetime, off: set[int]) -> None:
    changes = sorted(history, key=lambda change: change[1])
    now = max(later, changes[0][1])
    holidays = {date(2026, 7, 27) + timedelta(days=day) for day in off}
    found = read([Change(*change) for change in changes], now, Calendar.of(holidays))
    assert (found.working_days, found.state) == walk(changes, now, holidays)
    assert f": {found.working_days} hari kerja" in " ".join(found.explanation)


@given(st.dates(date(1900, 1, 1), date(2200, 1, 1)), st.integers(-10, 400), st.sets(st.integers(0, 400)))
def test_working_days_between_equals_counting_them(start: date, length: int, off: set[int]) -> None:
    calendar = Calendar.of(start + timedelta(days=day) for day in off)
    counted = sum(calendar.is_working_day(start + timedelta(days=day)) for day in range(1, length + 1))
    assert calendar.between(start.toordinal(), start.toordinal() + length) == counted


def at(text: str) -> datetime:
    """ "3 09:00" of August 2026; the 3rd is a Monday."""
    day, _, clock = text.partition(" ")
    return datetime.fromisoformat(f"2026-08-{int(day):02d}T{clock or '09:00'}:00+07:00")


@pytest.mark.parametrize(
    ("story", "now", "days", "state"),
    [
        ("10@3", "3 17:00", 0, "running"),  # the day it starts is day 0
        ("10@3", "4 15:59", 0, "running"),  # Tuesday has not closed
        ("10@3", "4 16:00", 1, "running"),
        ("10@3 18:00", "4 16:00", 1, "running"),  # started in the evening: still day 0
        ("10@7", "10 16:00", 1, "running"),  # Friday to Monday is one working day
        ("10@8", "10 16:00", 1, "running"),  # started on a Saturday
        ("10@3,50@5 16:00", "20", 1, "done"),  # approved at 16.00 sharp: before the close of Wednesday
        ("10@3,50@5 16:01", "20", 2, "done"),
        ("10@3,41@5 10:00", "12", 1, "stopped"),
        ("10@3,41@5 16:01", "12", 2, "stopped"),  # after the close: Wednesday stays counted
        ("10@3,41@5,42@5 11:00", "6 16:00", 2, "running"),  # Wednesday resumed, so it is day 0 again
        ("10@3,41@4,42@10", "12 16:00", 2, "running"),
        ("10@3,42@5", "6 16:00", 3, "running"),  # resuming a running clock changes nothing
        ("10@3,43@5,42@6", "10 16:00", 2, "running"),  # 43 forgets Tuesday
        ("10@3,43@6", "20", 0, "stopped"),
        ("10@3,44@6", "10 16:00", 2, "running"),
        ("10@3,44@5 17:00", "6 16:00", 1, "running"),  # the restart forgets Tuesday and Wednesday
        ("10@3,90@5,44@6", "20", 1, "done"),  # after the end nothing counts
        ("10@3,41@4,50@7", "20", 0, "done"),
        ("10@3,57@10", "20", 4, "done"),
        ("10@14", "18 16:00", 1, "running"),  # 17 August is a holiday
        ("10@24", "26 16:00", 1, "running"),  # Maulid on the 25th
    ],
)
def test_worked_by_hand(story: str, now: str, days: int, state: str) -> None:
    changes = [Change(word[:2], at(word[3:])) for word in story.split(",")]
    found = read(changes, at(now))
    assert (found.working_days, found.state) == (days, state)


def test_seven_and_a_half_in_the_evening_is_another_day_elsewhere() -> None:
    """23.30 in Jakarta is 16.30 UTC the same day, 01.30 in Jayapura the next: only WIB counts."""
    changes = [Change("10", datetime.fromisoformat("2026-08-04T01:30:00+09:00"))]
    assert read(changes, datetime.fromisoformat("2026-08-04T09:00:00+00:00"), FREE).working_days == 1
    assert read(changes, datetime.fromisoformat("2026-08-04T08:59:59+00:00"), FREE).working_days == 0


def test_a_fraction_of_a_second_after_the_close_is_after_it() -> None:
    clock = Clock(FREE)
    clock.apply("10", seconds(at("3")))
    clock.apply("41", seconds(at("4 16:00") + timedelta(microseconds=1)))
    assert clock.days(seconds(at("9"))) == 1


def test_explanation_names_what_was_skipped_and_what_is_doubtful() -> None:
    lines = " ".join(read([Change("10", at("14"))], at("26")).explanation)
    assert "17 Agu 2026 (Proklamasi Kemerdekaan)" in lines
    assert "25 Agu 2026 (Maulid" in lines
    assert "Sabtu dan Minggu" in lines
    assert "Perlu diperiksa" not in lines
    over = read([Change("10", at("14"))], datetime(2028, 1, 5, tzinfo=JAKARTA)).explanation
    assert any("2028 tidak ada dalam paket" in line for line in over)
    assert any("2027 masih contoh" in line for line in over)


def test_pack_is_dated_sourced_and_within_its_years() -> None:
    calendar = packaged()
    assert calendar.years is not None
    assert {date.fromordinal(day).year for day in calendar.holidays} <= set(calendar.years)
    for fixed in ((1, 1), (5, 1), (6, 1), (8, 17), (12, 25)):
        assert all(date(year, *fixed).toordinal() in calendar.holidays for year in calendar.years)
    # SKB 2026: 17 national holidays, 8 days of joint leave.
    assert sum(date.fromordinal(day).year == 2026 for day in calendar.holidays) == 25


@pytest.mark.parametrize(
    ("document", "says"),
    [
        ([], "one JSON object"),
        ({}, "events: a list"),
        ({"now": "2026-08-04T10:00:00+07:00", "events": []}, "at least one"),
        ({"now": "2026-08-04T10:00:00+07:00", "events": [3]}, "events.0.: an object"),
        ({"now": "2026-08-04T10:00:00+07:00", "events": [{"status": 10, "at": "x"}]}, "status: text"),
        ({"now": "2026-08-04T10:00:00+07:00", "events": [{"status": "10", "at": "x"}]}, "no time like"),
        ({"now": "2026-08-04T10:00:00+07:00", "events": [{"status": "10"}]}, "events.0..at"),
        ({"now": "2026-08-04T10:00:00+07:00", "events": [{"status": "10", "at": "2026-08-03T10:00"}]}, "time zone"),
        ({"events": [{"status": "10", "at": "2026-08-03T10:00:00+07:00"}]}, "now: a time"),
        ({"now": "2026-08-02T10:00:00+07:00", "events": [{"status": "10", "at": "2026-08-03T10:00:00+07:00"}]},
         "before the first"),
        ({"now": "2026-08-04T10:00:00+07:00", "events": [{"status": "99", "at": "2026-08-03T10:00:00+07:00"}]},
         "no status of OSS"),
        ({"now": "2026-08-09T10:00:00+07:00", "events": [
            {"status": "10", "at": "2026-08-04T10:00:00+07:00"}, {"status": "41", "at": "2026-08-03T10:00:00+07:00"}]},
         "in order"),
    ],
)  # fmt: skip
def test_odd_input_is_refused_in_words(document: object, says: str) -> None:
    with pytest.raises(ClockError, match=says):
        read(*parse(document))


def test_holiday_list_replaces_the_pack() -> None:
    calendar = holidays_from("# kantor\n2026-08-05  # bencana\n\n")
    assert read([Change("10", at("3"))], at("6 16:00"), calendar).working_days == 2
    assert read([Change("10", at("14"))], at("18 16:00"), calendar).working_days == 2  # 17 August works now
    with pytest.raises(ClockError, match="line 2"):
        holidays_from("2026-08-05\n5 Agustus\n")


def test_command(tmp_path: Path, kiosk: Run) -> None:
    file = tmp_path / "c.json"
    file.write_text(
        json.dumps({
            "now": "2026-08-20T10:00:00+07:00",
            "events": [
                {"status": "10", "at": "2026-08-13T09:00:00+07:00"},
                {"status": "50", "at": "2026-08-19T10:00:00+07:00"},
            ],
        })
    )  # fmt: skip
    done = kiosk("clock", file)
    assert done.returncode == 0, done.stderr
    got = json.loads(done.stdout)
    assert set(got) == {"working_days", "state", "explanation"}
    assert (got["working_days"], got["state"]) == (2, "done")  # 14 and 18 August; the 17th is a holiday
    none = tmp_path / "none.txt"
    none.write_text("")
    assert json.loads(kiosk("clock", file, "--holidays", none).stdout)["working_days"] == 3


@pytest.mark.parametrize("content", ["{", "\ud800", "[" * 100000, '{"now": 1}', None])
def test_command_refuses_in_one_line(tmp_path: Path, kiosk: Run, content: str | None) -> None:
    file = tmp_path / "c.json"
    if content is not None:
        file.write_bytes(content.encode("utf-8", "surrogatepass"))
    done = kiosk("clock", file)
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert "Traceback" not in done.stderr


def test_starts_light(kiosk: Run) -> None:
    """What makes a command slow must not even be imported."""
    import subprocess
    import sys

    code = (
        "import sys, kiosk.insight.skm, kiosk.insight.clock, kiosk.main.commands.skm, kiosk.main.commands.clock;"
        "kiosk.insight.clock.packaged();"
        "print([m for m in ('kivy', 'cv2', 'pydantic', 'reportlab', 'sqlcipher3', 'nacl') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
