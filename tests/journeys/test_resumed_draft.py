"""A draft taken along and brought back: its QR in a real camera stream, the practice portal on loopback HTTP."""

from __future__ import annotations

import asyncio
import io
import logging
from pathlib import Path

import cv2
import numpy as np
import pytest
import segno

from hardware.camera import build as camera
from hardware.camera.geometry import Picture
from hardware.camera.pdf import pages_to_pdf
from kiosk.effects.drafts import handle_in
from kiosk.effects.tools import Tools
from kiosk.flow.events import Back, Begin, Choose, Forward, SaveAndLeave, Toggle
from kiosk.flow.model import Place
from kiosk.flow.results import Trouble
from kiosk.identity.rights import Proof, Standing, Way
from kiosk.journeys.resume import DOTS, Resume
from kiosk.portal.client import PortalClient
from kiosk.portal.trouble import PortalTrouble
from kiosk.sandbox import Server
from kiosk.sandbox.settings import DEMO_TOKEN
from kiosk.settings import Settings
from tests.hardware.camera.mjpeg import MjpegCamera
from tests.journeys.conducted import Conducted, conducted, settings_for

OWNER, OTHER = "081299990011", "081299990012"
BUSINESS = "Warung Contoh Tujuh"
DRAIN = 1.2
"""Seconds after which no frame from before a swap is in the stream or remembered."""


def desk(*texts: str) -> Picture:
    """A dark desk with a slip of paper for each text, a QR on it; empty without texts."""
    scene = np.full((720, 1280, 3), 58, np.uint8)
    for index, text in enumerate(texts):
        file = io.BytesIO()
        segno.make(text, error="m").save(file, kind="png", scale=8, border=4)
        raw = cv2.imdecode(np.frombuffer(file.getvalue(), np.uint8), cv2.IMREAD_COLOR)
        assert raw is not None
        high, wide = raw.shape[:2]
        left, top = 120 + index * 560, (720 - high) // 2
        scene[top : top + high, left : left + wide] = raw
    return scene


def tools_for(settings: Settings, eye: MjpegCamera | None = None) -> Tools:
    """The tools of one visit; each visit has a portal client of its own, as each process has."""
    seen = camera("opencv", address=eye.url) if eye is not None else None
    portal = PortalClient.from_settings(settings.portal)
    return Tools(settings, "test", portal=portal, camera=seen, make_pdf=pages_to_pdf)


def resume(visit: Conducted) -> Resume:
    assert isinstance(visit.visit.journey, Resume)
    return visit.visit.journey


async def prepared(visit: Conducted, phone: str = "", portal: Server | None = None) -> str:
    """Prepare an application and keep it; returns what its QR says."""
    if phone:
        assert portal is not None
        visit.do(Begin(), Choose("phone"))
        visit.type(phone)
        visit.do(Forward())
        await visit.at(Place.CODE)
        visit.type(portal.sandbox.outbox[-1].code)
        await visit.at(Place.CONSENT)
        visit.do(Forward())
    else:
        visit.do(Begin(), Choose("none"))
    await visit.find_business("kedai minuman", "56304")
    visit.do(Forward())
    if visit.visit.place is Place.CONSENT:
        visit.do(Forward(), Forward())
    visit.fill_form(tenure="own", business_name=BUSINESS)
    visit.do(SaveAndLeave())
    await visit.at(Place.DRAFT)
    assert visit.apply.saved is not None
    return visit.apply.saved.url


async def scanned(visit: Conducted) -> None:
    """From the welcome screen to what the draft under the camera shows."""
    visit.do(Begin(), Choose("none"), Choose("resume"))
    await visit.until(
        lambda state: isinstance(state.journey, Resume) and state.journey.sheet is not None,
        "the draft in dots",
    )


async def asked_for_code(visit: Conducted, phone: str) -> None:
    visit.do(Forward())
    await visit.at(Place.NUMBER)
    visit.type(phone)
    visit.do(Forward())
    await visit.at(Place.CODE)


