"""What a kiosk and the desk say to each other: one small JSON object a message, the same on a WebSocket and on MQTT.

A kiosk says its state: what it is doing, at which step, for how long, and whether somebody calls. Never who: there is
no field that a name, a number of a person or typed text fits into. The desk says one of five short things about a call,
and there is no field that could reach a visitor's data. Both sides refuse whatever is not exactly this.

On the broker: `desk/k/<kiosk>/state` and `desk/k/<kiosk>/link` (kept), `desk/k/<kiosk>/do`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Final, Literal, cast

from kiosk.insight.vocabulary import PLACES

LIMIT: Final = 4096
"""Longest message in bytes."""
BEAT_SECONDS: Final = 5.0
"""How often a kiosk repeats its state when nothing changes."""
SILENT_SECONDS: Final = 15.0
"""A kiosk that has not spoken for so long counts as cut off."""

Doing = Literal["idle", "visit", "resting"]
Verb = Literal["heard", "nobody", "take", "release", "done"]

KIOSK: Final = re.compile(r"[A-Z]-\d{2,4}")
_NAME: Final = re.compile(r"[a-z]{16}")
_WORD: Final = re.compile(r"[a-z_]{0,40}")
_SPOT: Final = re.compile(r"[^\W\d][\w .,'()/-]{0,39}")
_LONG_NUMBER: Final = re.compile(r"\d{5}")
_DEVICES: Final = frozenset({"card", "camera", "printer", "network"})
_MOST_SECONDS: Final = 7 * 86400


class WireError(ValueError):
    """Not a message of this protocol; says which part, never the value."""


@dataclass(frozen=True, slots=True)
class Call:
    """A visitor calls. `age` and `step_age` are seconds as of the message's `at`."""

    id: str
    """16 random letters."""
    place: str
    """The step at which help was asked for."""
    age: int = 0
    step_age: int = 0
    taker: str = ""
    """Random name of the take that won; empty while nobody comes."""
    minutes: int = 0
    """Promised by whoever comes."""


@dataclass(frozen=True, slots=True)
class State:
    """All the desk may know of a kiosk."""

    kiosk: str
    spot: str
    at: float
    """When it was said, Unix time by the kiosk's clock."""
    doing: Doing = "idle"
    place: str = "welcome"
    place_age: int = 0
    """Seconds at this step, or since the kiosk became free."""
    language: Literal["id", "en"] = "id"
    down: tuple[tuple[str, str], ...] = ()
    """(device, why) of what does not work: words of `hardware.health`."""
    call: Call | None = None
    stuck: tuple[tuple[str, int], ...] | None = None
    """(step, people who stopped there in the last seven days); None: not counted yet."""


@dataclass(frozen=True, slots=True)
class Do:
    """From the desk: `heard` it rings, `nobody` listens, `take` I come, `release` somebody else please, `done`."""

    verb: Verb
    call: str
    by: str = ""
    """Random name of the take."""
    minutes: int = 0


@dataclass(frozen=True, slots=True)
class Said:
    """What the kiosk tells its visitor of a call."""

    word: Literal["ringing", "coming", "unheard", "over"]
    minutes: int = 0


def state_topic(kiosk: str) -> str:
    return f"desk/k/{kiosk}/state"


def link_topic(kiosk: str) -> str:
    return f"desk/k/{kiosk}/link"


def do_topic(kiosk: str) -> str:
    return f"desk/k/{kiosk}/do"


def pack_state(state: State) -> bytes:
    """Raises `WireError` for what must not travel, so that a mistake elsewhere stays in the kiosk."""
    _check_state(state)
    return _packed(asdict(state))


def pack_do(do: Do) -> bytes:
    _check_do(do)
    return _packed(asdict(do))


def read_state(data: bytes | str) -> State:
    """Raises `WireError`."""
    values = _object(data)
    try:
        call = values.pop("call", None)
        pairs: dict[str, Any] = {
            name: tuple((one, two) for one, two in values.pop(name))
            for name in ("down", "stuck")
            if values.get(name) is not None
        }
        values.pop("stuck", None)
        state = State(**values, **pairs, call=Call(**call) if call is not None else None)  # pyright: ignore[reportArgumentType] -- checked in the next line
    except (TypeError, ValueError):
        raise WireError("state: not its fields") from None
    _check_state(state)
    return state


def read_do(data: bytes | str) -> Do:
    """Raises `WireError`."""
    try:
        do = Do(**_object(data))
    except TypeError:
        raise WireError("do: not its fields") from None
    _check_do(do)
    return do


def without_call(state: State) -> State:
    return replace(state, call=None)


def _packed(values: Mapping[str, object]) -> bytes:
    data = json.dumps(values, separators=(",", ":"), ensure_ascii=False).encode()
    if len(data) > LIMIT:
        raise WireError("too long")
    return data


def _object(data: bytes | str) -> dict[str, Any]:
    if len(data) > LIMIT:
        raise WireError("too long")
    try:
        values: object = json.loads(data)
    except (ValueError, RecursionError):
        raise WireError("not JSON") from None
    if not isinstance(values, dict):
        raise WireError("not an object")
    return cast("dict[str, Any]", values)


def _check_state(state: State) -> None:
    _fits("kiosk", state.kiosk, KIOSK)
    _fits("spot", state.spot, _SPOT)
    if _LONG_NUMBER.search(state.spot):
        raise WireError("spot")
    if isinstance(state.at, bool) or not isinstance(state.at, int | float) or not 0 <= state.at < 2**33:  # pyright: ignore[reportUnnecessaryIsInstance]
        raise WireError("at")
    _one_of("doing", state.doing, ("idle", "visit", "resting"))
    _one_of("place", state.place, PLACES)
    _one_of("language", state.language, ("id", "en"))
    _number("place_age", state.place_age, _MOST_SECONDS)
    if len(state.down) > len(_DEVICES) or len(state.stuck or ()) > len(PLACES):
        raise WireError("too many")
    for device, why in state.down:
        _one_of("down", device, _DEVICES)
        _fits("down", why, _WORD)
    for place, people in state.stuck or ():
        _one_of("stuck", place, PLACES)
        _number("stuck", people, 100_000)
    if state.call is not None:
        call = state.call
        _fits("call", call.id, _NAME)
        _one_of("call", call.place, PLACES)
        _number("age", call.age, _MOST_SECONDS)
        _number("step_age", call.step_age, _MOST_SECONDS)
        if call.taker:
            _fits("taker", call.taker, _NAME)
        _number("minutes", call.minutes, 60)


def _check_do(do: Do) -> None:
    _one_of("verb", do.verb, ("heard", "nobody", "take", "release", "done"))
    _fits("call", do.call, _NAME)
    if do.by:
        _fits("by", do.by, _NAME)
    _number("minutes", do.minutes, 60)
    if do.verb == "take" and (not do.by or not do.minutes):
        raise WireError("take")


def _fits(name: str, value: object, pattern: re.Pattern[str]) -> None:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise WireError(name)


def _one_of(name: str, value: object, allowed: Any) -> None:
    if not isinstance(value, str) or value not in allowed:
        raise WireError(name)


def _number(name: str, value: object, most: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
        raise WireError(name)
