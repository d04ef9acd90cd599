"""`kiosk scan FILE… -o OUT.pdf`: stills to straight pages in one PDF. Plain PDF, not yet searchable PDF/A."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", metavar="FILE", help="photographs, one page each, in order")
    parser.add_argument("-o", "--output", required=True, metavar="OUT.pdf", help="the PDF to write")


def run(args: argparse.Namespace) -> int:
    """Exit code 1 when a photograph could not be read; nothing is written then."""
    from hardware.camera.pdf import pages_to_pdf
    from hardware.camera.port import CameraFault
    from hardware.camera.still import develop, read

    jpegs: list[bytes] = []
    dpis: list[int] = []
    for file in args.files:
        picture = read(Path(file))
        if isinstance(picture, CameraFault):
            print(f"{file}: {picture.detail}", file=sys.stderr)
            return 1
        page = develop(picture)
        remarks = ", ".join(remark.value for remark in page.quality.remarks)
        print(
            f"{file}: {page.width}×{page.height}, {page.dpi or 'unknown'} dpi"
            + (f", {remarks}" if remarks else "")
        )
        jpegs.append(page.jpeg)
        dpis.append(page.dpi)
    Path(args.output).write_bytes(pages_to_pdf(jpegs, dpis))
    return 0
