"""Uploads over tus: resumed after breaks, killed portals and new processes, and whole in the end."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.portal.client import Line, PortalClient, PortalTrouble
from kiosk.portal.models import DocumentPlan, NewDraft, Submitted
from kiosk.portal.tus import UploadPlan
from kiosk.sandbox.faults import Mode
from kiosk.sandbox.settings import DEMO_TOKEN
from tests.kiosk.sandbox.office import PDF, Office, coffee


def plan(filed: Submitted, kind: str = "lease", **changes: object) -> UploadPlan:
    fields: dict[str, object] = {
        "parent": filed.number,
        "kind": kind,
        "token": filed.record_token,
        "key": f"upload-{kind}",
        "chunk": 4096,
        **changes,
    }
    return UploadPlan(**fields)  # type: ignore[arg-type]


def paper(size: int) -> bytes:
    return PDF + os.urandom(size - len(PDF))


async def filed_by(office: Office) -> tuple[PortalClient, Submitted]:
    client = await office.owner()
    application = coffee(documents=(DocumentPlan("lease", 2), DocumentPlan("npwp_card", 1)))
    return client, await client.submit_application(application, key="upload-filed")


async def test_a_document_arrives_whole_and_its_progress_is_told(office: Office):
    client, filed = await filed_by(office)
    data, told = paper(10_000), []
    done = await client.upload_document(
        data, plan(filed, pages=2), lambda url, offset: told.append((url, offset))
    )
    assert [offset for _, offset in told] == [0, 4096, 8192, 10_000]
    assert done.sha256 == hashlib.sha256(data).hexdigest()
    assert office.sandbox.document_path(done.id).read_bytes() == data
    application = await client.application(filed.number)
    assert [(one.id, one.kind, one.pages, one.size) for one in application.documents] == [
        (done.id, "lease", 2, 10_000)
    ]
    assert [one.kind for one in application.awaited] == ["npwp_card"]
    assert await client.document(done.id) == data


async def test_it_goes_on_from_the_portals_offset_after_every_sort_of_break(office: Office, tmp_path: Path):
    client, filed = await filed_by(office)
    path = tmp_path / "paper.pdf"
    path.write_bytes(paper(60_000))
    modes: list[Mode] = ["lost", "gone", "half_answer", "http500", "garbage", "busy"]
    office.faults.retry_after = 0
    script: list[Mode] = [step for mode in modes for step in (mode, "ok", "ok")]
    office.faults.set("ok", script=script, paths=("/v1/files",))
    done = await client.upload_document(path, plan(filed))
    assert done.resumed
    assert office.sandbox.document_path(done.id).read_bytes() == path.read_bytes()
    assert len(office.sandbox.documents_of(filed.number)) == 1


async def test_another_process_carries_on_with_the_address(office: Office):
    client, filed = await filed_by(office)
    data, told = paper(20_000), []

    def stop_half_way(url: str, offset: int) -> None:
        told.append((url, offset))
        if offset >= 8192:
            raise RuntimeError("this process ends here")

    with pytest.raises(RuntimeError):
        await client.upload_document(data, plan(filed), stop_half_way)
    worker, later = office.client("another-process"), []
    url = told[-1][0]
    done = await worker.upload_document(data, plan(filed, url=url), lambda _url, offset: later.append(offset))
    assert (done.url, later[0], later[-1]) == (url, 8192, 20_000)
    assert office.sandbox.document_path(done.id).read_bytes() == data


async def test_an_address_that_ran_out_begins_anew(office: Office):
    client, filed = await filed_by(office)
    data = paper(9000)
    first: list[str] = []

    def stop(url: str, _offset: int) -> None:
        first.append(url)
        raise RuntimeError("stop")

    with pytest.raises(RuntimeError):
        await client.upload_document(data, plan(filed), stop)
    office.clock.forward(days=8)
    done = await client.upload_document(data, plan(filed, url=first[0]))
    assert done.url != first[0]
    assert office.sandbox.document_path(done.id).read_bytes() == data


async def test_the_same_paper_twice_is_one_document(office: Office):
    client, filed = await filed_by(office)
    data = paper(5000)
    await client.upload_document(data, plan(filed, key="upload-one"))
    await client.upload_document(data, plan(filed, key="upload-two"))
    assert len((await client.application(filed.number)).documents) == 1


async def test_a_papers_address_is_never_used_for_another(office: Office):
    client, filed = await filed_by(office)
    done = await client.upload_document(paper(5000), plan(filed))
    with pytest.raises(PortalTrouble) as caught:
        await client.upload_document(paper(6000), plan(filed, key="upload-other", url=done.url))
    assert caught.value.word == "other-upload"


async def test_tokens_go_to_no_other_origin(office: Office):
    client, filed = await filed_by(office)
    with pytest.raises(PortalTrouble) as caught:
        await client.upload_document(paper(5000), plan(filed, url="http://127.0.0.1:9/v1/files/x"))
    assert caught.value.word == "foreign-address"


@pytest.mark.parametrize(
    ("data", "changes", "kind", "status"),
    [
        (b"just text", {}, "refused", 415),
        (PDF + b"x", {"filetype": "text/html"}, "refused", 415),
        (PDF + b"x", {"token": "0" * 48}, "forbidden", 403),
        (PDF + b"x", {"parent": "MKM-2026-0388-00000000"}, "forbidden", 403),
        (PDF + b"x", {"kind": "../etc"}, "invalid", 422),
    ],
)
async def test_what_is_no_document_of_this_application_is_refused(
    office: Office, data, changes, kind, status
):
    client, filed = await filed_by(office)
    with pytest.raises(PortalTrouble) as caught:
        await client.upload_document(data, plan(filed, **changes))
    assert (caught.value.kind, caught.value.status) == (kind, status)
    assert (await client.application(filed.number)).documents == ()


async def test_too_large_is_said_before_the_first_byte(tmp_path: Path):
    office = Office(tmp_path / "portal", most_upload=10_000)
    client, filed = await filed_by(office)
    with pytest.raises(PortalTrouble) as caught:
        await client.upload_document(paper(10_001), plan(filed))
    assert (caught.value.kind, caught.value.status) == ("refused", 413)
    with pytest.raises(ValueError):
        await client.upload_document(b"", plan(filed))
    await office.close()


async def test_uploads_of_a_draft_come_along_when_it_is_filed(office: Office):
    client = await office.owner()
    draft = await client.save_draft(NewDraft("56303", documents=(DocumentPlan("lease", 1),)))
    data = paper(5000)
    uploading = UploadPlan(draft.handle, "lease", draft.record_token, "draft-upload")
    done = await client.upload_document(data, uploading)
    assert [one.id for one in (await client.load_draft(draft.handle)).uploaded] == [done.id]
    filed = await client.submit_application(coffee(draft=draft.handle), key="draft-filed")
    assert [one.id for one in (await client.application(filed.number)).documents] == [done.id]


async def test_an_unfinished_upload_can_be_given_up(office: Office):
    client, filed = await filed_by(office)
    urls: list[str] = []

    def stop(url: str, _offset: int) -> None:
        urls.append(url)
        raise RuntimeError("stop")

    with pytest.raises(RuntimeError):
        await client.upload_document(paper(9000), plan(filed), stop)
    await client.drop_upload(urls[0], filed.record_token)
    await client.drop_upload(urls[0], filed.record_token)
    assert office.sandbox.tables.count("files") == 0


class Portal:
    """The reference portal as a process that can be killed."""

    def __init__(self, folder: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.folder = folder
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        command = [
            sys.executable,
            "-m",
            "kiosk.sandbox",
            "--port",
            str(self.port),
            "--data",
            str(self.folder),
        ]
        root = Path(__file__).parents[3]
        self.process = subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        assert "http" in self.process.stdout.readline()

    def kill(self) -> None:
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                self.process.send_signal(signal.SIGKILL)
            self.process.wait()
            assert self.process.stdout is not None
            self.process.stdout.close()
            self.process = None


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[Portal]:
    portal = Portal(tmp_path / "portal")
    portal.start()
    yield portal
    portal.kill()


async def test_a_portal_killed_in_the_middle_gets_the_whole_paper_once(portal: Portal):
    import httpx

    line = Line(f"http://127.0.0.1:{portal.port}", token=DEMO_TOKEN, first_wait=0.02, read_seconds=5.0)
    data = paper(400_000)
    async with PortalClient(line) as client, httpx.AsyncClient() as bench:
        await client.identify("phone", "081299990000")
        await client.send_code()
        codes = (await bench.get(f"{line.url}/_sandbox/outbox")).json()["codes"]
        await client.check_code(codes[-1]["code"])
        filed = await client.submit_application(coffee(), key="killed-filed")
        told: list[tuple[str, int]] = []

        def kill_twice(url: str, offset: int) -> None:
            told.append((url, offset))
            if len(told) in (3, 6):
                portal.kill()

        uploading = plan(filed, chunk=32 * 1024)
        for _ in range(3):
            try:
                done = await client.upload_document(data, uploading, kill_twice)
                break
            except PortalTrouble as caught:
                assert caught.kind == "offline"  # noqa: PT017 - the loop is the point
                await asyncio.to_thread(portal.start)
                uploading = plan(filed, chunk=32 * 1024, url=told[-1][0])
        else:
            pytest.fail("never finished")
        offsets = [offset for _, offset in told]
        assert offsets.count(0) == 1, "it began anew instead of going on"
        assert len({url for url, _ in told}) == 1
        documents = (await client.application(filed.number)).documents
        assert [(one.id, one.sha256) for one in documents] == [(done.id, hashlib.sha256(data).hexdigest())]
        assert hashlib.sha256(await client.document(done.id)).hexdigest() == hashlib.sha256(data).hexdigest()
