"""Two slots, one link: how a release is put in place so that a power cut at any moment leaves a kiosk that starts.

    /opt/anjungan/slots/a, b     a whole release each, with its own Python packages
    /opt/anjungan/current        link to one of them; replaced by rename, never edited
    /opt/anjungan/pending        present while the present slot is unproven: old, new, version, boots
    /opt/anjungan/failed         the last release that was left, and why

The order is the point: fill the idle slot, make every file and folder durable, mark, make that durable, swap the link,
make that durable. Without the first fsyncs a cut leaves a link to a slot of empty files. `systemd/lib/rollback` reads
the same files in plain sh, so that no release can break the way back.
"""

from __future__ import annotations

import os
import shutil
import tarfile
from dataclasses import dataclass
from pathlib import Path

from provisioning.agent.ports import Sync
from provisioning.errors import FleetError
from provisioning.files import write_whole
from provisioning.release import Manifest

MANIFEST = "manifest.json"


def sync_tree(folder: Path) -> None:
    """Make every file and folder below `folder`, and its name, durable. Raises `OSError`."""
    for base, _, files in os.walk(folder, topdown=False):
        for name in files:
            path = Path(base) / name
            if path.is_symlink():
                continue
            _fsync(path)
        _fsync(Path(base))
    _fsync(folder.parent)


def _fsync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@dataclass(frozen=True, slots=True)
class Failed:
    """A release this kiosk has left."""

    version: str
    why: str
    at: str


@dataclass(frozen=True)
class Slots:
    """The slots below `root`. `sync` is `sync_tree`; the crash tests put a control without fsync there."""

    root: Path
    sync: Sync = sync_tree

    @property
    def current(self) -> str:
        """ "a" or "b"; "" before the first installation."""
        try:
            name = (self.root / "current").readlink().name
        except OSError:
            return ""
        return name if name in ("a", "b") else ""

    @property
    def idle(self) -> str:
        return "a" if self.current == "b" else "b" if self.current == "a" else "a"

    def folder(self, slot: str) -> Path:
        return self.root / "slots" / slot

    def manifest(self, slot: str) -> Manifest | None:
        """What a slot holds; None when it is empty or half filled (the manifest is written last)."""
        try:
            return Manifest.from_bytes((self.folder(slot) / MANIFEST).read_bytes())
        except (OSError, FleetError):
            return None

    @property
    def version(self) -> str:
        """The version the link points to; "" when nothing is installed."""
        manifest = self.manifest(self.current) if self.current else None
        return manifest.version if manifest else ""

    def fill(self, archive: Path, manifest: Manifest, packs: dict[str, Path]) -> Path:
        """Unpack into the idle slot; returns its folder. Still without manifest, so it does not count yet.

        Raises `FleetError` on an archive that reaches outside the slot, `OSError` on a full disk.
        """
        folder = self.folder(self.idle)
        if folder.exists():
            shutil.rmtree(folder)
        folder.mkdir(parents=True)
        try:
            with tarfile.open(archive) as tar:
                _unpack(tar, folder)
        except (tarfile.TarError, EOFError) as error:
            raise FleetError(f"The archive of {manifest.version} cannot be unpacked: {error}") from None
        for name, path in packs.items():
            target = folder / "packs" / Path(name).name
            target.parent.mkdir(exist_ok=True)
            shutil.copyfile(path, target)
        return folder

    def finish(self, manifest: Manifest) -> None:
        """Make the filled slot count: all of it durable first, the manifest last."""
        folder = self.folder(self.idle)
        self.sync(folder)
        if self.sync is sync_tree:
            write_whole(folder / MANIFEST, manifest.to_bytes())
        else:
            (folder / MANIFEST).write_bytes(manifest.to_bytes())

    def swap(self) -> str:
        """Point the link at the idle slot, marked unproven; returns it. Raises `FleetError` if it is not whole."""
        old, new = self.current, self.idle
        manifest = self.manifest(new)
        if manifest is None:
            raise FleetError(f"Slot {new} holds no whole release.")
        # The first installation has nothing to go back to, so it is not "unproven".
        if old:
            self._write("pending", f"old={old}\nnew={new}\nversion={manifest.version}\nboots=0\n")
        self._point(new)
        return new

    def confirm(self) -> None:
        """The present slot has proved healthy."""
        (self.root / "pending").unlink(missing_ok=True)
        (self.root / "failed").unlink(missing_ok=True)
        self._sync_root()

    def back(self, why: str, at: str) -> None:
        """Leave an unproven slot; the same steps, in the same order, as `systemd/lib/rollback`."""
        facts = self.pending()
        if not facts:
            return
        self._write("failed", f"version={facts['version']}\nwhy={_line(why)}\nat={at}\n")
        self._point(facts["old"])
        (self.root / "pending").unlink(missing_ok=True)
        self._sync_root()

    def pending(self) -> dict[str, str]:
        """The mark of an unproven slot, empty when there is none."""
        return _read(self.root / "pending")

    def failed(self) -> Failed | None:
        facts = _read(self.root / "failed")
        return Failed(facts.get("version", ""), facts.get("why", ""), facts.get("at", "")) if facts else None

    def forget_failure(self) -> None:
        """A person lifted the halt: the release may be tried once more."""
        (self.root / "failed").unlink(missing_ok=True)

    def _point(self, slot: str) -> None:
        fresh = self.root / "current.next"
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(f"slots/{slot}")
        fresh.replace(self.root / "current")
        self._sync_root()

    def _write(self, name: str, text: str) -> None:
        if self.sync is sync_tree:
            write_whole(self.root / name, text)
        else:
            (self.root / name).write_text(text)

    def _sync_root(self) -> None:
        if self.sync is sync_tree:
            _fsync(self.root)


def _unpack(tar: tarfile.TarFile, folder: Path) -> None:
    """Plain files inside `folder`, nothing else. By hand: Debian 12's Python 3.11.2 has no extraction filters yet."""
    for member in tar:
        parts = Path(member.name).parts
        if not member.isfile() or ".." in parts or Path(member.name).is_absolute() or not parts:
            raise tarfile.TarError(f"{member.name[:80]!r} has no place in a slot")
        target = folder.joinpath(*parts)
        target.parent.mkdir(parents=True, exist_ok=True)
        content = tar.extractfile(member)
        assert content is not None  # noqa: S101 - a plain file
        with target.open("xb") as file:
            shutil.copyfileobj(content, file)
        target.chmod(0o755 if member.mode & 0o100 else 0o644)


def _line(text: str) -> str:
    return " ".join(text.split())[:200]


def _read(path: Path) -> dict[str, str]:
    try:
        lines = path.read_text().splitlines()
    except OSError:
        return {}
    return dict(line.split("=", 1) for line in lines if "=" in line)
