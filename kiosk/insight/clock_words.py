"""What the service clock did, told in Indonesian sentences for an officer who must answer for the number."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

from kiosk.insight.figures import SHORT_DAYS, SHORT_MONTHS, day, moment

if TYPE_CHECKING:
    from kiosk.insight.clock import Calendar, Change, Clock, State

_SHOWN = 8
"""At most this many skipped holidays are named one by one."""


def _at(value: datetime) -> str:
    return f"{SHORT_DAYS[value.weekday()]} {moment(value)}"


def _short(value: date) -> str:
    return f"{SHORT_DAYS[value.weekday()]} {value.day} {SHORT_MONTHS['id'][value.month - 1]} {value.year}"


class Story:
    """Collects the lines while a clock is fed."""

    def __init__(self, calendar: Calendar) -> None:
        self.lines: list[str] = []
        self._calendar = calendar
        self._since: date | None = None
        self._first: date | None = None

    def tell(self, change: Change, was: State, settled: int, clock: Clock) -> None:
        """One status: `was` and `settled` are the clock before it, `clock` after."""
        from kiosk.insight.clock import CLOSE, RESET, RESTART, STATUS, WIB

        at = change.at.astimezone(WIB)
        first = self._first is None
        self._first = self._first or at.date()
        head = f"{_at(at)}, status {change.status} ({STATUS[change.status]}):"
        if was == "done":
            self.lines.append(f"{head} diabaikan, jam layanan sudah selesai.")
            return
        late = at.hour * 3600 + at.minute * 60 + at.second + at.microsecond / 1e6 > CLOSE
        after = " Terjadi setelah pukul 16.00, jadi hari itu tetap seperti saat ditutup." if late else ""
        counted = f"Terhitung {clock.settled} hari kerja."
        if was == "running":
            closed = date.fromordinal(at.date().toordinal() - (0 if late else 1))
            ran_on = change.status not in (RESET, RESTART) and clock.state == "running"
            if not ran_on:
                self._span(closed)
        if first:
            self.lines.append(f"{head} jam layanan mulai, hari ini hari ke-0.")
            if clock.state == "stopped":
                self.lines.append("Status pertama ini langsung menghentikan jam.")
        elif clock.state == "done":
            pass
        elif change.status == RESTART:
            self.lines.append(f"{head} jam mulai lagi dari nol, hari ini hari ke-0.{after}")
        elif change.status == RESET:
            self.lines.append(f"{head} jam berhenti dan kembali ke nol.{after}")
        elif was == "running" and clock.state == "stopped":
            self.lines.append(f"{head} jam berhenti. {counted}{after}")
        elif was == "stopped" and clock.state == "running":
            self.lines.append(f"{head} jam lanjut, hari ini hari ke-0. Sudah terhitung {settled} hari kerja.")
        else:
            self.lines.append(f"{head} tidak mengubah jam layanan.")
        if clock.state == "done":
            self.lines.append(f"{head} selesai. {counted}{after}")
        if clock.state != "running":
            self._since = None
        elif was != "running" or change.status == RESTART:
            self._since = at.date()

    def end(self, now: datetime, state: State, days: int, left_out: int) -> None:
        from kiosk.insight.clock import CLOSE, WIB

        at = now.astimezone(WIB)
        if state == "running":
            closed = at.hour * 3600 + at.minute * 60 + at.second >= CLOSE
            self._span(date.fromordinal(at.date().toordinal() - (0 if closed else 1)))
        word = {"running": "jam masih berjalan", "stopped": "jam sedang berhenti", "done": "selesai"}[state]
        self.lines.append(f"Dilihat {_at(at)}: {days} hari kerja, {word}.")
        if left_out:
            self.lines.append(f"{left_out} kejadian sesudah waktu itu belum dihitung.")
        self._doubts(at.date())

    def _span(self, until: date) -> None:
        """The days from day 0 to `until`: how many counted, and what was skipped."""
        if self._since is None or until <= self._since:
            return
        start, end = self._since.toordinal() + 1, until.toordinal()
        counted = self._calendar.between(start - 1, end)
        off = [
            ordinal
            for ordinal in self._calendar.holidays
            if start <= ordinal <= end and (ordinal - 1) % 7 < 5
        ]
        weekend = end - start + 1 - counted - len(off)
        skipped: list[str] = []
        if weekend:
            skipped.append(f"{weekend} hari Sabtu dan Minggu")
        if off:
            skipped.append(f"libur {self._named(sorted(off))}")
        span = _short(date.fromordinal(start)) if start == end else self._range(start, end)
        tail = f"; dilewati {' dan '.join(skipped)}" if skipped else ""
        self.lines.append(f"{span}: {counted} hari kerja dihitung{tail}.")

    @staticmethod
    def _range(start: int, end: int) -> str:
        return f"{_short(date.fromordinal(start))} sampai {_short(date.fromordinal(end))}"

    def _named(self, off: list[int]) -> str:
        names: Iterable[str] = (
            f"{day(date.fromordinal(ordinal))}"
            + (f" ({name})" if (name := self._calendar.holidays[ordinal]) else "")
            for ordinal in off[:_SHOWN]
        )
        more = f", dan {len(off) - _SHOWN} hari lain" if len(off) > _SHOWN else ""
        return ", ".join(names) + more

    def _doubts(self, until: date) -> None:
        """Years whose holidays are unknown or a sample: the number may be too high there."""
        if self._calendar.years is None or self._first is None:
            return
        span = range(self._first.year, until.year + 1)
        unknown = [year for year in span if year not in self._calendar.years]
        sample = [year for year in span if self._calendar.years.get(year)]
        if unknown:
            which = str(unknown[0]) if len(unknown) == 1 else f"{unknown[0]}–{unknown[-1]}"
            self.lines.append(
                f"Perlu diperiksa: hari libur {which} tidak ada dalam paket, hanya akhir pekan dilewati."
            )
        if sample:
            which = ", ".join(map(str, sample))
            self.lines.append(f"Perlu diperiksa: hari libur {which} masih contoh, menunggu SKB tiga menteri.")
