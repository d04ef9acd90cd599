"""What the demo runs beside the kiosk, in one process: practice portal, simulated table, device bench."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Generator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.main.demo.desk import DemoDesk, codes_page, demo_desk
from kiosk.main.demo.stage import DEMO_TOKEN_FILE
from kiosk.settings import Settings

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from hardware.world import MemoryWorld
    from kiosk.sandbox import Server

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Host:
    portal: Server
    world: MemoryWorld
    bench_url: str
    desk: DemoDesk


@contextlib.contextmanager
def host(
    settings: Settings, folder: Path, *, portal_port: int = 0, bench_port: int = 0, desk_port: int = 0
) -> Generator[Host]:
    """Serve until the block is left. Ports 0 take any free one; everything is bound to loopback.

    Raises `kiosk.sandbox.bench.BenchRefused` on an enrolled kiosk.
    """
    from hardware.world import MemoryWorld, WorldServer
    from kiosk.folders import make_private
    from kiosk.sandbox import SandboxSettings, serve
    from kiosk.sandbox.bench import bench_app
    from kiosk.sandbox.line import PortalLine, sent_codes
    from kiosk.sandbox.settings import DEMO_TOKEN
    from kiosk.settings.places import world_socket

    world = MemoryWorld()
    with serve(portal_port, SandboxSettings(data_dir=folder / "portal")) as portal:
        bench = bench_app(
            world,
            PortalLine(portal.sandbox),
            sent_codes(portal.sandbox),
            enrolled=settings.enrolled,
            kiosk=settings.kiosk.id,
        )
        path = world_socket(settings)
        make_private(path.parent)
        token = folder / DEMO_TOKEN_FILE
        token.touch(0o600)
        token.write_text(DEMO_TOKEN)
        office = replace(settings.portal, url=portal.url, token_file=token)
        with (
            WorldServer(world, path),
            _bench(bench, bench_port) as port,
            demo_desk(settings, folder, office, desk_port) as desk,
        ):
            yield Host(portal, world, f"http://{LOOPBACK}:{port}/meja/", desk)


@contextlib.contextmanager
def _bench(app: Starlette, port: int) -> Generator[int]:
    import uvicorn
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import RedirectResponse
    from starlette.routing import Mount, Route

    def home(_: Request) -> RedirectResponse:
        return RedirectResponse("/meja/")

    table = Starlette(routes=[Route("/", home), Route("/petugas", codes_page), Mount("/meja", app=app)])
    listener = socket.create_server((LOOPBACK, port))
    config = uvicorn.Config(table, log_config=None, access_log=False, timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listener],), name="bench", daemon=True)
    thread.start()
    try:
        until = time.monotonic() + 10
        while not server.started and time.monotonic() < until:
            time.sleep(0.01)
        yield int(listener.getsockname()[1])
    finally:
        server.should_exit = True
        thread.join(5)
        listener.close()
