"""How each kiosk is, in one word: the one judgement the table, the exporter and `--json` share."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from provisioning.home import Plan
from provisioning.live import Seen, View
from provisioning.waves import Desired, wanted_version
from provisioning.words import Voice

Condition = Literal["lost", "look", "updating", "busy", "healthy"]
ORDER: dict[Condition, int] = {"lost": 0, "look": 1, "updating": 2, "busy": 3, "healthy": 4}
DISK_FULL = 90
CLOCK_WRONG = 120.0
CERTIFICATE_SHORT = 14


@dataclass(frozen=True, slots=True)
class Row:
    """One kiosk as shown. `age` in seconds; `same`: settings as published (None: not known)."""

    id: str
    place: str
    condition: Condition
    version: str
    to: str
    same: bool | None
    age: float
    paper: str | None
    disk: int | None
    queue: int | None
    note: str


@dataclass(frozen=True, slots=True)
class Known:
    """What is known beside the broker: places, published settings, desired versions. From files, all of it."""

    places: Mapping[str, str]
    fingerprints: Mapping[str, str]
    desired: Desired


def rows(view: View, known: Known, plan: Plan, say: Voice) -> list[Row]:
    """Every enrolled or seen kiosk, problems first, then by name."""
    wall, mono = time.time(), time.monotonic()
    names = set(known.places) | set(view.devices)
    found = [_row(name, view.devices.get(name), known, plan, say, wall, mono) for name in names]
    return sorted(found, key=lambda row: (ORDER[row.condition], row.id))


def _row(name: str, seen: Seen | None, known: Known, plan: Plan, say: Voice, wall: float, mono: float) -> Row:
    place = known.places.get(name, "")
    state = seen.state if seen else None
    if seen is None or state is None:
        return Row(name, place, "lost", "", "", None, 1e12, None, None, None, say("never"))
    age = seen.age(mono, wall)
    published = known.fingerprints.get(name)
    same = None if not published or not state.settings else published == state.settings
    if not seen.online:
        at = dt.datetime.fromtimestamp(state.at, dt.UTC)
        note = say("since", say.clock(at, day=True))
        return Row(name, place, "lost", state.version, "", same, age, None, None, state.queue, note)

    problems: list[str] = []
    if seen.heard is not None and age > plan.heartbeat_seconds * plan.silent_beats:
        problems.append(say("silent"))
    if not state.serving:
        problems.append(state.notes[0] if state.notes else say("down"))
    if state.serving and state.busy is None:
        problems.append(say("mute"))
    if state.paper == "out":
        problems.append(say("no paper"))
    if state.disk is not None and state.disk >= DISK_FULL:
        problems.append(say("disk full", state.disk))
    if same is False:
        problems.append(say("settings differ"))
    if state.failed:
        problems.append(say("failed", state.failed, state.why))
    if seen.heard is not None and abs(wall - age - state.at) > CLOCK_WRONG:
        problems.append(say("clock", say.age(abs(wall - age - state.at))))
    if state.certificate_days is not None and state.certificate_days < CERTIFICATE_SHORT:
        problems.append(say("certificate", state.certificate_days))
    if state.trouble:
        problems.append(state.trouble)

    wanted = wanted_version(known.desired, name, state.version)
    to, note = "", ""
    condition: Condition = "busy" if state.busy else "healthy"
    if state.stage in ("download", "unpack", "waiting", "proving"):
        to, condition = state.to, "updating"
        note = say(state.stage, state.percent) if state.stage == "download" else say(state.stage)
    elif (
        (rollout := known.desired.rollout(state.version)) and not rollout.finished and wanted == state.version
    ):
        minutes = int(state.healthy // 60)
        if minutes < rollout.healthy_minutes:
            condition, note = "updating", say("of minutes", minutes, f"{rollout.healthy_minutes:g}")
    elif wanted and wanted != state.version and not state.failed:
        to = wanted
        condition = "updating"
    if state.queue:
        note = note or say("slow line", state.queue)
    if problems:
        condition, note = "look", ", ".join(problems)
    return Row(
        name, place, condition, state.version, to, same, age, state.paper, state.disk, state.queue, note
    )


def exit_code(found: list[Row]) -> int:
    """0 all well, 1 somebody should look."""
    return 1 if any(row.condition in ("lost", "look") for row in found) else 0
