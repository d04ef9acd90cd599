"""The kiosk's words, in Indonesian and English side by side.

Texts live in `texts/*.toml`, one file a room of the product; a key is `<file>.<name>`. Every key has both languages (a
test holds this), so a screen never has to think of a missing text.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

Language = str


@cache
def _catalogue() -> dict[str, dict[str, str]]:
    """key → {"id": …, "en": …}."""
    words: dict[str, dict[str, str]] = {}
    for file in sorted(files("kiosk.i18n").joinpath("texts").iterdir(), key=lambda entry: entry.name):
        if not file.name.endswith(".toml"):
            continue
        room = file.name.removesuffix(".toml")
        for name, text in tomllib.loads(file.read_text("utf-8")).items():
            words[f"{room}.{name}"] = text
    return words


def keys() -> frozenset[str]:
    return frozenset(_catalogue())


def both(key: str) -> dict[str, str]:
    """The two texts of a key. Raises KeyError for an unknown key."""
    return _catalogue()[key]


def say(language: Language, key: str, **values: object) -> str:
    """The text of `key` in `language` with `{name}` fields filled in. Raises KeyError for an unknown key or field."""
    text = _catalogue()[key][language]
    return text.format(**values) if values else text


def known(key: str) -> bool:
    return key in _catalogue()
