"""An officer's archive: opened at the welcome screen by the unlock alone, nobody's visit, and no way to or from one."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.flow import archive_orders as ask
from kiosk.flow import events as ev
from kiosk.flow import officer_events as oe
from kiosk.flow import orders
from kiosk.flow.archive_results import (
    Board,
    FoundInArchive,
    KnownAlready,
    Row,
    Separated,
    SheetKept,
    ToIndex,
)
from kiosk.flow.events import Event, Reply
from kiosk.flow.model import WITH_CAMERA, Dialog, Place, Visit
from kiosk.flow.orders import Effect
from kiosk.flow.results import CameraOpen, Done, Failed, LeftBehind, Printed, Result, Trouble, Unlocked
from kiosk.flow.visit import begin, step
from kiosk.identity.rights import Standing
from kiosk.journeys import SERVICES
from kiosk.journeys.archive import Archive
from kiosk.journeys.archive.fields import refused
from kiosk.journeys.archive.state import FIELDS
from tests.kiosk.flow import test_monkey as monkey

ALIAS = "abcdefgh"
OPENED = Unlocked(ALIAS, "Bu Contoh", "Loket 2", 0, "archive")
ARCHIVE_PLACES = {Place.ARCHIVE, Place.ARCHIVE_CAMERA, Place.ARCHIVE_FIELDS, Place.ARCHIVE_SEARCH}
OFFICE_ORDERS = {
    *(kind for kind in vars(ask).values() if isinstance(kind, type) and issubclass(kind, orders.Order)),
    orders.OpenCamera, orders.CloseCamera, orders.SetLamp, orders.PrintTicket, orders.Note, orders.CancelRequests,
    orders.EndVisit, orders.ForgetIdentity, orders.LookAround, orders.Sound, orders.RingOfficer, orders.StopRinging,
    orders.ProveOfficer, orders.Unlock,
}  # fmt: skip
"""All that an officer's visit may ask of the world: no card is read, nobody identified, nothing filed for anybody."""
ROW = Row("row-1", "503/1", "2009", "BUDI CONTOH", "47111", 2)
GOOD: dict[type[orders.Order], Result] = {
    **monkey.GOOD,
    ask.OpenArchive: Board(2, 1, 3, 1),
    ask.WatchArchive: Board(1, 1, 4, 0),
    ask.KeepSheet: SheetKept("sheet-1", 1),
    ask.EndDocument: Separated(True),
    ask.NextToIndex: ToIndex(7, 2, 2, "first"),
    ask.IndexDocument: Done(),
    ask.SendAgain: Board(),
    ask.FindInArchive: FoundInArchive("", (ROW,)),
    orders.LookAround: LeftBehind(False, False),
}
TOUCHES = st.one_of(
    monkey.TOUCHES,
    st.sampled_from(["index", "search", "separator", "again", "next_document", "drop_last", "discard", "portal"]).map(
        ev.Choose
    ),
    st.sampled_from(FIELDS).map(ev.Focus),
    st.just(ev.Toggle("lamp")),
    st.sampled_from([oe.OpenDoor(), oe.CloseDoor(), oe.DoorOn(), oe.DoorKey("1"), oe.AskToFill(), oe.LeaveAssist()]),
)  # fmt: skip


class Play:
    """A visit and what it asked for so far."""

    def __init__(self, visit: Visit | None = None) -> None:
        self.visit = visit or begin("office")
        self.asked: list[Effect] = []

    def do(self, *events: Event) -> Play:
        for event in events:
            self.visit, effects = step(self.visit, event)
            self.asked += effects
        return self

    def reply(self, kind: type[orders.Order], result: Result) -> Play:
        effect = next(one for one in reversed(self.asked) if isinstance(one.order, kind))
        return self.do(Reply("office", effect.request, result))

    def last(self, kind: type[orders.Order]) -> orders.Order:
        return next(one.order for one in reversed(self.asked) if isinstance(one.order, kind))

    @property
    def archive(self) -> Archive:
        assert isinstance(self.visit.journey, Archive)
        return self.visit.journey

    def type(self, words: str) -> Play:
        return self.do(*map(ev.Key, words))


def at_door() -> Play:
    digits = [
        *map(oe.DoorKey, "07"),
        oe.DoorOn(),
        *map(oe.DoorKey, "739154"),
        oe.DoorOn(),
        *map(oe.DoorKey, "123456"),
    ]
    return Play().do(oe.OpenDoor(), *digits)


