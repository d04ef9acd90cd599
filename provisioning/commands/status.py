"""`fleet status`: how every kiosk is, problems first. Exit 0 all well, 1 look, 2 a rollout is halted."""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import json
from dataclasses import asdict

from provisioning.home import find_home


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("device", nargs="?", help="only this one")
    parser.add_argument("--all", action="store_true", help="healthy ones too")
    parser.add_argument("--json", action="store_true", help="for machines")
    parser.add_argument("--live", action="store_true", help="ask the broker, not what fleet serve heard last")
    parser.add_argument("--ascii", action="store_true", help="no signs beyond ASCII")


def run(args: argparse.Namespace) -> int:
    from provisioning.known import known
    from provisioning.last import Last
    from provisioning.live import snapshot
    from provisioning.rows import exit_code, rows
    from provisioning.words import voice

    home = find_home(args.home)
    plan = home.plan()
    say = voice(ascii_only=args.ascii, timezone=plan.timezone)
    facts = known(home)
    # What `fleet serve` heard, if it runs here; else, or with --live, the broker itself: slower, and the same truth.
    heard = None if args.live else Last(home.last).read()
    found = rows(heard or asyncio.run(snapshot(home, plan)), facts, plan, say)
    if args.device:
        found = [row for row in found if row.id == args.device]
    halted = any(rollout.halt for rollout in facts.desired.rollouts)
    if args.json:
        print(json.dumps([asdict(row) for row in found], indent=1, ensure_ascii=False))
    else:
        from provisioning.table import console, status

        out = console(ascii_only=args.ascii)
        now = dt.datetime.now(dt.UTC)
        out.print(status(found, say, now, everything=args.all or bool(args.device), width=out.width))
    return 2 if halted else exit_code(found)
