"""The envelope of a visit: welcome, way in, consent, menu, session clock, help, erasing.

`step` is the only entrance: a pure function from a state and an event to the next state and the effects. Services live
in `kiosk.journeys`; the envelope knows them through one table and hands events over.
"""

from __future__ import annotations

from dataclasses import replace

from kiosk.flow import beside, clock, helping, way_in
from kiosk.flow.events import (
    Answer,
    Back,
    Begin,
    CallOfficer,
    CallRings,
    CallUnheard,
    CancelCall,
    CardPresence,
    ChangeContrast,
    ChangeTextSize,
    Choose,
    DeviceChanged,
    Event,
    HallState,
    Hour,
    Leave,
    NetworkChanged,
    OfficerComing,
    PageRests,
    Reply,
    SaveAndLeave,
    SendOfficerAway,
    SetLanguage,
    Signal,
    Tick,
    Touch,
    TurnPage,
)
from kiosk.flow.leaving import finish, on_farewell
from kiosk.flow.model import WITH_CAMERA, Answered, Desk, Dialog, Entry, Exit, Place, Turn, Visit
from kiosk.flow.officer_events import OfficerTouch
from kiosk.flow.orders import (
    CancelRequests,
    CloseCamera,
    Effect,
    Note,
    OpenCamera,
    PrepareFace,
    ReleaseFace,
    SendSurvey,
)
from kiosk.flow.results import (
    Done,
    Failed,
    LeftBehind,
    OfficerSeen,
    Result,
    Ringing,
    SurveyInvited,
    Trouble,
    Unlocked,
    UnlockRefused,
)
from kiosk.journeys import ALL, SERVICES


def begin(session: str, visit: Visit | None = None) -> Visit:
    """A fresh visit at the welcome screen. `visit` lends settings and language only."""
    fresh = Visit(session=session)
    if visit is None:
        return fresh
    return replace(fresh, settings=visit.settings, remaining=visit.settings.session_seconds)


def step(visit: Visit, event: Event) -> tuple[Visit, tuple[Effect, ...]]:
    """The next state and what to do. Never raises for any event at any place; ended visits stay as they are."""
    if visit.ended:
        return visit, ()
    desk = Desk(visit)
    match event:
        case Reply():
            _on_reply(desk, event)
        case Tick():
            clock.tick(desk, event.seconds)
            beside.tick(desk, event.seconds)
        case OfficerTouch():
            clock.refill(desk)
            beside.on_touch(desk, event)
        case Signal():
            _on_signal(desk, event)
        case Touch():
            _on_touch(desk, event)
    if visit.suspended and not desk.visit.suspended:
        # Back from the way in, proved or not: the journey looks at its rights again.
        _to_journey(desk, Answered("Prove", Done()))
    beside.settle(desk, visit.step_place)
    _mind_the_place(desk, visit)
    return desk.visit, desk.effects


# --- what the visitor touches ------------------------------------------------------------------------------------


def _on_touch(desk: Desk, event: Touch) -> None:
    was_warned = desk.visit.own_dialog is Dialog.TIMEOUT
    clock.refill(desk)
    desk.change(trouble=None)
    if was_warned:
        desk.change(own_dialog=None)
        if event == Answer(yes=False):
            _save_and_leave(desk)
        elif isinstance(event, _EVERYWHERE):
            _on_everywhere(desk, event)
        return
    if _on_everywhere(desk, event):
        return
    if desk.visit.officer.door is not None:
        return
    if desk.visit.own_dialog is not None:
        _on_own_dialog(desk, event)
        return
    stage = desk.visit.stage
    if stage is Place.FAREWELL:
        on_farewell(desk, event)
    elif stage is Place.WELCOME:
        if isinstance(event, Begin):
            where, language = desk.visit.settings.spot, desk.visit.language
            desk.order(Note("visit", facts=(("where", where), ("language", language))))
            desk.change(stage=Place.IDENTIFY)
    elif stage is Place.RESTING:
        return
    elif stage is Place.MENU and desk.visit.journey is not None and not desk.visit.suspended:
        _to_journey(desk, event)
    elif stage is Place.MENU:
        _on_menu(desk, event)
    elif isinstance(event, Leave):
        ask_to_leave(desk)
    elif isinstance(event, Back) and stage is Place.IDENTIFY:
        _leave_the_way_in(desk)
    else:
        way_in.on_touch(desk, event)


