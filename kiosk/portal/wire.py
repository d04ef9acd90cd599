"""One HTTP call to the portal: time-outs, retries where repeating is harmless, and every trouble as `PortalTrouble`.

httpx and stamina are imported at the first call, not before: together they cost more than half a second, and the first
picture must not wait for them.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, cast

from kiosk.portal.fields import GarbageError, Json, parse
from kiosk.portal.trouble import PortalTrouble, kind_of

if TYPE_CHECKING:
    import httpx

T = TypeVar("T")

API = "/v1"
MOST_BYTES = 4 * 1024 * 1024
"""Longest JSON answer believed; a broken portal must not fill the memory of a visit."""
_LONGEST_HINT = 3.0
"""Seconds of Retry-After worth waiting for while a visitor looks on."""


@dataclass(frozen=True, slots=True)
class Line:
    """How to reach the portal. `token`, or `client_cert` with `client_key` (PEM files), is this kiosk's credential.

    `attempts` counts the first try. `patience` bounds one call with all its retries, in seconds.
    """

    url: str
    token: str = field(repr=False, default="")
    connect_seconds: float = 4.0
    read_seconds: float = 10.0
    client_cert: Path | None = None
    client_key: Path | None = None
    ca_file: Path | None = None
    attempts: int = 3
    first_wait: float = 0.2
    patience: float = 30.0


def nothing(_answer: Answer) -> None:
    """For calls whose success says it all."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)

    @property
    def json(self) -> Json:
        """The body as an object. Raises `GarbageError`."""
        return parse(self.body)

    @property
    def replayed(self) -> bool:
        return self.headers.get("idempotency-replayed") == "true"


class Wire:
    """A pooled connection to one portal. Safe for concurrent calls on one event loop."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self._client: httpx.AsyncClient | None = None

    async def close(self) -> None:
        if self._client is not None:
            client, self._client = self._client, None
            await client.aclose()

    def where(self, location: str) -> str:
        """An absolute address on the portal's own origin. Raises `PortalTrouble` "garbage" for any other: tokens go
        nowhere else."""
        from urllib.parse import urljoin, urlsplit

        url = urljoin(self.line.url.rstrip("/") + API + "/", location)
        ours, theirs = urlsplit(self.line.url), urlsplit(url)
        if (ours.scheme, ours.netloc) != (theirs.scheme, theirs.netloc):
            raise PortalTrouble("garbage", word="foreign-address")
        return url

    async def call(
        self,
        method: str,
        path: str,
        build: Callable[[Answer], T],
        *,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        repeat: bool,
    ) -> T:
        """One call, and what `build` makes of its answer; `repeat` says that sending it twice does no harm.

        `path` starts with "/" (below /v1) or is an address made by `where`. Only a success (2xx) is built from;
        everything else raises `PortalTrouble`. `build` says `GarbageError` for an answer that is none: that is worth
        another try like a broken line.
        """
        if not repeat or self.line.attempts < 2:
            return _built(await self.once(method, path, body=body, headers=headers), build)
        import stamina

        async for attempt in stamina.retry_context(
            on=_worth_another_try,
            attempts=self.line.attempts,
            timeout=self.line.patience,
            wait_initial=self.line.first_wait,
            wait_max=2.0,
            wait_jitter=self.line.first_wait,
        ):
            with attempt:
                return _built(await self.once(method, path, body=body, headers=headers), build)
        raise PortalTrouble("offline")  # unreachable: the last attempt raises or returns

    async def once(
        self,
        method: str,
        path: str,
        *,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """The same without retries."""
        import httpx

        client = self._open()
        url = path if path.startswith("http") else self.line.url.rstrip("/") + API + path
        # The read time-out starts anew with every piece; a portal that drips must not hold a visitor for ever.
        limit = self.line.connect_seconds + 2 * self.line.read_seconds
        began = False
        try:
            async with asyncio.timeout(limit):
                async with client.stream(method, url, content=body, headers=dict(headers or {})) as answer:
                    began = True
                    got = bytearray()
                    async for piece in answer.aiter_bytes():
                        got += piece
                        if len(got) > MOST_BYTES:
                            raise PortalTrouble("garbage", word="too-long", status=answer.status_code)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError, httpx.UnsupportedProtocol):
            raise PortalTrouble("offline") from None
        except (httpx.TimeoutException, TimeoutError):
            raise PortalTrouble("slow") from None
        except httpx.DecodingError:
            raise PortalTrouble("garbage") from None
        except httpx.TransportError:
            # After the head of an answer, a broken line means half an answer; before it, no answer.
            raise PortalTrouble("garbage" if began else "offline") from None
        except (httpx.InvalidURL, httpx.StreamError):
            raise PortalTrouble("garbage") from None
        result = Answer(answer.status_code, {k.lower(): v for k, v in answer.headers.items()}, bytes(got))
        if not 200 <= result.status < 300:
            raise _trouble(result)
        return result

    def _open(self) -> httpx.AsyncClient:
        if self._client is None:
            import httpx

            # Both would write addresses, and with them application numbers, into the log.
            for name in ("httpx", "httpcore"):
                logging.getLogger(name).setLevel(logging.WARNING)
            line = self.line
            headers = {"accept": "application/json", "user-agent": "anjungan"}
            if line.token:
                headers["authorization"] = f"Bearer {line.token}"
            self._client = httpx.AsyncClient(
                headers=headers,
                verify=_trust(line) if line.url.startswith("https") else False,
                timeout=httpx.Timeout(line.read_seconds, connect=line.connect_seconds),
                follow_redirects=False,
                trust_env=False,
            )
        return self._client


def _built(answer: Answer, build: Callable[[Answer], T]) -> T:
    try:
        return build(answer)
    except GarbageError:
        raise PortalTrouble("garbage", status=answer.status) from None


def _trust(line: Line) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=str(line.ca_file) if line.ca_file else None)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if line.client_cert is not None:
        context.load_cert_chain(line.client_cert, line.client_key)
    return context


def _worth_another_try(error: Exception) -> bool | float:
    """Whether to try again; a number is the wait in seconds that the portal asked for."""
    if not isinstance(error, PortalTrouble) or not error.passing or error.kind in ("too_many", "forbidden"):
        return False
    if error.retry_after is not None:
        return min(error.retry_after, _LONGEST_HINT) if error.retry_after <= _LONGEST_HINT else False
    return True


def _trouble(answer: Answer) -> PortalTrouble:
    """The portal's problem details as an exception. A body that is none costs the details, not the kind."""
    word, tries = "", 0
    names: tuple[str, ...] = ()
    try:
        problem = parse(answer.body)
    except GarbageError:
        problem = {}
    match problem.get("word"):
        case str() as said if len(said) <= 60:
            word = said
        case _:
            pass
    match problem.get("tries_left"):
        case int() as left if not isinstance(left, bool):
            tries = left
        case _:
            pass
    listed = problem.get("fields")
    if isinstance(listed, list):
        said = cast("list[object]", listed)[:60]
        names = tuple(name for name in said if isinstance(name, str) and len(name) <= 80)
    wait: float | None = None
    hint = answer.headers.get("retry-after", "")
    if hint.isascii() and hint.isdigit():
        wait = float(hint)
    return PortalTrouble(
        kind_of(answer.status),
        word=word,
        status=answer.status,
        tries_left=tries,
        fields=names,
        retry_after=wait,
    )
