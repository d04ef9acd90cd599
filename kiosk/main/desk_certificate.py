"""A CA and a certificate for the desk, for the demo and for an office without a CA of its own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Made:
    ca: Path
    certificate: Path
    key: Path


def make(folder: Path, hosts: tuple[str, ...]) -> Made:
    """Keys (0600) and certificates in `folder`; a CA that is there already signs again. Raises OSError."""
    from provisioning.pki import Authority

    authority = Authority(folder / "ca")
    if not authority.certificate_file.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        authority = Authority.create(folder / "ca", "Anjungan desk")
    authority.issue_here(folder, "desk", hosts=tuple(dict.fromkeys(("localhost", "127.0.0.1", *hosts))))
    return Made(authority.certificate_file, folder / "desk.pem", folder / "desk.key")
