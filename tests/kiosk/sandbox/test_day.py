"""A day at the office: queue, help, events, survey, phone pages, the switch for faults, and numbers nobody guesses."""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from kiosk.portal.client import PortalTrouble
from kiosk.portal.models import NewDraft, PortalEvent
from kiosk.sandbox.bench.port import NetworkSwitch
from kiosk.sandbox.line import PortalLine, sent_codes
from kiosk.sandbox.queue import call_next
from tests.kiosk.sandbox.office import OTHER_TOKEN, PDF, TOKEN, Office, coffee


async def refusal(awaitable: object) -> PortalTrouble:
    with pytest.raises(PortalTrouble) as caught:
        await awaitable  # type: ignore[misc]
    return caught.value


# --- queue -------------------------------------------------------------------------------------------------------


async def test_a_number_its_place_and_its_call(office: Office):
    client = office.client()
    ticket = await client.take_queue_number("perizinan", key="number-one")
    assert (ticket.number, ticket.counter, ticket.ahead, ticket.state) == ("A-047", "Loket 1", 6, "waiting")
    assert (ticket.estimated_minutes, ticket.about) == (36, "10.36")
    hall = await client.queue_state()
    assert (hall.now_calling, hall.services[0].waiting) == ("A-040", 7)
    for expected in ("A-041", "A-042"):
        assert call_next(office.sandbox) == expected
        office.clock.forward(minutes=5)
    assert (await client.queue_ticket(ticket.code)).ahead == 4
    while call_next(office.sandbox) != ticket.number:
        pass
    assert (await client.queue_ticket(ticket.code)).state == "called"
    assert call_next(office.sandbox) == ""
    assert (await client.queue_ticket(ticket.code)).state == "served"
    assert (await client.queue_state()).now_calling == "A-047"


async def test_priority_goes_first(office: Office):
    client = office.client()
    await client.take_queue_number("informasi", key="number-one")
    urgent = await client.take_queue_number("informasi", key="number-two", priority=True)
    assert urgent.ahead == 0
    assert call_next(office.sandbox, "informasi") == urgent.number


async def test_a_provisional_number_becomes_a_real_one_and_its_paper_keeps_working(office: Office):
    client, code = office.client(), "0123456789ABCDEF"
    taken = office.clock() - timedelta(minutes=20)
    ticket = await client.take_queue_number(
        "perizinan", key="number-one", code=code, provisional="S-003", taken_at=taken
    )
    assert (ticket.code, ticket.number, ticket.provisional) == (code, "A-047", "S-003")
    public = (await client.public_status(code)).ticket
    assert public is not None
    assert public.number == "A-047"
    again = client.take_queue_number(
        "perizinan", key="another-key", code=code, provisional="S-003", taken_at=taken
    )
    assert (await refusal(again)).word == "code-taken"
    alone = client.take_queue_number("perizinan", key="third-key", provisional="S-004")
    assert (await refusal(alone)).fields == ("kode", "diambil")


async def test_a_service_that_is_none_and_a_new_day(office: Office):
    client = office.client()
    assert (await refusal(client.take_queue_number("bank", key="number-one"))).word == "no-such-service"
    office.clock.forward(days=1)
    assert (await client.take_queue_number("perizinan", key="number-two")).number == "A-001"


# --- guessing ----------------------------------------------------------------------------------------------------


async def test_numbers_and_codes_have_parts_nobody_guesses(office: Office):
    client = await office.owner()
    numbers = [(await client.submit_application(coffee(), key=f"filed-key-{n}")).number for n in range(20)]
    tails = set()
    for n, number in enumerate(numbers):
        found = re.fullmatch(r"MKM-2026-(\d{4})-([0-9A-HJKMNP-TV-Z]{8})", number)
        assert found
        assert int(found[1]) == 417 + n
        tails.add(found[2])
    assert len(tails) == 20
    for wrong in (
        numbers[0][:-8],
        numbers[0][:-9],
        numbers[0][:-8] + "00000000",
        numbers[0].lower(),
        "A-047",
    ):
        assert (await refusal(client.public_status(wrong))).kind in ("gone", "invalid")
    codes = {(await client.take_queue_number("informasi", key=f"number-{n}")).code for n in range(20)}
    assert len(codes) == 20


