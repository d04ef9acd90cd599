"""Reading JSON that another machine wrote: each getter returns the type it names or raises `GarbageError`."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar, cast

T = TypeVar("T")
Json = dict[str, object]


class GarbageError(ValueError):
    """The answer does not have the shape the contract promises. The message names the field, never its content."""


def parse(body: bytes) -> Json:
    """A JSON object from bytes."""
    try:
        value = cast("object", json.loads(body))
    except (ValueError, RecursionError):
        raise GarbageError("not JSON") from None
    return as_object(value)


def as_object(value: object) -> Json:
    if not isinstance(value, dict):
        raise GarbageError("not an object")
    return cast("Json", value)


def obj(source: Json, name: str) -> Json:
    return as_object(source.get(name))


def text(source: Json, name: str) -> str:
    value = source.get(name)
    if not isinstance(value, str):
        raise GarbageError(f"{name} is not text")
    return value


def number(source: Json, name: str) -> int:
    """A whole number, not below zero."""
    value = source.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise GarbageError(f"{name} is not a count")
    return value


def flag(source: Json, name: str) -> bool:
    value = source.get(name)
    if not isinstance(value, bool):
        raise GarbageError(f"{name} is not true or false")
    return value


def moment(source: Json, name: str) -> datetime:
    """An RFC 3339 time; always with an offset."""
    try:
        value = datetime.fromisoformat(text(source, name))
    except ValueError:
        raise GarbageError(f"{name} is not a time") from None
    if value.tzinfo is None:
        raise GarbageError(f"{name} has no offset")
    return value


def each(source: Json, name: str, build: Callable[[Json], T]) -> tuple[T, ...]:
    value = source.get(name)
    if not isinstance(value, list):
        raise GarbageError(f"{name} is not a list")
    return tuple(build(as_object(item)) for item in cast("list[object]", value))


def texts(source: Json, name: str) -> tuple[tuple[str, str], ...]:
    """A flat object of texts, as pairs in its own order."""
    value = obj(source, name)
    return tuple((key, text(value, key)) for key in value)
