"""The desk as a Starlette application: the officers' page, the hall's display, and the socket kiosks speak on."""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
import string
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any, Final, cast
from zoneinfo import ZoneInfo

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from kiosk.assist.call.wire import LIMIT, Do, WireError, pack_do, read_state
from kiosk.desk import hall, kiosks, pages
from kiosk.desk.doors import Check, Doors
from kiosk.desk.guard import Office
from kiosk.desk.pages import language_of
from kiosk.desk.room import Room
from kiosk.desk.sessions import COOKIE, Rate, Session, Sessions
from kiosk.desk.sources import Asked, Queue, follow_asked, follow_queue
from kiosk.desk.view import Plain, Reader, desk_view, lesson_rows
from kiosk.desk.words import Language, say
from kiosk.settings import Settings

_MOST_BODY: Final = 512
_BEAT: Final = 3.0
"""Seconds between signs of life of a page's stream; three missed ones are a broken line."""
_ICONS: Final = (
    "user", "bell", "check", "warning", "x", "speaker-high", "speaker-slash", "person-simple-run",
    "arrows-clockwise", "check-circle", "hourglass-medium", "lightbulb", "wifi-slash",
)  # fmt: skip


@dataclass(slots=True)
class Desk:
    """Everything the desk holds. `names`: host names it answers to; filled by whoever binds it."""

    settings: Settings
    room: Room
    queue: Queue
    sessions: Sessions
    names: frozenset[str]
    asked: Asked


def desk_app(settings: Settings, check: Check, *, rate: Rate | None = None) -> Starlette:
    """The application; `app.state.desk` is the `Desk`. `check` asks for an officer (`kiosk.desk.doors.Check`)."""
    desk = Desk(
        settings,
        Room(lambda: "".join(secrets.choice(string.ascii_lowercase) for _ in range(16))),
        Queue(),
        Sessions(settings.desk.idle_minutes * 60),
        frozenset({"localhost", "127.0.0.1", "[::1]", settings.desk.bind, *settings.desk.names}),
        Asked(),
    )
    doors = Doors(desk.sessions, check, rate)
    face = _Face(desk, doors)

    @contextlib.asynccontextmanager
    async def life(_: Starlette) -> AsyncGenerator[None]:
        tasks = [asyncio.ensure_future(work) for work in _works(desk)]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    app = Starlette(
        routes=[
            Route("/", face.page),
            Route("/langsung", face.live),
            Route("/masuk", doors.show),
            Route("/masuk", doors.enter, methods=["POST"]),
            Route("/keluar", face.leave, methods=["POST"]),
            Route("/panggilan/{verb}", face.call, methods=["POST"]),
            Route("/hidup", face.alive, methods=["POST"]),
            Route("/layar", face.hall_page),
            Route("/layar/langsung", face.hall_live),
            Route("/berkas/{name}", pages.file),
            Route("/fonts/{name}", pages.font),
            WebSocketRoute("/kios", face.kiosk),
        ],
        middleware=[Middleware(Office, names=lambda: desk.names, public=settings.desk.public)],
        lifespan=life,
    )
    app.state.desk = desk
    return app


def _works(desk: Desk) -> list[Any]:
    async def look() -> None:
        while True:
            await asyncio.sleep(1.0)
            desk.room.look()
            desk.sessions.sweep()

    works: list[Any] = [
        look(),
        follow_queue(desk.settings, desk.queue, desk.room.tell),
        follow_asked(desk.settings, desk.asked, desk.room.tell),
    ]
    if desk.settings.desk.broker_host:
        from kiosk.assist.call import office

        works.append(office.follow(desk.settings, desk.room))
    return works


