"""The officer's side: the door, the assisted mode, and that no touch on their half reaches a visitor's data."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.flow import events as ev
from kiosk.flow import officer_events as oe
from kiosk.flow import orders
from kiosk.flow.events import Event, Reply
from kiosk.flow.model import Dialog, Help, Place, Visit
from kiosk.flow.officer_side import Side, Turn
from kiosk.flow.orders import Effect, Note
from kiosk.flow.results import Failed, OfficerSeen, Trouble, Unlocked, UnlockRefused
from kiosk.flow.visit import begin, step
from tests.kiosk.flow.test_monkey import SIGNALS, TOUCHES, answer

SARI = Unlocked("abcdefgh", "Bu Sari", "Loket 2", 0)
OFFICER_TOUCHES = st.one_of(
    st.sampled_from(
        [
            *(oe.OpenDoor(), oe.CloseDoor(), oe.DoorOn(), oe.NextHint(), oe.PointOn(), oe.OpenLesson()),
            *(oe.CloseLesson(), oe.AskToFill(), oe.LeaveAssist(), oe.OfficerLanguage("en")),
        ]
    ),
    st.sampled_from([*"0123456789", ""]).map(oe.DoorKey),
    st.sampled_from(["", "explained", "tried", "alone"]).map(oe.Explain),  # type: ignore[arg-type]
    st.integers(0, 4).map(oe.MarkLevel),  # type: ignore[arg-type]
    st.sampled_from([-1, 1]).map(oe.TurnCard),  # type: ignore[arg-type]
)


class Play:
    """A visit under the test's hand; keeps what was ordered."""

    def __init__(self, visit: Visit | None = None) -> None:
        self.visit = visit or begin("play")
        self.open: list[Effect] = []
        self.notes: list[Note] = []

    def do(self, *events: Event) -> Play:
        for event in events:
            self.visit, effects = step(self.visit, event)
            self.open += [effect for effect in effects if effect.order.answers]
            self.notes += [effect.order for effect in effects if isinstance(effect.order, Note)]
        return self

    def reply(self, kind: type[orders.Order], result: Any) -> Play:
        effect = next(effect for effect in self.open if isinstance(effect.order, kind))
        self.open.remove(effect)
        return self.do(Reply("play", effect.request, result))

    def last(self, kind: type[orders.Order]) -> Any:
        return next(effect.order for effect in reversed(self.open) if isinstance(effect.order, kind))

    def digits(self, text: str) -> Play:
        return self.do(*(oe.DoorKey(digit) for digit in text))

    def told(self, word: str) -> list[dict[str, Any]]:
        return [
            {"place": note.place, "detail": note.detail, **dict(note.facts)}
            for note in self.notes
            if note.word == word
        ]


def in_menu() -> Play:
    return Play().do(ev.Begin(), ev.Choose("none"))


def assisted() -> Play:
    play = in_menu().do(oe.OpenDoor()).digits("07").do(oe.DoorOn()).digits("739154").do(oe.DoorOn())
    return play.digits("123456").reply(orders.Unlock, SARI)


# --- by type and by table ---------------------------------------------------------------------------------------------


def test_every_officer_touch_is_listed_and_carries_a_digit_or_a_listed_word() -> None:
    # By name: a dataclass with slots is made twice.
    assert {kind.__name__ for kind in oe.KINDS} == {
        kind.__name__ for kind in oe.OfficerTouch.__subclasses__()
    }
    for kind in oe.KINDS:
        assert is_dataclass(kind)
        assert not issubclass(kind, ev.Touch)
        for one in fields(kind):
            assert one.name in oe.WORDS or (kind is oe.DoorKey and one.name == "digit")


def test_a_turn_has_room_for_nothing_of_the_visitors() -> None:
    assert {one.name for one in fields(Turn)} == {
        "side",
        "orders",
        "language",
        "ask_to_fill",
        "opens_archive",
    }


def untouched(visit: Visit) -> Visit:
    """The visit without what the officer's half may change."""
    return replace(
        visit, officer=Side(), language="id", own_dialog=None, remaining=0, paused_for=0, next_request=0,
        help=Help.NONE, help_minutes=0, ask_who_filled=False, used_insertion=0,
        pending=tuple(one for one in visit.pending if one.kind not in ("ProveOfficer", "Unlock", "OpenCamera")),
    )  # fmt: skip


