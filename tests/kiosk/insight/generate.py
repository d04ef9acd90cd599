"""Invented months of kiosks, as `kiosk log export` writes them: seeded, so the same seed is the same file.

    python -m tests.kiosk.insight.generate OUT.jsonl [--visits 2184] [--seed 1]

Days are working days of the packaged calendar, hours are office hours, statuses of OSS follow with stops and resets.
Events of each kiosk are written in time order with their hash chain; kiosks follow each other day by day.
"""

from __future__ import annotations

import argparse
import heapq
import json
import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from kiosk.insight import chain
from kiosk.insight.clock import Calendar, packaged

Event = tuple[float, str, str, dict[str, Any]]
"""at, session, kind, data."""
KIOSKS = ("K-01", "K-02", "K-03", "B-01")
"""B-01 is the mobile one."""
_WIB_MIDNIGHT = 17 * 3600  # of the day before, UTC


def _unix(day: date, second: float) -> float:
    return (day.toordinal() - date(1970, 1, 1).toordinal()) * 86400 - 7 * 3600 + second


class Maker:
    """Makes visits; remembers what OSS will say later."""

    def __init__(self, seed: int, months: int, calendar: Calendar) -> None:
        self._dice = random.Random(seed)
        self._months = months
        self._calendar = calendar
        self.later: dict[str, list[tuple[float, int, Event]]] = {kiosk: [] for kiosk in KIOSKS}
        self._serial = 0

    def name(self) -> str:
        return "".join(self._dice.choices("abcdefghijklmnop", k=16))

    def visit(self, kiosk: str, at: float, day: date, month: int) -> Iterator[Event]:
        dice = self._dice
        session = self.name()
        clock = at

        def event(kind: str, **data: Any) -> Event:
            nonlocal clock
            clock += dice.uniform(2, 40)
            return (round(clock, 3), session, kind, data)

        where = "bergerak" if kiosk.startswith("B") else "kiosk"
        yield event("visit", where=where, language="id" if dice.random() < 0.95 else "en")
        yield event("step", place="identify")
        if dice.random() > 0.47:
            yield from self._small(event)
        else:
            yield from self._apply(event, kiosk, day, month, where == "bergerak", lambda: clock)
        if dice.random() < 0.17:
            score = {f"u{n}": s for n in range(1, 10) if (s := self._score(n)) is not None}
            if score:
                yield (round(clock + 5, 3), "", "survey", {**score, "how": dice.choice(["kiosk", "phone"])})
        if dice.random() < 0.005:
            yield (
                round(clock + 4, 3),
                "",
                "device",
                {"device": "printer", "state": "down", "detail": "paper_out"},
            )
        if dice.random() < 0.3:
            yield (round(clock + 6, 3), "", "smile", {"score": dice.choice([2, 3, 4, 4])})

    def _score(self, element: int) -> int | None:
        if self._dice.random() < 0.01:
            return None
        good = (0.66, 0.62, 0.47, 0.87, 0.58, 0.66, 0.78, 0.43, 0.52)[element - 1]
        return 4 if self._dice.random() < good else self._dice.choice((3, 3, 3, 3, 3, 3, 3, 2))

    def _small(self, event: Any) -> Iterator[Event]:
        service = self._dice.choice(["queue", "queue", "status", "ask"])
        yield event("step", place="menu")
        yield event("journey", detail=service)
        places = {
            "queue": ["services", "ticket"],
            "status": ["find_status", "status"],
            "ask": ["search", "risk"],
        }
        for place in places[service]:
            yield event("step", place=place)
        if service == "queue":
            printed = self._dice.random() < 0.97
            yield event("printed") if printed else event("not_printed", detail="paper_out")
        if self._dice.random() < 0.995:
            yield event("end", place=places[service][-1], detail="done")

    def _apply(
        self, event: Any, kiosk: str, day: date, month: int, mobile: bool, now: Any
    ) -> Iterator[Event]:
        dice = self._dice
        yield event("identified", detail="card")
        yield event("step", place="consent")
        yield event("consent", detail="yes")
        yield event("step", place="menu")
        yield event("journey", detail="apply")
        progress = month / max(1, self._months - 1)
        alone = dice.random() < 0.30 + 0.56 * progress
        helped = not alone
        if helped:
            yield event("unlock", role="officer", detail="card")
        level = dice.choice([0, 0, 0, 1, 1]) if alone else dice.choice([2, 2, 3, 4])
        stop = dice.choices([None, 0, 1, 2, 3, 4], [72, 2.8, 4.7, 6.1, 12.6, 2.3])[0]
        stretches = (
            ("identify",),
            ("search", "scale", "risk"),
            ("form", "form"),
            ("camera", "pages"),
            ("review",),
        )
        pages = dice.randint(2, 8)
        for number, places in enumerate(stretches):
            if number == 0 and stop != 0:
                continue
            for place in places:
                yield event("step", place=place)
                if place == "search" and stop != 1:
                    yield event("kbli", detail=dice.choice(["56101", "47112", "10391", "01262"]))
                if place == "pages":
                    for _ in range(pages):
                        yield event("page", detail=dice.choice(["good"] * 8 + ["blurred", "glare"]))
            if level == 1 and number == 2:
                yield event("help_level", place="form", level=1)
            if helped and number != stop and dice.random() < 0.97:
                yield event(
                    "help_level",
                    place=places[-1],
                    level=min(level, dice.randint(0, 4)) if number < 4 else level,
                )
            if number == stop:
                if dice.random() < 0.2:
                    yield event("draft")
                if dice.random() < 0.98:
                    yield event("end", place=places[-1], detail=dice.choice(["left", "timeout"]))
                return
        case = self.name()
        yield event("submitted", detail="accepted" if dice.random() < 0.9 else "provisional", case=case)
        yield event("spared", pages=pages, detail="application")
        yield event("step", place="sent")
        if helped and dice.random() < 0.98:
            yield event("filled_by", detail="officer" if level == 4 else "self")
        yield event("printed") if dice.random() < 0.4 else event("spared", pages=1, detail="receipt")
        yield event("end", place="sent", detail="done")
        self._oss(kiosk, case, now(), day)

    def _oss(self, kiosk: str, case: str, at: float, day: date) -> None:
        """What OSS will say about this application, at office hours of later working days."""
        dice = self._dice
        if dice.random() < 0.03:
            return  # the news never came
        said: list[tuple[float, str]] = [(at + 60, "10")]
        if dice.random() < 0.08:
            said.append((at + 600, "11"))
        days = max(1, round(dice.gammavariate(4.0, 1.2)))
        passed = day
        for step in range(days):
            passed = self._next(passed)
            if step == days // 2:
                said.append((_unix(passed, dice.uniform(8, 15) * 3600), "20"))
        if dice.random() < 0.12:
            pause, back = dice.choice([("41", "42"), ("41", "42"), ("43", "44")])
            said.append((_unix(passed, dice.uniform(8, 17) * 3600), pause))
            for _ in range(dice.randint(1, 9)):
                passed = self._next(passed)
            if dice.random() > 0.02:
                said.append((_unix(passed, dice.choice([9.5, 15.2, 16.0, 16.4]) * 3600), back))
            for _ in range(dice.randint(1, 3)):
                passed = self._next(passed)
        if dice.random() < 0.98:
            end = dice.choices(["50", "57", "90", "93"], [92, 2, 4, 2])[0]
            said.append((_unix(passed, dice.choice([9.0, 11.5, 14.0, 15.99, 16.0, 17.5]) * 3600), end))
        if dice.random() < 0.01:
            del said[dice.randrange(len(said))]  # one status was never heard
        for when, status in said:
            heard = when + dice.uniform(1, 1800)
            self._serial += 1
            fact: Event = (
                round(heard, 3), "", "oss_status", {"case": case, "status": status, "set": round(when, 3)}
            )  # fmt: skip
            heapq.heappush(self.later[kiosk], (heard, self._serial, fact))

    def _next(self, day: date) -> date:
        day += timedelta(days=1)
        while not self._calendar.is_working_day(day):
            day += timedelta(days=1)
        return day


