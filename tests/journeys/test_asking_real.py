"""A visitor without identity asks the real kiosk: a question it does not know, when LKPM is due, what an old code has
become; takes the list along; and what was typed lies nowhere but sealed."""

from __future__ import annotations

from collections.abc import Generator
from datetime import date
from pathlib import Path

import pytest

from kiosk.settings.load import load
from kiosk.store import Opener, Store
from tests.journeys.real_kiosk import RealKiosk, choices, real_kiosk

ODD = "zulkarnain"
PICTURES = Path(__file__).parents[2] / "build" / "pictures"

pytestmark = pytest.mark.real


@pytest.fixture
def kiosk() -> Generator[RealKiosk]:
    with real_kiosk() as one:
        one.ready()
        try:
            yield one
        finally:
            print(one.log())  # shown beside a failure


def open_keys(kiosk: RealKiosk) -> None:
    """The field stands above the first tile; a touch on it brings the keyboard up."""
    finger = kiosk.finger
    seen = finger.wait(
        "first questions", lambda state: len([one for one in choices(state) if len(one) == 3]) >= 4
    )
    spots = {spot["touch"]: spot for spot in seen["spots"]}
    clear = spots["ClearField()"]
    left = min(spot["x"] for spot in seen["spots"])
    finger.touch(left + (clear["x"] - left) // 3, clear["y"])
    finger.wait("keys", lambda state: any(spot["touch"] == "key:a" for spot in state["spots"]))


def test_asking_on_the_real_kiosk(kiosk: RealKiosk) -> None:
    finger = kiosk.finger
    kiosk.no_identity()
    finger.picture(PICTURES / "real-menu.png")
    finger.choose("faq")
    finger.at("chat")
    kiosk.look_round()
    open_keys(kiosk)
    finger.type(f"nama saya {ODD} harga cabai")
    finger.picture(PICTURES / "real-chat.png")
    finger.tap("key:\n")
    finger.at("answer")
    kiosk.look_round()
    finger.picture(PICTURES / "real-answer.png")
    assert "CallOfficer()" in {spot["touch"] for spot in finger.look()["spots"]}
    finger.tap("Back()")
    finger.at("chat")
    kiosk.look_round()
    finger.tap("Back()")
    finger.at("menu")
    kiosk.look_round()

    finger.choose("lkpm")
    finger.wait("scales", lambda seen: "kecil" in choices(seen))
    kiosk.look_round()
    finger.choose("kecil")
    finger.wait("the date", lambda seen: "menu" in choices(seen))
    kiosk.look_round()
    finger.picture(PICTURES / "real-lkpm.png")
    finger.choose("menu")
    finger.at("menu")
    kiosk.look_round()

    finger.choose("ask")
    finger.at("search")
    finger.type("47919")
    finger.wait("groups", lambda seen: "group:1" in choices(seen))
    kiosk.look_round()
    finger.choose("group:1")
    finger.wait("codes", lambda seen: "47213" in choices(seen))
    kiosk.look_round()
    finger.choose("47213")
    for scale in ("mikro", "new"):
        finger.wait(scale, lambda seen, scale=scale: scale in choices(seen))
        kiosk.look_round()
        finger.choose(scale)
    finger.at("risk")
    kiosk.look_round()
    finger.choose("bring")
    finger.at("bring")
    kiosk.look_round()
    finger.picture(PICTURES / "real-bring.png")
    kiosk.next_visit(kiosk.leave())

    settings = load(kiosk.settings)
    store = Store.open(settings)
    kept = store.questions.read(date(2000, 1, 1), date(2100, 1, 1), Opener(settings))
    store.close()
    assert [(one.about, one.why, one.words) for one in kept] == [
        ("faq", "unknown", "nama saya [nama] harga cabai")
    ]
    held = [path for path in kiosk.folder.rglob("*") if path.is_file() and ODD.encode() in path.read_bytes()]
    assert held == []
