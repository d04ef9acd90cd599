"""Packs that came with a signed release, newer than those in the code.

The fleet's agent fetches packs as TUF targets (both offline keys), checks them, lays them into the slot beside the
code (`<slot>/packs/`) and writes the slot's manifest last. Here a pack counts only when that manifest names it with
this very size and SHA-256: a file laid there by hand, changed, or left half written is not used. Whoever can write the
manifest can replace the code as well; against that the slot belongs to root. Outside a slot there are no such packs.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, cast

import kiosk

log = logging.getLogger("kiosk.knowledge")

MANIFEST, FOLDER, PREFIX = "manifest.json", "packs", "release/packs/"


@dataclass(frozen=True, slots=True)
class Entry:
    """What the manifest says of a pack: its size in bytes and SHA-256."""

    size: int
    sha256: str


def slot() -> Path | None:
    """The slot this code runs from; None when it runs from anywhere else."""
    code = Path(kiosk.__file__).resolve().parents[1]
    return code.parent if code.name == "app" and (code.parent / MANIFEST).is_file() else None


def place(name: str, root: Path | None = None) -> Path | None:
    """The verified file of a pack ("faq.toml"), or None when the release brought none that counts."""
    found = root or slot()
    return _place(found, name) if found is not None else None


def refused(root: Path | None = None) -> list[tuple[str, str]]:
    """(name, why) of every file in the slot's pack folder that is not used."""
    found = root or slot()
    if found is None or not (found / FOLDER).is_dir():
        return []
    named = entries(found)
    wrong: list[tuple[str, str]] = []
    for path in sorted((found / FOLDER).iterdir()):
        if path.name not in named:
            wrong.append((path.name, "no part of the signed release, not used"))
        elif not _same(path, named[path.name]):
            wrong.append((path.name, "not what the signed release says, not used"))
    return wrong


def entries(root: Path) -> dict[str, Entry]:
    """Pack name → what the slot's manifest says of it; empty when there is no manifest to be read."""
    try:
        manifest = cast("Mapping[str, Any]", json.loads((root / MANIFEST).read_bytes()))
        packs = cast("list[Mapping[str, Any]]", manifest["packs"])
        return {
            str(row["target"]).rpartition("/")[2]: Entry(int(row["size"]), str(row["sha256"]))
            for row in packs
            if str(row["target"]).startswith(PREFIX)
        }
    except (OSError, ValueError, KeyError, TypeError):
        return {}


@cache
def _place(root: Path, name: str) -> Path | None:
    path = root / FOLDER / name
    entry = entries(root).get(name)
    if entry is None or not path.is_file():
        return None
    if not _same(path, entry):
        log.warning("pack %s is not what the signed release says; the one in the code is used", name)
        return None
    return path


def _same(path: Path, entry: Entry) -> bool:
    try:
        content = path.read_bytes()
    except OSError:
        return False
    return len(content) == entry.size and hashlib.sha256(content).hexdigest() == entry.sha256
