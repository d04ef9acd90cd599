"""The scenes of an application: drawn in their states, sending exactly the touches the journey understands.

Pictures go to build/pictures/scene-*.png, to be looked at beside the design.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from tests.screens.scenes import LANDSCAPE, PORTRAIT, Shown, show, written

from hardware.camera.port import CameraFault, CameraTrouble, Frame, Quality, Remark  # isort: skip
from kiosk import i18n
from kiosk.flow.events import (
    Back,
    Backspace,
    CallOfficer,
    Choose,
    ClearField,
    Focus,
    Forward,
    Key,
    Leave,
    SaveAndLeave,
    Toggle,
    TurnPage,
)
from kiosk.flow.model import Context, FlowSettings, Person, Place, Visit
from kiosk.flow.results import Band, DraftSaved, Submitted, Trouble
from kiosk.identity.rights import Standing
from kiosk.journeys.apply import step
from kiosk.journeys.apply.state import Apply, PageInfo
from kiosk.knowledge import form as form_pack
from kiosk.knowledge import regions, risk, scale
from kiosk.knowledge.texts import Text
from screens.scene import Sends, Sources
from screens.widgets.buttons import Button
from screens.widgets.fields import Field
from screens.widgets.keys import BACKSPACE, CLOSE, ENTER, Keyboard, Keypad
from screens.widgets.part import Part
from tests.kiosk.flow import samples

LOW, SEVERAL, UNKNOWN, AGREES_NOT = "47243", "01111", "56303", "02300"
BANDS = tuple(Band(tier.scale.value, tier.label, tier.range, tier.sales_range) for tier in scale.tiers())
ANSWERS = (
    ("business_name", "Warung Kopi Bahari"),
    ("district", regions.districts()[1].code),
    ("address", "Jl. Pantai Indah RT 02"),
    ("tenure", "rent"),
    ("land_area", "120"),
    ("building_area", "48"),
    ("equipment", "15000000"),
    ("working_capital", "10000000"),
    ("workers_male", "1"),
    ("workers_female", "2"),
)
CONTEXT = Context("s1", FlowSettings(), Standing(), consented=True, online=True)
PERSON = Person(name="CONTOH RAHMAT", sex="L", phone_masked="08•• •••• 4821")


def visit(journey: Apply, **fields: object) -> Visit:
    return replace(
        Visit("s1", stage=Place.MENU, journey=journey, remaining=272, person=PERSON, consented=True),
        **fields,  # pyright: ignore[reportArgumentType]
    )


def searching(query: str = "warung kopi", **fields: object) -> Apply:
    found = samples.matches(query)
    return replace(Apply("k", query=query, found_for=query, matches=found.found, guide=found.guide), **fields)  # pyright: ignore[reportArgumentType]


def narrowed(query: str, group: int) -> Apply:
    """The second question about an old code."""
    turn = step(searching(query), Choose(f"group:{group}"), CONTEXT)
    assert isinstance(turn.journey, Apply)
    return turn.journey


def at(place: Place, code: str = LOW, size: str = "mikro", **fields: object) -> Apply:
    journey = Apply(
        "k",
        place=place,
        code=code,
        bands=BANDS,
        capital=size,
        sales="new",
        sheet=samples.assessed(code, size),
    )
    return replace(journey, **fields)  # pyright: ignore[reportArgumentType]


def papers(count: int = 3) -> tuple[PageInfo, ...]:
    return tuple(PageInfo(f"p{n}", "lease", ("glare",) if n == 2 else ()) for n in range(1, count + 1))


def reviewed(**fields: object) -> Apply:
    return replace(at(Place.REVIEW, answers=ANSWERS, pages=papers()), **fields)  # pyright: ignore[reportArgumentType]


def overruled() -> Apply:
    """A code whose risk this office has looked up itself."""
    word = risk.Override(
        code=LOW, levels=(risk.Risk.MEDIUM_LOW,), by="CONTOH PETUGAS", on=date(2026, 11, 2), law="PP 28/2025",
        review_by=date(2027, 6, 30),
    )  # fmt: skip
    journey = at(Place.RISK)
    assert journey.sheet is not None
    needs = risk.requirements(LOW, "mikro", risk.Overrides(override=(word,)))
    return replace(journey, sheet=replace(journey.sheet, requirements=needs))


SUBMITTED = Submitted("MKM-2026-0417-7K2Q9XWD", "https://contoh.invalid/p/9f2c41d07b", "09.41", "2026-11-25")
SAVED = DraftSaved("https://contoh.invalid/d/41d07b", "2026-12-01")
PAGE = ((200.0, 40.0), (440.0, 40.0), (440.0, 440.0), (200.0, 440.0))


def pixels(light: int = 0xF0) -> bytes:
    dark, paper = b"\x34\x3a\x3e\xff", bytes((light, 0xF4, 0xF6, 0xFF))
    row = dark * 200 + paper * 240 + dark * 200
    return dark * 640 * 40 + row * 400 + dark * 640 * 40


def frame(
    number: int = 1, *, steady: bool = True, seen: bool = True, remarks: tuple[Remark, ...] = ()
) -> Frame:
    return Frame(number, 640, 480, pixels(), PAGE if seen else None, steady, Quality(remarks=remarks))


def picture(page: str) -> bytes:
    """A page as the camera's thumbnail would show it."""
    cv2 = pytest.importorskip("cv2")
    numpy = pytest.importorskip("numpy")
    paper = numpy.full((560, 400, 3), 250, numpy.uint8)
    for line in range(12):
        cv2.rectangle(
            paper, (40, 60 + line * 38), (320 - line * 37 % 110, 72 + line * 38), (120, 110, 100), -1
        )
    if page == "p2":
        cv2.circle(paper, (250, 250), 90, (255, 255, 255), -1)
    return cv2.imencode(".jpg", paper)[1].tobytes()


