"""`fleet config`: publish the inventory's settings, or show how a kiosk differs."""

from __future__ import annotations

import argparse
import asyncio
import json

from provisioning.errors import FleetError
from provisioning.home import find_home


def add(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("push", help="check every kiosk's settings, sign, publish, nudge")
    verbs.add_parser("diff", help="published and inventory side by side").add_argument("device")


def run(args: argparse.Namespace) -> int:
    from provisioning.inventory import load_inventory
    from provisioning.live import nudge, snapshot
    from provisioning.repository import Repository
    from provisioning.settings_merge import flat, merged

    home = find_home(args.home)
    plan = home.plan()
    inventory = load_inventory(home.inventory)
    repository = Repository(home)
    if args.verb == "push":
        complaints = inventory.complaints()
        if complaints:
            raise FleetError("Nothing was published.\n  " + "\n  ".join(complaints[:20]))
        documents = {
            name: json.dumps(body, sort_keys=True).encode() for name, body in inventory.documents().items()
        }
        fresh = {name: data for name, data in documents.items() if repository.content(name) != data}
        if not fresh:
            print("Everything is published already.")
            return 0
        repository.put_desired(fresh)
        print(f"Published for {len(fresh)} sites.")
        try:
            asyncio.run(nudge(home, plan, 0))
        except FleetError as error:
            print(f"Kiosks will see it within half an hour. {error}")
        return 0

    site = inventory.device(args.device).site
    data = repository.content(f"desired/config/{site}.json")
    layers = json.loads(data) if data else {}
    trust = json.loads(repository.content("trust/settings.json") or b"{}")
    published = dict(
        flat(
            merged(
                layers.get("fleet", {}),
                layers.get("site", {}),
                layers.get("devices", {}).get(args.device, {}),
                trust,
                {"kiosk": {"id": args.device}},
            )
        )
    )
    wanted = dict(flat(inventory.merged(args.device)))
    names = sorted(name for name in {*published, *wanted} if published.get(name) != wanted.get(name))
    for name in names:
        print(f"- {name} = {published.get(name)}\n+ {name} = {wanted.get(name)}")
    view = asyncio.run(snapshot(home, plan))
    seen = view.devices.get(args.device)
    said = seen.state.settings if seen and seen.state else "nothing"
    print(f"{args.device} reports {said}; the inventory is {inventory.fingerprints()[args.device]}.")
    if seen and seen.state and seen.state.trouble:
        print(f"{args.device} says: {seen.state.trouble}")
    return 0 if said == inventory.fingerprints()[args.device] else 1
