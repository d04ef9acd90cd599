"""A look at every part of the kiosk: its state, and what a person should do. Reads and asks; changes nothing."""

from __future__ import annotations

import asyncio
import os
import shutil
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Protocol, TypeVar
from urllib.parse import urlsplit

from hardware.health import Condition, Health
from kiosk.folders import runtime_folder
from kiosk.settings import SecretTroubleError, Settings, find_secret, read_secret
from kiosk.settings.places import store_folder, world_socket

T = TypeVar("T")

ESSENTIAL = frozenset({"settings", "store", "disk", "keys", "simulated"})
"""Parts without which the kiosk cannot serve at all."""
DEVICE_SECONDS = 8.0
SLOW_SECONDS = 2.0
CLOCK_SECONDS = 60.0
ROOM_LOW = 1 << 30
ROOM_FULL = 100 << 20
MOST_REASONS = 5
"""Refused items that are named one by one."""
LAUNCH = 1_760_000_000.0
"""Unix time in October 2025: the clock of a kiosk cannot be earlier."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One part. `condition` is a `Condition` value or "none" (not used); `word` a short machine word; `about` facts."""

    part: str
    condition: str
    word: str = ""
    about: str = ""
    hint: str = ""
    """English, for words this program has no sentence for."""

    @property
    def well(self) -> bool:
        return self.condition in (Condition.READY, "none")


class _Device(Protocol):
    async def open(self) -> object: ...

    async def close(self) -> None: ...

    async def health(self) -> Health: ...


def verdict(findings: list[Finding]) -> int:
    """Exit code: 0 all well, 1 needs a look, 2 the kiosk cannot serve."""
    bad = [finding for finding in findings if not finding.well]
    stopped = [
        finding
        for finding in bad
        if finding.word == "simulated_on_enrolled"
        or (finding.part in ESSENTIAL and finding.condition in (Condition.FAILED, Condition.ABSENT))
    ]
    return 2 if stopped else 1 if bad else 0


async def examine(settings: Settings) -> list[Finding]:
    """Everything, in the order people think of it. Takes as long as the slowest device's answer."""
    portal, date = await asyncio.to_thread(_portal, settings)
    devices = await asyncio.gather(*(_device(settings, name) for name in ("card", "camera", "printer")))
    findings = [_settings(settings), *devices, await asyncio.to_thread(_archive, settings), portal]
    findings += await asyncio.to_thread(_store, settings)
    findings += [*_keys(settings), _disk(settings), _clock(date), _memory(settings)]
    return findings


def _settings(settings: Settings) -> Finding:
    about = f"{settings.kiosk.id} {settings.kiosk.spot}"
    if settings.hours.sample and settings.enrolled:
        return Finding("settings", Condition.DEGRADED, "sample_hours", about)
    return Finding("settings", Condition.READY, about=about)


async def _device(settings: Settings, name: str) -> Finding:
    from kiosk.main import devices

    kind = str(getattr(settings.devices, name).kind)
    if kind == "none":
        return Finding(name, "none")
    if kind == "simulated" and settings.enrolled:
        return Finding(name, Condition.FAILED, "simulated_on_enrolled", kind)
    world = None
    build: Callable[..., _Device | None] = getattr(devices, name)
    try:
        if kind == "simulated":
            from hardware.world import LinkedWorld

            world = await asyncio.to_thread(LinkedWorld, world_socket(settings))
        device = build(settings, world)
        if device is None:
            return Finding(name, "none")
        health = await _asked(device)
    except (ImportError, AttributeError):
        return Finding(name, Condition.FAILED, "driver_missing", kind)
    except (OSError, ValueError) as error:
        return Finding(name, Condition.FAILED, type(error).__name__, kind, str(error)[:120])
    finally:
        if world is not None:
            world.close()
    word = health.detail
    if kind == "simulated" and health.condition is Condition.ABSENT and not world_socket(settings).exists():
        word = "no_world"
    return Finding(name, health.condition, word, kind, health.hint)


