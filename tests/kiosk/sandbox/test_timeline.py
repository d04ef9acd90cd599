"""The service clock: what counts as a day, and what a visitor reads."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from kiosk.sandbox.timeline import (
    WIB,
    Approval,
    Entry,
    add_working_days,
    service_days,
    status_words,
)

NONE: frozenset[date] = frozenset()


def at(day: int, hour: int = 9) -> datetime:
    """November 2026; the 2nd is a Monday."""
    return datetime(2026, 11, day, hour, tzinfo=WIB)


@pytest.mark.parametrize(
    ("history", "now", "days", "clock"),
    [
        ([("09", 2)], 2, 1, "berjalan"),
        ([("09", 2)], 6, 5, "berjalan"),
        ([("09", 2)], 9, 6, "berjalan"),  # the week-end does not count
        ([("09", 7)], 8, 0, "berjalan"),  # begun on a Saturday, still the week-end
        ([("09", 2), ("41", 4)], 20, 3, "berhenti"),  # 41 stops it
        ([("09", 2), ("41", 4), ("42", 10)], 11, 5, "berjalan"),  # 42 lets it run on
        ([("09", 2), ("43", 4)], 20, 0, "berhenti"),  # 43 sets it back to nothing
        ([("09", 2), ("43", 4), ("44", 10)], 11, 2, "berjalan"),  # 44 begins anew
        ([("09", 2), ("41", 4), ("43", 5), ("44", 10)], 10, 1, "berjalan"),
        ([("09", 2), ("20", 3), ("50", 5)], 30, 4, "selesai"),
        ([("09", 2), ("57", 6)], 30, 5, "selesai"),
        ([("09", 2), ("90", 3)], 30, 2, "selesai"),
    ],
)
def test_days_by_the_service_clock(history, now, days, clock):
    entries = [Entry(code, at(day)) for code, day in history]
    assert service_days(entries, at(now), NONE) == (days, clock)


def test_holidays_do_not_count():
    assert service_days([Entry("09", at(2))], at(6), frozenset({date(2026, 11, 4)})) == (4, "berjalan")
    assert add_working_days(date(2026, 11, 6), 2, frozenset({date(2026, 11, 9)})) == date(2026, 11, 10)


def test_the_day_is_the_offices_day_not_utcs():
    """22:00 UTC on Sunday is five in the morning on Monday in Mukomuko."""
    late = datetime.fromisoformat("2026-11-01T22:00:00+00:00")
    assert service_days([Entry("09", late)], late, NONE) == (1, "berjalan")


def test_technical_approvals_run_side_by_side_and_say_when_late():
    approvals = [
        Approval("Dinas PU", "a", "a", at(4), at(6), 7),
        Approval("DLH", "b", "b", at(4), None, 7),
        Approval("Damkar", "c", "c", at(4), None, 3),
    ]
    status = status_words(
        [Entry("09", at(2)), Entry("10", at(3)), Entry("20", at(4))], approvals, days=14, now=at(10)
    )
    steps = status["langkah"]
    assert isinstance(steps, list)
    assert [(s["keadaan"], s["sejajar"], s["hari_ke"], s["dari_hari"]) for s in steps] == [
        ("done", False, 1, 0),
        ("done", False, 1, 0),
        ("done", True, 3, 7),
        ("now", True, 5, 7),
        ("late", True, 5, 3),
        ("ahead", False, 0, 2),
        ("ahead", False, 0, 0),
    ]
    assert (status["hari_ke"], status["uraian_status"]) == (7, "Validasi")


@pytest.mark.parametrize(
    ("code", "last"), [("50", "Izin terbit"), ("90", "Permohonan ditolak"), ("11", "Izin terbit")]
)
def test_the_last_step_says_how_it_ended_or_will(code, last):
    status = status_words([Entry("09", at(2)), Entry(code, at(4))], [], days=14, now=at(5))
    steps = status["langkah"]
    assert isinstance(steps, list)
    assert steps[-1]["judul"]["id"] == last
    assert (steps[-1]["keadaan"] == "done") == (code != "11")