@settings(max_examples=120, deadline=None)
@given(st.data())
def test_no_officer_touch_changes_anything_of_the_visitors(data: st.DataObject) -> None:
    """A whole visit with officer touches in between, unlocked or not: after each, the visitor's side is as before."""
    visit, open_effects, tried = begin("play"), list[Effect](), 0
    for _ in range(data.draw(st.integers(10, 60))):
        before = visit
        pick = data.draw(st.integers(0, 9))
        event: Event
        if pick <= 3:
            event = data.draw(OFFICER_TOUCHES)
            if isinstance(event, oe.MarkLevel) and visit.officer.assist is None:
                visit = replace(visit, officer=replace(visit.officer, assist=_assist()))
                before = visit
        elif pick >= 7 and open_effects:
            effect = open_effects.pop(data.draw(st.integers(0, len(open_effects) - 1)))
            result = _officers_answer(effect, data) or answer(effect, data.draw(st.booleans()), True)
            event = Reply("play", effect.request, result)
        else:
            event = data.draw(SIGNALS if pick == 6 else TOUCHES)
        visit, effects = step(visit, event)
        open_effects += [effect for effect in effects if effect.order.answers]
        if isinstance(event, oe.OfficerTouch):
            tried += 1
            assert untouched(visit) == untouched(before)
            # What it orders beyond the officer's own: the camera rests while the door is in front of it.
            allowed = Note | orders.ProveOfficer | orders.Unlock | orders.OpenCamera | orders.CloseCamera
            assert all(isinstance(effect.order, allowed) for effect in effects)
            for effect in effects:
                if isinstance(effect.order, Note):
                    assert effect.order.word in ("help_level", "lock", "lesson", "step")


def _assist():
    from kiosk.flow.officer_side import Assist

    return Assist("abcdefgh", "Bu Sari")


def _officers_answer(effect: Effect, data: st.DataObject) -> Any:
    if isinstance(effect.order, orders.ProveOfficer):
        return data.draw(
            st.sampled_from([OfficerSeen(1, True), OfficerSeen(1, False), Failed(Trouble.NOT_KTP)])
        )
    if isinstance(effect.order, orders.Unlock):
        return data.draw(st.sampled_from([SARI, UnlockRefused("wait", 15), Failed(Trouble.REMOVED)]))
    return None


# --- the door ---------------------------------------------------------------------------------------------------------


def test_number_pin_and_code_open_without_a_card_and_leave_no_digit() -> None:
    play = in_menu().do(oe.OpenDoor())
    assert play.visit.place is Place.OFFICER
    play.digits("07").do(oe.DoorOn()).digits("739154").do(oe.DoorOn())
    assert "739154" not in repr(play.visit)
    play.digits("123456")
    asked = play.last(orders.Unlock)
    assert (asked.number, asked.pin, asked.code, asked.insertion) == ("07", "739154", "123456", 0)
    assert "739154" not in repr(asked)
    door = play.visit.officer.door
    assert door is not None
    assert (door.number, door.pin, door.code, door.busy) == ("", "", "", True)
    play.reply(orders.Unlock, SARI)
    assert play.visit.place is Place.MENU
    assert play.visit.officer.assist is not None
    assert play.visit.officer.ever
    assert [note.word for note in play.notes].count("step") == 2  # identify, menu: the door is no step


def test_an_officer_card_laid_down_in_a_visit_asks_for_the_pin_alone() -> None:
    play = in_menu().do(ev.CardPresence(True, 1))
    assert play.visit.place is Place.MENU
    play.reply(orders.ProveOfficer, OfficerSeen(1, True))
    assert play.visit.place is Place.OFFICER
    play.digits("739154").do(oe.DoorOn())
    assert play.last(orders.Unlock).insertion == 1
    play.reply(orders.Unlock, SARI)
    assert play.visit.officer.assist is not None
    play.do(ev.CardPresence(False, 1))
    assert play.visit.officer.assist is not None  # the card may be taken back once it has opened


def test_an_ordinary_card_in_a_visit_opens_no_door() -> None:
    for result in (Failed(Trouble.NOT_KTP), OfficerSeen(1, False)):
        play = in_menu().do(ev.CardPresence(True, 1)).reply(orders.ProveOfficer, result)
        assert play.visit.place is Place.MENU
        assert play.visit.trouble is None
        play.do(ev.CardPresence(False, 1), ev.CardPresence(True, 2))
        assert play.last(orders.ProveOfficer).insertion == 2


