"""The real kiosk, asked by the fleet's agent for a moment without a visitor."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from kiosk.main.likeness import MOST_BYTES
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

    def ask(name: str = "hold-agent") -> None:
        fresh = hold / ".fresh"
        fresh.write_text(str(boot_seconds()))
        fresh.replace(hold / name)

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
        picture = public / "screen.jpg"
        ask("picture")
        kiosk.until("a picture of the free kiosk", picture.exists)
        width, height = Image.open(picture).size
        assert height >= 500
        assert abs(width * 1920 - height * 1080) < 1920
        assert picture.stat().st_size <= MOST_BYTES
        assert picture.stat().st_mode & 0o777 == 0o644
        picture.unlink()
        kiosk.no_identity()
        assert said()["busy"], "from the touch on, before its picture"
        began = kiosk.finger.look()["session"]
        ask()
        ask("picture")
        time.sleep(1.0)
        assert not picture.exists(), "never of a visitor"
        (hold / "picture").unlink()
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
