"""The keeper: the one process that lives as long as the kiosk. It starts visits and remembers nobody.

A visit is a process. One is shown, the next is warm with its window hidden. When a visit has ended the next one is
shown first, and only then the ended one is told to go, so the screen is never black; two seconds later it is killed if
it is still there, and another is warmed up. The keeper holds no window, no device, no key to a sealed row, and nothing
said through its pipe can name a person.

Import weight matters twice: the first visit is started (`kiosk.main.spawn`) before this module is even imported, and
what is imported here stays in memory for months. So no pydantic, no sqlite-utils, no Kivy, no cv2 in this process.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.main.children import Child
from kiosk.main.memory import forget, harden
from kiosk.main.pipe import (
    At,
    DeviceHealth,
    Doing,
    Ended,
    Heartbeat,
    Message,
    Officer,
    Outbox,
    Picture,
    Prepare,
    Quit,
    Ring,
    Show,
    Shown,
    StopRing,
    WakeWorker,
    Warm,
    new_name,
)
from kiosk.main.spawn import VISIT, Launched, first_visit
from kiosk.main.stages import Stage, Visit
from kiosk.settings import Settings, SettingsError, cached, settings_path, to_json

if TYPE_CHECKING:
    import asyncio

    from kiosk.main.help_line import HelpLine
    from kiosk.main.labour import Labour

REST_CODE = "E-212"
"""What officers read beside the rest notice when visits crash again and again."""


class Keeper:
    """Runs visits until told to stop. One instance a process.

    `command` starts a visit; tests put a small program there that speaks the pipe. `first` is a visit that was started
    before the loop existed.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        command: Sequence[str] = VISIT,
        first: Child | None = None,
        labour: Labour | None = None,
        run: str = "",
    ) -> None:
        from kiosk.main.crashes import Crashes
        from kiosk.main.report import Report, report_file

        rules = settings.keeper
        self.settings = settings
        self.run_name = run or new_name()
        self._command = command
        self._labour = labour
        self._visits: list[Visit] = []
        self._first = first
        self._crashes = Crashes(rules.crash_limit, rules.crash_window, rules.rest_first, rules.rest_most)
        self._rest_until = 0.0
        self._held = False
        self._pictured = ""
        self._report = Report(report_file())
        self._start_at = 0.0
        self._health: dict[str, DeviceHealth] = {}
        self._stopping: asyncio.Event | None = None
        self._alone: asyncio.Event | None = None
        self._ready_told = False
        self._settings_text = to_json(settings)
        self._line: HelpLine | None = None

    # -- what others ask of the keeper

    @property
    def current(self) -> Visit | None:
        """The visit on screen, if any."""
        return self._one(Stage.SHOWING, Stage.SHOWN)

    @property
    def resting(self) -> bool:
        """True while the kiosk shows "istirahat": after crashes, or because the agent is about to restart it."""
        return self._held or time.monotonic() < self._rest_until

    @property
    def busy(self) -> bool:
        """Whether somebody is using the kiosk. A visit on screen that has not said anything yet counts as used."""
        shown = self.current
        return shown is not None and shown.doing not in ("free", "resting")

    def device(self, health: DeviceHealth) -> None:
        """Tell the shown visit, and every later one, how a device is."""
        self._health[health.device] = health
        if self.current is not None:
            self.current.child.send(health)

    def stop(self) -> None:
        """Begin an ordered end."""
        if self._stopping is not None:
            self._stopping.set()

    def reload(self, settings: Settings) -> None:
        """Use new settings from the next visit on: the one kept warm is replaced."""
        self.settings = settings
        self._settings_text = to_json(settings)
        for visit in self._visits:
            if visit.stage in (Stage.STARTING, Stage.WARM):
                self._dismiss(visit)

    # -- life

    async def run(self) -> int:
        """Keep visits going until `stop`. Returns the exit code."""
        import asyncio

        from kiosk.main.systemd import notify

        self._stopping = asyncio.Event()
        if self._first is not None:
            self._adopt(self._first)
        wait = min(0.25, self.settings.keeper.end_seconds / 2)
        labour = asyncio.create_task(self._labour.run(self._told_outbox)) if self._labour else None
        line = self._open_line()
        try:
            while not self._stopping.is_set():
                self._look()
                try:
                    await asyncio.wait_for(self._stopping.wait(), wait)
                except TimeoutError:
                    continue
        finally:
            notify("STOPPING=1")
            await self._close()
            if line is not None:
                line.cancel()
                await asyncio.wait([line])
            if labour is not None and self._labour is not None:
                await self._labour.close()
                await labour
        return 0

    def heard(self, child: Child, message: Message) -> None:
        """A child said something (called by `Child`)."""
        visit = self._of(child)
        if visit is None:
            return
        visit.beat = time.monotonic()
        match message:
            case Warm() if visit.stage is Stage.STARTING:
                visit.to(Stage.WARM)
            case Shown() if visit.stage is Stage.SHOWING and message.session == visit.session:
                visit.to(Stage.SHOWN)
                self._on_screen(visit)
            case Ended() if visit.stage in (Stage.SHOWING, Stage.SHOWN):
                _log(f"visit ended: {message.reason}")
                visit.to(Stage.ENDED)
            case At() | DeviceHealth() | Ring() | StopRing():
                if isinstance(message, DeviceHealth) and visit is self.current:
                    self._report.devices[message.device] = (message.condition, message.detail)
                    self._tell_agent()
                if self._line is not None and visit is self.current:
                    self._on_line(self._line, message)
                return
            case WakeWorker() if self._labour is not None:
                self._labour.wake()
            case Doing():
                visit.doing = message.what
                if message.what == "free" and visit is self.current and visit.resting:
                    # It was in use when it was told to rest; now it can.
                    visit.child.send(Show(visit.session, rest=True, code=self._code()))
            case Heartbeat():
                return
            case _:
                return
        self._look()

    def gone(self, child: Child, code: int) -> None:
        """A child exited (called by `Child`)."""
        visit = self._of(child)
        if visit is None:
            return
        self._visits.remove(visit)
        if not self._visits and self._alone is not None:
            self._alone.set()
        if self._labour is not None:
            self._labour.orphaned(child.pid)
        stopping = self._stopping is not None and self._stopping.is_set()
        # A visit that said it ended may go by itself; any other way to disappear is a crash.
        if not stopping and visit.stage not in (Stage.ENDED, Stage.LEAVING):
            self._crashed(visit, code)
        if not stopping:
            self._look()

    # -- the rules

    def _look(self) -> None:
        """Bring what is into line with what should be. Safe to call at any time."""
        now = time.monotonic()
        rules = self.settings.keeper
        from kiosk.main.report import held, picture_asked
        from kiosk.main.systemd import notify

        self._held = held()
        for visit in list(self._visits):
            age = now - visit.since
            match visit.stage:
                case Stage.STARTING if age > rules.warm_seconds:
                    self._hung(visit, "did not warm up")
                case Stage.WARM | Stage.SHOWN | Stage.SHOWING if now - visit.beat > rules.hang_seconds:
                    self._hung(visit, "is silent")
                case Stage.SHOWING if age > rules.warm_seconds:
                    self._hung(visit, "did not appear")
                case Stage.LEAVING if age > rules.end_seconds:
                    visit.child.kill()
                case _:
                    pass
        if self.current is None:
            warm = self._one(Stage.WARM)
            if warm is not None:
                self._show(warm)
        elif (shown := self.current).stage is Stage.SHOWING and now - shown.since > rules.show_seconds:
            # The next one is slow to appear; an ended visit's process must still not linger.
            self._let_go()
        if shown := self._one(Stage.SHOWN):
            if shown.resting and not self.resting:
                shown.resting = False
                shown.child.send(Show(shown.session))
            elif self.resting and not shown.resting:
                shown.resting = True
                shown.child.send(Show(shown.session, rest=True, code=self._code()))
        if self._wants_another() and now >= self._start_at:
            self._start()
        self._tell_agent()
        asked = picture_asked()
        if asked and asked != self._pictured and (shown := self._one(Stage.SHOWN)) and not self.busy:
            self._pictured = asked
            shown.child.send(Picture())
        if self._ready_told and self._watchdog_due(now):
            notify("WATCHDOG=1")

    def _code(self) -> str:
        """Officers are called for crashes, not for a restart that is about to come."""
        return REST_CODE if time.monotonic() < self._rest_until else ""

    def _tell_agent(self) -> None:
        """Every change at once, and again before it looks stale."""
        shown = self.current
        closed = self._held and (shown is None or shown.doing == "resting")
        notes = ("resting after crashes",) if self._code() else ()
        self._report.tell(busy=self.busy, held=closed, notes=notes)

    def _wants_another(self) -> bool:
        """One warm visit beside the shown one, never a third process beside an ended one.

        The next visit waits until the shown one's first frame is out: two at once would warm up at half the speed.
        """
        if self._one(Stage.STARTING, Stage.WARM, Stage.LEAVING):
            return False
        return self.current is None or (self.current.stage is Stage.SHOWN and not self._one(Stage.ENDED))

    _next_dog = 0.0

    def _watchdog_due(self, now: float) -> bool:
        from kiosk.main.systemd import watchdog_seconds

        every = watchdog_seconds()
        if every is None or now < self._next_dog:
            return False
        self._next_dog = now + every
        return True

    def _start(self) -> None:
        try:
            self._adopt(Child(self._command))
        except OSError as error:
            _log(f"cannot start a visit: {error.strerror}")
            self._start_at = time.monotonic() + 2.0

    def _adopt(self, child: Child) -> None:
        self._visits.append(Visit(child))
        child.attach(self)
        child.send(Prepare(self._settings_text, self.run_name))

    def _show(self, visit: Visit) -> None:
        visit.session = new_name()
        visit.resting = self.resting
        visit.to(Stage.SHOWING)
        for health in self._health.values():
            visit.child.send(health)
        visit.child.send(Show(visit.session, rest=visit.resting, code=self._code()))

    def _on_screen(self, visit: Visit) -> None:
        from kiosk.main.systemd import notify

        self._let_go()
        if not self._ready_told:
            self._ready_told = True
            notify("READY=1")
        notify("STATUS=" + ("resting" if visit.resting else "serving"))
        if self._line is not None:
            self._line.shown(resting=visit.resting)
        if self._labour is not None:
            self._labour.begin()

    def _open_line(self) -> asyncio.Task[None] | None:
        """The line to the officers' desk, where the settings name one."""
        if self.settings.desk.via not in ("direct", "broker"):
            return None
        import asyncio

        from kiosk.main.help_line import HelpLine

        self._line = HelpLine(self.settings, self._told_officer)
        if self._labour is not None:
            self._labour.stuck = self._line.stuck
        return asyncio.create_task(self._line.run())

    def _on_line(self, line: HelpLine, message: At | DeviceHealth | Ring | StopRing) -> None:
        match message:
            case At(place):
                line.at(place)
            case DeviceHealth():
                line.device(message)
            case Ring(language):
                line.ring(language)
            case StopRing():
                line.stop()

    def _told_officer(self, word: str, minutes: int) -> None:
        if self.current is not None:
            self.current.child.send(Officer(self.current.session, word, minutes))

    def _let_go(self) -> None:
        for visit in self._visits:
            if visit.stage is Stage.ENDED:
                self._dismiss(visit)

    def _dismiss(self, visit: Visit) -> None:
        visit.child.send(Quit())
        visit.to(Stage.LEAVING)

    def _hung(self, visit: Visit, what: str) -> None:
        _log(f"visit {what}; killed")
        visit.child.kill()
        # Until the kernel reports its end it must not be killed and counted again.
        visit.beat = visit.since = time.monotonic()

    def _crashed(self, visit: Visit, code: int) -> None:
        now = time.monotonic()
        pause = self._crashes.crashed(now)
        _log(
            f"visit crashed while {visit.stage.name.lower()}, code {code}"
            + (f"; rest {pause:.0f} s" if pause else "")
        )
        if not pause:
            return
        self._rest_until = now + pause
        # A visit that cannot even warm up, or dies showing the notice, would burn the processor if started at once.
        if visit.stage is Stage.STARTING or visit.resting:
            self._start_at = now + pause

    def _told_outbox(self, waiting: int) -> None:
        self._report.queue = waiting
        self._tell_agent()
        if self.current is not None:
            self.current.child.send(Outbox(waiting))

    async def _close(self) -> None:
        """Ask everyone to leave, shown visit last to be killed; then kill what is left."""
        import asyncio

        for visit in self._visits:
            self._dismiss(visit)
        self._alone = asyncio.Event()
        if not self._visits:
            return
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._alone.wait(), self.settings.keeper.end_seconds)
        for visit in self._visits:
            visit.child.kill()
        await self._alone.wait()

    def _one(self, *stages: Stage) -> Visit | None:
        return next((visit for visit in self._visits if visit.stage in stages), None)

    def _of(self, child: Child) -> Visit | None:
        return next((visit for visit in self._visits if visit.child is child), None)


