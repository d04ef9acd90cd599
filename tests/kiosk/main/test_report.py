"""What the agent is told, and that a kiosk asked to hold takes nobody, and throws nobody out."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kiosk.main.report import Report, boot_seconds
from tests.kiosk.main.conftest import KeeperUnderTest


class Watched:
    """A keeper with the folders that systemd would give it."""

    def __init__(self, keeper: KeeperUnderTest) -> None:
        self.keeper = keeper
        self.file = keeper.folder / "public/health.json"
        self.hold = keeper.folder / "hold/hold-updater"
        for folder in (keeper.folder / "run/anjungan", self.file.parent, self.hold.parent):
            folder.mkdir(parents=True)

    def start(self) -> None:
        folder = self.keeper.folder
        self.keeper.start(
            RUNTIME_DIRECTORY=f"{folder / 'run/anjungan'}:{self.file.parent}",
            KIOSK_HOLD=str(self.hold.parent),
        )

    def said(self) -> dict[str, Any]:
        try:
            return json.loads(self.file.read_text())
        except FileNotFoundError:
            return {}

    def until(self, what: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        self.keeper.wait(lambda: what(self.said()))
        return self.said()


@pytest.fixture
def watched(keeper: KeeperUnderTest) -> Watched:
    return Watched(keeper)


def test_the_report_follows_the_visit_and_names_devices(watched: Watched) -> None:
    watched.keeper.order("printer", "busy")
    watched.start()
    said = watched.until(lambda said: said.get("busy") is True and said["paper"] == "low")
    assert said["devices"] == {"printer": "degraded"}
    assert watched.keeper.process is not None
    assert said["pid"] == watched.keeper.process.pid
    assert 0 <= boot_seconds() - said["at"] < 20
    assert stat.S_IMODE(watched.file.stat().st_mode) == 0o644
    watched.keeper.order("finish")
    watched.until(lambda said: said["busy"] is False)
    watched.keeper.wait(lambda: watched.keeper.words().count("shown") == 2)
    watched.keeper.stop()


def test_a_free_kiosk_asked_to_hold_rests_and_serves_again(watched: Watched) -> None:
    watched.start()
    watched.keeper.wait(lambda: "shown" in watched.keeper.words())
    watched.hold.write_text(str(boot_seconds()))
    watched.until(lambda said: said["held"])
    assert watched.keeper.words().count("rest") == 1
    watched.hold.unlink()
    watched.until(lambda said: not said["held"])
    watched.keeper.wait(lambda: watched.keeper.words().count("show") == 2)
    watched.keeper.stop()


def test_a_visit_under_way_is_finished_first_and_nobody_comes_after_it(watched: Watched) -> None:
    watched.keeper.order("busy")
    watched.start()
    watched.until(lambda said: said.get("busy") is True)
    watched.hold.write_text(str(boot_seconds()))
    watched.keeper.wait(
        lambda: "rest" in watched.keeper.words()
    )  # asked, and refused by the visit: it is in use
    assert watched.said()["busy"]
    assert not watched.said()["held"]
    watched.keeper.order("finish")
    watched.until(lambda said: said["held"])
    watched.keeper.wait(
        lambda: watched.keeper.words().count("rest") == 2
    )  # the next one rests from its first frame
    assert not watched.said()["busy"]
    watched.keeper.stop()


def test_a_visit_that_says_nothing_counts_as_used(watched: Watched) -> None:
    watched.keeper.order("mute")
    watched.start()
    watched.until(lambda said: said.get("busy") is True)
    watched.keeper.stop()


def test_a_hold_that_nobody_renews_is_over(watched: Watched) -> None:
    watched.hold.write_text(str(boot_seconds() - 31))
    (watched.hold.parent / "hold-broken").write_text("yes")
    watched.start()
    watched.keeper.wait(lambda: "shown" in watched.keeper.words())
    watched.until(lambda said: said.get("busy") is False)
    assert "rest" not in watched.keeper.words()
    watched.keeper.stop()


def test_the_same_report_is_written_again_before_it_is_old(tmp_path: Path) -> None:
    report = Report(tmp_path / "health.json")
    assert report.tell(busy=False, held=False)
    assert not report.tell(busy=False, held=False)
    report._due = boot_seconds()  # pyright: ignore[reportPrivateUsage] - twenty seconds later
    assert report.tell(busy=False, held=False)
    assert report.tell(busy=True, held=False)


def test_a_folder_that_cannot_be_written_is_said_once(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    report = Report(tmp_path / "missing/health.json")
    for busy in (True, False, True):
        assert not report.tell(busy=busy, held=False)
    assert capfd.readouterr().err.count("cannot be written") == 1
    assert not list(tmp_path.iterdir())
