"""Bringing a kiosk into line with the signed state: settings, then the release, then proof of health, or back.

One run is bounded and may be cut anywhere; the next run continues. Nothing here is told what to do over the broker: a
nudge only makes a run earlier.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import platform
import shutil
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from provisioning.agent.ports import Health, Machine
from provisioning.agent.slots import Slots
from provisioning.agent.source import Source
from provisioning.errors import FleetError
from provisioning.files import write_whole
from provisioning.release import Manifest
from provisioning.settings_merge import fingerprint, merged, refuse_trust, to_toml
from provisioning.waves import Desired, wanted_version

RESERVE = 200_000_000
"""Bytes that stay free on the disk: the store and the journal must still be able to write."""


@dataclass(frozen=True, slots=True)
class Progress:
    """What the updater is at, for the agent's report. `stage`: idle, download, unpack, waiting, proving, failed."""

    stage: str = "idle"
    to: str = ""
    percent: int = 0
    failed: str = ""
    why: str = ""
    trouble: str = ""
    settings: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True)
class Rules:
    """Limits of a run; durations in seconds."""

    gate_seconds: float = 30.0
    """The new release must serve this long without a restart before the swap counts."""
    gate_most: float = 120.0
    poll: float = 1.0
    busy_wait: float = 900.0
    """How long one run waits for a visit to end; the next run goes on from there."""
    reserve: int = RESERVE


Check = Callable[[str], list[str]]
Build = Callable[[Path, Manifest, dict[str, Path]], None]


