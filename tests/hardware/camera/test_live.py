"""The real driver on a real stream, and the simulated one on the table: one behaviour, two sources."""

from __future__ import annotations

import io
import threading

import cv2
import numpy as np
import pytest
from PIL import Image

from hardware.camera import build, geometry
from hardware.camera.opencv import OpenCVCamera
from hardware.camera.port import CameraFault, CameraTrouble, Frame, Page, Remark
from hardware.camera.simulated import SimulatedCamera, draw, place
from hardware.health import Condition
from hardware.world.port import CameraTable
from tests.hardware.camera.mjpeg import MjpegCamera
from tests.hardware.camera.table import TableWorld, fault_when, frame_when, pixels

LEASE = CameraTable(present=True)
EMPTY = CameraTable()


def camera_threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("camera-")]


@pytest.fixture
def stream():
    with MjpegCamera(draw(LEASE, 1280, 720)) as camera:
        yield camera


async def test_preview_outline_and_capture_on_a_real_stream(stream: MjpegCamera) -> None:
    camera = OpenCVCamera(stream.url)
    assert await camera.open() is None
    try:
        frame = await frame_when(camera, lambda f: f.steady)
        assert (frame.width, frame.height) == (1280, 720)
        assert len(frame.pixels) == 4 * 1280 * 720
        assert frame.outline is not None
        truth = place(LEASE, 1280, 720)
        assert geometry.overlap(geometry.as_corners(frame.outline), truth) > 0.97
        page = await camera.capture()
        assert isinstance(page, Page)
        # The JPEG's ratio is A4's although the camera looks at a slant.
        assert page.height / page.width == pytest.approx(297 / 210, rel=0.02)
        # 297 mm over 620 px of a 720p picture: about 54 dpi, and no word of more.
        assert 45 <= page.dpi <= 60
        assert Remark.LOW_RESOLUTION in page.quality.remarks
        with Image.open(io.BytesIO(page.jpeg)) as image:
            assert image.size == (page.width, page.height)
            assert image.info["dpi"] == pytest.approx((page.dpi, page.dpi), abs=1)
        with Image.open(io.BytesIO(page.thumbnail)) as thumbnail:
            assert thumbnail.width == 325
    finally:
        await camera.close()
    assert camera.latest() is None
    assert camera_threads() == []


async def test_swapping_the_paper_is_seen(stream: MjpegCamera) -> None:
    camera = OpenCVCamera(stream.url)
    assert await camera.open() is None
    try:
        await frame_when(camera, lambda f: f.outline is not None)
        stream.show(draw(EMPTY, 1280, 720))
        await frame_when(camera, lambda f: f.outline is None and Remark.NO_PAGE in f.quality.remarks)
        page = await camera.capture()
        assert isinstance(page, Page)
        # Nothing is cut out on a guess: the whole picture, and the reason.
        assert page.quality.remarks[0] is Remark.NO_PAGE
        assert (page.width, page.height, page.dpi) == (1280, 720, 0)
        stream.show(draw(CameraTable(present=True, paper="other"), 1280, 720))
        await frame_when(camera, lambda f: f.outline is not None)
    finally:
        await camera.close()


async def test_a_vanished_stream_is_gone_and_comes_back(stream: MjpegCamera) -> None:
    camera = OpenCVCamera(stream.url)
    assert await camera.open() is None
    try:
        await frame_when(camera)
        stream.vanish()
        assert (await fault_when(camera)).trouble is CameraTrouble.GONE
        assert (await camera.health()).condition is Condition.ABSENT
        captured = await camera.capture()
        assert isinstance(captured, CameraFault)
        assert captured.trouble is CameraTrouble.GONE
        stream.come_back()
        await frame_when(camera, lambda f: f.outline is not None)
        assert (await camera.health()).condition is Condition.READY
    finally:
        await camera.close()


async def test_a_frozen_stream_counts_as_gone_and_close_still_joins(stream: MjpegCamera) -> None:
    camera = OpenCVCamera(stream.url)
    assert await camera.open() is None
    try:
        await frame_when(camera)
        stream.freeze()
        assert (await fault_when(camera)).trouble is CameraTrouble.GONE
        stream.thaw()
        await frame_when(camera)
    finally:
        await camera.close()
    assert camera_threads() == []


