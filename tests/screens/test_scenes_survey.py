"""The survey's scenes: every question in every look and language, its taps, and faces that stay where they are."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from kiosk import i18n
from kiosk.flow.events import Back, Choose, Forward
from kiosk.flow.model import Place, Visit
from kiosk.flow.results import Trouble
from kiosk.flow.visit import step
from kiosk.journeys.survey import Survey
from kiosk.knowledge.survey import profile, questions, version
from tests.screens.scenes import LANDSCAPE, PORTRAIT, Shown, show

LOOKS: dict[str, tuple[tuple[int, int], dict[str, Any]]] = {
    "": (PORTRAIT, {}),
    "12": (PORTRAIT, {"text_step": 1}),
    "14-contrast": (PORTRAIT, {"text_step": 2, "contrast": True}),
    "contrast": (PORTRAIT, {"contrast": True}),
    "wide": (LANDSCAPE, {}),
    "wide-12": (LANDSCAPE, {"text_step": 1}),
    "wide-14": (LANDSCAPE, {"text_step": 2}),
}
BLANK = Survey(questions(), version())


def at(journey: Survey, **fields: Any) -> Visit:
    return replace(Visit("s", stage=Place.MENU, remaining=120), journey=journey, **fields)


STATES: dict[str, Visit] = {
    **{f"u{number + 1}": at(replace(BLANK, at=number)) for number in range(9)},
    "corrected": at(replace(BLANK, at=2, scores=(("u3", 3),))),
    "waiting": at(Survey()),
    **{
        f"about-{one.name}": at(
            Survey(
                questions(), version(), 9 + number, (("u1", 4),), profile=profile(), told=(("age", "older"),)
            )
        )
        for number, one in enumerate(profile())
    },
    "no-questions": at(Survey(trouble=Trouble.INTERNAL)),
    "thanks": at(replace(BLANK, thanked=True, scores=(("u1", 4),))),
    "repeated": at(Survey(thanked=True, repeated=True)),
    "not-kept": at(replace(BLANK, thanked=True, scores=(("u1", 4),), trouble=Trouble.DISK_FULL)),
}


def every_look() -> list[tuple[str, str, str]]:
    return [(name, look, language) for name in STATES for look in LOOKS for language in ("id", "en")]


def drawn(name: str, look: str, language: str) -> Shown:
    size, fields = LOOKS[look]
    return show(replace(STATES[name], language=language, **fields), size=size)


@pytest.mark.parametrize(("name", "look", "language"), every_look())
def test_survey_has_room_in_every_look(name: str, look: str, language: str, monkeypatch: Any) -> None:
    from screens.widgets.text import Setter

    def refuse(_self: Setter, word: list[tuple[str, Any]], room: float) -> list[list[tuple[str, Any]]]:
        raise AssertionError(f"a word is wider than its room of {room:.0f}: {''.join(t for t, _ in word)}")

    monkeypatch.setattr(Setter, "_break", refuse)
    size, _ = LOOKS[look]
    shown = drawn(name, look, language)
    assert shown.small() == []
    assert shown.outside() == []
    assert shown.under_nav() == []
    bars = [part for part in shown.scene.parts if type(part).__name__ == "Stepper"]
    if bars and size == LANDSCAPE:
        assert bars[0].bottom < 792, "the bars lie on the sea"


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("look", LOOKS)
def test_the_four_faces_answer_from_worst_to_best_and_stay_in_place(look: str, language: str) -> None:
    places: set[tuple[tuple[int, int], ...]] = set()
    for number, question in enumerate(questions(), 1):
        shown = drawn(f"u{number}", look, language)
        faces = [shown.button(answer.get(language)) for answer in question.answers]
        assert [shown.tap(face) for face in faces] == [[Choose(score)] for score in "1234"]
        order = sorted(faces, key=lambda face: (round(face.y), round(face.x)))
        assert order == faces, "read as a page is read, the worst stands first"
        places.add(tuple((round(face.x), round(face.y)) for face in faces))
    assert len(places) == 1, "a finger that answers quickly must find the same face at the same place"


@pytest.mark.parametrize("language", ["id", "en"])
def test_survey_buttons_send_their_events(language: str) -> None:
    wanted: dict[str, dict[str, Any]] = {
        "u1": {"nav.back": Back(), "survey.skip": Choose("skip"), "survey.stop": Choose("stop")},
        "waiting": {"survey.stop": Choose("stop")},
        "no-questions": {"survey.stop": Choose("stop")},
        "thanks": {"nav.menu": Choose("menu"), "nav.done": Forward()},
        "repeated": {"nav.menu": Choose("menu"), "nav.done": Forward()},
    }
    for name, taps in wanted.items():
        shown = drawn(name, "", language)
        for key, event in taps.items():
            assert shown.tap(shown.button(i18n.say(language, key))) == [event]
            after, effects = step(STATES[name], event)
            assert after != STATES[name] or effects


def test_survey_shows_the_answer_that_is_corrected() -> None:
    shown = drawn("corrected", "", "id")
    chosen = [answer.id for answer in questions()[2].answers if shown.button(answer.id).skin_name == "chosen"]
    assert chosen == ["Cepat"]


def test_survey_does_not_smile_when_nothing_was_kept() -> None:
    assert drawn("not-kept", "", "id").scene.title == i18n.say("id", "survey.not_kept")
    assert drawn("thanks", "", "id").scene.title == i18n.say("id", "survey.thanks")
    assert drawn("repeated", "", "id").scene.title == i18n.say("id", "survey.repeated")


@pytest.mark.picture
@pytest.mark.parametrize("name", ["u3", "u9", "about-work", "corrected", "thanks", "not-kept", "waiting"])
def test_survey_pictures(name: str) -> None:
    for language in ("id", "en"):
        for look in LOOKS if name in ("u3", "thanks") else ("",):
            ending = "-".join(part for part in (name, look, language) if part)
            path = drawn(name, look, language).picture(f"survey-{ending}")
            assert path.stat().st_size > 4000
