"""Rollouts as they are published: start, halt, resume, and the round that `fleet serve` makes."""

from __future__ import annotations

import datetime as dt
import json
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from provisioning.errors import FleetError
from provisioning.home import Home, Plan
from provisioning.release import check_version
from provisioning.repository import Repository, locked
from provisioning.waves import Desired, Halt, Patience, Report, Rollout, Tally, advance, plan, resume, tally

DOCUMENT = "desired/rollout.json"


def read(repository: Repository) -> Desired:
    data = repository.content(DOCUMENT)
    return Desired() if data is None else Desired.from_plain(json.loads(data))


def change(home: Home, step: Callable[[Desired], Desired]) -> Desired:
    """Read, change and publish under one lock; nothing is signed when nothing changes."""
    repository = Repository(home)
    with locked(home, "rollout"):
        before = read(repository)
        after = step(before)
        if after is not before:
            repository.put_desired({DOCUMENT: json.dumps(after.to_plain(), indent=1).encode()})
        return after


def patience(settings: Plan) -> Patience:
    return Patience(
        silent=settings.heartbeat_seconds * settings.silent_beats,
        arrive=settings.arrive_minutes * 60,
        failed_most=settings.failed_most,
    )


def start(
    home: Home,
    settings: Plan,
    version: str,
    devices: Iterable[str],
    *,
    canary: tuple[str, ...] = (),
    at: str = "",
) -> Rollout:
    """Put a signed release on its way. Raises `FleetError`: unknown release, one already on its way, no such canary."""
    check_version(version)
    names = set(devices)
    repository = Repository(home)
    if not any(name.startswith(f"release/{version}/") for name in repository.names("targets")):
        raise FleetError(f"No signed release {version}. fleet release build, sign, publish")
    missing = set(canary) - names
    if missing:
        raise FleetError(f"Not in the fleet: {', '.join(sorted(missing))}")
    if not names:
        raise FleetError("The fleet has no kiosks yet. fleet enrol token")

    def step(desired: Desired) -> Desired:
        if desired.rollout(version):
            raise FleetError(f"{version} is on its way already. fleet rollout status {version}")
        running = [r.version for r in desired.rollouts if not r.finished and r.halt is None]
        if running:
            raise FleetError(
                f"{running[0]} is still on its way. Halt it first, or wait: fleet rollout status", code=2
            )
        # Rollouts that reached everybody become the baseline, so the document stays small for ever.
        finished = [r for r in desired.rollouts if r.finished]
        baseline = finished[-1].version if finished else desired.baseline
        kept = tuple(r for r in desired.rollouts if not r.finished)[-4:]
        seed = secrets.token_hex(8)
        rollout = Rollout(
            version, seed, at or _now(), plan(names, seed, canary=canary), settings.healthy_minutes, canary
        )
        opened = advance(rollout, (), at or _now(), patience(settings), {})
        return replace(desired, baseline=baseline, rollouts=kept).put(opened)

    found = change(home, step).rollout(version)
    assert found is not None  # noqa: S101 - put above
    return found


def halt(home: Home, version: str, reason: str) -> Rollout:
    """Stop it by a person's word."""

    def step(desired: Desired) -> Desired:
        rollout = _one(desired, version)
        wave = next((w.name for w in reversed(rollout.waves) if w.opened), rollout.waves[0].name)
        return desired.put(replace(rollout, halt=Halt(_now(), wave, reason)))

    return _one(change(home, step), version)


def go_on(home: Home, version: str, reason: str) -> Rollout:
    """Lift a halt, with a reason that is published with it."""

    def step(desired: Desired) -> Desired:
        rollout = _one(desired, version)
        if rollout.halt is None:
            raise FleetError(f"{version} is not halted.")
        return desired.put(resume(rollout, _now(), reason))

    return _one(change(home, step), version)


def counts(
    rollout: Rollout, devices: Iterable[str], reports: Mapping[str, Report], settings: Plan, now: dt.datetime
) -> tuple[Tally, ...]:
    """How each wave stands at `now` (UTC)."""
    open_for = [
        (now - dt.datetime.fromisoformat(wave.opened)).total_seconds() if wave.opened else 0.0
        for wave in rollout.waves
    ]
    return tally(rollout, devices, reports, open_for, patience(settings))


def round_of_waves(
    home: Home, settings: Plan, devices: Iterable[str], reports: Mapping[str, Report]
) -> tuple[Desired, bool]:
    """One look at every rollout under way: open, close or halt. Returns the state and whether it changed."""
    names = set(devices)
    now = dt.datetime.now(dt.UTC)
    reasons = {name: report.why for name, report in reports.items()}
    changed = False

    def step(desired: Desired) -> Desired:
        nonlocal changed
        for rollout in desired.rollouts:
            if rollout.halt is not None or rollout.finished:
                continue
            after = advance(
                rollout, counts(rollout, names, reports, settings, now), _now(), patience(settings), reasons
            )
            if after is not rollout:
                desired = desired.put(after)
                changed = True
        return desired

    return change(home, step), changed


def _one(desired: Desired, version: str) -> Rollout:
    rollout = desired.rollout(version)
    if rollout is None:
        known = ", ".join(r.version for r in desired.rollouts) or "none"
        raise FleetError(f"No rollout of {version}. Known: {known}")
    return rollout


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
