"""Arsip on the screen: every state has room in every look, sends the touches the journey understands, and shows nothing
of a document anywhere but on its own screen."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.screens.scenes import LANDSCAPE, PORTRAIT, Sent, Shown, show, written

from kiosk import i18n  # isort: skip
from kiosk.flow.archive_results import Board, Row, SheetKept, ToIndex
from kiosk.flow.events import Back, Backspace, Choose, ClearField, Focus, Forward, Key, TurnPage
from kiosk.flow.model import Dialog, Place, Visit
from kiosk.flow.results import Trouble
from kiosk.journeys.archive.state import FIELDS, Archive
from screens.archive.camera import ArchiveCamera
from screens.scene import Sources
from screens.widgets.keys import BACKSPACE, ENTER, Keyboard
from tests.screens.test_scenes_apply import events, frame, keys, offering, spilled

ROWS = tuple(
    Row(f"row-{place}", number, year, holder, kbli, pages, state, excerpt)
    for place, (number, year, holder, kbli, pages, state, excerpt) in enumerate(
        [
            ("503/88/SIUP/2009", "2009", "BUDI CONTOH SANTOSO", "47111", 3, "confirmed", ""),
            ("640/7/IMB/2012", "2012", "PT SAMPEL MAJU", "", 12, "queued", "…untuk «gudang» di Jalan Melati…"),
            ("12/SITU/1998", "1998", "CV CONTOH", "10792", 1, "refused", ""),
            ("503/101/TDP/2011", "2011", "KOPERASI SAMPEL", "46331", 2, "sent", ""),
            ("77/HO/2003", "2003", "UD CONTOH LAUT", "", 4, "confirmed", ""),
        ]
    )
)  # fmt: skip
AWAY = replace(ROWS[4], name="portal-1", here=False)
BUSY = Board(unindexed=3, waiting=14, sent=26, refused=0, open_pages=0, seconds_left=372)
TASK = ToIndex(7, 3, 4, "archive-first")
TYPED = (("number", "503/88/SIUP/2009"), ("year", "2009"), ("holder", "BUDI CONTOH SANTOSO"))
SEARCH = Archive(place=Place.ARCHIVE_SEARCH, board=BUSY, query="gudang", found_for="gudang", rows=ROWS)
FIELD = Archive(place=Place.ARCHIVE_FIELDS, board=BUSY, task=TASK)
CAMERA = Archive(place=Place.ARCHIVE_CAMERA, board=BUSY)


def visit(journey: Archive, **fields: object) -> Visit:
    base = Visit("s1", stage=Place.MENU, journey=journey, remaining=272, archivist="abcdefgh")
    return replace(base, **fields)  # pyright: ignore[reportArgumentType]


def picture(name: str) -> bytes:
    """A drawn permit, as the archive's small pictures are."""
    cv2 = pytest.importorskip("cv2")
    from hardware.camera import papers

    if not name:
        return b""
    page = papers.permit(len(name)).picture
    if not name.startswith("archive"):
        page = cv2.resize(page, None, fx=0.2, fy=0.2, interpolation=cv2.INTER_AREA)
    return cv2.imencode(".jpg", page)[1].tobytes()


SOURCES = Sources(frame=frame, thumbnail=picture)
STATES: dict[str, Visit] = {
    "board-opening": visit(Archive(waiting="OpenArchive")),
    "board-empty": visit(Archive(board=Board())),
    "board": visit(Archive(board=BUSY)),
    "board-offline": visit(Archive(board=replace(BUSY, word="offline", open_pages=2, seconds_left=None))),
    "board-refused": visit(Archive(board=replace(BUSY, refused=2), printed="printed")),
    "board-trouble": visit(Archive(trouble=Trouble.INTERNAL)),
    "board-done": visit(Archive(board=Board(sent=40), printed="paper_out")),
    "camera": visit(CAMERA),
    "camera-kept": visit(replace(CAMERA, pages=3, sheet=SheetKept("sheet-3", 3))),
    "camera-doubt": visit(replace(CAMERA, pages=2, sheet=SheetKept("sheet-2", 2, ("blurred",)))),
    "camera-new": visit(replace(CAMERA, begun=True)),
    "camera-full": visit(replace(CAMERA, pages=40, trouble=Trouble.TOO_MANY)),
    "camera-disk": visit(replace(CAMERA, pages=4, trouble=Trouble.DISK_FULL)),
    "camera-none": visit(replace(CAMERA, trouble=Trouble.NO_CAMERA)),
    "fields-loading": visit(replace(FIELD, task=ToIndex(), waiting="NextToIndex")),
    "fields": visit(FIELD),
    "fields-typed": visit(replace(FIELD, typed=TYPED, focus="holder")),
    "fields-last": visit(replace(FIELD, typed=TYPED, focus="kbli")),
    "fields-doubt": visit(replace(FIELD, focus="holder", doubts=(("number", "missing"), ("holder", "nik")))),
    "fields-trouble": visit(replace(FIELD, typed=TYPED, focus="kbli", trouble=Trouble.DISK_FULL)),
    "fields-known": visit(replace(FIELD, typed=TYPED, own_dialog=Dialog.KNOWN_DOCUMENT)),
    "fields-discard": visit(replace(FIELD, own_dialog=Dialog.DISCARD_DOCUMENT)),
    "search-new": visit(replace(SEARCH, query="", found_for="", rows=ROWS[:2])),
    "search": visit(SEARCH),
    "search-none": visit(replace(SEARCH, rows=())),
    "search-portal": visit(replace(SEARCH, rows=(ROWS[0], AWAY), portal=True)),
    "search-offline": visit(replace(SEARCH, rows=ROWS[:2], trouble=Trouble.OFFLINE)),
}  # fmt: skip
LOOKS = {
    "": (PORTRAIT, {}),
    "large-contrast": (PORTRAIT, {"text_step": 2, "contrast": True}),
    "wide": (LANDSCAPE, {}),
    "wide-large": (LANDSCAPE, {"text_step": 2}),
}


