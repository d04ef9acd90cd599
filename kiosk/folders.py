"""Where a kiosk keeps its files: state that outlives it, what can be made again, what lives only while it runs.

Imports next to nothing: the keeper needs this before its first visit starts.
"""

from __future__ import annotations

import os
from pathlib import Path


def state_folder() -> Path:
    """Folder for what must last: systemd's, else the user's (XDG). Not created here."""
    return _systemd("STATE_DIRECTORY") or _xdg("XDG_STATE_HOME", ".local/state")


def cache_folder() -> Path:
    """Folder for what can be made again. Not created here."""
    return _systemd("CACHE_DIRECTORY") or _xdg("XDG_CACHE_HOME", ".cache")


def runtime_folder() -> Path:
    """Folder that is gone after a restart of the machine, on tmpfs where there is one. Not created here."""
    given = _systemd("RUNTIME_DIRECTORY")
    if given:
        return given
    user = os.environ.get("XDG_RUNTIME_DIR")
    if user and Path(user).is_dir():
        return Path(user) / "anjungan"
    base = Path("/dev/shm")  # noqa: S108 - tmpfs by definition; the folder in it is ours alone, 0700
    return (base if base.is_dir() else cache_folder()) / f"anjungan-{os.getuid()}"


def make_private(folder: Path) -> Path:
    """Create `folder` for this user alone (0700) and return it. Raises `PermissionError` if another user owns it."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    facts = folder.stat(follow_symlinks=False)
    if facts.st_uid != os.getuid():
        raise PermissionError(f"{folder} belongs to another user")
    if facts.st_mode & 0o077:
        folder.chmod(0o700)
    return folder


def _systemd(name: str) -> Path | None:
    # systemd lists several folders separated by colons; ours is the first.
    value = os.environ.get(name, "").split(":")[0]
    return Path(value) if value else None


def _xdg(name: str, default: str) -> Path:
    value = os.environ.get(name)
    return (Path(value) if value else Path.home() / default) / "anjungan"
