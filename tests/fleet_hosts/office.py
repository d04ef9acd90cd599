"""The fleet's side on the bridge: real Mosquitto with mTLS, real `fleet serve`, a repository, signed releases.

The release is the project itself with the wheels its agent needs. Played is only the kiosk program: a script that says
READY, feeds the watchdog, and reports and closes as the keeper does.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from provisioning.commands.init import create
from provisioning.enrolment import Enrolment
from provisioning.home import Home, Plan
from provisioning.live import Seen, snapshot
from provisioning.pki import Authority
from provisioning.release import PARTS, build
from provisioning.repository import Repository, load_signer, sign_with
from provisioning.simulation import free_port, own_broker_user, running_broker

from .hosts import OFFICE

ROOT = Path(__file__).resolve().parents[2]
AGENT_NEEDS = (
    "aiomqtt", "annotated-types", "anyio", "certifi", "cffi", "cryptography", "h11", "httpcore", "httpx", "idna",
    "paho-mqtt", "pycparser", "pydantic", "pydantic-core", "pydantic-settings", "python-dotenv", "securesystemslib",
    "sniffio", "tuf", "typing-extensions", "typing-inspection", "urllib3",
)  # fmt: skip

KIOSK = """import json, os, pathlib, socket, time
def say(text):
    socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(text, os.environ["NOTIFY_SOCKET"])
{first}
report = pathlib.Path(os.environ["RUNTIME_DIRECTORY"].split(":")[1]) / "health.json"
told = False
while True:
    busy = pathlib.Path("/run/played-visitor").exists()
    held = not busy and any(pathlib.Path(os.environ["KIOSK_HOLD"]).glob("hold-*"))
    report.with_suffix(".next").write_text(json.dumps({{"busy": busy, "held": held, "paper": "ok", "queue": 0,
        "notes": [], "devices": {{}}, "pid": os.getpid(), "at": time.clock_gettime(time.CLOCK_BOOTTIME)}}))
    report.with_suffix(".next").chmod(0o644)
    report.with_suffix(".next").replace(report)
    if not told:
        say(b"READY=1"); told = True
    say(b"WATCHDOG=1"); time.sleep(0.1)
