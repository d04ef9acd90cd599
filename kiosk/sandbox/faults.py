"""Trouble to switch on: every way a portal and its line can fail, so that the kiosk's answers to them can be tried."""

from __future__ import annotations

import asyncio
import os
import threading
from collections import deque
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Literal, cast, get_args

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kiosk.sandbox.problems import Problem

Mode = Literal["ok", "slow", "gone", "lost", "http500", "http422", "garbage", "half_answer", "busy"]
"""slow: answers after `slow_ms` · gone: the line breaks before the portal hears anything · lost: the portal does its
work and the line breaks before the answer · half_answer: it breaks in the middle of the answer · garbage: bytes that
mean nothing, with status 200 · busy: 503 with Retry-After."""
MODES: tuple[Mode, ...] = get_args(Mode)


@dataclass(slots=True)
class Faults:
    """Change any field at any time, from any thread. `script` is used up first, one mode a request; then `mode` holds.

    `paths` limits trouble to addresses that begin so ("/v1/applications"); empty: all of them.
    """

    mode: Mode = "ok"
    latency_ms: float = 0.0
    """Added to every answer, whatever the mode."""
    slow_ms: float = 12_000.0
    retry_after: int = 1
    paths: tuple[str, ...] = ()
    script: deque[Mode] = field(default_factory=lambda: deque[Mode]())

    def set(self, mode: Mode, *, script: Iterable[Mode] = (), paths: tuple[str, ...] = ()) -> None:
        self.mode, self.paths, self.script = mode, paths, deque[Mode](script)

    def clear(self) -> None:
        self.set("ok")
        self.latency_ms = 0.0

    def change(self, asked: object) -> None:
        """From the control address: `mode`, `latency_ms`, `slow_ms`, `retry_after`, `paths`, `script`. Raises
        ValueError for anything else; then nothing has changed."""
        wanted = cast("dict[str, object]", asked) if isinstance(asked, dict) else {"": asked}
        if not set(wanted) <= set(asdict(self)):
            raise ValueError("unknown field")
        mode = _mode(wanted.get("mode", self.mode))
        latency = _number(wanted.get("latency_ms", self.latency_ms), 120_000)
        slow = _number(wanted.get("slow_ms", self.slow_ms), 120_000)
        retry = int(_number(wanted.get("retry_after", self.retry_after), 3600))
        paths = tuple(_texts(wanted.get("paths", list(self.paths))))
        script: deque[Mode] = deque(_mode(one) for one in _texts(wanted.get("script", list(self.script))))
        self.mode, self.latency_ms, self.slow_ms, self.retry_after = mode, latency, slow, retry
        self.paths, self.script = paths, script

    def plain(self) -> dict[str, object]:
        return {**asdict(self), "paths": list(self.paths), "script": list(self.script)}

    def next(self, path: str) -> Mode:
        if self.paths and not path.startswith(self.paths):
            return "ok"
        return self.script.popleft() if self.script else self.mode


def _mode(value: object) -> Mode:
    for mode in MODES:
        if value == mode:
            return mode
    raise ValueError("unknown mode")


def _number(value: object, most: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= most:
        raise ValueError("not a number in range")
    return float(value)


def _texts(value: object) -> list[str]:
    if not isinstance(value, list) or len(cast("list[object]", value)) > 100:
        raise ValueError("not a list")
    items = cast("list[object]", value)
    if not all(isinstance(item, str) for item in items):
        raise ValueError("not texts")
    return cast("list[str]", items)


class Connections:
    """Open connections by the caller's address, so that one can be cut without an answer. Filled by the server."""

    def __init__(self) -> None:
        self._open: dict[tuple[str, int], asyncio.Transport] = {}
        self._names: dict[tuple[str, int], str] = {}
        self._lock = threading.Lock()

    def opened(self, peer: tuple[str, int], transport: asyncio.Transport, name: str = "") -> None:
        """`name`: common name of the caller's verified certificate, if any."""
        with self._lock:
            self._open[peer] = transport
            if name:
                self._names[peer] = name

    def certified(self, peer: tuple[str, int] | None) -> str:
        with self._lock:
            return self._names.get(peer, "") if peer else ""

    def closed(self, peer: tuple[str, int]) -> None:
        with self._lock:
            self._open.pop(peer, None)
            self._names.pop(peer, None)

    def cut(self, peer: tuple[str, int] | None) -> bool:
        with self._lock:
            transport = self._open.get(peer) if peer else None
        if transport is None:
            return False
        transport.abort()
        return True


class FaultGate:
    """ASGI middleware in front of everything but the control addresses."""

    def __init__(self, app: ASGIApp, faults: Faults, connections: Connections) -> None:
        self._app = app
        self._faults = faults
        self._connections = connections

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or str(scope["path"]).startswith("/_sandbox/"):
            await self._app(scope, receive, send)
            return
        mode = self._faults.next(str(scope["path"]))
        if self._faults.latency_ms:
            await asyncio.sleep(self._faults.latency_ms / 1000)
        match mode:
            case "ok":
                await self._app(scope, receive, send)
            case "slow":
                await asyncio.sleep(self._faults.slow_ms / 1000)
                await self._app(scope, receive, send)
            case "gone":
                await self._cut(scope, receive, send)
            case "lost":
                await self._app(scope, receive, _nowhere)
                await self._cut(scope, receive, send)
            case "half_answer":
                await self._half(scope, receive, send)
            case "garbage":
                await _garbage(send)
            case "http500":
                await Problem(500, "broken").response()(scope, receive, send)
            case "http422":
                await Problem(422, "invalid").response()(scope, receive, send)
            case "busy":
                hint = {"Retry-After": str(self._faults.retry_after)}
                await Problem(503, "busy", headers=hint).response()(scope, receive, send)

    async def _cut(self, scope: Scope, receive: Receive, send: Send) -> None:
        client = scope.get("client")
        if not self._connections.cut(tuple(client) if client else None):
            # Under another server than ours the socket is out of reach; an empty answer comes closest.
            await Problem(503, "broken").response()(scope, receive, send)

    async def _half(self, scope: Scope, receive: Receive, send: Send) -> None:
        parts: list[Message] = []

        async def keep(message: Message) -> None:
            parts.append(message)

        await self._app(scope, receive, keep)
        body = b"".join(
            bytes(part.get("body", b"")) for part in parts if part["type"] == "http.response.body"
        )
        headers = [(k, v) for k, v in parts[0]["headers"] if k.lower() != b"content-length"]
        headers.append((b"content-length", str(max(2, len(body))).encode()))
        status = parts[0]["status"] if body else 200
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body[: len(body) // 2] or b"{", "more_body": True})
        # Let the bytes leave before the line is cut.
        await asyncio.sleep(0.02)
        client = scope.get("client")
        self._connections.cut(tuple(client) if client else None)


async def _nowhere(_message: Message) -> None:
    pass


async def _garbage(send: Send) -> None:
    body = b'{"nomor": "MKM-' + os.urandom(200)
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
