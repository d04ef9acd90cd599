"""`agent`: the fleet's small programs on a kiosk. `agent run` reports, `agent update` updates, `agent enrol` joins."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path

from provisioning.errors import FleetError

CONFIG = Path("/etc/anjungan/agent.toml")
ENROLLED = Path("/etc/anjungan/enrolled")


@dataclass(frozen=True, slots=True)
class Config:
    """`agent.toml`: written at enrolment, changed by nobody."""

    device: str
    site: str
    serve: str
    repository: str
    broker_host: str
    broker_port: int
    beat: float = 30.0
    root: str = "/opt/anjungan"
    identity: str = "/etc/anjungan/identity"
    tuf_root: str = "/etc/anjungan/root.json"
    settings: str = "/var/lib/anjungan-settings/kiosk.toml"

    @classmethod
    def read(cls, path: Path) -> Config:
        """Raises `FleetError` when the kiosk is not enrolled or the file is not whole."""
        try:
            values = tomllib.loads(path.read_text())
            return cls(**{item.name: values[item.name] for item in fields(cls) if item.name in values})
        except FileNotFoundError:
            raise FleetError("This kiosk is not enrolled. agent enrol --help") from None
        except (tomllib.TOMLDecodeError, TypeError, OSError) as error:
            raise FleetError(f"{path}: {error}") from None


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="agent", description=__doc__)
    parser.add_argument("--config", type=Path, default=CONFIG)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("run", help="stay connected and report")
    commands.add_parser("update", help="one look at the signed repository")
    enrol = commands.add_parser("enrol", help="join a fleet with a one-time token")
    enrol.add_argument("--serve", required=True, metavar="URL", help="address of fleet serve")
    enrol.add_argument("--device", required=True, metavar="K-01")
    enrol.add_argument(
        "--token-file", type=Path, required=True, help="file with the token; removed when it was used"
    )
    enrol.add_argument("--ca", type=Path, required=True, help="the fleet's CA certificate (ca.pem)")
    args = parser.parse_args(argv)
    os.umask(0o022)
    try:
        if args.command == "enrol":
            return asyncio.run(_enrol(args))
        config = Config.read(args.config)
        return asyncio.run(_run(config) if args.command == "run" else _update(config))
    except FleetError as error:
        print(f"agent: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


async def _enrol(args: argparse.Namespace) -> int:
    from provisioning.agent.identity import Identity, root_of
    from provisioning.files import write_whole
    from provisioning.settings_merge import to_toml

    folder = args.config.parent / "identity"
    identity = Identity(folder, args.device)
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(identity.ca_file, args.ca.read_bytes())
    token = args.token_file.read_text().strip()
    answer = await identity.enrol(args.serve, token)
    args.token_file.unlink(missing_ok=True)
    tuf_root = args.config.parent / "root.json"
    write_whole(tuf_root, root_of(answer))
    values = {
        "device": args.device,
        "site": answer["site"],
        "serve": args.serve,
        "repository": answer["repository"],
        "broker_host": answer["broker_host"],
        "broker_port": answer["broker_port"],
        "beat": answer["beat"],
        "identity": str(folder),
        "tuf_root": str(tuf_root),
    }
    write_whole(args.config, to_toml(values))
    _hand_over(folder)
    # From here on simulated devices and the device bench refuse to start.
    write_whole(args.config.parent / "enrolled", f"{args.device}\n")
    waiting = not answer.get("certificate")
    print(
        f"{args.device} is enrolled."
        if not waiting
        else f"{args.device} waits: fleet enrol approve {args.device}"
    )
    return 0


def _hand_over(folder: Path) -> None:
    """Enrolment runs as root; the key belongs to the agent, which renews its certificate as a user of its own."""
    if os.geteuid() != 0:
        return
    with contextlib.suppress(LookupError):  # no such user: not a kiosk of ours (tests)
        for path in (folder, *folder.iterdir()):
            shutil.chown(path, "anjungan-agent", "anjungan-enrolled")


def _environment(config: Config) -> tuple[Path, Path]:
    state = Path(os.environ.get("STATE_DIRECTORY", "/var/lib/anjungan-update").split(":")[0])
    return Path(config.root), state


async def _update(config: Config) -> int:
    from provisioning.agent.install import build_packages
    from provisioning.agent.machine import SystemdMachine
    from provisioning.agent.slots import Slots
    from provisioning.agent.source import Source
    from provisioning.agent.update import Update

    root, state = _environment(config)
    source = Source(config.repository, state / "metadata", root / "cache", Path(config.tuf_root).read_bytes())
    program = root / "current" / "bin" / "kiosk"
    update = Update(
        config.device,
        config.site,
        source,
        Slots(root),
        SystemdMachine(program, "update"),
        state,
        Path(config.settings),
        check_settings,
        build_packages,
    )
    before = update.slots.version
    result = await update.run()
    for line in filter(None, (result.trouble, result.why and f"{result.failed}: {result.why}")):
        print(f"agent: {line}", file=sys.stderr)
    if update.slots.version != before:
        # The agent itself is part of a release.
        from provisioning.agent.machine import command

        await command("systemctl", "restart", "--no-block", "kiosk-agent.service")
    return 0


async def _run(config: Config) -> int:
    import random

    from provisioning.agent.hours import FOLDER, Hours
    from provisioning.agent.identity import Identity
    from provisioning.agent.link import Address, Link
    from provisioning.agent.machine import SystemdMachine, command
    from provisioning.agent.slots import Slots
    from provisioning.agent.update import read_progress
    from provisioning.notify import notify

    identity = Identity(Path(config.identity), config.device)
    slots = Slots(Path(config.root))

    async def update() -> None:
        await command("systemctl", "start", "--no-block", "kiosk-update.service")

    def alive() -> None:
        notify("WATCHDOG=1")

    link = Link(
        config.device,
        config.site,
        Address(config.broker_host, config.broker_port, identity.tls),
        SystemdMachine(slots.root / "current" / "bin" / "kiosk", "agent"),
        version=lambda: slots.version,
        progress=lambda: read_progress(Path("/var/lib/anjungan-update/progress.json")),
        update=update,
        certificate_days=identity.days_left,
        alive=alive,
        beat=config.beat,
        hours=Hours(
            FOLDER, Path(os.environ.get("STATE_DIRECTORY", "/var/lib/anjungan-agent")) / "hours.json"
        ),
    )

    async def renew() -> None:
        while True:
            with contextlib.suppress(FleetError):
                if await identity.renew(config.serve):
                    print(f"agent: certificate renewed, {identity.days_left()} days", file=sys.stderr)
            await asyncio.sleep(3600 * random.uniform(0.5, 1.5))  # noqa: S311 - timing, not a secret

    async def beat() -> None:
        while True:
            alive()
            await asyncio.sleep(15)

    notify("READY=1")
    async with asyncio.TaskGroup() as group:
        group.create_task(link.run())
        group.create_task(renew())
        group.create_task(beat())
    return 0


def check_settings(toml: str) -> list[str]:
    """The kiosk's own check, in a process of its own; empty when it would start with this."""
    import tempfile

    with tempfile.NamedTemporaryFile("w", suffix=".toml") as file:
        file.write(toml)
        file.flush()
        done = subprocess.run(
            [sys.executable, "-m", "kiosk.settings", file.name],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    if done.returncode == 0:
        return []
    return [line.replace(file.name, "settings") for line in done.stderr.strip().splitlines()] or ["no answer"]


if __name__ == "__main__":
    raise SystemExit(main())