def opened() -> Play:
    return at_door().reply(orders.Unlock, OPENED)


def on_board(*, unindexed: int = 0, waiting: int = 0) -> Play:
    return opened().reply(ask.OpenArchive, Board(unindexed, waiting))


def at_fields() -> Play:
    return on_board(unindexed=1).do(ev.Choose("index")).reply(ask.NextToIndex, ToIndex(7, 2, 1, "first"))


def test_the_crest_at_the_welcome_screen_leads_to_the_archive_and_in_a_visit_to_the_assisted_mode() -> None:
    unlock = at_door().last(orders.Unlock)
    assert isinstance(unlock, orders.Unlock)
    assert unlock.duty == "archive"
    assert opened().visit.place is Place.ARCHIVE
    visit = Play().do(ev.Begin(), oe.OpenDoor()).visit
    assert visit.officer.door is not None
    assert visit.officer.door.duty == "assist"


def test_it_is_in_no_menu_and_no_choice_begins_it() -> None:
    assert "archive" not in SERVICES
    play = Play().do(ev.Begin(), ev.Choose("none"))
    for name in ("archive", "index", "search"):
        assert play.do(ev.Choose(name)).visit.place not in ARCHIVE_PLACES
    refused_there = at_door().reply(orders.Unlock, Failed(Trouble.INTERNAL)).visit
    assert refused_there.place is Place.OFFICER
    assert refused_there.archivist == ""


def test_an_unlock_that_comes_after_the_door_was_shut_opens_nothing_and_is_locked_again() -> None:
    play = at_door().do(oe.CloseDoor()).reply(orders.Unlock, OPENED)
    assert play.visit.place is Place.WELCOME
    assert play.visit.archivist == ""
    assert isinstance(play.last(ask.LockArchive), ask.LockArchive)
    play = at_door().do(oe.CloseDoor(), ev.Begin()).reply(orders.Unlock, OPENED)
    assert play.visit.journey is None, "somebody began a visit meanwhile"
    assert play.visit.place is Place.IDENTIFY


def test_only_the_unlock_and_the_lock_are_logged_and_neither_names_the_visit() -> None:
    play = on_board().do(ev.Forward()).reply(orders.OpenCamera, CameraOpen()).do(ev.Back(), ev.Leave())
    assert play.visit.place is Place.FAREWELL
    notes = [effect.order for effect in play.asked if isinstance(effect.order, orders.Note)]
    assert [(note.word, note.of_visit, dict(note.facts)) for note in notes] == [
        ("lock", False, {"duty": "archive", "officer": ALIAS})
    ]
    assert isinstance(play.last(ask.LockArchive), ask.LockArchive)


def test_it_ends_by_inactivity_with_its_pages_on_disk() -> None:
    play = on_board().do(*[ev.Tick(1)] * 400)
    assert play.visit.place is Place.FAREWELL
    assert play.visit.journey is None
    play.do(*[ev.Tick(1)] * 60)
    assert play.visit.ended


def test_a_page_after_the_other_without_leaving_the_camera() -> None:
    play = on_board().do(ev.Forward())
    assert play.visit.place is Place.ARCHIVE_CAMERA
    play.reply(orders.OpenCamera, CameraOpen())
    for number in (1, 2):
        play.do(ev.Forward()).do(ev.Forward()).reply(ask.KeepSheet, SheetKept(f"sheet-{number}", number))
    assert play.visit.place is Place.ARCHIVE_CAMERA
    assert play.archive.pages == 2
    assert len([one for one in play.asked if isinstance(one.order, ask.KeepSheet)]) == 2, "one at a time"
    play.do(ev.Forward()).reply(ask.KeepSheet, Separated(True, by_sheet=True))
    assert (play.archive.pages, play.archive.begun) == (0, True)
    play.do(ev.Choose("next_document"))
    assert not any(isinstance(one.order, ask.EndDocument) for one in play.asked), (
        "an empty document does not end"
    )


