"""An officer's batch through the whole chain: unlock, camera over a drawn desk, encrypted archive, worker processes,
tesseract, tus to the practice portal on loopback HTTP; also with the power cut, the disk full and the line down."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import logging
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from hardware.camera import build as camera
from hardware.camera import papers
from hardware.camera.codes import read_jpeg
from hardware.camera.pdf import pages_to_pdf
from hardware.camera.port import Frame
from hardware.camera.simulated import draw
from hardware.printer import build as printer
from hardware.world import MemoryWorld
from hardware.world.port import CameraTable, PaperKind
from kiosk.effects.tools import Tools
from kiosk.flow.archive_results import Board, SheetKept
from kiosk.flow.events import Back, Begin, Choose, Forward, Leave
from kiosk.flow.model import Place
from kiosk.flow.officer_events import DoorKey, DoorOn, OpenDoor
from kiosk.flow.results import Trouble
from kiosk.identity import one_time
from kiosk.identity.officers import Officer, Role
from kiosk.journeys.archive import Archive
from kiosk.main.labour import Labour
from kiosk.portal.client import PortalClient
from kiosk.sandbox import Server
from kiosk.sandbox.settings import DEMO_TOKEN
from kiosk.sandbox.tables import Row
from kiosk.settings import Settings
from kiosk.settings.model import Keeper
from kiosk.store import Event, Store
from kiosk.store.archive import Book, archive_file
from kiosk.store.officers import hash_pin, keep_officers
from tests.hardware.camera.mjpeg import MjpegCamera
from tests.journeys.conducted import Conducted, conducted, settings_for

PIN, SECRET = "739154", one_time.secret_text(bytes(range(20)))
OFFICERS = ("07", "08", "09")
"""Several, because a one-time code opens once."""


@pytest.fixture(scope="module")
def hashed() -> str:
    return hash_pin(PIN)


@pytest.fixture
def settings(tmp_path: Path, portal: Server, hashed: str) -> Settings:
    made = settings_for(tmp_path, portal.url, DEMO_TOKEN)
    made = replace(
        made,
        kiosk=replace(made.kiosk, enrolment_file=tmp_path / "enrolled"),
        bench=replace(made.bench, inspect=True),
        portal=replace(made.portal, retry_first=0.2, retry_most=0.4),
        keeper=Keeper(work_every=0.1, end_seconds=3),
    )
    officers = [
        Officer(number, chr(97 + place) * 8, "Bu Contoh", Role.OFFICER, "", hashed, code=SECRET)
        for place, number in enumerate(OFFICERS)
    ]
    it = Officer("99", "zzzzzzzz", "Pak Contoh", Role.IT, "", hashed, code=SECRET)
    keep_officers(made, [*officers, it])
    return made


DRAIN = 1.0
"""Seconds after which no frame from before a swap is in the stream."""
SHOT = (2400, 1800)
"""Pixels of the camera's picture: a page of A4 then has some 130 dots an inch."""


class Desk:
    """A network camera over a drawn desk: MJPEG on loopback, one picture until another paper is laid down."""

    def __init__(self, eye: MjpegCamera) -> None:
        self.eye = eye

    def lay(self, kind: PaperKind, page: int = 0) -> None:
        self.eye.show(draw(CameraTable(paper=kind, page=page, present=True), *SHOT))


@pytest.fixture
def desk() -> Iterator[Desk]:
    with MjpegCamera(draw(CameraTable(present=False), *SHOT), rate=4) as eye:
        yield Desk(eye)


def tools_for(settings: Settings, desk: Desk | None = None) -> Tools:
    return Tools(
        settings,
        "run",
        portal=PortalClient.from_settings(settings.portal),
        camera=camera("opencv", address=desk.eye.url) if desk is not None else None,
        printer=printer("simulated", world=MemoryWorld()),
        make_pdf=pages_to_pdf,
        read_codes=read_jpeg,
    )


