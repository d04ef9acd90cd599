"""How a reference portal is set up. Times are injected, so that a test can age a code without waiting."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

DEMO_TOKEN = "contoh-kios-01"  # noqa: S105 - the practice portal's well-known token; an office issues its own
DEMO_DEVICE = "K-01"


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class SandboxSettings:
    """`devices` maps a kiosk's bearer token to its name; `readers` names those with a certified (SAM) reader."""

    data_dir: Path
    devices: dict[str, str] = field(default_factory=lambda: {DEMO_TOKEN: DEMO_DEVICE}, repr=False)
    readers: frozenset[str] = frozenset({DEMO_DEVICE})
    seeded: bool = True
    """Begin with the invented people and applications of `kiosk.sandbox.seed`."""
    public_url: str = "http://127.0.0.1:8480"
    """What a phone would open; the base of every address in a QR."""
    prefix: str = "MKM"
    kbli_versi: str = "2025"
    known_kbli: Callable[[str], bool] | None = None
    """Whether a code exists; None believes any five digits."""
    service_days: int = 14
    """Sample of a service standard, in working days. An office sets its own."""
    holidays: frozenset[date] = frozenset()
    closes: str = "15.00"
    code_lives: timedelta = timedelta(minutes=5)
    code_tries: int = 5
    code_sends: int = 3
    send_window: timedelta = timedelta(hours=1)
    claims_per_visit: int = 20
    """Identities one visit may name; more is somebody trying numbers."""
    visit_lives: timedelta = timedelta(minutes=45)
    grant_lives: timedelta = timedelta(hours=72)
    draft_lives: timedelta = timedelta(days=7)
    upload_lives: timedelta = timedelta(days=7)
    misses: int = 30
    """Numbers that do not exist a caller may ask for within ten minutes."""
    pace: float = 0.35
    """Seconds that every answer about an identity takes, whatever the portal knows."""
    most_upload: int = 50 * 1024 * 1024
    now: Callable[[], datetime] = utc_now
    """Must have an offset."""
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
