"""Put the report together: read, compute, draw, write."""

from __future__ import annotations

import json
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from kiosk.insight import baseline as office
from kiosk.insight import clock, kpi, whole
from kiosk.insight.chain import Anchor
from kiosk.insight.figures import Language
from kiosk.insight.kpi import Period
from kiosk.insight.report.pen import Pen, Say
from kiosk.insight.report.words import Context

FORMATS = (".pdf", ".html", ".json")


def prepare(
    events: Path, baseline: Path, period: Period | None, made: datetime, language: Language = "id", *,
    lodged: list[Anchor] | None = None, calendar: clock.Calendar | None = None, parallel: bool = False,
) -> Context:  # fmt: skip
    """Read both files and compute. Raises OSError or `kiosk.insight.baseline.BaselineError`.

    `made` (aware) dates the report and tells whether the period is over. Without `period`: the months of the visits.
    """
    earlier = office.read(baseline, calendar)
    found, logs = whole.gather(events, lodged or [], parallel=parallel)
    now = clock.seconds(made)
    if period is None:
        begun = [visit.begun for visit in found.visits.values()]
        period = Period.around(min(begun), max(begun)) if begun else Period.around(now, now)
    figures = kpi.compute(found, earlier, period, now, calendar)
    heads = "\n".join(f"{log.kiosk} {log.last} {log.head}" for log in logs)
    return Context(
        Say(language), figures, earlier, logs, found.events, found.doubles, found.unreadable, found.odd,
        made.astimezone(clock.WIB), bool(lodged), sha256(heads.encode()).hexdigest(),
    )  # fmt: skip


def draw(pen: Pen, c: Context) -> None:
    """All pages. Without applications, or when the log is not whole, charts would mislead: pages 1 and method only."""
    from kiosk.insight.report import appendix, charts, method, summary

    if c.broken is not None or c.empty:
        summary.draw(pen, c, 2)
        method.draw(pen, c, 2, number=2)
        return
    summary.draw(pen, c, 4)
    charts.draw(pen, c, 4)
    method.draw(pen, c, 4)
    appendix.draw(pen, c, 4)


def write(file: Path, c: Context) -> None:
    """Write `file` in the format its ending names (`FORMATS`). Raises OSError."""
    from kiosk.insight.report import words

    if file.suffix == ".json":
        from kiosk.insight.report.as_json import document

        file.write_text(json.dumps(document(c), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    elif file.suffix == ".html":
        from kiosk.insight.report import html

        sketch = html.SvgPen()
        draw(sketch, c)
        html.write(file, sketch, c)
    else:
        from kiosk.insight.report import pdf

        pen = pdf.PdfPen()
        draw(pen, c)
        pdf.write(
            file,
            pen,
            title=words.title(c),
            author=c.baseline.office.name,
            language=c.say.language,
            made=c.made,
        )
