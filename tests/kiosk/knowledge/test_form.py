"""The form: few screens, two fields at most, both languages, and answers judged in words."""

import pytest

from kiosk.knowledge import form


@pytest.mark.parametrize("code", ["56303", "49296", "10431", "01262"])
@pytest.mark.parametrize("size", ["mikro", "besar"])
def test_at_most_six_screens_of_at_most_two_fields(code: str, size: str):
    screens = form.screens(code, size)
    assert 1 <= len(screens) <= 6
    assert all(1 <= len(screen.questions) <= 2 for screen in screens)
    ids = [question.id for question in form.questions(code, size)]
    assert len(ids) == len(set(ids))


def test_land_and_building_share_the_screen_of_the_design():
    area = next(screen for screen in form.screens("56303", "mikro") if screen.id == "area")
    assert [question.id for question in area.questions] == ["land_area", "building_area"]
    assert area.step.id == "Lokasi usaha"
    assert area.title.id == "Berapa luas tempat usaha Anda?"


def test_a_motorcycle_taxi_is_not_asked_for_its_floor_space():
    assert "area" not in {screen.id for screen in form.screens("49296", "mikro")}


def question(name: str) -> form.Question:
    return next(q for q in form.questions("56303", "mikro") if q.id == name)


def test_districts_are_the_fifteen_of_mukomuko():
    assert len(question("district").choices) == 15


@pytest.mark.parametrize(
    ("name", "answer", "fine"),
    [
        ("land_area", "120", True),
        ("land_area", "1.200", True),
        ("land_area", "", False),
        ("land_area", "0", False),
        ("land_area", "-5", False),
        ("land_area", "１２", False),
        ("building_area", "0", True),
        ("business_name", "  ab ", False),
        ("business_name", "Warung Bahari", True),
        ("business_name", "x" * 101, False),
        ("district", "17.06.02", True),
        ("district", "17.06.99", False),
        ("working_capital", "999999999999999999", False),
    ],
)
def test_answers_are_judged_in_words(name: str, answer: str, fine: bool):
    found = form.problem(question(name), answer)
    assert (found is None) == fine
    if found:
        assert found.id
        assert found.en