async def _asked(device: _Device) -> Health:
    unknown = Health("", Condition.UNKNOWN, "silent")
    health = await _bounded(device.health, unknown)
    if health.condition is Condition.UNKNOWN:  # some say how they are only once they are open
        await _bounded(device.open, None)
        health = await _bounded(device.health, unknown)
    await _bounded(device.close, None)
    return health


async def _bounded(call: Callable[[], Awaitable[T]], otherwise: T) -> T:
    try:
        async with asyncio.timeout(DEVICE_SECONDS):
            return await call()
    except TimeoutError:
        return otherwise


def _archive(settings: Settings) -> Finding:
    """Whether papers can be made searchable here; without it they are uploaded all the same."""
    wanted = settings.archive
    if wanted.standard == "none" or not wanted.languages:
        return Finding("archive", "none")
    try:
        from hardware.camera.tesseract import languages
    except ImportError:
        return Finding("archive", Condition.FAILED, "driver_missing")
    there = languages()
    missing = [name for name in wanted.languages.split("+") if name not in there]
    if missing:
        return Finding("archive", Condition.DEGRADED, "ocr_missing", "+".join(missing))
    return Finding("archive", Condition.READY, about=f"PDF/A-{wanted.standard}, {wanted.languages}")


def _portal(settings: Settings) -> tuple[Finding, float | None]:
    """Whether anything speaks HTTP there, how fast, and what time it says (Unix, None when it says none)."""
    import http.client
    import ssl

    url = urlsplit(settings.portal.url)
    host, path = url.hostname or "", url.path or "/"
    began = time.monotonic()
    try:
        if url.scheme == "https":
            trust = ssl.create_default_context(cafile=settings.portal.ca_file)
            if settings.portal.client_cert:
                key = find_secret("portal-key", settings.portal.client_key)
                trust.load_cert_chain(settings.portal.client_cert, key)
            line: http.client.HTTPConnection = http.client.HTTPSConnection(
                host, url.port or 443, timeout=settings.portal.connect_seconds, context=trust
            )
        else:
            line = http.client.HTTPConnection(host, url.port or 80, timeout=settings.portal.connect_seconds)
        line.request("HEAD", path, headers={"User-Agent": "anjungan-doctor"})
        answer = line.getresponse()
        line.close()
    except ssl.SSLError:
        return Finding("portal", Condition.FAILED, "tls", host), None
    except (OSError, http.client.HTTPException):
        return Finding("portal", Condition.ABSENT, "unreachable", f"{host}:{url.port or ''}"), None
    took = time.monotonic() - began
    about = f"{host}, {took * 1000:.0f} ms"
    try:
        date = parsedate_to_datetime(answer.headers.get("Date", "")).timestamp()
    except (ValueError, TypeError):
        date = None
    if answer.status >= 500:
        return Finding("portal", Condition.DEGRADED, "portal_error", f"{about}, HTTP {answer.status}"), date
    slow = took > SLOW_SECONDS
    return Finding(
        "portal", Condition.DEGRADED if slow else Condition.READY, "slow" if slow else "", about
    ), date


