"""`kiosk packs check`: what in the content packs is broken, stale, unsourced, untranslated or contradictory."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from dataclasses import asdict
from datetime import date

from kiosk.knowledge import audit


def add(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True)
    check = actions.add_parser("check", help="look the content packs over")
    check.add_argument(
        "--today", metavar="DATE", type=date.fromisoformat, default=None, help="as if it were DATE"
    )
    check.add_argument("--json", action="store_true", help="one JSON object a line, one line a finding")
    check.add_argument(
        "--strict", action="store_true", help="exit code 1 also when something is stale or untranslated"
    )

    actions.add_parser(
        "versions", help="every pack in use: version, date checked, review by, where it came from"
    )


def run(args: argparse.Namespace) -> int:
    """Exit code 0; 1 when a pack is broken, with `--strict` also when something is stale or untranslated."""
    if args.action == "versions":
        for name, version, checked, review, origin in audit.versions():
            print(f"{name:<16}{version:<12}checked {checked}  review by {review}  {origin}")
        return 0
    found = audit.check(args.today or date.today())
    for one in found:
        if args.json:
            print(json.dumps(asdict(one), ensure_ascii=False))
        else:
            print(f"{one.kind:<14}{one.where}: {one.what}")
    counts = Counter(one.kind for one in found)
    if not args.json:
        print("\n" + " · ".join(f"{kind} {counts[kind]}" for kind in audit.KINDS))
    failing = counts["broken"] + (counts["stale"] + counts["untranslated"] if args.strict else 0)
    return 1 if failing else 0
