"""The card reader: `build` makes one; `port` says what it is. Importing this costs nothing: drivers load on demand."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from hardware.card.port import CardReader
    from hardware.world.port import World

__all__ = ["build"]


def build(
    kind: Literal["pcsc", "simulated"],
    *,
    contactless_reader: str = "",
    sam_reader: str = "(?i)sam",
    sam_socket: Path | None = None,
    sam_finger: bool = False,
    sam_required: bool = False,
    world: World | None = None,
) -> CardReader:
    """A closed card reader of the wanted kind.

    "pcsc": `contactless_reader` and `sam_reader` are regular expressions for PC/SC reader names, one a role; an empty
    `contactless_reader` takes any that is not the SAM's. With `sam_socket`, a certified reader's vendor process is
    asked for the biodata too: see `hardware.card.sam` for the protocol, `sam_finger` and `sam_required`.
    "simulated": needs `world`.

    Raises ValueError for an expression that does not compile or a simulated reader without a world.
    """
    if kind == "simulated":
        if world is None:
            raise ValueError("a simulated card reader needs a world")
        from hardware.card.simulated import SimulatedCardReader

        reader: CardReader = SimulatedCardReader(world)
    else:
        from hardware.card.pcsc import PcscCardReader
        from hardware.card.watcher import Roles

        reader = PcscCardReader(Roles(contactless_reader, sam_reader))
    if sam_socket is None:
        return reader
    from hardware.card.sam import SamCardReader, SamClient

    return SamCardReader(reader, SamClient(sam_socket), finger=sam_finger, required=sam_required)
