"""The office around a visit: practice portal on loopback HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.sandbox import SandboxSettings, Server, serve


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[Server]:
    """A practice portal without the delay that hides whether an identity is known."""
    with serve(0, SandboxSettings(data_dir=tmp_path / "portal", pace=0.01)) as running:
        yield running
