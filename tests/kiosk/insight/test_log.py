"""The event log: words without identity, a chain that finds every change, and the command over a real store."""

from __future__ import annotations

import ast
import dataclasses
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.camera.port import Remark
from kiosk.flow.model import Place
from kiosk.identity.rights import Way
from kiosk.insight import chain
from kiosk.insight.vocabulary import PLACES, REMARKS, SERVICES, WAYS, WITHHELD, WORDS, faults, safe
from kiosk.settings import Settings
from kiosk.settings.model import Bench, Kiosk
from kiosk.settings.model import Store as StoreSettings
from kiosk.store import Store
from tests.kiosk.insight.conftest import Run

ROOT = Path(__file__).parents[3]


# --- words -----------------------------------------------------------------------------------------------------------


def test_words_of_flow_and_devices_are_the_same_here() -> None:
    from kiosk import journeys

    assert set(PLACES) == {place.value for place in Place}
    assert set(SERVICES) == set(journeys.SERVICES)
    assert set(WAYS) == {way.value for way in Way}
    assert set(REMARKS) == {"good", *(remark.value for remark in Remark)}


def _written() -> Iterator[tuple[Path, str, set[str], Mapping[str, object]]]:
    """Every event the code writes: `Note("word", …)` and `….events.append("word", …)` with their literal fields."""
    for folder in ("kiosk", "screens", "hardware", "provisioning"):
        for file in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if (
                    not isinstance(node, ast.Call)
                    or not node.args
                    or not isinstance(node.args[0], ast.Constant)
                ):
                    continue
                name = ast.unparse(node.func)
                if name == "Note":
                    fields = {key.arg or "": key.value for key in node.keywords}
                    fields.pop("of_visit", None)  # says whose line it is, and is none of its fields
                    further = fields.pop("facts", None)
                    if further is not None:
                        assert isinstance(further, ast.Tuple), (
                            f"{file}: facts must be written out where they are noted"
                        )
                        pairs = [entry.elts for entry in further.elts if isinstance(entry, ast.Tuple)]
                        fields |= {str(ast.literal_eval(name)): value for name, value in pairs}
                elif name.endswith("events.append"):
                    given = node.args[1] if len(node.args) > 1 else ast.Dict([], [])
                    pairs = zip(given.keys, given.values, strict=True) if isinstance(given, ast.Dict) else ()
                    fields = {str(ast.literal_eval(key)): value for key, value in pairs if key}
                else:
                    continue
                literal = {
                    key: value.value for key, value in fields.items() if isinstance(value, ast.Constant)
                }
                yield file, str(node.args[0].value), set(fields), literal


def test_every_event_the_code_writes_is_in_the_vocabulary() -> None:
    seen = list(_written())
    assert len(seen) > 10
    for file, word, fields, literal in seen:
        assert word in WORDS, f"{file}: {word}"
        assert fields <= set(WORDS[word].fields), f"{file}: {word}"
        for name, value in literal.items():
            assert WORDS[word].fields[name](value), f"{file}: {word}.{name}"  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "value",
    ["9971010101900001", "99 7101 0101 9000 01", "1.234.567.890.123", "0812-3456-7890", "Ibu Contoh Rekaan",
     "orang@contoh.id", "a" * 65, 9971010101900001, "Jl. Rekaan 5"],
)  # fmt: skip
def test_what_could_name_a_person_is_withheld(value: str | int) -> None:
    assert safe({"detail": value, "place": "form"}) == {"detail": WITHHELD, "place": "form"}


def test_every_field_refuses_a_person() -> None:
    for kind, word in WORDS.items():
        for name in word.fields:
            for value in ("9971010101900001", "Ibu Contoh Rekaan", "081234567890", 9971010101900001):
                assert faults(kind, {name: value}), (kind, name)


