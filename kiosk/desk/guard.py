"""Who may talk to the desk: the office's own network, by a name the desk knows, from pages of the desk itself."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from typing import Final

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_SAFE: Final = frozenset({"GET", "HEAD"})
_HEADERS: Final = (
    (
        b"content-security-policy",
        b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
        b"connect-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),  # with no-referrer, browsers send forms with "Origin: null"
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
    (b"strict-transport-security", b"max-age=31536000"),
)


class NotHereError(ValueError):
    """An address the desk must not listen on."""


def inside(address: str) -> bool:
    """Whether `address` is of this machine or of a private network (loopback, RFC 1918, RFC 4193, link-local)."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None)
    one = mapped or found
    return (one.is_loopback or one.is_private or one.is_link_local) and not one.is_unspecified


def check_bind(address: str, *, public: bool) -> None:
    """Raises `NotHereError` for an address the whole internet may reach, or for every address at once."""
    if not public and not inside(address):
        raise NotHereError(
            f"{address}: not an address of loopback or of the office's network. Set desk.bind to the address of this "
            "machine in the office's network, or desk.public = true if it really is to be reached from anywhere."
        )


class Office:
    """ASGI middleware: refuses everybody else with 403, and hardens every answer.

    `names`: host names this desk is opened by. `public`: clients may be anywhere.
    """

    def __init__(self, app: ASGIApp, names: Callable[[], frozenset[str]], *, public: bool = False) -> None:
        self._app = app
        self._names = names
        self._public = public

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        refusal = self._refusal(scope)

        async def hardened(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), *_HEADERS]
            await send(message)

        if not refusal:
            await self._app(scope, receive, hardened)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008})
        else:
            await JSONResponse({"error": refusal}, 403)(scope, receive, hardened)

    def _refusal(self, scope: Scope) -> str:
        client = scope.get("client")
        if not self._public and (client is None or not inside(client[0])):
            return "not_in_the_office"
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if _without_port(host) not in self._names():
            return "foreign_host"
        origin = headers.get("origin")
        if scope["type"] == "websocket":
            # A kiosk is no web page; a page that opens this socket comes from elsewhere.
            return "foreign_origin" if origin is not None else ""
        if scope["method"] in _SAFE:
            return ""
        if origin != f"{scope.get('scheme', 'https')}://{host}":
            return "foreign_origin"
        if headers.get("sec-fetch-site", "same-origin") != "same-origin":
            return "foreign_origin"
        return ""


def address_of(request: HTTPConnection) -> str:
    return request.client.host if request.client else ""


def _without_port(host: str) -> str:
    name, colon, port = host.rpartition(":")
    return (name if colon and port.isdigit() else host).lower()
