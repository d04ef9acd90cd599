"""`kiosk desk`: the officers' page, for phones and PCs in the office's network."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--settings", metavar="FILE", help="TOML file; else KIOSK_SETTINGS, else defaults")
    parser.add_argument(
        "--new-kiosk", metavar="K-01", help="let a kiosk connect directly: prints its token once, then ends"
    )
    parser.add_argument(
        "--new-certificate",
        metavar="FOLDER",
        help="make a CA and a certificate for desk.bind and desk.names there, then end",
    )


def run(args: argparse.Namespace) -> int:
    """Exit code 0, 2 when settings or files cannot be used."""
    from kiosk.settings import SettingsError, settings_path
    from kiosk.settings.load import load

    try:
        settings = load(settings_path(args.settings))
    except SettingsError as error:
        print("\n".join(error.lines), file=sys.stderr)
        return 2
    if args.new_kiosk:
        return _new_kiosk(settings.desk.kiosks_file, args.new_kiosk)
    if args.new_certificate:
        return _new_certificate(Path(args.new_certificate), (settings.desk.bind, *settings.desk.names))

    import asyncio

    from kiosk.desk.guard import NotHereError
    from kiosk.desk.server import DeskSettingsError, Server
    from kiosk.main.errors import hide_error_texts

    try:
        server = Server(settings)
    except (DeskSettingsError, NotHereError, OSError) as error:
        print(f"kiosk desk: {error}", file=sys.stderr)
        return 2
    hide_error_texts()
    print(f"Meja DAC: {server.url}/   Layar ruang: {server.url}/layar   Ctrl+C")
    asyncio.run(server.run())
    return 0


def _new_kiosk(file: Path | None, kiosk: str) -> int:
    from kiosk.desk.kiosks import KiosksError, add

    if file is None:
        print(
            "kiosk desk: set desk.kiosks_file first: where the kiosks of this desk are kept", file=sys.stderr
        )
        return 2
    try:
        token = add(file, kiosk)
    except (KiosksError, OSError) as error:
        print(f"kiosk desk: {error}", file=sys.stderr)
        return 2
    print(token)
    print(
        f"This is the token of {kiosk}, shown once. On the kiosk: a file (0600) named by desk.token_file.",
        file=sys.stderr,
    )
    return 0


def _new_certificate(folder: Path, hosts: tuple[str, ...]) -> int:
    from kiosk.main.desk_certificate import make

    try:
        made = make(folder, hosts)
    except OSError as error:
        print(f"kiosk desk: {error}", file=sys.stderr)
        return 2
    print(f'ca_file = "{made.ca}"\ncertificate = "{made.certificate}"\ncertificate_key = "{made.key}"')
    print(
        f"Phones and PCs must trust {made.ca}: its key stays in {folder} and is worth guarding.",
        file=sys.stderr,
    )
    return 0
