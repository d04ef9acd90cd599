"""Whole rollouts: real agents, a real broker, real signed files; only systemd is played."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import time
from collections.abc import Callable
from pathlib import Path

import aiomqtt
import pytest

from provisioning.errors import FleetError
from provisioning.known import known
from provisioning.last import Last
from provisioning.live import View, ask, drop, snapshot
from provisioning.rollouts import go_on, read, start
from provisioning.rows import rows
from provisioning.service import Service
from provisioning.simulation import Kiosk, connected, issue, make_kiosk
from provisioning.state import do_topic, state_topic
from provisioning.words import Voice

from .conftest import Fleet, publish

pytestmark = pytest.mark.real


def kiosks(fleet: Fleet, tmp_path: Path, count: int, bad: set[str] | None = None) -> list[Kiosk]:
    made: list[Kiosk] = []
    for number in range(1, count + 1):
        device = f"K-{number:02d}"
        identity = issue(fleet.home, fleet.book, device, tmp_path / device / "identity")
        made.append(make_kiosk(fleet.home, fleet.plan, identity, fleet.url, bad=bad))
    return made


async def until(true: Callable[[], bool], seconds: float = 20) -> None:
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110 - looks at files and other processes
            await asyncio.sleep(0.05)


@contextlib.asynccontextmanager
async def service(fleet: Fleet):
    serving = Service(fleet.home, fleet.plan, every=0.2)
    tasks = [asyncio.create_task(serving.watch()), asyncio.create_task(serving.waves())]
    try:
        yield serving
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def installed(all_of_them: list[Kiosk]) -> None:
    """Everybody on the first release, as after `fleet install`."""
    for kiosk in all_of_them:
        await kiosk.update.run()


def baseline(fleet: Fleet, version: str) -> None:
    publish(fleet, version)
    fleet.repository.put_desired(
        {
            "desired/rollout.json": json.dumps(
                {"serial": 1, "baseline": version, "rollouts": [], "format": 1}
            ).encode()
        }
    )


async def test_a_good_release_reaches_everybody_and_one_that_was_off_catches_up(
    live: Fleet, tmp_path: Path
) -> None:
    baseline(live, "1.0.0")
    crowd = kiosks(live, tmp_path, 6)
    await installed(crowd)
    assert {kiosk.update.slots.version for kiosk in crowd} == {"1.0.0"}
    publish(live, "1.1.0")
    away, here = crowd[5], crowd[:5]
    async with service(live), connected(here):
        start(live.home, live.plan, "1.1.0", [k.id for k in crowd], canary=("K-01",))
        for kiosk in here:
            kiosk.link.report_soon()
        await crowd[0].link._update()
        await until(lambda: read(live.repository).rollouts[0].finished, 25)
        assert {kiosk.update.slots.version for kiosk in here} == {"1.1.0"}
        assert away.update.slots.version == "1.0.0"
        async with connected([away]):
            await away.link._update()
            assert away.update.slots.version == "1.1.0"


async def test_a_bad_release_halts_in_the_canary_wave_and_goes_back(live: Fleet, tmp_path: Path) -> None:
    baseline(live, "1.0.0")
    crowd = kiosks(live, tmp_path, 6, bad={"1.1.0"})
    await installed(crowd)
    publish(live, "1.1.0")
    async with service(live), connected(crowd):
        start(live.home, live.plan, "1.1.0", [k.id for k in crowd], canary=("K-01",))
        await asyncio.gather(*(kiosk.link._update() for kiosk in crowd))
        await until(lambda: read(live.repository).rollouts[0].halt is not None)
        halt = read(live.repository).rollouts[0].halt
        assert halt is not None
        assert (halt.wave, halt.devices, halt.reason) == ("canary", ("K-01",), "no picture for 30 s")
        await asyncio.gather(*(kiosk.link._update() for kiosk in crowd))
        assert {kiosk.update.slots.version for kiosk in crowd} == {"1.0.0"}
        # Only the canary ever started it, and it went back by itself.
        assert [kiosk.machine.restarts for kiosk in crowd] == [3, 1, 1, 1, 1, 1]
        # Sticky, and one more try after a person said so.
        await asyncio.sleep(0.6)
        assert read(live.repository).rollouts[0].halt is not None
        crowd[0].machine.bad.clear()
        go_on(live.home, "1.1.0", "camera cable")
        await crowd[0].link._update()
        assert crowd[0].update.slots.version == "1.1.0"


async def test_one_kiosk_can_neither_read_nor_speak_as_another(live: Fleet, tmp_path: Path) -> None:
    one, two = kiosks(live, tmp_path, 2)
    heard: list[str] = []
    thief = Path(one.folder)
    from provisioning.broker import client_tls

    tls = client_tls(thief / "identity/ca.pem", thief / "identity/device.pem", thief / "identity/device.key")
    async with connected([two]):
        await until(lambda: True)
        async with aiomqtt.Client(
            "127.0.0.1",
            live.plan.broker_port,
            identifier="K-02",
            tls_context=tls,
            protocol=aiomqtt.ProtocolVersion.V5,
        ) as client:
            with contextlib.suppress(aiomqtt.MqttError):
                await client.subscribe([(do_topic("K-02"), 1), ("fleet/d/+/state", 1), ("#", 1)])
            with contextlib.suppress(aiomqtt.MqttError):
                await client.publish(
                    state_topic("K-02"),
                    b'{"id":"K-02","site":"sim","at":1,"version":"9.9.9"}',
                    qos=1,
                    retain=True,
                )
            with contextlib.suppress(aiomqtt.MqttError):
                await client.publish(do_topic("K-02"), b"{}", qos=1)
            good, text = await ask(live.home, live.plan, "K-02", "doctor", 5)
            assert (good, text) == (True, "doctor: done")
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(0.5):
                    async for message in client.messages:
                        heard.append(message.topic.value)
        # Taking the other's client id did not push it off either.
        assert two.link.connected.is_set()
        view = await snapshot(live.home, live.plan)
        state = view.devices["K-02"].state
        assert state is not None
        assert state.version != "9.9.9"
        assert [topic for topic in heard if "K-02" in topic] == []


async def test_a_client_without_certificate_is_refused(live: Fleet) -> None:
    import ssl

    context = ssl.create_default_context(cafile=str(live.home.ca / "ca.pem"))
    with pytest.raises((aiomqtt.MqttError, OSError)):
        async with aiomqtt.Client(
            "127.0.0.1", live.plan.broker_port, tls_context=context, timeout=3
        ) as client:
            await client.publish("fleet/d/K-01/state", b"x", qos=1, timeout=2)


async def test_a_revoked_kiosk_is_dropped_and_stays_out(live: Fleet, tmp_path: Path) -> None:
    one, two = kiosks(live, tmp_path, 2)
    async with connected([one, two]):
        assert live.book.revoke("K-01") == 1
        assert live.broker is not None
        live.broker.send_signal(signal.SIGHUP)
        await asyncio.sleep(0.2)
        await drop(live.home, live.plan, "K-01")
        await until(lambda: not one.link.connected.is_set(), 10)
        await asyncio.sleep(1.5)
        assert not one.link.connected.is_set()
        assert two.link.connected.is_set()
    with pytest.raises(FleetError, match="revoked"):
        from provisioning.pki import load_key, request

        live.book.renew(request(load_key(one.folder / "identity/device.key"), "K-01"), "K-01")


async def test_the_table_says_what_is(live: Fleet, tmp_path: Path) -> None:
    one, two = kiosks(live, tmp_path, 2)
    one.machine.paper = "out"
    async with connected([one, two]):
        await until(lambda: True)
        await asyncio.sleep(1.2)
        found = rows(await snapshot(live.home, live.plan), known(live.home), live.plan, Voice())
        assert (found[0].id, found[0].condition) == ("K-01", "look")
        assert "kertas habis" in found[0].note
    await asyncio.sleep(0.3)
    found = rows(await snapshot(live.home, live.plan), known(live.home), live.plan, Voice())
    assert {row.condition for row in found} == {"lost"}
    assert found[0].note.startswith("sejak ")


async def test_what_fleet_serve_heard_is_what_the_broker_keeps(
    live: Fleet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    last = Last(live.home.last)
    assert last.read() is None
    serving = Service(live.home, live.plan)
    one, two = kiosks(live, tmp_path, 2)
    two.machine.paper = "low"
    tasks = [asyncio.create_task(work) for work in (serving.watch(), serving.keep())]

    def online(name: str) -> bool:
        seen = (last.read() or View()).devices.get(name)
        return seen is not None and seen.online and seen.state is not None

    try:
        async with connected([one]):
            async with connected([two]):
                await until(lambda: online("K-01") and online("K-02"), 10)
            await until(lambda: not online("K-02"), 10)
            heard, asked = last.read(), await snapshot(live.home, live.plan)
            assert heard is not None
            assert heard.devices["K-02"].state == asked.devices["K-02"].state
            assert not asked.devices["K-02"].online
            age = heard.devices["K-01"].age(time.monotonic(), time.time())
            assert 0 <= age < 10
        monkeypatch.setattr("provisioning.last.STALE", 0.0)
        assert last.read() is None, "fleet serve is silent: ask the broker"
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    monkeypatch.undo()
    assert last.read() is not None
    for path in live.home.root.glob("last.sqlite*"):
        path.write_bytes(b"broken")
    assert last.read() is None