def test_on_the_first_screen_a_card_is_read_for_the_visitor_first() -> None:
    play = Play().do(ev.Begin(), ev.CardPresence(True, 1))
    play.reply(orders.ReadCard, Failed(Trouble.NOT_KTP))
    assert play.visit.trouble is None
    play.reply(orders.ProveOfficer, Failed(Trouble.NOT_KTP))
    assert play.visit.trouble is Trouble.NOT_KTP
    play = Play().do(ev.Begin(), ev.CardPresence(True, 1))
    play.reply(orders.ReadCard, Failed(Trouble.NOT_KTP)).reply(orders.ProveOfficer, OfficerSeen(1, True))
    assert play.visit.place is Place.OFFICER


def test_a_card_lifted_before_the_pin_was_right_begins_anew() -> None:
    play = in_menu().do(ev.CardPresence(True, 1)).reply(orders.ProveOfficer, OfficerSeen(1, True))
    play.digits("7391").do(ev.CardPresence(False, 1))
    door = play.visit.officer.door
    assert door is not None
    assert (door.stage, door.insertion, door.pin, door.word) == ("number", 0, "", "lifted")


def test_a_refusal_waits_and_says_how_long() -> None:
    play = in_menu().do(oe.OpenDoor()).digits("07").do(oe.DoorOn()).digits("739154").do(oe.DoorOn())
    play.digits("123456").reply(orders.Unlock, UnlockRefused("wait", 15))
    play.digits("07")
    door = play.visit.officer.door
    assert door is not None
    assert (door.word, door.seconds, door.number) == ("wait", 15, "")
    play.do(ev.Tick(15)).digits("07")
    door = play.visit.officer.door
    assert door is not None
    assert (door.seconds, door.number) == (0, "07")


def test_a_door_nobody_types_at_falls_shut_and_the_screen_is_as_it_was() -> None:
    play = in_menu().do(ev.Choose("apply"), ev.Key("k"))
    before = play.visit
    play.do(oe.OpenDoor()).digits("07").do(*[ev.Tick(1)] * 30)
    assert play.visit.place is Place.SEARCH
    assert play.visit.journey == before.journey
    assert play.visit.officer == Side()


def test_what_opens_behind_a_shut_door_is_locked_again() -> None:
    play = in_menu().do(oe.OpenDoor()).digits("07").do(oe.DoorOn()).digits("739154").do(oe.DoorOn())
    play.digits("123456").do(oe.CloseDoor()).reply(orders.Unlock, SARI)
    assert play.visit.officer.assist is None
    assert play.told("lock") == [{"place": "", "detail": "left", "duty": "assist", "officer": "abcdefgh"}]


def test_nobody_assists_before_a_visit_or_unlocks_at_its_end() -> None:
    play = Play().do(oe.OpenDoor()).digits("07").do(oe.DoorOn()).digits("739154").do(oe.DoorOn())
    unlock = play.digits("123456").last(orders.Unlock)
    assert unlock.duty == "archive", "where nobody is, the door leads to the office's own archive"
    assert in_menu().do(ev.Leave(), oe.OpenDoor()).visit.place is Place.FAREWELL


def test_touches_of_a_visitor_do_nothing_behind_the_door_but_the_help_bar_lives() -> None:
    play = in_menu().do(oe.OpenDoor(), ev.Choose("apply"), ev.Leave(), ev.SetLanguage("en"))
    assert play.visit.place is Place.OFFICER
    assert play.visit.journey is None
    assert play.visit.language == "en"


# --- beside the visitor -----------------------------------------------------------------------------------------------


def test_each_step_is_marked_by_the_officer_or_else_by_what_was_touched() -> None:
    play = assisted().do(ev.Choose("apply"))
    assert play.visit.officer.assist is not None
    play.do(oe.PointOn(), ev.Back())  # from searching back to the menu: a step is over
    ended = play.visit.officer.assist.ended
    assert ended is not None
    assert (ended.place, ended.suggested, ended.choices) == ("search", 2, (0, 1, 2))
    play.do(oe.MarkLevel(4))
    assert play.told("help_level") == []  # nobody agreed that it was done for them
    play.do(oe.MarkLevel(1))
    assert play.told("help_level") == [{"place": "search", "detail": "", "level": 1, "by": "officer"}]
    play.do(ev.Choose("apply"), oe.NextHint(), ev.Back(), ev.Leave())
    assert play.told("help_level")[1:] == [{"place": "search", "detail": "", "level": 1, "by": "kiosk"}]
    assert play.told("lock")[0]["detail"] == "over"


