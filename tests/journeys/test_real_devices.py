"""The whole visit with the real drivers: pcscd with a virtual card, an MJPEG camera, a TCP printer, loopback HTTP."""

from __future__ import annotations

import asyncio
import importlib
import logging
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest

from hardware.camera import build as camera
from hardware.camera.pdf import pages_to_pdf
from hardware.camera.simulated import draw
from hardware.card import build as card
from hardware.printer import build as printer
from hardware.world.port import CameraTable
from kiosk.effects.tools import Tools
from kiosk.flow.events import Begin, Choose, Forward, Key, Toggle
from kiosk.flow.model import Place, Visit
from kiosk.flow.results import Trouble
from kiosk.main.worker import EXECUTORS
from kiosk.sandbox import Server
from kiosk.sandbox.settings import DEMO_TOKEN
from kiosk.settings import Settings
from kiosk.store import Opener, Store
from kiosk.store.errands import Done, Errand
from tests.hardware.camera import judges
from tests.hardware.camera.mjpeg import MjpegCamera
from tests.hardware.card.pcscd import READER_PATTERN, running_pcscd
from tests.hardware.card.virtual_card import VirtualKtp
from tests.hardware.printer.decode import decode
from tests.hardware.printer.emulator import PrinterEmulator
from tests.journeys.conducted import conducted, settings_for

PAPERS = {
    "lease": draw(CameraTable(paper="lease", present=True), 1280, 720),
    "npwp_card": draw(CameraTable(paper="npwp", present=True), 1280, 720),
}


async def work_off(settings: Settings) -> list[str]:
    """What the keeper's workers do, in this process: every row of the outbox once, in order."""
    store = Store.open(settings, "test")
    opener = Opener(settings)
    done: list[str] = []
    try:
        rows = [
            row
            for (row,) in store.connection.execute("SELECT id FROM outbox WHERE state='waiting' ORDER BY id")
        ]
        for row in rows:
            assert store.outbox.claim(row)
            item = store.outbox.item(row)
            module, _, name = EXECUTORS[item.kind].partition(":")
            errand = Errand(
                row=row,
                kind=item.kind,
                attempts=item.attempts,
                key=item.key,
                upload_url=item.upload_url,
                offset=item.offset,
                payload=opener.open(item.sealed),
                answer_before=opener.open(item.answer_before) if item.answer_before else b"",
                progress=lambda url, offset, row=row: store.outbox.progress(row, url, offset),
                keep=lambda payload, row=row: store.outbox.keep(row, payload),
            )
            outcome = await getattr(importlib.import_module(module), name)(errand, settings)
            assert isinstance(outcome, Done), outcome
            store.outbox.done(row, outcome.answer)
            done.append(item.kind)
    finally:
        store.close()
    return done


