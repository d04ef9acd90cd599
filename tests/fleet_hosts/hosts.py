"""Booted Debian hosts on this machine: systemd-nspawn, an overlay and a network namespace each, SSH over a bridge.

They have no way to the internet; what they need is in the base (Debian's packages for a kiosk) or served at `OFFICE`.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from provisioning.deploys.layout import PACKAGES

BRIDGE = "anjfleet0"
OFFICE = "10.78.0.1"
BARE = (
    "systemd",
    "systemd-sysv",
    "dbus",
    "openssh-server",
    "python3",
    "sudo",
    "iproute2",
    "libpam-systemd",
    "udev",
)
EXTRA = ("xserver-xorg-video-dummy", "xdotool", "x11-utils", "libfaketime")
"""A graphics card that is none, and a finger, for the real kiosk; a clock that is wrong."""


@dataclass
class Booted:
    name: str
    address: str
    key: Path
    root: Path
    log: Path
    link: str
    child: subprocess.Popen[bytes] | None = None

    def boot(self) -> None:
        """Switch on."""
        with self.log.open("ab") as log:
            self.child = subprocess.Popen(
                ["systemd-nspawn", "-q", "-D", str(self.root), "-M", self.name, "-b", "--register=no", "--keep-unit",
                 "--link-journal=no", "--resolv-conf=off", "--kill-signal=SIGRTMIN+3",
                 f"--network-namespace-path=/run/netns/{self.name}"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip

    def off(self) -> None:
        """Shut down in order."""
        if self.child is None:
            return
        self.child.send_signal(signal.SIGTERM)
        try:
            self.child.wait(20)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()
        self.child = None

    def cut(self) -> None:
        """The power goes: its first process is killed, and the kernel takes all others with it."""
        assert self.child is not None
        first = Path(f"/proc/{self.child.pid}/task/{self.child.pid}/children").read_text().split()[0]
        os.kill(int(first), signal.SIGKILL)
        self.child.wait(30)
        self.child = None

    def disk(self, size: str) -> None:
        """Bound its disk, e.g. "900m"."""
        run("mount", "-o", f"remount,size={size}", str(self.root.parent))

    def line(self, up: bool) -> None:
        """Plug its network in or out."""
        run("ip", "link", "set", self.link, "up" if up else "down")

    def sh(self, command: str, seconds: float = 60) -> str:
        """Run as root; its output. Raises `AssertionError` with stderr when it fails."""
        options = [
            "BatchMode=yes",
            "StrictHostKeyChecking=no",
            "UserKnownHostsFile=/dev/null",
            "LogLevel=ERROR",
        ]
        words = ["ssh", *(part for item in options for part in ("-o", item)), "-o", "ConnectTimeout=2"]
        done = subprocess.run(
            [*words, "-i", str(self.key), f"root@{self.address}", command],
            capture_output=True, text=True, check=False, timeout=seconds,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr + done.stdout
        return done.stdout.strip()


def why_not() -> str:
    """Why hosts cannot be booted here; "" when they can."""
    if os.geteuid() != 0:
        return "needs root"
    missing = [
        name for name in ("debootstrap", "systemd-nspawn", "ssh-keygen", "ip") if shutil.which(name) is None
    ]
    return f"needs {', '.join(missing)}" if missing else ""


def base(folder: Path) -> Path:
    """A minimal Debian 12 with a kiosk's Debian packages, made once (some three minutes, 800 MB) and kept."""
    done, include = folder / ".done", ",".join((*BARE, *PACKAGES, *EXTRA))
    if not done.exists() or done.read_text() != include:
        shutil.rmtree(folder, ignore_errors=True)
        folder.parent.mkdir(parents=True, exist_ok=True)
        run("debootstrap", "--variant=minbase", f"--include={include}", "bookworm", str(folder))
        done.write_text(include)
    return folder


def run(*words: str) -> None:
    subprocess.run(words, check=True, capture_output=True)


def quietly(*words: str) -> None:
    subprocess.run(words, check=False, capture_output=True)


@contextlib.contextmanager
def booted(root: Path, work: Path, count: int) -> Iterator[list[Booted]]:
    """`count` hosts, running and reachable; all gone afterwards."""
    key = work / "key"
    run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key))
    with contextlib.ExitStack() as stack:
        run("ip", "link", "add", BRIDGE, "type", "bridge")
        stack.callback(quietly, "ip", "link", "del", BRIDGE)
        run("ip", "addr", "add", "10.78.0.1/24", "dev", BRIDGE)
        run("ip", "link", "set", BRIDGE, "up")
        hosts = [stack.enter_context(_one(root, work, number, key)) for number in range(1, count + 1)]
        for host in hosts:
            until_up(host)
        yield hosts


@contextlib.contextmanager
def _one(root: Path, work: Path, number: int, key: Path) -> Iterator[Booted]:
    name, address = f"anjfleet-{number}", f"10.78.0.{10 + number}"
    # Overlays want an upper layer that is not an overlay itself: a tmpfs of its own.
    own = work / name
    own.mkdir()
    with contextlib.ExitStack() as stack:
        run("mount", "-t", "tmpfs", "tmpfs", str(own))
        stack.callback(quietly, "umount", "-l", str(own))
        for part in ("up", "work", "root"):
            (own / part).mkdir()
        layers = f"lowerdir={root},upperdir={own}/up,workdir={own}/work"
        run("mount", "-t", "overlay", "overlay", "-o", layers, str(own / "root"))
        stack.callback(quietly, "umount", "-l", str(own / "root"))
        ssh = own / "root/root/.ssh"
        ssh.mkdir(mode=0o700, exist_ok=True)
        (ssh / "authorized_keys").write_text(key.with_suffix(".pub").read_text())
        (own / "root/etc/machine-id").write_text("")
        run("ip", "netns", "add", name)
        stack.callback(quietly, "ip", "netns", "del", name)
        run("ip", "link", "add", f"vanj{number}", "type", "veth", "peer", "name", "host0", "netns", name)
        stack.callback(quietly, "ip", "link", "del", f"vanj{number}")
        run("ip", "link", "set", f"vanj{number}", "master", BRIDGE, "up")
        run("ip", "netns", "exec", name, "ip", "addr", "add", f"{address}/24", "dev", "host0")
        for link in ("host0", "lo"):
            run("ip", "netns", "exec", name, "ip", "link", "set", link, "up")
        host = Booted(name, address, key, own / "root", work / f"{name}.log", f"vanj{number}")
        host.boot()
        try:
            yield host
        finally:
            host.off()


def until_up(host: Booted) -> None:
    end = time.monotonic() + 60
    while True:
        try:
            # A base unit that failed in the container is said, not hidden; our own units are judged by the tests.
            state = host.sh("systemctl is-system-running --wait || true; systemctl --failed --no-legend", 30)
            if state != "running":
                print(f"{host.name}: {state}")
            return
        except (AssertionError, subprocess.TimeoutExpired):
            if time.monotonic() > end:
                raise
            time.sleep(0.3)
