"""The bench as a Starlette application, mounted with `Mount("/meja", bench_app(...))` on a loopback server."""

from __future__ import annotations

import asyncio
import contextlib
import html
import json
import re
import time
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path
from typing import Any, Final, cast, get_args

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from hardware.world.port import Happening, WatchedWorld
from kiosk.assets import CREST, FONTS, icon
from kiosk.sandbox.bench.guard import LoopbackOnly
from kiosk.sandbox.bench.port import Codes, Line, NetworkSwitch
from kiosk.sandbox.bench.texts import Language, say
from kiosk.sandbox.bench.view import Plain, bench_view, events, masked, newest_codes, tables, ticket

_PAGE: Final = Path(__file__).parent / "page"
_MAX_BODY: Final = 4096
_LOOK_AGAIN: Final = 0.5
"""Seconds between looks at what does not call us: codes, and the portal's answers."""
_FILES: Final = {"bench.css": "text/css", "bench.js": "text/javascript", "crest.svg": "image/svg+xml"}
_FONT_FILES: Final = frozenset(
    {f"PlusJakartaSans-{w}.ttf" for w in ("Medium", "SemiBold", "Bold", "ExtraBold")}
    | {"Phosphor-Fill.ttf", "Phosphor-Bold.ttf"}
)
_ICONS: Final = (
    "check-circle",
    "warning",
    "minus-circle",
    "wifi-slash",
    "arrow-line-up",
    "arrow-line-down",
    "scissors",
)


class BenchRefused(RuntimeError):
    """The bench does not run on an enrolled kiosk: there, nobody may lay down a simulated card."""


def bench_app(
    world: WatchedWorld,
    network: NetworkSwitch,
    codes: Codes,
    *,
    enrolled: bool = False,
    kiosk: str = "K-01",
    clock: Callable[[], float] = time.time,
) -> Starlette:
    """The page and its JSON interface, relative to where it is mounted.

    `GET state`, `GET codes`, `GET ticket.png` (404 when none hangs); `POST card`, `camera`, `printer` with fields
    of that device's table in `hardware.world.port`, `POST network` with `{"line": …}`. A POST answers with the new
    state, or 422 with `{"error": …}` when a field or value does not exist. Only loopback is answered, whatever the
    server is bound to. Raises BenchRefused when `enrolled`.

    The page keeps a stream open, so give the server a `timeout_graceful_shutdown`.
    """
    if enrolled:
        raise BenchRefused("the device bench does not start on an enrolled kiosk")
    bench = _Bench(world, network, codes, kiosk, clock)
    return Starlette(
        routes=[
            Route("/", bench.page),
            Route("/state", bench.state),
            Route("/live", bench.live),
            Route("/codes", bench.codes),
            Route("/ticket.png", bench.ticket),
            Route("/network", bench.set_network, methods=["POST"]),
            Route("/{device}", bench.change, methods=["POST"]),
            Route("/file/{name}", _file),
            Route("/fonts/{name}", _font),
        ],
        middleware=[Middleware(LoopbackOnly)],
    )


