"""LKPM due dates by scale."""

from datetime import date

import pytest

from kiosk.knowledge import lkpm


@pytest.mark.parametrize(
    ("scale", "today", "on", "period"),
    [
        ("kecil", date(2026, 11, 24), date(2027, 1, 15), "half-year 2 of 2026"),
        ("kecil", date(2026, 1, 16), date(2026, 7, 15), "half-year 1 of 2026"),
        ("menengah", date(2026, 1, 15), date(2026, 1, 15), "quarter 4 of 2025"),
        ("besar", date(2026, 1, 16), date(2026, 4, 15), "quarter 1 of 2026"),
        ("besar", date(2026, 7, 16), date(2026, 10, 15), "quarter 3 of 2026"),
    ],
)
def test_next_due(scale: str, today: date, on: date, period: str):
    due = lkpm.next_due(scale, today)
    assert due is not None
    assert (due.on, due.period.get("en")) == (on, period)


def test_micro_does_not_report():
    assert lkpm.next_due("mikro", date(2026, 11, 24)) is None
    assert "need not" in lkpm.who("mikro").get("en")


def test_unknown_scale_is_refused():
    with pytest.raises(ValueError):
        lkpm.next_due("raksasa", date(2026, 11, 24))


def test_day_off_names_the_last_working_day_before():
    due = lkpm.next_due("besar", date(2028, 1, 1))
    assert due is not None
    assert due.on.weekday() == 5
    assert due.safe == date(2028, 1, 14)
    assert due.note is not None
    assert "14-01-2028" in due.note.get("id")


def test_year_without_a_decree_says_so():
    due = lkpm.next_due("kecil", date(2026, 11, 24))
    assert due is not None
    assert due.note is not None
    assert not lkpm.settled(2027)
    assert lkpm.settled(2026)


def test_reminder_is_an_event_without_identity():
    due = lkpm.next_due("kecil", date(2026, 11, 24))
    assert due is not None
    text = lkpm.ics(due, "id", date(2026, 11, 24))
    assert text.startswith("BEGIN:VCALENDAR\r\n")
    assert "DTSTART;VALUE=DATE:20270115\r\n" in text
    assert "SUMMARY:Batas lapor LKPM semester 2 tahun 2026\r\n" in text
    assert max(len(line) for line in text.split("\r\n")) <= 75
