"""`fleet run`: ask one kiosk for one thing of a fixed list."""

from __future__ import annotations

import argparse
import asyncio
import base64
from pathlib import Path

from provisioning.home import find_home
from provisioning.state import VERBS


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("verb", choices=VERBS)
    parser.add_argument("device")
    parser.add_argument("--output", type=Path, metavar="FILE.jpg", help="of screenshot; default K-01.jpg")
    parser.add_argument("--seconds", type=float, default=30, help="how long to wait for the answer")


def run(args: argparse.Namespace) -> int:
    from provisioning.agent.machine import PICTURE
    from provisioning.live import ask

    home = find_home(args.home)
    good, text = asyncio.run(ask(home, home.plan(), args.device, args.verb, args.seconds))
    if good and text.startswith(PICTURE):
        path = args.output or Path(f"{args.device}.jpg")
        path.write_bytes(base64.b64decode(text.removeprefix(PICTURE)))
        text = str(path)
    print(text)
    return 0 if good else 1
