"""The kiosk as an office has it: real processes on an X server of its own, the practice portal and simulated devices.

Used by the tests of the process model and by the bench, both from outside: taps by xdotool, pixels by XGetImage, memory
by /proc.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import struct
import subprocess
import tempfile
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path

from kiosk.main.demo.finger import Finger, choices, fields
from kiosk.main.demo.host import Host, host
from kiosk.main.demo.stage import demo_settings, kiosk_processes, virtual_display, write_settings
from kiosk.main.demo.table import HostTable

PATIENCE = 30.0


@dataclass(slots=True)
class RealKiosk:
    """What a test can see and touch."""

    keeper: subprocess.Popen[bytes]
    host: Host
    table: HostTable
    finger: Finger
    display: str
    folder: Path
    """Settings, store, run, temp and log of the kiosk; the portal's data lies elsewhere."""
    settings: Path

    def processes(self) -> list[int]:
        """The keeper and all that descends from it, living ones only."""
        found = [self.keeper.pid]
        for pid in found:
            found += children(pid)
        return [pid for pid in found if alive(pid)]

    def visits(self) -> list[int]:
        """Visit processes, oldest first: the shown one, then the warm one."""
        return [pid for pid in children(self.keeper.pid) if "kiosk.main.visit" in command(pid)]

    def until(self, what: str, wanted: Callable[[], bool], seconds: float = PATIENCE) -> None:
        limit = time.monotonic() + seconds
        while not wanted():
            if time.monotonic() > limit:
                raise AssertionError(f"waited for {what}; log:\n{self.log()}")
            time.sleep(0.02)

    def ready(self) -> None:
        """Wait until one visit is shown and another is warm, with what it imports later."""
        self.finger.at("welcome")
        self.until("a warm visit", lambda: len(self.visits()) == 2)
        second = self.visits()[1]
        self.until("its quiet", lambda: quiet(second))

    def log(self) -> str:
        return (self.folder / "kiosk.log").read_text(errors="replace")

    def place_of(self, touch: str) -> tuple[int, int]:
        """Pixel at which a touch has its place now."""
        seen = self.finger.wait(touch, lambda state: any(spot["touch"] == touch for spot in state["spots"]))
        return next((spot["x"], spot["y"]) for spot in seen["spots"] if spot["touch"] == touch)

    def look_round(self) -> None:
        """A new screen does not take the touch that was meant for the last one; a person reads first."""
        time.sleep(0.4)

    def no_identity(self) -> None:
        """From the welcome screen to the menu without an identity."""
        finger = self.finger
        finger.at("welcome")
        finger.tap("Begin()")
        finger.at("identify")
        self.look_round()
        finger.choose("none")
        finger.at("menu")
        self.look_round()

    def by_nik(self, nik: str, typed: Callable[[], object] = lambda: None) -> None:
        """From the welcome screen to the menu with a typed NIK whose owner the portal knows.

        `typed` is called while the number stands in its field.
        """
        finger = self.finger
        finger.at("welcome")
        finger.tap("Begin()")
        finger.at("identify")
        self.look_round()
        finger.choose("phone")
        finger.at("number")
        self.look_round()
        finger.choose("nik")
        self.look_round()
        finger.type(nik)
        typed()
        sent = self.table.codes_sent()
        finger.tap("Forward()")
        if (
            finger.wait("code", lambda seen: seen["place"] == "code" or bool(seen["trouble"]))["place"]
            != "code"
        ):
            # Warned once about the invented region. A tap at once would count as the first one's nervous second half.
            time.sleep(0.6)
            finger.tap("Forward()")
        finger.at("code")
        finger.type(self.table.code(sent))
        finger.at("consent")
        self.look_round()
        finger.tap("Forward()")
        finger.at("menu")
        self.look_round()

    def to_form(self) -> None:
        """From the menu to the first question."""
        finger = self.finger
        finger.choose("apply")
        finger.at("search")
        finger.type("kedai")
        finger.wait("results", lambda seen: any(code.isdigit() and len(code) == 5 for code in choices(seen)))
        self.look_round()
        code = next(one for one in choices(finger.at("search")) if one.isdigit() and len(one) == 5)
        finger.choose(code)
        finger.wait("scales", lambda seen: "mikro" in choices(seen))
        self.look_round()
        finger.choose("mikro")
        finger.wait("sales", lambda seen: "new" in choices(seen))
        self.look_round()
        finger.choose("new")
        # A visitor without an identity is asked for consent only now, and comes back to the risk screen.
        while finger.at("risk", "consent", "form")["place"] != "form":
            place = finger.look()["place"]
            self.look_round()
            finger.tap("Forward()")
            finger.wait("the next screen", lambda seen, here=place: seen["place"] != here)

    def type_text(self, text: str) -> None:
        """An answer into the first free field of the form."""
        finger = self.finger
        for question in fields(finger.look()):
            finger.tap(f"Focus(field_id={question!r})")
            break
        finger.type(text)

    def leave(self) -> str:
        """Out of the visit from a form ("Simpan & keluar", a draft is kept) or from any screen with "Keluar".

        Returns the session that ends, which is at the farewell screen then.
        """
        finger = self.finger
        seen = finger.look()
        if any(spot["touch"] == "SaveAndLeave()" for spot in seen["spots"]):
            finger.tap("SaveAndLeave()")
            seen = finger.at("draft")
            self.look_round()
            finger.tap("Forward()")
        else:
            finger.tap("Leave()")
        finger.at("farewell")
        self.look_round()
        return seen["session"]

    def next_visit(self, session: str) -> None:
        """From the farewell of `session` to the next visit's welcome screen, by a touch."""
        finger = self.finger
        finger.tap("Forward()")
        finger.wait("the next visit", lambda state: state["session"] != session, seconds=40)


