"""`kiosk kbli search WORDS…` for people, `kiosk kbli search --batch` for programs: business codes for everyday words.

With `--batch` every line of standard input is a query and every line of standard output a JSON list of codes,
best first, `[]` when nothing fits.
"""

from __future__ import annotations

import argparse
import json
import sys

from kiosk.knowledge import kbli


def add(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True)
    search = actions.add_parser("search", help="find codes of KBLI 2025 for everyday words")
    search.add_argument("words", nargs="*", help="what the business is called, or a five-digit code")
    search.add_argument(
        "--batch", action="store_true", help="one query a line in, one JSON list of codes a line out"
    )
    search.add_argument("--limit", type=_limit, default=10, metavar="N", help="at most so many codes (10)")


def _limit(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 100:
        raise argparse.ArgumentTypeError("must be a whole number from 1 to 100")
    return int(text)


def run(args: argparse.Namespace) -> int:
    """Exit code 0; 1 when nothing was found for the words given; 2 when there are none."""
    if args.batch:
        for raw in sys.stdin.buffer:
            line = raw.decode("utf-8", errors="replace")
            codes = [match.code for match in kbli.search(line.strip(), args.limit)]
            print(json.dumps(codes), flush=True)
        return 0
    if not args.words:
        print("kiosk kbli search: say what to look for, or use --batch", file=sys.stderr)
        return 2
    found = kbli.search(" ".join(args.words), args.limit)
    for match in found:
        print(f"{match.code}  {match.title}\n       {match.gloss} ({match.why})")
    if not found:
        print("tidak ditemukan / nothing found")
    return 0 if found else 1
