from __future__ import annotations

import dataclasses
import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kiosk.settings import (
    SecretTroubleError,
    Settings,
    SettingsError,
    cached,
    check,
    find_secret,
    from_json,
    read_secret,
    to_json,
    write_secret,
)
from kiosk.settings.load import as_toml, load
from kiosk.settings.resolve import fingerprint, remember


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in list(os.environ):
        if name.startswith("KIOSK_"):
            monkeypatch.delenv(name)
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def _fields(values: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    for item in dataclasses.fields(values):
        value = getattr(values, item.name)
        yield f"{path}{item.name}", item
        if dataclasses.is_dataclass(value):
            yield from _fields(value, f"{path}{item.name}.")


def test_the_defaults_are_valid_and_every_setting_is_explained() -> None:
    assert load(environ={}) == Settings()
    named = dict(_fields(Settings()))
    assert len(named) > 60
    assert [name for name, item in named.items() if len(item.metadata["description"]) < 6] == []


def test_the_file_then_the_environment(tmp_path: Path) -> None:
    file = tmp_path / "kiosk.toml"
    file.write_text(
        '[window]\nwidth = 720\nheight = 1280\n[kiosk]\nid = "K-07"\n[hours]\nsunday = ["09:00-11:00"]\n'
    )
    environ = {
        "KIOSK__WINDOW__WIDTH": "800",
        "KIOSK__DEVICES__CARD__KIND": "real",
        "KIOSK__HOURS__SATURDAY": '["08:00-10:00", "11:00-12:00"]',
        "KIOSK__PORTAL__TOKEN_FILE": "/etc/anjungan/token",
        "KIOSK_SETTINGS": "elsewhere",
        "PATH": "/bin",
    }
    got = load(file, environ)
    assert (got.window.width, got.window.height, got.kiosk.id) == (800, 1280, "K-07")
    assert got.devices.card.kind == "real"
    assert got.hours.saturday == ("08:00-10:00", "11:00-12:00")
    assert got.hours.sunday == ("09:00-11:00",)
    assert got.portal.token_file == Path("/etc/anjungan/token")
    assert from_json(to_json(got)) == got


@pytest.mark.parametrize(
    ("environ", "where"),
    [
        ({"KIOSK__WINDOWS__WIDTH": "800"}, "KIOSK__WINDOWS__WIDTH"),
        ({"KIOSK__WINDOW__WIDE": "800"}, "window.wide"),
        ({"KIOSK__WINDOW__WIDTH": "12"}, "window.width"),
        ({"KIOSK__WINDOW__WIDTH": "wide"}, "window.width"),
        ({"KIOSK__DEVICES__CARD__KIND": "magic"}, "devices.card.kind"),
        ({"KIOSK__HOURS__MONDAY": '["8-12"]'}, "hours.monday.0"),
        ({"KIOSK__HOURS__MONDAY": "often"}, "hours"),
        ({"KIOSK__KIOSK__ID": "9971234567890001"}, "kiosk.id"),
        ({"KIOSK__PORTAL__URL": "ftp://x"}, "portal.url"),
    ],
)
def test_what_is_wrong_is_refused_by_name_and_without_its_value(environ: dict[str, str], where: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load(environ=environ)
    assert len(caught.value.lines) == 1
    assert where in caught.value.lines[0]
    assert not any(
        value in caught.value.lines[0].replace(where, "") for value in environ.values() if len(value) > 4
    )


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("[window]\nwide = 3", "window.wide: no such setting"),
        ("[nowhere]\nx = 1", "nowhere: no such setting"),
        ("[window\n", "TOMLDecodeError"),
        ("[devices.card]\nkindd = 'real'", "devices.card.kindd: no such setting"),
    ],
)
def test_wrong_files(tmp_path: Path, text: str, word: str) -> None:
    file = tmp_path / "kiosk.toml"
    file.write_text(text)
    with pytest.raises(SettingsError, match=word.replace(".", r"\.")):
        load(file, {})
    with pytest.raises(SettingsError, match="no such file"):
        load(tmp_path / "missing.toml", {})


def test_the_example_is_a_file_that_loads(tmp_path: Path) -> None:
    example = as_toml()
    assert tomllib.loads(example)["devices"] == {"card": {}, "camera": {}, "printer": {}}
    switched_on = "\n".join(
        line[2:] if line.startswith("# ") and " = " in line and not line.endswith('"…"') else line
        for line in example.splitlines()
        if not line.startswith("# The environment")
    )
    file = tmp_path / "kiosk.toml"
    file.write_text(switched_on)
    assert load(file, {}) == Settings()
    changed = dataclasses.replace(Settings(), window=dataclasses.replace(Settings().window, width=900))
    file.write_text(as_toml(changed))
    assert load(file, {}) == changed