async def test_a_guesser_is_shut_out_for_a_while_even_from_right_numbers(tmp_path: Path):
    office = Office(tmp_path, misses=5)
    filed = await (await office.owner()).submit_application(coffee(), key="filed-key")
    client = office.client("guesser-visit")
    kinds = [(await refusal(client.public_status(f"MKM-2026-0417-0000000{n}"))).kind for n in range(7)]
    assert kinds == ["gone"] * 5 + ["too_many"] * 2
    assert (await refusal(client.public_status(filed.number))).kind == "too_many"
    office.clock.forward(minutes=11)
    assert (await client.public_status(filed.number)).application
    await office.close()


# --- corrections -------------------------------------------------------------------------------------------------


async def test_a_correction_is_taken_while_it_is_asked_for(office: Office):
    client = await office.owner()
    filed = await client.submit_application(coffee(), key="filed-key")
    assert (await refusal(client.correct_application(filed.number, [("land_area", "30")]))).word == "not-open"
    office.sandbox.set_status(filed.number, "11")
    mended = await client.correct_application(filed.number, [("land_area", "30")])
    assert dict(mended.answers) == {"business_name": "CONTOH Kedai", "land_area": "30"}
    assert (mended.status.kd_status, [one.kd_status for one in mended.history]) == ("09", ["09", "11", "09"])
    again = await client.correct_application(filed.number, [("land_area", "30")])
    assert len(again.history) == 3


# --- help, events, survey ----------------------------------------------------------------------------------------


async def test_a_call_rings_once_is_answered_and_ends(office: Office):
    client = office.client()
    assert await client.help_minutes() == 0
    call = await client.call_officer("camera")
    assert (await client.call_officer("camera")).id == call.id
    assert await client.help_minutes() == 0
    assert office.sandbox.answer_call(minutes=3)
    assert await client.help_minutes() == 3
    assert (await refusal(office.client(token=OTHER_TOKEN).help_state(call.id))).kind == "gone"
    assert office.sandbox.end_call()
    assert (await client.help_state()).state == "ended"  # type: ignore[union-attr]
    second = await client.call_officer("form")
    assert second.id != call.id
    await client.cancel_call()
    assert (await client.help_state(second.id)).state == "cancelled"  # type: ignore[union-attr]
    await client.cancel_call()


async def test_events_are_kept_once_and_never_change(office: Office):
    client, now = office.client(), office.clock()
    batch = [PortalEvent(f"run-{n}", now, "printed", facts=(("place", "ticket"),)) for n in range(3)]
    assert (await client.post_events(batch)).accepted == 3
    kept = await client.post_events([*batch, PortalEvent("run-3", now, "consent")])
    assert (kept.accepted, kept.known_before) == (1, 3)
    changed = [PortalEvent("run-4", now, "draft"), PortalEvent("run-0", now, "not_printed")]
    assert (await refusal(client.post_events(changed))).word == "event-changed"
    assert office.sandbox.tables.count("events") == 4
    other = await office.client(token=OTHER_TOKEN).post_events(batch)
    assert other.accepted == 3


@pytest.mark.parametrize("fact", ["9971024502900002", "nib 9900000000017."])
async def test_an_event_with_an_identity_in_it_is_refused(office: Office, fact):
    event = PortalEvent("run-1", office.clock(), "printed", facts=(("detail", fact),))
    trouble = await refusal(office.client().post_events([event]))
    assert trouble.kind == "invalid"
    assert office.sandbox.tables.count("events") == 0


async def test_a_survey_has_no_visitor(office: Office):
    client = await office.owner()
    await client.post_survey([("U1", 4), ("U9", 1)], version="1", key="survey-key")
    row = office.sandbox.tables.all("surveys")[0]
    assert row["at"] == "2026-11-24"
    rights = client.rights
    assert rights is not None
    headers = {
        "authorization": f"Bearer {TOKEN}",
        "visit-token": rights.token,
        "visit-id": "visit-one",
        "idempotency-key": "survey-two",
    }
    async with httpx.AsyncClient() as anybody:
        body = {"versi": "1", "jawaban": {"U1": 4}}
        answer = await anybody.post(f"{office.url}/v1/surveys", headers=headers, json=body)
    assert answer.status_code == 403


