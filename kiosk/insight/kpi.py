"""The key figures of a period, exact, each with the counts it was made from and what was left out.

Formulas (numbers as on the report's method page): 1 cost (before − after) ÷ before · 2 time (manual mean − digital
mean) ÷ manual mean, by the service clock · 3 self-service mandiri ÷ (mandiri + berbantuan + bergerak), completed only ·
4 completion sent ÷ started · 5 IKM · 6 success approved without 11, 90, 93 ÷ sent · 7 take-up sent ÷ all received ·
8 hours saved. A visit belongs to the period in which it began; what OSS said counts until the period's end.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

from kiosk.insight import clock, skm
from kiosk.insight.stream import STAGES, UNSEEN, Application, Harvest, Visit

if TYPE_CHECKING:
    from kiosk.insight.baseline import Baseline

ENOUGH = 30
"""Fewer cases than this carry no conclusion."""


@dataclass(frozen=True, slots=True)
class Period:
    """Whole months, WIB."""

    first: date
    """First day of the first month."""
    last: date
    """Last day of the last month."""

    @classmethod
    def of(cls, text: str) -> Period:
        """ "2026-10", or "2026-05..2026-10". Raises ValueError."""
        begin, _, end = text.partition("..")
        first = date.fromisoformat(f"{begin}-01")
        last = date.fromisoformat(f"{end or begin}-01")
        if last < first:
            raise ValueError("the period ends before it begins")
        return cls(first, _month_after(last) - timedelta(days=1))

    @classmethod
    def around(cls, first: float, last: float) -> Period:
        """The whole months that hold two Unix times."""
        days = (date.fromordinal(clock.clock_day(at)).replace(day=1) for at in (first, last))
        begin, end = days
        return cls(begin, _month_after(end) - timedelta(days=1))

    @property
    def begins(self) -> float:
        return _midnight(self.first)

    @property
    def ends(self) -> float:
        """First moment after it."""
        return _midnight(self.last + timedelta(days=1))

    @property
    def months(self) -> list[str]:
        """ "2026-05" …"""
        found, day = list[str](), self.first
        while day <= self.last:
            found.append(f"{day:%Y-%m}")
            day = _month_after(day)
        return found


def _month_after(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def _midnight(day: date) -> float:
    return clock.seconds(datetime(day.year, day.month, day.day, tzinfo=clock.WIB))


@dataclass(frozen=True, slots=True)
class Share:
    """part ÷ whole."""

    part: int
    whole: int

    @property
    def value(self) -> Fraction | None:
        return Fraction(self.part, self.whole) if self.whole else None


@dataclass(frozen=True, slots=True)
class Classes:
    mandiri: int = 0
    berbantuan: int = 0
    bergerak: int = 0

    @property
    def total(self) -> int:
        return self.mandiri + self.berbantuan + self.bergerak

    @property
    def rate(self) -> Fraction | None:
        """Formula 3."""
        return Fraction(self.mandiri, self.total) if self.total else None


@dataclass(frozen=True)
class Spread:
    """Whole working days → permits."""

    counts: Counter[int]

    @property
    def n(self) -> int:
        return self.counts.total()

    @property
    def total(self) -> int:
        """All days together."""
        return sum(day * count for day, count in self.counts.items())

    @property
    def mean(self) -> Fraction | None:
        return Fraction(self.total, self.n) if self.n else None

    def rank(self, percent: int) -> int:
        """Percentile by nearest rank: the least day that at least `percent` per cent of the permits do not exceed."""
        wanted, seen = max(1, -(-self.n * percent // 100)), 0
        for day in sorted(self.counts):
            seen += self.counts[day]
            if seen >= wanted:
                return day
        return 0

    def at_most(self, days: int) -> Share:
        return Share(sum(count for day, count in self.counts.items() if day <= days), self.n)

    def plus(self, other: Spread) -> Spread:
        return Spread(self.counts + other.counts)


@dataclass(frozen=True, slots=True)
class CostItem:
    name: tuple[str, str]
    """Indonesian, English."""
    kind: str
    who: str
    before: int
    before_months: int
    after: int
    after_months: int
    before_document: str
    after_document: str


@dataclass(frozen=True)
class Costs:
    """Expenses of the office that have both sides; monthly means."""

    items: tuple[CostItem, ...]
    left_out: tuple[str, ...] = ()
    """Names (Indonesian) of items without a figure for the period."""
    missing_months: int = 0
    """Months of the period without figures."""

    @property
    def before(self) -> Fraction | None:
        return self._sum(True)

    @property
    def after(self) -> Fraction | None:
        return self._sum(False)

    def _sum(self, before: bool) -> Fraction | None:
        if not self.items:
            return None
        return sum(
            (
                Fraction(item.before, item.before_months)
                if before
                else Fraction(item.after, item.after_months)
                for item in self.items
            ),
            Fraction(0),
        )


@dataclass
class Figures:
    """Everything the report says, exact. None: cannot be said."""

    period: Period
    as_of: float
    """Until when OSS statuses count, Unix time."""
    unfinished: bool
    """The period is not over yet."""
    visits: int = 0
    started: int = 0
    """Visits in which an application was begun."""
    sent_visits: int = 0
    stops: list[int] = field(default_factory=lambda: [0] * len(STAGES))
    """Visits that began an application and sent none, by the last stretch they saw (`STAGES`)."""
    stops_unseen: int = 0
    reached: list[int] = field(default_factory=lambda: [0] * len(STAGES))
    drafts: int = 0
    """Of those, how many kept their work to go on later."""
    broken_off: int = 0
    """Of those, how many have no end in the log (power cut, crash)."""
    sent: int = 0
    """Applications; a visit may send more than one."""
    now: Classes = Classes()
    by_month: dict[str, Classes] = field(default_factory=dict[str, Classes])
    levels: Counter[int] = field(default_factory=Counter[int])
    unmarked: int = 0
    """Sent with an officer beside but no level marked: counted as berbantuan."""
    disagreeing: int = 0
    """Marked 0 or 1, but the visitor said an officer filled it in."""
    pages: int = 0
    spared: int = 0
    waiting: int = 0
    """Sent, no end by `as_of`."""
    gaps: int = 0
    """Sent, but OSS's statuses are missing or do not fit together."""
    approved: int = 0
    automatic: int = 0
    """Of the approved, by fiktif positif (57)."""
    refused: int = 0
    success: Share = Share(0, 0)
    digital: Spread = field(default_factory=lambda: Spread(Counter()))
    still_open: Spread = field(default_factory=lambda: Spread(Counter()))
    """Age so far of those that wait."""
    manual: Spread = field(default_factory=lambda: Spread(Counter()))
    manual_excluded: int = 0
    before: Classes | None = None
    costs: Costs = Costs(())
    survey: skm.Survey = field(default_factory=lambda: skm.tally([]))
    smiles: Counter[int] = field(default_factory=Counter[int])
    take_up: Share = Share(0, 0)
    hours_saved: Fraction | None = None
    device_downs: int = 0
    not_printed: int = 0

    @property
    def not_sent(self) -> int:
        return self.started - self.sent_visits

    @property
    def completion(self) -> Share:
        """Formula 4."""
        return Share(self.sent_visits, self.started)

    @property
    def required(self) -> int | None:
        """Smallest sample for the survey, by the visits of the period."""
        return skm.required(self.visits) if self.visits else None

    @property
    def cost_change(self) -> Fraction | None:
        """Formula 1: the share saved; negative when it costs more."""
        before, after = self.costs.before, self.costs.after
        return (before - after) / before if before and after is not None else None

    @property
    def time_change(self) -> Fraction | None:
        """Formula 2: the share of time saved."""
        before, after = self.manual.mean, self.digital.mean
        return (before - after) / before if before and after is not None else None

    @property
    def self_change(self) -> Fraction | None:
        """Formula 3 now minus before, as a share (0.364 = 36.4 points)."""
        now, before = self.now.rate, self.before.rate if self.before else None
        return now - before if now is not None and before is not None else None

    @property
    def enough(self) -> bool:
        """Whether a conclusion may stand on it."""
        least = min(self.now.total, self.digital.n, self.manual.n)
        changes = (self.cost_change, self.time_change, self.self_change)
        return least >= ENOUGH and all(change is not None for change in changes)


