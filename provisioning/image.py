"""A kit with which a machine becomes a kiosk by itself: for cloud-init (NoCloud) or straight onto a card.

    kit-K-01/meta-data, user-data       NoCloud seed: copy all of it to a partition labelled CIDATA
    kit-K-01/kit/into                   sh into /media/root: onto a card that knows no cloud-init

It holds a one-time token for this one kiosk, and no key: the key is made on the machine and never leaves it.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from provisioning.deploys.layout import ENABLED, PACKAGES, File, mark
from provisioning.deploys.steps import FIRST_SLOT, FOLLOW_UP, START, WITH_WHEELS, Release
from provisioning.errors import FleetError

FIRST_BOOT = Path(__file__).parent / "firstboot"
USER_DATA = """#cloud-config
# Written by fleet image: this machine becomes {device} at its first start.
hostname: {host}
preserve_hostname: false
runcmd:
  - |
    set -e
    seed=/var/lib/cloud/seed/nocloud
    if [ ! -d $seed/kit ]; then
      seed=/run/anjungan-kit
      mkdir -p $seed
      mountpoint -q $seed || mount -o ro LABEL=CIDATA $seed || mount -o ro LABEL=cidata $seed
    fi
    sh $seed/kit/into /
    systemctl daemon-reload
    systemctl start --no-block anjungan-first-boot.service
"""


@dataclass(frozen=True, slots=True)
class Kit:
    """What a kit is made of. `serve`: address of `fleet serve`; `version`: of `release`."""

    device: str
    serve: str
    token: str
    ca: bytes
    version: str
    release: Release
    managed: list[File]


def make(kit: Kit, folder: Path) -> None:
    """Write it to `folder`, which must not exist. Raises `FleetError`."""
    if folder.exists():
        raise FleetError(f"{folder} exists. Remove it, or give another --output.")
    inner = folder / "kit"
    (inner / "release/wheels").mkdir(parents=True)
    folder.chmod(0o700)
    for name in ("first-boot", "into", "anjungan-first-boot.service"):
        shutil.copyfile(FIRST_BOOT / name, inner / name)
    lines: list[str] = []
    for item in kit.managed:
        target = inner / "root" / item.destination.lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(item.source, target)
        lines.append(f"{item.mode} {item.destination}\n")
    (inner / "files.txt").write_text("".join(lines))
    shutil.copyfile(kit.release.archive, inner / "release/app.tar.gz")
    shutil.copyfile(kit.release.manifest, inner / "release/manifest.json")
    for wheel in kit.release.wheels:
        shutil.copyfile(wheel, inner / "release/wheels" / wheel.name)
    (inner / "follow-up").write_text(FOLLOW_UP + "\n")
    packages = WITH_WHEELS if kit.release.wheels else ":"
    (inner / "first-slot").write_text(FIRST_SLOT.format(packages=packages) + "\n")
    (inner / "start").write_text(START + "\n")
    (inner / "ca.pem").write_bytes(kit.ca)
    facts = {
        "DEVICE": kit.device,
        "SERVE": kit.serve,
        "VERSION": kit.version,
        "ARCHITECTURE": kit.release.architecture,
        "PACKAGES": " ".join(PACKAGES),
        "ENABLED": " ".join(ENABLED),
        "MARK": mark(kit.managed),
        "NEED_KB": str(kit.release.room // 1024),
    }
    (inner / "kit.env").write_text("".join(f"{name}='{value}'\n" for name, value in facts.items()))
    token = inner / "token"
    token.touch(0o600)
    token.write_text(kit.token + "\n")
    (folder / "meta-data").write_text(
        f"instance-id: anjungan-{kit.device.lower()}-{mark(kit.managed)}\nlocal-hostname: {kit.device.lower()}\n"
    )
    (folder / "user-data").write_text(USER_DATA.format(device=kit.device, host=kit.device.lower()))
