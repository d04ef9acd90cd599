"""`kiosk log`: is the event log whole? Export it, whole or by hours; print the head hash lodged at the portal."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import time
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.insight import chain
from kiosk.insight.clock import WIB

if TYPE_CHECKING:
    from kiosk.settings import Settings
    from kiosk.store import Store

_TROUBLE = {
    "changed": "event {} is not what was written, or it, or what came before it, was changed",
    "missing": "event {} is missing",
    "unchained": "event {} has no hash though earlier ones have",
    "cut": "event {} was anchored and is not there any more: the end was cut off",
    "rewritten": "event {} is not the one that was anchored: the log was rewritten",
}


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--settings", metavar="FILE", help="TOML file; else KIOSK_SETTINGS, else defaults")
    parts = parser.add_subparsers(
        dest="part", required=True, metavar="verify | export | hours | head | anchors"
    )
    verify = parts.add_parser("verify", help="find any change; exit code 1 when there is one")
    verify.add_argument(
        "--anchor", metavar="FILE", type=Path, help="head hashes lodged elsewhere: finds cuts and rewrites"
    )
    verify.add_argument(
        "--events", metavar="FILE", type=Path, help="check an exported file instead of this kiosk's log"
    )
    verify.add_argument("--kiosk", default="", metavar="ID", help="which kiosk of an exported file")
    export = parts.add_parser("export", help="write events as JSON lines to standard output")
    export.add_argument(
        "--since",
        metavar="WHEN",
        type=_since,
        default=0,
        help="an event number (those after it), or a date or time (WIB unless it says otherwise)",
    )
    hours = parts.add_parser("hours", help="write the hours that ended as files, for the fleet's agent")
    hours.add_argument("folder", type=Path)
    parts.add_parser("head", help="print the head hash as one JSON line, to be lodged elsewhere")
    parts.add_parser("anchors", help="print the head hashes the portal keeps, a JSON line each, for --anchor")


def _since(text: str) -> int | datetime:
    if text.isdecimal():
        return int(text)
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("give a number, or a date like 2026-10-01") from None
    return at if at.tzinfo else at.replace(tzinfo=WIB)


def run(args: argparse.Namespace) -> int:
    """Exit code 0, 1 when the log is not whole, 2 when something could not be read."""
    if args.part == "verify" and args.events is not None:
        return _verify_file(args)
    from kiosk.settings import SecretTroubleError, SettingsError, settings_path
    from kiosk.settings.load import load
    from kiosk.store import Store, StoreError

    try:
        settings = load(settings_path(args.settings))
        store = Store.open(settings)
    except SettingsError as error:
        print("\n".join(error.lines), file=sys.stderr)
        return 2
    except (StoreError, SecretTroubleError, OSError) as error:
        return _refuse(f"the store does not open: {error}")
    try:
        return _on(store, settings, args)
    except StoreError as error:
        return _refuse(f"the store cannot be read: {error}")
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # whoever reads us has seen enough
        return 0
    finally:
        store.close()


def _on(store: Store, settings: Settings, args: argparse.Namespace) -> int:
    if args.part == "head":
        print(store.events.head().as_json())
        return 0
    if args.part == "anchors":
        return _lodged(settings)
    if args.part == "export":
        for row in _after(store, args.since):
            print(chain.line(chain.body(*row[:5]), settings.kiosk.id, row[5]))
        sys.stdout.flush()
        return 0
    if args.part == "hours":
        return _hours(store, settings, args.folder)
    return _verify(store.events.rows(), args.anchor, settings.kiosk.id)


def _lodged(settings: Settings) -> int:
    from kiosk.portal.client import PortalClient
    from kiosk.portal.models import LodgedAnchor
    from kiosk.portal.trouble import PortalTrouble

    async def ask() -> tuple[LodgedAnchor, ...]:
        async with PortalClient.from_settings(settings.portal) as portal:
            return await portal.anchors()

    try:
        for one in asyncio.run(ask()):
            print(chain.Anchor(settings.kiosk.id, one.number, one.chain, one.at.timestamp()).as_json())
    except PortalTrouble as trouble:
        return _refuse(f"the portal does not tell: {trouble}")
    return 0


def _hours(store: Store, settings: Settings, folder: Path) -> int:
    from kiosk.insight import hours

    try:
        written = hours.write(folder, settings.kiosk.id, store.events.rows(hours.after(folder)), time.time())
    except OSError as error:
        return _refuse(f"{folder}: {error.strerror or error}")
    print(f"{len(written)} hours written" + (f", {written[0]} to {written[-1]} UTC" if written else ""))
    return 0


def _after(store: Store, since: int | datetime) -> Iterator[chain.Row]:
    """From the first event at or after a time on, all: a clock that was put back leaves no holes in the export."""
    if isinstance(since, int):
        yield from store.events.rows(since)
        return
    begun, limit = False, since.timestamp()
    for row in store.events.rows():
        begun = begun or row[1] >= limit
        if begun:
            yield row


def _verify_file(args: argparse.Namespace) -> int:
    try:
        with args.events.open(encoding="utf-8") as file:
            return _verify(chain.rows_of(file, args.kiosk), args.anchor, args.kiosk)
    except OSError as error:
        return _refuse(f"{args.events}: {error.strerror or error}")
    except ValueError as error:
        return _refuse(f"{args.events}: {error}")


def _verify(rows: Iterable[chain.Row], anchor: Path | None, kiosk: str) -> int:
    lodged: list[chain.Anchor] = []
    if anchor is not None:
        try:
            lodged = chain.anchors(anchor.read_text(encoding="utf-8"))
        except OSError as error:
            return _refuse(f"{anchor}: {error.strerror or error}")
        except ValueError as error:
            return _refuse(f"{anchor}: {error}")
        lodged = [one for one in lodged if not one.kiosk or not kiosk or one.kiosk == kiosk]
        if not lodged:
            return _refuse(f"{anchor}: no anchor of {kiosk}")
    found = chain.verify(rows, lodged)
    if not found.whole:
        print(
            f"NOT WHOLE: {_TROUBLE[found.trouble].format(found.place)} ({found.count} events before it are)"
        )
        return 1
    print(f"whole: {found.count} events, head {found.head or 'none'}, {found.anchored} anchors met")
    if found.unchained:
        print(f"note: the first {found.unchained} are from before there was a chain")
    if not lodged:
        print("note: without --anchor a cut tail or a rewrite of everything cannot be seen")
    return 0


def _refuse(why: str) -> int:
    print(f"kiosk log: {why}", file=sys.stderr)
    return 2