async def test_receipts_go_to_the_proved_phone_three_an_hour(office: Office):
    client = await office.owner()
    filed = await client.submit_application(coffee(), key="filed-key")
    for _ in range(3):
        assert await client.send_receipt(filed.number) == "08•• •••• 4821"
    assert (await refusal(client.send_receipt(filed.number))).kind == "too_many"
    text = office.sandbox.messages[0].text
    assert filed.number in text
    assert "Kedai" not in text


async def test_a_phone_answers_the_survey_once(office: Office):
    client = await office.owner()
    url = await client.invite_survey()
    (invited,) = office.sandbox.tables.all("invitations")
    assert invited["at"] == "2026-11-24"
    assert url.rsplit("/", 1)[1] not in str(invited), "only a hash of the code is kept"
    async with httpx.AsyncClient() as phone:
        asked = await phone.get(url)
        assert asked.text.count('type="radio"') == 9 * 4
        assert "form-action 'self'" in asked.headers["content-security-policy"]
        assert (await phone.post(url, data={"u1": "9", "u77": "1"})).status_code == 422
        assert (await phone.post(url, data={"u1": "4", "u9": "1", "u2": "5"})).status_code == 200
        assert (await phone.post(url, data={"u1": "1"})).status_code == 404, "one answer a code"
        assert (await phone.get(url)).status_code == 404
    (row,) = office.sandbox.tables.all("surveys")
    assert '"jawaban": {"U1": 4, "U9": 1}' in row["body"]
    assert row["at"] == "2026-11-24"
    assert office.sandbox.tables.all("invitations") == []


async def test_an_invitation_ends_after_seven_days_and_guessing_is_stopped(office: Office):
    url = await office.client().invite_survey()
    async with httpx.AsyncClient() as phone:
        office.clock.forward(days=7)
        assert (await phone.get(url)).status_code == 200
        office.clock.forward(days=1)
        assert (await phone.get(url)).status_code == 404
        fresh = await office.client().invite_survey()
        codes = {(await phone.get(f"{office.url}/n/guess{n}")).status_code for n in range(200)}
        assert codes == {404, 429}
        assert (await phone.get(fresh)).status_code == 429, "a guesser is not served the right one either"


# --- pages, switch, bench ----------------------------------------------------------------------------------------


async def test_a_phone_sees_plain_pages_and_a_draft_page_tells_nothing(office: Office):
    client = office.client()
    ticket = await client.take_queue_number("perizinan", key="number-one")
    async with httpx.AsyncClient() as phone:
        page = await phone.get(ticket.url)
        assert (page.status_code, "A-047" in page.text, "6 orang" in page.text) == (200, True, True)
        assert "script" not in page.text
        assert "default-src 'none'" in page.headers["content-security-policy"]
        assert (await phone.get(f"{office.url}/s/MKM-2026-0417-00000000")).status_code == 404
        draft = await client.save_draft(NewDraft("56303"))
        texts = {(await phone.get(url)).text for url in (draft.url, f"{office.url}/d/{'b' * 22}")}
        assert len(texts) == 1


async def test_the_switch_is_for_this_machine_and_no_web_page(office: Office):
    url = f"{office.url}/_sandbox/faults"
    async with httpx.AsyncClient() as bench:
        assert (await bench.put(url, json={"mode": "http500", "latency_ms": 5})).status_code == 200
        assert (await refusal(office.client(attempts=1).queue_state())).kind == "server"
        assert (await bench.get(url)).json()["mode"] == "http500"
        for headers in ({"host": "evil.example"}, {"origin": "http://evil.example"}):
            assert (await bench.put(url, json={"mode": "ok"}, headers=headers)).status_code == 403
        wrong = [{"mode": "on fire"}, {"latency_ms": -1}, {"no": 1}, {"script": "ok"}, {"paths": [1]}, [], 3]
        for body in wrong:
            assert (await bench.put(url, json=body)).status_code == 422, body
        assert office.faults.mode == "http500"
        assert (await bench.put(url, json={"mode": "ok", "latency_ms": 0})).status_code == 200
    assert await office.client().queue_state()


