"""Settings to JSON and back, without pydantic: the form they travel in between our processes.

`from_json` trusts its input: only text made by `to_json` of checked settings goes in.
"""

from __future__ import annotations

import json
from dataclasses import asdict, fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast, get_type_hints

from kiosk.settings.model import Settings

T = TypeVar("T")


def to_json(settings: Settings) -> str:
    """One line of JSON, paths as strings."""
    return json.dumps(asdict(settings), default=str, separators=(",", ":"))


def from_json(text: str) -> Settings:
    """The settings a process was handed. Raises `ValueError`, `KeyError` or `TypeError` on a damaged text."""
    return from_dict(Settings, json.loads(text))


def from_dict(kind: type[T], values: dict[str, Any]) -> T:
    """Build a settings dataclass from plain values; names it does not know raise `TypeError`."""
    hints = _hints(kind)
    return kind(**{name: _plain(hints.get(name), value) for name, value in values.items()})


def _plain(hint: Any, value: Any) -> Any:
    match value:
        case dict() if is_dataclass(hint):
            return from_dict(cast("type[Any]", hint), cast("dict[str, Any]", value))
        case list():
            return tuple(cast("list[Any]", value))
        case str() if "Path" in str(hint):
            return Path(value)
        case _:
            return value


@cache
def _hints(kind: type[Any]) -> dict[str, Any]:
    return {
        name: hint for name, hint in get_type_hints(kind).items() if name in {f.name for f in fields(kind)}
    }
