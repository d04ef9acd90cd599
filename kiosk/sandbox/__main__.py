"""python -m kiosk.sandbox [--port N] [--data DIR] [--no-seed]: the reference portal as a process of its own."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from kiosk.sandbox.server import Server
from kiosk.sandbox.settings import SandboxSettings


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="kiosk sandbox", description="Portal latihan di 127.0.0.1")
    parser.add_argument("--port", type=int, default=8480)
    parser.add_argument("--data", type=Path, required=True, help="folder for its records and documents")
    parser.add_argument("--public-url", help="how visitors' phones reach it, for the links it gives")
    parser.add_argument("--no-seed", action="store_true", help="begin without the sample people")
    wanted = parser.parse_args(argv)
    try:
        settings = SandboxSettings(wanted.data, seeded=not wanted.no_seed)
        if wanted.public_url:
            settings = replace(settings, public_url=wanted.public_url.rstrip("/"))
        server = Server(wanted.port, settings)
    except OSError as error:
        parser.exit(1, f"portal latihan tidak dapat dimulai: {error.strerror}\n")
    print(f"portal latihan: {server.url}", flush=True)
    asyncio.run(server.run())
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
