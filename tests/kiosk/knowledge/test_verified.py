"""A pack of a release is used when it is the one that was signed, whole, and newer; else the one in the code."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kiosk.knowledge import packs, verified
from kiosk.knowledge.lkpm import LkpmPack

Lay = Callable[[str], None]
OWN = (packs.PACKS / "lkpm.toml").read_text(encoding="utf-8")


@pytest.fixture
def lay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lay]:
    """Lays a text as the release's lkpm.toml into a slot whose manifest names it."""
    (tmp_path / "packs").mkdir()

    def write(text: str) -> None:
        (tmp_path / "packs/lkpm.toml").write_text(text, encoding="utf-8")
        content = text.encode()
        row = {
            "target": "release/packs/0123456789abcdef/lkpm.toml",
            "size": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
        }
        (tmp_path / "manifest.json").write_text(json.dumps({"packs": [row]}))
        packs.load.cache_clear()

    monkeypatch.setattr(verified, "slot", lambda: tmp_path)
    verified._place.cache_clear()  # pyright: ignore[reportPrivateUsage]
    yield write
    packs.load.cache_clear()
    verified._place.cache_clear()  # pyright: ignore[reportPrivateUsage]


def versioned(version: str) -> str:
    return OWN.replace('version = "2026.11"', f'version = "{version}"')


def in_use() -> str:
    return packs.load("lkpm", LkpmPack).pack.version


@pytest.mark.parametrize(
    ("version", "wanted"), [("2026.11.1", "2026.11.1"), ("2027.1", "2027.1"), ("2026.9", "2026.11")]
)
def test_the_newer_of_the_two_is_used(lay: Lay, version: str, wanted: str) -> None:
    lay(versioned(version))
    assert in_use() == wanted


@pytest.mark.parametrize("text", ["nonsense [", '[pack]\nname = "lkpm"\n', versioned("later")])
def test_a_broken_one_leaves_the_one_in_the_code(lay: Lay, text: str) -> None:
    lay(text)
    assert in_use() == "2026.11"


def test_one_changed_after_it_was_signed_is_not_used(lay: Lay, tmp_path: Path) -> None:
    lay(versioned("2027.1"))
    with (tmp_path / "packs/lkpm.toml").open("a", encoding="utf-8") as file:
        file.write("# a word more\n")
    assert in_use() == "2026.11"
    assert verified.refused() == [("lkpm.toml", "not what the signed release says, not used")]


def test_without_a_manifest_nothing_counts(tmp_path: Path) -> None:
    (tmp_path / "packs").mkdir()
    (tmp_path / "packs/faq.toml").write_text("x")
    assert verified.place("faq.toml", tmp_path) is None
    (tmp_path / "manifest.json").write_text(json.dumps({"packs": "nonsense"}))
    assert verified.entries(tmp_path) == {}
    assert verified.refused(tmp_path) == [("faq.toml", "no part of the signed release, not used")]


def test_code_outside_a_slot_knows_no_release() -> None:
    assert verified.slot() is None
