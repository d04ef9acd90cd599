"""Which kiosk takes a release when, and what a wave's reports mean. Pure: no clock, no network, no files.

A device's place is a hash of the rollout's seed and its id, so nobody is always first, and a document of constant size
says who is in which wave: each wave has a cut, the highest place still in it. A kiosk computes its own wave.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from hashlib import sha256
from typing import Any

SHARES = (0.05, 0.25, 1.0)
LAST = "f" * 16


@dataclass(frozen=True, slots=True)
class Wave:
    """`cut`: places up to here (16 hex digits) are in this wave or an earlier one. Times are ISO, UTC; "" not yet."""

    name: str
    cut: str
    opened: str = ""
    done: str = ""


@dataclass(frozen=True, slots=True)
class Halt:
    """Why a rollout stands still. Only a person lifts it."""

    at: str
    wave: str
    reason: str
    devices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rollout:
    """One release on its way, as it is signed and published."""

    version: str
    seed: str
    started: str
    waves: tuple[Wave, ...]
    healthy_minutes: float = 15.0
    canary: tuple[str, ...] = ()
    halt: Halt | None = None
    resumed: tuple[str, ...] = ()
    """One line for each time a person let it go on: when and why."""
    forgiven: tuple[str, ...] = ()
    """Devices whose failure a person has looked at; they no longer halt this rollout."""

    @property
    def finished(self) -> bool:
        return all(wave.done for wave in self.waves)


@dataclass(frozen=True, slots=True)
class Desired:
    """`desired/rollout.json`: the whole of what kiosks should run. The last rollout that applies to a kiosk wins."""

    serial: int = 0
    baseline: str = ""
    rollouts: tuple[Rollout, ...] = ()
    format: int = field(default=1)

    def to_plain(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_plain(cls, values: Mapping[str, Any]) -> Desired:
        """Raises `ValueError`, `KeyError` or `TypeError` on a document of another form."""
        if values["format"] != 1:
            raise ValueError(f"desired state has format {values['format']}")
        rollouts = [
            Rollout(
                **{
                    **item,
                    "waves": tuple(Wave(**wave) for wave in item["waves"]),
                    "canary": tuple(item["canary"]),
                    "resumed": tuple(item["resumed"]),
                    "forgiven": tuple(item["forgiven"]),
                    "halt": Halt(**{**item["halt"], "devices": tuple(item["halt"]["devices"])})
                    if item["halt"]
                    else None,
                }
            )
            for item in values["rollouts"]
        ]
        return cls(int(values["serial"]), str(values["baseline"]), tuple(rollouts))

    def rollout(self, version: str) -> Rollout | None:
        return next((item for item in self.rollouts if item.version == version), None)

    def put(self, rollout: Rollout) -> Desired:
        """With this rollout replaced, or added as the newest."""
        if self.rollout(rollout.version) is None:
            rollouts = (*self.rollouts, rollout)
        else:
            rollouts = tuple(rollout if r.version == rollout.version else r for r in self.rollouts)
        return replace(self, serial=self.serial + 1, rollouts=rollouts)


def place(seed: str, device: str) -> str:
    """Where a device stands in the line for one release: 16 hex digits, as even as SHA-256."""
    return sha256(f"{seed}\0{device}".encode()).hexdigest()[:16]


def plan(
    devices: Iterable[str], seed: str, *, canary: Sequence[str] = (), canaries: int = 1
) -> tuple[Wave, ...]:
    """Waves for a fleet: `canary` by name (or the first `canaries` by place), then 5, 25 and 100 % of all, rounded up.

    A cut is taken from the fleet as it is; a kiosk enrolled later falls into a wave by its place all the same.
    """
    places = sorted(place(seed, device) for device in set(devices) - set(canary))
    count = len(places) + len(set(canary))
    first = "" if canary else (places[min(canaries, len(places)) - 1] if places else "")
    waves = [Wave("canary", first)]
    for share in SHARES:
        wanted = math.ceil(share * count) - len(set(canary))
        cut = LAST if share == 1.0 else (places[wanted - 1] if 0 < wanted <= len(places) else "")
        waves.append(Wave(f"{share:.0%}", max(cut, waves[-1].cut)))
    return tuple(waves)


def wave_of(rollout: Rollout, device: str) -> int:
    """Index of the wave a device is in."""
    if device in rollout.canary:
        return 0
    mine = place(rollout.seed, device)
    return next(index for index, wave in enumerate(rollout.waves) if mine <= wave.cut)


def wanted_version(desired: Desired, device: str, present: str) -> str:
    """What a device should run: "" when nothing is asked of it. A halted rollout asks nothing of who has not begun."""
    for rollout in reversed(desired.rollouts):
        if rollout.halt is not None:
            if present == rollout.version:
                return present
            continue
        if rollout.waves[wave_of(rollout, device)].opened:
            return rollout.version
    return desired.baseline


class Standing(StrEnum):
    """How one device is doing in a rollout."""

    HEALTHY = "healthy"
    RUNNING = "running"
    PENDING = "pending"
    FAILED = "failed"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Report:
    """What the judge needs to know of a device. Seconds are ages or durations, never times of a kiosk's own clock."""

    device: str
    online: bool
    age: float
    version: str
    healthy_seconds: float = 0.0
    failed_version: str = ""
    why: str = ""
    online_seconds: float = 1e9
    """How long it has been connected: one that comes back gets its full time to catch up."""
    busy: bool = False


