"""A week for the officers: counted from real events in a real store, with the questions nobody could answer."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from kiosk import i18n
from kiosk.insight.chain import Row
from kiosk.insight.week import Open, Stuck, span, weekly
from kiosk.main.cli import main
from kiosk.main.commands.asked import lines
from kiosk.settings import Settings
from kiosk.settings.load import as_toml
from kiosk.settings.model import Store as StoreSettings
from kiosk.store import Asked, Store

WIB = ZoneInfo("Asia/Jakarta")
SINCE, UNTIL = date(2026, 11, 23), date(2026, 11, 29)


def row(number: int, at: datetime, kind: str, **data: str) -> Row:
    return (number, at.timestamp(), "abcdefgh", kind, json.dumps(data), b"")


def asked(words: str, about: str = "faq", why: str = "unknown") -> Asked:
    return Asked(SINCE, about, why, "id", words)


def test_a_week_is_monday_to_sunday() -> None:
    assert span(date(2026, 11, 29)) == span(date(2026, 11, 23)) == (SINCE, UNTIL)


def test_events_and_questions_are_counted_and_merged() -> None:
    inside = datetime(2026, 11, 24, 3, tzinfo=UTC)
    events = [
        row(1, inside, "visit", where="kiosk"),
        row(2, inside, "asked", detail="A04", how="answer"),
        row(3, inside, "asked", detail="A04", how="answer"),
        row(4, inside, "asked", detail="none", how="unknown"),
        row(5, inside, "asked", detail="B10", how="stale"),
        row(6, inside, "end", place="form", detail="left"),
        row(7, inside, "end", place="form", detail="timeout"),
        row(8, inside, "end", place="menu", detail="left"),
        row(9, inside, "end", place="sent", detail="done"),
        row(10, inside, "help", place="camera"),
        row(11, inside, "camera_trouble", detail="no_camera"),
        row(12, inside, "nothing_found"),
        row(13, inside, "kbli", detail="56304"),
        row(14, inside, "survey", u1="3"),
        row(15, datetime(2026, 11, 22, 16, 59, tzinfo=UTC), "visit"),  # Sunday 23.59 at the office
        row(16, datetime(2026, 11, 22, 17, 1, tzinfo=UTC), "visit"),  # Monday 00.01
    ]
    kept = [
        asked("qris potongannya berapa"),
        asked("qris  potongannya berapa"),
        asked("zzz", "kbli", "nothing_found"),
    ]
    week = weekly(events, kept, SINCE, UNTIL, WIB)
    assert week.visits == 2
    assert (week.answered, week.unanswered, week.stale) == ((("A04", 2),), 1, (("B10", 1),))
    assert week.stuck == (Stuck("form", 1, 1, 0), Stuck("camera", 0, 0, 1))
    assert week.troubles == (("camera_trouble no_camera", 1),)
    assert (week.nothing_found, week.codes) == (1, (("56304", 1),))
    assert week.open == (
        Open("qris potongannya berapa", "faq", "unknown", "id", 2),
        Open("zzz", "kbli", "nothing_found", "id", 1),
    )
    assert json.loads(week.as_json())["since"] == "2026-11-23"


def test_a_screen_without_a_name_is_shown_by_its_word() -> None:
    week = weekly(
        [row(1, datetime(2026, 11, 24, tzinfo=UTC), "help", place="not_yet_named")], [], SINCE, UNTIL, WIB
    )
    assert any("not_yet_named" in line for line in lines(week, "id"))
    assert [place for place in ("form", "camera", "code") if not i18n.known(f"asked.place_{place}")] == []


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_command_reads_a_real_store(
    language: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = replace(Settings(), store=StoreSettings(folder=str(tmp_path / "store")))
    file = tmp_path / "kiosk.toml"
    file.write_text(as_toml(settings))
    store = Store.open(settings)
    today = datetime.now(WIB).date()
    store.questions.add(today, "faq", "unknown", "id", "qris potongannya berapa persen")
    store.events.append("visit", {"where": "kiosk", "language": "id"}, session="abc")
    store.events.append("asked", {"detail": "A04", "how": "answer"}, session="abc")
    store.events.append("end", {"place": "form", "detail": "left"}, session="abc")
    store.close()
    assert main(["asked", "--settings", str(file), "--week", "--lang", language]) == 0
    told = capsys.readouterr().out
    assert "1 x qris potongannya berapa persen" in told
    assert ("Isian: keluar 1" if language == "id" else "Form: left 1") in told
    assert main(["asked", "--settings", str(file), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["visits"] == 1
    assert main(["asked", "--settings", str(file), "--week", "2020-W01", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["open"] == []
    assert main(["asked", "--settings", str(file), "--week", "yesterday"]) == 2
