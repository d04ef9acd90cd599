"""Tanya jawab: what the packs answer, what they cannot, and reading it aloud. Works without network."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from kiosk.effects.tools import Tools
from kiosk.flow.orders import AskFaq, Hush, KeepQuestion, Order, Speak, SuggestFaq
from kiosk.flow.results import Done, Failed, Result, Suggested, Told, Trouble

log = logging.getLogger("kiosk.effects")


async def _suggest(tools: Tools, _session: str, order: Order) -> Result:
    from kiosk.knowledge import faq

    assert isinstance(order, SuggestFaq)  # noqa: S101 -- the table pairs them
    language, today = tools.language(), tools.now().date()
    speaks = tools.voice is not None and tools.voice.speaks(language)
    if not order.typed.strip():
        first = await asyncio.to_thread(faq.starters, today)
        # Whoever opens the chat may type next: the index is made meanwhile, and only in visits that ask.
        asyncio.get_running_loop().run_in_executor(None, faq.warm)
        return Suggested(order.typed, first, speaks)
    # Beside the loop that draws: the first question of a visit may have to wait for the index.
    found = await asyncio.to_thread(faq.suggest, order.typed, language, today)
    return Suggested(order.typed, found, speaks)


async def _ask(tools: Tools, _session: str, order: Order) -> Result:
    from kiosk.knowledge import faq

    assert isinstance(order, AskFaq)  # noqa: S101 -- the table pairs them
    today = tools.now().date()
    if order.chosen:
        found = faq.named(order.chosen, today)
        return Told(found) if found is not None else Failed(Trouble.NOT_FOUND)
    return Told(await asyncio.to_thread(faq.answer, order.typed, tools.language(), today))


async def _keep(tools: Tools, _session: str, order: Order) -> None:
    """Cleaned first; what is left is sealed. Nothing of the session goes along."""
    from kiosk.knowledge.anonymous import cleaned
    from kiosk.store import SealError, StoreError

    assert isinstance(order, KeepQuestion)  # noqa: S101 -- the table pairs them
    words = await asyncio.to_thread(cleaned, order.typed)
    if not words:
        return
    day, language = tools.now().date(), tools.language()
    try:
        await tools.store.do(lambda store: store.questions.add(day, order.about, order.why, language, words))
    except (StoreError, SealError) as error:
        log.warning("question not kept: %s", type(error).__name__)


async def _speak(tools: Tools, _session: str, order: Order) -> Result:
    assert isinstance(order, Speak)  # noqa: S101 -- the table pairs them
    language = tools.language()
    if tools.voice is None or not tools.voice.speaks(language):
        return Failed(Trouble.INTERNAL)
    await tools.voice.speak("\n".join(text.get(language) for text in order.texts), language)
    return Done()


async def _hush(tools: Tools, _session: str, _order: Order) -> None:
    if tools.voice is not None:
        tools.voice.hush()


HANDLERS: dict[type[Order], Callable[[Tools, str, Order], Awaitable[Result | None]]] = {
    SuggestFaq: _suggest,
    AskFaq: _ask,
    KeepQuestion: _keep,
    Speak: _speak,
    Hush: _hush,
}
