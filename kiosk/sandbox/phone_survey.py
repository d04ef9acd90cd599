"""The satisfaction survey on the visitor's own phone: a kiosk asks for a page, its QR leads there, it answers once.

What is kept is as anonymous as an answer at the kiosk: the invitation's row holds a hash and a day, the answer no trace
of the invitation, and neither of them a kiosk or a time.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from datetime import timedelta
from html import escape
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from kiosk.knowledge.survey import questions, version
from kiosk.sandbox import access
from kiosk.sandbox.pages import page
from kiosk.sandbox.problems import Problem
from kiosk.sandbox.state import Sandbox

DAYS = 7
_MOST_BODY = 2048
_CODE_BYTES = 12


async def invite(request: Request) -> Response:
    sandbox = access.portal(request)
    access.device(request)
    if request.headers.get("visit-token"):
        raise Problem(403, "survey-is-anonymous")
    code = secrets.token_urlsafe(_CODE_BYTES)
    with sandbox.lock:
        sandbox.tables.put("invitations", {"id": _hash(code), "at": sandbox.now().date().isoformat()})
    return JSONResponse({"url": f"{sandbox.settings.public_url}/n/{code}"}, 201)


async def form(request: Request) -> Response:
    """/n/<code>: the nine questions, worst answer first as at the kiosk. Nothing has to be answered."""
    sandbox, who = access.portal(request), access.caller(request)
    try:
        sandbox.refuse_guessers(who)
    except Problem as problem:
        return _gone(problem.status)
    if not _good(sandbox, request.path_params["kode"]):
        sandbox.missed(who)
        return _gone(404)
    blocks = "".join(
        f"<fieldset><legend>{escape(one.ask.id)}</legend>"
        + "".join(
            f'<label><input type="radio" name="{one.element}" value="{score}"> {escape(answer.id)}</label><br>'
            for score, answer in enumerate(one.answers, 1)
        )
        + "</fieldset>"
        for one in questions()
    )
    lead = "Sembilan pertanyaan, tanpa nama. Lewati yang tidak ingin dijawab."
    return page("Beri nilai", lead, f'<form method="post">{blocks}<p><button>Kirim</button></p></form>')


async def answer(request: Request) -> Response:
    sandbox, who = access.portal(request), access.caller(request)
    raw = bytearray()
    async for piece in request.stream():
        raw += piece
        if len(raw) > _MOST_BODY:
            return _gone(413)
    given = parse_qs(raw.decode("ascii", "replace"), max_num_fields=20)
    scores = {
        one.element.upper(): int(chosen[0])
        for one in questions()
        if (chosen := given.get(one.element)) and chosen[0] in ("1", "2", "3", "4")
    }
    code = request.path_params["kode"]
    with sandbox.lock:
        if not _good(sandbox, code):
            sandbox.missed(who)
            return _gone(404)
        if not scores:
            return page("Belum ada jawaban", "Kembali, lalu pilih paling sedikit satu jawaban.", "", 422)
        sandbox.tables.drop("invitations", "id = ?", _hash(code))
        body = {"versi": version(), "layanan": "", "bahasa": "id", "jawaban": scores}
        row = {"id": secrets.token_hex(16), "body": json.dumps(body), "at": sandbox.now().date().isoformat()}
        sandbox.tables.put("surveys", row)
    return page("Terima kasih", "Penilaian Anda dicatat tanpa nama.", "")


def _good(sandbox: Sandbox, code: str) -> bool:
    oldest = (sandbox.now().date() - timedelta(days=DAYS)).isoformat()
    return sandbox.tables.one("invitations", "id = ? AND at >= ?", _hash(code), oldest) is not None


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()


def _gone(status: int) -> Response:
    return page("Tidak berlaku", "Kode ini sudah dipakai atau lewat tujuh hari.", "", status)