SOURCES = Sources(frame=frame, thumbnail=picture)

STATES: dict[str, Callable[[], Visit]] = {
    "search": lambda: visit(searching()),
    "search-empty": lambda: visit(Apply("k")),
    "search-none": lambda: visit(Apply("k", query="zzzz", found_for="zzzz", purpose="ask")),
    "search-guide": lambda: visit(searching("jasa servis", purpose="ask")),
    "search-old": lambda: visit(searching("47919", purpose="ask")),
    "search-old-narrowed": lambda: visit(narrowed("47919", 1)),
    "search-trouble": lambda: visit(searching(trouble=Trouble.INTERNAL)),
    "scale-capital": lambda: visit(at(Place.SCALE, capital="", sales="")),
    "scale-sales": lambda: visit(at(Place.SCALE, sales="")),
    "scale-wait": lambda: visit(at(Place.SCALE, capital="", sales="", bands=())),
    "bring": lambda: visit(at(Place.BRING)),
    "bring-officer": lambda: visit(at(Place.BRING, UNKNOWN, paper="printed")),
    "bring-longest": lambda: visit(at(Place.BRING, "95400", "besar", paper="paper_out")),
    "risk-override": lambda: visit(overruled()),
    "risk": lambda: visit(at(Place.RISK)),
    "risk-several": lambda: visit(at(Place.RISK, SEVERAL, "menengah")),
    "risk-unknown": lambda: visit(at(Place.RISK, UNKNOWN)),
    "risk-contradiction": lambda: visit(at(Place.RISK, AGREES_NOT, "besar")),
    "risk-details": lambda: visit(at(Place.RISK, SEVERAL, "menengah", details=True)),
    "form-name": lambda: visit(at(Place.FORM)),
    "form-district": lambda: visit(at(Place.FORM, screen=1)),
    "form-address": lambda: visit(at(Place.FORM, screen=1, answers=ANSWERS, focus="address")),
    "form-tenure": lambda: visit(at(Place.FORM, screen=2, answers=ANSWERS)),
    "form-area": lambda: visit(at(Place.FORM, screen=3, answers=ANSWERS, focus="building_area")),
    "form-money": lambda: visit(at(Place.FORM, screen=4, answers=ANSWERS, focus="equipment")),
    "form-doubt": lambda: visit(
        at(
            Place.FORM,
            screen=3,
            answers=(("land_area", "0"),),
            focus="land_area",
            doubts=(("land_area", Text("Paling sedikit 1", "At least 1")),),
        )
    ),
    "camera": lambda: visit(at(Place.CAMERA, answers=ANSWERS)),
    "camera-busy": lambda: visit(at(Place.CAMERA, answers=ANSWERS, waiting="TakePicture", lamp=True)),
    "camera-counting": lambda: visit(at(Place.CAMERA, answers=ANSWERS, counting=2)),
    "camera-gone": lambda: visit(at(Place.CAMERA, answers=ANSWERS, trouble=Trouble.CAMERA_GONE)),
    "pages": lambda: visit(at(Place.PAGES, answers=ANSWERS, pages=papers())),
    "pages-many": lambda: visit(at(Place.PAGES, answers=ANSWERS, pages=papers(7), pages_page=10**6)),
    "review": lambda: visit(reviewed()),
    "review-ready": lambda: visit(reviewed(declared=True)),
    "review-offline": lambda: visit(reviewed(declared=True), online=False),
    "review-trouble": lambda: visit(reviewed(declared=True, trouble=Trouble.SERVER)),
    "sent": lambda: visit(reviewed(place=Place.SENT, submitted=SUBMITTED)),
    "sent-proved": lambda: visit(
        reviewed(place=Place.SENT, submitted=SUBMITTED, paper="printed", receipt="sent")
    ),
    "sent-trouble": lambda: visit(
        reviewed(place=Place.SENT, submitted=SUBMITTED, paper="paper_out", receipt="slow")
    ),
    "sent-provisional": lambda: visit(
        reviewed(place=Place.SENT, submitted=Submitted("K-01-0007", "", "09.41", provisional=True))
    ),
    "draft": lambda: visit(reviewed(place=Place.DRAFT, saved=SAVED)),
    "draft-waiting": lambda: visit(reviewed(place=Place.DRAFT, saved=replace(SAVED, waiting=True))),
    "draft-waiting-no-day": lambda: visit(
        reviewed(place=Place.DRAFT, saved=replace(SAVED, waiting=True, until=""))
    ),
}
WIDE = [
    "bring", "bring-longest", "risk", "search", "search-guide", "search-old", "search-none", "scale-sales",
    "risk-several", "risk-contradiction", "risk-details", "form-district", "form-area", "camera", "pages-many",
    "review", "sent", "draft",
]  # fmt: skip


