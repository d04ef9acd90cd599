"""`fleet inventory`: is it right, and what does a kiosk get?"""

from __future__ import annotations

import argparse

from provisioning.home import find_home


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("device", nargs="?", help="print the merged settings of this kiosk as TOML")


def run(args: argparse.Namespace) -> int:
    from provisioning.inventory import load_inventory
    from provisioning.settings_merge import fingerprint, to_toml

    inventory = load_inventory(find_home(args.home).inventory)
    if args.device:
        merged = inventory.merged(args.device)
        print(f"# {args.device}, {fingerprint(merged)}\n{to_toml(merged)}", end="")
    complaints = inventory.complaints([args.device] if args.device else None)
    for line in complaints:
        print(f"fleet inventory: {line}")
    if not args.device and not complaints:
        print(
            f"{len(inventory.devices)} kiosks at {len(inventory.sites)} sites: every one would start with this."
        )
    return 1 if complaints else 0
