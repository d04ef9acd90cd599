"""Belajar: list and cards have room in every look; practice is marked on every screen."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.flow.events import Back, Choose, Forward
from kiosk.flow.model import Place, Visit
from kiosk.journeys.apply.state import Apply
from kiosk.journeys.learn import Learn
from kiosk.knowledge.lessons import lessons
from tests.screens.scenes import PORTRAIT, Shown, show
from tests.screens.test_scenes_apply import SOURCES
from tests.screens.test_scenes_apply import STATES as APPLY
from tests.screens.test_scenes_way_in import LOOKS, overflow


def at(journey: Learn) -> Visit:
    return Visit("s", stage=Place.MENU, journey=journey)


ALL = Learn(lessons=lessons())
STATES = {
    "list": at(ALL),
    "practised": at(replace(ALL, practised=True)),
    **{
        f"{lesson.id}-{card}": at(replace(ALL, lesson=lesson, card=card))
        for lesson in lessons()
        for card in range(len(lesson.cards))
    },
}


@pytest.mark.parametrize("name", STATES)
@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("language", ["id", "en"])
def test_learning_has_room_in_every_look(name: str, look: str, language: str) -> None:
    size, fields = LOOKS[look]
    shown = show(replace(STATES[name], language=language, **fields), size=size)
    assert shown.small() == []
    assert shown.outside() == []
    assert overflow(shown) == []


def test_touches() -> None:
    shown = show(STATES["list"])
    assert shown.tap(shown.button("Mencari kode KBLI")) == [Choose("kbli")]
    assert shown.tap(shown.button("Coba latihan")) == [Choose("practice")]
    shown = show(STATES["kbli-0"])
    assert shown.tap(shown.button("Lanjut")) == [Forward()]
    assert shown.tap(shown.button("Kembali")) == [Back()]
    assert shown.button("Kembali")


def marked(shown: Shown) -> str:
    return shown.stage._mark


@pytest.mark.parametrize("size", [PORTRAIT, (1920, 1080)])
@pytest.mark.parametrize("name", sorted(APPLY))
def test_practice_is_marked_on_every_screen_of_it(name: str, size: tuple[int, int]) -> None:
    state = APPLY[name]()
    assert isinstance(state.journey, Apply)
    practising = replace(state, journey=replace(state.journey, purpose="practice"))
    for contrast in (False, True):
        shown = show(replace(practising, contrast=contrast), size=size, sources=SOURCES)
        assert marked(shown) == "Latihan: tidak dikirim"
    shown.draw(state)
    assert marked(shown) == ""


@pytest.mark.picture
def test_learn_pictures() -> None:
    for name in ("list", "practised", "kbli-0", "risk-2"):
        assert show(STATES[name]).picture(f"scene-learn-{name}").stat().st_size > 4000
    show(STATES["kbli-0"], size=(1920, 1080)).picture("scene-learn-landscape")
    state = APPLY["scale-capital"]()
    show(replace(state, journey=replace(state.journey, purpose="practice"))).picture("scene-learn-practice")  # type: ignore[type-var]
