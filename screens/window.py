"""Opens the one window, without Kivy's habits that do not belong on a kiosk."""

from __future__ import annotations

import asyncio
import ctypes
import os
import signal
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

Driver = Literal["x11", "kmsdrm", "offscreen"]


class NoDisplayError(RuntimeError):
    """There is no display of the asked kind. SDL alone would silently draw to nowhere."""


def screen_size() -> tuple[int, int] | None:
    """Pixels of the X display named by DISPLAY; None when there is none or libX11 is missing."""
    try:
        x11 = ctypes.CDLL("libX11.so.6")
    except OSError:
        return None
    x11.XOpenDisplay.restype = ctypes.c_void_p
    x11.XOpenDisplay.argtypes = [ctypes.c_char_p]
    for name in ("XDisplayWidth", "XDisplayHeight"):
        getattr(x11, name).argtypes = [ctypes.c_void_p, ctypes.c_int]
    x11.XDefaultScreen.argtypes = x11.XCloseDisplay.argtypes = [ctypes.c_void_p]
    display = x11.XOpenDisplay(None)
    if not display:
        return None
    number = x11.XDefaultScreen(display)
    size = (x11.XDisplayWidth(display, number), x11.XDisplayHeight(display, number))
    x11.XCloseDisplay(display)
    return size


def _driver() -> Driver:
    chosen = os.environ.get("SDL_VIDEODRIVER", "")
    if chosen in ("x11", "KMSDRM", "kmsdrm", "offscreen"):
        return "kmsdrm" if chosen.lower() == "kmsdrm" else "x11" if chosen == "x11" else "offscreen"
    return "x11" if os.environ.get("DISPLAY") else "kmsdrm"


def open_window(
    width: int = 1080,
    height: int = 1920,
    *,
    fullscreen: bool = False,
    hidden: bool = False,
    pointer: bool = False,
    driver: Driver | None = None,
    title: str = "Anjungan",
) -> Any:
    """Open the window and give Kivy's ``Window``. ``width`` and ``height`` in pixels are ignored when ``fullscreen``.

    ``hidden`` keeps it unmapped until ``show``: the warm visit of the next person. ``pointer`` shows the mouse.
    ``driver`` defaults to SDL_VIDEODRIVER, else x11 with a DISPLAY, else kmsdrm.
    NoDisplayError when x11 has no server, or SDL cannot open it.
    """
    driver = driver or _driver()
    os.environ["SDL_VIDEODRIVER"] = "KMSDRM" if driver == "kmsdrm" else driver
    if driver == "x11":
        size = screen_size()
        if size is None:
            raise NoDisplayError(f"no X display at DISPLAY={os.environ.get('DISPLAY', '')!r}")
        if fullscreen:
            # Without a window manager SDL's own fullscreen waits for one; a bare window of the screen's
            # size is the same.
            width, height = size
    _configure(
        width,
        height,
        fullscreen=fullscreen and driver == "kmsdrm",
        bare=fullscreen,
        hidden=hidden,
        pointer=pointer,
    )
    window = _import_window()
    if window is None:
        raise NoDisplayError(f"SDL cannot open a window with {driver}")
    window.set_title(title)
    _silence(window)
    return window


def _configure(width: int, height: int, *, fullscreen: bool, bare: bool, hidden: bool, pointer: bool) -> None:
    from kivy.config import Config

    graphics: dict[str, Any] = {
        # Edges are antialiased in our textures; 2 samples cost 0.2 s at start and 70 MB under software GL.
        "multisamples": 0,
        "width": width,
        "height": height,
        "resizable": 0,
        "maxfps": 0,
        "borderless": int(bare),
        "fullscreen": "auto" if fullscreen else 0,
        "position": "custom",
        "left": 0,
        "top": 0,
        "window_state": "hidden" if hidden else "visible",
        "show_cursor": int(pointer),
        "allow_screensaver": 0,
        "kivy_clock": "default",
    }
    for name, value in graphics.items():
        Config.set("graphics", name, str(value))
    Config.set("kivy", "exit_on_escape", "0")
    Config.set("kivy", "pause_on_minimize", "0")
    Config.set("kivy", "log_enable", "0")
    Config.set("kivy", "window_icon", "")
    # One source of input, without the red dots of a simulated second finger; no calibration, no double tap timers.
    for section in ("input", "postproc"):
        if section == "input":
            Config.remove_section(section)
            Config.add_section(section)
    Config.set("input", "mouse", "mouse,disable_multitouch")


