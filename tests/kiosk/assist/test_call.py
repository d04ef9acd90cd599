"""What kiosk and desk may say to each other, who wins a call, and that nothing of it reaches a visitor's data."""

from __future__ import annotations

import json
from dataclasses import asdict, fields, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.assist.call.book import Book
from kiosk.assist.call.wire import Call, Do, Said, State, WireError, pack_do, pack_state, read_do, read_state
from kiosk.flow import events as ev
from kiosk.flow import orders
from kiosk.flow.model import Help, Person, Place
from kiosk.flow.visit import begin
from kiosk.main.pipe import Officer, encode, new_name
from kiosk.main.visit import signal_of
from tests.kiosk.flow.replay import Walk

ONE, TWO, NAME = "a" * 16, "b" * 16, "c" * 16
PLANTED = "9971014101900001"


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def book(clock: Clock | None = None) -> Book:
    clock = clock or Clock()
    return Book("K-02", "Ruang Tunggu", new_name, clock, lambda: 1795000000.0 + clock.now, answer_seconds=180)


STATE = State(
    "K-02", "Ruang Tunggu", 1795000000.5, "visit", "camera", 180, call=Call(NAME, "camera", 24, 180)
)


def test_a_state_comes_through_and_is_small() -> None:
    full = replace(STATE, down=(("printer", "paper_out"),), stuck=(("camera", 9), ("search", 4)))
    packed = pack_state(full)
    assert read_state(packed) == full
    assert len(packed) < 600


@pytest.mark.parametrize(
    "wrong",
    [
        {"spot": f"Ruang {PLANTED}"},
        {"spot": "Siti\nAminah"},
        {"place": "Siti Aminah"},
        {"place": PLANTED},
        {"language": "jv"},
        {"doing": "dancing"},
        {"kiosk": "K-02/../K-03"},
        {"place_age": -1},
        {"place_age": True},
        {"at": float("inf")},
        {"down": [["printer", "Kertas habis"]]},
        {"down": [["wallet", "open"]]},
        {"stuck": [["camera", 1.5]]},
        {"call": {"id": PLANTED, "place": "camera"}},
        {"call": {"id": NAME, "place": "camera", "name": "Siti"}},
        {"name": "Siti"},
        {"call": 5},
    ],
)
def test_a_state_with_anything_else_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(WireError) as refused:
        read_state(json.dumps({**asdict(STATE), **wrong}))
    assert PLANTED not in str(refused.value)


def test_what_must_not_travel_does_not_leave_the_kiosk() -> None:
    with pytest.raises(WireError):
        pack_state(replace(STATE, spot=PLANTED))
    with pytest.raises(WireError):
        pack_do(Do("take", NAME, "", 2))


@given(st.one_of(st.binary(max_size=200), st.text(max_size=200)))
@settings(max_examples=100, deadline=None)
def test_garbage_is_refused_and_never_more(data: bytes | str) -> None:
    for read in (read_state, read_do):
        with pytest.raises(WireError):
            read(data)


def test_the_first_take_wins_and_the_second_is_told_by_the_state() -> None:
    kiosk = book()
    kiosk.at("visit", "camera")
    call = kiosk.call("id")
    assert kiosk.call("id") == call, "a second touch is the same call"
    assert kiosk.heard(Do("take", call, ONE, 2)) == Said("coming", 2)
    assert kiosk.heard(Do("take", call, TWO, 5)) is None
    told = kiosk.state().call
    assert told is not None
    assert (told.taker, told.minutes) == (ONE, 2)
    assert kiosk.heard(Do("release", call, TWO)) is None, "only who took it can pass it back"
    assert kiosk.heard(Do("release", call, ONE)) == Said("ringing")
    assert kiosk.heard(Do("take", call, TWO, 5)) == Said("coming", 5)
    assert kiosk.heard(Do("done", call, TWO)) == Said("over")
    assert kiosk.state().call is None


