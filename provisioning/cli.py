"""`fleet`: provision, update and watch kiosks from afar.

To add a subcommand, write `provisioning/commands/<name>.py` with `add(parser)` and `run(args) -> int`, and add a line
to `COMMANDS`; each is imported only when it is asked for. Exit codes: 0 healthy or done, 1 needs a look, 2 halted or a
wrong command line.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence
from typing import Protocol, cast

from provisioning.errors import FleetError

COMMANDS: dict[str, tuple[str, str]] = {
    # name: (module, what it does)
    "init": (
        "provisioning.commands.init",
        "make a fleet: CA, signing keys, repository, broker files, inventory",
    ),
    "serve": ("provisioning.commands.serve", "run the service: enrolment, waves, fresh timestamps, exporter"),
    "inventory": ("provisioning.commands.inventory", "check and show the settings of sites and kiosks"),
    "enrol": ("provisioning.commands.enrol", "tokens and certificates: token, list, approve, renew, revoke"),
    "release": ("provisioning.commands.release", "build, sign and publish a release"),
    "rollout": ("provisioning.commands.rollout", "start, status, halt or resume the waves of a release"),
    "config": ("provisioning.commands.config", "push settings to kiosks, or show how one differs"),
    "run": ("provisioning.commands.run", "ask one kiosk: restart, reboot, logs, doctor, screenshot, update"),
    "status": ("provisioning.commands.status", "how every kiosk is, problems first"),
    "watch": ("provisioning.commands.watch", "the same, kept fresh"),
    "kpi": ("provisioning.commands.kpi", "figures of all kiosks by hour, and their events for kiosk report"),
    "exporter": ("provisioning.commands.exporter", "metrics for Prometheus"),
    "install": ("provisioning.commands.install", "make a bare Debian a kiosk, over SSH"),
    "image": (
        "provisioning.commands.image",
        "a kit so that a machine plugged in far away becomes a kiosk by itself",
    ),
    "drift": ("provisioning.commands.drift", "show what on a kiosk differs from what was installed"),
    "simulate": ("provisioning.commands.simulate", "run many agents against a real broker on this machine"),
}


class Command(Protocol):
    """What a subcommand module offers."""

    def add(self, parser: argparse.ArgumentParser) -> None: ...

    def run(self, args: argparse.Namespace) -> int: ...


def main(argv: Sequence[str] | None = None) -> int:
    """Run one subcommand; returns its exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    if not words or words[0] in ("-h", "--help"):
        print(usage())
        return 0 if words else 2
    name, rest = words[0], words[1:]
    if name not in COMMANDS:
        print(f"fleet: no command {name!r}\n\n{usage()}", file=sys.stderr)
        return 2
    module, text = COMMANDS[name]
    command = cast(Command, importlib.import_module(module))
    parser = argparse.ArgumentParser(prog=f"fleet {name}", description=text[0].upper() + text[1:] + ".")
    parser.add_argument(
        "--home", metavar="FOLDER", help="the fleet's folder; else FLEET_HOME, else the user's"
    )
    command.add(parser)
    # Taken out first, so that it may stand anywhere, also after a subcommand's own subcommand.
    common = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    common.add_argument("--home")
    place, rest = common.parse_known_args(rest)
    args = parser.parse_args(rest)
    args.home = place.home
    try:
        return command.run(args)
    except FleetError as error:
        print(f"fleet {name}: {error}", file=sys.stderr)
        return error.code
    except KeyboardInterrupt:
        return 130


def usage() -> str:
    """The list of commands."""
    width = max(len(name) for name in COMMANDS) + 2
    rows = [f"  {name:<{width}}{text}" for name, (_, text) in COMMANDS.items()]
    return "\n".join(["usage: fleet COMMAND [options]   (fleet COMMAND --help for more)", "", *rows])


if __name__ == "__main__":
    raise SystemExit(main())
