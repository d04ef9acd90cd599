"""From a file of events to visits, applications and surveys, in one pass and little memory.

Built for months of several kiosks: a million lines and more. The layout that `kiosk log export` writes is taken apart
by bytes; any other JSON layout is understood too, more slowly. Nothing is judged here: that is `kiosk.insight.kpi`.
"""

from __future__ import annotations

import gc
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kiosk.insight.chain import parse_line
from kiosk.insight.vocabulary import WORDS, faults

_TAIL = 77

STAGES: tuple[tuple[str, frozenset[str]], ...] = (
    ("known", frozenset({"identify", "number", "code", "consent"})),
    ("business", frozenset({"search", "scale", "risk"})),
    ("form", frozenset({"form"})),
    ("papers", frozenset({"camera", "pages"})),
    ("send", frozenset({"review"})),
)
"""The five stretches of an application that the report speaks of, and their screens."""
_STAGE_OF = {place: index for index, (_, places) in enumerate(STAGES) for place in places}
UNSEEN = -1


class Application:
    """One try at an application within a visit."""

    __slots__ = ("assisted", "case", "drafted", "filled_by", "level", "pages", "spared", "stage", "submitted")

    def __init__(self, assisted: bool) -> None:
        self.stage = UNSEEN
        """Index into `STAGES` of the last screen of it that was shown."""
        self.submitted = False
        self.case = ""
        self.level = UNSEEN
        """Highest help level an officer marked; `UNSEEN` where none was."""
        self.assisted = assisted
        """An officer had the assisted mode open."""
        self.filled_by = ""
        self.pages = 0
        self.spared = 0
        self.drafted = False


class Visit:
    """One visitor's stay. `place` and `end` are where and how it ended; "" when the end was never written."""

    __slots__ = ("applications", "assisted", "begun", "end", "kiosk", "now", "place", "unprinted", "where")

    def __init__(self, begun: float, kiosk: str) -> None:
        self.begun = begun
        self.kiosk = kiosk
        self.where = ""
        self.place = ""
        self.end = ""
        self.assisted = False
        self.unprinted = 0
        """Tickets that failed to come out."""
        self.applications: list[Application] = []
        self.now: Application | None = None


@dataclass
class Harvest:
    """Everything a report needs from the events, before any period is cut out."""

    events: int = 0
    """Events used, without duplicates."""
    doubles: int = 0
    """Lines that repeat an event already read."""
    unreadable: int = 0
    odd: int = 0
    """Events whose kind or fields are not in the vocabulary; not used."""
    first: float = 0.0
    """When the first visit began, Unix time."""
    last: float = 0.0
    """The last beginning of a visit, or event outside of one."""
    visits: dict[bytes, Visit] = field(default_factory=dict[bytes, Visit])
    statuses: dict[str, list[tuple[float, str]]] = field(default_factory=dict[str, list[tuple[float, str]]])
    """Case → (Unix time, status) as heard."""
    surveys: list[tuple[float, tuple[int | None, ...]]] = field(
        default_factory=list[tuple[float, tuple[int | None, ...]]]
    )
    smiles: list[tuple[float, int]] = field(default_factory=list[tuple[float, int]])
    downs: list[float] = field(default_factory=list[float])
    """When a device went down, Unix time."""


class _Numbers:
    """Which event numbers of one kiosk were seen, as runs; a repeated number is a duplicate."""

    __slots__ = ("barrier", "first", "last", "runs")

    def __init__(self) -> None:
        self.first = self.last = 0
        self.runs: list[tuple[int, int]] = []
        self.barrier = 1 << 62
        """The next number that an earlier run already holds."""

    def seen(self, number: int) -> bool:
        """True when this is a repetition; else it is remembered. Not for the fast case last + 1 below the barrier."""
        if number != self.last + 1 or not self.last:
            if self.last:
                self.runs.append((self.first, self.last))
            self.first = number
        self.last = number
        held = any(low <= number <= high for low, high in self.runs)
        ahead = [low for low, _ in self.runs if low > number]
        self.barrier = number + 1 if held else min(ahead, default=1 << 62)
        return held


def read(file: Path, *, once: bool = False) -> Harvest:
    """Read `file` (JSON lines). Raises OSError.

    `once` True promises that no event stands in the file twice (`kiosk.insight.whole.check` found one unbroken piece
    of each kiosk), so that numbers need not be looked at.
    """
    found = Harvest()
    taker = _Taker(found)
    collecting = gc.isenabled()
    gc.disable()  # nothing here is cyclic, and walking half a million visits again and again costs seconds
    try:
        with file.open("rb") as lines:
            _fast(lines, taker, once)
    finally:
        if collecting:
            gc.enable()
    return found


