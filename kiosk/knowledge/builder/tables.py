"""Builds `data/kbli.sqlite` from CSV files that stay outside the project.

    python -m kiosk.knowledge.builder.tables --kbli2025 A.csv --kbli2020 B.csv --regions C.csv [--out FILE]

The result depends only on the inputs (no clock, rows sorted), so a rebuild can be compared byte for byte.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import re
import sqlite3
from collections.abc import Iterable
from pathlib import Path

from kiosk.knowledge.database import DATA

SCHEMA = """
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE kbli(
  id INTEGER PRIMARY KEY, code TEXT UNIQUE NOT NULL, title TEXT NOT NULL, description TEXT NOT NULL,
  section TEXT NOT NULL,
  change TEXT NOT NULL, risk_mikro TEXT NOT NULL, risk_kecil TEXT NOT NULL, risk_menengah TEXT NOT NULL,
  risk_besar TEXT NOT NULL, permit TEXT NOT NULL, days TEXT NOT NULL);
CREATE TABLE old_kbli(
  code TEXT PRIMARY KEY, title TEXT NOT NULL, section TEXT NOT NULL, division TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE crosswalk(old TEXT NOT NULL, new TEXT NOT NULL, PRIMARY KEY(old, new)) WITHOUT ROWID;
CREATE INDEX crosswalk_new ON crosswalk(new, old);
CREATE TABLE region(
  code TEXT PRIMARY KEY, level TEXT NOT NULL, name TEXT NOT NULL, parent TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX region_parent ON region(parent);
CREATE VIRTUAL TABLE words USING fts5(title, description, content='kbli', content_rowid='id',
  tokenize='unicode61 remove_diacritics 2', detail=full);
"""

KBLI_SOURCE = "Peraturan BPS 7/2025 (KBLI 2025)"
KBLI_DATE = "2025-12"
RISK_SOURCE = "kompilasi tidak resmi atas Lampiran I PP 28/2025"


def squeeze(text: str) -> str:
    """One line, single blanks."""
    return re.sub(r"\s+", " ", text).strip()


def rows(path: Path) -> list[dict[str, str]]:
    """The CSV's rows as dictionaries, values squeezed."""
    with path.open(encoding="utf-8", newline="") as file:
        return [{key: squeeze(value or "") for key, value in row.items()} for row in csv.DictReader(file)]


def digest(paths: Iterable[Path]) -> str:
    """A short fingerprint of the inputs, so that a data file can be matched to what it was made from."""
    state = hashlib.sha256()
    for path in paths:
        state.update(path.read_bytes())
    return state.hexdigest()[:16]


def day_counts(sla: str) -> str:
    """The day counts of "3 Hari|5 Tahun|7 Hari", sorted and joined: "3 7". Months and years are
    validity, not days.
    """
    return " ".join(str(n) for n in sorted(int(n) for n in re.findall(r"(\d+) Hari", sla)))


def build(kbli2025: Path, kbli2020: Path, regions: Path, out: Path) -> None:
    """Write the data file `out` (replaced). Raises ValueError when a crosswalk points to a code that
    is not there.
    """
    new, old, places = rows(kbli2025), rows(kbli2020), rows(regions)
    codes = {row["code"] for row in new}
    pairs = {(row["code"], successor) for row in old for successor in row["successor_kbli2025"].split()}
    lost = sorted({successor for _, successor in pairs} - codes)
    if lost:
        raise ValueError(f"crosswalk points to unknown codes: {lost[:5]}")
    out.unlink(missing_ok=True)
    db = sqlite3.connect(out)
    db.executescript("PRAGMA journal_mode=OFF; PRAGMA page_size=4096;" + SCHEMA)
    db.executemany(
        "INSERT INTO kbli VALUES(NULL,?,?,?,?,?,?,?,?,?,?,?)",
        sorted(
            (
                r["code"], r["title"], r["description"], r["section"], r["change"], r["risk_mikro"],
                r["risk_kecil"], r["risk_menengah"], r["risk_besar"], r["permit"], day_counts(r["sla"]),
            )
            for r in new
        ),
    )  # fmt: skip
    db.executemany(
        "INSERT INTO old_kbli VALUES(?,?,?,?)",
        sorted((r["code"], r["title"], r["section"], r["division_title"]) for r in old),
    )
    db.executemany("INSERT INTO crosswalk VALUES(?,?)", sorted(pairs))
    db.executemany(
        "INSERT INTO region VALUES(?,?,?,?)",
        sorted((r["code"], r["level"], r["name"], r["parent"]) for r in places),
    )
    db.executemany(
        "INSERT INTO meta VALUES(?,?)",
        sorted(
            {
                "kbli_source": KBLI_SOURCE,
                "kbli_date": KBLI_DATE,
                "risk_source": RISK_SOURCE,
                "regions_source": "Kepmendagri 300.2.2-2430/2025 (cahyadsn/wilayah, MIT)",
                "built_from": digest([kbli2025, kbli2020, regions]),
            }.items()
        ),
    )
    db.execute("INSERT INTO words(words) VALUES('rebuild')")
    db.execute("INSERT INTO words(words) VALUES('optimize')")
    db.commit()
    db.execute("VACUUM")
    db.close()


def main() -> None:
    """Parse the paths and build."""
    parser = argparse.ArgumentParser(description="Build data/kbli.sqlite from CSV files.")
    parser.add_argument("--kbli2025", type=Path, required=True)
    parser.add_argument("--kbli2020", type=Path, required=True)
    parser.add_argument("--regions", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=DATA / "kbli.sqlite")
    args = parser.parse_args()
    build(args.kbli2025, args.kbli2020, args.regions, args.out)
    print(f"{args.out.name}: {args.out.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
