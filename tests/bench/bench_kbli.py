"""Search, FAQ and packs in figures: `python -m tests.bench.bench_kbli [DEV.csv]`. Plain FTS5 beside it, as a yardstick.

Two query sets are the project's own (see the notes in the files); a CSV of the same kind as the tender's
(columns query, kind, codes) may be given as well.
"""

from __future__ import annotations

import csv
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

from kiosk.knowledge import faq, kbli, words
from kiosk.knowledge.database import DATA, knowledge

SETS = Path(__file__).parent.parent / "kiosk" / "knowledge"
LOAD = """import time
began = time.perf_counter()
from kiosk.knowledge import kbli
kbli.search("x")
print((time.perf_counter() - began) * 1e3)"""
Rows = list[tuple[str, str, set[str]]]


def main() -> None:
    print(f"{'set':<22}{'n':>5}{'@1':>7}{'@5':>7}{'MRR':>7}{'ambiguous':>11}{'nonsense []':>13}")
    sets = {name: _tsv(SETS / f"{name}.tsv") for name in ("queries", "queries2")}
    sets |= {Path(name).stem: _csv(Path(name)) for name in sys.argv[1:]}
    for name, rows in sets.items():
        _score(name, rows, lambda query: [match.code for match in kbli.search(query)])
        _score(f"{name} · FTS5", rows, _fts)
    keys = [query[: at + 1] for rows in sets.values() for query, _, _ in rows for at in range(len(query))]
    spent = sorted(_timed(kbli.search, key) for key in keys)
    print(
        f"\nper keystroke ({len(keys)})  p50 {_at(spent, 0.5):.2f} ms  p99 {_at(spent, 0.99):.2f} ms", end=""
    )
    print(f"  max {spent[-1]:.2f} ms")
    loads = sorted(float(_printed(LOAD)) for _ in range(7))
    print(
        f"import and load  median of 7 {loads[3]:.0f} ms; index {(DATA / 'search.sqlite').stat().st_size / 1e6:.2f} MB"
    )
    for name in ("faq_paraphrases", "faq_unseen", "faq_apart", "faq_fourth", "faq_fresh"):
        _faq(name)


def _printed(code: str) -> bytes:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout


def _tsv(path: Path) -> Rows:
    lines = [
        line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"
    ]
    return [(query, kind, set(rest[0].split()) if rest else set()) for query, kind, *rest in lines]


def _csv(path: Path) -> Rows:
    with path.open(encoding="utf-8", newline="") as file:
        return [(row["query"], row["kind"], set(row["codes"].split())) for row in csv.DictReader(file)]


def _score(name: str, rows: Rows, find: Callable[[str], list[str]]) -> None:
    ranks: list[int] = []
    shares: list[float] = []
    empty: list[bool] = []
    for query, kind, right in rows:
        found = find(query)[:10]
        if kind == "none":
            empty.append(not found)
        elif kind == "ambiguous":
            shares.append(len(right & set(found)) / len(right))
        else:
            ranks.append(next((at for at, code in enumerate(found, 1) if code in right), 0))
    first, five = _mean(rank == 1 for rank in ranks), _mean(0 < rank <= 5 for rank in ranks)
    mrr = _mean(1 / rank if rank else 0 for rank in ranks)
    print(
        f"{name:<22}{len(ranks):>5}{first:>7.3f}{five:>7.3f}{mrr:>7.3f}{_mean(shares):>11.2f}{_mean(empty):>13.2f}"
    )


def _fts(query: str) -> list[str]:
    """What the table of titles and descriptions alone would answer, with bm25."""
    tokens = words.plain(query)
    if not tokens:
        return []
    rows = knowledge().execute(
        "SELECT kbli.code FROM words JOIN kbli ON kbli.id = words.rowid WHERE words MATCH ?"
        " ORDER BY bm25(words, 10.0, 1.0) LIMIT 10",
        (" OR ".join(f'"{token}"' for token in tokens),),
    )
    return [str(row[0]) for row in rows]


def _faq(name: str) -> None:
    lines = [
        line.split("\t")
        for line in (SETS / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
        if line[0] != "#"
    ]
    right = wrong = unsure = 0
    other: list[bool] = []
    for lang, question, *rest in lines:
        found = faq.answer(question, "en" if lang == "en" else "id", date(2026, 11, 24)).question
        ids = rest[0].split() if rest else []
        if not ids:
            other.append(found is None)
        elif found is None:
            unsure += 1
        elif found.id in ids:
            right += 1
        else:
            wrong += 1
    total = right + wrong + unsure
    print(f"{name:<16} right {right}/{total} ({right / total:.3f})  another answer {wrong}", end="")
    print(f'  "belum tahu" {unsure}  other matters unknown {_mean(other):.2f}')


def _timed(work: Callable[[str], object], query: str) -> float:
    began = time.perf_counter()
    work(query)
    return (time.perf_counter() - began) * 1e3


def _at(values: list[float], share: float) -> float:
    return values[min(len(values) - 1, int(len(values) * share))]


def _mean(values: Iterable[float]) -> float:
    found = list(values)
    return sum(found) / len(found) if found else float("nan")


if __name__ == "__main__":
    main()
