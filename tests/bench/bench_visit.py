"""The real kiosk in figures, beside what an office would use instead. ``python -m tests.bench.bench_visit [rounds]``.

One outside program measures all in turn: `kiosk run` (keeper, shown visit, warm visit) against the practice portal with
simulated devices, a bare Kivy window of eight buttons, and Chromium in kiosk mode with the same in HTML. Pixels are
read with XGetImage, touches injected with XTEST, on an Xvfb of 1080 x 1920 under software GL. Nothing in the kiosk is
told that it is being measured, except by the guide that says where a button lies.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Generator, Sequence
from pathlib import Path

from tests.bench.bench_screen import ROOT, Eye, pss
from tests.journeys.onlooker import watch_change
from tests.journeys.real_kiosk import RealKiosk, busy_seconds, children, real_kiosk

IDLE_SECONDS = 12.0
TAPS = 36
PREVIEW_SECONDS = 6.0
TICKETS = 7

Row = tuple[str, str, str]
"""What, the figure, what is reached for."""

PAGE = """<!doctype html><meta charset="utf-8"><style>body{margin:0;display:grid;grid-template-columns:1fr 1fr;gap:8px;
height:100vh;font:40px sans-serif;background:#0a3844}button{font:inherit;background:#eee;border:0}
button:active{background:#fa3}</style>""" + "".join(f"<button>Layanan {n}</button>" for n in range(8))
PLACES = [(200, 300), (800, 800), (200, 1200), (800, 1700)]


def tree(pid: int) -> list[int]:
    found = [pid]
    for one in found:
        found += children(one)
    return found


def used(pids: Sequence[int]) -> float:
    total = 0.0
    for pid in pids:
        with contextlib.suppress(OSError):
            total += busy_seconds(pid)
    return total


def memory(pids: Sequence[int]) -> float:
    total = 0.0
    for pid in pids:
        with contextlib.suppress(OSError):
            total += pss(pid)
    return total


def share(pids: Sequence[int], seconds: float = IDLE_SECONDS) -> float:
    """Percent of one core that the processes use while nobody touches anything."""
    before, began = used(pids), time.perf_counter()
    time.sleep(seconds)
    return (used(pids) - before) / (time.perf_counter() - began) * 100


def first_picture(eye: Eye, began: float, places: list[tuple[int, int]], watch: float = 3.5) -> float:
    """Seconds from `began` until all places show what they show for good."""
    seen: list[tuple[float, list[bytes]]] = []
    while time.perf_counter() - began < watch:
        seen.append((time.perf_counter() - began, [eye.grab(x, y) for x, y in places]))
        time.sleep(0.003)
    if seen[-1][1] == seen[0][1]:
        raise RuntimeError("no picture")
    return next(at for at, picture in seen if picture == seen[-1][1])


def press_times(eye: Eye, places: Sequence[tuple[int, int]], turns: int = TAPS) -> list[float]:
    """Milliseconds from a finger coming down to changed pixels beside it. It slides off before it leaves: no tap."""
    waits: list[float] = []
    for turn in range(turns):
        x, y = places[turn % len(places)]
        eye.move(x, y)
        time.sleep(0.13 + (turn * 37 % 50) / 1000)  # not in step with anybody's ticks
        spot = (max(0, x - 36), y - 3)  # within the part, beside the finger and its letter
        rest = eye.grab(*spot)
        at = time.perf_counter()
        eye.button(True)
        while eye.grab(*spot) == rest and time.perf_counter() - at < 1:
            pass
        waits.append((time.perf_counter() - at) * 1000)
        time.sleep(0.1)
        eye.move(5, 1915)
        time.sleep(0.03)
        eye.button(False)
        time.sleep(0.12)
    return waits


def spread(values: Sequence[float]) -> str:
    ordered = sorted(values)
    high = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
    return f"{statistics.median(ordered):.0f} ms, p95 {high:.0f}, worst {ordered[-1]:.0f} ({len(ordered)})"


# --- what an office would use instead --------------------------------------------------------------------------------


def control(display: str, argv: list[str], rounds: int) -> list[str]:
    """Start, PSS of all its processes, idle and press times of a program that fills the screen with eight buttons."""
    environment = {**os.environ, "DISPLAY": display, "SDL_VIDEODRIVER": "x11"}
    eye = Eye(display)
    starts: list[float] = []
    for number in range(rounds + 1):  # the first one warms the caches
        eye.move(5, 1915)
        time.sleep(0.3)
        began = time.perf_counter()
        process = subprocess.Popen(
            argv, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            starts.append(first_picture(eye, began, PLACES))
            if number == rounds:
                time.sleep(3)
                idle = share(tree(process.pid))
                taps = press_times(eye, PLACES)
                weight = memory(tree(process.pid))
                return [
                    f"{statistics.median(starts[1:]):.2f} s", f"{weight:.0f} MB", f"{idle:.1f} %", spread(taps)
                ]  # fmt: skip
        finally:
            process.terminate()
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
    raise AssertionError


def controls(rounds: int) -> dict[str, list[str]]:
    from kiosk.main.demo.stage import virtual_display

    found: dict[str, list[str]] = {}
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    with virtual_display() as display, tempfile.TemporaryDirectory() as folder:
        found["bare Kivy"] = control(
            display, [sys.executable, "-m", "tests.bench.sut_screen", "bare"], rounds
        )
        if chromium:
            page = Path(folder, "menu.html")
            page.write_text(PAGE)
            flags = [
                "--kiosk", "--no-sandbox", "--no-first-run", "--disable-dev-shm-usage", "--window-position=0,0",
                "--window-size=1080,1920", f"--user-data-dir={folder}/profile",
            ]  # fmt: skip
            with contextlib.suppress(RuntimeError):
                found["Chromium kiosk"] = control(display, [chromium, *flags, page.as_uri()], rounds)
    return found


# --- the kiosk ------------------------------------------------------------------------------------------------------


def starts(kiosk: RealKiosk, rounds: int) -> list[float]:
    """Seconds from starting `kiosk run` to the welcome screen, on a display of its own."""
    from kiosk.main.demo.stage import kiosk_processes, virtual_display

    found: list[float] = []
    for _ in range(rounds + 1):
        with virtual_display() as display:
            eye = Eye(display)
            eye.move(5, 1000)
            began = time.perf_counter()
            with kiosk_processes(kiosk.settings, display, kiosk.folder / "again.log"):
                found.append(
                    first_picture(eye, began, [(100, 1830), (500, 1840), (900, 1840), (120, 100), (400, 72)])
                )
    return found[1:]


def in_a_visit(kiosk: RealKiosk) -> list[Row]:
    """Memory, idle and touches of one visit on the screens a visitor meets."""
    rows: list[Row] = []
    eye = Eye(kiosk.display)
    eye.move(5, 1000)
    time.sleep(6)  # the sun breathes twice and rests
    shown, warm = kiosk.visits()
    attract = share([shown])
    rows.append(("idle, attract screen: shown visit", f"{attract:.1f} %", "≤ 1 %"))
    rows.append(("idle, attract: all our processes", f"{share(kiosk.processes()):.1f} %", ""))
    kiosk.no_identity()
    time.sleep(2)
    rows.append(("idle, within a visit: shown visit", f"{share([shown]):.1f} %", "≤ 3 %"))
    tiles = [kiosk.place_of(f"Choose(what='{name}')") for name in ("apply", "queue", "status")]
    rows.append(("tap → changed pixels, menu", spread(press_times(eye, tiles)), "≤ 50, p95 ≤ 80"))
    rows.append(("horizon slide, time between pictures", slides(kiosk, eye), "≤ 33 ms"))
    kiosk.to_form()
    time.sleep(1)
    keys = [kiosk.place_of(f"key:{sign}") for sign in "akeotn"]
    rows.append(("tap → changed pixels, keyboard", spread(press_times(eye, keys)), "≤ 50, p95 ≤ 80"))
    rows.append(("memory: shown visit, in the form", f"{pss(shown):.0f} MB PSS", "≤ 180 MB"))
    rows.append(("memory: warm visit / keeper", f"{pss(warm):.0f} / {pss(kiosk.keeper.pid):.0f} MB", ""))
    rows.append(("memory: all our processes", f"{memory(kiosk.processes()):.0f} MB PSS", "≤ 350 MB"))
    return rows


def slides(kiosk: RealKiosk, eye: Eye) -> str:
    """Milliseconds between one picture and the next while the horizon moves from the menu to the search and back."""
    gaps: list[float] = []
    for turn in range(6):
        touch = "Choose(what='apply')" if turn % 2 == 0 else "Back()"
        eye.move(*kiosk.place_of(touch))
        time.sleep(0.6)
        eye.button(True)
        time.sleep(0.1)
        began = time.perf_counter()
        eye.button(False)
        changed: list[float] = []
        before = eye.grab(96, 150, 2, 1500)
        while time.perf_counter() - began < 0.9:
            now = eye.grab(96, 150, 2, 1500)
            if now != before:
                changed.append(1000 * (time.perf_counter() - began))
                before = now
        gaps += [later - one for one, later in itertools.pairwise(changed) if later - one < 200]
        kiosk.look_round()
    return spread(gaps)


def changes(kiosk: RealKiosk, rounds: int) -> list[Row]:
    """Farewell to the next visit's welcome, by a touch."""
    found = []
    for _ in range(rounds):
        kiosk.ready()
        kiosk.no_identity()
        kiosk.leave()
        time.sleep(1)
        found.append(watch_change(Eye(kiosk.display), *kiosk.place_of("Forward()")))
        kiosk.finger.at("welcome")
    slowest = max(one.slowest for one in found)
    return [
        ("visit → next visit, last touch → its picture", spread([one.done for one in found]), "≤ 200 ms"),
        (
            "  black / strange pictures seen",
            f"{sum(one.dark for one in found)} / {sum(one.strange for one in found)} of "
            f"{sum(one.pictures for one in found)}, looked every {slowest:.0f} ms or oftener",
            "none",
        ),
    ]


def to_camera(kiosk: RealKiosk) -> None:
    kiosk.no_identity()
    kiosk.to_form()
    from kiosk.main.demo.visitor import Visitor

    visitor = Visitor(kiosk.finger, kiosk.table, kiosk.folder, lambda _: None)
    visitor.snap = lambda name: time.sleep(0.4)  # type: ignore[method-assign]
    visitor._fill_in()
    kiosk.finger.at("camera")


def preview(name: str, kiosk: RealKiosk) -> list[Row]:
    """Pictures a second that reach the screen, and the share of a core that the visit needs for them."""
    kiosk.ready()
    to_camera(kiosk)
    time.sleep(2)
    return [(f"preview, {name}", live(kiosk.display, kiosk.visits()[0]), "≥ 25 fps, ≤ 70 %")]


def bare_video(url: str) -> list[Row]:
    """The control: the same stream in a bare Kivy window, nothing sought or judged."""
    from kiosk.main.demo.stage import virtual_display

    with virtual_display() as display:
        argv = [sys.executable, "-m", "tests.bench.sut_screen", "video", url]
        environment = {**os.environ, "DISPLAY": display, "SDL_VIDEODRIVER": "x11"}
        process = subprocess.Popen(argv, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
        try:
            time.sleep(6)
            return [("  the same stream in a bare Kivy window", live(display, process.pid), "")]
        finally:
            process.kill()
            process.wait()


def live(display: str, process: int) -> str:
    """Pictures a second that reach the screen, and the processor time (utime + stime) of one process meanwhile."""
    eye = Eye(display)
    busy, began, count = used([process]), time.perf_counter(), 0
    before = eye.grab(500, 700, 40, 4)
    while (spent := time.perf_counter() - began) < PREVIEW_SECONDS:
        now = eye.grab(500, 700, 40, 4)
        count += now != before
        before = now
        time.sleep(0.004)
    core = (used([process]) - busy) / spent * 100
    return f"{count / spent:.1f} fps, {core:.0f} % of a core"


@contextlib.contextmanager
def moving_stream() -> Generator[str]:
    """An MJPEG camera of 1280 x 720 whose every picture differs from the one before, 30 a second."""
    import cv2
    import numpy as np

    from hardware.camera.simulated import draw
    from hardware.world.port import CameraTable
    from tests.hardware.camera.mjpeg import MjpegCamera

    desk = draw(CameraTable(paper="lease", present=True), 1280, 720)
    pictures: list[bytes] = []
    for level in range(8):
        moved = np.clip(desk.astype(np.int16) + (level * 3 - 12), 0, 255).astype(np.uint8)
        pictures.append(cv2.imencode(".jpg", moved, [cv2.IMWRITE_JPEG_QUALITY, 92])[1].tobytes())
    ending = threading.Event()
    with MjpegCamera(pictures[0], rate=30) as camera:

        def turn() -> None:
            for picture in itertools.cycle(pictures):
                if ending.wait(1 / 30):
                    return
                camera.show(picture)

        thread = threading.Thread(target=turn, daemon=True)
        thread.start()
        try:
            yield camera.url
        finally:
            ending.set()
            thread.join()


def tickets() -> list[Row]:
    """A tap on a service to the ticket's first byte at a TCP printer; the portal is asked for the number in between."""
    from tests.hardware.printer.emulator import PrinterEmulator

    waits: list[float] = []
    with PrinterEmulator() as printer, real_kiosk(printer_port=printer.port) as kiosk:
        kiosk.ready()
        for _ in range(TICKETS):
            kiosk.no_identity()
            eye = Eye(kiosk.display)
            kiosk.finger.choose("queue")
            kiosk.finger.at("services")
            time.sleep(0.6)
            eye.move(*kiosk.place_of("Choose(what='perizinan')"))
            time.sleep(0.1)
            eye.button(True)
            time.sleep(0.06)
            began = time.perf_counter()
            eye.button(False)
            kiosk.finger.wait("paper", lambda seen: seen["place"] == "ticket" and seen["paper"] == "printed")
            waits.append(1000 * (printer.first_byte_at - began))
            session = kiosk.finger.look()["session"]
            kiosk.look_round()
            kiosk.finger.tap("Forward()")
            kiosk.finger.at("farewell")
            kiosk.look_round()
            kiosk.next_visit(session)
            kiosk.ready()
    return [("tap → ticket bytes, with the portal's answer", spread(waits), "≤ 150 ms")]


def cards() -> list[Row]:
    from tests.bench.bench_card import insertions

    return [("card in → claim read, virtual card", spread(asyncio.run(insertions())[2]), "≤ 1000 ms")]


def table(rows: Sequence[Row]) -> None:
    wide = max(len(row[0]) for row in rows)
    for what, figure, reach in rows:
        print(f"{what:<{wide}}  {figure:<52} {reach}", flush=True)


PARTS = ("visit", "change", "preview", "ticket", "card", "start", "control")


def main() -> None:
    words = sys.argv[1:]
    rounds = next((int(word) for word in words if word.isdigit()), 3)
    parts = [word for word in words if word in PARTS] or list(PARTS)
    os.environ.pop(
        "PYTHONDONTWRITEBYTECODE", None
    )  # an installed kiosk has its bytecode, and so have both sides here
    with tempfile.TemporaryDirectory() as cache:
        os.environ["PYTHONPYCACHEPREFIX"] = cache
        if {"visit", "change", "start"} & set(parts):
            with real_kiosk() as kiosk:
                kiosk.ready()
                if "visit" in parts:
                    table(in_a_visit(kiosk))
                    kiosk.next_visit(kiosk.leave())
                if "change" in parts:
                    table(changes(kiosk, max(3, rounds)))
                if "start" in parts:
                    kiosk.ready()
        if "start" in parts:
            with real_kiosk() as kiosk:
                kiosk.ready()
                kiosk.keeper.terminate()
                kiosk.keeper.wait(10)
                found = starts(kiosk, rounds)
                table([("start → first picture", f"{statistics.median(found):.2f} s ({rounds})", "≤ 0.7 s")])
        if "preview" in parts:
            with real_kiosk() as kiosk:
                kiosk.table.paper("lease", 0, present=True)
                table(preview("simulated camera, 720p", kiosk))
            with moving_stream() as url, real_kiosk(camera=url) as kiosk:
                table(preview("MJPEG camera, 720p", kiosk))
            with moving_stream() as url:
                table(bare_video(url))
        if "ticket" in parts:
            table(tickets())
        if "card" in parts:
            table(cards())
        if "control" in parts:
            print(
                f"\n{'what an office would use instead':<34}{'start':>8}{'PSS':>9}{'idle':>8}  tap → pixels"
            )
            for name, (start, weight, idle, taps) in controls(rounds).items():
                print(f"{name:<34}{start:>8}{weight:>9}{idle:>8}  {taps}")


if __name__ == "__main__":
    main()
