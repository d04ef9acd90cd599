"""The bench in a real browser: real clicks change the real world, and the drawing follows."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from hardware.world import Happening
from kiosk.sandbox.bench import SentCode
from tests.kiosk.bench.browser import CHROMIUM, Browser
from tests.kiosk.bench.conftest import Bench

PICTURES = Path(__file__).parents[3] / "build" / "pictures"

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="needs Debian's chromium"),
]


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Browser]:
    with Browser(tmp_path / "profile") as browser:
        yield browser
        assert browser.complaints == []


def chip(panel: str) -> str:
    return f"document.querySelector('[data-panel={panel}] .chip span').textContent"


def shown(selector: str) -> str:
    return f"getComputedStyle(document.querySelector('.art {selector}')).display !== 'none'"


@pytest.mark.picture
def test_a_person_handles_the_table(bench: Bench, browser: Browser) -> None:
    now = time.time()
    bench.sent.append(SentCode("246810", "+62 812-0000-4821", now, now + 300))
    browser.open(bench.address)
    assert browser.look(chip("card")) == "Kosong"
    assert not browser.look(shown(".card"))

    browser.click("[data-panel=card] .act")
    browser.until(shown(".card"))
    assert bench.world.state.card.present
    assert bench.world.state.card.insertion == 1
    bench.world.report(Happening("card.read", 312.0))
    browser.until(f"{chip('card')} === 'Kartu terbaca'")

    browser.click("[data-panel=camera] .act")
    browser.click("[data-panel=camera] [data-fault=tilted]")
    browser.until(f"{chip('camera')} === 'Tepi ditemukan' && {shown('.seen')}")
    assert bench.world.state.camera.tilted
    assert bench.world.state.camera.present
    bench.world.report(Happening("camera.page_stored"))

    assert browser.look("document.querySelector('[data-panel=printer] .act').disabled")
    assert not browser.look(shown(".ticket"))
    bench.print_ticket()
    browser.until(f"{chip('printer')} === 'Belum disobek' && {shown('.ticket')}")
    browser.until("new Promise(r => { const i = new Image(); i.onload = () => r(i.naturalWidth === 576);"
                  "i.src = document.querySelector('.printed').getAttribute('href'); })")  # fmt: skip
    browser.picture(PICTURES / "meja-uji-siap.png")

    browser.click(".enlarge")
    browser.until("document.querySelector('dialog').open && document.querySelector('dialog img').complete")
    browser.picture(PICTURES / "meja-uji-struk.png")
    browser.key("Escape", 27)
    browser.until("!document.querySelector('dialog').open")
    browser.click("[data-panel=printer] .act")
    browser.until(f"{chip('printer')} === 'Siap' && !({shown('.ticket')})")
    assert not bench.world.state.printer.hanging

    browser.click("[data-panel=network] [data-value=lost]")
    browser.until(f"{chip('network')} === 'Hilang'")
    assert bench.switch.view.line == "lost"
    assert "2 kiriman menunggu" in browser.look("document.querySelector('.note').textContent")

    browser.click("[data-panel=camera] .plug")
    browser.until(f"{chip('camera')} === 'Dicabut' && !({shown('.seen')}) && {shown('.nosignal')}")
    assert not bench.world.state.camera.plugged
    browser.click("[data-panel=camera] .plug")
    browser.until(f"{chip('camera')} === 'Tepi ditemukan'")


@pytest.mark.picture
def test_four_troubles_at_once(bench: Bench, browser: Browser) -> None:
    browser.open(bench.address)
    browser.click("[data-panel=card] [data-fault=lift_while_reading]")
    browser.click("[data-panel=card] .act")
    browser.until(shown(".card"))
    bench.world.change("card", present=False)  # the simulated reader lifts it in mid-read and says why
    bench.world.report(Happening("card.lifted_while_reading"))
    browser.until(f"{chip('card')} === 'Diangkat saat dibaca'")
    assert browser.look("document.querySelector('.art').dataset.card") == "half"
    browser.click("[data-panel=camera] .act")
    browser.click("[data-panel=camera] [data-fault=glare]")
    browser.until(f"{chip('camera')} === 'Silau' && {shown('.spot')}")
    browser.click("[data-panel=printer] [data-value=cover_open]")
    browser.until(f"{chip('printer')} === 'Tutup terbuka' && {shown('.lid')}")
    assert browser.look("document.querySelector('[data-fault=pull_while_printing]').disabled")
    browser.click("[data-panel=network] [data-value=lost]")
    browser.until(f"{chip('network')} === 'Hilang'")
    browser.until("document.querySelectorAll('.events li').length === 4")
    assert browser.look("document.querySelector('.events b').textContent") == "Jaringan: hilang"
    browser.picture(PICTURES / "meja-uji-gangguan.png")


@pytest.mark.picture
def test_unplugged_and_other_things_in_english(bench: Bench, browser: Browser) -> None:
    for device in ("card", "camera", "printer"):
        bench.world.change(device, plugged=False)
    bench.world.change("card", kind="not_ktp", present=True)
    bench.sent.extend(SentCode(f"12345{n}", "081200004821", 1000.0 + n, 1300.0) for n in range(5))
    browser.open(bench.address + "?lang=en")
    assert browser.look(chip("card")) == "Unplugged"
    assert browser.look("document.documentElement.lang") == "en"
    assert browser.look("document.querySelector('.code').textContent") == "123 454"
    browser.picture(PICTURES / "meja-uji-dicabut-en.png")


def test_every_act_works_by_keyboard_and_has_a_name(bench: Bench, browser: Browser) -> None:
    browser.open(bench.address)
    names = browser.look(
        "[...document.querySelectorAll('button')].filter(b => b.offsetParent)"
        ".map(b => b.getAttribute('aria-label') || b.querySelector('span')?.textContent || b.textContent)"
    )
    assert all(re.search(r"\w", name) for name in names)
    for _ in range(40):
        browser.key("Tab", 9)
        if browser.look("document.activeElement.matches('[data-panel=card] .act')"):
            break
    browser.key("Enter", 13)
    browser.until(shown(".card"))
    assert bench.world.state.card.present
    small = browser.look(
        "[...document.querySelectorAll('button, .other')].filter(b => b.offsetParent)"
        ".filter(b => b.getBoundingClientRect().height < 44).map(b => b.textContent)"
    )
    assert small == []
    assert browser.look("document.documentElement.scrollWidth") <= 1280
    assert browser.look("document.documentElement.scrollHeight") <= 800


def test_the_page_says_when_the_bench_is_gone(bench: Bench, browser: Browser) -> None:
    browser.open(bench.address)
    browser.look("live.close()")
    browser.look("window.fetch = () => Promise.reject(new TypeError('gone'))")
    browser.click("[data-panel=card] .act")
    browser.until("!document.querySelector('.down').hidden")
    assert "make demo" in browser.look("document.querySelector('.down').textContent")
    assert not bench.world.state.card.present


def test_a_page_from_elsewhere_cannot_lay_a_card(bench: Bench, browser: Browser) -> None:
    """A page of another origin (same machine, other host name) posts as forms and scripts can."""
    elsewhere = bench.address.replace("127.0.0.1", "localhost")
    browser.call("Page.navigate", url=elsewhere + "state")
    browser.until("document.readyState === 'complete'")
    for kind in ("text/plain", "application/x-www-form-urlencoded"):
        browser.look(
            f"fetch('{bench.address}card', {{method: 'POST', mode: 'no-cors', headers: {{'content-type': '{kind}'}},"
            " body: '{\"present\": true}'}).then(() => 1, () => 0)"
        )
    assert not bench.world.state.card.present
    assert httpx.get(bench.address + "state").json()["card"]["insertion"] == 0
    browser.complaints.clear()  # the browser itself complains of what was refused
