"""Every fault is tried at a practice portal of its own, and after every one of them the logs are read."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.effects import senses
from kiosk.sandbox import SandboxSettings, Server, serve
from tests.faults.office import Clock, Office, leaks


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def secrets() -> set[str]:
    return set()


@pytest.fixture
def portal(tmp_path: Path, clock: Clock) -> Iterator[Server]:
    """Without the delay that hides whether an identity is known."""
    running = serve(0, SandboxSettings(data_dir=tmp_path / "portal", pace=0.0, now=clock))
    yield running
    running.stop(wait=False)


@pytest.fixture(autouse=True)
def attentive(monkeypatch: pytest.MonkeyPatch) -> None:
    """The kiosk asks for the hall, and so notices the line, every few seconds; a test need not wait for that."""
    monkeypatch.setattr(senses, "HALL_SECONDS", 0.5)


@pytest.fixture
def office(portal: Server, tmp_path: Path, clock: Clock, secrets: set[str]) -> Office:
    return Office.beside(portal, tmp_path, clock, secrets)


@pytest.fixture(autouse=True)
def nothing_told(caplog: pytest.LogCaptureFixture, secrets: set[str]) -> Iterator[None]:
    """Whatever went wrong: no traceback and nothing of the visitor in any log, at the most talkative level.

    The practice portal runs in a thread beside the test; what its web server says of cut lines is not the kiosk's log.
    """
    caplog.set_level(logging.DEBUG)
    yield
    records = [record for record in caplog.get_records("call") if not record.name.startswith("uvicorn")]
    log = "\n".join(record.getMessage() for record in records)
    assert not [record.name for record in records if record.exc_info]
    assert "Traceback" not in log
    assert leaks(log, secrets) == []