@dataclass
class Update:
    """Everything one kiosk needs for an update run.

    `check` takes settings as TOML and returns complaints; `build` makes the slot's Python packages from the wheels.
    `free` returns free bytes.
    """

    device: str
    site: str
    source: Source
    slots: Slots
    machine: Machine
    state: Path
    settings_file: Path
    check: Check
    build: Build
    rules: Rules = Rules()
    free: Callable[[Path], int] = lambda path: shutil.disk_usage(path).free
    tell: Callable[[Progress], None] = lambda _: None

    def __post_init__(self) -> None:
        self.progress = self._last()

    async def run(self) -> Progress:
        """One run. Never raises `FleetError`: what went wrong is in the result, and the kiosk is as it was."""
        try:
            await self._prove_pending()
            await asyncio.to_thread(self.source.refresh)
            desired = await asyncio.to_thread(self.source.desired)
            trouble = ""
            try:
                await self._settings()
            except FleetError as error:
                trouble = str(error)
            await self._release(desired)
            self._say(trouble=trouble)
        except FleetError as error:
            self._say(stage="idle", trouble=str(error))
        except OSError as error:
            self._say(stage="idle", trouble=f"{error.strerror or error}")
        return self.progress

    # -- settings

    async def _settings(self) -> None:
        layers = await asyncio.to_thread(self.source.settings, self.site)
        if layers is None:
            return
        operational = merged(
            layers.get("fleet", {}), layers.get("site", {}), layers.get("devices", {}).get(self.device, {})
        )
        refuse_trust(operational)
        values = merged(
            operational, await asyncio.to_thread(self.source.trust), {"kiosk": {"id": self.device}}
        )
        mark = fingerprint(values)
        text = f"# {mark}: written by the fleet's agent; changes here are overwritten.\n{to_toml(values)}"
        before = _text(self.settings_file)
        if before != text:
            complaints = await asyncio.to_thread(self.check, text)
            if complaints:
                raise FleetError(f"New settings are refused: {complaints[0]}")
            write_whole(self.settings_file, text)
            await self.machine.reload_settings()
        self._say(settings=mark)

    # -- release

    async def _release(self, desired: Desired) -> None:
        present = self.slots.version
        wanted = wanted_version(desired, self.device, present)
        if not wanted or wanted == present:
            self._say(stage="idle", to="", percent=0, failed="", why="")
            return
        rollout = desired.rollout(wanted)
        allowed = 1 + (len(rollout.resumed) if rollout else 0)
        if self._failures(wanted) >= allowed:
            failed = self.slots.failed()
            why = failed.why if failed and failed.version == wanted else self.progress.why
            self._say(stage="failed", to="", failed=wanted, why=why)
            return
        manifest = await self._fetch(wanted)
        if not await self._nobody(self.rules.busy_wait, wanted):
            return
        try:
            self.slots.swap()
            await self.machine.restart_kiosk()
        finally:
            await self.machine.let_go()
        await self._prove(manifest.version)

    async def _fetch(self, wanted: str) -> Manifest:
        idle = self.slots.manifest(self.slots.idle)
        if idle is not None and idle.version == wanted:
            return idle
        manifest = await asyncio.to_thread(self.source.manifest, wanted, platform.machine())
        total = sum(piece.size for piece in manifest.pieces()) or 1
        # Three times: as fetched, unpacked, and wheels installed beside that.
        need, free = 3 * total + self.rules.reserve, self.free(self.slots.root)
        if free < need:
            raise FleetError(f"{wanted} needs {need // 1_000_000} MB free, there are {free // 1_000_000} MB.")
        done, files = 0, dict[str, Path]()
        for piece in manifest.pieces():
            self._say(stage="download", to=wanted, percent=100 * done // total)
            files[piece.target] = await asyncio.to_thread(self.source.piece, piece)
            done += piece.size
        self._say(stage="unpack", to=wanted, percent=100)
        packs = {piece.target: files[piece.target] for piece in manifest.packs}
        folder = await asyncio.to_thread(self.slots.fill, files[manifest.app.target], manifest, packs)
        wheels = {piece.target: files[piece.target] for piece in manifest.wheels}
        if wheels:
            await asyncio.to_thread(self.build, folder, manifest, wheels)
        await asyncio.to_thread(self.slots.finish, manifest)
        await asyncio.to_thread(self.source.prune, {piece.target for piece in manifest.pieces()})
        return manifest

    async def _nobody(self, most: float, wanted: str) -> bool:
        """Wait until nobody uses the kiosk and nobody can begin, `most` seconds: no visitor is thrown out."""
        clock = asyncio.get_running_loop().time
        end = clock() + most
        try:
            while not await self.machine.hold():
                self._say(stage="waiting", to=wanted)
                if clock() >= end:
                    await self.machine.let_go()
                    return False
                await asyncio.sleep(self.rules.poll)
        except BaseException:
            await self.machine.let_go()
            raise
        return True

    async def _prove_pending(self) -> None:
        """A run that was cut between swap and proof: prove now."""
        facts = self.slots.pending()
        if facts and facts.get("new") == self.slots.current:
            await self._prove(facts.get("version", ""))

    async def _prove(self, version: str) -> None:
        self._say(stage="proving", to=version)
        clock = asyncio.get_running_loop().time
        end = clock() + self.rules.gate_most
        why = "it did not serve"
        health = Health(False, 0.0)
        while clock() < end:
            if self.slots.version != version:
                # systemd gave up on it and the rollback script was faster.
                failed = self.slots.failed()
                self._say(stage="failed", to="", failed=version, why=failed.why if failed else why)
                return
            health = await self.machine.health()
            if health.serving and health.seconds >= self.rules.gate_seconds:
                self.slots.confirm()
                self._say(stage="idle", to="", failed="", why="")
                return
            why = health.why or why
            await asyncio.sleep(self.rules.poll)
        if health.serving:
            # It serves, only never long enough: whoever has got as far as a visit may try to finish it.
            await self._nobody(self.rules.gate_most, version)
        self.slots.back(why, _now())
        await self.machine.restart_kiosk()
        self._say(stage="failed", to="", failed=version, why=why)

    # -- what is remembered

    def _failures(self, version: str) -> int:
        """How often this kiosk has left `version`: seen by this updater, or left behind by the rollback script."""
        path = self.state / "failures.json"
        try:
            known: dict[str, list[str]] = json.loads(path.read_text())
        except (OSError, ValueError):
            known = {}
        failed = self.slots.failed()
        if failed and failed.at not in known.get(failed.version, []):
            known.setdefault(failed.version, []).append(failed.at)
            write_whole(path, json.dumps(known))
        return len(known.get(version, []))

    def _last(self) -> Progress:
        return read_progress(self.state / "progress.json")

    def _say(self, **changes: Any) -> None:
        before = asdict(self.progress)
        after = {**before, **changes, "at": before["at"]}
        if after == before:
            return
        self.progress = Progress(**{**after, "at": _now()})
        write_whole(self.state / "progress.json", json.dumps(asdict(self.progress)))
        self.tell(self.progress)


def read_progress(path: Path) -> Progress:
    """What the last run left; an idle one when there is none."""
    try:
        values: Mapping[str, Any] = json.loads(path.read_text())
        return Progress(**values)
    except (OSError, ValueError, TypeError):
        return Progress()


def _text(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
