"""Serving the reference portal on 127.0.0.1: in a thread beside a test or the demo, or as a process of its own."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from kiosk.sandbox.app import create_app
from kiosk.sandbox.settings import SandboxSettings
from kiosk.sandbox.state import Sandbox

HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Tls:
    """PEM files. With `client_ca` a kiosk may show a certificate instead of a token; its common name is its name."""

    certificate: Path
    key: Path
    client_ca: Path | None = None


def _protocol(sandbox: Sandbox) -> type[H11Protocol]:
    """uvicorn's protocol, telling the sandbox of its connections so that a fault can cut one."""

    class Registered(H11Protocol):
        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            # asyncio sets this only on sockets whose protocol number is given, and create_server leaves it 0: without
            # it head and body of an answer are 40 ms apart.
            transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            peer = transport.get_extra_info("peername")
            self._peer = (str(peer[0]), int(peer[1])) if peer else ("", 0)
            certificate = cast("dict[str, Any] | None", transport.get_extra_info("peercert"))
            sandbox.connections.opened(self._peer, cast("asyncio.Transport", transport), _name(certificate))

        def connection_lost(self, exc: Exception | None) -> None:
            sandbox.connections.closed(self._peer)
            super().connection_lost(exc)

    return Registered


def _name(certificate: dict[str, Any] | None) -> str:
    for part in (certificate or {}).get("subject", ()):
        for key, value in part:
            if key == "commonName":
                return str(value)
    return ""


class Server:
    """A running portal. `url` is its base address, `sandbox` the portal itself; `stop` ends it."""

    def __init__(self, port: int, settings: SandboxSettings, tls: Tls | None = None) -> None:
        self._socket = socket.create_server((HOST, port), reuse_port=False)
        self.port: int = self._socket.getsockname()[1]
        self.url = f"{'https' if tls else 'http'}://{HOST}:{self.port}"
        if settings.public_url == SandboxSettings.__dataclass_fields__["public_url"].default:
            settings = replace(settings, public_url=self.url)
        app = create_app(settings)
        self.sandbox: Sandbox = app.state.sandbox
        config = uvicorn.Config(
            app,
            http=_protocol(self.sandbox),
            ws="none",
            log_config=None,
            log_level="error",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=2,
            ssl_certfile=tls.certificate if tls else None,
            ssl_keyfile=tls.key if tls else None,
            ssl_ca_certs=str(tls.client_ca) if tls and tls.client_ca else None,
            ssl_cert_reqs=ssl.CERT_OPTIONAL if tls and tls.client_ca else ssl.CERT_NONE,
        )
        self._server = uvicorn.Server(config)
        self._thread: threading.Thread | None = None

    async def run(self) -> None:
        """Serve until `stop` is called or the process is told to end."""
        await self._server.serve(sockets=[self._socket])

    def start(self) -> Server:
        """Serve in a thread of its own; returns once connections are answered. Raises RuntimeError after 10 s."""
        self._thread = threading.Thread(target=lambda: asyncio.run(self.run()), name="portal", daemon=True)
        self._thread.start()
        until = time.monotonic() + 10
        while not self._server.started:
            if time.monotonic() > until or not self._thread.is_alive():
                raise RuntimeError("the reference portal did not start")
            time.sleep(0.005)
        return self

    def stop(self, *, wait: bool = True) -> None:
        """End it. Without `wait` it goes on by itself to answer what is under way and close its files."""
        self._server.should_exit = True
        if not wait:
            return
        if self._thread is not None:
            self._thread.join(10)
        self._socket.close()

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def serve(port: int, settings: SandboxSettings, tls: Tls | None = None) -> Server:
    """Start the portal on 127.0.0.1:`port` (0: any free one) in a thread. Raises OSError when the port is taken."""
    return Server(port, settings, tls).start()
