# pyright: reportPrivateImportUsage=false
"""Agent and updater under their units on booted hosts, against real fleet serve, Mosquitto and a signed repository.

The tests go on from one another, as the life of a fleet does. Played: the kiosk program and the X server.
"""

from __future__ import annotations

import datetime as dt
import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tuf.api.metadata import Metadata, Timestamp

from provisioning.repository import load_signer

from .hosts import Booted, base, booted, until_up, why_not
from .office import BROKEN, ROOT, Office, office, until, without_a_screen

pytestmark = pytest.mark.skipif(bool(why_not()), reason=why_not())

LOOK = "systemctl start kiosk-update.service; cat /var/lib/anjungan-update/progress.json"


class Stage:
    def __init__(self, here: Office, hosts: list[Booted]) -> None:
        self.here = here
        self.hosts = hosts

    def on(self, version: str, *numbers: int, seconds: float = 240) -> float:
        """Until these kiosks serve `version`."""
        names = [f"K-{number:02d}" for number in numbers]
        return until(
            f"{names} on {version}",
            lambda: all(self.here.online(name, version) for name in names),
            seconds,
            lambda: str({name: seen.state for name, seen in self.here.states().items()}),
        )

    def roll(self, version: str, first: str = "", canary: str = "K-01") -> None:
        self.here.publish(version, first)
        self.here.fleet("rollout", "start", version, "--canary", canary)


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    work = tmp_path_factory.mktemp("fleet")
    with booted(base(ROOT / "build/fleet-base"), work, 3) as hosts, office(work, 3) as here:
        here.publish("1.0.0")
        for number, host in enumerate(hosts, 1):
            without_a_screen(host.root)
            kit = host.root / "root/kit"
            here.fleet("image", f"K-{number:02d}", "--release", "1.0.0", "--output", str(kit))
            host.sh(
                "sh /root/kit/kit/into / && systemctl daemon-reload && "
                "systemctl start --no-block anjungan-first-boot.service"
            )
        one = Stage(here, hosts)
        one.on("1.0.0", 1, 2, 3)
        yield one


def test_a_release_waits_for_a_visitor_and_for_whoever_is_off_the_line(stage: Stage) -> None:
    first, second, third = stage.hosts
    second.sh("touch /run/played-visitor")
    started = second.sh("systemctl show -P ActiveEnterTimestampMonotonic kiosk.service")
    third.line(False)
    until("K-03 off the line", lambda: not stage.here.online("K-03"), 60)
    stage.roll("1.1.0")
    took = stage.on("1.1.0", 1)
    assert first.sh("readlink /opt/anjungan/current") == "slots/b"
    proved(first)
    until(
        "K-02 waiting",
        lambda: (seen := stage.here.states()["K-02"].state) is not None and seen.stage == "waiting",
        180,
        lambda: str(stage.here.states()["K-02"].state),
    )
    time.sleep(5)
    assert second.sh("readlink /opt/anjungan/current") == "slots/a"
    assert second.sh("systemctl show -P ActiveEnterTimestampMonotonic kiosk.service") == started
    # Whoever asks for a restart meanwhile is refused, too.
    refused = stage.here.fleet("run", "restart", "K-02", code=1)
    assert "A visitor is using it. Nothing was done." in refused
    second.sh("rm /run/played-visitor")
    stage.on("1.1.0", 2)
    assert not stage.here.online("K-03")
    third.line(True)
    late = stage.on("1.1.0", 3)
    print(
        f"\ncanary on the new release after {took:.0f} s; K-03 caught up {late:.0f} s after its line was back"
    )


def test_verbs_on_a_free_kiosk(stage: Stage) -> None:
    assert "restarted" in stage.here.fleet("run", "restart", "K-02")
    stage.on("1.1.0", 2, seconds=60)
    logs = stage.here.fleet("run", "logs", "K-02")
    assert "kiosk.service" in logs or "kiosk[" in logs or "systemd[1]" in logs
    assert "as the running kiosk sees them" in stage.here.fleet("run", "doctor", "K-02", "--seconds", "60")


