"""The service clock: how many working days a permit really took, by the status codes of OSS.

Source of the codes: OSS web service manual for offices, Lampiran 10. The rule (see `docs/report.md`): the day the
clock starts, resumes or restarts is day 0; each later working day counts when the clock is running at that day's
close, 16.00 WIB. What happens at 16.00 sharp comes before the close; what happens after it leaves that day as it was.

Times are Unix seconds inside (`Clock`), aware datetimes outside (`read`). A count costs a few microseconds however
long the span: working days between two dates are computed, not walked.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Any, Literal, cast

WIB = timezone(timedelta(hours=7), "WIB")
CLOSE = 16 * 3600
"""Seconds after midnight WIB at which a day is judged."""
_DAY = 86400
_WIB_SECONDS = 7 * 3600
_EPOCH = date(1970, 1, 1).toordinal()

STOP, RESUME, RESET, RESTART = "41", "42", "43", "44"
APPROVED = frozenset({"50", "57"})
"""57: approved by OSS itself because the office was late (fiktif positif)."""
REFUSED = frozenset({"90", "93"})
ENDS = APPROVED | REFUSED
INCOMPLETE = "11"

STATUS: Mapping[str, str] = {
    "05": "proses penapisan",
    "09": "persyaratan dilengkapi",
    "10": "dokumen lengkap",
    "11": "dokumen belum lengkap",
    "12": "pemenuhan komitmen",
    "20": "validasi",
    "30": "verifikasi pembayaran",
    "31": "konfirmasi pembayaran",
    "32": "menunggu verifikasi bukti bayar PNBP",
    "33": "persetujuan pembayaran",
    "34": "perbaikan konfirmasi pembayaran",
    "40": "inspeksi",
    "41": "konfirmasi persyaratan",
    "42": "data konfirmasi persyaratan",
    "43": "konfirmasi ulang persyaratan",
    "44": "data konfirmasi ulang persyaratan",
    "45": "persyaratan terverifikasi",
    "49": "pengambilan nomor",
    "50": "disetujui",
    "52": "terbit sementara",
    "57": "disetujui otomatis (fiktif positif)",
    "60": "peringatan",
    "70": "penghentian sementara kegiatan",
    "80": "denda administratif",
    "90": "ditolak",
    "93": "persyaratan ditolak",
}
"""Every permit status of OSS, with its meaning in words. A code that is not here is refused, never guessed."""

PACK = Path(__file__).parent.parent / "knowledge" / "packs" / "holidays.toml"

State = Literal["running", "stopped", "done"]


class ClockError(ValueError):
    """The input is no history of a permit; the message says why, in one line."""


def clock_day(at: float) -> int:
    """The WIB date of a Unix time, as a proleptic ordinal (`date.fromordinal`)."""
    return int((at + _WIB_SECONDS) // _DAY) + _EPOCH


def _closed_before(at: float) -> int:
    """The last day whose close is strictly before `at`: an event at 16.00 sharp comes before the close."""
    return clock_day(at) - ((at + _WIB_SECONDS) % _DAY <= CLOSE)


def _closed_by(now: float) -> int:
    """The last day that has closed when we look at `now`."""
    return clock_day(now) - ((now + _WIB_SECONDS) % _DAY < CLOSE)


@dataclass(frozen=True)
class Calendar:
    """Which days are working days: Monday to Friday without the holidays given."""

    holidays: Mapping[int, str]
    """Ordinal of each holiday → its name ("" where unknown)."""
    years: Mapping[int, bool] | None = None
    """Year → whether its holidays are a sample. None: the list was given by hand and covers everything."""
    _weekdays_off: list[int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        off = sorted(ordinal for ordinal in self.holidays if (ordinal - 1) % 7 < 5)
        object.__setattr__(self, "_weekdays_off", off)

    def number(self, ordinal: int) -> int:
        """Working days from 1 January of year 1 (a Monday) up to and with this day."""
        weeks, rest = divmod(ordinal, 7)
        return weeks * 5 + min(rest, 5) - bisect_right(self._weekdays_off, ordinal)

    def between(self, after: int, until: int) -> int:
        """Working days later than `after`, up to and with `until`; 0 when there are none."""
        return max(0, self.number(until) - self.number(after))

    def is_working_day(self, day: date) -> bool:
        return day.weekday() < 5 and day.toordinal() not in self.holidays

    @classmethod
    def of(cls, days: Iterable[date]) -> Calendar:
        """A calendar with these holidays and no other."""
        return cls({day.toordinal(): "" for day in days})


@cache
def packaged() -> Calendar:
    """National holidays and cuti bersama of the dated pack. Raises OSError when it is not installed."""
    import tomllib

    pack: dict[str, Any] = tomllib.loads(PACK.read_text(encoding="utf-8"))
    return Calendar(
        {row["date"].toordinal(): str(row["name"]["id"]) for row in pack["day"]},
        {int(row["year"]): bool(row["sample"]) for row in pack["year"]},
    )


def holidays_from(text: str) -> Calendar:
    """One ISO date a line; blank lines and what follows a # are ignored. Raises `ClockError`."""
    days: list[date] = []
    for number, line in enumerate(text.splitlines(), 1):
        bare = line.partition("#")[0].strip()
        if bare:
            try:
                days.append(date.fromisoformat(bare))
            except ValueError:
                raise ClockError(f"line {number}: {bare[:40]!r} is no date like 2026-08-17") from None
    return Calendar.of(days)