def parts(shown: Shown) -> list[Part]:
    return list(shown.scene.walk())


def _alive(part: Part) -> bool:
    return getattr(part, "enabled", True) and not getattr(part, "busy", False)


def events(shown: Shown) -> list[object]:
    """The touch of everything the scene offers, keyboards apart."""
    actions = [getattr(part, "on_tap", None) for part in parts(shown) if _alive(part)]
    return [action.event for action in actions if isinstance(action, Sends)]


def offering(shown: Shown, event: object) -> Part:
    """The part that sends this touch. AssertionError when there is none."""
    for part in parts(shown):
        action = getattr(part, "on_tap", None)
        if isinstance(action, Sends) and action.event == event:
            return part
    raise AssertionError(f"nothing sends {event!r}; there is {events(shown)}")


def keys(shown: Shown, kind: type[Keyboard] | type[Keypad]) -> Keyboard | Keypad:
    return next(part for part in parts(shown) if isinstance(part, kind))


def spilled(shown: Shown) -> list[str]:
    """Parts of the scene that lie on each other or on the navigation row, also those nobody touches."""
    scene = shown.scene
    floating = ("CameraView", "Caption", "Countdown")
    whole = [part for part in scene.parts if type(part).__name__ not in floating and part.h > 0]
    if scene.clock == "session" and any(type(part).__name__ == "CameraView" for part in scene.parts):
        whole = [part for part in whole if type(part).__name__ != "InfoCard"]  # the panel over the view
    flat: list[Part] = []
    for part in whole:
        flat += part.parts if type(part).__name__ == "Slot" else [part]
    return [
        f"{type(one).__name__} {one.y:.0f}-{one.bottom:.0f} on {type(two).__name__} {two.y:.0f}-{two.bottom:.0f}"
        for index, one in enumerate(flat)
        for two in flat[index + 1 :]
        if one.x + one.w > two.x + 1
        and two.x + two.w > one.x + 1
        and one.bottom > two.y + 1
        and two.bottom > one.y + 1
    ]