def test_a_page_that_lies_still_takes_itself_once_and_the_next_one_too() -> None:
    play = on_board()
    play.visit = replace(play.visit, settings=replace(play.visit.settings, auto_capture=True))
    play.do(ev.Forward()).reply(orders.OpenCamera, CameraOpen())
    for number in (1, 2):
        play.do(*map(ev.PageRests, (3, 2, 1)))
        assert play.archive.counting == 1
        play.do(ev.PageRests(0)).reply(ask.KeepSheet, SheetKept(f"sheet-{number}", number))
        play.do(*map(ev.PageRests, (3, 2, 1, 0)))
        assert play.archive.counting == 0, "the same page lies there still"
        play.do(ev.PageRests(None))
    assert len([one for one in play.asked if isinstance(one.order, ask.KeepSheet)]) == 2
    play.do(ev.PageRests(3), ev.Choose("by_hand"), *map(ev.PageRests, (2, 1, 0)))
    assert not play.archive.waiting


def test_the_last_page_can_be_taken_out() -> None:
    play = on_board().do(ev.Forward()).reply(orders.OpenCamera, CameraOpen())
    play.do(ev.Forward()).reply(ask.KeepSheet, SheetKept("sheet-4", 1, ("blurred",)))
    play.do(ev.Choose("drop_last"))
    assert play.last(ask.DropSheet) == ask.DropSheet("sheet-4")
    assert play.reply(ask.DropSheet, Done()).archive.pages == 0


def test_a_full_disk_is_said_and_the_camera_goes_on() -> None:
    play = on_board().do(ev.Forward()).reply(orders.OpenCamera, CameraOpen())
    play.do(ev.Forward()).reply(ask.KeepSheet, Failed(Trouble.DISK_FULL))
    assert play.archive.trouble is Trouble.DISK_FULL
    assert play.do(ev.Forward()).archive.waiting == "KeepSheet"


def test_fields_are_typed_checked_and_sent() -> None:
    play = at_fields().type("503/88/siup/2009").do(ev.Forward())
    assert play.archive.value("year") == "2009", "the year at the end of the number comes along"
    play.do(ev.Forward()).type("budi contoh").do(ev.Forward())
    assert play.archive.focus == "kbli"
    play.do(ev.Forward())
    order = play.last(ask.IndexDocument)
    assert order == ask.IndexDocument(7, "503/88/SIUP/2009", "2009", "BUDI CONTOH", "")
    assert "BUDI" not in repr(order) + repr(play.visit)
    play.reply(ask.IndexDocument, Done()).reply(ask.NextToIndex, ToIndex())
    assert play.visit.place is Place.ARCHIVE, "nothing is left to index"


def test_what_is_missing_or_wrong_is_said_at_its_field() -> None:
    play = at_fields().do(ev.Forward())
    assert play.archive.doubt("number") == "missing"
    play.type("1").do(ev.Focus("year")).type("1850x").do(ev.Forward())
    assert (play.archive.value("year"), play.archive.doubt("year")) == ("1850", "year")
    play.do(ev.Backspace(), ev.Backspace(), ev.Backspace(), ev.Backspace()).type("1998").do(ev.Focus("kbli"))
    play.type("123").do(ev.Forward())
    assert play.archive.doubt("kbli") == "kbli"
    assert not any(isinstance(one.order, ask.IndexDocument) for one in play.asked)


def test_a_nik_has_no_place_in_the_index() -> None:
    for typed in ("9971014101900001", "BUDI 9971 0141 0190 0001", "99.71.01.41.01.90.0001"):
        for name in ("number", "holder"):
            assert refused(Archive().with_value(name, typed), name) == "nik"
    assert refused(Archive().with_value("number", "1234567890123"), "number") == "", "a NIB has thirteen"


def test_a_number_that_is_there_already_is_asked_about() -> None:
    play = at_fields().type("5/2009").do(ev.Forward(), ev.Forward()).type("A").do(ev.Forward(), ev.Forward())
    play.reply(ask.IndexDocument, KnownAlready("LAIN CONTOH"))
    assert play.visit.dialog is Dialog.KNOWN_DOCUMENT
    assert play.do(ev.Answer(yes=True)).visit.dialog is None, "the safe answer goes back to the fields"
    play.do(ev.Forward()).reply(ask.IndexDocument, KnownAlready("LAIN CONTOH")).do(ev.Answer(yes=False))
    order = play.last(ask.IndexDocument)
    assert isinstance(order, ask.IndexDocument)
    assert order.sure


