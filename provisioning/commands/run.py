"""`fleet run`: ask one kiosk for one thing of a fixed list."""

from __future__ import annotations

import argparse
import asyncio

from provisioning.home import find_home
from provisioning.state import VERBS


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("verb", choices=VERBS)
    parser.add_argument("device")
    parser.add_argument("--seconds", type=float, default=30, help="how long to wait for the answer")


def run(args: argparse.Namespace) -> int:
    from provisioning.live import ask

    home = find_home(args.home)
    good, text = asyncio.run(ask(home, home.plan(), args.device, args.verb, args.seconds))
    print(text)
    return 0 if good else 1
