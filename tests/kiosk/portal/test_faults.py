"""A portal and a line that fail: every trouble has its kind, nothing is doubled, nothing personal is logged."""

from __future__ import annotations

import asyncio
import logging
import socket

import pytest

from kiosk.portal.client import Line, PortalClient, PortalTrouble
from kiosk.portal.models import NewDraft
from tests.kiosk.sandbox.office import STRANGER_NIK, WOMAN, Office, coffee


async def trouble(awaitable: object) -> PortalTrouble:
    with pytest.raises(PortalTrouble) as caught:
        await awaitable  # type: ignore[misc]
    return caught.value


@pytest.mark.parametrize(
    ("mode", "kind", "status"),
    [
        ("gone", "offline", 0),
        ("lost", "offline", 0),
        ("http500", "server", 500),
        ("http422", "invalid", 422),
        ("garbage", "garbage", 200),
        ("half_answer", "garbage", 0),
        ("busy", "server", 503),
    ],
)
async def test_every_fault_has_its_kind_at_every_sort_of_call(office: Office, mode, kind, status):
    client = await office.owner()
    office.faults.set(mode)
    office.faults.retry_after = 60
    for call in (
        client.queue_state(),
        client.my_applications(),
        client.submit_application(coffee(), key="fault-key"),
        client.identify("nik", WOMAN["nik"]),
    ):
        got = await trouble(call)
        assert (got.kind, got.status) == (kind, status)
    if mode == "busy":
        assert got.retry_after == 60.0


async def test_a_slow_portal_is_given_up_in_time(office: Office):
    client = office.client(read_seconds=0.1, attempts=2)
    office.faults.set("slow")
    office.faults.slow_ms = 400
    assert (await trouble(client.queue_state())).kind == "slow"
    office.faults.clear()


async def test_a_portal_that_is_not_there_is_offline():
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    async with PortalClient(Line(f"http://127.0.0.1:{port}", first_wait=0.01)) as client:
        assert (await trouble(client.queue_state())).kind == "offline"
        assert (await trouble(client.health())).kind == "offline"


