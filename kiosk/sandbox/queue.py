"""Queue numbers: taken at a kiosk, called at a desk, watched from a phone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from kiosk.sandbox import access
from kiosk.sandbox.bodies import NewTicket, read_body
from kiosk.sandbox.problems import Problem
from kiosk.sandbox.records import status_of
from kiosk.sandbox.state import Sandbox
from kiosk.sandbox.tables import Row
from kiosk.sandbox.timeline import WIB, Plain

MINUTES_EACH = 6
"""Sample: how long one visitor takes at a counter. An office measures its own."""


@dataclass(frozen=True, slots=True)
class Counter:
    id: str
    name_id: str
    name_en: str
    prefix: str
    desk: str


COUNTERS = (
    Counter("perizinan", "Perizinan", "Licensing", "A", "Loket 1"),
    Counter("informasi", "Informasi", "Information", "B", "Loket 2"),
    Counter("pengaduan", "Pengaduan", "Complaints", "C", "Loket 3"),
)
"""Sample counters."""


async def hall(request: Request) -> Response:
    sandbox = access.portal(request)
    access.device(request)
    with sandbox.lock:
        lanes = [_lane(sandbox, counter) for counter in COUNTERS]
        called = sandbox.tables.all(
            "tickets", "hari = ? AND dipanggil != ''", today(sandbox), order="dipanggil DESC, urut DESC"
        )
    last = called[0] if called else None
    return JSONResponse(
        {
            "dipanggil": last["nomor"] if last else "",
            "loket": _counter(last["layanan"]).desk if last else "",
            "menunggu": sum(int(str(lane["menunggu"])) for lane in lanes),
            "perkiraan_menit": max(int(str(lane["perkiraan_menit"])) for lane in lanes),
            "buka": is_open(sandbox),
            "tutup_pukul": sandbox.settings.closes,
            "layanan": lanes,
        }
    )


async def take(request: Request) -> Response:
    sandbox, device = access.portal(request), access.device(request)
    key = access.idempotency_key(request)
    body = await read_body(request, NewTicket)
    plain = body.model_dump()
    if body.layanan not in {counter.id for counter in COUNTERS}:
        raise Problem(404, "no-such-service")
    if body.sementara and not (body.kode and body.diambil):
        raise Problem(422, "invalid", fields=("kode", "diambil"))
    with sandbox.lock:
        before = sandbox.done_before(device, "tickets", key, plain)
        if before is not None:
            row = sandbox.tables.one("tickets", "kode = ?", before)
            if row is None:
                raise Problem(409, "idempotency-mismatch")
            return JSONResponse(ticket(sandbox, row), 200, headers={"Idempotency-Replayed": "true"})
        if body.kode and sandbox.tables.count("tickets", "kode = ?", body.kode):
            raise Problem(409, "code-taken")
        row = give(sandbox, body.layanan, device, body)
        sandbox.remember(device, "tickets", key, plain, row["kode"])
        return JSONResponse(ticket(sandbox, row), 201)


async def one(request: Request) -> Response:
    sandbox, device = access.portal(request), access.device(request)
    sandbox.refuse_guessers(device)
    with sandbox.lock:
        row = sandbox.tables.one("tickets", "kode = ?", request.path_params["kode"])
        if row is None:
            raise sandbox.missed(device)
        return JSONResponse(ticket(sandbox, row))


async def public_status(request: Request) -> Response:
    """Words and days, for anybody with the number: nothing here names a person, a business or a document."""
    sandbox, who = access.portal(request), access.caller(request)
    sandbox.refuse_guessers(who)
    return JSONResponse(public(sandbox, request.path_params["rujukan"], who))


def public(sandbox: Sandbox, reference: str, who: str) -> Plain:
    """`PublicStatus` of the contract. Raises `Problem` 404 or 429."""
    with sandbox.lock:
        row = sandbox.tables.one("applications", "nomor = ?", reference)
        if row is not None:
            return {"jenis": "permohonan", "permohonan": status_of(sandbox, row)}
        row = sandbox.tables.one("tickets", "kode = ?", reference)
        if row is not None:
            return {"jenis": "antrean", "antrean": ticket(sandbox, row)}
        raise sandbox.missed(who)


def today(sandbox: Sandbox) -> str:
    return sandbox.now().astimezone(WIB).date().isoformat()


def is_open(sandbox: Sandbox) -> bool:
    """The practice office never shuts: whoever tries the kiosk in the evening wants a number too."""
    return True


def give(sandbox: Sandbox, service: str, device: str, body: NewTicket | None = None) -> Row:
    """The next number of a service."""
    counter, day = _counter(service), today(sandbox)
    urut = sandbox.tables.count("tickets", "hari = ? AND layanan = ?", day, service) + 1
    row: Row = {
        "kode": (body.kode if body else "") or sandbox.random_part(16),
        "nomor": f"{counter.prefix}-{urut:03d}",
        "sementara": body.sementara if body else "",
        "layanan": service,
        "hari": day,
        "urut": urut,
        "prioritas": int(body.prioritas) if body else 0,
        "keadaan": "menunggu",
        "diambil": (body.diambil if body else "") or sandbox.now().isoformat(),
        "dipanggil": "",
        "device": device,
    }
    sandbox.tables.put("tickets", row)
    return row


def call_next(sandbox: Sandbox, service: str = "perizinan") -> str:
    """What an officer does: call the next number; priority first. Returns it, or "" when nobody waits."""
    with sandbox.lock:
        day = today(sandbox)
        for row in sandbox.tables.all(
            "tickets", "hari = ? AND layanan = ? AND keadaan = 'dipanggil'", day, service
        ):
            sandbox.tables.change("tickets", row["kode"], keadaan="selesai")
        waiting = _waiting(sandbox, service, day)
        if not waiting:
            return ""
        sandbox.tables.change(
            "tickets", waiting[0]["kode"], keadaan="dipanggil", dipanggil=sandbox.now().isoformat()
        )
        return str(waiting[0]["nomor"])


def ticket(sandbox: Sandbox, row: Row) -> Plain:
    ahead = 0
    if row["keadaan"] == "menunggu":
        waiting = [one["kode"] for one in _waiting(sandbox, row["layanan"], row["hari"])]
        ahead = waiting.index(row["kode"])
    minutes = ahead * MINUTES_EACH
    when = sandbox.now().astimezone(WIB) + timedelta(minutes=minutes)
    return {
        "kode": row["kode"],
        "nomor": row["nomor"],
        "sementara": row["sementara"],
        "layanan": row["layanan"],
        "loket": _counter(row["layanan"]).desk,
        "keadaan": row["keadaan"],
        "di_depan": ahead,
        "perkiraan_menit": minutes,
        "perkiraan_pukul": f"{when:%H.%M}" if row["keadaan"] == "menunggu" else "",
        "url": f"{sandbox.settings.public_url}/q/{row['kode']}",
    }


def _counter(service: str) -> Counter:
    return next(counter for counter in COUNTERS if counter.id == service)


def _waiting(sandbox: Sandbox, service: str, day: str) -> list[Row]:
    return sandbox.tables.all(
        "tickets",
        "hari = ? AND layanan = ? AND keadaan = 'menunggu'",
        day,
        service,
        order="prioritas DESC, urut",
    )


def _lane(sandbox: Sandbox, counter: Counter) -> Plain:
    day = today(sandbox)
    called = sandbox.tables.all(
        "tickets",
        "hari = ? AND layanan = ? AND dipanggil != ''",
        day,
        counter.id,
        order="dipanggil DESC, urut DESC",
    )
    numbers = _waiting(sandbox, counter.id, day)
    waiting, now = len(numbers), sandbox.now()
    return {
        "id": counter.id,
        "dipanggil": called[0]["nomor"] if called else "",
        "loket": counter.desk,
        "menunggu": waiting,
        "perkiraan_menit": waiting * MINUTES_EACH,
        "antrean": [
            {
                "nomor": row["nomor"],
                "menit": max(0, int((now - datetime.fromisoformat(row["diambil"])).total_seconds() // 60)),
            }
            for row in numbers[:50]
        ],
    }