def compute(
    found: Harvest, baseline: Baseline, period: Period, now: float, calendar: clock.Calendar | None = None
) -> Figures:
    """The figures of `period`. `now` (Unix time) tells whether it is over; later events of the file move it on."""
    calendar = calendar or clock.packaged()
    seen = max(now, found.last)
    figures = Figures(period, min(period.ends, seen), seen < period.ends)
    months = _MonthOf(period)
    tallies = {month: Counter[str]() for month in period.months}
    sent: list[Application] = []
    for visit in found.visits.values():
        month = months.get(visit.begun)
        if month is None:
            continue
        figures.visits += 1
        figures.not_printed += visit.unprinted
        if not visit.applications:
            continue
        figures.started += 1
        done = [one for one in visit.applications if one.submitted]
        furthest = max(one.stage for one in visit.applications)
        for stage in range(furthest + 1 if not done else len(STAGES)):
            figures.reached[stage] += 1
        if done:
            figures.sent_visits += 1
            for one in done:
                tallies[month][_class(visit, one, figures)] += 1
            sent += done
        else:
            _stopped(visit, figures)
    figures.sent = len(sent)
    figures.by_month = {month: Classes(**counts) for month, counts in tallies.items()}
    figures.now = _add(figures.by_month.values())
    _cases(sent, found, figures, calendar)
    inside = range(int(period.begins), int(period.ends))
    figures.survey = skm.tally(answers for at, answers in found.surveys if int(at) in inside)
    figures.smiles = Counter(score for at, score in found.smiles if int(at) in inside)
    figures.device_downs = sum(int(at) in inside for at in found.downs)
    _compare(figures, baseline)
    return figures


