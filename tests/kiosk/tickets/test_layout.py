"""Tickets as the printer would put them on paper: read back from the job's bytes, and looked at in build/pictures."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from pathlib import Path

import pytest
import zxingcpp

from hardware.printer.encode import encode
from hardware.printer.port import Raster, Text
from kiosk.tickets import (
    ApplicationReceipt,
    BringList,
    DraftTicket,
    NotPublicError,
    QueueTicket,
    Stamp,
    Ticket,
    from_words,
    lay_out,
)
from tests.hardware.printer.decode import decode

PICTURES = Path("build/pictures")
AT = datetime(2026, 11, 24, 9, 27, tzinfo=timezone(timedelta(hours=7)))
URL = "https://portal.example/q/7Kx2Vn9Qb1"
HANDLE = "https://portal.example/d/0f3a9c5e7b1d2468ace013579bdf2468"
QUEUE = QueueTicket("A-047", "Loket Perizinan", 6, time(9, 45), URL)
OFFLINE = QueueTicket("S-012", "Konsultasi Perizinan dan Pengaduan Pelayanan", None, None, "", True)
RECEIPT = ApplicationReceipt("MKM-2026-004812", URL, "24 Nov 2026, 09.26")
STATUS = ApplicationReceipt("MKM-2026-004812", headline="Menunggu Dinas Lingkungan Hidup", day="5/7")
BRING = BringList(
    "56101",
    "Aktivitas Restoran",
    (
        "NPWP",
        "Surat sewa atau bukti kepemilikan tempat (sertifikat, akta jual beli)",
        "Denah ruang (≥ 20 m²)",
    ),
    "kompilasi tidak resmi",
    date(2026, 11, 1),
    "Skala mikro",
    "Risiko menengah rendah",
)
DRAFT = DraftTicket(HANDLE)

CASES: dict[str, tuple[Ticket, Stamp]] = {
    "queue": (QUEUE, Stamp(AT, "K-01")),
    "queue-en": (QUEUE, Stamp(AT, "K-01", language="en")),
    "queue-copy": (QUEUE, Stamp(AT, "K-01", copy=True)),
    "queue-provisional": (OFFLINE, Stamp(AT, "K-01")),
    "queue-provisional-copy-en": (OFFLINE, Stamp(AT, "K-01", language="en", copy=True)),
    "receipt": (RECEIPT, Stamp(AT, "K-01")),
    "receipt-en": (RECEIPT, Stamp(AT, "K-01", language="en")),
    "receipt-status": (STATUS, Stamp(AT, "K-01")),
    "receipt-provisional": (
        ApplicationReceipt("K01-0007", sent_at="24 Nov 2026, 09.26", provisional=True),
        Stamp(AT, "K-01"),
    ),
    "bring-list": (BRING, Stamp(AT, "K-01")),
    "bring-list-en": (BRING, Stamp(AT, "K-01", language="en")),
    "draft": (DRAFT, Stamp(AT, "K-01")),
    "draft-en": (DRAFT, Stamp(AT, "K-01", language="en")),
}


@pytest.mark.picture
@pytest.mark.parametrize("name", CASES)
def test_bytes_decode_back(name: str):
    ticket, stamp = CASES[name]
    paper = decode(encode(lay_out(ticket, stamp)))
    PICTURES.mkdir(parents=True, exist_ok=True)
    paper.image.save(PICTURES / f"ticket-{name}.png")
    assert paper.initialised
    assert (paper.cuts, paper.unknown) == (1, [])
    english = stamp.language == "en"
    assert paper.lines == [
        "Tue, 24 Nov 2026, 09:27 WIB  K-01" if english else "Selasa, 24 Nov 2026, 09.27 WIB  K-01",
        "This service is free. Refuse illegal fees."
        if english
        else "Layanan ini gratis. Tolak pungutan liar.",
    ]
    assert all(width == 576 for width, _ in paper.rasters)
    codes = zxingcpp.read_barcodes(paper.image.convert("L"))
    url = getattr(ticket, "url", "")
    assert [code.text for code in codes] == ([url] if url else [])
    if url:
        corners = codes[0].position
        assert corners.top_right.x - corners.top_left.x >= 180


def test_margins_stay_white():
    for ticket, stamp in CASES.values():
        (picture, *_) = lay_out(ticket, stamp)
        assert isinstance(picture, Raster)
        rows = [picture.rows[at : at + 72] for at in range(0, len(picture.rows), 72)]
        # 24 dots at each side, but for the overhang of a slanted letter.
        assert not any(row[0] or row[1] or row[-1] or row[-2] for row in rows)
        assert not any(rows[-1])


def test_copy_and_provisional_are_seen():
    plain, copied = (lay_out(QUEUE, Stamp(AT, "K-01", copy=copy))[0] for copy in (False, True))
    assert isinstance(plain, Raster)
    assert isinstance(copied, Raster)
    assert copied.height - plain.height == 64
    # The bar of a provisional number is nearly all black; nothing else on a ticket is.
    (marked, *_) = lay_out(OFFLINE, Stamp(AT, "K-01"))
    assert isinstance(marked, Raster)

    def blackest(raster: Raster) -> int:
        return max(raster.rows[at : at + 72].count(0xFF) for at in range(0, len(raster.rows), 72))

    assert blackest(plain) < 50 <= blackest(marked)


def test_same_number_gives_the_same_ticket():
    assert lay_out(QUEUE, Stamp(AT, "K-01")) == lay_out(QUEUE, Stamp(AT, "K-01"))


@pytest.mark.parametrize(
    "ticket",
    [
        QueueTicket("9971014507900001", "Loket", 0, None),
        QueueTicket("A-1", "NIK 9971 0145 0790 0001", 0, None),
        QueueTicket("A-1", "Loket", 0, None, "https://portal.example/q?nik=9971014507900001"),
        ApplicationReceipt("1", headline="9971014507900001"),
        BringList("56101", "9971014507900001", (), "", date(2026, 1, 1)),
        BringList("56101", "", ("9971014507900001",), "", date(2026, 1, 1)),
        DraftTicket("9971014507900001"),
    ],
)
def test_a_nik_is_never_drawn(ticket: Ticket):
    with pytest.raises(NotPublicError):
        lay_out(ticket, Stamp(AT, "K-01"))


@pytest.mark.parametrize(
    "ticket",
    [
        QueueTicket("", "", 0, time(0)),
        QueueTicket("ANTREAN-PANJANG-000123456", "Pelayanan " * 8, 12345, time(23, 59), "x" * 300),
        ApplicationReceipt("X" * 60, URL, "y" * 80, "z " * 60, "100/100"),
        BringList(
            "00000", "kata " * 40, tuple(f"dokumen {n} " * 8 for n in range(6)), "s " * 30, date(2026, 1, 1)
        ),
        BringList("00000", "Supercalifragilistis" * 5, (), "", date(2026, 1, 1)),
    ],
)
@pytest.mark.parametrize("language", ["id", "en"])
def test_odd_content_still_makes_a_ticket(ticket: Ticket, language):
    assert decode(encode(lay_out(ticket, Stamp(AT, "Ruang Depan – é", language=language)))).cuts == 1


def test_words_of_an_order():
    about = (
        ("number", "A-047"),
        ("service", "Loket Perizinan"),
        ("ahead", "6"),
        ("about", "09.45"),
        ("url", URL),
    )
    assert from_words("queue", (*about, ("provisional", ""))) == QUEUE
    assert from_words("queue", (("number", "A-1"), ("ahead", "None"), ("about", ""))) == QueueTicket(
        "A-1", "", None, None
    )
    assert from_words("receipt", (("number", "1"), ("day", "5/7"))) == ApplicationReceipt("1", day="5/7")
    assert from_words("draft", (("url", HANDLE), ("until", "2026-12-01"))) == DraftTicket(
        HANDLE, date(2026, 12, 1)
    )
    with pytest.raises(ValueError):
        from_words("queue", (("name", "Siti"),))


def test_foot_is_ascii_and_fits():
    parts = lay_out(QUEUE, Stamp(AT, "Ruang Tunggu Lantai Dua Gedung Barat"))
    lines = [part.line for part in parts if isinstance(part, Text)]
    assert all(line.isascii() and len(line) <= 48 for line in lines)


@pytest.mark.parametrize("until", [None, date(2026, 12, 1)])
def test_without_a_clock_no_day_is_worked_out_from_it(until: date | None):
    """The portal's own last day stands; a week from a clock that is known to be wrong is not printed."""
    ticket = DraftTicket(HANDLE, until)
    undated, dated = (lay_out(ticket, Stamp(at, "K-01")) for at in (None, AT))
    assert next(part.line for part in undated if isinstance(part, Text)) == "K-01"
    paper, full = undated[0], dated[0]
    assert isinstance(paper, Raster)
    assert isinstance(full, Raster)
    assert (paper.height < full.height) is (until is None)
