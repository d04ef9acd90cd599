"""The one connection of a kiosk to its fleet: outwards, mTLS, reconnecting for ever with jitter.

It reports and is nudged. It decides nothing: a nudge makes the next look at the signed repository earlier, and a verb
is one of a fixed list. Without it a kiosk loses nothing but being seen.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from ssl import SSLContext, SSLError

import aiomqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from provisioning.agent.hours import Hours
from provisioning.agent.ports import Machine
from provisioning.agent.update import Progress
from provisioning.errors import FleetError
from provisioning.state import (
    NUDGE,
    VERBS,
    State,
    do_topic,
    got_topic,
    kpi_topic,
    link_topic,
    reply_topic,
    state_topic,
)

SESSION_SECONDS = 90 * 86400
REPLY_MOST = 48_000
HOLD_SECONDS = 3.0
"""A free kiosk closes itself within a quarter of a second; one that has not by now is in use."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where the broker is. `tls` is made anew for each connection, so a renewed certificate is used at once."""

    host: str
    port: int
    tls: Callable[[], SSLContext] | None


class Link:
    """Keeps one kiosk connected until cancelled.

    `version` and `progress` are asked at each report. `update` starts an update run. `beat` is seconds between reports;
    the first wait of a lost connection is `first`, the longest `most`, both with full jitter.
    """

    def __init__(
        self,
        device: str,
        site: str,
        address: Address,
        machine: Machine,
        *,
        version: Callable[[], str],
        progress: Callable[[], Progress],
        update: Callable[[], Awaitable[None]],
        certificate_days: Callable[[], int | None] = lambda: None,
        alive: Callable[[], None] = lambda: None,
        beat: float = 30.0,
        first: float = 2.0,
        most: float = 300.0,
        nudge_spread: float = 30.0,
        hours: Hours | None = None,
        hours_every: float = 900.0,
    ) -> None:
        self.device = device
        self._site = site
        self._address = address
        self._machine = machine
        self._version = version
        self._progress = progress
        self._update = update
        self._certificate_days = certificate_days
        self._alive = alive
        self._beat = beat
        self._first = first
        self._most = most
        self._nudge_spread = nudge_spread
        self._hours = hours
        self._hours_every = hours_every
        self._soon = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self.connected = asyncio.Event()

    def report_soon(self) -> None:
        """Something changed: report now instead of at the next beat."""
        self._soon.set()

    async def run(self) -> None:
        """Connect, serve, reconnect. Ends only by cancellation."""
        wait = self._first
        while True:
            began = time.monotonic()
            try:
                await self._session()
            except (aiomqtt.MqttError, OSError, SSLError, ValueError):
                self.connected.clear()
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                # Closing the connection may answer a cancellation with an error of its own.
                raise asyncio.CancelledError
            if time.monotonic() - began > 60:
                wait = self._first
            # Full jitter: after an outage ten thousand kiosks come back spread out, not in step.
            pause = asyncio.sleep(random.uniform(0.1, 1) * wait)  # noqa: S311 - timing, not a secret
            await self._while_apart(pause)
            wait = min(self._most, wait * 2)

    async def _while_apart(self, pause: Awaitable[None]) -> None:
        self._alive()
        await pause

    async def _session(self) -> None:
        will = aiomqtt.Will(link_topic(self.device), b"0", qos=1, retain=True)
        properties = Properties(PacketTypes.CONNECT)
        properties.SessionExpiryInterval = SESSION_SECONDS
        async with aiomqtt.Client(
            self._address.host,
            self._address.port,
            identifier=self.device,
            protocol=aiomqtt.ProtocolVersion.V5,
            clean_start=False,
            properties=properties,
            will=will,
            keepalive=max(10, int(self._beat * 2)),
            tls_context=self._address.tls() if self._address.tls else None,
            timeout=20,
        ) as client:
            await client.subscribe([(do_topic(self.device), 1), (got_topic(self.device), 1), (NUDGE, 1)])
            await client.publish(link_topic(self.device), b"1", qos=1, retain=True)
            self.connected.set()
            self._soon.set()
            try:
                try:
                    async with asyncio.TaskGroup() as group:
                        group.create_task(self._reports(client))
                        group.create_task(self._listen(client))
                        group.create_task(self._figures(client))
                except* (aiomqtt.MqttError, OSError):
                    # A broken line is the usual end of a session.
                    self.connected.clear()
            except asyncio.CancelledError:
                # An orderly stop sends no will: say it ourselves, then go.
                with contextlib.suppress(aiomqtt.MqttError):
                    await client.publish(link_topic(self.device), b"0", qos=1, retain=True, timeout=2)
                raise

    async def _reports(self, client: aiomqtt.Client) -> None:
        while True:
            self._soon.clear()
            self._alive()
            report = await self.state()
            await client.publish(state_topic(self.device), report.to_bytes(), qos=1, retain=True)
            try:
                # Spread, so that kiosks that came back together do not report together for ever.
                beat = self._beat * random.uniform(0.85, 1.15)  # noqa: S311 - timing, not a secret
                # Not wait_for: Python 3.11's can swallow a cancellation that comes with the event.
                async with asyncio.timeout(beat):
                    await self._soon.wait()
                # Many changes in a second (a download) are one report.
                await asyncio.sleep(min(1.0, self._beat / 4))
            except TimeoutError:
                continue

    async def _figures(self, client: aiomqtt.Client) -> None:
        """Hours that the fleet has not confirmed, now and then, for as long as it takes."""
        while self._hours is not None:
            await asyncio.sleep(self._hours_every * random.uniform(0.1, 1.9))  # noqa: S311 - timing, not a secret
            for message in await asyncio.to_thread(lambda hours=self._hours: list(hours.messages())):
                await client.publish(kpi_topic(self.device), message, qos=1)

    async def _listen(self, client: aiomqtt.Client) -> None:
        async for message in client.messages:
            if message.topic.value == NUDGE:
                self._later(self._nudged())
            elif message.topic.value == got_topic(self.device):
                if self._hours is not None and isinstance(message.payload, bytes):
                    await asyncio.to_thread(self._hours.confirm, message.payload)
            elif isinstance(message.payload, bytes):
                self._later(self._asked(client, message.payload))
        raise aiomqtt.MqttError("the broker ended the connection")

    async def _nudged(self) -> None:
        await asyncio.sleep(random.uniform(0, self._nudge_spread))  # noqa: S311 - timing, not a secret
        await self._update()
        self.report_soon()

    async def _asked(self, client: aiomqtt.Client, payload: bytes) -> None:
        try:
            order = json.loads(payload)
            verb, number = str(order["verb"]), str(order["id"])[:40]
            until = float(order["until"])
        except (ValueError, KeyError, TypeError):
            return
        # A reboot asked for while a kiosk was off for a week must not happen when it returns.
        if time.time() > until:
            return
        try:
            if verb not in VERBS:
                raise FleetError(f"A kiosk does not know {verb!r}.")
            if verb in ("restart", "reboot", "doctor"):
                await self._nobody()
            if verb == "update":
                await self._update()
                text, good = "An update run was started.", True
            else:
                try:
                    text, good = await self._machine.act(verb), True
                finally:
                    if verb == "doctor":
                        await self._machine.let_go()
        except FleetError as error:
            text, good = str(error), False
        answer = {"id": number, "ok": good, "text": text[-REPLY_MOST:]}
        await client.publish(reply_topic(self.device), json.dumps(answer).encode(), qos=1)

    async def _nobody(self) -> None:
        """Close the kiosk to new visitors, or raise `FleetError` when one is there."""
        end = time.monotonic() + HOLD_SECONDS
        try:
            while not await self._machine.hold():
                if time.monotonic() > end:
                    busy = (await self._machine.vitals()).busy
                    raise FleetError(
                        "A visitor is using it. Nothing was done."
                        if busy
                        else "It does not say whether a visitor is using it. Nothing was done."
                    )
                await asyncio.sleep(0.2)
        except BaseException:
            await self._machine.let_go()
            raise

    def _later(self, work: Awaitable[None]) -> None:
        async def guarded() -> None:
            try:
                await work
            except (aiomqtt.MqttError, FleetError, OSError):
                return

        task = asyncio.create_task(guarded())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def state(self) -> State:
        """The report of this moment."""
        try:
            health = await self._machine.health()
            vitals = await self._machine.vitals()
        except FleetError as error:
            return State(
                self.device,
                self._site,
                time.time(),
                self._version(),
                serving=False,
                notes=(str(error)[:120],),
                beat=self._beat,
            )
        progress = self._progress()
        return State(
            id=self.device,
            site=self._site,
            at=time.time(),
            version=self._version(),
            settings=progress.settings,
            serving=health.serving,
            healthy=round(health.seconds, 1),
            busy=vitals.busy,
            stage=progress.stage,
            to=progress.to,
            percent=progress.percent,
            failed=progress.failed,
            why=progress.why,
            trouble=progress.trouble,
            paper=vitals.paper,
            disk=vitals.disk,
            queue=vitals.queue,
            notes=vitals.notes if health.serving else (health.why, *vitals.notes),
            certificate_days=self._certificate_days(),
            beat=self._beat,
        )
