"""The desk on its port, over TLS: in a thread beside a test or the demo, or as a process of its own."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path

import uvicorn

from kiosk.desk.app import Desk, desk_app
from kiosk.desk.doors import Check
from kiosk.desk.guard import check_bind
from kiosk.desk.sessions import Rate
from kiosk.identity.officers import Duty
from kiosk.settings import Settings
from kiosk.store import Store
from kiosk.store.officers import Opened, Refused


class DeskSettingsError(ValueError):
    """The desk cannot be served with these settings; says why and what to do."""


def store_check(settings: Settings) -> tuple[Check, Callable[[], None]]:
    """Officers from this machine's store, opened at the first sign-in; and what closes it."""
    lock = threading.Lock()
    opened: list[Store] = []

    def check(number: str, pin: str, code: str) -> Opened | Refused:
        with lock:
            if not opened:
                opened.append(Store.open(settings, "desk"))
            return opened[0].officers.open(Duty.DESK, number, pin, code=code)

    def close() -> None:
        with lock:
            while opened:
                opened.pop().close()

    return check, close


class Server:
    """A desk that is bound. `url` is its address. Raises `DeskSettingsError`, `NotHereError`, OSError."""

    def __init__(self, settings: Settings, *, check: Check | None = None, rate: Rate | None = None) -> None:
        desk = settings.desk
        check_bind(desk.bind, public=desk.public)
        certificate, key = (
            _pem(desk.certificate, "certificate"),
            _pem(desk.certificate_key, "certificate_key"),
        )
        if key.stat().st_mode & 0o077:
            raise DeskSettingsError(f"{key}: others may read this key. chmod 600 {key}")
        family = socket.AF_INET6 if ":" in desk.bind else socket.AF_INET
        self._socket = socket.create_server((desk.bind, desk.port), family=family)
        self.port = int(self._socket.getsockname()[1])
        host = f"[{desk.bind}]" if ":" in desk.bind else desk.bind
        self.url = f"https://{host}:{self.port}"
        self._close: Callable[[], None] = lambda: None
        if check is None:
            check, self._close = store_check(settings)
        app = desk_app(settings, check, rate=rate)
        self.desk: Desk = app.state.desk
        self._server = uvicorn.Server(
            uvicorn.Config(
                app,
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                ws_max_size=4096,
                ws_ping_interval=5,
                ws_ping_timeout=5,
                timeout_graceful_shutdown=1,
                limit_concurrency=500,
                ssl_certfile=certificate,
                ssl_keyfile=key,
            )
        )
        self._thread: threading.Thread | None = None
        self.loop: asyncio.AbstractEventLoop | None = None
        """The loop it serves on, once it does."""

    async def run(self) -> None:
        """Serve until `stop`, or until the process is told to end."""
        self.loop = asyncio.get_running_loop()
        try:
            await self._server.serve(sockets=[self._socket])
        finally:
            self._close()

    def start(self) -> Server:
        """Serve in a thread of its own; returns once it answers. Raises RuntimeError after 10 s."""
        self._thread = threading.Thread(target=lambda: asyncio.run(self.run()), name="desk", daemon=True)
        self._thread.start()
        until = time.monotonic() + 10
        while not self._server.started:
            if time.monotonic() > until or not self._thread.is_alive():
                raise RuntimeError("the desk did not start")
            time.sleep(0.005)
        return self

    def stop(self) -> None:
        self._server.should_exit = True
        if self._thread is not None:
            self._thread.join(10)
        self._socket.close()

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def _pem(path: Path | None, name: str) -> Path:
    if path is None:
        raise DeskSettingsError(
            f"desk.{name} is not set. The desk is served over TLS only: take a certificate of your office's CA, or let "
            "'kiosk desk --new-certificate FOLDER' make one."
        )
    if not path.is_file():
        raise DeskSettingsError(f"desk.{name}: {path}: no such file")
    return path
