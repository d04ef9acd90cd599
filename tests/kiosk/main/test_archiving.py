"""The worker's document: made an archive file once, before the first byte leaves, and never at the paper's cost."""

from __future__ import annotations

import asyncio
import dataclasses
import io
from pathlib import Path

import pikepdf
import pytest

from hardware.camera.papers import sheet
from hardware.camera.pdf import pages_to_pdf
from hardware.camera.still import encode
from kiosk.effects.parcel import Parcel, unpack
from kiosk.main.archiving import MADE, document
from kiosk.main.labour import Labour
from kiosk.settings import Settings
from kiosk.settings.model import Archive, Bench, Keeper, Kiosk, Portal
from kiosk.settings.model import Store as StoreSettings
from kiosk.store import Opener, Sending, Store
from kiosk.store.errands import Errand, Later

NAMESPACE = "urn:anjungan:arsip:1#"
PLAIN = pages_to_pdf([encode(sheet("npwp", 0).picture, 200)], [200])
HEAD: dict[str, object] = {"kind": "npwp_card", "pages": 1, "taken": "2026-11-24T09:24:00+07:00"}
FILED = Parcel({"number": "PB-99", "token": "t"}).pack()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return dataclasses.replace(
        Settings(),
        kiosk=Kiosk(id="K-31", enrolment_file=tmp_path / "enrolled"),
        bench=Bench(inspect=True),
        portal=Portal(url="http://127.0.0.1:1", retry_first=30, retry_most=60),
        keeper=Keeper(work_every=0.1, end_seconds=2),
        store=StoreSettings(folder=str(tmp_path / "store")),
    )


async def carried(settings: Settings, parcel: Parcel, url: str = "") -> list[Parcel]:
    """What the row's payload became, one entry a time it was replaced; the portal itself is out of reach."""
    kept: list[Parcel] = []

    def progress(_url: str, _offset: int) -> None:
        pytest.fail("nothing can have been sent")

    errand = Errand(
        1,
        "document",
        0,
        "key",
        url,
        0,
        parcel.pack(),
        FILED,
        progress,
        lambda payload: kept.append(unpack(payload)),
    )
    assert await document(errand, settings) == Later("offline")
    return kept


async def test_a_document_becomes_pdf_a_before_it_is_sent(settings: Settings) -> None:
    (made,) = await carried(settings, Parcel(HEAD, PLAIN))
    assert made.head == {**HEAD, MADE: "1b"}
    with pikepdf.open(io.BytesIO(made.body)) as pdf:
        told = pdf.open_metadata()
        assert told.pdfa_status == "1B"
        assert told[f"{{{NAMESPACE}}}Kiosk"] == "K-31"
        assert told["xmp:CreateDate"] == "2026-11-24T09:24:00+07:00"
    assert await carried(settings, made) == [], "what was made is not made again"


async def test_an_upload_that_has_begun_goes_on_with_its_own_file(settings: Settings) -> None:
    assert await carried(settings, Parcel(HEAD, PLAIN), "http://127.0.0.1:1/files/9") == []


async def test_the_office_may_want_plain_files(settings: Settings) -> None:
    settings = dataclasses.replace(settings, archive=Archive(standard="none"))
    assert await carried(settings, Parcel(HEAD, PLAIN)) == []


@pytest.mark.parametrize("body", [b"%PDF-1.4 rubbish", PLAIN[:3000]], ids=["rubbish", "cut"])
async def test_papers_that_cannot_be_made_one_go_as_they_are(
    settings: Settings, body: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    (made,) = await carried(settings, Parcel(HEAD, body))
    assert made == Parcel({**HEAD, MADE: "plain"}, body)
    assert capfd.readouterr().err.startswith("worker: archive Pdf")


async def test_without_a_reader_it_is_an_archive_file_without_text(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    (made,) = await carried(settings, Parcel(HEAD, PLAIN))
    assert made.head[MADE] == "1b"
    assert capfd.readouterr().err == "worker: archive ocr_missing\n"


async def test_rows_of_an_earlier_release_do_not_say_when(settings: Settings) -> None:
    (made,) = await carried(settings, Parcel({"kind": "npwp_card", "pages": 1}, PLAIN))
    assert made.head[MADE] == "1b"


async def test_a_real_worker_keeps_what_it_made_sealed(settings: Settings) -> None:
    store = Store.open(settings)
    filed = store.outbox.add("application", b"?")
    assert store.outbox.claim(filed)
    store.outbox.done(filed, FILED)
    row = store.outbox.add("document", Parcel(HEAD, PLAIN).pack(), after=filed)
    labour = Labour(settings, "run")
    working = asyncio.create_task(labour.run(lambda _waiting: None))
    labour.begin()
    async with asyncio.timeout(30):
        while not store.outbox.item(row).attempts:  # noqa: ASYNC110 - another process works
            await asyncio.sleep(0.05)
    await labour.close()
    await working
    item = store.outbox.item(row)
    assert (item.state, item.word) == (Sending.WAITING, "offline")
    made = unpack(Opener(settings).open(item.sealed))
    assert made.head[MADE] == "1b"
    assert b"GTS_PDFA1" in made.body
    assert b"GTS_PDFA1" not in item.sealed
    assert store.connection.execute("SELECT count(*) FROM parcels").fetchone()[0] == 2, (
        "answer and new payload"
    )
    store.close()
