"""Panggil petugas for real: a finger on the kiosk, a browser that rings at the desk, and what the visitor sees."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from kiosk.identity.one_time import STEP_SECONDS, code_at
from kiosk.main.demo.desk import SAMPLE_PIN, sample_officers
from tests.journeys.real_kiosk import real_kiosk
from tests.kiosk.bench.browser import CHROMIUM, Browser
from tests.kiosk.desk.test_page import PICTURES

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="needs Debian's chromium"),
]


@pytest.mark.picture
def test_from_the_touch_to_the_officer_and_back_without_the_portal(tmp_path: Path) -> None:
    with (
        real_kiosk(desk=True) as kiosk,
        Browser(tmp_path / "profile", "--ignore-certificate-errors") as browser,
    ):
        finger = kiosk.finger
        officer = sample_officers()[0]
        browser.size(390, 844, 2)
        browser.go(f"{kiosk.host.desk.url}/masuk")
        code = code_at(officer.code, int(time.time() // STEP_SECONDS))
        for name, value in (("number", officer.number), ("pin", SAMPLE_PIN), ("code", code)):
            browser.look(f"document.querySelector('#{name}').value = '{value}'")
        browser.click("form .main")
        browser.until("document.querySelectorAll('.stands b').length === 1")
        kiosk.no_identity()
        browser.until("document.querySelector('.stands strong').textContent === 'Dipakai'")
        kiosk.host.portal.stop()  # the internet is down: the office's own network is all there is

        touched = time.time()
        finger.tap("CallOfficer()")
        browser.until("document.body.dataset.ringing === 'yes'")
        rang = float(browser.look("document.body.dataset.rang")) / 1000
        print(
            f"finger that looks, goes there and touches, to ring in the browser: {(rang - touched) * 1000:.0f} ms"
        )
        assert finger.look()["help"] == "ringing"
        assert browser.look("document.querySelector('.step').textContent") == "Menu"
        browser.picture(PICTURES / "panggilan-meja.png")

        browser.click("#take")
        finger.wait("an officer on the way", lambda seen: seen["help"] == "coming")
        assert finger.look()["help_minutes"] == 2
        kiosk.look_round()
        finger.picture(PICTURES / "panggilan-kios.png")
        browser.until("document.body.dataset.how === 'mine'")
        browser.click("#take")  # Selesai
        finger.wait("the end of the call", lambda seen: seen["help"] == "none")

        finger.tap("CallOfficer()")
        browser.until("document.body.dataset.ringing === 'yes'")
        kiosk.leave()  # the visitor goes: the call is over at the desk too
        browser.until("document.body.dataset.how === 'calm'")
        assert browser.complaints == []
