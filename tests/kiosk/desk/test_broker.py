"""Several kiosks over a real Mosquitto with the ACL and TLS the docs give: kept state, takes, and who may say what."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import aiomqtt
import pytest

from kiosk.assist.call import office as office_end
from kiosk.assist.call.links import client_tls
from kiosk.assist.call.wire import Do, State, do_topic, pack_do, pack_state, state_topic
from kiosk.desk.room import Room
from kiosk.main.pipe import new_name
from kiosk.settings import Settings
from kiosk.settings.model import Desk
from provisioning.pki import Authority
from provisioning.simulation import free_port, own_broker_user, running_broker
from tests.kiosk.desk.conftest import AKiosk, soon

DOCS = Path(__file__).parents[3] / "docs" / "broker"

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(
        shutil.which("mosquitto", path="/usr/sbin:/usr/bin") is None, reason="needs Debian's mosquitto"
    ),
]


@dataclass
class Broker:
    folder: Path
    port: int

    def settings(self, name: str) -> Settings:
        """As `name`: a kiosk, or "desk"."""
        plain = Settings()
        desk = Desk(
            via="broker",
            broker_host="127.0.0.1",
            broker_port=self.port,
            broker_ca=self.folder / "ca" / "ca.pem",
            broker_certificate=self.folder / f"{name}.pem",
            broker_key=self.folder / f"{name}.key",
        )
        kiosk = replace(plain.kiosk, id=name if name != "desk" else "K-01", spot="Ruang Tunggu")
        return replace(plain, kiosk=kiosk, desk=desk)

    def client(self, name: str) -> aiomqtt.Client:
        desk = self.settings(name).desk
        return aiomqtt.Client(
            "127.0.0.1",
            self.port,
            tls_context=client_tls(desk.broker_ca, desk.broker_certificate, desk.broker_key),
            protocol=aiomqtt.ProtocolVersion.V5,
            timeout=5,
        )


def broker_files(authority: Authority, folder: Path, port: int) -> Path:
    """The docs' configuration and ACL, with this folder's certificates and port; returns the configuration."""
    authority.issue_here(folder, "broker", hosts=("127.0.0.1",))
    for name in ("K-01", "K-02", "desk"):
        authority.issue_here(folder, name)
    text = (DOCS / "mosquitto.conf").read_text()
    text = text.replace("/etc/mosquitto/desk/ca.pem", str(folder / "ca" / "ca.pem"))
    text = text.replace("/etc/mosquitto/desk", str(folder))
    text = text.replace("listener 8884", f"listener {port} 127.0.0.1")
    shutil.copy(DOCS / "acl", folder / "acl")
    config = folder / "mosquitto.conf"
    config.write_text(text)
    return config


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    folder = tmp_path_factory.mktemp("broker")
    port = free_port()
    config = broker_files(Authority.create(folder / "ca", "Contoh"), folder, port)
    own_broker_user(config)
    with running_broker(config, [port]):
        yield Broker(folder, port)


class ADesk:
    """The desk's end, followed on a loop of the test."""

    def __init__(self, broker: Broker) -> None:
        self.room = Room(new_name)
        self._task = asyncio.ensure_future(office_end.follow(broker.settings("desk"), self.room))

    async def until(self, look: object, seconds: float = 15.0) -> None:
        assert callable(look)
        async with asyncio.timeout(seconds):
            while not look():  # noqa: ASYNC110 -- what is looked at has no event
                await asyncio.sleep(0.01)

    async def close(self) -> None:
        self._task.cancel()
        await asyncio.wait([self._task])


async def test_a_call_goes_over_the_broker_and_a_new_desk_hears_of_it(broker: Broker) -> None:
    kiosks = {name: AKiosk(broker.settings(name)) for name in ("K-01", "K-02")}
    first, second = ADesk(broker), ADesk(broker)
    try:
        for desk in (first, second):
            await desk.until(
                lambda desk=desk: {"K-01", "K-02"} <= {k for k, v in desk.room.kiosks.items() if v.online}
            )
        stop = first.room.listen("11")
        kiosks["K-02"].ring("camera")
        for desk in (first, second):
            await desk.until(lambda desk=desk: len(desk.room.calls()) == 1)
        ((known, call, _),) = first.room.calls()
        assert (known.state.kiosk, call.place) == ("K-02", "camera")
        outcomes = await asyncio.gather(
            first.room.take("K-02", call.id, "11", 2), second.room.take("K-02", call.id, "12", 5)
        )
        assert sorted(outcomes) == ["lost", "won"], "two desks on one broker: the kiosk decides"
        soon(lambda: [word for word, _ in kiosks["K-02"].told].count("coming") == 1)
        assert kiosks["K-01"].told == []
        late = ADesk(broker)  # a desk that starts now learns how things stand from what the broker kept
        await late.until(lambda: late.room.calls() and late.room.calls()[0][1].taker)
        assert late.room.taker(late.room.calls()[0][1]) == ""
        await late.close()
        winner = first if outcomes[0] == "won" else second
        assert await winner.room.finish("K-02", call.id) == "won"
        assert kiosks["K-02"].told[-1] == ("over", 0)
        stop()
        kiosks["K-02"].close()
        await first.until(lambda: not first.room.kiosks["K-02"].online)
        assert first.room.kiosks["K-01"].online
    finally:
        for kiosk in kiosks.values():
            kiosk.close()
        for desk in (first, second):
            await desk.close()


async def test_a_kiosk_speaks_and_hears_only_for_itself(broker: Broker) -> None:
    heard: list[str] = []
    async with broker.client("desk") as desk, broker.client("K-01") as one:
        await desk.subscribe("desk/k/+/state")
        await one.subscribe([("desk/k/K-02/do", 0), ("desk/k/+/state", 0), ("desk/k/K-01/do", 0)])

        async def listen(client: aiomqtt.Client, name: str) -> None:
            async for message in client.messages:
                if not message.retain:  # what the broker kept of an earlier test is no news
                    heard.append(f"{name} {message.topic.value}")

        ears = [asyncio.create_task(listen(desk, "desk")), asyncio.create_task(listen(one, "K-01"))]
        state = pack_state(State("K-02", "Teras", 1795000000.0))
        await one.publish(state_topic("K-02"), state)  # as another kiosk
        await desk.publish(state_topic("K-01"), state)  # the desk as a kiosk
        await desk.publish(do_topic("K-02"), pack_do(Do("done", "a" * 16, "b" * 16)))
        await one.publish(state_topic("K-01"), pack_state(State("K-01", "Teras", 1795000000.0)))
        await desk.publish(do_topic("K-01"), pack_do(Do("heard", "a" * 16)))
        async with asyncio.timeout(10):
            while not {"desk desk/k/K-01/state", "K-01 desk/k/K-01/do"} <= set(heard):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        for ear in ears:
            ear.cancel()
    assert set(heard) == {"desk desk/k/K-01/state", "K-01 desk/k/K-01/do"}


async def test_without_a_certificate_nobody_gets_in(broker: Broker) -> None:
    bare = aiomqtt.Client(
        "127.0.0.1", broker.port, tls_context=client_tls(broker.folder / "ca" / "ca.pem"), timeout=3
    )
    with pytest.raises(aiomqtt.MqttError):
        async with bare:
            pass
