"""`kiosk run`: the keeper in the foreground."""

from __future__ import annotations

import argparse


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--settings", metavar="FILE", help="TOML file; else KIOSK_SETTINGS, else defaults")


def run(args: argparse.Namespace) -> int:
    from kiosk.main.spawn import first_visit

    started = first_visit()  # the visitor's picture first; the keeper loads while the visit warms up
    from kiosk.main.keeper import main

    return main(args.settings, started=started)
