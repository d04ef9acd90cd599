"""Drafts kept and brought back: safe in the outbox before the portal is asked, later found again by the QR's handle.

The kiosk makes the handle, so its QR can be given out while the line is down; a worker brings the draft to the portal,
which shows it in dots until the code was right.
"""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import timedelta
from hashlib import blake2b
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from hardware.camera.port import CameraFault
from kiosk.effects.filing import mark, refused
from kiosk.effects.papers import TROUBLES
from kiosk.effects.parcel import Parcel
from kiosk.effects.senses import trustworthy
from kiosk.effects.tools import Tools
from kiosk.effects.trouble import failed
from kiosk.flow.orders import LoadDraft, LookForCode, Order, SaveDraft
from kiosk.flow.results import CodeSeen, DraftFound, DraftSaved, Failed, Result, Trouble
from kiosk.portal.trouble import PortalTrouble

if TYPE_CHECKING:
    from kiosk.portal.models import NewDraft

DRAFT = "draft"
"""Kind of outbox row; `kiosk.effects.late` carries it out."""

LOOK_SECONDS = 60.0
_ASK_EVERY = 0.2
_SURELY = 5
"""Looks in a row that show a code and no draft before the visitor is told that it is another one."""
_HANDLE = re.compile(r"[A-Za-z0-9_-]{22}")
_LONGEST_LINK = 300


def handle_in(text: str, *portal: str) -> str:
    """The draft's handle in a code's text: the bare handle, or the link `…/d/<handle>` at the host of one of `portal`,
    the portal's addresses. "" for anything else; never raises."""
    if _HANDLE.fullmatch(text):
        return text
    if len(text) > _LONGEST_LINK:
        return ""
    try:
        link, ours = urlsplit(text), {urlsplit(address).netloc.lower() for address in portal if address}
    except ValueError:
        return ""
    folder, _, handle = link.path.rpartition("/")
    at_home = link.scheme in ("http", "https") and link.netloc.lower() in ours
    return handle if at_home and folder.endswith("/d") and _HANDLE.fullmatch(handle) else ""


async def _save(tools: Tools, _session: str, order: Order) -> Result:
    from kiosk.store import DiskFullError, StoreError

    assert isinstance(order, SaveDraft)  # noqa: S101 -- the table pairs them
    portal = tools.portal
    grant = portal.rights.grant if portal is not None and portal.rights is not None else ""
    handle = order.replaces or tools.held.drafts.setdefault(order, secrets.token_urlsafe(16))
    new = _new_draft(order, handle)
    key = f"{_row_key(handle)}-{_digest(repr(asdict(new)), handle)}"
    head: dict[str, object] = {"draft": asdict(new), "replaces": order.replaces, "grant": grant}
    try:
        row = await tools.store.do(lambda store: store.outbox.add(DRAFT, Parcel(head).pack(), key=key))
        mine = portal is not None and await tools.store.do(lambda store: store.outbox.claim(row))
    except DiskFullError:
        return Failed(Trouble.DISK_FULL)
    except StoreError:
        return Failed(Trouble.INTERNAL)
    if portal is None:
        tools.wake_worker(DRAFT)
        return _kept_here(tools, handle)
    try:
        saved = await portal.save_draft(new, key=key, handle=order.replaces, grant=grant)
    except PortalTrouble as trouble:
        if not trouble.passing:
            if mine:
                await refused(tools, order, row, trouble)
            return failed(trouble)
        if mine:
            word = trouble.kind
            await mark(tools, lambda store: store.outbox.again(row, word))
        return _kept_here(tools, handle)
    if mine:
        await mark(tools, lambda store: store.outbox.done(row))
    return DraftSaved(saved.url, f"{saved.until.astimezone(tools.now().tzinfo):%Y-%m-%d}")


def _new_draft(order: SaveDraft, handle: str) -> NewDraft:
    from kiosk.knowledge import scale
    from kiosk.portal.models import NewDraft

    size = scale.tier(order.scale).oss_code if order.scale else ""
    return NewDraft(order.kbli, size, order.answers_given, handle="" if order.replaces else handle)


def _kept_here(tools: Tools, handle: str) -> DraftSaved:
    """In this kiosk until the line is back. The portal keeps it as long from then on: never shorter than is said."""
    now = tools.now()
    until = now + timedelta(days=tools.settings.session.draft_days) if trustworthy(now) else None
    return DraftSaved(tools.public_link(f"/d/{handle}"), f"{until:%Y-%m-%d}" if until else "", waiting=True)


def _row_key(handle: str) -> str:
    """By which a draft's row is found again, without the handle standing anywhere in the clear."""
    return f"draft-{_digest('row', handle)}"


def _digest(text: str, handle: str) -> str:
    return blake2b(text.encode(), digest_size=16, key=handle.encode()).hexdigest()


async def _on_its_way(tools: Tools, handle: str) -> bool:
    """Kept by this kiosk while the line was down, and not delivered yet."""
    from kiosk.store import StoreError

    try:
        return await tools.store.do(lambda store: store.outbox.unsent(_row_key(handle)))
    except StoreError:
        return False


async def _look(tools: Tools, _session: str, order: Order) -> Result:
    assert isinstance(order, LookForCode)  # noqa: S101 -- the table pairs them
    camera = tools.camera
    if camera is None:
        return Failed(Trouble.NO_CAMERA)
    clock, ours = asyncio.get_running_loop().time, tools.settings.portal
    limit, others = clock() + LOOK_SECONDS, 0
    while clock() < limit:
        shown = camera.latest()
        if isinstance(shown, CameraFault):
            return Failed(TROUBLES[shown.trouble])
        texts = camera.codes()
        handle = next((one for text in texts if (one := handle_in(text, ours.url, ours.public_url))), "")
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
        if trouble.kind == "gone" and await _on_its_way(tools, order.handle):
            tools.wake_worker(DRAFT)
            return Failed(Trouble.SLOW)
        return failed(trouble)
    size = scale.tier(kept.skala_usaha).scale.value if kept.skala_usaha else ""
    until = kept.until.astimezone(tools.now().tzinfo)
    return DraftFound(kept.kbli, size, kept.answers, kept.masked, f"{until:%Y-%m-%d}")


HANDLERS: dict[type[Order], Callable[[Tools, str, Order], Awaitable[Result | None]]] = {
    SaveDraft: _save,
    LookForCode: _look,
    LoadDraft: _load,
}
