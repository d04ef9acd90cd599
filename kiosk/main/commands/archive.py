"""`kiosk archive separator -o FILE.pdf`: an A4 sheet to lay between two documents of a batch."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path


def add(parser: argparse.ArgumentParser) -> None:
    what = parser.add_subparsers(dest="what", required=True, metavar="WHAT")
    sheet = what.add_parser(
        "separator", help="a sheet that begins a new document when it lies under the camera"
    )
    sheet.add_argument("-o", "--output", required=True, metavar="FILE.pdf", help="the file to write")


def run(args: argparse.Namespace) -> int:
    """Exit code 1 when the file cannot be written."""
    from hardware.camera.papers import DPI, sheet
    from hardware.camera.pdf import pages_to_pdf
    from hardware.camera.still import encode

    page = encode(sheet("separator", 0).picture, DPI)
    try:
        Path(args.output).write_bytes(pages_to_pdf([page], [DPI]))
    except OSError as error:
        print(f"{error.filename}: {error.strerror}", file=sys.stderr)
        return 1
    return 0
