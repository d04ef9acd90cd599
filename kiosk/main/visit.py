"""The visit process: one visitor, one window, then it exits and has forgotten.

Started warm by the keeper with its window hidden; `Show` puts it on screen. It opens card reader and camera itself and
closes them at the end. The order of work here is the start-up time: window and welcome screen first, everything a
visitor needs only seconds later after that.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from kiosk.main.memory import harden
from kiosk.main.pipe import (
    BEAT_SECONDS,
    FD,
    At,
    ChildEnd,
    DeviceHealth,
    Doing,
    Ended,
    Heartbeat,
    Officer,
    Outbox,
    Picture,
    PipeError,
    Prepare,
    Quit,
    Ring,
    Show,
    Shown,
    StopRing,
    WakeWorker,
    Warm,
)
from kiosk.settings import Settings, from_json

if TYPE_CHECKING:
    from hardware.health import Health
    from hardware.supervisor import Supervisor
    from kiosk.effects.tools import Tools
    from kiosk.flow.events import Signal
    from kiosk.flow.model import Visit
    from kiosk.main.conductor import Conductor
    from kiosk.main.pipe import Message

ENDINGS = {"done": "erased", "left": "left", "timeout": "timeout"}
"""The flow's end reasons in the pipe's words."""
DOING = {"welcome": "free", "resting": "resting"}
"""Places of the flow where nobody is in the middle of anything; every other one is "busy"."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one visit over the pipe on descriptor 3. Returns an exit code."""
    end = ChildEnd(FD)
    prepared = end.receive(timeout=30)
    if not isinstance(prepared, Prepare):
        return 1
    settings = from_json(prepared.settings)
    harden(inspectable=settings.inspectable, parent=os.getppid())
    from screens import engine

    engine.prepare()
    return asyncio.run(Process(end, settings, prepared.run).run())


