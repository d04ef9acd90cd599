"""A whole small fleet: folder, real Mosquitto, a web server for the repository."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from provisioning.commands.init import create
from provisioning.enrolment import Enrolment
from provisioning.home import Home, Plan
from provisioning.pki import Authority
from provisioning.release import build
from provisioning.repository import Repository, load_signer, sign_with
from provisioning.simulation import free_port, own_broker_user, running_broker, static_files


@dataclass
class Fleet:
    home: Home
    plan: Plan
    book: Enrolment
    url: str = ""
    broker: subprocess.Popen[bytes] | None = None

    @property
    def repository(self) -> Repository:
        return Repository(self.home)


@pytest.fixture
def fleet(tmp_path: Path) -> Fleet:
    home = Home(tmp_path / "fleet")
    plan = Plan(
        serve_port=free_port(),
        broker_port=free_port(),
        operator_port=free_port(),
        heartbeat_seconds=1.0,
        healthy_minutes=0.5,
        arrive_minutes=1.0,
    )
    state = tmp_path / "broker"
    state.mkdir()
    create(home, plan, b"", broker_state=state)
    home.inventory.write_text(
        '[site.sim]\nname = "Ipuh"\n[site.other]\nname = "Penarik"\n'
        '[device.K-01]\nsite = "sim"\n[device.K-02]\nsite = "other"\n'
    )
    return Fleet(home, plan, Enrolment(home.enrolment, Authority(home.ca)))


@pytest.fixture
def served(fleet: Fleet) -> Iterator[Fleet]:
    """With its repository handed out over HTTP."""
    with static_files(fleet.home.metadata.parent) as url:
        fleet.url = url
        fleet.plan = replace(fleet.plan, repository_url=url)
        yield fleet


@pytest.fixture
def live(served: Fleet) -> Iterator[Fleet]:
    """And with its broker running."""
    if shutil.which("mosquitto", path="/usr/sbin:/usr/bin") is None:
        pytest.skip("mosquitto is not here")
    config = served.home.broker / "mosquitto.conf"
    own_broker_user(config)
    with running_broker(config, [served.plan.broker_port, served.plan.operator_port]) as broker:
        served.broker = broker
        yield served


def publish(
    fleet: Fleet, version: str, content: str = "print('hello')\n", packs: list[Path] | None = None
) -> None:
    """Build, sign twice and publish a small release."""
    source = fleet.home.root / "source"
    (source / "kiosk").mkdir(parents=True, exist_ok=True)
    (source / "kiosk" / "main.py").write_text(f"VERSION = {version!r}\n{content}")
    _, files = build(source, version, fleet.home.staging / version, packs=packs or [], parts=("kiosk",))
    repository = fleet.repository
    metadata = repository.propose(files)
    root = repository.load("root").signed
    for number in (1, 2):
        sign_with(metadata, load_signer(fleet.home.offline_keys / f"targets-{number}.pem"), root)
    repository.publish(metadata, files)
