"""When the next LKPM (investment report) is due, by scale, with a reminder to take along as a calendar file.

Rules are in `packs/lkpm.toml` (Peraturan BKPM 5/2025 art. 285–286), holidays in `packs/holidays.toml`. A due date
on a holiday does not move by itself: OSS announces it, so the last working day before is given as the safe one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Literal

from kiosk.knowledge.packs import Bilingual, Head, Model, SourceRow, load
from kiosk.knowledge.scale import Scale
from kiosk.knowledge.texts import Source, Text


class _Schedule(Model):
    scales: tuple[Scale, ...]
    months: tuple[int, ...]
    day: int
    who: Bilingual


class _Wording(Model):
    semester: Bilingual
    quarter: Bilingual
    holiday: Bilingual
    unsure: Bilingual
    title: Bilingual


class _Asked(Model):
    text: Bilingual


class LkpmPack(Model):
    """`packs/lkpm.toml`."""

    pack: Head
    source: SourceRow
    schedule: tuple[_Schedule, ...]
    wording: _Wording
    asked: tuple[_Asked, ...]


class _Year(Model):
    year: int
    law: str
    grade: Literal["H", "W", "K"]
    sample: bool


class _Day(Model):
    date: date
    kind: str
    name: Bilingual


class HolidaysPack(Model):
    """`packs/holidays.toml`: national holidays and cuti bersama; a `sample` year is not settled yet."""

    pack: Head
    year: tuple[_Year, ...]
    day: tuple[_Day, ...]


@dataclass(frozen=True, slots=True)
class Due:
    """The next report: `on` is the legal day, `safe` the last working day not after it, `period` what it is about,
    `note` what to mind about holidays (None: nothing).
    """

    scale: Scale
    on: date
    safe: date
    period: Text
    note: Text | None
    source: Source


def who(scale: Scale | str) -> Text:
    """Whether and how often this scale reports, in a sentence. ValueError for an unknown scale."""
    return _schedule(Scale(scale)).who.text()


def source() -> Source:
    """The law behind all of it."""
    pack = load("lkpm", LkpmPack)
    return pack.source.resolve(pack.pack)


def asked() -> tuple[Text, ...]:
    """What to have at hand when filing."""
    return tuple(row.text.text() for row in load("lkpm", LkpmPack).asked)


def next_due(scale: Scale | str, today: date) -> Due | None:
    """The first due date on or after `today`; None for a scale that does not report.

    ValueError for an unknown scale.
    """
    scale = Scale(scale)
    pack = load("lkpm", LkpmPack)
    schedule = _schedule(scale)
    days = (
        date(year, month, schedule.day) for year in (today.year, today.year + 1) for month in schedule.months
    )
    on = next((day for day in days if day >= today), None)
    if on is None:
        return None
    safe = on
    while not is_working_day(safe):
        safe -= timedelta(days=1)
    note = None
    if safe != on:
        note = pack.wording.holiday.text().format(day=on.day, safe=safe.strftime("%d-%m-%Y"))
    elif not settled(on.year):
        note = pack.wording.unsure.text()
    return Due(
        scale, on, safe, _period(on, len(schedule.months), pack.wording), note, pack.source.resolve(pack.pack)
    )


def is_working_day(day: date) -> bool:
    """Monday to Friday and in no list of holidays; years without a list count no holidays (see `settled`)."""
    return day.weekday() < 5 and day not in _holidays()


def settled(year: int) -> bool:
    """Are this year's holidays those of a decree, not an estimate?"""
    return any(row.year == year and not row.sample for row in load("holidays", HolidaysPack).year)


def ics(due: Due, lang: str, made: date) -> str:
    """The reminder as an iCalendar event of one day with an alarm a week before (RFC 5545). Holds no identity."""
    title = load("lkpm", LkpmPack).wording.title.text().get(lang)
    title = title.format(period=due.period.get(lang))
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Anjungan//LKPM//ID", "BEGIN:VEVENT",
        f"UID:lkpm-{due.scale.value}-{due.on:%Y%m%d}@anjungan", f"DTSTAMP:{made:%Y%m%d}T000000Z",
        f"DTSTART;VALUE=DATE:{due.safe:%Y%m%d}", f"SUMMARY:{title}", f"DESCRIPTION:{due.source.law}",
        "BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:-P7D", f"DESCRIPTION:{title}", "END:VALARM",
        "END:VEVENT", "END:VCALENDAR",
    ]  # fmt: skip
    return "\r\n".join([*lines, ""])


def reminder(due: Due, lang: str) -> str:
    """The same event as short as a phone's camera needs it, for a QR on the screen: the day and what it is. Phones that
    read it use their own calendar's reminder; an alarm inside would be ignored by most.
    """
    title = load("lkpm", LkpmPack).wording.title.text().get(lang).format(period=due.period.get(lang))
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "BEGIN:VEVENT", f"SUMMARY:{title}", f"DTSTART;VALUE=DATE:{due.safe:%Y%m%d}",
        "END:VEVENT", "END:VCALENDAR",
    ]  # fmt: skip
    return "\r\n".join([*lines, ""])


def _period(on: date, times: int, wording: _Wording) -> Text:
    """The period a report due on `on` is about: the one that ended before that month."""
    length = 12 // times
    ended = on.month - 1 or 12
    year = on.year if on.month > 1 else on.year - 1
    label = wording.semester if times == 2 else wording.quarter
    return label.text().format(number=ended // length, year=year)


def _schedule(scale: Scale) -> _Schedule:
    return next(row for row in load("lkpm", LkpmPack).schedule if scale in row.scales)


@cache
def _holidays() -> frozenset[date]:
    return frozenset(row.date for row in load("holidays", HolidaysPack).day)
