"""The satisfaction survey from the tile to the thanks, without a screen or a portal."""

from __future__ import annotations

import pytest

from kiosk.flow.events import Back, Begin, Choose, DeviceChanged, Forward, Leave, Tick
from kiosk.flow.model import Place
from kiosk.flow.orders import EndVisit, LoadSurvey, LookAround, Note, SendSurvey
from kiosk.flow.results import Done, Failed, LeftBehind, SurveyLoaded, Trouble
from kiosk.insight.vocabulary import faults
from kiosk.journeys import SERVICES
from kiosk.journeys.survey import Survey
from kiosk.knowledge.survey import profile, questions, version
from tests.kiosk.flow.replay import Walk


def journey(walk: Walk) -> Survey:
    assert isinstance(walk.visit.journey, Survey)
    return walk.visit.journey


def begun() -> Walk:
    """A visitor without any identity at the first question."""
    walk = Walk().do(Begin(), Choose("none"))
    assert walk.place is Place.MENU
    walk.do(Choose("survey"))
    assert walk.place is Place.SURVEY
    return walk.answer(LoadSurvey, SurveyLoaded(version(), questions()))


def faces(scores: str) -> list[Choose]:
    return [Choose(score) for score in scores]


def test_it_is_the_last_service_of_the_menu() -> None:
    assert list(SERVICES)[-1] == "survey"
    assert SERVICES["survey"].icon == "smiley"


def test_nine_touches_answer_nine_questions_and_thank() -> None:
    walk = begun()
    for number, score in enumerate("123412344"):
        assert journey(walk).at == number
        assert not walk.orders(SendSurvey)
        walk.do(Choose(score))
    wanted = tuple((f"u{number}", int(score)) for number, score in enumerate("123412344", 1))
    assert walk.orders(SendSurvey) == [SendSurvey(version(), wanted)]
    assert journey(walk).thanked
    walk.answer(SendSurvey, Done()).do(Forward())
    assert walk.place is Place.FAREWELL
    walk.answer(LookAround, LeftBehind(card=False, paper=False)).do(Tick(5))
    assert walk.orders(EndVisit) == [EndVisit("done")]


def about() -> Walk:
    """All nine answered; the first question about oneself."""
    walk = Walk().do(Begin(), Choose("none"), Choose("survey"))
    return walk.answer(LoadSurvey, SurveyLoaded(version(), questions(), profile())).do(*faces("444444444"))


def test_what_is_told_of_oneself_goes_along_and_all_of_it_may_be_skipped() -> None:
    walk = about()
    asked = journey(walk).about_you
    assert asked is not None
    assert asked.name == "sex"
    assert not walk.orders(SendSurvey)
    walk.do(Choose("woman"), Choose("a thousand"), Choose("older"), Choose("skip"), Choose("usaha"))
    (order,) = walk.orders(SendSurvey)
    assert order.profile == (("age", "older"), ("sex", "woman"), ("work", "usaha"))
    assert "older" not in repr(order)
    walk = about().do(*[Choose("skip")] * 4)
    assert [one.profile for one in walk.orders(SendSurvey)] == [()]
    assert journey(walk).thanked


def test_one_may_go_back_and_stop_while_telling_of_oneself() -> None:
    walk = about().do(Choose("man"), Back(), Choose("skip"), Choose("stop"))
    assert [one.profile for one in walk.orders(SendSurvey)] == [()]
    walk = about().do(Back())
    assert (journey(walk).at, journey(walk).about_you) == (8, None)


def test_whoever_skipped_all_nine_is_not_asked_about_themselves() -> None:
    walk = Walk().do(Begin(), Choose("none"), Choose("survey"))
    walk.answer(LoadSurvey, SurveyLoaded(version(), questions(), profile())).do(*[Choose("skip")] * 9)
    assert walk.place is Place.MENU


