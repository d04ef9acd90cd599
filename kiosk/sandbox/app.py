"""The reference portal as an ASGI application."""

from __future__ import annotations

import ipaddress
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from kiosk.sandbox import access, applications, archive, desk, files, identity, pages, phone_survey, queue
from kiosk.sandbox.bodies import read_raw
from kiosk.sandbox.faults import FaultGate
from kiosk.sandbox.problems import Problem, on_crash, on_http_error, on_problem
from kiosk.sandbox.seed import seed
from kiosk.sandbox.settings import SandboxSettings
from kiosk.sandbox.state import Sandbox

Handler = Callable[[Request], Awaitable[Response]]
_LOCAL_NAMES = {"127.0.0.1", "localhost", "[::1]", "::1", "testserver"}


class Stopwatch:
    """Tells the device bench how long the last answer took, faults included."""

    def __init__(self, app: ASGIApp, sandbox: Sandbox) -> None:
        self._app = app
        self._sandbox = sandbox

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        began = time.perf_counter()
        await self._app(scope, receive, send)
        if scope["type"] == "http" and not str(scope["path"]).startswith("/_sandbox/"):
            self._sandbox.answered_ms = (time.perf_counter() - began) * 1000


def _loopback(request: Request) -> Sandbox:
    """The control addresses are for this machine alone; the Host check keeps a web page elsewhere from using it."""
    host = request.headers.get("host", "").rpartition(":")[0] or request.headers.get("host", "")
    client = request.client.host if request.client else ""
    try:
        near = client == "testclient" or ipaddress.ip_address(client).is_loopback
    except ValueError:
        near = False
    if not near or host not in _LOCAL_NAMES or request.headers.get("origin"):
        raise Problem(403, "loopback-only")
    return access.portal(request)


async def faults(request: Request) -> Response:
    """GET: the faults as they are. PUT: change the named ones."""
    sandbox = _loopback(request)
    if request.method == "PUT":
        wanted = await read_raw(request, "application/json")
        try:
            sandbox.faults.change(wanted)
        except ValueError:
            raise Problem(422, "invalid") from None
    return JSONResponse(sandbox.faults.plain())


async def outbox(request: Request) -> Response:
    """The codes "sent" so far, for a bench or an autopilot in another process."""
    sandbox = _loopback(request)
    sent = [
        {
            "to": one.to,
            "code": one.code,
            "at": one.at.timestamp(),
            "expires_at": one.expires_at.timestamp(),
        }
        for one in sandbox.outbox
    ]
    return JSONResponse({"codes": sent})


def _at(path: str, **handlers: Handler) -> Route:
    """One route for a path with all its verbs, so that 405 names every one of them in Allow."""

    async def run(request: Request) -> Response:
        verb = "GET" if request.method == "HEAD" and "HEAD" not in handlers else request.method
        return await handlers[verb](request)

    return Route(f"/v1{path}", run, methods=list(handlers))


def _api() -> list[Route]:
    return [
        _at("/health", GET=desk.health),
        _at("/references", GET=desk.references),
        _at("/services", GET=desk.services),
        _at("/identity", POST=identity.identify),
        _at("/identity/reader", POST=identity.prove_by_reader),
        _at("/identity/{challenge}/code", POST=identity.send_code),
        _at("/identity/{challenge}/check", POST=identity.check_code),
        _at("/visit", DELETE=identity.end_visit),
        _at("/applications", GET=applications.mine, POST=applications.submit),
        _at("/applications/{nomor}", GET=applications.one, PATCH=applications.correct),
        _at("/drafts", POST=applications.save_draft),
        _at(
            "/drafts/{handle}",
            GET=applications.load_draft,
            PUT=applications.replace_draft,
            PATCH=applications.change_draft,
            DELETE=applications.drop_draft,
        ),
        _at("/files", OPTIONS=files.options, POST=files.create),
        _at("/files/{id}", HEAD=files.state, PATCH=files.piece, DELETE=files.terminate),
        _at("/documents/{id}", GET=files.document),
        _at("/queue", GET=queue.hall),
        _at("/queue/tickets", POST=queue.take),
        _at("/queue/tickets/{kode}", GET=queue.one),
        _at("/status/{rujukan}", GET=queue.public_status),
        _at("/receipts", POST=desk.receipt),
        _at("/help", POST=desk.call),
        _at("/help/{id}", GET=desk.call_state, DELETE=desk.cancel_call),
        _at("/events", POST=desk.events),
        _at("/anchors", POST=desk.lodge_anchor, GET=desk.anchors),
        _at("/surveys", POST=desk.survey),
        _at("/surveys/invitations", POST=phone_survey.invite),
        _at("/archive/documents", POST=archive.create),
        _at("/archive/search", POST=archive.search),
        _at("/archive/documents/{id}", GET=archive.state),
    ]


def create_app(settings: SandboxSettings) -> Starlette:
    """The portal over `settings.data_dir`; `app.state.sandbox` is its `Sandbox`.

    What was there before a restart is there after it. Serve it on loopback only (`kiosk.sandbox.serve` does).
    """
    sandbox = Sandbox(settings)
    if settings.seeded:
        seed(sandbox)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncGenerator[None]:
        yield
        sandbox.close()

    app = Starlette(
        routes=[
            *_api(),
            Route("/s/{rujukan}", pages.status_page, methods=["GET"]),
            Route("/q/{rujukan}", pages.status_page, methods=["GET"]),
            Route("/d/{handle}", pages.draft_page, methods=["GET"]),
            Route("/n/{kode}", phone_survey.form, methods=["GET"]),
            Route("/n/{kode}", phone_survey.answer, methods=["POST"]),
            Route("/_sandbox/faults", faults, methods=["GET", "PUT"]),
            Route("/_sandbox/outbox", outbox, methods=["GET"]),
        ],
        middleware=[
            Middleware(Stopwatch, sandbox=sandbox),
            Middleware(FaultGate, faults=sandbox.faults, connections=sandbox.connections),
        ],
        exception_handlers={Problem: on_problem, HTTPException: on_http_error, 500: on_crash},
        lifespan=lifespan,
    )
    app.state.sandbox = sandbox
    app.state.gates = files.Gates()
    return app
