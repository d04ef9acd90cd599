"""What a phone sees behind a QR: plain pages without scripts, words and days only."""

from __future__ import annotations

from html import escape
from typing import Any, cast

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from kiosk.sandbox import access
from kiosk.sandbox.problems import Problem
from kiosk.sandbox.queue import public

_PAGE = """<!doctype html>
<html lang="id"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex"><title>{title}</title>
<style>body{{font:18px/1.5 system-ui,sans-serif;margin:0;background:#F3F7F6;color:#0C2A31}}
header{{background:#0B4F5C;color:#fff;padding:24px}}main{{padding:24px}}li{{margin:0 0 12px}}
small{{display:block;color:#40565C}}fieldset{{border:0;padding:0;margin:0 0 24px}}legend{{font-weight:700}}
label{{display:inline-block;padding:12px 0}}button{{font:inherit;padding:16px 32px;background:#F6B13C;border:0;
border-radius:12px}}</style></head>
<body><header><strong>DPMPTSP</strong> portal latihan, CONTOH<h1>{title}</h1><p>{lead}</p></header>
<main>{body}</main></body></html>"""
_SAFE = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


async def status_page(request: Request) -> Response:
    """/s/<application number> and /q/<ticket code>."""
    sandbox, who = access.portal(request), access.caller(request)
    try:
        sandbox.refuse_guessers(who)
        found = cast("dict[str, Any]", public(sandbox, request.path_params["rujukan"], who))
    except Problem as problem:
        return page("Tidak ditemukan", "Periksa lagi nomornya, atau tanyakan di loket.", "", problem.status)
    if found["jenis"] == "antrean":
        ticket = found["antrean"]
        lead = f"Di depan Anda {ticket['di_depan']} orang. Kira-kira pukul {ticket['perkiraan_pukul']}."
        if ticket["keadaan"] != "menunggu":
            lead = "Silakan ke " + ticket["loket"] if ticket["keadaan"] == "dipanggil" else "Sudah dilayani."
        note = f"<p>Nomor sementara {escape(ticket['sementara'])}</p>" if ticket["sementara"] else ""
        return page(f"Antrean {ticket['nomor']}", lead, note)
    status = found["permohonan"]
    lead = f"Hari kerja ke-{status['hari_ke']} dari paling lama {status['dari_hari']}."
    if status["jam_layanan"] == "berhenti":
        lead = "Waktu layanan dihentikan sementara."
    steps = "".join(
        f"<li>{escape(step['judul']['id'])}<small>{escape(step['rincian']['id'])}</small></li>"
        for step in status["langkah"]
    )
    return page(status["judul"]["id"], lead, f"<ol>{steps}</ol>")


async def draft_page(_request: Request) -> Response:
    """/d/<handle>: says what the QR is for, and nothing about the draft, not even whether it exists."""
    lead = "Tunjukkan kode ini di anjungan untuk melanjutkan. Berlaku 7 hari."
    return page("Draf permohonan", lead, "")


def page(title: str, lead: str, body: str, status: int = 200) -> Response:
    """`title` and `lead` are escaped here, `body` is HTML of ours."""
    text = _PAGE.format(title=escape(title), lead=escape(lead), body=body)
    return HTMLResponse(text, status, headers=_SAFE)