def understood(journey: Apply, event: object) -> bool:
    """Does the journey do anything with this touch here?"""
    turn = step(journey, event, CONTEXT)  # pyright: ignore[reportArgumentType]
    return turn.journey != journey or bool(turn.orders) or turn.exit is not None


@pytest.mark.picture
@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("name", STATES)
def test_every_state_is_drawn_within_the_screen_and_large_enough(name: str, language: str):
    shown = show(replace(STATES[name](), language=language), sources=SOURCES)
    shown.stage.tell_time(272, 300)
    shown.picture(f"scene-apply-{name}-{language}")
    assert shown.scene.title
    assert shown.small() == []
    assert shown.outside() == []
    assert spilled(shown) == []


@pytest.mark.picture
@pytest.mark.parametrize("name", STATES)
def test_large_words_fit(name: str):
    for text_step, language in ((1, "id"), (2, "id"), (2, "en")):
        shown = show(replace(STATES[name](), text_step=text_step, language=language), sources=SOURCES)
        assert shown.small() == []
        assert shown.outside() == []
        assert spilled(shown) == []
        if text_step == 2 and language == "id" and name in WIDE:
            shown.picture(f"scene-apply-{name}-large")


@pytest.mark.picture
@pytest.mark.parametrize("name", WIDE)
def test_high_contrast_and_landscape(name: str):
    shown = show(replace(STATES[name](), contrast=True), sources=SOURCES)
    shown.picture(f"scene-apply-{name}-contrast")
    for text_step in (0, 2):
        shown = show(replace(STATES[name](), text_step=text_step), size=LANDSCAPE, sources=SOURCES)
        shown.picture(f"scene-apply-{name}-wide{text_step or ''}")
        assert shown.small() == []
        assert shown.outside() == []
        assert spilled(shown) == []


@pytest.mark.parametrize("name", STATES)
def test_every_touch_means_something_to_the_journey(name: str):
    state = STATES[name]()
    assert isinstance(state.journey, Apply)
    for event in events(show(state, sources=SOURCES)):
        if isinstance(event, Leave | CallOfficer):
            continue  # the envelope's own
        if event == Focus(state.journey.focus) or (event == ClearField() and not state.journey.query):
            continue
        if isinstance(event, Choose) and event.what in (state.journey.scale, dict(ANSWERS).get("tenure")):
            continue  # what is chosen already
        if isinstance(event, Choose) and event.what == state.journey.answer("district"):
            continue
        assert understood(state.journey, event), event


# ---- search
def test_the_keyboard_types_erases_searches_and_gives_way():
    shown = show(STATES["search"]())
    board = keys(shown, Keyboard)
    assert shown.key(board, "k") == [Key("k")]
    assert shown.key(board, BACKSPACE) == [Backspace()]
    assert shown.key(board, ENTER) == [Forward()]
    assert shown.key(board, CLOSE) == []
    assert not any(isinstance(part, Keyboard) for part in parts(shown))
    shown.tap(next(part for part in parts(shown) if isinstance(part, Field)))
    assert any(isinstance(part, Keyboard) for part in parts(shown))


def test_typing_keeps_the_keyboard_and_changes_the_list():
    shown = show(STATES["search"]())
    scene, board = shown.scene, keys(shown, Keyboard)
    shown.draw(visit(searching("jahit baju")))
    assert shown.scene is scene
    assert keys(shown, Keyboard) is board
    codes = {match.code for match in samples.matches("jahit baju").found[:3]}
    assert {event.what for event in events(shown) if isinstance(event, Choose)} == codes


def test_all_three_rows_are_reached_where_the_keyboard_leaves_no_room():
    shown = show(replace(STATES["search"](), text_step=2), size=LANDSCAPE)
    assert len([event for event in events(shown) if isinstance(event, Choose)]) < 3
    assert TurnPage() not in events(shown)
    shown.tap(shown.button(i18n.say("id", "search.all")))
    assert len([event for event in events(shown) if isinstance(event, Choose)]) == 3


def test_an_ambiguous_word_is_asked_about_with_the_reason():
    shown = show(STATES["search-guide"]())
    guide = searching("jasa servis").guide
    assert guide is not None
    offered = [event.what for event in events(shown) if isinstance(event, Choose)]
    assert offered == [option.code for option in guide.options][:8]
    seen = written(lambda: show(STATES["search-guide"]()))
    assert guide.ask.id in seen
    assert "“jasa servis” bisa berarti banyak usaha" in seen


