"""`fleet install`: a bare Debian becomes a kiosk; run again, it changes nothing."""

from __future__ import annotations

import argparse
import platform
import tempfile
from pathlib import Path

from provisioning.errors import FleetError
from provisioning.home import find_home


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "hosts", nargs="*", metavar="K-01", help="kiosks of the inventory with an address, or K-01=ADDRESS"
    )
    parser.add_argument("--release", metavar="VERSION", help="signed release for machines that have none yet")
    parser.add_argument("--architecture", default=platform.machine())
    parser.add_argument(
        "--no-packages", action="store_true", help="leave Debian packages alone (an image has them)"
    )
    parser.add_argument("--no-start", action="store_true")
    access(parser)


def access(parser: argparse.ArgumentParser) -> None:
    """Options `fleet install` and `fleet drift` share."""
    parser.add_argument("--source", type=Path, default=Path(), help="the project's folder")
    parser.add_argument("--user", default="root")
    parser.add_argument("--key", type=Path)
    parser.add_argument("--port", type=int, default=22)
    parser.add_argument("--known-hosts", type=Path)


def run(args: argparse.Namespace) -> int:
    from gevent import monkey

    monkey.patch_all()
    from provisioning.deploys.apply import Access, work
    from provisioning.deploys.layout import files
    from provisioning.deploys.steps import signed_release

    home = find_home(args.home)
    release = None
    with tempfile.TemporaryDirectory() as folder:
        if args.release:
            release = signed_release(home, args.release, args.architecture, Path(folder))
        results = work(
            chosen(home.inventory, args.hosts),
            Access(args.user, args.key, args.port, args.known_hosts),
            files(args.source / "systemd"),
            release=release,
            packages=not args.no_packages,
            start=not args.no_start,
        )
    for result in results:
        print(result.trouble or f"{result.host}: {len(result.changes)} changes")
    return 1 if any(result.trouble for result in results) else 0


def chosen(inventory: Path, words: list[str]) -> dict[str, str]:
    """Name and address of the hosts asked for; all with an address when none is named. Raises `FleetError`."""
    from provisioning.inventory import load_inventory

    found: dict[str, str] = {}
    for word in words:
        name, equals, address = word.partition("=")
        if not equals:
            address = load_inventory(inventory).device(name).address
        if not address:
            raise FleetError(f"{name} has no address in {inventory}. Write one, or: {name}=ADDRESS")
        found[name] = address
    if not words:
        found = {d.id: d.address for d in load_inventory(inventory).devices.values() if d.address}
    if not found:
        raise FleetError(f"No kiosk in {inventory} has an address.")
    return found
