"""The fleet as the broker knows it: every kiosk's last report and whether it is connected."""

from __future__ import annotations

import asyncio
import contextlib
import json
import ssl
import time
import uuid
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import aiomqtt

from provisioning.broker import operator_tls
from provisioning.errors import FleetError
from provisioning.home import Home, Plan
from provisioning.state import NUDGE, State, do_topic, reply_topic
from provisioning.waves import Report

Clock = Callable[[], float]


@dataclass(slots=True)
class Seen:
    """One kiosk. `heard`, `since`: when a live report came and when it connected, by our monotonic clock."""

    state: State | None = None
    online: bool = False
    heard: float | None = None
    since: float | None = None

    def age(self, monotonic: float, wall: float) -> float:
        """Seconds since its last report. One kept by the broker is aged by the kiosk's own clock."""
        if self.heard is not None:
            return monotonic - self.heard
        return max(0.0, wall - self.state.at) if self.state else 1e12


@dataclass
class View:
    """Filled by `feed`; empty until the broker has handed out what it keeps."""

    devices: dict[str, Seen] = field(default_factory=dict[str, Seen])
    started: float = field(default_factory=time.monotonic)
    whole: bool = False
    """Everything the broker keeps has been heard (`follow` with `tell_whole`, by one that may publish)."""

    def feed(self, topic: str, payload: bytes, *, retained: bool) -> str | None:
        """Take one message; returns the device it was about."""
        words = topic.split("/")
        if len(words) != 4 or words[:2] != ["fleet", "d"] or words[3] not in ("state", "link"):
            return None
        seen = self.devices.setdefault(words[2], Seen())
        now = time.monotonic()
        if words[3] == "link":
            online = payload == b"1"
            if online and not seen.online:
                seen.since = self.started if retained else now
            seen.online = online
        else:
            state = State.from_bytes(payload)
            # The broker's ACL ties the topic to a certificate; the text inside must agree with it.
            if state is None or state.id != words[2]:
                return None
            seen.state = state
            if not retained:
                seen.heard = now
        return words[2]

    def reports(self, monotonic: float | None = None, wall: float | None = None) -> dict[str, Report]:
        """What the judge of waves needs."""
        mono = time.monotonic() if monotonic is None else monotonic
        now = time.time() if wall is None else wall
        found: dict[str, Report] = {}
        for name, seen in self.devices.items():
            state = seen.state
            if state is None:
                continue
            found[name] = Report(
                device=name,
                online=seen.online,
                # A report that was kept may be old because we just started: allow it one round of beats from then.
                age=min(seen.age(mono, now), mono - self.started)
                if seen.heard is None
                else seen.age(mono, now),
                version=state.version,
                healthy_seconds=state.healthy if state.serving else 0.0,
                failed_version=state.failed,
                why=state.why,
                online_seconds=mono - seen.since if seen.since is not None else 0.0,
                busy=bool(state.busy),
            )
        return found


@contextlib.asynccontextmanager
async def operator(home: Home, plan: Plan, name: str = "fleet-operator") -> AsyncIterator[aiomqtt.Client]:
    """A connection of people or `fleet serve`. Raises `FleetError` when the broker cannot be reached."""
    try:
        tls = operator_tls(home, name)
    except (OSError, ssl.SSLError) as error:
        raise FleetError(f"The certificate of {name} cannot be used: {error}. Run: fleet init") from None
    client = aiomqtt.Client(
        plan.operator_host,
        plan.operator_port,
        identifier=f"{name}-{uuid.uuid4().hex[:8]}",
        # Not version 5: its properties, unused here, double the time for the 20,000 messages of 10,000 kiosks.
        protocol=aiomqtt.ProtocolVersion.V311,
        clean_session=True,
        tls_context=tls,
        timeout=10,
    )
    try:
        await client.__aenter__()
    except (aiomqtt.MqttError, OSError) as error:
        raise FleetError(
            f"The broker at {plan.operator_host}:{plan.operator_port} cannot be reached ({error}). "
            "Kiosks go on working; look at: systemctl status mosquitto"
        ) from None
    try:
        yield client
    finally:
        with contextlib.suppress(aiomqtt.MqttError):
            await client.__aexit__(None, None, None)


async def snapshot(home: Home, plan: Plan, seconds: float = 20.0) -> View:
    """What the broker keeps, as of now: all of it, known by a mark that comes back after the last kept message."""
    view = View()
    mark = f"fleet/op/{uuid.uuid4().hex}"
    async with operator(home, plan) as client:
        await client.subscribe([("fleet/d/+/state", 0), ("fleet/d/+/link", 0), (mark, 1)])
        await client.publish(mark, b"", qos=1)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                async for message in client.messages:
                    if message.topic.value == mark:
                        break
                    if isinstance(message.payload, bytes):
                        view.feed(message.topic.value, message.payload, retained=message.retain)
    return view


async def follow(
    client: aiomqtt.Client,
    view: View,
    changed: Callable[[str], None] = lambda _: None,
    *,
    tell_whole: bool = False,
) -> None:
    """Keep `view` fresh until the connection ends (then `aiomqtt.MqttError`)."""
    mark = f"fleet/op/{uuid.uuid4().hex}"
    await client.subscribe([("fleet/d/+/state", 1), ("fleet/d/+/link", 1), (mark, 1)])
    if tell_whole:
        await client.publish(mark, b"", qos=1)
    async for message in client.messages:
        if message.topic.value == mark:
            view.whole = True
            continue
        if isinstance(message.payload, bytes):
            device = view.feed(message.topic.value, message.payload, retained=message.retain)
            if device:
                changed(device)
    raise aiomqtt.MqttError("the broker ended the connection")


async def nudge(home: Home, plan: Plan, serial: int) -> None:
    """Tell kiosks to look soon. The signed repository decides what they find."""
    async with operator(home, plan) as client:
        await client.publish(NUDGE, str(serial).encode(), qos=1)


async def ask(home: Home, plan: Plan, device: str, verb: str, seconds: float) -> tuple[bool, str]:
    """Ask one kiosk for one verb and wait for its answer. Raises `FleetError` when none comes in time."""
    number = uuid.uuid4().hex
    order = {"verb": verb, "id": number, "until": time.time() + seconds}
    async with operator(home, plan) as client:
        await client.subscribe(reply_topic(device), qos=1)
        await client.publish(do_topic(device), json.dumps(order).encode(), qos=1)
        try:
            async with asyncio.timeout(seconds):
                async for message in client.messages:
                    if isinstance(message.payload, bytes):
                        answer = json.loads(message.payload)
                        if answer.get("id") == number:
                            return bool(answer["ok"]), str(answer["text"])
        except TimeoutError:
            pass
    raise FleetError(f"{device} did not answer in {seconds:.0f} s. Is it connected? fleet status {device}")


async def drop(home: Home, plan: Plan, device: str) -> None:
    """Push a revoked kiosk's live connection off: the same client id connects here, and the broker ends the other."""
    try:
        async with aiomqtt.Client(
            plan.operator_host,
            plan.operator_port,
            identifier=device,
            protocol=aiomqtt.ProtocolVersion.V5,
            clean_start=True,
            tls_context=operator_tls(home),
            timeout=10,
        ):
            return
    except (aiomqtt.MqttError, OSError) as error:
        raise FleetError(
            f"{device} is revoked, but its live connection could not be ended: {error}"
        ) from None
