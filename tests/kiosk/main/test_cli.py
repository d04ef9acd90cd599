from __future__ import annotations

import argparse
import importlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.main.cli import COMMANDS, main


def _kiosk(*words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    import os

    env = {key: value for key, value in os.environ.items() if not key.startswith("KIOSK_")}
    return subprocess.run(
        [sys.executable, "-m", "kiosk.main.cli", *words],
        capture_output=True,
        text=True,
        env={**env, **environ},
    )


def test_every_listed_command_exists_and_explains_itself(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    listed = capsys.readouterr().out
    for name, (module, text) in COMMANDS.items():
        assert f"  {name} " in listed
        assert text
        command = importlib.import_module(module)
        parser = argparse.ArgumentParser()
        command.add(parser)
        assert callable(command.run)


def test_help_imports_no_engine() -> None:
    code = (
        "import sys; from kiosk.main.cli import main; main(['--help']);"
        "heavy = ('kivy', 'cv2', 'pydantic', 'sqlite_utils', 'asyncio', 'httpx');"
        "print([name for name in heavy if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_wrong_words() -> None:
    done = _kiosk("dance")
    assert done.returncode == 2
    assert "no command 'dance'" in done.stderr
    assert _kiosk().returncode == 2
    assert _kiosk("settings", "--no-such").returncode == 2


def test_settings_prints_what_is_in_force(tmp_path: Path) -> None:
    file = tmp_path / "kiosk.toml"
    file.write_text("[window]\nwidth = 800\n")
    done = _kiosk("settings", "--settings", str(file), "--json", KIOSK__WINDOW__HEIGHT="900")
    assert json.loads(done.stdout)["window"]["width"] == 800
    assert json.loads(done.stdout)["window"]["height"] == 900
    assert "# width = 1080" in _kiosk("settings", "--example").stdout
    wrong = _kiosk("settings", KIOSK__WINDOW__WIDTH="1")
    assert wrong.returncode == 2
    assert "window.width" in wrong.stderr


def test_the_version_is_the_projects(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import tomllib

    from kiosk.main import version

    project = Path(__file__).parents[3] / "pyproject.toml"
    wanted = tomllib.loads(project.read_text())["project"]["version"]
    assert _kiosk("--version").stdout == f"kiosk {wanted}\n"
    monkeypatch.setattr(version, "_PROJECT", tmp_path / "none")
    assert version.version()
