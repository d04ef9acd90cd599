"""What keeper, visit and worker say to each other: one JSON object a line over a socket pair.

Nothing about a visitor crosses this pipe. Text fields hold short words only; a longer run of digits (a NIK, a phone
number) is refused on both ends, so a mistake elsewhere cannot turn the keeper into a place that remembers people.

| from → to | message | meaning |
|---|---|---|
| keeper → visit | `Prepare` | the settings; warm up with a hidden window, open no device |
| | `Show` | put the window on screen; sent again with another `rest` to change it |
| | `Picture` | put a picture of the screen where the fleet's agent finds it, if nobody is using it |
| | `Outbox` | how many items wait to be sent |
| | `DeviceHealth` | a device was plugged in or out, or changed |
| | `Officer` | what became of the call to an officer |
| | `Quit` | leave at once |
| visit → keeper | `Warm` | the first frame is drawn, hidden |
| | `Shown` | the first frame is on screen |
| | `Heartbeat` | sent by the screen's own loop, once a second |
| | `Doing` | whether somebody is using it: "free", "busy", "resting" |
| | `Ended` | the visit is over and its screen wiped; waits for `Quit` |
| | `WakeWorker` | a row was added to the outbox |
| | `At` | the step now on screen |
| | `DeviceHealth` | the shown visit noticed it |
| | `Ring`, `StopRing` | an officer is called; not any more |
| keeper → worker | `Work`, `Quit` | do this one row; stop |
| worker → keeper | `Worked` | how it went |
| | `Stuck` | how many people stopped at a step this week, for the desk |

The end of the stream means that the other side is gone: a child leaves then.
"""

from __future__ import annotations

import json
import os
import re
import select
import socket
import time
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass

from kiosk.main.spawn import FD as FD  # where a child finds its end, for `ChildEnd(FD)`

LIMIT = 65536
"""Longest line in bytes."""
BEAT_SECONDS = 1.0
"""How often a visit sends `Heartbeat`."""


@dataclass(frozen=True, slots=True)
class Prepare:
    settings: str
    """JSON for `kiosk.settings.from_json`."""
    run: str
    """Names this run of the keeper; rows claimed by an earlier run are orphans."""


@dataclass(frozen=True, slots=True)
class Show:
    session: str
    rest: bool = False
    """Show "Mesin ini sedang istirahat" (18b) instead of a visit."""
    code: str = ""
    """Short code for officers beside the rest notice, e.g. "E-212"."""


@dataclass(frozen=True, slots=True)
class Quit:
    pass


@dataclass(frozen=True, slots=True)
class DeviceHealth:
    device: str
    condition: str
    """A value of `hardware.health.Condition`."""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    pass


@dataclass(frozen=True, slots=True)
class Outbox:
    waiting: int


@dataclass(frozen=True, slots=True)
class Officer:
    session: str
    """A word about an earlier visit's call is dropped."""
    word: str
    """"ringing", "coming", "unheard", "over"."""
    minutes: int = 0


@dataclass(frozen=True, slots=True)
class At:
    place: str
    """A value of `kiosk.flow.model.Place`."""


@dataclass(frozen=True, slots=True)
class Ring:
    language: str


@dataclass(frozen=True, slots=True)
class StopRing:
    pass


@dataclass(frozen=True, slots=True)
class Work:
    row: int
    settings: str
    run: str


@dataclass(frozen=True, slots=True)
class Warm:
    pass


@dataclass(frozen=True, slots=True)
class Shown:
    session: str


@dataclass(frozen=True, slots=True)
class Heartbeat:
    pass


@dataclass(frozen=True, slots=True)
class Doing:
    """What restarts wait for. "resting" means that no touch can begin a visit any more."""

    what: str


@dataclass(frozen=True, slots=True)
class Ended:
    reason: str
    """"erased", "timeout", "left", "restart", …: a word of the flow, never free text."""


@dataclass(frozen=True, slots=True)
class WakeWorker:
    work: str = ""
    """Kind of the new row."""


@dataclass(frozen=True, slots=True)
class Worked:
    row: int
    state: str


@dataclass(frozen=True, slots=True)
class Stuck:
    """One a step; `place` "" begins the count anew."""

    place: str
    people: int