def test_an_order_for_an_earlier_call_is_dropped() -> None:
    kiosk = book()
    old = kiosk.call("id")
    kiosk.over()
    new = kiosk.call("en")
    assert new != old
    assert kiosk.heard(Do("take", old, ONE, 2)) is None
    assert kiosk.state().call is not None
    assert kiosk.state().language == "en"


def test_a_call_nobody_takes_is_said_to_be_unheard_once_and_can_still_be_taken() -> None:
    clock = Clock()
    kiosk = book(clock)
    call = kiosk.call("id")
    clock.now += 179
    assert kiosk.tick() is None
    clock.now += 1
    assert kiosk.tick() == Said("unheard")
    assert kiosk.tick() is None
    assert kiosk.heard(Do("heard", call)) is None, "it rang all the time; that is no news"
    assert kiosk.heard(Do("take", call, ONE, 1)) == Said("coming", 1)


def test_nobody_listens_then_somebody_does() -> None:
    kiosk = book()
    call = kiosk.call("id")
    assert kiosk.heard(Do("nobody", call)) == Said("unheard")
    assert kiosk.heard(Do("nobody", call)) is None
    assert kiosk.heard(Do("heard", call)) == Said("ringing")
    assert kiosk.heard(Do("nobody", call)) is None, "it rings at one desk; that another is empty is no news"


def test_ages_are_counted_by_the_kiosk() -> None:
    clock = Clock()
    kiosk = book(clock)
    kiosk.at("visit", "camera")
    clock.now += 156
    kiosk.call("id")
    clock.now += 24
    told = kiosk.state()
    assert told.call is not None
    assert (told.place_age, told.call.age, told.call.step_age) == (180, 24, 180)
    kiosk.at("visit", "camera")
    assert kiosk.state().place_age == 180


WORDS = st.one_of(st.sampled_from(["ringing", "coming", "unheard", "over"]), st.text(max_size=12))


@given(st.lists(st.tuples(WORDS, st.integers(-5, 10**6)), max_size=6), st.sampled_from(list(Help)))
@settings(max_examples=150, deadline=None)
def test_nothing_the_desk_says_can_change_more_than_how_the_call_stands(
    said: list[tuple[str, int]], standing: Help
) -> None:
    """The whole channel into a visit: desk → `Do` → `Said` → `Officer` → a signal → the flow."""
    walk = Walk(
        "s1", replace(begin("s1"), stage=Place.MENU, help=standing, person=Person(name="CONTOH SITI"))
    )
    before = walk.visit
    for word, minutes in said:
        signal = signal_of(word, minutes)
        if signal is not None:
            walk.do(signal)
    after = walk.visit
    changed = {
        item.name for item in fields(before) if getattr(before, item.name) != getattr(after, item.name)
    }
    assert changed <= {"help", "help_minutes", "next_request", "pending"}
    assert {type(effect.order) for effect in walk.effects} <= {orders.Note}


def test_the_words_of_the_desk_have_no_field_for_a_visitor() -> None:
    assert {item.name for item in fields(Do)} == {"verb", "call", "by", "minutes"}
    assert {item.name for item in fields(Officer)} == {"session", "word", "minutes"}
    assert PLANTED.encode() not in encode(Officer("abcd", "coming", 2))


def test_the_visitor_sees_what_became_of_the_call() -> None:
    walk = Walk().do(ev.Begin(), ev.CallOfficer())
    assert walk.visit.help is Help.RINGING
    assert walk.orders(orders.RingOfficer)
    walk.do(ev.CallUnheard())
    assert walk.visit.help is Help.UNANSWERED
    walk.do(ev.CallRings())
    assert walk.visit.help is Help.RINGING
    walk.do(ev.OfficerComing(2))
    assert (walk.visit.help, walk.visit.help_minutes) == (Help.COMING, 2)
    walk.do(ev.CallRings())
    assert (walk.visit.help, walk.visit.help_minutes) == (Help.RINGING, 0)
    walk.do(ev.OfficerComing(5), ev.OfficerComing(0))
    assert walk.visit.help is Help.NONE
    walk.do(ev.CallUnheard(), ev.CallRings())
    assert walk.visit.help is Help.NONE, "without a call there is nothing to say"