class Clock:
    """The clock of one permit. Feed it statuses in the order they came; the first one starts it."""

    __slots__ = ("_calendar", "_since", "_started", "settled", "state")

    def __init__(self, calendar: Calendar) -> None:
        self._calendar = calendar
        self.state: State = "stopped"
        self.settled = 0
        """Working days of the spans that are over."""
        self._since = 0
        """Day 0 of the running span, as an ordinal."""
        self._started = False

    def apply(self, status: str, at: float) -> None:
        """One status at a Unix time. After the end nothing changes any more."""
        if not self._started:
            self._started = True
            self._run(at)
        elif self.state == "done":
            return
        if status == STOP:
            self._stop(at)
        elif status == RESUME:
            if self.state == "stopped":
                self._run(at)
        elif status == RESET:
            self._stop(at)
            self.settled = 0
        elif status == RESTART:
            self.settled = 0
            self._run(at)
        elif status in ENDS:
            self._stop(at)
            self.state = "done"

    def days(self, now: float) -> int:
        """Working days counted when looked at `now` (Unix time, not before the last status)."""
        if self.state != "running":
            return self.settled
        return self.settled + self._calendar.between(self._since, _closed_by(now))

    def _run(self, at: float) -> None:
        self.state = "running"
        self._since = clock_day(at)

    def _stop(self, at: float) -> None:
        if self.state == "running":
            self.settled += self._calendar.between(self._since, _closed_before(at))
            self.state = "stopped"


@dataclass(frozen=True, slots=True)
class Change:
    """A status of OSS and when it was set; `at` is aware."""

    status: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Reading:
    working_days: int
    state: State
    explanation: tuple[str, ...]
    """In Indonesian, one sentence a line, in the order things happened."""


def read(changes: Iterable[Change], now: datetime, calendar: Calendar | None = None) -> Reading:
    """The clock of a permit as it stands at `now`, with its reasons. Statuses later than `now` are left out.

    Raises `ClockError` for no status, an unknown one, times out of order, or nothing before `now`.
    """
    from kiosk.insight.clock_words import Story

    calendar = packaged() if calendar is None else calendar
    given = list(changes)
    if not given:
        raise ClockError("events: at least one is needed, the first starts the clock")
    for number, change in enumerate(given):
        if change.status not in STATUS:
            raise ClockError(f"events[{number}].status: {change.status[:20]!r} is no status of OSS")
        if number and change.at < given[number - 1].at:
            raise ClockError(f"events[{number}].at: earlier than the event before it; give them in order")
    past = [change for change in given if change.at <= now]
    if not past:
        raise ClockError("now: before the first event, so no clock runs yet")
    clock, story = Clock(calendar), Story(calendar)
    for change in past:
        before, running = clock.settled, clock.state
        clock.apply(change.status, seconds(change.at))
        story.tell(change, running, before, clock)
    days = clock.days(seconds(now))
    story.end(now, clock.state, days, len(given) - len(past))
    return Reading(days, clock.state, tuple(story.lines))


def seconds(at: datetime) -> float:
    """Unix time of an aware datetime, exact to the microsecond."""
    return (at - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()


def parse(document: object) -> tuple[list[Change], datetime]:
    """The events and `now` of a decoded `kiosk clock` file. Raises `ClockError` naming the field."""
    if not isinstance(document, dict):
        raise ClockError("the file must hold one JSON object with now and events")
    whole = cast("dict[str, object]", document)
    events = whole.get("events")
    if not isinstance(events, list):
        raise ClockError("events: a list is needed")
    changes: list[Change] = []
    for number, entry in enumerate(cast("list[object]", events)):
        if not isinstance(entry, dict):
            raise ClockError(f"events[{number}]: an object with status and at is needed")
        row = cast("dict[str, object]", entry)
        status = row.get("status")
        if not isinstance(status, str):
            raise ClockError(f'events[{number}].status: text like "10" is needed')
        changes.append(Change(status, _time(row.get("at"), f"events[{number}].at")))
    return changes, _time(whole.get("now"), "now")


def _time(value: object, name: str) -> datetime:
    if not isinstance(value, str):
        raise ClockError(f"{name}: a time like 2026-11-02T09:00:00+07:00 is needed")
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        raise ClockError(f"{name}: {value[:40]!r} is no time like 2026-11-02T09:00:00+07:00") from None
    if at.tzinfo is None:
        raise ClockError(f"{name}: {value[:40]!r} has no time zone, add +07:00 for WIB")
    try:
        return at.astimezone(WIB)
    except OverflowError:
        raise ClockError(f"{name}: {value[:40]!r} is out of range") from None
