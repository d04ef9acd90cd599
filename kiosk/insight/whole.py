"""Whether an exported file is whole: every kiosk's chain, over any order of exports put one after the other.

Exports overlap when they were made on different days, and a file may hold several kiosks. What must hold: each event
hashes to its chain value on top of the one before it, numbers leave no gap, and where two exports meet they agree.
"""

from __future__ import annotations

import multiprocessing
from binascii import unhexlify
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from kiosk.insight.chain import START, Anchor, body, parse_line
from kiosk.insight.stream import Harvest, read

_TAIL = 77
"""Bytes of `,"chain":"<64 hex>"}` and the line end."""


@dataclass(frozen=True, slots=True)
class KioskLog:
    """What a file holds of one kiosk."""

    kiosk: str
    first: int
    last: int
    head: str
    """Chain value of the last event, hex."""
    unchained: int
    """Events without a hash: nothing can be said about them."""
    pieces: int = 1
    """Unbroken runs of numbers in the file; more than one when exports were put together or something is missing."""
    trouble: str = ""
    """"", or "changed", "missing", "conflict" (two exports disagree), "cut" or "rewritten" (against an anchor)."""
    place: int = 0


class _Log:
    __slots__ = (
        "ends",
        "first",
        "kiosk",
        "last",
        "place",
        "previous",
        "runs",
        "trouble",
        "unchained",
        "wanted",
    )

    def __init__(self, kiosk: str, wanted: dict[int, str]) -> None:
        self.kiosk = kiosk
        self.wanted = wanted
        self.runs: list[tuple[int, int]] = []
        self.ends: dict[int, bytes] = {}
        self.first = self.last = self.place = self.unchained = 0
        self.previous: bytes | None = START
        self.trouble = ""

    def fail(self, trouble: str, place: int) -> None:
        if not self.trouble:
            self.trouble, self.place = trouble, place

    def jump(self, number: int) -> None:
        """A run of numbers begins elsewhere than after the last event."""
        self.close()
        self.first = number
        # The link of a run's first event can be checked when it is known what came before it.
        self.previous = START if number == 1 else self.ends.get(number - 1)

    def close(self) -> None:
        if self.last:
            self.runs.append((self.first, self.last))
            if self.previous is not None:
                self.ends[self.last] = self.previous

    def finish(self) -> KioskLog:
        self.close()
        runs = sorted(self.runs)
        reached = runs[0][1]
        for low, high in runs[1:]:
            if low > reached + 1:
                self.fail("missing", reached + 1)
            reached = max(reached, high)
        for number in sorted(self.wanted):
            if number > reached:
                self.fail("cut", number)
        head = self.ends.get(reached, b"").hex()
        return KioskLog(
            self.kiosk, runs[0][0], reached, head, self.unchained, len(runs), self.trouble, self.place
        )


def check(file: Path, lodged: Iterable[Anchor] = ()) -> list[KioskLog]:
    """Check every kiosk's chain in `file` (JSON lines, as `kiosk log export` writes). Raises OSError.

    Lines that are no events are skipped here: the gap they leave is found.
    """
    wanted: dict[str, dict[int, str]] = {}
    for anchor in lodged:
        wanted.setdefault(anchor.kiosk, {})[anchor.id] = anchor.chain
    logs: dict[str, _Log] = {}
    log = _Log("", {})
    current, size, previous = b"", -1, None
    with file.open("rb") as lines:
        for line in lines:
            # The fast way: bytes as we wrote them, right after the event before. Its number need not even be read,
            # for it is part of what was hashed.
            if line[:size] == current and previous is not None:
                try:
                    claimed = unhexlify(line[-67:-3])
                except ValueError:
                    claimed = b""
                if sha256(b"%b{%b}" % (previous, line[size:-_TAIL])).digest() == claimed:
                    previous = claimed
                    log.last += 1
                    continue
            if size > 0:
                log.previous = previous
            comma = line.find(b",")
            current, size = line[: comma + 1], comma + 1
            found = _slowly(line, logs, wanted)
            if found is None:
                size, previous = -1, None
                continue
            log = found
            # Runs that meet others, and anchored kiosks, are compared event by event.
            previous = None if log.runs or log.wanted or comma < 0 else log.previous
            if previous is None:
                size = -1
    if size > 0:
        log.previous = previous
    return sorted((one.finish() for one in logs.values() if one.last), key=lambda found: found.kiosk)


def _slowly(line: bytes, logs: dict[str, _Log], wanted: dict[str, dict[int, str]]) -> _Log | None:
    """Any event, understood as JSON and hashed from its content; None for a line that is none."""
    try:
        kiosk, row = parse_line(line.decode())
    except ValueError:
        return None
    number, at, session, kind, data, claimed = row
    log = logs.setdefault(kiosk, _Log(kiosk, wanted.get(kiosk, {})))
    if number != log.last + 1 or not log.last:
        log.jump(number)
    log.last = number
    if claimed is None:
        log.unchained += 1
        if log.previous not in (START, None):
            log.fail("changed", number)
        return log
    if log.previous is not None:
        made = sha256(log.previous + body(number, at, session, kind, data).encode()).digest()
        if made != claimed:
            log.fail("changed", number)
    if log.ends.get(number, claimed) != claimed:
        log.fail("conflict", number)
    if log.wanted.get(number, claimed.hex()) != claimed.hex():
        log.fail("rewritten", number)
    log.previous = claimed
    return log


def gather(
    file: Path, lodged: Iterable[Anchor] = (), *, parallel: bool = False
) -> tuple[Harvest, list[KioskLog]]:
    """Read and check a file. Raises OSError.

    `parallel`: check in a second process meanwhile. Only where forking is safe, as in a command: not beside threads.
    """
    if parallel:
        with ProcessPoolExecutor(1, multiprocessing.get_context("fork")) as pool:
            checking = pool.submit(check, file, list(lodged))
            found = read(file, once=True)
            logs = checking.result()
    else:
        logs = check(file, lodged)
        found = read(file, once=True)
    if any(log.pieces > 1 for log in logs):
        found = read(file)
    return found, logs
