"""The report against an independent recomputation over the raw events, and the rules of its words and pages."""

# ruff: noqa: E501 -- whole sentences and SQL

from __future__ import annotations

import json
import random
import subprocess
import tomllib
from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import duckdb
import pikepdf
import pytest

from kiosk.insight import kpi, whole
from kiosk.insight.clock import WIB
from kiosk.insight.report import make, proof, words
from kiosk.insight.report.pen import Say
from tests.kiosk.insight import generate
from tests.kiosk.insight.conftest import ROOT, Run

EXAMPLE = ROOT / "kiosk/insight/report/baseline.example.toml"
PERIOD = kpi.Period.of("2026-05..2026-10")
MADE = datetime(2026, 11, 10, 7, tzinfo=WIB)


@pytest.fixture(scope="module")
def events(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("events") / "events.jsonl"
    generate.write(file, 1500, seed=7)
    return file


@pytest.fixture(scope="module")
def context(events: Path) -> words.Context:
    return make.prepare(events, EXAMPLE, PERIOD, MADE)


# --- the figures, recomputed ------------------------------------------------------------------------------------------


def recomputed(file: Path) -> dict[str, Any]:
    """The same figures in SQL over the file, by someone who has only read docs/report.md."""
    db = duckdb.connect()
    db.execute("SET TimeZone='UTC'")
    db.execute(
        'CREATE TABLE e AS SELECT kiosk, id, "at" AS t, session, kind, data::JSON AS d, row_number() OVER () AS n '
        "FROM read_json(?, columns={kiosk:'VARCHAR',id:'BIGINT',\"at\":'DOUBLE',session:'VARCHAR',kind:'VARCHAR',data:'JSON'},"
        " format='newline_delimited')",
        [str(file)],
    )
    begin, end = (datetime(2026, month, 1, tzinfo=WIB).timestamp() for month in (5, 11))
    db.execute(
        "CREATE TABLE v AS SELECT session, min(t) AS begun, "
        "coalesce(max(d->>'where') FILTER (kind='visit'), 'kiosk') AS spot FROM e WHERE session<>'' GROUP BY session "
        f"HAVING min(t)>={begin} AND min(t)<{end}"
    )
    # An application is what happens from a `journey apply` to the next journey of the same visit.
    db.execute(
        "CREATE TABLE a AS WITH j AS (SELECT session, n, d->>'detail' AS service, "
        "lead(n, 1, 1e15) OVER (PARTITION BY session ORDER BY n) AS upto FROM e WHERE kind='journey') "
        "SELECT j.session, j.n, "
        " bool_or(e.kind='submitted') AS sent, max(e.d->>'case') FILTER (e.kind='submitted') AS c, "
        " max((e.d->>'level')::INT) FILTER (e.kind='help_level') AS level, bool_or(e.kind='unlock') AS assisted, "
        " max_by(e.d->>'place', e.n) FILTER (e.kind='step' AND e.d->>'place' IN "
        "  ('identify','number','code','consent','search','scale','risk','form','camera','pages','review')) AS last "
        "FROM j JOIN e ON e.session=j.session AND e.n>=j.n AND e.n<j.upto JOIN v ON v.session=j.session "
        "WHERE j.service='apply' GROUP BY ALL"
    )
    one = lambda query: db.execute(query).fetchone()[0]  # type: ignore[index]  # noqa: E731
    stage = (
        "CASE WHEN last IN ('identify','number','code','consent') THEN 0 WHEN last IN ('search','scale','risk') THEN 1 "
        "WHEN last='form' THEN 2 WHEN last IN ('camera','pages') THEN 3 ELSE 4 END"
    )
    stops = dict(
        db.execute(
            f"SELECT {stage}, count(*) FROM (SELECT session, max_by(last, n) AS last FROM a GROUP BY session "
            "HAVING NOT bool_or(sent)) GROUP BY 1"
        ).fetchall()
    )
    classes = db.execute(
        "SELECT strftime(to_timestamp(begun + 7*3600), '%Y-%m') AS m, "
        "CASE WHEN spot='bergerak' THEN 'bergerak' WHEN coalesce(level, 0)>1 OR (assisted AND level IS NULL) "
        "THEN 'berbantuan' ELSE 'mandiri' END AS k, count(*) FROM a JOIN v USING (session) WHERE sent GROUP BY ALL"
    ).fetchall()
    return {
        "visits": one("SELECT count(*) FROM v"),
        "started": one("SELECT count(DISTINCT session) FROM a"),
        "sent": one("SELECT count(*) FROM a WHERE sent"),
        "stops": [stops.get(number, 0) for number in range(5)],
        "classes": classes,
        "cases": _durations(db, end),
        "survey": db.execute(
            "SELECT " + ", ".join(f"sum((d->>'u{n}')::INT), count(d->>'u{n}')" for n in range(1, 10))
            + f", count(*) FROM e WHERE kind='survey' AND t>={begin} AND t<{end}"
        ).fetchone(),
    }  # fmt: skip


def _durations(db: duckdb.DuckDBPyConnection, until: float) -> dict[str, Any]:
    """Working days of each finished application, in SQL: spans of the running clock joined with working days."""
    pack = tomllib.loads((ROOT / "kiosk/knowledge/packs/holidays.toml").read_text())
    off = {row["date"] for row in pack["day"]}
    day, closes = date(2026, 4, 1), list[tuple[float, float]]()
    while day < date(2027, 6, 1):
        if day.weekday() < 5 and day not in off:
            midnight = datetime(day.year, day.month, day.day, tzinfo=WIB).timestamp()
            closes.append((midnight, midnight + 16 * 3600))
        day += timedelta(days=1)
    db.execute("CREATE TABLE w (midnight DOUBLE, close DOUBLE)")
    db.executemany("INSERT INTO w VALUES (?, ?)", closes)
    db.execute(
        "CREATE TABLE s AS SELECT c, e.d->>'status' AS status, (e.d->>'set')::DOUBLE AS t, "
        "row_number() OVER (PARTITION BY c ORDER BY (e.d->>'set')::DOUBLE, e.n) AS r "
        "FROM a JOIN e ON e.kind='oss_status' AND e.d->>'case'=c "
        f"WHERE sent AND (e.d->>'set')::DOUBLE<={until}"
    )
    # A history can be timed when it begins before any clock status, and every resume follows its stop.
    db.execute(
        "CREATE TABLE ok AS WITH k AS (SELECT c, r, status, lag(status) OVER (PARTITION BY c ORDER BY r) AS before "
        "FROM s WHERE r=1 OR status IN ('41','42','43','44','50','57','90','93')) "
        "SELECT c FROM k GROUP BY c HAVING bool_and("
        " (status<>'42' OR before='41') AND (status<>'44' OR before='43')"
        " AND (r<>1 OR status NOT IN ('41','42','43','44','50','57','90','93')))"
    )
    db.execute(
        "CREATE TABLE done AS SELECT c, min(t) AS ended FROM s SEMI JOIN ok USING (c) "
        "WHERE status IN ('50','57','90','93') GROUP BY c"
    )
    days = db.execute(
        "WITH k AS (SELECT *, lead(t) OVER (PARTITION BY c ORDER BY r) AS upto, "
        " max(r) FILTER (status IN ('43','44')) OVER (PARTITION BY c) AS reset "
        " FROM s WHERE r=1 OR status IN ('41','42','43','44','50','57','90','93')), "
        "runs AS (SELECT c, t, upto FROM k WHERE status NOT IN ('41','43','50','57','90','93') "
        " AND (reset IS NULL OR r>=reset)) "
        "SELECT done.c, count(w.close) FROM done LEFT JOIN runs USING (c) LEFT JOIN w "
        # Later than day 0, and closed strictly before what ended the run.
        " ON w.midnight > floor((runs.t + 25200) / 86400) * 86400 - 25200 AND w.close < runs.upto GROUP BY 1"
    ).fetchall()
    good = db.execute(
        "SELECT count(*) FROM (SELECT c FROM s SEMI JOIN done USING (c) GROUP BY c HAVING "
        "bool_or(status IN ('50','57')) AND NOT bool_or(status IN ('11','90','93')))"
    ).fetchone()
    known = db.execute("SELECT count(*) FROM ok").fetchone()
    assert good is not None
    assert known is not None
    return {"days": Counter(count for _, count in days), "good": good[0], "timed": known[0]}


def test_every_figure_equals_sql_over_the_raw_events(events: Path, tmp_path: Path, kiosk: Run) -> None:
    out = tmp_path / "r.json"
    done = kiosk(
        "report", "--events", events, "--baseline", EXAMPLE, "--period", "2026-05..2026-10",
        "--date", "2026-11-10", "-o", out,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    got, raw = json.loads(out.read_text()), recomputed(events)
    assert [row["count"] for row in got["from_visits_to_figures"]][:3] == [
        raw["visits"], raw["started"] - raw["visits"], raw["started"],
    ]  # fmt: skip
    assert list(got["completion"]["stopped"].values()) == raw["stops"]
    assert got["completion"]["part"] == raw["sent"]
    assert got["completion"]["rate"]["exact"] == str(Fraction(raw["sent"], raw["started"]))

    months: dict[str, Counter[str]] = {}
    for month, name, count in raw["classes"]:
        months.setdefault(month, Counter())[name] = count
    for month, row in got["self_service"]["by_month"].items():
        assert {name: row[name] for name in ("mandiri", "berbantuan", "bergerak")} == {
            name: months[month][name] for name in ("mandiri", "berbantuan", "bergerak")
        }
    alone = sum(row["mandiri"] for row in months.values())
    assert Fraction(got["self_service"]["rate"]["exact"]) == Fraction(alone, raw["sent"])

    days: Counter[int] = raw["cases"]["days"]
    assert got["time"]["digital"]["counts"] == {str(day): days[day] for day in sorted(days)}
    mean = Fraction(sum(day * count for day, count in days.items()), days.total())
    assert Fraction(got["time"]["digital"]["mean"]["exact"]) == mean
    ordered = sorted(days.elements())
    for name, per in (("p25", 25), ("median", 50), ("p75", 75), ("p90", 90)):
        assert got["time"]["digital"][name] == ordered[-(-len(ordered) * per // 100) - 1]
    assert got["success"]["part"] == raw["cases"]["good"]
    assert Fraction(got["success"]["rate"]["exact"]) == Fraction(raw["cases"]["good"], raw["sent"])
    assert got["exclusions"]["status_history_incomplete"] == raw["sent"] - raw["cases"]["timed"]
    assert got["exclusions"]["still_open"] == raw["cases"]["timed"] - days.total()

    *sums, n = raw["survey"]
    ikm = sum(Fraction(sums[2 * i], sums[2 * i + 1]) for i in range(9)) * 25 / 9
    assert got["skm"]["n"] == n
    assert got["skm"]["ikm"] == f"{int(ikm * 100 + Fraction(1, 2)) / 100:.2f}"
    assert got["log"]["whole"] is True
    assert got["log"]["events"] == sum(1 for _ in events.open())


def test_the_seed_example_is_42_9_not_42(context: words.Context) -> None:
    f = replace(context.figures, manual=kpi.Spread(Counter({7: 40})), digital=kpi.Spread(Counter({4: 40})))
    assert f.time_change == Fraction(3, 7)
    row = words.rows(replaced(context, figures=f))[1]
    assert row.change == "turun 42,9\u202f%"


def replaced(c: words.Context, **fields: Any) -> words.Context:
    return replace(c, **{"marks": [], **fields})


# --- reading ---------------------------------------------------------------------------------------------------------


def figures(file: Path) -> tuple[kpi.Figures, int]:
    c = make.prepare(file, EXAMPLE, PERIOD, MADE)
    assert c.broken is None, c.broken
    return c.figures, c.doubles


def test_other_layouts_orders_and_overlapping_exports_give_the_same_figures(
    events: Path, tmp_path: Path
) -> None:
    wanted, _ = figures(events)
    lines = events.read_text().splitlines()

    spaced = tmp_path / "spaced.jsonl"
    spaced.write_text(
        "\n".join(json.dumps(dict(reversed(json.loads(line).items()))) for line in lines) + "\n\n"
    )
    assert figures(spaced) == (wanted, 0)

    by_kiosk = sorted(lines, key=lambda line: line[: line.index(",")])  # stable: each kiosk's own order stays
    (tmp_path / "kiosks.jsonl").write_text("\n".join(by_kiosk) + "\n")
    assert figures(tmp_path / "kiosks.jsonl") == (wanted, 0)

    half, overlap = len(lines) // 2, 500
    parts = lines[:half], lines[half - overlap :]
    (tmp_path / "twice.jsonl").write_text("\n".join([*parts[0], *parts[1]]) + "\n")
    assert figures(tmp_path / "twice.jsonl") == (wanted, overlap)
    (tmp_path / "back.jsonl").write_text("\n".join([*lines, *lines[:700]]) + "\n")
    assert figures(tmp_path / "back.jsonl") == (wanted, 700)


def test_changes_in_an_exported_file_are_found(events: Path, tmp_path: Path) -> None:
    lines = events.read_text().splitlines()
    dice = random.Random(3)
    file = tmp_path / "e.jsonl"
    for _ in range(8):
        where = dice.randrange(len(lines) - 1)
        row = json.loads(lines[where])
        for bad in (
            [*lines[:where], *lines[where + 1 :]],
            [*lines[:where], lines[where].replace('"kind":"', '"kind":"x'), *lines[where + 1 :]],
        ):
            file.write_text("\n".join(bad) + "\n")
            broken = [log for log in whole.check(file) if log.trouble]
            tail = row["id"] == next(log.last for log in whole.check(events) if log.kiosk == row["kiosk"])
            if len(bad) < len(lines) and tail:
                assert not broken  # a cut tail shows against an anchor only
            else:
                assert [log.kiosk for log in broken] == [row["kiosk"]]
    logs = whole.check(events)
    lodged = [whole.Anchor(log.kiosk, log.last, log.head) for log in logs]
    assert not any(log.trouble for log in whole.check(events, lodged))
    file.write_text("\n".join(lines[:-200]) + "\n")
    assert "cut" in {log.trouble for log in whole.check(file, lodged)}


def test_a_log_that_is_not_whole_shows_no_headline(events: Path, tmp_path: Path, kiosk: Run) -> None:
    lines = events.read_text().splitlines()
    file, out = tmp_path / "e.jsonl", tmp_path / "r.pdf"
    lines[900] = lines[900].replace('"data":{', '"data":{ ')
    lines[1200] = json.dumps({**json.loads(lines[1200]), "data": {"place": "menu"}, "kind": "step"})
    file.write_text("\n".join(lines) + "\n")
    done = kiosk("report", "--events", file, "--baseline", EXAMPLE, "--date", "2026-11-10", "-o", out)
    assert done.returncode == 1
    assert "not whole at event" in done.stderr
    text = text_of(out)
    assert "DATA TIDAK UTUH" in text
    assert "lebih cepat" not in text
    with pikepdf.open(out) as document:
        assert len(document.pages) == 2


# --- words ------------------------------------------------------------------------------------------------------------


def story(c: words.Context, *, cost: int, days: int, alone: int) -> str:
    """Title for an office where cost was 100, time 7 days, self-service 15 of 100 before."""
    item = kpi.CostItem(("kertas", "paper"), "paper", "office", 100, 1, cost, 1, "d", "d")
    f = replace(
        c.figures, costs=kpi.Costs((item,)), manual=kpi.Spread(Counter({7: 40})), digital=kpi.Spread(Counter({days: 40})),
        before=kpi.Classes(15, 85), now=kpi.Classes(alone, 100 - alone),
    )  # fmt: skip
    return words.title(replaced(c, figures=f))


@pytest.mark.parametrize(
    ("cost", "days", "alone", "title"),
    [
        (30, 4, 51, "Izin selesai tiga hari kerja lebih cepat, dan lebih dari separuh diurus sendiri."),
        (30, 4, 50, "Izin selesai tiga hari kerja lebih cepat, dan 50,0\u202f% diurus sendiri."),
        (120, 4, 51, "Biaya belum turun, tetapi izin selesai tiga hari kerja lebih cepat dan lebih dari separuh diurus sendiri."),
        (30, 9, 51, "Izin belum lebih cepat, tetapi biaya turun dan lebih dari separuh diurus sendiri."),
        (120, 9, 10, "Biaya belum turun, izin belum lebih cepat, dan yang mengurus sendiri belum bertambah."),
    ],
)  # fmt: skip
def test_title_is_the_conclusion_and_worse_comes_first(
    context: words.Context, cost: int, days: int, alone: int, title: str
) -> None:
    assert story(context, cost=cost, days=days, alone=alone) == title


def test_too_little_data_concludes_nothing(context: words.Context) -> None:
    few = replace(context.figures, digital=kpi.Spread(Counter({4: 29})))
    assert words.title(replaced(context, figures=few)) == "Data belum cukup untuk menyimpulkan."
    assert len(words.attention(replaced(context, figures=few))) == 3


def test_funnel_adds_up_whatever_the_data(context: words.Context) -> None:
    rows = proof.funnel(context)
    running = 0
    for _, count, base in rows:
        if base:
            assert count == running
        else:
            running += count


def test_english_says_the_same(context: words.Context) -> None:
    english = replaced(context, say=Say("en"))
    for mine, other in zip(words.rows(context), words.rows(english), strict=True):
        assert (mine.before, mine.after, mine.up) == (other.before, other.after, other.up)
    assert words.title(english).startswith("Permits are done")
    assert "%" in words.rows(english)[0].change
    assert "\u202f" not in words.rows(english)[0].change


# --- pages ------------------------------------------------------------------------------------------------------------


def text_of(file: Path) -> str:
    done = subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, text=True, check=True)
    return done.stdout


@pytest.mark.picture
def test_pages(context: words.Context, tmp_path: Path) -> None:
    out = tmp_path / "laporan.pdf"
    make.write(out, context)
    subprocess.run(["qpdf", "--check", out], check=True, capture_output=True)
    with pikepdf.open(out) as document:
        assert str(document.Root.Lang) == "id"
        assert len(document.pages) == 4
        assert document.Root.MarkInfo.Marked
        elements = document.Root.StructTreeRoot.K[0].K
        charts = [element for element in elements if element.S == "/Figure"]
        assert len(charts) == 7
        assert all(str(chart.Alt) for chart in charts)
        assert document.Root.OutputIntents[0].S == "/GTS_PDFA1"
        meta = document.open_metadata()
        assert meta["dc:title"] == words.title(context)
        assert meta["pdfaid:part"] == "2"
        for page in document.pages:
            for font in page.Resources.Font.values():
                assert "/FontFile2" in font.FontDescriptor
    text = text_of(out)
    # Page numbers and CONTOH everywhere; every result of the method page also stands on it.
    assert text.count("CONTOH") == 8
    for row in proof.formulas(context):
        assert (
            row.result.replace("\u202f", "") in text.replace(" ", "").replace("\u202f", "")
            or not row.result
            or " " in row.result
        )
    pictures = ROOT / "build/pictures"
    pictures.mkdir(parents=True, exist_ok=True)
    subprocess.run(["pdftoppm", "-r", "108", "-png", out, pictures / "laporan"], check=True)


@pytest.mark.parametrize("language", ["id", "en"])
def test_html_is_self_contained_and_repeats_everything_as_text(
    context: words.Context, tmp_path: Path, language: str
) -> None:
    out = tmp_path / "r.html"
    c = replaced(context, say=Say("en" if language == "en" else "id"))
    make.write(out, c)
    page = out.read_text()
    assert f'<html lang="{language}">' in page
    assert "http" not in page.split("<article>")[1]
    assert "<script" not in page
    article = page.split("<article>")[1]
    for row in words.rows(c):
        assert row.meaning in article
    assert article.count("<table>") >= 9


@pytest.mark.parametrize("period", ["2026-10", "2026-09..2026-10", "2025-01", "2026-11", "2025-11..2026-10"])
def test_any_period_draws(context: words.Context, events: Path, tmp_path: Path, period: str) -> None:
    c = make.prepare(events, EXAMPLE, kpi.Period.of(period), MADE)
    for ending in ("pdf", "html", "json"):
        make.write(tmp_path / f"r.{ending}", c)
    got = json.loads((tmp_path / "r.json").read_text())
    if period in ("2025-01", "2026-11"):
        assert got["title"] == "Tidak ada permohonan pada masa ini."
    else:
        assert got["completion"]["whole"] <= context.figures.started
    assert ("SEMENTARA" in got["marks"]) == (period == "2026-11")


def test_no_events_at_all(tmp_path: Path, kiosk: Run) -> None:
    file, base, out = tmp_path / "e.jsonl", tmp_path / "b.toml", tmp_path / "r.pdf"
    file.write_text("")
    base.write_text("")
    done = kiosk("report", "--events", file, "--baseline", base, "-o", out)
    assert done.returncode == 0, done.stderr
    assert "Tidak ada permohonan" in text_of(out)


# --- the office's file -----------------------------------------------------------------------------------------------


def test_register_is_counted_by_the_service_clock(tmp_path: Path) -> None:
    from kiosk.insight import baseline

    (tmp_path / "register.csv").write_text(
        "received,finished,stopped,resumed\n"
        "2025-08-11,2025-08-14,,\n"  # 12 and 13 August; a date alone is noon, before the close
        "2025-08-14,2025-08-20,,\n"  # 15, 19: the 18th was joint leave
        "2025-08-11T09:00,2025-08-14T16:30,,\n"  # 12, 13, 14
        "2025-08-11,2025-08-20,2025-08-12,2025-08-18\n"  # 19
        "2025-08-11,,,\n2025-08-20,2025-08-11,,\nx,y,,\n"
    )
    file = tmp_path / "b.toml"
    file.write_text(
        '[before.time]\nregister = "register.csv"\ndocument = "Dok. 1"\nsource = {id="a", en="b"}\n'
    )
    found = baseline.read(file)
    assert found.days == Counter({2: 2, 3: 1, 1: 1})
    assert found.excluded == 3


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[", "not TOML"),
        ("[office]\nnam = 'x'\n", "office.nam"),
        ("[before.classes]\nmandiri = -1\n", "before.classes.mandiri"),
        ("[before.time]\ndocument='abc'\nsource={id='a',en='b'}\n", "days or register"),
        (
            "[[cost]]\nkind='paper'\nname={id='a',en='b'}\nbefore={'2025-13'=1}\nbefore_document='abc'\n",
            "cost",
        ),
    ],
)
def test_a_wrong_baseline_is_refused_in_one_line(
    events: Path, tmp_path: Path, kiosk: Run, text: str, says: str
) -> None:
    base = tmp_path / "b.toml"
    base.write_text(text)
    done = kiosk("report", "--events", events, "--baseline", base, "-o", tmp_path / "r.json")
    assert done.returncode == 2
    assert says in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_missing_files_and_odd_options_are_refused(tmp_path: Path, kiosk: Run, events: Path) -> None:
    for words_ in (
        ("--events", tmp_path / "none", "--baseline", EXAMPLE, "-o", tmp_path / "r.pdf"),
        ("--events", events, "--baseline", tmp_path / "none", "-o", tmp_path / "r.pdf"),
        ("--events", events, "--baseline", EXAMPLE, "-o", tmp_path / "no" / "r.pdf"),
        ("--events", events, "--baseline", EXAMPLE, "-o", tmp_path / "r.doc"),
        ("--events", events, "--baseline", EXAMPLE, "--period", "2026-13", "-o", tmp_path / "r.pdf"),
        ("--events", events, "--baseline", EXAMPLE, "--period", "2026-10..2026-09", "-o", tmp_path / "r.pdf"),
    ):
        done = kiosk("report", *words_)
        assert done.returncode == 2
        assert "Traceback" not in done.stderr
