"""Sending the kiosk's hours: what the fleet has not confirmed yet, oldest first, in pieces a broker takes.

The kiosk writes the files (`kiosk log hours`); this reads them and remembers what was confirmed. Nothing is lost while
`fleet serve` or the line is away: an hour is sent again until somebody says that it has arrived.
"""

from __future__ import annotations

import base64
import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kiosk.insight.hours import digest, pieces
from provisioning.files import write_whole

FOLDER = Path("/var/lib/anjungan-kpi")
PART_BYTES = 24_000
AT_ONCE = 24
"""Hours in one round: a kiosk that was off for months does not fill the broker's queue."""
HOUR = re.compile(r"\d{4}-\d\d-\d\dT\d\d")


class Hours:
    """The hours of this kiosk. `state`: file that remembers what was confirmed."""

    def __init__(self, folder: Path, state: Path) -> None:
        self._folder = folder
        self._state = state

    def messages(self) -> Iterator[bytes]:
        """What to publish now: every part of the oldest hours that are not confirmed."""
        confirmed, sent = self._confirmed(), 0
        for path in pieces(self._folder):
            known = confirmed.get(path.stem)
            # Not read again for nothing: a year of hours is nine thousand files.
            if known and known[1] == path.stat().st_mtime_ns:
                continue
            content = path.read_bytes()
            hour, mark = path.stem, digest(content)
            if known and known[0] == mark:
                continue
            packed = gzip.compress(content, mtime=0)
            cuts = range(0, len(packed), PART_BYTES)
            for part, at in enumerate(cuts):
                yield json.dumps(
                    {
                        "hour": hour,
                        "digest": mark,
                        "part": part,
                        "parts": len(cuts),
                        "data": base64.b64encode(packed[at : at + PART_BYTES]).decode(),
                    }
                ).encode()
            sent += 1
            if sent == AT_ONCE:
                return

    def confirm(self, payload: bytes) -> None:
        """The fleet has an hour. Anything else than such a message is ignored."""
        try:
            values: dict[str, Any] = json.loads(payload)
            hour, mark = str(values["hour"]), str(values["digest"])
        except (ValueError, KeyError, TypeError):
            return
        if not HOUR.fullmatch(hour):
            return
        path = self._folder / f"{hour}.jsonl"
        try:
            at = path.stat().st_mtime_ns
            if digest(path.read_bytes()) != mark:
                return  # it has grown since: it is sent again
        except OSError:
            return
        have = {one.stem for one in pieces(self._folder)}
        confirmed = {name: value for name, value in self._confirmed().items() if name in have}
        write_whole(self._state, json.dumps({**confirmed, hour: [mark, at]}))

    def _confirmed(self) -> dict[str, tuple[str, int]]:
        """Hour: (digest, when its file was written)."""
        try:
            return {
                name: (str(mark), int(at)) for name, (mark, at) in json.loads(self._state.read_text()).items()
            }
        except (OSError, ValueError, TypeError, AttributeError):
            return {}