class _MonthOf:
    """Month of a Unix time, or None outside the period. Visits come in order, so the last month is usually right."""

    def __init__(self, period: Period) -> None:
        firsts = [date.fromisoformat(f"{month}-01") for month in period.months]
        edges = [_midnight(day) for day in firsts] + [period.ends]
        self._spans = list(zip(edges, edges[1:], period.months, strict=False))
        self._low, self._high, self._month = self._spans[0]

    def get(self, at: float) -> str | None:
        if self._low <= at < self._high:
            return self._month
        for low, high, month in self._spans:
            if low <= at < high:
                self._low, self._high, self._month = low, high, month
                return month
        return None


def _class(visit: Visit, one: Application, figures: Figures) -> str:
    """Legal class of a completed application: by where the kiosk stands, else by the highest help level."""
    figures.pages += one.pages
    figures.spared += one.spared
    unmarked = one.assisted and one.level == UNSEEN
    level = one.level if one.level != UNSEEN else 0
    if unmarked:
        figures.unmarked += 1
    else:
        figures.levels[level] += 1
    if visit.where == "bergerak":
        return "bergerak"
    if level <= 1 and not unmarked and one.filled_by == "officer":
        figures.disagreeing += 1
    return "berbantuan" if unmarked or level > 1 else "mandiri"


def _stopped(visit: Visit, figures: Figures) -> None:
    last = visit.applications[-1]
    if last.stage == UNSEEN:
        figures.stops_unseen += 1
    else:
        figures.stops[last.stage] += 1
    figures.drafts += any(one.drafted for one in visit.applications)
    figures.broken_off += not visit.end


def _add(classes: Iterable[Classes]) -> Classes:
    rows = list(classes)
    return Classes(
        sum(row.mandiri for row in rows),
        sum(row.berbantuan for row in rows),
        sum(row.bergerak for row in rows),
    )


def _cases(sent: list[Application], found: Harvest, figures: Figures, calendar: clock.Calendar) -> None:
    """What became of the applications, and how many working days each took."""
    days: Counter[int] = Counter()
    ages: Counter[int] = Counter()
    good = 0
    for one in sent:
        history = sorted(
            (entry for entry in found.statuses.get(one.case, ()) if entry[0] <= figures.as_of),
            key=lambda entry: entry[0],
        )
        if not history or not fits(status for _, status in history):
            figures.gaps += 1
            continue
        ticking = clock.Clock(calendar)
        for at, status in history:
            ticking.apply(status, at)
        if ticking.state != "done":
            figures.waiting += 1
            ages[ticking.days(figures.as_of)] += 1
            continue
        days[ticking.settled] += 1
        codes = {status for _, status in history}
        end = next(status for _, status in history if status in clock.ENDS)
        if end in clock.APPROVED:
            figures.approved += 1
            figures.automatic += end == "57"
            good += not codes & {clock.INCOMPLETE, *clock.REFUSED}
        else:
            figures.refused += 1
    figures.success = Share(good, len(sent))
    figures.digital, figures.still_open = Spread(days), Spread(ages)


