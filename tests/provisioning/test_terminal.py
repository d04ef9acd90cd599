"""The command line and what it draws: order, words, exit codes, widths, plain text."""

from __future__ import annotations

import datetime as dt
import io
import subprocess
import sys
import time
from pathlib import Path

import pytest
from rich.console import Console

from provisioning.cli import COMMANDS, main
from provisioning.home import Plan
from provisioning.live import View
from provisioning.rows import Known, exit_code, rows
from provisioning.state import State, link_topic, state_topic
from provisioning.table import rollout, status
from provisioning.waves import Desired, Halt, Patience, Report, Rollout, advance, plan, tally
from provisioning.words import NARROW, Voice

NOW = dt.datetime(2026, 11, 24, 2, 45, 10, tzinfo=dt.UTC)


def feed(view: View, name: str, *, online: bool = True, retained: bool = False, **facts: object) -> None:
    values = {
        "id": name,
        "site": "sim",
        "at": time.time(),
        "version": "1.4.3",
        "busy": False,
        "paper": "ok",
        "disk": 40,
        "queue": 0,
    }
    state = State(**{**values, **facts})  # type: ignore[arg-type]
    view.feed(link_topic(name), b"1" if online else b"0", retained=retained)
    view.feed(state_topic(name), state.to_bytes(), retained=retained)


def crowd() -> tuple[View, Known]:
    view = View()
    for number in range(40, 60):
        feed(view, f"K-{number}", settings="aaa")
    feed(view, "K-17", online=False, retained=True, at=NOW.timestamp() - 2 * 86400, queue=14)
    feed(view, "K-04", paper="out")
    feed(view, "K-22", disk=93, settings="bbb")
    feed(view, "K-09", stage="download", to="1.4.3", percent=71, version="1.4.2")
    places = {**dict.fromkeys(view.devices, "Penarik"), "K-17": "Ipuh"}
    return view, Known(places, dict.fromkeys(view.devices, "aaa"), Desired(1, "1.4.3"))


def drawn(what: object, width: int = 120) -> str:
    out = io.StringIO()
    Console(file=out, width=width, no_color=True, highlight=False).print(what)
    return out.getvalue()


def test_problems_first_and_every_one_in_a_word() -> None:
    view, known = crowd()
    found = rows(view, known, Plan(), Voice())
    assert [(row.id, row.condition) for row in found[:4]] == [
        ("K-17", "lost"), ("K-04", "look"), ("K-22", "look"), ("K-09", "updating")
    ]  # fmt: skip
    notes = {row.id: row.note for row in found}
    assert notes["K-17"] == "sejak 22 Nov 09.45"
    assert notes["K-04"] == "kertas habis"
    assert notes["K-22"] == "disk 93 %, setelan berbeda"
    assert notes["K-09"] == "mengunduh 71 %"
    assert exit_code(found) == 1
    assert exit_code([row for row in found if row.condition == "healthy"]) == 0


@pytest.mark.parametrize("width", [60, 90, 100, 120])
def test_no_line_is_wider_than_the_terminal_and_ids_are_whole(width: int) -> None:
    view, known = crowd()
    found = rows(view, known, Plan(), Voice())
    text = drawn(status(found, Voice(), NOW, everything=False, width=width), width)
    assert max(len(line) for line in text.splitlines()) <= width
    for name in ("K-17", "K-04", "K-22", "K-09"):
        assert name in text
    assert text.index("24 kios") < text.index("K-17")
    assert ("Catatan" in text) == (width >= 120)
    assert ("Disk" in text) == (width >= 100)


def test_the_rest_is_counted_with_the_command_that_shows_it() -> None:
    view, known = crowd()
    found = rows(view, known, Plan(), Voice())
    assert "12 kios sehat lainnya tidak ditampilkan. fleet status --all" in drawn(
        status(found, Voice(), NOW, everything=False, width=120)
    )
    assert "tidak ditampilkan" not in drawn(status(found, Voice(), NOW, everything=True, width=120))


