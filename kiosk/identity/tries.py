"""How often a PIN may be tried: the rule alone, over a clock that cannot be set.

Five tries, then a pause of 15 seconds that doubles with each further wrong try, six hours at most; and never more than
18 tries that failed in 24 hours, also when right ones lie between them. Time is *on-time*: seconds this machine has
been switched on (`kiosk.store.ontime`). Setting the wall clock changes nothing, and pulling the plug cannot shorten a
pause, for a try is counted before it is looked at.
"""

from __future__ import annotations

from dataclasses import dataclass

FREE = 5
FIRST_PAUSE = 15.0
LONGEST_PAUSE = 6 * 3600.0
DAY = 86400.0
PER_DAY = 18


@dataclass(frozen=True, slots=True)
class Tries:
    """Of one officer. Seconds of on-time."""

    row: int = 0
    """Tries that failed since the last right one."""
    day: tuple[float, ...] = ()
    """When tries of the last 24 hours failed, oldest first."""
    step: int = 0
    """Time step of the last one-time code that was taken: it and earlier ones are spent (RFC 6238, section 5.2)."""


def pause(tries: Tries, now: float) -> float:
    """Seconds until the next try may be made; 0 when it may be made now."""
    until = 0.0
    if tries.row >= FREE and tries.day:
        until = tries.day[-1] + min(FIRST_PAUSE * 2.0 ** min(tries.row - FREE, 30), LONGEST_PAUSE)
    recent = _recent(tries.day, now)
    if len(recent) >= PER_DAY:
        until = max(until, recent[-PER_DAY] + DAY)
    return max(0.0, until - now)


def counted(tries: Tries, now: float) -> Tries:
    """After a try was begun: it counts as failed until `opened` says otherwise."""
    return Tries(tries.row + 1, (*_recent(tries.day, now), now)[-PER_DAY:], tries.step)


def opened(tries: Tries, step: int = 0) -> Tries:
    """After the try that was counted last was right; `step` is that of the code it used, if any."""
    return Tries(0, tries.day[:-1], max(step, tries.step))


def left(tries: Tries) -> int:
    """Tries without a pause that are left."""
    return max(0, FREE - tries.row)


def _recent(day: tuple[float, ...], now: float) -> tuple[float, ...]:
    return tuple(at for at in day if now - at < DAY)
