"""An application from the first letter typed to the number on the screen, without a screen or a device."""

from __future__ import annotations

from kiosk.flow.events import (
    Answer,
    Back,
    Begin,
    Choose,
    DeviceChanged,
    Focus,
    Forward,
    Key,
    SaveAndLeave,
    Tick,
    Toggle,
    TurnPage,
)
from kiosk.flow.model import Dialog, Place
from kiosk.flow.orders import (
    AssessRisk,
    CheckCode,
    CloseCamera,
    DropPage,
    EndVisit,
    KeepQuestion,
    LoadBands,
    LookAround,
    OpenCamera,
    PrintTicket,
    SaveDraft,
    SearchKbli,
    SendCode,
    Submit,
    TakePicture,
)
from kiosk.flow.results import (
    CameraOpen,
    DraftSaved,
    Failed,
    LeftBehind,
    PictureTaken,
    Printed,
    Submitted,
    Trouble,
)
from kiosk.journeys.apply import Apply
from tests.kiosk.flow.replay import Walk
from tests.kiosk.flow.samples import SENT, STRANGER, assessed, bands, matches

CODE = "56304"


def typed(text: str) -> list[Key]:
    return [Key(char) for char in text]


def journey(walk: Walk) -> Apply:
    assert isinstance(walk.visit.journey, Apply)
    return walk.visit.journey


def with_phone() -> Walk:
    walk = Walk().do(Begin(), Choose("phone"), *typed("081234564821"), Forward()).answer(SendCode, SENT)
    return walk.do(*typed("000111")).answer(CheckCode, STRANGER).do(Forward())


def to_risk(walk: Walk, code: str = CODE) -> Walk:
    walk.do(Choose("apply"), *typed("kopi"))
    found = matches("kopi")
    walk.answer(SearchKbli, found)
    assert journey(walk).matches, "the packs find coffee"
    chosen = code if any(match.code == code for match in found.found) else found.found[0].code
    walk.do(Choose(chosen)).answer(LoadBands, bands())
    walk.do(Choose("mikro"), Choose("new"))
    walk.answer(AssessRisk, assessed(journey(walk).code))
    assert walk.place is Place.RISK
    return walk


def searching(query: str, *before: str) -> Walk:
    walk = Walk().do(Begin(), Choose("none"), Choose("ask"), *map(Choose, before), *typed(query))
    return walk.answer(SearchKbli, matches(query))


def test_a_guided_question_leads_to_its_code_and_enter_does_not_guess():
    walk = searching("jasa servis")
    guide = journey(walk).question_now
    assert guide is not None
    assert walk.do(Forward()).place is Place.SEARCH, "which one it is, is the visitor's to say"
    walk.do(TurnPage())
    assert journey(walk).page == 1
    walk.do(Choose(guide.options[8].code))
    assert (walk.place, journey(walk).code) == (Place.SCALE, "95299")


def test_an_old_code_of_67_successors_is_asked_about_twice_and_back():
    walk = searching("47919")
    guide = journey(walk).guide
    assert guide is not None
    walk.do(Choose("group:99"), Choose("group:x"), Choose("47712"))
    assert (walk.place, journey(walk).narrowed) == (Place.SEARCH, None), "not a successor of it"
    walk.do(Choose("group:1"))
    narrowed = journey(walk).narrowed
    assert narrowed is not None
    assert narrowed.options == guide.options[1].then
    walk.do(Back())
    assert journey(walk).question_now == guide
    walk.do(Choose("group:1"), Choose("47213"))
    assert (walk.place, journey(walk).code) == (Place.SCALE, "47213")


def test_a_search_given_up_with_nothing_found_is_kept_for_the_office():
    walk = searching("qwzx").do(Back())
    assert walk.place is Place.MENU
    assert walk.orders(KeepQuestion) == [KeepQuestion("kbli", "nothing_found", "qwzx")]
    assert not searching("warung kopi").do(Back()).orders(KeepQuestion)
    assert not searching("qw").do(Back()).orders(KeepQuestion)


def test_an_example_is_searched_for():
    walk = searching("qwzx").do(Choose("try:jahit baju"))
    assert walk.orders(SearchKbli)[-1] == SearchKbli("jahit baju")
    assert journey(walk).query == "jahit baju"


