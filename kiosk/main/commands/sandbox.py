"""`kiosk sandbox`: the practice portal alone, for whoever builds a real one."""

from __future__ import annotations

import argparse


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=8480, help="port on 127.0.0.1 (0: any free one)")
    parser.add_argument(
        "--data", default="build/sandbox", metavar="DIR", help="where it keeps its tables and files"
    )
    parser.add_argument("--public-url", metavar="URL", help="how phones reach it, for the links it gives")


def run(args: argparse.Namespace) -> int:
    from kiosk.sandbox.__main__ import main

    public = ["--public-url", args.public_url] if args.public_url else []
    return main(["--port", str(args.port), "--data", args.data, *public])
