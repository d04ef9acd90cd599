"""From a bare Debian to a kiosk, drift, and a release that does not start: on booted hosts.

Played: the kiosk program (a script that says READY and feeds the watchdog) and the X server (a sleep). Real: Debian 12,
systemd, our units with all their hardening, users, folders, rollback, SSH, pyinfra.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from .hosts import Booted, base, booted, why_not

pytestmark = pytest.mark.skipif(bool(why_not()), reason=why_not())
ROOT = Path(__file__).resolve().parents[2]
COUNT = int(os.environ.get("FLEET_HOSTS", "3"))

PROGRAM = """import os, socket, time
def say(text):
    socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(text, os.environ["NOTIFY_SOCKET"])
say(b"READY=1")
while True:
    say(b"WATCHDOG=1"); time.sleep(1)
"""
NO_SCREEN = """[Service]
ExecStartPre=
ExecStart=
ExecStart=/bin/sleep infinity
ExecStartPost=
"""


class Fleet:
    def __init__(self, home: Path, hosts: list[Booted]) -> None:
        self.home, self.hosts = home, hosts

    def __call__(self, *words: str, code: int = 0) -> tuple[str, float]:
        """Run `fleet …`; its output and seconds."""
        began = time.monotonic()
        done = subprocess.run(
            [sys.executable, "-m", "provisioning.cli", *words],
            cwd=ROOT, env={**os.environ, "FLEET_HOME": str(self.home)}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout, time.monotonic() - began

    def over_ssh(
        self, verb: str, *words: str, code: int = 0, extra: tuple[str, ...] = ()
    ) -> tuple[str, float]:
        names = [f"K-0{n}={host.address}" for n, host in enumerate(self.hosts, 1)]
        key = ["--key", str(self.hosts[0].key), "--known-hosts", str(self.home.parent / "known")]
        return self(verb, *names, *extra, *key, *words, code=code)


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    work = tmp_path_factory.mktemp("hosts")
    with booted(base(ROOT / "build/fleet-base"), work, COUNT) as hosts:
        fleet = Fleet(work / "fleet", hosts)
        fleet("init", "--no-passphrase")
        source = work / "source"
        (source / "kiosk/main").mkdir(parents=True)
        for name in ("kiosk/__init__.py", "kiosk/main/__init__.py"):
            (source / name).write_text("")
        (source / "kiosk/main/cli.py").write_text(PROGRAM)
        fleet("release", "build", "1.0.0", "--source", str(source))
        for number in (1, 2):
            fleet("release", "sign", "--key", str(fleet.home / f"keys/offline/targets-{number}.pem"))
        fleet("release", "publish")
        for host in hosts:
            host.sh(
                "mkdir -p /etc/systemd/system/kiosk-display.service.d && "
                f"printf '%s' '{NO_SCREEN}' > /etc/systemd/system/kiosk-display.service.d/test.conf"
            )
        yield fleet


def test_install_repeat_drift_repair_and_a_bad_release(fleet: Fleet) -> None:
    first, took = fleet.over_ssh("install", "--no-packages", "--release", "1.0.0")
    assert " 0 changes" not in first
    for host in fleet.hosts:
        deadline = time.monotonic() + 15
        while host.sh("systemctl is-active kiosk.service || true") != "active":
            assert time.monotonic() < deadline, host.sh("journalctl -u kiosk.service --no-pager -n 20")
            time.sleep(0.3)
        score = host.sh("systemd-analyze security kiosk.service | tail -1")
        assert float(score.split(": ")[1].split()[0]) <= 2.0
        assert host.sh("systemctl show kiosk.service -p User --value") == "anjungan"
        assert (
            host.sh(
                "cat /proc/$(systemctl show kiosk.service -p MainPID --value)/limits | grep core"
            ).split()[4]
            == "0"
        )
    again, repeat = fleet.over_ssh("install", "--no-packages", "--release", "1.0.0")
    assert again.count(": 0 changes") == len(fleet.hosts)
    same, look = fleet.over_ssh("drift")
    assert same.count("as installed") == len(fleet.hosts)
    print(f"\n{len(fleet.hosts)} hosts: fresh {took:.1f} s, repeat {repeat:.1f} s, drift {look:.1f} s")

    changed = fleet.hosts[-1]
    changed.sh(
        "sed -i s/200M/9G/ /etc/systemd/journald.conf.d/anjungan.conf; systemctl disable -q kiosk-agent.service"
    )
    told, _ = fleet.over_ssh("drift", code=1)
    assert "-SystemMaxUse=9G" in told
    assert "+SystemMaxUse=200M" in told
    assert "kiosk-agent.service enabled" in told
    fleet.over_ssh("install", "--no-packages")
    fleet.over_ssh("drift")

    for host in fleet.hosts:
        host.sh(
            "cd /opt/anjungan && cp -a slots/a slots/b && "
            "echo 'raise SystemExit(1)' > slots/b/app/kiosk/main/cli.py && "
            "printf 'old=a\\nnew=b\\nversion=1.1.0\\nboots=0\\n' > pending && ln -s slots/b current.next && "
            "mv -T current.next current"
        )
        took_ms = int(
            host.sh(
                "s=$(date +%s%N); systemctl restart kiosk.service 2>/dev/null; for i in $(seq 200); do "
                '[ "$(readlink /opt/anjungan/current)" = slots/a ] && systemctl is-active -q kiosk.service && break; '
                "sleep 0.05; done; echo $(( ($(date +%s%N)-s)/1000000 ))"
            )
        )
        print(f"{host.name}: broken release to healthy again {took_ms} ms")
        assert (
            host.sh("systemctl is-active kiosk.service; readlink /opt/anjungan/current") == "active\nslots/a"
        )
        assert "version=1.1.0" in host.sh("cat /opt/anjungan/failed")
        assert took_ms < 5000


def test_a_host_out_of_reach_is_named_and_the_others_are_done(fleet: Fleet) -> None:
    told, _ = fleet.over_ssh("drift", code=1, extra=("K-99=10.78.0.250",))
    assert "K-99 (10.78.0.250) cannot be reached as root" in told
    assert told.count("as installed") == len(fleet.hosts)


def test_bad_access_is_a_sentence_and_the_host_is_as_it_was(fleet: Fleet, tmp_path: Path) -> None:
    host = fleet.hosts[0]
    before = host.sh("cat /var/lib/anjungan-installed; readlink /opt/anjungan/current")
    key = tmp_path / "wrong"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    known = ["--known-hosts", str(fleet.home.parent / "known")]
    told, _ = fleet("drift", f"K-01={host.address}", "--key", str(key), *known, code=1)
    assert "K-01 (10.78.0.11) cannot be reached as root: is it on, is the key right?" in told
    host.sh(
        "useradd -m it; mkdir -p /home/it/.ssh; cp /root/.ssh/authorized_keys /home/it/.ssh/; "
        "chown -R it /home/it/.ssh; chmod 700 /home/it/.ssh"
    )
    own = ["--key", str(host.key), *known]
    told, _ = fleet("install", f"K-01={host.address}", "--user", "it", "--no-packages", *own, code=1)
    assert "K-01 gives no root rights: give the user sudo without a password" in told
    fleet(
        "release",
        "build",
        "9.9.9",
        "--source",
        str(fleet.home.parent / "source"),
        "--architecture",
        "aarch64",
    )
    for number in (1, 2):
        fleet("release", "sign", "--key", str(fleet.home / f"keys/offline/targets-{number}.pem"))
    fleet("release", "publish")
    wanted = ["--release", "9.9.9", "--architecture", "aarch64", "--no-packages"]
    told, _ = fleet("install", f"K-01={host.address}", *wanted, *own, code=1)
    assert "K-01 is x86_64; this release is for aarch64." in told
    assert host.sh("cat /var/lib/anjungan-installed; readlink /opt/anjungan/current") == before


def test_a_half_installed_host_is_finished_by_the_next_run_and_a_full_one_is_left(fleet: Fleet) -> None:
    host = fleet.hosts[0]
    host.sh(
        "systemctl stop kiosk.service; rm -rf /var/lib/anjungan-installed /opt/anjungan/current /usr/lib/anjungan; "
        "rm -rf /opt/anjungan/slots/a/app; systemctl disable -q kiosk.service"
    )
    used = int(host.sh("df -k --output=used / | tail -1"))
    host.disk(f"{used + 20_000}k")
    words = ["--release", "1.0.0", "--no-packages", "--key", str(host.key)]
    words += ["--known-hosts", str(fleet.home.parent / "known")]
    told, _ = fleet("install", f"K-01={host.address}", *words, code=1)
    assert "Nothing was done." in told
    host.disk("90%")
    fleet("install", f"K-01={host.address}", *words)
    told, _ = fleet("install", f"K-01={host.address}", *words)
    assert "K-01: 0 changes" in told
    assert host.sh("readlink /opt/anjungan/current; systemctl is-enabled kiosk.service") == "slots/a\nenabled"
