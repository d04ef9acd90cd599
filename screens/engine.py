"""The environment Kivy is born into. Must run before the first ``import kivy``; imports nothing heavy itself."""

from __future__ import annotations

import os
import tempfile

# Why each: the kiosk's own command line is not Kivy's (NO_ARGS); Kivy must write neither an ini file, nor logs, nor
# text of a visit to the console; providers are named so that Kivy does not try the others one by one at start.
_ENVIRONMENT = {
    "KIVY_NO_ARGS": "1",
    "KIVY_NO_CONFIG": "1",
    "KIVY_NO_ENV_CONFIG": "1",
    "KIVY_NO_FILELOG": "1",
    "KIVY_NO_CONSOLELOG": "1",
    "KIVY_LOG_MODE": "MIXED",
    "KIVY_WINDOW": "sdl2",
    "KIVY_TEXT": "sdl2",
    "KIVY_IMAGE": "sdl2",
    "KIVY_GL_BACKEND": "sdl2",
    "KIVY_CLIPBOARD": "dummy",
    "KIVY_AUDIO": "",
    "KIVY_VIDEO": "",
    "KIVY_CAMERA": "",
    "KIVY_SPELLING": "",
    # A touch screen's taps arrive as mouse events from SDL; no other source of input is opened.
    "SDL_MOUSE_TOUCH_EVENTS": "0",
    # The kiosk's own window must never be minimised because something else asked for the focus.
    "SDL_VIDEO_MINIMIZE_ON_FOCUS_LOSS": "0",
}


def prepare() -> None:
    """Set Kivy's environment. Does nothing the second time; KIVY_HOME set by the caller is respected."""
    for name, value in _ENVIRONMENT.items():
        os.environ[name] = value
    # Kivy wants a home folder even when it writes nothing there; one shared, empty folder of this user is enough.
    if "KIVY_HOME" not in os.environ:
        os.environ["KIVY_HOME"] = os.path.join(tempfile.gettempdir(), f"anjungan-kivy-{os.getuid()}")  # noqa: PTH118
