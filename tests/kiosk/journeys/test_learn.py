"""Belajar and Latihan: lessons are read to the end; a practice run asks nothing of the world that leaves a trace."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from kiosk.assets import icon
from kiosk.flow import orders
from kiosk.flow.events import Back, Begin, Choose, Event, Forward, Leave, Reply, SaveAndLeave, Tick
from kiosk.flow.model import Place
from kiosk.flow.orders import Effect, LoadLessons, Note
from kiosk.flow.results import LessonsLoaded
from kiosk.flow.visit import begin, step
from kiosk.journeys.apply.state import Apply
from kiosk.journeys.learn import Learn
from kiosk.journeys.practice import HERE
from kiosk.knowledge.lessons import SECONDS, Lesson, LessonsPack, lesson_for, lessons, source
from kiosk.knowledge.packs import PACKS, read
from tests.kiosk.flow.replay import Walk
from tests.kiosk.flow.test_monkey import SIGNALS, TOUCHES, answer

ENVELOPE = (
    orders.OpenCamera, orders.CloseCamera, orders.Note, orders.Sound, orders.ForgetIdentity, orders.LookAround,
    orders.CancelRequests, orders.EndVisit, orders.RingOfficer, orders.StopRinging, orders.ProveOfficer,
    orders.InviteSurvey, orders.LoadLessons,
)  # fmt: skip
"""What the visit around it does on its own: camera on and off, the end, calling an officer."""


OF_THE_VISIT = ("step", "help", "help_coming", "device", "practice", "end", "journey", "left_behind", "smile")


def begun() -> Walk:
    walk = Walk().do(Begin(), Choose("none"), Choose("learn"))
    assert walk.place is Place.LEARN
    return walk.answer(LoadLessons, LessonsLoaded(lessons()))


def learning(walk: Walk) -> Learn:
    assert isinstance(walk.visit.journey, Learn)
    return walk.visit.journey


def test_a_lesson_is_read_card_by_card_and_counted_once() -> None:
    walk = begun().do(Choose("kbli"))
    for card in range(3):
        assert learning(walk).card == card
        walk.do(Forward())
    assert learning(walk).lesson is None
    notes = [note for note in walk.orders(Note) if note.word == "lesson"]
    assert [(note.detail, note.place, dict(note.facts)) for note in notes] == [
        ("kbli", "learn", {"by": "visitor"})
    ]
    walk.do(Choose("kbli"), Forward(), Back(), Back())
    assert learning(walk).lesson is None
    walk.do(Back())
    assert walk.place is Place.MENU


def test_practice_runs_the_real_journey_and_sends_nothing() -> None:
    walk = begun().do(Choose("practice"))
    assert walk.place is Place.SEARCH
    assert walk.visit.practising
    assert walk.visit.journey is not None
    assert walk.visit.journey.draft is None
    journey = walk.visit.journey
    assert isinstance(journey, Apply)
    # At the review, with all there is to declare: sending is the end of the practice.
    walk.visit = replace(walk.visit, journey=replace(journey, place=Place.REVIEW, declared=True))
    walk.do(Forward())
    assert walk.place is Place.LEARN
    assert learning(walk).practised
    assert not walk.orders(orders.Submit)
    assert [note.detail for note in walk.orders(Note) if note.word == "practice"] == ["begun", "finished"]
    assert not [note for note in walk.orders(Note) if note.word in ("submitted", "spared", "kbli", "page")]


@pytest.mark.parametrize("event", [SaveAndLeave(), Leave(), Tick(400)])
def test_leaving_practice_keeps_no_draft(event: Event) -> None:
    walk = begun().do(Choose("practice"), event)
    assert not walk.orders(orders.SaveDraft)
    assert walk.place in (Place.MENU, Place.FAREWELL)


def test_practice_is_no_service_of_its_own() -> None:
    walk = Walk().do(Begin(), Choose("none"), Choose("practice"))
    assert walk.place is Place.MENU


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_whatever_is_touched_in_practice_nothing_leaves_the_kiosk(data: st.DataObject) -> None:
    """Orders of a practice run are of `HERE` or the envelope's own; no count of a real application is written."""
    visit, effects = begin("p"), ()
    open_effects: list[Effect] = []

    def do(event: Event) -> None:
        nonlocal visit, effects
        visit, effects = step(visit, event)
        open_effects.extend(effect for effect in effects if effect.order.answers)

    for event in (Begin(), Choose("none"), Choose("learn"), Choose("practice")):
        do(event)
    for _ in range(data.draw(st.integers(5, 50))):
        if not visit.practising:
            break
        if data.draw(st.booleans()) and open_effects:
            effect = open_effects.pop(data.draw(st.integers(0, len(open_effects) - 1)))
            result: Any = answer(effect, data.draw(st.booleans()), True)
            do(Reply("p", effect.request, result))
        else:
            do(data.draw(st.one_of(SIGNALS, TOUCHES)))
        for effect in effects:
            assert isinstance(effect.order, (*HERE, *ENVELOPE)), effect.order
            if isinstance(effect.order, Note):
                assert effect.order.word in OF_THE_VISIT


def test_every_lesson_is_short_sourced_dated_and_drawn() -> None:
    assert len(lessons()) >= 8
    for lesson in lessons():
        assert 0 < lesson.seconds <= SECONDS
        assert source(lesson).law
        assert source(lesson).review_by > date(2026, 11, 24)
        for card in lesson.cards:
            icon(card.picture)  # KeyError for a picture the kiosk cannot draw
            for language in ("id", "en"):
                assert card.title.get(language).strip()
                assert card.words.get(language).strip()
    assert lesson_for("search").id == "kbli"
    assert lesson_for("ticket") == lessons()[0]


def test_a_spoilt_pack_is_refused(tmp_path: Path) -> None:
    whole = (PACKS / "lessons.toml").read_text("utf-8")
    for spoilt in (
        whole.replace('id = "scale"', 'id = "kbli"'),
        whole.replace('places = ["scale"]', 'places = ["search"]'),
        whole.replace('places = ["scale"]', 'places = ["nowhere"]'),
        whole.replace("Cukup NIB.", "kata " * 140),
        whole.replace('picture = "coins"', 'picture = "Coins!"'),
    ):
        assert spoilt != whole
        (tmp_path / "lessons.toml").write_text(spoilt, "utf-8")
        with pytest.raises(ValidationError):
            read(tmp_path / "lessons.toml", LessonsPack)
    assert isinstance(lessons()[0], Lesson)
