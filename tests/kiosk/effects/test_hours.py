"""The welcome screen's hours: the office's own, closed on top by the portal."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from kiosk.effects.senses import Senses, opening
from kiosk.effects.tools import Tools
from kiosk.settings import Settings

WIB = ZoneInfo("Asia/Jakarta")
HOURS = replace(Settings().hours, tuesday=("08:00-12:00", "13:00-15:30"), sunday=())


@pytest.mark.parametrize(
    ("day", "time", "wanted"),
    [
        (24, "07:59", (False, "")),
        (24, "08:00", (True, "12:00")),
        (24, "12:00", (False, "")),
        (24, "13:00", (True, "15:30")),
        (24, "15:30", (False, "")),
        (22, "10:00", (False, "")),
    ],
)
def test_open_by_the_offices_hours(day: int, time: str, wanted: tuple[bool, str]):
    """24 November 2026 is a Tuesday."""
    assert opening(HOURS, datetime.fromisoformat(f"2026-11-{day}T{time}").replace(tzinfo=WIB)) == wanted


@pytest.mark.parametrize(
    ("now", "said", "wanted"),
    [
        (datetime(2026, 11, 24, 14, tzinfo=WIB), (True, "16:00"), (True, "15:30")),
        (datetime(2026, 11, 24, 14, tzinfo=WIB), (False, ""), (False, "")),
        (datetime(2026, 11, 22, 14, tzinfo=WIB), (True, "16:00"), (False, "")),
        (datetime(1970, 1, 6, 14, tzinfo=WIB), (True, "16:00"), (True, "16:00")),
    ],
    ids=["ours", "closed by the portal", "closed by us", "a clock that is wrong"],
)
def test_the_portal_may_only_close(now: datetime, said: tuple[bool, str], wanted: tuple[bool, str]):
    tools = Tools(replace(Settings(), hours=HOURS), "run")
    tools.now = lambda: now
    senses = Senses(tools, lambda _event: None, lambda: False)
    assert senses._open_now(*said) == wanted
