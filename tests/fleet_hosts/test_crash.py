"""100 power cuts with fsync and 100 without: the second proves that the first could have failed."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from . import crash

CUTS = int(os.environ.get("FLEET_CUTS", "100"))


def loops() -> bool:
    return (
        os.geteuid() == 0
        and subprocess.run(["losetup", "-f"], capture_output=True, check=False).returncode == 0
    )


pytestmark = pytest.mark.skipif(not loops(), reason="needs root and loop devices")


def test_every_cut_leaves_a_kiosk_that_starts(tmp_path: Path) -> None:
    outcome = crash.run(tmp_path, CUTS, durable=True)
    print(
        f"with fsync: {outcome.good} of {CUTS} whole, {outcome.swapped} on the new release, bad {outcome.bad[:3]}"
    )
    assert outcome.bad == []
    assert 0 < outcome.swapped < CUTS


def test_without_fsync_cuts_corrupt(tmp_path: Path) -> None:
    outcome = crash.run(tmp_path, CUTS, durable=False)
    print(
        f"without fsync: {outcome.good} of {CUTS} whole, {len(outcome.bad)} corrupt, e.g. {outcome.bad[:2]}"
    )
    assert len(outcome.bad) > 0
