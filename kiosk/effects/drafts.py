"""Drafts brought back: the QR under the camera, and what the portal keeps under its handle."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from hardware.camera.port import CameraFault
from kiosk.effects.papers import TROUBLES
from kiosk.effects.tools import Tools
from kiosk.effects.trouble import failed
from kiosk.flow.orders import LoadDraft, LookForCode, Order
from kiosk.flow.results import CodeSeen, DraftFound, Failed, Result, Trouble
from kiosk.portal.trouble import PortalTrouble

LOOK_SECONDS = 60.0
_ASK_EVERY = 0.2
_SURELY = 5
"""Looks in a row that show a code and no draft before the visitor is told that it is another one."""
_HANDLE = re.compile(r"[A-Za-z0-9_-]{22}")
_LONGEST_LINK = 300


def handle_in(text: str, portal: str) -> str:
    """The draft's handle in a code's text: the bare handle, or the link `…/d/<handle>` at the host of `portal`, the
    portal's address. "" for anything else; never raises."""
    if _HANDLE.fullmatch(text):
        return text
    if len(text) > _LONGEST_LINK:
        return ""
    try:
        link, ours = urlsplit(text), urlsplit(portal)
    except ValueError:
        return ""
    folder, _, handle = link.path.rpartition("/")
    at_home = link.scheme in ("http", "https") and link.netloc.lower() == ours.netloc.lower()
    return handle if at_home and folder.endswith("/d") and _HANDLE.fullmatch(handle) else ""


async def _look(tools: Tools, _session: str, order: Order) -> Result:
    assert isinstance(order, LookForCode)  # noqa: S101 -- the table pairs them
    camera = tools.camera
    if camera is None:
        return Failed(Trouble.NO_CAMERA)
    clock = asyncio.get_running_loop().time
    limit, others = clock() + LOOK_SECONDS, 0
    while clock() < limit:
        shown = camera.latest()
        if isinstance(shown, CameraFault):
            return Failed(TROUBLES[shown.trouble])
        texts = camera.codes()
        handle = next((one for text in texts if (one := handle_in(text, tools.settings.portal.url))), "")
        if handle:
            return CodeSeen(handle)
        others = others + 1 if texts else 0
        if others >= _SURELY:
            return Failed(Trouble.NOT_FOUND)
        await asyncio.sleep(_ASK_EVERY)
    return CodeSeen("")


async def _load(tools: Tools, _session: str, order: Order) -> Result:
    from kiosk.knowledge import scale

    assert isinstance(order, LoadDraft)  # noqa: S101 -- the table pairs them
    if tools.portal is None:
        return Failed(Trouble.OFFLINE)
    try:
        kept = await tools.portal.load_draft(order.handle)
    except PortalTrouble as trouble:
        return failed(trouble)
    size = scale.tier(kept.skala_usaha).scale.value if kept.skala_usaha else ""
    until = kept.until.astimezone(tools.now().tzinfo)
    return DraftFound(kept.kbli, size, kept.answers, kept.masked, f"{until:%Y-%m-%d}")


HANDLERS: dict[type[Order], Callable[[Tools, str, Order], Awaitable[Result | None]]] = {
    LookForCode: _look,
    LoadDraft: _load,
}
