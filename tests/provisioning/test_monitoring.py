"""Alert rules and dashboard: they speak of what the exporter says, and the rules fire when they should."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import CollectorRegistry, generate_latest

from provisioning.home import Plan
from provisioning.metrics import Collector
from provisioning.waves import Desired, Rollout, Wave

from .test_terminal import crowd, feed

FOLDER = Path(__file__).resolve().parents[2] / "provisioning/monitoring"
NAME = re.compile(r"\banjungan_[a-z_]+\b")
promtool = pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not here")


@pytest.fixture(scope="module")
def exported() -> dict[str, set[str]]:
    """Every metric of the exporter and its labels."""
    view, known = crowd()
    feed(view, "K-01", certificate_days=70)
    day = "2026-11-24T02:00:00+00:00"
    wave = Wave("canary", "f" * 16, opened=day, done=day)
    known = replace(known, desired=Desired(1, "", (Rollout("1.4.3", "s", day, (wave,)),)))
    registry = CollectorRegistry()
    registry.register(Collector(view, known, Plan(), time.time() + 1e6))
    text = generate_latest(registry).decode()
    found: dict[str, set[str]] = {name: set() for name in re.findall(r"^# TYPE (\S+)", text, re.MULTILINE)}
    for name, labels in re.findall(r"^(\w+)\{(.*)\} ", text, re.MULTILINE):
        found[name] |= set(re.findall(r'(\w+)="', labels))
    return found


def rules() -> list[dict[str, Any]]:
    groups = yaml.safe_load((FOLDER / "alerts.yml").read_text())["groups"]
    return [rule for group in groups for rule in group["rules"]]


def panels() -> list[dict[str, Any]]:
    return json.loads((FOLDER / "dashboard.json").read_text())["panels"]


def expressions() -> list[tuple[str, str]]:
    found = [(rule["alert"], rule["expr"]) for rule in rules()]
    return found + [(panel["title"], target["expr"]) for panel in panels() for target in panel["targets"]]


def test_every_metric_and_label_named_is_exported(exported: dict[str, set[str]]) -> None:
    used: set[str] = set()
    for where, expression in expressions():
        names = set(NAME.findall(expression))
        assert names, where
        assert names <= set(exported), where
        used |= names
        labels = set(re.findall(r"[{,]\s*(\w+)\s*[=!]", expression)) | set(
            re.findall(r"by \((\w+)\)", expression)
        )
        assert labels <= set[str]().union(*(exported[name] for name in names)), where
    assert set(exported) - used == set(), "exported, and nobody looks at it"
    for rule in rules():
        for text in (rule["annotations"]["summary"], rule["annotations"]["description"]):
            named = set(re.findall(r"\$labels\.(\w+)", text))
            assert named <= set[str]().union(*(exported[name] for name in NAME.findall(rule["expr"])))


def test_the_dashboard_is_one_that_grafana_takes() -> None:
    board = json.loads((FOLDER / "dashboard.json").read_text())
    assert board["schemaVersion"] >= 36
    assert len({panel["id"] for panel in panels()}) == len(panels())
    taken: set[tuple[int, int]] = set()
    for panel in panels():
        place = panel["gridPos"]
        assert place["x"] + place["w"] <= 24
        cells = {(place["x"] + x, place["y"] + y) for x in range(place["w"]) for y in range(place["h"])}
        assert not cells & taken, f"{panel['title']} lies over another panel"
        taken |= cells
        assert panel["datasource"]["uid"] == "${source}"
    assert [item["name"] for item in board["templating"]["list"]] == ["source"]


@promtool
def test_prometheus_itself_takes_the_rules() -> None:
    done = subprocess.run(
        ["promtool", "check", "rules", str(FOLDER / "alerts.yml")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{len(rules())} rules found" in done.stdout


BAD = {
    "AnjunganManyKiosksLost": {
        'anjungan_kiosks{condition="lost"}': 3,
        'anjungan_kiosks{condition="healthy"}': 7,
    },
    "AnjunganKioskLost": {
        'anjungan_kiosk_up{kiosk="K-01"}': 0,
        'anjungan_kiosk_last_seen_seconds{kiosk="K-01"}': 4000,
    },
    "AnjunganPaperOut": {'anjungan_kiosk_paper{kiosk="K-01"}': 0},
    "AnjunganDiskFull": {'anjungan_kiosk_disk_percent{kiosk="K-01"}': 93},
    "AnjunganDeliveriesWait": {'anjungan_kiosk_queue{kiosk="K-01"}': 21},
    "AnjunganSettingsDiffer": {'anjungan_kiosk_settings_differ{kiosk="K-01"}': 1},
    "AnjunganCertificateEnds": {'anjungan_kiosk_certificate_days{kiosk="K-01"}': 13},
    "AnjunganRolloutHalted": {'anjungan_rollout_halted{version="1.4.4"}': 1},
    "AnjunganDatesEnd": {"anjungan_repository_timestamp_expires_seconds": 4 * 86400},
    "AnjunganExporterSilent": {"up": 1},
}
GOOD = {
    'anjungan_kiosks{condition="lost"}': 1,
    'anjungan_kiosks{condition="healthy"}': 9,
    'anjungan_kiosk_up{kiosk="K-01"}': 1,
    'anjungan_kiosk_last_seen_seconds{kiosk="K-01"}': 20,
    'anjungan_kiosk_paper{kiosk="K-01"}': 1,
    'anjungan_kiosk_disk_percent{kiosk="K-01"}': 89,
    'anjungan_kiosk_queue{kiosk="K-01"}': 20,
    'anjungan_kiosk_settings_differ{kiosk="K-01"}': 0,
    'anjungan_kiosk_certificate_days{kiosk="K-01"}': 30,
    'anjungan_rollout_halted{version="1.4.4"}': 0,
    "anjungan_repository_timestamp_expires_seconds": 10 * 86400,
}


@promtool
def test_each_rule_fires_on_what_it_is_for_and_on_nothing_else(tmp_path: Path) -> None:
    assert set(BAD) == {rule["alert"] for rule in rules()}

    def case(series: Mapping[str, float], firing: str) -> dict[str, Any]:
        return {
            "interval": "1m",
            "input_series": [{"series": name, "values": f"{value}x240"} for name, value in series.items()],
            "promql_expr_test": [
                {
                    "expr": 'count by (alertname) (ALERTS{alertstate="firing"})',
                    "eval_time": "200m",
                    "exp_samples": [{"labels": f'{{alertname="{firing}"}}', "value": 1}] if firing else [],
                }
            ],
        }

    tests = [case(GOOD, "")]
    for alert, series in BAD.items():
        bad = {"up": 1.0} if alert == "AnjunganExporterSilent" else {**GOOD, **series}
        tests.append(case(bad, alert))
    file = tmp_path / "rules.test.yml"
    file.write_text(
        yaml.safe_dump(
            {"rule_files": [str(FOLDER / "alerts.yml")], "evaluation_interval": "1m", "tests": tests}
        )
    )
    done = subprocess.run(
        ["promtool", "test", "rules", str(file)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