def _log(text: str) -> None:
    """Kept to what a machine did. systemd's journal adds the time."""
    os.write(2, f"keeper: {text}\n".encode())


def main(
    path: str | None = None, *, command: Sequence[str] = VISIT, started: tuple[Launched, Path] | None = None
) -> int:
    """Run the kiosk until SIGTERM or SIGINT. Returns an exit code: 0 stopped, 2 settings wrong.

    `path` is the TOML file. `command` starts a visit. `started` is what `first_visit` returned, for callers that did
    that before they imported this module.
    """
    file = settings_path(path)
    launched, temporary = started or first_visit(command)
    first = Child(launched)
    settings = _settings(file)
    if settings is None:
        first.kill()
        forget(temporary)
        return 2

    import asyncio
    import signal

    from kiosk.main.labour import Labour

    harden(inspectable=settings.inspectable)  # it knows no visitor, but it holds the key of the database

    async def life() -> int:
        run = new_name()
        keeper = Keeper(settings, command=command, first=first, labour=Labour(settings, run), run=run)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, keeper.stop)

        def again() -> None:
            fresh = _settings(file)
            if fresh is not None:
                keeper.reload(fresh)

        loop.add_signal_handler(signal.SIGHUP, again)
        return await keeper.run()

    try:
        return asyncio.run(life())
    finally:
        forget(temporary)


def _settings(file: Path | None) -> Settings | None:
    settings = cached(file)
    if settings is not None:
        return settings
    from kiosk.settings import check

    try:
        return check(file)
    except SettingsError as error:
        _log("the settings cannot be used:\n  " + "\n  ".join(error.lines))
        return None
