"""The FAQ quotes its pack or says it does not know."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from kiosk.knowledge import faq
from kiosk.knowledge.texts import Lang

TODAY = date(2026, 11, 24)
HERE = Path(__file__).parent


def read(name: str) -> list[tuple[Lang, str, set[str]]]:
    rows: list[tuple[Lang, str, set[str]]] = []
    for line in (HERE / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            lang, question, *ids = line.split("\t")
            rows.append(("en" if lang == "en" else "id", question, set(ids[0].split()) if ids else set()))
    return rows


def right(rows: list[tuple[Lang, str, set[str]]]) -> float:
    asked = [row for row in rows if row[2]]
    found = [faq.answer(question, lang, TODAY).question for lang, question, _ in asked]
    return sum(
        one is not None and one.id in ids for one, (_, _, ids) in zip(found, asked, strict=True)
    ) / len(asked)


def test_there_are_enough_questions_and_each_is_whole():
    every = faq.questions()
    assert len(every) >= 150
    assert len({one.id for one in every}) == len(every)
    for one in every:
        assert all(
            text.strip() for text in (one.ask.id, one.ask.en, one.answer.id, one.answer.en, one.source.law)
        ), one.id
        assert one.source.grade in ("H", "W"), one.id
        assert one.answer.id != one.answer.en, one.id


def test_pack_answers_its_own_questions_in_both_languages():
    usable = faq.usable(TODAY)
    wrong: list[tuple[Lang, str]] = []
    langs: tuple[Lang, Lang] = ("id", "en")
    for lang in langs:
        for one in usable:
            if faq.answer(one.ask.get(lang), lang, TODAY).question not in (one, None):
                wrong.append((lang, one.id))
    assert len(wrong) <= 0.06 * 2 * len(usable), wrong


SETS = {
    "faq_paraphrases.tsv": 0.9,
    "faq_unseen.tsv": 0.9,
    "faq_apart.tsv": 0.8,
    "faq_fourth.tsv": 0.8,
    "faq_fresh.tsv": 0.8,
}
"""Sets of paraphrases and what share of them must be answered right at once; how each came about stands in it."""


@pytest.mark.parametrize(("name", "floor"), SETS.items())
def test_paraphrases_find_the_answer(name: str, floor: float):
    assert right(read(name)) >= floor


def test_another_law_is_hardly_ever_quoted():
    asked = [row for name in SETS for row in read(name) if row[2]]
    told = [(faq.answer(question, lang, TODAY), ids) for lang, question, ids in asked]
    other = [one for one, ids in told if one.question is not None and one.question.id not in ids]
    assert len(other) <= 0.03 * len(asked)


def test_what_was_meant_is_nearly_always_among_what_is_shown():
    asked = [row for name in SETS for row in read(name) if row[2]]
    shown = 0
    for lang, question, ids in asked:
        told = faq.answer(question, lang, TODAY)
        shown += bool(ids & {one.id for one in (told.question, *told.follow_ups) if one is not None})
    assert shown >= 0.93 * len(asked)


def test_other_matters_are_unknown():
    other = [row for name in SETS for row in read(name) if not row[2]]
    unknown = [faq.answer(question, lang, TODAY).kind in ("unknown", "which") for lang, question, _ in other]
    assert sum(unknown) >= len(unknown) - 2


def test_two_that_are_as_near_as_each_other_are_asked_about():
    found = faq.answer("lkpm usaha kecil kapan tanggalnya", "id", TODAY)
    assert (found.kind, found.question, found.text) == ("which", None, faq.WHICH)
    assert {"J03", "J04"} <= {one.id for one in found.follow_ups}


def test_an_answer_speaks_of_the_subject_that_was_named():
    for question, subject in (("berapa lama pirt berlaku", "pirt"), ("how long is slhs valid", "slhs")):
        told = faq.answer(question, "en" if question.startswith("how") else "id", TODAY).question
        assert told is not None
        assert subject in told.ask.id.lower()


def test_answer_is_the_packs_own_words_with_source_and_date():
    found = faq.answer("berapa biaya membuat nib?", "id", TODAY)
    assert found.kind == "answer"
    assert found.question is not None
    assert found.text == found.question.answer
    assert found.question.source.law == "PP 6/2021"
    assert found.question.source.review_by > TODAY
    assert 1 <= len(found.follow_ups) <= 4
    assert found.question not in found.follow_ups


def test_stale_answer_is_not_given():
    found = faq.answer("Berapa biaya membuat NIB?", "id", TODAY)
    assert found.question is not None
    later = found.question.source.review_by + timedelta(days=1)
    stale = faq.answer("Berapa biaya membuat NIB?", "id", later)
    assert stale.kind == "stale"
    assert stale.text == faq.OUTDATED
    assert all(one.source.usable(later) for one in stale.follow_ups)


@pytest.mark.parametrize("question", ["", "   ", "?!", "qwzx plkj", "🙂"])
def test_nothing_asked_nothing_known(question: str):
    assert faq.answer(question, "en", TODAY).kind == "unknown"
    assert faq.answer(question, "id", TODAY).text == faq.I_DO_NOT_KNOW
