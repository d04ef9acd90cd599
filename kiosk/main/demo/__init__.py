"""`make demo`: with a display, the kiosk waits for a person; without one, an autopilot walks the visit."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kiosk.main.demo.host import Host

BUILD = Path("build/demo")
UPLOAD_SECONDS = 40.0
WINDOW_SIZE = (540, 960)


def main(*, window: bool, autopilot: bool | None, folder: Path = BUILD) -> int:
    """Run the demo. `autopilot` None: only where no display answers. Returns an exit code."""
    from kiosk.main.demo.stage import display_at_hand, virtual_display

    shutil.rmtree(folder, ignore_errors=True)
    folder = folder.absolute()
    folder.mkdir(parents=True)
    display = "" if autopilot else display_at_hand()
    if display and not autopilot:
        return attend(folder, display, window=window)
    with virtual_display() as display:
        return fly(folder, display)


def attend(folder: Path, display: str, *, window: bool) -> int:
    """A person is here: kiosk on the screen, bench on loopback, until Ctrl+C."""
    from kiosk.main.demo.host import host
    from kiosk.main.demo.stage import demo_settings, kiosk_processes, write_settings

    state = _state(folder)
    ports = {"bench_port": _port("BENCH_PORT", 8481), "desk_port": _port("DESK_PORT", 8482)}
    with host(demo_settings(state), state, **ports) as here:
        frame = WINDOW_SIZE if window else None
        settings = write_settings(state, here.portal.url, window=frame, desk=here.desk.toml)
        print(f"Kios di layar. Meja uji (kartu, kertas, printer, jaringan): {here.bench_url}")
        print(f"The kiosk is on the screen. Device bench: {here.bench_url}   Ctrl+C ends the demo.")
        codes = here.bench_url.removesuffix("meja/") + "petugas"
        print(f"Meja DAC / DAC desk: {here.desk.url}/   petugas contoh / sample officers: {codes}")
        with kiosk_processes(settings, display, folder / "kiosk.log") as process:
            try:
                while process.poll() is None:
                    time.sleep(0.3)
            except KeyboardInterrupt:
                return 0
        print("The kiosk ended by itself; see build/demo/kiosk.log", file=sys.stderr)
        return 1


def fly(folder: Path, display: str) -> int:
    """Nobody is here: the autopilot visits, and leaves pictures, the ticket, the PDF and a summary."""
    from kiosk.main.demo.finger import Finger, LostError
    from kiosk.main.demo.host import host
    from kiosk.main.demo.stage import demo_settings, kiosk_processes, write_settings
    from kiosk.main.demo.table import HostTable
    from kiosk.main.demo.visitor import Visitor

    state = _state(folder)
    print(f"No display: an autopilot visits the kiosk under Xvfb {display}. Pictures in {_short(folder)}/")
    with host(demo_settings(state), state) as here:
        settings = write_settings(
            state, here.portal.url, window=None, desk=here.desk.toml, auto_capture=False
        )
        guide = state / "run" / "anjungan" / "guide.sock"
        with kiosk_processes(settings, display, folder / "kiosk.log"):
            finger = Finger(display, guide)
            visitor = Visitor(finger, HostTable(here), folder, print)
            began = time.monotonic()
            try:
                visitor.walk()
            except LostError as lost:
                finger.picture(folder / "lost.png")
                print(f"The autopilot lost its way: {lost}. See lost.png and kiosk.log", file=sys.stderr)
                return 1
            seconds = time.monotonic() - began
            summary = _summary(here, folder, visitor, seconds)
    (folder / "summary.json").write_text(json.dumps(summary, indent=2, ensure_ascii=False) + "\n")
    print(_in_words(summary, folder))
    return 0 if summary["printed"] and summary["pages_uploaded"] else 1


def _summary(here: Host, folder: Path, visitor: object, seconds: float) -> dict[str, object]:
    from kiosk.main.demo.readback import read_back, save_ticket
    from kiosk.main.demo.visitor import Visitor

    assert isinstance(visitor, Visitor)  # noqa: S101
    record, pages = read_back(here, folder, UPLOAD_SECONDS)
    ticket = save_ticket(here, folder)
    return {
        "application": record["nomor"],
        "ticket": ticket,
        "screens": len(visitor.passed.screens),
        "taps": visitor.finger.taps,
        "seconds": round(seconds, 1),
        "printed": bool(ticket) and (folder / "ticket.png").exists(),
        "pages_uploaded": pages,
        "portal": record,
    }


def _in_words(summary: dict[str, object], folder: Path) -> str:
    return (
        f"Visit done: application {summary['application']} reached the practice portal with "
        f"{summary['pages_uploaded']} pages, queue ticket {summary['ticket']} was printed, "
        f"{summary['screens']} screens and {summary['taps']} taps in {summary['seconds']} s; see {_short(folder)}/."
    )


def _state(folder: Path) -> Path:
    """Where the demo's kiosk keeps what it keeps: a short path, because socket addresses are at most 107 bytes."""
    import atexit
    import tempfile

    state = Path(tempfile.mkdtemp(prefix="anjungan-"))
    atexit.register(lambda: shutil.rmtree(state, ignore_errors=True))
    signal.signal(signal.SIGTERM, _leave)
    return state


def _leave(_number: int, _frame: object) -> None:
    sys.exit(143)


def _short(folder: Path) -> str:
    return os.path.relpath(folder)


def _port(name: str, default: int) -> int:
    given = os.environ.get(name, "")
    return int(given) if given.isdigit() else default