_EVERYWHERE = SetLanguage | ChangeTextSize | ChangeContrast | CallOfficer | CancelCall | SendOfficerAway


def _on_everywhere(desk: Desk, event: Touch) -> bool:
    """The help bar: live on every public screen, also above dialogs."""
    match event:
        case SetLanguage(language):
            desk.change(language=language)
        case ChangeTextSize():
            desk.change(text_step=(desk.visit.text_step + 1) % 3)
        case ChangeContrast():
            desk.change(contrast=not desk.visit.contrast)
        case CallOfficer():
            helping.call(desk)
        case CancelCall():
            helping.cancel(desk)
        case SendOfficerAway():
            beside.close(desk, "sent_away")
        case _:
            return False
    return True


def _on_own_dialog(desk: Desk, event: Touch) -> None:
    dialog = desk.visit.own_dialog
    if not isinstance(event, Answer | Back):
        return
    desk.change(own_dialog=None)
    if dialog is Dialog.FILL_FOR_ME:
        beside.on_consent(desk, agreed=event == Answer(yes=False))
    if dialog is Dialog.WHO_FILLED and isinstance(event, Answer):
        desk.order(Note("filled_by", detail="self" if event.yes else "officer"))
        desk.change(ask_who_filled=False)
    if dialog is Dialog.LEAVE and event == Answer(yes=False):
        finish(desk, "left")


def _on_menu(desk: Desk, event: Touch) -> None:
    match event:
        case Choose("other_person"):
            way_in.forget(desk)
            desk.change(stage=Place.IDENTIFY)
        case Choose(what) if what in SERVICES and SERVICES[what].offered:
            _start(desk, what)
        case TurnPage():
            desk.change(menu_page=desk.visit.menu_page + 1)
        case Leave() | Back():
            ask_to_leave(desk)
        case _:
            pass


def ask_to_leave(desk: Desk) -> None:
    """Leave at once when nothing would be lost, else ask; also while an application is sent, whose number is not
    on the screen yet."""
    journey = desk.visit.journey
    sending = any(entry.kind == "Submit" for entry in desk.visit.pending)
    if journey is not None and (sending or journey.draft is not None):
        desk.change(own_dialog=Dialog.LEAVE)
    else:
        finish(desk, "left")


def _leave_the_way_in(desk: Desk) -> None:
    """Kembali on the first screen: back to the journey that asked for a proof, else to the welcome screen."""
    if desk.visit.suspended:
        desk.change(stage=Place.MENU, suspended=False)
    else:
        finish(desk, "left")


def _save_and_leave(desk: Desk) -> None:
    journey = desk.visit.journey
    if journey is None or journey.draft is None:
        finish(desk, "left")
        return
    desk.change(stage=Place.MENU, suspended=False)
    _to_journey(desk, SaveAndLeave())


# --- journeys ----------------------------------------------------------------------------------------------------


def _start(desk: Desk, name: str) -> None:
    desk.order(Note("journey", detail=name))
    desk.change(begun=desk.visit.begun + 1)
    _take(desk, SERVICES[name].start(desk.visit.context()))


def _to_journey(desk: Desk, event: Touch | Signal | Answered) -> None:
    journey = desk.visit.journey
    if journey is None:
        return
    if isinstance(event, Leave):
        ask_to_leave(desk)
        return
    _take(desk, ALL[journey.service].step(journey, event, desk.visit.context()))


def _take(desk: Desk, turn: Turn) -> None:
    desk.change(journey=turn.journey)
    desk.order(*turn.orders, journey=True)
    if any(isinstance(order, OpenCamera) for order in turn.orders):
        desk.change(camera_used=True)
    if any(isinstance(order, SendSurvey) for order in turn.orders):
        desk.change(surveyed=True)
    match turn.exit:
        case Exit.MENU if not desk.visit.archivist:
            _drop_journey(desk)
        case Exit.DONE | Exit.MENU:
            _drop_journey(desk)
            finish(desk, "done")
        case Exit.LEAVE:
            ask_to_leave(desk)
        case Exit.PRACTICE:
            _drop_journey(desk)
            _start(desk, "practice")
        case Exit.PROVE:
            way_in.forget(desk)
            desk.change(suspended=True, stage=Place.IDENTIFY)
        case Exit.PROVE_DRAFT:
            way_in.forget(desk)
            desk.change(suspended=True, stage=Place.NUMBER, entry=Entry(means="draft", handle=turn.handle))
        case Exit.CONSENT:
            desk.change(suspended=True, stage=Place.CONSENT)
        case None:
            pass


