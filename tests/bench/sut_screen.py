"""What the benches run: our stage, a bare Kivy window of a few buttons, or one that shows a camera and nothing else.

``python -m tests.bench.sut_screen ours|bare|video URL``.

Prints one line of JSON at the end. Both change a picture at a tap; the bench watches from outside.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any


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


def _plain() -> None:
    """Kivy as it comes, in a window of the kiosk's size."""
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


def bare() -> None:
    """An App with eight buttons that turn their colour when pressed."""
    _plain()
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


def video(url: str) -> None:
    """As Kivy's own camera widget does it: OpenCV reads, an Image as large as the kiosk's view shows it."""
    _plain()
    import threading

    import cv2
    from kivy.app import App
    from kivy.clock import Clock
    from kivy.graphics.texture import Texture
    from kivy.uix.floatlayout import FloatLayout
    from kivy.uix.image import Image

    newest: list[Any] = []

    def read() -> None:
        capture = cv2.VideoCapture(url)
        while capture.isOpened():
            alive, picture = capture.read()
            if not alive:
                return
            newest[:] = [picture]

    class Video(App):
        def build(self) -> FloatLayout:
            layout = FloatLayout()
            self.image: Any = Image(size_hint=(1, None), height=1016, pos=(0, 600), fit_mode="cover")
            layout.add_widget(self.image)
            threading.Thread(target=read, daemon=True).start()
            Clock.schedule_interval(self.show, 1 / 30)
            return layout

        def show(self, _: float) -> None:
            if not newest:
                return
            picture = newest.pop()
            if self.image.texture is None:
                self.image.texture = Texture.create(size=picture.shape[1::-1], colorfmt="bgr")
                self.image.texture.flip_vertical()
            self.image.texture.blit_buffer(picture.tobytes(), colorfmt="bgr", bufferfmt="ubyte")
            self.image.canvas.ask_update()

    Video().run()


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))
    if sys.argv[1] == "bare":
        bare()
    elif sys.argv[1] == "video":
        video(sys.argv[2])
    else:
        asyncio.run(ours(sys.argv[2] if len(sys.argv) > 2 else "menu"))