class _Content:
    """One distinct kind with its fields, as it stands in the file: understood once, met often."""

    __slots__ = ("data", "handle", "kind", "stage")

    def __init__(self, kind: str, data: dict[str, Any], handle: _Handle | None) -> None:
        self.kind = kind
        self.data = data
        self.handle = handle
        self.stage = _STAGE_OF.get(data.get("place", ""), UNSEEN) if kind == "step" else UNSEEN


_Handle = Callable[["Visit", dict[str, Any]], None]
_STATUS = re.compile(
    rb'","kind":"oss_status","data":\{"case":"([a-z]{16})","status":"(\d\d)","set":(\d{10}(?:\.\d+)?)\}'
)
_SENT = re.compile(
    rb'","kind":"submitted","data":\{"detail":"(?:accepted|provisional)","case":"([a-z]{16})"\}'
)
_BARE = len(b',"session":"')
_NAMED = _BARE + 16


def _fast(lines: Iterable[bytes], taker: _Taker, once: bool) -> None:
    """Lines laid out as `kiosk log export` writes them; `taker.slowly` gets every other.

    `{"kiosk":"K-01","id":7,"at":17….5,"session":"<16 letters or none>","kind":"step","data":{…},"chain":"<64>"}`
    """
    visits, known = taker.found.visits, taker.known
    used = 0
    for line in lines:
        mark = line.find(b',"session":"')
        # Most lines repeat a content that was understood before: which screen, which remark.
        content = known.get(line[mark + _NAMED : -_TAIL])
        if content is None:
            used += taker.rarely(line, mark, once)
            continue
        if not once and not taker.first_time(line):
            continue
        used += 1
        session = line[mark + _BARE : mark + _NAMED]
        visit = visits.get(session)
        if visit is None:
            visit = taker.begin(session, taker.when(line), taker.whose(line))
        if content.stage >= 0:
            now = visit.now
            if now is not None:
                now.stage = content.stage
        elif content.handle is not None:
            content.handle(visit, content.data)
    taker.found.events += used


