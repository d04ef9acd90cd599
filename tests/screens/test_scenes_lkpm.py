"""Lapor LKPM on the screen: every look and language, and a reminder that a phone's calendar can read."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from kiosk import i18n
from kiosk.flow.events import Back, Choose, Forward
from kiosk.flow.model import Place, Visit
from kiosk.flow.results import LkpmTold, Trouble
from kiosk.journeys.lkpm import Lkpm
from kiosk.knowledge import lkpm
from tests.kiosk.flow.samples import bands
from tests.screens.scenes import LANDSCAPE, PORTRAIT, Shown, show, written

TODAY = date(2026, 11, 24)
LOOKS: dict[str, tuple[tuple[int, int], dict[str, Any]]] = {
    "": (PORTRAIT, {}),
    "12": (PORTRAIT, {"text_step": 1}),
    "14-contrast": (PORTRAIT, {"text_step": 2, "contrast": True}),
    "wide": (LANDSCAPE, {}),
    "wide-14": (LANDSCAPE, {"text_step": 2}),
}


def told(scale: str, today: date = TODAY, *, dated: bool = True) -> Lkpm:
    due = lkpm.next_due(scale, today) if dated else None
    reminder = (lkpm.reminder(due, "id"), lkpm.reminder(due, "en")) if due else ("", "")
    answer = LkpmTold(
        scale, lkpm.who(scale), lkpm.asked(), lkpm.source(), due, dated=dated, reminder=reminder
    )
    return Lkpm(bands().bands, scale, answer)


STATES: dict[str, Lkpm] = {
    "ask": Lkpm(bands().bands),
    "trouble": Lkpm(bands().bands, trouble=Trouble.INTERNAL),
    "mikro": told("mikro"),
    "kecil": told("kecil"),
    "besar": told("besar"),
    "holiday": told("besar", date(2026, 2, 1)),
    "no-clock": told("menengah", dated=False),
}


def at(journey: Lkpm, **fields: Any) -> Visit:
    return replace(Visit("s", stage=Place.MENU, remaining=220), journey=journey, **fields)


def drawn(name: str, look: str, language: str) -> Shown:
    size, fields = LOOKS[look]
    return show(at(STATES[name], language=language, **fields), size=size)


@pytest.mark.parametrize("name", STATES)
@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("language", ["id", "en"])
def test_it_has_room_in_every_look(name: str, look: str, language: str) -> None:
    shown = drawn(name, look, language)
    assert (shown.small(), shown.outside()) == ([], [])
    assert shown.under_nav() == []


@pytest.mark.parametrize("language", ["id", "en"])
def test_buttons_send_their_touches(language: str) -> None:
    ask = drawn("ask", "", language)
    band = STATES["ask"].bands[2]
    words = band.capital.get(language)
    assert ask.tap(ask.button(words[:1].upper() + words[1:])) == [Choose("menengah")]
    answer = drawn("kecil", "", language)
    assert answer.tap(answer.button(i18n.say(language, "nav.menu"))) == [Choose("menu")]
    assert answer.tap(answer.button(i18n.say(language, "nav.done"))) == [Forward()]
    assert answer.tap(answer.button(i18n.say(language, "nav.back"))) == [Back()]


def test_it_says_who_when_what_and_by_which_law() -> None:
    seen = written(lambda: drawn("kecil", "", "id"))
    assert "Batas berikutnya: 15 Jan 2027" in seen
    assert "Usaha kecil melapor dua kali setahun." in seen
    assert "Yang dilaporkan: Semester 2 tahun 2026" in seen
    for one in lkpm.asked():
        assert one.id in seen
    assert "Peraturan BKPM 5/2025 Pasal 285 dan 286 · diperiksa 24 Nov 2026" in seen
    assert "Anda tidak wajib melapor" in written(lambda: drawn("mikro", "", "id"))


def test_a_wrong_clock_works_out_no_date() -> None:
    seen = written(lambda: drawn("no-clock", "", "id"))
    assert i18n.say("id", "lkpm.no_clock") in seen
    assert "20" not in drawn("no-clock", "", "id").scene.title


@pytest.mark.picture
@pytest.mark.parametrize("name", STATES)
def test_pictures(name: str) -> None:
    for language in ("id", "en"):
        for look in LOOKS if name == "kecil" else ("",):
            ending = "-".join(part for part in (name, look, language) if part)
            assert drawn(name, look, language).picture(f"lkpm-{ending}").stat().st_size > 4000


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_phone_reads_the_reminder_from_the_screen(language: str) -> None:
    import cv2

    path = drawn("kecil", "", language).picture(f"lkpm-kecil-{language}")
    picture = cv2.imread(str(path))
    assert picture is not None
    text, _, _ = cv2.QRCodeDetector().detectAndDecode(picture)
    due = lkpm.next_due("kecil", TODAY)
    assert due is not None
    assert text == lkpm.reminder(due, language)
    assert "DTSTART;VALUE=DATE:20270115" in text
