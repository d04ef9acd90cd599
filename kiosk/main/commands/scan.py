"""`kiosk scan FILE… -o OUT.pdf`: stills to straight pages in one searchable PDF/A file."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hardware.camera.archive.make import Archive
    from hardware.camera.archive.size import Scan
    from kiosk.settings import Settings

_TROUBLES = {
    "ocr_missing": "no text to search: tesseract or its languages are not installed "
    "(tesseract-ocr, tesseract-ocr-ind, tesseract-ocr-eng)",
    "ocr_slow": "a page took too long to read and has no text to search",
    "ocr_failed": "a page could not be read and has no text to search",
}


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", metavar="FILE", help="photographs, one page each, in order")
    parser.add_argument("-o", "--output", required=True, metavar="OUT.pdf", help="the archive file to write")
    parser.add_argument("--kind", default="dokumen", help="kind of document, in the file's own description")
    parser.add_argument("--target-kb", type=_size, metavar="KB", help="size it should have at most; 0: none")
    parser.add_argument("--standard", choices=("1b", "2b", "none"), help="PDF/A level; none: a plain PDF")
    parser.add_argument("--languages", help="languages to read, joined by +; empty: no text to search")
    parser.add_argument("--thumbnails", metavar="FOLDER", help="write a small JPEG of each page there")
    parser.add_argument("--settings", metavar="FILE", help="TOML file; else KIOSK_SETTINGS, else defaults")


def _size(text: str) -> int:
    size = int(text)
    if not 0 <= size <= 20480:
        raise argparse.ArgumentTypeError("between 0 and 20480")
    return size


def run(args: argparse.Namespace) -> int:
    """Exit code 1 when a photograph could not be read or a file not written; 2 when the settings are wrong."""
    from hardware.camera.archive.size import Scan
    from hardware.camera.pdf import PdfTooLarge
    from hardware.camera.port import CameraFault
    from hardware.camera.still import develop, read
    from kiosk.settings import SettingsError, check, settings_path

    try:
        settings = check(settings_path(args.settings))
    except SettingsError as error:
        print("\n".join(error.lines), file=sys.stderr)
        return 2
    pages: list[Scan] = []
    thumbnails: list[bytes] = []
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
        pages.append(Scan(page.jpeg, page.dpi))
        thumbnails.append(page.thumbnail)
    try:
        Path(args.output).write_bytes(_bound(pages, args, settings))
        if args.thumbnails:
            folder = Path(args.thumbnails)
            folder.mkdir(parents=True, exist_ok=True)
            for number, thumbnail in enumerate(thumbnails, 1):
                (folder / f"{number:03d}.jpg").write_bytes(thumbnail)
    except PdfTooLarge as error:
        print(f"{error}; a smaller --target-kb may help", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"{error.filename}: {error.strerror}", file=sys.stderr)
        return 1
    return 0


def _bound(pages: list[Scan], args: argparse.Namespace, settings: Settings) -> bytes:
    import asyncio
    import os
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from hardware.camera.archive.facts import Facts
    from hardware.camera.archive.make import Rules, make
    from hardware.camera.pdf import pages_to_pdf

    standard = args.standard or settings.archive.standard
    if standard == "none":
        return pages_to_pdf([page.jpeg for page in pages], [page.dpi for page in pages])
    target = settings.archive.target_kb if args.target_kb is None else args.target_kb
    rules = Rules(
        standard=standard,
        languages=settings.archive.languages if args.languages is None else args.languages,
        target=target * 1024,
        page_seconds=settings.archive.page_seconds,
        at_once=os.cpu_count() or 1,
    )
    facts = Facts(args.kind, settings.kiosk.id, datetime.now(ZoneInfo(settings.hours.timezone)))
    made = asyncio.run(make(pages, facts, rules))
    _told(made, args.output, target)
    return made.pdf


def _told(made: Archive, output: str, target: int) -> None:
    words = sum(len(page) for page in made.words)
    resolutions = ", ".join(str(dpi or "?") for dpi in made.dpis)
    print(f"{output}: {len(made.pdf) / 1024:.0f} KB, {words} words to search, {resolutions} dpi")
    if made.trouble is not None:
        print(_TROUBLES[made.trouble.value], file=sys.stderr)
    if not made.fits:
        print(f"{target} KB cannot be reached without making print unreadable", file=sys.stderr)