def fits(statuses: Iterable[str]) -> bool:
    """Whether a history is complete enough to be timed: known codes, a beginning, a stop before each resume."""
    stopped = ""
    for number, status in enumerate(statuses):
        if status not in clock.STATUS:
            return False
        if number == 0 and status in clock.ENDS | {clock.STOP, clock.RESUME, clock.RESET, clock.RESTART}:
            return False
        if (status == clock.RESUME and stopped != clock.STOP) or (
            status == clock.RESTART and stopped != clock.RESET
        ):
            return False
        if status in (clock.STOP, clock.RESET):
            stopped = status
        elif status in (clock.RESUME, clock.RESTART):
            stopped = ""
        elif status in clock.ENDS:
            return True
    return True


def _compare(figures: Figures, baseline: Baseline) -> None:
    """What only the office knows: before, costs, all applications, minutes."""
    months = figures.period.months
    classes = baseline.before.classes
    if classes is not None:
        figures.before = Classes(classes.mandiri, classes.berbantuan, classes.bergerak)
    figures.manual = Spread(baseline.days)
    figures.manual_excluded = baseline.excluded
    items: list[CostItem] = []
    left_out: list[str] = []
    missing = 0
    for cost in baseline.cost:
        inside = [cost.after[month] for month in months if month in cost.after]
        if not inside or cost.who != "office":
            left_out.append(cost.name.id)
            continue
        missing = max(missing, len(months) - len(inside))
        items.append(
            CostItem(
                (cost.name.id, cost.name.en), cost.kind, cost.who, sum(cost.before.values()), len(cost.before),
                sum(inside), len(inside), cost.before_document, cost.after_document,
            )
        )  # fmt: skip
    figures.costs = Costs(tuple(items), tuple(left_out), missing)
    received = baseline.after.applications
    if received and all(month in received for month in months):
        figures.take_up = Share(figures.sent, sum(received[month] for month in months))
    if baseline.hours is not None:
        saved = baseline.hours.minutes_before - baseline.hours.minutes_after
        figures.hours_saved = Fraction(saved * figures.sent, 60)


@dataclass(frozen=True, slots=True)
class Trial:
    """A figure computed the other way: would what was left out change the conclusion?"""

    name: str
    formula: int
    value: Fraction
    """As its formula's change (share saved, or share of mandiri)."""
    holds: bool
    n: int


def trials(figures: Figures) -> list[Trial]:
    """The conclusion with what was left out put back in, or counted against us."""
    found: list[Trial] = []
    manual, digital = figures.manual, figures.digital
    if figures.time_change is not None and manual.mean:
        sign = figures.time_change > 0
        if figures.still_open.n:
            mean = digital.plus(figures.still_open).mean
            if mean is not None:
                change = (manual.mean - mean) / manual.mean
                found.append(Trial("open", 2, change, (change > 0) == sign, digital.n + figures.still_open.n))
        middle = Fraction(manual.rank(50) - digital.rank(50), manual.rank(50) or 1)
        found.append(Trial("median", 2, middle, (middle > 0) == sign, digital.n))
    rate, before = figures.now.rate, figures.before.rate if figures.before else None
    if rate is not None and before is not None:
        sign = rate > before
        now = figures.now
        if figures.disagreeing or figures.unmarked:
            strict = Fraction(max(0, now.mandiri - figures.disagreeing), now.total)
            found.append(Trial("visitor", 3, strict, (strict > before) == sign, now.total))
        everyone = Fraction(now.mandiri, now.total + figures.not_sent)
        found.append(Trial("unsent", 3, everyone, (everyone > before) == sign, now.total + figures.not_sent))
    costs = figures.costs
    if figures.cost_change is not None and figures.before and not costs.missing_months and figures.sent:
        each_before = Fraction(sum(item.before for item in costs.items), figures.before.total or 1)
        each_after = Fraction(sum(item.after for item in costs.items), figures.sent)
        if each_before:
            change = (each_before - each_after) / each_before
            found.append(Trial("each", 1, change, (change > 0) == (figures.cost_change > 0), figures.sent))
    return found
