"""Holds one visit together: events into the flow, its state to whoever draws, its effects to the effects room.

No screen and no device in here, so a whole visit with real drivers can be conducted by a test or by the autopilot.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

from kiosk.effects.runner import Runner
from kiosk.effects.senses import Senses
from kiosk.effects.tools import Tools
from kiosk.flow.events import Event
from kiosk.flow.model import FlowSettings, Help, Place, Visit
from kiosk.flow.visit import begin, step
from kiosk.settings import Settings

Draw = Callable[[Visit], None]


def flow_settings(settings: Settings) -> FlowSettings:
    """The part of the settings that the flow knows."""
    session = settings.session
    return FlowSettings(
        session_seconds=session.seconds,
        assisted_seconds=session.assisted,
        officer_idle_seconds=settings.officers.idle,
        warn_seconds=min(session.warn, session.seconds // 2),
        auto_capture=settings.devices.camera.auto_capture,
        draft_days=session.draft_days,
        spot=settings.kiosk.place,
    )


class Conductor:
    """One visit. Call `send` from the loop only."""

    def __init__(self, tools: Tools, draw: Draw, ended: Callable[[str], None]) -> None:
        self.tools = tools
        self.visit = Visit(session="")
        self._picture = draw
        self._due: asyncio.TimerHandle | None = None
        tools.language = lambda: self.visit.language
        self.runner = Runner(tools, self.send, ended)
        self.senses = Senses(tools, self.send, lambda: self.visit.help in (Help.RINGING, Help.COMING))

    def show(self, session: str, *, resting: bool = False) -> None:
        """Begin the visit named `session` at the welcome screen, or show that the kiosk rests (18b)."""
        settings = self.tools.settings
        self.visit = begin(session, replace(self.visit, settings=flow_settings(settings)))
        self.visit = replace(
            self.visit,
            language=settings.kiosk.language,
            stage=Place.RESTING if resting else Place.WELCOME,
            hour=self.senses.hour(),
        )
        self._draw()

    def live(self) -> None:
        """Open the senses: from now on cards, time and the line are noticed."""
        self.senses.start()

    def rest(self, resting: bool) -> None:
        """The keeper sends the kiosk to rest, or back to work, between visits."""
        if self.visit.stage in (Place.WELCOME, Place.RESTING):
            self.visit = replace(self.visit, stage=Place.RESTING if resting else Place.WELCOME)
            self._draw()

    def send(self, event: Event) -> None:
        before = self.visit
        self.visit, effects = step(before, event)
        self.runner.start(effects)
        wait = max((effect.order.head_start for effect in effects), default=0.0)
        if self._due is not None:
            return  # the picture that is due will show this too
        if wait:
            self._due = asyncio.get_running_loop().call_later(wait, self._draw)
        elif self.visit is not before:
            self._draw()

    def _draw(self) -> None:
        if self._due is not None:
            self._due.cancel()
            self._due = None
        self._picture(self.visit)

    async def close(self) -> None:
        if self._due is not None:
            self._due.cancel()
        await self.senses.stop()
        await self.runner.close()
