"""Editing what a visitor types: one rule for number pad and keyboard."""

from __future__ import annotations

from typing import Literal

from kiosk.flow.events import Backspace, ClearField, Event, Key
from kiosk.identity.numbers import plain_digits

Kind = Literal["digits", "number", "text"]


def edit(value: str, event: Event, kind: Kind, limit: int) -> str:
    """`value` after a key. `digits` keeps digits only, `number` also one decimal comma, `text` any printable sign."""
    match event:
        case Backspace():
            return value[:-1]
        case ClearField():
            return ""
        case Key(char):
            return value + _accepted(value, char, kind) if len(value) < limit else value
        case _:
            return value


def _accepted(value: str, char: str, kind: Kind) -> str:
    if len(char) != 1 or not char.isprintable():
        return ""
    if kind == "text":
        return "" if char == " " and (not value or value.endswith(" ")) else char
    if kind == "number" and char == ",":
        return char if value and "," not in value else ""
    return plain_digits(char)
