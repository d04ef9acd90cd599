"""`fleet serve`: enrolment over HTTPS, rounds of waves, fresh dates in the repository. It may be down for days.

What it knows is elsewhere: the repository's files, the broker's kept reports, the enrolment book.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import datetime as dt
import json
import sqlite3
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import aiomqtt
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from provisioning.enrolment import Enrolment
from provisioning.errors import FleetError
from provisioning.home import Home, Plan
from provisioning.kpi import Collector, Kpi
from provisioning.last import Last
from provisioning.live import View, follow, operator
from provisioning.pki import Authority
from provisioning.repository import Repository
from provisioning.rollouts import round_of_waves
from provisioning.state import NUDGE, got_topic, kpi_topic

MOST_BYTES = 16_384
RENEW_DAYS_LEFT = 10
"""The timestamp lives 14 days; renewed so early that a dead service is noticed long before kiosks mind."""


def application(home: Home, plan: Plan) -> Starlette:
    """The HTTPS side: two small calls and a sign of life. No list of kiosks, no state, nothing to browse."""
    book = Enrolment(home.enrolment, Authority(home.ca))
    repository = Repository(home)

    async def answer(request: Request, work: Callable[[dict[str, str]], dict[str, Any]]) -> Response:
        length = request.headers.get("content-length", "")
        if not length.isdigit() or int(length) > MOST_BYTES:
            return JSONResponse({"error": "The request is too long."}, 413)
        try:
            values = json.loads(await request.body())
            words = {str(key): str(value) for key, value in values.items()}
        except (ValueError, AttributeError):
            return JSONResponse({"error": "The request is not JSON."}, 400)
        try:
            body = await asyncio.to_thread(work, words)
        except KeyError as error:
            return JSONResponse({"error": f"The request lacks {error}."}, 400)
        except FleetError as error:
            return JSONResponse({"error": str(error)}, 403)
        return JSONResponse(body, 200 if body.get("certificate") else 202)

    def about(device: str, certificate: bytes | None) -> dict[str, Any]:
        row = next((row for row in book.rows() if row.device == device), None)
        return {
            "certificate": certificate.decode() if certificate else "",
            "site": row.site if row else "",
            "repository": plan.repository_url,
            "broker_host": plan.broker_host,
            "broker_port": plan.broker_port,
            "beat": plan.heartbeat_seconds,
            "root": base64.b64encode(repository.root_bytes()).decode(),
        }

    async def enrol(request: Request) -> Response:
        def work(words: dict[str, str]) -> dict[str, Any]:
            device = words["device"]
            return about(device, book.enrol(words["token"], device, words["csr"].encode()))

        return await answer(request, work)

    async def renew(request: Request) -> Response:
        def work(words: dict[str, str]) -> dict[str, Any]:
            certificate = book.renew(words["csr"].encode(), words["device"])
            return {"certificate": certificate.decode() if certificate else ""}

        return await answer(request, work)

    async def alive(_: Request) -> Response:
        return JSONResponse({"ok": True})

    return Starlette(
        routes=[
            Route("/v1/enrol", enrol, methods=["POST"]),
            Route("/v1/renew", renew, methods=["POST"]),
            Route("/v1/alive", alive),
        ]
    )


def repository_files(home: Home) -> Starlette:
    """The repository as any web server would hand it out; a name that is not there is 404, which kiosks count on."""
    return Starlette(routes=[Mount("/", StaticFiles(directory=home.metadata.parent))])


class Service:
    """Everything `fleet serve` does beside HTTPS, as loops that survive a broker that is away."""

    def __init__(self, home: Home, plan: Plan, *, every: float = 10.0) -> None:
        self._home = home
        self._plan = plan
        self._every = every
        self.view = View()
        self._client: aiomqtt.Client | None = None
        self._changed: set[str] = set()

    async def watch(self) -> None:
        """Stay connected and keep the view fresh."""
        while True:
            try:
                async with operator(self._home, self._plan, "fleet-serve") as client:
                    # A broker that was restarted hands out what it keeps: that is the new truth, with new ages.
                    self.view = View()
                    self._client = client
                    self._changed.clear()
                    await asyncio.to_thread(Last(self._home.last).begin)
                    await follow(client, self.view, lambda name: self._changed.add(name), tell_whole=True)
            except (aiomqtt.MqttError, FleetError) as error:
                self._client = None
                _log(f"broker: {error}")
                await asyncio.sleep(5)

    async def keep(self) -> None:
        """Write what was heard, for `fleet status` on this machine; nothing while deaf or not yet whole."""
        last = Last(self._home.last)
        while True:
            await asyncio.sleep(2)
            if self._client is None or not self.view.whole:
                continue
            changed, self._changed = self._changed, set()
            try:
                await asyncio.to_thread(last.write, self.view, changed)
            except (OSError, sqlite3.Error) as error:
                self._changed |= changed
                _log(f"what was heard last cannot be kept: {error}")

    async def figures(self) -> None:
        """Collect the hours kiosks send, and confirm each one that is kept. Away for days: they are sent again."""
        while True:
            try:
                kpi = await asyncio.to_thread(Kpi, self._plan.kpi_database, self._home.root)
            except FleetError as error:
                _log(f"kpi: {error}")
                await asyncio.sleep(60)
                continue
            try:
                async with operator(self._home, self._plan, "fleet-serve") as client:
                    await collect(client, Collector(kpi))
            except (aiomqtt.MqttError, FleetError) as error:
                _log(f"kpi: {error}")
            except Exception as error:  # noqa: BLE001 - a database of another kind raises its own; kiosks send again
                _log(f"kpi: the database: {type(error).__name__}")
            finally:
                kpi.close()
            await asyncio.sleep(5)

    async def waves(self) -> None:
        """Look at rollouts every few seconds; a change is published first and nudged after."""
        book = Enrolment(self._home.enrolment, Authority(self._home.ca))
        while True:
            await asyncio.sleep(self._every)
            if self._client is None:
                continue  # blind: nobody is judged on what is not known
            try:
                devices = [row.device for row in book.rows() if row.state in ("valid", "expired")]
                desired, changed = await asyncio.to_thread(
                    round_of_waves, self._home, self._plan, devices, self.view.reports()
                )
                if changed:
                    _log(f"desired state {desired.serial}: " + _summary(desired))
                    with contextlib.suppress(aiomqtt.MqttError):
                        await self._client.publish(NUDGE, str(desired.serial).encode(), qos=1)
            except FleetError as error:
                _log(f"waves: {error}")

    async def dates(self) -> None:
        """Renew the online roles while there is time."""
        repository = Repository(self._home)
        while True:
            try:
                left = repository.load("timestamp").signed.expires - dt.datetime.now(dt.UTC)
                if left < dt.timedelta(days=RENEW_DAYS_LEFT):
                    await asyncio.to_thread(repository.refresh)
                    _log("repository dates renewed")
            except FleetError as error:
                _log(f"repository: {error}")
            await asyncio.sleep(3600)


async def collect(client: aiomqtt.Client, collector: Collector) -> None:
    """Take hours until the connection ends."""
    await client.subscribe(kpi_topic("+"), qos=1)
    async for message in client.messages:
        if not isinstance(message.payload, bytes):
            continue
        device = message.topic.value.split("/")[2]
        try:
            confirmed = await asyncio.to_thread(collector.take, device, message.payload)
        except FleetError as error:
            _log(f"kpi: {error}")
            continue
        if confirmed:
            await client.publish(got_topic(device), confirmed, qos=1)
    raise aiomqtt.MqttError("the broker ended the connection")


async def serve(
    home: Home,
    plan: Plan,
    *,
    host: str,
    repository_port: int = 0,
    extra: Callable[[Service], Awaitable[None]] | None = None,
) -> None:
    """Run until cancelled or told to stop by a signal.

    `repository_port`: also hand out the repository's files over HTTP there (one office without a web server).
    """
    service = Service(home, plan)
    config = uvicorn.Config(
        application(home, plan),
        host=host,
        port=plan.serve_port,
        ssl_certfile=str(home.certificates / "serve.pem"),
        ssl_keyfile=str(home.certificates / "serve.key"),
        log_level="warning",
        access_log=False,
        server_header=False,
        limit_concurrency=200,
        timeout_keep_alive=5,
    )
    servers = [uvicorn.Server(config)]
    if repository_port:
        servers.append(
            uvicorn.Server(
                uvicorn.Config(
                    repository_files(home),
                    host=host,
                    port=repository_port,
                    log_level="warning",
                    access_log=False,
                )
            )
        )
    work = [
        asyncio.create_task(item)
        for item in (service.watch(), service.keep(), service.figures(), service.waves(), service.dates())
    ]
    if extra:
        work.append(asyncio.ensure_future(extra(service)))
    try:
        await asyncio.gather(*(server.serve() for server in servers))
    finally:
        for task in work:
            task.cancel()
        await asyncio.gather(*work, return_exceptions=True)


def _summary(desired: Any) -> str:
    return "; ".join(
        f"{r.version} {'halted in ' + r.halt.wave if r.halt else 'done' if r.finished else 'under way'}"
        for r in desired.rollouts
    )


def _log(text: str) -> None:
    print(f"fleet serve: {text}", file=sys.stderr, flush=True)