def test_the_list_is_taken_along_before_anybody_says_who_they_are():
    walk = to_risk(Walk().do(Begin(), Choose("none")))
    walk.do(Choose("bring"))
    assert walk.place is Place.BRING
    walk.do(Choose("print"), Choose("print"))
    order = walk.orders(PrintTicket)
    assert [(one.kind, one.about) for one in order] == [
        ("bring_list", (("code", journey(walk).code), ("scale", "mikro")))
    ]
    walk.answer(PrintTicket, Failed(Trouble.PAPER_OUT)).do(Choose("print")).answer(PrintTicket, Printed())
    assert (journey(walk).paper, len(walk.orders(PrintTicket))) == ("printed", 2)
    assert walk.do(Back()).place is Place.RISK
    walk.do(Choose("bring"), Forward())
    assert walk.place is Place.CONSENT, "the way on into an application asks first"


def fill_form(walk: Walk) -> Walk:
    for _ in range(20):
        if walk.place is not Place.FORM:
            return walk
        for question in journey(walk).questions():
            walk.do(Focus(question.id))
            if question.kind == "choice":
                walk.do(Choose(question.choices[0].value))
            elif question.kind == "text":
                walk.do(*typed("Warung Contoh Satu"))
            else:
                walk.do(*typed("12"))
        walk.do(Forward())
    raise AssertionError("the form does not end")


def photograph(walk: Walk) -> Walk:
    count = 0
    while walk.place is Place.CAMERA:
        count += 1
        walk.answer(OpenCamera, CameraOpen())
        walk.do(Forward()).answer(TakePicture, PictureTaken(f"p{count}", ()))
        assert walk.place is Place.PAGES
        walk.do(Forward())
    return walk


def to_review(walk: Walk) -> Walk:
    to_risk(walk).do(Forward())
    fill_form(walk)
    photograph(walk)
    assert walk.place is Place.REVIEW
    return walk


def test_the_whole_application():
    walk = to_review(with_phone())
    walk.do(Forward())
    assert walk.orders(Submit) == [], "nothing is sent before the visitor declared it true"
    walk.do(Toggle("declare"), Forward())
    order = walk.orders(Submit)[0]
    assert (
        order.documents and all(document.pages for document in order.documents)
        if journey(walk).papers
        else True
    )
    walk.do(Forward(), Forward())
    assert len(walk.orders(Submit)) == 1, "a second touch sends nothing twice"
    walk.answer(Submit, Submitted("MKM-2026-0417-K7QX", "https://contoh.invalid/s/K7QX", "09.41"))
    assert walk.place is Place.SENT
    walk.do(Choose("print")).answer(PrintTicket, Printed())
    assert journey(walk).paper == "printed"
    walk.do(Forward()).answer(LookAround, LeftBehind(False, False)).do(Tick(30))
    assert walk.visit.ended
    assert walk.orders(EndVisit)


def test_two_applications_of_one_visit_are_two():
    walk = to_review(with_phone()).do(Toggle("declare"), Forward())
    walk.answer(Submit, Submitted("MKM-2026-0417-K7QX", "https://contoh.invalid/s/K7QX", "09.41"))
    walk.do(Choose("menu"))
    assert walk.place is Place.MENU
    to_review(walk).do(Toggle("declare"), Forward())
    first, second = walk.orders(Submit)
    assert first.key != second.key, "the portal takes one key for one application"


def test_trouble_keeps_every_answer_and_the_same_key_is_used_again():
    walk = to_review(with_phone()).do(Toggle("declare"), Forward())
    walk.answer(Submit, Failed(Trouble.OFFLINE))
    assert walk.place is Place.REVIEW
    assert journey(walk).trouble is Trouble.OFFLINE
    walk.do(Forward())
    first, second = walk.orders(Submit)
    assert first == second


def test_fields_the_portal_refuses_are_shown_at_their_question():
    walk = to_review(with_phone()).do(Toggle("declare"), Forward())
    question = journey(walk).screens[0].questions[0]
    walk.answer(Submit, Failed(Trouble.INVALID, fields=(question.id,)))
    assert walk.place is Place.FORM
    assert [name for name, _ in journey(walk).doubts] == [question.id]
    walk.do(Forward())
    assert walk.place is Place.REVIEW, "back to the review after the correction"


