"""The demo from outside: settings for it, the kiosk as real processes, an X server when there is no display."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Generator
from pathlib import Path

from kiosk.settings import Settings

DEMO_TOKEN_FILE = "portal-token"  # noqa: S105 -- a file's name
SIZE = "1080x1920x24"

_WITH_US = ("setpriv", "--pdeathsig", "TERM", "--")
"""In front of a command (util-linux): the kernel ends it when the demo is gone, however that came."""

_TOML = """# Written by `kiosk demo`: practice with simulated devices and invented people; nothing is sent anywhere.
[kiosk]
practice = true

[window]
fullscreen = {fullscreen}
width = {width}
height = {height}
pointer = true

[portal]
url = "{url}"
token_file = "{token}"

[devices]
world_socket = "{world}"

[devices.camera]
auto_capture = {auto_capture}

[store]
folder = "{store}"

[bench]
inspect = true
"""


def write_settings(
    folder: Path, url: str, *, window: tuple[int, int] | None, desk: str = "", auto_capture: bool = True
) -> Path:
    """The demo's settings file. `window` (width, height) opens a window; None fills the screen. `desk` is TOML.

    Without `auto_capture` pages are taken by touch only: an autopilot on a busy machine must not be overtaken.
    """
    from kiosk.folders import make_private
    from kiosk.sandbox.settings import DEMO_TOKEN

    make_private(folder)
    token = folder / DEMO_TOKEN_FILE
    token.write_text(DEMO_TOKEN)
    token.chmod(0o600)
    width, height = window or (1080, 1920)
    file = folder / "settings.toml"
    file.write_text(
        _TOML.format(
            auto_capture=str(auto_capture).lower(),
            fullscreen="false" if window else "true",
            width=width,
            height=height,
            url=url,
            token=token,
            world=folder / "run" / "world.sock",
            store=make_private(folder / "store"),
        )
        + desk
    )
    return file


def demo_settings(folder: Path) -> Settings:
    """The settings as far as the host needs them, before the portal's port is known."""
    from dataclasses import replace

    plain = Settings()
    return replace(plain, devices=replace(plain.devices, world_socket=str(folder / "run" / "world.sock")))


@contextlib.contextmanager
def kiosk_processes(settings: Path, display: str, log: Path) -> Generator[subprocess.Popen[bytes]]:
    """`kiosk run` on a display, its log beside the pictures; ended in an orderly way."""
    environment = {
        **os.environ,
        "DISPLAY": display,
        "SDL_VIDEODRIVER": "x11",
        "KIOSK_SETTINGS": str(settings),
        "XDG_RUNTIME_DIR": str(settings.parent / "run"),
    }
    with log.open("wb") as out:
        process = subprocess.Popen(
            [*_WITH_US, sys.executable, "-m", "kiosk.main.cli", "run"],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextlib.contextmanager
def virtual_display() -> Generator[str]:
    """An Xvfb of the design's size on a free display. Raises RuntimeError when it does not come up."""
    xvfb = shutil.which("Xvfb")
    if xvfb is None:
        raise RuntimeError("Xvfb is missing: apt-get install xvfb")
    reader, writer = os.pipe()
    process = subprocess.Popen(
        [*_WITH_US, xvfb, "-displayfd", str(writer), "-screen", "0", SIZE, "-nolisten", "tcp", "-noreset"],
        pass_fds=(writer,),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(writer)
    try:
        with os.fdopen(reader, "rb") as answer:
            number = answer.readline().strip()
        if not number:
            raise RuntimeError("Xvfb did not start")
        yield f":{number.decode()}"
    finally:
        process.terminate()
        process.wait(10)


def display_at_hand() -> str:
    """The X display a person sits at, or "" when there is none that answers."""
    display = os.environ.get("DISPLAY", "")
    if not display:
        return ""
    from screens.window import screen_size

    return display if screen_size() is not None else ""


def wait_for(path: Path, seconds: float) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if path.exists():
            return True
        time.sleep(0.02)
    return False
