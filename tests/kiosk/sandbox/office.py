"""A practice office for tests: the reference portal over real loopback HTTP, with a clock that a test turns."""

from __future__ import annotations

from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from kiosk.portal.client import Line, PortalClient
from kiosk.portal.models import Means, NewApplication, VisitRights
from kiosk.sandbox.seed import PEOPLE
from kiosk.sandbox.server import Server, serve
from kiosk.sandbox.settings import SandboxSettings

TOKEN, OTHER_TOKEN = "token-of-kiosk-one", "token-of-kiosk-two"
WOMAN, MAN, WELDER = PEOPLE
STRANGER_NIK = "9971010101010101"
STRANGER_PHONE = "081299990000"
PDF = b"%PDF-1.7\n"


class Clock:
    def __init__(self) -> None:
        self.time = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time

    def forward(self, **span: float) -> None:
        self.time += timedelta(**span)


class Office:
    """`client()` is a visit at kiosk K-01; a name makes another visit, `token` another kiosk."""

    def __init__(self, folder: Path, **changes: Any) -> None:
        self.clock = Clock()
        settings: dict[str, Any] = {
            "devices": {TOKEN: "K-01", OTHER_TOKEN: "K-02"},
            "readers": frozenset({"K-01"}),
            "now": self.clock,
            "pace": 0.0,
            **changes,
        }
        self.server: Server = serve(0, SandboxSettings(folder, **settings))
        self.sandbox = self.server.sandbox
        self.faults = self.sandbox.faults
        self.stack = AsyncExitStack()

    @property
    def url(self) -> str:
        return self.server.url

    def client(self, visit: str = "visit-one", *, token: str = TOKEN, **line: Any) -> PortalClient:
        settings: dict[str, Any] = {"first_wait": 0.01, "read_seconds": 3.0, **line}
        client = PortalClient(Line(self.url, token=token, **settings), visit_id=visit)
        self.stack.push_async_callback(client.close)
        return client

    @property
    def code(self) -> str:
        """The code sent last."""
        return self.sandbox.outbox[-1].code

    async def prove(self, client: PortalClient, means: Means, value: str, *, phone: str = "") -> VisitRights:
        await client.identify(means, value, phone=phone)
        await client.send_code()
        return await client.check_code(self.code)

    async def owner(self, visit: str = "visit-one") -> PortalClient:
        client = self.client(visit)
        assert (await self.prove(client, "nik", WOMAN["nik"])).scope == "own"
        return client

    async def close(self) -> None:
        await self.stack.aclose()
        # Each server takes a fifth of a second to end; the next test need not wait for it.
        self.server.stop(wait=False)


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def coffee(**changes: Any) -> NewApplication:
    fields: dict[str, Any] = {
        "kbli": "56303",
        "skala_usaha": "01",
        "consent_version": "1",
        "answers": (("business_name", "CONTOH Kedai"), ("land_area", "24")),
        "business": "CONTOH Kedai",
        **changes,
    }
    return NewApplication(**fields)
