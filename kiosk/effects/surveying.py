"""The satisfaction survey on its way: safe in the outbox, to be counted later, sent without any link to the visit.

The key is drawn here and not derived from the session; the event has no session and comes into the log later and among
others (`kiosk.store.pot`); the portal is asked without a visit token or visit id, and the language is the only thing
told beside the answers.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING

from kiosk.effects.parcel import Parcel
from kiosk.effects.tools import Tools
from kiosk.effects.trouble import failed
from kiosk.flow.orders import InviteSurvey, KeepSmile, LoadSurvey, Order, SendSurvey
from kiosk.flow.results import Done, Failed, Result, SurveyInvited, SurveyLoaded, Trouble
from kiosk.portal.trouble import PortalTrouble

if TYPE_CHECKING:
    from kiosk.store import Store

SURVEY = "survey"
"""Kind of outbox row; `kiosk.effects.late` carries it out."""


async def _load(_tools: Tools, _session: str, _order: Order) -> Result:
    from kiosk.knowledge import survey

    return SurveyLoaded(survey.version(), await asyncio.to_thread(survey.questions), survey.profile())


async def _send(tools: Tools, _session: str, order: Order) -> Result:
    from kiosk.store import DiskFullError, StoreError

    assert isinstance(order, SendSurvey)  # noqa: S101 -- the table pairs them
    key, language, day = secrets.token_hex(16), tools.language(), tools.now().date()
    direct = tools.portal is not None
    try:
        row = await tools.store.do(lambda store: _keep(store, order, key, language, day, claim=direct))
    except DiskFullError:
        return Failed(Trouble.DISK_FULL)
    except StoreError:
        return Failed(Trouble.INTERNAL)
    if tools.portal is None:
        tools.wake_worker(SURVEY)
        return Done()
    try:
        await tools.portal.post_survey(
            for_portal(order.scores), version=order.version, key=key, language=language, profile=order.profile
        )
    except PortalTrouble as trouble:
        word = trouble.word or trouble.kind
        if trouble.passing:
            await tools.store.do(lambda store: store.outbox.again(row, word))
        else:
            # The visitor can mend nothing; the row stays for an officer to look at.
            await tools.store.do(lambda store: store.outbox.refused(row, word))
        return Done()
    await tools.store.do(lambda store: store.outbox.done(row))
    return Done()


def _keep(store: Store, order: SendSurvey, key: str, language: str, day: date, *, claim: bool) -> int:
    """The row, and the event that will be counted; with `claim` the row is in this process's hand."""
    head: dict[str, object] = {
        "version": order.version,
        "language": language,
        "scores": dict(order.scores),
        "profile": dict(order.profile),
    }
    row = store.outbox.add(SURVEY, Parcel(head).pack(), key=key)
    if claim:
        store.outbox.claim(row)
    store.pot.put("survey", {**dict(order.scores), **dict(order.profile), "how": "kiosk"}, day)
    return row


def for_portal(scores: tuple[tuple[str, int], ...]) -> tuple[tuple[str, int], ...]:
    """("u1", 4) as the contract names it: ("U1", 4)."""
    return tuple((element.upper(), score) for element, score in scores)


async def _smile(tools: Tools, _session: str, order: Order) -> None:
    from kiosk.store import StoreError

    assert isinstance(order, KeepSmile)  # noqa: S101 -- the table pairs them
    day, score = tools.now().date(), order.score
    with suppress(StoreError):  # a full disk must not hold up a farewell
        await tools.store.do(lambda store: store.pot.put("smile", {"score": score}, day))


async def _invite(tools: Tools, _session: str, _order: Order) -> Result:
    if tools.portal is None:
        return Failed(Trouble.OFFLINE)
    try:
        url = await tools.portal.invite_survey()
    except PortalTrouble as trouble:
        return failed(trouble)
    return SurveyInvited(url)


HANDLERS: dict[type[Order], Callable[[Tools, str, Order], Awaitable[Result | None]]] = {
    LoadSurvey: _load,
    SendSurvey: _send,
    KeepSmile: _smile,
    InviteSurvey: _invite,
}
