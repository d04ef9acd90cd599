"""What the keeper tells the fleet's agent, and the one thing the agent asks of it, both as small files on tmpfs.

Told: `health.json` in the folder that systemd gives for it (`RuntimeDirectory=anjungan kiosk-health`; the first one is
private to the kiosk). Asked: a file in the folder named by `KIOSK_HOLD`, "take no new visitor, I am about to restart
you". Updater and agent act only when the answer says `held`, so a restart cannot end a visit: whoever touched first
wins, and the visit's own process is the judge. Ages are by CLOCK_BOOTTIME, which no wrong wall clock changes.

Nothing here can name a person: numbers, and short words of drivers and keeper.
"""

from __future__ import annotations

import json
import os
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FILE = "health.json"
PICTURE = "screen.jpg"
AGAIN_SECONDS = 20.0
"""The same report is written again this often, so that its age says whether the keeper lives."""
HOLD_SECONDS = 30.0
"""A hold that nobody renews is over: an updater that died must not close a kiosk."""
PAPER = {"paper_out": "out", "paper_low": "low"}


def boot_seconds() -> float:
    """Seconds since the machine started, the same in every process of it (clock_gettime(2))."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def report_file() -> Path | None:
    """Where the report goes; None outside systemd, where nobody reads it."""
    folders = os.environ.get("RUNTIME_DIRECTORY", "").split(":")
    return Path(folders[1]) / FILE if len(folders) > 1 else None


@dataclass(slots=True)
class Report:
    """Writes the report, atomically, when it changed or is due. `queue` None: not known yet."""

    path: Path | None
    queue: int | None = None
    devices: dict[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])
    """Device: (condition, detail), words of `hardware.health`."""
    _said: str = ""
    _due: float = 0.0
    _complained: bool = False

    def tell(self, *, busy: bool, held: bool, notes: tuple[str, ...] = ()) -> bool:
        """Say how it is now. True when something was written. Never raises: a full tmpfs must not end the keeper."""
        if self.path is None:
            return False
        now = boot_seconds()
        values: dict[str, Any] = {
            "busy": busy,
            "held": held,
            "paper": self._paper(),
            "queue": self.queue,
            "notes": list(notes) + [f"{name}: {word}" for name, word in self._troubles()],
            "devices": {name: state for name, (state, _) in sorted(self.devices.items())},
            "pid": os.getpid(),
        }
        text = json.dumps(values, separators=(",", ":"))
        if text == self._said and now < self._due:
            return False
        fresh = self.path.with_suffix(".next")
        try:
            fresh.write_text(json.dumps({**values, "at": now}, separators=(",", ":")))
            fresh.chmod(0o644)  # the unit's umask hides everything else
            fresh.replace(self.path)
        except OSError as error:
            if not self._complained:
                self._complained = True
                os.write(
                    2, f"keeper: the report for the agent cannot be written: {error.strerror}\n".encode()
                )
            return False
        self._said, self._due, self._complained = text, now + AGAIN_SECONDS, False
        return True

    def _paper(self) -> str | None:
        """ "ok", "low", "out": what a ticket printer can know. None without a word from one."""
        state, detail = self.devices.get("printer", ("", ""))
        if detail in PAPER:
            return PAPER[detail]
        return "ok" if state in ("ready", "degraded") else None

    def _troubles(self) -> list[tuple[str, str]]:
        return [
            (name, detail or state)
            for name, (state, detail) in sorted(self.devices.items())
            if state != "ready" and detail not in ("none", *PAPER)
        ]


def picture_file() -> Path | None:
    """Where a picture of the screen goes, beside the report."""
    report = report_file()
    return report.with_name(PICTURE) if report else None


def picture_asked() -> str:
    """The agent's request for a picture, while it is fresh; the same text is the same request. "" for none."""
    folder = os.environ.get("KIOSK_HOLD", "")
    if not folder:
        return ""
    path = Path(folder) / "picture"
    try:
        return path.read_text()[:32] if _fresh(path, boot_seconds()) else ""
    except OSError:
        return ""


def held() -> bool:
    """Whether agent or updater asks for no new visitor, now."""
    folder = os.environ.get("KIOSK_HOLD", "")
    if not folder:
        return False
    now = boot_seconds()
    try:
        return any(_fresh(path, now) for path in Path(folder).glob("hold-*"))
    except OSError:
        return False


def _fresh(path: Path, now: float) -> bool:
    try:
        return 0 <= now - float(path.read_text()) < HOLD_SECONDS
    except (OSError, ValueError):
        return False
