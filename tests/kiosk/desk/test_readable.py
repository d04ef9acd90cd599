"""WCAG 2.2 AA on the desk: contrast of every visible text in every drawn state, names of all controls, reflow."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kiosk.bench.browser import CHROMIUM, Browser
from tests.kiosk.desk.conftest import Office
from tests.kiosk.desk.test_hall import flag, four_kiosks
from tests.kiosk.desk.test_hall import full as full
from tests.kiosk.desk.test_page import sign_in

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="needs Debian's chromium"),
]

FAINT = """
(() => {
  const line = (v) => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => .2126 * line(r / 255) + .7152 * line(g / 255) + .0722 * line(b / 255);
  const parse = (text) => text.match(/[\\d.]+/g).map(Number);
  const ground = (node) => {
    for (; node; node = node.parentElement) {
      const c = parse(getComputedStyle(node).backgroundColor);
      if (c.length === 3 || c[3] === 1) return c;
    }
    return [255, 255, 255];
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), faint = [];
  let seen = 0;
  while (walker.nextNode()) {
    const words = walker.currentNode.data.trim(), node = walker.currentNode.parentElement;
    if (!words || !node.checkVisibility() || node.closest("svg,script,[aria-hidden]")) continue;
    seen += 1;
    const style = getComputedStyle(node), size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
    const [a, b] = [light(parse(style.color)), light(ground(node))].sort((x, y) => y - x);
    const ratio = (a + .05) / (b + .05);
    if (ratio < (large ? 3 : 4.5) || size < 13) faint.push([words.slice(0, 30), ratio.toFixed(2), size]);
  }
  return [seen, faint];
})()
"""
"""WCAG 2.2 contrast ratio of each visible text against the first opaque ground behind it."""
NAMELESS = """
[...document.querySelectorAll('button, a, input')].filter((node) => node.checkVisibility())
  .filter((node) => !(node.getAttribute('aria-label') || node.textContent.trim() || node.labels?.length))
  .map((node) => node.outerHTML)
"""


@pytest.mark.parametrize("lang", ["id", "en"])
def test_everything_can_be_read_in_every_state(full: Office, tmp_path: Path, lang: str) -> None:
    assert full.server is not None
    with Browser(tmp_path / "profile", flag(full.made)) as browser:

        def readable(what: str) -> None:
            for width, height in ((390, 844), (1440, 900)):
                browser.size(width, height)
                seen, faint = browser.look(FAINT)
                assert seen >= 5, what
                assert faint == [], (what, width)
                assert browser.look(NAMELESS) == [], what
                assert browser.look("document.documentElement.scrollWidth") <= width, (what, width)

        browser.go(f"{full.url}/masuk?lang={lang}")
        readable("sign-in")
        browser.look("document.querySelector('.trouble').textContent = 'Belum cocok.'")
        readable("sign-in with trouble")
        sign_in(browser, full, lang=lang)
        readable("calm")
        four_kiosks(full)
        browser.until("document.body.dataset.how === 'open'")
        readable("calling")
        browser.look("live.close(), cut(true)")
        browser.until("document.body.dataset.how === 'gone'")
        readable("cut off")
        assert browser.complaints == []
