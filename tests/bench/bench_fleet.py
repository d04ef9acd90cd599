"""`fleet status` as its user runs it: a whole command, against a real Mosquitto that keeps the state of many kiosks.

    python -m tests.bench fleet          # 10,000 kiosks, all enrolled and in the inventory

Control: the same command for one kiosk, which is what interpreter, imports and TLS cost.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from provisioning.commands.init import create
from provisioning.enrolment import Enrolment
from provisioning.home import Home, Plan
from provisioning.inventory import load_inventory
from provisioning.last import Last
from provisioning.live import operator
from provisioning.pki import Authority
from provisioning.simulation import free_port, own_broker_user, running_broker
from provisioning.state import State, link_topic, state_topic

SITES = 200
TIMES = 3


def names(count: int) -> list[str]:
    return [f"{chr(75 + number // 9990)}-{number % 9990 + 10:02d}" for number in range(count)]


def enrolled(home: Home, devices: list[str]) -> None:
    """Rows as enrolment leaves them; making 10,000 keys would take minutes and prove nothing here."""
    Enrolment(home.enrolment, Authority(home.ca))
    with sqlite3.connect(home.enrolment) as db:
        db.executemany(
            "insert into certificate(serial, device, site, key_digest, issued, expires) values(?,?,?,?,?,?)",
            [
                (
                    f"{n:x}",
                    name,
                    f"s{n % SITES}",
                    "0" * 64,
                    "2026-11-01T00:00:00+00:00",
                    "2099-01-01T00:00:00+00:00",
                )
                for n, name in enumerate(devices)
            ],
        )
    db.close()


def inventory(home: Home, devices: list[str]) -> None:
    lines = ["settings.window.reduce_motion = true", 'settings.kiosk.office = "DPMPTSP Contoh"']
    lines += [
        f'[site.s{n}]\nname = "Tempat {n}"\nsettings.session.seconds = {120 + n % 60}' for n in range(SITES)
    ]
    lines += [f'[device.{name}]\nsite = "s{n % SITES}"' for n, name in enumerate(devices)]
    home.inventory.write_text("\n".join(lines) + "\n")


async def keep(home: Home, plan: Plan, devices: list[str]) -> None:
    """Publish what the kiosks would: a report and a connection each, retained."""
    prints = load_inventory(home.inventory).fingerprints()
    async with operator(home, plan, "fleet-serve") as client:
        for n, name in enumerate(devices):
            note = ("card: service_down",) if n % 500 == 0 else ()
            report = State(
                name, f"s{n % SITES}", time.time(), "1.4.3", prints[name], True, 7200.0, False,
                paper="ok", disk=41, queue=0, notes=note, certificate_days=70,
            )  # fmt: skip
            await client.publish(state_topic(name), report.to_bytes(), qos=0, retain=True)
            await client.publish(link_topic(name), b"1" if n % 100 else b"0", qos=0, retain=True)
        await client.publish("fleet/op/end", b"", qos=1)


def command(home: Home, *words: str) -> float:
    best = 1e9
    for _ in range(TIMES):
        began = time.monotonic()
        done = subprocess.run(
            [sys.executable, "-m", "provisioning.cli", *words],
            env={**os.environ, "FLEET_HOME": str(home.root)},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode not in (0, 1):
            raise SystemExit(done.stdout + done.stderr)
        best = min(best, time.monotonic() - began)
    return best


def measure(count: int) -> list[float]:
    with tempfile.TemporaryDirectory(prefix="anjungan-fleet-") as folder:
        home = Home(Path(folder) / "fleet")
        plan = Plan(broker_port=free_port(), operator_port=free_port(), serve_port=free_port())
        create(home, plan, b"", broker_state=Path(folder))
        devices = names(count)
        enrolled(home, devices)
        inventory(home, devices)
        config = home.broker / "mosquitto.conf"
        own_broker_user(config)
        with running_broker(config, [plan.broker_port, plan.operator_port]):
            asyncio.run(keep(home, plan, devices))
            found = [command(home, "status", "--live"), command(home, "exporter", "--once")]
            with serving(home, count):
                return [command(home, "status"), command(home, "status", "--json"), *found]


@contextlib.contextmanager
def serving(home: Home, count: int) -> Iterator[None]:
    """A real `fleet serve`, which has heard of all kiosks."""
    child = subprocess.Popen(
        [sys.executable, "-m", "provisioning.cli", "serve", "--host", "127.0.0.1"],
        env={**os.environ, "FLEET_HOME": str(home.root)},
    )
    try:
        end = time.monotonic() + 60
        while (view := Last(home.last).read()) is None or len(view.devices) < count:
            if child.poll() is not None or time.monotonic() > end:
                raise SystemExit("fleet serve did not hear of all kiosks")
            time.sleep(0.2)
        yield
    finally:
        child.send_signal(signal.SIGINT)
        child.wait(20)


def main() -> int:
    count = int(os.environ.get("FLEET_KIOSKS", "10000"))
    print(f"Seconds, best of {TIMES}; goal 2 for status. --live and the exporter read all from the broker.")
    print("  kiosks    status    --json    --live  exporter")
    for number in (1, count):
        print(f"{number:>8}  " + "  ".join(f"{value:>8.2f}" for value in measure(number)), flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
