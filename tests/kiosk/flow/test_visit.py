"""The envelope: way in, consent, clock, help, leaving."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.flow.events import (
    Answer,
    Back,
    Begin,
    CallOfficer,
    CancelCall,
    CardPresence,
    ChangeContrast,
    ChangeTextSize,
    Choose,
    Forward,
    Key,
    Leave,
    OfficerComing,
    Reply,
    SetLanguage,
    Tick,
)
from kiosk.flow.model import Dialog, Help, Place
from kiosk.flow.orders import (
    CheckCode,
    EndVisit,
    ForgetIdentity,
    InviteSurvey,
    KeepSmile,
    KnowRegion,
    LookAround,
    ReadCard,
    RecordConsent,
    RingOfficer,
    SendCode,
    Sound,
    StopRinging,
)
from kiosk.flow.results import CodeSent, Failed, LeftBehind, RegionKnown, SurveyInvited, Trouble
from kiosk.identity.rights import Proof, Right, Way
from tests.kiosk.flow.replay import Walk
from tests.kiosk.flow.samples import CARD, PERSON, SENT, STRANGER


def typed(text: str) -> list[Key]:
    return [Key(char) for char in text]


def identified() -> Walk:
    walk = Walk().do(Begin(), CardPresence(True, 1)).answer(ReadCard, CARD).answer(SendCode, SENT)
    return walk.do(*typed("123456")).answer(CheckCode, PERSON).do(Forward())


def test_a_card_a_code_and_consent_lead_to_the_menu():
    walk = identified()
    assert walk.place is Place.MENU
    assert walk.visit.standing.way is Way.CARD
    assert walk.visit.standing.may(Right.SEE_OWN)
    assert walk.visit.consented
    assert [order.version for order in walk.orders(RecordConsent)] == ["1"]


def test_a_card_that_lay_there_before_the_visit_is_not_read():
    walk = Walk().do(Begin(), CardPresence(True, 0))
    assert walk.orders(ReadCard) == []
    walk.do(CardPresence(False, 0), CardPresence(True, 1))
    assert [order.insertion for order in walk.orders(ReadCard)] == [1]


def test_one_insertion_is_read_once():
    walk = Walk().do(Begin(), CardPresence(True, 1)).answer(ReadCard, Failed(Trouble.UNREADABLE))
    assert walk.visit.trouble is Trouble.UNREADABLE
    walk.do(CardPresence(True, 1))
    assert len(walk.orders(ReadCard)) == 1
    walk.do(CardPresence(False, 1), CardPresence(True, 2))
    assert len(walk.orders(ReadCard)) == 2


def test_the_fingerprint_needs_no_code():
    from dataclasses import replace

    from kiosk.flow.orders import ProveByReader

    walk = Walk().do(Begin(), CardPresence(True, 1))
    walk.answer(ReadCard, replace(CARD, assurance=4, nik="9971014101900001"))
    assert walk.orders(SendCode) == []
    walk.answer(ProveByReader, PERSON)
    assert (walk.visit.standing.way, walk.visit.standing.proof) == (Way.SAM_FINGERPRINT, Proof.READER)


def test_an_unknown_phone_may_file_a_new_application_and_see_nothing_older():
    walk = Walk().do(Begin(), Choose("phone"), *typed("081234564821"), Forward()).answer(SendCode, SENT)
    walk.do(*typed("000111")).answer(CheckCode, STRANGER).do(Forward())
    standing = walk.visit.standing
    assert standing.may(Right.SUBMIT)
    assert standing.may(Right.SEE_NEW)
    assert not standing.may(Right.SEE_OWN)


def test_the_code_screen_does_not_depend_on_whether_the_identity_is_known():
    screens = []
    for digits in ("9971014101900001", "9971014101900002"):
        walk = Walk().do(Begin(), Choose("nik"), *typed(digits), Forward())
        walk.answer(KnowRegion, RegionKnown(known=True))
        walk.answer(SendCode, CodeSent("••••", 300, 2))
        screens.append(
            (walk.place, walk.visit.trouble, walk.visit.entry.sent_to, walk.visit.entry.sends_left)
        )
    assert screens[0] == screens[1]


def test_an_unknown_region_is_warned_about_once_and_goes_on():
    walk = Walk().do(Begin(), Choose("nik"), *typed("9971014101900001"), Forward())
    walk.answer(KnowRegion, RegionKnown(known=False))
    assert (walk.place, walk.visit.entry.doubt, walk.orders(SendCode)) == (Place.NUMBER, "region", [])
    walk.do(Forward())
    assert [order.value for order in walk.orders(SendCode)] == ["9971014101900001"]
    assert len(walk.orders(KnowRegion)) == 1


def test_a_region_that_cannot_be_looked_up_is_not_doubted():
    walk = Walk().do(Begin(), Choose("nik"), *typed("9971014101900001"), Forward())
    walk.answer(KnowRegion, Failed(Trouble.INTERNAL))
    assert walk.orders(SendCode)
    assert walk.visit.trouble is None


def test_going_back_drops_the_question_about_the_region():
    walk = Walk().do(Begin(), Choose("nik"), *typed("9971014101900001"), Forward(), Back())
    assert walk.visit.pending == ()
    assert not walk.visit.busy


def test_a_wrong_code_empties_the_field_and_says_how_many_tries_are_left():
    walk = Walk().do(Begin(), Choose("phone"), *typed("081234564821"), Forward()).answer(SendCode, SENT)
    walk.do(*typed("999999")).answer(CheckCode, Failed(Trouble.WRONG_CODE, tries_left=4))
    assert walk.place is Place.CODE
    assert walk.visit.entry.code == ""
    assert walk.visit.entry.tries_left == 4
    assert walk.visit.trouble is Trouble.WRONG_CODE


@pytest.mark.parametrize(
    ("digits", "doubt"), [("0812", "short"), ("0212345678", "shape"), ("9" * 13, "shape")]
)
def test_a_bad_phone_number_is_said_and_not_sent(digits: str, doubt: str):
    walk = Walk().do(Begin(), Choose("phone"), *typed(digits), Forward())
    assert walk.visit.entry.doubt == doubt
    assert walk.orders(SendCode) == []


def test_refusing_consent_forgets_the_person_and_leaves_the_kiosk_usable():
    walk = Walk().do(Begin(), CardPresence(True, 1)).answer(ReadCard, CARD).answer(SendCode, SENT)
    walk.do(*typed("123456")).answer(CheckCode, PERSON).do(Choose("refuse"))
    assert walk.place is Place.MENU
    assert walk.visit.person.name == ""
    assert not walk.visit.standing.may(Right.SUBMIT)
    assert walk.orders(ForgetIdentity)


def test_a_late_answer_of_an_ended_session_is_dropped():
    old = Walk("old").do(Begin(), CardPresence(True, 1))
    effect = old.last(ReadCard)
    fresh = Walk("new").do(Begin(), CardPresence(True, 1))
    before = fresh.visit
    fresh.do(Reply(effect.session, effect.request, CARD))
    assert fresh.visit == before


def test_an_answer_counts_once():
    walk = Walk().do(Begin(), CardPresence(True, 1)).answer(ReadCard, CARD)
    sends = len(walk.orders(SendCode))
    walk.answer(ReadCard, CARD)
    assert len(walk.orders(SendCode)) == sends


def test_the_clock_warns_then_ends_the_visit_and_forgets():
    walk = identified()
    walk.do(Tick(240))
    assert walk.visit.dialog is Dialog.TIMEOUT
    assert [sound.kind for sound in walk.orders(Sound)].count("chime") == 1
    walk.do(Tick(59))
    assert walk.place is Place.MENU
    walk.do(Tick(1))
    assert walk.place is Place.FAREWELL
    assert walk.visit.person.name == ""
    assert walk.visit.claim == ""


def test_any_touch_on_the_warning_keeps_the_session():
    walk = identified().do(Tick(250))
    assert walk.visit.dialog is Dialog.TIMEOUT
    walk.do(Forward())
    assert walk.visit.dialog is None
    assert walk.visit.remaining == 300
    assert walk.place is Place.MENU


def test_a_card_being_read_holds_the_clock_but_not_for_ever():
    walk = Walk().do(Begin(), CardPresence(True, 1))
    walk.do(Tick(100))
    assert walk.visit.remaining == 300
    walk.do(*[Tick(30)] * 20)
    assert walk.visit.stage is Place.FAREWELL or walk.visit.ended


def test_a_forgotten_card_is_shown_and_said():
    walk = identified().do(Leave()).answer(LookAround, LeftBehind(card=True, paper=False))
    assert walk.visit.left_card
    assert any(sound.text == "farewell.take_card" for sound in walk.orders(Sound))
    walk.do(Forward())
    assert not walk.visit.ended, "the farewell waits for the card"
    walk.do(CardPresence(False, 1), Tick(12))
    assert walk.visit.ended
    assert walk.orders(EndVisit)


def test_a_smile_is_asked_once_and_leaves_time_for_it():
    walk = identified().do(Leave()).answer(LookAround, LeftBehind(card=False, paper=False))
    assert walk.visit.served
    walk.answer(InviteSurvey, SurveyInvited("https://portal.example/n/abc"))
    walk.do(Tick(8))
    assert not walk.visit.ended
    walk.do(Choose("smile:3"), Choose("smile:1"), Choose("smile:9"))
    assert [order.score for order in walk.orders(KeepSmile)] == [3]
    assert walk.visit.survey_url, "the code for the phone stays while it may be photographed"
    walk.do(Tick(4))
    assert walk.visit.ended


@pytest.mark.parametrize("how", ["door", "timeout", "surveyed", "card"])
def test_nobody_is_asked_for_a_smile_who_was_not_served_or_has_something_to_take(how: str):
    if how == "door":
        walk = Walk().do(Begin(), Leave())
    elif how == "timeout":
        walk = identified().do(*[Tick(30)] * 12)
    elif how == "surveyed":
        walk = identified()
        walk.visit = replace(walk.visit, surveyed=True)
        walk.do(Leave())
    else:
        walk = identified().do(Leave()).answer(LookAround, LeftBehind(card=True, paper=False))
    assert walk.place is Place.FAREWELL or walk.visit.ended
    walk.do(Choose("smile:4"))
    assert not walk.orders(KeepSmile)
    if how != "card":
        assert not walk.orders(InviteSurvey)


def test_without_a_line_there_is_no_code_and_the_farewell_goes_on():
    walk = identified().do(Leave()).answer(LookAround, LeftBehind(card=False, paper=False))
    walk.answer(InviteSurvey, Failed(Trouble.OFFLINE))
    assert (walk.visit.survey_url, walk.visit.trouble) == ("", None)


def test_an_ended_visit_stays_as_it_is():
    walk = identified().do(Leave()).answer(LookAround, LeftBehind(card=False, paper=False))
    walk.do(CardPresence(False, 1), Tick(30))
    ended = walk.visit
    assert ended.ended
    walk.do(Begin(), Tick(100), CardPresence(True, 9))
    assert walk.visit is ended


def test_calling_an_officer():
    walk = identified().do(CallOfficer(), CallOfficer())
    assert len(walk.orders(RingOfficer)) == 1
    assert walk.visit.help is Help.RINGING
    walk.do(OfficerComing(2))
    assert (walk.visit.help, walk.visit.help_minutes) == (Help.COMING, 2)
    walk.do(CancelCall())
    assert walk.visit.help is Help.NONE
    assert walk.orders(StopRinging)


def test_a_call_that_reached_nobody_is_said():
    walk = identified().do(CallOfficer()).answer(RingOfficer, Failed(Trouble.OFFLINE))
    assert walk.visit.help is Help.UNANSWERED


def test_the_help_bar_works_everywhere_and_resets_with_the_session():
    walk = Walk().do(SetLanguage("en"), ChangeTextSize(), ChangeContrast())
    assert (walk.visit.language, walk.visit.text_step, walk.visit.contrast) == ("en", 1, True)
    assert Walk("other").visit.language == "id"


def test_leaving_with_nothing_to_lose_asks_nothing():
    walk = identified().do(Leave())
    assert walk.place is Place.FAREWELL


def test_back_from_the_first_screen_ends_the_visit():
    walk = Walk().do(Begin(), Back())
    assert walk.place is Place.FAREWELL


def test_answers_while_no_dialog_is_open_change_nothing():
    walk = identified()
    before = walk.visit
    walk.do(Answer(yes=False))
    assert walk.visit == before


def test_a_card_read_too_late_does_not_land_in_what_is_typed_instead():
    walk = Walk().do(Begin(), CardPresence(True, 1), Choose("nik")).answer(ReadCard, CARD).do(*typed("99"))
    assert walk.visit.entry.means == "nik"
    assert walk.visit.entry.digits == "99"
    assert walk.orders(SendCode) == []
