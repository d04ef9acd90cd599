"""systemd and the kiosk's own health file, seen from the agent. Commands are fixed lists; no text becomes a command."""

from __future__ import annotations

import asyncio
import json
import shutil
import time
from pathlib import Path
from typing import Any, TypeVar

from provisioning.agent.ports import Health, Vitals
from provisioning.errors import FleetError

KIOSK = "kiosk.service"
HEALTH_FILE = Path("/run/anjungan/health.json")
"""Written by the keeper: {"busy": bool, "paper": %, "queue": n, "notes": [words]}; free of personal data."""
STALE = 60.0
LOG_LINES = 200


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
    """The machine the agent is on. `health_file` may be missing: then nothing is claimed about visitors or paper."""

    def __init__(self, program: Path, health_file: Path = HEALTH_FILE) -> None:
        self._program = program
        self._health_file = health_file

    async def health(self) -> Health:
        text = await command(
            "systemctl", "show", KIOSK, "-p", "ActiveState,SubState,ActiveEnterTimestampMonotonic,Result"
        )
        facts = dict(line.split("=", 1) for line in text.splitlines() if "=" in line)
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
            paper=_as(values, "paper", int),
            disk=round(100 * disk.used / disk.total),
            queue=_as(values, "queue", int),
            notes=tuple(str(note)[:120] for note in values.get("notes", ())[:5]),
        )

    async def restart_kiosk(self) -> None:
        await command("systemctl", "restart", "--no-block", KIOSK)

    async def reload_settings(self) -> None:
        await command("systemctl", "reload", KIOSK)

    async def act(self, verb: str) -> str:
        match verb:
            case "restart":
                await command("systemctl", "restart", KIOSK, seconds=90)
                return "The kiosk was restarted."
            case "reboot":
                await command("systemctl", "reboot")
                return "The machine restarts."
            case "logs":
                return await command(
                    "journalctl",
                    "-n",
                    str(LOG_LINES),
                    "--no-pager",
                    "-o",
                    "short-iso",
                    "-u",
                    KIOSK,
                    "-u",
                    "kiosk-agent.service",
                    "-u",
                    "kiosk-update.service",
                    "-u",
                    "kiosk-rollback.service",
                )
            case "doctor":
                return await command(str(self._program), "doctor", seconds=60)
            case _:
                raise FleetError(f"A kiosk does not know {verb!r}.")

    def _said(self) -> dict[str, Any]:
        try:
            if time.time() - self._health_file.stat().st_mtime > STALE:
                return {}
            values = json.loads(self._health_file.read_text())
        except (OSError, ValueError):
            return {}
        return values if isinstance(values, dict) else {}  # pyright: ignore[reportUnknownVariableType]


T = TypeVar("T")


def _as(values: dict[str, Any], name: str, kind: type[T]) -> T | None:
    value = values.get(name)
    return value if isinstance(value, kind) else None
