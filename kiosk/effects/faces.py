"""The face of an e-KTP: photographed by the document camera, read by a process of its own that ends with the screen."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from hardware.camera.port import CameraFault, CardFace, FaceTrouble
from kiosk.effects.papers import TROUBLES
from kiosk.effects.tools import Tools
from kiosk.flow.orders import Order, PrepareFace, ReadFace, ReleaseFace
from kiosk.flow.results import FaceSeen, Failed, Result, Trouble


async def _prepare(tools: Tools, _session: str, _order: Order) -> None:
    if tools.faces is not None:
        await tools.faces.start()


async def _release(tools: Tools, _session: str, _order: Order) -> None:
    if tools.faces is not None:
        await tools.faces.stop()


async def _read(tools: Tools, _session: str, _order: Order) -> Result:
    if tools.camera is None:
        return Failed(Trouble.NO_CAMERA)
    if tools.faces is None:
        return Failed(Trouble.FACE_UNSURE)
    # Pressed before the camera had opened: its turn comes first. An open camera answers at once.
    fault = await tools.camera.open()
    taken = fault or await tools.camera.photograph()
    if isinstance(taken, CameraFault):
        return Failed(TROUBLES[taken.trouble])
    seen = await tools.faces.read(taken)
    match seen:
        case CardFace():
            return FaceSeen(
                seen.numbers,
                *((part.text, part.sure) for part in (seen.name, seen.birth, seen.address)),
            )
        case FaceTrouble.READER_MISSING:
            return Failed(Trouble.FACE_UNSURE)
        case _:
            return Failed(Trouble.NO_FACE)


HANDLERS: dict[type[Order], Callable[[Tools, str, Order], Awaitable[Result | None]]] = {
    PrepareFace: _prepare,
    ReadFace: _read,
    ReleaseFace: _release,
}
