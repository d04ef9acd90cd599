"""Settings of a kiosk from fleet, site and device, what the online key may say of them, and their fingerprint.

Imports nothing heavy: the agent uses it. Checking the values is `kiosk.settings`' work, done in a process of its own.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any

from provisioning.errors import FleetError

Plain = dict[str, Any]

OFFLINE_ONLY = (
    "kiosk.enrolment_file",
    "portal.url",
    "portal.ca_file",
    "portal.client_cert",
    "portal.client_key",
    "portal.token_file",
    "store.",
    "bench.",
)
"""What decides whom a kiosk trusts and where it keeps secrets. Only `trust/settings.json`, signed offline, may."""


def merged(*layers: Mapping[str, Any]) -> Plain:
    """Later layers win, key by key; lists are replaced whole."""
    result: Plain = {}
    for layer in layers:
        for key, value in layer.items():
            old = result.get(key)
            if isinstance(value, Mapping) and isinstance(old, dict):
                result[key] = merged(old, value)  # pyright: ignore[reportUnknownArgumentType]
            else:
                result[key] = merged(value) if isinstance(value, Mapping) else value  # pyright: ignore[reportUnknownArgumentType]
    return result


def flat(values: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """("window.width", 1080), … in order of names."""
    for key in sorted(values):
        value = values[key]
        if isinstance(value, Mapping):
            yield from flat(value, f"{prefix}{key}.")  # pyright: ignore[reportUnknownArgumentType]
        else:
            yield f"{prefix}{key}", value


def refuse_trust(values: Mapping[str, Any]) -> None:
    """Raise `FleetError` when operational settings reach for what only offline keys may set."""
    for name, _ in flat(values):
        if any(name == item or (item.endswith(".") and name.startswith(item)) for item in OFFLINE_ONLY):
            raise FleetError(f"{name} may only be set by a release of trust settings, signed offline.")


def fingerprint(values: Mapping[str, Any]) -> str:
    """12 hex digits over the merged settings; equal on both ends means no drift."""
    text = json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return sha256(text.encode()).hexdigest()[:12]


def to_toml(values: Mapping[str, Any], prefix: str = "") -> str:
    """As TOML: plain values first, then tables. Strings are written as JSON strings, which TOML reads the same way."""
    lines = [f"{key} = {_value(value)}" for key, value in values.items() if not isinstance(value, Mapping)]
    for key, value in values.items():
        if isinstance(value, Mapping):
            lines += ["", f"[{prefix}{key}]", to_toml(value, f"{prefix}{key}.").rstrip()]  # pyright: ignore[reportUnknownArgumentType]
    return "\n".join(lines).strip("\n") + "\n"


def _value(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case int() | float():
            return repr(value)
        case str():
            return json.dumps(value)
        case list() | tuple():
            return "[" + ", ".join(_value(item) for item in value) + "]"  # pyright: ignore[reportUnknownVariableType]
        case _:
            raise FleetError(f"A setting cannot be a {type(value).__name__}.")
