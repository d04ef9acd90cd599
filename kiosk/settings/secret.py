"""Secrets come from systemd credentials or from files only their owner may read.

They are never settings and never printed.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret value. `repr` and `str` hide it."""

    value: bytes = field(repr=False)

    @property
    def text(self) -> str:
        """As text without surrounding white space. Raises `UnicodeDecodeError` if it is not UTF-8."""
        return self.value.decode().strip()


class SecretTroubleError(Exception):
    """A secret that cannot be used: `word` is "missing", "open_to_others" or "unreadable"."""

    def __init__(self, word: str, path: Path) -> None:
        super().__init__(f"{word}: {path}")
        self.word = word
        self.path = path


def find_secret(credential: str, file: Path | None) -> Path | None:
    """Where the secret lies: the systemd credential of that name, else `file`; None if neither exists."""
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    if folder and (Path(folder) / credential).is_file():
        return Path(folder) / credential
    return file if file is not None and file.exists() else None


def read_secret(credential: str, file: Path | None) -> Secret:
    """Read a secret. A plain file that group or others may read is refused (`SecretTroubleError`)."""
    path = find_secret(credential, file)
    if path is None:
        raise SecretTroubleError("missing", file or Path(credential))
    # systemd itself keeps credentials 0400 or 0440 in a folder nobody else can enter.
    if path == file and path.stat().st_mode & 0o077:
        raise SecretTroubleError("open_to_others", path)
    try:
        return Secret(path.read_bytes())
    except OSError as error:
        raise SecretTroubleError("unreadable", path) from error


def write_secret(path: Path, value: bytes) -> None:
    """Create a secret file, 0600 from its first moment and durable. Raises `FileExistsError`."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(handle, value)
        os.fsync(handle)
    finally:
        os.close(handle)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
