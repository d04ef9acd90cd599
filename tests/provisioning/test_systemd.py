"""The units as systemd itself judges them, and the scripts that lead back to the other slot."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2] / "systemd"
UNITS = sorted([*(ROOT / "system").glob("*.service"), *(ROOT / "system").glob("*.timer")])
analyze = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not here")


def run(*command: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(word) for word in command],
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
        env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", **environment},
    )


@analyze
@pytest.mark.parametrize(
    ("unit", "most"),
    [
        ("kiosk", 2.0),
        ("kiosk-agent", 2.0),
        ("kiosk-update", 2.0),
        ("kiosk-rollback", 2.0),
        ("kiosk-boot-check", 2.0),
        ("kiosk-desk", 2.0),
    ],
)
def test_exposure(unit: str, most: float) -> None:
    answer = run("systemd-analyze", "security", "--offline=true", ROOT / "system" / f"{unit}.service")
    found = re.search(r"exposure level for \S+: ([\d.]+)", answer.stdout)
    assert found, answer.stdout + answer.stderr
    assert float(found[1]) <= most


@analyze
def test_verify_finds_nothing_but_programs_not_installed_here() -> None:
    answer = run("systemd-analyze", "verify", *UNITS)
    complaints = [
        line
        for line in answer.stderr.splitlines()
        if (line.strip() and "is not executable" not in line and str(ROOT) in line) or "nit kiosk" in line
    ]
    assert complaints == []


def test_every_unit_named_exists() -> None:
    """`systemd-analyze verify` passes a missing OnFailure unit, so names are checked here."""
    known = {unit.name for unit in UNITS}
    for unit in UNITS:
        for name in re.findall(r"\b(kiosk[\w-]*\.(?:service|timer))", unit.read_text()):
            assert name in known, f"{unit.name} names {name}"


def test_every_user_is_created() -> None:
    users = set(re.findall(r"^u (\S+)", (ROOT / "etc/sysusers.conf").read_text(), re.MULTILINE))
    for unit in UNITS:
        for name in re.findall(r"^(?:User|Group)=(\S+)", unit.read_text(), re.MULTILINE):
            assert name in users, f"{unit.name} runs as {name}"


def test_every_script_named_exists() -> None:
    for unit in UNITS:
        for name in re.findall(r"/usr/lib/anjungan/(\S+)", unit.read_text()):
            script = ROOT / "lib" / name
            assert script.stat().st_mode & 0o111, f"{unit.name} starts {name}"
            assert run("sh", "-n", script).returncode == 0


def slots(root: Path, pending: str | None) -> Path:
    for name in "ab":
        (root / "slots" / name).mkdir(parents=True)
    (root / "current").symlink_to("slots/b")
    if pending is not None:
        (root / "pending").write_text(pending)
    return root


PENDING = "old=a\nnew=b\nversion=1.4.4\nboots=0\n"


def test_rollback_leaves_an_unproven_slot(tmp_path: Path) -> None:
    root = slots(tmp_path, PENDING)
    assert run(ROOT / "lib/rollback", "failed", ANJUNGAN_ROOT=str(root)).returncode == 0
    assert (root / "current").readlink() == Path("slots/a")
    assert not (root / "pending").exists()
    assert "version=1.4.4\nwhy=failed\n" in (root / "failed").read_text()


def test_rollback_leaves_a_proven_slot_alone(tmp_path: Path) -> None:
    root = slots(tmp_path, None)
    assert run(ROOT / "lib/rollback", "failed", ANJUNGAN_ROOT=str(root)).returncode == 0
    assert (root / "current").readlink() == Path("slots/b")
    assert not (root / "failed").exists()


def test_an_unproven_slot_gets_one_start(tmp_path: Path) -> None:
    root = slots(tmp_path, PENDING)
    assert run(ROOT / "lib/rollback", "boot", ANJUNGAN_ROOT=str(root)).returncode == 0
    assert (root / "current").readlink() == Path("slots/b")
    assert "boots=1" in (root / "pending").read_text()
    assert run(ROOT / "lib/rollback", "boot", ANJUNGAN_ROOT=str(root)).returncode == 0
    assert (root / "current").readlink() == Path("slots/a")


def test_rollback_stays_when_the_other_slot_is_gone(tmp_path: Path) -> None:
    root = slots(tmp_path, PENDING)
    (root / "slots/a").rmdir()
    answer = run(ROOT / "lib/rollback", "failed", ANJUNGAN_ROOT=str(root))
    assert answer.returncode == 1
    assert (root / "current").readlink() == Path("slots/b")


@pytest.mark.parametrize("turn", ["normal", "right", "left", "inverted"])
def test_touch_turns_with_the_panel(turn: str) -> None:
    """A touch on the panel's own upper left corner lands where the turned picture has that corner."""
    answer = run(ROOT / "lib/rotate", "--matrix", KIOSK_ROTATE=turn)
    m = [float(word) for word in answer.stdout.split()]
    corner = (m[2], m[5])
    assert corner == {"normal": (0, 0), "right": (0, 1), "left": (1, 0), "inverted": (1, 1)}[turn]


def test_rotation_of_another_name_is_refused() -> None:
    assert run(ROOT / "lib/rotate", KIOSK_ROTATE="upside").returncode == 2
