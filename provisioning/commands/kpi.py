"""`fleet kpi`: what all kiosks did, from the hours that `fleet serve` collected. `export` feeds `kiosk report`."""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import json
import os
import sys

from provisioning.home import Home, Plan, find_home


def add(parser: argparse.ArgumentParser) -> None:
    parts = parser.add_subparsers(dest="part", required=True, metavar="show | export | collect")
    show = parts.add_parser("show", help="sums by kiosk")
    show.add_argument("device", nargs="?", default="", help="only this one")
    show.add_argument("--days", type=int, default=30)
    show.add_argument("--json", action="store_true", help="for machines")
    export = parts.add_parser("export", help="events as JSON lines, for kiosk report --events")
    export.add_argument(
        "--since", default="", metavar="2026-10", help="from this month, day or hour (UTC) on"
    )
    export.add_argument("--until", default="~", metavar="2026-11", help="up to it, without it")
    parts.add_parser("collect", help="only collect; fleet serve does it too")


def run(args: argparse.Namespace) -> int:
    home = find_home(args.home)
    plan = home.plan()
    if args.part == "collect":
        asyncio.run(_collect(home, plan))
        return 0
    from provisioning.kpi import Kpi

    kpi = Kpi(plan.kpi_database, home.root)
    try:
        if args.part == "export":
            for piece in kpi.lines(args.since, args.until):
                sys.stdout.buffer.write(piece)
            sys.stdout.buffer.flush()
            return 0
        since = (dt.datetime.now(dt.UTC) - dt.timedelta(days=args.days)).strftime("%Y-%m-%dT%H")
        found = kpi.sums(since, args.device)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    finally:
        kpi.close()
    if args.json:
        print(json.dumps([{"kiosk": name, "hours": hours, **sums} for name, hours, sums in found], indent=1))
        return 0
    if not found:
        print("No hours yet. They come with fleet serve, from kiosks that have run for an hour.")
        return 0
    _table(found)
    return 0


def _table(found: list[tuple[str, int, dict[str, int]]]) -> None:
    from kiosk.insight.hours import FIGURES

    heads = ("kiosk", "hours", *FIGURES)
    rows = [[name, str(hours), *(str(sums[one]) for one in FIGURES)] for name, hours, sums in found]
    total = [
        sum(hours for _, hours, _ in found),
        *(sum(sums[one] for _, _, sums in found) for one in FIGURES),
    ]
    rows.append(["all", *map(str, total)])
    widths = [max(len(row[n]) for row in [list(heads), *rows]) for n in range(len(heads))]
    for name, *numbers in [list(heads), *rows]:
        cells = [word.rjust(width) for word, width in zip(numbers, widths[1:], strict=True)]
        print("  ".join([name.ljust(widths[0]), *cells]))


async def _collect(home: Home, plan: Plan) -> None:
    from provisioning.service import Service

    await Service(home, plan).figures()
