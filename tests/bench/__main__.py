"""Runs the benches and prints their tables: ``python -m tests.bench [names…]``, for example ``visit card``.

Each bench_*.py of this folder is a module of its own with a ``main``; it runs in a process of its own, so that one
bench's memory and threads are not in the next one's figures. Without names all are run, in order of their names.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def names() -> list[str]:
    return sorted(file.stem.removeprefix("bench_") for file in HERE.glob("bench_*.py"))


def main() -> int:
    wanted = [word.removeprefix("bench_") for word in sys.argv[1:]] or names()
    unknown = [word for word in wanted if word not in names()]
    if unknown:
        print(f"no such bench: {', '.join(unknown)}. There are: {', '.join(names())}", file=sys.stderr)
        return 2
    failed: list[str] = []
    # An installed kiosk has its bytecode; so have the benches, whatever this shell says.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    for name in wanted:
        print(f"\n== {name} ==", flush=True)
        code = subprocess.run(
            [sys.executable, "-m", f"tests.bench.bench_{name}"], cwd=HERE.parents[1], env=environment
        ).returncode
        if code:
            failed.append(name)
    if failed:
        print(f"\nfailed: {', '.join(failed)}", file=sys.stderr)
    return bool(failed)


if __name__ == "__main__":
    raise SystemExit(main())
