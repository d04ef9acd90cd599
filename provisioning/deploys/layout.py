"""Which file of the project lies where on a kiosk: the one table installation and drift share."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from provisioning.errors import FleetError

MARKER = "/var/lib/anjungan-installed"
ETC = {
    "sysusers.conf": "/etc/sysusers.d/anjungan.conf",
    "tmpfiles.conf": "/etc/tmpfiles.d/anjungan.conf",
    "udev.rules": "/etc/udev/rules.d/70-anjungan.rules",
    "modprobe.conf": "/etc/modprobe.d/anjungan.conf",
    "polkit.rules": "/etc/polkit-1/rules.d/50-anjungan.rules",
    "journald.conf": "/etc/systemd/journald.conf.d/anjungan.conf",
    "coredump.conf": "/etc/systemd/coredump.conf.d/anjungan.conf",
    "system.conf": "/etc/systemd/system.conf.d/anjungan.conf",
    "sysctl.conf": "/etc/sysctl.d/60-anjungan.conf",
    "xorg.conf": "/etc/X11/anjungan.conf",
    "apt-nightly.conf": "/etc/apt/apt.conf.d/52anjungan",
}
ENABLED = (
    "kiosk-boot-check.service",
    "kiosk-agent.service",
    "kiosk-update.timer",
    "kiosk-kpi.timer",
    "kiosk.service",
    "kiosk-display.service",
)
PACKAGES = (
    "python3-venv",
    "pcscd",
    "libccid",
    "polkitd",
    "unattended-upgrades",
    "xserver-xorg-core",
    "xserver-xorg-input-libinput",
    "xauth",
    "x11-xserver-utils",
    "xinput",
    "libmtdev1",
    "libgl1",
    "libegl1",
    "libglib2.0-0",
    "espeak-ng",
    "tesseract-ocr",
    "tesseract-ocr-ind",
    "tesseract-ocr-eng",
    "ca-certificates",
)
"""Debian packages a kiosk needs beside a release's wheels; the names are those of Debian 12."""


@dataclass(frozen=True, slots=True)
class File:
    source: Path
    destination: str
    mode: str


def files(systemd: Path) -> list[File]:
    """Every managed file. Raises `FleetError` when the project's `systemd/` is missing or has a file nobody places."""
    if not (systemd / "system").is_dir():
        raise FleetError(f"{systemd} holds no units. Run it from the project's folder, or --source FOLDER")
    found = [
        File(path, f"/etc/systemd/system/{path.relative_to(systemd / 'system')}", "644")
        for path in sorted((systemd / "system").rglob("*"))
        if path.is_file()
    ]
    for path in sorted((systemd / "etc").iterdir()):
        if path.name not in ETC:
            raise FleetError(f"{path} has no place on a kiosk: add it to provisioning/deploys/layout.py")
        found.append(File(path, ETC[path.name], "644"))
    found += [
        File(path, f"/usr/lib/anjungan/{path.name}", "755") for path in sorted((systemd / "lib").iterdir())
    ]
    return found


def mark(managed: list[File]) -> str:
    """Fingerprint of all of it: written last, so a run that was cut is told from a finished one."""
    digest = sha256()
    for item in managed:
        digest.update(f"{item.destination}\0{item.mode}\0".encode() + item.source.read_bytes() + b"\0")
    return digest.hexdigest()[:16]
