"""What the screen bench runs: our stage, or a bare Kivy window of a few buttons. ``python -m
tests.bench.sut_screen ours|bare``.

Prints one line of JSON at the end. Both change a picture at a tap; the bench watches from outside.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path


def cpu() -> float:
    """Seconds of processor time this process has used."""
    times = os.times()
    return times.user + times.system


async def ours(screen: str) -> None:
    """The sample screens of the gallery."""
    from screens.window import on_terminate, open_window

    window = open_window(1080, 1920, driver="x11")
    from screens.pulse import Pulse
    from screens.theme.look import Look
    from tests.screens import gallery

    look = Look(int(window.width), int(window.height))
    stage = gallery.stage_for(look)
    window.add_widget(stage)
    pulse = Pulse(window, stage.clip)
    stage.show(gallery.SCREENS[screen](look))
    on_terminate(pulse.stop)

    async def clock() -> None:
        left = 300.0
        while True:
            stage.tell_time(left, 300)
            left -= 1
            await asyncio.sleep(1)

    ticking = asyncio.get_running_loop().create_task(clock())
    await pulse.run()
    ticking.cancel()
    print(json.dumps({"frames": pulse.frames, "turns": pulse.turns, "cpu": cpu()}), flush=True)


def bare() -> None:
    """Kivy as it comes: an App with eight buttons that turn their colour when pressed."""
    os.environ.update(KIVY_NO_ARGS="1", KIVY_NO_CONFIG="1", KIVY_NO_FILELOG="1", KIVY_NO_CONSOLELOG="1")
    from kivy.config import Config

    for key, value in (
        ("multisamples", 0),
        ("width", 1080),
        ("height", 1920),
        ("position", "custom"),
        ("left", 0),
        ("top", 0),
    ):
        Config.set("graphics", key, value)
    from kivy.app import App
    from kivy.uix.button import Button
    from kivy.uix.gridlayout import GridLayout

    class Bare(App):
        def build(self) -> GridLayout:
            grid = GridLayout(cols=2)
            for number in range(8):
                grid.add_widget(Button(text=f"Layanan {number}", font_size=40))
            return grid

    Bare().run()


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))
    if sys.argv[1] == "bare":
        bare()
    else:
        asyncio.run(ours(sys.argv[2] if len(sys.argv) > 2 else "menu"))
