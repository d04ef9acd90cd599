"""`kiosk`: one command, many small subcommands, each imported only when it is asked for.

To add one, write `kiosk/main/commands/<name>.py` with `add(parser)` and `run(args) -> int`, and add a line to
`COMMANDS`. `--help` reads this table alone.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence
from typing import Protocol, cast

COMMANDS: dict[str, tuple[str, str]] = {
    # name: (module, what it does)
    "run": ("kiosk.main.commands.run", "run the kiosk: start visits, one after the other"),
    "demo": ("kiosk.main.commands.demo", "try it all: kiosk, practice portal and simulated devices"),
    "corners": ("kiosk.main.commands.corners", "find the page in photographs"),
    "scan": ("kiosk.main.commands.scan", "make a searchable PDF/A of straight pages from photographs"),
    "archive": ("kiosk.main.commands.archive", "make a separator sheet for the office's archive"),
    "doctor": ("kiosk.main.commands.doctor", "show every device and part, its state and what to do"),
    "sandbox": ("kiosk.main.commands.sandbox", "run the practice portal alone"),
    "desk": ("kiosk.main.commands.desk", "the officers' page: calls, kiosks, queue, over TLS in the office"),
    "settings": ("kiosk.main.commands.settings", "print the settings in force, or an example file"),
    "skm": ("kiosk.main.commands.skm", "compute the satisfaction index (IKM) of a survey file"),
    "clock": ("kiosk.main.commands.clock", "count working days of a permit by the service clock"),
    "kbli": ("kiosk.main.commands.kbli", "find business codes for everyday words"),
    "packs": ("kiosk.main.commands.packs", "check the content packs: stale, unsourced, untranslated"),
    "officer": ("kiosk.main.commands.officer", "add, list or lock the officers of this kiosk"),
    "asked": ("kiosk.main.commands.asked", "this week's open questions and where visitors got stuck"),
    "log": ("kiosk.main.commands.log", "verify or export the event log"),
    "report": (
        "kiosk.main.commands.report",
        "write the efficiency report from events and the office's baseline",
    ),
}


class Command(Protocol):
    """What a subcommand module offers."""

    def add(self, parser: argparse.ArgumentParser) -> None: ...

    def run(self, args: argparse.Namespace) -> int: ...


def main(argv: Sequence[str] | None = None) -> int:
    """Run one subcommand; returns its exit code. 2 for a wrong command line, as argparse has it."""
    words = list(sys.argv[1:] if argv is None else argv)
    if not words or words[0] in ("-h", "--help"):
        print(usage())
        return 0 if words else 2
    if words[0] == "--version":
        from kiosk.main.version import version

        print(f"kiosk {version()}")
        return 0
    name, rest = words[0], words[1:]
    if name not in COMMANDS:
        print(f"kiosk: no command {name!r}\n\n{usage()}", file=sys.stderr)
        return 2
    module, text = COMMANDS[name]
    command = cast(Command, importlib.import_module(module))
    parser = argparse.ArgumentParser(prog=f"kiosk {name}", description=text[0].upper() + text[1:] + ".")
    command.add(parser)
    return command.run(parser.parse_args(rest))


def usage() -> str:
    """The list of commands."""
    width = max(len(name) for name in COMMANDS) + 2
    rows = [f"  {name:<{width}}{text}" for name, (_, text) in COMMANDS.items()]
    return "\n".join(["usage: kiosk COMMAND [options]   (kiosk COMMAND --help for more)", "", *rows])


if __name__ == "__main__":
    raise SystemExit(main())
