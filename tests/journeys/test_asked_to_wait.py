"""The real kiosk, asked by the fleet's agent for a moment without a visitor."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kiosk.main.report import boot_seconds
from tests.journeys.real_kiosk import real_kiosk

pytestmark = pytest.mark.real


def test_a_visit_is_finished_and_then_nobody_can_begin(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    private, public, hold = tmp_path / "run", tmp_path / "public", tmp_path / "hold"
    for folder in (private, public, hold):
        folder.mkdir()
    monkeypatch.setenv("RUNTIME_DIRECTORY", f"{private}:{public}")
    monkeypatch.setenv("KIOSK_HOLD", str(hold))

    def ask() -> None:
        fresh = hold / ".fresh"
        fresh.write_text(str(boot_seconds()))
        fresh.replace(hold / "hold-agent")

    def said() -> dict[str, Any]:
        try:
            return json.loads((public / "health.json").read_text())
        except FileNotFoundError:
            return {}

    with real_kiosk() as kiosk:
        kiosk.finger.guide = private / "guide.sock"

        def until(what: str, wanted: Callable[[dict[str, Any]], bool]) -> None:
            kiosk.until(what, lambda: wanted(said()))

        kiosk.ready()
        until("a free kiosk", lambda it: it["busy"] is False and not it["held"])
        until("its devices", lambda it: set(it["devices"]) == {"card", "camera", "printer"})
        assert said()["paper"] == "ok"
        assert (public / "health.json").stat().st_mode & 0o777 == 0o644
        kiosk.no_identity()
        assert said()["busy"], "from the touch on, before its picture"
        began = kiosk.finger.look()["session"]
        ask()
        time.sleep(1.0)
        seen = kiosk.finger.look()
        assert (seen["place"], seen["session"]) == ("menu", began)
        assert said()["busy"]
        assert not said()["held"]
        session = kiosk.leave()
        ask()
        kiosk.next_visit(session)
        kiosk.finger.at("resting")
        until("a closed kiosk", lambda it: it["held"] and not it["busy"])
        (hold / "hold-agent").unlink()
        kiosk.finger.at("welcome")
        until("an open kiosk", lambda it: not it["held"])
        kiosk.no_identity()
        assert said()["busy"]
