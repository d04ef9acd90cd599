"""A release: one archive of our code, wheels and packs as files of their own, and a manifest that names them all.

Wheels and packs are separate targets named by content, so that a kiosk on a bad line fetches only what changed. The
same input gives the same bytes: names sorted, times, owners and modes fixed.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import re
import tarfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from provisioning.errors import FleetError
from provisioning.files import write_whole

FORMAT = 1
VERSION = re.compile(r"\d+\.\d+\.\d+")
PARTS = ("kiosk", "hardware", "screens", "provisioning", "systemd", "requirements")
"""Top folders of the source that run on a kiosk."""
SKIP = {"__pycache__", ".mypy_cache", ".pytest_cache"}

ENTRY = """#!/bin/sh
# Runs {what} of the slot this file is in, with the slot's own Python packages if it has any.
here=$(dirname "$(dirname "$(readlink -f "$0")")")
python=$here/venv/bin/python
[ -x "$python" ] || python=${{ANJUNGAN_PYTHON:-/usr/bin/python3}}
PYTHONPATH=$here/app exec "$python" -m {module} "$@"
"""
ENTRIES = {"kiosk": "kiosk.main.cli", "agent": "provisioning.agent"}


@dataclass(frozen=True, slots=True)
class Piece:
    """A file of a release: its target name in the repository, its size in bytes, its SHA-256."""

    target: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a release is made of. `wheels` are for `architecture` (`x86_64`, `aarch64` or `any`)."""

    version: str
    app: Piece
    wheels: tuple[Piece, ...] = ()
    packs: tuple[Piece, ...] = ()
    architecture: str = "any"
    python: str = "3.11"
    note: str = ""
    format: int = field(default=FORMAT)

    def to_bytes(self) -> bytes:
        return (json.dumps(asdict(self), sort_keys=True, indent=1) + "\n").encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> Manifest:
        """Parse. Raises `FleetError` for another format or missing parts."""
        try:
            values: dict[str, Any] = json.loads(data)
            if values["format"] != FORMAT:
                raise FleetError(f"The release has format {values['format']}; this agent reads {FORMAT}.")
            for name in ("wheels", "packs"):
                values[name] = tuple(Piece(**item) for item in values[name])
            manifest = cls(**{**values, "app": Piece(**values["app"])})
        except (ValueError, KeyError, TypeError) as error:
            raise FleetError(f"The manifest cannot be read: {type(error).__name__}") from None
        check_version(manifest.version)
        return manifest

    def pieces(self) -> Iterator[Piece]:
        yield self.app
        yield from self.wheels
        yield from self.packs


def check_version(version: str) -> str:
    """Versions become folder and target names. Raises `FleetError` unless it is N.N.N."""
    if not VERSION.fullmatch(version):
        raise FleetError(f"{version!r} is not a version like 1.4.3.")
    return version


def manifest_target(version: str, architecture: str = "any") -> str:
    return f"release/{version}/{architecture}/manifest.json"


def build(
    source: Path,
    version: str,
    staging: Path,
    *,
    wheels: Iterable[Path] = (),
    packs: Iterable[Path] = (),
    architecture: str = "any",
    python: str = "3.11",
    note: str = "",
    parts: tuple[str, ...] = PARTS,
) -> tuple[Manifest, dict[str, Path]]:
    """Build into `staging`; returns the manifest and every target's file. Reproducible. Raises `FleetError`."""
    check_version(version)
    staging.mkdir(parents=True, exist_ok=True)
    data = archive(source, parts, version)
    app_file = staging / f"app-{version}.tar.gz"
    write_whole(app_file, data)
    files: dict[str, Path] = {}

    def piece(path: Path, target: str) -> Piece:
        content = path.read_bytes()
        files[target] = path
        return Piece(target, len(content), hashlib.sha256(content).hexdigest())

    app = piece(app_file, f"release/{version}/{architecture}/app.tar.gz")
    manifest = Manifest(
        version,
        app,
        tuple(piece(path, f"release/wheels/{_digest(path)[:16]}/{path.name}") for path in sorted(wheels)),
        tuple(piece(path, f"release/packs/{_digest(path)[:16]}/{path.name}") for path in sorted(packs)),
        architecture,
        python,
        note,
    )
    name = manifest_target(version, architecture)
    path = staging / "manifest.json"
    write_whole(path, manifest.to_bytes())
    files[name] = path
    return manifest, files


def archive(source: Path, parts: tuple[str, ...], version: str) -> bytes:
    """The code as a gzipped tar: `app/…`, `bin/…`, `VERSION`. Bytes depend on content and names alone."""
    names: dict[str, bytes] = {"VERSION": f"{version}\n".encode()}
    for part in parts:
        for path in sorted((source / part).rglob("*")):
            if path.is_file() and not SKIP & set(path.parts) and path.suffix != ".pyc":
                names[f"app/{path.relative_to(source).as_posix()}"] = path.read_bytes()
    if len(names) == 1:
        raise FleetError(f"{source} holds none of {', '.join(parts)}. Run it from the project's folder.")
    for entry, module in ENTRIES.items():
        names[f"bin/{entry}"] = ENTRY.format(what=f"`{entry}`", module=module).encode()
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name, content in sorted(names.items()):
            info = tarfile.TarInfo(name)
            info.size = len(content)
            info.mode = 0o755 if name.startswith("bin/") or "/systemd/lib/" in name else 0o644
            tar.addfile(info, io.BytesIO(content))
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", filename="", mtime=0, compresslevel=9) as stream:
        stream.write(raw.getvalue())
    return packed.getvalue()


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
