"""systemd and the kiosk's own health file, seen from the agent. Commands are fixed lists; no text becomes a command."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import re
import shutil
import time
from pathlib import Path
from typing import Any, TypeVar

from provisioning.agent.ports import Health, Vitals
from provisioning.errors import FleetError
from provisioning.files import write_whole

KIOSK = "kiosk.service"
HEALTH_FILE = Path("/run/kiosk-health/health.json")
"""Written by the keeper (`kiosk/main/report.py`); free of personal data."""
HOLD_FOLDER = Path("/run/anjungan-hold")
STALE = 90.0
"""The keeper writes every 20 s at least; older than this is "not known"."""
GONE_SECONDS = 15.0
LOG_LINES = 200
LOGGED = (
    KIOSK,
    "kiosk-agent.service",
    "kiosk-update.service",
    "kiosk-rollback.service",
    "kiosk-display.service",
)
DOCTOR_FILE = Path("/run/kiosk-doctor/report")
PICTURE = "data:image/jpeg;base64,"
LONG_NUMBER = re.compile(r"\d{8,}|(?:\d{3,4}[ .\-]){2,}\d{2,}")
"""A NIK, a NIB, a phone number, however it is grouped. Our logs hold none; this is the second lock."""


async def command(*words: str, seconds: float = 30.0) -> str:
    """Run one of our fixed commands; its output. Raises `FleetError` with its last line when it fails."""
    try:
        child = await asyncio.create_subprocess_exec(
            *words, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
        )
    except OSError as error:
        raise FleetError(f"{words[0]} cannot be run: {error.strerror}") from None
    try:
        out, err = await asyncio.wait_for(child.communicate(), seconds)
    except TimeoutError:
        child.kill()
        await child.wait()
        raise FleetError(f"{words[0]} {words[1] if len(words) > 1 else ''} took too long.") from None
    if child.returncode:
        lines = (err or out).decode(errors="replace").strip().splitlines() or ["no reason given"]
        raise FleetError(f"{words[0]}: {lines[-1][:160]}")
    return out.decode(errors="replace")


class SystemdMachine:
    """The machine the agent is on. `who` names our hold beside that of another program of ours."""

    def __init__(
        self,
        program: Path,
        who: str,
        health_file: Path = HEALTH_FILE,
        hold_folder: Path = HOLD_FOLDER,
    ) -> None:
        self._program = program
        self._health_file = health_file
        self._hold_file = hold_folder / f"hold-{who}"

    async def _unit(self) -> dict[str, str]:
        text = await command(
            "systemctl",
            "show",
            KIOSK,
            "-p",
            "ActiveState,SubState,MainPID,ActiveEnterTimestampMonotonic,Result",
        )
        return dict(line.split("=", 1) for line in text.splitlines() if "=" in line)

    async def health(self) -> Health:
        facts = await self._unit()
        since = int(facts.get("ActiveEnterTimestampMonotonic", "0") or 0) / 1e6
        if facts.get("ActiveState") == "active" and facts.get("SubState") == "running" and since:
            return Health(True, max(0.0, time.monotonic() - since))
        why = facts.get("Result", "")
        reason = {"watchdog": "the screen loop was silent", "exit-code": "it ends again and again"}.get(
            why, why
        )
        return Health(False, 0.0, f"kiosk is {facts.get('ActiveState', 'unknown')}: {reason}")

    async def vitals(self) -> Vitals:
        values = self._said()
        disk = shutil.disk_usage("/")
        return Vitals(
            busy=_as(values, "busy", bool),
            paper=_as(values, "paper", str),
            disk=round(100 * disk.used / disk.total),
            queue=_as(values, "queue", int),
            notes=tuple(str(note)[:120] for note in values.get("notes", ())[:5]),
        )

    async def hold(self) -> bool:
        try:
            write_whole(self._hold_file, str(_boot_seconds()))
        except OSError as error:
            raise FleetError(f"The kiosk cannot be asked to wait: {error.strerror}") from None
        return free(await self._unit(), self._said())

    async def let_go(self) -> None:
        with contextlib.suppress(OSError):
            self._hold_file.unlink(missing_ok=True)

    async def restart_kiosk(self) -> None:
        before = (await self._unit()).get("MainPID", "0")
        await command("systemctl", "restart", "--no-block", KIOSK)
        # Let go too early and the old process could still greet a visitor.
        end = time.monotonic() + GONE_SECONDS
        while before != "0" and time.monotonic() < end and (await self._unit()).get("MainPID") == before:  # noqa: ASYNC110
            await asyncio.sleep(0.1)
        await self.let_go()

    async def reload_settings(self) -> None:
        await command("systemctl", "reload", KIOSK)

    async def act(self, verb: str) -> str:
        match verb:
            case "restart":
                await self.restart_kiosk()
                return "The kiosk was restarted."
            case "reboot":
                await command("systemctl", "reboot")
                return "The machine restarts."
            case "logs":
                units = [word for unit in LOGGED for word in ("-u", unit)]
                return withheld(
                    await command("journalctl", "-n", str(LOG_LINES), "--no-pager", "-o", "short-iso", *units)
                )
            case "doctor":
                return await self._doctor()
            case "screenshot":
                return await self._screenshot()
            case _:
                raise FleetError(f"A kiosk does not know {verb!r}.")

    async def _doctor(self) -> str:
        """The kiosk's own check, as the kiosk's user: the agent may open neither devices nor store."""
        devices = self._said().get("devices", {})
        lines = [f"{name}: {state}" for name, state in devices.items()] or ["does not say"]
        seen = "as the running kiosk sees them: " + ", ".join(lines)
        with contextlib.suppress(FleetError):  # its exit code says how ill; its words are what was asked for
            await command("systemctl", "start", "kiosk-doctor.service", seconds=120)
        try:
            return f"{seen}\n{withheld(DOCTOR_FILE.read_text())}"
        except OSError:
            return f"{seen}\nkiosk doctor left no report."

    async def _screenshot(self) -> str:
        """A picture of the free kiosk, as a data URL. The visit's own process refuses while somebody uses it."""
        if self._said().get("busy") is not False:
            raise FleetError("A visitor is using it, or it does not say. No picture was taken.")
        picture = self._health_file.with_name("screen.jpg")
        before = picture.stat().st_mtime_ns if picture.exists() else 0
        try:
            write_whole(self._hold_file.with_name("picture"), str(_boot_seconds()))
        except OSError as error:
            raise FleetError(f"The kiosk cannot be asked: {error.strerror}") from None
        for _ in range(40):
            await asyncio.sleep(0.2)
            if picture.exists() and picture.stat().st_mtime_ns != before:
                return PICTURE + base64.b64encode(picture.read_bytes()).decode()
        raise FleetError("No picture came: somebody has begun to use it, or its screen does not answer.")

    def _said(self) -> dict[str, Any]:
        """The keeper's report; empty when there is none or it is old."""
        try:
            values = json.loads(self._health_file.read_text())
            fresh = 0 <= _boot_seconds() - float(values["at"]) < STALE
        except (OSError, ValueError, TypeError, KeyError):
            return {}
        return values if fresh else {}


def withheld(text: str) -> str:
    """Without anything that looks like a number of a person."""
    return LONG_NUMBER.sub("[withheld]", text)


def free(unit: dict[str, str], said: dict[str, Any]) -> bool:
    """Whether a restart would end no visit. `unit`: what systemd says; `said`: a fresh report, or empty.

    No process: nobody uses it. A process that has reported: by its word, if the report is its own. A starting one that
    has not reported yet: it reports before its first picture, so nobody has seen one. Anything else is in use.
    """
    state, pid = unit.get("ActiveState", ""), unit.get("MainPID", "")
    if pid == "0":
        return state in ("inactive", "failed", "activating")
    if said and str(said.get("pid")) == pid:
        return said.get("busy") is False and said.get("held") is True
    return state == "activating"


def _boot_seconds() -> float:
    """As in the keeper's report: no wrong or stepped wall clock changes an age."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


T = TypeVar("T")


def _as(values: dict[str, Any], name: str, kind: type[T]) -> T | None:
    value = values.get(name)
    return value if isinstance(value, kind) else None