async def test_a_large_stream_is_shown_small_and_a_small_one_is_not_enlarged(stream: MjpegCamera) -> None:
    stream.show(draw(LEASE, 2560, 1440))
    camera = OpenCVCamera(stream.url)
    assert await camera.open() is None
    try:
        frame = await frame_when(camera)
        assert (frame.width, frame.height) == (1280, 720)
        page = await camera.capture()
        assert isinstance(page, Page)
        assert page.height > 1100
    finally:
        await camera.close()
    stream.show(draw(LEASE, 640, 360))
    assert await camera.open() is None
    try:
        frame = await frame_when(camera)
        assert (frame.width, frame.height) == (640, 360)
    finally:
        await camera.close()


async def test_a_stream_of_rubbish_never_crashes(stream: MjpegCamera) -> None:
    camera = OpenCVCamera(stream.url)
    assert await camera.open() is None
    try:
        await frame_when(camera)
        stream.show(b"\xff\xd8\xff" + bytes(range(256)) * 20)
        await fault_when(camera, within=12)
        stream.show(draw(LEASE, 640, 360))
        await frame_when(camera, within=12)
    finally:
        await camera.close()


@pytest.mark.parametrize("address", [97, "/dev/video97", "http://127.0.0.1:9/none", "no/such/film.avi"])
async def test_an_absent_camera_is_a_value(address: int | str) -> None:
    camera = build("opencv", address=address)
    fault = await camera.open()
    assert fault is not None
    assert fault.trouble is CameraTrouble.NO_CAMERA
    assert (await camera.health()).condition is Condition.ABSENT
    assert camera_threads() == []
    # A closed camera captures nothing, and closing twice is harmless.
    assert isinstance(await camera.capture(), CameraFault)
    await camera.close()


async def test_a_film_plays_on(tmp_path) -> None:
    path = tmp_path / "desk.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 25, (640, 360))
    for _ in range(6):
        writer.write(draw(LEASE, 640, 360))
    writer.release()
    camera = build("opencv", address=str(path))
    assert await camera.open() is None
    try:
        await frame_when(camera, lambda f: f.number > 15)
    finally:
        await camera.close()


async def test_the_simulated_desk_sees_what_lies_on_it() -> None:
    world = TableWorld()
    camera = build("simulated", world=world)
    assert await camera.open() is None
    try:
        await frame_when(camera, lambda f: Remark.NO_PAGE in f.quality.remarks)
        world.change("camera", present=True)
        await frame_when(camera, lambda f: f.steady and f.quality.good)
        page = await camera.capture()
        assert isinstance(page, Page)
        assert page.quality.good
        assert 150 <= page.dpi <= 170
        for fault, remark in (("glare", Remark.GLARE), ("dark", Remark.DARK), ("cut_off", Remark.CUT_OFF)):
            world.change("camera", **{fault: True})
            await frame_when(camera, lambda f, r=remark: r in f.quality.remarks)
            world.change("camera", **{fault: False})
        world.change("camera", tilted=True)
        await frame_when(camera, lambda f: f.steady and f.quality.good)
        world.change("camera", tilted=False, paper="blank")
        await frame_when(camera, lambda f: Remark.BLANK in f.quality.remarks)
        world.change("camera", plugged=False)
        assert (await fault_when(camera)).trouble is CameraTrouble.GONE
        world.change("camera", plugged=True)
        await frame_when(camera)
    finally:
        await camera.close()
    assert world.words[0] == "camera.opened"
    assert world.words[-1] == "camera.closed"
    assert "camera.page_stored" in world.words
    assert camera_threads() == []


async def test_an_unplugged_simulated_camera_is_absent() -> None:
    world = TableWorld()
    world.change("camera", plugged=False)
    camera = SimulatedCamera(world)
    fault = await camera.open()
    assert fault is not None
    assert fault.trouble is CameraTrouble.NO_CAMERA
    assert (await camera.health()).condition is Condition.ABSENT


async def test_frames_are_believable_and_alive() -> None:
    world = TableWorld()
    world.change("camera", present=True)
    camera = SimulatedCamera(world)
    assert await camera.open() is None
    try:
        one = await frame_when(camera, lambda f: f.steady)
        two = await frame_when(camera, lambda f: f.number > one.number)
        # A sensor never gives the same picture twice, and the page is far brighter than the desk.
        assert not np.array_equal(pixels(one), pixels(two))
        grey = pixels(two).mean(axis=2)
        assert grey[340:380, 600:680].mean() > 3 * grey[340:380, 20:120].mean()
    finally:
        await camera.close()


def test_nothing_of_a_page_shows_in_its_repr() -> None:
    frame = Frame(1, 2, 1, b"secret")
    assert "secret" not in repr(frame)