def _import_window() -> Any:
    """Import Kivy's window without parsing style.kv: 75 ms and 3 MB for rules of widgets we have none of."""
    import kivy

    real = kivy.kivy_data_dir
    empty = Path(__file__).parent / "theme" / "empty"
    try:
        kivy.kivy_data_dir = str(empty)
        import kivy.lang.builder
    finally:
        kivy.kivy_data_dir = real
    import kivy.lang.builder as builder

    builder.kivy_data_dir = real  # type: ignore[attr-defined]
    from kivy.core.window import Window

    if Window is None:
        return None
    from kivy.base import EventLoop
    from kivy.input import MotionEventFactory

    kind: Any = MotionEventFactory.get("mouse")
    if EventLoop.status != "started":  # opened twice by one process of tests: one source of input is enough
        EventLoop.add_input_provider(kind("mouse", "disable_multitouch"), True)
        EventLoop.start()
    return Window


def _silence(window: Any) -> None:
    """No key does what Kivy's defaults do: Escape ends, F1 opens settings, Ctrl+E toggles. Nothing reaches
    a clipboard."""

    def swallow(*_: Any, **__: Any) -> bool:
        return True

    window.bind(on_request_close=swallow, on_key_down=swallow, on_key_up=swallow, on_textinput=swallow)
    window.clearcolor = (0.027, 0.22, 0.267, 1)


def bind_keys(window: Any, key: Callable[[Literal["next", "previous", "fire"]], None]) -> None:
    """Send Tab, Shift+Tab, arrows, Enter and Space to ``key`` (``Stage.key``): keyboard and switch users."""
    names: dict[int, Literal["next", "previous", "fire"]] = {
        9: "next", 274: "next", 275: "next", 273: "previous", 276: "previous", 13: "fire", 32: "fire", 271: "fire",
    }  # fmt: skip

    def down(_window: Any, code: int, _scan: int, _text: str, modifiers: list[str]) -> bool:
        name = names.get(code)
        if name == "next" and "shift" in (modifiers or []):
            name = "previous"
        if name is not None:
            key(name)
        return True

    window.bind(on_key_down=down)


def on_terminate(stop: Callable[[], None]) -> None:
    """Call ``stop`` at SIGTERM and SIGINT. Must be called inside the running loop, after the window exists.

    SDL turns these signals into a close request, which the kiosk refuses, so without this they would be swallowed.
    """
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)


def show(window: Any, pulse: Any | None = None) -> None:
    """Bring a hidden window up with its picture. The first frame is drawn in the same turn, so nothing black is seen:
    X leaves what was there until the frame comes (SDL's windows have no background).
    """
    window.show()
    window.raise_window()
    if pulse is not None:
        pulse.set_visible(True)
        pulse.draw(whole=True)
    else:
        window.dispatch("on_draw")
        window.dispatch("on_flip")


def hide(window: Any, pulse: Any | None = None) -> None:
    """Take the window away."""
    window.hide()
    if pulse is not None:
        pulse.set_visible(False)


def pixels(window: Any) -> tuple[bytes, int, int]:
    """The window's picture: RGB rows from the lower edge up, width, height. Draws first, reads before the flip."""
    from kivy.graphics.opengl import GL_RGB, GL_UNSIGNED_BYTE, glReadPixels

    width, height = (int(v) for v in window.size)
    for child in window.children:
        clip = getattr(child, "clip", None)  # the pulse may have narrowed it to what changed last
        if clip is not None:
            clip.x, clip.y, clip.width, clip.height = 0, 0, width, height
    window.dispatch("on_draw")
    raw = bytes(glReadPixels(0, 0, width, height, GL_RGB, GL_UNSIGNED_BYTE))
    window.dispatch("on_flip")
    return raw, width, height


def screenshot(window: Any, path: Path) -> Path:
    """Write the window's picture as PNG (its own pixels) to ``path``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(png(*pixels(window)))
    return path


def png(raw: bytes, width: int, height: int) -> bytes:
    """Encode RGB rows that start at the lower edge, as OpenGL gives them, as PNG."""
    stride = width * 3
    rows = b"".join(b"\0" + raw[y * stride : (y + 1) * stride] for y in range(height - 1, -1, -1))

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows, 6))
        + chunk(b"IEND", b"")
    )
