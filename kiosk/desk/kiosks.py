"""Which kiosks may connect directly: a TOML file with the SHA-256 of each one's token. The tokens are nowhere here."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import tomllib
from pathlib import Path

from kiosk.assist.call.wire import KIOSK


class KiosksError(ValueError):
    """The file cannot be used; says why in one line."""


def read(file: Path | None) -> dict[str, str]:
    """Kiosk → hash, hex. None or no such file: none. Raises `KiosksError`."""
    if file is None or not file.exists():
        return {}
    try:
        known = tomllib.loads(file.read_text("utf-8")).get("kiosks", {})
    except (OSError, ValueError) as error:
        raise KiosksError(f"{file}: {type(error).__name__}") from None
    for kiosk, digest in known.items():
        if not KIOSK.fullmatch(kiosk) or not isinstance(digest, str) or len(digest) != 64:
            raise KiosksError(f"{file}: {kiosk[:12]!r} is no kiosk with a hash")
    return known


def add(file: Path, kiosk: str) -> str:
    """A fresh token for `kiosk`, returned once; its hash goes into the file. Raises `KiosksError`, OSError."""
    if not KIOSK.fullmatch(kiosk):
        raise KiosksError(f"{kiosk[:12]!r} is no name of a kiosk (K-01)")
    token = secrets.token_urlsafe(32)
    known = {**read(file), kiosk: digest(token)}
    lines = [
        "# Kiosks of this desk and the SHA-256 of their tokens. Written by: kiosk desk --new-kiosk",
        "[kiosks]",
    ]
    lines += [f'"{name}" = "{known[name]}"' for name in sorted(known)]
    fresh = file.with_name(f".{file.name}.new")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write("\n".join(lines) + "\n")
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(file)
    return token


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def whose(known: dict[str, str], token: str) -> str:
    """The kiosk with this token; "" for nobody. Takes as long whoever it is."""
    found, wanted = "", digest(token)
    for kiosk, kept in known.items():
        if hmac.compare_digest(kept, wanted):
            found = kiosk
    return found
