"""Tanya jawab on the screen: every look and language, what its tiles send, and what an answer shows of its source."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from kiosk import i18n
from kiosk.flow.events import Back, CallOfficer, Choose, Forward, Leave, TurnPage
from kiosk.flow.model import Place, Visit
from kiosk.flow.results import Trouble
from kiosk.journeys.faq import Faq
from kiosk.knowledge import faq
from tests.screens.scenes import LANDSCAPE, PORTRAIT, Shown, show, written

TODAY = date(2026, 11, 24)
LOOKS: dict[str, tuple[tuple[int, int], dict[str, Any]]] = {
    "": (PORTRAIT, {}),
    "12": (PORTRAIT, {"text_step": 1}),
    "14-contrast": (PORTRAIT, {"text_step": 2, "contrast": True}),
    "wide": (LANDSCAPE, {}),
    "wide-14": (LANDSCAPE, {"text_step": 2}),
}
START = faq.starters(TODAY)


def answered(name: str) -> faq.Answer:
    found = faq.named(name, TODAY)
    assert found is not None
    return found


LONGEST = max(faq.questions(), key=lambda one: len(one.answer.id) + len(one.ask.id))
STATES: dict[str, Faq] = {
    "chat": Faq(offered=START),
    "chat-last": Faq(offered=START, page=3),
    "chat-typed": Faq(
        typed="lupa pasword", offered=faq.suggest("lupa pasword", "id", TODAY), offered_for="lupa pasword"
    ),
    "chat-none": Faq(typed="xyz", offered_for="xyz"),
    "chat-trouble": Faq(offered=START, trouble=Trouble.INTERNAL),
    "answer": Faq(told=answered("A04"), speaks=True),
    "answer-longest": Faq(told=answered(LONGEST.id), speaks=True, speaking=True),
    "answer-unknown": Faq(told=faq.answer("harga cabai di pasar hari ini", "id", TODAY)),
    "answer-nothing-near": Faq(told=faq.answer("qwzx", "id", TODAY)),
    "answer-which": Faq(told=faq.answer("lkpm usaha kecil kapan tanggalnya", "id", TODAY), speaks=True),
    "answer-stale": Faq(told=faq.answer("berapa biaya membuat nib", "id", date(2099, 1, 1))),
}  # fmt: skip


def at(journey: Faq, **fields: Any) -> Visit:
    return replace(Visit("s", stage=Place.MENU, remaining=220), journey=journey, **fields)


def drawn(name: str, look: str, language: str) -> Shown:
    size, fields = LOOKS[look]
    return show(at(STATES[name], language=language, **fields), size=size)


@pytest.mark.parametrize("name", STATES)
@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("language", ["id", "en"])
def test_it_has_room_in_every_look(name: str, look: str, language: str) -> None:
    shown = drawn(name, look, language)
    assert (shown.small(), shown.outside()) == ([], [])
    assert shown.under_nav() == []
    if name.startswith("chat"):
        shown.scene.open_keys()  # type: ignore[attr-defined] -- the chat's own
        assert (shown.small(), shown.outside()) == ([], [])


@pytest.mark.parametrize("language", ["id", "en"])
def test_buttons_send_their_touches(language: str) -> None:
    def say(key: str, **values: object) -> str:
        return i18n.say(language, key, **values)

    chat = drawn("chat", "", language)
    for one in STATES["chat"].tiles:
        assert chat.tap(chat.button(one.ask.get(language))) == [Choose(one.id)]
    assert chat.tap(chat.button(say("chat.more", n=len(START) - 4))) == [TurnPage()]
    assert chat.tap(chat.button(say("nav.back"))) == [Back()]
    answer = drawn("answer", "", language)
    assert answer.tap(answer.button(say("answer.speak"))) == [Choose("speak")]
    assert answer.tap(answer.button(say("answer.again"))) == [Forward()]
    assert answer.tap(answer.button(say("nav.leave"))) == [Leave()]
    unknown = drawn("answer-unknown", "", language)
    officer = next(
        part for part in unknown.scene.parts if getattr(getattr(part, "on_tap", None), "event", None)
    )
    assert unknown.tap(officer) == [CallOfficer()]


def test_typing_goes_to_the_flow_and_the_filled_key_asks() -> None:
    shown = drawn("chat", "", "id")
    shown.scene.open_keys()  # type: ignore[attr-defined]
    keyboard = shown.scene.keyboard  # type: ignore[attr-defined]
    assert [str(touch) for touch in shown.key(keyboard, "n")] == ["Key()"]
    assert shown.key(keyboard, "\n") == [Forward()]


def test_without_a_voice_there_is_no_button() -> None:
    shown = show(at(replace(STATES["answer"], speaks=False)))
    with pytest.raises(KeyError):
        shown.button(i18n.say("id", "answer.speak"))


def test_an_answer_shows_its_law_and_date_and_a_stale_one_nothing_of_itself() -> None:
    told = STATES["answer"].told
    assert told is not None
    assert told.question is not None
    seen = written(lambda: drawn("answer", "", "id"))
    assert told.text.id in seen
    assert f"{told.question.source.law} {told.question.source.article} · diperiksa 24 Nov 2026" in seen
    stale = written(lambda: drawn("answer-stale", "", "id"))
    assert "Perlu diperiksa" in stale
    assert told.text.id not in stale


@pytest.mark.picture
@pytest.mark.parametrize("name", STATES)
def test_pictures(name: str) -> None:
    for language in ("id", "en"):
        for look in LOOKS if name in ("chat", "answer", "answer-unknown") else ("",):
            ending = "-".join(part for part in (name, look, language) if part)
            assert drawn(name, look, language).picture(f"faq-{ending}").stat().st_size > 4000
