"""Paper that does not come: the number stands on the screen, and nothing is printed twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from hardware.printer import build
from kiosk.flow.events import Begin, Choose, Forward
from kiosk.flow.model import Place
from kiosk.flow.results import NumberTaken, Trouble
from tests.faults.office import Office, said
from tests.hardware.printer.decode import decode
from tests.hardware.printer.emulator import PrinterEmulator
from tests.journeys.conducted import Conducted, conducted

pytestmark = pytest.mark.real


@pytest.fixture
def paper() -> Iterator[PrinterEmulator]:
    with PrinterEmulator() as emulator:
        yield emulator


def set_field(name: str, value: object) -> Callable[[PrinterEmulator], None]:
    return lambda printer: setattr(printer, name, value)


async def number_at(visit: Conducted) -> NumberTaken:
    """A number without telling who one is; waits until the printer was tried."""
    visit.do(Begin(), Choose("none"))
    await visit.at(Place.MENU)
    visit.do(Choose("queue"), Choose("perizinan"))
    await visit.until(
        lambda state: state.place is Place.TICKET and visit.queue.paper != "printing", "the printer"
    )
    ticket = visit.queue.ticket
    assert ticket is not None
    assert ticket.number
    assert ticket.url.startswith("http")
    assert not ticket.provisional
    return ticket


@pytest.mark.parametrize(
    ("breaks", "mends", "trouble"),
    [
        (set_field("paper", "out"), set_field("paper", "ok"), Trouble.PAPER_OUT),
        (set_field("cover_open", True), set_field("cover_open", False), Trouble.COVER_OPEN),
    ],
    ids=["out of paper", "cover open"],
)
async def test_what_surely_was_not_printed_may_be_printed_again(
    office: Office, paper: PrinterEmulator, breaks, mends, trouble: Trouble
):
    before = office.count("tickets")
    breaks(paper)
    async with conducted(office.tools(printer=build("network", host="127.0.0.1", port=paper.port))) as visit:
        ticket = await number_at(visit)
        assert visit.queue.paper == trouble
        said(trouble)
        said(trouble, "ticket")
        assert paper.tickets == []
        for _ in range(2):
            visit.do(Choose("again"))
            await visit.until(lambda _: visit.queue.paper != "printing", "the printer")
            assert visit.queue.paper == trouble
        mends(paper)
        visit.do(Choose("again"), Choose("again"))
        await visit.until(lambda _: visit.queue.paper not in ("printing", trouble), "paper")
        assert visit.queue.paper == "printed"
        assert visit.queue.ticket == ticket
        visit.do(Choose("again"))
        assert visit.queue.paper == "printed"
        # Tried four times, one ticket: one row, and nothing left that waits or holds its picture.
        query = "SELECT state, attempts, parcel FROM spool"
        rows = await visit.tools.store.do(lambda store: store.connection.execute(query).fetchall())
        assert rows == [("printed", 4, None)]
    assert len(paper.tickets) == 1
    assert decode(paper.tickets[0]).cuts
    assert office.count("tickets") == before + 1


@pytest.mark.parametrize(
    ("breaks", "trouble"),
    [
        (set_field("mute", True), Trouble.PRINTER_SILENT),
        (set_field("garbage", b"\x00\xff\x13\x37"), Trouble.PRINTER_SILENT),
        (set_field("error", True), Trouble.PRINTER_SILENT),
        (set_field("gone_after", 3000), Trouble.PRINTED_UNKNOWN),
        (set_field("paper_out_after", 3000), Trouble.PRINTED_UNKNOWN),
    ],
    ids=["mute", "nonsense", "error", "gone mid-job", "paper ends mid-job"],
)
async def test_a_number_without_paper_stays_on_the_screen(
    office: Office, paper: PrinterEmulator, breaks, trouble: Trouble
):
    before = office.count("tickets")
    breaks(paper)
    async with conducted(office.tools(printer=build("network", host="127.0.0.1", port=paper.port))) as visit:
        ticket = await number_at(visit)
        assert visit.queue.paper == trouble
        said(trouble)
        said(trouble, "ticket")
        sent = len(paper.received)
        visit.do(Choose("again"))
        assert (
            visit.queue.paper == trouble
        )  # nobody knows what is on the paper: an officer decides, not a finger
        assert len(paper.received) == sent
        assert visit.queue.ticket == ticket
        # The visit goes on: back to the menu and out.
        visit.do(Choose("menu"))
        await visit.at(Place.MENU)
        spooled = await visit.tools.store.do(
            lambda store: store.connection.execute(
                "SELECT state, count(*) FROM spool GROUP BY state"
            ).fetchall()
        )
        assert len(spooled) == 1
        assert (spooled[0][0] == "unknown") == (trouble is Trouble.PRINTED_UNKNOWN)
    assert office.count("tickets") == before + 1
    assert (
        not [ticket for ticket in paper.tickets if decode(ticket).cuts] or trouble is Trouble.PRINTED_UNKNOWN
    )


async def test_a_printer_that_is_not_there_at_all(office: Office, paper: PrinterEmulator):
    port = paper.port
    paper.__exit__()
    async with conducted(office.tools(printer=build("network", host="127.0.0.1", port=port))) as visit:
        await number_at(visit)
        assert visit.queue.paper == Trouble.PRINTER_SILENT
        visit.do(Forward())
        await visit.at(Place.FAREWELL)