class Process:
    """The parts of one visit process, made in the order in which they are needed."""

    def __init__(self, end: ChildEnd, settings: Settings, run: str) -> None:
        self.end = end
        self.settings = settings
        self.run_name = run
        self.window: Any = None
        self.pulse: Any = None
        self.conductor: Conductor | None = None
        self.shown = False
        self._place_told = ""
        self._session = ""
        self._doing = ""
        self._supervisor: Supervisor | None = None

    async def run(self) -> int:
        from screens.pulse import Pulse
        from screens.window import bind_keys, on_terminate, open_window

        frame = self.settings.window
        self.window = open_window(
            frame.width, frame.height, fullscreen=frame.fullscreen, hidden=True, pointer=frame.pointer
        )
        on_terminate(self._stop)
        self._make_visit()
        # Kivy's own types are not known to the type checker.
        self.pulse = Pulse(self.window, self.director.stage.clip)  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]
        self.pulse.set_visible(False)
        bind_keys(self.window, self.director.stage.key)
        conductor = self.conductor
        assert conductor is not None  # noqa: S101 -- just made
        conductor.show("")
        pulse = asyncio.create_task(self.pulse.run())
        listen = asyncio.create_task(self._listen())
        beat = asyncio.create_task(self._beat())
        self.end.send(Warm())
        warm = asyncio.create_task(self._warm())
        try:
            await pulse
        finally:
            for task in (listen, beat, warm):
                task.cancel()
            if self._supervisor is not None:
                await self._supervisor.stop()
            await conductor.close()
            self.end.close()
        return 0

    def _make_visit(self) -> None:
        from kiosk.effects.tools import Tools
        from kiosk.main.conductor import Conductor
        from screens.director import Director
        from screens.scene import Office, Sources
        from screens.theme.look import Look

        settings = self.settings
        self.tools = Tools(settings, self.run_name, wake_worker=lambda kind: self._tell(WakeWorker(kind)))
        width, height = (int(side) for side in self.window.size)
        kiosk = settings.kiosk
        if settings.desk.via in ("direct", "broker"):
            self.tools.calls = PipeCalls(self._tell, self.tools)
        self.director = Director(
            Look(width, height, language=kiosk.language, still=settings.window.reduce_motion),
            lambda event: self.conductor.send(event) if self.conductor is not None else None,
            Office(
                name=kiosk.office,
                regency=kiosk.regency,
                kiosk=kiosk.id,
                reader_side=kiosk.reader_side,
                counters=kiosk.counters,
                counters_way=kiosk.counters_way,
                practice=kiosk.practice or settings.devices.simulated,
            ),
            Sources(frame=self._frame, thumbnail=self._thumbnail),
        )
        self.window.add_widget(self.director.stage)
        self.conductor = Conductor(self.tools, self._draw, self._ended)

    def _draw(self, visit: Visit) -> None:
        # First of all: from the touch on, before its picture, nothing may restart the kiosk.
        doing = DOING.get(visit.place.value, "busy")
        if doing != self._doing:
            self._doing = doing
            self._tell(Doing(doing))
        self.director.draw(visit)
        if self.shown and visit.place.value != self._place_told:
            self._place_told = visit.place.value
            self._tell(At(self._place_told))

    def _frame(self) -> Any:
        return self.tools.camera.latest() if self.tools.camera is not None else None

    def _thumbnail(self, page: str) -> bytes:
        held = self.tools.held
        kept = held.pages.get(page)
        return kept.thumbnail if kept is not None else held.small.get(page, b"")

    # -- the pipe

    async def _listen(self) -> None:
        async for message in self.end.messages():
            match message:
                case Show(session, rest, _code):
                    self._show(session, rest)
                case Quit():
                    break
                case DeviceHealth(device, condition, detail):
                    if self.conductor is not None:
                        self.conductor.senses.device(device, condition in ("ready", "degraded"), detail)
                case Officer(session, word, minutes) if session == self._session:
                    self._officer(word, minutes)
                case Picture():
                    self._picture()
                case Outbox():
                    pass
                case _:
                    pass
        self._stop()

    def _officer(self, word: str, minutes: int) -> None:
        """All that the desk can cause in a visit: these signals, which change how the call stands and nothing else."""
        signal = signal_of(word, minutes)
        if self.conductor is not None and signal is not None:
            self.conductor.send(signal)

    def _show(self, session: str, rest: bool) -> None:
        from screens import window

        assert self.conductor is not None  # noqa: S101 -- made before anything is heard
        if self.shown:
            self.conductor.rest(rest)
            return
        self.shown = True
        self._session = session
        self.conductor.show(session, resting=rest)
        window.show(self.window, self.pulse)
        self._tell(Shown(session))
        asyncio.get_running_loop().call_soon(self._open_senses)

    def _open_senses(self) -> None:
        from kiosk.main import devices

        assert self.conductor is not None  # noqa: S101
        devices.equip(self.tools)
        self.conductor.live()
        self._supervisor = devices.supervisor(self.tools, self._device)
        self._watch = asyncio.ensure_future(self._supervisor.start())
        if self.settings.inspectable:
            self._guide = asyncio.ensure_future(self._serve_guide())

    def _device(self, health: Health) -> None:
        """A device changed: the visit first, then the keeper, who tells the fleet's agent."""
        if self.conductor is not None:
            self.conductor.senses.device(health.device, health.usable, health.detail)
        # A driver's word that is no word of the pipe: the visit has it, the keeper need not.
        with contextlib.suppress(PipeError):
            self._tell(DeviceHealth(health.device, health.condition.value, health.detail))

    def _picture(self) -> None:
        """The screen for people far away. Judged here and now, with no await before the pixels: never a visitor's."""
        from kiosk.main.report import picture_file

        target = picture_file()
        if target is None or not self.shown or self._doing not in DOING.values():
            return
        from kiosk.main.likeness import small_jpeg
        from screens.window import pixels

        fresh = target.with_suffix(".next")
        with contextlib.suppress(OSError):
            fresh.write_bytes(small_jpeg(*pixels(self.window)))
            fresh.chmod(0o644)
            fresh.replace(target)

    async def _serve_guide(self) -> None:
        from kiosk.main.guide import serve

        conductor = self.conductor
        if conductor is not None:
            self._guide_server = await serve(self.director.stage, lambda: conductor.visit)

    def _ended(self, reason: str) -> None:
        """The flow has ended: tell the keeper, keep the last picture until the next visit covers it."""
        self._tell(Ended(ENDINGS.get(reason, "erased")))

    def _tell(self, message: Any) -> None:
        if not self.end.send(message):
            self._stop()

    def _stop(self) -> None:
        if self.pulse is not None:
            self.pulse.stop()

    async def _beat(self) -> None:
        """From the loop that also draws: a hung screen falls silent and the keeper notices."""
        while True:
            self._tell(Heartbeat())
            await asyncio.sleep(BEAT_SECONDS)

    async def _warm(self) -> None:
        """Import what the visit will need, in small steps, after the picture and while nobody waits."""
        import importlib

        await asyncio.sleep(0.2)
        for name in _LATER:
            importlib.import_module(name)
            await asyncio.sleep(0.02)
        self.director.warm()
        from kiosk.tickets import warm

        await asyncio.to_thread(warm)


class PipeCalls:
    """`kiosk.effects.tools.Calls` by way of the keeper, which holds the line to the desk."""

    def __init__(self, tell: Callable[[Message], None], tools: Tools) -> None:
        self._tell = tell
        self._tools = tools

    def ring(self) -> None:
        self._tell(Ring(self._tools.language()))

    def stop(self) -> None:
        self._tell(StopRing())


def signal_of(word: str, minutes: int) -> Signal | None:
    """What a word of the desk is to the flow; None for a word it does not know."""
    from kiosk.flow.events import CallRings, CallUnheard, OfficerComing

    match word:
        case "coming":
            return OfficerComing(max(1, min(minutes, 60)))
        case "ringing":
            return CallRings()
        case "unheard":
            return CallUnheard()
        case "over":
            return OfficerComing(0)
        case _:
            return None


_LATER = (
    "kiosk.knowledge.kbli",
    "kiosk.knowledge.risk",
    "kiosk.knowledge.form",
    "kiosk.portal.client",
    "kiosk.tickets",
)


if __name__ == "__main__":
    raise SystemExit(main())