def test_an_old_code_with_many_successors_is_asked_about_twice():
    first = [event.what for event in events(show(STATES["search-old"]())) if isinstance(event, Choose)]
    assert first[1] == "group:1"
    second = [
        event.what for event in events(show(STATES["search-old-narrowed"]())) if isinstance(event, Choose)
    ]
    assert second == ["47211", "47212", "47213", "47214", "47215", "47216", "47219"]


def test_nothing_found_offers_examples_and_an_officer():
    shown = show(STATES["search-none"]())
    assert CallOfficer() in events(shown)
    assert Choose("try:jahit baju") in events(shown)


def test_the_pages_of_results_go_round():
    found = samples.matches("warung kopi").found
    last = (len(found) - 1) // 3
    shown = show(visit(searching(page=last)))
    assert shown.tap(shown.button(i18n.say("id", "search.first"))) == [TurnPage()]


# ---- scale and risk
@pytest.mark.parametrize("band", ["mikro", "kecil", "menengah", "besar"])
def test_a_band_is_chosen(band: str):
    shown = show(STATES["scale-capital"]())
    assert shown.tap(offering(shown, Choose(band))) == [Choose(band)]


def test_a_new_business_has_no_sales_yet():
    assert Choose("new") in events(show(STATES["scale-sales"]()))
    assert Choose("new") not in events(show(STATES["scale-capital"]()))


def test_risk_offers_the_scales_the_list_the_whole_and_the_way_on():
    offered = events(show(STATES["risk"]()))
    for event in (
        *(Choose(band.scale) for band in BANDS), Choose("bring"), Choose("details"), Forward(), Back(), Leave(),
    ):  # fmt: skip
        assert event in offered


def test_the_low_risk_path_is_marked_digital_and_says_that_one_may_operate():
    seen = written(lambda: show(STATES["risk"]()))
    assert "100 % digital" in seen
    assert i18n.say("id", "risk.may_operate") in seen
    assert "100 % digital" not in written(lambda: show(STATES["risk-several"]()))


@pytest.mark.parametrize("name", ["risk-unknown", "risk-contradiction"])
def test_an_officer_is_offered_where_the_data_does_not_say(name: str):
    assert CallOfficer() in events(show(STATES[name]()))
    assert CallOfficer() not in events(show(STATES["risk"]()))


def test_the_office_own_word_shows_its_name_and_date():
    seen = written(lambda: show(STATES["risk-override"]()))
    assert "Ditetapkan kantor oleh CONTOH PETUGAS, 2026-11-02" in seen
    assert i18n.say("id", "risk.indicative") not in seen


def test_the_whole_names_every_law_and_who_decides():
    shown = show(STATES["risk-details"]())
    sheet = samples.assessed(SEVERAL, "menengah").requirements
    pages = shown.scene._pages  # type: ignore[attr-defined] -- what it turns through
    seen = "\n".join(f"{row.value}\n{row.sub}" for page in pages for _, rows in page for row in rows)
    for source in (
        *sheet.sources,
        *(paper.source for paper in sheet.papers),
        *(one.source for one in sheet.basics),
    ):
        assert f"{source.law} {source.article}".strip() in seen
    for fact in (sheet.decides.id, sheet.cost.id, sheet.days_text.id, sheet.clock_note.id):
        assert fact in seen


def test_every_paper_to_bring_has_a_drawing():
    from kiosk.knowledge import office
    from kiosk.knowledge.packs import load
    from screens.widgets.papers import DRAWINGS

    asked = {row.id for row in load("requirements", risk.RequirementsPack).paper}
    assert asked | {entry.paper.id for entry in office.papers()} == set(DRAWINGS)


def test_the_list_is_taken_along_as_paper_or_as_text_in_a_qr():
    from screens.widgets.qr import Qr

    shown = show(STATES["bring"]())
    assert {Choose("print"), Forward(), Back()} <= set(events(shown))
    assert any(isinstance(part, Qr) for part in parts(shown))
    resting = show(visit(at(Place.BRING), devices_down=frozenset({("printer", "paper_out")})))
    assert Choose("print") not in events(resting)
    assert any(isinstance(part, Qr) for part in parts(resting)), "the code needs no printer"


