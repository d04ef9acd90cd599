"""Get checked settings quickly: from a cache keyed by everything they depend on, else by a short-lived checker process.

The keeper must start a visit within a few hundredths of a second and stay small for months, so it never imports
pydantic. With neither a file nor `KIOSK__…` variables the defaults are the settings and nothing needs checking.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from kiosk.folders import cache_folder, make_private
from kiosk.settings.codec import from_json, to_json
from kiosk.settings.model import Settings

PREFIX = "KIOSK__"


class SettingsError(Exception):
    """Settings that cannot be used; `lines` says which and why, one sentence each, without values."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


def settings_path(argument: Path | str | None = None) -> Path | None:
    """The TOML file: the argument, else `KIOSK_SETTINGS`, else none."""
    value = str(argument) if argument else os.environ.get("KIOSK_SETTINGS", "")
    return Path(value) if value else None


def fingerprint(path: Path | None, environ: Mapping[str, str]) -> str:
    """Changes whenever the file, the environment or the known settings change."""
    from hashlib import blake2b

    known = blake2b(digest_size=16)
    known.update(Path(__file__).with_name("model.py").read_bytes())
    known.update(b"\0" + (path.read_bytes() if path else b""))
    known.update(
        json.dumps(
            [str(path), *sorted(item for item in environ.items() if item[0].startswith(PREFIX))]
        ).encode()
    )
    return known.hexdigest()


def cached(path: Path | None = None) -> Settings | None:
    """The checked settings if they are known already (about 2 ms); None: ask `check`."""
    if path is None and not any(key.startswith(PREFIX) for key in os.environ):
        return Settings()
    try:
        file = _file(path)
        facts = file.stat()
        # Only what this user wrote and nobody else can change is believed.
        if facts.st_uid != os.getuid() or facts.st_mode & 0o022:
            return None
        return from_json(file.read_text())
    except (OSError, ValueError, TypeError, KeyError):
        return None


def remember(settings: Settings, path: Path | None) -> None:
    """Keep checked settings for the next start. A folder that cannot be written costs time, nothing else."""
    try:
        file = _file(path)
        make_private(file.parent)
        for old in file.parent.glob("settings-*.json"):
            old.unlink(missing_ok=True)
        fresh = file.with_suffix(f".{os.getpid()}")
        fresh.write_text(to_json(settings))
        fresh.chmod(0o600)
        fresh.replace(file)
    except OSError:
        return


def check(path: Path | None = None) -> Settings:
    """Settings from the cache, else checked in a process of its own (0.5 s). Raises `SettingsError`."""
    known = cached(path)
    if known is not None:
        return known
    import subprocess

    command = [sys.executable, "-m", "kiosk.settings", *([str(path)] if path else [])]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    if done.returncode != 0:
        raise SettingsError(done.stderr.strip().splitlines() or ["the settings checker stopped"])
    return from_json(done.stdout)


def _file(path: Path | None) -> Path:
    return cache_folder() / f"settings-{fingerprint(path, os.environ)}.json"
