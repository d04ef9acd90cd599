"""The desk in a real browser: a real call rings, is taken, passed on and ended; the drawn states; keyboard."""

from __future__ import annotations

import base64
import hashlib
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from kiosk.desk.server import Server
from tests.kiosk.bench.browser import CHROMIUM, Browser
from tests.kiosk.desk.conftest import PIN, AKiosk, Office, soon

PICTURES = Path(__file__).parents[3] / "build" / "pictures"

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="needs Debian's chromium"),
]


@pytest.fixture
def browser(office: Office, tmp_path: Path) -> Iterator[Browser]:
    """Trusts the desk's key alone, as a phone trusts the office's CA; everything else about TLS is real."""
    key = x509.load_pem_x509_certificate(office.made.certificate.read_bytes()).public_key()
    spki = hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).digest()
    with Browser(
        tmp_path / "profile",
        f"--ignore-certificate-errors-spki-list={base64.b64encode(spki).decode()}",
    ) as browser:
        yield browser
        assert browser.complaints == []


@pytest.fixture
def kiosk(office: Office) -> Iterator[AKiosk]:
    one = office.kiosk("K-02")
    yield one
    one.close()


def sign_in(browser: Browser, office: Office, number: str = "11", lang: str = "id") -> None:
    browser.go(f"{office.url}/masuk?lang={lang}")
    for name, value in (("number", number), ("pin", PIN), ("code", office.code(number))):
        browser.look(f"document.querySelector('#{name}').value = '{value}'")
    browser.click("form .main")
    browser.until("document.body && document.body.dataset.drawn === 'yes'")
    browser.look("document.fonts.ready.then(() => 1)")


def title(browser: Browser) -> str:
    return browser.look("document.querySelector('#call-title').textContent")


@pytest.mark.picture
def test_a_call_rings_is_taken_and_ended(office: Office, browser: Browser, kiosk: AKiosk) -> None:
    browser.size(390, 844, 2)
    browser.go(f"{office.url}/masuk")
    browser.picture(PICTURES / "meja-dac-hp-masuk.png")
    sign_in(browser, office)
    browser.until("document.querySelectorAll('.stands b').length === 1")
    assert title(browser) == "Tidak ada panggilan"
    assert not browser.look("document.querySelector('#silent').hidden"), "sound needs a touch first"
    browser.click("#sound-start")
    browser.until("document.querySelector('#silent').hidden")
    browser.picture(PICTURES / "meja-dac-hp-tenang.png")

    at = kiosk.ring("camera")
    browser.until("document.body.dataset.ringing === 'yes'")
    rang = float(browser.look("document.body.dataset.rang")) / 1000
    print(f"call to ring: {(rang - at) * 1000:.0f} ms")
    assert title(browser) == "K-02, Ruang Tunggu"
    assert browser.look("document.title") == "(K-02) Panggilan"
    assert browser.look("document.querySelector('.step').textContent") == "Foto dokumen"
    assert browser.look("document.querySelector('.call').getAttribute('role')") == "alertdialog"
    assert browser.look("document.activeElement.id") == "take"
    browser.until("Number(document.body.dataset.tones) >= 1")
    browser.picture(PICTURES / "meja-dac-hp-panggilan.png")

    browser.click("#take")
    soon(lambda: ("coming", 2) in kiosk.told)
    browser.until("document.body.dataset.how === 'mine'")
    assert browser.look("document.body.dataset.ringing") == "no"
    assert "± 2 menit" in browser.look("document.querySelector('.said').textContent")
    browser.picture(PICTURES / "meja-dac-hp-diambil.png")

    browser.click("#pass")  # Lepaskan: it rings again, for everyone
    soon(lambda: kiosk.told[-1] == ("ringing", 0))
    browser.until("document.body.dataset.how === 'open'")
    browser.click(".promises [data-minutes='5']")
    soon(lambda: kiosk.told[-1] == ("coming", 5))
    browser.until("document.body.dataset.how === 'mine'")
    browser.click("#take")  # Selesai
    soon(lambda: kiosk.told[-1] == ("over", 0))
    browser.until("document.body.dataset.how === 'calm'")
    assert "K-02, selesai dalam 1 menit" in browser.look("document.querySelector('.said').textContent")


@pytest.mark.picture
def test_the_page_says_that_it_is_cut_off_and_finds_back(
    office: Office, browser: Browser, kiosk: AKiosk
) -> None:
    """The desk's machine is gone; when it is back its sessions are not, and the page says that, too."""
    assert office.server is not None
    browser.size(390, 844, 2)
    sign_in(browser, office)
    browser.until("document.querySelectorAll('.stands b').length === 1")
    port = office.server.port
    office.server.stop()
    browser.until("document.body.dataset.how === 'gone'")
    assert title(browser) == "Meja ini terputus dari kios"
    assert browser.look("document.querySelector('.stands strong').textContent") == "Tidak tahu"
    assert "Kios tetap melayani" in browser.look("document.querySelector('.said').textContent")
    browser.picture(PICTURES / "meja-dac-hp-terputus.png")
    with Server(replace(office.settings, desk=replace(office.settings.desk, port=port))) as again:
        again.start()
        office.server = again
        browser.until("location.pathname === '/masuk' || document.querySelector('#again').click() || false")
        browser.until("document.readyState === 'complete' && document.querySelector('.trouble') !== null")
        assert "Sesi berakhir" in browser.look("document.querySelector('.trouble').textContent")
        sign_in(browser, office)
        browser.until("document.querySelectorAll('.stands b').length === 1")
    browser.complaints.clear()  # the browser itself complains of a desk that is not there


@pytest.mark.picture
def test_by_keyboard_on_a_pc_in_english(office: Office, browser: Browser, kiosk: AKiosk) -> None:
    browser.size(1440, 900)
    more = office.kiosk("K-01")
    sign_in(browser, office, lang="en")
    browser.until("document.querySelectorAll('.stands b').length === 2")
    kiosk.ring("form", "en")
    browser.until("document.body.dataset.ringing === 'yes'")
    time.sleep(0.02)
    more.ring("search")
    browser.until("document.querySelectorAll('.more button').length === 1")
    assert title(browser) == "K-02 needs you", "the oldest owns the sun"
    assert browser.look("document.querySelector('.speaks').textContent") == "The visitor uses English"
    browser.picture(PICTURES / "meja-dac-pc-en.png")
    browser.key("j", 74)
    soon(lambda: ("coming", 2) in kiosk.told)
    browser.until("document.body.dataset.how === 'mine'")
    small = browser.look(
        "[...document.querySelectorAll('button, .out a')].filter(b => b.offsetParent)"
        ".filter(b => b.getBoundingClientRect().height < 48).map(b => b.textContent)"
    )
    assert small == []
    assert browser.look("document.documentElement.scrollWidth") <= 1440
    more.close()
