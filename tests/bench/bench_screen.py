"""Start, memory, idle and tap latency of the screens, seen from outside; a bare Kivy window in the same way beside it.

``python -m tests.bench.bench_screen``. Starts its own Xvfb (1080 x 1920 x 24, software GL) on a free
display. Taps are real X
events (xdotool or XTEST); pixels are read by this process with XGetImage on a small square. All times are
of this machine.
"""

from __future__ import annotations

import ctypes
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]


class XImage(ctypes.Structure):
    """The head of Xlib's XImage: enough to reach the pixels."""

    _fields_ = [
        ("width", ctypes.c_int),
        ("height", ctypes.c_int),
        ("xoffset", ctypes.c_int),
        ("format", ctypes.c_int),
        ("data", ctypes.POINTER(ctypes.c_char)),
        ("byte_order", ctypes.c_int),
        ("bitmap_unit", ctypes.c_int),
        ("bitmap_bit_order", ctypes.c_int),
        ("bitmap_pad", ctypes.c_int),
        ("depth", ctypes.c_int),
        ("bytes_per_line", ctypes.c_int),
    ]


class Eye:
    """Looks at the display and taps it."""

    def __init__(self, display: str) -> None:
        self.x = ctypes.CDLL("libX11.so.6")
        self.t = ctypes.CDLL("libXtst.so.6")
        x = self.x
        x.XOpenDisplay.restype = ctypes.c_void_p
        x.XOpenDisplay.argtypes = [ctypes.c_char_p]
        x.XDefaultRootWindow.restype = ctypes.c_ulong
        x.XDefaultRootWindow.argtypes = [ctypes.c_void_p]
        x.XGetImage.restype = ctypes.POINTER(XImage)
        x.XGetImage.argtypes = [
            ctypes.c_void_p,
            ctypes.c_ulong,
            *[ctypes.c_int] * 2,
            *[ctypes.c_uint] * 2,
            ctypes.c_ulong,
            ctypes.c_int,
        ]
        x.XDestroyImage.argtypes = [ctypes.POINTER(XImage)]
        x.XFlush.argtypes = [ctypes.c_void_p]
        self.t.XTestFakeMotionEvent.argtypes = [ctypes.c_void_p, *[ctypes.c_int] * 3, ctypes.c_ulong]
        self.t.XTestFakeButtonEvent.argtypes = [ctypes.c_void_p, ctypes.c_uint, ctypes.c_int, ctypes.c_ulong]
        self.display = None
        for _ in range(100):
            self.display = x.XOpenDisplay(display.encode())
            if self.display:
                break
            time.sleep(0.05)
        if not self.display:
            raise RuntimeError("no display")
        self.root = x.XDefaultRootWindow(self.display)

    def grab(self, x: int, y: int, w: int = 6, h: int = 6) -> bytes:
        """Raw pixels of a small rectangle."""
        image = self.x.XGetImage(self.display, self.root, x, y, w, h, 0xFFFFFFFF, 2)
        raw = ctypes.string_at(image.contents.data, image.contents.bytes_per_line * h)
        self.x.XDestroyImage(image)
        return raw

    def move(self, x: int, y: int) -> None:
        """Move the pointer."""
        self.t.XTestFakeMotionEvent(self.display, -1, x, y, 0)
        self.x.XFlush(self.display)

    def button(self, down: bool) -> None:
        """Press or release."""
        self.t.XTestFakeButtonEvent(self.display, 1, int(down), 0)
        self.x.XFlush(self.display)


