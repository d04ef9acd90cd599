"""`fleet watch`: `fleet status`, kept fresh until Ctrl-C."""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt

from provisioning.home import find_home


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--ascii", action="store_true")
    parser.add_argument("--every", type=float, default=2.0, metavar="SECONDS")


def run(args: argparse.Namespace) -> int:
    asyncio.run(_watch(args))
    return 0


async def _watch(args: argparse.Namespace) -> None:
    import aiomqtt
    from rich.live import Live

    from provisioning.known import known
    from provisioning.live import View, follow, operator
    from provisioning.rows import rows
    from provisioning.table import console, status
    from provisioning.words import voice

    home = find_home(args.home)
    plan = home.plan()
    say = voice(ascii_only=args.ascii, timezone=plan.timezone)
    out = console(ascii_only=args.ascii)
    while True:
        view = View()
        async with operator(home, plan) as client:
            following = asyncio.create_task(follow(client, view))
            with Live(console=out, auto_refresh=False, screen=out.is_terminal) as live:
                while not following.done():
                    await asyncio.sleep(args.every)
                    found = rows(view, await asyncio.to_thread(known, home), plan, say)
                    now = dt.datetime.now(dt.UTC)
                    live.update(status(found, say, now, everything=args.all, width=out.width), refresh=True)
            if not isinstance(following.exception(), aiomqtt.MqttError):
                return
        await asyncio.sleep(2)