async def test_a_portal_that_drips_its_answer_does_not_hold_a_visit():
    async def drip(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 9999\r\n\r\n")
        for _ in range(100):
            await asyncio.sleep(0.05)
            writer.write(b" ")
        writer.close()

    server = await asyncio.start_server(drip, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    line = Line(f"http://127.0.0.1:{port}", connect_seconds=0.1, read_seconds=0.2, attempts=1)
    async with PortalClient(line) as client:
        assert (await trouble(client.queue_state())).kind == "slow"
    server.close()


async def test_an_endless_answer_is_not_believed():
    async def flood(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 999999999\r\n\r\n")
        try:
            while True:
                writer.write(b"x" * 65536)
                await writer.drain()
        except ConnectionError:
            pass

    server = await asyncio.start_server(flood, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with PortalClient(Line(f"http://127.0.0.1:{port}", attempts=1)) as client:
        got = await trouble(client.queue_state())
    assert (got.kind, got.word) == ("garbage", "too-long")
    server.close()


@pytest.mark.parametrize(
    "body", [b"[]", b"{}", b'{"dipanggil": 3}', b"[" * 100_000, b"\xff\xfe", b"null", b""]
)
async def test_well_delivered_nonsense_is_garbage(body):
    async def answer(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _reader.readuntil(b"\r\n\r\n")
        writer.write(
            b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: %d\r\n\r\n%b" % (len(body), body)
        )
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with PortalClient(Line(f"http://127.0.0.1:{port}", attempts=1)) as client:
        assert (await trouble(client.queue_state())).kind == "garbage"
    server.close()


@pytest.mark.parametrize(
    "script",
    [["busy", "busy", "lost"], ["http500", "half_answer", "lost"], ["garbage", "gone", "half_answer"]],
)
async def test_answers_lost_and_portal_down_still_make_one_application(office: Office, script):
    client = await office.owner()
    before = office.sandbox.tables.count("applications")
    office.faults.retry_after = 0
    office.faults.set("ok", script=script, paths=("/v1/applications",))
    client_four = office.client(attempts=4)
    client_four._rights = client._rights  # pyright: ignore[reportPrivateUsage]
    filed = await client_four.submit_application(coffee(), key="once-and-only")
    assert filed.replayed == ("lost" in script or "half_answer" in script)
    assert office.sandbox.tables.count("applications") == before + 1
    assert (await client.submit_application(coffee(), key="once-and-only")).number == filed.number
    assert office.sandbox.tables.count("applications") == before + 1


async def test_lost_answers_double_no_number_no_draft_no_receipt_no_call_no_survey_no_event(office: Office):
    client = await office.owner()
    filed = await client.submit_application(coffee(), key="filed-key")
    tables = office.sandbox.tables

    def counted() -> dict[str, int]:
        names = ("tickets", "drafts", "receipts", "help", "surveys", "events")
        return {name: tables.count(name) for name in names} | {"sent": len(office.sandbox.messages)}

    before = counted()

    async def each_lost(call: object) -> object:
        office.faults.set("ok", script=["lost", "half_answer"])
        return await call  # type: ignore[misc]

    await each_lost(client.take_queue_number("perizinan", key="ticket-key"))
    await each_lost(client.save_draft(NewDraft("56303"), key="draft-key"))
    await each_lost(client.send_receipt(filed.number, key="receipt-key"))
    await each_lost(client.call_officer("form"))
    office.faults.set("ok", script=["lost", "lost"])
    await client.post_survey([("U1", 3)], version="1", key="survey-key")
    assert {name: count - before[name] for name, count in counted().items()} == {
        "tickets": 1,
        "drafts": 1,
        "receipts": 1,
        "help": 1,
        "surveys": 1,
        "events": 0,
        "sent": 1,
    }


async def test_refused_fields_are_named_as_sent_and_values_are_not(office: Office):
    client = await office.owner()
    answers = (("business_name", "x" * 501), ("land_area", "24"))
    got = await trouble(client.submit_application(coffee(kbli="5630", answers=answers), key="bad-form-key"))
    assert (got.kind, got.fields) == ("invalid", ("kbli", "business_name"))
    assert "xxx" not in str(got)


async def test_a_portal_that_knows_its_kbli_refuses_an_unknown_code(tmp_path):
    office = Office(tmp_path, known_kbli=lambda code: code == "56303")
    client = await office.owner()
    assert (await trouble(client.submit_application(coffee(kbli="99999"), key="unknown-key"))).fields == (
        "kbli",
    )
    await client.submit_application(coffee(), key="known-key")
    await office.close()


async def test_a_kiosk_without_its_credential_gets_nothing(office: Office):
    for token in ("", "somebody-elses"):
        client = office.client(token=token)
        got = await trouble(client.queue_state())
        assert (got.kind, got.word, got.passing) == ("forbidden", "device", True)
        assert await client.health()


async def test_no_number_name_or_body_reaches_a_log_or_a_repr(
    office: Office, caplog: pytest.LogCaptureFixture
):
    """At the most talkative level, on good days and bad ones; portal and client both log into this process."""
    caplog.set_level(logging.DEBUG)
    client = office.client()
    office.faults.set("ok", script=["http500", "lost"])
    rights = await office.prove(client, "nik", WOMAN["nik"])
    office.faults.set("ok", script=["half_answer", "garbage"])
    filed = await client.submit_application(
        coffee(business="CONTOH RAHASIA", answers=(("nama", WOMAN["nama"]),)), key="log-key1"
    )
    draft = await client.save_draft(NewDraft("56303", answers=(("nama", WOMAN["nama"]),)))
    seen = [
        rights,
        filed,
        draft,
        await client.load_draft(draft.handle),
        await client.application(filed.number),
    ]
    seen += [await client.my_applications()]
    office.faults.set("http500")
    await trouble(client.identify("nik", STRANGER_NIK))
    written = caplog.text + repr(seen) + repr(client.rights)
    secrets = [WOMAN["nik"], STRANGER_NIK, WOMAN["nama"], WOMAN["hp"], "RAHASIA", "CONTOH Warung"]
    secrets += [rights.token, rights.grant, filed.record_token, draft.handle, office.code]
    for secret in secrets:
        assert secret not in written
    assert filed.number not in caplog.text
