"""Tanya jawab from the tile to the answer and on, without a screen."""

from __future__ import annotations

from datetime import date

from kiosk.flow.events import Back, Begin, Choose, Forward, Key, Leave, Reply, TurnPage
from kiosk.flow.model import Place
from kiosk.flow.orders import AskFaq, CancelRequests, Hush, KeepQuestion, Note, Speak, SuggestFaq
from kiosk.flow.results import Done, Failed, Suggested, Told, Trouble
from kiosk.journeys.faq import TILES, Faq
from kiosk.knowledge import faq
from kiosk.store.asked import KEPT_DAYS
from tests.kiosk.flow.replay import Walk

TODAY = date(2026, 11, 24)


def journey(walk: Walk) -> Faq:
    assert isinstance(walk.visit.journey, Faq)
    return walk.visit.journey


def begun(*, speaks: bool = True) -> Walk:
    walk = Walk().do(Begin(), Choose("none"), Choose("faq"))
    assert walk.place is Place.CHAT
    return walk.answer(SuggestFaq, Suggested("", faq.starters(TODAY), speaks))


def told(walk: Walk) -> Walk:
    order = walk.orders(AskFaq)[-1]
    found = faq.named(order.chosen, TODAY) or faq.answer(order.typed, "id", TODAY)
    return walk.answer(AskFaq, Told(found))


def test_a_tile_is_answered_and_leads_on_and_back() -> None:
    walk = begun()
    first = journey(walk).tiles[0]
    told(walk.do(Choose(first.id)))
    assert walk.place is Place.ANSWER
    assert journey(walk).told == faq.named(first.id, TODAY)
    second = journey(walk).tiles[0]
    told(walk.do(Choose(second.id)))
    assert journey(walk).told == faq.named(second.id, TODAY)
    walk.do(Back())
    assert journey(walk).told == faq.named(first.id, TODAY)
    assert walk.do(Back()).place is Place.CHAT
    assert walk.do(Back()).place is Place.MENU


def test_what_is_typed_is_answered_and_an_old_suggestion_is_ignored() -> None:
    walk = begun().do(*map(Key, "lupa"))
    late = walk.last(SuggestFaq)
    walk.do(*map(Key, " sandi")).do(Reply("s1", late.request, Suggested("lupa", faq.starters(TODAY))))
    assert journey(walk).offered_for == "", "the answer to an older text shows nothing"
    walk.answer(SuggestFaq, Suggested("lupa sandi", faq.suggest("lupa sandi", "id", TODAY)))
    assert journey(walk).tiles[0].id == "B10"
    told(walk.do(Forward()))
    answer = journey(walk).told
    assert answer is not None
    assert answer.kind == "answer"
    assert answer.question is not None
    assert answer.question.id == "B10"
    assert not walk.orders(KeepQuestion)
    assert ("asked", "B10", (("how", "answer"),)) in [
        (note.word, note.detail, note.facts) for note in walk.orders(Note)
    ]


def test_what_is_not_known_is_kept_for_the_office_and_said_so() -> None:
    walk = begun().do(*map(Key, "harga cabai di pasar hari ini"))
    told(walk.do(Forward()))
    answer = journey(walk).told
    assert answer is not None
    assert answer.kind == "unknown"
    assert walk.orders(KeepQuestion) == [KeepQuestion("faq", "unknown", "harga cabai di pasar hari ini")]
    told(walk.do(Choose(journey(walk).tiles[0].id)))
    assert len(walk.orders(KeepQuestion)) == 1


def test_what_was_typed_never_shows_in_state_or_effects() -> None:
    walk = begun().do(*map(Key, "nama saya zulkarnain"))
    told(walk.do(Forward()))
    assert "zulkarnain" not in repr(walk.visit) + repr(walk.effects)


def test_asked_back_when_two_are_as_near_and_nothing_is_kept_or_counted() -> None:
    walk = told(begun().do(*map(Key, "lkpm usaha kecil kapan tanggalnya"), Forward()))
    answer = journey(walk).told
    assert answer is not None
    assert answer.kind == "which"
    assert not walk.orders(KeepQuestion)
    assert "asked" not in {note.word for note in walk.orders(Note)}
    told(walk.do(Choose("J03")))
    assert ("asked", "J03") in [(note.word, note.detail) for note in walk.orders(Note)]


def test_a_stale_answer_is_not_read_out() -> None:
    later = date(2099, 1, 1)
    walk = begun().do(*map(Key, "berapa biaya membuat nib"), Forward())
    walk.answer(AskFaq, Told(faq.answer("berapa biaya membuat nib", "id", later)))
    answer = journey(walk).told
    assert answer is not None
    assert (answer.kind, answer.text) == ("stale", faq.OUTDATED)
    assert walk.orders(KeepQuestion)[0].why == "stale"


def test_reading_aloud_begins_stops_and_ends_with_the_screen() -> None:
    walk = told(begun().do(Choose("A04")))
    walk.do(Choose("speak"))
    answer = journey(walk).told
    assert answer is not None
    assert answer.question is not None
    assert walk.orders(Speak) == [Speak((answer.question.ask, answer.text))]
    assert journey(walk).speaking
    walk.do(Choose("speak"))
    assert (journey(walk).speaking, len(walk.orders(Hush))) == (False, 1)
    walk.do(Choose("speak"), Back())
    assert len(walk.orders(Hush)) == 2
    told(walk.do(Choose("A04")))
    walk.do(Choose("speak")).answer(Speak, Done())
    assert not journey(walk).speaking
    walk.do(Choose("speak"))
    asked = walk.last(Speak).request
    walk.do(Leave())
    assert any(asked in cancel.requests for cancel in walk.orders(CancelRequests))


def test_without_a_voice_nothing_is_read() -> None:
    walk = told(begun(speaks=False).do(Choose("A04"))).do(Choose("speak"))
    assert not walk.orders(Speak)


def test_ask_again_starts_anew_and_pages_turn() -> None:
    walk = begun()
    first = journey(walk).tiles
    assert len(first) == TILES
    walk.do(TurnPage())
    assert journey(walk).tiles != first
    told(walk.do(Choose(journey(walk).tiles[0].id))).do(Forward())
    assert (walk.place, journey(walk).before, journey(walk).page) == (Place.CHAT, (), 0)


def test_trouble_leaves_the_tiles() -> None:
    walk = begun().do(Choose("A04")).answer(AskFaq, Failed(Trouble.INTERNAL))
    assert (walk.place, journey(walk).trouble) == (Place.CHAT, Trouble.INTERNAL)
    told(walk.do(Choose("A04")))
    assert walk.place is Place.ANSWER


def test_kept_questions_are_erased_after_weeks_not_years() -> None:
    assert 7 * 4 <= KEPT_DAYS <= 7 * 13
