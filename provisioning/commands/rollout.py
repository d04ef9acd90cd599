"""`fleet rollout`: waves of a release."""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import json
from typing import Any

from provisioning.errors import FleetError
from provisioning.home import Home, Plan, find_home


def add(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True)
    start = verbs.add_parser("start", help="canary, then 5, 25 and 100 %%")
    start.add_argument("version")
    start.add_argument("--canary", default="", help="these kiosks first, e.g. K-01,K-02; else one by hash")
    status = verbs.add_parser("status", help="how far it is; exit 2 when halted")
    status.add_argument("version", nargs="?")
    status.add_argument("--json", action="store_true")
    status.add_argument("--ascii", action="store_true")
    for verb in ("halt", "resume"):
        item = verbs.add_parser(verb)
        item.add_argument("version")
        item.add_argument("--reason", required=True)


def run(args: argparse.Namespace) -> int:
    from provisioning.known import enrolled
    from provisioning.rollouts import go_on, halt, start

    home = find_home(args.home)
    plan = home.plan()
    if args.verb == "status":
        return _status(args, home, plan)
    match args.verb:
        case "start":
            canary = tuple(name for name in args.canary.split(",") if name)
            start(home, plan, args.version, enrolled(home), canary=canary)
            print(f"{args.version}: the canary wave is open. fleet rollout status {args.version}")
        case "halt":
            halt(home, args.version, args.reason)
            print(f"{args.version} is halted. It does not go on by itself.")
        case _:
            go_on(home, args.version, args.reason)
            print(f"{args.version} goes on.")
    _nudge(home, plan)
    return 0


def _nudge(home: Home, plan: Plan) -> None:
    from provisioning.live import nudge
    from provisioning.repository import Repository
    from provisioning.rollouts import read

    try:
        asyncio.run(nudge(home, plan, read(Repository(home)).serial))
    except FleetError as error:
        print(f"Published; kiosks will see it within half an hour. {error}")


def _status(args: argparse.Namespace, home: Home, plan: Plan) -> int:
    from provisioning.known import enrolled, known
    from provisioning.live import snapshot
    from provisioning.repository import Repository
    from provisioning.rollouts import counts, read
    from provisioning.table import console, rollout
    from provisioning.words import voice

    repository = Repository(home)
    desired = read(repository)
    say = voice(ascii_only=args.ascii, timezone=plan.timezone)
    item = (
        desired.rollout(args.version)
        if args.version
        else (desired.rollouts[-1] if desired.rollouts else None)
    )
    if item is None:
        if args.version:
            raise FleetError(f"No rollout of {args.version}.")
        print(say("no rollout"))
        return 0
    view = asyncio.run(snapshot(home, plan))
    counted = counts(item, enrolled(home), view.reports(), plan, dt.datetime.now(dt.UTC))
    failed = sum(
        len(part.devices.get(how, ())) for part in counted for how in part.devices if how == "failed"
    )
    if args.json:
        body: dict[str, Any] = {
            "version": item.version,
            "halt": None
            if item.halt is None
            else {
                "at": item.halt.at,
                "wave": item.halt.wave,
                "reason": item.halt.reason,
                "devices": list(item.halt.devices),
            },
            "waves": [
                {
                    "name": p.wave.name,
                    "opened": p.wave.opened,
                    "done": p.wave.done,
                    "total": p.total,
                    **{how.value: list(names) for how, names in p.devices.items()},
                }
                for p in counted
            ],
        }
        print(json.dumps(body, indent=1))
    else:
        out = console(ascii_only=args.ascii)
        signed = repository.signatures(repository.load("targets"))
        out.print(rollout(item, counted, signed, say, dict(known(home).places), out.width))
    return 2 if item.halt else 1 if failed else 0
