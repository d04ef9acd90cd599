"""`kiosk packs check` sees what it should, in copies of the packs made wrong on purpose."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from kiosk.knowledge import audit
from kiosk.main.commands import packs

TODAY = date(2026, 11, 24)


def kinds(found: list[audit.Finding], where: str) -> set[str]:
    return {one.kind for one in found if one.where.startswith(where)}


def test_packs_are_whole_today():
    found = audit.check(TODAY)
    assert [one for one in found if one.kind in ("broken", "stale", "untranslated")] == []


def test_the_eight_contradictory_codes_are_listed():
    listed = [one.where for one in audit.check(TODAY) if one.kind == "contradictory"]
    assert listed == ["01621", "02300", "20232", "20235", "35140", "46742", "71101", "77291"]


def test_all_go_stale_in_time():
    stale = {one.where for one in audit.check(date(2031, 1, 1)) if one.kind == "stale"}
    assert {"faq", "lkpm", "scale", "requirements"} <= stale


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return shutil.copytree(audit.PACKS, tmp_path / "packs")


@pytest.mark.parametrize(
    ("name", "old", "new", "kind"),
    [
        ("lkpm", 'en = "Number of workers"', 'en = ""', "untranslated"),
        ("lkpm", 'law = "Peraturan BKPM 5/2025"', 'law = ""', "unsourced"),
        ("lkpm", 'grade = "H"', 'grade = "K"', "unsourced"),
        ("lkpm", "review_by = 2027-06-30", "review_by = 2026-11-23", "stale"),
        ("lkpm", "day = 15", "days = 15", "broken"),
        ("lkpm", "[pack]", "[pack", "broken"),
        ("lkpm", 'version = "2026.11"', 'version = "2026.11"\nsample = true', "sample"),
    ],
)
def test_each_fault_is_seen(copy: Path, name: str, old: str, new: str, kind: str):
    path = copy / f"{name}.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    before = kinds(audit.check(TODAY, copy), name)
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    assert kind not in before
    assert kind in kinds(audit.check(TODAY, copy), name)


def test_alias_of_an_unknown_code_is_broken(copy: Path):
    (copy / "alias" / "z.tsv").write_text("00000\tbukan apa apa\n", encoding="utf-8")
    assert kinds(audit.check(TODAY, copy), "alias/z") == {"broken"}


def test_command_says_how_many(capsys: pytest.CaptureFixture[str]):
    import argparse

    parser = argparse.ArgumentParser()
    packs.add(parser)
    assert packs.run(parser.parse_args(["check", "--today", "2026-11-24"])) == 0
    assert "contradictory 8" in capsys.readouterr().out
    assert packs.run(parser.parse_args(["check", "--strict", "--today", "2031-01-01"])) == 1