async def test_the_bench_breaks_the_line_and_reads_the_codes(office: Office):
    line: NetworkSwitch = PortalLine(office.sandbox, lambda: 2)
    client = await office.owner()
    assert line.view.answered_ms is not None
    assert (line.view.line, line.view.waiting) == ("good", 2)
    for name, kind in (("lost", "offline"), ("portal_dead", "server")):
        line.set(name)  # type: ignore[arg-type]
        assert (await refusal(client.queue_state())).kind == kind
    line.set("good")
    assert await client.queue_state()
    codes = sent_codes(office.sandbox)()
    assert [(one.code, one.to[-4:], one.expires_at - one.at) for one in codes] == [
        (office.code, "4821", 300.0)
    ]


# --- tus, without our client -------------------------------------------------------------------------------------


async def test_tus_by_hand(office: Office):
    client = await office.owner()
    filed = await client.submit_application(coffee(), key="filed-key")
    data = PDF + b"0123456789"
    facts = {
        "induk": filed.number,
        "jenis": "lease",
        "halaman": "1",
        "filename": "a.pdf",
        "filetype": "application/pdf",
        "sha256": hashlib.sha256(data).hexdigest(),
    }
    metadata = ",".join(f"{k} {base64.b64encode(v.encode()).decode()}" for k, v in facts.items())
    common = {
        "authorization": f"Bearer {TOKEN}",
        "record-token": filed.record_token,
        "tus-resumable": "1.0.0",
    }
    octets = {**common, "content-type": "application/offset+octet-stream"}
    made = {
        **octets,
        "idempotency-key": "made-by-hand",
        "upload-length": str(len(data)),
        "upload-metadata": metadata,
    }
    async with httpx.AsyncClient(base_url=office.url) as by_hand:
        options = await by_hand.options("/v1/files")
        assert (
            options.headers["tus-extension"]
            == "creation,creation-with-upload,termination,checksum,expiration"
        )
        assert (await by_hand.post("/v1/files", headers={**made, "tus-resumable": "0.2"})).status_code == 412
        first = await by_hand.post("/v1/files", headers=made, content=data[:5])
        assert (first.status_code, first.headers["upload-offset"]) == (201, "5")
        again = await by_hand.post("/v1/files", headers=made, content=data[:5])
        assert again.headers["location"] == first.headers["location"]
        url = first.headers["location"]

        async def patch(offset: int, content: bytes, **headers: str) -> httpx.Response:
            extra = {name.replace("_", "-"): value for name, value in headers.items()}
            return await by_hand.patch(
                url, headers={**octets, "upload-offset": str(offset), **extra}, content=content
            )

        assert (await patch(4, data[4:])).status_code == 409
        assert (await patch(5, data[5:] + b"more")).status_code == 413
        bad = base64.b64encode(hashlib.sha1(b"other").digest()).decode()
        assert (await patch(5, data[5:8], upload_checksum=f"sha1 {bad}")).status_code == 460
        good = base64.b64encode(hashlib.sha1(data[5:8]).digest()).decode()
        assert (await patch(5, data[5:8], upload_checksum=f"sha1 {good}")).headers["upload-offset"] == "8"
        assert (await patch(8, b"x", upload_checksum="crc32 AAAA")).status_code == 400
        assert (await patch(8, b"x", content_type="text/plain")).status_code == 415
        head = await by_hand.head(url, headers=common)
        assert (head.headers["upload-offset"], head.headers["upload-length"]) == ("8", str(len(data)))
        assert head.headers["upload-expires"].endswith("GMT")
        assert head.headers["cache-control"] == "no-store"
        assert (await by_hand.head(url, headers={**common, "record-token": "x"})).status_code == 403
        last = await patch(8, data[8:])
        assert (last.status_code, last.headers["upload-offset"]) == (204, str(len(data)))
        assert (await by_hand.delete(url, headers=common)).status_code == 409
    (document,) = (await client.application(filed.number)).documents
    assert office.sandbox.document_path(document.id).read_bytes() == data