@pytest.mark.parametrize(
    ("paper", "again"),
    [("printing", False), ("printed", False), ("paper_out", True), ("printed_unknown", False)],
)
def test_a_slip_is_only_asked_for_again_when_it_surely_never_began(paper: str, again: bool):
    assert (Choose("print") in events(show(visit(at(Place.BRING, paper=paper))))) is again


def test_the_details_turn_round_all_their_pages():
    from screens.risk.screen import Risk

    shown = show(STATES["risk-details"]())
    scene = shown.scene
    assert isinstance(scene, Risk)
    sheet = samples.assessed(SEVERAL, "menengah").requirements
    rows = [row.value for page in scene._pages for _, rows in page for row in rows]
    for thing in (*sheet.papers, *sheet.basics):
        assert thing.label.id in rows
    for number in range(2, len(scene._pages) + 1):
        before = i18n.say("id", "risk.next_page", n=number - 1, m=len(scene._pages))
        shown.tap(shown.button(before))
    shown.tap(shown.button(i18n.say("id", "risk.next_page", n=len(scene._pages), m=len(scene._pages))))
    assert scene.page == 0


# ---- form
def test_the_number_pad_fills_the_field_in_focus():
    shown = show(STATES["form-area"]())
    assert shown.key(keys(shown, Keypad), "7") == [Key("7")]
    fields = [part for part in parts(shown) if isinstance(part, Field)]
    assert [field.value for field in fields] == ["120", "48"]
    assert [field.state for field in fields] == ["valid", "active"]
    assert shown.tap(fields[0]) == [Focus("land_area")]


def test_money_is_written_in_threes_and_three_noughts_are_one_key():
    shown = show(STATES["form-money"]())
    first = next(part for part in parts(shown) if isinstance(part, Field))
    assert first.value == "Rp15.000.000"
    assert shown.key(keys(shown, Keypad), "000") == [Key("0")] * 3
    english = show(replace(STATES["form-money"](), language="en"))
    assert next(part for part in parts(english) if isinstance(part, Field)).value == "Rp15,000,000"


def test_typing_changes_the_field_and_nothing_else():
    shown = show(STATES["form-address"]())
    scene = shown.scene
    assert shown.key(keys(shown, Keyboard), "a") == [Key("a")]
    journey = STATES["form-address"]().journey
    assert isinstance(journey, Apply)
    shown.draw(visit(journey.with_answer("address", "Jl. Baru")))
    assert shown.scene is scene
    assert [part.value for part in parts(shown) if isinstance(part, Field)][1] == "Jl. Baru"


@pytest.mark.parametrize("text_step", [0, 2])
def test_every_district_is_on_one_of_the_pages(text_step: int):
    wanted = {place.code for place in regions.districts()}
    seen: set[str] = set()
    for page in range(9):
        shown = show(visit(at(Place.FORM, screen=1, choices_page=page), text_step=text_step))
        seen |= {event.what for event in events(shown) if isinstance(event, Choose)}
    assert seen == wanted


def test_a_doubt_stands_under_its_field():
    shown = show(STATES["form-doubt"]())
    assert next(part.state for part in parts(shown) if isinstance(part, Field)) == "error"


def test_the_form_goes_back_on_and_away():
    offered = events(show(STATES["form-name"]()))
    assert {type(event) for event in offered} == {Back, SaveAndLeave, Forward, Focus}


def test_every_kind_of_question_can_be_drawn():
    kinds = {question.kind for screen in form_pack.screens(LOW, "mikro") for question in screen.questions}
    assert kinds == {"text", "choice", "area", "number"}
    for number in range(len(form_pack.screens(LOW, "mikro"))):
        assert show(visit(at(Place.FORM, screen=number))).outside() == []


# ---- camera
def live(newest: Callable[[], Frame | CameraFault | None]) -> Shown:
    return show(visit(at(Place.CAMERA, answers=ANSWERS)), sources=Sources(frame=newest))


def test_the_camera_takes_lights_skips_and_goes_back():
    shown = live(frame)
    for event in (Forward(), Toggle("lamp"), Choose("later"), Back()):
        assert shown.tap(offering(shown, event)) == [event]


