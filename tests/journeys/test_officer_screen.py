"""An officer at the real kiosk: card on the reader, PIN by finger, the visitor's screen alive below, nothing left."""

from __future__ import annotations

import time
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kiosk.main.demo.desk import SAMPLE_PIN, sample_officers
from kiosk.settings import Settings
from kiosk.settings.model import Store
from kiosk.store.officers import keep_officers
from tests.journeys.real_kiosk import RealKiosk, alive, real_kiosk
from tests.journeys.test_processes import files_with, held_by

pytestmark = pytest.mark.real

PICTURES = Path(__file__).parents[2] / "build" / "pictures"


@pytest.fixture
def kiosk() -> Generator[RealKiosk]:
    with real_kiosk() as one:
        one.ready()
        store = Store(folder=str(one.folder / "store"))
        keep_officers(replace(Settings(), store=store), sample_officers())
        try:
            yield one
        finally:
            print(one.log())  # shown beside a failure


def offers(seen: Any, touch: str) -> bool:
    return any(spot["touch"] == touch for spot in seen["spots"])


def test_an_officer_unlocks_teaches_and_leaves_no_pin_behind(kiosk: RealKiosk) -> None:
    began = time.time()
    finger, world = kiosk.finger, kiosk.host.world
    kiosk.no_identity()
    shown = kiosk.visits()[0]
    world.change("card", kind="officer", present=True)
    finger.at("officer")
    kiosk.look_round()
    finger.type(SAMPLE_PIN)
    finger.picture(PICTURES / "officer-real-door.png")
    finger.tap("DoorOn()")
    finger.wait("assisted", lambda seen: offers(seen, "LeaveAssist()"))
    world.change("card", present=False)
    kiosk.look_round()
    finger.picture(PICTURES / "officer-real-menu.png")
    # The visitor's half is alive under the officer's: a service is chosen where it is drawn.
    finger.choose("apply")
    finger.at("search")
    kiosk.look_round()
    finger.tap("PointOn()")
    finger.tap("NextHint()")
    kiosk.look_round()
    finger.picture(PICTURES / "officer-real-search.png")
    finger.tap("Back()")
    finger.at("menu")
    kiosk.look_round()
    finger.tap("MarkLevel(level=2)")
    finger.tap("SendOfficerAway()")
    finger.wait("alone again", lambda seen: not offers(seen, "LeaveAssist()"))
    session = kiosk.leave()
    kiosk.next_visit(session)
    kiosk.until("the end of the ended visit", lambda: not alive(shown))
    assert SAMPLE_PIN not in kiosk.log()
    living = kiosk.processes()
    assert {pid: held_by(pid, SAMPLE_PIN) for pid in living} == {pid: set() for pid in living}
    assert files_with((SAMPLE_PIN,), began, but=kiosk.folder / "nothing") == []
