"""A page that lies still under a real camera stream takes itself; a person who wants to do it alone can stop that."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from hardware.camera import build
from hardware.camera.pdf import pages_to_pdf
from hardware.camera.simulated import draw
from hardware.world.port import CameraTable
from kiosk.effects.tools import Tools
from kiosk.flow.events import Begin, Choose, Forward
from kiosk.flow.model import Place
from kiosk.sandbox import Server
from kiosk.sandbox.settings import DEMO_TOKEN
from tests.hardware.camera.mjpeg import MjpegCamera
from tests.journeys.conducted import Conducted, conducted, settings_for
from tests.journeys.test_real_devices import _portal

pytestmark = pytest.mark.real

BARE = draw(CameraTable(present=False), 1280, 720)
LEASE = draw(CameraTable(paper="lease", present=True), 1280, 720)
HALF = draw(CameraTable(paper="lease", present=True, cut_off=True), 1280, 720)


@pytest.fixture
def eye() -> Iterator[MjpegCamera]:
    with MjpegCamera(BARE) as camera:
        yield camera


def tools(portal: Server, folder: Path, eye: MjpegCamera) -> Tools:
    settings = settings_for(folder, portal.url, DEMO_TOKEN, auto_capture=True)
    return Tools(
        settings,
        "test",
        portal=_portal(settings),
        camera=build("opencv", address=eye.url),
        make_pdf=pages_to_pdf,
    )


async def to_camera(visit: Conducted) -> None:
    visit.do(Begin(), Choose("none"))
    await visit.at(Place.MENU)
    await visit.find_business("kedai minuman", "56304")
    visit.do(Forward())
    await visit.at(Place.CONSENT)
    visit.do(Forward())
    await visit.until(lambda state: state.place in (Place.RISK, Place.FORM), "the form")
    if visit.visit.place is Place.RISK:
        visit.do(Forward())
    await visit.at(Place.FORM)
    visit.fill_form(tenure="rent")
    await visit.until(
        lambda state: (
            state.place is Place.CAMERA and not any(one.kind == "OpenCamera" for one in state.pending)
        ),
        "an open camera",
    )


async def test_a_page_laid_down_takes_itself_once(portal: Server, tmp_path: Path, eye: MjpegCamera):
    async with conducted(tools(portal, tmp_path, eye)) as visit:
        await to_camera(visit)
        eye.show(HALF)  # cut off: waits for as long as it likes
        await asyncio.sleep(4.5)
        assert visit.visit.place is Place.CAMERA
        assert visit.apply.counting == 0
        eye.show(LEASE)
        counted: set[int] = set()
        await visit.until(
            lambda state: counted.add(visit.apply.counting) or state.place is Place.PAGES, "its picture"
        )
        assert {1, 2, 3} <= counted
        (page,) = visit.apply.pages
        assert set(page.remarks) <= {"low_resolution"}  # a stream of 720 lines has no more dots
        visit.do(Choose("add"))
        await visit.at(Place.CAMERA)
        await asyncio.sleep(4.5)  # it lies there still, and is not taken again
        assert visit.visit.place is Place.CAMERA
        assert len(visit.apply.pages) == 1
        eye.show(BARE)
        await asyncio.sleep(1.0)
        eye.show(draw(CameraTable(paper="lease", page=1, present=True), 1280, 720))
        await visit.at(Place.PAGES)
        assert len(visit.apply.pages) == 2


async def test_a_touch_stops_the_countdown_and_the_button_still_takes(
    portal: Server, tmp_path: Path, eye: MjpegCamera
):
    async with conducted(tools(portal, tmp_path, eye)) as visit:
        await to_camera(visit)
        eye.show(LEASE)
        await visit.until(lambda _: visit.apply.counting > 0, "a countdown")
        visit.do(Choose("by_hand"))
        await asyncio.sleep(4.5)
        assert visit.visit.place is Place.CAMERA
        visit.do(Forward())
        await visit.at(Place.PAGES)


async def test_an_office_that_switched_it_off_is_never_counted_at(
    portal: Server, tmp_path: Path, eye: MjpegCamera
):
    made = tools(portal, tmp_path, eye)
    camera = replace(made.settings.devices.camera, auto_capture=False)
    made.settings = replace(made.settings, devices=replace(made.settings.devices, camera=camera))
    async with conducted(made) as visit:
        await to_camera(visit)
        eye.show(LEASE)
        await asyncio.sleep(4.5)
        assert visit.visit.place is Place.CAMERA
        assert visit.apply.counting == 0
