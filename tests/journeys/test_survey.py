"""A survey on its way to the portal: what goes over the wire, what the portal keeps, and a line that is down."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, date
from pathlib import Path

import pytest

from kiosk.effects import late
from kiosk.effects.tools import Tools
from kiosk.flow.events import Begin, Choose, Forward
from kiosk.flow.model import Place, Visit
from kiosk.insight.vocabulary import faults
from kiosk.journeys.survey import Survey
from kiosk.knowledge.survey import version
from kiosk.main.worker import EXECUTORS
from kiosk.portal.client import PortalClient
from kiosk.sandbox import Server
from kiosk.sandbox.settings import DEMO_TOKEN
from kiosk.settings import Settings
from kiosk.store import Opener, Store
from kiosk.store.errands import Done, Errand
from tests.journeys.conducted import Conducted, conducted, settings_for

SESSION = "qwertyuiopasdfgh"
SCORES = "432143214"
KEPT = {f"U{number}": int(score) for number, score in enumerate(SCORES, 1)}


class Wire:
    """A listener between kiosk and portal that keeps what the kiosk sent, byte for byte."""

    def __init__(self, port: int) -> None:
        self._behind = port
        self.sent = bytearray()
        self.port = 0

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        back, onward = await asyncio.open_connection("127.0.0.1", self._behind)

        async def copy(source: asyncio.StreamReader, target: asyncio.StreamWriter, *, keep: bool) -> None:
            with suppress(OSError):
                while chunk := await source.read(65536):
                    if keep:
                        self.sent += chunk
                    target.write(chunk)
                    await target.drain()
            target.close()

        await asyncio.gather(copy(reader, onward, keep=True), copy(back, writer, keep=False))

    def requests(self, path: str) -> list[bytes]:
        """Head and body of each request to `path`."""
        starts = [b"GET /", b"POST /", b"PUT /", b"PATCH /", b"DELETE /"]
        found = sorted(
            at for start in starts for at in range(len(self.sent)) if self.sent.startswith(start, at)
        )
        pieces = [
            bytes(self.sent[begin:end])
            for begin, end in zip(found, [*found[1:], len(self.sent)], strict=True)
        ]
        return [piece for piece in pieces if path.encode() in piece.split(b"\r\n")[0]]


@asynccontextmanager
async def wire(portal: Server) -> AsyncIterator[Wire]:
    between = Wire(portal.port)
    server = await asyncio.start_server(between._pass, "127.0.0.1", 0)
    between.port = server.sockets[0].getsockname()[1]
    try:
        yield between
    finally:
        server.close()


def survey_of(visit: Visit) -> Survey:
    assert isinstance(visit.journey, Survey)
    return visit.journey


async def answer(visit: Conducted, scores: str = SCORES) -> None:
    """From the menu through the questions, until the portal or the outbox has it."""
    visit.do(Choose("survey"))
    await visit.until(lambda state: bool(survey_of(state).questions), "questions")
    visit.do(
        *(Choose(score) for score in scores), Choose("skip"), Choose("older"), Choose("skip"), Choose("skip")
    )
    await visit.until(lambda state: survey_of(state).thanked and not state.pending, "thanks")
    assert survey_of(visit.visit).trouble is None


async def proved(visit: Conducted, portal: Server) -> str:
    """Into the menu as a person the portal knows; returns the visit's token."""
    visit.do(Begin(), Choose("phone"))
    visit.type(str(portal.sandbox.tables.all("people")[0]["hp"]))
    visit.do(Forward())
    await visit.at(Place.CODE)
    visit.type(portal.sandbox.outbox[-1].code)
    await visit.at(Place.CONSENT)
    visit.do(Forward())
    await visit.at(Place.MENU)
    rights = visit.tools.portal.rights if visit.tools.portal is not None else None
    assert rights is not None
    assert rights.token
    return rights.token


def outbox(settings: Settings) -> list[tuple[int, str]]:
    store = Store.open(settings, "test")
    try:
        return [
            tuple(row) for row in store.connection.execute("SELECT id, state FROM outbox WHERE kind='survey'")
        ]
    finally:
        store.close()


async def work_off(settings: Settings, *, end: str = "done") -> None:
    """Every waiting row once, as a worker does it."""
    store, opener = Store.open(settings, "test"), Opener(settings)
    try:
        for row, state in outbox(settings):
            if state != "waiting":
                continue
            assert store.outbox.claim(row)
            item = store.outbox.item(row)
            errand = Errand(
                row,
                item.kind,
                item.attempts,
                item.key,
                "",
                0,
                opener.open(item.sealed),
                b"",
                lambda _url, _at: None,
            )
            outcome = await getattr(late, EXECUTORS[item.kind].rpartition(":")[2])(errand, settings)
            if end == "lost":  # the worker is killed before it can mark the row
                store.outbox.again(row, "killed")
                continue
            assert isinstance(outcome, Done), outcome
            store.outbox.done(row, outcome.answer)
    finally:
        store.close()