@pytest.mark.real
async def test_an_application_and_a_ticket_on_real_drivers(
    portal: Server, tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    settings = settings_for(tmp_path, portal.url, DEMO_TOKEN)
    with running_pcscd() as service, MjpegCamera(PAPERS["lease"]) as eye, PrinterEmulator() as paper:
        virtual = VirtualKtp()
        person = dict(portal.sandbox.tables.all("people")[0])
        portal.sandbox.tables.change("people", person["id"], uid=virtual.uid.hex())
        tools = Tools(
            settings,
            "test",
            portal=_portal(settings),
            card=card("pcsc", contactless_reader=READER_PATTERN),
            camera=camera("opencv", address=eye.url),
            printer=printer("network", host="127.0.0.1", port=paper.port),
            make_pdf=pages_to_pdf,
        )
        async with conducted(tools) as visit:
            visit.do(Begin())
            await visit.at(Place.IDENTIFY)
            await visit.until(lambda _: tools.card_watched, "an empty reader that is watched")
            service.slot.insert(virtual)
            await visit.at(Place.CODE)
            code = portal.sandbox.outbox[-1].code
            visit.type(code)
            await visit.at(Place.CONSENT)
            assert visit.visit.person.name == person["nama"]
            visit.do(Forward())
            await visit.at(Place.MENU)
            await visit.find_business("kedai minuman", "56304")
            visit.do(Forward())
            visit.fill_form(tenure="rent")
            papers = visit.apply.papers
            assert [one.id for one in papers] == ["lease", "npwp_card"]
            for one in papers:
                await visit.until(_camera_is_open, "an open camera")
                eye.show(PAPERS[one.id])
                await asyncio.sleep(0.6)  # the stream's frames before the swap run out
                visit.do(Forward())
                await visit.at(Place.PAGES)
                await visit.until(lambda _, kind=one.id: len(visit.apply.pages_of(kind)) == 1, "the page")
                if visit.visit.dialog is not None:
                    pytest.fail("two different papers were taken for one")
                visit.do(Forward())
            await visit.at(Place.REVIEW)
            visit.do(Toggle("declare"), Forward())
            await visit.at(Place.SENT)
            number = visit.apply.submitted.number if visit.apply.submitted else ""
            visit.do(Choose("menu"), Choose("queue"), Choose("perizinan"))
            await visit.until(
                lambda state: state.place is Place.TICKET and visit.queue.paper != "printing", "paper"
            )
            assert visit.queue.paper == "printed"
            ticket = visit.queue.ticket
            assert ticket is not None
            visit.do(Forward())
            await visit.until(lambda state: state.left_card, "the forgotten card")
            service.slot.remove()
            await visit.until(lambda state: state.ended, "the end", seconds=30)
            await _eventually(lambda: bool(visit.ended))
        done = await work_off(settings)
        assert done == ["document", "document"]
        printed = decode(paper.tickets[-1])

    documents = portal.sandbox.documents_of(number)
    assert sorted(one["jenis"] for one in documents) == ["lease", "npwp_card"]
    for document in documents:
        path = portal.sandbox.document_path(document["id"])
        with pikepdf.open(path) as pdf:
            assert len(pdf.pages) == document["halaman"] == 1
            assert pdf.open_metadata().pdfa_status == "1B"
        if document["jenis"] == "lease":
            assert "PERJANJIAN" in [word for _, word, _ in judges.words(path)]
    assert printed.cuts
    assert any("Layanan ini gratis" in line for line in printed.lines)
    for secret in (person["nik"], person["nama"], person["hp"], virtual.uid.hex(), code):
        assert secret not in caplog.text
        assert all(secret not in line for line in printed.lines)
    assert portal.sandbox.tables.count("applications", "nomor = ?", number) == 1


@pytest.mark.real
async def test_the_line_goes_down_before_sending_and_nothing_is_lost_or_doubled(
    portal: Server, tmp_path: Path
):
    settings = settings_for(tmp_path, portal.url, DEMO_TOKEN)
    tools = Tools(settings, "test", portal=_portal(settings), make_pdf=pages_to_pdf)
    before = portal.sandbox.tables.count("applications")
    async with conducted(tools) as visit:
        visit.do(Begin(), Choose("phone"))
        visit.type("081299990001")
        visit.do(Forward())
        await visit.at(Place.CODE)
        visit.type(portal.sandbox.outbox[-1].code)
        await visit.at(Place.CONSENT)
        visit.do(Forward())
        await visit.find_business("kedai minuman", "56304")
        visit.do(Forward())
        visit.fill_form(tenure="own")
        while visit.visit.place is Place.CAMERA:
            await visit.until(
                lambda _: visit.apply.trouble is Trouble.NO_CAMERA, "the missing camera to be said"
            )
            visit.do(Choose("later"))
        portal.sandbox.faults.set("gone")
        visit.do(Toggle("declare"), Forward())
        await visit.at(Place.SENT, seconds=30)
        submitted = visit.apply.submitted
        assert submitted is not None
        assert submitted.provisional
        visit.do(Choose("menu"), Choose("queue"), Choose("perizinan"))
        await visit.until(lambda state: state.place is Place.TICKET, "a number without the line", seconds=30)
        assert visit.queue.ticket is not None
        assert visit.queue.ticket.provisional
    assert portal.sandbox.tables.count("applications") == before
    portal.sandbox.faults.clear()
    assert await work_off(settings) == ["application", "number"]
    assert portal.sandbox.tables.count("applications") == before + 1


async def test_an_answer_lost_on_the_way_files_one_application(portal: Server, tmp_path: Path):
    settings = settings_for(tmp_path, portal.url, DEMO_TOKEN)
    tools = Tools(settings, "test", portal=_portal(settings), make_pdf=pages_to_pdf)
    before = portal.sandbox.tables.count("applications")
    async with conducted(tools) as visit:
        visit.do(Begin(), Choose("phone"), *(Key(sign) for sign in "081299990002"), Forward())
        await visit.at(Place.CODE)
        visit.type(portal.sandbox.outbox[-1].code)
        await visit.at(Place.CONSENT)
        visit.do(Forward())
        await visit.find_business("kedai minuman", "56304")
        visit.do(Forward())
        visit.fill_form(tenure="own")
        while visit.visit.place is Place.CAMERA:
            visit.do(Choose("later"))
        portal.sandbox.faults.set("ok", script=["lost"], paths=("/v1/applications",))
        visit.do(Toggle("declare"), Forward())
        await visit.at(Place.SENT, seconds=30)
        assert visit.apply.submitted is not None
        assert not visit.apply.submitted.provisional
    assert portal.sandbox.tables.count("applications") == before + 1


def _portal(settings: Settings):
    from kiosk.portal.client import PortalClient

    return PortalClient.from_settings(settings.portal)


def _camera_is_open(state: Visit) -> bool:
    return state.place is Place.CAMERA and all(entry.kind != "OpenCamera" for entry in state.pending)


async def _eventually(wanted: Callable[[], bool]) -> None:
    for _ in range(100):
        if wanted():
            return
        await asyncio.sleep(0.05)
    raise AssertionError("the process was not told to end")