def _drop_journey(desk: Desk) -> None:
    waiting = tuple(entry.request for entry in desk.visit.pending if entry.journey)
    desk.change(journey=None, pending=tuple(entry for entry in desk.visit.pending if not entry.journey))
    if waiting:
        desk.order(CancelRequests(waiting))


# --- what the world says -----------------------------------------------------------------------------------------


def _on_reply(desk: Desk, reply: Reply) -> None:
    visit = desk.visit
    entry = next((entry for entry in visit.pending if entry.request == reply.request), None)
    if reply.session != visit.session or entry is None:
        return
    desk.change(pending=tuple(other for other in visit.pending if other is not entry))
    if entry.journey:
        _to_journey(desk, Answered(entry.kind, reply.result))
    else:
        _on_own_result(desk, entry.kind, reply.result)


def _on_own_result(desk: Desk, kind: str, result: Result) -> None:
    match result:
        case Ringing() | Failed() if kind == "RingOfficer":
            helping.answered(desk, result)
        case OfficerSeen() | Unlocked() | UnlockRefused():
            beside.on_result(desk, kind, result)
        case Failed() if kind in beside.ORDERS:
            beside.on_result(desk, kind, result)
        case LeftBehind() | SurveyInvited():
            on_farewell(desk, result)
        case Failed() if kind == "InviteSurvey":
            pass  # no line, no code on the screen
        case Failed() if kind == "LookAround":
            on_farewell(desk, LeftBehind(card=desk.visit.card_present, paper=False))
        case _:
            way_in.on_result(desk, kind, result)


def _on_signal(desk: Desk, event: Signal) -> None:
    match event:
        case Hour():
            desk.change(hour=event)
        case HallState():
            desk.change(hall=event)
        case NetworkChanged(online, since):
            desk.change(online=online, offline_since="" if online else since)
            desk.order(_device("network", online))
        case DeviceChanged():
            others = frozenset(entry for entry in desk.visit.devices_down if entry[0] != event.device)
            desk.change(devices_down=others if event.usable else others | {(event.device, event.detail)})
            desk.order(_device(event.device, event.usable, event.detail))
            _tell_journey(desk, event)
        case PageRests():
            # Under a dialog, and while an officer unlocks in front of it, nothing is taken by itself.
            covered = desk.visit.dialog is not None or desk.visit.officer.door is not None
            _tell_journey(desk, PageRests(None) if covered else event)
        case OfficerComing(minutes):
            helping.coming(desk, minutes)
        case CallRings():
            helping.rings(desk)
        case CallUnheard():
            helping.unheard(desk)
        case CardPresence():
            desk.change(card_present=event.present, insertion=event.insertion)
            if desk.visit.stage is Place.FAREWELL:
                on_farewell(desk, event)
            elif desk.visit.place is Place.IDENTIFY:
                way_in.on_card(desk, event)
            else:
                beside.on_card(desk, event)
        case _:
            pass


def _device(name: str, usable: bool, detail: str = "") -> Note:
    """A line of its own kind: it belongs to no visit, and is written only when the state has changed."""
    state = "ready" if usable else "down"
    return Note("device", detail="" if usable else detail, facts=(("device", name), ("state", state)))


def _tell_journey(desk: Desk, event: Signal) -> None:
    if desk.visit.journey is not None and not desk.visit.suspended:
        _to_journey(desk, event)


def _mind_the_place(desk: Desk, was: Visit) -> None:
    """Whatever led here: the camera runs exactly while its screen is shown, and each step is noted once."""
    before, after = was.place, desk.visit.place
    if after is before:
        return
    if before in WITH_CAMERA:
        desk.order(CloseCamera())
    if before is Place.PHOTO:
        desk.order(ReleaseFace())
    if after in WITH_CAMERA:
        if desk.visit.down("camera"):
            # Known to be away: said at once. "Coba lagi" asks the camera itself.
            if after is not Place.PHOTO:
                _to_journey(desk, Answered("OpenCamera", Failed(Trouble.NO_CAMERA)))
        else:
            desk.change(camera_used=True)
            desk.order(OpenCamera(), journey=after is not Place.PHOTO)
    if after is Place.PHOTO:
        desk.order(PrepareFace())
    if desk.visit.stage is Place.MENU:
        clock.shorten(desk)
    if desk.visit.step_place is not was.step_place:
        desk.order(Note("step", place=desk.visit.step_place.value))
