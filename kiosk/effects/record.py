"""What is kept without identity: lines of the event log, consent given; and the kiosk's voice."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

from kiosk.effects.tools import Tools
from kiosk.flow.orders import Note, Order, Sound
from kiosk.flow.results import Result

log = logging.getLogger("kiosk.effects")


async def _note(tools: Tools, session: str, order: Order) -> None:
    """The session name in the log is random and means nothing outside this visit."""
    from kiosk.store import StoreError

    assert isinstance(order, Note)  # noqa: S101 -- the table pairs them
    named = session if order.of_visit else ""
    facts = {"place": order.place, "detail": order.detail, **dict(order.facts)}
    kept = {name: word for name, word in facts.items() if word != ""}
    try:
        if order.word == "device":
            name, state, detail = (str(kept.get(field, "")) for field in ("device", "state", "detail"))
            await tools.store.do(lambda store: store.events.device(name, state, detail))
            return
        await tools.store.do(lambda store: store.events.append(order.word, kept, session=named))
    except StoreError as error:
        # A full disk must not stop a visit; the loss of a counted line is itself logged.
        log.warning("event not kept: %s", type(error).__name__)


async def _sound(tools: Tools, _session: str, order: Order) -> None:
    assert isinstance(order, Sound)  # noqa: S101 -- the table pairs them
    if tools.voice is not None:
        tools.voice.play(order.kind, order.text)


HANDLERS: dict[type[Order], Callable[[Tools, str, Order], Awaitable[Result | None]]] = {
    Note: _note,
    Sound: _sound,
}
