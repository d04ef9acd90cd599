"""The packaged data file: complete, read-only, and reproducible from CSV files."""

import sqlite3
from pathlib import Path

import pytest

from kiosk.knowledge import database, kbli, regions
from kiosk.knowledge.builder import tables


def count(table: str) -> int:
    return database.knowledge().execute(f"SELECT count(*) FROM {table}").fetchone()[0]


def test_counts_of_the_classification():
    assert count("kbli") == 1559
    assert count("old_kbli") == 1790
    assert count("region WHERE level='kecamatan'") == 7285


def test_data_file_is_modest_and_cannot_be_written():
    assert (database.DATA / "kbli.sqlite").stat().st_size < 4_000_000
    with pytest.raises(sqlite3.OperationalError):
        database.knowledge().execute("DELETE FROM kbli")


def test_licence_notice_of_the_regions_is_shipped():
    assert "Copyright (c) 2017-2025 Cahya DSN" in (database.DATA / "NOTICE.txt").read_text(encoding="utf-8")


def test_meta_names_source_and_date():
    assert "BPS 7/2025" in database.meta("kbli_source")
    assert database.meta("kbli_date") == "2025-12"
    with pytest.raises(KeyError):
        database.meta("nothing")


def test_mukomuko_has_fifteen_districts():
    found = regions.districts()
    assert len(found) == 15
    assert found[1].name == "Kota Mukomuko"
    assert regions.get("170602") == found[1]
    assert regions.get("99.71") is None


def test_crosswalk_of_47919_has_67_successors():
    before = kbli.old("47919")
    assert before is not None
    assert len(before.successors) == 67
    assert all(kbli.get(code) for code in before.successors)


def test_predecessors_mirror_successors():
    entry = kbli.get("56303")
    assert entry is not None
    for code in entry.predecessors:
        before = kbli.old(code)
        assert before is not None
        assert "56303" in before.successors


def test_unknown_code_is_none():
    assert kbli.get("00000") is None
    assert kbli.old("00000") is None


HEADS = {
    "new.csv": "code,title,description,section,kbli2020,change,risk_mikro,risk_kecil,"
    "risk_menengah,risk_besar,permit,sla",
    "old.csv": "code,title,section,division_title,successor_kbli2025",
    "regions.csv": "code,code6,level,name,parent",
}


def write(folder: Path, name: str, *lines: str) -> Path:
    path = folder / name
    path.write_text("\n".join((HEADS[name], *lines)) + "\n", encoding="utf-8")
    return path


def test_build_is_repeatable_and_refuses_a_broken_crosswalk(tmp_path: Path):
    new = write(tmp_path, "new.csv", "01111,Jagung,Kelompok ini,A,01111,,R,R,R,MT,NIB,3 Hari|5 Tahun|12 Hari")
    places = write(tmp_path, "regions.csv", "11,11,provinsi,Aceh,")
    good = write(tmp_path, "old.csv", "01111,Jagung,A,Pertanian,01111")
    first, second = tmp_path / "a.sqlite", tmp_path / "b.sqlite"
    tables.build(new, good, places, first)
    tables.build(new, good, places, second)
    assert first.read_bytes() == second.read_bytes()
    assert database.open_readonly(first).execute("SELECT days FROM kbli").fetchone() == ("3 12",)
    bad = write(tmp_path, "old.csv", "01111,Jagung,A,Pertanian,99999")
    with pytest.raises(ValueError, match="99999"):
        tables.build(new, bad, places, first)