def test_a_step_is_done_for_someone_only_with_their_word_and_counts_three_or_four() -> None:
    play = assisted().do(ev.Choose("apply"), oe.AskToFill())
    assert play.visit.dialog is Dialog.FILL_FOR_ME
    play.do(ev.Answer(True))  # the safe, filled button: I do it myself
    assert play.told("fill_consent") == [{"place": "search", "detail": "no"}]
    play.do(oe.AskToFill(), ev.Answer(False), ev.Back())
    assert play.told("fill_consent")[1]["detail"] == "yes"
    assist = play.visit.officer.assist
    assert assist is not None
    assert assist.ended is not None
    assert assist.ended.choices == (3, 4)
    play.do(oe.MarkLevel(0), oe.MarkLevel(2), oe.MarkLevel(4))
    assert [one["level"] for one in play.told("help_level")] == [4]


def test_the_consent_is_for_one_step() -> None:
    play = assisted().do(ev.Choose("apply"), oe.AskToFill(), ev.Answer(False), ev.Back(), ev.Choose("apply"))
    assist = play.visit.officer.assist
    assert assist is not None
    assert not assist.filling


@pytest.mark.parametrize(("event", "why"), [(oe.LeaveAssist(), "left"), (ev.SendOfficerAway(), "sent_away")])
def test_both_can_end_it(event: Event, why: str) -> None:
    play = assisted().do(event)
    assert play.visit.officer.assist is None
    assert play.told("lock")[0]["detail"] == why
    assert play.visit.place is Place.MENU


def test_an_officer_who_touches_nothing_has_gone_and_the_visit_lasts_longer_meanwhile() -> None:
    play = assisted()
    assert play.visit.remaining == 900
    for _ in range(10):
        play.do(*[ev.Tick(10)] * 28, oe.NextHint())
    assert play.visit.officer.assist is not None
    play.do(*[ev.Tick(10)] * 30)
    assert play.visit.officer.assist is None
    assert play.told("lock")[0]["detail"] == "idle"
    assert play.visit.remaining <= 300


def test_unlocking_answers_the_call() -> None:
    play = in_menu().do(ev.CallOfficer(), oe.OpenDoor()).digits("07").do(oe.DoorOn())
    play.digits("739154").do(oe.DoorOn()).digits("123456").reply(orders.Unlock, SARI)
    assert play.visit.help is Help.NONE


def test_the_name_of_the_officer_is_not_in_repr() -> None:
    assert "Sari" not in repr(assisted().visit)


def sent(play: Play) -> Play:
    """An application that is under way at the review goes out."""
    from kiosk.flow.results import Submitted
    from kiosk.identity.rights import Proof, Standing, Way
    from kiosk.journeys.apply.state import Apply

    journey = Apply(key="k", place=Place.REVIEW, declared=True)
    play.visit = replace(
        play.visit, journey=journey, consented=True, standing=Standing(Way.PHONE, Proof.CODE)
    )
    play.do(ev.Forward())
    return play.reply(orders.Submit, Submitted("N-1", "", "", case="a" * 16))


@pytest.mark.parametrize(("yes", "who"), [(True, "self"), (False, "officer")])
def test_the_visitor_says_at_the_end_who_filled_it_in(yes: bool, who: str) -> None:
    play = sent(assisted())
    assert play.visit.place is Place.SENT
    assert play.visit.dialog is Dialog.WHO_FILLED
    play.do(ev.Back())
    assert play.visit.dialog is Dialog.WHO_FILLED  # Kembali is no answer
    play.do(ev.Answer(yes))
    assert play.told("filled_by") == [{"place": "", "detail": who}]
    assert play.visit.dialog is None


def test_it_is_asked_also_when_the_officer_has_gone_before_and_never_without_one() -> None:
    assert sent(assisted().do(oe.LeaveAssist())).visit.dialog is Dialog.WHO_FILLED
    assert sent(in_menu()).visit.dialog is None


def test_the_question_comes_back_after_the_one_about_time() -> None:
    play = sent(assisted())
    for _ in range(900):
        if play.visit.dialog is Dialog.TIMEOUT:
            break
        play.do(ev.Tick(1))
    assert play.visit.dialog is Dialog.TIMEOUT
    play.do(ev.Rest())
    assert play.visit.dialog is Dialog.WHO_FILLED
