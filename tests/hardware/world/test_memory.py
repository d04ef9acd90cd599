"""The table in one process: what a change means, who hears of it, and in which order."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.world import Happening, MemoryWorld, Noted, WorldState
from hardware.world.codec import DEVICES, from_plain, to_plain


def test_laying_a_card_is_an_insertion_and_lifting_it_is_not() -> None:
    world = MemoryWorld()
    assert world.change("card", present=True).card.insertion == 1
    assert world.change("card", present=False).card.insertion == 1
    assert world.change("card", present=True).card.insertion == 2


def test_another_kind_while_one_lies_there_is_a_swap() -> None:
    world = MemoryWorld()
    world.change("card", kind="broken")
    assert world.state.card.insertion == 0
    world.change("card", present=True)
    assert world.change("card", kind="good").card.insertion == 2
    assert world.change("card", kind="good").card.insertion == 2


@pytest.mark.parametrize(
    ("device", "fields"),
    [
        ("toaster", {"present": True}),
        ("card", {"insertion": 5}),
        ("card", {"kind": "lease"}),
        ("card", {"mute": 1}),
        ("camera", {"page": 100}),
        ("printer", {"__class__": 1}),
        ("printer", {"roll": None}),
    ],
)
def test_what_does_not_exist_cannot_be_set(device: str, fields: dict[str, object]) -> None:
    world = MemoryWorld()
    with pytest.raises(ValueError):
        world.change(device, **fields)  # pyright: ignore[reportArgumentType]
    assert world.state == WorldState()
    assert world.happenings() == ()


def test_the_reason_replaces_the_bare_fact() -> None:
    world = MemoryWorld()
    world.change("card", present=True)
    world.change("card", present=False)
    world.report(Happening("card.lifted_while_reading"))
    assert [n.happening.word for n in world.happenings()] == ["card.laid", "card.lifted_while_reading"]


def test_only_the_newest_ticket_keeps_its_picture_and_only_the_last_are_kept() -> None:
    world = MemoryWorld(keep=3)
    for picture in (b"first", b"second"):
        world.report(Happening("printer.ticket", picture=picture))
    assert [n.happening.picture for n in world.happenings()] == [b"", b"second"]
    for _ in range(5):
        world.report(Happening("card.read", 12.0))
    assert len(world.happenings()) == 3
    assert "second" not in repr(Noted(1, 0.0, Happening("printer.ticket", picture=b"second")))


@pytest.mark.parametrize("word", ["Budi", "card.9971010101010001", "", "card.read "])
def test_a_happening_cannot_carry_an_identity(word: str) -> None:
    with pytest.raises(ValueError):
        MemoryWorld().report(Happening(word))


def test_a_listener_that_changes_the_world_does_not_turn_time_back() -> None:
    world = MemoryWorld()
    second: list[WorldState] = []

    def lifts(state: WorldState) -> None:
        if state.card.present:
            world.change("card", present=False)

    world.follow(lifts)
    stop = world.follow(second.append)
    world.change("card", present=True)
    assert [state.card.present for state in second] == [True, False]
    stop()
    world.change("card", mute=True)
    assert len(second) == 2


def test_many_hands_lose_no_card() -> None:
    world = MemoryWorld()
    seen: list[int] = []
    world.follow(lambda state: seen.append(state.card.insertion))
    hands = [
        threading.Thread(target=lambda: [world.change("card", present=True) for _ in range(200)])
        for _ in range(4)
    ]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    assert world.state.card.insertion == 800
    assert seen == sorted(seen)
    assert len(seen) == 800


@given(st.lists(st.tuples(st.sampled_from(DEVICES), st.booleans(), st.booleans()), max_size=12))
def test_the_state_survives_the_wire(steps: list[tuple[str, bool, bool]]) -> None:
    world = MemoryWorld()
    for device, plugged, flag in steps:
        world.change(device, plugged=plugged)  # pyright: ignore[reportArgumentType]
        world.change("card", present=flag)
    assert from_plain(to_plain(world.state)) == world.state
