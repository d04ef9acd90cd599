"""Carries orders out and brings the answers back as events.

Each order is a task of its own; a reply carries the ids of its effect. Nothing raised in here reaches the visitor as
more than a word, and nothing personal reaches the log: only the name of the order and the class of the error.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from kiosk.effects import (
    archive,
    asking,
    cards,
    counters,
    drafts,
    faces,
    filing,
    identifying,
    knowing,
    officers,
    papers,
    record,
    surveying,
)
from kiosk.effects.tools import Tools
from kiosk.flow import orders
from kiosk.flow.archive_orders import IndexDocument, KeepSheet
from kiosk.flow.events import Event, Reply
from kiosk.flow.orders import CancelRequests, Effect, EndVisit, Order
from kiosk.flow.results import Failed, Result, Trouble

log = logging.getLogger("kiosk.effects")

Handler = Callable[[Tools, str, Order], Awaitable[Result | None]]

HANDLERS: dict[type[Order], Handler] = {
    **archive.HANDLERS,
    **asking.HANDLERS,
    **cards.HANDLERS,
    **counters.HANDLERS,
    **drafts.HANDLERS,
    **faces.HANDLERS,
    **filing.HANDLERS,
    **identifying.HANDLERS,
    **knowing.HANDLERS,
    **officers.HANDLERS,
    **papers.HANDLERS,
    **record.HANDLERS,
    **surveying.HANDLERS,
}
"""One handler an order; `CancelRequests` and `EndVisit` belong to the runner itself."""

KEEPS = (
    orders.SaveDraft,
    orders.Submit,
    orders.PrintTicket,
    orders.SendSurvey,
    orders.KeepSmile,
    orders.Note,
    orders.ForgetIdentity,
    orders.KeepQuestion,
    KeepSheet,
    IndexDocument,
)
"""Orders that must be finished before the process may go."""

_END_SECONDS = 4.0


class Runner:
    """Runs the effects of one visit. `emit` takes the replies, on the same loop."""

    def __init__(self, tools: Tools, emit: Callable[[Event], None], ended: Callable[[str], None]) -> None:
        self._tools = tools
        self._emit = emit
        self._ended = ended
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._kept: dict[asyncio.Task[None], Order | None] = {}
        self._beside: set[asyncio.Task[None]] = set()
        tools.beside = self._start_beside

    def start(self, effects: tuple[Effect, ...]) -> None:
        for effect in effects:
            match effect.order:
                case CancelRequests(requests):
                    self._cancel(requests)
                case EndVisit(reason):
                    self._keep(asyncio.ensure_future(self._end(reason)))
                case _:
                    self._begin(effect)

    def _begin(self, effect: Effect) -> None:
        task = asyncio.ensure_future(self._run(effect))
        self._tasks[effect.request] = task
        task.add_done_callback(lambda _done: self._tasks.pop(effect.request, None))
        if isinstance(effect.order, KEEPS):
            self._keep(task, effect.order)

    def _start_beside(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)

    def _keep(self, task: asyncio.Task[None], order: Order | None = None) -> None:
        self._kept[task] = order
        task.add_done_callback(lambda done: self._kept.pop(done, None))

    def _cancel(self, requests: tuple[int, ...]) -> None:
        """Stop what nobody waits for; what must be kept goes on, only its answer has no taker."""
        for request in requests:
            task = self._tasks.get(request)
            if task is None:
                continue
            if order := self._kept.get(task):
                self._tools.held.unheard.add(order)
            elif task not in self._kept:
                task.cancel()

    async def _run(self, effect: Effect) -> None:
        name = type(effect.order).__name__
        try:
            result = await HANDLERS[type(effect.order)](self._tools, effect.session, effect.order)
        except asyncio.CancelledError:
            raise
        except Exception as error:  # noqa: BLE001 -- a visitor must get an answer whatever broke
            log.warning("%s failed: %s", name, type(error).__name__)
            result = Failed(Trouble.INTERNAL)
        if effect.order.answers and result is not None:
            self._emit(Reply(effect.session, effect.request, result))

    async def _end(self, reason: str) -> None:
        waiting = [task for task in self._kept if task is not asyncio.current_task()]
        if waiting:
            await asyncio.wait(waiting, timeout=_END_SECONDS)
        self._ended(reason)

    async def close(self) -> None:
        """Stop everything, close what is open. Safe at any time."""
        for task in (*self._tasks.values(), *self._beside):
            task.cancel()
        tools = self._tools
        if tools.faces is not None:
            with contextlib.suppress(Exception):
                await tools.faces.stop()
        for device in (tools.camera, tools.card, tools.printer):
            if device is not None:
                with contextlib.suppress(Exception):
                    await device.close()
        if tools.portal is not None:
            with contextlib.suppress(Exception):
                await tools.portal.close()
        for room in (tools.store, tools.archive):
            with contextlib.suppress(Exception):
                await room.close()
