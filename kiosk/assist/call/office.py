"""The desk's end of the office's MQTT broker: every kiosk's kept state in, orders about calls out."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import uuid
from collections.abc import Callable
from typing import Protocol

import aiomqtt

from kiosk.assist.call.links import client_tls
from kiosk.assist.call.wire import BEAT_SECONDS, Do, State, WireError, do_topic, pack_do, read_state
from kiosk.settings import Settings

AGAIN_SECONDS = 2.0
_STATES = "desk/k/+/state"
_LINKS = "desk/k/+/link"


class Kiosks(Protocol):
    """Who wants to know (`kiosk.desk.room.Room`)."""

    def spoke(self, state: State, *, kept: bool = False) -> None: ...

    def linked(self, kiosk: str, online: bool) -> None: ...

    def line(self, kiosk: str, send: Callable[[Do], None]) -> Callable[[], None]: ...


async def follow(settings: Settings, kiosks: Kiosks) -> None:
    """Until cancelled. A lost broker is tried again for ever; its kiosks count as lost meanwhile."""
    while True:
        with contextlib.suppress(aiomqtt.MqttError, OSError, ssl.SSLError):
            await _session(settings, kiosks)
        await asyncio.sleep(AGAIN_SECONDS)


async def _session(settings: Settings, kiosks: Kiosks) -> None:
    desk = settings.desk
    orders: asyncio.Queue[tuple[str, Do]] = asyncio.Queue()
    closers: dict[str, Callable[[], None]] = {}
    async with aiomqtt.Client(
        desk.broker_host,
        desk.broker_port,
        # Several desks may follow one broker; the certificate says who may, not this name.
        identifier=f"desk-{uuid.uuid4().hex[:8]}",
        protocol=aiomqtt.ProtocolVersion.V5,
        clean_start=True,
        keepalive=int(2 * BEAT_SECONDS),
        tls_context=client_tls(desk.broker_ca, desk.broker_certificate, desk.broker_key),
        timeout=5,
    ) as client:
        await client.subscribe([(_STATES, 1), (_LINKS, 1)])

        async def speak() -> None:
            while True:
                kiosk, do = await orders.get()
                await client.publish(do_topic(kiosk), pack_do(do), qos=1)

        speaking = asyncio.ensure_future(speak())
        try:
            async for message in client.messages:
                if speaking.done():
                    speaking.result()
                _heard(message, kiosks, closers, orders)
        finally:
            speaking.cancel()
            for close in closers.values():
                close()


def _heard(
    message: aiomqtt.Message,
    kiosks: Kiosks,
    closers: dict[str, Callable[[], None]],
    orders: asyncio.Queue[tuple[str, Do]],
) -> None:
    _, _, kiosk, what = message.topic.value.split("/")
    payload = message.payload
    if kiosk not in closers:
        closers[kiosk] = kiosks.line(kiosk, lambda do: orders.put_nowait((kiosk, do)))
    if what == "link":
        kiosks.linked(kiosk, payload == b"1")
        return
    try:
        state = read_state(payload)
    except WireError:
        return
    # The broker's ACL ties the topic to a certificate; the text inside must agree with it.
    if state.kiosk == kiosk:
        kiosks.spoke(state, kept=message.retain)