async def unlock(one: Conducted, number: str = "07") -> None:
    def digits(text: str) -> None:
        one.do(*map(DoorKey, text))

    one.do(OpenDoor())
    digits(number)
    one.do(DoorOn())
    digits(PIN)
    one.do(DoorOn())
    digits(one_time.code_at(SECRET, int(time.time() // 30)))
    await one.until(
        lambda visit: visit.officer.door is None or bool(visit.officer.door.word), "the officer's door"
    )


@asynccontextmanager
async def archive(settings: Settings, desk: Desk, number: str = "07") -> AsyncIterator[Conducted]:
    async with conducted(tools_for(settings, desk)) as one:
        await unlock(one, number)
        await one.until(lambda _: of(one).board is not None, "the board")
        yield one


def of(one: Conducted) -> Archive:
    assert isinstance(one.visit.journey, Archive)
    return one.visit.journey


async def page(one: Conducted, desk: Desk, kind: PaperKind, number: int = 0) -> None:
    """Lay a page down, wait until it lies still, touch Ambil."""
    desk.lay(kind, number)
    await asyncio.sleep(DRAIN)
    before = of(one)
    one.do(Forward())
    await one.until(lambda _: not of(one).waiting and of(one) is not before, f"page {number}")


async def to_camera(one: Conducted) -> None:
    one.do(Forward())
    await one.at(Place.ARCHIVE_CAMERA)
    eye = one.tools.camera
    assert eye is not None
    await one.until(lambda _: isinstance(eye.latest(), Frame), "a frame")


async def index(one: Conducted, number: int) -> None:
    registered, _, holder = papers.permit_words(number)
    await one.until(lambda _: of(one).place is Place.ARCHIVE_FIELDS and not of(one).waiting, "the fields")
    one.type(registered.lower())
    one.do(Forward(), Forward())
    one.type(holder)
    one.do(Forward(), Forward())
    await one.until(lambda _: not of(one).waiting, "the next document")


@contextlib.asynccontextmanager
async def workers(settings: Settings) -> AsyncIterator[Labour]:
    """The keeper's hand that starts one worker process a row."""
    labour = Labour(settings, "run")
    working = asyncio.create_task(labour.run(lambda _waiting: None))
    labour.begin()
    try:
        yield labour
    finally:
        await labour.close()
        await working


def told(one: Conducted) -> Board:
    return of(one).board or Board()


def shown_sheet(one: Conducted) -> SheetKept:
    return of(one).sheet or SheetKept("", 0)


async def board(one: Conducted, sent: int, seconds: float = 60) -> None:
    await one.until(lambda _: told(one).sent >= sent, "the portal", seconds)


async def logged(one: Conducted, count: int) -> list[Event]:
    """The event log once it has so many lines."""
    async with asyncio.timeout(10):
        while len(log := await one.tools.store.do(lambda store: store.events.since())) < count:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    return log


def kept(portal: Server) -> list[Row]:
    """Archive records of the portal whose file has arrived whole."""
    tables = portal.sandbox.tables
    return [
        row for row in tables.all("archive") if tables.count("files", "induk = ? AND done = 1", row["id"])
    ]


@pytest.fixture(autouse=True)
def _no_content_in_logs(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> Iterator[None]:
    with caplog.at_level(logging.DEBUG):
        yield
    said = (caplog.text + "".join(capfd.readouterr())).upper()
    for number in range(6):
        for word in papers.permit_words(number):
            assert len(word) < 5 or word.upper() not in said
    assert PIN not in said


@pytest.mark.real
async def test_a_batch_from_the_cupboard_to_the_portal_and_found_again(
    settings: Settings, desk: Desk, portal: Server
) -> None:
    async with archive(settings, desk) as one:
        await to_camera(one)
        await page(one, desk, "permit", 0)
        await page(one, desk, "permit", 1)
        assert of(one).pages == 2
        await page(one, desk, "separator")
        assert (of(one).pages, of(one).begun) == (0, True), "the separator is no page"
        await page(one, desk, "permit", 2)
        await page(one, desk, "permit", 2)
        assert shown_sheet(one).repeats, "the same page twice is noticed"
        one.do(Choose("drop_last"))
        await one.until(lambda _: of(one).pages == 1, "the double gone")
        one.do(Back())
        await one.until(lambda _: told(one).unindexed == 1, "the board")
        one.do(Choose("index"))
        await index(one, 0)
        assert of(one).task.document, "the one that was still open was ended too"
        await index(one, 2)
        assert of(one).place is Place.ARCHIVE
        async with workers(settings):
            await board(one, 2)
        one.do(Choose("search"))
        await one.until(lambda _: len(of(one).rows) == 2, "the newest")
        one.type("melati perdagangan")
        await one.until(lambda _: of(one).found_for == "melati perdagangan", "full text")
        assert [row.number for row in of(one).rows] == [papers.permit_words(0)[0]]
        assert one.tools.held.small[of(one).rows[0].name].startswith(b"\xff\xd8")
        one.do(Leave())
        await one.until(lambda visit: visit.place is Place.FAREWELL, "the end")
        log = await logged(one, 2)
    assert [(event.kind, event.session) for event in log] == [("unlock", ""), ("lock", "")]
    records = kept(portal)
    assert sorted(record["halaman"] for record in records) == [1, 2]
    for record in records:
        file = portal.sandbox.tables.one("files", "induk = ?", record["id"])
        assert file is not None
        data = portal.sandbox.document_path(file["id"]).read_bytes()
        assert hashlib.sha256(data).hexdigest() == record["sha256"]
        assert b"pdfaid" in data
    book = Book.open(settings)
    assert [row[0] for row in book._db.execute("SELECT count(*) FROM files")] == [0]
    assert [row[0] for row in book._db.execute("SELECT count(*) FROM sheets WHERE jpeg IS NOT NULL")] == [0]
    book.close()


@pytest.mark.real
async def test_offline_all_is_kept_and_found_and_goes_when_the_line_is_back(
    settings: Settings, desk: Desk, portal: Server
) -> None:
    portal.sandbox.faults.set("gone")
    async with archive(settings, desk) as one:
        await to_camera(one)
        await page(one, desk, "permit", 3)
        one.do(Back(), Choose("index"))
        await index(one, 3)
        async with workers(settings) as labour:
            await one.until(lambda _: told(one).word == "offline", "the word")
            one.do(Choose("search"))
            one.type("kenanga")
            await one.until(
                lambda _: len(of(one).rows) == 1 and of(one).found_for == "kenanga", "found offline"
            )
            one.do(Forward())
            await one.until(lambda _: of(one).trouble is Trouble.OFFLINE, "the portal cannot be asked")
            assert len(of(one).rows) == 1
            one.do(Back())
            portal.sandbox.faults.clear()
            labour.wake()
            await board(one, 1)
    assert len(kept(portal)) == 1


@pytest.mark.real
async def test_after_a_power_cut_the_batch_goes_on_with_every_page(
    settings: Settings, desk: Desk, portal: Server
) -> None:
    """The visit is gone without any goodbye, and so is a worker in the middle of its upload."""
    async with archive(settings, desk) as one:
        await to_camera(one)
        await page(one, desk, "permit", 0)
        await page(one, desk, "permit", 1)
    async with archive(settings, desk, "08") as one:
        assert told(one).open_pages == 2
        await to_camera(one)
        await page(one, desk, "permit", 2)
        assert of(one).pages == 3
        one.do(Back(), Choose("index"))
        await index(one, 0)
    # The row of the outbox is lost, as if the power went between the two files: the next opening finds it.
    store = Store.open(settings)
    store.connection.execute("DELETE FROM outbox")
    store.close()
    portal.sandbox.faults.set(
        "ok", script=["ok", "lost", "gone", "half_answer"], paths=("/v1/files", "/v1/archive")
    )
    async with archive(settings, desk, "09") as one, workers(settings):
        await board(one, 1)
    (record,) = kept(portal)
    assert record["halaman"] == 3


@pytest.mark.real
async def test_a_full_disk_stops_the_page_and_nothing_else(settings: Settings, desk: Desk) -> None:
    async with archive(settings, desk) as one:
        await to_camera(one)
        await page(one, desk, "permit", 0)

        def fill(book: Book) -> None:
            pages = book._db.execute("PRAGMA page_count").fetchone()[0]
            book._db.execute(f"PRAGMA max_page_count = {pages}")

        await one.tools.archive.do(fill)
        await page(one, desk, "permit", 1)
        assert of(one).trouble is Trouble.DISK_FULL
        assert of(one).pages == 1
        await one.tools.archive.do(lambda book: book._db.execute("PRAGMA max_page_count = 1000000"))
        await page(one, desk, "permit", 1)
        assert (of(one).trouble, of(one).pages) == (None, 2)


async def test_it_opens_for_an_officer_and_for_nobody_else(settings: Settings, desk: Desk) -> None:
    async with conducted(tools_for(settings, desk)) as one:
        await unlock(one, "99")
        assert one.visit.officer.door is not None
        assert one.visit.officer.door.word == "role", "IT mends machines and reads no archive"
        assert one.tools.held.archivist == ""
    assert not archive_file(settings).exists(), "what was not opened is not even made"


async def test_orders_of_the_archive_are_refused_in_a_visitors_visit(settings: Settings, desk: Desk) -> None:
    """The effects room does not trust the flow: without the unlock in this very process there is no archive."""
    from kiosk.effects.archive import HANDLERS
    from kiosk.flow import archive_orders as ask
    from kiosk.flow.results import Failed

    async with conducted(tools_for(settings, desk)) as one:
        one.do(Begin(), Choose("none"))
        for order in (ask.OpenArchive("aaaaaaaa"), ask.KeepSheet(), ask.FindInArchive(""), ask.NextToIndex()):
            assert await HANDLERS[type(order)](one.tools, "s", order) == Failed(Trouble.FORBIDDEN)
    async with archive(settings, desk) as one:
        other = await HANDLERS[ask.OpenArchive](one.tools, "s", ask.OpenArchive("bbbbbbbb"))
        assert other == Failed(Trouble.FORBIDDEN), "another officer's name opens nothing"
        one.do(Leave())
        await one.until(lambda _: one.tools.held.archivist == "", "locked")
        assert await HANDLERS[ask.FindInArchive](one.tools, "s", ask.FindInArchive("")) == Failed(
            Trouble.FORBIDDEN
        )


async def test_a_separator_slip_from_the_kiosk_is_one_the_kiosk_knows(settings: Settings, desk: Desk) -> None:
    async with archive(settings, desk) as one:
        one.do(Choose("separator"))
        await one.until(lambda _: of(one).printed == "printed", "the slip")
