"""`fleet exporter`: metrics for Prometheus, by itself or once to standard output."""

from __future__ import annotations

import argparse
import asyncio

from provisioning.home import find_home


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=9478)
    parser.add_argument("--once", action="store_true", help="print the metrics of this moment and end")


def run(args: argparse.Namespace) -> int:
    from provisioning.live import View, follow, operator, snapshot
    from provisioning.metrics import expose, text

    home = find_home(args.home)
    plan = home.plan()
    if args.once:
        print(text(home, plan, asyncio.run(snapshot(home, plan))), end="")
        return 0

    async def serve() -> None:
        view = View()
        async with operator(home, plan, "fleet-exporter") as client, asyncio.TaskGroup() as group:
            group.create_task(follow(client, view))
            group.create_task(expose(home, plan, lambda: view, args.port))

    asyncio.run(serve())
    return 0