def test_steady_follows_the_newest_frame():
    from screens.camera.screen import Camera

    newest: list[Frame | CameraFault | None] = [None]
    shown = live(lambda: newest[0])
    scene = shown.scene
    assert isinstance(scene, Camera)
    assert scene.steady() is False
    newest[0] = frame(1)
    scene._step(0)
    assert scene.steady() is True
    newest[0] = frame(2, steady=False)
    scene._step(0)
    assert scene.steady() is False
    newest[0] = frame(3, seen=False)
    scene._step(0)
    assert scene.steady() is False


def test_the_countdown_stands_in_the_place_of_the_hint_and_a_touch_stops_it():
    from screens.camera.screen import Camera

    newest = [frame(1)]
    shown = live(lambda: newest[0])
    scene = shown.scene
    assert isinstance(scene, Camera)
    scene._step(0)
    assert scene.caption.words == i18n.say("id", "camera.good")
    for left in (3, 2):
        shown.draw(visit(at(Place.CAMERA, answers=ANSWERS, counting=left)))
        newest[0] = frame(newest[0].number + 1)
        scene._step(0)
        assert shown.scene is scene
        assert scene._countdown is not None
        assert scene._countdown._number.words == str(left)
        assert scene.caption.words == ""
    assert shown.tap(offering(shown, Choose("by_hand"))) == [Choose("by_hand")]
    shown.draw(visit(at(Place.CAMERA, answers=ANSWERS, by_hand=True)))
    assert scene._countdown is None
    assert scene.caption.words == i18n.say("id", "camera.good")
    assert Choose("by_hand") not in events(shown)


def test_a_frame_is_copied_once(monkeypatch: pytest.MonkeyPatch):
    from screens.camera.screen import Camera

    newest = [frame(1)]
    shown = live(lambda: newest[0])
    scene = shown.scene
    assert isinstance(scene, Camera)
    fed: list[int] = []
    monkeypatch.setattr(scene.view, "feed", lambda data, _width, _height: fed.append(len(data)))
    for _ in range(3):
        scene._step(0)
    assert fed == []
    newest[0] = frame(2)
    for _ in range(3):
        scene._step(0)
    assert fed == [640 * 480 * 4]


@pytest.mark.parametrize("remark", list(Remark))
def test_each_remark_has_its_hint_and_its_check(remark: Remark):
    from screens.camera.screen import Camera

    scene = live(lambda: frame(remarks=(remark,))).scene
    assert isinstance(scene, Camera)
    assert scene.caption.words == i18n.say("id", f"camera.say_{remark.value}")
    assert [check.state for check in scene.checks.values()].count(False) == 1


@pytest.mark.parametrize("trouble", list(CameraTrouble))
def test_a_fault_says_what_still_works_and_the_picture_comes_back(trouble: CameraTrouble):
    from screens.camera.screen import Camera

    newest: list[Frame | CameraFault | None] = [CameraFault(trouble)]
    shown = live(lambda: newest[0])
    scene = shown.scene
    assert isinstance(scene, Camera)
    shown.picture(f"scene-apply-camera-fault-{trouble.value}")
    assert shown.outside() == []
    assert shown.button(i18n.say("id", "camera.again")).on_tap.event == Forward()
    assert Choose("later") in events(shown)
    newest[0] = frame(5)
    scene._step(0)
    assert scene.steady()
    assert shown.button(i18n.say("id", "camera.take")).on_tap.event == Forward()


def test_taking_a_picture_makes_the_button_busy_without_a_new_screen():
    from screens.camera.screen import Camera

    shown = live(frame)
    scene = shown.scene
    assert isinstance(scene, Camera)
    shown.draw(visit(at(Place.CAMERA, answers=ANSWERS, waiting="TakePicture", lamp=True)))
    assert shown.scene is scene
    assert scene.take.busy
    assert shown.tap(scene.take) == []


# ---- pages
def test_a_page_is_taken_again_thrown_away_or_followed_by_another():
    shown = show(STATES["pages"](), sources=SOURCES)
    for event in (Choose("retake:p2"), Choose("delete:p3"), Choose("add"), Forward(), Back()):
        assert shown.tap(offering(shown, event)) == [event]


