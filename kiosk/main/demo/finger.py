"""A finger for the demo: looks where the guide says a touch has its place, and taps there through the X server."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypedDict, cast


class Spot(TypedDict):
    touch: str
    x: int
    y: int


class Seen(TypedDict):
    """One answer of the guide (`kiosk.main.guide`)."""

    session: str
    place: str
    dialog: str
    language: str
    help: str
    help_minutes: int
    busy: bool
    trouble: str
    paper: str
    steady: bool
    spots: list[Spot]


class LostError(Exception):
    """The autopilot does not find what a visitor would touch next; says where it is and what it wanted."""


class Finger:
    """Taps like a person. `display` is the X display, `guide` the kiosk's guide socket."""

    def __init__(self, display: str, guide: Path, *, patience: float = 20.0) -> None:
        self.display = display
        self.guide = guide
        self.patience = patience
        self.taps = 0

    def look(self) -> Seen:
        """What the screen offers now. Waits while no visit answers (one ends, the next begins)."""
        until = time.monotonic() + self.patience
        while True:
            try:
                with socket.socket(socket.AF_UNIX) as line:
                    line.settimeout(3.0)
                    line.connect(str(self.guide))
                    line.sendall(b"?\n")
                    with line.makefile("rb") as answer:
                        return cast("Seen", json.loads(answer.readline()))
            except (OSError, ValueError):
                if time.monotonic() > until:
                    raise LostError("no visit answers") from None
                time.sleep(0.05)

    def wait(self, what: str, wanted: Callable[[Seen], bool], seconds: float = 0.0) -> Seen:
        """Look until `wanted(seen)` holds; LostError names `what` and the place where it was waited for."""
        until = time.monotonic() + (seconds or self.patience)
        while True:
            seen = self.look()
            if wanted(seen):
                return seen
            if time.monotonic() > until:
                raise LostError(
                    f"waited for {what}; at {seen['place']}, dialog {seen['dialog']!r}, trouble {seen['trouble']!r}"
                )
            time.sleep(0.03)

    def at(self, *places: str, seconds: float = 0.0) -> Seen:
        """Wait until the visit is at one of the places and waits for nothing."""
        return self.wait(
            " or ".join(places), lambda seen: seen["place"] in places and not seen["busy"], seconds
        )

    def tap(self, touch: str) -> None:
        """Tap the part that sends this touch (an event's repr, or "key:<sign>")."""
        seen = self.wait(touch, lambda state: any(spot["touch"] == touch for spot in state["spots"]))
        spot = next(spot for spot in seen["spots"] if spot["touch"] == touch)
        self.touch(spot["x"], spot["y"])

    def touch(self, x: int, y: int) -> None:
        """Tap a pixel, for what only opens or closes something on the screen and sends no touch of its own."""
        self.taps += 1
        # A nervous second touch is ignored by the screen for a moment; a person is slower than that anyway.
        time.sleep(0.12)
        self._xdotool("mousemove", str(x), str(y), "mousedown", "1")
        time.sleep(0.04)
        self._xdotool("mouseup", "1")

    def choose(self, what: str) -> None:
        self.tap(f"Choose(what={what!r})")

    def type(self, text: str) -> None:
        """Tap the keys for `text`, one after the other."""
        for sign in text.lower():
            self.tap(f"key:{sign}")

    def picture(self, path: Path) -> None:
        """What the screen shows, as PNG, read from the X server like any onlooker would."""
        from PIL import ImageGrab

        time.sleep(0.35)  # let the horizon arrive
        path.parent.mkdir(parents=True, exist_ok=True)
        ImageGrab.grab(xdisplay=self.display).save(path)

    def _xdotool(self, *words: str) -> None:
        subprocess.run(
            ["xdotool", *words],
            env={"DISPLAY": self.display, "PATH": "/usr/bin:/bin:/usr/local/bin"},
            check=True,
            stdout=subprocess.DEVNULL,
            timeout=10,
        )


def fields(seen: Seen) -> list[str]:
    """Question ids of the form fields on screen."""
    return [
        match[1]
        for spot in seen["spots"]
        if (match := re.fullmatch(r"Focus\(field_id='(.+)'\)", spot["touch"]))
    ]


def choices(seen: Seen) -> list[str]:
    """What can be chosen now."""
    return [
        match[1] for spot in seen["spots"] if (match := re.fullmatch(r"Choose\(what='(.+)'\)", spot["touch"]))
    ]
