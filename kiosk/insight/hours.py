"""The event log in hours: pieces small enough for a bad line, and the few figures a fleet's table shows of one.

A piece is a file `2026-11-24T02.jsonl` (hour in UTC, by the events' own times) of lines as `kiosk log export` writes
them, so that all pieces of all kiosks put one after the other are a file for `kiosk report`, chain and all. A piece is
named by its content too (`digest`): a kiosk whose clock was wrong may add to an hour that was sent already.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from kiosk.insight import chain

STATE = "state.json"
KEEP_HOURS = 400 * 24
"""Pieces older than this are removed: the longest absence after which a kiosk still renews its certificate."""

FIGURES = (
    "visits", "sent", "left_early", "timed_out", "printed", "not_printed", "helped", "surveys", "smiles", "device_down",
)  # fmt: skip
"""Counts of an hour, by events that happened in it: a visit counts where it began, an application where it was sent."""


_EARLY = {"left": "left_early", "timeout": "timed_out"}


def hour_of(at: float) -> str:
    """ "2026-11-24T02" for a Unix time, UTC."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H")


def digest(content: bytes) -> str:
    return sha256(content).hexdigest()[:16]


def counts(lines: Iterable[str]) -> dict[str, int]:
    """`FIGURES` of these lines. Lines that are no events are left out: the whole is checked where it is reported."""
    found: Counter[str] = Counter()
    for line in lines:
        try:
            _, (_, _, _, kind, data, _) = chain.parse_line(line)
            detail = json.loads(data)
        except (ValueError, TypeError):
            continue
        match kind:
            case "visit":
                found["visits"] += 1
            case "submitted":
                found["sent"] += 1
            case "end" if detail.get("detail") in _EARLY:
                found[_EARLY[detail["detail"]]] += 1
            case "help":
                found["helped"] += 1
            case "printed" | "not_printed":
                found[kind] += 1
            case "survey" | "smile":
                found[f"{kind}s"] += 1
            case "device" if detail.get("state") == "down":
                found["device_down"] += 1
            case _:
                pass
    return {name: found[name] for name in FIGURES}


def write(folder: Path, kiosk: str, rows: Iterable[chain.Row], now: float) -> list[str]:
    """Add events to the pieces of their hours; returns the hours that changed.

    `rows` begin anywhere at or before what is missing (see `after`). Events of the hour that has not ended yet wait.
    May be cut anywhere and run again: an event already in its piece is not added twice.
    """
    fresh: dict[str, list[str]] = {}
    open_hour, last = hour_of(now), after(folder)
    for row in rows:
        hour = hour_of(row[1])
        if hour == open_hour:
            break
        if row[0] > last:
            last = row[0]
            fresh.setdefault(hour, []).append(chain.line(chain.body(*row[:5]), kiosk, row[5]))
    for hour, lines in fresh.items():
        path = folder / f"{hour}.jsonl"
        before = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        have = set(before)
        _whole(path, "".join(f"{line}\n" for line in [*before, *(one for one in lines if one not in have)]))
    if fresh:
        _whole(folder / STATE, json.dumps({"after": last}))
    for old in folder.glob("*.jsonl"):
        if old.stem < hour_of(now - KEEP_HOURS * 3600):
            old.unlink()
    return sorted(fresh)


def after(folder: Path) -> int:
    """Number of the last event that is in a piece."""
    try:
        return int(json.loads((folder / STATE).read_text())["after"])
    except (OSError, ValueError, KeyError, TypeError):
        return 0


def pieces(folder: Path) -> list[Path]:
    """Every piece, oldest first; its hour is its name without `.jsonl`."""
    return sorted(folder.glob("????-??-??T??.jsonl"))


def _whole(path: Path, text: str) -> None:
    fresh = path.with_suffix(".next")
    fresh.write_text(text, encoding="utf-8")
    fresh.chmod(0o644)
    fresh.replace(path)
