"""The hall's display over a practice portal with real numbers: called, calm, and cut off from the portal."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.desk.server import Server
from kiosk.identity.officers import Officer
from kiosk.main.desk_certificate import Made
from kiosk.portal.models import ServiceQueue
from kiosk.sandbox import SandboxSettings, serve
from kiosk.sandbox.queue import call_next, give
from kiosk.sandbox.settings import DEMO_TOKEN
from kiosk.settings.model import Portal
from kiosk.store.officers import keep_officers
from tests.kiosk.bench.browser import CHROMIUM, Browser
from tests.kiosk.desk.conftest import Office, settings_of, soon
from tests.kiosk.desk.test_page import PICTURES, sign_in

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="needs Debian's chromium"),
]


@pytest.fixture
def full(tmp_path: Path, made: Made, officers: tuple[Officer, ...]) -> Iterator[Office]:
    """A desk whose portal has eight numbers, three of them called."""
    with serve(0, SandboxSettings(data_dir=tmp_path / "portal")) as portal:
        for service, count in (("perizinan", 5), ("informasi", 3), ("pengaduan", 2)):
            for _ in range(count):
                give(portal.sandbox, service, "K-01")
            call_next(portal.sandbox, service)
        token = tmp_path / "portal-token"
        token.touch(0o600)
        token.write_text(DEMO_TOKEN)
        settings = replace(
            settings_of(tmp_path, made), portal=Portal(url=portal.url, token_file=token, connect_seconds=1.0)
        )
        keep_officers(settings, officers)
        with Server(settings) as server:
            server.start()
            soon(lambda: server.desk.queue.state is not None)
            yield Office(tmp_path, made, settings, server, portal)


def flag(made: Made) -> str:
    import base64
    import hashlib

    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    key = x509.load_pem_x509_certificate(made.certificate.read_bytes()).public_key()
    spki = hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).digest()
    return f"--ignore-certificate-errors-spki-list={base64.b64encode(spki).decode()}"


@pytest.mark.picture
def test_the_hall_shows_the_called_number_and_never_an_old_one(full: Office, tmp_path: Path) -> None:
    assert full.server is not None
    state = full.server.desk.queue.state
    assert state is not None
    assert state.now_calling
    with Browser(tmp_path / "profile", flag(full.made)) as browser:
        browser.size(1920, 1080)
        browser.open(f"{full.url}/layar")
        browser.until("document.body.dataset.how === 'called'")
        assert browser.look("document.querySelector('.big').textContent") == state.now_calling
        assert browser.look("document.querySelectorAll('.counters .called').length") == 1
        assert browser.look("document.querySelectorAll('.next li').length") == 3
        assert browser.look("document.querySelector('.big').getBoundingClientRect().height") >= 1080 / 3.4
        assert browser.look("document.documentElement.scrollHeight") <= 1080
        browser.picture(PICTURES / "layar-ruang-dipanggil.png")
        browser.look("since = Date.now() - 60000")
        browser.until("document.body.dataset.how === 'calm'")
        browser.picture(PICTURES / "layar-ruang-tanpa-panggilan.png")
        assert full.portal is not None
        full.portal.stop()
        full.server.desk.queue.heard -= 40  # as half a minute later; no answer makes it young again
        browser.until("document.body.dataset.how === 'gone'")
        assert state.now_calling in browser.look("document.querySelector('.next').textContent")
        assert state.now_calling not in browser.look("document.querySelector('.counters').textContent")
        browser.picture(PICTURES / "layar-ruang-terputus.png")
        assert browser.complaints == []


@pytest.mark.picture
def test_the_officers_pc_with_four_kiosks(full: Office, tmp_path: Path) -> None:
    """The drawn picture: in use, calling, ready, out of paper; queue and stuck steps beside them."""
    four_kiosks(full)
    with Browser(tmp_path / "profile", flag(full.made)) as browser:
        browser.size(1440, 900)
        sign_in(browser, full)
        browser.until("document.querySelectorAll('.stands .face').length === 4")
        signs = browser.look("[...document.querySelectorAll('.stands li')].map(li => li.className).join()")
        assert signs == "used,calls,ready,check"
        assert browser.look("document.querySelectorAll('.bars li').length") == 4
        assert browser.look("document.querySelectorAll('.lane').length") == 3
        browser.click("#sound-start")
        browser.until("document.querySelector('#silent').hidden")
        browser.picture(PICTURES / "meja-dac-pc.png")
        browser.size(390, 844, 2)
        browser.until("document.querySelector('#call-title').textContent === 'K-02, Ruang Tunggu'")
        browser.picture(PICTURES / "meja-dac-hp-empat-kios.png")
        browser.click("nav [data-tab=stuck]")
        browser.look("document.querySelector('.bars .lesson').scrollIntoView({block: 'center'})")
        browser.click(".bars .lesson")
        browser.until(
            "document.body.dataset.tab === 'lessons' && document.querySelectorAll('details[open] li').length > 1"
        )
        browser.picture(PICTURES / "meja-dac-hp-pelajaran.png")
        browser.click("nav [data-tab=queue]")
        browser.picture(PICTURES / "meja-dac-hp-antrean.png")
        browser.size(320, 640)
        assert browser.look("document.documentElement.scrollWidth") <= 320, "reflow at 320 px"
        assert browser.complaints == []


def four_kiosks(full: Office) -> None:
    """As drawn: in use, calling, ready, out of paper, and a queue in which one waits long."""
    from kiosk.assist.call.wire import Call, State

    assert full.server is not None
    room, now = full.server.desk.room, time.time()
    stuck = (("camera", 9), ("search", 4), ("form", 3), ("consent", 1))
    for state in (
        State("K-01", "Ruang Depan", now, "visit", "risk", 200, stuck=stuck),
        State("K-02", "Ruang Tunggu", now, "visit", "camera", 190, call=Call("a" * 16, "camera", 24, 190)),
        State("K-03", "Ruang Tunggu", now, "idle", "welcome", 680),
        State("K-04", "Teras", now, "idle", "welcome", 20, down=(("printer", "paper_out"),)),
    ):
        room.spoke(state)
        room.linked(state.kiosk, True)
    state = full.server.desk.queue.state
    assert state is not None
    full.server.desk.queue.state = replace(state, services=tuple(_longer(lane) for lane in state.services))


def _longer(lane: ServiceQueue) -> ServiceQueue:
    """As after twelve minutes: the first one who waits for a licence waits long."""
    if lane.service != "perizinan":
        return lane
    return replace(lane, numbers=((lane.numbers[0][0], 12), *lane.numbers[1:]))
