"""The portal's archive over loopback HTTP: announced, uploaded by tus, confirmed, found again by one kiosk."""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace

import httpx
import pytest

from kiosk.portal.archive import NewDocument, plan
from kiosk.portal.client import Line, PortalClient, PortalTrouble
from tests.kiosk.sandbox.office import OTHER_TOKEN, PDF, TOKEN, Office

DATA = PDF + os.urandom(20_000)
NEW = NewDocument(
    "503/88/SIUP/2009", "2009", "BUDI CONTOH", "47111", 3, len(DATA), hashlib.sha256(DATA).hexdigest()
)


def client_of(office: Office, token: str = TOKEN) -> PortalClient:
    return PortalClient(Line(office.url, token=token, attempts=2, first_wait=0.01))


async def test_announced_uploaded_and_confirmed(office: Office) -> None:
    async with client_of(office) as client:
        made = await client.archive.create(NEW, key="archive-key-1")
        assert not (await client.archive.state(made.id)).kept
        done = await client.upload_document(DATA, replace(plan(made, NEW, key="archive-key-1"), chunk=4096))
        entry = await client.archive.state(made.id)
    assert entry.kept
    assert entry.sha256 == done.sha256 == NEW.sha256
    assert (entry.number, entry.holder, entry.pages) == (NEW.number, NEW.holder, 3)
    assert office.sandbox.document_path(done.id).read_bytes() == DATA


async def test_the_same_key_and_the_same_file_make_one_record(office: Office) -> None:
    async with client_of(office) as client:
        first = await client.archive.create(NEW, key="archive-key-1")
        again = await client.archive.create(NEW, key="archive-key-1")
        assert (again.id, again.replayed, first.replayed) == (first.id, True, False)
        assert (await client.archive.create(NEW, key="archive-key-2")).id == first.id
        with pytest.raises(PortalTrouble) as told:
            await client.archive.create(replace(NEW, holder="LAIN CONTOH"), key="archive-key-1")
        assert told.value.word == "idempotency-mismatch"
        assert len((await client.archive.search("")).entries) == 1


async def test_an_upload_that_is_cut_off_goes_on_where_it_stood(office: Office) -> None:
    told: list[tuple[str, int]] = []
    async with client_of(office) as client:
        made = await client.archive.create(NEW, key="archive-key-1")

        def cut(url: str, offset: int) -> None:
            told.append((url, offset))
            if offset >= 8192:
                raise ConnectionAbortedError

        with pytest.raises(ConnectionAbortedError):
            await client.upload_document(DATA, replace(plan(made, NEW, key="archive-key-1"), chunk=4096), cut)
    url = told[-1][0]
    async with client_of(office) as client:
        offsets: list[int] = []
        ready = replace(plan(made, NEW, key="archive-key-1", url=url), chunk=4096)
        done = await client.upload_document(DATA, ready, lambda _url, offset: offsets.append(offset))
        assert done.resumed
        assert offsets[0] == 8192
        assert (await client.archive.state(made.id)).kept


async def test_found_by_words_and_never_by_jokers(office: Office) -> None:
    async with client_of(office) as client:
        for number in range(3):
            other = replace(
                NEW, number=f"640/{number}", year="2012", holder="PT SAMPEL", sha256=f"{number}" * 64
            )
            await client.archive.create(other, key=f"archive-other-{number}")
        await client.archive.create(NEW, key="archive-key-1")
        assert [one.number for one in (await client.archive.search("budi 2009")).entries] == [NEW.number]
        assert len((await client.archive.search("640/")).entries) == 3
        for nothing in ("%", "_", "budi sampel", "'", "!"):
            assert (await client.archive.search(nothing)).entries == ()
        assert len((await client.archive.search("", skip=2)).entries) == 2


async def test_a_page_has_fifty_and_says_that_there_are_more(office: Office) -> None:
    async with client_of(office) as client:
        for number in range(52):
            one = replace(NEW, number=f"9/{number}", sha256=hashlib.sha256(str(number).encode()).hexdigest())
            await client.archive.create(one, key=f"archive-many-{number}")
        page = await client.archive.search("9/")
        assert (len(page.entries), page.more) == (50, True)
        assert not (await client.archive.search("9/", skip=50)).more


async def test_another_kiosk_sees_and_adds_nothing(office: Office) -> None:
    async with client_of(office) as mine, client_of(office, OTHER_TOKEN) as other:
        made = await mine.archive.create(NEW, key="archive-key-1")
        assert (await other.archive.search("budi")).entries == ()
        with pytest.raises(PortalTrouble) as told:
            await other.archive.state(made.id)
        assert told.value.kind == "gone"
        with pytest.raises(PortalTrouble) as told:
            await mine.upload_document(DATA, replace(plan(made, NEW, key="archive-key-1"), token="wrong"))
        assert told.value.kind == "forbidden"
        assert (await other.archive.create(NEW, key="archive-key-1")).id != made.id


async def test_wrong_fields_are_named_and_not_repeated(office: Office) -> None:
    async with client_of(office) as client:
        with pytest.raises(PortalTrouble) as told:
            await client.archive.create(replace(NEW, year="09", kbli="4711"), key="archive-key-1")
    assert told.value.kind == "invalid"
    assert set(told.value.fields) == {"tahun", "kbli"}
    assert "BUDI" not in repr(told.value)


async def test_a_lost_answer_makes_no_second_record(office: Office) -> None:
    office.faults.set("ok", script=["lost"], paths=("/v1/archive",))
    async with client_of(office) as client:
        await client.archive.create(NEW, key="archive-key-1")
        assert not office.faults.script
        assert len((await client.archive.search("")).entries) == 1


async def test_names_are_in_no_address(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    """httpx logs addresses at info: what is searched for must not be in one."""
    with caplog.at_level("DEBUG"):
        async with client_of(office) as client:
            await client.archive.create(NEW, key="archive-key-1")
            await client.archive.search("BUDI CONTOH")
    assert "BUDI" not in caplog.text.upper().replace("%20", " ")
    async with httpx.AsyncClient() as bare:
        assert (await bare.post(f"{office.url}/v1/archive/search", json={})).status_code == 401
