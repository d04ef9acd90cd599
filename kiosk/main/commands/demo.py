"""`kiosk demo`: practice portal, simulated devices and the kiosk in one go."""

from __future__ import annotations

import argparse
import os


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--window", action="store_true", help="a window instead of the whole screen (also WINDOW=1)"
    )
    parser.add_argument(
        "--autopilot", action="store_true", help="let the autopilot visit under Xvfb, display or not"
    )


def run(args: argparse.Namespace) -> int:
    from kiosk.main.demo import main

    return main(
        window=args.window or os.environ.get("WINDOW", "") not in ("", "0"), autopilot=args.autopilot or None
    )
