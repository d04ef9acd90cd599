"""Papers under the camera: taking pictures, keeping and dropping pages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from hardware.camera.port import CameraFault, CameraTrouble
from kiosk.effects.tools import Tools
from kiosk.flow.orders import CloseCamera, DropPage, OpenCamera, Order, SetLamp, TakePicture
from kiosk.flow.results import CameraOpen, Failed, PictureTaken, Result, Trouble

if TYPE_CHECKING:
    from hardware.camera.port import Page

TROUBLES = {
    CameraTrouble.NO_CAMERA: Trouble.NO_CAMERA,
    CameraTrouble.GONE: Trouble.CAMERA_GONE,
    CameraTrouble.BUSY: Trouble.BUSY,
    CameraTrouble.UNREADABLE: Trouble.UNREADABLE,
}

MAX_PAGE_BYTES = 12 * 2**20
"""A page beyond this is refused rather than carried through memory, PDF and line."""

_SAME_PAGE_BITS = 9
"""As `hardware.camera.fingerprint.SAME_PAGE`: hashes of one page differ in fewer bits, of two pages in more."""


async def _open(tools: Tools, _session: str, _order: Order) -> Result:
    if tools.camera is None:
        return Failed(Trouble.NO_CAMERA)
    fault = await tools.camera.open()
    return Failed(TROUBLES[fault.trouble]) if fault is not None else CameraOpen()


async def _close(tools: Tools, _session: str, _order: Order) -> None:
    if tools.camera is not None:
        await tools.camera.close()


async def _take(tools: Tools, _session: str, _order: Order) -> Result:
    if tools.camera is None:
        return Failed(Trouble.NO_CAMERA)
    taken = await tools.camera.capture()
    if isinstance(taken, CameraFault):
        return Failed(TROUBLES[taken.trouble])
    if len(taken.jpeg) > MAX_PAGE_BYTES:
        return Failed(Trouble.TOO_LARGE)
    repeats = _same_as(tools, taken)
    page = tools.held.name("page-")
    tools.held.pages[page] = taken
    return PictureTaken(page, tuple(remark.value for remark in taken.quality.remarks), taken.dpi, repeats)


def _same_as(tools: Tools, taken: Page) -> str:
    """Id of an earlier page that looks the same, or empty. Blank pages look alike and are not compared."""
    if not taken.fingerprint:
        return ""
    for name, page in tools.held.pages.items():
        if page.fingerprint and (page.fingerprint ^ taken.fingerprint).bit_count() <= _SAME_PAGE_BITS:
            return name
    return ""


async def _drop(tools: Tools, _session: str, order: Order) -> None:
    if isinstance(order, DropPage):
        tools.held.pages.pop(order.page, None)


async def _lamp(tools: Tools, _session: str, order: Order) -> None:
    """Few document cameras let a lamp be switched by software; those that do say so by having `lamp`."""
    switch = getattr(tools.camera, "lamp", None)
    if isinstance(order, SetLamp) and callable(switch):
        switch(order.on)


HANDLERS: dict[type[Order], Callable[[Tools, str, Order], Awaitable[Result | None]]] = {
    OpenCamera: _open,
    CloseCamera: _close,
    TakePicture: _take,
    DropPage: _drop,
    SetLamp: _lamp,
}
