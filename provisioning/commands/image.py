"""`fleet image`: a kit with a one-time token, so that a machine plugged in far away becomes this kiosk by itself."""

from __future__ import annotations

import argparse
import platform
import tempfile
from pathlib import Path

from provisioning.errors import FleetError
from provisioning.home import find_home


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("device", metavar="K-01", help="a kiosk of the inventory")
    parser.add_argument("--release", metavar="VERSION", required=True)
    parser.add_argument("--architecture", default=platform.machine(), help="of the machine: x86_64, aarch64")
    parser.add_argument("--output", type=Path, metavar="FOLDER", help="default kit-K-01")
    parser.add_argument(
        "--hours", type=float, default=24 * 30, help="how long the token is good (default 30 days)"
    )
    parser.add_argument("--approve", action="store_true", help="a person must let it in: fleet enrol approve")
    parser.add_argument("--source", type=Path, default=Path(), help="the project's folder")


def run(args: argparse.Namespace) -> int:
    from provisioning.deploys.layout import files
    from provisioning.deploys.steps import signed_release
    from provisioning.image import Kit, make
    from provisioning.inventory import load_inventory
    from provisioning.known import book

    home = find_home(args.home)
    plan = home.plan()
    site = load_inventory(home.inventory).device(args.device).site
    output = args.output or Path(f"kit-{args.device}")
    managed = files(args.source / "systemd")
    enrolment = book(home)
    if any(row.device == args.device and row.state == "valid" for row in enrolment.rows()):
        raise FleetError(
            f"{args.device} is enrolled. To replace the machine: fleet enrol revoke {args.device}"
        )
    with tempfile.TemporaryDirectory() as folder:
        release = signed_release(home, args.release, args.architecture, Path(folder))
        if output.exists():
            raise FleetError(f"{output} exists. Remove it, or give another --output.")
        token = enrolment.new_token(site, device=args.device, hours=args.hours, approve=args.approve)
        kit = Kit(
            args.device, f"https://{plan.serve_host}:{plan.serve_port}", token, (home.ca / "ca.pem").read_bytes(),
            args.release, release, managed,
        )  # fmt: skip
        make(kit, output)
    print(
        f"{output}: for {args.device} at {site}, token good for {args.hours:g} hours, one use.\n"
        f"With cloud-init: copy meta-data, user-data and kit/ to a partition labelled CIDATA.\n"
        f"Without: sudo sh {output}/kit/into /media/ROOT-OF-THE-CARD"
    )
    return 0
