"""`kiosk clock FILE.json`: working days of a permit by the service clock, as one JSON object."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from kiosk.insight.clock import ClockError, holidays_from, parse, read


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file", metavar="FILE.json", type=Path, help='{"now": …, "events": [{"status", "at"}]}'
    )
    parser.add_argument(
        "--holidays", metavar="FILE", type=Path, help="one ISO date a line; replaces the packaged holidays"
    )


def run(args: argparse.Namespace) -> int:
    """Exit code 0, or 2 with one line on standard error when a file cannot be used."""
    reading = args.file
    try:
        document: object = json.loads(args.file.read_text(encoding="utf-8"))
        calendar = None
        if args.holidays is not None:
            reading = args.holidays
            calendar = holidays_from(args.holidays.read_text(encoding="utf-8-sig"))
            reading = args.file
        changes, now = parse(document)
        found = read(changes, now, calendar)
    except OSError as error:
        return _refuse(reading, error.strerror or str(error))
    except UnicodeDecodeError:
        return _refuse(reading, "not a text file in UTF-8")
    except json.JSONDecodeError as error:
        return _refuse(reading, f"not JSON: {error.msg} at line {error.lineno}")
    except RecursionError:
        return _refuse(reading, "not JSON: nested too deep")
    except ClockError as error:
        return _refuse(reading, str(error))
    answer = {
        "working_days": found.working_days,
        "state": found.state,
        "explanation": list(found.explanation),
    }
    print(json.dumps(answer, ensure_ascii=False))
    return 0


def _refuse(file: Path, why: str) -> int:
    print(f"kiosk clock: {file}: {why}", file=sys.stderr)
    return 2
