"""The bench on a real server on loopback, with the real world behind it."""

from __future__ import annotations

import io
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import pytest
import uvicorn
from PIL import Image, ImageDraw, ImageFont
from starlette.applications import Starlette
from starlette.routing import Mount

from hardware.world import Happening, MemoryWorld
from kiosk.assets import plus_jakarta_sans
from kiosk.sandbox.bench import Line, NetworkView, SentCode, bench_app


class Switch:
    """The line to the portal, as the wiring would hold it."""

    def __init__(self) -> None:
        self.view = NetworkView(answered_ms=38)

    def set(self, line: Line) -> None:
        self.view = replace(self.view, line=line, waiting=2 if line == "lost" else None)


@dataclass
class Bench:
    address: str = ""
    world: MemoryWorld = field(default_factory=MemoryWorld)
    switch: Switch = field(default_factory=Switch)
    sent: list[SentCode] = field(default_factory=list)

    def print_ticket(self) -> None:
        """What the simulated printer does."""
        self.world.report(Happening("printer.ticket", 120.0, ticket_picture()))
        self.world.change("printer", hanging=True)


@pytest.fixture
def bench() -> Iterator[Bench]:
    bench = Bench()
    app = Starlette(routes=[Mount("/meja", bench_app(bench.world, bench.switch, lambda: bench.sent))])
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    server = uvicorn.Server(
        uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1, lifespan="off")
    )
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    bench.address = f"http://127.0.0.1:{listener.getsockname()[1]}/meja/"
    yield bench
    server.should_exit = True
    thread.join(10)
    listener.close()


def ticket_picture() -> bytes:
    """An invented ticket as the printer would rasterise it: 576 dots wide, black on white."""
    picture = Image.new("1", (576, 640), 1)
    draw = ImageDraw.Draw(picture)
    for text, weight, size, y in (
        ("DPMPTSP CONTOH", 700, 34, 30),
        ("Nomor antrean Anda", 600, 30, 84),
        ("A-047", 800, 172, 120),
        ("Loket Perizinan", 700, 38, 350),
        ("Tidak untuk dipakai", 600, 28, 520),
    ):
        font = ImageFont.truetype(str(plus_jakarta_sans(weight)), size)  # pyright: ignore[reportArgumentType]
        draw.text((288, y), text, font=font, fill=0, anchor="ma")
    draw.line((24, 440, 552, 440), fill=0, width=4)
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()
