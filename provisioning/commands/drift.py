"""`fleet drift`: what on a kiosk is not as installed. Exit 1 when something differs. Changes nothing."""

from __future__ import annotations

import argparse

from provisioning.commands.install import access, chosen
from provisioning.home import find_home


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("hosts", nargs="*", metavar="K-01")
    access(parser)


def run(args: argparse.Namespace) -> int:
    from gevent import monkey

    monkey.patch_all()
    from provisioning.deploys.apply import Access, work
    from provisioning.deploys.layout import files

    results = work(
        chosen(find_home(args.home).inventory, args.hosts),
        Access(args.user, args.key, args.port, args.known_hosts),
        files(args.source / "systemd"),
        packages=False,
        dry=True,
    )
    differs = False
    for result in results:
        if result.trouble:
            print(result.trouble)
        elif not result.changes:
            print(f"{result.host}: as installed")
        else:
            print(f"{result.host}: {len(result.changes)} differ: {', '.join(result.changes)}")
        for diff in result.diffs:
            print(diff)
        differs |= bool(result.changes or result.trouble)
    return 1 if differs else 0