def _store(settings: Settings) -> list[Finding]:
    from kiosk.store import BusyError, DamagedError, Printing, Sending, Store, StoreError, WrongKeyError
    from kiosk.store.connection import connect, database_file

    if not database_file(settings).exists():
        # Not a fault: the first run makes it.
        return [Finding("store", Condition.READY, "not_yet")]
    try:
        store = Store(settings, connect(settings, wait=2.0), "doctor")
        counts = dict(
            store.connection.execute(
                "SELECT state, count(*) FROM outbox GROUP BY state"
            ).fetchall()  # states only
        )
        reasons = store.outbox.reasons(MOST_REASONS)
        unknown = len(store.spool.ids(Printing.UNKNOWN))
        notice = store.notice
        store.close()
    except SecretTroubleError as trouble:
        return [Finding("store", Condition.FAILED, trouble.word)]
    except WrongKeyError:
        return [Finding("store", Condition.FAILED, "wrong_key")]
    except BusyError:
        return [Finding("store", Condition.UNKNOWN, "store_busy")]
    except (DamagedError, StoreError):
        return [Finding("store", Condition.FAILED, "damaged")]
    except Exception as error:  # noqa: BLE001 - an engine's error outside our calls, e.g. a table that is not there yet
        return [Finding("store", Condition.DEGRADED, type(error).__name__)]
    word = str(notice["word"]) if notice else ""
    size = f"{database_file(settings).stat().st_size / 1e6:.1f} MB"
    waiting = counts.get(Sending.WAITING, 0) + counts.get(Sending.WORKING, 0)
    refused = counts.get(Sending.REFUSED, 0)
    return [
        Finding("store", Condition.DEGRADED if word else Condition.READY, word, size),
        Finding(
            "outbox",
            Condition.DEGRADED if refused else Condition.READY,
            "refused" if refused else "waiting" if waiting else "",
            f"{waiting} + {refused} ({', '.join(reasons)})" if refused else str(waiting),
        ),
        Finding(
            "spool",
            Condition.DEGRADED if unknown else Condition.READY,
            "unknown_prints" if unknown else "",
            str(unknown) if unknown else "",
        ),
    ]


def _keys(settings: Settings) -> list[Finding]:
    from kiosk.store.keys import key_file, private_key_file

    wanted: list[tuple[str, Path | None]] = [
        ("store-key", key_file(settings)),
        ("workers-key", private_key_file(settings)),
    ]
    portal = settings.portal
    wanted += [("portal-token", portal.token_file)] if portal.token_file else []
    wanted += [("portal-key", portal.client_key)] if portal.client_key else []
    bad: list[Finding] = []
    for name, file in wanted:
        made_later = name in ("store-key", "workers-key") and not store_folder(settings).exists()
        try:
            if not made_later:
                read_secret(name, file)
        except SecretTroubleError as trouble:
            bad.append(Finding("keys", Condition.FAILED, trouble.word, f"{name}: {trouble.path}"))
    return bad or [Finding("keys", Condition.READY)]


def _disk(settings: Settings) -> Finding:
    folder = store_folder(settings)
    while not folder.exists():
        folder = folder.parent
    room = shutil.disk_usage(folder)
    about = f"{room.free / 1e9:.1f} GB / {room.total / 1e9:.0f} GB"
    if room.free < ROOM_FULL:
        return Finding("disk", Condition.FAILED, "disk_full", about)
    if room.free < ROOM_LOW:
        return Finding("disk", Condition.DEGRADED, "disk_low", about)
    return Finding("disk", Condition.READY, about=about)


def _clock(portal: float | None) -> Finding:
    now = time.time()
    about = time.strftime("%Y-%m-%d %H:%M:%S %Z")
    if now < LAUNCH:
        return Finding("clock", Condition.FAILED, "clock_unset", about)
    if portal is None:
        synchronised = Path("/run/systemd/timesync/synchronized").exists()
        return Finding("clock", Condition.READY, "" if synchronised else "clock_unchecked", about)
    if abs(now - portal) > CLOCK_SECONDS:
        return Finding("clock", Condition.DEGRADED, "clock_off", f"{about}, {now - portal:+.0f} s")
    return Finding("clock", Condition.READY, about=f"{about}, {now - portal:+.0f} s")


def _memory(settings: Settings) -> Finding:
    from kiosk.main.memory import on_tmpfs

    # What a desk or a demo may do, a kiosk in service may not.
    strict = Condition.DEGRADED if settings.enrolled else Condition.READY
    folder = runtime_folder()
    while not folder.exists():
        folder = folder.parent
    if not on_tmpfs(folder):
        return Finding("memory", strict, "not_tmpfs", str(folder))
    if len(Path("/proc/swaps").read_text().splitlines()) > 1:
        return Finding("memory", strict, "swap_on")
    return Finding(
        "memory",
        Condition.READY,
        about=f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 1e9:.0f} GB",
    )
