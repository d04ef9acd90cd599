"""What a real visit writes into the event log, with the practice portal: case, pages spared, devices, OSS's words."""

from __future__ import annotations

from kiosk.flow.events import Begin, Choose, DeviceChanged, Forward, NetworkChanged
from kiosk.flow.model import Place
from kiosk.insight import chain
from kiosk.insight.vocabulary import faults
from kiosk.main.statuses import follow
from kiosk.store import Event, Opener, Store
from tests.faults.office import Office, eventually
from tests.journeys.conducted import conducted


def written(office: Office) -> list[Event]:
    store = Store.open(office.settings)
    try:
        found = store.events.since()
        assert chain.verify(store.events.rows()).whole
    finally:
        store.close()
    assert not any(faults(event.kind, event.data) for event in found)
    return found


def of(found: list[Event], kind: str) -> list[Event]:
    return [event for event in found if event.kind == kind]


async def test_an_application_is_counted_by_a_random_name_and_followed_to_its_status(office: Office) -> None:
    async with conducted(office.tools()) as visit:
        await office.to_review(visit)
        visit.do(Forward())
        await visit.at(Place.SENT)
        number = visit.apply.submitted.number  # type: ignore[union-attr]
        await eventually(lambda: bool(of(written(office), "submitted")), "the event")
    sent = of(written(office), "submitted")[0]
    case = sent.data["case"]
    assert isinstance(case, str)
    assert number not in repr(written(office))
    store = Store.open(office.settings)
    try:
        opener = Opener(office.settings)
        assert await follow(store, office.settings, opener) == 1
        assert await follow(store, office.settings, opener) == 0  # nothing new, nothing written
        for status in ("41", "42", "50"):
            office.portal.sandbox.set_status(number, status)
            assert await follow(store, office.settings, opener) == 1
        office.portal.sandbox.set_status(number, "90")
        assert await follow(store, office.settings, opener) == 0  # it had ended: nobody asks any more
    finally:
        store.close()
    statuses = of(written(office), "oss_status")
    assert {(event.data["case"], event.session) for event in statuses} == {(case, "")}
    assert [event.data["status"] for event in statuses][1:] == ["41", "42", "50"]


def test_pages_that_travel_as_pictures_are_spared_and_none_is_invented() -> None:
    from kiosk.flow.results import Submitted
    from kiosk.journeys.apply.send import _counted
    from tests.screens.test_scenes_apply import papers, reviewed

    taken = _counted(reviewed(pages=papers(3)), Submitted("N", "", "", case="a" * 16))
    assert [(note.word, dict(note.facts)) for note in taken] == [
        ("submitted", {"case": "a" * 16}),
        ("spared", {"pages": 3}),
    ]
    assert [note.word for note in _counted(reviewed(pages=()), Submitted("N", "", ""))] == ["submitted"]


async def test_a_device_is_written_when_its_state_changes_and_tied_to_no_visit(office: Office) -> None:
    for _ in range(2):  # each visit hears anew how the devices are
        async with conducted(office.tools()) as visit:
            visit.do(DeviceChanged("printer", False, "paper_out"), DeviceChanged("card", True))
            visit.do(Begin(), Choose("none"), NetworkChanged(False, "09.31"))
            await visit.at(Place.MENU)
            await eventually(lambda: len(of(written(office), "device")) >= 2, "the events")
    async with conducted(office.tools()) as visit:
        visit.do(DeviceChanged("printer", True))
        await eventually(lambda: of(written(office), "device")[-1].data["state"] == "ready", "ready again")
    devices = of(written(office), "device")
    printer = [event.data for event in devices if event.data["device"] == "printer"]
    assert printer == [
        {"device": "printer", "state": "down", "detail": "paper_out"},
        {"device": "printer", "state": "ready"},
    ]
    assert not any(event.session for event in devices)
    assert not [event for event in devices if event.data["device"] == "card"]