@dataclass(frozen=True, slots=True)
class Patience:
    """Limits in seconds, and the share of a later wave that may fail."""

    silent: float = 120.0
    arrive: float = 3600.0
    failed_most: float = 0.05


def standing(
    rollout: Rollout, report: Report | None, index: int, open_for: float, patience: Patience
) -> Standing:
    """Judge one device. "Healthy" is minutes of health on the new version, never "installed"."""
    if not rollout.waves[index].opened:
        return Standing.WAITING
    if report is None:
        return Standing.PENDING
    if report.failed_version == rollout.version and report.version != rollout.version:
        return Standing.FAILED
    if not report.online:
        # Reached health before it went: that counts, a later power cut does not undo it.
        done = report.version == rollout.version and report.healthy_seconds >= rollout.healthy_minutes * 60
        return Standing.HEALTHY if done else Standing.PENDING
    if report.age > patience.silent:
        return Standing.FAILED
    if report.version == rollout.version:
        enough = report.healthy_seconds >= rollout.healthy_minutes * 60
        late = min(open_for, report.online_seconds) > patience.arrive + 2 * rollout.healthy_minutes * 60
        return Standing.HEALTHY if enough else Standing.FAILED if late else Standing.RUNNING
    late = min(open_for, report.online_seconds) > patience.arrive * (4 if report.busy else 1)
    return Standing.FAILED if late else Standing.RUNNING


@dataclass(frozen=True, slots=True)
class Tally:
    """Devices of one wave by standing."""

    wave: Wave
    devices: Mapping[Standing, tuple[str, ...]]

    def count(self, what: Standing) -> int:
        return len(self.devices.get(what, ()))

    @property
    def total(self) -> int:
        return sum(len(names) for names in self.devices.values())


def tally(
    rollout: Rollout,
    devices: Iterable[str],
    reports: Mapping[str, Report],
    open_for: Sequence[float],
    patience: Patience,
) -> tuple[Tally, ...]:
    """Standing of every device, by wave. `open_for[i]`: seconds since wave i opened (0 when it has not)."""
    sorted_out: list[dict[Standing, list[str]]] = [{} for _ in rollout.waves]
    for device in sorted(devices):
        index = wave_of(rollout, device)
        how = standing(rollout, reports.get(device), index, open_for[index], patience)
        sorted_out[index].setdefault(how, []).append(device)
    return tuple(
        Tally(wave, {how: tuple(names) for how, names in found.items()})
        for wave, found in zip(rollout.waves, sorted_out, strict=True)
    )


def advance(
    rollout: Rollout, counted: Sequence[Tally], at: str, patience: Patience, reasons: Mapping[str, str]
) -> Rollout:
    """The next state of a rollout: a wave opened or closed, a halt, or the same object when nothing changes.

    The canary wave must prove itself: at least one healthy, none failed, however many are offline. Later waves do not
    wait for the offline, as long as half of all kiosks up to that wave have proved healthy.
    """
    if rollout.halt is not None or rollout.finished:
        return rollout
    waves = list(rollout.waves)
    if not waves[0].opened:
        waves[0] = replace(waves[0], opened=at)
        return replace(rollout, waves=tuple(waves))
    healthy = total = 0
    for index, part in enumerate(counted):
        if not waves[index].opened:
            break
        failed = [name for name in part.devices.get(Standing.FAILED, ()) if name not in rollout.forgiven]
        allowed = 0 if index == 0 else math.floor(patience.failed_most * part.total)
        if len(failed) > allowed:
            why = next(
                (reasons[name] for name in failed if reasons.get(name)), "no health on the new version"
            )
            halt = Halt(at, waves[index].name, why, tuple(failed[:20]))
            return replace(rollout, halt=halt)
        healthy += part.count(Standing.HEALTHY)
        total += part.total
        # An empty view (a broker that lost its memory) must not look like a fleet that is merely switched off.
        proven = part.count(Standing.HEALTHY) > 0 if index == 0 and part.total else 2 * healthy >= total
        if waves[index].done:
            continue
        if part.count(Standing.RUNNING) == 0 and proven:
            waves[index] = replace(waves[index], done=at)
            if index + 1 < len(waves):
                waves[index + 1] = replace(waves[index + 1], opened=at)
        break
    after = tuple(waves)
    return rollout if after == rollout.waves else replace(rollout, waves=after)


def resume(rollout: Rollout, at: str, reason: str) -> Rollout:
    """Lift a halt. The failures known so far are forgiven; a new one halts again."""
    seen = rollout.halt.devices if rollout.halt else ()
    return replace(
        rollout,
        halt=None,
        resumed=(*rollout.resumed, f"{at} {reason}"),
        forgiven=tuple(sorted({*rollout.forgiven, *seen})),
    )