def test_a_bad_release_stops_in_the_canary_and_is_left(stage: Stage) -> None:
    until("the rollout of 1.1.0 finished", lambda: finished(stage.here, "1.1.0"), 120)
    first = stage.hosts[0]
    stage.roll("1.2.0", BROKEN)
    until(
        "the halt",
        lambda: _halted(stage.here, "1.2.0"),
        240,
        lambda: first.sh("cat /var/lib/anjungan-update/progress.json"),
    )
    stage.on("1.1.0", 1, 2, 3, seconds=30)
    journal = first.sh("journalctl -u kiosk.service -o short-unix --no-pager | grep -E 'Stopping|Started'")
    times = [(float(line.split()[0]), "Stopping" in line) for line in journal.splitlines()]
    stopped = max(at for at, stop in times if stop and at < times[-1][0])
    print(f"\nbroken release: {times[-1][0] - stopped:.1f} s from the restart to healthy on the old one")
    assert times[-1][0] - stopped < 5
    for host in stage.hosts[1:]:
        assert host.sh("grep -c 1.2.0 /opt/anjungan/slots/?/VERSION || true").count(":1") == 0
    assert stage.hosts[0].sh("grep ^version /opt/anjungan/failed") == "version=1.2.0"


def test_what_is_not_rightly_signed_or_in_date_is_refused(stage: Stage) -> None:
    second = stage.hosts[1]
    file = stage.here.home.metadata / "timestamp.json"
    good = file.read_bytes()
    values = json.loads(good)
    values["signed"]["version"] += 1
    file.write_text(json.dumps(values))
    assert "refused" in second.sh(LOOK)
    repository = stage.here.repository()
    metadata: Metadata[Timestamp] = Metadata.from_bytes(good)
    metadata.signed.version += 1
    metadata.signed.expires = dt.datetime.now(dt.UTC).replace(microsecond=0) - dt.timedelta(hours=1)
    metadata.signatures.clear()
    metadata.sign(load_signer(stage.here.home.online_keys / "timestamp.pem"))
    file.write_bytes(metadata.to_bytes())
    assert "clock" in second.sh(LOOK)
    repository.refresh()
    assert json.loads(second.sh(LOOK))["trouble"] == ""


def test_a_wrong_clock_refuses_updates_in_a_sentence_and_stops_nothing_else(stage: Stage) -> None:
    second = stage.hosts[1]
    drop_in = "/run/systemd/system/kiosk-update.service.d"
    second.sh(
        f"mkdir -p {drop_in}; printf '[Service]\\nEnvironment=FAKETIME=+60d "
        "LD_PRELOAD=/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1\\n' > " + drop_in + "/clock.conf; "
        "systemctl daemon-reload"
    )
    assert "clock" in json.loads(second.sh(LOOK))["trouble"]
    assert second.sh("systemctl is-active kiosk.service") == "active"
    second.sh(f"rm -r {drop_in}; systemctl daemon-reload")
    assert json.loads(second.sh(LOOK))["trouble"] == ""


def test_a_full_disk_is_said_before_anything_is_touched(stage: Stage) -> None:
    second = stage.hosts[1]
    used = int(second.sh("df -k --output=used / | tail -1"))
    second.disk(f"{used + 60_000}k")
    # To somebody who is not in the halted canary wave, as a person would after looking: a newer release.
    stage.roll("1.3.0", canary="K-02")
    until(
        "the sentence",
        lambda: "MB free" in json.loads(second.sh(LOOK))["trouble"],
        60,
        lambda: second.sh(LOOK),
    )
    assert second.sh("systemctl is-active kiosk.service") == "active"
    assert second.sh("readlink /opt/anjungan/current") == "slots/b"
    second.disk("90%")
    second.sh("systemctl start --no-block kiosk-update.service")
    stage.on("1.3.0", 1, 2, 3)
    until("the rollout of 1.3.0 finished", lambda: finished(stage.here, "1.3.0"), 200)