class _Face:
    def __init__(self, desk: Desk, doors: Doors) -> None:
        self._desk = desk
        self._doors = doors
        self._zone = ZoneInfo(desk.settings.hours.timezone)

    # -- the officers' page

    async def page(self, request: Request) -> Response:
        session = self._doors.who(request)
        if session is None:
            return RedirectResponse("/masuk?lagi" if request.cookies.get(COOKIE) else "/masuk", 303)
        self._desk.sessions.touch(session)
        language = language_of(request)
        return pages.page(
            "desk",
            language,
            who=say(language, "who", name=session.name, role=say(language, f"role.{session.role}")),
            csrf=session.csrf,
            lessons_json=json.dumps(lesson_rows(language), ensure_ascii=False),
            icons=pages.icons_for(*_ICONS),
            words=pages.words_for(
                language, "call.pass", "call.release", "call.done", "call.take", "call.lost", "call.over",
                "call.unreachable", "gone.line", "gone.kiosk", "gone.last", "sound.muted", "sound.ask",
            ),
        )  # fmt: skip

    async def live(self, request: Request) -> Response:
        session = self._doors.who(request)
        if session is None:
            return Response(status_code=401)
        return _stream(self._officer_stream(request, session, language_of(request)))

    async def _officer_stream(
        self, request: Request, session: Session, language: Language
    ) -> AsyncIterator[str]:
        stop = self._desk.room.listen(session)
        try:
            async for line in self._changes(
                request, lambda: self._view(session, language), lambda: self._lasts(session)
            ):
                yield line
            if not self._lasts(session):
                yield "event: out\ndata: 1\n\n"
        finally:
            stop()

    def _lasts(self, session: Session) -> bool:
        return not session.over and self._desk.sessions.left(session) > 0

    def _view(self, session: Session, language: Language) -> Plain:
        desk = self._desk
        reader = Reader(
            session.number, session.name, session.role, language, frozenset(session.passed),
            desk.sessions.left(session),
        )  # fmt: skip
        return desk_view(
            desk.room,
            desk.queue,
            reader,
            promises=desk.settings.desk.promises,
            everywhere_seconds=desk.settings.desk.everywhere_seconds,
            zone=self._zone,
            names=desk.sessions.names(),
            sample=not desk.settings.enrolled,
            asked=desk.asked.open,
        )

    async def _changes(
        self, request: Request, view: Callable[[], Plain], lasts: Callable[[], bool]
    ) -> AsyncIterator[str]:
        """The view whenever it differs, and a sign of life between."""
        changed = asyncio.Event()
        stop = self._desk.room.follow(changed.set)
        loop = asyncio.get_running_loop()
        shown, spoke = "", 0.0
        try:
            yield "retry: 1000\n\n"
            while lasts() and not await request.is_disconnected():
                changed.clear()
                fresh = json.dumps(view(), ensure_ascii=False, separators=(",", ":"))
                if fresh != shown:
                    shown, spoke = fresh, loop.time()
                    yield f"data: {fresh}\n\n"
                elif loop.time() - spoke >= _BEAT:
                    spoke = loop.time()
                    yield "event: beat\ndata: 1\n\n"
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(1.0):
                        await changed.wait()
        finally:
            stop()

    async def call(self, request: Request) -> Response:
        """`ambil`, `lepas`, `selesai`, `teruskan`: all an officer can say, about a call and nothing else."""
        session, body = self._allowed(request), await _body(request)
        if session is None:
            return _json({"error": "signed_out"}, 401)
        kiosk, call, minutes = body.get("kiosk"), body.get("call"), body.get("minutes")
        if not isinstance(kiosk, str) or not isinstance(call, str):
            return _json({"error": "not_a_call"}, 422)
        self._desk.sessions.touch(session)
        room, outcome = self._desk.room, "over"
        match request.path_params["verb"]:
            case "ambil" if isinstance(minutes, int) and minutes in self._desk.settings.desk.promises:
                outcome = await room.take(kiosk, call, session.number, minutes)
            case "lepas" if self._may_settle(session, kiosk):
                outcome = await room.give_back(kiosk, call)
            case "selesai" if self._may_settle(session, kiosk):
                outcome = await room.finish(kiosk, call)
            case "teruskan":
                session.passed.add(call)
                outcome = "won"
                room.tell()
            case "lepas" | "selesai":
                return _json({"error": "not_yours"}, 403)
            case _:
                return _json({"error": "no_such_verb"}, 422)
        return _json({"outcome": outcome})

    def _may_settle(self, session: Session, kiosk: str) -> bool:
        known = self._desk.room.kiosks.get(kiosk)
        call = known.state.call if known is not None else None
        if call is None:
            return True
        by = self._desk.room.taker(call)
        return by in ("", session.number) or session.role == "supervisor"

    async def alive(self, request: Request) -> Response:
        session = self._allowed(request)
        if session is None:
            return _json({"error": "signed_out"}, 401)
        self._desk.sessions.touch(session)
        return Response(status_code=204)

    async def leave(self, request: Request) -> Response:
        return await self._doors.leave(request)

    def _allowed(self, request: Request) -> Session | None:
        """The session, when the page proves by its token that it is ours."""
        session = self._doors.who(request)
        given = request.headers.get("x-meja", "")
        if session is None or not secrets.compare_digest(given.encode(), session.csrf.encode()):
            return None
        return session

    # -- the hall's display

    async def hall_page(self, request: Request) -> Response:
        language, kiosk = language_of(request), self._desk.settings.kiosk
        return pages.page("hall", language, office=kiosk.office, regency=kiosk.regency)

    async def hall_live(self, request: Request) -> Response:
        language = language_of(request)

        def view() -> Plain:
            desk = self._desk
            return hall.hall_view(desk.queue, desk.room.clock(), desk.room.wall(), language, self._zone)

        return _stream(self._changes(request, view, lambda: True))

    # -- the kiosks

    async def kiosk(self, socket: WebSocket) -> None:
        """One kiosk's line: its state in, orders about its call out. The token says which kiosk it is."""
        scheme, _, token = socket.headers.get("authorization", "").partition(" ")
        try:
            known = await asyncio.to_thread(kiosks.read, self._desk.settings.desk.kiosks_file)
        except kiosks.KiosksError:
            known = {}
        name = kiosks.whose(known, token.strip()) if scheme.lower() == "bearer" else ""
        if not name:
            await socket.close(1008)
            return
        await socket.accept()
        room, orders = self._desk.room, asyncio.Queue[Do]()
        close = room.line(name, orders.put_nowait)
        room.linked(name, True)

        async def speak() -> None:
            while True:
                await socket.send_text(pack_do(await orders.get()).decode())

        speaking = asyncio.ensure_future(speak())
        try:
            while True:
                text = await socket.receive_text()
                state = read_state(text) if len(text) <= LIMIT else None
                if state is None or state.kiosk != name:
                    raise WireError("not yours")
                room.spoke(state)
        except (WebSocketDisconnect, WireError, RuntimeError, KeyError):
            with contextlib.suppress(RuntimeError):
                await socket.close(1008)
        finally:
            speaking.cancel()
            close()


async def _body(request: Request) -> dict[str, object]:
    """The request's JSON object; empty when it is anything else or too long."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        return {}
    raw = b""
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > _MOST_BODY:
            return {}
    try:
        value: object = json.loads(raw)
    except (ValueError, RecursionError):
        return {}
    return cast("dict[str, object]", value) if isinstance(value, dict) else {}


def _stream(lines: AsyncIterator[str]) -> StreamingResponse:
    return StreamingResponse(
        lines,
        media_type="text/event-stream",
        headers={"cache-control": "no-store", "x-accel-buffering": "no"},
    )


def _json(value: object, status: int = 200) -> JSONResponse:
    return JSONResponse(value, status_code=status, headers={"cache-control": "no-store"})
