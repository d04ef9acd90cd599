"""`kiosk skm FILE.csv`: the satisfaction index of a survey as one JSON object."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from kiosk.insight.skm import SurveyError, read_csv, summary


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE.csv", type=Path, help="columns u1…u9, one respondent a row")
    parser.add_argument(
        "--population", metavar="N", type=_population, help="people served: adds the minimum sample"
    )


def _population(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError("must be a whole number, 1 or more")
    return int(text)


def run(args: argparse.Namespace) -> int:
    """Exit code 0, or 2 with one line on standard error when the file cannot be read as a survey."""
    try:
        survey = read_csv(args.file)
    except OSError as error:
        print(f"kiosk skm: {args.file}: {error.strerror or error}", file=sys.stderr)
        return 2
    except SurveyError as error:
        print(f"kiosk skm: {args.file}: {error}", file=sys.stderr)
        return 2
    print(json.dumps(summary(survey, args.population)))
    return 0
