"""The kiosk's line to the desk: outwards only, for ever, directly over a WebSocket or through the office's broker.

A line says the kiosk's state when it changes and every few seconds, and hands in what the desk says. It decides nothing
and a kiosk without it loses only the call to an officer.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import ssl
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from kiosk.assist.call.wire import (
    BEAT_SECONDS,
    LIMIT,
    Do,
    State,
    WireError,
    do_topic,
    link_topic,
    pack_state,
    read_do,
    state_topic,
)
from kiosk.settings import SecretTroubleError, Settings, read_secret

if TYPE_CHECKING:
    import aiomqtt

FIRST_WAIT = 0.5
LONGEST_WAIT = 10.0


class LineBroken(Exception):
    """The line ended; it will be tried again."""


class Line(Protocol):
    """One way to the desk."""

    async def session(self, linked: Linked) -> None:
        """Connect, serve until the line breaks. Raises `LineBroken`."""
        ...


class Linked:
    """Keeps a line up. `state` is asked before each message, `told` gets what the desk says; both on the loop."""

    def __init__(
        self,
        line: Line,
        state: Callable[[], State],
        told: Callable[[Do], None],
        *,
        beat: float = BEAT_SECONDS,
    ) -> None:
        self._line = line
        self._beat = beat
        self._news = asyncio.Event()
        self.state = state
        self.told = told
        self.up = asyncio.Event()
        """Set while the line is up."""

    def changed(self) -> None:
        """Say the state now."""
        self._news.set()

    async def run(self) -> None:
        """Connect, serve, connect again. Ends by cancellation only."""
        wait = FIRST_WAIT
        while True:
            began = time.monotonic()
            try:
                await self._line.session(self)
            except LineBroken:
                pass
            finally:
                self.up.clear()
            wait = FIRST_WAIT if time.monotonic() - began > 30 else min(LONGEST_WAIT, wait * 2)
            # Spread, so that kiosks that lost one broker do not all come back at once.
            await asyncio.sleep(random.uniform(0.3, 1) * wait)  # noqa: S311 -- timing, not a secret

    async def speak(self, send: Callable[[bytes], Awaitable[object]]) -> None:
        """State at once, at each change and at each beat."""
        while True:
            self._news.clear()
            await send(pack_state(self.state()))
            self.up.set()
            # Not wait_for: Python 3.11's can swallow a cancellation that comes with the event.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._beat):
                    await self._news.wait()

    def hear(self, data: bytes | str) -> None:
        """What is not a message of the protocol is dropped."""
        with contextlib.suppress(WireError):
            self.told(read_do(data))


class Direct:
    """One kiosk, no broker: a WebSocket to `kiosk desk`, proved by a token of this kiosk's own."""

    def __init__(self, url: str, token: Callable[[], str], tls: Callable[[], ssl.SSLContext | None]) -> None:
        self._url = url.rstrip("/").replace("http", "ws", 1) + "/kios"
        self._token = token
        self._tls = tls

    async def session(self, linked: Linked) -> None:
        from websockets.asyncio.client import connect
        from websockets.exceptions import WebSocketException

        try:
            async with connect(
                self._url,
                additional_headers={"Authorization": f"Bearer {self._token()}"},
                ssl=self._tls(),
                open_timeout=5,
                ping_interval=BEAT_SECONDS,
                ping_timeout=BEAT_SECONDS,
                close_timeout=1,
                max_size=LIMIT,
                proxy=None,
                compression=None,
            ) as socket:

                async def listen() -> None:
                    async for message in socket:
                        linked.hear(message)
                    raise LineBroken

                await _both(linked.speak(lambda data: socket.send(data.decode())), listen())
        except (
            OSError,
            ssl.SSLError,
            WebSocketException,
            TimeoutError,
            SecretTroubleError,
            ValueError,
        ) as error:
            raise LineBroken from error


class Broker:
    """Several kiosks: the office's MQTT broker, mTLS, the last state kept there."""

    def __init__(self, kiosk: str, host: str, port: int, tls: Callable[[], ssl.SSLContext | None]) -> None:
        self._kiosk = kiosk
        self._host = host
        self._port = port
        self._tls = tls

    async def session(self, linked: Linked) -> None:
        import aiomqtt

        gone = aiomqtt.Will(link_topic(self._kiosk), b"0", qos=1, retain=True)
        try:
            async with aiomqtt.Client(
                self._host,
                self._port,
                identifier=self._kiosk,
                protocol=aiomqtt.ProtocolVersion.V5,
                clean_start=True,
                will=gone,
                keepalive=int(2 * BEAT_SECONDS),
                tls_context=self._tls(),
                timeout=5,
            ) as client:
                await self._serve(client, linked)
        except (aiomqtt.MqttError, OSError, ssl.SSLError, ValueError) as error:
            raise LineBroken from error

    async def _serve(self, client: aiomqtt.Client, linked: Linked) -> None:
        import aiomqtt

        await client.subscribe(do_topic(self._kiosk), qos=1)
        await client.publish(link_topic(self._kiosk), b"1", qos=1, retain=True)

        async def send(data: bytes) -> None:
            await client.publish(state_topic(self._kiosk), data, qos=1, retain=True)

        async def listen() -> None:
            async for message in client.messages:
                # A kept order would answer a call of last week; the desk never keeps one, and nobody else may.
                if not message.retain:
                    linked.hear(message.payload)
            raise LineBroken

        try:
            await _both(linked.speak(send), listen())
        except asyncio.CancelledError:
            # An orderly stop sends no will: say it ourselves, then go.
            with contextlib.suppress(aiomqtt.MqttError):
                await client.publish(link_topic(self._kiosk), b"0", qos=1, retain=True, timeout=2)
            raise


async def _both(*works: Awaitable[None]) -> None:
    """Run until the first ends, then end the other and raise what the first raised."""
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def client_tls(ca: Path | None, certificate: Path | None = None, key: Path | None = None) -> ssl.SSLContext:
    """Trust `ca` alone (None: the system's) and show our certificate. Raises `OSError` or `ssl.SSLError`."""
    context = ssl.create_default_context(cafile=str(ca) if ca else None)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if certificate is not None:
        context.load_cert_chain(str(certificate), str(key) if key else None)
    return context


def line(settings: Settings) -> Line | None:
    """The line the settings name; None when calls go through the portal or nowhere."""
    desk = settings.desk
    match desk.via:
        case "direct":
            secure = desk.url.startswith("https:")
            return Direct(
                desk.url,
                lambda: read_secret("desk-token", desk.token_file).text,
                lambda: client_tls(desk.ca_file) if secure else None,
            )
        case "broker":
            return Broker(
                settings.kiosk.id,
                desk.broker_host,
                desk.broker_port,
                lambda: client_tls(desk.broker_ca, desk.broker_certificate, desk.broker_key),
            )
        case _:
            return None
