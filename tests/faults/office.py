"""An office in which things go wrong: a portal with a clock to turn, the kiosk's tools, a visitor's shortcuts."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hardware.camera.pdf import pages_to_pdf
from hardware.camera.port import DocumentCamera
from hardware.card.port import CardReader
from hardware.printer.port import TicketPrinter
from kiosk import i18n
from kiosk.effects.tools import Tools
from kiosk.flow.events import Begin, Choose, Focus, Forward, Toggle
from kiosk.flow.model import Place
from kiosk.flow.results import Trouble
from kiosk.portal.client import Line, PortalClient
from kiosk.sandbox import Server
from kiosk.sandbox.settings import DEMO_TOKEN
from kiosk.sandbox.tables import Row
from kiosk.settings import Settings
from kiosk.store import Sending
from tests.journeys.conducted import Conducted, settings_for

STRANGER = "081299990001"
"""A phone the portal does not know: good for one new application."""
BUSINESS = "Warung Contoh Pagi"
STREET = "Jalan Contoh Sembilan"


@dataclass
class Clock:
    """The portal's clock; `ahead` is what a test added to it."""

    ahead: timedelta = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@dataclass
class Office:
    """`secrets` are the words that must not appear in any log line; tests add what they type or see."""

    portal: Server
    settings: Settings
    clock: Clock
    secrets: set[str] = field(default_factory=set)

    @classmethod
    def beside(cls, portal: Server, folder: Path, clock: Clock, secrets: set[str]) -> Office:
        settings = settings_for(folder, portal.url, DEMO_TOKEN)
        devices = replace(settings.devices, printer=replace(settings.devices.printer, deadline=4.0))
        rules = replace(settings.portal, retry_first=0.2, retry_most=0.5)
        secrets |= {STRANGER, BUSINESS, STREET}
        for person in portal.sandbox.tables.all("people"):
            secrets |= {person["nik"], person["nama"], person["hp"], *person["nib"].split(), person["uid"]}
        return cls(portal, replace(settings, devices=devices, portal=rules), clock, secrets)

    def client(self, token: str = DEMO_TOKEN, *, visit_id: str = "") -> PortalClient:
        """The kiosk's own client, a little less patient than at the office, so that a trouble is over sooner."""
        line = Line(self.portal.url, token, connect_seconds=1.0, read_seconds=0.6, first_wait=0.02)
        return PortalClient(line, visit_id=visit_id)

    def tools(
        self,
        *,
        card: CardReader | None = None,
        camera: DocumentCamera | None = None,
        printer: TicketPrinter | None = None,
    ) -> Tools:
        return Tools(
            self.settings,
            "test",
            portal=self.client(),
            card=card,
            camera=camera,
            printer=printer,
            make_pdf=pages_to_pdf,
        )

    @property
    def code(self) -> str:
        """The code that was sent last, as the phone shows it."""
        code = self.portal.sandbox.outbox[-1].code
        self.secrets.add(code)
        return code

    @property
    def codes_sent(self) -> int:
        return len(self.portal.sandbox.outbox)

    def count(self, table: str) -> int:
        return self.portal.sandbox.tables.count(table)

    def row(self, table: str, where: str, value: object) -> Row:
        """The one row of the portal that there must be."""
        row = self.portal.sandbox.tables.one(table, where, value)
        assert row is not None
        return row

    async def to_number(self, visit: Conducted, means: str, digits: str) -> None:
        """From the welcome screen to a typed number, not yet sent."""
        self.secrets.add(digits)
        visit.do(Begin(), Choose(means))
        visit.type(digits)

    async def to_code(self, visit: Conducted, means: str = "phone", digits: str = STRANGER) -> None:
        await self.to_number(visit, means, digits)
        visit.do(Forward())
        await visit.past_region()
        await visit.at(Place.CODE)

    async def to_menu(self, visit: Conducted, means: str = "phone", digits: str = STRANGER) -> None:
        await self.to_code(visit, means, digits)
        await self.enter(visit)

    async def enter(self, visit: Conducted) -> None:
        """From the code to the menu."""
        visit.type(self.code)
        await visit.at(Place.CONSENT)
        visit.do(Forward())
        await visit.at(Place.MENU)

    async def to_papers(self, visit: Conducted, means: str = "phone", digits: str = STRANGER) -> None:
        """To the first paper under the camera, the form filled in."""
        await self.to_menu(visit, means, digits)
        await self.fill(visit)

    async def fill(self, visit: Conducted) -> None:
        await visit.find_business("kedai minuman", "56304")
        visit.do(Forward())
        visit.fill_form(tenure="rent", business_name=BUSINESS, street=STREET)

    async def to_review(self, visit: Conducted, means: str = "phone", digits: str = STRANGER) -> None:
        """To the review, every paper left for the counter."""
        await self.to_papers(visit, means, digits)
        await self.skip_papers(visit)
        visit.do(Toggle("declare"))

    async def skip_papers(self, visit: Conducted) -> None:
        while visit.visit.place is Place.CAMERA:
            visit.do(Choose("later"))
        await visit.at(Place.REVIEW)

    async def sent(self, visit: Conducted) -> str:
        """Send from the review; the number on the screen."""
        visit.do(Forward())
        await visit.at(Place.SENT, seconds=30)
        submitted = visit.apply.submitted
        assert submitted is not None
        return submitted.number


async def in_hand(visit: Conducted) -> None:
    """Wait until the application lies in the outbox, taken in hand by the visit itself."""
    for _ in range(500):
        rows = await visit.tools.store.do(
            lambda store: store.connection.execute("SELECT state FROM outbox").fetchall()
        )
        if rows == [(Sending.WORKING,)]:
            return
        await asyncio.sleep(0.002)
    raise AssertionError("the application was never in the visit's hand")


def fill_screen(visit: Conducted, **answers: str) -> None:
    """The questions of the form screen shown now, and on."""
    for question in visit.apply.questions():
        visit.do(Focus(question.id))
        wanted = answers.get(question.id, "")
        if question.kind == "choice":
            visit.do(Choose(wanted or question.choices[0].value))
        else:
            visit.type(wanted or (STREET if question.kind == "text" else "12"))
    visit.do(Forward())


def said(trouble: Trouble | str | None, place: str = "trouble") -> None:
    """A visitor at `place` is told: there is one sentence for it in each language."""
    assert trouble
    words = i18n.both(f"{place}.{getattr(trouble, 'value', trouble)}")
    assert set(words) == {"id", "en"}
    assert all(len(text.split()) >= 3 for text in words.values())
    assert words["id"] != words["en"]


def leaks(log: str, secrets: Iterable[str]) -> list[str]:
    """How many letters each secret has that stands in the log: the report of a leak must not be one."""
    found = [secret for secret in secrets if secret and re.search(rf"(?<!\w){re.escape(secret)}(?!\w)", log)]
    return [f"{len(secret)} signs" for secret in found]


async def eventually(wanted: Callable[[], bool], what: str, seconds: float = 10.0) -> None:
    limit = time.monotonic() + seconds
    while not wanted():
        assert time.monotonic() < limit, f"waited for {what}"
        await asyncio.sleep(0.02)
