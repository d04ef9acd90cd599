"""The way in by the card's face: read, checked, corrected; never more than what is typed, never without asking."""

from __future__ import annotations

from kiosk.flow.events import Back, Backspace, Begin, Choose, Event, Focus, Forward, Key, Reply, Toggle
from kiosk.flow.model import Place, Visit
from kiosk.flow.orders import (
    CloseCamera,
    KnowRegion,
    OpenCamera,
    Order,
    PrepareFace,
    ReadFace,
    ReleaseFace,
    SendCode,
)
from kiosk.flow.results import CodeSent, FaceSeen, Failed, Proved, RegionKnown, Result, Trouble
from kiosk.flow.visit import begin, step
from kiosk.identity.rights import Proof, Right, Standing, Way

NIK = "9971024502900002"
SEEN = FaceSeen((NIK, NIK), ("CONTOH PENYEWA", True), ("MUKOMUKO, 05-02-1990", True), ("JL CONT0H", False))


class Walk:
    """A visit and what it ordered since the last look."""

    def __init__(self) -> None:
        self.visit: Visit = begin("s")
        self.orders: list[Order] = []
        self.do(Begin())

    def do(self, *events: Event) -> Walk:
        self.orders = []
        for event in events:
            self.visit, effects = step(self.visit, event)
            self.orders += [effect.order for effect in effects]
        return self

    def answer(self, kind: str, result: Result) -> Walk:
        request = next(entry.request for entry in self.visit.pending if entry.kind == kind)
        return self.do(Reply("s", request, result))

    def ordered(self, kind: type[Order]) -> bool:
        return any(isinstance(order, kind) for order in self.orders)


def at_photo() -> Walk:
    return Walk().do(Choose("photo"))


def at_face(seen: FaceSeen = SEEN) -> Walk:
    return at_photo().do(Forward()).answer("ReadFace", seen)


def test_camera_and_readers_live_exactly_while_their_screen_is_shown() -> None:
    walk = at_photo()
    assert walk.visit.place is Place.PHOTO
    assert walk.ordered(OpenCamera)
    assert walk.ordered(PrepareFace)
    walk.do(Back())
    assert walk.visit.place is Place.IDENTIFY
    assert walk.ordered(CloseCamera)
    assert walk.ordered(ReleaseFace)
    assert at_photo().do(Forward()).answer("ReadFace", SEEN).ordered(ReleaseFace)


def test_a_believed_number_is_shown_to_be_checked_and_needs_the_code() -> None:
    walk = at_face()
    assert walk.visit.place is Place.FACE
    assert walk.visit.entry.digits == NIK
    assert not walk.ordered(SendCode), "the visitor looks first"
    walk.do(Forward())
    assert walk.orders == [KnowRegion(NIK[:6])]
    walk.answer("KnowRegion", RegionKnown(True))
    assert walk.orders == [SendCode("nik", NIK)]
    walk.answer("SendCode", CodeSent("08•• •••• 4821", 300, 2))
    assert walk.visit.place is Place.CODE
    assert not walk.visit.standing.may(Right.SUBMIT)
    walk.do(*(Key(sign) for sign in "123456")).answer("CheckCode", Proved(True, "PENYEWA", "P"))
    assert walk.visit.standing == Standing(Way.OCR, Proof.CODE)
    assert walk.visit.person.name == "PENYEWA", "the portal's name goes before the card's"
    assert walk.visit.entry.face is None


def test_a_region_that_is_not_known_is_warned_about_once() -> None:
    walk = at_face().do(Forward()).answer("KnowRegion", RegionKnown(False))
    assert walk.visit.place is Place.FACE
    assert walk.visit.entry.doubt == "region"
    assert walk.do(Forward()).orders == [SendCode("nik", NIK)]


def test_readers_that_differ_are_not_believed_and_the_number_can_be_typed() -> None:
    walk = at_face(FaceSeen((NIK, "9971024502900003")))
    assert walk.visit.place is Place.PHOTO
    assert walk.visit.trouble is Trouble.FACE_UNSURE
    assert walk.visit.entry.digits == ""
    walk.do(Choose("nik"))
    assert walk.visit.place is Place.NUMBER
    assert walk.visit.entry.means == "nik"
    assert walk.visit.entry.digits == ""


def test_troubles_stay_at_the_camera_and_a_new_try_is_possible() -> None:
    walk = at_photo().do(Forward()).answer("ReadFace", Failed(Trouble.NO_FACE))
    assert walk.visit.trouble is Trouble.NO_FACE
    assert walk.do(Forward()).ordered(ReadFace)
    assert not walk.do(Forward()).ordered(ReadFace), "one at a time"


def test_an_answer_that_comes_after_leaving_changes_nothing() -> None:
    walk = at_photo().do(Forward())
    request = next(entry.request for entry in walk.visit.pending if entry.kind == "ReadFace")
    walk.do(Choose("nik"), Reply("s", request, SEEN))
    assert walk.visit.place is Place.NUMBER
    assert walk.visit.entry.digits == ""
    walk = at_photo()
    opening = next(entry.request for entry in walk.visit.pending if entry.kind == "OpenCamera")
    walk.do(Back(), Reply("s", opening, Failed(Trouble.NO_CAMERA)))
    assert walk.visit.trouble is None


def test_fields_are_corrected_and_what_is_doubtful_is_marked_until_then() -> None:
    walk = at_face()
    face = walk.visit.entry.face
    assert face is not None
    assert face.doubtful == {"address"}
    walk.do(Focus("address"), Backspace(), *(Key(sign) for sign in "H 9"), Forward())
    face = walk.visit.entry.face
    assert face is not None
    assert (face.address, face.doubtful) == ("JL CONT0H 9", frozenset())
    assert walk.visit.place is Place.FACE
    assert walk.do(Toggle("number")).visit.entry.open
    assert "CONTOH" not in repr(walk.visit)
    assert NIK not in repr(walk.visit)


def test_somebody_new_is_called_by_the_checked_name_alone() -> None:
    for sure, name in ((True, "CONTOH PENYEWA"), (False, "")):
        walk = at_face(FaceSeen((NIK, NIK), ("CONTOH PENYEWA", sure))).do(Forward())
        walk.answer("KnowRegion", RegionKnown(True)).answer("SendCode", CodeSent("08••", 300, 2))
        walk.do(*(Key(sign) for sign in "123456")).answer("CheckCode", Proved(False))
        assert walk.visit.standing == Standing(Way.OCR, Proof.CODE_TO_NEW_PHONE)
        assert walk.visit.person.name == name


def test_going_back_forgets_the_card() -> None:
    assert at_face().do(Back()).visit.entry.face is None
    assert at_face().do(Choose("nik")).visit.entry.digits == ""