def test_well_formed_events_pass_the_guard_unchanged() -> None:
    for kind, data in (
        ("submitted", {"detail": "accepted", "case": "abcdefghijklmnop"}),
        ("oss_status", {"case": "abcdefghijklmnop", "status": "41", "set": 1793602800.125}),
        ("survey", {f"u{n}": 4 for n in range(1, 10)}),
        ("kbli", {"detail": "56101"}),
    ):
        assert faults(kind, data) == []  # type: ignore[arg-type]
        assert safe(data) == data  # type: ignore[arg-type]


# --- chain -----------------------------------------------------------------------------------------------------------


def made(count: int) -> list[chain.Row]:
    rows: list[chain.Row] = []
    previous = chain.START
    for number in range(1, count + 1):
        content = (number, 1793602800.0 + number / 8, "abcd", "step", '{"place":"form"}')
        previous = chain.link(previous, chain.body(*content))
        rows.append((*content, previous))
    return rows


def relinked(rows: list[chain.Row]) -> list[chain.Row]:
    """The same events hashed anew: what someone does who may write the file and knows the method."""
    previous, done = chain.START, []
    for *content, _ in rows:
        previous = chain.link(previous, chain.body(*content))  # type: ignore[arg-type]
        done.append((*content, previous))
    return done  # type: ignore[return-value]


def anchor(rows: list[chain.Row], number: int) -> chain.Anchor:
    tied = rows[number - 1][5]
    assert tied is not None
    return chain.Anchor("K-01", number, tied.hex())


@given(st.data(), st.integers(2, 30))
def test_any_change_is_found(data: st.DataObject, count: int) -> None:
    rows = made(count)
    assert chain.verify(rows).whole
    where = data.draw(st.integers(0, count - 1))
    what = data.draw(st.sampled_from(["at", "session", "kind", "data", "chain", "drop", "twice", "swap"]))
    bad = list(rows)
    number, at, session, kind, text, tied = rows[where]
    assert tied is not None
    if what == "drop":
        del bad[where]
    elif what == "twice":
        bad.insert(where, rows[where])
    elif what == "swap":
        other = (where + 1) % count
        bad[where], bad[other] = bad[other], bad[where]
    else:
        bad[where] = {
            "at": (number, at + 1e-3, session, kind, text, tied),
            "session": (number, at, session + "x", kind, text, tied),
            "kind": (number, at, session, "page", text, tied),
            "data": (number, at, session, kind, '{"place":"menu"}', tied),
            "chain": (number, at, session, kind, text, bytes(32)),
        }[what]
    found = chain.verify(bad, [anchor(rows, count)])
    assert not found.whole
    assert found.count <= where + 1


@given(st.integers(1, 20), st.integers(0, 19))
def test_cut_tails_and_rewrites_are_found_against_an_anchor_only(count: int, keep: int) -> None:
    rows = made(count)
    lodged = [anchor(rows, number) for number in range(1, count + 1)]
    assert chain.verify(rows, lodged).anchored == count
    short = rows[: min(keep, count - 1)]
    assert chain.verify(short).whole  # sound in itself
    assert chain.verify(short, lodged).trouble == "cut"
    forged = relinked([(*rows[0][:4], '{"place":"menu"}', None), *rows[1:]])
    assert chain.verify(forged).whole
    assert chain.verify(forged, lodged).trouble == "rewritten"


def test_events_from_before_the_chain_may_only_come_first() -> None:
    rows = made(3)
    old: list[chain.Row] = [(1, 1.0, "", "old", "{}", None)]
    content = (2, 2.0, "", "step", "{}")
    joined = [*old, (*content, chain.link(chain.START, chain.body(*content)))]
    assert chain.verify(joined).unchained == 1
    assert chain.verify([*rows[:2], (*rows[2][:5], None)]).trouble == "unchained"


@pytest.mark.parametrize("text", ["{", "[3]", '{"id": 1}', '{"kiosk":"K","id":1,"chain":"zz"}'])
def test_bad_anchor_files_are_refused(text: str) -> None:
    with pytest.raises(chain.AnchorError):
        chain.anchors(text)


