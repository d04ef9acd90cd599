"""`fleet init`: everything a new fleet needs, in one folder, and what to do next."""

from __future__ import annotations

import argparse
from dataclasses import asdict, fields
from pathlib import Path

from provisioning.errors import FleetError
from provisioning.home import Home, Plan, find_home

SAMPLE = """# Sites and kiosks. Checked by `fleet inventory`; sent by `fleet config push`. All of this is a SAMPLE.

[settings]                        # every kiosk; names as in `kiosk settings --example`
kiosk.regency = "Kabupaten Mukomuko"

[trust]                           # whom a kiosk trusts: sent only with `fleet release`, signed offline
portal.url = "https://portal.example.test"

[site.mukomuko]
name = "Kota Mukomuko"
settings.kiosk.counters = "Loket 1 dan 2"

[device.K-01]
site = "mukomuko"
# address = "192.0.2.11"          # for fleet install and fleet drift
settings.kiosk.spot = "Ruang Depan"
"""


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--name", default="armada")
    parser.add_argument(
        "--serve-host", default="127.0.0.1", help="name or address kiosks reach fleet serve by"
    )
    parser.add_argument("--broker-host", default="127.0.0.1", help="name or address of the broker")
    parser.add_argument(
        "--repository-url", default="http://127.0.0.1:8080/", help="where the repository is handed out"
    )
    parser.add_argument(
        "--no-passphrase", action="store_true", help="offline keys unencrypted: for trying it out"
    )


def run(args: argparse.Namespace) -> int:
    from provisioning.repository import ask_passphrase

    home = find_home(args.home)
    if (home.root / "fleet.toml").exists():
        raise FleetError(f"{home.root} is a fleet already. Nothing was changed.")
    passphrase = b"" if args.no_passphrase else ask_passphrase("the offline keys (new)")
    if not args.no_passphrase and len(passphrase) < 12:
        raise FleetError("The passphrase of the offline keys needs 12 characters or more. Nothing was made.")
    plan = Plan(
        name=args.name,
        serve_host=args.serve_host,
        broker_host=args.broker_host,
        repository_url=args.repository_url,
    )
    create(home, plan, passphrase)
    print(f"""The fleet is in {home.root}.

  1. Move {home.offline_keys} to two sticks kept apart, and off this machine.
  2. Broker: {home.broker / "mosquitto.conf"} (see docs/fleet.md), then fleet serve.
  3. Edit {home.inventory}, then: fleet inventory
  4. A kiosk: fleet enrol token --site mukomuko --device K-01""")
    return 0


def create(home: Home, plan: Plan, passphrase: bytes, *, broker_state: Path | None = None) -> None:
    """Make the folder whole; `fleet.toml` is written last, so a run that was cut is told from a fleet."""
    from provisioning.broker import OPERATORS, write_files
    from provisioning.pki import Authority
    from provisioning.repository import Repository

    if home.root.exists() and any(home.root.iterdir()):
        raise FleetError(f"{home.root} is not empty, and no fleet. Choose another folder or empty it.")
    home.root.mkdir(parents=True, exist_ok=True)
    home.root.chmod(0o700)
    authority = Authority.create(home.ca, plan.name)
    authority.issue_here(
        home.certificates,
        "broker",
        hosts=tuple({plan.broker_host, plan.operator_host, "127.0.0.1", "localhost"}),
    )
    authority.issue_here(home.certificates, "serve", hosts=tuple({plan.serve_host, "127.0.0.1", "localhost"}))
    for name in OPERATORS:
        authority.issue_here(home.certificates, name)
    Repository.create(home, passphrase)
    write_files(home, plan, state=str(broker_state) if broker_state else "")
    if not home.inventory.exists():
        home.inventory.write_text(SAMPLE)
    values = asdict(plan)
    lines = [f"{item.name} = {_toml(values[item.name])}" for item in fields(Plan)]
    (home.root / "fleet.toml").write_text(
        "# How machines find each other. docs/fleet.md\n" + "\n".join(lines) + "\n"
    )


def _toml(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)