def pss(pid: int) -> float:
    """Proportional set size in MB."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return 0.0


def cpu(pid: int) -> float:
    """Seconds of processor time of a process."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(
    eye: Eye, display: str, arguments: list[str], taps: list[tuple[int, int]], cache: str, idle: float = 8.0
) -> dict[str, float]:
    """Run once; taps go to the given places, the pixels 12 px beside them are watched."""
    env = {
        **os.environ,
        "DISPLAY": display,
        "SDL_VIDEODRIVER": "x11",
        "KIVY_HOME": os.environ.get("KIVY_HOME", "/tmp/anjungan-bench"),
    }
    # An installed kiosk has its bytecode; so have both sides here, whatever this shell's setting is.
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    env["PYTHONPYCACHEPREFIX"] = cache
    eye.move(5, 1915)
    before = [eye.grab(x, y) for x, y in taps]
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.sut_screen", *arguments], cwd=ROOT, env=env,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        # The picture is there when the watched places show what they show for good: a cleared window does not count.
        seen: list[tuple[float, list[bytes]]] = []
        while time.perf_counter() - began < 3.0:
            seen.append((time.perf_counter() - began, [eye.grab(x, y) for x, y in taps]))
            time.sleep(0.003)
        if seen[-1][1] == before:
            raise RuntimeError("no picture")
        start = next(at for at, places in seen if places == seen[-1][1])
        time.sleep(4.5)  # the sun breathes twice and rests
        used = cpu(process.pid)
        time.sleep(idle)
        idle_share = (cpu(process.pid) - used) / idle * 100
        waits: list[float] = []
        for turn in range(30):
            x, y = taps[turn % len(taps)]
            eye.move(x, y)
            time.sleep(0.13 + (turn * 37 % 50) / 1000)  # not in step with anybody's ticks
            look = (x + 12, y)
            rest = eye.grab(*look)
            at = time.perf_counter()
            eye.button(True)
            while eye.grab(*look) == rest and time.perf_counter() - at < 1:
                pass
            waits.append((time.perf_counter() - at) * 1000)
            time.sleep(0.1)
            # Slide off before releasing: the press is drawn, nothing fires.
            eye.move(5, 1915)
            time.sleep(0.03)
            eye.button(False)
            time.sleep(0.12)
        memory = pss(process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(3)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    waits.sort()
    return {
        "start s": start, "PSS MB": memory, "idle %": idle_share, "tap median ms": statistics.median(waits),
        "tap p95 ms": waits[int(len(waits) * 0.95)], "tap max ms": waits[-1],
    }  # fmt: skip


def free_display() -> int:
    """A display number nobody uses."""
    for number in range(120, 400):
        if not Path(f"/tmp/.X11-unix/X{number}").exists() and not Path(f"/tmp/.X{number}-lock").exists():
            return number
    raise RuntimeError("no free display")


def main() -> None:
    """Measure in turn, three times each, print medians."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that a killed bench takes its server with it
    number = free_display()
    server = subprocess.Popen(
        ["Xvfb", f":{number}", "-screen", "0", "1080x1920x24", "-nolisten", "tcp"], stderr=subprocess.DEVNULL
    )
    try:
        display = f":{number}"
        eye = Eye(display)
        kinds = {
            "menu (ours)": (["ours", "menu"], [(200, 760), (700, 940), (200, 1280), (700, 1450)]),
            "keypad (ours)": (["ours", "number"], [(110, 860), (450, 1020), (800, 1180)]),
            "welcome (ours, idle)": (["ours", "welcome"], [(700, 1810), (500, 1820)]),
            "bare Kivy 2.3.1": (["bare"], [(200, 300), (800, 800), (200, 1200), (800, 1700)]),
        }
        results: dict[str, list[dict[str, float]]] = {name: [] for name in kinds}
        with tempfile.TemporaryDirectory() as cache:
            for (
                arguments,
                taps,
            ) in kinds.values():  # once unmeasured, so that bytecode and file caches are warm for all
                measure(eye, display, arguments, taps, cache, idle=0.1)
            for _ in range(rounds):
                for name, (arguments, taps) in kinds.items():
                    results[name].append(measure(eye, display, arguments, taps, cache))
        columns = list(next(iter(results.values()))[0])
        print(f"{'':24}" + "".join(f"{c:>16}" for c in columns))
        for name, runs in results.items():
            print(f"{name:24}" + "".join(f"{statistics.median(r[c] for r in runs):16.2f}" for c in columns))
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main()