# --- over a real store ---------------------------------------------------------------------------------------------


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return dataclasses.replace(
        Settings(),
        kiosk=Kiosk(id="K-07", enrolment_file=tmp_path / "enrolled"),
        bench=Bench(inspect=True),
        store=StoreSettings(folder=str(tmp_path / "store")),
    )


@pytest.fixture
def config(tmp_path: Path) -> Path:
    file = tmp_path / "kiosk.toml"
    file.write_text(f'[kiosk]\nid = "K-07"\n[store]\nfolder = "{tmp_path / "store"}"\n')
    return file


def test_command_verifies_exports_and_finds_forgery(
    settings: Settings, config: Path, tmp_path: Path, kiosk: Run
) -> None:
    store = Store.open(settings)
    for place in ("identify", "consent", "menu"):
        store.events.append("step", {"place": place}, session="abcdefghijklmnop")
    store.events.append("kbli", {"detail": "9971010101900001"}, session="abcdefghijklmnop")

    lodged = tmp_path / "anchors.jsonl"
    lodged.write_text(kiosk("log", "--settings", config, "head").stdout)
    assert json.loads(lodged.read_text())["id"] == 4
    store.events.append("end", {"place": "menu", "detail": "left"}, session="abcdefghijklmnop")

    done = kiosk("log", "--settings", config, "verify", "--anchor", lodged)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("whole: 5 events")

    exported = kiosk("log", "--settings", config, "export")
    assert "9971010101900001" not in exported.stdout
    lines = [json.loads(line) for line in exported.stdout.splitlines()]
    assert [row["id"] for row in lines] == [1, 2, 3, 4, 5]
    assert {row["kiosk"] for row in lines} == {"K-07"}
    assert lines[3]["data"] == {"detail": WITHHELD}
    assert len(kiosk("log", "--settings", config, "export", "--since", "3").stdout.splitlines()) == 2
    assert kiosk("log", "--settings", config, "export", "--since", "2090-01-01").stdout == ""

    file = tmp_path / "e.jsonl"
    file.write_text(exported.stdout)
    assert kiosk("log", "verify", "--events", file, "--anchor", lodged).returncode == 0
    file.write_text(exported.stdout.replace('"menu"', '"form"'))
    assert kiosk("log", "verify", "--events", file).returncode == 1

    # Someone with the key and the will: the triggers go, one event changes, then the tail.
    connection = store.connection
    connection.execute("DROP TRIGGER events_no_update")
    connection.execute("DROP TRIGGER events_no_delete")
    connection.execute("UPDATE events SET data=? WHERE id=2", ('{"place":"form"}',))
    done = kiosk("log", "--settings", config, "verify")
    assert done.returncode == 1
    assert "event 2" in done.stdout
    connection.execute("UPDATE events SET data=? WHERE id=2", ('{"place":"consent"}',))
    connection.execute("DELETE FROM events WHERE id >= 4")
    assert kiosk("log", "--settings", config, "verify").returncode == 0
    done = kiosk("log", "--settings", config, "verify", "--anchor", lodged)
    assert done.returncode == 1
    assert "cut off" in done.stdout
    store.close()


def test_two_processes_append_to_one_chain(settings: Settings, config: Path, kiosk: Run) -> None:
    first, second = Store.open(settings), Store.open(settings)
    for _ in range(5):
        first.events.append("step", {"place": "menu"})
        second.events.append("step", {"place": "form"})
    found = chain.verify(first.events.rows(batch=3))
    assert found.whole
    assert found.count == 10
    first.close()
    second.close()


def test_command_refuses_in_one_line(tmp_path: Path, kiosk: Run) -> None:
    file = tmp_path / "e.jsonl"
    file.write_text("{}\n")
    for words in (["--events", file], ["--events", tmp_path / "none"]):
        done = kiosk("log", "verify", *words)
        assert done.returncode == 2
        assert len(done.stderr.splitlines()) == 1
