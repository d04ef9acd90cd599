"""A draft by its QR, without a screen, a camera or a portal: what is shown, to whom, and where it goes on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.flow.events import Back, Begin, Choose, Forward, Key, Leave, SaveAndLeave, Tick, Toggle
from kiosk.flow.model import Place
from kiosk.flow.orders import (
    AssessRisk,
    CancelRequests,
    CheckCode,
    CloseCamera,
    ForgetIdentity,
    LoadBands,
    LoadDraft,
    LookForCode,
    Note,
    OpenCamera,
    SaveDraft,
    SendCode,
    Submit,
)
from kiosk.flow.results import CameraOpen, CodeSeen, DraftFound, Failed, Proved, Trouble
from kiosk.identity.rights import Proof, Right, Standing, Way
from kiosk.journeys.apply import Apply
from kiosk.journeys.resume import DOTS, Resume
from kiosk.knowledge import regions
from tests.kiosk.flow.replay import Walk
from tests.kiosk.flow.samples import PERSON, SENT, STRANGER, assessed, bands

CODE = "47243"
HANDLE = "dRaFt_hAnDlE-0123456xy"
PHONE = "081234564821"
ANSWERS = (
    ("business_name", "Warung Contoh Satu"),
    ("district", regions.districts()[1].code),
    ("address", "Jalan Contoh 1"),
    ("tenure", "own"),
    ("land_area", "120"),
    ("building_area", "48"),
    ("equipment", "15000000"),
    ("working_capital", "10000000"),
    ("workers_male", "1"),
    ("workers_female", "2"),
)
FULL = DraftFound(CODE, "mikro", ANSWERS, masked=False, until="2026-12-01")
MASKED = replace(FULL, masked=True, answers=tuple((name, DOTS) for name, _ in ANSWERS))
OF_DRAFT = Proved(known=False, phone_masked="08•• •••• 4821")


def resume(walk: Walk) -> Resume:
    assert isinstance(walk.visit.journey, Resume)
    return walk.visit.journey


def application(walk: Walk) -> Apply:
    assert isinstance(walk.visit.journey, Apply)
    return walk.visit.journey


def scanning(walk: Walk | None = None) -> Walk:
    walk = walk or Walk().do(Begin(), Choose("none"))
    return walk.do(Choose("resume")).answer(OpenCamera, CameraOpen())


def masked(walk: Walk | None = None) -> Walk:
    walk = scanning(walk).answer(LookForCode, CodeSeen(HANDLE)).answer(LoadDraft, MASKED)
    return walk.answer(AssessRisk, assessed(CODE))


def to_code(walk: Walk) -> Walk:
    walk.do(Forward())
    assert walk.place is Place.NUMBER
    return walk.do(*map(Key, PHONE), Forward()).answer(SendCode, SENT)


def opened(full: DraftFound = FULL) -> Walk:
    walk = to_code(masked()).do(*map(Key, "123456")).answer(CheckCode, OF_DRAFT)
    assert walk.place is Place.CONSENT
    return walk.do(Forward()).answer(LoadDraft, full)


def test_a_draft_goes_on_at_the_review_and_is_filed_under_its_handle():
    walk = opened()
    assert walk.place is Place.REVIEW
    assert walk.visit.standing == Standing(Way.DRAFT, Proof.CODE)
    assert application(walk).answers == ANSWERS
    assert application(walk).purpose == "apply"
    assert [note.detail for note in walk.orders(Note) if note.word == "journey"] == ["resume", "apply"]
    walk.do(Toggle("declare"), Forward())
    (order,) = walk.orders(Submit)
    assert (order.draft, order.kbli, order.answers_given) == (HANDLE, CODE, ANSWERS)
    (code,) = walk.orders(SendCode)
    assert (code.means, code.value, code.phone) == ("draft", HANDLE, PHONE)


def test_an_unfinished_draft_goes_on_at_its_first_open_question_and_keeps_its_qr():
    walk = opened(replace(FULL, answers=ANSWERS[:3]))
    assert walk.place is Place.FORM
    assert "tenure" in [question.id for question in application(walk).questions()]
    walk.do(SaveAndLeave())
    assert walk.orders(SaveDraft)[-1].replaces == HANDLE


def test_before_the_code_there_are_dots_and_no_way_on():
    walk = masked()
    found = resume(walk).found
    assert found is not None
    assert {value for _, value in found.answers} == {DOTS}
    assert not walk.visit.standing.may(Right.SUBMIT)
    assert not Standing(Way.DRAFT, Proof.NONE).may(Right.SUBMIT)
    walk.do(Forward())
    assert walk.place is Place.NUMBER
    assert walk.orders(Submit) == []
    assert walk.do(Back()).place is Place.SCAN


def test_full_answers_without_the_right_become_dots():
    """A portal that shows more than the table allows is not believed."""
    walk = scanning().answer(LookForCode, CodeSeen(HANDLE)).answer(LoadDraft, FULL)
    walk.answer(AssessRisk, assessed(CODE))
    found = resume(walk).found
    assert found is not None
    assert found.masked
    assert {value for _, value in found.answers} == {DOTS}
    assert "Warung Contoh Satu" not in str(found.answers)


def test_a_wrong_code_opens_nothing():
    walk = to_code(masked()).do(*map(Key, "999999"))
    walk.answer(CheckCode, Failed(Trouble.WRONG_CODE, tries_left=4))
    assert walk.place is Place.CODE
    assert walk.visit.standing == Standing()
    walk.do(Back(), Back()).answer(LoadDraft, MASKED)
    assert walk.place is Place.SCAN
    assert resume(walk).found == MASKED


def test_refused_consent_leaves_the_draft_in_dots():
    walk = to_code(masked()).do(*map(Key, "123456")).answer(CheckCode, OF_DRAFT)
    walk.do(Choose("refuse")).answer(LoadDraft, MASKED)
    assert walk.place is Place.SCAN
    assert walk.visit.standing == Standing()
    assert resume(walk).found == MASKED


def test_the_owner_who_came_in_with_a_code_needs_no_second_one():
    walk = Walk().do(Begin(), Choose("phone"), *map(Key, PHONE), Forward()).answer(SendCode, SENT)
    walk.do(*map(Key, "123456")).answer(CheckCode, PERSON).do(Forward())
    scanning(walk).answer(LookForCode, CodeSeen(HANDLE)).answer(LoadDraft, FULL)
    walk.answer(AssessRisk, assessed(CODE)).answer(LoadDraft, FULL)
    assert walk.place is Place.REVIEW
    assert len(walk.orders(SendCode)) == 1


def test_the_owner_of_something_else_proves_again_and_is_forgotten_first():
    walk = Walk().do(Begin(), Choose("phone"), *map(Key, PHONE), Forward()).answer(SendCode, SENT)
    walk.do(*map(Key, "123456")).answer(CheckCode, STRANGER).do(Forward())
    masked(walk).do(Forward())
    assert walk.orders(ForgetIdentity)
    assert walk.visit.standing == Standing()


def test_another_phone_is_asked_for_the_same_draft():
    walk = to_code(masked()).do(Choose("phone"))
    assert (walk.place, walk.visit.entry.means, walk.visit.entry.digits) == (Place.NUMBER, "draft", "")
    walk.do(Choose("nik"))
    assert walk.visit.entry.means == "draft"
    walk.do(*map(Key, "081299990001"), Forward())
    assert (walk.orders(SendCode)[-1].value, walk.orders(SendCode)[-1].phone) == (HANDLE, "081299990001")


def test_sending_again_names_draft_and_phone():
    walk = to_code(masked()).do(Choose("resend"))
    first, second = walk.orders(SendCode)
    assert first == second


@pytest.mark.parametrize(
    ("result", "said", "trouble"),
    [
        (CodeSeen(""), "nothing", None),
        (Failed(Trouble.NOT_FOUND), "not_draft", None),
        (Failed(Trouble.CAMERA_GONE), "", Trouble.CAMERA_GONE),
    ],
)
def test_what_is_no_draft_is_said_and_looked_for_again(
    result: CodeSeen | Failed, said: str, trouble: Trouble | None
):
    walk = scanning().answer(LookForCode, result)
    assert (resume(walk).said, resume(walk).trouble) == (said, trouble)
    walk.do(Forward())
    if trouble:
        walk.answer(OpenCamera, CameraOpen())
    assert resume(walk).waiting == "LookForCode"
    assert (resume(walk).said, resume(walk).trouble) == ("", None)


def test_a_draft_that_is_over_is_said_and_its_handle_forgotten():
    walk = scanning().answer(LookForCode, CodeSeen(HANDLE)).answer(LoadDraft, Failed(Trouble.NOT_FOUND))
    assert (resume(walk).said, resume(walk).handle) == ("unknown", "")
    walk.do(Forward())
    assert resume(walk).waiting == "LookForCode"


def test_without_the_line_the_same_code_is_tried_again():
    walk = scanning().answer(LookForCode, CodeSeen(HANDLE)).answer(LoadDraft, Failed(Trouble.OFFLINE))
    assert resume(walk).trouble is Trouble.OFFLINE
    walk.do(Forward()).answer(LoadDraft, MASKED)
    assert resume(walk).found is not None


def test_a_draft_of_a_code_this_kiosk_does_not_know_is_for_the_counter():
    walk = scanning().answer(LookForCode, CodeSeen(HANDLE)).answer(LoadDraft, MASKED)
    walk.answer(AssessRisk, Failed(Trouble.NOT_FOUND))
    assert resume(walk).trouble is Trouble.REFUSED


@pytest.mark.parametrize(("kbli", "place"), [("", Place.SEARCH), (CODE, Place.SCALE)])
def test_a_draft_from_elsewhere_without_code_or_scale_goes_on_there(kbli: str, place: Place):
    bare = replace(FULL, kbli=kbli, scale="", answers=ANSWERS[:1])
    walk = scanning().answer(LookForCode, CodeSeen(HANDLE)).answer(LoadDraft, replace(bare, masked=True))
    walk = to_code(walk).do(*map(Key, "123456")).answer(CheckCode, OF_DRAFT).do(Forward())
    walk.answer(LoadDraft, bare)
    assert walk.place is place
    assert application(walk).handle == HANDLE
    if place is Place.SCALE:
        walk.answer(LoadBands, bands())
        assert application(walk).bands


def test_back_from_a_resumed_application_finds_the_scales():
    walk = opened(replace(FULL, answers=ANSWERS[1:]))
    assert walk.place is Place.FORM
    walk.do(Back(), Back())
    assert walk.place is Place.SCALE
    walk.answer(LoadBands, bands())
    assert application(walk).bands


@pytest.mark.parametrize("way", [Back(), Leave(), Tick(300)])
def test_leaving_stops_the_look_and_the_camera(way: Back | Leave | Tick):
    walk = scanning().answer(LookForCode, CodeSeen("")) if isinstance(way, Tick) else scanning()
    looking = walk.last(LookForCode).request
    walk.do(way)
    assert walk.place is not Place.SCAN
    assert walk.orders(CloseCamera)
    if not isinstance(way, Tick):
        assert any(looking in order.requests for order in walk.orders(CancelRequests))


def test_the_clock_stands_while_the_camera_looks_but_not_for_ever():
    walk = scanning().do(Tick(60))
    assert walk.visit.remaining == 300
    walk.do(*[Tick(30)] * 20)
    assert walk.place is not Place.SCAN


def test_the_handle_and_the_answers_are_in_no_repr():
    walk = opened()
    seen = repr(walk.visit) + repr(walk.effects) + repr(masked().visit)
    for secret in (HANDLE, PHONE, "Warung Contoh Satu"):
        assert secret not in seen