def test_the_pages_turn_round_from_the_last():
    def first_pages(number: int) -> set[str]:
        shown = show(
            visit(at(Place.PAGES, answers=ANSWERS, pages=papers(7), pages_page=number)), sources=SOURCES
        )
        return {event.what for event in events(shown) if isinstance(event, Choose)}

    assert "delete:p7" in first_pages(10**6)
    assert "delete:p1" in first_pages(10**6 + 1)
    assert "delete:p7" in first_pages(10**6 + 2)
    assert "delete:p1" in first_pages(2)


def test_no_place_for_a_thirteenth_page_and_a_broken_picture_does_no_harm():
    state = visit(at(Place.PAGES, answers=ANSWERS, pages=papers(12), pages_page=10**6))
    shown = show(state, sources=Sources(thumbnail=lambda _page: b"\xff\xd8 broken"))
    assert Choose("add") not in events(shown)
    assert shown.outside() == []


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("remark", list(Remark))
def test_each_remark_has_a_word_on_the_page(remark: Remark, language: str):
    assert i18n.say(language, f"pages.state_{remark.value}")


# ---- review
def test_every_answer_can_be_changed():
    offered = events(show(STATES["review"]()))
    wanted = {"edit:kbli", "edit:papers", *(f"edit:{one.id}" for one in form_pack.screens(LOW, "mikro"))}
    assert {event.what for event in offered if isinstance(event, Choose)} == wanted


def test_the_same_with_large_words_page_by_page():
    from screens.review.screen import Review

    shown = show(replace(STATES["review"](), text_step=2))
    scene = shown.scene
    assert isinstance(scene, Review)
    assert scene._count > 1
    seen: list[object] = []
    for _ in range(scene._count):
        seen += [event for event in events(shown) if isinstance(event, Choose)]
        shown.tap(shown.button(i18n.say("id", "review.more", n=scene.page + 1, m=scene._count)))
    assert seen == [event for event in events(show(STATES["review"]())) if isinstance(event, Choose)]
    assert scene.page == 0


def test_nothing_is_sent_before_the_declaration():
    shown = show(STATES["review"]())
    scene = shown.scene
    assert Forward() not in events(shown)
    assert shown.tap(offering(shown, Toggle("declare"))) == [Toggle("declare")]
    shown.draw(visit(reviewed(declared=True)))
    assert shown.scene is scene
    assert shown.tap(offering(shown, Forward())) == [Forward()]
    shown.draw(visit(reviewed(declared=True, waiting="Submit")))
    button = offering(shown, Forward())
    assert isinstance(button, Button)
    assert button.busy


# ---- sent and draft
def test_the_proofs_are_asked_for():
    shown = show(STATES["sent"]())
    for event in (Choose("print"), Choose("receipt"), Choose("menu"), Forward()):
        assert shown.tap(offering(shown, event)) == [event]


@pytest.mark.parametrize(
    ("paper", "again"),
    [("", True), ("printing", False), ("printed", False), ("paper_out", True), ("printed_unknown", False)],
)
def test_a_print_is_offered_again_only_when_it_surely_never_began(paper: str, again: bool):
    shown = show(visit(reviewed(place=Place.SENT, submitted=SUBMITTED, paper=paper)))
    assert (Choose("print") in events(shown)) is again


def test_a_provisional_number_promises_no_message():
    offered = events(show(STATES["sent-provisional"]()))
    assert Choose("receipt") not in offered
    assert Choose("print") in offered


@pytest.mark.parametrize("number", ["MKM-2026-0417-7K2Q9XWD", "MKM-2026-0417", "K-01-123456"])
@pytest.mark.parametrize("size", [PORTRAIT, LANDSCAPE])
def test_the_number_fits_its_sky(number: str, size: tuple[int, int]):
    from screens.sent.screen import Sent
    from screens.widgets import text

    shown = show(visit(reviewed(place=Place.SENT, submitted=replace(SUBMITTED, number=number))), size=size)
    scene = shown.scene
    assert isinstance(scene, Sent)
    for line, role in scene.number_lines(number):
        assert text.width_of(scene.look, line, role) <= scene.sky_width + 1


def test_the_draft_can_be_printed_or_left():
    shown = show(STATES["draft"]())
    for event in (Choose("print"), Choose("menu"), Forward()):
        assert shown.tap(offering(shown, event)) == [event]
