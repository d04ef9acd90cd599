"""Lanjutkan berkas on the screen: both faces in their states, and exactly the touches the journey understands."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.screens.scenes import LANDSCAPE, PORTRAIT, Sent, show

from hardware.camera.port import CameraFault, CameraTrouble  # isort: skip
from kiosk import i18n
from kiosk.flow.events import Back, Choose, Forward, Leave, TurnPage
from kiosk.flow.model import Entry, Place, Visit
from kiosk.flow.results import DraftFound, Trouble
from kiosk.journeys.resume import DOTS, Resume
from screens.scan.screen import Scan
from screens.scene import Sources
from tests.kiosk.flow import samples
from tests.screens.test_scenes_apply import ANSWERS, LOW, events, frame, offering, spilled

HANDLE = "A" * 22
MASKED = DraftFound(LOW, "mikro", tuple((name, DOTS) for name, _ in ANSWERS), True, "2026-12-01")
SHEET = samples.assessed(LOW)
DRAFT = Resume(handle=HANDLE, found=MASKED, sheet=SHEET)
SOURCES = Sources(frame=frame)


def visit(journey: Resume, **fields: object) -> Visit:
    return replace(Visit("s1", stage=Place.MENU, journey=journey, remaining=272), **fields)  # pyright: ignore[reportArgumentType]


STATES: dict[str, Visit] = {
    "looking": visit(Resume(waiting="LookForCode")),
    "found": visit(Resume(handle=HANDLE, waiting="LoadDraft")),
    "nothing": visit(Resume(said="nothing")),
    "not-draft": visit(Resume(said="not_draft")),
    "unknown": visit(Resume(said="unknown")),
    "offline": visit(Resume(handle=HANDLE, trouble=Trouble.OFFLINE)),
    "no-camera": visit(Resume(trouble=Trouble.NO_CAMERA)),
    "unreadable": visit(Resume(trouble=Trouble.UNREADABLE)),
    "draft": visit(DRAFT),
    "draft-loading": visit(replace(DRAFT, sheet=None, waiting="AssessRisk")),
    "draft-refused": visit(replace(DRAFT, sheet=None, trouble=Trouble.REFUSED)),
    "draft-empty": visit(replace(DRAFT, sheet=None, found=DraftFound("", "", (), True, "2026-12-01"))),
}
LOOKS = {
    "": (PORTRAIT, {}),
    "large-contrast": (PORTRAIT, {"text_step": 2, "contrast": True}),
    "wide": (LANDSCAPE, {}),
    "wide-large": (LANDSCAPE, {"text_step": 2}),
}


@pytest.mark.picture
@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("name", STATES)
def test_every_state_has_room_in_every_look(name: str, look: str, language: str):
    size, fields = LOOKS[look]
    shown = show(replace(STATES[name], language=language, **fields), size=size, sources=SOURCES)  # pyright: ignore[reportArgumentType]
    shown.stage.tell_time(272, 300)
    if language == "id" and (not look or name in ("looking", "not-draft", "draft")):
        shown.picture("-".join(part for part in ("scene-scan", name, look) if part))
    assert shown.scene.title
    assert shown.small() == []
    assert shown.outside() == []
    assert spilled(shown) == []


@pytest.mark.parametrize("language", ["id", "en"])
def test_taps(language: str):
    for name, words, touch in (
        ("looking", "nav.back", Back()),
        ("looking", "nav.leave", Leave()),
        ("nothing", "scan.again", Forward()),
        ("draft", "scan.open", Forward()),
        ("draft", "nav.back", Back()),
    ):
        shown = show(replace(STATES[name], language=language), sources=SOURCES)
        assert shown.tap(shown.button(i18n.say(language, words))) == [touch]


def test_nothing_is_offered_again_while_the_camera_looks():
    assert Forward() not in events(show(STATES["looking"], sources=SOURCES))


def test_every_answered_question_is_named_and_dotted():
    shown = show(visit(DRAFT), sources=SOURCES)
    business, *rows = shown.scene._rows(DRAFT, MASKED)  # pyright: ignore[reportAttributeAccessIssue]
    assert LOW in business.value
    labels = [label for row in rows for label in row.caption.split(" · ")]
    dots = [dot for row in rows for dot in row.value.split(" · ")]
    assert len(labels) == len(dots) == len(ANSWERS)
    assert set(dots) == {DOTS}
    few = replace(MASKED, answers=MASKED.answers[:1])
    assert len(shown.scene._rows(DRAFT, few)) == 2  # pyright: ignore[reportAttributeAccessIssue]


def test_all_pages_are_reached_at_the_largest_words():
    def card(page: int) -> str:
        state = visit(replace(DRAFT, page=page), text_step=2)
        return str(
            show(state, size=LANDSCAPE, sources=SOURCES).picture(f"scene-scan-page-{page}").read_bytes()
        )

    shown = show(visit(DRAFT, text_step=2), size=LANDSCAPE, sources=SOURCES)
    more: list[Sent] = shown.tap(offering(shown, TurnPage()))
    assert more == [TurnPage()]
    assert card(0) != card(1)


@pytest.mark.parametrize("trouble", CameraTrouble)
def test_a_lost_camera_is_said_and_its_picture_comes_back(trouble: CameraTrouble):
    newest: list[object] = [frame(1)]
    shown = show(STATES["looking"], sources=Sources(frame=lambda: newest[0]))  # pyright: ignore[reportArgumentType]
    scene = shown.scene
    assert isinstance(scene, Scan)
    scene._step(0)
    assert scene.caption.words == i18n.say("id", "scan.place")
    newest[0] = CameraFault(trouble)
    scene._step(0)
    assert scene._panel is not None
    assert scene.caption.words == ""
    newest[0] = frame(2)
    scene._step(0)
    assert scene._panel is None
    assert scene.caption.words == i18n.say("id", "scan.place")


def test_the_phone_of_a_draft_is_asked_for_without_other_ways():
    state = Visit("s1", stage=Place.NUMBER, entry=Entry("draft", handle=HANDLE, doubt="short"))
    shown = show(state)
    shown.picture("scene-scan-number")
    assert shown.small() == []
    assert not [event for event in events(shown) if isinstance(event, Choose)]
    assert [
        event for event in events(show(replace(state, entry=Entry("phone")))) if isinstance(event, Choose)
    ]
