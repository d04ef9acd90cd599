"""Into the kiosk by the face of the e-KTP: simulated camera, the real readers in their process, a real portal."""

from __future__ import annotations

import asyncio
import logging
import os
from pathlib import Path

import pytest

from hardware.camera import build as camera
from hardware.camera import ktp, simulated
from hardware.world.memory import MemoryWorld
from hardware.world.port import CameraTable
from kiosk.effects.tools import Tools
from kiosk.flow.events import Begin, Choose, Forward
from kiosk.flow.model import Place
from kiosk.flow.results import Trouble
from kiosk.identity.rights import Proof, Standing, Way
from kiosk.main.faces import FaceProcess
from kiosk.portal.client import PortalClient
from kiosk.sandbox import Server
from kiosk.sandbox.settings import DEMO_TOKEN
from tests.journeys.conducted import conducted, settings_for


def readers() -> set[int]:
    """Processes that read faces for this one."""
    found: set[int] = set()
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
            words = (entry / "cmdline").read_bytes()
        except (OSError, IndexError):
            continue
        if parent == os.getpid() and b"kiosk.main.face_reader" in words:
            found.add(int(entry.name))
    return found


@pytest.mark.real
async def test_a_visitor_is_known_by_the_face_of_the_card(
    portal: Server, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    settings = settings_for(tmp_path, portal.url, DEMO_TOKEN)
    world = MemoryWorld()
    # The desk is drawn once at full resolution; on a busy machine that alone outlasts the camera's own patience.
    await asyncio.to_thread(simulated.draw, CameraTable(paper="ektp", present=True), *simulated.STILL)
    tools = Tools(
        settings,
        "test",
        portal=PortalClient.from_settings(settings.portal),
        camera=camera("simulated", world=world),
        faces=FaceProcess(inspectable=True),
    )
    async with conducted(tools) as visit:
        visit.do(Begin(), Choose("photo"))
        await visit.until(lambda _: bool(readers()), "the readers")
        visit.do(Forward())
        await visit.until(lambda state: state.trouble is Trouble.NO_FACE, "an empty desk", seconds=60)
        world.change("camera", paper="ektp", present=True)
        await asyncio.sleep(0.6)
        visit.do(Forward())
        await visit.at(Place.FACE, seconds=60)
        entry = visit.visit.entry
        assert entry.digits == ktp.SAMPLE.nik
        assert entry.face is not None
        assert entry.face.name == ktp.SAMPLE.name
        assert entry.face.birth == ktp.SAMPLE.birth
        assert not entry.face.doubtful & {"name", "birth"}
        await visit.until(lambda _: not readers(), "the end of the readers")
        visit.do(Forward())
        await visit.past_region()
        await visit.at(Place.CODE)
        visit.type(portal.sandbox.outbox[-1].code)
        await visit.at(Place.CONSENT)
        assert visit.visit.standing == Standing(Way.OCR, Proof.CODE)
    assert not readers()
    for secret in (ktp.SAMPLE.nik, ktp.SAMPLE.name, "05-02-1990"):
        assert secret not in caplog.text


async def test_a_reader_that_cannot_start_leads_to_typing(portal: Server, tmp_path: Path) -> None:
    settings = settings_for(tmp_path, portal.url, DEMO_TOKEN)
    tools = Tools(
        settings,
        "test",
        portal=PortalClient.from_settings(settings.portal),
        camera=camera("simulated", world=MemoryWorld()),
        faces=FaceProcess(command=["/bin/false"]),
    )
    async with conducted(tools) as visit:
        visit.do(Begin(), Choose("photo"), Forward())
        await visit.until(lambda state: state.trouble is Trouble.FACE_UNSURE, "the trouble")
        visit.do(Choose("nik"))
        await visit.at(Place.NUMBER)