def test_a_document_is_given_up_only_when_asked_twice() -> None:
    play = at_fields().do(ev.Choose("discard"), ev.Answer(yes=True))
    assert not any(isinstance(one.order, ask.DiscardDocument) for one in play.asked)
    play.do(ev.Choose("discard"), ev.Answer(yes=False))
    assert play.last(ask.DiscardDocument) == ask.DiscardDocument(7)


def test_every_key_searches_and_the_last_words_win() -> None:
    play = on_board().do(ev.Choose("search")).reply(ask.FindInArchive, FoundInArchive("", (ROW,)))
    play.type("bu")
    play.type("di")
    play.reply(ask.FindInArchive, FoundInArchive("b", ()))
    assert play.last(ask.FindInArchive) == ask.FindInArchive("budi")
    play.reply(ask.FindInArchive, FoundInArchive("budi", (ROW,)))
    assert play.archive.rows == (ROW,)
    assert not play.archive.waiting
    play.do(ev.Forward())
    assert play.last(ask.FindInArchive) == ask.FindInArchive("budi", portal=True)
    play.reply(ask.FindInArchive, Failed(Trouble.OFFLINE))
    assert (play.archive.rows, play.archive.trouble) == ((ROW,), Trouble.OFFLINE), (
        "what is here stays on the screen"
    )


def test_the_board_keeps_itself_up_to_date_only_while_it_is_shown() -> None:
    play = on_board(waiting=3)
    watched = play.last(ask.WatchArchive)
    assert watched == ask.WatchArchive(Board(waiting=3))
    play.reply(ask.WatchArchive, Board(waiting=2, sent=1))
    assert play.archive.board == Board(waiting=2, sent=1)
    play.do(ev.Choose("search"))
    before = len(play.asked)
    play.reply(ask.WatchArchive, Board(waiting=1, sent=2))
    assert not any(isinstance(one.order, ask.WatchArchive) for one in play.asked[before:])


def test_a_separator_is_printed_without_a_word_of_any_document() -> None:
    play = on_board().do(ev.Choose("separator"))
    printed = play.last(orders.PrintTicket)
    assert isinstance(printed, orders.PrintTicket)
    assert (printed.kind, printed.about) == ("separator", ())
    assert play.reply(orders.PrintTicket, Printed()).archive.printed == "printed"


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_anything_at_any_moment_stays_the_offices_own(data: st.DataObject) -> None:
    """No touch leads from the archive to a visitor's data, no card is read, the camera rests elsewhere."""
    visit = opened().visit
    waiting: list[Effect] = []
    camera = False
    for _ in range(data.draw(st.integers(5, 60))):
        pick = data.draw(st.integers(0, 9))
        event: Event
        if pick >= 6 and waiting:
            effect = waiting.pop(data.draw(st.integers(0, len(waiting) - 1)))
            good = (
                GOOD.get(type(effect.order), Done()) if data.draw(st.booleans()) else Failed(Trouble.OFFLINE)
            )
            event = Reply("office", effect.request, good)
        else:
            event = data.draw(monkey.SIGNALS if pick == 5 else TOUCHES)
        visit, effects = step(visit, event)
        for effect in effects:
            assert type(effect.order) in OFFICE_ORDERS, effect
            camera = (camera or isinstance(effect.order, orders.OpenCamera)) and not isinstance(
                effect.order, orders.CloseCamera
            )
            if isinstance(effect.order, orders.Note):
                assert effect.order.word in ("lock", "device")
            if effect.order.answers:
                waiting.append(effect)
        assert visit.archivist == ALIAS
        assert visit.standing == Standing()
        assert visit.place in {*ARCHIVE_PLACES, Place.FAREWELL}
        assert camera == (visit.place in WITH_CAMERA)
        assert (visit.entry, visit.claim, visit.person) == (replace(visit.entry), "", visit.person)
        if visit.place is Place.FAREWELL:
            assert visit.journey is None


@settings(max_examples=200, deadline=None)
@given(st.lists(TOUCHES | monkey.SIGNALS, max_size=40))
def test_no_visitor_gets_in_without_the_unlock(events: list[Event]) -> None:
    visit = begin("visitor")
    for event in events:
        visit, effects = step(visit, event)
        assert visit.place not in ARCHIVE_PLACES
        assert not any(isinstance(effect.order, ask.OpenArchive) for effect in effects)