class _Taker:
    """Gives each event to the visit or list it belongs to."""

    def __init__(self, found: Harvest) -> None:
        self.found = found
        self.known: dict[bytes, _Content] = {}
        """Contents within a visit, by their bytes after the visit's name."""
        self._outside: dict[bytes, _Content] = {}
        self._numbers: dict[str, _Numbers] = {}
        self._by_kind: dict[str, _Handle] = {
            "visit": self._visit, "journey": self._journey, "submitted": self._submitted,
            "help_level": self._level, "filled_by": self._filled_by, "unlock": self._unlock, "lock": self._lock,
            "page": self._page, "spared": self._spared, "draft": self._draft, "end": self._end,
            "not_printed": self._not_printed,
        }  # fmt: skip

    def numbers(self, kiosk: str) -> _Numbers:
        if kiosk not in self._numbers:
            self._numbers[kiosk] = _Numbers()
        return self._numbers[kiosk]

    @staticmethod
    def whose(line: bytes) -> str:
        return line[10 : line.index(b'"', 10)].decode("ascii", "replace")

    @staticmethod
    def when(line: bytes) -> float:
        begin = line.index(b',"at":') + 6
        return float(line[begin : line.index(b",", begin)])

    def first_time(self, line: bytes) -> bool:
        """Whether this event was not read before, by its number; False is counted."""
        begin = line.index(b',"id":') + 6
        number, track = int(line[begin : line.index(b",", begin)]), self.numbers(self.whose(line))
        if number == track.last + 1 < track.barrier and number > 1:
            track.last = number
            return True
        if track.seen(number):
            self.found.doubles += 1
            return False
        return True

    def rarely(self, line: bytes, mark: int, once: bool) -> bool:
        """A line whose content was not met before: in a visit or outside of one. True when it was used here."""
        if mark < 0 or line[-_TAIL:-67] != b',"chain":"':
            self.slowly(line)
            return False
        rest = line[mark + _NAMED : -_TAIL]
        sent = _SENT.fullmatch(rest)
        if sent:
            return self._if_new(line, once) and self._sent(line, mark, sent[1].decode())
        bare = line[mark + _BARE : -_TAIL]
        heard = _STATUS.fullmatch(bare)
        if heard:
            if not self._if_new(line, once):
                return False
            self.last(self.when(line))
            case, status, at = heard.groups()
            self.found.statuses.setdefault(case.decode(), []).append((float(at), status.decode()))
            return True
        inside = bare[:1] != b'"'
        content = None if inside else self._outside.get(bare)
        if content is None:
            content = self.understand(rest if inside else bare)
        if content is None:
            self.slowly(line)
            return False
        if not inside:
            self._outside[bare] = content
        elif WORDS[content.kind].in_visit:
            self.known[rest] = content
        if not self._if_new(line, once):
            return False
        session = line[mark + _BARE : mark + _NAMED] if inside else b""
        self.one(self.whose(line), self.when(line), session, content)
        return True

    def _if_new(self, line: bytes, once: bool) -> bool:
        return once or self.first_time(line)

    def _sent(self, line: bytes, mark: int, case: str) -> bool:
        session = line[mark + _BARE : mark + _NAMED]
        visit = self.found.visits.get(session) or self.begin(session, self.when(line), self.whose(line))
        self._submitted(visit, {"case": case})
        return True

    def understand(self, key: bytes) -> _Content | None:
        """`","kind":"step","data":{…}` as content; None when it is laid out otherwise or not of the vocabulary."""
        if not key.startswith(b'","kind":"'):
            return None
        name, _, rest = key[10:].partition(b'"')
        try:
            return (
                self._content(name.decode(), json.loads(rest[8:])) if rest.startswith(b',"data":') else None
            )
        except ValueError:
            return None

    def _content(self, kind: str, data: dict[str, Any]) -> _Content | None:
        if faults(kind, data):
            return None
        return _Content(kind, data, self._by_kind.get(kind))

    def slowly(self, line: bytes) -> None:
        """A line in another layout."""
        if not line.strip():
            return
        try:
            kiosk, (number, at, session, kind, data, _) = parse_line(line.decode())
        except ValueError:
            self.found.unreadable += 1
            return
        if self.numbers(kiosk).seen(number):
            self.found.doubles += 1
            return
        content = self._content(kind, json.loads(data))
        if content is None:
            self.found.odd += 1
            return
        self.found.events += 1
        self.one(kiosk, at, session.encode(), content)

    def one(self, kiosk: str, at: float, session: bytes, content: _Content) -> None:
        """Any event, without haste."""
        found, kind, data = self.found, content.kind, content.data
        if not session:
            self.last(at)
        if kind == "oss_status":
            found.statuses.setdefault(data["case"], []).append((float(data.get("set", at)), data["status"]))
        elif kind == "survey":
            found.surveys.append((at, tuple(data.get(f"u{number}") for number in range(1, 10))))
        elif kind == "smile":
            found.smiles.append((at, data["score"]))
        elif kind == "device":
            if data["state"] == "down":
                found.downs.append(at)
        elif session:
            visit = found.visits.get(session) or self.begin(session, at, kiosk)
            if content.stage >= 0 and visit.now is not None:
                visit.now.stage = content.stage
            if content.handle is not None:
                content.handle(visit, data)

    def begin(self, session: bytes, at: float, kiosk: str) -> Visit:
        visit = self.found.visits[session] = Visit(at, kiosk)
        if not self.found.first or at < self.found.first:
            self.found.first = at
        self.last(at)
        return visit

    def last(self, at: float) -> None:
        if at > self.found.last:
            self.found.last = at

    def _visit(self, visit: Visit, data: dict[str, Any]) -> None:
        visit.where = data.get("where", "")

    def _journey(self, visit: Visit, data: dict[str, Any]) -> None:
        visit.now = None
        if data["detail"] == "apply":
            visit.now = Application(visit.assisted)
            visit.applications.append(visit.now)

    def _submitted(self, visit: Visit, data: dict[str, Any]) -> None:
        if (
            visit.now is None or visit.now.submitted
        ):  # handed in without a beginning in this file, or once more
            visit.now = Application(visit.assisted)
            visit.applications.append(visit.now)
        visit.now.submitted = True
        visit.now.case = data.get("case", "")

    def _level(self, visit: Visit, data: dict[str, Any]) -> None:
        if visit.now is not None:
            visit.now.level = max(visit.now.level, data["level"])

    def _filled_by(self, visit: Visit, data: dict[str, Any]) -> None:
        if visit.now is not None:
            visit.now.filled_by = data["detail"]

    def _unlock(self, visit: Visit, _: dict[str, Any]) -> None:
        visit.assisted = True
        if visit.now is not None:
            visit.now.assisted = True

    def _lock(self, visit: Visit, _: dict[str, Any]) -> None:
        visit.assisted = False

    def _page(self, visit: Visit, _: dict[str, Any]) -> None:
        if visit.now is not None:
            visit.now.pages += 1

    def _spared(self, visit: Visit, data: dict[str, Any]) -> None:
        if visit.now is not None:
            visit.now.spared += data["pages"]

    def _draft(self, visit: Visit, _: dict[str, Any]) -> None:
        if visit.now is not None:
            visit.now.drafted = True

    def _not_printed(self, visit: Visit, _: dict[str, Any]) -> None:
        visit.unprinted += 1

    def _end(self, visit: Visit, data: dict[str, Any]) -> None:
        visit.end = data["detail"]
        visit.place = data["place"]
