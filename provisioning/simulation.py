"""Many kiosks on one machine: the real agent code and a real broker, only systemd is played.

`fleet simulate` and the tests share this. Everything listens on 127.0.0.1 and ends with its context.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import http.server
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec

from provisioning.agent.identity import Identity
from provisioning.agent.link import Address, Link
from provisioning.agent.ports import Health, Vitals
from provisioning.agent.slots import Slots
from provisioning.agent.source import Source
from provisioning.agent.update import Rules, Update
from provisioning.broker import client_tls
from provisioning.errors import FleetError
from provisioning.files import write_whole
from provisioning.home import Home, Plan
from provisioning.pki import key_pem, read_request, request


def free_port() -> int:
    with socket.socket() as link:
        link.bind(("127.0.0.1", 0))
        return link.getsockname()[1]


@contextlib.contextmanager
def running_broker(config: Path, ports: list[int]) -> Iterator[subprocess.Popen[bytes]]:
    """A real Mosquitto with this configuration, up when the context begins, else `FleetError`."""
    program = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin")
    if program is None:
        raise FleetError("Mosquitto is not installed: apt-get install mosquitto")
    log = config.with_suffix(".log")
    with log.open("ab") as out:
        child = subprocess.Popen([program, "-c", str(config)], stdout=out, stderr=out)
    try:
        end = time.monotonic() + 10
        for port in ports:
            while True:
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                    break
                if child.poll() is not None or time.monotonic() > end:
                    last = log.read_text(errors="replace").strip().splitlines()[-1:] or ["no reason given"]
                    raise FleetError(f"The broker did not start: {last[0]}")
                time.sleep(0.02)
        yield child
    finally:
        child.terminate()
        try:
            child.wait(10)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def own_broker_user(config: Path) -> None:
    """Let a broker started by root keep running as root: it must read the fleet's 0600 keys here."""
    text = config.read_text()
    if "\nuser " not in text:
        config.write_text(text + "\nuser root\n")


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        return


@contextlib.contextmanager
def static_files(folder: Path) -> Iterator[str]:
    """Any web server will do for the repository; this one is Python's. Yields its address."""
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(_Quiet, directory=str(folder))
    )
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


@dataclass
class PlayedMachine:
    """systemd as a kiosk would show it. `bad`: versions that never serve. `speed`: how fast health seems to grow."""

    slots: Slots
    bad: set[str] = field(default_factory=set[str])
    speed: float = 1.0
    busy: bool = False
    paper: str = "ok"
    disk: int = 40
    started: float = field(default_factory=time.monotonic)
    restarts: int = 0
    reloads: int = 0

    async def health(self) -> Health:
        if self.slots.version in self.bad:
            return Health(False, 0.0, "no picture for 30 s")
        return Health(True, (time.monotonic() - self.started) * self.speed)

    async def vitals(self) -> Vitals:
        return Vitals(busy=self.busy, paper=self.paper, disk=self.disk, queue=0)

    async def hold(self) -> bool:
        return not self.busy

    async def let_go(self) -> None:
        return

    async def restart_kiosk(self) -> None:
        self.restarts += 1
        self.started = time.monotonic()

    async def reload_settings(self) -> None:
        self.reloads += 1

    async def act(self, verb: str) -> str:
        return f"{verb}: done"


@dataclass
class Kiosk:
    """One kiosk of the simulation: its folder, its update, its link."""

    id: str
    folder: Path
    machine: PlayedMachine
    update: Update
    link: Link
    updates: int = 0


def issue(home: Home, book_issue: object, device: str, folder: Path) -> Identity:
    """Give a simulated kiosk an identity without the way over HTTPS (tests do that way separately)."""
    from provisioning.enrolment import Enrolment

    assert isinstance(book_issue, Enrolment)  # noqa: S101 - a helper of ours
    folder.mkdir(parents=True, exist_ok=True)
    identity = Identity(folder, device)
    key = ec.generate_private_key(ec.SECP256R1())
    write_whole(identity.key_file, key_pem(key), 0o600)
    csr = request(key, device)
    read_request(csr)
    token = book_issue.new_token("sim", device=device)
    certificate = book_issue.enrol(token, device, csr)
    if certificate is None:
        raise FleetError("The token asks for approval.")
    write_whole(identity.certificate_file, certificate)
    write_whole(identity.ca_file, (home.ca / "ca.pem").read_bytes())
    return identity


def make_kiosk(
    home: Home,
    plan: Plan,
    identity: Identity,
    repository: str,
    *,
    site: str = "sim",
    beat: float = 1.0,
    bad: set[str] | None = None,
    speed: float = 60.0,
    tls: bool = True,
    version: str = "",
) -> Kiosk:
    """Wire the real agent. `speed`: a simulated minute of health takes 60/speed seconds."""
    folder = identity.folder.parent
    slots = Slots(folder / "opt")
    (folder / "opt" / "slots").mkdir(parents=True, exist_ok=True)
    machine = PlayedMachine(slots, bad if bad is not None else set(), speed)
    root = (home.metadata / "1.root.json").read_bytes()
    source = Source(repository, folder / "tuf", folder / "opt" / "cache", root, pause=0.05)
    update = Update(
        identity.device,
        site,
        source,
        slots,
        machine,
        folder,
        folder / "kiosk.toml",
        lambda _: [],
        lambda *_: None,
        Rules(gate_seconds=0.2 * speed, gate_most=1.0, poll=0.05, busy_wait=0.5),
    )
    lock = asyncio.Lock()

    async def look() -> None:
        async with lock:
            kiosk.updates += 1
            await update.run()

    link = Link(
        identity.device,
        site,
        Address(
            plan.broker_host,
            plan.broker_port,
            (lambda: client_tls(identity.ca_file, identity.certificate_file, identity.key_file))
            if tls
            else None,
        ),
        machine,
        version=lambda: slots.version or version,
        progress=lambda: update.progress,
        update=look,
        certificate_days=identity.days_left,
        beat=beat,
        first=0.2,
        most=2.0,
        nudge_spread=0.1,
    )
    update.tell = lambda _: link.report_soon()
    kiosk = Kiosk(identity.device, folder, machine, update, link)
    return kiosk


@contextlib.asynccontextmanager
async def connected(kiosks: list[Kiosk], seconds: float = 30) -> AsyncIterator[None]:
    """All links running; returns when every one is connected."""
    tasks = [asyncio.create_task(kiosk.link.run()) for kiosk in kiosks]
    try:
        async with asyncio.timeout(seconds):
            for kiosk in kiosks:
                await kiosk.link.connected.wait()
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
