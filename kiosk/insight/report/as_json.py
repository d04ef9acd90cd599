"""The report's figures for machines: exact, as printed, with the counts behind them and what was left out."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from kiosk.insight import skm
from kiosk.insight.figures import plain
from kiosk.insight.kpi import Classes, Figures, Spread, trials
from kiosk.insight.report import proof, words
from kiosk.insight.report.words import Context


def document(c: Context) -> dict[str, Any]:
    """The whole report as one JSON value. Shares are fractions of 1; `shown` is per cent with one decimal."""
    f = c.figures
    head = {
        "title": words.title(c),
        "marks": c.marks,
        "language": c.say.language,
        "period": {"from": f.period.first.isoformat(), "to": f.period.last.isoformat(), "finished": not f.unfinished},
        "made": c.made.isoformat(timespec="seconds"),
        "log": {
            "events": c.events, "unreadable": c.unreadable, "doubles": c.doubles, "outside_vocabulary": c.odd,
            "whole": c.broken is None, "anchored": c.anchored, "fingerprint": c.fingerprint,
            "kiosks": [
                {"kiosk": log.kiosk, "first": log.first, "last": log.last, "head": log.head,
                 "unchained": log.unchained, "trouble": log.trouble, "place": log.place}
                for log in c.logs
            ],
        },
    }  # fmt: skip
    if c.broken is not None:
        return head  # figures from a log that was changed are no figures
    return head | {
        "cost": {
            "before": exact(f.costs.before, 0), "after": exact(f.costs.after, 0), "change": percent(f.cost_change),
            "unit": "rupiah a month", "left_out": list(f.costs.left_out), "months_missing": f.costs.missing_months,
            "items": [
                {"name": item.name[0], "kind": item.kind, "before": item.before, "before_months": item.before_months,
                 "after": item.after, "after_months": item.after_months,
                 "documents": [item.before_document, item.after_document]}
                for item in f.costs.items
            ],
        },
        "time": {"manual": spread(f.manual), "digital": spread(f.digital), "change": percent(f.time_change),
                 "manual_excluded": f.manual_excluded, "still_open": spread(f.still_open)},
        "self_service": {
            "rate": percent(f.now.rate), "classes": classes(f.now),
            "before": classes(f.before) if f.before else None,
            "before_rate": percent(f.before.rate) if f.before else None, "change": percent(f.self_change),
            "by_month": {month: classes(row) | {"rate": percent(row.rate)} for month, row in f.by_month.items()},
            "help_levels": {str(level): f.levels.get(level, 0) for level in range(5)},
            "level_not_marked": f.unmarked, "visitor_disagrees": f.disagreeing,
        },
        "completion": {"rate": percent(f.completion.value), "part": f.sent_visits, "whole": f.started,
                       "stopped": _stages(f.stops), "reached": _stages(f.reached), "stopped_unseen": f.stops_unseen,
                       "drafts": f.drafts, "broken_off": f.broken_off},
        "success": {"rate": percent(f.success.value), "part": f.success.part, "whole": f.success.whole,
                    "approved": f.approved, "automatic": f.automatic, "refused": f.refused},
        "take_up": {"rate": percent(f.take_up.value), "part": f.take_up.part, "whole": f.take_up.whole},
        "skm": skm.summary(f.survey, f.visits or None) | {"smiles": {str(k): v for k, v in sorted(f.smiles.items())}},
        "hours_saved": exact(f.hours_saved, 1),
        "paper": {"pages_scanned": f.pages, "sheets_not_printed": f.spared, "tickets_not_printed": f.not_printed},
        "device_failures": f.device_downs,
        "from_visits_to_figures": [{"what": name, "count": count} for name, count, _ in proof.funnel(c)],
        "exclusions": {"still_open": f.waiting, "status_history_incomplete": f.gaps,
                       "no_application": f.visits - f.started, "not_finished": f.not_sent},
        "tests": [
            {"name": trial.name, "formula": trial.formula, "value": percent(trial.value), "n": trial.n,
             "holds": trial.holds}
            for trial in trials(f)
        ],
        "not_measured": proof.not_measured(c),
    }  # fmt: skip


def exact(value: Fraction | None, places: int) -> dict[str, Any] | None:
    if value is None:
        return None
    return {"exact": f"{value.numerator}/{value.denominator}", "shown": plain(value, places)}


def percent(share: Fraction | None) -> dict[str, Any] | None:
    """A share of 1, exact, and as printed in per cent."""
    if share is None:
        return None
    return {"exact": f"{share.numerator}/{share.denominator}", "shown": plain(share * 100, 1)}


def classes(row: Classes) -> dict[str, Any]:
    return {"mandiri": row.mandiri, "berbantuan": row.berbantuan, "bergerak": row.bergerak, "n": row.total}


def spread(row: Spread) -> dict[str, Any]:
    if not row.n:
        return {"n": 0}
    return {
        "n": row.n, "days": row.total, "mean": exact(row.mean, 1), "median": row.rank(50), "p25": row.rank(25),
        "p75": row.rank(75), "p90": row.rank(90), "counts": {str(day): row.counts[day] for day in sorted(row.counts)},
    }  # fmt: skip


def _stages(counts: list[int]) -> dict[str, int]:
    return {name: count for (name, _), count in zip(words.STAGES, counts, strict=True)}


__all__ = ["Figures", "document"]
