"""The virtual reader for the card tests: a pcscd for each test that asks for one.

Importing `tests.hardware.card.pcscd` here points libpcsclite at the tests' own socket before any test talks PC/SC.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest

from hardware.card.pcsc import PcscCardReader
from hardware.card.watcher import Roles
from tests.hardware.card.pcscd import READER_PATTERN, Pcscd, running_pcscd


@pytest.fixture
def pcscd() -> Iterator[Pcscd]:
    with running_pcscd() as service:
        yield service


@pytest.fixture
async def reader(pcscd: Pcscd) -> AsyncIterator[PcscCardReader]:
    """An open reader on the virtual slot of `pcscd`."""
    reader = PcscCardReader(Roles(READER_PATTERN))
    await reader.open()
    yield reader
    await reader.close()


HANG_SECONDS = 30
_HANG_TEST = "test_a_card_that_hangs_half_a_minute"


@pytest.fixture(scope="package", autouse=True)
def half_a_minute(request: pytest.FixtureRequest) -> Iterator[Callable[[], dict[str, Any]]]:
    """The long hang runs in a process and a pcscd of its own from the first card test on, so that the suite waits for
    what is left of it only. Call for what it found."""
    if not any(item.name.startswith(_HANG_TEST) for item in request.session.items):
        yield dict
        return
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.hardware.card.hang", str(HANG_SECONDS)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )

    def found() -> dict[str, Any]:
        said, wrong = process.communicate(timeout=3 * HANG_SECONDS)
        assert process.returncode == 0, wrong
        return json.loads(said)

    yield found
    if process.poll() is None:
        process.send_signal(signal.SIGINT)  # an interrupt lets it end its pcscd
        process.communicate(timeout=20)
