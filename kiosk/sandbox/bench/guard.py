"""Who may talk to the bench: a page of its own, on this very machine.

The bench can lay down cards and shows codes, so a web page from elsewhere that a developer has open must not
reach it: neither by a form it posts across origins, nor by a host name it points at loopback (DNS rebinding).
"""

from __future__ import annotations

import ipaddress
from typing import Final

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_HOSTS: Final = frozenset({"127.0.0.1", "localhost", "[::1]"})
_SAFE: Final = frozenset({"GET", "HEAD"})

_HEADERS: Final = (
    (
        b"content-security-policy",
        b"default-src 'self'; frame-ancestors 'none'; form-action 'none'; base-uri 'none'",
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
)


class LoopbackOnly:
    """ASGI middleware: answers 403 to everyone else, and hardens every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refusal = _refusal(scope)
        if refusal:
            await JSONResponse({"error": refusal}, status_code=403)(scope, receive, send)
            return

        async def hardened(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), *_HEADERS]
            await send(message)

        await self._app(scope, receive, hardened)


def _refusal(scope: Scope) -> str:
    """Why this request is not answered; empty when it is."""
    client = scope.get("client")
    if client is None or not _is_loopback(client[0]):
        return "not_loopback"
    headers = Headers(scope=scope)
    host = headers.get("host", "")
    if _without_port(host) not in _HOSTS:
        return "foreign_host"
    if scope["method"] in _SAFE:
        return ""
    origin = headers.get("origin")
    if origin is not None and origin != f"{scope.get('scheme', 'http')}://{host}":
        return "foreign_origin"
    if headers.get("sec-fetch-site", "same-origin") != "same-origin":
        return "foreign_origin"
    # A form cannot send this type, and a script elsewhere may not without a preflight, which is refused.
    if headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        return "not_json"
    return ""


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def _without_port(host: str) -> str:
    name, colon, port = host.rpartition(":")
    return (name if colon and port.isdigit() else host).lower()