def test_ascii_is_ascii_and_english_is_english() -> None:
    view, known = crowd()
    say = Voice(english=True, ascii=True)
    text = drawn(status(rows(view, known, Plan(), say), say, NOW, everything=True, width=120))
    assert text.isascii()
    assert "x offline" in text
    assert "! check" in text


def test_numbers_and_ages_as_each_language_writes_them() -> None:
    say = Voice()
    assert [say.age(s) for s in (6, 59.9, 60, 3599, 3600, 86399, 172800)] == [
        "6 dtk", "59 dtk", "1 mnt", "59 mnt", "1 jam", "23 jam", "2 hari"
    ]  # fmt: skip
    assert say.percent(61) == f"61{NARROW}%"
    assert say.now(NOW) == "Selasa, 24 Nov 2026, 09.45.10 WIB"
    assert Voice(english=True).percent(61) == "61%"


def test_a_wrong_clock_and_a_silent_kiosk_are_said() -> None:
    view = View()
    feed(view, "K-01", at=time.time() - 7200)
    feed(view, "K-02")
    view.devices["K-02"].heard = time.monotonic() - 1000
    found = {r.id: r.note for r in rows(view, Known({}, {}, Desired()), Plan(), Voice())}
    assert "jam salah 2 jam" in found["K-01"]
    assert "tersambung tetapi diam" in found["K-02"]


def test_a_report_about_another_kiosk_is_not_believed() -> None:
    view = View()
    view.feed(state_topic("K-01"), State("K-02", "sim", 1.0).to_bytes(), retained=False)
    view.feed(state_topic("K-01"), b"garbage", retained=False)
    view.feed(state_topic("K-01"), b'{"id":"K-01","site":"s","at":"x"}', retained=False)
    assert view.devices["K-01"].state is None


def test_rollout_shows_every_kiosk_once_and_its_bars_are_full() -> None:
    names = {f"K-{n:02d}" for n in range(1, 41)}
    item = advance(
        Rollout("1.4.3", "s", NOW.isoformat(), plan(names, "s")), (), NOW.isoformat(), Patience(), {}
    )
    for _ in range(2):
        reports = {n: Report(n, True, 1, "1.4.3", 1e4) for n in names}
        item = advance(
            item, tally(item, names, reports, [60] * 4, Patience()), NOW.isoformat(), Patience(), {}
        )
    reports = {n: Report(n, n != "K-17", 1, "1.4.2" if n > "K-20" else "1.4.3", 1e4) for n in names}
    counted = tally(item, names, reports, [60] * 4, Patience())
    assert sum(part.total for part in counted) == 40
    text = drawn(rollout(item, counted, (2, 2), Voice(), {}, 120))
    assert "ditandatangani, 2 dari 2 kunci" in text
    for line in text.splitlines():
        bar = [c for c in line if c in "━╍┄✕·"]
        assert len(bar) in (0, 2, 40)
    assert "selesai 09.45" in text


def test_a_halt_says_what_happened_what_is_safe_and_what_to_type() -> None:
    names = {"K-01", "K-02"}
    waves = plan(names, "s", canary=("K-01",))
    item = advance(
        Rollout("1.4.4", "s", NOW.isoformat(), waves, canary=("K-01",)), (), NOW.isoformat(), Patience(), {}
    )
    item = Rollout(**{
        **{name: getattr(item, name) for name in item.__dataclass_fields__},
        "halt": Halt(NOW.isoformat(), "canary", "layar tidak menggambar 30 detik", ("K-01",)),
    })  # fmt: skip
    report = Report("K-01", True, 1, "1.4.3", 9, failed_version="1.4.4")
    text = drawn(
        rollout(item, tally(item, names, {"K-01": report}, [9] * 4, Patience()), (2, 2), Voice(), {}, 120)
    )
    assert "Rilis 1.4.4 dihentikan" in text
    assert "Dihentikan di gelombang kenari, Selasa 24 Nov 09.45. 0 kios lain menerima rilis ini." in text
    assert 'fleet rollout resume 1.4.4 --reason "…"' in text