"""
BROKEN = "raise SystemExit(1)"


@dataclass
class Office:
    home: Home
    plan: Plan
    book: Enrolment
    wheels: list[Path]
    work: Path
    broker: subprocess.Popen[bytes] | None = None

    def fleet(self, *words: str, code: int = 0) -> str:
        """Run `fleet …`; its output."""
        done = subprocess.run(
            [sys.executable, "-m", "provisioning.cli", *words],
            cwd=ROOT, env={**os.environ, "FLEET_HOME": str(self.home.root)}, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr

    def publish(self, version: str, first: str = "") -> None:
        """Build, sign twice and publish. `first`: what the kiosk program does before anything else."""
        source = self.work / "source"
        for part in PARTS:
            if not (source / part).exists():
                shutil.copytree(ROOT / part, source / part, ignore=shutil.ignore_patterns("__pycache__"))
        (source / "kiosk/main/cli.py").write_text(KIOSK.format(first=first))
        _, files = build(source, version, self.home.staging, wheels=self.wheels, architecture="x86_64")
        repository = Repository(self.home)
        metadata, root = repository.propose(files), repository.load("root").signed
        for number in (1, 2):
            sign_with(metadata, load_signer(self.home.offline_keys / f"targets-{number}.pem"), root)
        repository.publish(metadata, files)

    def repository(self) -> Repository:
        return Repository(self.home)

    def states(self) -> dict[str, Seen]:
        """What the broker keeps of every kiosk."""
        return asyncio.run(snapshot(self.home, self.plan)).devices

    def online(self, device: str, version: str = "") -> bool:
        """Connected, serving, and on `version` if one is given."""
        seen = self.states().get(device)
        state = seen.state if seen else None
        return bool(seen and seen.online and state and state.serving and version in ("", state.version))

    def restart_broker(self) -> None:
        """Kill it; what it keeps on disk may be a minute old."""
        self._stack.close()
        self._stack = contextlib.ExitStack()
        self.start_broker()

    def start_broker(self) -> None:
        ports = [self.plan.operator_port]
        self.broker = self._stack.enter_context(running_broker(self.home.broker / "mosquitto.conf", ports))
        # As an operator's fleet.toml has systemctl reload there.
        file = self.home.root / "fleet.toml"
        reload = f'broker_reload = "kill -HUP {self.broker.pid}"'
        file.write_text(re.sub(r"broker_reload = .*", reload, file.read_text()))

    def __post_init__(self) -> None:
        self._stack = contextlib.ExitStack()

    def close(self) -> None:
        self._stack.close()


@contextlib.contextmanager
def office(work: Path, devices: int, *, healthy_minutes: float = 0.2) -> Iterator[Office]:
    """Everything but the kiosks, reachable at `OFFICE`."""
    home = Home(work / "fleet")
    files_port = free_port()
    plan = Plan(
        serve_host=OFFICE, serve_port=free_port(), broker_host=OFFICE, broker_port=free_port(),
        operator_port=free_port(), repository_url=f"http://{OFFICE}:{files_port}/", heartbeat_seconds=2.0,
        healthy_minutes=healthy_minutes, arrive_minutes=3.0,
    )  # fmt: skip
    state = work / "broker"
    state.mkdir()
    create(home, plan, b"", broker_state=state)
    lines = ['[site.sim]\nname = "Ipuh"']
    lines += [f'[device.K-{n:02d}]\nsite = "sim"' for n in range(1, devices + 1)]
    home.inventory.write_text("\n".join(lines) + "\n")
    own_broker_user(home.broker / "mosquitto.conf")
    here = Office(home, plan, Enrolment(home.enrolment, Authority(home.ca)), wheelhouse(), work)
    here.start_broker()
    with (work / "serve.log").open("wb") as log:
        serve = subprocess.Popen(
            [sys.executable, "-m", "provisioning.cli", "serve", "--host", OFFICE, "--repository-port", str(files_port)],
            cwd=ROOT, env={**os.environ, "FLEET_HOME": str(home.root)}, stdout=log, stderr=log,
        )  # fmt: skip
        try:
            yield here
        finally:
            serve.terminate()
            serve.wait(20)
            here.close()


def wheelhouse(names: tuple[str, ...] = AGENT_NEEDS) -> list[Path]:
    """Wheels of the locked versions, fetched once by pip and kept in build/."""
    folder = ROOT / "build/fleet-wheels"
    lock = (ROOT / "requirements/run.txt").read_text()
    stamp = folder / ".lock"
    if not stamp.exists() or stamp.read_text() != lock:
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            [sys.executable, "-m", "pip", "wheel", "-q", "--disable-pip-version-check", "--require-hashes",
             "-r", str(ROOT / "requirements/run.txt"), "-w", str(folder)],
            check=True, capture_output=True,
        )  # fmt: skip
        stamp.write_text(lock)
    wanted = {name.replace("-", "_") for name in names}
    found = sorted(folder.glob("*.whl"))
    return [path for path in found if not names or re.split(r"-\d", path.name)[0].lower() in wanted]


NO_SCREEN = """[Service]
ExecStartPre=
ExecStart=
ExecStart=/bin/sleep infinity
ExecStartPost=
"""


def without_a_screen(root: Path) -> None:
    folder = root / "etc/systemd/system/kiosk-display.service.d"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "test.conf").write_text(NO_SCREEN)


def until(what: str, true: Callable[[], bool], seconds: float = 90, says: Callable[[], str] = str) -> float:
    """Wait; returns the seconds it took."""
    began = time.monotonic()
    while True:
        with contextlib.suppress(AssertionError, subprocess.TimeoutExpired):
            if true():
                return time.monotonic() - began
        assert time.monotonic() - began < seconds, f"{what} did not happen: {says()}"
        time.sleep(0.3)