class _Bench:
    def __init__(
        self,
        world: WatchedWorld,
        network: NetworkSwitch,
        codes: Codes,
        kiosk: str,
        clock: Callable[[], float],
    ) -> None:
        self._world = world
        self._network = network
        self._codes = codes
        self._kiosk = kiosk
        self._clock = clock

    async def page(self, request: Request) -> Response:
        language = _language(request)
        source = (_PAGE / "index.html").read_text(encoding="utf-8")
        return HTMLResponse(_filled(source, language, self._kiosk), headers={"cache-control": "no-store"})

    async def state(self, request: Request) -> Response:
        return _json(self._state(_language(request)))

    async def codes(self, request: Request) -> Response:
        return _json(
            [
                {"code": c.code, "to": masked(c.to), "at": c.at, "expires_at": c.expires_at}
                for c in newest_codes(self._codes())
            ]
        )

    async def ticket(self, request: Request) -> Response:
        entry = ticket(self._world.happenings())
        if entry is None or not self._world.state.printer.hanging:
            return _json({"error": "no_ticket"}, 404)
        return Response(
            entry.happening.picture, media_type="image/png", headers={"cache-control": "no-store"}
        )

    async def change(self, request: Request) -> Response:
        device = request.path_params["device"]
        if device not in ("card", "camera", "printer"):
            return _json({"error": "no_such_device"}, 404)
        fields = await _body(request)
        if not fields:
            return _json({"error": "not_an_object"}, 422)
        try:
            # Off the loop: a world in another process answers only when it has made the change.
            await asyncio.to_thread(self._world.change, device, **fields)
        except (ValueError, TypeError):
            return _json({"error": "no_such_field_or_value"}, 422)
        return _json(self._state(_language(request)))

    async def set_network(self, request: Request) -> Response:
        fields = await _body(request)
        line = (fields or {}).get("line")
        if line not in get_args(Line) or len(fields or {}) != 1:
            return _json({"error": "no_such_line"}, 422)
        line = cast(Line, line)
        if line != self._network.view.line:
            self._network.set(line)
            self._world.report(Happening(f"network.{line}"))
        return _json(self._state(_language(request)))

    async def live(self, request: Request) -> Response:
        return StreamingResponse(
            self._stream(request, _language(request)),
            media_type="text/event-stream",
            headers={"cache-control": "no-store", "x-accel-buffering": "no"},
        )

    async def _stream(self, request: Request, language: Language) -> AsyncIterator[str]:
        loop = asyncio.get_running_loop()
        changed = asyncio.Event()

        def wake(_: object) -> None:
            with contextlib.suppress(RuntimeError):  # the loop has ended, and so has this page
                loop.call_soon_threadsafe(changed.set)

        stops = (self._world.follow(wake), self._world.hear(wake))
        shown = ""
        try:
            yield "retry: 1000\n\n"
            while not await request.is_disconnected():
                changed.clear()
                view = json.dumps(self._view(language), ensure_ascii=False, separators=(",", ":"))
                if view != shown:
                    shown = view
                    yield f"data: {view}\n\n"
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(changed.wait(), _LOOK_AGAIN)
        finally:
            for stop in stops:
                stop()

    def _view(self, language: Language) -> Plain:
        return bench_view(
            self._world.state,
            self._world.happenings(),
            self._network.view,
            self._codes(),
            language=language,
            now=self._clock(),
        )

    def _state(self, language: Language) -> Plain:
        network = self._network.view
        return {
            **tables(self._world.state),
            "network": {"line": network.line, "answered_ms": network.answered_ms, "waiting": network.waiting},
            "events": events(self._world.happenings(), language),
            "view": self._view(language),
        }


async def _body(request: Request) -> dict[str, object] | None:
    """The request's JSON object; None when it is anything else or too long."""
    raw = b""
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > _MAX_BODY:
            return None
    try:
        value: Any = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, dict) or "device" in value or "self" in value:
        return None
    return cast("dict[str, object]", value)


async def _file(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in _FILES:
        return _json({"error": "no_such_file"}, 404)
    path = CREST if name == CREST.name else _PAGE / name
    return FileResponse(path, media_type=_FILES[name], headers={"cache-control": "no-cache"})


async def _font(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in _FONT_FILES:
        return _json({"error": "no_such_file"}, 404)
    return FileResponse(FONTS / name, media_type="font/ttf", headers={"cache-control": "max-age=86400"})


def _filled(source: str, language: Language, kiosk: str) -> str:
    """The page's file with `{{key}}` as a text, `{{icon:name}}` as a sign of the icon font."""
    own: Mapping[str, str] = {
        "lang": language,
        "other": "en" if language == "id" else "id",
        "icons": json.dumps({name: icon(name) for name in _ICONS}),
        "subtitle": say(language, "subtitle", kiosk=kiosk),
    }

    def value(match: re.Match[str]) -> str:
        key = match[1]
        if key.startswith("icon:"):
            return icon(key[5:])
        return html.escape(own[key] if key in own else say(language, key))

    return re.sub(r"\{\{([a-z_.:-]+)\}\}", value, source)


def _language(request: Request) -> Language:
    return "en" if request.query_params.get("lang") == "en" else "id"


def _json(value: object, status: int = 200) -> JSONResponse:
    return JSONResponse(value, status_code=status, headers={"cache-control": "no-store"})
