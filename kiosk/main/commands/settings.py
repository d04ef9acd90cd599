"""`kiosk settings`: what is in force (secrets are files, so none can show), or a documented example."""

from __future__ import annotations

import argparse
import sys


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--settings", metavar="FILE", help="TOML file; else KIOSK_SETTINGS, else defaults")
    parser.add_argument(
        "--example", action="store_true", help="every setting with its default and meaning, as TOML"
    )
    parser.add_argument("--json", action="store_true", help="as JSON, for programs")


def run(args: argparse.Namespace) -> int:
    from kiosk.settings import SettingsError, settings_path, to_json
    from kiosk.settings.load import as_toml, load

    try:
        settings = None if args.example else load(settings_path(args.settings))
    except SettingsError as error:
        print("\n".join(error.lines), file=sys.stderr)
        return 2
    if settings is not None and args.json:
        print(to_json(settings))
    else:
        print(as_toml(settings), end="")
    return 0