def test_words_about_oneself_are_ones_the_event_log_takes() -> None:
    for asked in profile():
        for word, _ in asked.choices:
            assert faults("survey", {"u1": 4, "how": "kiosk", asked.name: word}) == [], word


def test_back_corrects_and_skip_takes_an_answer_away() -> None:
    walk = begun().do(*faces("11"), Back(), Back())
    assert (journey(walk).at, journey(walk).given) == (0, 1)
    walk.do(Choose("4"))
    assert (journey(walk).at, journey(walk).given) == (1, 1)
    walk.do(Choose("skip"), Choose("stop"))
    assert walk.orders(SendSurvey) == [SendSurvey(version(), (("u1", 4),))]


def test_skipped_questions_are_left_blank() -> None:
    walk = begun().do(Choose("skip"), Choose("3"), *[Choose("skip")] * 7)
    assert walk.orders(SendSurvey) == [SendSurvey(version(), (("u2", 3),))]


@pytest.mark.parametrize(
    "touches",
    [
        [Choose("stop")],
        [Choose("skip")] * 9,
        [Choose("skip"), Choose("stop")],
        [Choose("2"), Back(), Choose("skip"), Choose("stop")],
        [Choose("2"), Back(), Back()],
        [Choose("5"), Choose("0"), Choose("u1"), Forward(), Choose("stop")],
    ],
)
def test_without_an_answer_nothing_is_sent_and_it_may_be_begun_again(touches: list[Choose]) -> None:
    walk = begun().do(*touches)
    assert walk.place is Place.MENU
    assert not walk.orders(SendSurvey)
    walk.do(Choose("survey"))
    assert len(walk.orders(LoadSurvey)) == 2


def test_one_survey_a_visit() -> None:
    walk = begun().do(*faces("444444444")).answer(SendSurvey, Done()).do(Choose("menu"), Choose("survey"))
    assert (journey(walk).thanked, journey(walk).repeated) == (True, True)
    walk.do(*faces("111111111"), Choose("stop"), Choose("skip"))
    assert len(walk.orders(SendSurvey)) == len(walk.orders(LoadSurvey)) == 1
    walk.do(Back())
    assert walk.place is Place.MENU


def test_the_next_visit_may_answer_again() -> None:
    begun().do(*faces("444444444"))
    assert len(begun().do(*faces("444444444")).orders(SendSurvey)) == 1


@pytest.mark.parametrize("end", [[Leave()], [Tick(300)]])
def test_leaving_in_between_sends_nothing(end: list[Leave]) -> None:
    walk = begun().do(*faces("12"), *end)
    assert walk.place is Place.FAREWELL
    assert not walk.orders(SendSurvey)
    assert walk.visit.journey is None


def test_a_full_disk_is_not_thanked_for() -> None:
    walk = begun().do(*faces("444444444")).answer(SendSurvey, Failed(Trouble.DISK_FULL))
    assert journey(walk).trouble is Trouble.DISK_FULL
    walk.do(Choose("menu"))
    assert walk.place is Place.MENU


def test_questions_that_cannot_be_read_leave_a_way_back() -> None:
    walk = Walk().do(Begin(), Choose("none"), Choose("survey")).answer(LoadSurvey, Failed(Trouble.INTERNAL))
    walk.do(Choose("1"), DeviceChanged("printer", usable=False), Choose("skip"))
    assert walk.place is Place.SURVEY
    assert walk.do(Choose("stop")).place is Place.MENU


def test_answers_never_show_in_state_or_notes() -> None:
    walk = begun().do(*faces("432143214"))
    assert "('u2', 3)" not in repr(walk.visit) + repr(walk.effects)
    words = {
        (note.word, note.place, note.detail, note.facts) for note in walk.orders(Note) if note.word != "visit"
    }
    assert ("step", "survey", "", ()) in words
    assert ("journey", "", "survey", ()) in words
    assert not [word for word in words if word[0] == "survey"], "the counted event belongs to no visit"