def test_the_users_of_settings_never_import_pydantic() -> None:
    code = (
        "import sys, kiosk.settings, kiosk.store;"
        "import kiosk.main.pipe, kiosk.main.keeper, kiosk.main.labour, kiosk.main.worker;"
        "print([name for name in ('pydantic', 'pydantic_settings', 'sqlite_utils', 'kivy', 'cv2', 'numpy', 'nacl')"
        " if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


class TestCache:
    def test_checked_once_then_known(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setenv("KIOSK__WINDOW__WIDTH", "800")
        assert cached() is None
        assert check().window.width == 800
        known = cached()
        assert known is not None
        assert known.window.width == 800
        monkeypatch.setenv("KIOSK__WINDOW__WIDTH", "801")
        assert cached() is None, "another environment, other settings"

    def test_a_changed_file_is_checked_again(self, tmp_path: Path) -> None:
        file = tmp_path / "kiosk.toml"
        file.write_text("[window]\nwidth = 800")
        assert check(file).window.width == 800
        file.write_text("[window]\nwidth = 5")
        with pytest.raises(SettingsError, match=r"window\.width"):
            check(file)

    @pytest.mark.parametrize("damage", ["half", "writable", "junk"])
    def test_only_a_sound_cache_is_believed(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, damage: str
    ) -> None:
        monkeypatch.setenv("KIOSK__WINDOW__WIDTH", "800")
        remember(dataclasses.replace(Settings()), None)
        file = next((tmp_path / "cache").glob("**/settings-*.json"))
        assert file.stat().st_mode & 0o077 == 0
        assert cached() is not None
        match damage:
            case "half":
                file.write_text(file.read_text()[:40])
            case "junk":
                file.write_text(json.dumps({"window": {"wide": 3}}))
            case _:
                file.chmod(0o666)
        assert cached() is None

    def test_no_file_and_no_environment_need_no_check(self) -> None:
        assert cached() == Settings()
        assert fingerprint(None, {}) != fingerprint(None, {"KIOSK__WINDOW__WIDTH": "1"})


class TestSecrets:
    def test_never_printed(self, tmp_path: Path) -> None:
        file = tmp_path / "token"
        write_secret(file, b"very-secret\n")
        assert file.stat().st_mode & 0o777 == 0o600
        secret = read_secret("portal-token", file)
        assert secret.text == "very-secret"
        assert "very" not in f"{secret!r} {secret}"
        with pytest.raises(FileExistsError):
            write_secret(file, b"other")

    def test_open_files_are_refused(self, tmp_path: Path) -> None:
        file = tmp_path / "token"
        file.write_text("x")
        file.chmod(0o640)
        with pytest.raises(SecretTroubleError) as caught:
            read_secret("portal-token", file)
        assert caught.value.word == "open_to_others"
        with pytest.raises(SecretTroubleError) as caught:
            read_secret("portal-token", tmp_path / "none")
        assert caught.value.word == "missing"

    def test_credentials_first(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (tmp_path / "portal-token").write_text("from systemd")
        monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
        assert read_secret("portal-token", tmp_path / "file").text == "from systemd"
        assert find_secret("other", None) is None


def test_enrolment_is_the_presence_of_a_file(tmp_path: Path) -> None:
    kiosk = dataclasses.replace(Settings().kiosk, enrolment_file=tmp_path / "enrolled")
    settings = dataclasses.replace(
        Settings(), kiosk=kiosk, bench=dataclasses.replace(Settings().bench, inspect=True)
    )
    assert not settings.enrolled
    assert settings.inspectable
    (tmp_path / "enrolled").touch()
    assert settings.enrolled
    assert not settings.inspectable


def test_every_setting_is_read_by_somebody() -> None:
    """A documented setting that changes nothing is a lie to whoever sets it."""
    root = Path(__file__).parents[3]
    rooms = ("kiosk", "hardware", "screens", "provisioning")
    code = "\n".join(file.read_text() for room in rooms for file in sorted((root / room).rglob("*.py")))
    names = [path for path, item in _fields(Settings()) if not dataclasses.is_dataclass(item.type)]
    unread = [path for path in names if not re.search(rf"\.{path.rpartition('.')[2]}\b", code)]
    assert [path for path in unread if not path.startswith(_BEING_BUILT)] == []


_BEING_BUILT = "desk."
"""The officers' desk reads the rest of its settings when it is there."""


def test_a_simulated_device_makes_it_practice() -> None:
    from dataclasses import replace

    devices = Settings().devices
    assert devices.simulated
    real = replace(
        devices,
        card=replace(devices.card, kind="none"),
        camera=replace(devices.camera, kind="real"),
        printer=replace(devices.printer, kind="usb"),
    )
    assert not real.simulated
    assert replace(real, camera=replace(devices.camera, kind="simulated")).simulated
