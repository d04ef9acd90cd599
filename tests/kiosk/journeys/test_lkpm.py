"""Lapor LKPM without a screen."""

from __future__ import annotations

from datetime import date

from kiosk.flow.events import Back, Begin, Choose, Forward
from kiosk.flow.model import Place
from kiosk.flow.orders import LoadBands, LoadLkpm
from kiosk.flow.results import Failed, LkpmTold, Trouble
from kiosk.journeys.lkpm import Lkpm
from kiosk.knowledge import lkpm
from tests.kiosk.flow.replay import Walk
from tests.kiosk.flow.samples import bands


def told(scale: str) -> LkpmTold:
    due = lkpm.next_due(scale, date(2026, 11, 24))
    return LkpmTold(scale, lkpm.who(scale), lkpm.asked(), lkpm.source(), due)


def journey(walk: Walk) -> Lkpm:
    assert isinstance(walk.visit.journey, Lkpm)
    return walk.visit.journey


def begun() -> Walk:
    return Walk().do(Begin(), Choose("none"), Choose("lkpm")).answer(LoadBands, bands())


def test_one_touch_tells_and_back_asks_again() -> None:
    walk = begun().do(Choose("kecil"), Choose("besar"))
    assert walk.orders(LoadLkpm) == [LoadLkpm("kecil")], "one at a time"
    walk.answer(LoadLkpm, told("kecil"))
    assert journey(walk).told == told("kecil")
    walk.do(Back())
    assert (walk.place, journey(walk).told, journey(walk).scale) == (Place.LKPM, None, "")
    walk.do(Choose("mikro")).answer(LoadLkpm, told("mikro"))
    answer = journey(walk).told
    assert answer is not None
    assert answer.due is None
    assert walk.do(Choose("menu")).place is Place.MENU


def test_an_answer_for_a_scale_no_longer_chosen_is_dropped_and_trouble_can_be_tried_again() -> None:
    walk = begun().do(Choose("kecil")).answer(LoadLkpm, Failed(Trouble.INTERNAL))
    assert journey(walk).trouble is Trouble.INTERNAL
    walk.do(Choose("besar")).answer(LoadLkpm, told("kecil"))
    assert journey(walk).told is None
    assert begun().do(Back()).place is Place.MENU
    done = begun().do(Choose("kecil")).answer(LoadLkpm, told("kecil")).do(Forward())
    assert done.place is Place.FAREWELL
