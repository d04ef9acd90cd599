"""`fleet serve`: the one long-running part, which may be down for days."""

from __future__ import annotations

import argparse
import asyncio

from provisioning.home import find_home


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="0.0.0.0", help="address to listen on")  # noqa: S104 - kiosks come from outside
    parser.add_argument(
        "--repository-port", type=int, default=0, help="also hand out the repository over HTTP here"
    )
    parser.add_argument(
        "--metrics-port", type=int, default=0, help="also answer Prometheus here, on 127.0.0.1"
    )


def run(args: argparse.Namespace) -> int:
    from provisioning.service import Service, serve

    home = find_home(args.home)
    plan = home.plan()

    async def metrics(service: Service) -> None:
        from provisioning.metrics import expose

        await expose(home, plan, lambda: service.view, args.metrics_port)

    extra = metrics if args.metrics_port else None
    asyncio.run(serve(home, plan, host=args.host, repository_port=args.repository_port, extra=extra))
    return 0
