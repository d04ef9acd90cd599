"""The table's state as plain values, and the one place that checks a change before it is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any, Final, Literal, cast, get_args

from hardware.world.port import CameraTable, CardKind, CardTable, PaperKind, PrinterTable, Roll, WorldState

Device = Literal["card", "camera", "printer"]
DEVICES: Final[tuple[Device, ...]] = get_args(Device)

_CHOICES: Final[Mapping[tuple[Device, str], tuple[str, ...]]] = {
    ("card", "kind"): get_args(CardKind),
    ("camera", "paper"): get_args(PaperKind),
    ("printer", "roll"): get_args(Roll),
}
# The world counts insertions itself: a caller that sets them could make an old card look freshly laid.
_OWN: Final = frozenset({("card", "insertion")})
_MAX_PAGE: Final = 99

Plain = dict[str, dict[str, object]]


def to_plain(state: WorldState) -> Plain:
    """The state as nested dictionaries of str, bool and int, ready for JSON."""
    return cast(Plain, asdict(state))


def from_plain(plain: Mapping[str, Mapping[str, Any]]) -> WorldState:
    """The inverse of `to_plain`. Raises TypeError or KeyError when a field is missing or unknown."""
    return WorldState(
        card=CardTable(**plain["card"]),
        camera=CameraTable(**plain["camera"]),
        printer=PrinterTable(**plain["printer"]),
    )


def changed(state: WorldState, device: str, fields: Mapping[str, object]) -> WorldState:
    """`state` with `fields` of one device set.

    Laying a card (`present=True`), or changing the kind of the one that lies there, is a new insertion: the
    second is a swap, and a read must not survive it. Raises ValueError for an unknown device, field or value.
    """
    if device not in DEVICES:
        raise ValueError(f"unknown device {device!r}")
    table: Any = getattr(state, device)
    for name, value in fields.items():
        _check(device, table, name, value)
    new: Any = replace(table, **fields)
    if isinstance(new, CardTable):
        swapped = new.present and new.kind != state.card.kind
        if fields.get("present") is True or swapped:
            new = replace(new, insertion=state.card.insertion + 1)
    return replace(state, **{device: new})


def unplugged(state: WorldState) -> WorldState:
    """The same table with every device's cable out."""
    return WorldState(
        card=replace(state.card, plugged=False),
        camera=replace(state.camera, plugged=False),
        printer=replace(state.printer, plugged=False),
    )


def _check(device: Device, table: object, name: str, value: object) -> None:
    if (device, name) in _OWN or name not in getattr(type(table), "__dataclass_fields__", {}):
        raise ValueError(f"{device} has no field {name!r} to set")
    choices = _CHOICES.get((device, name))
    if choices is not None:
        fits = isinstance(value, str) and value in choices
    elif name == "page":
        fits = type(value) is int and 0 <= value <= _MAX_PAGE
    else:
        fits = type(value) is bool
    if not fits:
        raise ValueError(f"{device}.{name} cannot be set to that value")
