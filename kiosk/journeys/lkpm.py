"""Lapor LKPM: must I, when next, and what will OSS ask? With a reminder for the phone; nobody is asked who they are."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kiosk.flow.events import Back, Choose, Forward, Signal, Touch
from kiosk.flow.model import Answered, Context, Exit, Journey, Place, Plain, Turn
from kiosk.flow.orders import LoadBands, LoadLkpm
from kiosk.flow.results import Bands, Failed, LkpmTold, Trouble
from kiosk.journeys.apply.state import SCALES

if TYPE_CHECKING:
    from kiosk.flow.results import Band


@dataclass(frozen=True, slots=True)
class Lkpm(Plain):
    """`scale` is "" until chosen; `told` is what follows from it."""

    bands: tuple[Band, ...] = ()
    scale: str = ""
    told: LkpmTold | None = None
    waiting: str = ""
    trouble: Trouble | None = None

    @property
    def service(self) -> str:
        return "lkpm"

    @property
    def place(self) -> Place:
        return Place.LKPM


def start(context: Context) -> Turn:
    return Turn(Lkpm(), (LoadBands(),))


def step(journey: Journey, event: Touch | Signal | Answered, context: Context) -> Turn:
    assert isinstance(journey, Lkpm)  # noqa: S101 -- the table pairs them
    match event:
        case Answered("LoadBands", Bands(bands)):
            return Turn(replace(journey, bands=bands))
        case Answered("LoadLkpm", LkpmTold() as told) if told.scale == journey.scale:
            return Turn(replace(journey, told=told, waiting="", trouble=None))
        case Answered(_, Failed(trouble)):
            return Turn(replace(journey, trouble=trouble, waiting="", scale=""))
        case Choose(scale) if scale in SCALES and journey.told is None and not journey.waiting:
            return Turn(replace(journey, scale=scale, waiting="LoadLkpm", trouble=None), (LoadLkpm(scale),))
        case Choose("menu") if journey.told is not None:
            return Turn(None, exit=Exit.MENU)
        case Forward() if journey.told is not None:
            return Turn(journey, exit=Exit.DONE)
        case Back() if journey.told is not None:
            return Turn(replace(journey, told=None, scale=""))
        case Back():
            return Turn(None, exit=Exit.MENU)
        case _:
            return Turn(journey)