Message = (
    Prepare
    | Show
    | Quit
    | DeviceHealth
    | Picture
    | Outbox
    | Work
    | Warm
    | Shown
    | Heartbeat
    | Doing
    | Ended
    | WakeWorker
    | Worked
    | Officer
    | At
    | Ring
    | StopRing
    | Stuck
)
_KINDS: dict[str, type[Message]] = {kind.__name__: kind for kind in Message.__args__}
_WORD = re.compile(r"[A-Za-z0-9_.:/-]{0,64}")
_DIGITS = re.compile(r"\d{7}")
_FREE = frozenset({"settings"})


class PipeError(Exception):
    """The other side broke the protocol; the message names the field, never the value."""


def encode(message: Message) -> bytes:
    """One line. Raises `PipeError` for a text that is not a short word."""
    values = asdict(message)
    _refuse_free_text(values)
    line = json.dumps({"is": type(message).__name__, **values}, separators=(",", ":")).encode() + b"\n"
    if len(line) > LIMIT:
        raise PipeError(f"{type(message).__name__}: too long")
    return line


class Decoder:
    """Turns bytes as they arrive into messages."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> list[Message]:
        """Messages completed by `data`. Raises `PipeError` on anything that is not one."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        if len(self._rest) > LIMIT:
            raise PipeError("line too long")
        return [_decode(line) for line in lines]


def _decode(line: bytes) -> Message:
    try:
        values = json.loads(line)
        kind = _KINDS[values.pop("is")]
        message = kind(**values)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise PipeError("not a message") from None
    _refuse_free_text(values)
    return message


def _refuse_free_text(values: dict[str, object]) -> None:
    for name, value in values.items():
        if name in _FREE:
            continue
        if isinstance(value, str) and (not _WORD.fullmatch(value) or _DIGITS.search(value)):
            raise PipeError(f"{name}: not a word")
        if isinstance(value, int) and not -1 <= value < 2**53:
            raise PipeError(f"{name}: out of range")


def new_name() -> str:
    """A random name for a session or a run: 16 letters (64 bits), without digits so that it is a word here."""
    return "".join(chr(ord("a") + half) for byte in os.urandom(8) for half in (byte >> 4, byte & 15))


class ChildEnd:
    """The end that a visit or worker holds. Use it from one thread."""

    def __init__(self, fd: int) -> None:
        self._socket = socket.socket(fileno=fd)
        self._socket.setblocking(False)
        os.set_inheritable(fd, False)
        self._decoder = Decoder()
        self._ready: list[Message] = []
        self.closed = False
        """True when the keeper is gone; leave then."""

    def send(self, message: Message) -> bool:
        """Send now. False (never an exception) when the keeper is gone or does not read."""
        data = encode(message)
        until = time.monotonic() + 1.0
        while data:
            try:
                data = data[self._socket.send(data, socket.MSG_NOSIGNAL) :]
            except BlockingIOError:
                if time.monotonic() > until:
                    # Half a line would make nonsense of the next one: hang up instead.
                    self.closed = True
                    return False
                select.select([], [self._socket], [], 0.2)
            except OSError:
                self.closed = True
                return False
        return True

    def receive(self, timeout: float | None = None) -> Message | None:
        """Wait for one message, blocking. None at the end of the stream or after `timeout` seconds."""
        until = None if timeout is None else time.monotonic() + timeout
        while not self._ready and not self.closed:
            left = None if until is None else until - time.monotonic()
            if left is not None and left <= 0:
                return None
            if select.select([self._socket], [], [], left)[0]:
                self._read()
        return self._ready.pop(0) if self._ready else None

    async def messages(self) -> AsyncIterator[Message]:
        """Messages as they come, on the running loop; ends when the keeper is gone."""
        import asyncio  # late: the keeper starts the first visit before it pays for this

        loop = asyncio.get_running_loop()
        while True:
            while self._ready:
                yield self._ready.pop(0)
            if self.closed:
                return
            arrived = asyncio.Event()
            loop.add_reader(self._socket, arrived.set)
            try:
                await arrived.wait()
            finally:
                loop.remove_reader(self._socket)
            self._read()

    def close(self) -> None:
        """Hang up; the keeper sees the end of the stream."""
        self.closed = True
        self._socket.close()

    def _read(self) -> None:
        try:
            data = self._socket.recv(LIMIT)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self.closed = True
            return
        self._ready += self._decoder.feed(data)
