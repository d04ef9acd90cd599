"""Rows as the contract shows them."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, cast

from kiosk.sandbox.access import may_see
from kiosk.sandbox.state import Sandbox
from kiosk.sandbox.tables import Row
from kiosk.sandbox.timeline import URAIAN, Approval, Entry, Plain, status_words


def loaded(text: str) -> Any:
    return json.loads(text)


def history_of(sandbox: Sandbox, nomor: str) -> list[Row]:
    return sandbox.tables.all("history", "nomor = ?", nomor, order="id")


def status_of(sandbox: Sandbox, row: Row) -> Plain:
    history = [
        Entry(one["kd_status"], datetime.fromisoformat(one["tgl_status"]))
        for one in history_of(sandbox, row["nomor"])
    ]
    approvals = [
        Approval(
            one["instansi"],
            one["rincian_id"],
            one["rincian_en"],
            datetime.fromisoformat(one["mulai"]),
            datetime.fromisoformat(one["selesai"]) if one["selesai"] else None,
            one["dari_hari"],
        )
        for one in sandbox.tables.all("approvals", "nomor = ?", row["nomor"], order="id")
    ]
    return status_words(
        history,
        approvals,
        days=row["dari_hari"],
        now=sandbox.now(),
        holidays=sandbox.settings.holidays,
    )


def summary(sandbox: Sandbox, row: Row) -> Plain:
    return {
        "nomor": row["nomor"],
        "kbli": row["kbli"],
        "skala_usaha": row["skala_usaha"],
        "nama_perseroan": row["nama_perseroan"],
        "diterima": row["diterima"],
        "status": status_of(sandbox, row),
    }


def summaries(sandbox: Sandbox, session: Row) -> list[Plain]:
    """All this session may see, newest first."""
    rows = sandbox.tables.all(
        "applications",
        "session = ? OR (subject != '' AND subject = ?)",
        session["id"],
        session["subject"],
        order="diterima DESC, urut DESC",
    )
    return [summary(sandbox, row) for row in rows if may_see(session, row)]


def document(row: Row) -> Plain:
    return {
        "id": row["id"],
        "jenis": row["jenis"],
        "nama_file": row["nama_file"],
        "filetype": row["filetype"],
        "ukuran": row["ukuran"],
        "halaman": row["halaman"],
        "sha256": row["sha256"],
    }


def application(sandbox: Sandbox, row: Row) -> Plain:
    """The whole record."""
    documents = sandbox.documents_of(row["nomor"])
    here = {one["jenis"] for one in documents}
    plans = cast("list[Plain]", loaded(row["dokumen"]))
    return {
        **summary(sandbox, row),
        "kbli_versi": row["kbli_versi"],
        "kd_resiko": row["kd_resiko"],
        "kd_daerah": row["kd_daerah"],
        "nib": row["nib"],
        "isian": loaded(row["isian"]),
        "dokumen": [document(one) for one in documents],
        "menunggu_dokumen": [plan for plan in plans if plan["jenis"] not in here],
        "riwayat": [
            {
                "kd_status": one["kd_status"],
                "uraian_status": URAIAN.get(one["kd_status"], one["kd_status"]),
                "tgl_status": one["tgl_status"],
                "instansi": one["instansi"],
            }
            for one in history_of(sandbox, row["nomor"])
        ],
    }