@pytest.mark.parametrize("at", ["unpack", "proving"])
def test_a_power_cut_in_the_middle_of_an_update(stage: Stage, at: str) -> None:
    version = {"unpack": "1.4.0", "proving": "1.5.0"}[at]
    second = stage.hosts[1]
    stage.roll(version, canary="K-02")
    second.sh("systemctl start --no-block kiosk-update.service")
    progress = Path(second.root / "var/lib/anjungan-update/progress.json")
    until(at, lambda: json.loads(progress.read_text())["stage"] == at, 120, progress.read_text)
    second.cut()
    time.sleep(1)
    second.boot()
    until_up(second)
    second.sh("systemctl start --no-block kiosk-update.service")
    took = stage.on(version, 2)
    proved(second)
    until(f"the rollout of {version} finished", lambda: finished(stage.here, version), 200)
    print(f"\npower cut at {at}: {version} in service {took:.0f} s after the start")


def test_all_are_seen_again_after_the_broker_was_killed(stage: Stage) -> None:
    assert stage.here.broker is not None
    stage.here.broker.kill()
    time.sleep(3)
    stage.here.restart_broker()
    at = time.time()

    def fresh() -> bool:
        seen = [stage.here.states().get(f"K-{n:02d}") for n in (1, 2, 3)]
        return all(one and one.online and one.state and one.state.at > at for one in seen)

    def seen() -> str:
        return str(
            {name: (one.online, one.state and one.state.at - at) for name, one in stage.here.states().items()}
        )

    print(f"\nstate of all after the broker was killed: {until('all fresh', fresh, 90, seen):.0f} s")


def test_a_kiosk_cannot_read_or_speak_as_another_and_a_revoked_one_is_out(stage: Stage) -> None:
    third = stage.hosts[2]
    port = stage.here.plan.broker_port
    third.sh(
        f"""cat > /root/liar.py <<'END'
import asyncio, ssl, aiomqtt
folder = "/etc/anjungan/identity/"
tls = ssl.create_default_context(cafile=folder + "ca.pem")
tls.load_cert_chain(folder + "device.pem", folder + "device.key")
async def main():
    async with aiomqtt.Client("10.78.0.1", {port}, identifier="K-01", tls_context=tls) as client:
        await client.subscribe([("fleet/d/K-01/#", 1), ("fleet/#", 1)])
        lie = b'{{"id": "K-01", "site": "sim", "at": 1, "version": "9.9.9"}}'
        await client.publish("fleet/d/K-01/state", lie, qos=1, retain=True)
        try:
            async with asyncio.timeout(4):
                async for message in client.messages:
                    if "/K-01/" in message.topic.value or "/K-02/" in message.topic.value:
                        print("heard", message.topic)
        except TimeoutError:
            print("heard nothing")
asyncio.run(main())
END"""
    )
    python = "PYTHONPATH=/opt/anjungan/current/app /opt/anjungan/current/venv/bin/python"
    assert third.sh(f"{python} /root/liar.py") == "heard nothing"
    state = stage.here.states()["K-01"].state
    assert state is not None
    assert state.version != "9.9.9"
    until("K-03 on the line", lambda: stage.here.online("K-03"), 120)
    assert "is revoked" in stage.here.fleet("enrol", "revoke", "K-03")
    until("K-03 out", lambda: not stage.here.states()["K-03"].online, 30)
    time.sleep(15)
    assert not stage.here.states()["K-03"].online
    assert third.sh("systemctl is-active kiosk.service") == "active", "visitors are served all the same"
    assert stage.here.online("K-01")


def proved(host: Booted) -> None:
    """Half a minute of service without a restart, and the mark of an unproven slot is gone."""
    until("the proof", lambda: host.sh("ls /opt/anjungan/pending 2>/dev/null || echo proved") == "proved", 60)


def finished(here: Office, version: str) -> bool:
    """Every wave of it is done."""
    newest = max(
        (here.home.targets / "desired").glob("*.rollout.json"), key=lambda path: path.stat().st_mtime_ns
    )
    found = [item for item in json.loads(newest.read_text())["rollouts"] if item["version"] == version]
    return all(wave["done"] for item in found for wave in item["waves"])


def _halted(here: Office, version: str) -> bool:
    text = (here.home.targets / "desired").glob("*.rollout.json")
    newest = max(text, key=lambda path: path.stat().st_mtime_ns).read_text()
    return any(item["version"] == version and item["halt"] for item in json.loads(newest)["rollouts"])
