"""Anything, at any moment: the flow neither raises, nor leaks into another session, nor leaves the camera running."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.flow import events as ev
from kiosk.flow import orders
from kiosk.flow.events import Event, Reply
from kiosk.flow.model import WITH_CAMERA, Place
from kiosk.flow.orders import Effect
from kiosk.flow.results import (
    CameraOpen,
    CodeSeen,
    CodeSent,
    Done,
    DraftFound,
    DraftSaved,
    Failed,
    LeftBehind,
    LessonsLoaded,
    LkpmTold,
    NumberTaken,
    PictureTaken,
    Printed,
    Result,
    Ringing,
    Status,
    StatusFound,
    Submitted,
    Suggested,
    SurveyLoaded,
    Told,
    Trouble,
)
from kiosk.flow.visit import begin, step
from kiosk.journeys import SERVICES
from kiosk.knowledge import faq, lessons, lkpm, survey
from tests.kiosk.flow.samples import CARD, PERSON, STRANGER, assessed, bands, matches

WORDS = (
    "none nik nib phone refuse resend privacy other_person mikro besar new 56304 add retake:p1 delete:p1"
    " edit:kbli edit:papers by_hand print menu later perizinan 1 4 skip stop speak A04 B10"
)
CHOICES = st.sampled_from([*SERVICES, *WORDS.split()])
TOUCHES = st.one_of(
    st.sampled_from([ev.Begin(), ev.Back(), ev.Forward(), ev.Leave(), ev.SaveAndLeave(), ev.Backspace()]),
    st.sampled_from(
        [ev.ClearField(), ev.TurnPage(), ev.ChangeTextSize(), ev.ChangeContrast(), ev.CallOfficer()]
    ),
    st.sampled_from(
        [ev.CancelCall(), ev.Answer(True), ev.Answer(False), ev.Toggle("declare"), ev.Toggle("whatsapp")]
    ),
    CHOICES.map(ev.Choose),
    st.sampled_from(list("0123456789aku ,")).map(ev.Key),
)
SIGNALS = st.one_of(
    st.integers(1, 90).map(ev.Tick),
    st.tuples(st.booleans(), st.integers(0, 3)).map(lambda pair: ev.CardPresence(*pair)),
    st.booleans().map(lambda online: ev.NetworkChanged(online, "09.31")),
    st.sampled_from((None, 0, 1, 2, 3)).map(ev.PageRests),
    st.tuples(st.sampled_from(["card", "camera", "printer"]), st.booleans()).map(
        lambda pair: ev.DeviceChanged(pair[0], pair[1], "paper_out")
    ),
    st.sampled_from([ev.OfficerComing(2), ev.OfficerComing(0), ev.CallRings(), ev.CallUnheard()]),
)
TODAY = date(2026, 11, 24)
PLANTED = "9971014101900001"

GOOD: dict[type[orders.Order], Result] = {
    orders.ReadCard: CARD,
    orders.SendCode: CodeSent("08•• •••• 4821", 300, 2),
    orders.CheckCode: PERSON,
    orders.ProveByReader: PERSON,
    orders.LoadBands: bands(),
    orders.AssessRisk: assessed("56304"),
    orders.LoadLkpm: LkpmTold("kecil", lkpm.who("kecil"), lkpm.asked(), lkpm.source(), None),
    orders.OpenCamera: CameraOpen(),
    orders.TakePicture: PictureTaken("p1", ("glare",)),
    orders.LookForCode: CodeSeen("A" * 22),
    orders.LoadDraft: DraftFound("56304", "mikro", (("tenure", "own"),), False, "2026-12-01"),
    orders.Submit: Submitted("MKM-2026-0417-K7QX", "https://contoh.invalid/s", "09.41"),
    orders.SaveDraft: DraftSaved("https://contoh.invalid/d", "1 Des 2026"),
    orders.TakeNumber: NumberTaken("A-047", "perizinan", 6, "09.45", "https://contoh.invalid/q"),
    orders.PrintTicket: Printed(),
    orders.SendReceipt: Done(),
    orders.FetchStatus: StatusFound((Status("MKM-2026-0388-X", "Diperiksa", "Being checked", 5, 7, ()),)),
    orders.LoadLessons: LessonsLoaded(lessons.lessons()),
    orders.LoadSurvey: SurveyLoaded(survey.version(), survey.questions()),
    orders.RingOfficer: Ringing(),
    orders.LookAround: LeftBehind(False, False),
}


def answer(effect: Effect, good: bool, known: bool) -> Result:
    if not good:
        return Failed(Trouble.OFFLINE, tries_left=2)
    if isinstance(effect.order, orders.SearchKbli):
        return matches(effect.order.query)
    if isinstance(effect.order, orders.SuggestFaq):
        return Suggested(effect.order.typed, faq.starters(TODAY), speaks=True)
    if isinstance(effect.order, orders.AskFaq):
        return Told(faq.named(effect.order.chosen, TODAY) or faq.answer(effect.order.typed, "id", TODAY))
    if isinstance(effect.order, orders.CheckCode) and not known:
        return STRANGER
    return GOOD.get(type(effect.order), Done())


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_a_monkey_with_a_world_that_answers_late_or_wrongly(data: st.DataObject):
    visit = begin("monkey")
    open_effects: list[Effect] = []
    camera_on = False
    for _ in range(data.draw(st.integers(10, 70))):
        pick = data.draw(st.integers(0, 9))
        event: Event
        if pick >= 7 and open_effects:
            effect = open_effects.pop(data.draw(st.integers(0, len(open_effects) - 1)))
            event = Reply(
                "monkey", effect.request, answer(effect, data.draw(st.booleans()), data.draw(st.booleans()))
            )
        elif pick == 6:
            event = Reply(
                data.draw(st.sampled_from(["monkey", "other"])), data.draw(st.integers(0, 200)), PERSON
            )
        else:
            event = data.draw(SIGNALS if pick == 5 else TOUCHES)
        before = visit
        visit, effects = step(visit, event)
        numbers = [effect.request for effect in effects]
        assert numbers == list(range(before.next_request, before.next_request + len(numbers)))
        for effect in effects:
            assert effect.session == "monkey"
            camera_on = camera_on or isinstance(effect.order, orders.OpenCamera)
            camera_on = camera_on and not isinstance(effect.order, orders.CloseCamera)
            if effect.order.answers:
                open_effects.append(effect)
            if isinstance(effect.order, orders.Submit):
                assert visit.consented
        assert camera_on == (visit.place in WITH_CAMERA)
        assert visit.remaining >= 0
        if isinstance(event, Reply) and event.session == "other":
            assert visit == before
        if visit.stage is Place.FAREWELL:
            assert visit.journey is None
            assert visit.person.name == ""
            assert not visit.pending or all(
                entry.kind in ("LookAround", "RingOfficer", "InviteSurvey") for entry in visit.pending
            )


@settings(max_examples=60, deadline=None)
@given(st.lists(TOUCHES | SIGNALS, max_size=40))
def test_every_visit_ends_when_nobody_touches_it(events: list[Event]):
    visit = begin("alone")
    for event in events:
        visit, _ = step(visit, event)
    for _ in range(2000):
        visit, _ = step(visit, ev.Tick(1))
    assert visit.ended or visit.stage is Place.WELCOME


@settings(max_examples=60, deadline=None)
@given(st.lists(TOUCHES, max_size=30))
def test_state_and_effects_never_show_a_number_in_their_repr(touches: list[ev.Touch]):
    visit = begin("quiet")
    visit, effects = step(visit, ev.Begin())
    seen = [repr(visit), repr(effects)]
    for event in (ev.Choose("nik"), *map(ev.Key, PLANTED), ev.Forward(), *touches):
        visit, effects = step(visit, event)
        seen += [repr(visit), repr(effects)]
    assert not any(PLANTED in text for text in seen)
