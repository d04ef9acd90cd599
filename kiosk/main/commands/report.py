"""`kiosk report`: the efficiency report for the head of the region, from events and the office's own figures."""

from __future__ import annotations

import argparse
import gc
import sys
from datetime import datetime
from pathlib import Path

from kiosk.insight.clock import WIB

_FORMATS = (".pdf", ".html", ".json")


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--events", metavar="FILE.jsonl", type=Path, required=True, help="as kiosk log export writes"
    )
    parser.add_argument(
        "--baseline",
        metavar="FILE.toml",
        type=Path,
        required=True,
        help="the office's figures, see docs/report.md",
    )
    parser.add_argument(
        "--period", metavar="MONTHS", help="2026-10, or 2026-05..2026-10; else every month of the events"
    )
    parser.add_argument(
        "-o", "--output", metavar="OUT", type=_output, required=True, help="a .pdf, .html or .json"
    )
    parser.add_argument("--lang", choices=("id", "en"), default="id")
    parser.add_argument("--anchor", metavar="FILE", type=Path, help="head hashes lodged at the portal")
    parser.add_argument(
        "--holidays", metavar="FILE", type=Path, help="one ISO date a line; replaces the pack"
    )
    parser.add_argument(
        "--date", metavar="WHEN", type=_when, help="date the report is made (default: now), as 2026-11-10"
    )


def _output(text: str) -> Path:
    if Path(text).suffix not in _FORMATS:
        raise argparse.ArgumentTypeError("must end in .pdf, .html or .json")
    return Path(text)


def _when(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("give a date like 2026-11-10") from None
    return at if at.tzinfo else at.replace(tzinfo=WIB)


def run(args: argparse.Namespace) -> int:
    """Exit code 0; 1 when the log is not whole (the report says so and shows no figures); 2 when a file is unusable."""
    from kiosk.insight.baseline import BaselineError
    from kiosk.insight.chain import AnchorError, anchors
    from kiosk.insight.clock import ClockError, holidays_from
    from kiosk.insight.kpi import Period
    from kiosk.insight.report.make import prepare, write

    gc.disable()  # one short run over many objects that stay: looking for garbage among them costs a second
    period = None
    if args.period:
        try:
            period = Period.of(args.period)
        except ValueError:
            return _refuse("--period", "give 2026-10, or 2026-05..2026-10")
    reading = args.events
    try:
        lodged = calendar = None
        if args.anchor is not None:
            reading = args.anchor
            lodged = anchors(args.anchor.read_text(encoding="utf-8"))
        if args.holidays is not None:
            reading = args.holidays
            calendar = holidays_from(args.holidays.read_text(encoding="utf-8-sig"))
        reading = args.events
        made = args.date or datetime.now(WIB)
        context = prepare(
            args.events,
            args.baseline,
            period,
            made,
            args.lang,
            lodged=lodged,
            calendar=calendar,
            parallel=True,
        )
        reading = args.output
        write(args.output, context)
    except BaselineError as error:
        return _refuse(args.baseline, str(error))
    except (AnchorError, ClockError) as error:
        return _refuse(reading, str(error))
    except UnicodeDecodeError:
        return _refuse(reading, "not a text file in UTF-8")
    except OSError as error:
        return _refuse(error.filename or reading, error.strerror or str(error))
    broken = context.broken
    if broken is not None:
        print(
            f"kiosk report: {args.output}: the log of {broken.kiosk} is not whole at event {broken.place}",
            file=sys.stderr,
        )
        return 1
    return 0


def _refuse(what: object, why: str) -> int:
    print(f"kiosk report: {what}: {why}", file=sys.stderr)
    return 2
