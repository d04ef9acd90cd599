"""What is done on a machine beside placing files, as shell: over SSH by `fleet install`, or by a kit at first start."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from provisioning.errors import FleetError
from provisioning.home import Home

FOLLOW_UP = """set -e
systemd-sysusers /etc/sysusers.d/anjungan.conf
systemd-tmpfiles --create /etc/tmpfiles.d/anjungan.conf
systemctl daemon-reload
udevadm control --reload 2>/dev/null || true
sysctl -q -p /etc/sysctl.d/60-anjungan.conf 2>/dev/null || true
systemctl try-reload-or-restart polkit.service 2>/dev/null || true
systemctl try-restart systemd-journald.service 2>/dev/null || true
systemctl mask --now swap.target 2>/dev/null || true
swapoff -a 2>/dev/null || true"""

FIRST_SLOT = """set -e
umask 022
cd /opt/anjungan
[ -e current ] && exit 0
rm -rf slots/a && mkdir -p slots/a
tar -xzf cache/first.tar.gz -C slots/a
{packages}
mv cache/first.json slots/a/manifest.json
chown -R anjungan-update:anjungan-update slots cache
sync
ln -s slots/a current
chown -h anjungan-update:anjungan-update current
rm -f cache/first.tar.gz
sync"""

WITH_WHEELS = (
    "PYTHONPATH=slots/a/app python3 -m provisioning.agent.install slots/a cache/first.json cache/wheels && "
    "rm -rf cache/wheels"
)
START = "systemctl start --no-block kiosk.service kiosk-update.timer kiosk-kpi.timer"


@dataclass(frozen=True, slots=True)
class Release:
    """What a bare machine gets into its first slot, verified by the caller."""

    archive: Path
    manifest: Path
    architecture: str
    wheels: tuple[Path, ...] = ()

    @property
    def room(self) -> int:
        """Bytes it takes on a machine: as copied, unpacked, and packages beside them."""
        return 50_000_000 + ROOM * sum(path.stat().st_size for path in (self.archive, *self.wheels))


ROOM = 4
"""An installed release takes this many times the size of its files, beside an empty environment of Python packages."""


def signed_release(home: Home, version: str, architecture: str, folder: Path) -> Release:
    """Take a published release out of the repository into `folder`. Raises `FleetError` when there is none."""
    from provisioning.release import Manifest, manifest_target
    from provisioning.repository import Repository

    repository = Repository(home)
    data = repository.content(manifest_target(version, architecture)) or repository.content(
        manifest_target(version)
    )
    if data is None:
        raise FleetError(f"No signed release {version} for {architecture}. fleet release list")
    manifest = Manifest.from_bytes(data)
    archive = folder / "app.tar.gz"
    archive.write_bytes(repository.content(manifest.app.target) or b"")
    wheels: list[Path] = []
    for piece in manifest.wheels:
        wheel = folder / Path(piece.target).name
        wheel.write_bytes(repository.content(piece.target) or b"")
        wheels.append(wheel)
    about = folder / "manifest.json"
    about.write_bytes(data)
    return Release(archive, about, manifest.architecture, tuple(wheels))