@pytest.mark.real
async def test_a_draft_of_an_unknown_visitor_is_brought_back_and_sent(
    portal: Server, tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    settings = settings_for(tmp_path, portal.url, DEMO_TOKEN)
    async with conducted(tools_for(settings), "firstfirstfirstf") as first:
        url = await prepared(first)
        kept = dict(first.apply.answers)
    before = portal.sandbox.tables.count("applications")
    with MjpegCamera(desk()) as eye:
        tools = tools_for(settings, eye)
        async with conducted(tools, "secondsecondseco") as visit:
            visit.do(Begin(), Choose("none"), Choose("resume"))
            await visit.until(lambda _: resume(visit).waiting == "LookForCode", "the look")
            eye.show(desk(url))
            await visit.until(
                lambda state: isinstance(state.journey, Resume) and state.journey.sheet is not None,
                "the dots",
            )
            found = resume(visit).found
            assert found is not None
            assert found.masked
            assert {name for name, _ in found.answers} == set(kept)
            assert {value for _, value in found.answers} == {DOTS}
            await asked_for_code(visit, OWNER)
            visit.type(portal.sandbox.outbox[-1].code)
            await visit.at(Place.CONSENT)
            assert visit.visit.standing == Standing(Way.DRAFT, Proof.CODE)
            visit.do(Forward())
            await visit.at(Place.REVIEW)
            assert dict(visit.apply.answers) == kept
            visit.do(Toggle("declare"), Forward())
            await visit.at(Place.SENT)
            assert visit.apply.submitted is not None
            assert not visit.apply.submitted.provisional
            number = visit.apply.submitted.number
    assert portal.sandbox.tables.count("applications") == before + 1
    filed = portal.sandbox.tables.one("applications", "nomor = ?", number)
    assert filed is not None
    assert BUSINESS in filed["isian"]
    assert portal.sandbox.tables.count("drafts") == 0, "the draft became the application"
    handle = url.rpartition("/")[2]
    for secret in (handle, OWNER, BUSINESS):
        assert secret not in caplog.text


@pytest.mark.real
async def test_a_draft_of_another_phone_stays_in_dots(portal: Server, tmp_path: Path):
    settings = settings_for(tmp_path, portal.url, DEMO_TOKEN)
    async with conducted(tools_for(settings), "firstfirstfirstf") as first:
        url = await prepared(first, OWNER, portal)
    codes = len(portal.sandbox.outbox)
    with MjpegCamera(desk(url)) as eye:
        tools = tools_for(settings, eye)
        async with conducted(tools, "secondsecondseco") as visit:
            await scanned(visit)
            await asked_for_code(visit, OTHER)
            assert len(portal.sandbox.outbox) == codes, "no code for a phone that is not the draft's"
            visit.type("123456")
            await visit.until(lambda state: state.trouble is Trouble.WRONG_CODE, "the refusal")
            visit.do(Back(), Back())
            await visit.until(
                lambda state: isinstance(state.journey, Resume) and not state.journey.waiting,
                "the dots again",
            )
            found = resume(visit).found
            assert found is not None
            assert {value for _, value in found.answers} == {DOTS}
            assert visit.visit.standing == Standing()
            assert tools.portal is not None
            # The portal holds the same line on its side: without the code the handle files and changes nothing.
            handle = handle_in(url, portal.url)
            with pytest.raises(PortalTrouble):
                await tools.portal.drop_draft(handle)
            # The owner's phone opens it, and what is kept again stays under the same QR.
            await asked_for_code(visit, OWNER)
            assert len(portal.sandbox.outbox) == codes + 1
            visit.type(portal.sandbox.outbox[-1].code)
            await visit.at(Place.CONSENT)
            visit.do(Forward())
            await visit.at(Place.REVIEW)
            visit.do(SaveAndLeave())
            await visit.at(Place.DRAFT)
            assert visit.apply.saved is not None
            assert visit.apply.saved.url == url
    assert portal.sandbox.tables.count("drafts") == 1


@pytest.mark.real
async def test_other_codes_old_drafts_and_a_lost_camera_are_said(portal: Server, tmp_path: Path):
    settings = settings_for(tmp_path, portal.url, DEMO_TOKEN)
    with MjpegCamera(desk("https://contoh.invalid/d/" + "A" * 22)) as eye:
        tools = tools_for(settings, eye)
        async with conducted(tools) as visit:
            visit.do(Begin(), Choose("none"), Choose("resume"))
            await visit.until(lambda _: resume(visit).said == "not_draft", "another QR to be said")
            eye.show(desk(f"{portal.url}/d/{'B' * 22}"))
            await asyncio.sleep(DRAIN)
            visit.do(Forward())
            await visit.until(lambda _: resume(visit).said == "unknown", "an unknown draft to be said")
            assert resume(visit).handle == ""
            eye.show(desk())
            await asyncio.sleep(DRAIN)
            visit.do(Forward())
            await visit.until(lambda _: resume(visit).waiting == "LookForCode", "a look")
            eye.vanish()
            await visit.until(lambda _: resume(visit).trouble is not None, "the lost camera to be said")
            assert resume(visit).trouble in (Trouble.CAMERA_GONE, Trouble.NO_CAMERA)
            visit.do(Back())
            await visit.at(Place.MENU)
        assert tools.camera is not None
        assert tools.camera.codes() == ()


@pytest.mark.parametrize(
    ("text", "handle"),
    [
        ("A" * 22, "A" * 22),
        ("https://izin.contoh.invalid/d/" + "a-_9" * 5 + "xy", "a-_9" * 5 + "xy"),
        ("HTTPS://IZIN.contoh.invalid/d/" + "A" * 22, "A" * 22),
        ("https://izin.contoh.invalid/sub/d/" + "A" * 22 + "?lang=en", "A" * 22),
        ("https://izin.contoh.invalid/s/" + "A" * 22, ""),
        ("https://izin.contoh.invalid/d/" + "A" * 21, ""),
        ("https://izin.contoh.invalid.example/d/" + "A" * 22, ""),
        ("https://izin.contoh.invalid@example.invalid/d/" + "A" * 22, ""),
        ("javascript://izin.contoh.invalid/d/" + "A" * 22, ""),
        ("https://[izin/d/" + "A" * 22, ""),
        ("https://izin.contoh.invalid/d/" + "A" * 22 + "?" + "x" * 400, ""),
        ("A" * 22 + "\n", ""),
        ("", ""),
    ],
)
def test_only_this_portals_drafts_are_taken(text: str, handle: str):
    assert handle_in(text, "https://izin.contoh.invalid") == handle


def test_a_printed_or_shown_code_is_read_small_turned_and_among_others():
    from hardware.camera import codes

    scene = desk("SATU-" + "A" * 40, "DUA-" + "B" * 40)
    assert sorted(codes.read(scene)) == ["DUA-" + "B" * 40, "SATU-" + "A" * 40]
    turned = cv2.warpAffine(scene, cv2.getRotationMatrix2D((640, 360), 33, 0.7), (1280, 720))
    assert len(codes.read(np.asarray(turned, dtype=np.uint8))) == 2
    assert codes.read(desk()) == ()
    assert codes.read(desk("C" * 500)) == ("C" * 500,)
    assert codes.read(desk("C" * 600)) == (), "longer than anything the kiosk asks for"
