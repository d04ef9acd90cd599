"""Pictures that are none, papers without words, and a camera that comes and goes, on a real stream."""

from __future__ import annotations

import asyncio
import os
import struct
from collections.abc import Iterator

import cv2
import numpy as np
import pikepdf
import pytest

from hardware.camera import build
from hardware.camera.simulated import draw
from hardware.world.port import CameraTable
from kiosk.flow.events import Choose, Forward, Toggle
from kiosk.flow.model import Place
from kiosk.flow.results import Trouble
from tests.faults.office import Office, said
from tests.hardware.camera.mjpeg import MjpegCamera
from tests.journeys.conducted import Conducted, conducted
from tests.journeys.test_real_devices import work_off

pytestmark = pytest.mark.real

LEASE = draw(CameraTable(paper="lease", present=True), 1280, 720)
BLANK = draw(CameraTable(paper="blank", present=True), 1280, 720)


@pytest.fixture
def eye() -> Iterator[MjpegCamera]:
    with MjpegCamera(LEASE) as camera:
        yield camera


async def open_camera(visit: Conducted) -> None:
    await visit.until(
        lambda state: (
            state.place is Place.CAMERA and not any(one.kind == "OpenCamera" for one in state.pending)
        ),
        "an open camera",
    )


async def take(visit: Conducted, *, tries: int = 8) -> None:
    """Touch the one button until there is a page: "Ambil", or "Coba lagi" after a fault."""
    for _ in range(tries):
        visit.do(Forward())
        await visit.until(lambda state: not any(one.journey for one in state.pending), "an answer")
        if visit.visit.place is Place.PAGES:
            return
        await asyncio.sleep(0.4)
    raise AssertionError(f"no page: {visit.apply.trouble}")


async def trouble_at_camera(visit: Conducted) -> Trouble:
    for _ in range(12):
        visit.do(Forward())
        await visit.until(
            lambda state: not any(one.journey for one in state.pending), "an answer", seconds=20
        )
        assert visit.visit.place is Place.CAMERA
        if visit.apply.trouble is not None:
            return visit.apply.trouble
        await asyncio.sleep(0.3)
    raise AssertionError("the fault was never said")


def bomb() -> bytes:
    """A small JPEG that says it is 30,000 by 30,000 dots."""
    data = bytearray(cv2.imencode(".jpg", np.zeros((16, 16, 3), np.uint8))[1].tobytes())
    head = data.index(b"\xff\xc0")
    data[head + 5 : head + 9] = struct.pack(">HH", 30_000, 30_000)
    return bytes(data)


HOSTILE = {
    "noise": os.urandom(20_000),
    "50 MB": b"\xff\xd8\xff\xe0" + bytes(50 * 2**20),
    "bomb": bomb(),
    "half": cv2.imencode(".jpg", LEASE)[1].tobytes()[:3000],
    "html": b"<html><script>alert(1)</script></html>" * 50,
}


@pytest.mark.parametrize("kind", HOSTILE)
async def test_a_picture_that_is_none_costs_a_touch_and_no_page(office: Office, eye: MjpegCamera, kind: str):
    async with conducted(office.tools(camera=build("opencv", address=eye.url))) as visit:
        await office.to_papers(visit)
        await open_camera(visit)
        eye.show(HOSTILE[kind])
        await asyncio.sleep(0.5)
        if kind == "half":
            # A decoder may show what there is of it; then it is a page with remarks, never a crash.
            visit.do(Forward())
            await visit.until(
                lambda state: not any(one.journey for one in state.pending), "an answer", seconds=20
            )
            if visit.visit.place is Place.CAMERA:
                said(visit.apply.trouble)
        else:
            said(await trouble_at_camera(visit))
        assert len(visit.tools.held.pages) <= 1
        answers = visit.apply.answers
        eye.show(LEASE)
        await asyncio.sleep(0.5)
        if visit.visit.place is Place.PAGES:
            visit.do(Choose(f"retake:{visit.apply.pages[0].page}"))
            await open_camera(visit)
        await take(visit, tries=20)
        assert visit.apply.answers == answers
        assert len(visit.apply.pages) == 1


async def test_a_blank_page_is_said_and_taken_again(office: Office, eye: MjpegCamera):
    eye.show(BLANK)
    async with conducted(office.tools(camera=build("opencv", address=eye.url))) as visit:
        await office.to_papers(visit)
        await open_camera(visit)
        await take(visit)
        assert "blank" in visit.apply.pages[0].remarks
        said("say_blank", "camera")
        first = visit.apply.pages[0].page
        visit.do(Choose(f"retake:{first}"))
        await open_camera(visit)
        eye.show(LEASE)
        await asyncio.sleep(0.6)
        await take(visit)
        assert [page.page for page in visit.apply.pages] != [first]
        assert "blank" not in visit.apply.pages[0].remarks
        # The picture that was replaced is forgotten at once.
        await visit.until(
            lambda _: list(visit.tools.held.pages) == [visit.apply.pages[0].page], "one picture"
        )


async def test_a_camera_unplugged_and_back_keeps_pages_and_answers(office: Office, eye: MjpegCamera):
    async with conducted(office.tools(camera=build("opencv", address=eye.url))) as visit:
        await office.to_papers(visit)
        await open_camera(visit)
        await take(visit)
        visit.do(Choose("add"))
        await open_camera(visit)
        eye.vanish()
        assert await trouble_at_camera(visit) in (Trouble.CAMERA_GONE, Trouble.NO_CAMERA)
        said("fault_gone", "camera")
        said(visit.apply.trouble)
        assert len(visit.apply.pages) == 1
        eye.come_back()
        eye.show(draw(CameraTable(paper="npwp", present=True), 1280, 720))
        await asyncio.sleep(0.6)
        await take(visit, tries=20)
        assert visit.visit.dialog is None
        assert len(visit.apply.pages_of("lease")) == 2
        visit.do(Forward())
        await office.skip_papers(visit)
        visit.do(Toggle("declare"))
        number = await office.sent(visit)
    assert await work_off(office.settings) == ["document"]
    (document,) = office.portal.sandbox.documents_of(number)
    with pikepdf.open(office.portal.sandbox.document_path(document["id"])) as pdf:
        assert len(pdf.pages) == document["halaman"] == 2


async def test_a_camera_that_stays_away_does_not_stop_the_application(office: Office, eye: MjpegCamera):
    before = office.count("applications")
    address = eye.url
    eye.vanish()
    async with conducted(office.tools(camera=build("opencv", address=address))) as visit:
        await office.to_papers(visit)
        await visit.until(lambda _: visit.apply.trouble is Trouble.NO_CAMERA, "the missing camera")
        said("fault_no_camera", "camera")
        await office.skip_papers(visit)
        visit.do(Toggle("declare"))
        await office.sent(visit)
    assert office.count("applications") == before + 1
