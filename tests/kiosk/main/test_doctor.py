"""The doctor against real parts: the simulated table over its socket, an HTTP server, a store on disk."""

from __future__ import annotations

import dataclasses
import http.server
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from email.utils import formatdate
from pathlib import Path
from typing import Any

import pytest

from hardware.world.link import WorldServer
from hardware.world.memory import MemoryWorld
from kiosk.main.doctor import Finding, examine, verdict
from kiosk.main.doctor_words import PARTS, STATES, WORDS
from kiosk.settings import Settings
from kiosk.settings.model import Bench, Devices, Kiosk, Portal, Printer
from kiosk.settings.model import Store as StoreSettings
from kiosk.store import Store
from kiosk.store.keys import key_file, private_key_file


class _Answers(http.server.BaseHTTPRequestHandler):
    status = 200
    shift = 0.0

    def do_HEAD(self) -> None:
        self.send_response_only(self.status)
        self.send_header("Date", formatdate(time.time() + self.shift, usegmt=True))
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        return


@pytest.fixture
def portal() -> Iterator[tuple[str, type[_Answers]]]:
    class Answers(_Answers):
        pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", Answers
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def settings(tmp_path: Path, portal: tuple[str, type[_Answers]], monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    return dataclasses.replace(
        Settings(),
        kiosk=Kiosk(enrolment_file=tmp_path / "enrolled"),
        bench=Bench(inspect=True),
        portal=Portal(url=portal[0], connect_seconds=2),
        devices=Devices(world_socket=str(tmp_path / "world.sock")),
        store=StoreSettings(folder=str(tmp_path / "store")),
    )


async def _look(settings: Settings) -> dict[str, Finding]:
    findings = await examine(settings)
    for finding in findings:
        assert finding.part in PARTS
        assert finding.condition in STATES
    return {finding.part: finding for finding in findings}


async def test_a_table_that_is_well_and_one_in_trouble(settings: Settings) -> None:
    world = MemoryWorld()
    server = WorldServer(world, settings.devices.world_socket)
    try:
        found = await _look(settings)
        assert (found["camera"].condition, found["printer"].condition) == ("ready", "ready")
        assert found["portal"].condition == "ready"
        assert found["clock"].condition == "ready"
        world.change("printer", roll="out")
        world.change("camera", plugged=False)
        found = await _look(settings)
        assert (found["printer"].word, found["camera"].condition) == ("paper_out", "absent")
        assert found["printer"].word in WORDS
        assert verdict(list(found.values())) == 1
    finally:
        server.close()


async def test_without_the_bench_it_says_so(settings: Settings) -> None:
    found = await _look(settings)
    assert found["printer"].word == found["camera"].word == "no_world"


async def test_an_enrolled_kiosk_with_simulated_devices_cannot_serve(settings: Settings) -> None:
    settings.kiosk.enrolment_file.touch()
    found = await _look(settings)
    assert found["card"].word == "simulated_on_enrolled"
    assert found["settings"].word == "sample_hours"
    assert verdict(list(found.values())) == 2


async def test_a_printer_that_is_not_there(settings: Settings) -> None:
    devices = dataclasses.replace(settings.devices, printer=Printer(kind="network", host="127.0.0.1", port=1))
    found = await _look(dataclasses.replace(settings, devices=devices))
    assert found["printer"].condition == "absent"
    assert found["printer"].word == "not_connected"


@pytest.mark.parametrize(
    ("change", "part", "word"),
    [
        ({"status": 503}, "portal", "portal_error"),
        ({"shift": 3600.0}, "clock", "clock_off"),
        ({"status": 404}, "portal", ""),
    ],
)
async def test_what_the_portal_answers(
    settings: Settings, portal: tuple[str, type[_Answers]], change: dict[str, float], part: str, word: str
) -> None:
    for name, value in change.items():
        setattr(portal[1], name, value)
    assert (await _look(settings))[part].word == word


async def test_no_portal(settings: Settings) -> None:
    gone = dataclasses.replace(settings, portal=Portal(url="http://127.0.0.1:1", connect_seconds=1))
    found = await _look(gone)
    assert found["portal"].word == "unreachable"
    assert found["clock"].condition == "ready"


async def test_store_and_keys(settings: Settings) -> None:
    found = await _look(settings)
    assert (found["store"].word, found["keys"].condition) == ("not_yet", "ready")

    store = Store.open(settings)
    store.outbox.add("submission", b"1")
    job = store.spool.add("ticket", b"1")
    store.spool.begin(job)
    store.spool.finish(job, "unknown")
    refused = store.outbox.add("submission", b"2")
    store.outbox.claim(refused)
    store.outbox.refused(refused, "status_422")
    store.close()
    found = await _look(settings)
    assert found["store"].condition == "ready"
    assert (found["outbox"].word, found["outbox"].about) == (
        "refused",
        f"1 + 1 (submission {refused}: status_422)",
    )
    assert (found["spool"].word, found["spool"].about) == ("unknown_prints", "1")

    private_key_file(settings).chmod(0o640)
    found = await _look(settings)
    assert found["keys"].word == "open_to_others"
    assert verdict(list(found.values())) == 2
    private_key_file(settings).chmod(0o600)

    key_file(settings).write_text("0" * 64)
    assert (await _look(settings))["store"].word == "wrong_key"
    Store.open(settings).close()
    assert (await _look(settings))["store"].word == "store_set_aside"


@pytest.mark.parametrize(
    ("lang", "word"), [("id_ID.UTF-8", "Kamera dokumen"), ("C.UTF-8", "Document camera")]
)
def test_the_command(settings: Settings, lang: str, word: str) -> None:
    environ = {
        key: value for key, value in os.environ.items() if not key.startswith(("KIOSK_", "LC_", "LANG"))
    }
    environ |= {
        "LANG": lang,
        "KIOSK__STORE__FOLDER": settings.store.folder,
        "KIOSK__PORTAL__URL": settings.portal.url,
        "KIOSK__DEVICES__CARD__KIND": "none",
        "KIOSK__DEVICES__CAMERA__KIND": "none",
        "KIOSK__DEVICES__PRINTER__KIND": "none",
        "XDG_CACHE_HOME": str(Path(settings.store.folder).parent / "cache"),
    }
    command = [sys.executable, "-m", "kiosk.main.cli", "doctor"]
    spoken = subprocess.run(command, capture_output=True, text=True, env=environ)
    assert spoken.returncode == 0, spoken.stdout + spoken.stderr
    assert word in spoken.stdout
    assert "\x1b" not in spoken.stdout
    machine = subprocess.run([*command, "--json"], capture_output=True, text=True, env=environ)
    parts = {part["part"]: part for part in json.loads(machine.stdout)["parts"]}
    assert parts["camera"]["condition"] == "none"
    wrong = subprocess.run(
        command, capture_output=True, text=True, env={**environ, "KIOSK__WINDOW__WIDTH": "1"}
    )
    assert wrong.returncode == 2
    assert "window.width" in wrong.stdout
