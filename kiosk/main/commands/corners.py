"""`kiosk corners FILE…`: where the page lies in a photograph, one JSON object a line."""

from __future__ import annotations

import argparse
import json
from pathlib import Path


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", metavar="FILE", help="photographs of a page")


def run(args: argparse.Namespace) -> int:
    """Exit code 1 when a file could not be read; its line then carries `error`."""
    from hardware.camera.still import corners

    unreadable = False
    for file in args.files:
        found = corners(Path(file))
        unreadable = unreadable or "error" in found
        print(json.dumps(found), flush=True)
    return 1 if unreadable else 0
