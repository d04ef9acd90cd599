"""A week at one kiosk for its officers: what people asked, what it could not answer, and where they got stuck.

Counts and cleaned questions only. Nothing here tells one visitor from another: the questions come without visit and
time of day, the events are only counted.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Any, Protocol, cast

from kiosk.insight.chain import Row

AT_EASE = frozenset(
    (
        "",
        "welcome",
        "menu",
        "farewell",
        "sent",
        "draft",
        "ticket",
        "answer",
        "bring",
        "lkpm",
        "learn",
        "survey",
        "resting",
    )
)
"""Screens where leaving is no sign of trouble: what was wanted is done, or nothing was begun."""
TROUBLES = ("camera_trouble", "submit_trouble", "not_printed")


class Question(Protocol):
    """A kept question, as `kiosk.store.Asked` has it."""

    @property
    def about(self) -> str: ...
    @property
    def why(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def words(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Open:
    """A question without an answer: `about` "faq" or "kbli", `why` "unknown", "stale" or "nothing_found"."""

    words: str
    about: str
    why: str
    language: str
    times: int


@dataclass(frozen=True, slots=True)
class Stuck:
    """A screen where visits ended unfinished (`left` by hand, `timeout` by silence) or an officer was called."""

    place: str
    left: int
    timeout: int
    help: int

    @property
    def total(self) -> int:
        return self.left + self.timeout + self.help


@dataclass(frozen=True, slots=True)
class Week:
    """`since` and `until` are days, both included. Counts are (word, times), most first."""

    since: date
    until: date
    visits: int
    answered: tuple[tuple[str, int], ...]
    """Ids of the known questions that were answered."""
    unanswered: int
    stale: tuple[tuple[str, int], ...]
    """Ids of known questions whose answer the office must check first."""
    nothing_found: int
    open: tuple[Open, ...]
    stuck: tuple[Stuck, ...]
    troubles: tuple[tuple[str, int], ...]
    codes: tuple[tuple[str, int], ...]
    """Business codes that were chosen."""

    def as_json(self) -> str:
        """One JSON object; dates as ISO days."""
        return json.dumps(asdict(self), ensure_ascii=False, default=str)


def span(day: date) -> tuple[date, date]:
    """Monday to Sunday of the week that `day` lies in."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)


def weekly(
    events: Iterable[Row], questions: Iterable[Question], since: date, until: date, zone: tzinfo
) -> Week:
    """What the events and kept questions of these days say. `events` may hold more days, `questions` must not."""
    count: dict[str, Counter[str]] = {name: Counter() for name in _COUNTED}
    for _, at, _, kind, data, *_ in events:
        if kind in _KINDS and since <= datetime.fromtimestamp(at, zone).date() <= until:
            _take(kind, cast("Mapping[str, Any]", json.loads(data)), count)
    merged: Counter[tuple[str, str, str, str]] = Counter()
    for one in questions:
        merged[(" ".join(one.words.split()), one.about, one.why, one.language)] += 1
    places = {*count["left"], *count["timeout"], *count["help"]}
    stuck = [
        Stuck(place, count["left"][place], count["timeout"][place], count["help"][place]) for place in places
    ]
    return Week(
        since,
        until,
        visits=count["visits"].total(),
        answered=_most(count["answer"]),
        unanswered=count["unknown"].total(),
        stale=_most(count["stale"]),
        nothing_found=count["nothing_found"].total(),
        open=tuple(
            Open(*what, times) for what, times in sorted(merged.items(), key=lambda it: (-it[1], it[0]))
        ),
        stuck=tuple(sorted(stuck, key=lambda one: (-one.total, one.place))),
        troubles=_most(count["troubles"]),
        codes=_most(count["codes"]),
    )


_COUNTED = (
    "visits", "answer", "stale", "unknown", "nothing_found", "left", "timeout", "help", "troubles", "codes",
)  # fmt: skip
_KINDS = frozenset({"visit", "asked", "nothing_found", "end", "help", "kbli", *TROUBLES})


def _take(kind: str, data: Mapping[str, Any], count: dict[str, Counter[str]]) -> None:
    detail, place = str(data.get("detail", "")), str(data.get("place", ""))
    match kind:
        case "visit":
            count["visits"][""] += 1
        case "asked":
            how = str(data.get("how", ""))
            if how in ("answer", "stale", "unknown"):
                count[how][detail] += 1
        case "nothing_found":
            count["nothing_found"][""] += 1
        case "end":
            if detail in ("left", "timeout") and place not in AT_EASE:
                count[detail][place] += 1
        case "help":
            count["help"][place] += 1
        case "kbli":
            count["codes"][detail] += 1
        case _:
            count["troubles"][f"{kind} {detail}".strip()] += 1


def _most(counter: Counter[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counter.items(), key=lambda entry: (-entry[1], entry[0])))