def events(visits: int, seed: int, first: date, last: date) -> Iterator[tuple[str, Event]]:
    """(kiosk, event) in each kiosk's own time order."""
    calendar = packaged()
    days = [
        day
        for day in (first + timedelta(days=number) for number in range((last - first).days + 1))
        if calendar.is_working_day(day)
    ]
    months = sorted({(day.year, day.month) for day in days})
    maker = Maker(seed, len(months), calendar)
    dice = random.Random(seed + 1)
    done = 0
    for number, day in enumerate(days):
        until = visits * (number + 1) // len(days)
        today: dict[str, list[Event]] = {kiosk: [] for kiosk in KIOSKS}
        for _ in range(until - done):
            kiosk = dice.choices(KIOSKS, [4, 3, 2, 1])[0]
            at = _unix(day, dice.uniform(8 * 3600, 14.5 * 3600))
            today[kiosk] += maker.visit(kiosk, at, day, months.index((day.year, day.month)))
        done = until
        for kiosk in KIOSKS:
            waiting = maker.later[kiosk]
            while waiting and waiting[0][0] < _unix(day + timedelta(days=1), 0):
                today[kiosk].append(heapq.heappop(waiting)[2])
            for event in sorted(today[kiosk], key=lambda event: event[0]):
                yield kiosk, event
    for kiosk in KIOSKS:  # what OSS said after the last day
        for _, _, event in sorted(maker.later[kiosk]):
            yield kiosk, event


def write(
    file: Path,
    visits: int = 2184,
    seed: int = 1,
    first: date = date(2026, 5, 1),
    last: date = date(2026, 10, 31),
) -> int:
    """Write the file; returns how many lines."""
    heads: dict[str, tuple[int, bytes]] = dict.fromkeys(KIOSKS, (0, chain.START))
    lines = 0
    with file.open("w", encoding="utf-8") as out:
        for kiosk, (at, session, kind, data) in events(visits, seed, first, last):
            number, previous = heads[kiosk]
            text = chain.body(number + 1, at, session, kind, json.dumps(data, separators=(",", ":")))
            tied = chain.link(previous, text)
            out.write(chain.line(text, kiosk, tied) + "\n")
            heads[kiosk] = (number + 1, tied)
            lines += 1
    return lines


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("file", type=Path)
    parser.add_argument("--visits", type=int, default=2184)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    print(write(given.file, given.visits, given.seed), "events")
