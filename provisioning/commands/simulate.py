"""`fleet simulate`: many real agents, a real Mosquitto on 127.0.0.1, and what it cost. Touches no fleet."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import resource
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from provisioning.errors import FleetError

if TYPE_CHECKING:
    from provisioning.home import Home, Plan
    from provisioning.live import View
    from provisioning.simulation import Kiosk


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--kiosks", type=int, default=100)
    parser.add_argument("--beat", type=float, default=30.0, help="seconds between two reports of one kiosk")
    parser.add_argument(
        "--seconds", type=float, default=20.0, help="how long to watch the steady state; at least one beat"
    )
    parser.add_argument(
        "--plain", action="store_true", help="without TLS (certificates for thousands take minutes)"
    )


def run(args: argparse.Namespace) -> int:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    need = args.kiosks + args.kiosks // 2 + 1000  # a connection each; a second file while it is being made
    if hard < need:
        raise FleetError(
            f"{args.kiosks} kiosks need {need} open files; the limit is {hard}. Fewer, or raise ulimit -Hn."
        )
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, need), hard))
    with tempfile.TemporaryDirectory(prefix="fleet-simulate-") as folder:
        asyncio.run(_simulate(args, Path(folder)))
    return 0


async def _simulate(args: argparse.Namespace, work: Path) -> None:
    from provisioning.commands.init import create
    from provisioning.home import Home, Plan
    from provisioning.live import snapshot
    from provisioning.simulation import free_port, own_broker_user, running_broker, static_files

    home = Home(work / "fleet")
    plan = Plan(broker_port=free_port(), operator_port=free_port(), heartbeat_seconds=args.beat)
    state = work / "broker"
    state.mkdir()
    create(home, plan, b"", broker_state=state)
    config = home.broker / "mosquitto.conf"
    own_broker_user(config)
    if args.plain:
        _plain(config, plan)
    with static_files(home.metadata.parent) as url:
        began = time.monotonic()
        kiosks = _kiosks(home, plan, work, args, url)
        _say(f"{args.kiosks} kiosks made", began)
        ports = [plan.broker_port, plan.operator_port]
        with contextlib.ExitStack() as stack:
            broker = stack.enter_context(running_broker(config, ports))
            began = time.monotonic()
            tasks = [asyncio.create_task(kiosk.link.run()) for kiosk in kiosks]
            for kiosk in kiosks:
                await kiosk.link.connected.wait()
            _say("all connected", began)
            view = await _complete(home, plan, len(kiosks), 0.0)
            _say("state of all seen", began)
            before, load = time.monotonic(), _cpu(broker.pid)
            await asyncio.sleep(max(args.seconds, args.beat))
            share = 100 * (_cpu(broker.pid) - load) / (time.monotonic() - before)
            print(f"steady: broker {share:.1f} % of one core, {_rss(broker.pid):.0f} MB; "
                  f"all agents together {_rss(os.getpid()):.0f} MB", flush=True)  # fmt: skip
            began = time.monotonic()
            view = await snapshot(home, plan)
            _say(f"one look at {len(view.devices)} kiosks (fleet status)", began)
            # A broker that dies: everybody comes back by themselves, spread by jitter.
            broker.kill()
            broker.wait()
            for kiosk in kiosks:
                kiosk.link.connected.clear()
            stack.pop_all()
            await asyncio.sleep(2)
            at = time.time()
            stack.enter_context(running_broker(config, ports))
            began = time.monotonic()
            await _complete(home, plan, len(kiosks), at)
            _say("fresh state of all after the broker was killed and started again", began)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


def _kiosks(home: Home, plan: Plan, work: Path, args: argparse.Namespace, url: str) -> list[Kiosk]:
    from provisioning.agent.identity import Identity
    from provisioning.enrolment import Enrolment
    from provisioning.pki import Authority
    from provisioning.simulation import issue, make_kiosk

    book = Enrolment(home.enrolment, Authority(home.ca))
    found: list[Kiosk] = []
    for number in range(args.kiosks):
        device = f"{chr(75 + number // 9990)}-{number % 9990 + 10:02d}"
        folder = work / "k" / device / "identity"
        if args.plain:
            folder.mkdir(parents=True)
            identity = Identity(folder, device)
        else:
            identity = issue(home, book, device, folder)
        kiosk = make_kiosk(home, plan, identity, url, beat=args.beat, tls=not args.plain, version="1.0.0")
        found.append(kiosk)
    return found


def _plain(config: Path, plan: Plan) -> None:
    """The device listener without TLS and ACL; the operators' one stays as it is."""
    text = config.read_text()
    head, _, rest = text.partition(f"listener {plan.broker_port}")
    operators = rest[rest.index(f"listener {plan.operator_port}") :]
    head = head.replace(
        "per_listener_settings false\nallow_anonymous false\n", "per_listener_settings true\n"
    )
    acl = next(line for line in head.splitlines() if line.startswith("acl_file"))
    head = head.replace(acl + "\n", "")
    config.write_text(
        f"{head}listener {plan.broker_port} 127.0.0.1\nallow_anonymous true\n\n"
        f"{operators}allow_anonymous false\n{acl}\n"
    )


async def _complete(home: Home, plan: Plan, count: int, since: float) -> View:
    """Wait until every kiosk is online with a report not older than `since` (Unix)."""
    from provisioning.live import snapshot

    end = time.monotonic() + 300
    while True:
        view = await snapshot(home, plan)
        fresh = sum(
            1 for seen in view.devices.values() if seen.online and seen.state and seen.state.at >= since
        )
        if fresh >= count:
            return view
        if time.monotonic() > end:
            raise FleetError(f"After 300 s only {fresh} of {count} kiosks were back.")
        await asyncio.sleep(0.2)


def _say(what: str, began: float) -> None:
    print(f"{what}: {time.monotonic() - began:.1f} s", flush=True)


def _rss(pid: int) -> float:
    line = next(
        row for row in Path(f"/proc/{pid}/status").read_text().splitlines() if row.startswith("VmRSS")
    )
    return int(line.split()[1]) / 1024


def _cpu(pid: int) -> float:
    words = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")
