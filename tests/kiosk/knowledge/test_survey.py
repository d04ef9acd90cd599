"""The survey's pack: nine questions with four answers each, and one order shared with the index's element names."""

from __future__ import annotations

import tomllib
from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from kiosk.insight import skm
from kiosk.knowledge.packs import PACKS
from kiosk.knowledge.survey import SurveyPack, arrange, questions, source, version


def raw() -> dict[str, Any]:
    return tomllib.loads((PACKS / "survey.toml").read_text(encoding="utf-8"))


def test_nine_questions_with_four_answers_each_in_both_languages() -> None:
    asked = questions()
    assert tuple(question.element for question in asked) == skm.ELEMENTS
    for question in asked:
        assert len({answer.id for answer in question.answers}) == 4
        assert len({answer.en for answer in question.answers}) == 4
        for words in (question.ask, question.label, *question.answers):
            assert words.id.strip()
            assert words.en.strip()
        assert question.ask.id.endswith("?")
        assert question.ask.en.endswith("?")
        assert len(question.ask.id.split()) <= 9, "said simply"


def test_the_pack_says_where_it_is_from_and_until_when() -> None:
    where = source()
    assert where.law == "PermenPANRB 14/2017"
    assert where.grade == "W"
    assert where.checked_on < where.review_by
    assert where.usable(date(2026, 11, 24))
    assert version() == raw()["pack"]["version"]


def test_facilities_and_complaints_stand_where_the_report_names_them() -> None:
    """The questions and the index's names come from two packs; an answer must not be counted under the other's name."""
    words = {
        "facilities": "Sarana",
        "complaints": "pengaduan",
        "time": "Waktu",
        "cost": "Biaya",
        "result": "Produk",
    }
    names = skm.pack()["elements"]
    for question in questions():
        if question.about in words:
            assert words[question.about] in names[question.element]["id"]


def test_u8_and_u9_change_places_by_the_pack_alone() -> None:
    pack = raw()
    order = pack["elements"]["order"]
    pack["elements"]["order"] = [*order[:7], order[8], order[7]]
    swapped = arrange(SurveyPack.model_validate(pack))
    assert [(one.element, one.about) for one in swapped[7:]] == [("u8", "complaints"), ("u9", "facilities")]


def _missing_answer(pack: dict[str, Any]) -> None:
    pack["question"][2]["answers"].pop()


def _missing_question(pack: dict[str, Any]) -> None:
    pack["question"].pop()


def _twice(pack: dict[str, Any]) -> None:
    pack["elements"]["order"][8] = "time"


def _unknown(pack: dict[str, Any]) -> None:
    pack["question"][0]["score"] = 4


@pytest.mark.parametrize("spoil", [_missing_answer, _missing_question, _twice, _unknown])
def test_a_spoilt_pack_is_refused(spoil: Any) -> None:
    pack = raw()
    SurveyPack.model_validate(pack)
    spoil(pack)
    with pytest.raises(ValidationError):
        SurveyPack.model_validate(pack)
