"""The virtual reader for the card tests: a pcscd for each test that asks for one.

Importing `tests.hardware.card.pcscd` here points libpcsclite at the tests' own socket before any test talks PC/SC.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

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
