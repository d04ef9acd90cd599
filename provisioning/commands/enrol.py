"""`fleet enrol`: who may become a kiosk, and who no longer is one."""

from __future__ import annotations

import argparse
import asyncio
import shlex
import subprocess

from provisioning.errors import FleetError
from provisioning.home import find_home


def add(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True)
    token = verbs.add_parser("token", help="make a one-time token")
    token.add_argument("--site", required=True)
    token.add_argument("--device", default="", help="only for this kiosk")
    token.add_argument("--hours", type=float, default=72)
    token.add_argument("--approve", action="store_true", help="a person must let it in: fleet enrol approve")
    for verb, text in (
        ("approve", "let a waiting kiosk in"),
        ("revoke", "it is no kiosk any more, from now"),
    ):
        verbs.add_parser(verb, help=text).add_argument("device")
    verbs.add_parser("list", help="every kiosk and its certificate")


def run(args: argparse.Namespace) -> int:
    from provisioning.inventory import load_inventory
    from provisioning.known import book
    from provisioning.live import drop

    home = find_home(args.home)
    plan = home.plan()
    enrolment = book(home)
    match args.verb:
        case "token":
            sites = load_inventory(home.inventory).sites
            if args.site not in sites:
                raise FleetError(
                    f"There is no site {args.site!r} in {home.inventory}. Known: {', '.join(sites) or 'none'}"
                )
            print(enrolment.new_token(args.site, device=args.device, hours=args.hours, approve=args.approve))
        case "approve":
            enrolment.approve(args.device)
            print(f"{args.device} is in. It fetches its certificate within the hour.")
        case "revoke":
            count = enrolment.revoke(args.device)
            if not count:
                raise FleetError(f"{args.device} has no certificate to revoke.")
            if plan.broker_reload:
                done = subprocess.run(
                    shlex.split(plan.broker_reload), capture_output=True, text=True, check=False
                )
                if done.returncode:
                    raise FleetError(f"Revoked, but the broker was not told: {done.stderr.strip()[:160]}")
            else:
                print(f"Tell the broker: reload it, so that it reads {home.ca / 'revoked.pem'}")
            asyncio.run(drop(home, plan, args.device))
            print(f"{args.device} is revoked, {count} certificate(s), and its connection was ended.")
        case _:
            rows = enrolment.rows()
            for row in rows:
                print(f"{row.device:<8} {row.site:<16} {row.state:<8} {row.expires[:10]}")
            if not rows:
                print("No kiosk is enrolled yet: fleet enrol token --site SITE")
    return 0