def drawn(name: str, look: str = "", language: str = "id") -> Shown:
    size, fields = LOOKS[look]
    return show(replace(STATES[name], language=language, **fields), size=size, sources=SOURCES)  # pyright: ignore[reportArgumentType]


@pytest.mark.picture
@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("name", STATES)
def test_every_state_has_room_in_every_look(name: str, look: str) -> None:
    for language in ("id", "en"):
        shown = drawn(name, look, language)
        shown.stage.tell_time(272, 300)
        if language == "id" and (not look or name in ("board", "camera-kept", "fields-typed", "search")):
            shown.picture("-".join(part for part in ("scene-archive", name, look) if part))
        assert shown.scene.title
        assert shown.small() == []
        assert shown.outside() == []
        assert spilled(shown) == []


def test_taps() -> None:
    for name, words, touch in (
        ("board", "archive.finish", Back()),
        ("board", "archive.scan", Forward()),
        ("board-offline", "archive.scan_on", Forward()),
        ("board", "archive.index", Choose("index")),
        ("board", "archive.search", Choose("search")),
        ("board", "archive.separator", Choose("separator")),
        ("board-trouble", "archive.again", Choose("again")),
        ("camera", "camera.take", Forward()),
        ("camera-kept", "archive.camera_drop", Choose("drop_last")),
        ("fields", "archive.discard", Choose("discard")),
        ("fields", "archive.next_field", Forward()),
        ("fields-last", "archive.send", Forward()),
        ("search", "nav.back", Back()),
    ):
        shown = drawn(name)
        assert shown.tap(shown.button(i18n.say("id", words))) == [touch], words


def test_the_next_document_is_offered_once_there_is_a_page() -> None:
    assert Choose("next_document") in events(drawn("camera-kept"))
    assert Choose("next_document") not in events(drawn("camera-new"))
    assert Choose("drop_last") not in events(drawn("camera-new"))


def test_a_kept_page_is_said_and_the_hints_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("screens.archive.camera.monotonic", lambda: now[0])
    shown = drawn("camera")
    scene = shown.scene
    assert isinstance(scene, ArchiveCamera)
    scene._step(0)
    shown.draw(STATES["camera-kept"])
    assert scene is shown.scene, "the live picture is not begun anew with each page"
    assert scene.caption.words == i18n.say("id", "archive.camera_kept", n=3)
    now[0] += 3
    scene._judge()
    assert scene.caption.words == i18n.say("id", "camera.good")
    shown.draw(STATES["camera-doubt"])
    assert i18n.say("id", "archive.why_blurred") in scene.caption.words


def test_fields_are_typed_and_focused() -> None:
    shown = drawn("fields-typed")
    keyboard = keys(shown, Keyboard)
    assert shown.key(keyboard, "b") == [Key("b")]
    assert shown.key(keyboard, BACKSPACE) == [Backspace()]
    assert shown.key(keyboard, ENTER) == [Forward()]
    for name in FIELDS:
        if name != "holder":
            assert shown.tap(offering(shown, Focus(name))) == [Focus(name)]
    before = shown.scene
    shown.draw(visit(replace(FIELD, typed=(*TYPED[:2], ("holder", "BUDI")), focus="holder")))
    assert shown.scene is before, "typing draws no new scene"
    assert before.fields["holder"].value == "BUDI"  # pyright: ignore[reportAttributeAccessIssue]


def test_all_rows_are_reached_by_turning_pages() -> None:
    seen: set[str] = set()
    for page in range(5):
        words = written(lambda page=page: show(visit(replace(SEARCH, page=page)), sources=SOURCES))
        seen |= {row.number for row in ROWS if row.number in words}
    assert seen == {row.number for row in ROWS}
    shown = drawn("search")
    touched: list[Sent] = shown.tap(offering(shown, TurnPage()))
    assert touched == [TurnPage()]
    assert ClearField() in events(shown)


def test_no_document_is_named_on_board_camera_and_dialogs() -> None:
    for name in ("board", "board-refused", "camera-kept", "camera-doubt"):
        words = written(lambda name=name: drawn(name))
        assert "CONTOH" not in words
        assert "503/" not in words


def test_the_guide_tells_nothing_of_it() -> None:
    import asyncio
    import json

    from kiosk.main.guide import guide_socket, serve

    async def asked() -> dict[str, object]:
        shown = drawn("search")
        server = await serve(shown.stage, lambda: STATES["search"])
        reader, writer = await asyncio.open_unix_connection(guide_socket())
        writer.write(b"\n")
        told = json.loads(await reader.readline())
        writer.close()
        server.close()
        return told

    assert asyncio.run(asked()) == {"sealed": True, "session": "s1"}


def test_the_kiosk_counts_as_in_use_at_the_door_and_behind_it() -> None:
    """A picture for the fleet is taken of a free kiosk only, and only a free one is restarted."""
    from kiosk.main.visit import DOING

    for place in (
        Place.OFFICER,
        Place.ARCHIVE,
        Place.ARCHIVE_CAMERA,
        Place.ARCHIVE_FIELDS,
        Place.ARCHIVE_SEARCH,
    ):
        assert place.value not in DOING