def test_every_command_of_the_table_loads_and_explains_itself(capsys: pytest.CaptureFixture[str]) -> None:
    for name in COMMANDS:
        with pytest.raises(SystemExit) as end:
            main([name, "--help"])
        assert end.value.code == 0
        assert f"fleet {name}" in capsys.readouterr().out
    assert main(["nonsense"]) == 2
    assert main([]) == 2


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; from provisioning.cli import main; main(['--help']);"
        "print([m for m in ('pyinfra','tuf','aiomqtt','rich','pydantic','starlette','kivy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_no_fleet_is_said_with_the_next_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["status", "--home", str(tmp_path / "none")]) == 1
    assert "fleet init" in capsys.readouterr().err


def test_the_whole_way_from_init_to_a_published_release(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    home = str(tmp_path / "fleet")
    secret = tmp_path / "secret"
    secret.write_text("a passphrase of length\n")
    monkeypatch.setenv("FLEET_PASSPHRASE_FILE", str(secret))
    assert main(["init", "--home", home]) == 0
    assert main(["init", "--home", home]) == 1
    assert main(["inventory", "--home", home]) == 0
    source = tmp_path / "source/kiosk"
    source.mkdir(parents=True)
    (source / "a.py").write_text("x = 1\n")
    assert main(["release", "build", "1.0.0", "--source", str(tmp_path / "source"), "--home", home]) == 0
    key = f"{home}/keys/offline/targets-{{}}.pem"
    assert main(["release", "sign", "--key", key.format(1), "--home", home]) == 0
    assert main(["release", "publish", "--home", home]) == 1
    assert main(["release", "sign", "--key", key.format(2), "--home", home]) == 0
    assert main(["release", "publish", "--home", home]) == 0
    capsys.readouterr()
    assert main(["release", "list", "--home", home]) == 0
    assert capsys.readouterr().out == "1.0.0  any\n"
    assert main(["rollout", "start", "1.0.0", "--home", home]) == 1
    assert "no kiosks yet" in capsys.readouterr().err
    assert main(["enrol", "token", "--site", "nowhere", "--home", home]) == 1
    assert main(["enrol", "token", "--site", "mukomuko", "--home", home]) == 0
    assert main(["rollout", "status", "--home", home]) == 0
    # A broker that is not there is a sentence, not a trace.
    capsys.readouterr()
    assert main(["status", "--home", home]) == 1
    assert "cannot be reached" in capsys.readouterr().err


def test_an_inventory_with_a_mistake_names_the_kiosk_and_the_setting(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "inventory.toml").write_text(
        '[site.a]\n[device.K-01]\nsite = "a"\nsettings.window.width = 45\n'
        '[device.K-02]\nsite = "a"\nsettings.portal.url = "http://evil.test"\n[device.K-03]\nsite = "a"\n'
    )
    assert main(["inventory", "--home", str(tmp_path)]) == 1
    text = capsys.readouterr().out
    assert "K-01: window.width" in text
    assert "K-02: portal.url may only be set" in text
    assert "K-03" not in text


def test_metrics_name_kiosks_and_conditions(tmp_path: Path) -> None:
    from prometheus_client import CollectorRegistry, generate_latest

    from provisioning.metrics import Collector

    view, known = crowd()
    registry = CollectorRegistry()
    registry.register(Collector(view, known, Plan(), time.time() + 1e6))
    text = generate_latest(registry).decode()
    assert 'anjungan_kiosks{condition="lost"} 1.0' in text
    assert 'anjungan_kiosk_paper{kiosk="K-04"} 0.0' in text
    assert 'anjungan_kiosk_settings_differ{kiosk="K-22"} 1.0' in text
