"""The scenes of the way in, the menu, queue, status and the end: drawn in their states, touched, and looked at."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from string import Formatter
from typing import Any, Literal

import pytest

from kiosk import i18n
from kiosk.flow.events import (
    Answer,
    Back,
    Backspace,
    Begin,
    Choose,
    ClearField,
    Forward,
    HallState,
    Hour,
    Key,
    Leave,
    Rest,
    Toggle,
    TurnPage,
)
from kiosk.flow.model import Dialog, Entry, Face, Help, Pending, Person, Place, Visit
from kiosk.flow.results import NumberTaken, Status, StatusStep, Trouble
from kiosk.flow.visit import step
from kiosk.identity.numbers import Doubt
from kiosk.identity.rights import Proof, Standing, Way
from kiosk.journeys import SERVICES
from kiosk.journeys.apply import start as start_apply
from kiosk.journeys.queue import Queue
from kiosk.journeys.status import Track
from screens.scene import Office, Sends
from screens.widgets.status import Chip
from screens.words import Notice, address, first_name, greeting
from tests.screens.scenes import LANDSCAPE, PORTRAIT, Shown, show, written

ROOT = Path(__file__).parents[2]

HOUR = Hour(9, "09.24", "Selasa, 24 Nov 2026", "Tuesday, 24 Nov 2026")
HALL = HallState("A-041", "Loket 2", 6, 18, "15.30", is_open=True)
START = Visit("s", hour=HOUR, hall=HALL, remaining=272)
PHONE = "08•• •••• 4821"
KNOWN = Person(
    "RAHMAT HIDAYAT",
    "L",
    PHONE,
    (
        (
            "Menunggu Dinas Lingkungan Hidup, hari ke-5 dari 7",
            "Waiting for the Environment Office, day 5 of 7",
        ),
    ),
)
PROVED = Standing(Way.NIK, Proof.CODE)


def at(place: Place, **fields: Any) -> Visit:
    return replace(START, stage=place, **fields)


def waiting(kind: str) -> tuple[Pending, ...]:
    return (Pending(1, kind, journey=False, pauses=False),)


CODE = Entry("phone", code="123", sent_to=PHONE, sends_left=2, tries_left=5, seconds_left=272)
QUEUE = Queue(("perizinan", "informasi", "pengaduan"), "k")
TAKEN = NumberTaken("A-047", "perizinan", 6, "09.45", "https://contoh.invalid/a/41d07b")
TICKET = replace(QUEUE, place=Place.TICKET, ticket=TAKEN, paper="printed")
ROWS = (
    # title, in English | detail, in English | state | days, in English | side by side
    "Permohonan diterima|Application received|Senin, 16 Nov 2026|Monday, 16 Nov 2026|done|Hari ke-1|Day 1|",
    "Berkas lengkap|Papers complete|Diperiksa petugas|Checked by an officer|done|1 hari|1 day|",
    "Dinas PU|Public Works|Tata ruang: disetujui|Spatial plan: approved|done|3 hari|3 days|+",
    "Lingkungan Hidup (DLH)|Environment (DLH)|Memeriksa UKL-UPL|Checking it|now|Hari ke-5 dari 7|Day 5 of 7|+",
    "Pemadam Kebakaran|Fire service|Menjadwalkan kunjungan|Planning a visit|late|Lewat 1 hari|1 day over|+",
    "Tanda tangan Kepala Dinas|Signature|Tanda tangan elektronik|Electronic|ahead|Paling lama 2 hari|2 days|",
    "Izin terbit|Licence issued|Dikirim ke HP Anda|Sent to your phone|ahead|||",
)


def one_step(row: str) -> StatusStep:
    *words, side_by_side = row.split("|")
    return StatusStep(*words, parallel=bool(side_by_side))


FOUND = Status(
    "MKM-2026-0388",
    "Sedang diperiksa dinas teknis",
    "Being checked by the technical office",
    7,
    14,
    tuple(one_step(row) for row in ROWS),
    "Bengkel Las Jaya",
)
MANY = tuple(replace(FOUND, number=f"MKM-2026-03{n}", title=f"Bengkel Las Jaya {n}") for n in range(10, 22))
LONG = replace(FOUND, steps=FOUND.steps[:2] + tuple(
    replace(FOUND.steps[2 + n % 3], title_id=f"Dinas contoh {n}", title_en=f"Sample office {n}") for n in range(9)
) + FOUND.steps[5:])  # fmt: skip
MENU = at(Place.MENU, person=KNOWN, standing=PROVED, consented=True)


def menu(journey: Any, **fields: Any) -> Visit:
    return replace(MENU, journey=journey, **fields)


TRACK = Track(Place.STATUS, own=(FOUND,), shown=FOUND)
FACE = Entry(
    "nik",
    digits="9971024502900002",
    face=Face("CONTOH PENYEWA", "MUKOMUKO, 05-02-1990", "JL. CONTOH NOMOR 2"),
)
STATES: dict[str, Visit] = {
    "welcome": START,
    "welcome-unknown-hall": replace(START, hall=None, hour=replace(HOUR, trusted=False)),
    "welcome-closed": replace(START, hall=replace(HALL, is_open=False)),
    "identify": at(Place.IDENTIFY),
    "identify-reading": at(Place.IDENTIFY, pending=waiting("ReadCard"), card_present=True, insertion=1),
    "identify-read": at(Place.IDENTIFY, pending=waiting("SendCode"), card_present=True, insertion=1),
    "identify-lift": at(Place.IDENTIFY, card_present=True),
    "identify-removed": at(Place.IDENTIFY, trouble=Trouble.REMOVED),
    "identify-not-ktp": at(Place.IDENTIFY, trouble=Trouble.NOT_KTP),
    "identify-sam": at(Place.IDENTIFY, trouble=Trouble.SAM_MISSING),
    "identify-offline": at(Place.IDENTIFY, trouble=Trouble.OFFLINE, online=False),
    "identify-no-camera": at(Place.IDENTIFY, devices_down=frozenset({("camera", "gone")})),
    "photo": at(Place.PHOTO, entry=Entry("nik")),
    "photo-unsure": at(Place.PHOTO, entry=Entry("nik"), trouble=Trouble.FACE_UNSURE),
    "photo-reading": at(Place.PHOTO, entry=Entry("nik"), pending=waiting("ReadFace")),
    "photo-no-camera": at(Place.PHOTO, entry=Entry("nik"), devices_down=frozenset({("camera", "gone")})),
    "face": at(Place.FACE, entry=FACE),
    "face-open": at(Place.FACE, entry=replace(FACE, open=True, doubt="region")),
    "face-doubtful": at(
        Place.FACE, entry=replace(FACE, face=Face("CONTOH PENYEWA", "", "JL CONTOH", frozenset({"birth", "address"})))
    ),
    "face-editing": at(Place.FACE, entry=replace(FACE, editing="name")),
    "face-offline": at(Place.FACE, entry=FACE, trouble=Trouble.OFFLINE, online=False),
    "identify-down": at(Place.IDENTIFY, devices_down=frozenset({("card", "gone")})),
    "number-nik": at(Place.NUMBER, entry=Entry("nik", digits="9971234")),
    "number-nib": at(Place.NUMBER, entry=Entry("nib", digits="9120001")),
    "number-phone-short": at(Place.NUMBER, entry=Entry("phone", digits="0812", doubt="short")),
    "number-nik-date": at(Place.NUMBER, entry=Entry("nik", digits="9971234599990001", doubt="date")),
    "number-nik-region": at(Place.NUMBER, entry=Entry("nik", digits="9971014101900001", doubt="region")),
    "number-busy": at(Place.NUMBER, entry=Entry("phone", digits="081200004821"), pending=waiting("SendCode")),
    "number-offline": at(Place.NUMBER, entry=Entry("phone", digits="0812"), trouble=Trouble.OFFLINE),
    "code": at(Place.CODE, entry=CODE),
    "code-unnamed": at(Place.CODE, entry=replace(CODE, sent_to="", code="")),
    "code-wrong": at(
        Place.CODE, entry=replace(CODE, code="", tries_left=3), trouble=Trouble.WRONG_CODE
    ),
    "code-expired": at(
        Place.CODE, entry=replace(CODE, code="", seconds_left=0), trouble=Trouble.CODE_EXPIRED
    ),
    "code-too-many": at(Place.CODE, entry=replace(CODE, code="", sends_left=0), trouble=Trouble.TOO_MANY),
    "code-checking": at(Place.CODE, entry=replace(CODE, code="123456"), pending=waiting("CheckCode")),
    "consent": at(Place.CONSENT, person=KNOWN, standing=PROVED),
    "consent-whatsapp": at(Place.CONSENT, person=KNOWN, standing=PROVED, whatsapp=True),
    "menu": MENU,
    "menu-offline": replace(MENU, online=False, offline_since="09.31"),
    "menu-unknown": at(Place.MENU, hour=replace(HOUR, hour=19)),
    "menu-unknown-sex": replace(MENU, person=replace(KNOWN, sex="", processing=KNOWN.processing * 3)),
    "services": menu(QUEUE),
    "services-taking": menu(replace(QUEUE, taking=True)),
    "services-trouble": menu(replace(QUEUE, trouble=Trouble.SERVER)),
    "ticket": menu(TICKET, remaining=60),
    "ticket-printing": menu(replace(TICKET, paper="printing")),
    "ticket-paper-out": menu(replace(TICKET, paper="paper_out")),
    "ticket-cover-open": menu(replace(TICKET, paper="cover_open")),
    "ticket-silent": menu(replace(TICKET, paper="printer_silent")),
    "ticket-unknown": menu(replace(TICKET, paper="printed_unknown")),
    "ticket-provisional": menu(
        replace(TICKET, ticket=NumberTaken("K01-003", "informasi", 0, "", "", provisional=True)), online=False
    ),
    "ticket-no-time": menu(replace(TICKET, ticket=replace(TAKEN, about="", ahead=0, service="loket_baru"))),
    "find-status": menu(Track(number="MKM-2026"), standing=Standing(), person=Person()),
    "find-status-looking": menu(Track(fetching=True)),
    "find-status-none": menu(Track()),
    "find-status-not-found": menu(Track(number="MKM-2026-0999", trouble=Trouble.NOT_FOUND)),
    "find-status-own": menu(Track(own=MANY)),
    "find-status-own-last": menu(Track(own=MANY, page=1)),
    "status": menu(TRACK),
    "status-late-sent": menu(replace(TRACK, receipt="sent", shown=replace(FOUND, day=15))),
    "status-number": menu(replace(TRACK, own=(), number="MKM-2026-0388", paper="printed_unknown")),
    "status-long": menu(replace(TRACK, shown=LONG, receipt="offline")),
    "farewell": at(Place.FAREWELL),
    "farewell-smile": at(Place.FAREWELL, served=True, survey_url="https://portal.example/n/2tq9ZxB4mK7s1QfA"),
    "farewell-smiled": at(
        Place.FAREWELL, served=True, smiled=4, survey_url="https://portal.example/n/2tq9ZxB4mK7s1QfA"
    ),
    "farewell-card": at(Place.FAREWELL, left_card=True, card_present=True),
    "farewell-paper": at(Place.FAREWELL, left_paper=True),
    "farewell-both": at(Place.FAREWELL, left_card=True, left_paper=True, card_present=True),
    "resting": at(Place.RESTING),
    "timeout": at(Place.CONSENT, own_dialog=Dialog.TIMEOUT, remaining=45),
    "privacy": at(Place.CONSENT, own_dialog=Dialog.PRIVACY),
    "leave": at(Place.CONSENT, own_dialog=Dialog.LEAVE),
    "delete-page": at(Place.CONSENT, own_dialog=Dialog.DELETE_PAGE),
    "needs-proof": at(Place.CONSENT, own_dialog=Dialog.NEEDS_PROOF),
    "repeated-page": at(Place.CONSENT, own_dialog=Dialog.REPEATED_PAGE),
    "calling": at(Place.IDENTIFY, help=Help.COMING, help_minutes=2),
}  # fmt: skip
LOOKS = {
    "": (PORTRAIT, {}),
    "12": (PORTRAIT, {"text_step": 1}),
    "14-contrast": (PORTRAIT, {"text_step": 2, "contrast": True}),
    "wide": (LANDSCAPE, {}),
    "wide-12": (LANDSCAPE, {"text_step": 1}),
    "wide-14": (LANDSCAPE, {"text_step": 2}),
}
PICTURED = (
    "welcome", "identify", "number-nik", "code", "consent", "menu", "services", "ticket", "find-status", "status",
    "farewell", "farewell-smile", "farewell-smiled", "farewell-card", "timeout", "privacy", "resting",
)  # fmt: skip
"""Drawn to build/pictures in every look; the others in the plain one."""


def overflow(shown: Shown) -> list[str]:
    """Parts of the shore that reach into the navigation row, notices that need more than the room kept for them."""
    scene, look = shown.scene, shown.stage.look
    row = scene.nav_row
    end = row.y if row is not None else look.tall - (148 if scene.help else 0)
    wrong = [
        f"{type(part).__name__} ends at {part.bottom:.0f}, the row begins at {end:.0f}"
        for part in scene.parts
        if part is not row and part.bottom > end + 1 and part.x + part.w > scene.left
    ]
    for part in scene.walk():
        if isinstance(part, Notice) and any(inner.h > part.h + 1 for inner in part.parts):
            wrong.append(f"a notice has no room for {part.words!r}")
    return wrong


def every_look() -> list[tuple[str, str, str]]:
    """All states plain and at the largest words, both ways up; the step between for the pictured ones only."""
    return [
        (name, look, language)
        for name in STATES
        for look in LOOKS
        for language in ("id", "en")
        if not look.endswith("12") or name in PICTURED
    ]


@pytest.mark.parametrize(("name", "look", "language"), every_look())
def test_every_state_has_room_in_every_look(name: str, look: str, language: str, monkeypatch: Any) -> None:
    from screens.widgets.text import Setter

    def refuse(_self: Setter, word: list[tuple[str, Any]], room: float) -> list[list[tuple[str, Any]]]:
        raise AssertionError(f"a word is wider than its room of {room:.0f}: {''.join(t for t, _ in word)}")

    monkeypatch.setattr(Setter, "_break", refuse)
    size, fields = LOOKS[look]
    shown = show(replace(STATES[name], language=language, **fields), size=size)
    assert shown.small() == []
    assert shown.outside() == []
    assert overflow(shown) == []


@pytest.mark.picture
@pytest.mark.parametrize("name", STATES)
def test_pictures(name: str) -> None:
    for language in ("id", "en"):
        for look, (size, fields) in LOOKS.items():
            if look.endswith("12") or (name not in PICTURED and (look or language == "en")):
                continue  # enough to look at
            if look and language == "en":
                continue
            ending = "-".join(part for part in (name, look, language) if part)
            path = show(replace(STATES[name], language=language, **fields), size=size).picture(
                f"scene-{ending}"
            )
            assert path.stat().st_size > 4000


@pytest.mark.picture
@pytest.mark.parametrize("look", LOOKS)
def test_practice_is_said_on_the_welcome_screen(look: str) -> None:
    size, fields = LOOKS[look]
    visit = replace(START, **fields)
    assert "Latihan" not in written(lambda: show(visit, size=size))
    assert "Latihan" in written(lambda: show(visit, size=size, office=Office(practice=True)))
    said = show(visit, size=size, office=Office(practice=True))
    (chip,) = [part for part in said.scene.walk() if isinstance(part, Chip)]
    assert chip.x + chip.w <= said.scene.sky_left + said.scene.sky_width
    assert said.outside() == []
    assert overflow(said) == []
    said.picture("-".join(part for part in ("scene-welcome-practice", look, "id") if part))


@pytest.mark.parametrize(("language", "time"), [("id", "09.24"), ("en", "09:24")])
def test_the_hour_is_written_as_the_language_writes_it(language: Literal["id", "en"], time: str) -> None:
    shown = show(replace(START, language=language, hour=replace(HOUR, text="09.24")))
    assert shown.stage._day_told[0] == time


# ---- what is touched is what is sent, and the flow knows it


TAPS: dict[str, dict[str, Any]] = {
    "identify": {
        "identify.photo": Choose("photo"),
        "identify.nib": Choose("nib"), "identify.phone": Choose("phone"), "identify.none": Choose("none"),
        "nav.back": Back(), "nav.leave": Leave(),
    },
    "identify-down": {"identify.nik": Choose("nik"), "identify.photo": Choose("photo")},
    "photo": {"photo.read": Forward(), "photo.type": Choose("nik"), "nav.back": Back()},
    "face": {
        "face.right": Forward(), "face.other": Choose("nik"), "face.show": Toggle("number"), "nav.back": Back(),
    },
    "number-nib": {"nav.forward": Forward(), "number.use_nik": Choose("nik"), "nav.back": Back(), "nav.leave": Leave()},
    "code": {"code.resend": Choose("resend"), "code.other_phone": Choose("phone"), "nav.back": Back()},
    "consent": {
        "consent.agree": Forward(), "consent.refuse": Choose("refuse"), "consent.read": Choose("privacy"),
        "consent.whatsapp": Toggle("whatsapp"),
    },
    "menu": {
        **{f"menu.{name}": Choose(name) for name, service in SERVICES.items() if service.offered},
        "nav.finish_leave": Leave(),
    },
    "menu-unknown": {"menu.say_who": Choose("other_person")},
    "services": {"services.informasi": Choose("informasi"), "nav.back": Back(), "nav.leave": Leave()},
    "ticket": {"nav.menu": Choose("menu"), "nav.done": Forward()},
    "ticket-paper-out": {"ticket.again": Choose("again")},
    "find-status-own": {"nav.back": Back()},
    "status": {
        "status.print": Choose("print"), "status.receipt": Choose("receipt"), "nav.back": Back(), "nav.leave": Leave(),
        "nav.menu": Forward(),
    },
    "farewell": {"nav.done": Forward()},
    "timeout": {"dialog.timeout_stay": Answer(yes=True), "dialog.timeout_leave": Answer(yes=False)},
    "leave": {"dialog.leave_stay": Answer(yes=True), "dialog.leave_erase": Answer(yes=False)},
    "delete-page": {"dialog.delete_keep": Answer(yes=True), "dialog.delete_yes": Answer(yes=False)},
    "needs-proof": {"dialog.proof_go": Answer(yes=True), "dialog.proof_later": Answer(yes=False)},
    "repeated-page": {"dialog.repeat_drop": Answer(yes=True), "dialog.repeat_keep": Answer(yes=False)},
    "privacy": {"dialog.privacy_close": Answer(yes=True)},
}  # fmt: skip


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("name", TAPS)
def test_a_tap_sends_exactly_its_event(name: str, language: str) -> None:
    shown = show(replace(STATES[name], language=language))
    for key, event in TAPS[name].items():
        assert shown.tap(shown.button(i18n.say(language, key))) == [event], key


def test_the_sun_begins_the_visit() -> None:
    for size in (PORTRAIT, LANDSCAPE):
        shown = show(START, size=size)
        (sun,) = [part for part in shown.stage.touchables() if part in list(shown.scene.walk())]
        assert shown.tap(sun) == [Begin()]


def test_keys_type() -> None:
    shown = show(STATES["number-nik"])
    scene: Any = shown.scene
    assert shown.key(scene.keypad, "7") == [Key("7")]
    assert shown.key(scene.keypad, "\b") == [Backspace()]
    shown = show(STATES["find-status"])
    scene = shown.scene
    assert shown.key(scene.keyboard, "m") == [Key("m")]
    assert shown.key(scene.keyboard, "-") == [Key("-")]
    assert shown.key(scene.keyboard, "\n") == [Forward()]
    assert [shown.tap(part) for part in scene.field.parts] == [[ClearField()]]


def test_lists_turn_their_pages() -> None:
    from screens.widgets.buttons import Tile

    first, last = show(STATES["find-status-own"]), show(STATES["find-status-own-last"])
    assert first.tap(first.button("6 lagi")) == [TurnPage()]
    titles = {
        part.title.words for shown in (first, last) for part in shown.scene.parts if isinstance(part, Tile)
    }
    assert titles == {one.title for one in MANY}


@pytest.mark.parametrize("name", STATES)
def test_no_touch_is_dead(name: str) -> None:
    """Whatever can be touched changes the visit or does something, beyond filling the clock."""
    visit = STATES[name]
    idle = step(visit, Rest())[0] if visit.dialog is None else visit
    # Asked again, a doubt stays the same doubt; an empty field has nothing to clear.
    quiet = {
        "number-phone-short": [Forward()],
        "number-nik-date": [Forward()],
        "find-status-none": [ClearField()],
    }.get(name, [])
    for part in show(visit).stage.touchables():
        action = getattr(part, "on_tap", None)
        if isinstance(action, Sends) and part.enabled and not part.busy and action.event not in quiet:
            after, effects = step(visit, action.event)
            assert effects or after != idle, action.event


def test_a_card_that_stays_leaves_nothing_to_touch_but_help() -> None:
    shown = show(STATES["farewell-card"])
    assert not [part for part in shown.stage.touchables() if part in list(shown.scene.walk())]


def test_the_code_screen_does_not_tell_whether_somebody_is_known() -> None:
    words = [i18n.say("id", "code.sent", phone=PHONE), i18n.say("en", "code.sent", phone=PHONE)]
    assert all(word.startswith(("Bila ", "If ")) for word in words)
    known = at(Place.CODE, entry=replace(CODE, means="nik"), person=KNOWN, standing=PROVED)
    assert said(show(known)) == said(show(STATES["code"]))


def said(shown: Shown) -> list[str]:
    """Every word the scene shows."""
    from screens.widgets.pen import TextHandle

    words: list[str] = []
    original = TextHandle.__init__

    def note(self: TextHandle, group: Any, look: Any, text: str, *rest: Any, **named: Any) -> None:
        words.append(text)
        original(self, group, look, text, *rest, **named)

    setattr(TextHandle, "__init__", note)  # noqa: B010 -- a spy, taken off again below
    try:
        scene = shown.scene
        type(scene)(scene.look, scene.visit, scene.send, scene.office, scene.sources)
    finally:
        setattr(TextHandle, "__init__", original)  # noqa: B010
    return words


def test_nothing_typed_stands_readable() -> None:
    number: Any = show(STATES["number-nik"]).scene
    assert number.field._value.words == "•" * 7
    code: Any = show(STATES["code"]).scene
    assert [digit.words for digit in code.boxes._digits] == ["•", "•", "•", "", "", ""]
    for name in ("number-nik", "code"):
        assert not [word for word in said(show(STATES[name])) if "9971234" in word or word == "123"]


async def test_the_last_digit_is_readable_for_a_second() -> None:
    import asyncio

    shown = show(at(Place.NUMBER, entry=Entry("nik", digits="997")))
    scene: Any = shown.scene
    shown.draw(at(Place.NUMBER, entry=Entry("nik", digits="9971")))
    assert scene.field._value.words == "•••1"
    await asyncio.sleep(1.1)
    assert scene.field._value.words == "••••"


def test_typing_and_ticking_do_not_draw_the_scene_anew() -> None:
    shown = show(STATES["code"])
    scene: Any = shown.scene
    shown.draw(replace(STATES["code"], entry=replace(CODE, code="1234", seconds_left=271)))
    assert shown.scene is scene
    assert "4:31" in scene.notice.words
    shown.draw(replace(STATES["code"], entry=replace(CODE, code=""), trouble=Trouble.WRONG_CODE))
    assert shown.scene is scene
    assert scene.notice.words == i18n.say("id", "code.wrong", count=5)


def test_a_trouble_that_goes_moves_nothing() -> None:
    """The first touch after a failure clears it; what the finger aims at must stay where it is."""
    for name in ("identify-removed", "identify-not-ktp", "number-offline", "code-wrong"):
        shown = show(STATES[name])
        before = [(part.x, part.y) for part in shown.stage.touchables()]
        shown.draw(replace(STATES[name], trouble=None))
        after = [(part.x, part.y) for part in shown.stage.touchables()]
        if name != "number-offline":
            assert before == after, name
        else:
            assert before[0] == after[0], name


def test_the_hall_changes_in_place() -> None:
    shown = show(START)
    scene: Any = shown.scene
    shown.draw(replace(START, hall=replace(HALL, calling="A-042", waiting=1)))
    assert shown.scene is scene
    assert [value.words for value, _ in scene._figures] == ["A-042", "1 orang", "18 menit"]
    shown.draw(replace(START, hall=None))
    assert shown.scene is not scene


def test_the_arrow_points_to_the_reader() -> None:
    for side in ("left", "right"):
        shown = show(STATES["identify"], office=Office(reader_side=side))
        key = f"identify.sentence_{side}"
        assert i18n.say("id", key) in said(shown)


def test_the_timeout_says_what_happens_to_the_answers() -> None:
    from kiosk.journeys.apply.state import Apply
    from screens.dialogs import dialog_key

    turn = start_apply(MENU.context())
    assert isinstance(turn.journey, Apply)
    draft = replace(turn.journey, answers=(("name", "Warung Contoh"),), code="56303")
    kept = replace(MENU, journey=draft, own_dialog=Dialog.TIMEOUT)
    lost = replace(kept, standing=Standing(), consented=False)
    plain = replace(kept, journey=None)
    assert [dialog_key(visit)[2] for visit in (kept, lost, plain)] == ["saved", "lost", "plain"]  # type: ignore[index]


def test_the_privacy_words_turn_their_pages() -> None:
    shown = show(replace(STATES["privacy"], text_step=2), size=LANDSCAPE)
    dialog = shown.stage.dialog
    first = dialog.page
    more = shown.button(i18n.say("id", "dialog.privacy_more"))
    assert shown.tap(more) == []
    assert dialog.page == first + 1
    assert shown.tap(shown.button(i18n.say("id", "dialog.privacy_close"))) == [Answer(yes=True)]


def test_a_countdown_ticks_in_place() -> None:
    shown = show(STATES["timeout"])
    dialog = shown.stage.dialog
    shown.draw(replace(STATES["timeout"], remaining=44))
    assert shown.stage.dialog is dialog
    assert dialog._seconds.words == "44"


# ---- how people are spoken to


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("RAHMAT HIDAYAT", "Rahmat"),
        ("H. RAHMAT HIDAYAT, S.E.", "Rahmat"),
        ("Dra. Hj. SITI AMINAH", "Siti"),
        ("MUH. YUSUF", "Yusuf"),
        ("NUR-AINI", "Nur-Aini"),
        ("H.", "H."),
    ],
)
def test_first_name(name: str, called: str) -> None:
    assert first_name(name) == called


def test_address_and_greeting() -> None:
    assert address("id", Person("RAHMAT", "L")) == "Pak Rahmat"
    assert address("id", Person("SITI", "P")) == "Bu Siti"
    assert address("id", Person("SITI", "")) == "Bapak/Ibu Siti"
    assert address("id", Person()) == ""
    words = [greeting("id", replace(HOUR, hour=hour)) for hour in (3, 4, 10, 11, 15, 18, 23)]
    assert words == [
        f"Selamat {part}" for part in ("malam", "pagi", "pagi", "siang", "sore", "malam", "malam")
    ]
    assert greeting("id", replace(HOUR, trusted=False)) == greeting("id", None) == "Selamat datang"


# ---- the words


def fields_of(words: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(words) if name}


@pytest.mark.parametrize("key", sorted(i18n.keys()))
def test_every_text_is_there_in_both_languages(key: str) -> None:
    texts = i18n.both(key)
    assert set(texts) == {"id", "en"}
    assert all(words.strip() for words in texts.values())
    assert fields_of(texts["id"]) == fields_of(texts["en"])
    assert texts["id"].count("**") % 2 == 0
    assert texts["en"].count("**") % 2 == 0


MINE = ("welcome", "identify", "number", "photo", "face", "code", "consent", "menu", "farewell", "resting",
        "services", "ticket", "find_status", "status")  # fmt: skip


def used_keys() -> Iterator[str]:
    """Texts asked for by a literal name in the scenes of this file."""
    files = [ROOT / "screens" / "words.py", *(ROOT / "screens" / name / "screen.py" for name in MINE)]
    for file in files:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                room, _, name = node.value.partition(".")
                if room in (*MINE, "nav", "common", "trouble") and re.fullmatch(
                    r"[a-z_]*[a-z](\.[a-z]+)?", name
                ):
                    yield node.value


def test_every_text_that_is_used_exists() -> None:
    used = set(used_keys())
    assert len(used) > 80
    assert {key for key in used if not i18n.known(key)} == set()


def test_texts_with_computed_names_exist() -> None:
    wanted = [f"trouble.{trouble.value}" for trouble in Trouble]
    wanted += [
        f"number.{means}_{doubt.value}"
        for means in ("nik", "nib", "phone")
        for doubt in Doubt
        if doubt.blocks
    ]
    wanted += [
        f"number.{stem}_{means}"
        for stem in ("title", "sentence", "label")
        for means in ("nik", "nib", "phone")
    ]
    offered = [name for name, service in SERVICES.items() if service.offered]
    wanted += [f"menu.{name}" for name in offered] + [f"menu.{name}.help" for name in offered]
    wanted += [f"help.{kind.value}" for kind in Help if kind is not Help.NONE]
    wanted += [f"dialog.privacy_{number}" for number in range(1, 7)]
    assert [key for key in wanted if not i18n.known(key)] == []


@pytest.mark.parametrize("trouble", Trouble)
def test_a_trouble_is_said_plainly(trouble: Trouble) -> None:
    for words in i18n.both(f"trouble.{trouble.value}").values():
        sentences = [part for part in re.split(r"(?<=[.!?])\s+", words) if part]
        assert len(sentences) >= 2, "what happened, and what still works"
        assert all(len(sentence.split()) <= 14 for sentence in sentences)
        assert not re.search(r"\d{3}|error|gagal|salah|failed|invalid", words, re.IGNORECASE)
