"""Whatever goes wrong in a visit or worker, what a visitor typed does not reach the log."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAD = """
import asyncio, logging, os, sys, threading
from kiosk.main.memory import harden
harden(inspectable=True)
nik = sys.stdin.read()
"""

WAYS = {
    "uncaught": "raise ValueError(nik)",
    "caused": "try:\n    int(nik + 'x')\nexcept ValueError as error:\n    raise KeyError(nik) from error",
    "during": "try:\n    int(nik + 'x')\nexcept ValueError:\n    {}[nik]",
    "thread": "t = threading.Thread(target=lambda: {}[nik])\nt.start()\nt.join()",
    "destructor": "class Bad:\n    def __del__(self):\n        raise RuntimeError(nik)\nBad()",
    "task": (
        "async def bad():\n    raise RuntimeError(nik)\n"
        "async def main():\n    asyncio.create_task(bad())\n    await asyncio.sleep(0.01)\n"
        "asyncio.run(main())"
    ),
    "logged": "logging.basicConfig()\ntry:\n    {}[nik]\nexcept KeyError:\n    logging.exception('it failed')",
}


@pytest.mark.parametrize("way", WAYS)
def test_types_and_places_only(way: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", HEAD + WAYS[way]], input="9971234567890001", capture_output=True, text=True
    )
    assert "9971234567890001" not in done.stderr + done.stdout
    assert "Error" in done.stderr, "but it is said what went wrong"
    assert "<string>:" in done.stderr, "and where"
