"""A kiosk in a hall gets every Debian package the demo needs, except what only builds or plays a screen."""

from __future__ import annotations

from pathlib import Path

from provisioning.deploys.layout import PACKAGES

ROOT = Path(__file__).parents[2]
NOT_ON_A_KIOSK = {
    "python3-dev", "gcc", "swig", "libpcsclite-dev",  # the wheels of a release are built elsewhere
    "xvfb", "xdotool", "x11-utils",  # a played screen
}  # fmt: skip


def test_an_installed_kiosk_has_what_the_demo_has() -> None:
    lines = (ROOT / "requirements/apt-run.txt").read_text().splitlines()
    demo = {line.strip() for line in lines if line.strip() and not line.startswith("#")}
    assert demo - NOT_ON_A_KIOSK <= set(PACKAGES), demo - NOT_ON_A_KIOSK - set(PACKAGES)