@contextlib.contextmanager
def real_kiosk(
    *,
    camera: str = "",
    printer_port: int = 0,
    settings_more: str = "",
    desk: bool = False,
    auto_capture: bool = False,
) -> Generator[RealKiosk]:
    """Run one. `camera` is a stream address for the real driver; `printer_port` a TCP printer on loopback.

    `settings_more` is TOML added to the demo's; with `desk` calls go to the demo's desk, not to the portal; pages take
    themselves only with `auto_capture`. Everything is ended and its files are removed at the end.
    """
    folder = Path(tempfile.mkdtemp(prefix="anjungan-"))
    portal = Path(tempfile.mkdtemp(prefix="anjungan-portal-"))
    temp = folder / "tmp"
    temp.mkdir()
    # What the kiosk would leave in a temp or home folder lies here.
    places = {"TMPDIR": str(temp), "HOME": str(folder / "home")}
    before = {name: os.environ.get(name) for name in places}
    os.environ.update(places)
    try:
        with _running(folder, portal, camera, printer_port, settings_more, desk, auto_capture) as one:
            yield one
    finally:
        for name, value in before.items():
            os.environ.pop(name)
            if value is not None:
                os.environ[name] = value
        shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(portal, ignore_errors=True)


@contextlib.contextmanager
def _running(
    folder: Path, portal: Path, camera: str, printer_port: int, more: str, desk: bool, auto: bool
) -> Generator[RealKiosk]:
    with virtual_display() as display, host(demo_settings(folder), portal) as here:
        office = here.desk.toml if desk else ""
        settings = write_settings(folder, here.portal.url, window=None, desk=office, auto_capture=auto)
        text = settings.read_text().replace("pointer = true", "pointer = false")
        if camera:
            table = "[devices.camera]\n"
            text = text.replace(table, f'{table}kind = "real"\nsource = "{camera}"\n')
        if printer_port:
            text += f'\n[devices.printer]\nkind = "network"\nhost = "127.0.0.1"\nport = {printer_port}\n'
        settings.write_text(text + more)
        with kiosk_processes(settings, display, folder / "kiosk.log") as keeper:
            finger = Finger(display, folder / "run" / "anjungan" / "guide.sock")
            yield RealKiosk(keeper, here, HostTable(here), finger, display, folder, settings)


def children(pid: int) -> list[int]:
    """Direct children, oldest first (proc(5), /proc/PID/task/TID/children)."""
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except OSError:
        return []
    return sorted((int(word) for word in text.split()), key=_started)


def command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def alive(pid: int) -> bool:
    """Running or stopped; a zombie is not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] not in "ZX"
    except OSError:
        return False


def busy_seconds(pid: int) -> float:
    """Processor time of a process and its threads, user and system."""
    fields_ = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields_[11]) + int(fields_[12])) / os.sysconf("SC_CLK_TCK")


def quiet(pid: int, seconds: float = 0.5) -> bool:
    """Whether the process used less than a tenth of a core for a moment."""
    try:
        before = busy_seconds(pid)
        time.sleep(seconds)
        return busy_seconds(pid) - before < seconds / 10
    except OSError:
        return False


def _started(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[19])
    except OSError:
        return 0


def server_of(display: str) -> int:
    """Process number of the X server, as the kernel gives it for its socket (unix(7), SO_PEERCRED)."""
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(f"/tmp/.X11-unix/X{display.lstrip(':')}")  # where X listens
        return struct.unpack("3i", line.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))[0]