def test_without_identity_a_form_asks_consent_and_sending_asks_for_a_proof():
    walk = Walk().do(Begin(), Choose("none"))
    assert walk.place is Place.MENU
    to_risk(walk).do(Forward())
    assert walk.place is Place.CONSENT
    walk.do(Forward())
    assert walk.place is Place.RISK
    walk.do(Forward())
    fill_form(walk)
    photograph(walk)
    walk.do(Toggle("declare"), Forward())
    assert walk.visit.dialog is Dialog.NEEDS_PROOF
    assert walk.orders(Submit) == []
    walk.do(Answer(yes=True))
    assert walk.place is Place.IDENTIFY
    walk.do(Choose("phone"), *typed("081234564821"), Forward()).answer(SendCode, SENT)
    walk.do(*typed("000111")).answer(CheckCode, STRANGER).do(Forward())
    assert walk.place is Place.REVIEW, "the application waited"
    walk.do(Forward())
    assert len(walk.orders(Submit)) == 1


def test_an_empty_answer_is_refused_with_a_sentence():
    walk = to_risk(with_phone()).do(Forward())
    assert walk.place is Place.FORM
    walk.do(Forward())
    assert walk.place is Place.FORM
    (name, sentence), *_ = journey(walk).doubts
    assert name
    assert sentence.id
    assert sentence.en


def test_an_older_search_answer_does_not_replace_a_newer_query():
    walk = with_phone().do(Choose("apply"), *typed("ko"))
    stale = walk.last(SearchKbli)
    walk.do(*typed("pi"))
    from kiosk.flow.events import Reply

    walk.do(Reply(stale.session, stale.request, matches("ko")))
    assert journey(walk).found_for == ""
    walk.answer(SearchKbli, matches("kopi"))
    assert journey(walk).found_for == "kopi"


def test_the_camera_is_closed_whenever_its_screen_is_left():
    walk = to_risk(with_phone(), CODE).do(Forward())
    fill_form(walk)
    if walk.place is Place.CAMERA:
        opened = len(walk.orders(OpenCamera))
        walk.do(Back())
        assert len(walk.orders(CloseCamera)) == opened
        assert walk.place is Place.FORM


def test_a_camera_known_to_be_away_is_not_opened_until_asked_again():
    walk = (
        to_risk(with_phone()).do(DeviceChanged("camera", usable=False, detail="not_connected")).do(Forward())
    )
    fill_form(walk)
    assert walk.place is Place.CAMERA
    assert journey(walk).trouble is Trouble.NO_CAMERA
    assert walk.orders(OpenCamera) == []
    assert not walk.visit.camera_used
    walk.do(Forward())
    assert len(walk.orders(OpenCamera)) == 1
    assert walk.visit.camera_used
    walk.answer(OpenCamera, CameraOpen())
    assert journey(walk).trouble is None


def test_a_page_is_deleted_only_after_the_question():
    walk = to_risk(with_phone()).do(Forward())
    fill_form(walk)
    if walk.place is not Place.CAMERA:
        return
    walk.answer(OpenCamera, CameraOpen()).do(Forward()).answer(TakePicture, PictureTaken("p1", ("glare",)))
    walk.do(Choose("delete:p1"))
    assert walk.visit.dialog is Dialog.DELETE_PAGE
    walk.do(Answer(yes=True))
    assert [page.page for page in journey(walk).pages] == ["p1"]
    walk.do(Choose("delete:p1"), Answer(yes=False))
    assert journey(walk).pages == ()
    assert walk.orders(DropPage) == [DropPage("p1")]
    assert walk.place is Place.CAMERA


def test_save_and_leave_gives_a_draft_to_take_along():
    walk = to_risk(with_phone()).do(Forward(), *typed("Warung Contoh"), SaveAndLeave())
    assert len(walk.orders(SaveDraft)) == 1
    walk.answer(SaveDraft, DraftSaved("https://contoh.invalid/d/x", "1 Des 2026"))
    assert walk.place is Place.DRAFT
    walk.do(Forward())
    assert walk.place is Place.FAREWELL


def test_at_time_out_a_draft_is_kept_for_one_who_can_come_back_to_it():
    walk = to_risk(with_phone()).do(Forward(), *typed("Warung Contoh"))
    walk.do(*[Tick(60)] * 5)
    assert len(walk.orders(SaveDraft)) == 1
    assert walk.place is Place.FAREWELL
    assert walk.visit.journey is None


def test_at_time_out_nothing_of_an_unknown_visitor_is_kept():
    walk = Walk().do(Begin(), Choose("none"))
    to_risk(walk).do(Forward(), Forward(), Forward(), *typed("Warung Contoh"))
    assert walk.place is Place.FORM
    walk.do(*[Tick(60)] * 5)
    assert walk.orders(SaveDraft) == []
    assert walk.place is Place.FAREWELL
