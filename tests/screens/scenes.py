"""Draws the state of a visit as the kiosk would, without a display: for the tests of scenes, and pictures to look at.

One offscreen window for the whole test run; each picture is drawn into a framebuffer of its own size, so portrait,
landscape and any other size need no second window.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from screens.engine import prepare

prepare()

from kiosk.flow.events import Touch  # noqa: E402
from kiosk.flow.model import Visit  # noqa: E402
from kiosk.flow.officer_events import OfficerTouch  # noqa: E402
from screens.scene import Office, Scene, Sources  # noqa: E402
from screens.theme.look import Look  # noqa: E402

PICTURES = Path(__file__).parents[2] / "build" / "pictures"
PORTRAIT = (1080, 1920)
LANDSCAPE = (1920, 1080)


@cache
def window() -> Any:
    """The one window all tests share; its own picture is never looked at."""
    from screens.window import open_window

    return open_window(64, 64, driver="offscreen")


Sent = Touch | OfficerTouch


@dataclass
class Shown:
    """A visit on a stage: what it sent, and the means to touch and to change it."""

    director: Any
    sent: list[Sent] = field(default_factory=list)

    @property
    def stage(self) -> Any:
        return self.director.stage

    @property
    def scene(self) -> Scene:
        scene = self.stage.screen
        assert isinstance(scene, Scene)
        return scene

    def draw(self, visit: Visit) -> Shown:
        """The state changed: `update` or a new scene, as on the kiosk."""
        self.director.draw(visit)
        return self

    def tap(self, part: Any) -> list[Sent]:
        """Tap the middle of a part; what it made the scene send, without the stage's own `Rest`."""
        from kiosk.flow.events import Rest

        self.stage._last_fired = (-9.0, 0.0, 0.0)  # a test taps faster than any hand
        part._fired_at = -1.0
        before = len(self.sent)
        self.stage.tap(part.x + part.w / 2, self.top(part) + part.h / 2)
        return [touch for touch in self.sent[before:] if not isinstance(touch, Rest)]

    def top(self, part: Any) -> float:
        """Where a part begins on the stage: lower when it was laid out under the officer's half."""
        return part.y + self.stage.look.tall - part.look.tall

    def key(self, keys: Any, sends: str) -> list[Sent]:
        """Tap a key of a keypad or keyboard."""
        from kiosk.flow.events import Rest

        self.stage._last_fired = (-9.0, 0.0, 0.0)
        before = len(self.sent)
        self.stage.tap(*keys.place_of(sends))
        return [touch for touch in self.sent[before:] if not isinstance(touch, Rest)]

    def button(self, words: str) -> Any:
        """The touchable part with these words on it. KeyError when there is none."""
        for part in self.stage.touchables():
            for handle in (getattr(part, "label", None), getattr(part, "title", None)):
                if handle is not None and handle.words == words:
                    return part
        raise KeyError(words)

    def small(self) -> list[str]:
        """Targets under the smallest size a finger may have to hit."""
        return [
            f"{target.name} {target.w:.0f} x {target.h:.0f}"
            for part in self.stage.touchables()
            for target in part.targets()
            if target.w < 88 or target.h < 88
        ]

    def under_nav(self) -> list[Any]:
        """Parts of the scene that run into its navigation row; there must be a row. What stands in the sky beside it,
        in a wide window, does not count."""
        row = self.scene.nav_row
        assert row is not None
        low = [part for part in self.scene.parts if part is not row and part.bottom > row.y + 1]
        return [part for part in low if part.x + part.w > self.scene.left]

    def outside(self) -> list[str]:
        """Touchable parts that leave the window or lie on another one."""
        stage = self.stage
        parts = list(stage.touchables())
        wrong = [
            f"{type(part).__name__} ends at {part.x + part.w:.0f}, {part.bottom:.0f}"
            for part in parts
            if part.x < 0
            or part.y < 0
            or part.x + part.w > stage.look.wide + 1
            or part.bottom > stage.look.tall + 1
        ]
        for index, one in enumerate(parts):
            for other in parts[index + 1 :]:
                apart = (
                    one.x + one.w <= other.x + 1
                    or other.x + other.w <= one.x + 1
                    or self.top(one) + one.h <= self.top(other) + 1
                    or self.top(other) + other.h <= self.top(one) + 1
                )
                inside = other in list(one.walk()) or one in list(other.walk())
                if not apart and not inside:
                    wrong.append(
                        f"{type(one).__name__} at {one.y:.0f} lies on {type(other).__name__} at {other.y:.0f}"
                    )
        return wrong

    def picture(self, name: str) -> Path:
        """Write what is shown to build/pictures/<name>.png."""
        return draw_stage(self.stage, PICTURES / f"{name}.png")


def show(
    visit: Visit,
    *,
    size: tuple[int, int] = PORTRAIT,
    office: Office | None = None,
    sources: Sources | None = None,
) -> Shown:
    """Put a visit on a fresh stage, without movement."""
    from screens.director import Director

    window()
    sent: list[Sent] = []
    look = Look(*size, still=True)
    director = Director(look, sent.append, office or Office(), sources or Sources())
    director.draw(visit)
    return Shown(director, sent)


def written(draw: Callable[[], Shown]) -> str:
    """Every text that ``draw`` puts on the stage, one a line; measured-only parts may add some that are not shown."""
    from unittest.mock import patch

    from screens.widgets.pen import Pen

    seen: list[str] = []
    real = Pen.text

    def text(pen: Pen, words: str, *args: Any, **options: Any) -> Any:
        seen.append(words)
        return real(pen, words, *args, **options)

    with patch.object(Pen, "text", text):
        draw()
    return "\n".join(seen)


def draw_stage(stage: Any, path: Path) -> Path:
    """Write the stage as PNG."""
    from kivy.graphics import ClearBuffers, ClearColor, Fbo

    from screens.window import png

    width, height = stage.look.width, stage.look.height
    fbo = Fbo(size=(width, height), with_stencilbuffer=False)
    with fbo:
        ClearColor(0, 0, 0, 1)
        ClearBuffers()
    fbo.add(stage.canvas)
    fbo.draw()
    raw = bytes(fbo.pixels)
    fbo.remove(stage.canvas)
    rgb = bytearray(width * height * 3)
    for channel in range(3):
        rgb[channel::3] = raw[channel::4]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(png(bytes(rgb), width, height))
    return path