def events(settings: Settings) -> list[tuple[str, dict[str, object]]]:
    """(session, data) of every survey in the event log, once the pot is poured: not before the day is over."""
    store = Store.open(settings, "test")
    try:
        assert not [one for one in store.events.since() if one.kind == "survey"]
        store.pot.pour(store.events, date(2100, 1, 1), UTC)
        return [(one.session, dict(one.data)) for one in store.events.since() if one.kind == "survey"]
    finally:
        store.close()


async def test_a_proved_visitors_survey_carries_nothing_of_the_visit(portal: Server, tmp_path: Path):
    async with wire(portal) as between:
        settings = settings_for(tmp_path, f"http://127.0.0.1:{between.port}", DEMO_TOKEN)
        client = PortalClient.from_settings(settings.portal, visit_id=SESSION)
        async with conducted(Tools(settings, "test", portal=client), SESSION) as visit:
            token = await proved(visit, portal)
            await client.my_applications()
            await answer(visit)
        (request,) = between.requests("/surveys")
        sent = bytes(between.sent).lower()
    for what in (SESSION, token.lower(), "visit-token", "visit-id"):
        assert what.encode() in sent, "the other calls of the visit do carry it"
        assert what.encode() not in request.lower()
    (key,) = re.findall(rb"idempotency-key: (\S+)", request.lower())
    assert sent.count(key) == 1, "a key of its own, seen nowhere else"
    (row,) = portal.sandbox.tables.all("surveys")
    assert json.loads(row["body"]) == {
        "versi": version(),
        "layanan": "",
        "bahasa": "id",
        "jawaban": KEPT,
        "profil": {"umur": "older"},
    }
    assert len(row["at"]) == len("2026-11-24")
    assert [state for _, state in outbox(settings)] == ["done"]
    data = {**{name.lower(): score for name, score in KEPT.items()}, "age": "older", "how": "kiosk"}
    assert events(settings) == [("", data)]
    assert faults("survey", data) == []  # type: ignore[arg-type]


async def test_nothing_in_the_store_ties_a_survey_to_its_visit(portal: Server, tmp_path: Path):
    """The row's key is drawn by chance, and no column of the outbox holds the session."""
    settings = settings_for(tmp_path, portal.url, DEMO_TOKEN)
    portal.sandbox.faults.set("gone")
    client = PortalClient.from_settings(settings.portal, visit_id=SESSION)
    async with conducted(Tools(settings, "test", portal=client), SESSION) as visit:
        visit.do(Begin(), Choose("none"))
        await answer(visit)
    store = Store.open(settings, "test")
    try:
        (row,) = store.connection.execute("SELECT * FROM outbox").fetchall()
    finally:
        store.close()
    assert not [value for value in row if isinstance(value, str) and SESSION in value]


@pytest.mark.parametrize("fault", ["gone", "lost", "http500"])
async def test_a_line_that_is_down_delays_a_survey_and_doubles_none(
    portal: Server, tmp_path: Path, fault: str
):
    settings = settings_for(tmp_path, portal.url, DEMO_TOKEN)
    client = PortalClient.from_settings(settings.portal, visit_id=SESSION)
    async with conducted(Tools(settings, "test", portal=client), SESSION) as visit:
        visit.do(Begin(), Choose("none"))
        portal.sandbox.faults.set(fault)  # type: ignore[arg-type]
        await answer(visit)
        assert [state for _, state in outbox(settings)] == ["waiting"]
        assert portal.sandbox.tables.count("surveys") == (1 if fault == "lost" else 0)
        portal.sandbox.faults.clear()
    await work_off(settings, end="lost")
    await work_off(settings)
    await work_off(settings)
    assert [state for _, state in outbox(settings)] == ["done"]
    (row,) = portal.sandbox.tables.all("surveys")
    assert json.loads(row["body"])["jawaban"] == KEPT
    assert len(events(settings)) == 1, "counted once, when it was answered"


async def test_a_kiosk_without_a_portal_keeps_it_and_wakes_a_worker(tmp_path: Path):
    settings = settings_for(tmp_path, "http://127.0.0.1:9", DEMO_TOKEN)
    woken: list[str] = []
    tools = Tools(settings, "test", wake_worker=woken.append)
    async with conducted(tools, SESSION) as visit:
        visit.do(Begin(), Choose("none"))
        visit.do(Choose("survey"))
        await visit.until(lambda state: bool(survey_of(state).questions), "questions")
        visit.do(Choose("2"), Choose("stop"))
        await visit.until(lambda state: survey_of(state).thanked and not state.pending, "thanks")
    assert woken == ["survey"]
    assert [state for _, state in outbox(settings)] == ["waiting"]
    assert events(settings) == [("", {"u1": 2, "how": "kiosk"})]


async def test_a_survey_the_portal_refuses_waits_for_an_officer(portal: Server, tmp_path: Path):
    settings = settings_for(tmp_path, portal.url, DEMO_TOKEN)
    client = PortalClient.from_settings(settings.portal, visit_id=SESSION)
    async with conducted(Tools(settings, "test", portal=client), SESSION) as visit:
        visit.do(Begin(), Choose("none"))
        portal.sandbox.faults.set("http422")
        await answer(visit)
    assert [state for _, state in outbox(settings)] == ["refused"]
